"""The case, plans, goals, measures and concerns as CarePlan or EpisodeOfCare, Goal, Task and Flag."""

from typing import Any

from gateway.sdk import Fault
from gateway_fhir_r4.care import (
    ACHIEVEMENT,
    ACTIVITY_STATUS,
    CASE_STATUS,
    CASES,
    EPISODE_STATUS,
    EPISODES,
    GOAL_STATUS,
    PLAN_STATUS,
    PLANS,
    TASK_STATUS,
    TASKS,
)
from gateway_fhir_r4.consent import CONCERN_STATUS, CONCERNS
from gateway_fhir_r4.parts import (
    AREA,
    Told,
    coding,
    concept,
    put,
    put_code,
    put_period,
    put_state,
    put_status,
    put_words,
)
from gateway_fhir_r4.rules import Rules

GOALS = {
    "proposed": "proposed", "active": "active", "dropped": "cancelled",
    "reached": "completed", "partly_reached": "completed", "not_reached": "completed",
}  # fmt: skip
ACHIEVED = {"reached": "achieved", "partly_reached": "improving", "not_reached": "not-achieved"}
ACTIVITIES = {
    "proposed": "not-started", "decided": "scheduled", "started": "in-progress", "evaluated": "completed",
    "ended": "completed", "dropped": "cancelled",
}  # fmt: skip
"""Our statuses in R4's codes; where several have one code, ``STATE`` tells which it is."""

_ACHIEVEMENT = "http://terminology.hl7.org/CodeSystem/goal-achievement"
COARSE: dict[str, frozenset[str]] = {
    "case": frozenset({"consent_pending", "closing", "replaced_by_plan", "closed_by_family", "closed_by_withdrawal",
                       "moved"}),
    "plan": frozenset({"declined"}),
    "measure": frozenset({"evaluated"}),
    "concern": frozenset({"clarified", "followed", "dismissed"}),
}  # fmt: skip
"""Statuses that read back as another one unless our own state stands beside R4's code."""


def case(resource: dict[str, Any], told: Told, rules: Rules) -> None:
    """A CarePlan or EpisodeOfCare that stands for the case."""
    is_plan = resource["resourceType"] == "CarePlan"
    if "status" in told or "status" not in resource:
        read, written = (CASE_STATUS, CASES) if is_plan else (EPISODE_STATUS, EPISODES)
        _status(resource, "case", told.get("status"), read=read, written=written, at="category" if is_plan else "type")
    put_period(resource, "period", told, "opened_on", "closed_on")
    if "closing_note" in told and is_plan and rules.closing_note is not None:
        others = [one for one in resource.get("note", []) if one.get("authorString") != rules.closing_note]
        text = told["closing_note"]
        note = [{"authorString": rules.closing_note, "text": text}] if text else []
        put(resource, "note", [*others, *note])


def plan(resource: dict[str, Any], told: Told, _rules: Rules) -> None:
    """An individual plan as a CarePlan."""
    if "status" in told or "status" not in resource:
        _status(resource, "plan", told.get("status"), read=PLAN_STATUS, written=PLANS, at="category")
    put_period(resource, "period", told, "opened_on", "closed_on")


def _status(
    resource: dict[str, Any], kind: str, value: str | None, *, read: Any, written: dict[str, str], at: str,
    single: bool = False,
) -> None:  # fmt: skip
    fine = value if value in COARSE[kind] else None
    if fine is not None:
        put_code(resource, "status", written[fine])
    else:
        put_status(resource, "status", value, read=read, written=written)
    put_state(resource, at, fine, single=single)


def goal(resource: dict[str, Any], told: Told, _rules: Rules) -> None:
    """A Goal; whether it was reached stands in ``achievementStatus``."""
    if "status" in told or "lifecycleStatus" not in resource:
        value = told.get("status")
        if value not in ACHIEVED:
            put_status(resource, "lifecycleStatus", value, read=GOAL_STATUS, written=GOALS)
            resource.pop("achievementStatus", None)  # it said how far an older status had come
        elif _achieved(resource) != value:
            put_code(resource, "lifecycleStatus", "completed")
            resource["achievementStatus"] = concept(f"{_ACHIEVEMENT}|{ACHIEVED[value]}")
    if "title" in told or "description" not in resource:
        put_words(resource, "description", told.get("title"), required=True)
    if "area" in told:
        _area(resource, told["area"])
    if "target_on" in told:
        targets = resource.get("target", [])
        mine = next((one for one in targets if "dueDate" in one), None)
        if mine is not None:
            put(mine, "dueDate", told["target_on"])
            put(resource, "target", [one for one in targets if one])
        elif told["target_on"] is not None:
            resource["target"] = [*targets, {"dueDate": told["target_on"]}]


