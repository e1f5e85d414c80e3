"""Reading a file: what is needed of it becomes a roster, and nothing else is kept.

Memberships come last in the format, so who is a pupil, whose guardian and who leads which group is known only at the
end: until then each person is held with what could be needed. What is minimised is never held: see ``accounting``.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

from msgspec import Struct, field
from msgspec.structs import replace

from gateway.sdk import Fault, Raw
from gateway.sdk.roster import Group, Member, Org, Roster, broken
from gateway.sdk.xmlio import Limits, records
from gateway_pifu_ims import shape
from gateway_pifu_ims.options import Options
from gateway_pifu_ims.people import contact, number_of, unit_name
from gateway_pifu_ims.shape import CONTACT_TEACHER, GROUP, MEMBER, MEMBERSHIP, PERSON, PROPERTIES, PUPIL, TEACHER, text

_TYPES = frozenset({"full", "delta", "event"})
_LEADING = {"kontaktlærergruppe": {TEACHER, CONTACT_TEACHER}, "basisgruppe": {CONTACT_TEACHER}}
"""The roles that make somebody the contact teacher of a group."""
_SERVICES = {"barnehage": "kindergarten", "sfo": "sfo"}


class _Someone(Struct, frozen=True, kw_only=True):
    """A person as far as it could be needed, before it is known what for."""

    fields: Mapping[str, str]
    reach: Mapping[str, Mapping[str, str]]
    """Contact details that are declared necessary, by role."""
    guardians: tuple[str, ...] = ()
    inactive: bool = False
    gone: bool = False
    fault: tuple[str, str] | None = None


class Filling(Struct, kw_only=True):
    """A file in work. ``full`` says that it tells of all there is, ``made`` is the day of the export."""

    label: str
    options: Options
    home: str | None = None
    full: bool = True
    made: date | None = None
    roster: Roster = field(default_factory=Roster)
    someone: dict[str, _Someone] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    """What each group is, in the format's words."""
    others: set[str] = field(default_factory=set)
    """Persons with a role that is not a pupil's."""
    alias: dict[str, str] = field(default_factory=dict)
    """A person's former ids to the one that holds now."""
    lines: dict[str, int] = field(default_factory=dict)
    gone: list[Raw] = field(default_factory=list)

    def person(self, native: str) -> str:
        """The id that holds now for any id of a person."""
        return self.alias.get(native, native)

    def refuse(self, kind: str, native: str, code: str, line: int) -> None:
        """Note a part that is refused, with its place."""
        self.roster.faults.append(broken(kind, native, code, f"{self.label}:{line}:1"))


def fill(stream: BinaryIO, *, options: Options, label: str) -> Filling:
    """The roster of a file. Raises ``Fault`` with ``xml.*`` codes, ``pifu.type`` or ``pifu.date``."""
    work = Filling(label=label, options=options)
    group: str | None = None
    for count, (parent, element) in enumerate(_elements(stream, max_bytes=options.max_bytes), 1):
        if element.tag == PROPERTIES:
            _properties(element, work)
            continue
        try:
            if parent.tag == MEMBERSHIP:
                if element.tag == shape.SOURCEDID:
                    group = shape.named(element, home=work.home)
                    if group not in work.kinds:
                        work.refuse(
                            "enrolment", f"membership-{group or label}", "pifu.group_unknown", element.sourceline
                        )
                elif element.tag == MEMBER:
                    _member(element, group, work)
            elif element.tag == PERSON:
                _person(element, work)
            elif element.tag == GROUP:
                _group(element, work)
        except Fault as fault:
            kind = {PERSON: "person", GROUP: "unit"}.get(element.tag, "enrolment")
            work.roster.faults.append(broken(kind, f"{label}-{count}", fault.code, f"{label}:{fault.path}"))
    _settle(work)
    return work


