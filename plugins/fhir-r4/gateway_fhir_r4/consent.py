"""Consent and Flag.

A consent is never taken more widely than it was given: whatever narrows it in a way that we cannot hold (by data, by
class, by action, by an exception within an exception) refuses the whole consent.
"""

from typing import Any

from gateway.sdk import Fault, Reading
from gateway_fhir_r4.element import Element, finer, matched, said
from gateway_fhir_r4.parts import KEY
from gateway_fhir_r4.reference import must, ref
from gateway_fhir_r4.rules import Rules

_POLICY = "http://terminology.hl7.org/CodeSystem/v3-ActCode|"
POLICY = {f"{_POLICY}OPTIN": "given", f"{_POLICY}OPTOUT": "refused"}
STATUS = {
    "draft": "",
    "proposed": "",
    "active": "active",
    "rejected": "rejected",
    "inactive": "inactive",
    "entered-in-error": None,
}
TYPES = {"permit": "given", "deny": "refused"}
_ROLE = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType|"
RECEIVERS = {f"{_ROLE}PRCP": "to", f"{_ROLE}IRCP": "to", f"{_ROLE}CST": "from", f"{_ROLE}AUT": "from"}
"""Primary and other recipients are whom it lets know; custodian and author are who may tell."""

NARROWING = ("securityLabel", "class", "code", "data", "dataPeriod")
_ACTIONS = "http://terminology.hl7.org/CodeSystem/consentaction|"
ACTIONS = {f"{_ACTIONS}access": True, f"{_ACTIONS}disclose": True}
FLAG_STATUS = {"active": "active", "inactive": "inactive", "entered-in-error": None}
CONCERN_STATUS = {"active": "raised", "inactive": "settled", "entered-in-error": None}
CONCERNS = {
    "raised": "active", "clarified": "active", "followed": "active", "settled": "inactive", "dismissed": "inactive",
}  # fmt: skip
LEVELS = ("client", "confidential", "strict", "strict_abroad")


def consent(resource: Element, rules: Rules, me: str) -> list[Reading]:
    """A ``consent``, given or refused; a draft is none. Raises ``Fault`` on what would be taken too widely.

    ``fhir.narrowing``: it is limited in a way that we cannot hold. ``fhir.missing``: nobody is named who gave it.
    ``fhir.code``: its purpose or a service is not in the settings.
    """
    case = must(resource, "patient", rules, "Patient")
    status = resource.must("status", STATUS)
    if status == "":
        return []
    if status is None:
        return [Reading(kind="consent", id=me, case=case, fields={}, about=[case], deleted=True)]
    givers = [found.id for one in resource.many("performer") if (found := ref(one, rules)) and found.id is not None]
    if len(givers) != 1:
        raise Fault("fhir.missing" if not givers else "fhir.narrowing", "$.performer")
    provision = resource.one("provision")
    if provision is None:
        raise Fault("fhir.missing", "$.provision")
    decision = "refused" if status == "rejected" else _decision(resource, provision)
    fields: dict[str, Any] = {"decision": decision, "by": givers[0], "purpose": _purpose(provision, rules)}
    fields.update(_times(resource, provision))
    if status == "inactive":
        fields["withdrawn"] = _ended(resource)
    if decision == "given":
        fields.update(_scope(provision, rules))
        if fields.get("services") is None:
            raise Fault("fhir.missing", "$.provision.actor")
    return [Reading(kind="consent", id=me, case=case, fields=fields, about=[case])]


def _decision(resource: Element, provision: Element) -> str:
    told = provision.code("type", TYPES) or matched(resource.one("policyRule"), POLICY)
    if told is None:
        raise Fault("fhir.missing", "$.provision.type")
    return str(told)


def _purpose(provision: Element, rules: Rules) -> str:
    """The one purpose; a consent for several is several, and FHIR has one resource for each."""
    told = provision.many("purpose")
    if len(told) != 1:
        raise Fault("fhir.missing" if not told else "fhir.narrowing", "$.provision.purpose")
    found = rules.purposes.get(f"{told[0].text('system')}|{told[0].text('code')}")
    if found is None:
        raise Fault("fhir.code", "$.provision.purpose[0]")
    return found


