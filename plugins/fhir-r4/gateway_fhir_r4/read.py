"""From a resource, alone or with those that it names, to readings."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from gateway.sdk import Fault, Reading
from gateway_fhir_r4 import care, consent, people
from gateway_fhir_r4.element import Element, refuse_modifiers
from gateway_fhir_r4.rules import Rules

READERS: Mapping[str, Callable[[Element, Rules, str], list[Reading]]] = {
    "Patient": people.patient,
    "RelatedPerson": people.related_person,
    "Practitioner": people.practitioner,
    "PractitionerRole": people.practitioner_role,
    "Organization": people.organization,
    "CarePlan": care.care_plan,
    "EpisodeOfCare": care.episode,
    "CareTeam": care.care_team,
    "Goal": care.goal,
    "Task": care.task,
    "Consent": consent.consent,
    "Flag": consent.flag,
}
GONE: Mapping[str, str] = {
    "Patient": "person",
    "RelatedPerson": "person",
    "Practitioner": "person",
    "PractitionerRole": "enrolment",
    "Organization": "unit",
    "CarePlan": "plan",
    "Goal": "goal",
    "Task": "measure",
    "Consent": "consent",
}
"""What a deleted resource was. A team or an episode was several things or the case itself: a person must look."""

_PERSONS = ["Patient", "RelatedPerson", "Practitioner"]


def read(body: Any, rules: Rules) -> list[Reading]:
    """Readings of a resource, or of ``{"resource": …, "included": […]}`` where persons it names came with it.

    Raises ``Fault``: ``fhir.type`` for what is no resource that we read, and those of ``element``.
    """
    return account_of(body, rules)[0]


def account_of(body: Any, rules: Rules) -> tuple[list[Reading], set[str]]:
    """Readings, and the paths of the resource that were taken into them."""
    resource, included = _parts(body)
    readings, taken = _one(resource, rules)
    case = next((one.case for one in readings if one.case is not None), None)
    if case is None:
        return readings, taken
    named = {name for one in readings for name in _names(one)}
    along = [one for other in included for one in _person(other, rules) if one.id in named]
    return [*(replace(one, case=case) for one in along), *readings], taken


def _person(other: dict[str, Any], rules: Rules) -> list[Reading]:
    """The person of a resource that came along; one that is faulty is left out, and faults where it is read itself."""
    if other.get("resourceType") not in _PERSONS:
        return []
    try:
        return [one for one in _one(other, rules)[0] if one.kind == "person"]
    except Fault:
        return []


def gone(kind: str, resource_id: str) -> list[Reading]:
    """The tombstone of a deleted resource. Raises ``fhir.deleted`` where it does not tell which item that was."""
    if kind not in GONE:
        raise Fault("fhir.deleted", "$")
    return [Reading(kind=GONE[kind], id=f"{kind}/{resource_id}", fields={}, deleted=True)]


def _parts(body: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if not isinstance(body, dict):
        raise Fault("fhir.shape", "$")
    if "resourceType" in body:
        return body, []
    resource, included = body.get("resource"), body.get("included", [])
    if not isinstance(resource, dict) or not isinstance(included, list):
        raise Fault("fhir.type", "$.resourceType")
    return resource, [one for one in included if isinstance(one, dict)]


def _one(resource: dict[str, Any], rules: Rules) -> tuple[list[Reading], set[str]]:
    element = Element(resource)
    kind = element.text("resourceType")
    reader = READERS.get(kind or "")
    if kind is None or reader is None:
        raise Fault("fhir.type", "$.resourceType")
    refuse_modifiers(resource)
    name = element.text("id")
    if name is None or len(name) > 64:
        raise Fault("fhir.missing" if name is None else "fhir.shape", "$.id")
    readings = reader(element, rules, f"{kind}/{name}")
    meta = element.one("meta")
    version = meta.text("versionId") if meta is not None else None
    updated = meta.instant("lastUpdated") if meta is not None else None
    return [replace(one, version=version, valid_from=updated) for one in readings], element.taken


def _names(reading: Reading) -> list[str]:
    fields = [reading.fields.get(name) for name in ("subject", "person", "holder", "by")]
    return [name for name in (*fields, *(reading.about or ())) if isinstance(name, str)]
