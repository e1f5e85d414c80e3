"""The finite domain of the gate: axes of facts, axes of asks, and the families of their products.

A *family* is the whole product of its axes. Facts stand still while all the family's asks go over them, so that what
the gate works out once for a case and keeps is part of what is proved. An axis maps the name of a choice to what it
sets, by dotted path; what a family does not vary is as in ``BASE``.
"""

import itertools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from gateway.core.model import FACETS
from gateway.core.model.codes import DOMAINS, ITEM_KINDS, PROTECTIONS, PURPOSES, SERVICES

Choices = dict[str, dict[str, Any]]
EVERY_SERVICE = sorted(SERVICES)
SIGNERS = ("mother", "father", "verge", "child", "child_welfare", "sibling", "baby")
LOST: Any = object()
"""What an axis sets where nobody told a fact; it goes last, whatever another axis set."""
ASK_KEYS = ("item", "sender", "receiver", "purpose", "need", "duty")


def yes(by: str, purpose: str = "bti", **more: Any) -> dict[str, Any]:
    """A declaration that reaches everything, but for what is said."""
    told = {
        "id": f"{by}-{purpose}", "by": by, "purpose": purpose, "services": EVERY_SERVICE, "from_services": [],
        "categories": [], "excluded": [], "from": "2000-01-01", "to": None, "withdrawn": None,
    }  # fmt: skip
    return told | more


def _person(ident: str, born: str | None = "1985-01-01", protection: str | None = "none") -> dict[str, Any]:
    return {"id": ident, "birth_date": born, "protection": protection}


def _guardian(person: str, responsibility: str | None = "joint", resident: bool | None = True) -> dict[str, Any]:
    return {"person": person, "responsibility": responsibility, "resident": resident}


def people(protection: str | None = "none", sibling: str | None = "2000-01-01") -> list[dict[str, Any]]:
    grown = [_person("mother"), _person("father"), _person("verge")]
    return [*grown, _person("sibling", sibling, protection), _person("baby", "2020-01-01")]


NEED = {"by": "leader", "at": "2009-06-01T08:00:00+02:00", "reason": "needed"}
BASE: dict[str, Any] = {
    "at": "2026-06-15T12:00:00+02:00",
    "municipality": {"model": "klepp", "policy": {"self_consent_age": 15, "both_guardians": True}},
    "subject": {
        "id": "child", "birth_date": "2016-05-02", "protection": "none", "has_capacity": True, "pregnant": False,
    },
    "people": people(),
    "guardians": [_guardian("mother"), _guardian("father", resident=False)],
    "care": "none",
    "consents": [],
    "refusals": [],
    "blocks": [],
    "item": {
        "kind": "concern", "domain": "education", "category": "concern", "about": ["child"],
        "withheld_from_parents": False, "fields": ["level", "summary", "raised_by_name", "unheard_of"],
    },
    "sender": {"service": "school", "unit": "s-1", "body": "the-municipality"},
    "receiver": {"service": "ppt", "unit": "p-1", "body": "another-body", "sector": "public"},
    "purpose": "bti",
    "need": None,
    "duty": None,
}  # fmt: skip


def _fields(kind: str | None) -> list[str]:
    """One field of each sort that a kind has, and one that the model does not know."""
    first = {facet: name for name, facet in reversed(FACETS.get(kind or "", {}).items())}
    return [*first.values(), "unheard_of"]


def one_path(path: str, *values: Any) -> Choices:
    """An axis that sets one value."""
    return {f"{path.rpartition('.')[2]}={value}": {path: value} for value in values}


def _aged(years: float, at: int = 2026) -> str:
    return f"{at - int(years)}-06-{15 if years == int(years) else 10:02d}"


