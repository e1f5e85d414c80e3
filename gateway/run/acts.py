"""What people do: record what a family said, close and open, settle what waits. Each act names who did it.

A restriction is written to the vault before anything else, so that it holds even if what follows fails.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from gateway.core import casefile
from gateway.core.casefile import CaseFile
from gateway.core.declaring import declare, given_by, withdraw
from gateway.core.model import Fault, Origin, check, moment
from gateway.core.model.codes import DOMAIN_OF_SERVICE, ITEM_KINDS, SERVICES
from gateway.core.past import HEAD, STOPS, heads, stops, unsaid
from gateway.run.marking import mark_everything
from gateway.run.world import World
from gateway.store import Event, Restriction, Stale, Tx


class ActFault(Exception):
    """An act that cannot be done: a stable code, and the argument it is about."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.where = where


Story = list[tuple[str, str, Any, Any, str | None]]


def change_case(
    world: World,
    case: str,
    by: str,
    act: str,
    change: Callable[[CaseFile], Story],
    *,
    reason: str | None = None,
    also: Callable[[Tx], object] = lambda _: None,
) -> CaseFile:
    """Load, change and save one case, with its history, evidence and due marks; again if another lane was faster.

    ``reason`` is kept in the history, which is sealed. ``also`` is done in the same transaction, after it.

    Raises ``ActFault`` (``act.unknown_case``).
    """
    while True:
        now = world.clock()
        try:
            with world.store.write() as tx:
                found = tx.load_cases([case]).get(case)
                if found is None:
                    raise ActFault("act.unknown_case", "case")
                version, body = found
                file = casefile.decode(body)
                before, stopped = heads(file), stops(file)
                story = change(file)
                story = [*story, *unsaid(before, stopped, file)]
                tx.save_cases([(case, version, casefile.encode(file))])
                told = {"by": by, "changes": story} | ({"reason": reason} if reason else {})
                tx.append_history([(case, now, None, msgspec.msgpack.encode(told))])
                tx.mark_due([(system, case) for system in world.takers()], at=now)
                tx.add_events(passed_on(file, story, at=now))
                names = sorted({f"{item}/{name}" for item, name, *_ in story if name not in {HEAD, STOPS}})
                tx.audit([{"act": act, "by": by, "case": case, "fields": names, "at": now.isoformat()}])
                also(tx)
        except Stale:
            continue
        return file


def passed_on(file: CaseFile, story: Iterable[Sequence[Any]], *, at: datetime) -> list[Event]:
    """What others may hear of a change of a case: that who coordinates it has changed, or is asked to."""
    changed = {item for item, name, *_ in story if name not in {HEAD, STOPS}}
    about = any((entry := file.items.get(item)) is not None and entry.kind == "assignment" for item in changed)
    return [Event(kind="baton.changed", case=file.id, at=at)] if about else []


def record_consent(world: World, case: str, *, by: str, unit: str, fields: Mapping[str, Any]) -> str:
    """A consent or refusal that the family gave to a person here (on paper, or spoken). Returns its id.

    ``fields`` are those of a ``consent``; ``by`` in them is a person of the case. Raises ``ActFault`` (``act.value``
    naming the field, ``act.unknown_person``, ``act.not_family``).
    """
    try:
        plain = check("consent", {**fields, "recorded_by": by})
    except Fault as fault:
        raise ActFault("act.value", fault.path) from None
    said(_known(world, case), plain)
    item = world.fresh()
    if plain["decision"] == "refused":
        told = {"by": plain["by"], "purpose": plain["purpose"], "at": plain.get("given") or moment(world.clock())}
        _restrict(world, "refusal", case=case, person=plain["by"], detail=told, by=by)

    def change(file: CaseFile) -> Story:
        said(file, plain)
        return declare(file=file, item=item, fields=plain, origin=origin_of(world, unit))

    change_case(world, case, by, f"consent.{plain['decision']}", change)
    return item


def withdraw_consent(
    world: World,
    case: str,
    *,
    by: str,
    giver: str,
    services: Sequence[str] = (),
    consent: str | None = None,
    categories: Sequence[str] = (),
) -> list[str]:
    """A giver takes back a consent, or all of theirs, from now on; for some services or categories, where they say so.

    What is taken back for some stands for the others as declarations of their own, which supersede the old.
    Returns the consents concerned. Raises ``ActFault`` (``act.no_consent``, ``act.value`` for a service or category
    that nobody has: it would take back nothing).
    """
    for told, known, where in ((services, SERVICES, "service"), (categories, ITEM_KINDS, "category")):
        if not known.issuperset(told):
            raise ActFault("act.value", where)
    now = moment(world.clock())
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
    if found is None:
        raise ActFault("act.unknown_case", "case")
    before = {one.detail["consent"] for one in world.store.vault.restrictions(cases=[case]) if one.kind == "withdrawal"}
    mine = given_by(casefile.decode(found[1]), giver, consent)
    if not mine:
        raise ActFault("act.no_consent", "giver")
    for key in mine:
        _restrict(world, "withdrawal", case=case, person=giver, detail={"consent": key, "at": now}, by=by)

    def change(file: CaseFile) -> Story:
        return withdraw(
            file=file, consents=mine, before=before, services=services, categories=categories, now=now, by=by,
            fresh=world.fresh,
        )  # fmt: skip

    change_case(world, case, by, "consent.withdrawn", change)
    return mine


