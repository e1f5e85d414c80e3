"""What a case file knows beside the subject: who answers for another child in it, and where the child has moved.

A declaration counts for the persons whom it is about. One about a sibling is the sibling's deciders', and carries
nothing of the subject; one about the subject carries nothing of the sibling.
"""

from collections.abc import Callable
from datetime import date

from msgspec.structs import replace

from gateway.core.casefile import CaseFile, Entry
from gateway.core.known import POWERS, Another, Facts, Guardian

INSTITUTIONS = frozenset({"school", "kindergarten", "sfo"})
"""Services at which a child has a place, so that a change of it can be told."""


def beside(facts: Facts, file: CaseFile, *, care: Callable[[str], str | None], settled: bool = True) -> Facts:
    """The facts with what the file tells beside. ``care(person)`` is the care measure in force, ``None`` if unknown.

    ``settled`` is false while something about relations waits unread: then nobody knows who answers for others.
    """
    kinds = {entry.kind for entry in file.items.values()}
    told: dict[str, list[tuple[str, Entry]]] = {}
    for key, entry in file.of_kind("relation") if settled and "relation" in kinds else ():
        child = entry.fields.get("child")
        if child and child != facts.child and _in_force(entry, facts.today):
            told.setdefault(child, []).append((key, entry))
    about = {one.id: frozenset(file.items[one.id].about) for one in facts.consents if one.id in file.items}
    others = {person for named in about.values() for person in named if person != facts.child} | told.keys()
    dead = {key for key, entry in file.of_kind("person") if entry.fields.get("deceased") is True}
    if not others and not dead and "enrolment" not in kinds:
        return facts
    contested = {clash.item for clash in file.clashes}
    return replace(
        facts,
        subject=replace(facts.subject, has_capacity=False) if facts.subject and facts.child in dead else facts.subject,
        guardians=None if facts.child in dead else _living(facts.guardians, dead),
        consents=tuple(one for one in facts.consents if _is_about(about.get(one.id), facts.child)),
        others=tuple(
            Another(
                id=person,
                guardians=_living(tuple(_guardian(one, key in contested) for key, one in told.get(person, ())), dead),
                care=care(person),
                consents=tuple(one for one in facts.consents if person in about.get(one.id, ())),
            )
            for person in sorted(others)
            if person not in dead
        ),
        moved=_moves(file, facts),
    )


def _is_about(named: frozenset[str] | None, child: str) -> bool:
    return not named or child in named


def _living(guardians: tuple[Guardian, ...] | None, dead: set[str]) -> tuple[Guardian, ...] | None:
    """One who has died answers for nobody; until a register says who does now, nobody knows (G8)."""
    if not guardians:
        return guardians or None
    return tuple(
        replace(one, responsibility="unknown") if one.person in dead and one.responsibility in POWERS else one
        for one in guardians
    )


def _guardian(entry: Entry, contested: bool) -> Guardian:
    fields = entry.fields
    return Guardian(
        person=fields["person"],
        responsibility="unknown" if contested else fields.get("responsibility"),
        resident=fields.get("resident"),
    )


def _moves(file: CaseFile, facts: Facts) -> tuple[tuple[str, date], ...]:
    """The day on which the child last began at another institution of a service. A place without a day tells none."""
    began: dict[str, dict[str, date]] = {}
    for _, entry in file.of_kind("enrolment"):
        fields = entry.fields
        since = _day(fields.get("since"))
        is_place = fields.get("person") == facts.child and fields.get("role", "pupil") == "pupil"
        if not is_place or since is None or since > facts.today or str(entry.origin.service) not in INSTITUTIONS:
            continue
        units = began.setdefault(str(entry.origin.service), {})
        unit = str(fields.get("unit"))
        units[unit] = min(since, units.get(unit, since))
    return tuple((service, max(units.values())) for service, units in sorted(began.items()) if len(units) > 1)


def _in_force(entry: Entry, today: date) -> bool:
    since, until = _day(entry.fields.get("since")), _day(entry.fields.get("until"))
    return (since is None or since <= today) and (until is None or today <= until)


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
