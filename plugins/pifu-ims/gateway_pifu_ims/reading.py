"""A record of a school's export in canonical names: pure.

A school's list of guardians (``foresatte``) is never parental responsibility.
"""

from collections.abc import Callable
from typing import Any

from gateway.sdk import Fault, Raw, Reading
from gateway.sdk.identity import well_formed

_PERSON = (
    "number", "given_name", "family_name", "birth_date", "language", "phone", "email", "address", "postal_code", "city",
    "country",
)  # fmt: skip
_ENROLMENT = ("person", "unit", "unit_name", "group", "group_type", "role", "grade", "since", "until", "status")
_ROLES = {"guardian": "guardian", "teacher": "employee"}
_SERVICES = {"barnehage": "kindergarten", "sfo": "sfo"}


def read(raw: Raw) -> list[Reading]:
    """Readings of one record.

    Raises ``Fault``: for a part that was refused when the file was read, with the code and place from there; with an
    ``identity.*`` code for a person number that is not well formed.
    """
    if isinstance(raw.body, list) and len(raw.body) == 3:
        code, place, _ = raw.body
        raise Fault(str(code), str(place))
    if raw.kind not in _READERS:
        raise Fault("pifu.kind", "$")
    if raw.deleted:
        return [Reading(kind=raw.kind, id=raw.id, fields={}, deleted=True)]
    needed, reader = _READERS[raw.kind]
    if not isinstance(raw.body, dict) or not all(isinstance(raw.body.get(name), str) for name in needed):
        raise Fault("pifu.body", "$")
    return [reader(raw)]


def _person(raw: Raw) -> Reading:
    body: dict[str, Any] = raw.body
    fault = well_formed(str(body["number"])) if "number" in body else None
    if fault is not None:
        raise Fault(fault, "$.number")
    fields = {name: body[name] for name in _PERSON if name in body}
    role = _ROLES.get(body["role"])
    if role is not None:
        fields["role"] = role
    return Reading(kind="person", id=raw.id, fields=fields, about=body.get("about"))


def _enrolment(raw: Raw) -> Reading:
    body: dict[str, Any] = raw.body
    fields = {name: body[name] for name in _ENROLMENT if name in body}
    return Reading(kind="enrolment", id=raw.id, fields=fields, about=body.get("about"), service=body.get("service"))


def _unit(raw: Raw) -> Reading:
    body: dict[str, Any] = raw.body
    fields: dict[str, Any] = {name: body[name] for name in ("name", "organisation_number", "part_of") if name in body}
    if body["type"] == "skole":
        fields |= {"unit_type": "unit", "service": _SERVICES.get(body.get("school_type", ""), "school")}
    else:
        fields["unit_type"] = "body"
    return Reading(kind="unit", id=raw.id, fields=fields)


_READERS: dict[str, tuple[tuple[str, ...], Callable[[Raw], Reading]]] = {
    "person": (("role",), _person),
    "enrolment": (("person", "unit", "role"), _enrolment),
    "unit": (("type", "name"), _unit),
}
"""For each kind what a record must hold to be one, and what reads it."""
