"""What is kept of a OneRoster record: minimised rows, the same from JSON and from CSV.

What is not named here gets into no row and so into no record: e-mail, telephones, passwords, pictures, subjects,
marks, results, periods, rooms. Nothing in the format marks somebody whose address is protected.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct

from gateway.sdk import Fault
from gateway.sdk.roster import last_day
from gateway_oneroster.options import Reading

GONE = "tobedeleted"
_PUPILS, _GUARDIANS = {"student"}, {"guardian", "parent", "ext:primaryGuardian", "ext:guardian"}
_TEACHERS = {"teacher", "aide", "administrator", "principal", "siteAdministrator", "counselor", "proctor"}
Kind = Literal["pupil", "guardian", "teacher"]


class OrgRow(Struct, frozen=True, kw_only=True):
    """An org. ``service`` is told where a child can have a place."""

    id: str
    gone: bool
    name: str = ""
    type: str = ""
    number: str | None = None
    parent: str | None = None


class ClassRow(Struct, frozen=True, kw_only=True):
    """A class whose members are taken (``kind``), or one whose are not (``None``): lessons, special teaching."""

    id: str
    gone: bool
    title: str = ""
    kind: Literal["basic", "contact", "sfo"] | None = None
    school: str | None = None


class UserRow(Struct, frozen=True, kw_only=True):
    """A user with what it is there for; ``places`` are orgs with first and last day. Others than these three: none."""

    id: str
    gone: bool
    kind: Kind | None = None
    fields: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, date | None, date | None], ...] = ()
    agents: tuple[str, ...] = ()


class EnrolmentRow(Struct, frozen=True, kw_only=True):
    """A user in a class; ``until`` is the last day, where OneRoster tells the day after it."""

    id: str
    gone: bool
    user: str = ""
    group: str = ""
    role: str = ""
    primary: bool = False
    since: date | None = None
    until: date | None = None


class BirthRow(Struct, frozen=True, kw_only=True):
    """A user's birth date, from the demographics."""

    id: str
    gone: bool
    born: str | None = None


Row = OrgRow | ClassRow | UserRow | EnrolmentRow | BirthRow
KINDS: Mapping[str, str] = {
    "orgs": "unit", "classes": "enrolment", "users": "person", "enrollments": "enrolment", "demographics": "person",
}  # fmt: skip
"""The canonical kind that a refused part of a collection counts as."""


def org(told: Mapping[str, Any]) -> OrgRow:
    """Raises ``Fault`` ``oneroster.shape``."""
    return OrgRow(
        id=ident(told),
        gone=gone(told),
        name=word(told, "name") or "",
        type=word(told, "type") or "",
        number=_organisation(word(told, "identifier")),
        parent=ref(told, "parent"),
    )


def group(told: Mapping[str, Any]) -> ClassRow:
    """Raises ``Fault`` ``oneroster.shape``."""
    return ClassRow(
        id=ident(told),
        gone=gone(told),
        title=word(told, "title") or "",
        kind=_kind_of(told),
        school=ref(told, "school"),
    )


def user(told: Mapping[str, Any], options: Reading) -> UserRow:
    """Raises ``Fault`` ``oneroster.shape`` or ``oneroster.date``."""
    places = _places(told)
    kind = _role_of(told)
    fields: dict[str, str | None] = {}
    if kind is not None:
        fields = {"given_name": word(told, "givenName"), "family_name": word(told, "familyName")}
    if kind in {"pupil", "guardian"}:
        fields["number"] = _number(told, options)
    if kind == "pupil":
        fields["birth_date"] = _iso(_meta(told, options.birth_date_key), "$.metadata")
        fields["language"] = _meta(told, options.language_key)
    return UserRow(
        id=ident(told),
        gone=gone(told),
        kind=kind,
        fields=tuple((name, text) for name, text in fields.items() if text),
        places=tuple(places) if kind == "pupil" else (),
        agents=tuple(refs(told, "agents")) if kind in {"pupil", "guardian"} else (),
    )


def enrolment(told: Mapping[str, Any]) -> EnrolmentRow:
    """Raises ``Fault`` ``oneroster.shape`` or ``oneroster.date``."""
    return EnrolmentRow(
        id=ident(told),
        gone=gone(told),
        user=ref(told, "user") or "",
        group=ref(told, "class") or "",
        role=word(told, "role") or "",
        primary=told.get("primary") is True or word(told, "primary") == "true",
        since=_day(word(told, "beginDate"), "$.beginDate"),
        until=last_day(_day(word(told, "endDate"), "$.endDate")),
    )


def birth(told: Mapping[str, Any]) -> BirthRow:
    """Raises ``Fault`` ``oneroster.shape`` or ``oneroster.date``."""
    return BirthRow(id=ident(told), gone=gone(told), born=_iso(word(told, "birthDate"), "$.birthDate"))


