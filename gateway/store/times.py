"""Times as the store keeps them: whole microseconds since 1970 in UTC, which sort alike on both databases."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def stamp(at: datetime) -> int:
    """Microseconds since 1970. Raises ``ValueError`` for a time without an offset."""
    if at.tzinfo is None:
        raise ValueError("a time needs its offset")
    return (at - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """The time in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def stamp_or_none(at: datetime | None) -> int | None:
    """``stamp``, or ``None`` for ``None``."""
    return None if at is None else stamp(at)


def moment_or_none(microseconds: int | None) -> datetime | None:
    """``moment``, or ``None`` for ``None``."""
    return None if microseconds is None else moment(microseconds)
