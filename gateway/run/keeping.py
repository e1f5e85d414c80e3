"""Keep: what a page changed, in one transaction: case files, history, links, persons, due marks, tasks, evidence.

Restrictions go to the vault before that. They stand apart and only close, so they may come early but never late.
"""

import msgspec

from gateway.core import casefile
from gateway.core.answers import asks_anew, keep_to_subject
from gateway.core.casefile import CaseFile, Clash
from gateway.core.codes import plain_code, plain_path
from gateway.core.facts import PERSONAL
from gateway.core.places import transitions
from gateway.run.acts import passed_on
from gateway.run.held import Held
from gateway.run.offers import TOLD
from gateway.run.placing import Placing
from gateway.run.purging import purge_page
from gateway.store import Event, Task


def save(placing: Placing, cursor: str | None) -> None:
    """Write all that was placed, and the cursor that stands behind it."""
    world, tx, now, system = placing.world, placing.tx, placing.now, placing.system.name
    if placing.restrictions:
        world.store.vault.restrict(placing.restrictions)
        closed = {one.person for one in placing.restrictions if one.kind in PERSONAL and one.person is not None}
        elsewhere = {case for each in tx.cases_of(sorted(closed)).values() for case in each}
        # What protects a person holds in all of that person's cases, and is looked at there now.
        tx.mark_due([(taker, case) for case in sorted(elsewhere) for taker in world.takers()], at=now)
    purge_page(placing, {one.person for one in placing.restrictions if one.kind == "protection" and one.person})
    cases, history, tasks, touched, asks = [], [], [], [], []
    events: list[Event] = []
    due: list[tuple[str, str]] = []
    takers = world.takers(but=system)
    persons: dict[tuple[str, str], None] = {}
    for held in placing.held.values():
        taken, file = held.taken, held.file
        if taken is None:
            continue
        keep_to_subject(file, taken.history)
        cases.append((file.id, held.version, casefile.encode(file)))
        if taken.history:
            story = msgspec.msgpack.encode({"by": system, "changes": taken.history})
            history.append((file.id, now, None, story))
            events += passed_on(file, taken.history, at=now)
        if taken.changed:
            touched.append(file.id)
            due.extend((taker, file.id) for taker in takers)
            persons |= dict.fromkeys((item, file.id) for item, _ in file.of_kind("person"))
        if taken.due:
            due.append((system, file.id))
        placing.tally.conflicts += len(taken.clashes)
        if taken.clashes:
            asks.append(file.id)  # what is asked about it is decided when the case is looked at
        if taken.handed:
            tx.remember(f"{TOLD}{file.id}", str(held.version))  # its product asks whom it is offered to
        tasks += _tasks(placing, held)
    if cases:
        tx.save_cases(cases, as_before={case for case, version, _ in cases if version}.difference(touched, asks))
        tx.append_history(history)
        tx.add_events(events)
        tx.mark_due(due, at=now)
        tx.put_people(placing.new_numbers)
        tx.put_person_cases(list(persons))
    if placing.new_links:
        tx.put_links(system, placing.new_links)
        tx.join_units(
            [(placing.system.unit, case) for kind, _, case, *_ in placing.new_links if kind == "case"], at=now
        )
    if tasks:
        placing.tally.tasks += len(tx.add_tasks(tasks))
    if cursor is not None:
        tx.set_cursor(system, cursor, at=now)
    if touched:
        tx.audit([{"act": "kept", "system": system, "cases": touched, "at": now.isoformat()}])


def _tasks(placing: Placing, held: Held) -> list[Task]:
    """What differs at first contact is one list for the whole case, as are doubts; a claim is one task for each item.

    Two edits of one field are asked about when an answer can reach somebody (``conflicting``).
    """
    if held.taken is None:
        return []
    tasks = []
    adopted = [clash for clash in held.taken.clashes if clash.why == "first_contact"]
    if adopted:
        which = "/".join(sorted(f"{clash.item}.{clash.name}" for clash in adopted))
        tasks.append(_task(placing, held, "adoption", f"{placing.system.name}/{which}", adopted))
    claimed: dict[str, list[Clash]] = {}
    for clash in held.taken.clashes:
        if clash.why == "claim":
            claimed.setdefault(clash.item, []).append(clash)  # who coordinates is one thing, in several fields
    for item, each in claimed.items():
        which = "/".join(sorted(clash.name for clash in each))
        tasks.append(_task(placing, held, "claim", f"{item}/{which}/{placing.system.name}", each))
    tasks += [
        _task(placing, held, "deletion", f"{clash.item}/{clash.name}/{clash.system}", [clash])
        for clash in held.taken.clashes
        if clash.why == "deleted"
    ]
    tasks += [
        _offered(placing, held, item) for item in dict.fromkeys(held.taken.handed) if not _asked_there(held.file, item)
    ]
    if asks_anew(held.file, held.taken.history):
        asked = {"task": "ask_consent_anew", "rules": ["C26"], "unknown": []}
        tasks.append(_made(placing, held, kind="gate", key="ask_consent_anew", item=None, body=asked))
    for one in transitions(held.file, held.taken.history):
        key = f"{one.what}/{one.item}"
        tasks.append(_made(placing, held, kind="transition", key=key, item=one.item, body={"transition": one.what}))
    doubts = sorted({(plain_code(code), plain_path(path)) for one in held.told for code, path in one.doubts})
    if doubts:
        body = {"doubts": [{"code": code, "path": path} for code, path in doubts]}
        # Without the system: what we passed on is told again by whoever got it, and is the same doubt.
        key = "/".join(f"{code}{path}" for code, path in doubts)
        tasks.append(_made(placing, held, kind="doubt", key=key, item=None, body=body))
    return tasks


def _asked_there(file: CaseFile, item: str) -> bool:
    """Whether its product alone asks whom an offer is for: its days are known, so that it cannot stand for ever."""
    return file.items[item].fields.get("offered_on") is not None


def _offered(placing: Placing, held: Held, item: str) -> Task:
    """An offer without a day that a system told of: it is asked about here, as one that was made here."""
    body = {"role": held.file.items[item].fields["role"], "to": None}
    made = _made(placing, held, kind="offer", key=item, item=item, body=body)
    unit = held.file.items[item].fields.get("unit")
    return msgspec.structs.replace(made, unit=unit if unit in placing.world.settings.units else made.unit)


def _task(placing: Placing, held: Held, kind: str, key: str, clashes: list[Clash]) -> Task:
    items = [{"item": clash.item, "kind": held.file.items[clash.item].kind, "field": clash.name} for clash in clashes]
    made = _made(placing, held, kind=kind, key=key, item=clashes[0].item, body={"fields": items})
    return msgspec.structs.replace(made, system=clashes[0].system)  # not always the one that was read


def _made(placing: Placing, held: Held, *, kind: str, key: str, item: str | None, body: object) -> Task:
    case = held.file.case()
    return Task(
        kind=kind,
        dedupe=f"{kind}/{held.file.id}/{key}",
        at=placing.now,
        case=held.file.id,
        item=item,
        system=placing.system.name,
        unit=case.origin.unit if case is not None else placing.system.unit,
        body=msgspec.json.encode(body),
    )
