"""The values of the baton: people, turns, one role's state in one case, and what can be said of it.

What an event does stands in ``gateway.core.baton``.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

PRECEDENCE: tuple[str, ...] = ("child_coordinator", "plan_coordinator", "relay_holder")
"""The roles that coordinate, the one that coordinates the whole first. They may stand beside each other."""

RELAY = "relay_holder"
State = Literal["claimed", "offered", "accepted", "declined", "withdrawn", "expired", "ended"]
OVER = frozenset({"declined", "withdrawn", "expired", "ended"})
ENDINGS = ("closed", "replaced_by_plan", "closed_by_family", "closed_by_withdrawal", "moved")
"""Why a log ends, in the words of a case's status."""


class Who(Struct, frozen=True, kw_only=True):
    """A named person with a role and a unit. ``name`` is what others call them."""

    person: str
    name: str = ""
    unit: str | None = None
    service: str | None = None
    leads: bool = False
    coordinates: bool = False
    trained: bool = False


class Turn(Struct, frozen=True, kw_only=True):
    """One person's turn with the baton: claimed, offered, held, or over.

    ``person`` is the entry of ``[people]``, ``None`` where only a system named somebody. ``agreed_on`` says that the
    offer was accepted and waits for the consent.
    """

    item: str
    state: State
    person: str | None = None
    name: str | None = None
    unit: str | None = None
    service: str | None = None
    offered_by: str | None = None
    offered_on: date | None = None
    agreed_on: date | None = None
    since: date | None = None
    until: date | None = None
    wish: str | None = None


class BatonTerms(Struct, frozen=True, kw_only=True):
    """What the municipality's model says: who may hold, whether they must be trained, and the days of an offer."""

    services: frozenset[str] = frozenset()
    """The services that may hold the relay log; empty: any."""
    training: bool = False
    answer_days: int = 7
    """Days until an unanswered offer goes to the unit's leader as well."""
    expire_days: int = 14
    """Days until an unanswered offer is over."""


class Baton(Struct, frozen=True, kw_only=True):
    """One role in one case. ``unit`` is the case's own, ``open`` whether the log goes on."""

    role: str = RELAY
    open: bool = True
    unit: str | None = None
    turns: tuple[Turn, ...] = ()
    terms: BatonTerms = BatonTerms()

    @property
    def holder(self) -> Turn | None:
        """Who holds it now."""
        return next((turn for turn in self.turns if turn.state == "accepted"), None)

    @property
    def offer(self) -> Turn | None:
        """The offer that stands."""
        return next((turn for turn in self.turns if turn.state == "offered"), None)

    def turn(self, item: str) -> Turn | None:
        """The turn that an assignment is."""
        return next((turn for turn in self.turns if turn.item == item), None)


class Offer(Struct, frozen=True, kw_only=True):
    """``item`` is the new assignment's id, and tells the same offer when it is told twice."""

    item: str
    by: Who
    to: Who
    on: date
    wish: str | None = None


class Accept(Struct, frozen=True, kw_only=True):
    """``covered``: the law lets the new holder's service have what the case holds, now."""

    item: str
    by: Who
    on: date
    covered: bool


class Cover(Struct, frozen=True, kw_only=True):
    """The consent was looked at again."""

    item: str
    on: date
    covered: bool


class Decline(Struct, frozen=True, kw_only=True):
    """No."""

    item: str
    by: Who
    on: date


class Withdraw(Struct, frozen=True, kw_only=True):
    """The offer is taken back."""

    item: str
    by: Who
    on: date


class Expire(Struct, frozen=True, kw_only=True):
    """A day has come."""

    item: str
    on: date


class End(Struct, frozen=True, kw_only=True):
    """``reason`` is one of ``ENDINGS``; ``followed``: a coordinator with precedence stands already."""

    by: Who
    on: date
    reason: str
    followed: bool = False


class Correct(Struct, frozen=True, kw_only=True):
    """``item`` is the new assignment's id where nobody holds yet."""

    item: str
    by: Who
    to: Who
    on: date
    reason: str
    covered: bool


class Confirm(Struct, frozen=True, kw_only=True):
    """A person says that what a system claimed is so."""

    item: str
    by: Who
    on: date
    covered: bool


class Reject(Struct, frozen=True, kw_only=True):
    """A person says that what a system claimed is not so."""

    item: str
    by: Who
    on: date


Event = Offer | Accept | Cover | Decline | Withdraw | Expire | End | Correct | Confirm | Reject


class Refusal(Struct, frozen=True):
    """Why an event does nothing: a stable code."""

    code: str


class Step(Struct, frozen=True, kw_only=True):
    """The state after an event, and what was done: ``""`` where the same was said before, or nothing is due."""

    baton: Baton
    done: str = ""
    item: str = ""
