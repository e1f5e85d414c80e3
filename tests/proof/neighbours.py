"""Points beside those that let something pass: where a small change of a rule shows first.

Each row of the table has a scene that it lets through. From there one fact is changed, to every choice of every axis,
and two at a time by a fixed draw: so each limit of each row is met from both sides.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from families import _BLOCKS, _BODIES, _DUTIES, _NEEDS, _OBJECTIONS, _SECTOR, _SIBLINGS, _TO_WHOM, _UNITS, _declared
from families import _shielded as shielded
from scenes import PERMITTED, permitted
from space import (
    ABOUT,
    AGE,
    ALL_SIGN,
    AT,
    CAPACITY,
    CARE,
    DOMAIN,
    GUARDIANS,
    KIND,
    POLICY,
    PREGNANT,
    PURPOSE,
    WAYS,
    WITHHELD,
    Choices,
    people,
    set_paths,
)

Scene = dict[str, Any]
ONE_GIVER: Choices = {
    name: {"+by": by, **told} for by in ("mother", "father", "child", "sibling") for name, told in _declared(by).items()
}
LIMITS: Choices = {
    f"yeses with {key}={value}": {"+yes": {key: value}}
    for key, values in {
        "services": [["ppt"], ["health_station", "school", "ppt", "gp"]],
        "units": [["hs-1"], ["hs-2"], ["p-1", "s-2"]],
        "from_services": [["kindergarten"], ["school"], ["gp"]],
        "categories": [["concern"], ["goal"]],
        "excluded": [[one] for one in (
            {"service": "school"}, {"service": "health_station"}, {"service": "nav"}, {"unit": "hs-1"},
            {"unit": "bhg-3"}, {"unit": "x"}, {"category": "concern"}, {"kind": "concern"}, {"kind": "goal"},
            {"person": "child"}, {"person": "mother"}, {"person": "sibling"},
        )],
        "from": ["2026-06-15", "2026-06-16", None], "to": ["2026-06-15", "2026-06-14", None],
        "withdrawn": ["2026-06-15", "2026-06-16"],
    }.items() for value in values
}  # fmt: skip
AXES: tuple[Choices, ...] = (
    AGE, CAPACITY, PREGNANT, CARE, GUARDIANS, POLICY, DOMAIN, PURPOSE, WITHHELD, KIND, ABOUT, WAYS, AT, _UNITS, _BLOCKS,
    _NEEDS, _BODIES, _SECTOR, _OBJECTIONS, _SIBLINGS, _TO_WHOM, _DUTIES, shielded(), ONE_GIVER, LIMITS,
)  # fmt: skip


def starts() -> Iterator[Scene]:
    """The scenes to start from: as each row has it, and with everybody's yes; alone and with others in the item."""
    for rule in PERMITTED:
        scene = permitted(rule) | {"people": people()}
        yield scene
        if rule.startswith("C"):
            everybody = set_paths(scene, ALL_SIGN["all sign"].items())
            yield everybody
            yield set_paths(everybody, [("item.about", ["child", "sibling"])])
            yield set_paths(everybody, [("municipality.policy.both_guardians", False)])


def moved(scene: Scene, choice: dict[str, Any]) -> Scene:
    """A scene with one choice of an axis; ``+`` keys change what is declared in it."""
    if "+yes" in choice:
        return scene | {"consents": [one | choice["+yes"] for one in scene["consents"]]}
    if "+by" in choice:
        by = choice["+by"]
        told = next(value for key, value in choice.items() if key.startswith("+consents"))
        noes = next(value for key, value in choice.items() if key.startswith("+refusals"))
        mine = [one | {"purpose": scene["purpose"]} if one["purpose"] == "bti" else one for one in told]
        noes = [one | {"purpose": scene["purpose"]} if one["purpose"] == "bti" else one for one in noes]
        rest = [one for one in scene["consents"] if one["by"] != by]
        return scene | {"consents": [*rest, *mine], "refusals": [*(scene["refusals"] or ()), *noes]}
    return set_paths(scene, choice.items())


def neighbours(pairs: int = 6_000, every: int = 1) -> Iterator[Scene]:
    """Each start with each one change (or with every so manyth), then with two by a fixed draw."""
    begin = list(starts())
    choices = [choice for axis in AXES for choice in axis.values()]
    for number, scene in enumerate(begin):
        for choice in choices[number % every :: every]:
            yield moved(scene, choice)
    chance = Random(17)
    for _ in range(pairs):
        one, two = chance.sample(AXES, 2)
        near = moved(chance.choice(begin), chance.choice(list(one.values())))
        yield moved(near, chance.choice(list(two.values())))
