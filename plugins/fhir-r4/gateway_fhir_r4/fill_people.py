"""A person as a Patient, RelatedPerson or Practitioner, after the no-basis profiles (2.2)."""

from typing import Any

from gateway.sdk.identity import kind_of
from gateway_fhir_r4.parts import Told, chosen, concept, put
from gateway_fhir_r4.people import GUARDIANS, INTERPRETER, MIDDLE_NAME
from gateway_fhir_r4.reference import DNR, FHN, FNR, NUMBER_TYPES

SYSTEMS = {"fnr": FNR, "dnr": DNR, "fhn": FHN}
PERSON = frozenset(
    {"number", "number_type", "given_name", "family_name", "birth_date", "role", "address", "postal_code", "city",
     "country", "phone", "email"}
)  # fmt: skip
CHILD = PERSON | {"deceased", "language", "needs_interpreter", "general_practitioner"}
EMPLOYEE = frozenset({"given_name", "family_name", "role", "phone", "email", "address"})
"""Of an employee no number, birth date or home is written: within a case the name tells who it is."""
HELD = {"Patient": CHILD, "RelatedPerson": PERSON, "Practitioner": EMPLOYEE}


def type_of(role: str | None, *, is_subject: bool) -> str:
    """The resource type of a person."""
    if is_subject or role == "subject":
        return "Patient"
    return "Practitioner" if role == "employee" else "RelatedPerson"


def person(resource: dict[str, Any], told: Told) -> None:
    """Write the fields that the type has a place for."""
    kind = resource["resourceType"]
    told = {name: value for name, value in told.items() if name in HELD[kind]}
    if "number" in told or "number_type" in told:
        _number(resource, told)
    if told.keys() & {"given_name", "family_name"}:
        _name(resource, told)
    _telecom(resource, told)
    if told.keys() & {"address", "postal_code", "city", "country"}:
        _address(resource, told, home=kind != "Practitioner")
    if "birth_date" in told:
        put(resource, "birthDate", told["birth_date"])
    if kind == "Patient":
        _child(resource, told)
    if kind == "RelatedPerson" and told.get("role") == "guardian" and not resource.get("relationship"):
        resource["relationship"] = [concept(key) for key in GUARDIANS]  # who decides is a register's to say


def number_system(number: str, number_type: str | None) -> str | None:
    """The identifier system of a national number; ``None`` for one that no such system has."""
    if number_type is not None:
        return SYSTEMS.get(number_type)
    return SYSTEMS.get(kind_of(number).name)


def _number(resource: dict[str, Any], told: Told) -> None:
    kept = [one for one in resource.get("identifier", []) if one.get("system") not in NUMBER_TYPES]
    number = told.get("number")
    system = number_system(number, told.get("number_type")) if number else None
    own: list[dict[str, Any]] = [{"system": system, "value": number}] if system is not None else []
    if own and told.get("number_type") is not None:
        own[0]["use"] = "official"  # the kind of number was told, and is told again
    put(resource, "identifier", [*own, *kept])


def _name(resource: dict[str, Any], told: Told) -> None:
    names = resource.get("name", [])
    current = [one for one in names if one.get("use") not in {"old", "maiden", "anonymous"}]
    name = chosen(current, lambda one: one.get("use") == "official", lambda one: one.get("use") == "usual")
    if name is None:
        name = {"use": "official"}
        names = [*names, name]
    if "family_name" in told:
        put(name, "family", told["family_name"])
    if "given_name" in told:
        put(name, "given", [told["given_name"]] if told["given_name"] else None)
        put(name, "extension", [one for one in name.get("extension", []) if one.get("url") != MIDDLE_NAME])
    if name.keys() & {"family", "given"}:
        name.pop("text", None)  # it said the old name
        put(resource, "name", names)
    else:
        put(resource, "name", [one for one in names if one is not name])


def _telecom(resource: dict[str, Any], told: Told) -> None:
    for system in ("phone", "email"):
        if system not in told:
            continue
        contacts = resource.get("telecom", [])
        mine = [one for one in contacts if one.get("system") == system and one.get("use") not in {"old", "temp"}]
        if told[system] is None:
            put(resource, "telecom", [one for one in contacts if one not in mine])
        elif mine:
            mine[0]["value"] = told[system]
        else:
            resource["telecom"] = [*contacts, {"system": system, "value": told[system]}]


def _address(resource: dict[str, Any], told: Told, *, home: bool) -> None:
    addresses = resource.get("address", [])
    current = [one for one in addresses if one.get("use") not in {"old", "temp", "billing"}]
    wanted = "home" if home else "work"
    address = chosen(current, lambda one: one.get("use") == wanted)
    if address is None:
        address = {"use": wanted}
        addresses = [*addresses, address]
    if "address" in told:
        put(address, "line", [told["address"]] if told["address"] else None)
    for theirs, ours in (("postalCode", "postal_code"), ("city", "city"), ("country", "country")):
        if ours in told:
            put(address, theirs, told[ours])
    address.pop("text", None)
    empty = not address.keys() - {"use", "type"}
    put(resource, "address", [one for one in addresses if one is not address] if empty else addresses)


def _child(resource: dict[str, Any], told: Told) -> None:
    if "deceased" in told and not (told["deceased"] and "deceasedDateTime" in resource):
        resource.pop("deceasedDateTime", None)
        put(resource, "deceasedBoolean", told["deceased"])
    if "language" in told:
        _language(resource, told["language"])
    if "needs_interpreter" in told:
        others = [one for one in resource.get("extension", []) if one.get("url") != INTERPRETER]
        needs = told["needs_interpreter"]
        put(
            resource, "extension", others + ([{"url": INTERPRETER, "valueBoolean": needs}] if needs is not None else [])
        )
    if "general_practitioner" in told:
        others = [one for one in resource.get("generalPractitioner", []) if "reference" in one or "identifier" in one]
        shown = told["general_practitioner"]
        put(resource, "generalPractitioner", ([{"display": shown}] if shown else []) + others)


def _language(resource: dict[str, Any], language: str | None) -> None:
    spoken = resource.get("communication", [])
    mine = chosen(spoken, lambda one: one.get("preferred") is True)
    coded = {"coding": [{"system": "urn:ietf:bcp:47", "code": language}]}
    if language is None:
        put(resource, "communication", [one for one in spoken if one is not mine])
    elif mine is not None:
        mine["language"] = coded
    else:
        resource["communication"] = [{"language": coded}]
