"""What a system says of who coordinates: a fact, a step of the protocol, or a claim that a person must look at.

=================  ==============================  =====================================================
what is told       by                              what it is
=================  ==============================  =====================================================
a first holder     anybody                         a fact: somebody must hold, and nobody is pushed aside
another holder     anybody                         a claim; the holder stays
an offer           who carries the protocol        an offer, while somebody holds and no other stands
a yes to an offer  who carries the protocol        a yes, that counts when the consent covers it
a no to an offer   who made the offer              a no
the holder's end   anybody, while the log is open  a claim; with a yes told beside it, the end that the yes brings
all else of them   anybody                         a claim
=================  ==============================  =====================================================

A system carries the protocol when the settings say that it asserts the ``baton`` and its adapter tells assignments
with their states: then both persons have acted in the product. Helpers take nothing over: a plan that kindergarten
and school own, and the unit that owns the log, are theirs to change.
"""

from collections.abc import Callable, Mapping
from typing import Any

from gateway.core.casefile import CaseFile, Clash, Entry, Hand, Peer
from gateway.core.hands import assignments, holder_of, state_of
from gateway.core.merge import GUARDED, lag
from gateway.core.turns import ENDINGS, OVER, PRECEDENCE

OWNERS: Mapping[str, frozenset[str]] = {"safety_plan": frozenset({"school", "kindergarten", "sfo"})}
"""Kinds that only some services may have as their own, whoever coordinates or helps."""
HELD: Mapping[str, frozenset[str]] = {"case": frozenset({"owning_unit"})}
"""Fields that only the item's own system changes."""

_LOOSE = frozenset({"offered_on", "family_wish", "trained", "basis"})
"""What does not say who coordinates, and is merged like anything else."""


def coordinates(kind: str, fields: Mapping[str, Any]) -> bool:
    """Whether a record says who coordinates."""
    return kind == "assignment" and fields.get("role") in PRECEDENCE


def owned(kind: str, service: str | None) -> bool:
    """Whether a service may have such an item as its own."""
    return kind not in OWNERS or service in OWNERS[kind]


def adopted(file: CaseFile, system: str, kind: str, fields: Mapping[str, Any]) -> str | None:
    """The holder's assignment, when a system that has not told of it says for the first time who holds."""
    if not coordinates(kind, fields) or fields.get("state", "accepted") not in {None, "accepted"}:
        return None
    held = holder_of(file, fields["role"])
    known = file.peers.get(system, {})
    return held[0] if held is not None and held[0] not in known else None


def first_told(
    file: CaseFile, *, item: str, system: str, protocol: bool, kind: str, fields: dict[str, Any], recorded: str
) -> Clash | None:
    """Look at a new assignment that has just been taken in as it was told; what is only claimed is marked as that.

    Returns the claim, for a task.
    """
    if not coordinates(kind, fields):
        return None
    said = fields.get("state") or "accepted"
    others = [state_of(one) for key, one in assignments(file, fields["role"]) if key != item]
    holds, offered = "accepted" in others, "offered" in others
    if said in OVER or said == "claimed" or (said == "accepted" and not holds):
        return None
    if said == "offered" and protocol and holds and not offered and _open(file):
        file.hands[item] = Hand(told=system)
        return None
    if said == "accepted" and protocol and not offered and _both_told(file, system, fields):
        file.hands[item] = Hand(told=system, agreed_on=recorded[:10])
        _claimed(file, item, system, "offered", said)
        return None
    _claimed(file, item, system, "claimed", said)
    clash = Clash(system=system, item=item, name="state", theirs=said, since=recorded, why="claim")
    file.clashes.append(clash)
    return clash


def _both_told(file: CaseFile, system: str, fields: Mapping[str, Any]) -> bool:
    """Whether a product that has the holder's record too tells of an offer and the yes to it in one look."""
    held = holder_of(file, fields["role"])
    known = held is not None and held[0] in file.peers.get(system, {})
    return known and _open(file) and fields.get("offered_on") is not None


