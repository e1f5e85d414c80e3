"""A record of a school's export in canonical names: pure.

A school's list of guardians (``foresatte``) is never parental responsibility.
"""

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
    if isinstance(raw.body, list):
        code, place, *_ = raw.body
        raise Fault(code, place)
    if raw.kind not in {"person", "unit", "enrolment"}:
        raise Fault("pifu.kind", "$")
    if raw.deleted:
        return [Reading(kind=raw.kind, id=raw.id, fields={}, deleted=True)]
    return [_READERS[raw.kind](raw)]


def _person(raw: Raw) -> Reading:
    body: dict[str, Any] = raw.body
    fault = well_formed(body["number"]) if "number" in body else None
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
    if not body.get("name"):
        raise Fault("pifu.no_name", "$.name")
    fields: dict[str, Any] = {name: body[name] for name in ("name", "organisation_number", "part_of") if name in body}
    if body["type"] == "skole":
        fields |= {"unit_type": "unit", "service": _SERVICES.get(body.get("school_type", ""), "school")}
    else:
        fields["unit_type"] = "body"
    return Reading(kind="unit", id=raw.id, fields=fields)


_READERS = {"person": _person, "enrolment": _enrolment, "unit": _unit}
