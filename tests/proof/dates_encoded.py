"""Ages, days and the validity of a yes, written so that they can be computed and also proved.

Each function takes whole numbers, or z3's expressions of them: the same text is compared with the code on real dates,
and handed to the prover for all dates there are.
"""

from typing import Any, NamedTuple

import z3

DAY = 86_400


def both(*conditions: Any) -> Any:
    return z3.And(*conditions) if any(z3.is_expr(one) for one in conditions) else all(conditions)


def either(*conditions: Any) -> Any:
    return z3.Or(*conditions) if any(z3.is_expr(one) for one in conditions) else any(conditions)


def no(condition: Any) -> Any:
    return z3.Not(condition) if z3.is_expr(condition) else not condition


def pick(condition: Any, one: Any, other: Any) -> Any:
    return z3.If(condition, one, other) if z3.is_expr(condition) else (one if condition else other)


class Date(NamedTuple):
    """A date of the calendar that Norway uses."""

    year: Any
    month: Any
    day: Any


def leap(year: Any) -> Any:
    return either(both(year % 4 == 0, year % 100 != 0), year % 400 == 0)


def exists(date: Date) -> Any:
    """Whether a date is one."""
    short = either(date.month == 4, date.month == 6, date.month == 9, date.month == 11)
    length = pick(date.month == 2, pick(leap(date.year), 29, 28), pick(short, 30, 31))
    return both(date.month >= 1, date.month <= 12, date.day >= 1, date.day <= length)


def before(one: Date, other: Date) -> Any:
    in_year = either(one.month < other.month, both(one.month == other.month, one.day < other.day))
    return either(one.year < other.year, both(one.year == other.year, in_year))


def is_leap_day(date: Date) -> Any:
    return both(date.month == 2, date.day == 29)


def birthday(born: Date, years: Any) -> Date:
    """The day on which an age is reached: 1 March for somebody born on 29 February, in a year without that day."""
    moved = both(is_leap_day(born), no(leap(born.year + years)))
    return Date(born.year + years, pick(moved, 3, born.month), pick(moved, 1, born.day))


def age(born: Date, on: Date) -> Any:
    """Whole years as the code counts them; for days on which somebody is born."""
    early = either(on.month < born.month, both(on.month == born.month, on.day < born.day))
    return on.year - born.year - pick(early, 1, 0)


def verified(read: Date, on: Date) -> Any:
    """Whether what somebody read on a day counts on another, as the code says it."""
    same_day = both(read.month == on.month, read.day == on.day, on.year - read.year == 1)
    return either(before(on, read), age(read, on) < 1, same_day)


def last_verified_day(read: Date) -> Date:
    """A year after: the same date, or 28 February where that year lacks it."""
    short = both(is_leap_day(read), no(leap(read.year + 1)))
    return Date(read.year + 1, read.month, pick(short, 28, read.day))


# Norway's clock: an hour before Greenwich, and two from the last Sunday of March to that of October, each at one o'clock
# at Greenwich. Days are counted from any Monday; ``spring`` and ``autumn`` are those two Sundays.


def offset(instant: Any, spring: Any, autumn: Any) -> Any:
    """Seconds that Norway is ahead at an instant (seconds at Greenwich)."""
    summer = both(instant >= spring * DAY + 3_600, instant < autumn * DAY + 3_600)
    return pick(summer, 7_200, 3_600)


def norwegian_day(instant: Any, spring: Any, autumn: Any) -> Any:
    """The number of the day in Norway at an instant."""
    local = instant + offset(instant, spring, autumn)
    return local / DAY if z3.is_expr(local) else local // DAY


def midnight(day: Any, spring: Any, autumn: Any) -> Any:
    """The instant at which a day begins in Norway."""
    summer = both(day > spring, day <= autumn)
    return day * DAY - pick(summer, 7_200, 3_600)


# A yes, in days and instants.


class Yes(NamedTuple):
    """A declaration: first and last day, when it was given and withdrawn; ``-1`` is never."""

    first: Any
    last: Any
    given: Any
    withdrawn: Any


def active(yes: Yes, instant: Any, day: Any) -> Any:
    """Whether a yes carries at an instant, which is on a day."""
    begun = both(yes.given <= instant, yes.first <= day)
    ended = both(yes.last >= 0, yes.last < day)
    gone = both(yes.withdrawn >= 0, yes.withdrawn <= instant)
    return both(begun, no(ended), no(gone))


def outdone(said: Any, until: Any, given: Any, instant: Any) -> Any:
    """Whether a no that was said between two instants stands against a yes given at one."""
    return both(said <= instant, until >= given)
