"""The baton: who coordinates, and how that passes from one person to the next.

A ``Baton`` is one role's state in one case, an event is what somebody says, and ``step`` gives the next state or a
refusal with a code. Nothing is looked up and nothing is drawn here, so every order of events can be tried.

============  =============================  ===========================================================
event         who may                        what it does
============  =============================  ===========================================================
``Offer``     the holder, or a leader there  an offer stands; the holder stays the holder
``Accept``    whom it was offered to         the baton passes, or the yes waits until the consent covers
``Cover``     the gateway                    the consent covers the service now: the yes that waited counts
``Decline``   whom it was offered to         the offer is over
``Withdraw``  the holder, who offered it,    the offer is over
              or a leader there
``Expire``    the gateway                    the offer is over, when its days have passed, or the log has ended
``End``       the holder, or a leader there  the log ends, and its holder with it
``Correct``   a leader there, with a reason  the record was wrong: another has held it
``Confirm``   as ``Offer``, or a colleague   what a system claimed is so
``Reject``    as ``Confirm``                 what a system claimed is not so
============  =============================  ===========================================================

*There* is the holder's unit, or the case's own where nobody holds. The same event told twice is one (``done`` is then
empty). An open case that has a holder has exactly one after every event, and never none.

The relay log's holder is a municipal role without a statute; the two other roles have one each, which
``docs/explanation/the-baton.md`` names.
"""

from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from gateway.core.ages import shifted
from gateway.core.turns import (
    ENDINGS,
    RELAY,
    Accept,
    Baton,
    BatonTerms,
    Confirm,
    Correct,
    Cover,
    Decline,
    End,
    Event,
    Expire,
    Offer,
    Refusal,
    Reject,
    State,
    Step,
    Turn,
    Who,
    Withdraw,
)  # fmt: skip


def step(baton: Baton, event: Event) -> Step | Refusal:
    """What an event makes of a state. Refuses with ``baton.*``; the table above says who may."""
    match event:
        case Offer():
            return _offer(baton, event)
        case Accept() | Cover():
            return _accept(baton, event)
        case Decline() | Withdraw() | Expire():
            return _over(baton, event)
        case End():
            return _end(baton, event)
        case Correct():
            return _correct(baton, event)
        case Confirm() | Reject():
            return _settle(baton, event)


def _offer(baton: Baton, event: Offer) -> Step | Refusal:
    known, standing, holder = baton.turn(event.item), baton.offer, baton.holder
    if known is not None:
        return Step(baton=baton, item=event.item)
    if not baton.open:
        return Refusal("baton.closed")
    if not may_offer(baton, event.by):
        return Refusal("baton.not_yours")
    if standing is not None:
        same = (standing.person, standing.offered_by) == (event.to.person, event.by.person)
        return Step(baton=baton, item=standing.item) if same else Refusal("baton.offer_stands")
    if holder is not None and holder.person == event.to.person:
        return Refusal("baton.holds_already")
    unfit = _unfit(baton, event.to)
    if unfit is not None:
        return unfit
    turn = Turn(
        item=event.item, state="offered", **_of(event.to), offered_by=event.by.person, offered_on=event.on,
        wish=event.wish,
    )  # fmt: skip
    return Step(baton=_with(baton, turn), done="offered", item=event.item)


def _accept(baton: Baton, event: Accept | Cover) -> Step | Refusal:
    turn = baton.turn(event.item)
    if turn is None:
        return Refusal("baton.unknown_offer")
    if isinstance(event, Accept):
        if turn.person is None or turn.person != event.by.person:
            return Refusal("baton.not_yours")
        if turn.state not in {"accepted", "offered"}:
            return Refusal("baton.over")
        if turn.state == "offered" and (unfit := _unfit(baton, event.by)) is not None:
            return unfit
    if turn.state != "offered" or not baton.open:
        return Step(baton=baton, item=event.item) if turn.state == "accepted" or isinstance(event, Cover) else _CLOSED
    agreed = isinstance(event, Accept) or turn.agreed_on is not None
    if agreed and event.covered:
        return Step(baton=_pass(baton, turn, event.on), done="accepted", item=turn.item)
    if not agreed or turn.agreed_on is not None:
        return Step(baton=baton, item=turn.item)
    waits = msgspec.structs.replace(turn, agreed_on=event.on)
    return Step(baton=_with(baton, waits), done="waits", item=turn.item)


_CLOSED = Refusal("baton.closed")


