"""The first reading of a file: who is a pupil, whose guardian, which group is what. Nothing of content is kept.

Memberships come last in the format, so what a person is there for is known only after the whole file.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, BinaryIO

from msgspec import Struct, field

from gateway.sdk import Fault
from gateway.sdk.xmlio import Limits, records
from gateway_pifu_ims import shape
from gateway_pifu_ims.shape import CONTACT_TEACHER, GROUP, MEMBER, MEMBERSHIP, PERSON, PROPERTIES, PUPIL, TEACHER, text

_TYPES = frozenset({"full", "delta", "event"})
_LEADING = {"kontaktlærergruppe": {TEACHER, CONTACT_TEACHER}, "basisgruppe": {CONTACT_TEACHER}}
"""The roles that make somebody the contact teacher of a group."""


class Group(Struct, frozen=True, kw_only=True):
    """A group as far as its members need it. ``parent`` is the group above it."""

    kind: str
    name: str | None
    parent: str | None
    number: str | None = None


class Index(Struct, kw_only=True):
    """What the second reading needs to know of the whole file."""

    home: str | None = None
    """The source that the file comes from; ids of its own stand without it."""
    full: bool = True
    made: date | None = None
    """The day of the export: periods are past, running or coming as seen from it."""
    groups: dict[str, Group] = field(default_factory=dict)
    pupils: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    """Persons with a role that is not a pupil's."""
    inactive: set[str] = field(default_factory=set)
    guardians: dict[str, list[str]] = field(default_factory=dict)
    """A guardian to the children who name them."""
    teachers: dict[str, dict[str, None]] = field(default_factory=dict)
    """A group to its contact teachers."""
    children: dict[str, dict[str, None]] = field(default_factory=dict)
    """A group to the pupils in it."""
    alias: dict[str, str] = field(default_factory=dict)
    """A person's former ids to the one that holds now."""

    def person(self, native: str) -> str:
        """The id that holds now for any id of a person."""
        return self.alias.get(native, native)

    def school(self, native: str) -> str | None:
        """The school that a group belongs to, itself if it is one."""
        for _ in range(10):
            group = self.groups.get(native)
            if group is None:
                return None
            if group.kind == shape.SCHOOL:
                return native
            if group.parent is None or group.parent == native:
                return None
            native = group.parent
        return None

    def taught(self) -> dict[str, list[str]]:
        """A contact teacher to the pupils of their groups."""
        found: dict[str, dict[str, None]] = {}
        for group, teachers in self.teachers.items():
            for teacher in teachers:
                found.setdefault(teacher, {}).update(self.children.get(group, {}))
        return {teacher: list(pupils) for teacher, pupils in found.items()}


def elements(stream: BinaryIO, *, max_bytes: int) -> Iterator[tuple[Any, Any]]:
    """The file's parts with their parents, members one by one. Raises ``Fault`` with ``xml.*`` codes."""
    limits = Limits(bytes=max_bytes)
    return records(stream, root={shape.ROOT}, split={MEMBERSHIP}, limits=limits)


def read_index(stream: BinaryIO, *, max_bytes: int) -> Index:
    """The index of a file. Raises ``Fault`` with ``xml.*`` codes, ``pifu.type`` or ``pifu.date``."""
    index = Index()
    group: str | None = None
    for parent, element in elements(stream, max_bytes=max_bytes):
        if parent.tag == MEMBERSHIP:
            if element.tag == shape.SOURCEDID:
                group = shape.named(element, home=index.home)
            elif element.tag == MEMBER and group is not None:
                _member(element, group, index)
        elif element.tag == PERSON:
            _person(element, index)
        elif element.tag == GROUP:
            _group(element, index)
        elif element.tag == PROPERTIES:
            _properties(element, index)
        elif element.tag == MEMBERSHIP:
            group = None
    _settle(index)
    return index


def _properties(element: Any, index: Index) -> None:
    kind = text(element, "type")
    if kind not in _TYPES:
        raise Fault("pifu.type", f"{element.sourceline}:1")
    index.full = kind == "full"
    index.home = text(element, "datasource")
    index.made = shape.moment_day(text(element, "datetime"), at=f"{element.sourceline}:1")


