"""From a relay log to what comes after it: an individual plan in another product, a new school, another municipality.

Nothing crosses by itself. A named person begins a crossing, and what it names goes through the gate as everything does,
on consents given for that very purpose. That somebody may have a right to a plan is a hint, never a conclusion.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gateway.core import hands
from gateway.core.ask import Decision
from gateway.core.baton import LAST
from gateway.core.casefile import HERE, CaseFile, Crossing, Entry, Hand
from gateway.core.lacking import targets
from gateway.core.merge import change_field
from gateway.core.model import REFS, Origin
from gateway.core.model.codes import LOCKED
from gateway.core.rules.sharing import HEALTH_SERVICES
from gateway.core.sendings import Receiver, Withheld

PLAN = "individual_plan"
CROSSED = frozenset({PLAN, "school_transition", "kindergarten_transition"})
"""Purposes for which a system gets what a crossing names, and nothing before one is begun."""

CLOSING = frozenset({"status", "closed_on", "close_reason", "closing_note", "replaced_by"})
"""What of a locked log may still be told."""

OF_THE_CASE = frozenset({"subject", "subject_role", "opened_on", "continues", "replaced_by"})
"""What of the log itself a crossing carries: whose it is, and the links."""

LINK = frozenset({"status", "opened_on", "closed_on", "replaces"})
"""What of a plan that replaces a log is told to those who had the log: that it is there."""

LET_GO: Mapping[str, frozenset[str]] = {"measure": frozenset({"ended", "dropped"}), "goal": frozenset({"dropped"})}
"""States of items that are over, which nothing carries on."""

_OWN = frozenset({"guardian", "subject"})
"""Receivers that are the family itself."""

Story = list[tuple[str, str, Any, Any, str | None]]


class Share(Struct, frozen=True, kw_only=True, gc=False):
    """What of a case one receiver may be asked about at all. ``only`` names items (``None``: all of them).

    ``slim`` gives, for items of which just a part is told, the fields that are.
    """

    case: str
    only: frozenset[str] | None
    locked: bool
    slim: Mapping[str, frozenset[str]]


def share_of(file: CaseFile, receiver: Receiver) -> Share | None:
    """What a receiver may be asked about; ``None`` when nothing narrows it, as for the family's own view."""
    if receiver.party.service in _OWN:
        return None
    case = file.case()
    crossed = receiver.purpose in CROSSED or any(one.system == receiver.system for one in file.crossings)
    locked = not crossed and case is not None and case.fields.get("status") in LOCKED
    if not (crossed or locked or file.crossings):
        return None
    slim: dict[str, frozenset[str]] = {}
    for one in file.crossings:
        entry = file.items.get(one.plan or "")
        if entry is not None and not (crossed and one.system == receiver.system):
            slim[one.plan or ""] = LINK if entry.fields.get("status") != "declined" else frozenset()
    if crossed:
        slim[file.id] = OF_THE_CASE
    return Share(
        case=file.id, only=_only(file, receiver.system) if crossed else None, locked=locked, slim=slim
    )  # fmt: skip


def narrowed(
    share: Share, item: str, entry: Entry, wanted: list[str], *, known: bool
) -> tuple[list[str], Withheld | None]:
    """What of the wanted fields is looked at; and what a locked log keeps back, for the reason to be told."""
    if share.only is not None and item not in share.only:
        return [], None
    if not share.locked:
        return wanted, None
    told = [name for name in wanted if known and item == share.case and name in CLOSING]
    kept = tuple(name for name in wanted if name not in told)
    if not kept:
        return told, None
    decision = Decision(effect="deny", fields=dict.fromkeys(kept, "deny"), rules=("X20",), cause="rule")
    return told, Withheld(item=item, kind=entry.kind, fields=kept, decision=decision)


def shut(share: Share | None, item: str, entry: Entry | None) -> frozenset[str]:
    """Fields of an item that this receiver is never told."""
    told = share.slim.get(item) if share is not None else None
    return frozenset() if told is None or entry is None else frozenset(entry.fields.keys() - told)


