"""A named person's word on what restricts: lifting what an import only ever tightens, and stating a fact.

Both take a reason, which is kept sealed beside the restriction or in the case's history. What a population register
that is believed still says, nobody here can lift.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from gateway.core import casefile
from gateway.core.belief import FACTS, USUAL, is_believed
from gateway.core.casefile import CaseFile, Entry
from gateway.core.facts import PERSONAL, STRICTNESS
from gateway.core.merge import change_field, state
from gateway.core.model import Fault, check
from gateway.core.shielding import shield
from gateway.run.acts import ActFault, Story, change_case
from gateway.run.purging import purge_case
from gateway.run.world import World
from gateway.store import Restriction

LIFTABLE: Mapping[str, str] = MappingProxyType(
    {"protection": "protection.lifted", "care": "care.lifted", "block": "block.lifted"}
)
"""Kinds that a person can lift, and what the act is called. A withdrawal or refusal is followed by a new consent."""


def standing(world: World, case: str) -> list[Restriction]:
    """What restricts a case now: on itself, and on anyone in it. Raises ``ActFault`` (``act.unknown_case``)."""
    with world.store.read() as tx:
        if case not in tx.load_cases([case]):
            raise ActFault("act.unknown_case", "case")
        people = tx.people_of([case]).get(case, [])
    return world.store.vault.restrictions(cases=[case], people=people)


def lift_restriction(world: World, case: str, *, by: str, restriction: str, reason: str) -> list[str]:
    """A person lifts a block, or all that protects a person or says that child welfare has the care; their ids.

    What is about a person ends in all of that person's cases, whichever told it.
    Raises ``ActFault``: ``act.no_reason``, ``act.unknown_restriction``, ``act.not_lifted`` (a kind that nobody lifts),
    ``act.register_says`` (a system that is believed about it still says so).
    """
    if not reason.strip():
        raise ActFault("act.no_reason", "reason")
    found = standing(world, case)
    named = next((one for one in found if one.id == restriction), None)
    if named is None:
        raise ActFault("act.unknown_restriction", "restriction")
    if named.kind not in LIFTABLE:
        raise ActFault("act.not_lifted", "restriction")
    alike, cases = [named], [case]
    if named.kind in PERSONAL and named.person is not None:
        alike = [one for one in found if one.kind == named.kind and one.person == named.person]
        with world.store.read() as tx:
            cases = tx.cases_of([named.person]).get(named.person, []) or [case]
        _still_said(world, cases, named.person, named.kind)
    for one in alike:
        world.store.vault.loosen(one.id, by=by, reason=reason)
    for each in cases:
        change_case(world, each, by, LIFTABLE[named.kind], lambda file: _freed(file, named), reason=reason)
    return [one.id for one in alike]


def _still_said(world: World, cases: Iterable[str], person: str, name: str) -> None:
    """Refuse to lift what a system that may say so still says. Raises ``ActFault`` (``act.register_says``)."""
    with world.store.read() as tx:
        files = [casefile.decode(body) for _, body in tx.load_cases(cases).values()]
    for file in files:
        entry = file.items.get(person)
        if entry is None or entry.fields.get(name) in {None, "none"} or name in entry.stated:
            continue
        if is_believed(file=file, item=person, entry=entry, name=name, asserts=world.asserts()):
            raise ActFault("act.register_says", "restriction")


def _freed(file: CaseFile, lifted: Restriction) -> Story:
    entry = file.items.get(lifted.person or "")
    if lifted.kind not in PERSONAL or entry is None:
        return []
    if lifted.kind == "protection":
        file.shielded = [person for person in file.shielded if person != lifted.person]
    return _stated(file, lifted.person or "", entry, lifted.kind, "none")


def state_fact(world: World, case: str, *, by: str, person: str, name: str, value: Any, reason: str) -> None:
    """A person states a fact about somebody, on which the gate rests until a believed system says otherwise.

    What restricts is kept apart first, and holds in all cases of that person. A weaker protection than one that stands
    is not stated but lifted (``lift_restriction``). Raises ``ActFault``: ``act.no_reason``, ``act.value``,
    ``act.unknown_person``, ``act.restricted``.
    """
    if not reason.strip():
        raise ActFault("act.no_reason", "reason")
    if name not in FACTS:
        raise ActFault("act.value", "name")
    try:
        value = check("person", {name: value})[name]
    except Fault:
        raise ActFault("act.value", "value") from None
    if name in PERSONAL:
        _may_weaken(world, case, person, name, value)

    def change(file: CaseFile) -> Story:
        entry = file.items.get(person)
        if entry is None or entry.kind != "person":
            raise ActFault("act.unknown_person", "person")
        if name in PERSONAL and value != "none":
            detail = {{"protection": "level", "care": "measure"}[name]: value}
            held = Restriction(
                kind=name, case=file.id, person=person, detail=detail, at=world.clock(), by=by, source="person"
            )
            world.store.vault.restrict([held])
        story = _stated(file, person, entry, name, value)
        if name == "protection" and value != "none":
            story.extend((item, field, None, None, None) for item, field in shield(file, {person}, story))
        return story

    with world.store.read() as tx:
        everywhere = tx.cases_of([person]).get(person, []) or [case]
    if case not in everywhere:
        raise ActFault("act.unknown_person", "person")
    for each in everywhere:
        change_case(world, each, by, f"fact.{name}", change, reason=reason)
        if name == "protection" and value != "none":
            purge_case(world, each)


def _may_weaken(world: World, case: str, person: str, name: str, value: Any) -> None:
    """Raises ``ActFault`` (``act.restricted``) where something stricter stands, which is to be lifted first."""
    for one in standing(world, case):
        if one.kind != name or one.person != person:
            continue
        held = one.detail.get("level")
        if value == "none" or (held is not None and STRICTNESS.index(value) < STRICTNESS.index(held)):
            raise ActFault("act.restricted", "value")


def _stated(file: CaseFile, person: str, entry: Entry, name: str, value: Any) -> Story:
    old = entry.fields.get(name)
    if value == USUAL.get(name) and old is None:
        return []
    change_field(file=file, item=person, name=name, value=value, system=None)
    state(entry, name)
    file.clashes[:] = [one for one in file.clashes if (one.item, one.name) != (person, name)]
    return [(person, name, old, value, None)]
