"""A hand-over of who coordinates as a Task, and who coordinates now as a member of a CareTeam.

R4's Task has a life that fits: it is requested of an owner, who accepts or rejects it, or the requester cancels it.
Reading is wired where the settings name codes (``handovers``); writing is pure and waits for the adapter that writes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.sdk import Reading
from gateway_fhir_r4.element import Element
from gateway_fhir_r4.reference import ref
from gateway_fhir_r4.rules import Rules

READ = {
    "draft": "",
    "requested": "offered",
    "received": "offered",
    "ready": "offered",
    "on-hold": "offered",
    "accepted": "accepted",
    "in-progress": "accepted",
    "rejected": "declined",
    "cancelled": "withdrawn",
    "failed": "expired",
    "completed": "ended",
    "entered-in-error": None,
}
"""A task's status to an assignment's state; ``""`` is no state yet. A completed task is a turn that is over."""
WRITTEN = {
    "offered": "requested",
    "accepted": "in-progress",
    "declined": "rejected",
    "withdrawn": "cancelled",
    "expired": "failed",
    "ended": "completed",
}


def handover(resource: Element, rules: Rules, me: str, case: str, role: str) -> list[Reading]:
    """An ``assignment`` from a task whose code the settings name: to its owner, offered on the day it was authored."""
    state = resource.must("status", READ)
    owner = ref(resource.one("owner"), rules)
    period = resource.one("executionPeriod")
    told = {
        "role": role,
        "state": state or None,
        "holder": owner.id if owner is not None and owner.type == "Practitioner" else None,
        "holder_name": owner.display if owner is not None else None,
        "unit": rules.unit_of(owner.id) if owner is not None and owner.type == "Organization" else None,
        "service": rules.services.get(owner.id or "") if owner is not None else None,
        "offered_on": resource.day("authoredOn"),
        "since": period.day("start") if period is not None else None,
        "until": period.day("end") if period is not None else None,
        "family_wish": next((text for one in resource.many("note") if (text := one.text("text"))), None),
    }
    fields = {name: value for name, value in told.items() if value is not None}
    return [Reading(kind="assignment", id=me, case=case, fields=fields, about=[case], deleted=state is None)]


def task(told: Reading, code: str) -> dict[str, Any]:
    """The Task of an assignment; ``code`` is written ``system|code``. A claim is never written.

    Raises ``KeyError`` for a state that no task has.
    """
    fields = told.fields
    system, _, value = code.rpartition("|")
    owner = {"reference": fields.get("holder") or fields.get("unit"), "display": fields.get("holder_name")}
    period = {"start": fields.get("since"), "end": fields.get("until")}
    made: dict[str, Any] = {
        "resourceType": "Task",
        "id": told.id.rpartition("/")[2],
        "status": WRITTEN[fields["state"]],
        "intent": "order",
        "code": {"coding": [{"system": system, "code": value}]},
        "for": {"reference": told.case},
        "owner": _told(owner),
        "authoredOn": fields.get("offered_on"),
        "executionPeriod": _told(period),
        "note": [{"text": fields["family_wish"]}] if "family_wish" in fields else None,
    }
    return {name: value for name, value in made.items() if value not in (None, {})}


def members(assignments: Sequence[Reading], codes: Mapping[str, str]) -> list[dict[str, Any]]:
    """The participants of a CareTeam: who holds each role now. ``codes`` gives a role's code, ``system|code``.

    An offer is no member, and neither is a turn that is over; a role without a code is left out.
    """
    found = []
    for told in assignments:
        fields = told.fields
        code = codes.get(fields["role"])
        if code is None or fields.get("state", "accepted") != "accepted":
            continue
        system, _, value = code.rpartition("|")
        member = {"reference": fields.get("holder"), "display": fields.get("holder_name")}
        made: dict[str, Any] = {
            "role": [{"coding": [{"system": system, "code": value}]}],
            "member": _told(member),
            "onBehalfOf": _told({"reference": fields.get("unit")}),
            "period": _told({"start": fields.get("since")}),
        }
        found.append({name: value for name, value in made.items() if value != {}})
    return found


def _told(element: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in element.items() if value is not None}
