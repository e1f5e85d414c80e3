"""What is decided for one receiver: releases, what is withheld, what is taken back, as values."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from gateway.core.casefile import Entry, Peer
from gateway.core.consent import Decision, Party
from gateway.core.hands import shown
from gateway.core.model import KINDS
from gateway.core.model.codes import ITEM_KINDS
from gateway.core.release import Release


class Receiver(Struct, frozen=True, kw_only=True, gc=False):
    """The system that is to get something: whose it is, for what purpose, and what its adapter can do."""

    system: str
    party: Party
    purpose: str
    writes: frozenset[str]
    documents: bool = False
    create_only: bool = False
    closed: bool = False
    """It takes a case when that has ended, not before."""
    categories: frozenset[str] | None = None
    carries: Mapping[str, frozenset[str]] = {}
    """The fields that its format has a place for, by kind; a kind that is not named has a place for all."""
    baton: str = "field"
    """How it shows who coordinates: in one ``field``, as ``assignments`` with a state, or as a care ``team``."""
    only: frozenset[str] | None = None
    """The items that are asked about, where it is not all of them."""
    live: Callable[[str], bool]
    """``live(system)`` says whether the flow from that system to this one is approved and not paused."""


class Sending(Struct, frozen=True, kw_only=True, gc=False):
    """One release and what it carries: the values by item, so that the receipt can be written down."""

    release: Release
    decision: Decision
    create: bool
    values: dict[str, dict[str, Any]]
    """For each item in the release, the fields that the receiver will hold after it."""
    decisions: dict[str, Decision]
    cause: str | None = None
    """Why it is taken back: the decision's cause, ``deleted`` by its own system, or ``category``."""


class Withheld(Struct, frozen=True, kw_only=True, gc=False):
    """Fields that the receiver has not got and does not get, and the decision that says why."""

    item: str
    kind: str
    fields: tuple[str, ...]
    decision: Decision | None
    shadow: bool = False


class Plan(Struct, kw_only=True):
    """What is to happen for one receiver and one case, in the order in which it is to happen."""

    sendings: list[Sending]
    retractions: list[Sending]
    withheld: list[Withheld]
    later: bool = False
    """More follows once these are delivered: what they point to must exist first."""


_NEVER = frozenset(kind for kind, struct in KINDS.items() if not struct.synced or kind not in ITEM_KINDS)
"""Kinds that leave for nobody: private notes, and what the rules do not name (a register's relations, units)."""


def can_get(receiver: Receiver, entry: Entry) -> bool:
    """Whether the receiver takes such an item at all, and is one that may ever get its category."""
    if entry.kind not in receiver.writes or (entry.kind in _NEVER and not _takes_part(receiver, entry)):
        return False
    return receiver.categories is None or entry.category in receiver.categories


def _takes_part(receiver: Receiver, entry: Entry) -> bool:
    """That somebody takes part is told to an individual plan alone, which C22 asks a yes to."""
    return entry.kind == "participant" and receiver.purpose == "individual_plan"


def can_show(receiver: Receiver, entry: Entry, peer: Peer) -> bool:
    """Whether the receiver has a place for an assignment in its state; any other item has one."""
    return entry.kind != "assignment" or shown(entry, single=receiver.baton == "field", known=peer.native is not None)
