"""What the gateway tells about itself: the state of the lanes, the life of a record, who got what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from gateway.core import casefile
from gateway.core.casefile import CaseFile, Peer
from gateway.core.explain import words
from gateway.core.facts import Restriction, gather
from gateway.core.outgo import plan
from gateway.run.acts import ActFault
from gateway.run.world import World
from gateway.store import Tx


def status(world: World) -> dict[str, Any]:
    """Systems and their lanes, what is due (the oldest first), open tasks, quarantine, flows, and what is broken."""
    with world.store.read() as tx:
        lanes, due = tx.lanes(), tx.due_counts()
        tasks, held, paused = tx.task_counts(), tx.quarantine_counts(), tx.paused()
        cases = tx.case_count()
    systems = []
    for name, system in world.settings.systems.items():
        lane, waiting = lanes.get(name), due.get(name)
        systems.append(
            {
                "system": name,
                "adapter": system.adapter,
                "broken": world.broken.get(name),
                "last_success": _iso(lane.last_success) if lane else None,
                "last_error": lane.last_error if lane else None,
                "error_at": _iso(lane.error_at) if lane else None,
                "due": waiting[0] if waiting else 0,
                "oldest_due": _iso(waiting[1]) if waiting else None,
                "quarantined": held.get(name, 0),
                "uncertain": len(world.store.vault.unfinished(name)),
            }
        )
    systems.sort(key=lambda one: (one["oldest_due"] is None, one["oldest_due"] or "", one["system"]))
    return {
        "tenant": world.settings.tenant,
        "cases": cases,
        "paused": paused,
        "systems": systems,
        "tasks": tasks,
        "due": sum(count for count, _ in due.values()),
    }


def flows(world: World) -> list[dict[str, Any]]:
    """Every pair of systems between which records can go, and whether they may."""
    with world.store.read() as tx:
        known = {(flow.source, flow.target): flow for flow in tx.flows()}
        paused = tx.paused()
    told = []
    for source in world.settings.systems:
        for target, adapter in world.adapters.items():
            if source == target or not adapter.capabilities.writes:
                continue
            flow = known.get((source, target))
            told.append(
                {
                    "from": source,
                    "to": target,
                    "state": flow.state if flow else "shadow",
                    "by": flow.by if flow else None,
                    "at": _iso(flow.at) if flow else None,
                    "sending": bool(flow and flow.state == "approved" and not paused),
                }
            )
    return told


def explain(world: World, record: str, *, receiver: str | None = None, at: datetime | None = None) -> dict[str, Any]:
    """The life of a record (a case, or ``CASE/ITEM``): where it came from, what changed, who has it, each field's fate.

    With ``at``, as it stood and would have been decided then. Raises ``ActFault`` (``act.unknown_case``,
    ``act.unknown_record``, ``act.unknown_system``).
    """
    case, _, item = record.partition("/")
    when = at or world.clock()
    with world.store.read() as tx:
        file = file_at(tx, case, when)
        story = _story(tx, case, when)
        sent = tx.disclosures(cases=[case], end=when)
    if file is None:
        raise ActFault("act.unknown_case", "record")
    if item and item not in file.items:
        raise ActFault("act.unknown_record", "record")
    if receiver is not None and receiver not in world.adapters:
        raise ActFault("act.unknown_system", "receiver")
    wanted = [item] if item else list(file.items)
    targets = [receiver] if receiver else [name for name in world.adapters if world.adapters[name].capabilities.writes]
    fates = {name: _fates(world, file, name, when) for name in targets}
    return {
        "case": case,
        "at": when.isoformat(),
        "records": [
            {
                "item": one,
                "kind": file.items[one].kind,
                "from": file.items[one].origin.system or file.items[one].origin.unit,
                "deleted": file.items[one].deleted,
                "fields": sorted(file.items[one].fields),
                "history": [entry for entry in story if entry["item"] == one],
                "receivers": {name: fate[one] for name, fate in fates.items() if one in fate},
                "disclosed": [
                    {
                        "system": told.system, "at": told.at.isoformat(), "fields": list(told.fields),
                        "rules": list(told.rules), "basis": told.secrecy_basis, "retracted": told.retract_state,
                    }
                    for told in sent
                    if told.item == one
                ],
            }
            for one in wanted
        ],
    }  # fmt: skip


def file_at(tx: Tx, case: str, at: datetime) -> CaseFile | None:
    """The case file as it was recorded at an instant: today's, with every later change undone."""
    found = tx.load_cases([case]).get(case)
    if found is None:
        return None
    file = casefile.decode(found[1])
    for recorded in reversed(tx.history(case)):
        if recorded.recorded_at <= at:
            break
        for item, name, old, _, _ in reversed(msgspec.msgpack.decode(recorded.body)["changes"]):
            _undo(file, item, name, old)
    return file