def _only(file: CaseFile, system: str) -> frozenset[str]:
    """The items that crossings to a system carry, with whom they point to; nothing where none was begun."""
    begun = [one for one in file.crossings if one.system == system]
    if not begun:
        return frozenset()
    carried = {file.id}
    for one in begun:
        services = named_services(file, one.purpose)
        carried.update(item for item in one.items if _may_take_part(file, item, services))
        plan = file.items.get(one.plan or "")
        if plan is not None:
            carried.add(one.plan or "")
            carried.update(plan.fields.get("measures", ()))
        carried.update(item for item, entry in file.of_kind("consent") if entry.fields.get("purpose") == one.purpose)
        if one.purpose == PLAN:
            carried.update(item for item, _ in coordinators(file))
    carried.update(item for item, entry in file.items.items() if entry.origin.system == system)
    return frozenset(carried | set(_people_in(file, carried)))


def named_services(file: CaseFile, purpose: str) -> frozenset[str]:
    """The services that everyone who has said yes to a purpose has named; nobody takes part in a plan unnamed."""
    by_giver: dict[Any, set[str]] = {}
    for _, entry in file.of_kind("consent"):
        if _given(entry) and entry.fields.get("purpose") == purpose:
            by_giver.setdefault(entry.fields.get("by"), set()).update(entry.fields.get("services", ()))
    return frozenset(set.intersection(*by_giver.values())) if by_giver else frozenset()


def _may_take_part(file: CaseFile, item: str, services: frozenset[str]) -> bool:
    """A service that takes part goes along where the consents name it: that it takes part is itself confidential."""
    entry = file.items.get(item)
    return entry is None or entry.kind != "participant" or entry.fields.get("service") in services


def _people_in(file: CaseFile, items: Iterable[str]) -> Iterator[str]:
    """Everyone whom items are about or point to."""
    for item in list(items):
        entry = file.items.get(item)
        if entry is None:
            continue
        yield from entry.about
        for name, sort in REFS[entry.kind].items():
            if sort == "person" and (item != file.id or name in OF_THE_CASE):
                yield from (one for one in targets(entry.fields.get(name)) if isinstance(one, str))


def coordinators(file: CaseFile) -> list[tuple[str, Entry]]:
    """Who coordinates the plan now: accepted, and not ended."""
    return in_force(file, "plan_coordinator")


def in_force(file: CaseFile, role: str) -> list[tuple[str, Entry]]:
    """Assignments of a role that somebody holds."""
    return [(item, entry) for item, entry in hands.assignments(file, role) if hands.state_of(entry) == "accepted"]


def hints(file: CaseFile) -> tuple[str, ...]:
    """What may point to a right to an individual plan, as codes. Never more than a hint: a person judges it.

    ``two_health_services``: two or more health services take part, as one municipality's model says. The law asks
    whether the needs are long-term and coordinated (``law`` code ``PLAN_RIGHT``), which nothing here knows.
    """
    living = [entry for entry in file.items.values() if not entry.deleted]
    taking_part: set[Any] = {entry.fields.get("service") for entry in living if entry.kind == "participant"}
    working: set[Any] = {entry.origin.service for entry in living if entry.kind in {"goal", "measure", "assignment"}}
    working |= {entry.fields.get("responsible_service") for entry in living if entry.kind == "measure"}
    return ("two_health_services",) if len((taking_part | working) & HEALTH_SERVICES) >= 2 else ()


def goes_on(file: CaseFile, kinds: Iterable[str]) -> list[str]:
    """Living items of some kinds that are not over: what a crossing carries when nothing else is said."""
    wanted = frozenset(kinds)
    return [
        item
        for item, entry in file.items.items()
        if entry.kind in wanted and not entry.deleted and entry.fields.get("status") not in LET_GO.get(entry.kind, ())
    ]


def begin(
    file: CaseFile,
    *,
    crossing: Crossing,
    origin: Origin,
    coordinator: Mapping[str, Any] | None,
    person: str | None = None,
    fresh: Callable[[], str],
) -> Story:
    """Begin a crossing in a case file (in place); what that changed.

    To a plan's product an individual plan is made, which replaces the log, points to its measures and names the
    consents; its coordinator (the fields of an ``assignment``, of ``person`` where it is an entry of ``[people]``) is
    there before the log's holder ends, unless somebody holds that role already. ``crossing`` holds the items that go
    along, and gets the plan's id; ``origin`` is the unit of the person who acts.
    """
    file.crossings.append(crossing)
    if crossing.purpose != PLAN:
        return []
    plan = crossing.plan = fresh()
    consents = [item for item, entry in file.of_kind("consent") if _given(entry)]
    measures = [item for item in crossing.items if file.items[item].kind == "measure"]
    told: dict[str, Any] = {
        "status": "active", "opened_on": crossing.begun, "replaces": file.id, "measures": measures,
        "consents": consents,
    }  # fmt: skip
    story: Story = []
    standing = coordinators(file)
    if standing:  # of each role there is one: who coordinates already goes on, and hands over by the baton alone
        told["responsible_for_progress"] = standing[0][1].fields.get("holder_name")
    elif coordinator is not None:
        told["responsible_for_progress"] = coordinator["holder_name"]
        assigned = {"role": "plan_coordinator", "state": "accepted", "since": crossing.begun, **coordinator}
        item = fresh()
        story.append(_add(file, item, "assignment", assigned, origin))
        if person is not None:
            file.hands[item] = Hand(person=person)
    told = {name: value for name, value in told.items() if value}
    story.append(_add(file, plan, "plan", told, origin))
    story.append(_set(file, file.id, "replaced_by", plan, origin))
    return story