def _over(baton: Baton, event: Decline | Withdraw | Expire) -> Step | Refusal:
    turn = baton.turn(event.item)
    if turn is None:
        return Refusal("baton.unknown_offer")
    state: State = "withdrawn"
    if isinstance(event, Expire):
        state = "expired"
        lasts = baton.open and (turn.agreed_on is not None or event.on < expires_on(turn, baton.terms))
        if turn.state != "offered" or lasts:
            return Step(baton=baton, item=turn.item)
    elif isinstance(event, Decline):
        state = "declined"
        if turn.person is None or turn.person != event.by.person:
            return Refusal("baton.not_yours")
    elif not may_offer(baton, event.by) and turn.offered_by != event.by.person:
        return Refusal("baton.not_yours")
    if turn.state == state:
        return Step(baton=baton, item=turn.item)
    if turn.state != "offered":
        return Refusal("baton.over")
    return Step(baton=_with(baton, _ended(turn, state, event.on)), done=state, item=turn.item)


def _end(baton: Baton, event: End) -> Step | Refusal:
    holder = baton.holder
    if not may_offer(baton, event.by):
        return Refusal("baton.not_yours")
    if holder is None or not baton.open:
        return Step(baton=baton) if not baton.open else Refusal("baton.no_holder")
    if event.reason not in ENDINGS:
        return Refusal("baton.reason")
    if baton.role == RELAY and event.reason == "replaced_by_plan" and not event.followed:
        return Refusal("baton.nobody_follows")
    turns = tuple(_ended(turn, last, event.on) if (last := LAST.get(turn.state)) else turn for turn in baton.turns)
    ended = msgspec.structs.replace(baton, turns=turns, open=baton.role != RELAY)
    return Step(baton=ended, done="ended", item=holder.item)


LAST: dict[State, State] = {"accepted": "ended", "offered": "withdrawn", "claimed": "withdrawn"}
"""What becomes of a turn when the log ends."""


def _correct(baton: Baton, event: Correct) -> Step | Refusal:
    """The record was wrong. It stays one record, so that nobody is told of a hand-over that never was."""
    holder = baton.holder
    if not baton.open:
        return _CLOSED
    if not event.by.leads or not _there(baton, event.by):
        return Refusal("baton.not_yours")
    if not event.reason.strip():
        return Refusal("baton.reason")
    unfit = _unfit(baton, event.to)
    if unfit is not None:
        return unfit
    if not event.covered:
        return Refusal("baton.not_covered")
    if holder is not None and holder.person == event.to.person:
        return Step(baton=baton, item=holder.item)
    fresh = Turn(item=event.item, state="accepted", since=event.on)
    right = msgspec.structs.replace(holder or fresh, **_of(event.to))
    left = tuple(_ended(turn, "withdrawn", event.on) if turn.state == "offered" else turn for turn in baton.turns)
    return Step(baton=_with(msgspec.structs.replace(baton, turns=left), right), done="corrected", item=right.item)


def _settle(baton: Baton, event: Confirm | Reject) -> Step | Refusal:
    turn = baton.turn(event.item)
    if turn is None:
        return Refusal("baton.unknown_offer")
    if not may_settle(baton, event.by):
        return Refusal("baton.not_yours")
    wanted = "accepted" if isinstance(event, Confirm) else "withdrawn"
    if turn.state == wanted:
        return Step(baton=baton, item=turn.item)
    if turn.state != "claimed":
        return Refusal("baton.over")
    if isinstance(event, Reject):
        return Step(baton=_with(baton, _ended(turn, "withdrawn", event.on)), done="rejected", item=turn.item)
    if not baton.open:
        return _CLOSED
    if not event.covered:
        return Refusal("baton.not_covered")
    return Step(baton=_pass(baton, turn, event.on), done="confirmed", item=turn.item)


def may_offer(baton: Baton, who: Who) -> bool:
    """Whether somebody may pass the baton on: who holds it, a leader there, and a coordinator where nobody holds.

    A municipality's coordinating unit appoints coordinators by law, so its people may begin too.
    """
    holder = baton.holder
    if holder is not None and holder.person == who.person:
        return True
    if who.leads and _there(baton, who):
        return True
    if holder is not None:
        return False
    own = who.unit is not None and who.unit == baton.unit
    appoints = baton.role != RELAY and who.service == "coordinating_unit"
    return (who.coordinates or who.leads) and (own or appoints)


def may_take(baton: Baton, who: Who) -> bool:
    """Whether the municipality lets somebody hold it: by their service, and by the training that it asks for."""
    return _unfit(baton, who) is None


