"""Three-way merge of one item, field by field, against what was last agreed.

``decide`` looks and yields steps; ``apply`` carries them out on the case file. Nothing is decided while applying.

For a field, ``ours`` is the canonical value, ``theirs`` what the system says now, and ``base`` what it was last known
to agree with. Then:

========  ========  ==============================================================================
ours      theirs    what happens
========  ========  ==============================================================================
= theirs            agreed, whatever the base was (an echo, or the same edit on both sides)
changed   = base    ours stands; the system is behind and due
= base    changed   theirs stands, everywhere; a coordinator's or consent's field becomes a claim
changed   changed   the owner's word stands; without an owner, a stored conflict and a task
any       new       no base (first contact): the owner's word, else a difference for the adoption list
absent    new       theirs stands
========  ========  ==============================================================================

A field that the system did not tell is not looked at: absence is not deletion.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from gateway.core import belief
from gateway.core.belief import Word
from gateway.core.casefile import CaseFile, Clash, Entry, Peer
from gateway.core.facts import STRICTNESS
from gateway.core.model.codes import ENDED

Verdict = Literal["agree", "keep", "take", "insist", "clash"]

GUARDED: Mapping[str, frozenset[str] | None] = {"assignment": None, "consent": None, "relation": None}
"""Kinds whose fields are never decided by who wrote last (``None``: every field)."""

LIMITS = frozenset({"categories", "units", "from_services"})
"""Fields of a consent that limit it, and of which an empty list is no limit."""

_UNKNOWN = object()
_WATCHED = belief.GUARDED | belief.IDENTIFYING


class Step(Struct, frozen=True):
    """What to do with one field: ``insist`` keeps ours and marks the system as behind with its own value."""

    name: str
    verdict: Verdict
    theirs: Any
    why: Literal["both_changed", "first_contact", "claim"] = "both_changed"


def decide(
    *,
    kind: str,
    ours: Mapping[str, Any],
    peer: Peer,
    theirs: Mapping[str, Any],
    system: str,
    owner: Callable[[str], str | None],
    trusted: bool = False,
    word: Callable[[str], Word] | None = None,
    guarded: Callable[[str], bool] | None = None,
) -> Iterator[Step]:
    """Yield a step for each field that the system told of.

    ``owner`` gives the system whose word stands for a field, or ``None``. ``trusted`` says that the settings let this
    system assert the kind and that the item is its own: then a guarded field follows it where nobody else changed it.
    ``guarded`` says of which fields a change is a claim, where that is not by the kind alone.
    A change that only narrows what may leave (a withdrawal) is taken at once, from whoever tells it; one that undoes
    it never is. ``word`` says of a person's fact that the gate rests on whose word counts: this system's, the one that
    we have, or nobody's.
    """
    every = kind in GUARDED
    agreed = set(peer.agreed)
    for name, value in theirs.items():
        mine = ours.get(name)
        closed = every if guarded is None else guarded(name)
        if value == mine:
            yield Step(name, "agree", value)
            continue
        base = peer.behind.get(name, mine if name in agreed else _UNKNOWN)
        if base is _UNKNOWN:
            if mine is None and (not closed or not ours):
                yield Step(name, "take", value)
                continue
            verdict, why = _word(owner(name), system), "first_contact"
        elif value == base:
            yield Step(name, "keep", value)
            continue
        elif name in agreed:
            verdict, why = "take", "both_changed"
        else:
            verdict, why = _word(owner(name), system), "both_changed"
        if tightens(kind, name, mine, value):
            verdict = "take"
        elif kind == "person" and word is not None and name in _WATCHED:
            verdict, why = _of_fact(name, word(name), verdict, why)
        elif closed:
            undoes = tightens(kind, name, value, mine)
            if not (trusted and name in agreed) or undoes:
                verdict, why = "clash", "claim"
        yield Step(name, verdict, value, why)  # type: ignore[arg-type]


def _of_fact(name: str, whose: Word, verdict: Verdict, why: str) -> tuple[Verdict, str]:
    """A fact about a person: the believed word stands, and where either answer opens something, a person decides."""
    if whose == "theirs":
        return "take", why
    if whose == "ours" and name in belief.GUARDED:
        return ("clash", "claim") if name in belief.CONTESTED else ("insist", why)
    return verdict, why


def tightens(kind: str, name: str, ours: Any, theirs: Any) -> bool:
    """Whether a change only narrows what may leave: a consent withdrawn, refused, ended sooner, for fewer, with more
    excluded; a person better protected.
    """
    if kind == "person":
        return name == "protection" and STRICTNESS.index(theirs or "none") > STRICTNESS.index(ours or "none")
    if kind != "consent":
        return False
    if name == "withdrawn":
        return theirs is not None and (ours is None or theirs < ours)
    if name == "decision":
        return bool(theirs == "refused")
    if name == "valid_to":
        return theirs is not None and (ours is None or theirs < ours)
    if name == "services":
        return theirs is not None and ours is not None and set(theirs) < set(ours)
    if name == "excluded":
        return bool(theirs) and all(one in theirs for one in ours or [])
    if name in LIMITS:
        return bool(theirs) and (not ours or set(theirs) < set(ours))
    return False


def _word(owner: str | None, system: str) -> Verdict:
    if owner is None:
        return "clash"
    return "take" if owner == system else "insist"


class Effect(Struct, frozen=True):
    """What a merge did to the case file: old and new values of changed fields, and the conflicts that it stored."""

    changed: dict[str, tuple[Any, Any]]
    clashes: list[Clash]
    settled: list[str]
    due: bool
    """The system that was read is itself behind and must get something."""


def apply(*, file: CaseFile, item: str, system: str, steps: Iterator[Step], recorded: str) -> Effect:
    """Carry out the steps on the case file, in place.

    Every other system that agreed with a field which now changes is marked as behind with the value that it holds.
    """
    entry = file.items[item]
    peer = file.peers.setdefault(system, {}).setdefault(item, Peer())
    changed: dict[str, tuple[Any, Any]] = {}
    clashes: list[Clash] = []
    settled: list[str] = []
    for step in steps:
        if step.verdict == "clash":
            _clash(file=file, item=item, system=system, step=step, recorded=recorded, made=clashes)
            continue
        if file.clashes and _dissolve(file, item, system, step.name):
            settled.append(step.name)
        if step.verdict == "take":
            changed[step.name] = (entry.fields.get(step.name), step.theirs)
            change_field(file=file, item=item, name=step.name, value=step.theirs, system=system)
        elif step.verdict == "agree":
            agree(peer, step.name)
        elif step.verdict == "insist":
            lag(peer, step.name, step.theirs)
    return Effect(changed=changed, clashes=clashes, settled=settled, due=bool(peer.behind))


def change_field(*, file: CaseFile, item: str, name: str, value: Any, system: str | None) -> None:
    """Give a field its new canonical value; every system that agreed with the old one falls behind.

    ``system`` is the one that already holds the new value, ``None`` when a person chose it here.
    """
    entry = file.items[item]
    old = entry.fields.get(name)
    if name == "status" and entry.kind == "case" and old in ENDED and value not in ENDED:
        _reopen(file, item)
    for other, peers in file.peers.items():
        held = peers.get(item)
        if held is None:
            continue
        if name in held.refused:
            held.refused.remove(name)
        if other == system:
            agree(held, name)
        elif name in held.agreed:
            lag(held, name, old)
        elif name in held.behind and held.behind[name] == value:
            agree(held, name)
    if value is None:
        entry.fields.pop(name, None)
    else:
        entry.fields[name] = value
    if name in entry.stated:
        entry.stated.remove(name)
    _credit(entry, name, system)
    if name in entry.settled:
        entry.settled.remove(name)


def _reopen(file: CaseFile, item: str) -> None:
    """Who has a log as it was when it ended has an older one from now on."""
    for peers in file.peers.values():
        if item in peers and peers[item].native is not None:
            peers[item].reopened = True


def state(entry: Entry, name: str) -> None:
    """A named person stands for the present value of a person's fact, until a believed system or another says else."""
    if entry.kind == "person" and name in belief.FACTS:
        if name not in entry.stated:
            entry.stated.append(name)
        if name in entry.unknown:
            entry.unknown.remove(name)


