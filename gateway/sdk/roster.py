"""A school's roster as records: one for each child, with its places, its contact teachers and its guardians.

Whatever format a school's system speaks, its adapter fills a ``Roster`` with what is needed and nothing else; what is
told of a child is then the same in all of them. A record names one child, never several, and it is whole: a place that
it leaves out has ended (``Reading.whole``), so that a child who is moved by being left out is heard of.

Whom a school calls a guardian (*foresatt*) has not for that reason parental responsibility: it is never told here.

An employee is somebody of their own in each child's record: nothing leads from one child's log to another's.

Codes: ``roster.body`` (a kept record that this version cannot read), ``roster.kind``, ``roster.no_school``,
``roster.person_unknown``, ``roster.period``, and those of person numbers.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Literal

from msgspec import Struct, field

from gateway.core.model import Fault
from gateway.core.reading import Raw, Reading
from gateway.sdk.identity import well_formed

Status = Literal["active", "ended", "planned"]
Role = Literal["pupil", "contact_teacher"]
_STEPS = 20
"""How far up a school is looked for; a chain that is longer, or a circle, leads to none."""

_PERSON = (
    "number", "given_name", "family_name", "birth_date", "language", "phone", "email", "address", "postal_code", "city",
    "country",
)  # fmt: skip
_PLACE = ("unit", "unit_name", "group", "group_type", "grade", "since", "until", "status")
_ADULT = {"guardian": "guardian", "teacher": "employee"}


class Org(Struct, frozen=True, kw_only=True):
    """A node of the school owner's tree. ``number`` is its organisation number; ``service`` is told of schools only."""

    name: str
    kind: Literal["school", "owner", "other"]
    number: str | None = None
    parent: str | None = None
    service: str = "school"


class Group(Struct, frozen=True, kw_only=True):
    """A group of pupils; ``school`` is the org that it belongs to, or a part of one."""

    name: str
    school: str | None
    type: Literal["basic", "contact"] | None = None
    grade: str | None = None
    service: str | None = None


class Member(Struct, frozen=True, kw_only=True):
    """A person's place in a group or at a school. ``until`` is its last day; ``id`` is the system's own, or made."""

    id: str
    person: str
    group: str
    role: Role
    since: date | None = None
    until: date | None = None
    status: Status = "active"


class Roster(Struct, kw_only=True):
    """What a school's system has told, minimised. ``people`` hold the fields of a person in canonical names.

    ``whole`` says that all places of each pupil are here; ``pupils`` are those of whom a record is made, with or
    without a place. ``left`` has pupils who are gone there. ``faults`` are parts that were refused.
    """

    whole: bool = True
    orgs: dict[str, Org] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    people: dict[str, Mapping[str, str]] = field(default_factory=dict)
    pupils: dict[str, None] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    members: dict[str, Member] = field(default_factory=dict)
    guardians: dict[str, dict[str, None]] = field(default_factory=dict)
    faults: list[Raw] = field(default_factory=list)

    def school(self, ident: str | None) -> str | None:
        """The school that an org or group stands in, itself if it is one; nothing where the chain leads nowhere."""
        group = self.groups.get(ident or "")
        here = group.school if group is not None else ident
        for _ in range(_STEPS):
            org = self.orgs.get(here or "")
            if org is None:
                return None
            if org.kind == "school":
                return here
            here = org.parent
        return None


def broken(kind: str, native: str, code: str, place: str) -> Raw:
    """A part that is refused, with the reason and the place and without its content."""
    return Raw(kind=kind, id=native, body=[code, place, ""])


def state_of(*, since: date | None, until: date | None, today: date | None, over: bool = False) -> Status:
    """Whether a place has ended, is planned or active on a day. Raises ``Fault`` ``roster.period`` for a period that
    ends before it begins.
    """
    if since is not None and until is not None and until < since:
        raise Fault("roster.period", "$")
    if over or (today is not None and until is not None and until < today):
        return "ended"
    return "planned" if today is not None and since is not None and since > today else "active"


def last_day(end: date | None) -> date | None:
    """The last day of a period whose end is the day after it, as OneRoster writes it."""
    return end - timedelta(days=1) if end is not None and end > date.min else end


class _Index(Struct, frozen=True):
    places: Mapping[str, list[Member]]
    contacts: Mapping[str, list[str]]


