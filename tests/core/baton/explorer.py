"""A small explicit-state explorer: every order in which up to four people, the days, a consent and a vendor can act.

What somebody says is a message. It is issued on what the person sees then, and arrives later, in any order, twice, or
never. The gateway may crash before it has kept what a message does (then nothing happened, and the message comes
again) or after (then it comes again though it was done). The days and the consent are read when a message arrives.
Every state that can be reached is looked at once; a state is the baton, what is under way, and what is left of each
budget.
"""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from gateway.core.baton import due, faults, step
from gateway.core.turns import (
    OVER,
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
    Step,
    Turn,
    Who,
    Withdraw,
)  # fmt: skip

Steps = Callable[[Baton, Event], Step | Refusal]
DAY = date(2026, 11, 2)
TERMS = BatonTerms(services=frozenset({"school", "health_station"}), answer_days=1, expire_days=2)
PEOPLE = {
    "ada": Who(person="ada", name="Ada", unit="school-1", service="school", coordinates=True),
    "bo": Who(person="bo", name="Bo", unit="school-1", service="school", coordinates=True),
    "cato": Who(person="cato", name="Cato", unit="health-1", service="health_station", coordinates=True),
    "liv": Who(person="liv", name="Liv", unit="school-1", service="school", leads=True),
}
"""The holder, a colleague, somebody in a service that the consent covers only later, and the holder's leader."""
HELPER = Who(person="psi", name="Psi", unit="ppt-1", service="ppt", coordinates=True)
PEOPLE["psi"] = HELPER
START = Baton(
    unit="school-1",
    terms=TERMS,
    turns=(Turn(item="t0", state="accepted", person="ada", name="Ada", unit="school-1", service="school", since=DAY),),
)


class Message(NamedTuple):
    """What somebody says: ``item`` is the new assignment of an offer or correction, else the one it is about."""

    verb: str
    by: str
    item: str
    to: str = ""


class Bounds(NamedTuple):
    """How much may happen: messages in all and under way at once, repetitions, losses, days, claims by a vendor."""

    messages: int
    under_way: int = 2
    again: int = 1
    lost: int = 1
    days: int = 2
    claims: int = 1
    actors: tuple[str, ...] = ("ada", "bo", "cato", "liv")


class World(NamedTuple):
    """A state; the baton is its place in the explorer's list."""

    baton: int
    way: tuple[Message, ...]
    said: int
    again: int
    lost: int
    day: int
    consent: bool
    claims: int


class Found(NamedTuple):
    """What an exploration saw, and the first thing that was wrong, with the shortest story that leads to it."""

    states: int
    moves: int
    arrivals: int
    crashes: int
    refusals: int
    passed: int
    batons: int
    wrong: str | None
    trail: tuple[str, ...]


