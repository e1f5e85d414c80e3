"""Every text about the baton, by code."""

from gateway.cli.words import Texts

TEXTS: Texts = {
    "baton": (
        "Hvem som koordinerer en sak, og hvordan det går videre.",
        "Kven som koordinerer ei sak, og korleis det går vidare.",
        "Who coordinates a case, and how that passes on.",
    ),
    "baton show": (
        "Vis hvem som koordinerer en sak, og hva som er tilbudt.",
        "Vis kven som koordinerer ei sak, og kva som er tilbode.",
        "Show who coordinates a case, and what is offered.",
    ),
    "baton offer": (
        "Tilby stafettpinnen til en annen; den som har den, har den til den andre sier ja.",
        "Tilby stafettpinnen til ein annan; den som har han, har han til den andre seier ja.",
        "Offer the baton to somebody; who holds it holds it until the other says yes.",
    ),
    "baton accept": (
        "Ta imot stafettpinnen; dekker ikke samtykket tjenesten, venter svaret på det.",
        "Ta imot stafettpinnen; dekkjer ikkje samtykket tenesta, ventar svaret på det.",
        "Accept the baton; where the consent does not cover the service, the answer waits for it.",
    ),
    "baton decline": ("Si nei til stafettpinnen.", "Sei nei til stafettpinnen.", "Decline the baton."),
    "baton withdraw": ("Trekk et tilbud.", "Trekk eit tilbod.", "Withdraw an offer."),
    "baton end": (
        "Avslutt loggen, og med den oppdraget til den som har den.",
        "Avslutt loggen, og med han oppdraget til den som har han.",
        "End the log, and with it its holder's task.",
    ),
    "baton correct": (
        "Rett hvem som står som stafettholder; av en leder, med grunn.",
        "Rett kven som står som stafetthaldar; av ein leiar, med grunn.",
        "Correct who is recorded as the holder; by a leader, with a reason.",
    ),
    "baton.to": ("Hvem, fra [people].", "Kven, frå [people].", "Who, an entry of [people]."),
    "baton.role": (
        "Hvilken rolle det gjelder.",
        "Kva rolle det gjeld.",
        "Which role it is about.",
    ),
    "baton.wish": (
        "Hva familien ønsker; noteres med tilbudet.",
        "Kva familien ønskjer; blir notert med tilbodet.",
        "What the family wishes; recorded with the offer.",
    ),
    "baton.why": ("Hvorfor.", "Kvifor.", "Why."),
    "baton.ending": (
        "Hvorfor loggen avsluttes; statusen den får.",
        "Kvifor loggen blir avslutta; statusen han får.",
        "Why the log ends; the status that it gets.",
    ),
    "baton.done.offered": ("Tilbudt: {item}", "Tilbode: {item}", "Offered: {item}"),
    "baton.done.accepted": ("Tatt imot: {item}", "Teken imot: {item}", "Accepted: {item}"),
    "baton.done.waits": (
        "Svaret er notert, og venter på at samtykket dekker tjenesten: {item}",
        "Svaret er notert, og ventar på at samtykket dekkjer tenesta: {item}",
        "The answer is recorded, and waits until the consent covers the service: {item}",
    ),
    "baton.done.declined": ("Avslått: {item}", "Avslege: {item}", "Declined: {item}"),
    "baton.done.withdrawn": ("Trukket: {item}", "Trekt: {item}", "Withdrawn: {item}"),
    "baton.done.ended": ("Avsluttet: {item}", "Avslutta: {item}", "Ended: {item}"),
    "baton.done.corrected": ("Rettet: {item}", "Retta: {item}", "Corrected: {item}"),
    "baton.done.": ("Det var gjort fra før.", "Det var gjort frå før.", "That had been done already."),
    "baton.nobody": (
        "Ingen koordinerer denne saken.",
        "Ingen koordinerer denne saka.",
        "Nobody coordinates this case.",
    ),
    "baton.whole": ("Koordinerer helheten: {role}", "Koordinerer heilskapen: {role}", "Coordinates the whole: {role}"),
    "head.holder": ("Navn", "Namn", "Name"),
    "head.unit": ("Enhet", "Eining", "Unit"),
    "head.since": ("Siden", "Sidan", "Since"),
    "head.until": ("Frist", "Frist", "Until"),
    "head.wish": ("Familiens ønske", "Ønsket til familien", "The family's wish"),
}
