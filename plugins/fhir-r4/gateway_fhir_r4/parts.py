"""Elements as they are written into a resource, so that what else stands in it stays.

R4 asks for some elements that a release may not hold, since the gate kept them back or nobody told them. Their place
is then taken by R4's own ``data-absent-reason``, which says no more than that the value is not known here.
"""

from collections.abc import Callable, Mapping
from typing import Any

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
STATE = "urn:bti-gateway:state"
"""The system of our own finer states, for those that R4's codes put together."""
KEY = "urn:bti-gateway:key"
"""The system of the identifier by which a delivery is found again: a digest that tells nothing of anybody."""
PART = "urn:bti-gateway:participant"
"""The system of the code that tells which part a member of a team takes."""
AREA = "urn:bti-gateway:area"
"""The system of areas that are told as words of a municipality's own, without a system."""
PLACEHOLDERS: Mapping[str, str] = {
    "CarePlan": "unknown", "EpisodeOfCare": "active", "Goal": "proposed", "Task": "draft", "Flag": "active",
}  # fmt: skip
"""What a required status is written as where it is not known here, beside an extension that says so: the official
validator takes no required code without a value."""
Told = Mapping[str, Any]


def absent() -> dict[str, Any]:
    """An element of which nothing is known here (code ``unknown`` of data-absent-reason)."""
    return {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}


def put(holder: dict[str, Any], name: str, value: Any) -> None:
    """Set an element, or take it away where the value is ``None`` or empty."""
    if value is None or value in ({}, []):
        holder.pop(name, None)
    else:
        holder[name] = value


def put_code(resource: dict[str, Any], name: str, code: str | None) -> None:
    """Set a required code; without one, the placeholder, and that it is not known."""
    put(resource, name, PLACEHOLDERS.get(resource.get("resourceType", "CarePlan")) if code is None else code)
    put(resource, f"_{name}", absent() if code is None else None)


def put_status(
    resource: dict[str, Any], name: str, value: str | None, *, read: Mapping[str, Any], written: Mapping[str, str]
) -> None:
    """Set a status, unless the one that is there means the same already (a goal ``on-hold`` is ``active`` to us)."""
    there = resource.get(name)
    if value is not None and isinstance(there, str) and read.get(there) == value and f"_{name}" not in resource:
        return
    put_code(resource, name, None if value is None else written[value])


def put_state(resource: dict[str, Any], name: str, value: str | None, *, single: bool = False) -> None:
    """Set our own finer state among an element's concepts (or as the one concept), or take it away."""
    coded = None if value is None else {"coding": [{"system": STATE, "code": value}]}
    if single:
        if coded is not None or _is_state(resource.get(name)):
            put(resource, name, coded)
        return
    others = [one for one in resource.get(name, []) if not _is_state(one)]
    put(resource, name, [*others, *([coded] if coded else [])])


def _is_state(concept: Any) -> bool:
    told = concept.get("coding", []) if isinstance(concept, dict) else []
    return any(isinstance(one, dict) and one.get("system") == STATE for one in told)


def put_period(resource: dict[str, Any], name: str, told: Told, start: str, end: str) -> None:
    """Set the ends of a period that are told; an end that stands there on the same day is left as it is."""
    period = dict(resource.get(name, {}))
    for theirs, ours in (("start", start), ("end", end)):
        if ours in told and not _same_day(period.get(theirs), told[ours]):
            put(period, theirs, told[ours])
    put(resource, name, period)


def _same_day(there: Any, day: Any) -> bool:
    return isinstance(there, str) and len(there) == 10 and there == day


def put_words(resource: dict[str, Any], name: str, text: str | None, *, required: bool = False) -> None:
    """Set the text of a CodeableConcept; its codings, which said what the old words said, go."""
    if text is None:
        put(resource, name, absent() if required else None)
    else:
        resource[name] = {"text": text}


def concept(key: str) -> dict[str, Any]:
    """A CodeableConcept from ``system|code``."""
    return {"coding": [coding(key)]}


def coding(key: str) -> dict[str, str]:
    """A Coding from ``system|code``."""
    system, _, code = key.rpartition("|")
    return {"system": system, "code": code}


def reference(native: str) -> dict[str, Any]:
    """A Reference from what ``reference.ref`` gives as an id: ``Type/id``, or ``system|value`` of an identifier."""
    system, found, value = native.partition("|")
    return {"identifier": {"system": system, "value": value}} if found else {"reference": native}


def chosen(items: list[dict[str, Any]], *preferences: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
    """The first item by the first preference that any fulfils, else the first item."""
    for fits in preferences:
        for one in items:
            if fits(one):
                return one
    return items[0] if items else None
