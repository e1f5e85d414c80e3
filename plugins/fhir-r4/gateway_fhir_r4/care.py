"""CarePlan, EpisodeOfCare, CareTeam, Goal and Task: the case, the plan, who coordinates, goals and measures.

A patient has one case here, whose native id is the patient's: goals, teams and consents name the patient and not the
plan, so nothing else can be told from a resource alone (``docs/decisions/0610-fhir-reading.md``).
"""

from typing import Any

from gateway.sdk import Reading
from gateway_fhir_r4.element import Element, codings, finer, matched, said
from gateway_fhir_r4.handover import handover
from gateway_fhir_r4.parts import ABSENT, AREA, PART
from gateway_fhir_r4.reference import Ref, must, ref
from gateway_fhir_r4.rules import Rules

CASES = {
    "draft": "draft", "consent_pending": "draft", "active": "active", "closing": "active", "suspended": "on-hold",
    "closed": "completed", "replaced_by_plan": "completed", "closed_by_family": "completed",
    "closed_by_withdrawal": "completed", "moved": "completed",
}  # fmt: skip
"""Our statuses in R4's codes; where several have one code, ``STATE`` tells which it is."""

_OF_EPISODES = {"on-hold": "onhold", "completed": "finished", "draft": "planned"}
EPISODES = {status: _OF_EPISODES.get(code, code) for status, code in CASES.items()}
PLANS = {"offered": "draft", "active": "active", "closed": "completed", "declined": "revoked"}
TASKS = {
    "proposed": "requested", "decided": "accepted", "started": "in-progress", "evaluated": "completed",
    "ended": "completed", "dropped": "cancelled",
}  # fmt: skip
CASE_STATUS = {
    "draft": "draft",
    "active": "active",
    "on-hold": "suspended",
    "completed": "closed",
    "revoked": "closed",
    "entered-in-error": None,
    "unknown": "",
}
PLAN_STATUS = {
    "draft": "offered",
    "active": "active",
    "on-hold": "active",
    "completed": "closed",
    "revoked": "closed",
    "entered-in-error": None,
    "unknown": "",
}
EPISODE_STATUS = {
    "planned": "draft",
    "waitlist": "draft",
    "active": "active",
    "onhold": "suspended",
    "finished": "closed",
    "cancelled": "closed",
    "entered-in-error": None,
}
GOAL_STATUS = {
    "proposed": "proposed",
    "planned": "proposed",
    "accepted": "active",
    "active": "active",
    "on-hold": "active",
    "completed": "",
    "cancelled": "dropped",
    "rejected": "dropped",
    "entered-in-error": None,
}
_ACHIEVED = "http://terminology.hl7.org/CodeSystem/goal-achievement|"
ACHIEVEMENT = {
    f"{_ACHIEVED}{code}": status
    for code, status in {
        "achieved": "reached",
        "sustaining": "reached",
        "improving": "partly_reached",
        "in-progress": "partly_reached",
        "no-change": "not_reached",
        "worsening": "not_reached",
        "no-progress": "not_reached",
        "not-achieved": "not_reached",
        "not-attainable": "not_reached",
    }.items()
}
TASK_STATUS = {
    "draft": "proposed",
    "requested": "proposed",
    "received": "proposed",
    "accepted": "decided",
    "ready": "decided",
    "in-progress": "started",
    "on-hold": "started",
    "completed": "ended",
    "rejected": "dropped",
    "cancelled": "dropped",
    "failed": "dropped",
    "entered-in-error": None,
}
ACTIVITY_STATUS = {
    "not-started": "proposed",
    "scheduled": "decided",
    "in-progress": "started",
    "on-hold": "started",
    "completed": "ended",
    "cancelled": "dropped",
    "stopped": "dropped",
    "entered-in-error": None,
    "unknown": "",
}
TEAM_STATUS = {
    "proposed": "offered",
    "active": "accepted",
    "suspended": "accepted",
    "inactive": "ended",
    "entered-in-error": None,
}
_PARTS = {f"{PART}|{one}": one for one in ("relay_holder", "actor", "guardian", "subject", "coordinator", "helper")}
"""The parts that somebody can take in a case, which we write as codes of our own."""
_MEMBERS = {"Practitioner": "helper", "RelatedPerson": "guardian", "Patient": "subject"}


