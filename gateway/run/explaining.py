"""What ``bti explain`` tells: the life of a record, and each field's fate for each receiver, now or then.

*Then* is what the gateway knew then: the case file as it was recorded, the restrictions that stood, whose value each
field was, the law of that day, and the settings (units, policy, what systems were believed about, what a lawyer had
verified) as a round had noted them. Plugins and their rules are today's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from gateway.core import casefile
from gateway.core.casefile import CaseFile, Entry, Peer
from gateway.core.consent import Decision
from gateway.core.explain import words
from gateway.core.facts import Restriction, gather
from gateway.core.known import Facts
from gateway.core.outgo import plan
from gateway.core.past import MARKS, Change, as_of
from gateway.run.acts import ActFault
from gateway.run.settings_then import as_then
from gateway.run.world import World
from gateway.store import Disclosure, Order, Tx
from gateway.store import Restriction as Held

Story = list[tuple[datetime, str, list[Change]]]
"""What was recorded of a case: when, by whom, and the changes."""


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it was known at an instant. ``complete`` says whether its history reaches that far back."""

    file: CaseFile
    story: Story
    complete: bool


def past(tx: Tx, case: str, at: datetime) -> Past | None:
    """The case as it was known at an instant: today's file, with every later change undone."""
    found = tx.load_cases([case]).get(case)
    if found is None:
        return None
    story: Story = []
    for one in tx.history(case):
        body = msgspec.msgpack.decode(one.body)
        story.append((one.recorded_at, body["by"], [tuple(change) for change in body["changes"]]))
    file, complete = as_of(casefile.decode(found[1]), [(when, changes) for when, _, changes in story], at)
    return Past(file=file, story=[one for one in story if one[0] <= at], complete=complete)


def explain(world: World, record: str, *, receiver: str | None = None, at: datetime | None = None) -> dict[str, Any]:
    """The life of a record (a case, or ``CASE/ITEM``): where it came from, what changed, who has it, each field's fate.

    With ``at``, as it stood and would have been decided then; ``settings_since`` says since when the settings of that
    time held, and is ``None`` where no round had noted them. Raises ``ActFault`` (``act.unknown_case``,
    ``act.unknown_record``, ``act.unknown_system``).
    """
    case, _, item = record.partition("/")
    when = at or world.clock()
    since: datetime | None = None
    if at is not None:
        world, since = as_then(world, at)
    with world.store.read() as tx:
        known = past(tx, case, when)
        sent = tx.disclosures(cases=[case], end=None if at is None else when)
        held = tx.quarantined(case=case)
        asked = tx.orders(cases=[case])
    if known is None:
        raise ActFault("act.unknown_case", "record")
    file = known.file
    if item and item not in file.items:
        raise ActFault("act.unknown_record", "record")
    if receiver is not None and receiver not in world.adapters:
        raise ActFault("act.unknown_system", "receiver")
    targets = [receiver] if receiver else [name for name in world.adapters if world.adapters[name].capabilities.writes]
    facts = facts_of(world, file, when)
    fates = {name: fates_of(world, file, name, facts) for name in targets}
    if at is not None:
        _held_then(fates, sent, when)
    seen = _Seen(
        fates=fates,
        story=known.story,
        sent=[one for one in sent if one.system in targets],
        left=[one for one in world.store.vault.sendings_of(case) if one[0].since <= when and one[0].system in targets],
        unread=[one for one in held if one.first_at <= when],
        asked=[
            one
            for one in asked
            if one.system in targets and one.asked_at <= when and (one.ended_at is None or one.ended_at > when)
        ],
    )
    wanted = [item] if item else list(file.items)
    return {
        "case": case,
        "at": when.isoformat(),
        "complete": known.complete,
        "settings_since": since.isoformat() if since is not None else None,
        "records": [_record(file, one, seen) for one in wanted],
    }