def ident(told: Mapping[str, Any]) -> str:
    """The ``sourcedId``. Raises ``Fault`` ``oneroster.shape`` where there is none."""
    found = word(told, "sourcedId")
    if not found or len(found) > 300:
        raise Fault("oneroster.shape", "$.sourcedId")
    return found


def gone(told: Mapping[str, Any]) -> bool:
    """Whether a record is about to be deleted there. Raises ``Fault`` ``oneroster.status`` for an unknown word."""
    status = word(told, "status") or "active"
    if status not in {"active", GONE, "inactive"}:
        raise Fault("oneroster.status", "$.status")
    return status != "active"


def word(told: Mapping[str, Any], name: str) -> str | None:
    """A text, without the space around it. Raises ``Fault`` ``oneroster.shape`` for anything else but nothing."""
    found = told.get(name)
    if found is None or isinstance(found, bool):
        return None
    if not isinstance(found, str):
        raise Fault("oneroster.shape", f"$.{name}")
    return found.strip() or None


def ref(told: Mapping[str, Any], name: str) -> str | None:
    """The ``sourcedId`` that a reference names; in CSV it stands there itself."""
    found = told.get(name)
    if isinstance(found, Mapping):
        return word(found, "sourcedId")
    return word(told, name)


def refs(told: Mapping[str, Any], name: str) -> list[str]:
    """The ``sourcedId`` of each reference of a list."""
    found = told.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise Fault("oneroster.shape", f"$.{name}")
    return [ident(one) for one in found]


def _role_of(told: Mapping[str, Any]) -> Kind | None:
    """What somebody is there for: a pupil before a guardian before an employee, since a pupil may be a parent too."""
    roles = {word(told, "role") or ""} | {word(one, "role") or "" for one in _roles(told)}
    if roles & _PUPILS:
        return "pupil"
    if roles & _GUARDIANS:
        return "guardian"
    return "teacher" if roles & _TEACHERS else None


def _roles(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = told.get("roles") or []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise Fault("oneroster.shape", "$.roles")
    return found


def _places(told: Mapping[str, Any]) -> list[tuple[str, date | None, date | None]]:
    """Orgs of a pupil: from the roles as such (1.2), each with its period, or the list of orgs (1.1)."""
    found: dict[str, tuple[date | None, date | None]] = dict.fromkeys(refs(told, "orgs"), (None, None))
    for one in _roles(told):
        where = ref(one, "org")
        if where is not None and word(one, "role") in _PUPILS:
            since = _day(word(one, "beginDate"), "$.roles[].beginDate")
            until = last_day(_day(word(one, "endDate"), "$.roles[].endDate"))
            found[where] = (since, until)
    return [(where, *period) for where, period in found.items()]


def _number(told: Mapping[str, Any], options: Reading) -> str | None:
    for place in options.numbers:
        head, _, name = place.partition(":")
        if head == "userIds":
            ids = told.get("userIds") or []
            if not isinstance(ids, list) or not all(isinstance(one, Mapping) for one in ids):
                raise Fault("oneroster.shape", "$.userIds")
            found = next((word(one, "identifier") for one in ids if word(one, "type") == name), None)
        else:
            found = _meta(told, name) if head == "metadata" else word(told, head)
        if found:
            return found.replace(" ", "")
    return None


def _meta(told: Mapping[str, Any], key: str) -> str | None:
    """A value of the metadata, by a key that may have dots in it or lead inwards by them."""
    here: Any = told.get("metadata")
    if not key or not isinstance(here, Mapping):
        return None
    if key in here:
        return word(here, key)
    for step in key.split("."):
        here = here.get(step) if isinstance(here, Mapping) else None
    return here.strip() or None if isinstance(here, str) else None


def _kind_of(told: Mapping[str, Any]) -> Literal["basic", "contact", "sfo"] | None:
    """Basis groups, contact groups and after-school; which subjects or extra teaching a child has is not needed."""
    if (told_type := _meta(told, "onedhub.groupType")) is not None:
        return {"Class": "basic", "SfoGroup": "sfo"}.get(told_type)  # type: ignore[return-value]
    if word(told, "classType") != "homeroom":
        return None
    return "contact" if _meta(told, "additionalClassType") == "mentor" else "basic"


def _organisation(told: str | None) -> str | None:
    """Nine digits of the register of units, with or without ``NO`` before them; other numbers are the school's own."""
    plain = told.removeprefix("NO").replace(" ", "") if told else ""
    return plain if len(plain) == 9 and plain.isascii() and plain.isdigit() else None


def _day(told: str | None, path: str) -> date | None:
    if told is None:
        return None
    try:
        return date.fromisoformat(told[:10])
    except ValueError:
        raise Fault("oneroster.date", path) from None


def _iso(told: str | None, path: str) -> str | None:
    found = _day(told, path)
    return found.isoformat() if found is not None else None
