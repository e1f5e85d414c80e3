"""The words around the rules in ``bti law show``."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "law": ("Reglene og loven de hviler på.", "Reglane og lova dei kviler på.", "The rules and the law behind them."),
    "law show": (
        "Vis alle regler, rettsgrunnlag, plikter og valg, til å godkjenne linje for linje.",
        "Vis alle reglar, rettsgrunnlag, plikter og val, til å godkjenne linje for linje.",
        "Show every rule, basis, duty and choice, to approve line by line.",
    ),
    "consent.only_category": (
        "Bare for denne kategorien; kan gjentas.",
        "Berre for denne kategorien; kan gjentakast.",
        "For this category only; repeatable.",
    ),
    "law.lang": ("Språket: nb, nn eller en.", "Språket: nb, nn eller en.", "The language: nb, nn or en."),
    "law.on": ("Slik det er den dagen.", "Slik det er den dagen.", "As it is on that day."),
    "lawdoc.title": ("Reglene slik de er {on}", "Reglane slik dei er {on}", "The rules as they are on {on}"),
    "lawdoc.for": ("For kommune {municipality}.", "For kommune {municipality}.", "For municipality {municipality}."),
    "lawdoc.how": (
        ("Hver linje med [ ] kan godkjennes for seg. Reglene spørres i rekkefølge, og den første som svarer, avgjør: "
        "adressevern, plikt, sperre, deling etter lov, samtykke. Svarer ingen, deles det ikke."),
        ("Kvar linje med [ ] kan godkjennast for seg. Reglane blir spurde i rekkjefølgje, og den fyrste som svarar, "
        "avgjer: adressevern, plikt, sperre, deling etter lov, samtykke. Svarar ingen, blir det ikkje delt."),
        ("Each line with [ ] can be approved for itself. The rules are asked in order, and the first that answers "
        "decides: address protection, duty, stop, sharing by statute, consent. If none answers, nothing is shared."),
    ),
    "lawdoc.rules": ("Reglene", "Reglane", "The rules"),
    "lawdoc.told": ("Til familien: {text}", "Til familien: {text}", "To the family: {text}"),
    "lawdoc.stands_on": ("Hviler på: {codes}", "Kviler på: {codes}", "Stands on: {codes}"),
    "lawdoc.own_rules": ("Kommunens egne regler", "Kommunen sine eigne reglar", "The municipality's own rules"),
    "lawdoc.bases": ("Rettsgrunnlagene", "Rettsgrunnlaga", "The legal bases"),
    "lawdoc.bases_how": (
        "Et grunnlag som ingen har lest det siste året, bærer ingenting. Det som hviler på det, venter.",
        "Eit grunnlag som ingen har lese det siste året, ber ingenting. Det som kviler på det, ventar.",
        "A basis that nobody has read in the last year carries nothing. What stands on it waits.",
    ),
    "lawdoc.duties": ("Pliktene", "Pliktene", "The duties"),
    "lawdoc.duties_how": (
        "En plikt venter aldri på at noen leser loven på nytt. Den ansatte vurderer, systemet bringer.",
        "Ei plikt ventar aldri på at nokon les lova på nytt. Den tilsette vurderer, systemet bringar.",
        "A duty never waits for somebody to read the law again. The employee judges, the gateway carries.",
    ),
    "lawdoc.choices": ("Kommunens valg", "Kommunen sine val", "The municipality's choices"),
    "lawdoc.self_consent_age": (
        "Fra {value} år sier den unge ja alene til stafettlogg. Loven tier; 15 og 16 er i bruk.",
        "Frå {value} år seier den unge ja åleine til stafettlogg. Lova teier; 15 og 16 er i bruk.",
        "From {value} a young person alone says yes to the log. No statute says; 15 and 16 are in use.",
    ),
    "lawdoc.both_guardians.true": (
        "Alle med foreldreansvar må si ja til stafettlogg.",
        "Alle med foreldreansvar må seie ja til stafettlogg.",
        "All with parental responsibility must say yes to the log.",
    ),
    "lawdoc.both_guardians.false": (
        "Én med foreldreansvar er nok til stafettlogg. Et nei fra en annen stenger.",
        "Éin med foreldreansvar er nok til stafettlogg. Eit nei frå ein annan stengjer.",
        "One with parental responsibility is enough for the log. Another's no closes it.",
    ),
    "lawdoc.inform_guardians.true": (
        "De som har foreldreansvar, får vite det når den unge alene har sagt ja til stafettlogg.",
        "Dei som har foreldreansvar, får vite det når den unge åleine har sagt ja til stafettlogg.",
        "Those with parental responsibility are told when the young person alone has said yes to the log.",
    ),
    "lawdoc.inform_guardians.false": (
        "Ingen andre får vite det når den unge alene har sagt ja til stafettlogg.",
        "Ingen andre får vite det når den unge åleine har sagt ja til stafettlogg.",
        "Nobody else is told when the young person alone has said yes to the log.",
    ),
    "lawdoc.small_cell": (
        "Tall under {value} vises ikke. Grensen kan ikke være under tre.",
        "Tal under {value} blir ikkje viste. Grensa kan ikkje vere under tre.",
        "Counts below {value} are not shown. The limit cannot be below three.",
    ),
    "lawdoc.when.no_day": ("vedtatt, ingen dag satt", "vedteken, ingen dag sett", "adopted, no day set"),
    "lawdoc.when.to_come": (
        "fra {since}, ikke i kraft ennå",
        "frå {since}, ikkje i kraft enno",
        "from {since}, not yet in force",
    ),
    "lawdoc.when.in_force": ("i kraft fra {since}", "i kraft frå {since}", "in force from {since}"),
    "lawdoc.when.in_force_until": (
        "i kraft fra {since} til {until}",
        "i kraft frå {since} til {until}",
        "in force from {since} to {until}",
    ),
    "lawdoc.when.ended": ("gjaldt til {until}", "gjaldt til {until}", "was law until {until}"),
    "lawdoc.read.verified": ("lest {last} av {by}", "lese {last} av {by}", "read {last} by {by}"),
    "lawdoc.read.overdue": (
        "lest {last} av {by}: over et år siden, VENTER",
        "lese {last} av {by}: over eit år sidan, VENTAR",
        "read {last} by {by}: over a year ago, WAITS",
    ),
    "lawdoc.read.unverified": ("ikke lest av noen: VENTER", "ikkje lese av nokon: VENTAR", "read by nobody: WAITS"),
    "lawdoc.used": ("Brukes av: {rules}", "Blir brukt av: {rules}", "Used by: {rules}"),
    "lawdoc.domains": (
        "Behandling av opplysninger fra: {domains}",
        "Behandling av opplysningar frå: {domains}",
        "Processing of information from: {domains}",
    ),
    "lawdoc.filers": ("Hvem: {names}", "Kven: {names}", "Whose: {names}"),
    "lawdoc.receivers": ("Til: {names}", "Til: {names}", "To: {names}"),
    "lawdoc.lacks": (
        "Denne loven har ikke grunn {letters}.",
        "Denne lova har ikkje grunn {letters}.",
        "This act has no ground {letters}.",
    ),
    "lawdoc.no_grounds": (
        "Loven deler ikke opp i grunner.",
        "Lova deler ikkje opp i grunnar.",
        "The act lists no grounds.",
    ),
    "lawdoc.choices_made": (
        "Der loven lar et valg stå åpent, har vi tatt det strengeste. Valgene står i docs/explanation/law-choices.md.",
        "Der lova lèt eit val stå ope, har vi teke det strengaste. Vala står i docs/explanation/law-choices.md.",
        "Where the law leaves a choice open, the stricter is taken; see docs/explanation/law-choices.md.",
    ),
}  # fmt: skip
