"""The words of a notice: that there is something, and nothing of what."""

from collections.abc import Mapping
from types import MappingProxyType

TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "nb": (
            "Det ligger noe til deg",
            (
                "Det ligger noe til deg i samhandlingsløsningen.\nLogg inn slik du pleier for å se hva det er.\n\n"
                "Denne meldingen er sendt automatisk. Den inneholder ingen opplysninger og kan ikke besvares.\n"
            ),
        ),
        "nn": (
            "Det ligg noko til deg",
            (
                "Det ligg noko til deg i samhandlingsløysinga.\nLogg inn slik du plar for å sjå kva det er.\n\n"
                "Denne meldinga er send automatisk. Ho inneheld ingen opplysningar og kan ikkje svarast på.\n"
            ),
        ),
        "en": (
            "There is something for you",
            (
                "There is something for you in the service for cooperation.\nSign in as you usually do to see it.\n\n"
                "This message was sent automatically. It holds no information and cannot be answered.\n"
            ),
        ),
    }
)
"""By language the subject and the text."""