AT = one_path("at", "2026-06-15T12:00:00+02:00", "2026-11-21T12:00:00+01:00", "2027-06-15T12:00:00+02:00")
AGE = {
    "age unknown": {"subject.birth_date": None}, "unborn": {"subject.birth_date": "2026-12-24"},
    **{f"age {years}": {"subject.birth_date": _aged(years)} for years in (0, 5, 6, 7, 11, 12, 14, 15, 16, 17, 18, 40)},
    **{
        f"{years} tomorrow": {"subject.birth_date": f"{2026 - years}-06-16"} for years in (6, 12, 15, 16, 18)
    },
}  # fmt: skip
_FLAG = (False, True, None)
YOUNG = {name: AGE[name] for name in ("age 5", "age 11", "age 14", "age 15", "age 16", "age 18")}
CAPACITY = one_path("subject.has_capacity", *_FLAG)
PREGNANT = one_path("subject.pregnant", *_FLAG)
CARE = one_path("care", "none", "care_order", "emergency", "moving_ban", None)
GUARDIANS: Choices = {
    name: {"guardians": told}
    for name, told in {
        "apart": [_guardian("mother"), _guardian("father", resident=False)],
        "together": [_guardian("mother"), _guardian("father")],
        "neither at home": [_guardian("mother", resident=False), _guardian("father", resident=False)],
        "home unknown": [_guardian("mother"), _guardian("father", resident=None)],
        "sole": [_guardian("mother", "sole"), _guardian("father", "none", resident=False)],
        "sole, other deprived": [_guardian("father", "sole"), _guardian("mother", "deprived")],
        "verge": [_guardian("verge", "verge", resident=None), _guardian("father", "deprived", resident=False)],
        "deprived, no verge": [_guardian("mother", "deprived"), _guardian("father", "deprived")],
        "nobody named": [],
        "not told": None,
        "one not known": [_guardian("mother"), _guardian("father", "unknown")],
        "one not told": [_guardian("mother", "sole"), _guardian("father", None)],
        "joint alone": [_guardian("mother"), _guardian("father", "none")],
        "sole and joint": [_guardian("mother", "sole"), _guardian("father")],
        "two soles": [_guardian("mother", "sole"), _guardian("father", "sole")],
        "verge beside": [_guardian("mother", "sole"), _guardian("verge", "verge")],
        "told twice otherwise": [_guardian("mother", "sole"), _guardian("mother", "none")],
        "a stranger": [_guardian("mother"), _guardian("stranger")],
    }.items()
}
SHAPES = {name: GUARDIANS[name] for name in ("apart", "together", "sole", "verge", "not told")}
POLICY = {
    f"policy {age} {both}": {"municipality.policy": {"self_consent_age": age, "both_guardians": both}}
    for age in (15, 16, None) for both in (True, False, None)
}  # fmt: skip
SOME_POLICY = {name: POLICY[name] for name in ("policy 15 True", "policy 16 False", "policy None None")}
ALL_SIGN = {"all sign": {"consents": [yes(by, purpose) for by in SIGNERS for purpose in sorted(PURPOSES)]}}
NONE_SIGN = {"none sign": {"consents": []}}
DOMAIN = one_path("item.domain", *sorted(DOMAINS), None)
PURPOSE = one_path("purpose", *sorted(PURPOSES), None)
WITHHELD = one_path("item.withheld_from_parents", *_FLAG)
KIND = {
    f"kind {kind}": {"item.kind": kind, "item.category": kind, "item.fields": _fields(kind)}
    for kind in [*sorted(ITEM_KINDS), None]
}
ABOUT = one_path(
    "item.about", ["child"], [], ["child", "sibling"], ["mother"], ["child", "baby"], ["child", "stranger"], None
)


def _way(name: str, sends: str | None, gets: str | None, **more: Any) -> Choices:
    told = {"sender.service": sends, "receiver.service": gets}
    return {name: told | {path.replace("__", "."): value for path, value in more.items()}}


WAYS = {
    **_way("school to ppt", "school", "ppt"),
    **_way("kindergarten to school", "kindergarten", "school"),
    **_way("kindergarten to another", "kindergarten", "kindergarten"),
    **_way("school to another", "school", "school"),
    **_way("school to the same", "school", "school", receiver__unit="s-1"),
    **_way("school to one unknown", "school", "school", receiver__unit=None),
    **_way("nurse to doctor", "school_health", "gp"),
    **_way("doctor to school", "gp", "school"),
    **_way("welfare to school", "child_welfare", "school"),
    **_way("to the mother", "school", "guardian", receiver__person="mother", receiver__sector=None),
    **_way("to the child", "school", "subject", receiver__sector=None),
}


class Family(NamedTuple):
    """The product of some axes: of facts, and of asks."""

    name: str
    facts: tuple[Choices, ...]
    asks: tuple[Choices, ...]

    @property
    def size(self) -> int:
        return self.facts_size * self.asks_size

    @property
    def facts_size(self) -> int:
        return math.prod(len(axis) for axis in self.facts)

    @property
    def asks_size(self) -> int:
        return math.prod(len(axis) for axis in self.asks)

    def fact(self, index: int) -> dict[str, Any]:
        """The facts of an index, as a scenario without its ask."""
        scene = set_paths(BASE, _chosen(self.facts, index))
        return {key: value for key, value in scene.items() if key not in ASK_KEYS}

    def ask(self, index: int) -> dict[str, Any]:
        """The ask of an index: the other keys of a scenario."""
        scene = set_paths(BASE, _chosen(self.asks, index))
        return {key: scene[key] for key in ASK_KEYS}

    def all_asks(self) -> Iterator[dict[str, Any]]:
        """Every ask."""
        return map(self.ask, range(self.asks_size))


def _chosen(axes: tuple[Choices, ...], index: int) -> Iterator[tuple[str, Any]]:
    chosen = []
    for axis in reversed(axes):
        index, place = divmod(index, len(axis))
        chosen.append(next(itertools.islice(axis.values(), place, None)))
    return itertools.chain.from_iterable(choice.items() for choice in reversed(chosen))


def set_paths(scene: dict[str, Any], changes: Any) -> dict[str, Any]:
    """A copy of a scene with values set by dotted path; what is not changed is shared."""
    made = dict(scene)
    for path, value in sorted(changes, key=lambda change: change[1] is LOST):
        if value is LOST and made.get(path.partition(".")[0]) is None:
            continue
        node, (*way, last) = made, path.split(".")
        for step in way:
            node[step] = dict(node[step])
            node = node[step]
        node[last] = None if value is LOST else value
    return made


__all__ = ["PROTECTIONS", "Family", "one_path", "set_paths", "yes"]
