"""Between a case file and the baton: reading a role's state from its assignments, and writing back what a step did.

What a person decides here is written as theirs (``HERE`` and their unit), so that it reaches every system that shares
the case, the log's own product too. A system that has one field for the holder keeps its one record: the record
passes from the old assignment to the new one with the baton.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from gateway.core.casefile import HERE, CaseFile, Entry, Hand, Peer
from gateway.core.merge import agree, change_field, lag
from gateway.core.model import Origin
from gateway.core.turns import ENDINGS, PRECEDENCE, RELAY, Baton, BatonTerms, Turn

Story = list[tuple[str, str, Any, Any, str | None]]
Named = Callable[[str | None, str | None], str | None]
"""``named(name, unit)`` is the entry of ``[people]`` whom systems call so and who works there, or ``None``."""

OPEN_ENDED: Mapping[str | None, str] = {None: "accepted"}
"""A record without a state says who holds: a product with one field for it has no word for a state."""


def read(
    file: CaseFile, role: str = RELAY, *, terms: BatonTerms | None = None, named: Named = lambda _name, _unit: None
) -> Baton:
    """One role's state in a case. ``named`` finds people by what a system calls them."""
    case = file.case()
    turns = [_turn(file, item, entry, named) for item, entry in assignments(file, role)]
    return Baton(
        role=role,
        open=case is None or case.fields.get("status") not in ENDINGS,
        unit=case.origin.unit if case is not None else None,
        turns=tuple(turns),
        terms=terms or BatonTerms(),
    )


def assignments(file: CaseFile, role: str) -> list[tuple[str, Entry]]:
    """The living assignments of a role."""
    return [(item, entry) for item, entry in file.of_kind("assignment") if entry.fields.get("role") == role]


def state_of(entry: Entry) -> str:
    """The state of an assignment; one without is held."""
    told = entry.fields.get("state")
    return OPEN_ENDED.get(told, str(told))


def holder_of(file: CaseFile, role: str) -> tuple[str, Entry] | None:
    """Who holds a role in a case, without looking at people."""
    return next(((item, entry) for item, entry in assignments(file, role) if state_of(entry) == "accepted"), None)


def shown(entry: Entry, *, single: bool, known: bool) -> bool:
    """Whether a system is told of an assignment. A claim is nobody's business; one field has room for the holder only.

    ``single``: the system has one field for it. ``known``: it has this very assignment.
    """
    if entry.fields.get("role") not in PRECEDENCE:
        return True
    state = state_of(entry)
    return state != "claimed" and (not single or known or state == "accepted")


def whole(file: CaseFile) -> tuple[str, str, Entry] | None:
    """Who coordinates the whole: (role, item, assignment) of the first role by precedence that somebody holds."""
    for role in PRECEDENCE:
        held = holder_of(file, role)
        if held is not None:
            return (role, *held)
    return None


def _turn(file: CaseFile, item: str, entry: Entry, named: Named) -> Turn:
    fields, hand = entry.fields, file.hands.get(item) or Hand()
    name = fields.get("holder_name")
    unit = fields.get("unit") or entry.origin.unit
    return Turn(
        item=item,
        state=state_of(entry),  # type: ignore[arg-type]
        person=hand.person or named(name, unit),
        name=name,
        unit=unit,
        service=fields.get("service") or entry.origin.service,
        offered_by=hand.offered_by,
        offered_on=_day(fields.get("offered_on")),
        agreed_on=_day(hand.agreed_on),
        since=_day(fields.get("since")),
        until=_day(fields.get("until")),
        wish=fields.get("family_wish"),
    )


def write(
    file: CaseFile,
    before: Baton,
    after: Baton,
    *,
    origin: Origin,
    single: Iterable[str] = (),
    at: str | None = None,
    status: str | None = None,
) -> Story:
    """Write what a step did into the case file, in place, and return its story for the history.

    ``origin`` is the unit of whoever acts, ``single`` the systems with one field for the holder, ``at`` when it holds.
    ``status`` is what the case becomes when the log ends. Nothing but assignments, and the case's end, is ever
    written: what kindergarten and school own stays theirs whoever coordinates.
    """
    story: Story = []
    case = file.case()
    known = {turn.item: turn for turn in before.turns}
    for turn in after.turns:
        old = known.get(turn.item)
        if old == turn:
            continue
        if old is None:
            file.items[turn.item] = _entry(file, before, turn, origin)
            story.append((turn.item, "+", None, dict(file.items[turn.item].fields), at))
        else:
            story += _set(file, turn.item, _changed(turn, old, file.items[turn.item].fields), origin, at)
        _remember(file, turn)
    if case is not None and before.open and not after.open and status is not None:
        story += _set(file, file.id, {"status": status, "closed_on": _last(after)}, origin, at)
    held, holds = before.holder, after.holder
    if held is not None and holds is not None and held.item != holds.item:
        for system in single:
            _hand_over(file, system, held.item, holds.item)
    return story


