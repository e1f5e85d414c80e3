"""Families: children, parents and guardians with synthetic numbers, and what a register says about them."""

from array import array
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from msgspec import Struct

from gateway.run.synthetic.names import NAMINGS, Naming

FIRST_DAY = date(1940, 1, 1).toordinal()
SITUATIONS: tuple[tuple[str, float], ...] = (
    ("G1", 0.62), ("G2", 0.13), ("G3", 0.10), ("G4", 0.055), ("G5", 0.04), ("G6", 0.02), ("G7", 0.005), ("G8", 0.01),
    ("G9", 0.008), ("G10", 0.012),
)  # fmt: skip
"""Who has parental responsibility, as ``law.md`` numbers the situations, with the share of families in each."""
PROTECTIONS: tuple[tuple[str, float], ...] = (
    ("none", 0.98), ("client", 0.005), ("confidential", 0.01), ("strict", 0.004), ("strict_abroad", 0.001),
)  # fmt: skip
CHECK_WEIGHTS = ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
EXPECTING = 0.01
"""The share of logs that are a pregnant woman's."""
_STREETS = ("Strandvegen", "Kyrkjevegen", "Nordliveien", "Skulegata", "Elvebakken", "Åsvegen", "Fjordgata", "Myrvegen")


class Family(Struct, frozen=True, kw_only=True):
    """One household's people as canonical records, and the situation it is in."""

    situation: str
    language: str
    children: tuple[dict[str, Any], ...]
    adults: tuple[dict[str, Any], ...]
    relations: tuple[tuple[dict[str, Any], ...], ...]
    """For each child, what a register says of its guardians."""


def check_digits(nine: str) -> str | None:
    """The two check digits of nine digits, or ``None`` where there are none.

    Skatteetaten's rule for fødselsnummer; the numbers made here hold under the rule until 2032 and under the next.
    """
    digits = [int(digit) for digit in nine]
    first = -sum(weight * digit for weight, digit in zip(CHECK_WEIGHTS[0], digits, strict=True)) % 11
    if first == 10:
        return None
    digits.append(first)
    second = -sum(weight * digit for weight, digit in zip(CHECK_WEIGHTS[1], digits, strict=True)) % 11
    return None if second == 10 else f"{first}{second}"


class Numbers:
    """Synthetic person numbers (month + 80), each given once. Holds one counter for each day, whatever their number.

    ``later`` takes the upper half of each day's numbers, so that two makers of people never give the same.
    """

    def __init__(self, last_day: date, *, later: bool = False) -> None:
        self._next = array("H", bytes(2 * (last_day.toordinal() - FIRST_DAY + 1)))
        self._half = 250 if later else 0

    def take(self, day: int) -> tuple[str, str]:
        """A number that nobody has and the birth date it is for: the ordinal ``day``, or the next that has one left."""
        while True:
            born = date.fromordinal(day)
            start = self._half + (0 if born.year < 2000 else 500)
            end = start + 250
            at = day - FIRST_DAY
            prefix = f"{born.day:02d}{born.month + 80:02d}{born.year % 100:02d}"
            while (serial := start + self._next[at]) < end:
                self._next[at] += 1
                nine = f"{prefix}{serial:03d}"
                digits = check_digits(nine)
                if digits is not None:
                    return nine + digits, born.isoformat()
            day -= 1


