"""What is said about records, previews, access and disclosures, and the help of their commands."""

from gateway.cli.words import Texts

TEXTS: Texts = {
    "explain.incomplete": (
        "Historien rekker ikke så langt tilbake. Noe kan mangle.",
        "Historia rekk ikkje så langt tilbake. Noko kan mangle.",
        "The history does not reach that far back. Something may be lacking.",
    ),
    "head.step": ("Steg", "Steg", "Step"),
    "life.done": ("gjort", "gjort", "done"),
    "life.quarantine": ("i karantene", "i karantene", "in quarantine"),
    "life.conflict": ("venter på et valg", "ventar på eit val", "waits for a choice"),
    "life.permit": ("kan gå", "kan gå", "may go"),
    "life.partial": ("noe kan gå", "noko kan gå", "some may go"),
    "life.deny": ("går ikke", "går ikkje", "does not go"),
    "life.hold": ("venter på en person", "ventar på ein person", "waits for a person"),
    "life.begun": ("på vei", "på veg", "on its way"),
    "life.accepted": ("tatt imot", "teke imot", "accepted"),
    "life.delivered": ("levert", "levert", "delivered"),
    "life.processed": ("behandlet", "behandla", "processed"),
    "life.refused": ("avvist", "avvist", "refused"),
    "life.failed": ("kom ikke fram", "kom ikkje fram", "did not arrive"),
    "life.uncertain": ("uvisst", "uvisst", "uncertain"),
    "life.settled": ("avsluttet", "avslutta", "settled"),
    "life.disclosed": ("utlevert", "utlevert", "disclosed"),
    "life.asked": ("bedt tilbake", "bede tilbake", "asked back"),
    "life.acknowledged": ("gitt tilbake", "gitt tilbake", "given back"),
}
