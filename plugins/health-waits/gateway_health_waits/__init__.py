"""A stricter reading: since the secrecy chapter was changed, health information waits for somebody to read it."""

from datetime import date
from types import MappingProxyType

from gateway.sdk import Ask, Facts, Forbid, hookimpl

GATEWAY_API = "1.0"

CHANGED = date(2026, 7, 1)
"""The first day of the changed chapter (LOV-2026-01-23-1)."""

_SENTENCE = MappingProxyType(
    {
        "nb": "Nye regler for helseopplysninger må leses av en jurist først.",
        "nn": "Nye reglar for helseopplysningar må lesast av ein jurist fyrst.",
        "en": "A lawyer must first read the new rules on health information.",
    }
)


def _waits(facts: Facts, ask: Ask) -> bool:
    return ask.domain == "health" and facts.today >= CHANGED


@hookimpl
def gateway_consent_rules() -> list[Forbid]:
    """The one rule."""
    return [Forbid(id="health-waits", applies=_waits, sentence=_SENTENCE, task="verify_legal_basis")]
