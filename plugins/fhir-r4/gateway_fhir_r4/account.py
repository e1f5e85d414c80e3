"""What becomes of each element of a resource: taken, minimised with the reason, unknown, or refused as a whole."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from gateway.sdk import Fault
from gateway_fhir_r4.read import account_of
from gateway_fhir_r4.rules import Rules

REASONS: Mapping[str, str] = {
    "technical": "how the resource is stored or shown, not what it says",
    "local": "a number or code that means something inside the vendor's system only",
    "clinical": "health content that cooperation around a child does not need",
    "others": "about or by other persons than those in the case",
    "not_needed": "no field of the model asks for it",
    "unused": "another name, address or code of the same element was taken",
}
"""Why an element is not taken."""

READ: Mapping[str, tuple[str, ...]] = {
    "Patient": ("identifier", "name", "telecom", "birthDate", "deceasedBoolean", "deceasedDateTime", "address",
                "communication", "generalPractitioner", "extension"),
    "RelatedPerson": ("identifier", "patient", "relationship", "name", "telecom", "birthDate", "address", "period"),
    "Practitioner": ("name", "telecom", "address"),
    "PractitionerRole": ("practitioner", "organization", "period", "active"),
    "Organization": ("identifier", "name", "partOf", "telecom", "address"),
    "CarePlan": ("status", "category", "subject", "period", "activity", "contained"),
    "EpisodeOfCare": ("status", "type", "patient", "period"),
    "CareTeam": ("status", "subject", "participant"),
    "Goal": ("lifecycleStatus", "achievementStatus", "category", "description", "subject", "target"),
    "Task": ("status", "code", "description", "for", "owner", "executionPeriod", "restriction"),
    "Consent": ("status", "patient", "dateTime", "performer", "policyRule", "provision"),
    "Flag": ("status", "code", "subject", "period"),
}  # fmt: skip
"""Elements out of which something may be taken."""

MINIMISED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Patient": {"not_needed": ("active", "gender", "maritalStatus", "multipleBirthBoolean", "multipleBirthInteger",
                               "photo", "managingOrganization", "link"), "others": ("contact",)},
    "RelatedPerson": {"not_needed": ("active", "gender", "photo", "communication")},
    "Practitioner": {"not_needed": ("identifier", "active", "gender", "birthDate", "photo", "qualification",
                                    "communication")},
    "PractitionerRole": {"local": ("identifier",), "not_needed": (
        "code", "specialty", "location", "healthcareService", "telecom", "availableTime", "notAvailable",
        "availabilityExceptions", "endpoint")},
    "Organization": {"not_needed": ("active", "type", "alias", "endpoint"), "others": ("contact",)},
    "CarePlan": {"local": ("identifier", "instantiatesCanonical", "instantiatesUri", "basedOn", "replaces", "partOf"),
                 "clinical": ("addresses", "supportingInfo", "note"), "others": ("author", "contributor"),
                 "not_needed": ("intent", "title", "description", "encounter", "created", "careTeam", "goal")},
    "EpisodeOfCare": {"local": ("identifier", "account"), "clinical": ("diagnosis", "referralRequest"),
                      "not_needed": ("statusHistory", "managingOrganization", "careManager", "team")},
    "CareTeam": {"local": ("identifier",), "clinical": ("reasonCode", "reasonReference", "note"), "not_needed": (
        "category", "name", "encounter", "period", "managingOrganization", "telecom")},
    "Goal": {"local": ("identifier",), "clinical": ("addresses", "note", "outcomeCode", "outcomeReference"),
             "others": ("expressedBy",), "not_needed": ("priority", "startDate", "startCodeableConcept", "statusDate",
                                                        "statusReason")},
    "Task": {"local": ("identifier", "instantiatesCanonical", "instantiatesUri", "basedOn", "groupIdentifier",
                       "partOf"),
             "clinical": ("focus", "encounter", "reasonCode", "reasonReference", "insurance", "note",
                          "relevantHistory", "input", "output"),
             "others": ("requester",),
             "not_needed": ("statusReason", "businessStatus", "intent", "priority", "authoredOn", "lastModified",
                            "performerType", "location")},
    "Consent": {"local": ("identifier",), "not_needed": (
        "scope", "category", "organization", "sourceAttachment", "sourceReference", "policy", "verification")},
    "Flag": {"local": ("identifier",), "clinical": ("category",), "others": ("author",), "not_needed": ("encounter",)},
}  # fmt: skip
"""Elements that are never taken, by reason."""

TECHNICAL = ("resourceType", "id", "meta", "implicitRules", "language", "text", "contained", "extension",
             "modifierExtension")  # fmt: skip


class Account(Struct, frozen=True, kw_only=True):
    """Paths (never values). ``refused`` is the fault that kept the whole resource out."""

    taken: tuple[str, ...] = ()
    minimised: Mapping[str, str] = {}
    unknown: tuple[str, ...] = ()
    refused: tuple[str, str] | None = None


def account(resource: Mapping[str, Any], rules: Rules) -> Account:
    """What becomes of every element of a resource. A name that R4 does not have is ``unknown``, and not taken."""
    kind = resource.get("resourceType")
    try:
        readings, taken = account_of(dict(resource), rules)
    except Fault as fault:
        return Account(refused=(fault.code, fault.path))
    if not readings:
        taken = set()
    minimised: dict[str, str] = {}
    unknown: list[str] = []
    for top, value in resource.items():
        reason = _reason(str(kind), top)
        for path in _leaves(value, f"$.{top}"):
            if path in taken:
                continue
            if reason is None:
                unknown.append(f"$.{top}")
                break
            minimised[path] = reason
    return Account(taken=tuple(sorted(taken)), minimised=minimised, unknown=tuple(unknown))


def elements(kind: str) -> set[str]:
    """Every element of the type that is accounted for."""
    named = {name for names in MINIMISED.get(kind, {}).values() for name in names}
    return {*TECHNICAL, *READ.get(kind, ()), *named}


def _reason(kind: str, top: str) -> str | None:
    name = top.removeprefix("_")
    for reason, names in MINIMISED.get(kind, {}).items():
        if name in names:
            return reason
    if name in READ.get(kind, ()):
        return "unused"
    return "technical" if name in TECHNICAL else None


def _leaves(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}")
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for at, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{at}]")
    else:
        yield path