def care_plan(resource: Element, rules: Rules, me: str) -> list[Reading]:
    """The case, or an individual plan, with the measures and goals that stand inside the resource.

    A plan that the settings count as neither says nothing here.
    """
    case = must(resource, "subject", rules, "Patient")
    told = [key for concept in resource.many("category") for key, _ in codings(concept)]
    is_plan = any(key in rules.plan_categories for key in told) or (
        rules.case == "episode" and not rules.plan_categories
    )
    is_case = rules.case == "care_plan" and not is_plan and _counts(told, rules.case_categories)
    if not is_plan and not is_case:
        return []
    first = _plan(resource, me, case) if is_plan else _case(resource, case, CASE_STATUS, rules)
    readings = [first]
    if first.deleted:
        return readings
    for contained in resource.many("contained"):
        kind, inner = contained.value.get("resourceType"), contained.value.get("id")
        if kind == "Goal" and isinstance(inner, str):
            readings.extend(goal(contained, rules, f"{me}#{inner}"))
        if kind == "CareTeam" and isinstance(inner, str):
            readings.extend(_members(contained, rules, f"{me}#{inner}", case))
    for at, activity in enumerate(resource.many("activity")):
        readings.extend(_activity(activity, rules, me, at, case))
    return readings


def episode(resource: Element, rules: Rules, _me: str) -> list[Reading]:
    """The case, where the settings say that episodes make cases."""
    told = [key for concept in resource.many("type") for key, _ in codings(concept)]
    if rules.case != "episode" or not _counts(told, rules.case_categories):
        return []
    return [_case(resource, must(resource, "patient", rules, "Patient"), EPISODE_STATUS, rules)]


def _counts(told: list[str], wanted: tuple[str, ...]) -> bool:
    return not wanted or any(key in wanted for key in told)


def _case(resource: Element, case: str, table: dict[str, Any], rules: Rules) -> Reading:
    status = resource.must("status", table)
    written = resource.text("status")
    is_plan = table is CASE_STATUS
    fields: dict[str, Any] = {"subject": case}
    concepts = resource.many("category" if is_plan else "type")
    fine = finer(concepts, written, CASES if is_plan else EPISODES)
    if status:
        fields["status"] = fine or status
    if written in {"revoked", "cancelled"}:
        fields["close_reason"] = written
    fields.update(_dates(resource, closed=status == "closed"))
    if rules.closing_note is not None and is_plan:
        ours = [one for one in resource.many("note") if one.value.get("authorString") == rules.closing_note]
        text = ours[-1].text("text") if ours else None
        fields.update({} if text is None else {"closing_note": text})
    return Reading(kind="case", id=case, case=case, fields=fields, about=[case], deleted=status is None)


def _plan(resource: Element, me: str, case: str) -> Reading:
    status = resource.must("status", PLAN_STATUS)
    fine = finer(resource.many("category"), resource.text("status"), PLANS)
    fields: dict[str, Any] = {"status": fine or status} if status else {}
    fields.update(_dates(resource, closed=status == "closed"))
    return Reading(kind="plan", id=me, case=case, fields=fields, about=[case], deleted=status is None)


def _dates(resource: Element, *, closed: bool) -> dict[str, str]:
    """When it opened, and when it closed; the end of one that is open is only foreseen, and not told."""
    period = resource.one("period")
    if period is None:
        return {}
    told = (("opened_on", period.day("start")), ("closed_on", period.day("end") if closed else None))
    return {key: value for key, value in told if value is not None}


def _activity(activity: Element, rules: Rules, me: str, at: int, case: str) -> list[Reading]:
    detail = activity.one("detail")
    if detail is None or detail.flag("doNotPerform"):
        return []
    status = detail.must("status", ACTIVITY_STATUS)
    fields: dict[str, Any] = {}
    title, description = _title(detail)
    told = (("title", title), ("description", description), ("status", status or None))
    fields.update({key: value for key, value in told if value is not None})
    goals = [to.id for one in detail.many("goal") if (to := ref(one, rules, me)) is not None and to.id is not None]
    if goals:
        fields["goals"] = goals
    responsible = next((found for one in detail.many("performer") if (found := one.text("display"))), None)
    if responsible is not None:
        fields["responsible"] = responsible
    period = detail.one("scheduledPeriod")
    if period is not None:
        fields.update(_span(period))
    name = activity.text("id") or str(at)
    return [
        Reading(
            kind="measure", id=f"{me}/activity/{name}", case=case, fields=fields, about=[case], deleted=status is None
        )
    ]


def goal(resource: Element, rules: Rules, me: str) -> list[Reading]:
    """A ``goal``. That it is completed does not tell whether it was reached; ``achievementStatus`` does."""
    case = must(resource, "subject", rules, "Patient")
    status = resource.must("lifecycleStatus", GOAL_STATUS)
    if status == "":
        status = matched(resource.one("achievementStatus"), ACHIEVEMENT) or ""
    fields: dict[str, Any] = {}
    told = (("title", said(resource.one("description"))), ("status", status or None))
    fields.update({key: value for key, value in told if value is not None})
    area = next((key for concept in resource.many("category") for key, _ in codings(concept)), None)
    if area is not None:
        matched(resource.many("category")[0], {area: area})
        fields["area"] = area.removeprefix(f"{AREA}|")
    due = next((found for one in resource.many("target") if (found := one.day("dueDate"))), None)
    if due is not None:
        fields["target_on"] = due
    return [Reading(kind="goal", id=me, case=case, fields=fields, about=[case], deleted=status is None)]


