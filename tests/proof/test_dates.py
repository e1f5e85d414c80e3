"""What holds of ages, days and validity on all dates there are: proved, and the proof's text compared with the code."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

z3 = pytest.importorskip("z3", reason="z3-solver proves what holds on all dates; make setup installs it")

import dates_encoded as encoded  # noqa: E402 - it needs z3
from dates_encoded import Date, Yes  # noqa: E402

from gateway.core import ages  # noqa: E402
from gateway.core.known import ConsentFact, Facts  # noqa: E402
from gateway.core.law import Basis, Words  # noqa: E402

FIRST, LAST = 1850, 2250


def _date(name: str) -> tuple[Date, Any]:
    made = Date(*z3.Ints(f"{name}.year {name}.month {name}.day"))
    return made, z3.And(encoded.exists(made), made.year >= FIRST, made.year <= LAST)


BORN, A_BIRTH = _date("born")
ON, A_DAY = _date("on")
NEXT, A_LATER_DAY = _date("next")
YEARS = z3.Int("years")
NOW, THEN, SPRING, AUTUMN, DAY = z3.Ints("now then spring autumn day")
YES = Yes(*z3.Ints("first last given withdrawn"))
SAID, UNTIL = z3.Ints("said until")
_LIVES = z3.And(A_BIRTH, A_DAY, z3.Not(encoded.before(ON, BORN)))
_SEASONS = z3.And(SPRING > 60, AUTUMN > SPRING + 180, AUTUMN < SPRING + 250, NOW >= 0, THEN >= NOW, DAY >= 1)


def _day(instant: Any) -> Any:
    return encoded.norwegian_day(instant, SPRING, AUTUMN)


def _age(on: Date) -> Any:
    return encoded.age(BORN, on)


Laws = dict[str, tuple[Any, Callable[[], Any]]]
LAWS: Laws = {
    "an age is reached on the birthday and not before": (
        z3.And(_LIVES, YEARS >= 1, YEARS <= 120),
        lambda: (_age(ON) >= YEARS) == z3.Not(encoded.before(ON, encoded.birthday(BORN, YEARS))),
    ),
    "every birthday is a date": (
        z3.And(A_BIRTH, YEARS >= 0, YEARS <= 120),
        lambda: encoded.exists(encoded.birthday(BORN, YEARS)),
    ),
    "somebody born on 29 February has no birthday in February of a short year": (
        z3.And(_LIVES, encoded.is_leap_day(BORN), z3.Not(encoded.leap(ON.year)), ON.month == 2, ON.day == 28),
        lambda: _age(ON) == ON.year - BORN.year - 1,
    ),
    "and has it on 1 March": (
        z3.And(_LIVES, encoded.is_leap_day(BORN), ON.month == 3, ON.day == 1),
        lambda: _age(ON) == ON.year - BORN.year,
    ),
    "nobody grows younger": (
        z3.And(_LIVES, A_LATER_DAY, z3.Not(encoded.before(NEXT, ON))),
        lambda: _age(NEXT) >= _age(ON),
    ),
    "nobody is younger than nothing": (_LIVES, lambda: _age(ON) >= 0),
    "what was read counts to the same date a year after, and no day more": (
        z3.And(A_BIRTH, A_DAY),
        lambda: encoded.verified(BORN, ON) == z3.Not(encoded.before(encoded.last_verified_day(BORN), ON)),
    ),
    "the last day on which a reading counts is a date": (
        A_BIRTH,
        lambda: encoded.exists(encoded.last_verified_day(BORN)),
    ),
    "a day in Norway never comes back": (_SEASONS, lambda: _day(THEN) >= _day(NOW)),
    "a day in Norway begins once, at midnight": (
        z3.And(_SEASONS, DAY < AUTUMN + 60, DAY > SPRING - 60),
        lambda: z3.And(
            _day(encoded.midnight(DAY, SPRING, AUTUMN)) == DAY, _day(encoded.midnight(DAY, SPRING, AUTUMN) - 1) == DAY - 1
        ),
    ),
    "a day has 23, 24 or 25 hours": (
        z3.And(_SEASONS, DAY > SPRING - 60, DAY < AUTUMN + 60),
        lambda: z3.And(
            *(
                (
                    encoded.midnight(DAY + 1, SPRING, AUTUMN) - encoded.midnight(DAY, SPRING, AUTUMN)
                    == 3_600 * z3.If(DAY == SPRING, 23, z3.If(DAY == AUTUMN, 25, 24))
                ),
            )
        ),
    ),
    "a yes that has ended never carries again": (
        z3.And(_SEASONS, YES.last >= 0, _day(NOW) > YES.last),
        lambda: z3.Not(encoded.active(YES, THEN, _day(THEN))),
    ),
    "a yes that is withdrawn never carries again": (
        z3.And(_SEASONS, YES.withdrawn >= 0, YES.withdrawn <= NOW),
        lambda: z3.Not(encoded.active(YES, THEN, _day(THEN))),
    ),
    "a yes carries on the whole of its first and last day": (
        z3.And(_SEASONS, YES.withdrawn < 0, YES.given <= NOW, YES.first <= YES.last, YES.last >= 0,
               z3.Or(_day(NOW) == YES.first, _day(NOW) == YES.last)),
        lambda: encoded.active(YES, NOW, _day(NOW)),
    ),
    "a yes that carries now and later carried all the time between": (
        z3.And(_SEASONS, SAID >= NOW, SAID <= THEN, encoded.active(YES, NOW, _day(NOW)), encoded.active(YES, THEN, _day(THEN))),
        lambda: encoded.active(YES, SAID, _day(SAID)),
    ),
    "a no on the same day as a yes stands": (
        z3.And(_SEASONS, YES.given >= SAID, YES.given <= UNTIL, SAID <= NOW),
        lambda: encoded.outdone(SAID, UNTIL, YES.given, NOW),
    ),
    "a no to come stands against nothing": (
        z3.And(_SEASONS, SAID > NOW),
        lambda: z3.Not(encoded.outdone(SAID, UNTIL, YES.given, NOW)),
    ),
}  # fmt: skip


def refuted(given: Any, claim: Any) -> str | None:
    """A counterexample in print; ``None`` when there is none."""
    solver = z3.Solver()
    solver.set("timeout", 60_000)
    solver.add(given, z3.Not(claim))
    found = solver.check()
    if found == z3.unsat:
        return None
    return str(solver.model()) if found == z3.sat else "the prover gave up"


@pytest.mark.parametrize("name", LAWS)
def test_it_holds_on_all_dates(name: str) -> None:
    given, claim = LAWS[name]
    assert refuted(given, claim()) is None


@pytest.mark.parametrize("name", LAWS)
def test_no_law_is_empty(name: str) -> None:
    solver = z3.Solver()
    solver.add(LAWS[name][0])
    assert solver.check() == z3.sat


@pytest.mark.parametrize(
    ("given", "claim"),
    [
        (_LIVES, lambda: _age(ON) == ON.year - BORN.year),
        (
            z3.And(_LIVES, encoded.is_leap_day(BORN), ON.month == 2, ON.day == 28),
            lambda: _age(ON) == ON.year - BORN.year,
        ),
        (_SEASONS, lambda: _day(NOW) == (NOW + 3_600) / encoded.DAY),
        (z3.And(_SEASONS, YES.last >= 0, _day(NOW) == YES.last), lambda: z3.Not(encoded.active(YES, NOW, _day(NOW)))),
    ],
    ids=["birthdays forgotten", "leap day early", "no summer time", "the last day left out"],
)
def test_a_planted_bug_has_a_counterexample(given: Any, claim: Callable[[], Any]) -> None:
    assert refuted(given, claim()) not in {None, "the prover gave up"}


# What was proved is what the code does.


def _days(count: int) -> list[date]:
    random = Random(1310)
    anywhere = [date(1900, 1, 1) + timedelta(days=random.randrange(73_000)) for _ in range(count)]
    edges = [date(year, month, day) for year in (1999, 2000, 2023, 2024, 2025, 2096, 2100) for month, day in _EDGES]
    return anywhere + [one + timedelta(days=more) for one in edges for more in (-1, 0, 1)]


_EDGES = ((1, 1), (2, 28), (3, 1), (3, 31), (6, 30), (12, 31))


def _encoded(day: date) -> Date:
    return Date(day.year, day.month, day.day)


def test_the_age_that_was_proved_is_the_age_that_is_counted() -> None:
    days = _days(150)
    for born in days:
        for on in days:
            assert ages.age(born, on) == (encoded.age(_encoded(born), _encoded(on)) if born <= on else None)


def test_the_verification_that_was_proved_is_the_one_that_is_asked() -> None:
    words = Words(nb="a", nn="a", en="a")
    days = _days(60)
    for read in days:
        basis = Basis(code="A", norm="A", act="a", section="1", text=words, source="s", last_verified=read)
        for on in (*days, *(read + timedelta(days=365 + more) for more in range(-2, 4))):
            assert basis.verified(on) == encoded.verified(_encoded(read), _encoded(on)), (read, on)


def _sunday(year: int, month: int) -> date:
    end = date(year, month, 31)
    return end - timedelta(days=(end.weekday() + 1) % 7)


def test_the_clock_that_was_proved_is_norways() -> None:
    """Each hour around each change of the clock, and around each midnight of some weeks, since the present rule began."""
    epoch = date(1970, 1, 1)
    for year in range(1996, 2060):
        spring, autumn = ((_sunday(year, month) - epoch).days for month in (3, 10))
        for day in (*range(spring - 2, spring + 3), *range(autumn - 2, autumn + 3), spring + 90):
            begins = encoded.midnight(day, spring, autumn)
            assert ages.starts(epoch + timedelta(days=day)).timestamp() == begins
            for seconds in (*range(-7_201, 4 * 3_600, 1_800), -1, 0, 1):
                at = datetime.fromtimestamp(begins + seconds, UTC)
                there = (ages.day(at) - epoch).days
                assert there == encoded.norwegian_day(begins + seconds, spring, autumn)


def test_the_validity_that_was_proved_is_the_one_that_is_asked() -> None:
    random = Random(15)
    start = datetime(2026, 3, 25, tzinfo=UTC)
    epoch = date(1970, 1, 1)
    for _ in range(3_000):
        at, given, withdrawn = (start + timedelta(hours=random.randrange(300)) for _ in range(3))
        first, last = (start.date() + timedelta(days=random.randrange(14)) for _ in range(2))
        ends, gone = random.random() < 0.7, random.random() < 0.5
        yes = ConsentFact(
            id="c", by="m", purpose="bti", services=("school",), valid_from=first, valid_to=last if ends else None,
            given=given, withdrawn=withdrawn if gone else None,
        )  # fmt: skip
        states = [one.state for many in Facts(at=at, consents=(yes,)).declared.values() for one in many]
        told = Yes(
            (first - epoch).days, (last - epoch).days if ends else -1, given.timestamp(),
            withdrawn.timestamp() if gone else -1,
        )  # fmt: skip
        assert ("active" in states) == encoded.active(told, at.timestamp(), (ages.day(at) - epoch).days)
