"""What people do with the baton, and what time and consents do: each in one transaction, with its tasks and evidence.

``gateway.core.baton`` decides; here is who acts, whether the consent covers, what is kept, and who is told.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

import msgspec
from msgspec import Struct

from gateway.core import casefile, hands
from gateway.core.ages import OSLO, day
from gateway.core.baton import answer_by, expires_on, may_offer, may_take, step
from gateway.core.casefile import CaseFile
from gateway.core.turns import (
    PRECEDENCE,
    RELAY,
    Accept,
    Baton,
    BatonTerms,
    Correct,
    Decline,
    End,
    Event,
    Offer,
    Refusal,
    Step,
    Turn,
    Who,
    Withdraw,
)  # fmt: skip
from gateway.run.acts import ActFault, Story, change_case, origin_of
from gateway.run.covering import covered
from gateway.run.models import baton_terms
from gateway.run.world import World
from gateway.store import Task, Tx

TASKS = ("offer", "handover_consent", "handover")
"""Kinds of tasks about an offer: for whom it was offered to, for whom waits for the consent, for the unit's leader."""


class Done(Struct, frozen=True, kw_only=True):
    """What an act came to: ``""`` where it had been done before. ``item`` is the assignment, ``baton`` the state."""

    done: str
    item: str
    baton: Baton


class Passing(Struct, frozen=True, kw_only=True):
    """Whether the log goes on, whether somebody may offer the baton or take an offer back, and who could take it."""

    open: bool
    offers: bool
    withdraws: bool
    takers: tuple[str, ...]


def who(world: World, name: str) -> Who:
    """Somebody of ``[people]``. Raises ``ActFault`` (``act.unknown_person``)."""
    person = world.settings.people.get(name)
    if person is None:
        raise ActFault("act.unknown_person", name)
    unit = world.settings.units.get(person.unit or "")
    return Who(
        person=name,
        name=person.title or name,
        unit=person.unit,
        service=unit.service if unit else None,
        leads=person.role == "leader",
        coordinates=person.role == "coordinator",
        trained=person.trained,
    )


def read(world: World, file: CaseFile, role: str = RELAY, terms: BatonTerms | None = None) -> Baton:
    """One role's state in a case, with the people whom systems name found in ``[people]``."""
    return hands.read(file, role, terms=terms or baton_terms(world.settings), named=lambda *one: _named(world, *one))


def _named(world: World, name: str | None, unit: str | None) -> str | None:
    found = [
        key
        for key, person in world.settings.people.items()
        if name and unit and person.unit == unit and name in {key, person.title}
    ]
    return found[0] if len(found) == 1 else None


def show(world: World, case: str) -> dict[str, Any]:
    """Who holds each role, what is offered and until when, and who coordinates the whole.

    Raises ``ActFault`` (``act.unknown_case``).
    """
    file, terms = _file(world, case), baton_terms(world.settings)
    if file is None:
        raise ActFault("act.unknown_case", "case")
    batons = {role: read(world, file, role, terms) for role in PRECEDENCE}
    whole = hands.whole(file)
    return {
        "case": case,
        "open": batons[RELAY].open,
        "coordinates": whole[0] if whole else None,
        "nobody": batons[RELAY].open and whole is None,
        "roles": {role: _told(one) for role, one in batons.items() if one.turns or role == RELAY},
    }


def _told(baton: Baton) -> dict[str, Any]:
    offer = baton.offer
    return {
        "holder": _plain(baton.holder),
        "offer": None
        if offer is None
        else {
            **_plain(offer),
            "waits_for_consent": offer.agreed_on is not None,
            "answer_by": answer_by(offer, baton.terms).isoformat(),
            "expires_on": None if offer.agreed_on is not None else expires_on(offer, baton.terms).isoformat(),
        },
        "claims": [_plain(turn) for turn in baton.turns if turn.state == "claimed"],
        "before": [_plain(turn) for turn in baton.turns if turn.state in {"ended", "declined", "withdrawn", "expired"}],
    }