def _held_then(fates: dict[str, dict[str, dict[str, Any]]], sent: list[Disclosure], when: datetime) -> None:
    """What each receiver had got from us then and had not given back, by the log of disclosures."""
    got: dict[tuple[str, str], set[str]] = {}
    for one in sent:
        if one.retracted_at is None or one.retracted_at > when:
            got.setdefault((one.system, one.item), set()).update(one.fields)
    for name, by_item in fates.items():
        for item, fate in by_item.items():
            fate["held"] = sorted(got.get((name, item), ()))


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked up once for all records of a case."""

    fates: dict[str, dict[str, dict[str, Any]]]
    story: Story
    sent: list[Disclosure]
    left: list[tuple[Any, datetime | None]]
    unread: list[Any]
    asked: list[Order]
    """Orders to take back that were outstanding."""


def _record(file: CaseFile, item: str, seen: _Seen) -> dict[str, Any]:
    entry = file.items[item]
    history = list(_told(seen.story, item))
    return {
        "item": item,
        "kind": entry.kind,
        "from": entry.origin.system or entry.origin.unit,
        "deleted": entry.deleted,
        "fields": sorted(entry.fields),
        "life": list(_life(file, item, entry, history, seen)),
        "history": history,
        "receivers": {name: fate[item] for name, fate in seen.fates.items() if item in fate},
        "disclosed": [
            {
                "system": told.system, "at": told.at.isoformat(), "fields": list(told.fields),
                "rules": list(told.rules), "basis": told.secrecy_basis, "retracted": told.retract_state,
            }
            for told in seen.sent
            if told.item == item
        ],
        "asked_back": [
            {
                "system": one.system, "at": one.asked_at.isoformat(), "fields": list(one.fields), "whole": one.whole,
                "cause": one.cause, "state": one.state, "deadline": one.deadline.isoformat(), "code": one.code,
            }
            for one in seen.asked
            if one.item == item
        ],
    }  # fmt: skip


def _told(story: Story, item: str) -> Iterable[dict[str, Any]]:
    """What changed, when it was recorded, since when it holds and by whom: names of fields, no values."""
    for recorded, by, changes in story:
        for each, name, _, new, valid in changes:
            if each != item or (name in MARKS and name not in {"+", "*"}):
                continue
            for field in new if name == "+" else [name]:
                yield {"item": item, "recorded": recorded.isoformat(), "valid_from": valid, "by": by, "field": field}


def _life(
    file: CaseFile, item: str, entry: Entry, history: list[dict[str, Any]], seen: _Seen
) -> Iterable[dict[str, Any]]:
    """The record's way through the gateway, a line for each step of ``life.py``'s table and each receiver."""
    first, last = (history[0], history[-1]) if history else (None, None)
    clashes = [one for one in file.clashes if one.item == item]
    began = first["recorded"] if first else None
    yield _step("fetch", "done", began, entry.origin.system or (first["by"] if first else None))
    for one in seen.unread:
        yield _step("read", "quarantine", one.last_at.isoformat(), one.system, code=one.code, path=one.path)
    if not seen.unread:
        yield _step("read", "done", began, None)
    yield _step("match", "done", began, None)
    for one in clashes:
        yield _step("merge", "conflict", one.since, one.system, field=one.name, code=one.why)
    if not clashes:
        yield _step("merge", "done", last["recorded"] if last else None, None)
    yield _step("keep", "done", last["recorded"] if last else None, last["by"] if last else None)
    for name, fates in seen.fates.items():
        if item in fates:
            yield _step("release", fates[item]["effect"], None, name, rules=fates[item]["rules"])
    for sending, ended in seen.left:
        if sending.item == item:
            yield _step("deliver", sending.state, (ended or sending.since).isoformat(), sending.system)
    for told in seen.sent:
        if told.item == item:
            yield _step("prove", told.retract_state or "disclosed", told.at.isoformat(), told.system)


def _step(step: str, state: str, at: str | None, who: str | None, **more: Any) -> dict[str, Any]:
    return {"step": step, "state": state, "at": at, "who": who, **more}


def facts_of(world: World, file: CaseFile, at: datetime, *, extra: Iterable[Restriction] = ()) -> Facts:
    """The facts of a case at an instant, with what stood against it then, and further restrictions on trial."""
    held = world.store.vault.restrictions(cases=[file.id], people=_people(file), at=at)
    return _facts(world, file, at, held=held, extra=extra)


def facts_of_each(world: World, files: Iterable[CaseFile], at: datetime) -> dict[str, Facts]:
    """The facts of cases at an instant, by case: what stood against all of them is asked of the vault at once."""
    wanted = list(files)
    people = dict.fromkeys(person for file in wanted for person in _people(file))
    held = world.store.vault.restrictions(cases=[file.id for file in wanted], people=people, at=at)
    of_case, of_person = defaultdict[str, list[Held]](list), defaultdict[str, list[Held]](list)
    for one in held:
        of_case[one.case or ""].append(one)
        of_person[one.person or ""].append(one)
    return {
        file.id: _facts(
            world, file, at, held=[*of_case[file.id], *(one for person in _people(file) for one in of_person[person])]
        )
        for file in wanted
    }


def _people(file: CaseFile) -> list[str]:
    return [item for item, entry in file.items.items() if entry.kind == "person"]


def _facts(
    world: World, file: CaseFile, at: datetime, *, held: Iterable[Held], extra: Iterable[Restriction] = ()
) -> Facts:
    """``held`` is what stands against the case and the people in it."""
    standing = {
        one.id: one
        for one in held
        if one.kind == "protection" or one.case == file.id  # what a person said in another case stays there
    }
    return gather(
        file=file,
        restrictions=[
            *(
                Restriction(kind=one.kind, case=one.case, person=one.person, detail=one.detail)
                for one in standing.values()
            ),
            *extra,
        ],
        policy=world.policy(),
        at=at,
        asserts=world.asserts(),
    )


def decisions_of(
    world: World, file: CaseFile, name: str, facts: Facts, *, flows: frozenset[str] | None = None
) -> dict[str, Decision]:
    """The gate's word on every item for one receiver, as if it had nothing yet.

    ``flows`` names the systems whose flow to it is open; with ``None`` every one is taken to be.
    """
    blank = msgspec.structs.replace(file, peers=dict(file.peers), clashes=[])
    # As if it could name everything: what only waits for something else to arrive first has a fate as well.
    blank.peers[name] = {item: Peer(native="") for item in (file.id, *file.items)}
    receiver = msgspec.structs.replace(
        world.receiver(world.settings.systems[name], lambda source: flows is None or source in flows),
        documents=False,
        create_only=False,
    )
    planned = plan(file=blank, facts=facts, receiver=receiver, parties=world.parties(), rules=world.rules)
    decisions = {one.item: one.decision for one in planned.withheld if one.decision is not None}
    return decisions | {one.release.id: one.decision for one in planned.sendings}


def fates_of(world: World, file: CaseFile, name: str, facts: Facts) -> dict[str, dict[str, Any]]:
    """Every item's fate for one receiver, in words and by field, and what it holds of it."""
    known: Mapping[str, Peer] = file.peers.get(name, {})
    return {
        item: {
            "fields": dict(decision.fields),
            "effect": decision.effect,
            "rules": list(decision.rules),
            "secrecy_basis": decision.secrecy_basis,
            "processing_basis": decision.processing_basis,
            "missing": list(decision.missing),
            "held": sorted(known[item].released) if item in known else [],
            "words": words(decision, {one.id: one.sentence for one in world.rules.extra}),
        }
        for item, decision in decisions_of(world, file, name, facts).items()
    }