def _fields(role: str, turn: Turn) -> dict[str, Any]:
    return {
        "role": role,
        "holder_name": turn.name,
        "service": turn.service,
        "unit": turn.unit,
        "state": turn.state,
        "offered_on": _iso(turn.offered_on),
        "since": _iso(turn.since),
        "until": _iso(turn.until),
        "family_wish": turn.wish,
    }


def _entry(file: CaseFile, before: Baton, turn: Turn, origin: Origin) -> Entry:
    """A new assignment, in the log that the case has its home in; its fields are those of the unit that wrote them."""
    case, held = file.case(), before.holder
    home = file.items[held.item] if held is not None else case
    system = home.origin.system if home is not None else None
    fields = {name: value for name, value in _fields(before.role, turn).items() if value is not None}
    subject = case.fields.get("subject") if case is not None else None
    return Entry(
        kind="assignment",
        fields=fields,
        origin=Origin(service=origin.service, domain=origin.domain, unit=origin.unit, body=origin.body, system=system),
        category="assignment",
        about=[subject] if subject else [],
        sources=dict.fromkeys(fields, f"{HERE}{origin.unit}"),
    )


def _changed(turn: Turn, old: Turn, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a step changed. A corrected record names another, whom no system's list of people may have."""
    was, new = _fields("", old), _fields("", turn)
    told = {name: value for name, value in new.items() if value != was[name]}
    return {**told, "holder": None} if old.person != turn.person and "holder" in fields else told


def _set(file: CaseFile, item: str, told: Mapping[str, Any], origin: Origin, at: str | None) -> Story:
    entry, story = file.items[item], Story()
    for name, value in told.items():
        old = entry.fields.get(name)
        _settle(file, item, name, value)
        if old != value:
            story.append((item, name, old, value, at))
            change_field(file=file, item=item, name=name, value=value, system=None)
            entry.sources[name] = f"{HERE}{origin.unit}"
    return story


def _settle(file: CaseFile, item: str, name: str, value: Any) -> None:
    """What a system claimed of a field is no conflict any more once a person has decided: it agrees, or is behind."""
    for clash in [one for one in file.clashes if (one.item, one.name) == (item, name)]:
        file.clashes.remove(clash)
        peer = file.peers.setdefault(clash.system, {}).setdefault(item, Peer())
        if clash.theirs == value:
            agree(peer, name)
        else:
            lag(peer, name, clash.theirs)


def _hand_over(file: CaseFile, system: str, old: str, new: str) -> None:
    """The system's one record of the holder is of the new assignment from now on, and behind in all that differs."""
    peers = file.peers.get(system, {})
    peer = peers.get(old)
    if peer is None or peer.native is None or peer.gone:
        return
    del peers[old]
    own = peers.pop(new, None)
    fields, held = (
        file.items[new].fields,
        {name: file.items[old].fields.get(name) for name in peer.agreed} | peer.behind,
    )
    moved = Peer(
        native=peer.native, version=peer.version, before=peer.before, modified=peer.modified, count=peer.count,
        released=list(dict.fromkeys([*peer.released, *(own.released if own is not None else ())])),
    )  # fmt: skip
    for name, value in held.items():
        if fields.get(name) == value:
            agree(moved, name)
        else:
            lag(moved, name, value)
    peers[new] = moved


def _remember(file: CaseFile, turn: Turn) -> None:
    known = file.hands.get(turn.item) or Hand()
    file.hands[turn.item] = Hand(
        person=turn.person,
        offered_by=turn.offered_by,
        agreed_on=_iso(turn.agreed_on),
        told=known.told if turn.state in {"claimed", "offered"} else None,
        reason=known.reason,
    )


def _last(after: Baton) -> str | None:
    days = [turn.until for turn in after.turns if turn.until is not None]
    return _iso(max(days)) if days else None


def _day(told: Any) -> date | None:
    return date.fromisoformat(told) if isinstance(told, str) else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