def set_block(
    world: World, case: str, *, by: str, service: str | None, valid_from: str | None, valid_to: str | None
) -> str:
    """Shut a service (``None``: every one) out of a case, whatever anyone has consented to. Returns its id.

    Raises ``ActFault`` (``act.value`` for a service that nobody has, and for days that are none or in the wrong order:
    such a block would shut out nothing; ``act.unknown_case``).
    """
    detail = blocked(service=service, valid_from=valid_from, valid_to=valid_to)
    _known(world, case)
    name = _restrict(world, "block", case=case, person=None, detail=detail, by=by)
    change_case(world, case, by, "block.set", lambda _: [])
    return name


def blocked(*, service: str | None, valid_from: str | None, valid_to: str | None) -> dict[str, str | None]:
    """What a block says. Raises ``ActFault`` (``act.value``) for one that would shut out nothing."""
    if service is not None and service not in SERVICES:
        raise ActFault("act.value", "service")
    _in_order(_iso_day(valid_from, "from"), _iso_day(valid_to, "to"))
    return {"service": service, "valid_from": valid_from, "valid_to": valid_to}


def _iso_day(told: str | None, where: str) -> date | None:
    try:
        return date.fromisoformat(told) if told is not None else None
    except ValueError:
        raise ActFault("act.value", where) from None


def _in_order(first: date | None, last: date | None) -> None:
    if first is not None and last is not None and last < first:
        raise ActFault("act.value", "to")


def _known(world: World, case: str) -> CaseFile:
    """The case as it stands. What restricts is kept apart first, so whether there is a case is asked before it."""
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
    if found is None:
        raise ActFault("act.unknown_case", "case")
    return casefile.decode(found[1])


def lift_block(world: World, case: str, *, by: str, block: str, reason: str) -> None:
    """A person lifts a block and says why. Raises ``ActFault`` (``act.unknown_block``, ``act.no_reason``)."""
    if not reason.strip():
        raise ActFault("act.no_reason", "reason")
    standing = {one.id for one in world.store.vault.restrictions(cases=[case]) if one.kind == "block"}
    if block not in standing:
        raise ActFault("act.unknown_block", "block")
    world.store.vault.loosen(block, by=by, reason=reason)
    change_case(world, case, by, "block.lifted", lambda _: [])


def set_flow(world: World, source: str, target: str, state: str, *, by: str) -> None:
    """Put a flow into ``shadow``, ``approved`` or ``paused``. What waited for it is due again.

    Raises ``ActFault`` (``act.unknown_system``).
    """
    for name, where in ((source, "from"), (target, "to")):
        if name not in world.settings.systems:
            raise ActFault("act.unknown_system", where)
    now = world.clock()
    with world.store.write() as tx:
        tx.set_flow(source, target, state, by=by, at=now)
        tx.audit([{"act": f"flow.{state}", "by": by, "from": source, "to": target, "at": now.isoformat()}])
    if state == "approved":
        mark_everything(world, [target])


def pause_everything(world: World, *, by: str, paused: bool) -> None:
    """Stop every sending at once, or let them go on; intake goes on in either case."""
    now = world.clock()
    with world.store.write() as tx:
        tx.set_paused(paused, by=by, at=now)
        tx.audit([{"act": "paused" if paused else "resumed", "by": by, "at": now.isoformat()}])
    if not paused:
        mark_everything(world, world.takers())


def erase_case(world: World, case: str, *, by: str) -> None:
    """Destroy our copy of a case and keep the proof that it was done. Raises ``ActFault`` (``act.unknown_case``)."""
    with world.store.read() as tx:
        if case not in tx.load_cases([case]):
            raise ActFault("act.unknown_case", "case")
    now = world.clock()
    with world.store.write() as tx:
        tx.audit([{"act": "erased", "by": by, "case": case, "at": now.isoformat()}])
    world.store.erase(case, by=by, at=now)


def _restrict(world: World, kind: str, *, case: str, person: str | None, detail: dict[str, Any], by: str) -> str:
    held = Restriction(kind=kind, case=case, person=person, detail=detail, at=world.clock(), by=by, source="person")
    return world.store.vault.restrict([held])[0]


def origin_of(world: World, unit: str) -> Origin:
    """Where what is written down in a unit here comes from."""
    known = world.settings.units[unit]
    return Origin(
        service=known.service,
        domain=DOMAIN_OF_SERVICE[known.service],  # type: ignore[arg-type]
        unit=unit,
        body=known.body,
    )


def said(file: CaseFile, fields: Mapping[str, Any]) -> None:
    """Whether somebody of a case can have declared such a thing.

    Raises ``ActFault``: ``act.value`` naming the field (days in the wrong order, a category that nobody has: such a
    yes would cover nothing), ``act.unknown_person``, ``act.not_family`` (an employee declares nothing).
    """
    _in_order(_iso_day(fields.get("valid_from"), "from"), _iso_day(fields.get("valid_to"), "to"))
    if not ITEM_KINDS.issuperset(fields.get("categories") or ()):
        raise ActFault("act.value", "categories")
    entry = file.items.get(fields["by"])
    if entry is None or entry.kind != "person":
        raise ActFault("act.unknown_person", "by")
    if entry.fields.get("role") == "employee":
        raise ActFault("act.not_family", "by")


def at_or_now(world: World, told: str | None) -> datetime:
    """An instant given as ISO text with an offset, or now. Raises ``ActFault`` (``act.naive_time``)."""
    if told is None:
        return world.clock()
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        raise ActFault("act.value", "at") from None
    if at.tzinfo is None:
        raise ActFault("act.naive_time", "at")
    return at
