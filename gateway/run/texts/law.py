"""What the codes about the law and the municipality's own rules mean and what to do about them."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "settings.law_code": (
        "Det finnes ikke noe rettsgrunnlag med denne koden. Se bti law show.",
        "Det finst ikkje noko rettsgrunnlag med denne koden. Sjå bti law show.",
        "There is no legal basis with this code. See bti law show.",
    ),
    "settings.law_line": (
        "Skriv dagen det ble lest og hvem som leste det.",
        "Skriv dagen det blei lese og kven som las det.",
        "Write the day on which it was read and who read it.",
    ),
    "plugin.rule": (
        "Regelen er ikke en som nekter, eller navnet eller setningene på tre språk mangler.",
        "Regelen er ikkje ein som nektar, eller namnet eller setningane på tre språk manglar.",
        "The rule is none that forbids, or its id or its sentences in three languages are wrong.",
    ),
    "plugin.no_rules": (
        "Tillegget har ingen regler, men innstillingene krever dem. Bare lovpålagte meldinger blir sendt.",
        "Tillegget har ingen reglar, men innstillingane krev dei. Berre lovpålagde meldingar blir sende.",
        "The plugin has no rules, but the settings require them. Nothing is sent but by duty.",
    ),
    "law.unverified": (
        "Ingen jurist har lest loven bak dette. Det som hviler på den, venter.",
        "Ingen jurist har lese lova bak dette. Det som kviler på ho, ventar.",
        "No lawyer has read the law behind this. What stands on it waits.",
    ),
    "law.overdue": (
        "Det er over et år siden noen leste loven bak dette. Det som hviler på den, venter.",
        "Det er over eit år sidan nokon las lova bak dette. Det som kviler på ho, ventar.",
        "Nobody has read the law behind this for a year. What stands on it waits.",
    ),
    "law.due": (
        "Loven bak dette må leses på nytt innen 60 dager. Etter det venter det som hviler på den.",
        "Lova bak dette må lesast på nytt innan 60 dagar. Etter det ventar det som kviler på ho.",
        "The law behind this must be read again within 60 days. After that, what stands on it waits.",
    ),
    "law.dated_ahead": (
        "Dagen har ikke kommet ennå. Linjen gjelder først da.",
        "Dagen har ikkje kome enno. Linja gjeld fyrst då.",
        "The day has not come yet. The line counts from then on.",
    ),
    "law.not_in_force": (
        "Bestemmelsen er lest, men er ikke i kraft.",
        "Føresegna er lesen, men er ikkje i kraft.",
        "The section has been read, but is not in force.",
    ),
}