def _elements(stream: BinaryIO, *, max_bytes: int) -> Iterator[tuple[Any, Any]]:
    """The file's parts with their parents, members one by one. Raises ``Fault`` with ``xml.*`` codes."""
    return records(stream, root={shape.ROOT}, split={MEMBERSHIP}, limits=Limits(bytes=max_bytes))


def _properties(element: Any, work: Filling) -> None:
    kind = text(element, "type")
    if kind not in _TYPES:
        raise Fault("pifu.type", f"{work.label}:{element.sourceline}:1")
    work.full = work.roster.whole = kind == "full"
    work.home = text(element, "datasource")
    work.made = shape.moment_day(text(element, "datetime"), at=f"{work.label}:{element.sourceline}:1")


# persons


def _person(element: Any, work: Filling) -> None:
    native = shape.own_id(element, home=work.home)
    if native is None:
        raise Fault("pifu.id", f"{element.sourceline}:1")
    for _, other in shape.ids(element, home=work.home):
        if other != native:
            work.alias[other] = native
    fields = {
        "given_name": text(element, "name", "n", "given"),
        "family_name": text(element, "name", "n", "family"),
        "number": number_of(element),
        "birth_date": text(element, "demographics", "bday"),
        "language": text(element, "extension", "pifu_preferredLanguage"),
    }
    guardians: list[str] = []
    for kin in element.iterfind(shape.path("extension", "pifu_hasContactPerson")):
        guardian = shape.own_id(kin, home=work.home)
        if kin.get("type") == "guardian" and guardian is not None:
            guardians.append(guardian)
    inactive, fault = _status(element)
    work.someone[native] = _Someone(
        fields={name: value for name, value in fields.items() if value is not None},
        reach=contact(element, work.options),
        guardians=tuple(guardians),
        inactive=inactive,
        gone=element.get("recstatus") == shape.DELETED,
        fault=fault,
    )


def _status(element: Any) -> tuple[bool, tuple[str, str] | None]:
    """Whether a person is active is one of two words (2.15.5); another is not guessed at."""
    inactive, fault = False, None
    for status in element.iterfind(shape.path("extension", "pifu_status")):
        if status.get("type") == "activeInactive":
            inactive = inactive or text(status) == "inaktiv"
            if text(status) not in {"aktiv", "inaktiv"}:
                fault = ("pifu.status", f"{status.sourceline}:1")
    return inactive, fault


# groups


def _group(element: Any, work: Filling) -> None:
    native = shape.own_id(element, home=work.home)
    if native is None:
        raise Fault("pifu.id", f"{element.sourceline}:1")
    kind = next((found for one in element.iterfind(shape.path("grouptype")) if (found := text(one, "typevalue"))), None)
    if kind is None:
        return
    above = (one for one in element.iterfind(shape.path("relationship")) if one.get("relation", "1") == "1")
    parent = next((found for one in above if (found := shape.own_id(one, home=work.home))), None)
    parent = parent if parent != native else None
    work.kinds[native] = kind
    name = unit_name(element)
    if kind in {shape.SCHOOL, shape.SCHOOL_OWNER}:
        if element.get("recstatus") == shape.DELETED:
            work.gone.append(Raw(kind="unit", id=native, deleted=True))
            return
        work.roster.orgs[native] = _org(element, kind, name, parent)
    else:
        told = Group(name=name or native, school=parent, type=shape.GROUP_TYPES.get(kind))  # type: ignore[arg-type]
        if kind == shape.GRADE:
            told = replace(told, grade=name)
        work.roster.groups[native] = replace(told, service="sfo") if kind == shape.AFTER_SCHOOL else told


def _org(element: Any, kind: str, name: str | None, parent: str | None) -> Org:
    if name is None:
        raise Fault("pifu.name", f"{element.sourceline}:1")
    types = {text(one) for one in element.iterfind(shape.path("extension", "pifu_schoolType"))}
    only = next(iter(types)) if len(types) == 1 else None
    return Org(
        name=name,
        kind="school" if kind == shape.SCHOOL else "owner",
        number=shape.organisation_number(element),
        parent=parent,
        service=_SERVICES.get(only or "", "school"),
    )