def _times(resource: Element, provision: Element) -> dict[str, str]:
    period = provision.one("period")
    # A consent without a period holds from when it was given, unless it was written here, where nothing was told.
    begun = None if _ours(resource) else resource.day("dateTime")
    told = (
        ("given", resource.instant("dateTime")),
        ("valid_from", period.day("start") if period else begun),
        ("valid_to", period.day("end") if period else None),
    )
    for name in ("start", "end"):
        if period is not None and period.has(name) and period.day(name) is None:
            raise Fault("fhir.narrowing", period.at(name))
    return {key: value for key, value in told if value is not None}


def _ended(resource: Element) -> str:
    """When it stopped: as we wrote it, the server's last word, else the time it was given, so that it never counts."""
    for identifier in _ours(resource):
        out_of_use = identifier.one("period")
        if out_of_use is not None and (at := out_of_use.instant("end")) is not None:
            return at
    meta = resource.one("meta")
    ended = (meta.instant("lastUpdated") if meta else None) or resource.instant("dateTime")
    return ended or "1900-01-01T00:00:00+00:00"


def _ours(resource: Element) -> list[Element]:
    """The identifiers that the gateway gave it when it wrote it."""
    return [one for one in resource.many("identifier") if one.value.get("system") == KEY]


def _scope(provision: Element, rules: Rules) -> dict[str, Any]:
    _no_narrowing(provision)
    to, source = _actors(provision, rules)
    excluded = [one for inner in provision.many("provision") for one in _exception(inner, rules)]
    told: tuple[tuple[str, Any], ...] = (("services", to), ("from_services", source), ("excluded", excluded))
    return {key: value for key, value in told if value}


def _exception(inner: Element, rules: Rules) -> list[dict[str, str]]:
    """What is left out: only ``deny`` for named services can be held."""
    _no_narrowing(inner)
    for name in ("period", "purpose", "provision", "action"):
        if inner.has(name):
            raise Fault("fhir.narrowing", inner.at(name))
    if inner.code("type", TYPES) != "refused":
        raise Fault("fhir.narrowing", inner.at("type"))
    to, source = _actors(inner, rules)
    if source or not to:
        raise Fault("fhir.narrowing", inner.at("actor"))
    return [{"service": service} for service in to]


def _no_narrowing(provision: Element) -> None:
    for name in NARROWING:
        if provision.has(name):
            raise Fault("fhir.narrowing", provision.at(name))
    actions = [matched(one, ACTIONS) for one in provision.many("action")]
    if actions and not any(actions):
        raise Fault("fhir.narrowing", provision.at("action"))


def _actors(provision: Element, rules: Rules) -> tuple[list[str], list[str]]:
    to: list[str] = []
    source: list[str] = []
    for actor in provision.many("actor"):
        role = matched(actor.one("role"), RECEIVERS)
        who = ref(actor.one("reference"), rules)
        service = rules.services.get(who.id or "") if who is not None else None
        if role is None or service is None:
            raise Fault("fhir.code", actor.at("role" if role is None else "reference"))
        (to if role == "to" else source).append(service)
    return to, source


def flag(resource: Element, rules: Rules, me: str) -> list[Reading]:
    """What the settings say that a flag's code means; a flag that they do not name says nothing here.

    A protection is only ever tightened: a flag that became inactive loosens nothing.
    """
    meaning = matched(resource.one("code"), rules.flags)
    status = resource.must("status", FLAG_STATUS)
    if meaning is None:
        return []
    subject = must(resource, "subject", rules, "Patient")
    if meaning == "interpreter":
        if status is None:
            return []
        return [Reading(kind="person", id=subject, fields={"needs_interpreter": status == "active"})]
    if meaning == "concern":
        period = resource.one("period")
        fine = finer(resource.many("category"), status, CONCERNS)
        fields: dict[str, Any] = {} if status == "" else {"status": fine or CONCERN_STATUS.get(status or "")}
        raised = period.day("start") if period is not None else None
        told = (("raised_on", raised), ("summary", said(resource.one("code"))))
        fields.update({key: value for key, value in told if value is not None})
        return [Reading(kind="concern", id=me, case=subject, fields=fields, about=[subject], deleted=status is None)]
    level = meaning.removeprefix("protection:")
    if level not in LEVELS:
        raise Fault("fhir.setting", "$.code")
    if status != "active":
        return []
    return [Reading(kind="person", id=subject, fields={"protection": level})]