def may_settle(baton: Baton, who: Who) -> bool:
    """Whether somebody may say what is so of a claim: who may pass the baton on, and a coordinator there."""
    return may_offer(baton, who) or (who.coordinates and _there(baton, who))


def _there(baton: Baton, who: Who) -> bool:
    """Whether somebody works where the baton is: in the holder's unit, or the case's own."""
    holder = baton.holder
    unit = baton.unit if holder is None or holder.unit is None else holder.unit
    return who.unit is not None and who.unit == unit


def _unfit(baton: Baton, who: Who) -> Refusal | None:
    if baton.role == RELAY and baton.terms.services and who.service not in baton.terms.services:
        return Refusal("baton.service")
    if baton.terms.training and not who.trained:
        return Refusal("baton.untrained")
    return None


def _of(who: Who) -> dict[str, Any]:
    return {"person": who.person, "name": who.name or who.person, "unit": who.unit, "service": who.service}


def _pass(baton: Baton, to: Turn, on: date) -> Baton:
    """The old holder's turn ends and the new one's begins, in one."""
    turns = tuple(_ended(turn, "ended", on) if turn.state == "accepted" else turn for turn in baton.turns)
    taken = msgspec.structs.replace(to, state="accepted", since=on, until=None, agreed_on=None)
    return _with(msgspec.structs.replace(baton, turns=turns), taken)


def _ended(turn: Turn, state: State, on: date) -> Turn:
    return msgspec.structs.replace(turn, state=state, until=on, agreed_on=None)


def _with(baton: Baton, turn: Turn) -> Baton:
    if baton.turn(turn.item) is None:
        return msgspec.structs.replace(baton, turns=(*baton.turns, turn))
    turns = tuple(turn if one.item == turn.item else one for one in baton.turns)
    return msgspec.structs.replace(baton, turns=turns)


def expires_on(turn: Turn, terms: BatonTerms) -> date:
    """The day on which an unanswered offer is over; one without a date never."""
    return date.max if turn.offered_on is None else shifted(turn.offered_on, terms.expire_days)


def answer_by(turn: Turn, terms: BatonTerms) -> date:
    """The day from which an offer that stands is the unit leader's as well."""
    return date.max if turn.offered_on is None else shifted(turn.offered_on, terms.answer_days)


class Due(Struct, frozen=True, kw_only=True):
    """What time has brought: ``expire``, ``escalate`` (to ``unit``'s leader), or ``cover`` (ask the gate again)."""

    what: str
    item: str
    unit: str | None = None


def due(baton: Baton, on: date) -> tuple[Due, ...]:
    """What is due on a day. Pure, and the same on every look until somebody has acted on it.

    A yes that waits for the consent has its own question, which is a leader's from the same day on as an offer that
    nobody has answered: so a leader is asked about either once.
    """
    turn = baton.offer
    if turn is None:
        return ()
    if not baton.open:
        return (Due(what="expire", item=turn.item),)  # the log was closed from elsewhere, and the offer with it
    if turn.agreed_on is not None:
        return (Due(what="cover", item=turn.item),)
    if on >= expires_on(turn, baton.terms):
        return (Due(what="expire", item=turn.item),)
    if on >= answer_by(turn, baton.terms):
        holder = baton.holder
        unit = holder.unit if holder is not None and holder.unit is not None else baton.unit
        return (Due(what="escalate", item=turn.item, unit=unit),)
    return ()


def next_day(baton: Baton, on: date) -> date:
    """The next day on which ``due`` says something new of the offer that stands; ``on`` where it is to be asked again.

    A yes that waits for the consent is asked about at every look, since no day tells when the consent comes.
    """
    turn = baton.offer
    if turn is None:
        return date.max
    if not baton.open or turn.agreed_on is not None:
        return on
    return min((one for one in (answer_by(turn, baton.terms), expires_on(turn, baton.terms)) if one > on), default=on)


def faults(baton: Baton) -> tuple[str, ...]:
    """What is wrong with a state, by name; a state that ``step`` gave has nothing wrong."""
    holders = sum(turn.state == "accepted" for turn in baton.turns)
    offers = sum(turn.state == "offered" for turn in baton.turns)
    wrong = ["two_holders"] if holders > 1 else []
    wrong += ["two_offers"] if offers > 1 else []
    wrong += ["offer_in_closed"] if offers and not baton.open else []
    wrong += ["waits_without_offer"] if any(t.agreed_on and t.state != "offered" for t in baton.turns) else []
    return tuple(wrong)
