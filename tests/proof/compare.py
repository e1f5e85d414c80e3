"""Both engines over a family: each index decided twice, and each difference made as small as it can be."""

import json
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from second_engine import Answer
from second_engine import decide as second
from space import ASK_KEYS, BASE, Family

from gateway.core import scenario
from gateway.core.ask import Ask, Decision
from gateway.core.consent import Facts, decide
from gateway.core.rules import RULES

Point = tuple[Facts | None, Ask, tuple[str, ...]]


def parsed(scene: dict[str, Any]) -> Point:
    """A scenario as the first engine's values. The scenarios of the space are all well-formed, but for strangers."""
    made, _ = scenario.read(scene)
    return made.facts, made.ask, made.fields


def first(facts: Facts | None, ask: Ask, fields: tuple[str, ...], rules: Any = RULES) -> Answer:
    """The first engine's answer, as the two are compared."""
    if facts is None:
        made = scenario.judge(scenario.Scenario(facts=None, ask=ask, fields=fields), rules)
    else:
        made = decide(facts, ask, fields, rules)
    return shape(made)


def shape(made: Decision) -> Answer:
    """A decision as the two are compared on."""
    return Answer(
        made.effect,
        dict(made.fields),
        made.rules[0],
        made.secrecy_basis,
        made.processing_basis,
        frozenset(made.must_consent),
        frozenset(made.missing),
    )


def spread(size: int, count: int) -> list[int]:
    """So many places of a range, always the same ones, with no step between them that an axis could follow."""
    return Random(size).sample(range(size), min(count, size))


def walk(
    family: Family, facts: Iterable[int], asks: Iterable[int], every: int = 1
) -> Iterator[tuple[dict[str, Any], Point]]:
    """Some facts of a family with some asks: each facts meets every so manyth, and all are met in turn."""
    dummy = family.fact(0)
    read = [(told, *parsed(dummy | told)[1:]) for told in map(family.ask, asks)]
    for count, index in enumerate(facts):
        scene = family.fact(index)
        known = parsed(scene | read[0][0])[0]
        for told, ask, fields in read[count % every :: every]:
            yield scene | told, (known, ask, fields)


def smallest(scene: dict[str, Any], differs: Any) -> dict[str, Any]:
    """A scenario on which something still differs, with all else set back to what the base has."""
    made = scene
    for key in (*[key for key in BASE if key not in ASK_KEYS], *ASK_KEYS):
        tried = made | {key: BASE[key]}
        if differs(tried):
            made = tried
        elif isinstance(made.get(key), dict) and isinstance(BASE[key], dict):
            for name, value in BASE[key].items():
                tried = made | {key: made[key] | {name: value}}
                if differs(tried):
                    made = tried
        elif isinstance(made.get(key), list):
            for one in list(made[key]):
                tried = made | {key: [other for other in made[key] if other is not one]}
                if differs(tried):
                    made = tried
    return made


def disagree(scene: dict[str, Any]) -> bool:
    """Whether the two engines give different answers."""
    return first(*parsed(scene)) != second(scene)


def told(scene: dict[str, Any]) -> str:
    """A difference in print: what is not as in the base, as JSON, and both answers."""
    small = smallest(scene, disagree)
    odd = {key: value for key, value in small.items() if value != BASE[key]}
    one, two = first(*parsed(small)), second(small)
    lines = [json.dumps(odd, ensure_ascii=False)]
    lines += [
        f"  {name}: first {getattr(one, name)} second {getattr(two, name)}"
        for name in Answer._fields
        if getattr(one, name) != getattr(two, name)
    ]
    return "\n".join(lines)
