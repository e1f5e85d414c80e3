"""What a task by hand shows: never more than the gate lets its receiver have at this moment.

The values of a task "enter" are on their way until somebody has entered them, so they are decided again when shown.
"""

from typing import Any

import msgspec

from gateway.core import casefile
from gateway.run.entering import left_of
from gateway.run.explaining import decisions_of, facts_of
from gateway.run.world import World
from gateway.store import Task


def emptied(task: Task) -> bytes:
    """The body of a task by hand that is done with: nothing of what was entered stays behind."""
    return msgspec.json.encode({**msgspec.json.decode(task.body), "enter": []})


def still_allowed(world: World, task: Task) -> list[dict[str, Any]]:
    """The items of an open task "enter" as far as the gate lets them go at this moment."""
    told: list[dict[str, Any]] = msgspec.json.decode(task.body).get("enter", [])
    if not told or task.case is None or task.system is None or task.system not in world.adapters:
        return []
    allowed = _allowed(world, task.case, task.system)
    left = [left_of(one, frozenset(one["values"]) - allowed.get(one["item"], frozenset())) for one in told]
    return [one for one in left if one is not None]


def _allowed(world: World, case: str, name: str) -> dict[str, frozenset[str]]:
    """By item the fields that one system may have now, as if it had nothing yet."""
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
    if found is None:
        return {}
    file = casefile.decode(found[1])
    facts = facts_of(world, file, world.clock())
    return {
        item: frozenset(field for field, effect in decision.fields.items() if effect == "permit")
        for item, decision in decisions_of(world, file, name, facts).items()
    }
