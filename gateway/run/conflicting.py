"""Questions about fields that two systems changed: asked when an answer can reach somebody, settled when it is over.

While nothing may go between the sides (a flow in shadow, a consent that has run out, a basis that nobody has read) both
values stay where they are, and a person's answer would change nothing for anybody. Such a conflict waits, is looked at
again every day and whenever its case changes, and ends by itself when the two come to say the same.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from gateway.core.ages import day
from gateway.core.casefile import CaseFile, Clash
from gateway.core.deadlines import next_list
from gateway.core.model import FACETS
from gateway.core.parked import askable
from gateway.core.sendings import Receiver
from gateway.run.explaining import facts_of
from gateway.run.world import World
from gateway.store import Task, Tx

KIND = "conflict"
WORDING = "wording"
"""A conflict about a text alone, where the settings say that it waits for the unit's list."""

KINDS = (KIND, WORDING)


def keep_questions(world: World, tx: Tx, files: Collection[CaseFile], at: datetime) -> tuple[int, set[str]]:
    """Ask about the conflicts of some cases that are to be asked about now, and settle what is over.

    How many tasks were made, and the cases in which a conflict waits.
    """
    asked, stand, waits = _questions(world, tx, files, at)
    made = len(tx.add_tasks(asked)) if asked else 0
    tx.settle_others(stand, cases=[file.id for file in files], kinds=KINDS, at=at)
    return made, waits


class Waiting(NamedTuple):
    """Conflicts between a system and us in one item that nobody is asked about yet.

    ``fields`` is how many, ``since`` the day of the first, and ``asked`` the day of the list that they come on; without
    a day they wait until something may go between the two.
    """

    system: str
    item: str
    fields: int
    since: date
    asked: date | None


def waiting(world: World, tx: Tx, file: CaseFile, at: datetime) -> list[Waiting]:
    """The conflicts of a case that wait, by system and item."""
    stands = _between(file)
    if not stands:
        return []
    asked = {(task.system, one["item"], one["field"]) for task in tx.tasks(case=file.id) if task.kind in KINDS
             for one in msgspec.json.decode(task.body)["fields"]}  # fmt: skip
    of_use = {_name(file, one) for one in _of_use(world, file, _receivers(world, tx), at)}
    found: dict[tuple[str, str, date | None], list[date]] = {}
    for clash in stands:
        if clash.item in file.items and (clash.system, clash.item, clash.name) not in asked:
            on = _listed_on(world, file, clash) if _name(file, clash) in of_use else None
            found.setdefault((clash.system, clash.item, on), []).append(day(datetime.fromisoformat(clash.since)))
    return [Waiting(system, item, len(since), min(since), on) for (system, item, on), since in found.items()]


def _between(file: CaseFile) -> list[Clash]:
    return [one for one in file.clashes if one.why == "both_changed"]


def _questions(world: World, tx: Tx, files: Iterable[CaseFile], at: datetime) -> tuple[list[Task], set[str], set[str]]:
    """What is asked about now of some cases, the names of all that stand in them, and the cases in which one waits."""
    asked: list[Task] = []
    stand: set[str] = set()
    waits: set[str] = set()
    receivers = None
    for file in files:
        found = _between(file)
        if not found:
            continue
        if receivers is None:
            receivers = _receivers(world, tx)
        now = [one for one in _of_use(world, file, receivers, at) if _listed_on(world, file, one) <= day(at)]
        stand |= {_name(file, one) for one in found}
        asked += [_task(world, file, one, at) for one in now]
        if len(now) < len(found):
            waits.add(file.id)
    return asked, stand, waits


def _of_use(world: World, file: CaseFile, receivers: Mapping[str, Receiver], at: datetime) -> list[Clash]:
    """The conflicts of a case of which an answer reaches somebody now."""
    facts, parties = facts_of(world, file, at), world.parties()
    return list(askable(file=file, facts=facts, receivers=receivers, parties=parties, rules=world.rules))


def _receivers(world: World, tx: Tx) -> dict[str, Receiver]:
    """Who can be told something now, by the flows that are open."""
    open_to = _open_flows(tx)
    return {
        name: world.receiver(world.settings.systems[name], live=open_to.get(name, frozenset()).__contains__)
        for name, adapter in world.adapters.items()
        if adapter.capabilities.writes and name in world.settings.systems
    }


def _kind(world: World, file: CaseFile, clash: Clash) -> str:
    text = FACETS[file.items[clash.item].kind].get(clash.name, "narrative") == "narrative"
    return WORDING if text and world.settings.wordings == "weekly" else KIND


def _listed_on(world: World, file: CaseFile, clash: Clash) -> date:
    """The day from which a conflict is asked about: that of the unit's list where it is one of words alone."""
    since = day(datetime.fromisoformat(clash.since))
    return next_list(since) if _kind(world, file, clash) == WORDING else since


def _open_flows(tx: Tx) -> dict[str, frozenset[str]]:
    """By system those whose flow to it sends now."""
    if tx.paused():
        return {}
    found: dict[str, set[str]] = {}
    for flow in tx.flows():
        if flow.state == "approved":
            found.setdefault(flow.target, set()).add(flow.source)
    return {target: frozenset(sources) for target, sources in found.items()}


def _name(file: CaseFile, clash: Clash) -> str:
    return f"{KIND}/{file.id}/{clash.item}/{clash.name}/{clash.system}"


def _task(world: World, file: CaseFile, clash: Clash, at: datetime) -> Task:
    about = {"item": clash.item, "kind": file.items[clash.item].kind, "field": clash.name}
    return Task(
        kind=_kind(world, file, clash),
        dedupe=_name(file, clash),
        at=at,
        case=file.id,
        item=clash.item,
        system=clash.system,
        unit=unit_of(world, file, clash.system),
        body=msgspec.json.encode({"fields": [about]}),
    )


def unit_of(world: World, file: CaseFile, system: str) -> str | None:
    """Whose a question between a system and us is: the unit that keeps the case, else the one whose system it is."""
    case = file.case()
    return case.origin.unit if case is not None else world.settings.systems[system].unit