def _plain(turn: Turn | None) -> dict[str, Any]:
    return {} if turn is None else {name: told for name, told in msgspec.to_builtins(turn).items() if told is not None}


def passing(world: World, file: CaseFile, *, by: str, seen: Collection[str], role: str = RELAY) -> Passing:
    """What somebody may do with the baton, judged by the turns that they see (``seen``, ids of assignments).

    A turn that is hidden from them is left out, so that what is offered to them does not tell that it is there; what
    they then try is refused as for anybody. Raises ``ActFault`` (``act.unknown_person``).
    """
    whole, me = read(world, file, role), who(world, by)
    baton = msgspec.structs.replace(whole, turns=tuple(turn for turn in whole.turns if turn.item in seen))
    fit = [one.name for one in world.settings.people.values() if one.unit and may_take(baton, who(world, one.name))]
    held = baton.holder.person if baton.holder is not None else None
    return Passing(
        open=baton.open,
        offers=may_offer(baton, me),
        withdraws=baton.offer is not None and (may_offer(baton, me) or baton.offer.offered_by == by),
        takers=tuple(one for one in fit if one != held),
    )


def offer(world: World, case: str, *, by: str, to: str, wish: str | None = None, role: str = RELAY) -> Done:
    """Offer the baton to somebody; the family's ``wish`` is recorded with it. Raises ``ActFault`` (``baton.*``)."""
    giver, taker, item = who(world, by), who(world, to), world.fresh()
    return perform(
        world, case, role, giver, lambda _, on: Offer(item=item, by=giver, to=taker, on=on, wish=wish), act="offer"
    )


def accept(world: World, case: str, *, by: str, role: str = RELAY) -> Done:
    """Say yes to the offer that stands. Where the consent does not cover the service, the yes waits for it."""
    taker = who(world, by)

    def event(file: CaseFile, on: date) -> Event:
        baton = read(world, file, role)
        mine = [turn for turn in baton.turns if turn.person == taker.person]
        turn = baton.offer or (mine[-1] if mine else baton.holder)  # said twice, a yes is about what one holds by now
        right = covered(world, file, role=role, unit=taker.unit, service=taker.service)
        return Accept(item=turn.item if turn else "", by=taker, on=on, covered=right)

    return perform(world, case, role, taker, event, act="accept")


def decline(world: World, case: str, *, by: str, role: str = RELAY) -> Done:
    """Say no to the offer that stands."""
    taker = who(world, by)
    return perform(
        world,
        case,
        role,
        taker,
        lambda f, on: Decline(item=_standing(world, f, role, taker), by=taker, on=on),
        act="decline",
    )


def withdraw(world: World, case: str, *, by: str, role: str = RELAY) -> Done:
    """Take the offer back."""
    giver = who(world, by)
    return perform(
        world,
        case,
        role,
        giver,
        lambda f, on: Withdraw(item=_standing(world, f, role), by=giver, on=on),
        act="withdraw",
    )


def end(world: World, case: str, *, by: str, reason: str, role: str = RELAY) -> Done:
    """End the log and its holder with it, in one; ``reason`` is the status that the case gets."""
    actor = who(world, by)

    def event(file: CaseFile, on: date) -> Event:
        follows = any(hands.holder_of(file, one) is not None for one in PRECEDENCE if one != RELAY)
        return End(by=actor, on=on, reason=reason, followed=follows)

    return perform(world, case, role, actor, event, act="end", status=reason if role == RELAY else None)


def correct(world: World, case: str, *, by: str, to: str, reason: str, role: str = RELAY) -> Done:
    """The record was wrong: another holds. A leader's act, with a reason that stands in the evidence as given."""
    actor, right, item = who(world, by), who(world, to), world.fresh()

    def event(file: CaseFile, on: date) -> Event:
        fits = covered(world, file, role=role, unit=right.unit, service=right.service)
        return Correct(item=item, by=actor, to=right, on=on, reason=reason, covered=fits)

    return perform(world, case, role, actor, event, act="correct", reason=reason)