class Explorer:
    """Looks at every state within the bounds, nearest first. What an event does to a baton is worked out once."""

    def __init__(self, bounds: Bounds, steps: Steps = step, start: Baton = START) -> None:
        self.bounds, self.steps = bounds, steps
        self.batons: list[Baton] = []
        self.places: dict[Baton, int] = {}
        self.outcomes: dict[tuple[int, str, str, str, str, int, bool], tuple[int, str | None, str]] = {}
        self.speech: dict[tuple[int, int], list[Message]] = {}
        self.counts = dict.fromkeys(("moves", "arrivals", "crashes", "refusals", "passed"), 0)
        self.first = World(self.place(start), (), said=0, again=0, lost=0, day=0, consent=False, claims=0)

    def place(self, baton: Baton) -> int:
        found = self.places.get(baton)
        if found is None:
            found = self.places[baton] = len(self.batons)
            self.batons.append(baton)
        return found

    def explore(self) -> Found:
        seen: dict[World, tuple[World, str] | None] = {self.first: None}
        queue = deque([self.first])
        while queue:
            world = queue.popleft()
            for label, after, wrong in self.moves(world):
                self.counts["moves"] += 1
                if after not in seen:
                    seen[after] = (world, label)
                    queue.append(after)
                if wrong is not None:
                    trail = (*_trail(seen, world), label)
                    return Found(len(seen), **self.counts, batons=len(self.batons), wrong=wrong, trail=trail)
        return Found(len(seen), **self.counts, batons=len(self.batons), wrong=None, trail=())

    def moves(self, world: World) -> Iterator[tuple[str, World, str | None]]:
        bounds, (baton, way, said, again, lost, day, consent, claims) = self.bounds, world
        if said < bounds.messages and len(way) < bounds.under_way:
            for message in self.sayable(baton, said):
                ways = tuple(sorted((*way, message)))
                yield f"{message} is said", World(baton, ways, said + 1, again, lost, day, consent, claims), None
        for at, message in enumerate(way):
            if at and way[at - 1] == message:
                continue
            left = (*way[:at], *way[at + 1 :])
            if lost < bounds.lost:
                yield f"{message} is lost", World(baton, left, said, again, lost + 1, day, consent, claims), None
            self.counts["arrivals"] += 1
            after, wrong, _ = self.arrive(baton, message, day, consent)
            yield f"{message} arrives", World(after, left, said, again, lost, day, consent, claims), wrong
            # A crash before it was kept leaves the state as it is, and the message under way: that is this state.
            self.counts["crashes"] += 1
            if again < bounds.again:  # kept, but the answer was lost; so it is said again
                self.counts["crashes"] += 1
                yield (
                    f"{message} arrives, crash after",
                    World(after, way, said, again + 1, lost, day, consent, claims),
                    wrong,
                )
        yield from self.time(world)

    def time(self, world: World) -> Iterator[tuple[str, World, str | None]]:
        baton, now = world.baton, self.batons[world.baton]
        if world.day < self.bounds.days:
            yield "a day passes", world._replace(day=world.day + 1), None
        yield "the consent changes", world._replace(consent=not world.consent), None
        for one in due(now, DAY + timedelta(days=world.day)):
            if one.what != "escalate":
                after, wrong, _ = self.arrive(baton, Message(one.what, "", one.item), world.day, world.consent)
                yield f"the gateway: {one.what}", world._replace(baton=after), wrong
        if world.claims < self.bounds.claims:
            claim = Turn(item="v1", state="claimed", person="bo", name="Bo", unit="school-1", service="school")
            told = msgspec.structs.replace(now, turns=(*now.turns, claim))
            yield "a vendor claims", world._replace(baton=self.place(told), claims=world.claims + 1), None

    def sayable(self, baton: int, said: int) -> list[Message]:
        """All that the actors could say now, about everything they see; also what will be refused."""
        found = self.speech.get((baton, said))
        if found is None:
            found = self.speech[baton, said] = list(_sayable(self.batons[baton], said, self.bounds.actors))
        return found

    def arrive(self, baton: int, message: Message, day: int, consent: bool) -> tuple[int, str | None, str]:
        key = (baton, *message, day, consent)
        found = self.outcomes.get(key)
        if found is None:
            found = self.outcomes[key] = self._arrive(self.batons[baton], _event(message, day, consent), consent)
        self.counts["refusals"] += found[2] == "refused"
        self.counts["passed"] += found[2] in {"accepted", "confirmed", "corrected"}
        return found

    def _arrive(self, before: Baton, event: Event, consent: bool) -> tuple[int, str | None, str]:
        made = self.steps(before, event)
        if isinstance(made, Refusal):
            return self.place(before), None, "refused"
        again = self.steps(made.baton, event)
        once = isinstance(again, Refusal) or again.baton == made.baton
        wrong = None if once else "said twice is not said once"
        return self.place(made.baton), wrong or _wrong(before, event, made.baton, consent), made.done


