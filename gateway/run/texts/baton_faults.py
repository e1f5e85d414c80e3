"""Why an act on the baton is refused, by code."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "baton.closed": (
        "Loggen er avsluttet.",
        "Loggen er avslutta.",
        "The log has ended.",
    ),
    "baton.not_yours": (
        "Dette kan bare den som har stafettpinnen, den som fikk den tilbudt, eller en leder i enheten gjøre.",
        "Dette kan berre den som har stafettpinnen, den som fekk han tilbode, eller ein leiar i eininga gjere.",
        "Only who holds the baton, whom it was offered to, or a leader of the unit may do this.",
    ),
    "baton.offer_stands": (
        "Stafettpinnen er alt tilbudt en annen. Trekk det tilbudet først.",
        "Stafettpinnen er alt tilboden ein annan. Trekk det tilbodet først.",
        "The baton is offered to somebody else already. Withdraw that offer first.",
    ),
    "baton.holds_already": (
        "Personen har stafettpinnen fra før.",
        "Personen har stafettpinnen frå før.",
        "That person holds the baton already.",
    ),
    "baton.unknown_offer": (
        "Det finnes ikke noe slikt tilbud i saken.",
        "Det finst ikkje noko slikt tilbod i saka.",
        "The case has no such offer.",
    ),
    "baton.over": (
        "Tilbudet gjelder ikke lenger.",
        "Tilbodet gjeld ikkje lenger.",
        "The offer does not stand any more.",
    ),
    "baton.service": (
        "Kommunens modell lar ikke denne tjenesten ha stafettpinnen.",
        "Modellen til kommunen lèt ikkje denne tenesta ha stafettpinnen.",
        "The municipality's model does not let this service hold the baton.",
    ),
    "baton.untrained": (
        "Kommunens modell krever opplæring av den som har stafettpinnen.",
        "Modellen til kommunen krev opplæring av den som har stafettpinnen.",
        "The municipality's model asks for training of who holds the baton.",
    ),
    "baton.no_holder": (
        "Ingen har stafettpinnen i denne saken.",
        "Ingen har stafettpinnen i denne saka.",
        "Nobody holds the baton in this case.",
    ),
    "baton.reason": (
        "Grunnen mangler, eller er ikke en av dem som gjelder her.",
        "Grunnen manglar, eller er ikkje ein av dei som gjeld her.",
        "The reason is missing, or not one of those that hold here.",
    ),
    "baton.nobody_follows": (
        "Loggen kan ikke gå over i en plan før noen koordinerer planen.",
        "Loggen kan ikkje gå over i ein plan før nokon koordinerer planen.",
        "The log cannot go over into a plan before somebody coordinates the plan.",
    ),
    "baton.not_covered": (
        "Samtykket dekker ikke tjenesten.",
        "Samtykket dekkjer ikkje tenesta.",
        "The consent does not cover the service.",
    ),
    "baton.would_break": (
        "Da ville ingen, eller mer enn en, hatt stafettpinnen. Tilby den til en annen i stedet.",
        "Då ville ingen, eller meir enn ein, hatt stafettpinnen. Tilby han til ein annan i staden.",
        "Then nobody, or more than one, would hold the baton. Offer it to somebody else instead.",
    ),
    "model.owned": (
        "En hjelpetjeneste kan ikke ta over det barnehage og skole eier.",
        "Ei hjelpeteneste kan ikkje ta over det barnehage og skule eig.",
        "A helping service cannot take over what kindergarten and school own.",
    ),
}
