"""The words on the paper, in the two written forms of Norwegian."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "nb": {
        "title": "Bekymringsmelding til barnevernet",
        "secret": "Taushetsbelagt. Bare for barneverntjenesten.",
        "to": "Til", "sent": "Sendt", "filed_on": "Meldt", "reference": "Referanse", "page": "Side", "of": "av",
        "reporter": "Hvem som melder", "name": "Navn", "role": "Stilling", "organisation": "Virksomhet",
        "address": "Adresse", "phone": "Telefon", "email": "E-post", "number": "Fødselsnummer",
        "child": "Barn", "guardian": "Foresatt", "unborn": "Ufødt", "informed": "Orientert om meldingen",
        "reason": "Hvorfor ikke", "yes": "Ja", "no": "Nei",
        "report": "Hva vi er bekymret for", "history": "Hva som har skjedd før", "other_views": "Andres syn på saken",
        "other_agencies": "Andre som hjelper", "interpreter_needs": "Behov for tolk",
        "letters": "Noen bokstaver kan ikke vises her, og er byttet. De riktige står i meldingen på nett.",
    },
    "nn": {
        "title": "Uromelding til barnevernet",
        "secret": "Teieplikt. Berre for barnevernstenesta.",
        "to": "Til", "sent": "Sendt", "filed_on": "Meldt", "reference": "Referanse", "page": "Side", "of": "av",
        "reporter": "Kven som melder", "name": "Namn", "role": "Stilling", "organisation": "Verksemd",
        "address": "Adresse", "phone": "Telefon", "email": "E-post", "number": "Fødselsnummer",
        "child": "Barn", "guardian": "Føresett", "unborn": "Ufødd", "informed": "Orientert om meldinga",
        "reason": "Kvifor ikkje", "yes": "Ja", "no": "Nei",
        "report": "Kva vi er uroa for", "history": "Kva som har hendt før", "other_views": "Synet til andre på saka",
        "other_agencies": "Andre som hjelper", "interpreter_needs": "Behov for tolk",
        "letters": "Nokre bokstavar kan ikkje visast her, og er bytte. Dei rette står i meldinga på nett.",
    },
}  # fmt: skip