def _trail(seen: dict[World, tuple[World, str] | None], at: World) -> tuple[str, ...]:
    labels: list[str] = []
    while (before := seen.get(at)) is not None:
        labels.append(before[1])
        at = before[0]
    return tuple(reversed(labels))


def _sayable(baton: Baton, said: int, actors: tuple[str, ...]) -> Iterator[Message]:
    fresh = f"n{said}"
    if (offer := baton.offer) is not None:  # the gateway's own look, which may act late on what it saw
        yield Message("expire", "", offer.item)
        yield Message("cover", "", offer.item)
    for by in actors:
        for turn in baton.turns:
            if turn.state == "claimed":
                yield Message("confirm", by, turn.item)
                yield Message("reject", by, turn.item)
            elif turn.item != "t0":
                yield Message("accept", by, turn.item)
                yield Message("decline", by, turn.item)
                yield Message("withdraw", by, turn.item)
        for to in dict.fromkeys((*actors, "psi")):
            yield Message("offer", by, fresh, to)
        yield Message("correct", by, fresh, "cato")
        yield Message("end", by, fresh)


def _event(message: Message, day: int, consent: bool) -> Event:
    on, item = DAY + timedelta(days=day), message.item
    by, to = PEOPLE.get(message.by, HELPER), PEOPLE.get(message.to, HELPER)
    match message.verb:
        case "offer":
            return Offer(item=item, by=by, to=to, on=on)
        case "accept":
            return Accept(item=item, by=by, on=on, covered=_covers(by.service, consent))
        case "decline":
            return Decline(item=item, by=by, on=on)
        case "withdraw":
            return Withdraw(item=item, by=by, on=on)
        case "correct":
            return Correct(item=item, by=by, to=to, on=on, reason="feil", covered=_covers(to.service, consent))
        case "confirm":
            return Confirm(item=item, by=by, on=on, covered=True)  # the claim is about somebody in the same school
        case "reject":
            return Reject(item=item, by=by, on=on)
        case "expire":
            return Expire(item=item, on=on)
        case "cover":  # what waits is always cato's, the only one whose service is not always covered
            return Cover(item=item, on=on, covered=consent)
        case _:
            return End(by=by, on=on, reason="closed")


def _covers(service: str | None, consent: bool) -> bool:
    return service == "school" or (service == "health_station" and consent)


def _wrong(before: Baton, event: Event, after: Baton, consent: bool) -> str | None:
    """What is wrong with a step, in words; ``None`` when nothing is."""
    bad = faults(after)
    if bad:
        return bad[0]
    old, new = before.holder, after.holder
    if after.open and old is not None and new is None:
        return "nobody holds an open log"
    if not after.open and new is not None:
        return "somebody holds a closed log"
    for turn in before.turns:
        now = after.turn(turn.item)
        if now is None:
            return "a turn is forgotten"
        if turn.state in OVER and now != turn:
            return "what is over changes"
        if turn.agreed_on is None and now.agreed_on is not None and getattr(event, "by", HELPER).person != turn.person:
            return "another than the one who was asked said yes"
    if new is not None and (old is None or (new.item, new.person) != (old.item, old.person)):
        return _wrongly_passed(before, event, new, consent)
    return None


def _wrongly_passed(baton: Baton, event: Event, new: Turn, consent: bool) -> str | None:
    before, holder = baton.turn(new.item), baton.holder
    if not _covers(new.service, consent):
        return "the new holder's service is not covered"
    if new.service not in TERMS.services:
        return "a helping service holds"
    if not baton.open:
        return "it passes in a closed log"
    if isinstance(event, Accept):
        fair = before is not None and before.state == "offered" and event.by.person == before.person
    elif isinstance(event, Cover):
        fair = before is not None and before.state == "offered" and before.agreed_on is not None
    elif isinstance(event, Confirm):
        fair = before is not None and before.state == "claimed" and holder is not None and event.by.unit == holder.unit
    else:
        fair = isinstance(event, Correct) and event.by.leads
    return None if fair else "it passes without a yes"
