"""The second reading: parts of the file as records, with what is needed in them and nothing else.

What is minimised never gets into a record, so it is not kept, not even encrypted: see ``accounting``.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from gateway.sdk import Fault, Raw
from gateway_pifu_ims import shape
from gateway_pifu_ims.index import Index, elements, membership_status, organisation_number, period, unit_name
from gateway_pifu_ims.options import Options
from gateway_pifu_ims.shape import GROUP, MEMBER, MEMBERSHIP, PERSON, PUPIL, SOURCEDID, text


def take(stream: BinaryIO, *, index: Index, options: Options, label: str) -> Iterator[list[Raw]]:
    """For each part of the file the records in it, often none. ``label`` stands in the places of faults.

    A part that cannot be read gives a record with a list ``[code, path, ""]`` for a body.
    """
    taught = index.taught()
    group: str | None = None
    for count, (parent, element) in enumerate(elements(stream, max_bytes=options.max_bytes), 1):
        try:
            if parent.tag == MEMBERSHIP:
                if element.tag == SOURCEDID:
                    group = shape.named(element, home=index.home)
                    yield _unknown_group(group, index=index, place=f"{label}:{element.sourceline}:1")
                elif element.tag == MEMBER:
                    yield list(_member(element, group, index=index, label=label))
                else:
                    yield []
            elif element.tag == PERSON:
                yield _person(element, index=index, taught=taught, options=options)
            elif element.tag == GROUP:
                yield _unit(element, index=index)
            else:
                yield []
        except Fault as fault:
            kind = {PERSON: "person", GROUP: "unit"}.get(element.tag, "enrolment")
            yield [broken(kind, f"{label}-{count}", fault.code, f"{label}:{fault.path}")]


def broken(kind: str, native: str, code: str, place: str) -> Raw:
    """A part that is refused, with the reason and the place and without its content."""
    return Raw(kind=kind, id=native, body=[code, place, ""])


# persons


def _person(element: Any, *, index: Index, taught: dict[str, list[str]], options: Options) -> list[Raw]:
    native = shape.own_id(element, home=index.home)
    if native is None:
        raise Fault("pifu.id", f"{element.sourceline}:1")
    role = _role(native, index=index, taught=taught)
    if element.get("recstatus") == shape.DELETED:
        return [Raw(kind="person", id=native, deleted=True)]
    if role is None:
        return []
    _check_status(element)
    body: dict[str, Any] = {
        "role": role,
        "family_name": text(element, "name", "n", "family"),
        "given_name": text(element, "name", "n", "given"),
    }
    if role in {"pupil", "guardian"}:
        body["number"] = _number(element)
    if role == "pupil":
        body["birth_date"] = text(element, "demographics", "bday")
        body["language"] = text(element, "extension", "pifu_preferredLanguage")
    else:
        body["about"] = index.guardians[native] if role == "guardian" else taught[native]
    body |= _contact(element, role=role, options=options)
    return [Raw(kind="person", id=native, body={name: value for name, value in body.items() if value is not None})]


def _check_status(element: Any) -> None:
    """Whether a person is active is one of two words (2.15.5); another is not guessed at."""
    for status in element.iterfind(shape.path("extension", "pifu_status")):
        if status.get("type") == "activeInactive" and text(status) not in {"aktiv", "inaktiv"}:
            raise Fault("pifu.status", f"{status.sourceline}:1")


def _role(native: str, *, index: Index, taught: dict[str, list[str]]) -> str | None:
    """Why a person is taken at all; nobody else's data leave the file.

    A delta may tell of a person without any membership; then it is taken like a pupil, and let go by the engine if
    the number belongs to no case.
    """
    if native in index.pupils:
        return "pupil"
    if native in index.guardians:
        return "guardian"
    if native in taught:
        return "teacher"
    return None if index.full or native in index.others else "pupil"


def _number(element: Any) -> str | None:
    for userid in element.iterfind(shape.path("userid")):
        if userid.get("useridtype") == "personNIN":
            return text(userid)
    return None


def _contact(element: Any, *, role: str, options: Options) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    if f"{role}.phone" in options.contact:
        found["phone"] = _phone(element)
    if f"{role}.email" in options.contact:
        found["email"] = text(element, "email")
    if f"{role}.address" in options.contact:
        address = element.find(shape.path("adr"))
        if address is not None:
            lines = [text(address, "extadd"), *(text(one) for one in address.iterfind(shape.path("street")))]
            pobox = text(address, "pobox")
            lines += [f"Postboks {pobox}"] if pobox else []
            found["address"] = ", ".join(line for line in lines if line) or None
            found["postal_code"] = text(address, "pcode")
            found["city"] = text(address, "locality")
            found["country"] = text(address, "country")
    return found


def _phone(element: Any) -> str | None:
    """The mobile of highest priority, else the voice telephone (2.9.1: 3 and 1)."""
    found = {one.get("teltype"): text(one) for one in reversed(element.findall(shape.path("tel")))}
    return found.get("3") or found.get("1")


# units


def _unit(element: Any, *, index: Index) -> list[Raw]:
    native = shape.own_id(element, home=index.home)
    if native is None:
        raise Fault("pifu.id", f"{element.sourceline}:1")
    group = index.groups.get(native)
    if group is None or group.kind not in {shape.SCHOOL, shape.SCHOOL_OWNER}:
        return []
    if element.get("recstatus") == shape.DELETED:
        return [Raw(kind="unit", id=native, deleted=True)]
    types = {text(one) for one in element.iterfind(shape.path("extension", "pifu_schoolType"))}
    body = {
        "type": group.kind,
        "name": unit_name(element),
        "organisation_number": organisation_number(element),
        "part_of": group.parent if group.parent != native else None,
        "school_type": next(iter(types)) if len(types) == 1 else None,
    }
    return [Raw(kind="unit", id=native, body={name: value for name, value in body.items() if value is not None})]


# memberships


def _unknown_group(native: str | None, *, index: Index, place: str) -> list[Raw]:
    """A membership of a group that the file does not tell of: what it means cannot be known."""
    if native in index.groups:
        return []
    return [broken("enrolment", f"membership-{native or place}", "pifu.group_unknown", place)]


def _member(element: Any, native: str | None, *, index: Index, label: str) -> Iterator[Raw]:
    group = index.groups.get(native or "")
    if native is None or group is None or group.kind not in shape.TAKEN_GROUPS or text(element, "idtype") != "1":
        return
    person = shape.own_id(element, home=index.home)
    if person is None:
        yield broken("enrolment", f"{native}|{element.sourceline}", "pifu.id", f"{label}:{element.sourceline}:1")
        return
    person = index.person(person)
    for role in element.iterfind(shape.path("role")):
        if role.get("roletype") == PUPIL:
            yield _enrolment(role, person, native, index=index, label=label)
    if person in index.children.get(native, {}):
        for teacher in index.teachers.get(native, {}):
            body = _place(native, index=index) | {"person": teacher, "role": "contact_teacher", "about": [person]}
            yield Raw(kind="enrolment", id=f"{native}|{teacher}|{person}", body=body | {"status": "active"})


def _enrolment(role: Any, person: str, native: str, *, index: Index, label: str) -> Raw:
    key = f"{native}|{person}"
    if role.get("recstatus") == shape.DELETED:
        return Raw(kind="enrolment", id=key, deleted=True)
    try:
        status = "ended" if person in index.inactive else membership_status(role, index)
        since, until = period(role)
    except Fault as fault:
        return broken("enrolment", key, fault.code, f"{label}:{fault.path}")
    place = _place(native, index=index)
    if "unit" not in place:
        return broken("enrolment", key, "pifu.no_school", f"{label}:{role.sourceline}:1")
    body = place | {
        "person": person,
        "role": "pupil",
        "status": status,
        "since": since.isoformat() if since is not None else None,
        "until": until.isoformat() if until is not None else None,
    }
    return Raw(kind="enrolment", id=key, body={name: value for name, value in body.items() if value is not None})


def _place(native: str, *, index: Index) -> dict[str, Any]:
    """The school, and the group in it unless it is the school itself."""
    group = index.groups[native]
    above = index.school(native)
    school = index.groups[above] if above is not None else None
    found: dict[str, Any] = {}
    if school is not None:
        found |= {"unit": school.number or above, "unit_name": school.name}
    if group.kind in shape.GROUP_TYPES:
        found |= {"group": group.name or native, "group_type": shape.GROUP_TYPES[group.kind]}
    elif group.kind == shape.GRADE:
        found |= {"group": group.name or native, "grade": group.name}
    elif group.kind == shape.AFTER_SCHOOL:
        found |= {"group": group.name or native, "service": "sfo"}
    return found
