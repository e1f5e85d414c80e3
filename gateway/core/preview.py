"""What a change would do, by holding two looks at one receiver beside each other: as it is, and as it would be."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from gateway.core.ask import Ask, Decision
from gateway.core.known import Facts
from gateway.core.rules import Forbid
from gateway.core.sendings import Plan

Fields = dict[str, tuple[str, ...]]
"""Names of fields by item."""


class Glance(Struct, frozen=True, kw_only=True):
    """One receiver and one case: what the gate says of every item, and what the next round would do."""

    decisions: Mapping[str, Decision]
    plan: Plan


class Effect(Struct, frozen=True, kw_only=True):
    """What a change does for one receiver.

    ``loses`` it may get now and then no more, ``gains`` the other way round. Of what the next round would send,
    ``stops`` is no longer sent and ``starts`` is sent anew. ``asked_back`` is what it got and would be asked to give
    back.
    """

    loses: Fields
    gains: Fields
    stops: Fields
    starts: Fields
    asked_back: Fields

    @property
    def nothing(self) -> bool:
        """Whether nothing changes for this receiver."""
        return not (self.loses or self.gains or self.stops or self.starts or self.asked_back)


def compare(before: Glance, after: Glance) -> Effect:
    """The difference between two looks at the same receiver."""
    now, then = _may(before.decisions), _may(after.decisions)
    sent, would = _sent(before.plan), _sent(after.plan)
    return Effect(
        loses=_less(now, then),
        gains=_less(then, now),
        stops=_less(sent, would),
        starts=_less(would, sent),
        asked_back=_less(_back(after.plan), _back(before.plan)),
    )


def _may(decisions: Mapping[str, Decision]) -> dict[str, set[str]]:
    return {
        item: {name for name, effect in one.fields.items() if effect == "permit"} for item, one in decisions.items()
    }


def _sent(planned: Plan) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in planned.sendings:
        for item, values in one.values.items():
            found.setdefault(item, set()).update(values)
    return found


def _back(planned: Plan) -> dict[str, set[str]]:
    return {one.release.id: set(one.release.retracts) for one in planned.retractions}


def _less(some: Mapping[str, set[str]], other: Mapping[str, set[str]]) -> Fields:
    left = {item: tuple(sorted(names - other.get(item, set()))) for item, names in some.items()}
    return {item: names for item, names in left.items() if names}


ASKED: Mapping[str, Callable[[Ask], str | None]] = {
    "kind": lambda ask: ask.kind,
    "category": lambda ask: ask.category,
    "domain": lambda ask: ask.domain,
    "purpose": lambda ask: ask.purpose,
    "sender": lambda ask: ask.sender.service,
    "receiver": lambda ask: ask.receiver.service,
    "sender_unit": lambda ask: ask.sender.unit,
    "receiver_unit": lambda ask: ask.receiver.unit,
}
"""What a rule on trial can look at in a question to the gate."""


def narrowing(conditions: Mapping[str, str]) -> Forbid:
    """A rule that forbids what meets every condition (a name of ``ASKED`` and its value); with none it forbids all."""

    def applies(_: Facts, ask: Ask) -> bool:
        return all(ASKED[name](ask) == value for name, value in conditions.items())

    return Forbid(id="preview", applies=applies)
