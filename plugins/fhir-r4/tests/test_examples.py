"""The official examples, read and written back: equal on what is carried, and the rest accounted for."""

import copy
from typing import Any

import pytest
from gateway_fhir_r4.account import MINIMISED, READ, REASONS, account, elements
from gateway_fhir_r4.care import ACTIVITY_STATUS, GOAL_STATUS, TASK_STATUS
from gateway_fhir_r4.element import Element
from gateway_fhir_r4.people import MIDDLE_NAME, RELATIONS
from gateway_fhir_r4.read import READERS, account_of
from gateway_fhir_r4.rules import Rules
from gateway_fhir_r4.write import ACTIVITY, GOAL, TASK, WRITTEN, write

from gateway.core.model import check
from gateway.sdk import Reading

RULES = Rules()
EPISODES = Rules(case="episode")

NOT_CARRIED: dict[str, str] = {
    "CarePlan-f001.activity": "an activity that must not be done is no measure",
    "CarePlan-f002.activity": "an activity that must not be done is no measure",
    "CarePlan-f003.activity": "an activity that must not be done is no measure",
    "RelatedPerson-Sorgard-Erlend-RelatedPerson.patient": "a spouse has no relation that the model carries",
    "RelatedPerson-benedicte.patient": "a spouse has no relation that the model carries",
    "RelatedPerson-f001.patient": "a partner has no relation that the model carries",
    "RelatedPerson-f002.patient": "a partner has no relation that the model carries",
    "RelatedPerson-peter.patient": "an emergency contact has no relation that the model carries",
    "Task-example3.owner": "an owner who is named by address alone has no words to show",
}
"""Elements of examples that are read and not written back, with the reason."""

SILENT: dict[str, str] = {
    f"Task-fm-example{at}": "a task about a claim is for nobody, so it is no measure" for at in range(1, 7)
}
"""Examples that are read and say nothing of a case, with the reason."""

LOOKED_AT: dict[tuple[str, str], str] = {
    ("Patient", "deceasedDateTime"): "written as deceasedBoolean",
    ("Patient", "extension"): "its addresses are looked at for the interpreter extension",
    ("CarePlan", "category"): "decides whether the plan is a case",
    ("CarePlan", "contained"): "goals are written; teams have a resource of their own",
    ("EpisodeOfCare", "type"): "decides whether the episode is a case",
    ("CareTeam", "contained"): "persons inside a team are known by the name shown",
    ("CareTeam", "status"): "stands in assignments, and a team without a coordinator has none",
}
"""Elements that are read to decide, or that are written under another name."""


def rules_for(kind: str) -> Rules:
    return EPISODES if kind == "EpisodeOfCare" else RULES