def _person(element: Any, index: Index) -> None:
    native = shape.own_id(element, home=index.home)
    if native is None:
        return
    for _, other in shape.ids(element, home=index.home):
        if other != native:
            index.alias[other] = native
    extension = element.find(shape.path("extension"))
    if extension is None:
        return
    for status in extension.iterfind(shape.path("pifu_status")):
        if status.get("type") == "activeInactive" and text(status) == "inaktiv":
            index.inactive.add(native)
    for contact in extension.iterfind(shape.path("pifu_hasContactPerson")):
        guardian = shape.own_id(contact, home=index.home)
        if contact.get("type") == "guardian" and guardian is not None:
            index.guardians.setdefault(guardian, []).append(native)


def _group(element: Any, index: Index) -> None:
    native = shape.own_id(element, home=index.home)
    kind = next((found for one in element.iterfind(shape.path("grouptype")) if (found := text(one, "typevalue"))), None)
    if native is None or kind is None:
        return
    above = (one for one in element.iterfind(shape.path("relationship")) if one.get("relation", "1") == "1")
    parent = next((found for one in above if (found := shape.own_id(one, home=index.home))), None)
    index.groups[native] = Group(kind=kind, name=unit_name(element), parent=parent, number=organisation_number(element))


def unit_name(element: Any) -> str | None:
    """What a group is called: its usual name where it has several (P3.13.2), else the short one."""
    for name in element.iterfind(shape.path("extension", "pifu_name")):
        if name.get("type") == "name" and (found := text(name, "pifu_value")):
            return found
    return text(element, "description", "short")


def organisation_number(element: Any) -> str | None:
    """The nine digits of the register of units, with or without ``NO`` before them (P3.13.1.1)."""
    for one in element.iterfind(shape.path("extension", "pifu_id")):
        if one.get("type") == "organizationNumber" and (found := text(one, "pifu_value")):
            return found.removeprefix("NO").replace(" ", "")
    return None


def _member(element: Any, group: str, index: Index) -> None:
    native = shape.own_id(element, home=index.home)
    if native is None or text(element, "idtype") != "1":
        return
    kind = index.groups[group].kind if group in index.groups else None
    for role in element.iterfind(shape.path("role")):
        roletype = role.get("roletype")
        (index.pupils if roletype == PUPIL else index.others).add(native)
        with suppress(Fault):
            if membership_status(role, index) != "active":
                continue
            if roletype in _LEADING.get(kind or "", ()):
                index.teachers.setdefault(group, {})[native] = None
            elif kind in shape.GROUP_TYPES and roletype == PUPIL:
                index.children.setdefault(group, {})[native] = None


def membership_status(role: Any, index: Index) -> str:
    """``active``, ``ended`` or ``planned``, from the role's status (4.3.4.4) and period, on the day of the export.

    Raises ``Fault`` ``pifu.status``, ``pifu.date`` or ``pifu.period``.
    """
    since, until = period(role)
    status = text(role, "status")
    if status not in {"0", "1"}:
        raise Fault("pifu.status", f"{role.sourceline}:1")
    if role.get("recstatus") == shape.DELETED or status == "0":
        return "ended"
    if index.made is not None and since is not None and since > index.made:
        return "planned"
    if index.made is not None and until is not None and until < index.made:
        return "ended"
    return "active"


def period(role: Any) -> tuple[date | None, date | None]:
    """From and to of a role. Raises ``Fault`` ``pifu.date``, or ``pifu.period`` when it ends before it begins."""
    at = f"{role.sourceline}:1"
    since = shape.day(text(role, "timeframe", "begin"), at=at)
    until = shape.day(text(role, "timeframe", "end"), at=at)
    if since is not None and until is not None and until < since:
        raise Fault("pifu.period", at)
    return since, until


def _settle(index: Index) -> None:
    """Former ids everywhere become the ones that hold now."""
    index.pupils = {index.person(one) for one in index.pupils}
    index.others = {index.person(one) for one in index.others}
    index.guardians = _merged(index.guardians, index)
    for table in (index.teachers, index.children):
        for group, people in table.items():
            table[group] = dict.fromkeys(index.person(one) for one in people)


def _merged(guardians: dict[str, list[str]], index: Index) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for guardian, children in guardians.items():
        found.setdefault(index.person(guardian), []).extend(index.person(child) for child in children)
    return {guardian: sorted(set(children)) for guardian, children in found.items()}