def _claimed(file: CaseFile, item: str, system: str, state: str, said: str) -> None:
    file.items[item].fields["state"] = state
    lag(file.peers[system][item], "state", said)


def told_again(
    file: CaseFile, *, item: str, system: str, protocol: bool, fields: dict[str, Any], recorded: str
) -> tuple[dict[str, Any], bool]:
    """What is left of a known assignment's reading to merge, and whether the protocol went on by it.

    A yes, and the end of the holder that it brings, wait for the consent: the system is noted as already saying so.
    """
    entry, said = file.items[item], fields.get("state")
    if not coordinates(entry.kind, entry.fields) or said is None:
        return fields, False
    now = state_of(entry)
    if now == "offered" and said == "accepted" and protocol:
        hand = file.hands.get(item) or Hand()
        went_on = hand.agreed_on is None
        file.hands[item] = Hand(
            person=hand.person, offered_by=hand.offered_by, agreed_on=hand.agreed_on or recorded[:10], told=system
        )
        return _noted(file, item, system, fields), went_on
    if now == "accepted" and said == "ended" and _open(file) and _yes_told_by(file, entry, system):
        return _noted(file, item, system, fields), False
    return fields, False


def _noted(file: CaseFile, item: str, system: str, fields: dict[str, Any]) -> dict[str, Any]:
    peer = file.peers.setdefault(system, {}).setdefault(item, Peer())
    for name in ("state", "since", "until"):
        if name in fields and fields[name] != file.items[item].fields.get(name):
            lag(peer, name, fields[name])
    return {name: value for name, value in fields.items() if name not in {"state", "since", "until"}}


def _yes_told_by(file: CaseFile, entry: Entry, system: str) -> bool:
    return any(
        state_of(one) == "offered" and (hand := file.hands.get(key)) is not None and hand.told == system
        and hand.agreed_on is not None
        for key, one in assignments(file, entry.fields["role"])
    )  # fmt: skip


def guard(
    file: CaseFile, *, item: str, system: str, protocol: bool, service: str | None, fields: Mapping[str, Any]
) -> Callable[[str], bool]:
    """For each field of a reading whether a change of it is a claim, whoever wrote last."""
    entry = file.items[item]
    mine = entry.origin.system == system
    if not coordinates(entry.kind, entry.fields):
        if entry.kind == "assignment":
            return lambda name: name == "role"  # somebody who helps does not become somebody who coordinates
        if entry.kind in OWNERS and not mine and not owned(entry.kind, service):
            return lambda _: True
        held = frozenset() if mine else HELD.get(entry.kind, frozenset())
        every = entry.kind in GUARDED
        return lambda name: every or name in held
    now, said = state_of(entry), fields.get("state")
    if now == "claimed" and (said in OVER or said is None or said == "claimed"):
        return lambda _: False  # nothing stands on it yet
    if now == "offered" and said in OVER and (protocol or mine):
        return lambda name: name not in {"state", "until"} | _LOOSE
    if not _open(file) and said in OVER:
        return lambda name: name not in {"state", "until"} | _LOOSE
    return lambda name: name not in _LOOSE


def forgotten(file: CaseFile, item: str) -> bool:
    """Whether an assignment may be deleted by its own system without a question: it stands for nothing any more."""
    entry = file.items[item]
    return coordinates(entry.kind, entry.fields) and state_of(entry) in OVER | {"claimed"}


def sound(before: CaseFile, after: CaseFile) -> bool:
    """Whether a change left what must hold: one holder of a role at most, and none gone while the log is open."""
    for role in PRECEDENCE:
        had = holder_of(before, role)
        states = [state_of(entry) for _, entry in assignments(after, role)]
        if states.count("accepted") > 1 or states.count("offered") > 1:
            return False
        if had is not None and "accepted" not in states and role == PRECEDENCE[-1] and _open(after):
            return False
    return True


def _open(file: CaseFile) -> bool:
    case = file.case()
    return case is None or case.fields.get("status") not in ENDINGS
