"""What the codes of silence mean: systems that are not heard of, sends that do not arrive, notices."""

from gateway.cli.words import Texts

TEXTS: Texts = {
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
}