def normal(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource with what canonical values do not keep made even: each line says what that is."""
    plain = copy.deepcopy(resource)
    kind = plain["resourceType"]
    for name in plain.get("name", []) if isinstance(plain.get("name"), list) else []:
        given = [one for one in name.get("given", []) if one]  # several given names are one text
        middle = [one["valueString"] for one in name.get("extension", []) if one["url"] == MIDDLE_NAME]
        if given or middle:
            name["given"] = [" ".join([*given, *middle])]
    for address in plain.get("address", []):
        if "line" in address:
            address["line"] = [", ".join(address["line"])]  # several lines are one text
    if "deceasedDateTime" in plain:
        plain["deceasedBoolean"] = True  # that somebody died, not when
    for period in periods(plain):
        for end in ("start", "end"):
            if end in period and len(period[end]) > 10:
                period[end] = Element(period).day(end)  # the day, not the hour
    if kind == "Goal":
        goal_statuses(plain)
    if kind == "Task":
        plain["status"] = TASK[TASK_STATUS[plain["status"]]]
        words(plain, "code")
    for contained in plain.get("contained", []):
        if contained["resourceType"] == "Goal":
            goal_statuses(contained)
    for activity in plain.get("activity", []):
        detail = activity.get("detail", {})
        if "status" in detail:
            detail["status"] = ACTIVITY.get(ACTIVITY_STATUS[detail["status"]])
        words(detail, "code")
        if "code" not in detail and "description" in detail:
            detail["code"] = {"text": detail["description"]}  # what has no title is titled by its description
    if kind == "CarePlan" and plain["status"] == "unknown":
        plain.pop("status")
    for relationship in plain.get("relationship", []):
        for coding in relationship.get("coding", []):  # codes of one meaning are one
            found = RELATIONS.get(f"{coding['system']}|{coding['code']}")
            if found is not None:
                same = next(key for key, meaning in RELATIONS.items() if meaning == found)
                coding["system"], _, coding["code"] = same.rpartition("|")
    for member in plain.get("participant", []):
        for role in member.get("role", []):
            role["text"] = role.get("text") or next(
                (one["display"] for one in role["coding"] if "display" in one), None
            )
    return plain


def goal_statuses(goal: dict[str, Any]) -> None:
    """Statuses of one meaning are one: the canonical status's own code."""
    status = GOAL_STATUS[goal["lifecycleStatus"]]
    goal["lifecycleStatus"] = GOAL[status][0] if status else "completed"
    words(goal, "description")


def words(holder: dict[str, Any], name: str) -> None:
    """A concept is its words: the text, or the first display."""
    concept = holder.get(name)
    if concept is not None:
        shown = [one["display"] for one in concept.get("coding", []) if "display" in one]
        holder[name] = {"text": concept.get("text") or (shown[0] if shown else None)}


def periods(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for one in value for found in periods(one)]
    if not isinstance(value, dict):
        return []
    own = [value] if {"start", "end"} & set(value) else []
    return [*own, *(found for one in value.values() for found in periods(one))]


def covers(original: Any, written: Any) -> bool:
    """Whether all that was written stands in the original too."""
    if isinstance(written, dict):
        return isinstance(original, dict) and all(covers(original.get(name), one) for name, one in written.items())
    if isinstance(written, list):
        return isinstance(original, list) and all(any(covers(one, each) for one in original) for each in written)
    return bool(original == written)


def carried(resource: dict[str, Any]) -> tuple[list[Reading], dict[str, Any], set[str]]:
    kind = resource["resourceType"]
    readings, taken = account_of(resource, rules_for(kind))
    tops = {path.split(".")[1].split("[")[0] for path in taken} - {"resourceType", "id", "meta"}
    return readings, write(kind, readings), tops


def lost(name: str, resource: dict[str, Any]) -> list[str]:
    """Elements that were taken, stand in the readings and are not in the resource written from them."""
    readings, written, tops = carried(resource)
    if not readings:
        return []
    return sorted(f"{name}.{top}" for top in tops - set(written) if not told_elsewhere(resource, top))


def told_elsewhere(resource: dict[str, Any], top: str) -> bool:
    return (resource["resourceType"], top) in LOOKED_AT


def of_our_types(official: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: one for name, one in official.items() if one["resourceType"] in READERS}


def test_every_example_is_carried_equal_or_stands_in_the_table(official) -> None:
    differing, missing, silent = [], [], []
    for name, resource in of_our_types(official).items():
        if resource["resourceType"] not in WRITTEN:
            continue
        readings, written, _ = carried(resource)
        if not readings:
            silent.append(name)
        original = normal(resource)
        differing.extend(f"{name}.{top}" for top, one in written.items() if not covers(original.get(top), one))
        missing.extend(lost(name, resource))
    assert differing == []
    assert sorted(missing) == sorted(NOT_CARRIED)
    assert sorted(silent) == sorted(SILENT)


def test_most_examples_are_of_types_that_are_carried(official) -> None:
    ours = of_our_types(official)
    assert len(ours) == 106
    assert {one["resourceType"] for one in ours.values()} == set(READERS)


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("Patient-example", ("birthDate",), "1974-12-26"),
        ("Patient-f001", ("name", 0, "family"), "Annen"),
        ("Goal-example", ("description", "text"), "Noe annet"),
        ("Goal-example", ("target", 0, "dueDate"), "2016-04-06"),
        ("CarePlan-integrate", ("activity", 0, "detail", "status"), "completed"),
        ("CareTeam-example", ("participant", 1, "onBehalfOf", "reference"), "Organization/other"),
        ("RelatedPerson-newborn-mom", ("patient", "reference"), "Patient/other"),
        ("EpisodeOfCare-example", ("period", "start"), "2014-09-02"),
    ],
)
def test_the_comparison_finds_a_changed_value(official, name, path, value) -> None:
    resource = official[name]
    _, written, _ = carried(resource)
    changed = copy.deepcopy(resource)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    original = normal(changed)
    assert not all(covers(original.get(top), one) for top, one in written.items())


def test_what_is_written_reads_back_the_same(official) -> None:
    for resource in of_our_types(official).values():
        kind = resource["resourceType"]
        if kind not in {"Patient", "Practitioner", "Organization", "Goal", "Task", "PractitionerRole"}:
            continue
        readings, written, _ = carried(resource)
        again = account_of(written, RULES)[0] if readings else []
        assert [(one.kind, one.id, one.fields) for one in again] == [(one.kind, one.id, one.fields) for one in readings]


def test_readings_of_every_example_fit_the_model(official) -> None:
    kinds = set()
    for resource in of_our_types(official).values():
        if resource["resourceType"] == "Consent":
            continue
        for reading in account_of(resource, rules_for(resource["resourceType"]))[0]:
            check(reading.kind, reading.fields, whole=False)
            kinds.add(reading.kind)
    assert kinds == {"person", "relation", "enrolment", "unit", "case", "goal", "measure", "participant"}


def test_official_consents_name_no_giver_or_no_purpose_and_are_refused(official) -> None:
    """A consent of which nobody knows who gave it, or for what, is no consent to act on."""
    found = [account(one, RULES).refused for one in official.values() if one["resourceType"] == "Consent"]
    assert len(found) == 12
    assert set(found) == {("fhir.missing", "$.performer"), ("fhir.missing", "$.provision.purpose")}


def test_every_element_of_every_example_is_accounted_for(official) -> None:
    for name, resource in of_our_types(official).items():
        found = account(resource, rules_for(resource["resourceType"]))
        assert found.unknown == (), name
        assert set(found.minimised.values()) <= set(REASONS), name


def test_every_element_that_r4_has_is_named_in_the_account(r4_schema) -> None:
    for kind in READERS:
        known = {name for name in r4_schema["definitions"][kind]["properties"] if not name.startswith("_")}
        assert elements(kind) == known, kind
        told = [*READ[kind], *(name for names in MINIMISED[kind].values() for name in names)]
        assert len(told) == len(set(told)), kind


def test_an_element_that_r4_does_not_have_is_told_and_not_taken() -> None:
    resource = {"resourceType": "Patient", "id": "p", "birthDate": "2014-03-14", "shoeSize": 31}
    found = account(resource, RULES)
    assert found.unknown == ("$.shoeSize",)
    assert "$.birthDate" in found.taken
