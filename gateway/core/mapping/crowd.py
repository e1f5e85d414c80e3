"""Fields that stand together in one object of the vendor's, where a record holds few of many."""

from collections.abc import Callable, Mapping

from gateway.core.mapping.spec import Path, Value

CROWD = 6
"""So many fields in one object of the vendor's are looked for among what it holds, and not one after another."""


def crowds(fields: Mapping[str, Value], simple: Callable[[Value], bool]) -> dict[Path, dict[str, Value]]:
    """Fields by the object of the vendor's that they stand in together, where they are many and simple."""
    found: dict[Path, dict[str, Value]] = {}
    for name, value in fields.items():
        if len(value.path) > 1 and simple(value):
            found.setdefault(value.path[:-1], {})[name] = value
    return {
        parent: members
        for parent, members in found.items()
        if len(members) >= CROWD and len({value.path for value in members.values()}) == len(members)
    }