class People:
    """Makes families without end. All chance comes from ``chance``; see ``Numbers`` for ``later``."""

    def __init__(self, chance: Random, today: date, *, later: bool = False) -> None:
        self._roll = chance.random
        self._today = today.toordinal()
        self._numbers = Numbers(today, later=later)
        self._count = 50_000_000 if later else 0

    def families(self) -> Iterator[Family]:
        """Families one after another; nothing of an earlier one is kept."""
        while True:
            yield self._expecting() if self._roll() < EXPECTING else self._family()

    def _expecting(self) -> Family:
        """A pregnant woman: the log is hers, and becomes the child's."""
        naming = weighed(tuple((each, each.share) for each in NAMINGS), self._roll())
        woman = self._person(naming.women, self._one(naming.families), naming)
        number, born = self._numbers.take(self._today - int((18 + 24 * self._roll()) * 365.25))
        woman["fields"] |= {"number": number, "birth_date": born, "role": "subject", "pregnant": True}
        return Family(situation="expecting", language=naming.language, children=(woman,), adults=(), relations=((),))

    def _family(self) -> Family:
        roll = self._roll
        naming = weighed(tuple((each, each.share) for each in NAMINGS), roll())
        situation = weighed(SITUATIONS, roll())
        family_name = self._one(naming.families)
        place = {
            "address": f"{self._one(_STREETS)} {1 + int(roll() * 98)}",
            "postal_code": "6999",
            "city": "Fjordglimt",
        }
        mother = self._person(naming.women, family_name, naming)
        father = self._person(naming.men, self._one(naming.families) if roll() < 0.35 else family_name, naming)
        size = 1 if situation == "G9" else weighed(((1, 0.68), (2, 0.26), (3, 0.06)), roll())
        first_age = self._age()
        adults = self._adults(situation, mother, father, first_age)
        if situation in ("G2", "G3", "G5") and len(adults) > 1:
            adults[1]["fields"]["address"] = f"{self._one(_STREETS)} {1 + int(roll() * 98)}"
        children = []
        for number in range(size):
            child = self._child(naming, family_name, max(60, first_age - number * (500 + int(roll() * 900))))
            child["fields"] |= place
            if situation == "G6":
                child["fields"]["care"] = "care_order" if roll() < 0.8 else "emergency"
            children.append(child)
        self._protect(children, adults)
        return Family(
            situation=situation,
            language=naming.language,
            children=tuple(children),
            adults=tuple(adults),
            relations=tuple(tuple(_relations(situation, child, adults)) for child in children),
        )

    def _age(self) -> int:
        """A child's age in days: most are of school age, when relay logs are opened."""
        low, high = weighed((((0, 3), 0.08), ((3, 6), 0.2), ((6, 13), 0.47), ((13, 18), 0.25)), self._roll())
        return int((low + (high - low) * self._roll()) * 365.25)

    def _adults(
        self, situation: str, mother: dict[str, Any], father: dict[str, Any], child_age: int
    ) -> list[dict[str, Any]]:
        roll = self._roll
        present = [father] if situation == "G9" else [mother, father]
        for adult in present:
            born = self._today - child_age - int((20 + 22 * roll()) * 365.25)
            adult["fields"]["number"], adult["fields"]["birth_date"] = self._numbers.take(max(born, FIRST_DAY + 9_000))
        if situation == "G8":
            father["fields"]["deceased"] = True
        return present

    def _person(self, given: tuple[str, ...], family_name: str, naming: Naming) -> dict[str, Any]:
        self._count += 1
        fields: dict[str, Any] = {
            "given_name": self._one(given),
            "family_name": family_name,
            "role": "guardian",
            "protection": "none",
        }
        if naming.language != "nb":
            fields["language"] = naming.language
            if self._roll() < naming.interpreter:
                fields["needs_interpreter"] = True
        return {"kind": "person", "id": f"p{self._count:08d}", "fields": fields}

    def _child(self, naming: Naming, family_name: str, age: int) -> dict[str, Any]:
        child = self._person(naming.girls if self._roll() < 0.46 else naming.boys, family_name, naming)
        number, born = self._numbers.take(self._today - age)
        child["fields"] |= {"number": number, "birth_date": born, "role": "subject", "has_capacity": True}
        child["fields"].pop("needs_interpreter", None)
        return child

    def _protect(self, children: list[dict[str, Any]], adults: list[dict[str, Any]]) -> None:
        """Address protection mostly covers a parent and the children with it; where it is, no address is known here."""
        protection = weighed(PROTECTIONS, self._roll())
        if protection == "none":
            return
        for person in (*adults[:1], *children):
            person["fields"]["protection"] = protection
            if protection != "client":
                for name in ("address", "postal_code", "city"):
                    person["fields"].pop(name, None)

    def _one(self, among: tuple[str, ...]) -> str:
        return among[int(self._roll() * len(among))]


def weighed(shares: Any, roll: float) -> Any:
    """The entry of ``((entry, share), …)`` on which a roll from 0 to 1 falls; the last one if the shares fall short."""
    for entry, share in shares:
        roll -= share
        if roll < 0:
            return entry
    return shares[-1][0]


_TIES: dict[str, tuple[dict[str, Any], ...]] = {
    "G1": ({"responsibility": "joint", "resident": True}, {"responsibility": "joint", "resident": True}),
    "G2": ({"responsibility": "joint", "resident": True}, {"responsibility": "joint", "resident": False}),
    "G3": (
        {"responsibility": "joint", "resident": True, "shared_residence": True},
        {"responsibility": "joint", "resident": True, "shared_residence": True},
    ),
    "G4": ({"responsibility": "sole", "resident": True},),
    "G5": ({"responsibility": "sole", "resident": True}, {"responsibility": "none", "resident": False}),
    "G6": ({"responsibility": "joint", "resident": False}, {"responsibility": "joint", "resident": False}),
    "G7": ({"responsibility": "deprived", "resident": False}, {"responsibility": "deprived", "resident": False}),
    "G8": ({"responsibility": "sole", "resident": True},),
    "G9": ({"responsibility": "verge", "resident": False, "relation": "verge"},),
    "G10": ({"responsibility": "unknown", "resident": True}, {"responsibility": "unknown", "resident": False}),
}
"""For each situation, the first and second adult's ties to the child."""


def _relations(situation: str, child: dict[str, Any], adults: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for place, (adult, tie) in enumerate(zip(adults, _TIES[situation], strict=False)):
        yield {
            "kind": "relation",
            "id": f"r{child['id'][1:]}-{place + 1}",
            "fields": {
                "person": adult["id"],
                "child": child["id"],
                "relation": "mother" if place == 0 else "father",
                "source": "register",
                "since": child["fields"]["birth_date"],
                **tie,
            },
        }