def agree(peer: Peer, name: str) -> None:
    """The system is known to hold the canonical value."""
    peer.behind.pop(name, None)
    if name not in peer.agreed:
        peer.agreed.append(name)


def lag(peer: Peer, name: str, held: Any) -> None:
    """The system is known to hold another value than the canonical one."""
    if name in peer.agreed:
        peer.agreed.remove(name)
    peer.behind[name] = held


def _credit(entry: Entry, name: str, system: str | None) -> None:
    """Remember whose value this is, since what a field may do depends on the service that wrote it."""
    if system == entry.origin.system or system is None:
        entry.sources.pop(name, None)
    else:
        entry.sources[name] = system


def _clash(*, file: CaseFile, item: str, system: str, step: Step, recorded: str, made: list[Clash]) -> None:
    for at, known in enumerate(file.clashes):
        if (known.system, known.item, known.name) == (system, item, step.name):
            if known.theirs != step.theirs:
                file.clashes[at] = Clash(
                    system=system, item=item, name=step.name, theirs=step.theirs, since=recorded, why=known.why
                )
                made.append(file.clashes[at])
            return
    clash = Clash(system=system, item=item, name=step.name, theirs=step.theirs, since=recorded, why=step.why)
    file.clashes.append(clash)
    made.append(clash)


def _dissolve(file: CaseFile, item: str, system: str, name: str) -> bool:
    """A conflict ends by itself when the system comes to say what we say, or goes back to what was agreed."""
    before = len(file.clashes)
    file.clashes[:] = [
        known for known in file.clashes if (known.system, known.item, known.name) != (system, item, name)
    ]
    return len(file.clashes) != before


def choose(*, file: CaseFile, clash: Clash, ours: bool) -> dict[str, tuple[Any, Any]]:
    """A person settles a conflict: our value stands and the system is due, or theirs becomes everybody's."""
    _dissolve(file, clash.item, clash.system, clash.name)
    peer = file.peers.setdefault(clash.system, {}).setdefault(clash.item, Peer())
    if clash.name == "*":
        if ours:
            file.peers[clash.system][clash.item] = Peer(count=peer.count)
        else:
            file.items[clash.item].deleted = True
        return {}
    entry = file.items[clash.item]
    old = entry.fields.get(clash.name)
    if ours:
        lag(peer, clash.name, clash.theirs)
    else:
        change_field(file=file, item=clash.item, name=clash.name, value=clash.theirs, system=clash.system)
    state(entry, clash.name)
    if entry.sources.get(clash.name) is not None and clash.name not in entry.settled:
        entry.settled.append(clash.name)
    return {} if ours else {clash.name: (old, clash.theirs)}
