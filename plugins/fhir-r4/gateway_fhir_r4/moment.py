"""Comparing the server's own times, which may carry different offsets."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from gateway.sdk import Refused


def later(one: str | None, other: str | None) -> str | None:
    """The later of two instants as it was written; ``None`` counts as before everything."""
    if one is None or other is None:
        return one or other
    return one if _time(one) >= _time(other) else other


def newest(instants: Iterable[str | None]) -> str | None:
    """The latest of those that are instants; what a resource says wrongly is told when it is read."""
    found = None
    for one in instants:
        try:
            found = later(found, one) if one is not None and _time(one) else found
        except Refused:
            continue
    return found


def is_rising(instants: Sequence[str]) -> bool:
    """Whether all are instants, none earlier than the one before it, and the last later than the first."""
    try:
        times = [_time(one) for one in instants]
    except Refused:
        return False
    return len(times) > 1 and times[0] < times[-1] and all(one <= two for one, two in pairwise(times))


def before(instant: str, seconds: int) -> str:
    """The instant this many seconds earlier, with its offset."""
    return (_time(instant) - timedelta(seconds=seconds)).isoformat()


def _time(instant: str) -> datetime:
    try:
        found = datetime.fromisoformat(instant)
    except ValueError:
        raise Refused("fhir.date", path="$.meta.lastUpdated") from None
    if found.tzinfo is None:
        raise Refused("fhir.date", path="$.meta.lastUpdated")
    return found
