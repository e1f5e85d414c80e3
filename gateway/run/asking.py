"""Asking a register about the persons of the cases that it is due for.

A register that answers questions (rather than telling of all that changes) is asked about the persons in cases that
are new or changed, and about all of them once a day.
"""

from gateway.core import casefile
from gateway.core.casefile import CaseFile, Entry
from gateway.run.border import asked
from gateway.run.intake import keep_answer
from gateway.run.settings import System
from gateway.run.tally import Tally
from gateway.run.world import World
from gateway.sdk import Adapter

PERSONS = 100
"""Persons in one question."""

CASES = 100


def ask(world: World, system: System, tally: Tally) -> None:
    """Ask about everyone in the cases that this register is due for, and keep its answers."""
    adapter = world.adapters[system.name]
    if not adapter.capabilities.lookup:
        return
    while True:
        now = world.clock()
        with world.store.read() as tx:
            marks = tx.due(system.name, limit=CASES, now=now)
            files = [casefile.decode(body) for _, body in tx.load_cases([mark.case for mark in marks]).values()]
        if not marks:
            return
        numbers = list(
            dict.fromkeys(
                number
                for file in files
                for item, entry in file.of_kind("person")
                if _is_asked_about(file, item, entry, adapter) and (number := entry.fields.get("number"))
            )
        )
        for at in range(0, len(numbers), PERSONS):
            page = asked(adapter.lookup, numbers[at : at + PERSONS])
            world.step("asked")
            tally.fetched[system.name] += len(page.records)
            tally.add(keep_answer(world, system, adapter, page))
        with world.store.write() as tx:
            tx.clear_due(system.name, [(mark.case, mark.seq) for mark in marks])


def _is_asked_about(file: CaseFile, item: str, entry: Entry, adapter: Adapter) -> bool:
    """The family, or the case's own child alone; employees are nobody's business."""
    if adapter.capabilities.subjects_only:
        case = file.case()
        return case is not None and case.fields.get("subject") == item
    return bool(entry.fields.get("role") != "employee")
