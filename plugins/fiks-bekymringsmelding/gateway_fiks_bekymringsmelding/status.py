"""What has become of a report, from its history. Pure.

States: ``content/Tjenester/bekymringsmelding/bekymringsmelding_v2.md``: ``AKSEPTERT``, ``SENDT_FAGSYSTEM``, perhaps
``AVVIST_FAGSYSTEM``, ``SENDT_PRINT``, ``AVVIST_PRINT``, and always ``LEVERT`` last. A rejection is not the end: the
service sends the report by post, or follows it up itself. So it stays under way, and a person hears of it at once.
"""

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct

from gateway.sdk import Refused

KNOWN = ("AKSEPTERT", "SENDT_FAGSYSTEM", "AVVIST_FAGSYSTEM", "SENDT_PRINT", "AVVIST_PRINT", "LEVERT")


class Standing(Struct, frozen=True, kw_only=True):
    """Where a report stands, in the words of a receipt."""

    state: Literal["accepted", "delivered", "uncertain"]
    code: str | None = None


def standing(history: Any) -> Standing:
    """Where a report stands. The order of the list counts for nothing: what has happened, has.

    A state that is not known leaves it under way. Raises ``Refused`` ``bekymringsmelding.answer``.
    """
    states = _states(history)
    by_post = "SENDT_PRINT" in states or "AVVIST_FAGSYSTEM" in states
    if "LEVERT" in states:
        return Standing(state="delivered", code="bekymringsmelding.by_post" if by_post else None)
    if "AVVIST_PRINT" in states:
        return Standing(state="uncertain", code="bekymringsmelding.avvist_print")
    if by_post:
        return Standing(state="uncertain", code="bekymringsmelding.avvist_fagsystem")
    return Standing(state="accepted", code=None if states <= set(KNOWN) else "bekymringsmelding.state")


def _states(history: Any) -> set[str]:
    if not isinstance(history, Sequence) or isinstance(history, str | bytes):
        raise Refused("bekymringsmelding.answer", path="$")
    states = {one.get("tilstand") for one in history if isinstance(one, dict)}
    if len(states) == 0 or not all(isinstance(one, str) for one in states):
        raise Refused("bekymringsmelding.answer", path="$[].tilstand")
    return {str(one) for one in states}
