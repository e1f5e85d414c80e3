"""Synthetic cases as the protocol writes them, for the simulator. Nobody in them exists."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

NUMBERS = ("06821099739", "17908599950")
"""Synthetic person numbers (month + 80)."""
_NAMES = ("Nora", "Emil", "Amina", "Jakub", "Sunniva", "Áilu", "Ingrid", "Omar")
_WORRIES = ("Er ofte borte fra skolen.", "Leker mest alene.", "Sover lite om natten.", "Vil ikkje vere med i gymtimen.")
_MEASURES = ("Fast voksen i friminuttene", "Samtale hver uke", "Leksehjelp to dager i uken", "Turgruppe på torsdager")


def cases(seed: int, *, count: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Case documents, equal for equal seeds."""
    chance = Random(seed)  # noqa: S311 - made-up children, not secrets
    for number in range(count):
        child, case = f"p{seed}-{number}", f"k{seed}-{number}"
        origin = {"service": chance.choice(["school", "kindergarten"]), "unit": f"unit-{chance.randrange(3)}"}
        header = {"case": case, "about": [child], "withheld_from_parents": False, "origin": origin}
        day = f"2026-{chance.randrange(1, 10):02}-{chance.randrange(1, 28):02}"
        person = {"role": "subject", "given_name": chance.choice(_NAMES), "family_name": "Eksempel"}
        if number < len(NUMBERS):
            person["number"] = NUMBERS[number]
        concern = {"raised_on": day, "raised_by": "employee", "summary": chance.choice(_WORRIES), "status": "raised"}
        measure = {"title": chance.choice(_MEASURES), "status": "decided", "decided_on": day}
        yield (
            "case",
            {
                "id": case,
                "kind": "case",
                **header,
                "category": "case",
                "fields": {"subject": child, "subject_role": "child", "status": "active", "opened_on": day},
                "items": {
                    "person": [{"id": child, "kind": "person", "category": "person", "fields": person}],
                    "concern": [{"id": f"b{seed}-{number}", "kind": "concern", "category": "concern", **header,
                                 "fields": concern}],
                    "measure": [{"id": f"t{seed}-{number}", "kind": "measure", "category": "measure", **header,
                                 "fields": measure}],
                },
            },
        )  # fmt: skip


def flat(seed: int, *, count: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The same cases as records one by one, those first that others point to."""
    for _, document in cases(seed, count=count):
        items = document["items"]
        yield from (("person", one) for one in items["person"])
        yield "case", {name: value for name, value in document.items() if name != "items"}
        yield from ((kind, one) for kind in ("concern", "measure") for one in items[kind])
