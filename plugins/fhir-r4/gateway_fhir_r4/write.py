"""Readings as resources: the elements that are carried, and no others.

Used to show that what is read can be written back equal; the writing adapter builds on it. Values are canonical, so
codes come out as the one that stands for them (a goal that was ``on-hold`` comes out ``active``).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gateway.sdk import Reading
from gateway_fhir_r4.people import INTERPRETER, RELATIONS
from gateway_fhir_r4.reference import DNR, ENH, FHN, FNR, HER

NUMBER_SYSTEMS = {"fnr": FNR, "dnr": DNR, "fhn": FHN}
CASE = {"draft": "draft", "active": "active", "suspended": "on-hold", "closed": "completed"}
EPISODE = {"draft": "planned", "active": "active", "suspended": "onhold", "closed": "finished"}
PLAN = {"offered": "draft", "active": "active", "closed": "completed"}
GOAL = {
    "proposed": ("proposed", None),
    "active": ("active", None),
    "reached": ("completed", "achieved"),
    "partly_reached": ("completed", "improving"),
    "not_reached": ("completed", "not-achieved"),
    "dropped": ("cancelled", None),
}
TASK = {
    "proposed": "requested",
    "decided": "accepted",
    "started": "in-progress",
    "ended": "completed",
    "dropped": "cancelled",
}
ACTIVITY = {
    "proposed": "not-started",
    "decided": "scheduled",
    "started": "in-progress",
    "ended": "completed",
    "dropped": "cancelled",
}
TEAM = {"offered": "proposed", "accepted": "active", "ended": "inactive"}
_PARENTAL = "http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility"
_FAMILY = {"mother": "mor", "father": "far", "co_mother": "medmor"}
Fields = Mapping[str, Any]


def write(kind: str, readings: Sequence[Reading]) -> dict[str, Any]:
    """The resource of this type that the readings of one resource make; only ``resourceType`` where they say nothing.

    Raises ``KeyError`` for a type that is not written.
    """
    resource = _WRITERS[kind](readings)
    return {"resourceType": kind, **{name: value for name, value in resource.items() if value not in (None, [], {})}}


def _first(readings: Sequence[Reading], *kinds: str) -> Reading | None:
    return next((one for one in readings if one.kind in kinds), None)


def _person(readings: Sequence[Reading]) -> dict[str, Any]:
    told = _first(readings, "person")
    if told is None:
        return {}
    fields = told.fields
    identifier = None
    if "number" in fields:
        identifier = [{"system": NUMBER_SYSTEMS[fields["number_type"]], "value": fields["number"]}]
    return {
        "id": _id(told),
        "identifier": identifier,
        "name": _name(fields),
        "telecom": _telecom(fields),
        "address": _address(fields),
        "birthDate": fields.get("birth_date"),
    }


def _patient(readings: Sequence[Reading]) -> dict[str, Any]:
    told = _first(readings, "person")
    fields: Fields = told.fields if told is not None else {}
    language, doctor = fields.get("language"), fields.get("general_practitioner")
    extension = None
    if "needs_interpreter" in fields:
        extension = [{"url": INTERPRETER, "valueBoolean": fields["needs_interpreter"]}]
    return {
        **_person(readings),
        "extension": extension,
        "deceasedBoolean": fields.get("deceased"),
        "communication": [{"language": {"coding": [{"code": language}]}}] if language else None,
        "generalPractitioner": [{"display": doctor}] if doctor else None,
    }


def _related(readings: Sequence[Reading]) -> dict[str, Any]:
    relation = _first(readings, "relation")
    if relation is None:
        return _person(readings)
    fields = relation.fields
    codes = []
    if fields["relation"] != "other":
        key = next(code for code, found in RELATIONS.items() if found == fields["relation"])
        codes.append(_coding(key))
    parental = {"joint": "felles", "sole": _FAMILY.get(fields["relation"])}.get(fields["responsibility"])
    if parental is not None:
        codes.append(_coding(f"{_PARENTAL}|{parental}"))
    child = str(fields["child"])
    system, _, value = child.partition("|")
    patient = {"identifier": {"system": system, "value": value}} if value else {"reference": child}
    period = _period(fields, "since", "until")
    return {
        **_person(readings),
        "patient": patient,
        "relationship": [{"coding": [one]} for one in codes],
        "period": period,
    }


def _role(readings: Sequence[Reading]) -> dict[str, Any]:
    told = _first(readings, "enrolment")
    if told is None:
        return {}
    fields = told.fields
    return {
        "id": _id(told),
        "practitioner": {"reference": fields["person"]},
        "organization": {"reference": fields["unit"]},
        "active": {"active": True, "ended": False}.get(fields.get("status", "")),
        "period": _period(fields, "since", "until"),
    }


def _organization(readings: Sequence[Reading]) -> dict[str, Any]:
    told = _first(readings, "unit")
    if told is None:
        return {}
    fields = told.fields
    systems = (("organisation_number", ENH), ("her_id", HER))
    return {
        "id": _id(told),
        "name": fields.get("name"),
        "identifier": [{"system": system, "value": fields[name]} for name, system in systems if name in fields],
        "partOf": {"reference": fields["part_of"]} if "part_of" in fields else None,
        "telecom": _telecom(fields),
        "address": _address(fields),
    }


def _plan(readings: Sequence[Reading]) -> dict[str, Any]:
    told = _first(readings, "case", "plan")
    if told is None:
        return {}
    fields = told.fields
    status = fields.get("status")
    written = PLAN.get(status or "") if told.kind == "plan" else fields.get("close_reason") or CASE.get(status or "")
    return {
        "id": _id(told) if told.kind == "plan" else None,
        "status": written,
        "subject": {"reference": told.case},
        "period": _period(fields, "opened_on", "closed_on"),
        "activity": [_activity(one) for one in readings if one.kind == "measure"],
        "contained": [write("Goal", [one]) for one in readings if one.kind == "goal"],
    }


def _episode(readings: Sequence[Reading]) -> dict[str, Any]:
    told = _first(readings, "case")
    if told is None:
        return {}
    fields = told.fields
    return {
        "status": fields.get("close_reason") or EPISODE.get(fields.get("status", "")),
        "patient": {"reference": told.case},
        "period": _period(fields, "opened_on", "closed_on"),
    }


def _activity(told: Reading) -> dict[str, Any]:
    fields = told.fields
    responsible = fields.get("responsible")
    detail = {
        "code": {"text": fields["title"]} if "title" in fields else None,
        "description": fields.get("description"),
        "status": ACTIVITY.get(fields.get("status", "")),
        "performer": [{"display": responsible}] if responsible else None,
        "scheduledPeriod": _period(fields, "started_on", "ended_on"),
        "goal": [{"reference": _local(goal)} for goal in fields["goals"]] if "goals" in fields else None,
    }
    return {"detail": {name: value for name, value in detail.items() if value is not None}}


def _goal(readings: Sequence[Reading]) -> dict[str, Any]:
    told = _first(readings, "goal")
    if told is None:
        return {}
    fields = told.fields
    life, achieved = GOAL.get(fields.get("status", ""), ("completed", None))
    system = "http://terminology.hl7.org/CodeSystem/goal-achievement"
    return {
        "id": _id(told),
        "lifecycleStatus": life,
        "achievementStatus": {"coding": [{"system": system, "code": achieved}]} if achieved else None,
        "description": {"text": fields["title"]} if "title" in fields else None,
        "subject": {"reference": told.case},
        "category": [{"coding": [_coding(fields["area"])]}] if "area" in fields else None,
        "target": [{"dueDate": fields["target_on"]}] if "target_on" in fields else None,
    }


def _task(readings: Sequence[Reading]) -> dict[str, Any]:
    told = _first(readings, "measure")
    if told is None:
        return {}
    fields = told.fields
    due = fields.get("evaluate_by")
    return {
        "id": _id(told),
        "status": TASK.get(fields.get("status", "")),
        "for": {"reference": told.case},
        "code": {"text": fields["title"]} if "title" in fields else None,
        "description": fields.get("description"),
        "owner": {"display": fields["responsible"]} if "responsible" in fields else None,
        "executionPeriod": _period(fields, "started_on", "ended_on"),
        "restriction": {"period": {"end": due}} if due else None,
    }


def _team(readings: Sequence[Reading]) -> dict[str, Any]:
    members = [one for one in readings if one.kind in {"assignment", "participant"}]
    if not members:
        return {}
    state = next((one.fields.get("state") for one in members if one.kind == "assignment"), None)
    return {
        "id": members[0].id.split("/")[1],
        "status": TEAM.get(state or ""),
        "subject": {"reference": members[0].case},
        "participant": [_member(one) for one in members],
    }


def _member(told: Reading) -> dict[str, Any]:
    fields = told.fields
    display = fields.get("holder_name" if told.kind == "assignment" else "name")
    person = fields.get("holder" if told.kind == "assignment" else "person")
    member = {"reference": person, "display": display}
    unit = fields.get("unit")
    written = {
        "member": {name: value for name, value in member.items() if value is not None},
        "role": [{"text": fields["task"]}] if "task" in fields else None,
        "onBehalfOf": {"reference": unit} if unit else None,
        "period": _period(fields, "since", "until"),
    }
    return {name: value for name, value in written.items() if value is not None}


def _name(fields: Fields) -> list[dict[str, Any]] | None:
    name = {"family": fields.get("family_name"), "given": [fields["given_name"]] if "given_name" in fields else None}
    kept = {key: value for key, value in name.items() if value is not None}
    return [kept] if kept else None


def _telecom(fields: Fields) -> list[dict[str, str]]:
    return [{"system": name, "value": fields[name]} for name in ("phone", "email") if name in fields]


def _address(fields: Fields) -> list[dict[str, Any]] | None:
    names = (("postalCode", "postal_code"), ("city", "city"), ("country", "country"))
    address: dict[str, Any] = {theirs: fields[ours] for theirs, ours in names if ours in fields}
    if "address" in fields:
        address["line"] = [fields["address"]]
    return [address] if address else None


def _period(fields: Fields, start: str, end: str) -> dict[str, str] | None:
    told = (("start", fields.get(start)), ("end", fields.get(end)))
    return {name: value for name, value in told if value is not None} or None


def _coding(key: str) -> dict[str, str]:
    system, _, code = key.rpartition("|")
    return {"system": system, "code": code}


def _local(reference: str) -> str:
    """A goal inside the plan is named by its fragment, another by its own address."""
    return f"#{reference.partition('#')[2]}" if "#" in reference else reference


def _id(told: Reading) -> str:
    return told.id.rpartition("/")[2].rpartition("#")[2]


_WRITERS: Mapping[str, Callable[[Sequence[Reading]], dict[str, Any]]] = {
    "Patient": _patient,
    "RelatedPerson": _related,
    "Practitioner": _person,
    "PractitionerRole": _role,
    "Organization": _organization,
    "CarePlan": _plan,
    "EpisodeOfCare": _episode,
    "CareTeam": _team,
    "Goal": _goal,
    "Task": _task,
}
WRITTEN = frozenset(_WRITERS)
"""Types that are written. A consent is not: it is never sent on as ours."""
