"""What the codes of silence mean: systems that are not heard of, sends that do not arrive, notices."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "metrics.file": (
        "Filen for tallene kan ikke skrives.",
        "Fila for tala kan ikkje skrivast.",
        "The file for the figures cannot be written.",
    ),
    "notifier.broken": (
        "Varsleren er ikke installert, eller den virker ikke.",
        "Varslaren er ikkje installert, eller han verkar ikkje.",
        "The notifier is not installed, or does not work.",
    ),
    "notifier.failed": (
        "Varsleren feilet.",
        "Varslaren feila.",
        "The notifier failed.",
    ),
    "plugin.notifier": (
        "Det tillegget har med seg, er ingen varsler.",
        "Det tillegget har med seg, er ingen varslar.",
        "What the plugin brings is no notifier.",
    ),
    "secret.plugin": (
        "Tillegget som skal ha hemmeligheten, finnes ikke, eller har ingen hemmeligheter.",
        "Tillegget som skal ha løyndomen, finst ikkje, eller har ingen løyndomar.",
        "The plugin that should have the secret is not there, or keeps none.",
    ),
    "secret.away": (
        "Det som tar vare på hemmeligheten, svarer ikke nå.",
        "Det som tek vare på løyndomen, svarar ikkje no.",
        "What keeps the secret does not answer now.",
    ),
    "brought.unreachable": (
        "Kommandoen fikk ikke svar. Prøv igjen senere.",
        "Kommandoen fekk ikkje svar. Prøv igjen seinare.",
        "The command got no answer. Try again later.",
    ),
    "brought.failed": (
        "Kommandoen fra tillegget feilet. Det den sier om seg selv, vises ikke.",
        "Kommandoen frå tillegget feila. Det han seier om seg sjølv, blir ikkje vist.",
        "The plugin's command failed. What it says of itself is not shown.",
    ),
    "plugin.command": (
        "Det tillegget har med seg, er ingen kommando, eller navnet eller hjelpen er feil.",
        "Det tillegget har med seg, er ingen kommando, eller namnet eller hjelpa er feil.",
        "What the plugin brings is no command, or its name or help is wrong.",
    ),
    "settings.mail": (
        "Det er ingen e-postadresse.",
        "Det er inga e-postadresse.",
        "It is no mail address.",
    ),
    "adapter.no_outcomes": (
        "Systemet forteller ikke hva som ble av det det fikk.",
        "Systemet fortel ikkje kva som vart av det det fekk.",
        "The system does not tell what became of what it got.",
    ),
    "delivery.waits": (
        "Det som skal til systemet, kommer ikke fram.",
        "Det som skal til systemet, kjem ikkje fram.",
        "What is due to the system does not get through.",
    ),
    "system.quiet": (
        "Ingen har hørt noe fra systemet.",
        "Ingen har høyrt noko frå systemet.",
        "Nothing has been heard of the system.",
    ),
    "act.unknown_unit": (
        "Innstillingene har ingen slik enhet.",
        "Innstillingane har inga slik eining.",
        "The settings have no such unit.",
    ),
    "system.removed": (
        "Systemet står ikke lenger i innstillingene, og har fortsatt det det fikk; få det tatt tilbake der.",
        "Systemet står ikkje lenger i innstillingane, og har framleis det det fekk; få det teke tilbake der.",
        "The settings do not name the system any more, and it still has what it got; have it taken back there.",
    ),
    "act.need_to_know": (
        "Du har ikke noe med denne saken å gjøre; forsøket er notert.",
        "Du har ikkje noko med denne saka å gjere; forsøket er notert.",
        "You have nothing to do with this case; that you tried is recorded.",
    ),
    "act.not_family": (
        "En ansatt kan ikke samtykke eller si nei for familien.",
        "Ein tilsett kan ikkje samtykkje eller seie nei for familien.",
        "An employee cannot say yes or no for the family.",
    ),
}
