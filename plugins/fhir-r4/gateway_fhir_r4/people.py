"""Patient, RelatedPerson, Practitioner, PractitionerRole and Organization after the no-basis profiles (2.2)."""

from typing import Any

from gateway.sdk import Fault, Reading
from gateway_fhir_r4.element import Element, matched
from gateway_fhir_r4.parts import KEY
from gateway_fhir_r4.reference import ENH, HER, NUMBER_TYPES, must, ref
from gateway_fhir_r4.rules import Rules

MIDDLE_NAME = "http://hl7.no/fhir/StructureDefinition/no-basis-middlename"
INTERPRETER = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
_FAMILY = "http://hl7.no/fhir/CodeSystem/no-basis-family-relation|"
_PARENTAL = "http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility|"
_ROLE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode|"
RELATIONS = {
    f"{_FAMILY}mor": "mother",
    f"{_FAMILY}far": "father",
    f"{_FAMILY}medmor": "co_mother",
    f"{_ROLE}MTH": "mother",
    f"{_ROLE}NMTH": "mother",
    f"{_ROLE}FTH": "father",
    f"{_ROLE}NFTH": "father",
    f"{_ROLE}PRNFOST": "foster_parent",
}
GUARDIANS = {f"{_ROLE}GUARD": True}
"""Who answers for the child in some way; what that is stands in no record of ours."""
PARENTAL = {f"{_PARENTAL}{code}": code for code in ("felles", "mor", "far", "medmor", "andre", "ukjent")}
"""no-basis-parental-responsibility: whether all, or which one, has it."""

_PARENT_CODES = {"mor": "mother", "far": "father", "medmor": "co_mother"}
_OVER = ("old", "temp")


def patient(resource: Element, _rules: Rules, me: str) -> list[Reading]:
    """A ``person`` in the role of subject."""
    fields: dict[str, Any] = {"role": "subject", **_number(resource), **_name(resource), **_reached(resource)}
    born = resource.day("birthDate")
    if born is not None:
        fields["birth_date"] = born
    deceased = resource.flag("deceasedBoolean")
    if resource.day("deceasedDateTime") or resource.has("deceasedDateTime"):
        deceased = True
    if deceased is not None:
        fields["deceased"] = deceased
    fields.update(_language(resource))
    doctor = next((found for one in resource.many("generalPractitioner") if (found := one.text("display"))), None)
    if doctor is not None:
        fields["general_practitioner"] = doctor
    interpreter = resource.extension(INTERPRETER)
    if interpreter is not None and interpreter.has("valueBoolean"):
        fields["needs_interpreter"] = interpreter.flag("valueBoolean")
    return [Reading(kind="person", id=me, fields=fields)]


def related_person(resource: Element, rules: Rules, me: str) -> list[Reading]:
    """A ``person`` and what the record says of its ``relation`` to the patient.

    A health record is no register: whether its word on responsibility counts is a setting of the gateway (``asserts``).
    """
    child = ref(resource.one("patient"), rules)
    if child is None or child.id is None:
        raise Fault("fhir.missing", "$.patient")
    fields = {**_number(resource), **_name(resource), **_reached(resource)}
    born = resource.day("birthDate")
    if born is not None:
        fields["birth_date"] = born
    told = resource.many("relationship")
    relation = next((found for one in told if (found := matched(one, RELATIONS))), None)
    parental = next((found for one in told if (found := matched(one, PARENTAL))), None)
    if relation is not None or parental is not None or any(matched(one, GUARDIANS) for one in told):
        fields["role"] = "guardian"
    readings = [Reading(kind="person", id=me, fields=fields)]
    if child.number is not None:
        number, kind = child.number
        stub = {"number": number, "number_type": kind, "role": "subject"}
        readings.append(Reading(kind="person", id=child.id, fields=stub))
    if relation is None and parental is None:
        return readings
    about: dict[str, Any] = {
        "person": me,
        "child": child.id,
        "relation": relation or "other",
        "responsibility": responsibility(parental, relation),
        "source": "health_record",
    }
    about.update(_period(resource))
    readings.append(Reading(kind="relation", id=me, fields=about, about=[child.id, me]))
    return readings


def responsibility(parental: str | None, relation: str | None) -> str:
    """What a parental responsibility code says of one who stands in this relation; doubt is ``unknown``."""
    if parental == "felles":
        return "joint"
    if parental in _PARENT_CODES and relation in _PARENT_CODES.values():
        return "sole" if _PARENT_CODES[parental] == relation else "none"
    return "unknown"


def practitioner(resource: Element, _rules: Rules, me: str) -> list[Reading]:
    """A ``person`` who is an employee. No number is taken: within a case the server's own id tells who it is."""
    fields: dict[str, Any] = {"role": "employee", **_name(resource), **_reached(resource, home=False)}
    return [Reading(kind="person", id=me, fields=fields)]