def _achieved(resource: dict[str, Any]) -> str | None:
    if resource.get("lifecycleStatus") != "completed":
        return None
    codes = resource.get("achievementStatus", {}).get("coding", [])
    return next(
        (found for one in codes if (found := ACHIEVEMENT.get(f"{one.get('system')}|{one.get('code')}"))), None
    )  # fmt: skip


def _area(resource: dict[str, Any], area: str | None) -> None:
    others = resource.get("category", [])[1:]
    key = None if area is None else area if "|" in area else f"{AREA}|{area}"
    put(resource, "category", [*([concept(key)] if key is not None else []), *others])


def task(resource: dict[str, Any], told: Told, rules: Rules) -> None:
    """A measure as a Task."""
    if "status" in told or "status" not in resource:
        _status(
            resource, "measure", told.get("status"), read=TASK_STATUS, written=TASKS, at="businessStatus", single=True
        )
    _titled(resource, told)
    if told.keys() & {"responsible", "responsible_service"}:
        _owner(resource, told, rules)
    put_period(resource, "executionPeriod", told, "started_on", "ended_on")
    if "evaluate_by" in told:
        restriction = dict(resource.get("restriction", {}))
        period = dict(restriction.get("period", {}))
        put(period, "end", told["evaluate_by"])
        put(restriction, "period", period)
        put(resource, "restriction", restriction)


def _titled(resource: dict[str, Any], told: Told) -> None:
    """Title and description. A description that stood for the title is still one, so the title's place is marked."""
    if "title" in told or ("description" in told and "code" not in resource):
        title = told.get("title")
        text = told.get("description", resource.get("description"))
        put_words(resource, "code", title, required=text is not None)
    if "description" in told:
        put(resource, "description", told["description"])


def _owner(resource: dict[str, Any], told: Told, rules: Rules) -> None:
    owner = dict(resource.get("owner", {}))
    if "responsible" in told:
        put(owner, "display", told["responsible"])
    if "responsible_service" in told:
        put(owner, "reference", rules.organization(told["responsible_service"]))
    put(resource, "owner", owner)


def activity(plan: dict[str, Any], name: str, told: Told, *, gone: bool = False) -> None:
    """A measure inside a CarePlan. Raises ``Fault`` ``fhir.place`` where no such activity is there."""
    activities = plan.get("activity", [])
    mine = next((one for one in activities if one.get("id") == name), None)
    if mine is None and name.isdigit() and int(name) < len(activities) and "id" not in activities[int(name)]:
        mine = activities[int(name)]
    if mine is None or "detail" not in mine:
        raise Fault("fhir.place", "$.activity")
    detail = mine["detail"]
    if gone:
        for each in ("code", "description", "performer", "scheduledPeriod", "goal"):
            detail.pop(each, None)
        put_code(detail, "status", "entered-in-error")
        return
    if "status" in told:
        put_status(detail, "status", told["status"], read=ACTIVITY_STATUS, written=ACTIVITIES)
    _titled(detail, told)
    if "responsible" in told:
        others = [one for one in detail.get("performer", []) if "display" not in one]
        put(detail, "performer", [*([{"display": told["responsible"]}] if told["responsible"] else []), *others])
    put_period(detail, "scheduledPeriod", told, "started_on", "ended_on")


def concern(resource: dict[str, Any], told: Told, rules: Rules) -> None:
    """A concern as a Flag with the code that the settings say means one."""
    if "status" in told or "status" not in resource:
        _status(resource, "concern", told.get("status"), read=CONCERN_STATUS, written=CONCERNS, at="category")
    put_period(resource, "period", told, "raised_on", "")
    if "summary" in told or "code" not in resource:
        key = next(key for key, meaning in rules.flags.items() if meaning == "concern")
        code = dict(resource.get("code", {"coding": [coding(key)]}))
        put(code, "text", told.get("summary"))
        resource["code"] = code