# memberships


def _member(element: Any, native: str | None, work: Filling) -> None:
    kind = work.kinds.get(native or "")
    if native is None or kind is None or text(element, "idtype") != "1":
        return
    taken = kind in shape.TAKEN_GROUPS
    person = shape.own_id(element, home=work.home)
    if person is None:
        if taken:
            work.refuse("enrolment", f"{native}|{element.sourceline}", "pifu.id", element.sourceline)
        return
    person = work.person(person)
    for role in element.iterfind(shape.path("role")):
        told = role.get("roletype")
        if told == PUPIL:
            work.roster.pupils[person] = None
        else:
            work.others.add(person)
        leads = told in _LEADING.get(kind, ())
        if taken and (told == PUPIL or leads):
            _place(role, person, native, work, leads=leads)


def _place(role: Any, person: str, native: str, work: Filling, *, leads: bool) -> None:
    key = f"{native}|{person}" if not leads else f"{native}|{person}|leads"
    try:
        over = role.get("recstatus") == shape.DELETED
        since, until = (None, None) if over else shape.period(role)
        status = "ended" if over else shape.membership_status(role, made=work.made, period=(since, until))
    except Fault as fault:
        if not leads:
            work.roster.faults.append(broken("enrolment", key, fault.code, f"{work.label}:{fault.path}"))
        return
    work.lines[key] = role.sourceline
    work.roster.members[key] = Member(
        id=key, person=person, group=native, role="contact_teacher" if leads else "pupil", since=since, until=until,
        status=status,
    )  # fmt: skip


# when all is known


def _settle(work: Filling) -> None:
    """Former ids become those that hold now, and of all persons those stay who are there for something."""
    roster = work.roster
    roster.pupils = dict.fromkeys(work.person(one) for one in roster.pupils)
    members = list(roster.members.values())
    roster.members.clear()
    for one in members:
        line = work.lines[one.id]
        now = replace(one, person=work.person(one.person))
        key = f"{now.group}|{now.person}" + ("|leads" if now.role != "pupil" else "")
        if now.role == "pupil" and roster.school(now.group) is None:
            work.refuse("enrolment", key, "pifu.no_school", line)
            continue
        someone = work.someone.get(now.person)
        over = someone is not None and (someone.inactive or someone.gone)
        roster.members[key] = replace(now, id=key, status="ended" if over else now.status)
    leading = {one.person for one in roster.members.values() if one.role != "pupil"}
    others = {work.person(one) for one in work.others}
    naming = {work.person(each) for one in work.someone.values() for each in one.guardians}
    for native in work.someone:
        if not (work.full or native in others or native in naming or native in leading):
            roster.pupils.setdefault(native)
    for native in list(roster.pupils):
        _pupil(native, work)
    for native, someone in work.someone.items():
        role = "guardian" if native in naming else "teacher" if native in leading else None
        if role is not None and native not in roster.pupils and not someone.gone:
            _taken(native, someone, role, work)


def _pupil(native: str, work: Filling) -> None:
    someone = work.someone.get(native)
    if someone is None:
        return
    _taken(native, someone, "pupil", work)
    if someone.gone:
        del work.roster.pupils[native]
        work.roster.left.add(native)
    if someone.guardians:
        kin = sorted({work.person(one) for one in someone.guardians})
        work.roster.guardians[native] = dict.fromkeys(kin)


def _taken(native: str, someone: _Someone, role: str, work: Filling) -> None:
    if someone.fault is not None:
        code, place = someone.fault
        work.roster.faults.append(broken("person", f"status-{native}", code, f"{work.label}:{place}"))
        work.roster.pupils.pop(native, None)
        return
    if not someone.gone:
        reach = someone.reach.get(role)
        work.roster.people[native] = {**someone.fields, **reach} if reach else someone.fields
