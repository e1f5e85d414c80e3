"""What the stand-in demands of a resource and a reference: R4's own rules, as far as our types meet them.

It is our own reading of the specification, written apart from what writes.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_REQUEST = frozenset({"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"})
STATUSES: Mapping[str, tuple[str, frozenset[str]]] = {
    "CarePlan": ("status", _REQUEST),
    "Goal": ("lifecycleStatus", frozenset({
        "proposed", "planned", "accepted", "active", "on-hold", "completed", "cancelled", "entered-in-error",
        "rejected"})),
    "Task": ("status", frozenset({
        "draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold",
        "failed", "completed", "entered-in-error"})),
    "CareTeam": ("status", frozenset({"proposed", "active", "suspended", "inactive", "entered-in-error"})),
    "Consent": ("status", frozenset({"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"})),
    "Flag": ("status", frozenset({"active", "inactive", "entered-in-error"})),
    "EpisodeOfCare": ("status", frozenset({
        "planned", "waitlist", "active", "onhold", "finished", "cancelled", "entered-in-error"})),
}  # fmt: skip
"""Where a type's status stands, and the codes of its required binding."""

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "CarePlan": ("status", "intent", "subject"),
    "Goal": ("lifecycleStatus", "description", "subject"),
    "Task": ("status", "intent"),
    "Consent": ("status", "scope", "category"),
    "Flag": ("status", "code", "subject"),
    "EpisodeOfCare": ("status", "patient"),
    "RelatedPerson": ("patient",),
}
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_DATE = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?", re.ASCII
)  # fmt: skip
_DATES = frozenset({"birthDate", "start", "end", "dueDate", "dateTime", "authoredOn", "lastUpdated"})


def wrongs(resource: Any) -> list[str]:
    """What is wrong with a resource: R4's issue codes with a path, none where it may be stored."""
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        return ["structure"]
    kind = resource["resourceType"]
    found = list(_shape(resource))
    found += [
        f"required {name}" for name in REQUIRED.get(kind, ()) if name not in resource and f"_{name}" not in resource
    ]
    name, codes = STATUSES.get(kind, ("", frozenset()))
    if name and name in resource and resource[name] not in codes:
        found.append(f"code-invalid {name}")
    if kind == "Consent" and not {"policy", "policyRule"} & set(resource):
        found.append("invariant ppc-1")
    if "id" in resource and not _ID.fullmatch(str(resource["id"])):
        found.append("value id")
    return found


def _shape(value: Any, name: str = "") -> Iterator[str]:
    """Nothing is empty, and what is called a date is one."""
    if value in ({}, [], "", None):
        yield f"structure {name}"
    elif isinstance(value, dict):
        for inner_name, inner in value.items():
            yield from _shape(inner, inner_name)
    elif isinstance(value, list):
        for inner in value:
            yield from _shape(inner, name)
    elif name in _DATES and not (isinstance(value, str) and _DATE.fullmatch(value)):
        yield f"value {name}"


def references(value: Any) -> Iterator[dict[str, Any]]:
    """Every Reference in a resource that has an address."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def matches(resource: Mapping[str, Any], name: str, wanted: str) -> bool:
    """Whether a resource fits a search parameter; several values apart by a comma mean one of them."""
    return any(_fits(resource, name, one) for one in wanted.split(","))


def _fits(resource: Mapping[str, Any], name: str, wanted: str) -> bool:
    if name == "identifier":
        told = resource.get("identifier", [])
        return any(f"{one.get('system')}|{one.get('value')}" == wanted for one in told)
    if name == "_tag":
        told = resource.get("meta", {}).get("tag", [])
        return any(f"{one.get('system')}|{one.get('code')}" == wanted for one in told)
    if name == "_id":
        return bool(resource.get("id") == wanted)
    places = ("for",) if resource["resourceType"] == "Task" else ("subject", "patient")
    refs = [resource.get(place, {}).get("reference") for place in places]
    return wanted in refs or f"Patient/{wanted}" in refs


PARAMETERS = frozenset({"identifier", "_tag", "_id", "subject", "patient"})
"""Search parameters that are understood, beside ``_lastUpdated``."""
