"""Ages and days as the law counts them: by date in Norway, whatever the machine's own zone is.

Someone born on 29 February reaches an age on 1 March in a year without that day: an age is reached when the day has
come, never before it.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


def day(at: datetime) -> date:
    """The date in Norway at an instant. ``at`` carries an offset; ``ValueError`` when it does not."""
    if at.tzinfo is None:
        raise ValueError("ages.naive_time")
    try:
        return at.astimezone(OSLO).date()
    except OverflowError:  # the edge of the calendar, which some systems write for "never"
        return at.date()


def starts(on: date) -> datetime:
    """The instant at which a date begins in Norway."""
    return datetime.combine(on, time(), OSLO)


def shifted(on: date, days: int) -> date:
    """So many days after a date, or before it; what would leave the calendar stays at its edge.

    Systems write the calendar's first and last day for what was never told, and that must stop nobody's deadlines.
    """
    try:
        return on + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def age(born: date, on: date) -> int | None:
    """Whole years on a date; ``None`` for someone who is not born yet, since nothing counts from a day to come."""
    if born > on:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
