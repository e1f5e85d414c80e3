"""Synthetic families for the stand-in: a child and those who answer for it. Nobody in them exists."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from gateway.sdk.identity import synthetic_number
from gateway_persontjenesten.seed import Responsible, Seed

_GIVEN = ("Nora", "Emil", "Amina", "Jakub", "Sunniva", "Áilu", "Ingrid", "Omar")
_PLACES = ("Bryneveien", "Hognestadvegen", "Stasjonsvegen")


def simulated(seed: int, *, count: int = 10) -> Iterator[Seed]:
    """So many families, equal for equal seeds.

    Every third child has one parent alone with the responsibility, every fifth a protected address.
    """
    chance = Random(seed)  # noqa: S311 - made-up children, not secrets
    for number in range(count):
        born = date(2010, 1, 1) + timedelta(days=chance.randrange(4_000))
        home, other = chance.sample(_PLACES, 2)
        mother, father = (_grown(chance, 2 * number + each) for each in (0, 1))
        is_shared = number % 3 != 2
        answers = (mother[0], father[0]) if is_shared else (mother[0],)
        yield Seed(
            number=synthetic_number(born, number),
            given=chance.choice(_GIVEN),
            family="Eksempel",
            born=born.isoformat(),
            address=home,
            protection="Confidential" if number % 5 == 4 else "Unclassified",
            mother=mother[0],
            father=father[0],
            responsible=tuple(Responsible(by=one, type="Joint" if is_shared else "Mother") for one in answers),
        )
        for (own, day), given, place in ((mother, "Marit", home), (father, "Per", home if is_shared else other)):
            yield Seed(number=own, given=given, family="Eksempel", born=day.isoformat(), address=place)


def _grown(chance: Random, at: int) -> tuple[str, date]:
    born = date(1975, 1, 1) + timedelta(days=chance.randrange(6_000))
    return synthetic_number(born, at), born
