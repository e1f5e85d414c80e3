"""A synthetic municipality from a seed: families, units, parental responsibility, consents and relay logs.

Everything is made up. Person numbers are of the synthetic kind (month + 80), the municipality does not exist, and the
texts are assembled from sentences of our own. The same seed gives the same bytes, and nothing is held but one family.
"""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import msgspec

from gateway.run.synthetic.cases import Cases, enrolled_at, enrolment
from gateway.run.synthetic.people import People
from gateway.run.synthetic.places import units

TODAY = date(2026, 11, 21)
"""The municipality's date unless another is given; never the clock's."""


def cases(*, children: int, seed: int, today: date = TODAY) -> Iterator[dict[str, Any]]:
    """The relay logs of so many children, one by one, about 4 kB of JSON each.

    ``{"case": item, "items": [item, …], "people": [record, …], "relations": [record, …], "enrolment": record}``; an
    item is ``{"kind", "id", "case", "category", "about", "origin", "fields"}``, a record ``{"kind", "id", "fields"}``.
    A pregnant woman has no enrolment (``None``).
    ``fields`` are canonical and pass ``gateway.core.model.check``.
    """
    left = children
    people, writer = People(Random(f"people-{seed}"), today), Cases(Random(f"cases-{seed}"), today)  # noqa: S311
    families = people.families()
    while left > 0:
        family = next(families)
        for number in range(min(left, len(family.children))):
            left -= 1
            yield writer.write(family, number)


def pupils(*, children: int, seed: int, classmates: int = 9, today: date = TODAY) -> Iterator[dict[str, Any]]:
    """The municipality's school list: each child with a case, and after each ``classmates`` children without one.

    ``{"person": record, "enrolment": record, "guardians": [record, …], "case": bool}``. Guardians are as a school
    keeps them and say nothing of parental responsibility.
    """
    # The others are drawn from a seed of their own and bear ids and birth dates that the first draw does not use.
    roll = Random(f"pupils-{seed}")  # noqa: S311 - made-up data
    others = People(Random(f"classmates-{seed}"), today, later=True).families()  # noqa: S311
    for each in cases(children=children, seed=seed, today=today):
        if each["enrolment"] is None:
            continue
        child, adults = each["people"][0], [one for one in each["people"] if one["fields"]["role"] == "guardian"]
        yield {"person": child, "enrolment": each["enrolment"], "guardians": adults, "case": True}
        for _ in range(classmates):
            family = next(family for family in others if family.adults)
            other = family.children[0]
            place, group = enrolled_at(other["fields"]["birth_date"], today, roll.random)
            place_of_other = enrolment(other, place, group)
            yield {"person": other, "enrolment": place_of_other, "guardians": list(family.adults), "case": False}


def municipality(*, children: int, seed: int, today: date = TODAY) -> Iterator[bytes]:
    """JSON Lines, one document a line, as ``bti simulate`` prints them: the units first, then the cases."""
    encode = msgspec.json.Encoder(order="deterministic").encode
    for unit in units():
        yield encode(unit) + b"\n"
    for each in cases(children=children, seed=seed, today=today):
        yield encode(each) + b"\n"


__all__ = ["TODAY", "cases", "municipality", "pupils", "units"]
