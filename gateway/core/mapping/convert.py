"""What a compiled mapping calls for a value that needs more than a rename.

Each function takes the value and the path to tell in a ``Fault``, and never puts the value into it. Days are written
``2026-11-02``, instants in UTC with a ``Z``: one writing, so that two systems that mean the same moment are equal.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from gateway.core.model import Fault


def text(value: Any, at: str) -> str:
    """An id as text, whether the vendor writes text or a whole number."""
    if type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    raise Fault("mapping.type", at)


def digits(value: Any, at: str) -> str:
    """A vendor's whole number that is text with us."""
    if type(value) is not int:
        raise Fault("mapping.type", at)
    return str(value)


def number(value: Any, at: str) -> int:
    """Text that is a whole number, in the one writing that gives the same text back."""
    if type(value) is not str or len(value) > 18:
        raise Fault("mapping.type", at)
    try:
        found = int(value)
    except ValueError:
        raise Fault("mapping.type", at) from None
    if str(found) != value:
        raise Fault("mapping.type", at)
    return found


def day(value: Any, at: str) -> str:
    """An ISO date in its canonical writing."""
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise Fault("mapping.date", at) from None


def instant(value: Any, at: str, zone: tzinfo | None) -> str:
    """A moment in UTC. A time without an offset is a fault, unless the mapping names the zone it is told in."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Fault("mapping.time", at) from None
    if len(value) < len("2026-11-02T12"):
        raise Fault("mapping.time", at)  # a day is not a moment
    return _utc(moment, at, zone)


def _utc(moment: datetime, at: str, zone: tzinfo | None) -> str:
    try:
        if moment.tzinfo is None:
            if zone is None:
                raise Fault("mapping.naive_time", at)
            local = moment.replace(tzinfo=zone)
            moment = local.astimezone(UTC)
            if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
                raise Fault("mapping.time", at)  # an hour that the clock skipped in spring
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    except OverflowError:
        raise Fault("mapping.time", at) from None


def epoch(value: Any, at: str, per_second: int) -> str:
    """Seconds or milliseconds since 1970 as a moment in UTC."""
    if type(value) is not int or not 0 <= value < 253_402_300_800 * per_second:
        raise Fault("mapping.time", at)
    whole, rest = divmod(value, per_second)
    moment = datetime.fromtimestamp(whole, UTC).replace(microsecond=rest * (1_000_000 // per_second))
    return _utc(moment, at, None)


def midnight(value: Any, at: str, zone: tzinfo) -> str:
    """The day, in a zone, of a moment that the vendor uses to say a day."""
    moment = datetime.fromisoformat(instant(value, at, zone))
    return moment.astimezone(zone).date().isoformat()


def local(value: Any, at: str, zone: tzinfo, write: str | None) -> str:
    """A canonical moment as a vendor's local time without an offset.

    Raises ``mapping.precision`` when the writing would not read back as the same moment: seconds that a pattern
    leaves out, or the hour that comes twice in autumn.
    """
    moment = _moment(value, at)
    naive = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    try:
        written = naive.isoformat() if write is None else naive.strftime(write)
        back = naive if write is None else datetime.strptime(written, write)  # noqa: DTZ007 - the zone follows
    except ValueError:
        raise Fault("mapping.precision", at) from None
    if back.replace(tzinfo=zone).astimezone(UTC) != moment.astimezone(UTC):
        raise Fault("mapping.precision", at)
    return written


def to_epoch(value: Any, at: str, per_second: int) -> int:
    """A canonical moment as seconds or milliseconds since 1970; finer parts of it are a fault."""
    moment = _moment(value, at)
    micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    step = 1_000_000 // per_second
    if micros % step or micros < 0:
        raise Fault("mapping.precision", at)
    return micros // step


def to_midnight(value: Any, at: str, zone: tzinfo) -> str:
    """A canonical day as the moment at which it begins in a zone."""
    try:
        return _utc(datetime.combine(date.fromisoformat(value), time(), tzinfo=zone), at, zone)
    except (TypeError, ValueError):
        raise Fault("mapping.date", at) from None


def _moment(value: Any, at: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Fault("mapping.time", at) from None
    if moment.tzinfo is None:
        raise Fault("mapping.naive_time", at)
    return moment


def parted(value: Any, at: str, by: str) -> list[str]:
    """A list that the vendor writes in one text. An empty text is an empty list."""
    if type(value) is not str:
        raise Fault("mapping.type", at)
    return value.split(by) if value else []


def joined(value: Any, at: str, by: str) -> str:
    """A list in one text; a part that holds the separator, or a single empty part, could not be read back."""
    if type(value) is not list or any(type(part) is not str or by in part for part in value) or value == [""]:
        raise Fault("mapping.split", at)
    return by.join(value)


def reference(refs: Mapping[str, str] | None, value: Any, at: str) -> Any:
    """The receiver's id for ours. With ``refs`` of ``None`` ids are already the receiver's."""
    if refs is None:
        return value
    try:
        return refs[value]
    except (KeyError, TypeError):
        raise Fault("mapping.reference", at) from None


def within(fault: Fault, at: str) -> Fault:
    """A fault of a part, told from the whole."""
    return Fault(fault.code, at + fault.path[1:])