def task(resource: Element, rules: Rules, me: str) -> list[Reading]:
    """A ``measure``, or a hand-over by its code; a task for nobody (a claim, an order of goods) is neither."""
    subject = ref(resource.one("for"), rules)
    if subject is not None and subject.id is not None and rules.handovers:
        role = matched(resource.one("code"), rules.handovers)
        if role is not None:
            return handover(resource, rules, me, subject.id, role)
    status = resource.must("status", TASK_STATUS)
    if subject is None or subject.id is None or subject.type not in {None, "Patient"}:
        return []
    title, description = _title(resource)
    owner = ref(resource.one("owner"), rules)
    business = resource.one("businessStatus")
    fine = finer([business] if business is not None else [], resource.text("status"), TASKS)
    told = (
        ("title", title),
        ("description", description),
        ("status", fine or status or None),
        ("responsible", owner.display if owner else None),
        ("responsible_service", rules.services.get(owner.id or "") if owner else None),
    )
    fields: dict[str, Any] = {key: value for key, value in told if value is not None}
    period = resource.one("executionPeriod")
    if period is not None:
        fields.update(_span(period))
    restriction = resource.one("restriction")
    limit = restriction.one("period") if restriction is not None else None
    due = limit.day("end") if limit is not None else None
    if due is not None:
        fields["evaluate_by"] = due
    case = subject.id
    return [Reading(kind="measure", id=me, case=case, fields=fields, about=[case], deleted=status is None)]


def _title(holder: Element) -> tuple[str | None, str | None]:
    """Title and description; what has no title is titled by its description, unless its place says that it has one."""
    title, description = said(holder.one("code")), holder.text("description")
    if title is None and not _is_withheld(holder.one("code")):
        return description, None
    return title, description


def _is_withheld(concept: Element | None) -> bool:
    return concept is not None and concept.extension(ABSENT) is not None


def _span(period: Element) -> dict[str, str]:
    told = (("started_on", period.day("start")), ("ended_on", period.day("end")))
    return {key: value for key, value in told if value is not None}


def care_team(resource: Element, rules: Rules, me: str) -> list[Reading]:
    """Who coordinates, as a claim (``assignment``), and who else takes part (``participant``)."""
    return _members(resource, rules, me, must(resource, "subject", rules, "Patient"))


def _members(resource: Element, rules: Rules, me: str, case: str) -> list[Reading]:
    status = resource.code("status", TEAM_STATUS) if resource.has("status") else "accepted"
    readings = []
    for at, participant in enumerate(resource.many("participant")):
        member = ref(participant.one("member"), rules, me)
        if member is None:
            continue
        told = participant.many("role")
        if any(matched(one, rules.handovers) for one in told):
            continue  # a task tells of this turn
        role = next((found for one in told if (found := matched(one, rules.coordinator_roles))), None)
        known = member.id if member.id is not None and len(member.id) < 100 else str(at)
        name = f"{me}/{participant.text('id') or known}"
        if role is None:
            kind, fields = "participant", _participant(told, member)
        else:
            kind, fields = "assignment", {"role": role, **_assignment(member, status)}
        fields.update(_who(participant, rules, member, "name" if role is None else "holder_name"))
        readings.append(Reading(kind=kind, id=name, case=case, fields=fields, about=[case], deleted=status is None))
    return readings


def _assignment(member: Ref, status: str | None) -> dict[str, Any]:
    fields: dict[str, Any] = {} if status is None else {"state": status}
    if member.type == "Practitioner":
        fields["holder"] = member.id
    return fields


def _participant(roles: list[Element], member: Ref) -> dict[str, Any]:
    part = next((found for one in roles if (found := matched(one, _PARTS))), None)
    fields: dict[str, Any] = {"role": part or _MEMBERS.get(member.type or "", "actor")}
    if member.type in _MEMBERS:
        fields["person"] = member.id
    task_of = next((found for one in roles if (found := said(one))), None)
    if task_of is not None:
        fields["task"] = task_of[:200]
    return fields


def _who(participant: Element, rules: Rules, member: Ref, name: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if member.display is not None:
        fields[name] = member.display
    unit = ref(participant.one("onBehalfOf"), rules)
    if unit is not None and unit.id is not None:
        fields["unit"] = rules.unit_of(unit.id)
        if unit.id in rules.services:
            fields["service"] = rules.services[unit.id]
    period = participant.one("period")
    if period is not None:
        told = (("since", period.day("start")), ("until", period.day("end")))
        fields.update({key: value for key, value in told if value is not None})
    return fields
