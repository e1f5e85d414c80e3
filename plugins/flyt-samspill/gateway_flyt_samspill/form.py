"""The form that begins a plan in Samspill, from a release: main person, plan lead, participants. Pure.

What is published names the content of the form, not the names of its keys; ours are told in the README.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from gateway.sdk import Refused, Release


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[systems.<name>.options]``: which form to send.

    ``roles`` maps a service (``school``), or ``guardian`` and ``coordinator``, to one of the municipality's roles in
    Samspill. ``staff`` is a CSV file in the municipality's folder (``name;number``), by which employees are known.
    """

    organisation: str
    """The municipality's organisation number, which is the tenant."""
    plan_type: str
    roles: dict[str, str] = {}
    affiliation: str = ""
    staff: str = ""
    paths: dict[str, str] = {}
    """Other paths than the assumed ones, for ``types``, ``roles``, ``affiliations`` and ``plans``."""


def form_of(release: Release, options: Options, staff: Mapping[str, str]) -> dict[str, Any]:
    """The form for a document release. ``staff`` gives employees' numbers by name.

    Raises ``Refused``: ``samspill.main_person``, ``samspill.lead`` (who is it, with which number), each with the path
    of what is lacking.
    """
    people = {part.id: part.fields for part in release.parts if part.kind == "person"}
    main = people.get(str(release.fields.get("subject")), {})
    return {
        "organizationNumber": options.organisation,
        "planType": options.plan_type,
        **({"affiliation": options.affiliation} if options.affiliation else {}),
        "mainPerson": _person(main, "samspill.main_person", "$.subject"),
        "planLead": _lead(release, people, staff),
        "participants": list(_participants(release, options, staff, people)),
    }


def _person(fields: Mapping[str, Any], code: str, path: str) -> dict[str, str]:
    name, number = _name(fields), str(fields.get("number") or "")
    if not name or not number:
        raise Refused(code, path=f"{path}.{'number' if name else 'name'}")
    return {"name": name, "identityNumber": number}


def _name(fields: Mapping[str, Any]) -> str:
    return " ".join(str(fields[one]) for one in ("given_name", "family_name") if fields.get(one))


def _lead(release: Release, people: Mapping[str, Mapping[str, Any]], staff: Mapping[str, str]) -> dict[str, str]:
    """Who leads the plan: its coordinator, known as a person of the case or as one of the staff."""
    for part in release.parts:
        if part.kind != "assignment" or part.fields.get("role") != "plan_coordinator":
            continue
        known = people.get(str(part.fields.get("holder")))
        if known is not None:
            return _person(known, "samspill.lead", "$.holder")
        name = str(part.fields.get("holder_name") or "")
        return _person({"given_name": name, "number": staff.get(name)}, "samspill.lead", "$.holder_name")
    raise Refused("samspill.lead", path="$.holder_name")


def _participants(
    release: Release, options: Options, staff: Mapping[str, str], people: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, str]]:
    """The guardians, and those who take part: with a number and a role in Samspill, or not at all."""
    told = [(fields, "guardian") for fields in people.values() if fields.get("role") == "guardian"]
    for part in release.parts:
        if part.kind == "participant":
            name = str(part.fields.get("name") or "")
            known = people.get(str(part.fields.get("person")), {"given_name": name, "number": staff.get(name)})
            told.append((known, str(part.fields.get("service") or "")))
    for fields, role in told:
        name, number = _name(fields), str(fields.get("number") or "")
        if name and number and role in options.roles:
            yield {"name": name, "identityNumber": number, "role": options.roles[role]}


def staff_of(text: str) -> dict[str, str]:
    """Numbers by name from ``name;number`` lines. Raises ``Refused`` ``samspill.staff`` for another form."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, separator, number = line.partition(";")
        if not line.strip():
            continue
        if not separator or not number.strip().isdigit():
            raise Refused("samspill.staff")
        found[name.strip()] = number.strip()
    return found
