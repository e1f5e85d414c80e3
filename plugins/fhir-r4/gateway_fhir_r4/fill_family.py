"""What a family said, and who coordinates: Consent, and CareTeam members and Tasks for a hand-over.

A consent is never written more widely than it was given: a limit that R4, as it is read here, has no place for refuses
the whole consent.
"""

from collections.abc import Mapping
from typing import Any

from gateway.sdk import Fault
from gateway_fhir_r4.consent import POLICY, RECEIVERS
from gateway_fhir_r4.handover import READ, WRITTEN
from gateway_fhir_r4.parts import KEY, PART, Told, coding, concept, put, put_period, put_status, reference
from gateway_fhir_r4.rules import Rules

_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope|patient-privacy"
_CATEGORY = "http://loinc.org|59284-0"
_TO = next(key for key, way in RECEIVERS.items() if way == "to")
_FROM = next(key for key, way in RECEIVERS.items() if way == "from")
LIMITS = ("categories", "units", "level_from", "level_to")
"""Limits of a consent that are not written; one that has any is refused."""


def consent(resource: dict[str, Any], fields: Told, rules: Rules, by: str) -> None:
    """Write the whole consent. ``by`` is whom the receiver knows as the giver.

    Raises ``Fault``: ``fhir.narrowing`` (a limit without a place), ``fhir.code`` (a service or purpose that the
    settings do not name), ``fhir.missing`` (a purpose, a decision or receivers).
    """
    for name in LIMITS:
        if fields.get(name) not in (None, []):
            raise Fault("fhir.narrowing", f"$.{name}")
    decision = fields.get("decision")
    if decision not in {"given", "refused"}:
        raise Fault("fhir.missing", "$.decision")
    put(resource, "status", "inactive" if fields.get("withdrawn") else "active")
    resource.setdefault("scope", concept(_SCOPE))
    resource.setdefault("category", [concept(_CATEGORY)])
    put(resource, "dateTime", fields.get("given"))
    resource["performer"] = [reference(by)]
    resource["policyRule"] = concept(next(key for key, meaning in POLICY.items() if meaning == decision))
    resource["provision"] = _provision(fields, rules, given=decision == "given")
    _withdrawn(resource, fields.get("withdrawn"))


def _provision(fields: Told, rules: Rules, *, given: bool) -> dict[str, Any]:
    purpose = next((key for key, meaning in rules.purposes.items() if meaning == fields.get("purpose")), None)
    if purpose is None:
        raise Fault("fhir.code" if fields.get("purpose") else "fhir.missing", "$.purpose")
    provision: dict[str, Any] = {"type": "permit" if given else "deny", "purpose": [coding(purpose)]}
    put_period(provision, "period", fields, "valid_from", "valid_to")
    if not given:
        return provision
    if not fields.get("services"):
        raise Fault("fhir.missing", "$.services")
    told = [(_TO, one) for one in fields["services"]] + [(_FROM, one) for one in fields.get("from_services") or ()]
    provision["actor"] = [_actor(role, service, rules) for role, service in told]
    out = fields.get("excluded") or ()
    if not all({name for name, value in one.items() if value is not None} == {"service"} for one in out):
        raise Fault("fhir.narrowing", "$.excluded")
    put(provision, "provision", [{"type": "deny", "actor": [_actor(_TO, one["service"], rules)]} for one in out])
    return provision


def _actor(role: str, service: str, rules: Rules) -> dict[str, Any]:
    organization = rules.organization(service)
    if organization is None:
        raise Fault("fhir.code", "$.services")
    return {"role": concept(role), "reference": {"reference": organization}}


def _withdrawn(resource: dict[str, Any], at: str | None) -> None:
    """When it was withdrawn is when our identifier for it went out of use: R4 has no other place for the moment."""
    for identifier in resource.get("identifier", []):
        if identifier.get("system") == KEY:
            put(identifier, "period", {"end": at} if at else None)


def handover(resource: dict[str, Any], told: Told, rules: Rules, holder: str | None) -> None:
    """A turn as a Task: the status is its state, the owner whom it is offered to."""
    if "state" in told:
        put_status(resource, "status", told["state"], read=READ, written=WRITTEN)
    owner = dict(resource.get("owner", {}))
    if "holder_name" in told:
        put(owner, "display", told["holder_name"])
    organization = rules.place(told.get("unit"), told.get("service"))
    if holder is not None or organization is not None:
        owner["reference"] = holder or organization
    put(resource, "owner", owner)
    if "offered_on" in told:
        put(resource, "authoredOn", told["offered_on"])
    put_period(resource, "executionPeriod", told, "since", "until")
    if "family_wish" in told:
        others = resource.get("note", [])[1:]
        put(resource, "note", [*([{"text": told["family_wish"]}] if told["family_wish"] else []), *others])


def member(
    team: dict[str, Any], told: Told, rules: Rules, *, token: str, holder: str | None, code: str
) -> None:  # fmt: skip
    """Who holds a role as a member of a team, known again by the element's id; one who holds it no more is none."""
    members = team.get("participant", [])
    mine = next((one for one in members if _name(one) == token), None)
    if told.get("state", "accepted") != "accepted":
        put(team, "participant", [one for one in members if one is not mine])
        return
    if mine is None:
        mine = {"id": token, "role": [concept(code)]}
        team["participant"] = [*members, mine]
    who = dict(mine.get("member", {}))
    if "holder_name" in told:
        put(who, "display", told["holder_name"])
    if holder is not None:
        who["reference"] = holder
    put(mine, "member", who)
    organization = rules.place(told.get("unit"), told.get("service"))
    if organization is not None:
        mine["onBehalfOf"] = {"reference": organization}
    put_period(mine, "period", told, "since", "until")


def participant(
    team: dict[str, Any], told: Told, rules: Rules, *, token: str, person: str, kind: str
) -> None:  # fmt: skip
    """Somebody who takes part and does not coordinate, known again by the element's id.

    ``person`` is the receiver's own reference to them, empty where it has none, and ``kind`` its type. A service is
    shown of an employee only: R4 lets nobody else act on an organisation's behalf (ctm-1).
    """
    members = team.get("participant", [])
    mine = next((one for one in members if _name(one) == token), None)
    if mine is None:
        mine = {"id": token}
        team["participant"] = [*members, mine]
    _part(mine, told)
    who = dict(mine.get("member", {}))
    if "name" in told:
        put(who, "display", told["name"])
    if person:
        who["reference"] = person
    put(mine, "member", who)
    organization = rules.place(told.get("unit"), told.get("service"))
    if organization is not None and kind not in {"Patient", "RelatedPerson"}:
        mine["onBehalfOf"] = {"reference": organization}
    put_period(mine, "period", told, "since", "until")


def _part(mine: dict[str, Any], told: Told) -> None:
    """The part that somebody takes, with our own code for it, and their task in words; other roles stay."""
    roles = mine.get("role", [])
    ours: dict[str, Any] = next(
        (one for one in roles if any(each.get("system") == PART for each in one.get("coding", []))), {}
    )
    others = [one for one in roles if one is not ours]
    if "role" in told:
        put(ours, "coding", [coding(f"{PART}|{told['role']}")] if told["role"] else None)
    if "task" in told:
        put(ours, "text", told["task"])
    put(mine, "role", [*([ours] if ours else []), *others])


def _name(participant: Mapping[str, Any]) -> str | None:
    found = participant.get("id") or participant.get("member", {}).get("reference")
    return found if isinstance(found, str) else None
