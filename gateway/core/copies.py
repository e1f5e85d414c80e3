"""Which copy of a record is the newer: by the system's own versions and times, and never by ours."""

from datetime import datetime

from gateway.core.casefile import Peer
from gateway.core.reading import Reading


def is_old(peer: Peer, reading: Reading) -> bool:
    """A copy from before our last delivery, or from before what we have read already."""
    if reading.version is not None and reading.version == peer.before and reading.version != peer.version:
        return True
    told, known = _instant(reading.valid_from), _instant(peer.modified)
    return told is not None and known is not None and told < known


def newer(known: str | None, told: str | None, recorded: str) -> str | None:
    """The time of change that later copies are compared with: never one that has not come, or edits would be passed
    over until it has.
    """
    at, now = _instant(told), _instant(recorded)
    return told if at is not None and now is not None and at <= now else known


def _instant(told: str | None) -> datetime | None:
    """An instant, where the text is one: a day or a time without an offset orders nothing."""
    try:
        at = datetime.fromisoformat(told) if told else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None