def _index(roster: Roster) -> _Index:
    places: dict[str, list[Member]] = {}
    contacts: dict[str, dict[str, None]] = {}
    for one in roster.members.values():
        if one.role == "pupil":
            places.setdefault(one.person, []).append(one)
        elif one.status == "active":
            contacts.setdefault(one.group, {})[one.person] = None
    return _Index(places, {group: sorted(teachers) for group, teachers in contacts.items()})


def units(roster: Roster) -> Iterator[Raw]:
    """A record for each school and school owner."""
    for ident, org in roster.orgs.items():
        if org.kind == "other":
            continue
        body = {
            "type": org.kind,
            "name": org.name,
            "organisation_number": org.number,
            "part_of": org.parent if org.parent != ident else None,
            "service": org.service,
        }
        yield Raw(kind="unit", id=ident, body=_told(body))


class Telling:
    """A roster's records, page by page: what was refused, units, and a record for each pupil, or for those in ``only``.

    Records are made when they are asked for, so that what is held of a child is held once. Nobody else's data leave
    the roster.
    """

    def __init__(self, roster: Roster, only: Iterable[str] | None = None, *, first: Iterable[Raw] = ()) -> None:
        self._roster, self._index = roster, _index(roster)
        self._heads = [*roster.faults, *first, *units(roster)]
        named = [*roster.pupils, *sorted(roster.left - roster.pupils.keys())] if only is None else list(only)
        self._pupils = [one for one in named if one in roster.pupils or one in roster.left]

    @property
    def refused(self) -> int:
        """How many parts were refused."""
        return len(self._roster.faults)

    def __len__(self) -> int:
        return len(self._heads) + len(self._pupils)

    def page(self, at: int, size: int) -> tuple[list[Raw], int | None]:
        """About as many records from a place on, and where to go on; ``None`` at the end."""
        records = self._heads[at : at + size]
        begin = max(0, at - len(self._heads))
        for pupil in self._pupils[begin : begin + size - len(records)]:
            records += _child(pupil, self._roster, self._index)
        return records, at + size if at + size < len(self) else None


def touched(roster: Roster, *, people: Iterable[str] = (), groups: Iterable[str] = ()) -> set[str]:
    """The pupils whose records another word on these people, groups or orgs changes."""
    named, within = set(people), set(groups)
    within |= {ident for ident, group in roster.groups.items() if within & {group.school, roster.school(ident)}}
    within |= {one.group for one in roster.members.values() if one.role != "pupil" and one.person in named}
    found = {one.person for one in roster.members.values() if one.role == "pupil" and one.group in within}
    found |= {child for child, adults in roster.guardians.items() if named & adults.keys()}
    return found | (named & (roster.pupils.keys() | roster.left))


def _child(pupil: str, roster: Roster, index: _Index) -> Iterator[Raw]:
    places: list[dict[str, Any]] = []
    contacts: dict[str, dict[str, Any]] = {}
    taught: dict[str, None] = {}
    for one in () if pupil in roster.left else index.places.get(pupil, ()):
        place = _place(one.group, roster)
        if "unit" not in place:
            yield broken("enrolment", one.id, "roster.no_school", "$.places")
            continue
        told = {"id": one.id, **place, "since": _text(one.since), "until": _text(one.until), "status": one.status}
        places.append(_told(told))
        if one.status == "active":
            for teacher in index.contacts.get(one.group, ()):
                native = f"{one.group}|{teacher}|{pupil}"
                if teacher in roster.people:
                    taught[teacher] = None
                    contacts[native] = {"id": native, "person": f"{teacher}|{pupil}", **place, "status": "active"}
    kin = () if pupil in roster.left else roster.guardians.get(pupil, ())
    adults = [
        *(_adult(one, "guardian", roster) for one in kin if one in roster.people),
        *({**_adult(one, "teacher", roster), "id": f"{one}|{pupil}"} for one in taught),
    ]
    body = {
        "person": dict(roster.people.get(pupil, {})),
        "whole": roster.whole or pupil in roster.left,
        "places": places,
        "contacts": list(contacts.values()),
        "adults": adults,
    }
    yield Raw(kind="person", id=pupil, body=body)