def practitioner_role(resource: Element, rules: Rules, me: str) -> list[Reading]:
    """An ``enrolment`` of an employee in a unit; nothing where the role names no person or no unit."""
    person, unit = ref(resource.one("practitioner"), rules), ref(resource.one("organization"), rules)
    if person is None or person.id is None or unit is None or unit.id is None:
        return []
    fields = {"person": person.id, "unit": unit.id, "role": "staff", **_period(resource)}
    if unit.display is not None:
        fields["unit_name"] = unit.display
    active = resource.flag("active")
    if active is not None:
        fields["status"] = "active" if active else "ended"
    return [Reading(kind="enrolment", id=me, fields=fields, service=rules.services.get(unit.id))]


def organization(resource: Element, rules: Rules, me: str) -> list[Reading]:
    """A ``unit``; its service is a setting, since FHIR's types do not tell it."""
    fields: dict[str, Any] = {}
    name = resource.text("name")
    if name is not None:
        fields["name"] = name
    for identifier in resource.many("identifier"):
        wanted = {ENH: "organisation_number", HER: "her_id"}.get(str(identifier.value.get("system")))
        if wanted is not None and wanted not in fields and identifier.has("value"):
            identifier.text("system")
            fields[wanted] = identifier.text("value")
    if resource.has("partOf"):
        fields["part_of"] = must(resource, "partOf", rules)
    reached = _reached(resource, home=False)
    fields.update({key: reached[key] for key in ("phone", "email", "address") if key in reached})
    service = rules.services.get(me) or rules.services.get(fields.get("organisation_number", ""))
    if service is not None:
        fields["service"] = service
    return [Reading(kind="unit", id=me, fields=fields, service=service)]


def _number(resource: Element) -> dict[str, str]:
    """The first national number, fødselsnummer before D-number before help number; local series are not taken."""
    found: list[tuple[int, Element, str]] = []
    for identifier in resource.many("identifier"):
        kind = NUMBER_TYPES.get(str(identifier.value.get("system")))
        if kind is not None and identifier.has("value") and identifier.value.get("use") != "old":
            found.append((("fnr", "dnr", "fhn").index(kind), identifier, kind))
    if not found:
        return {}
    _, chosen, kind = min(found, key=lambda one: one[0])
    chosen.text("system")
    value = chosen.text("value")
    if value is None:
        return {}
    ours = any(one.value.get("system") == KEY for one in resource.many("identifier"))
    if ours and not chosen.has("use"):
        return {"number": value}  # written here, and nobody said what kind of number it is
    return {"number": value, "number_type": kind}


def _name(resource: Element) -> dict[str, str]:
    """The official name, else the usual or first one that is not over."""
    if resource.value.get("name") is None:
        return {}
    names = [one for one in resource.many("name") if str(one.value.get("use")) not in {"old", "maiden", "anonymous"}]
    if not names:
        return {}
    order = {"official": 0, "usual": 1}
    chosen = min(names, key=lambda one: order.get(str(one.value.get("use")), 2))
    given = chosen.words("given")
    middle = chosen.extension(MIDDLE_NAME)
    if middle is not None and middle.has("valueString"):
        given = [*given, middle.text("valueString") or ""]
    family = chosen.text("family")
    told = (("given_name", " ".join(one for one in given if one)), ("family_name", family))
    return {key: value for key, value in told if value}


def _reached(resource: Element, *, home: bool = True) -> dict[str, str]:
    fields: dict[str, str] = {}
    for contact in resource.many("telecom"):
        system = str(contact.value.get("system"))
        if system in {"phone", "email"} and system not in fields and str(contact.value.get("use")) not in _OVER:
            value = contact.text("value")
            if value is not None:
                contact.text("system")
                fields[system] = value
    kept = [one for one in resource.many("address") if str(one.value.get("use")) not in {"old", "temp", "billing"}]
    if kept:
        chosen = next((one for one in kept if one.value.get("use") == ("home" if home else "work")), kept[0])
        lines = ", ".join(chosen.words("line"))
        parts = (
            ("address", lines or None),
            ("postal_code", chosen.text("postalCode") if home else None),
            ("city", chosen.text("city") if home else None),
            ("country", chosen.text("country") if home else None),
        )
        fields.update({key: value for key, value in parts if value})
    return fields


def _language(resource: Element) -> dict[str, str]:
    told = resource.many("communication")
    chosen = next((one for one in told if one.value.get("preferred") is True), told[0] if told else None)
    concept = chosen.one("language") if chosen is not None else None
    for coding in concept.many("coding") if concept is not None else ():
        code = coding.text("code")
        if code is not None:
            return {"language": code}
    return {}


def _period(resource: Element) -> dict[str, str]:
    period = resource.one("period")
    if period is None:
        return {}
    told = (("since", period.day("start")), ("until", period.day("end")))
    return {key: value for key, value in told if value is not None}