def decline(file: CaseFile, *, crossing: Crossing, origin: Origin, fresh: Callable[[], str]) -> Story:
    """The family says no to a plan: that is noted, and the log goes on as before."""
    file.crossings.append(crossing)
    crossing.plan = fresh()
    told = {"status": "declined", "closed_on": crossing.begun}
    return [_add(file, crossing.plan, "plan", told, origin)]


def plan_of(file: CaseFile) -> tuple[Crossing, Entry] | None:
    """The crossing and the plan that replace the log, where they do."""
    for one in reversed(file.crossings):
        entry = file.items.get(one.plan or "")
        if entry is not None and not entry.deleted and entry.fields.get("status") == "active":
            return one, entry
    return None


def lacking_to_close(file: CaseFile) -> str | None:
    """Why a log may not yet be closed in favour of a plan: a stable code, or ``None`` when it may.

    The plan must stand in the other product, and its coordinator be there before the log's holder ends.
    """
    found = plan_of(file)
    if found is None:
        return "crossing.no_plan"
    crossing, _ = found
    peer = file.peers.get(crossing.system, {}).get(crossing.plan or "")
    if peer is None or peer.gone or not peer.released:
        return "crossing.not_there"
    return None if coordinators(file) else "crossing.no_coordinator"


def close(file: CaseFile, *, today: str, origin: Origin) -> Story:
    """Close the log in favour of the plan (in place), and with it the holder's task."""
    return end(file, status="replaced_by_plan", today=today, origin=origin)


def end(file: CaseFile, *, status: str, today: str, origin: Origin) -> Story:
    """End the log for good (in place): its state and day, and with it its holder, and what was offered or claimed."""
    before = hands.read(file)
    on = date.fromisoformat(today)
    over = tuple(
        replace(turn, state=LAST[turn.state], until=on, agreed_on=None) if turn.state in LAST else turn
        for turn in before.turns
    )
    story = hands.write(file, before, replace(before, turns=over, open=False), origin=origin, at=today)
    return [*story, _set(file, file.id, "status", status, origin), _set(file, file.id, "closed_on", today, origin)]


def end_consents(file: CaseFile, *, last: str, origin: Origin) -> Story:
    """No consent to a service reaches beyond a day: what was said to one municipality is not said to another.

    What the family's own view rests on stays: they are to have their copy.
    """
    return [
        _set(file, item, "valid_to", last, origin)
        for item, entry in file.of_kind("consent")
        if _given(entry)
        and not _OWN.issuperset(entry.fields.get("services", ("any",)))
        and str(entry.fields.get("valid_to", "9999-12-31")) > last
    ]


def _given(entry: Entry) -> bool:
    return entry.fields.get("decision") == "given" and entry.fields.get("withdrawn") is None


Change = tuple[str, str, Any, Any, str | None]


def _add(file: CaseFile, item: str, kind: str, fields: Mapping[str, Any], origin: Origin) -> Change:
    """An item that a person of a unit wrote at the gateway."""
    case = file.case()
    subject = case.fields.get("subject") if case is not None else None
    file.items[item] = Entry(
        kind=kind, fields=dict(fields), origin=origin, category=kind, about=[subject] if subject else []
    )
    return item, "+", None, dict(fields), None


def _set(file: CaseFile, item: str, name: str, value: Any, origin: Origin) -> Change:
    """Give a field a value that a person of a unit wrote at the gateway."""
    old = file.items[item].fields.get(name)
    change_field(file=file, item=item, name=name, value=value, system=f"{HERE}{origin.unit}")
    return item, name, old, value, None