def _undo(file: CaseFile, item: str, name: str, old: Any) -> None:
    entry = file.items.get(item)
    if entry is None:
        return
    if name == "*":
        entry.deleted = bool(old)
        return
    if name == "+":
        del file.items[item]
        return
    if old is None:
        entry.fields.pop(name, None)
    else:
        entry.fields[name] = old


def _story(tx: Tx, case: str, until: datetime) -> list[dict[str, Any]]:
    """What changed, when it was recorded, since when it holds and by whom: names of fields, no values."""
    story = []
    for one in tx.history(case):
        if one.recorded_at > until:
            break
        body = msgspec.msgpack.decode(one.body)
        for item, name, _, new, valid in body["changes"]:
            told = {"item": item, "recorded": one.recorded_at.isoformat(), "valid_from": valid, "by": body["by"]}
            story += [{**told, "field": field} for field in (new if name == "+" else [name])]
    return story


def _fates(world: World, file: CaseFile, name: str, at: datetime) -> dict[str, dict[str, Any]]:
    """Every item's fate for one receiver, as if it had nothing yet and every flow were open."""
    blank = msgspec.structs.replace(file, peers=dict(file.peers), clashes=[])
    known = blank.peers.pop(name, {})
    # As if it could name everything: what only waits for something else to arrive first has a fate as well.
    blank.peers[name] = {item: Peer(native="") for item in (file.id, *file.items)}
    people = [item for item, _ in file.of_kind("person")]
    held = [one for one in world.store.vault.restrictions(cases=[file.id], people=people) if one.at <= at]
    facts = gather(
        file=blank,
        restrictions=[Restriction(kind=one.kind, case=one.case, person=one.person, detail=one.detail) for one in held],
        policy=world.policy(),
        at=at,
        asserts=world.asserts(),
    )
    receiver = msgspec.structs.replace(
        world.receiver(world.settings.systems[name], lambda _: True), documents=False, create_only=False
    )
    planned = plan(file=blank, facts=facts, receiver=receiver, parties=world.parties())
    decisions = {one.item: one.decision for one in planned.withheld if one.decision is not None}
    decisions |= {one.release.id: one.decision for one in planned.sendings}
    return {
        item: {
            "fields": dict(decision.fields),
            "effect": decision.effect,
            "rules": list(decision.rules),
            "secrecy_basis": decision.secrecy_basis,
            "processing_basis": decision.processing_basis,
            "missing": list(decision.missing),
            "held": sorted(known[item].released) if item in known else [],
            "words": words(decision),
        }
        for item, decision in decisions.items()
    }


def disclosures(world: World, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Who got what between two times, the end not included: pseudonyms, field names, rules; no content."""
    with world.store.read() as tx:
        found = tx.disclosures(start=start, end=end)
    return [
        {
            "case": one.case, "item": one.item, "system": one.system, "at": one.at.isoformat(),
            "fields": list(one.fields), "rules": list(one.rules), "basis": one.secrecy_basis,
            "retracted": one.retract_state, "retracted_at": _iso(one.retracted_at),
        }
        for one in found
    ]  # fmt: skip


def consents(world: World, case: str) -> dict[str, Any]:
    """A case's consents, refusals and blocks, and the persons in it by id and role (no names).

    Raises ``ActFault`` (``act.unknown_case``).
    """
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
    if found is None:
        raise ActFault("act.unknown_case", "case")
    file = casefile.decode(found[1])
    people: list[Mapping[str, Any]] = [
        {"person": item, "role": entry.fields.get("role")} for item, entry in file.of_kind("person")
    ]
    return {
        "case": case,
        "people": people,
        "consents": [{"id": item, **entry.fields} for item, entry in file.of_kind("consent")],
        "restrictions": [
            {"id": one.id, "kind": one.kind, "person": one.person, "at": one.at.isoformat(), "by": one.by, **one.detail}
            for one in world.store.vault.restrictions(cases=[case])
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
