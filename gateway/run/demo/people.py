"""Who is in the story: three children with a log, their parents, and a school full of others. Nobody exists."""

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from gateway.core.identity import synthetic_number

PUPILS = 240
"""Pupils in the school's file."""

_GIVEN = ("Emma", "Jakob", "Aylin", "Oskar", "Máret", "Hodan", "Sondre", "Zofia", "Aksel", "Ingvild", "Yusuf", "Live")
_FAMILY = ("Hansen", "Nowak", "Hætta", "Ali", "Øverland", "Dahl", "Strand", "Lie", "Rahman", "Sørli", "Vik", "Moen")


class Someone(Struct, frozen=True, kw_only=True):
    """A made-up person with a synthetic number."""

    given: str
    family: str
    born: date
    number: str

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"


class Family(Struct, frozen=True, kw_only=True):
    """A child and its parents."""

    child: Someone
    mother: Someone
    father: Someone | None = None


class Cast(Struct, frozen=True, kw_only=True):
    """Nora, whom the story follows; Jonas, whose parents have both said yes; Sara, whose address is hidden."""

    nora: Family
    jonas: Family
    sara: Family

    @property
    def families(self) -> tuple[Family, ...]:
        """All three."""
        return (self.nora, self.jonas, self.sara)


def cast(today: date) -> Cast:
    """The people, as old as the story needs them on a day: the children between nine and twelve."""

    def one(given: str, family: str, years: int, days: int, serial: int) -> Someone:
        born = date(today.year - years, 3, 1) + timedelta(days=days)
        return Someone(given=given, family=family, born=born, number=synthetic_number(born, serial))

    return Cast(
        nora=Family(
            child=one("Nora", "Berg", 11, 20, 0),
            mother=one("Ingrid", "Berg", 38, 101, 1),
            father=one("Anders", "Lie", 40, 7, 2),
        ),
        jonas=Family(
            child=one("Jonas", "Haugen", 12, 55, 3),
            mother=one("Siri", "Haugen", 41, 31, 4),
            father=one("Tomasz", "Haugen", 42, 12, 5),
        ),
        sara=Family(child=one("Sara", "Nygård", 9, 77, 6), mother=one("Liv", "Nygård", 35, 140, 7)),
    )


def classmates(today: date, count: int) -> Iterator[Someone]:
    """Pupils who have no log, so that nothing of them may be kept."""
    for at in range(count):
        born = date(today.year - 13 + at % 7, 1, 1) + timedelta(days=(at * 37) % 360)
        yield Someone(
            given=_GIVEN[at % len(_GIVEN)],
            family=_FAMILY[(at // len(_GIVEN)) % len(_FAMILY)],
            born=born,
            number=synthetic_number(born, 20 + at // 7),
        )