def _adult(ident: str, role: str, roster: Roster) -> dict[str, Any]:
    fields = dict(roster.people[ident])
    if role == "teacher":
        fields.pop("number", None)
    fields.pop("birth_date", None)
    fields.pop("language", None)
    return {"id": ident, "role": role, **fields}


def _place(native: str, roster: Roster) -> dict[str, Any]:
    """The school, and the group in it unless it is the school itself."""
    above = roster.school(native)
    school = roster.orgs[above] if above is not None else None
    found: dict[str, Any] = {}
    if school is not None:
        found |= {"unit": school.number or above, "unit_name": school.name, "service": school.service}
    group = roster.groups.get(native)
    if group is not None:
        found |= {"group": group.name or native, "group_type": group.type, "grade": group.grade}
        found["service"] = group.service or found.get("service")
    if found.get("service") == "school":
        del found["service"]
    return _told(found)


def _told(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}


def _text(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


# records in canonical names


def read(raw: Raw) -> list[Reading]:
    """Readings of one record: a child with places and adults, or a unit.

    Raises ``Fault``: for a part that was refused when it was read, with the code and place from there; with an
    ``identity.*`` code for a child's number that is not well formed. A guardian's number that is not is left out, and
    is a doubt.
    """
    if isinstance(raw.body, list) and len(raw.body) == 3:
        code, place, _ = raw.body
        raise Fault(str(code), str(place))
    if raw.kind not in {"person", "unit"}:
        raise Fault("roster.kind", "$")
    if raw.deleted:
        return [Reading(kind=raw.kind, id=raw.id, fields={}, deleted=True)]
    if not isinstance(raw.body, dict):
        raise Fault("roster.body", "$")
    return [_unit(raw)] if raw.kind == "unit" else list(_readings(raw))


def _readings(raw: Raw) -> Iterator[Reading]:
    body: dict[str, Any] = raw.body
    fields = _part(body, "person", dict)
    number = fields.get("number")
    fault = well_formed(str(number)) if number is not None else None
    if fault is not None:
        raise Fault(fault, "$.number")
    doubts: list[tuple[str, str]] = []
    adults = [_grown(one, raw.id, at, doubts) for at, one in enumerate(_part(body, "adults", list))]
    yield Reading(
        kind="person",
        id=raw.id,
        fields={name: fields[name] for name in _PERSON if name in fields},
        whole=body.get("whole") is True,
        doubts=tuple(doubts),
    )
    for one in _part(body, "places", list):
        yield _enrolment(one, raw.id, "pupil", None)
    yield from adults
    for one in _part(body, "contacts", list):
        yield _enrolment(one, _word(one, "person"), "contact_teacher", [raw.id])


def _part(body: Mapping[str, Any], name: str, kind: type) -> Any:
    found = body.get(name)
    if not isinstance(found, kind):
        raise Fault("roster.body", f"$.{name}")
    return found


def _word(one: Any, name: str) -> str:
    if not isinstance(one, dict) or not isinstance(one.get(name), str):
        raise Fault("roster.body", f"$.{name}")
    return str(one[name])


def _grown(one: Any, child: str, at: int, doubts: list[tuple[str, str]]) -> Reading:
    ident, role = _word(one, "id"), _word(one, "role")
    fields = {name: one[name] for name in _PERSON if name in one}
    fault = well_formed(str(fields["number"])) if "number" in fields else None
    if fault is not None:
        del fields["number"]
        doubts.append((fault, f"$.adults[{at}].number"))
    if role not in _ADULT:
        raise Fault("roster.body", "$.role")
    return Reading(kind="person", id=ident, fields=fields | {"role": _ADULT[role]}, about=[child])


def _enrolment(one: Any, person: str, role: Role, about: list[str] | None) -> Reading:
    ident = _word(one, "id")
    fields = {"person": person, **{name: one[name] for name in _PLACE if name in one}, "role": role}
    return Reading(kind="enrolment", id=ident, fields=fields, about=about, service=one.get("service"))


def _unit(raw: Raw) -> Reading:
    body: dict[str, Any] = raw.body
    fields: dict[str, Any] = {"name": _word(body, "name")}
    fields |= {name: body[name] for name in ("organisation_number", "part_of") if name in body}
    if _word(body, "type") == "school":
        fields |= {"unit_type": "unit", "service": body.get("service", "school")}
    else:
        fields["unit_type"] = "body"
    return Reading(kind="unit", id=raw.id, fields=fields)