def _standing(world: World, file: CaseFile, role: str, taker: Who | None = None) -> str:
    """The offer that stands, or else the last one (so that the same answer given twice is one)."""
    baton = read(world, file, role)
    mine = [turn for turn in baton.turns if taker is None or turn.person == taker.person]
    last = [turn for turn in mine if turn.offered_on is not None]
    return baton.offer.item if baton.offer else last[-1].item if last else ""


class _Nothing(Exception):
    """The same was said before: there is nothing to keep."""


def perform(
    world: World,
    case: str,
    role: str,
    by: Who | None,
    event: Callable[[CaseFile, date], Event],
    *,
    act: str,
    status: str | None = None,
    reason: str | None = None,
) -> Done:
    """One act on one case. The evidence names the act, who did it and the fields; a reason stands in the case."""
    terms, made = baton_terms(world.settings), list[Step]()
    now = world.clock()

    def change(file: CaseFile) -> Story:
        before = read(world, file, role, terms)
        outcome = step(before, event(file, day(now)))
        if isinstance(outcome, Refusal):
            raise ActFault(outcome.code, "case")
        made[:] = [outcome]
        if not outcome.done:
            raise _Nothing
        story = write(world, file, before, outcome.baton, unit=by.unit if by else None, at=now, status=status)
        if reason is not None:
            file.hands[outcome.item].reason = reason
        return story

    name = by.person if by is not None else "gateway"
    with suppress(_Nothing):
        change_case(world, case, name, f"baton.{act}", change, also=lambda tx: tell(tx, case, made[0], now, name))
    return Done(done=made[0].done, item=made[0].item, baton=made[0].baton)


def write(
    world: World,
    file: CaseFile,
    before: Baton,
    after: Baton,
    *,
    unit: str | None,
    at: datetime,
    status: str | None = None,
) -> Story:
    """Write what a step did; systems with one field for the holder keep their one record of it."""
    case = file.case()
    home = unit or before.unit
    origin = origin_of(world, home) if home in world.settings.units else case.origin if case is not None else None
    if origin is None:
        raise ActFault("act.unknown_case", "case")
    single = [name for name, adapter in world.adapters.items() if adapter.capabilities.baton == "field"]
    return hands.write(file, before, after, origin=origin, single=single, at=day(at).isoformat(), status=status)


def tell(tx: Tx, case: str, made: Step, at: datetime, by: str) -> int:
    """Whom a step concerns: tasks made, and those that are done with closed. Returns how many were made."""
    turn = made.baton.turn(made.item)
    if turn is None:
        return 0
    done = {"offered": (), "waits": ("offer",)}.get(made.done, TASKS)
    tx.resolve_same([f"{kind}/{case}/{turn.item}" for kind in done], by=by, outcome=made.done, at=at)
    if made.done not in {"offered", "waits"}:
        gone = [one.item for one in made.baton.turns if one.state != "offered"]
        same = [f"{kind}/{case}/{one}" for kind in TASKS for one in gone]
        tx.resolve_same(same, by=by, outcome=made.done, at=at)
        return 0
    kind = "offer" if made.done == "offered" else "handover_consent"
    return len(tx.add_tasks([task(kind, case, turn, made.baton, at)]))


def task(kind: str, case: str, turn: Turn, baton: Baton, at: datetime) -> Task:
    """A task about an offer, in the inbox of the unit whose turn it is to act; it names nobody in words."""
    holder = baton.holder
    mine = turn.unit if kind == "offer" else holder.unit if holder is not None else baton.unit
    return Task(
        kind=kind,
        dedupe=f"{kind}/{case}/{turn.item}",
        at=at,
        case=case,
        item=turn.item,
        unit=mine,
        role="leader" if kind == "handover" else "coordinator",
        deadline=_morning(answer_by(turn, baton.terms)),
        body=msgspec.json.encode({"role": baton.role, "to": turn.person}),
    )


def _morning(on: date) -> datetime | None:
    return None if on == date.max else datetime.combine(on, time(), OSLO)


def _file(world: World, case: str) -> CaseFile | None:
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
    return None if found is None else casefile.decode(found[1])
