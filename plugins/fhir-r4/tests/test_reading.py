"""Resources of our own become what they mean, and what cannot be understood is a fault with a path."""

import pytest
from fhir_bench import (
    CHILD,
    ENH,
    FNR,
    HPR,
    MOTHER,
    RULES,
    a_flag,
    consent,
    fault,
    goal,
    nurse,
    only,
    ours,
    patient,
    plan,
    task,
    team,
)
from gateway_fhir_r4.people import PARENTAL, RELATIONS, responsibility
from gateway_fhir_r4.read import GONE, gone, read
from gateway_fhir_r4.rules import TYPES

from gateway.sdk import Fault

DNR = "urn:oid:2.16.578.1.12.4.1.4.2"
FAMILY = "http://hl7.no/fhir/CodeSystem/no-basis-family-relation"
RESPONSIBLE = "http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility"


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"identifier": [{"system": DNR, "value": "41831498240"}, {"system": FNR, "value": CHILD}]}, {"number": CHILD}),
        ({"identifier": [{"system": FNR, "value": MOTHER, "use": "old"}, {"system": FNR, "value": CHILD}]},
         {"number": CHILD, "number_type": "fnr"}),
        ({"identifier": [{"system": DNR, "value": "41831498240"}]}, {"number": "41831498240", "number_type": "dnr"}),
        ({"identifier": [{"system": "urn:local", "value": "7"}]}, {"number": None}),
        ({"name": [{"use": "old", "family": "Vik"}, {"family": "Lund", "given": ["Ada", "Maria"]}]},
         {"family_name": "Lund", "given_name": "Ada Maria"}),
        ({"deceasedBoolean": False}, {"deceased": False}),
        ({"deceasedDateTime": "2026-01"}, {"deceased": True}),
        ({"birthDate": "2014-03"}, {"birth_date": None}),
        ({"communication": [{"language": {"coding": [{"code": "nb"}]}},
                            {"language": {"coding": [{"code": "ti"}]}, "preferred": True}]}, {"language": "ti"}),
        ({"telecom": [{"system": "phone", "value": "111", "use": "old"}, {"system": "phone", "value": "222"}]},
         {"phone": "222"}),
        ({"address": [{"use": "old", "city": "Bryne"}, {"use": "home", "city": "Kleppe", "line": ["Vegen 1", "H01"]}]},
         {"city": "Kleppe", "address": "Vegen 1, H01"}),
    ],
)  # fmt: skip
def test_a_patient_is_told_by_what_holds_now(more, fields) -> None:
    found = only(patient(**more))
    assert {name: found.fields.get(name) for name in fields} == fields
    assert (found.kind, found.id, found.case) == ("person", "Patient/p1", None)


@pytest.mark.parametrize("relation", ["mother", "father", "co_mother", "foster_parent", None])
@pytest.mark.parametrize("parental", [*sorted(PARENTAL.values()), None])
def test_responsibility_in_a_record_is_clear_or_unknown(relation, parental) -> None:
    alone = {"mor": "mother", "far": "father", "medmor": "co_mother"}
    expected = "unknown"
    if parental == "felles":
        expected = "joint"
    elif parental in alone and relation in alone.values():
        expected = "sole" if alone[parental] == relation else "none"
    assert responsibility(parental, relation) == expected


def test_a_relative_is_a_person_and_a_relation_to_the_patient() -> None:
    concepts = [
        {"coding": [{"system": FAMILY, "code": "mor"}]},
        {"coding": [{"system": RESPONSIBLE, "code": "felles"}]},
    ]
    person, child, relation = read(
        {
            "resourceType": "RelatedPerson",
            "id": "m1",
            "patient": {"identifier": {"system": FNR, "value": CHILD}},
            "identifier": [{"system": FNR, "value": MOTHER}],
            "relationship": concepts,
        },
        RULES,
    )
    assert (person.fields["number"], person.fields["role"]) == (MOTHER, "guardian")
    assert child.fields["number"] == CHILD
    assert relation.fields["child"] == child.id
    assert (relation.fields["relation"], relation.fields["responsibility"]) == ("mother", "joint")
    assert RELATIONS[f"{FAMILY}|mor"] == "mother"


def test_of_an_employee_no_number_is_taken() -> None:
    found = only(nurse(identifier=[{"system": FNR, "value": MOTHER}, {"system": HPR, "value": "9144889"}]))
    assert found.fields == {"role": "employee", "family_name": "Berg", "given_name": "Nina"}


def test_a_unit_gets_its_service_from_the_settings() -> None:
    unit = {"resourceType": "Organization", "id": "x", "name": "Skolehelsetjenesten",
            "identifier": [{"system": ENH, "value": "999999999"}], "partOf": {"reference": "Organization/body"}}  # fmt: skip
    found = only(unit, ours(services={"999999999": "school_health"}))
    assert (found.fields["service"], found.fields["part_of"]) == ("school_health", "Organization/body")


def test_the_coordinator_is_a_claim_and_others_take_part() -> None:
    assignment, other = read(team(), RULES)
    assert (assignment.kind, assignment.case) == ("assignment", "Patient/p1")
    assert assignment.fields == {
        "role": "plan_coordinator",
        "state": "accepted",
        "holder": "Practitioner/n1",
        "holder_name": "Nina Berg",
        "unit": "Organization/health",
        "service": "school_health",
        "since": "2026-01-12",
    }
    assert (other.kind, other.fields["role"], other.fields["person"]) == ("participant", "guardian", "RelatedPerson/m1")


def test_a_role_is_a_coordinator_where_the_settings_say_so() -> None:
    rules = ours(coordinator_roles={"urn:local|stafett": "relay_holder"})
    told = team(participant=[{"role": [{"coding": [{"system": "urn:local", "code": "stafett"}]}],
                              "member": {"reference": "PractitionerRole/r1", "display": "Nina Berg"}}])  # fmt: skip
    (found,) = read(told, rules)
    assert (found.fields["role"], found.fields["holder_name"]) == ("relay_holder", "Nina Berg")
    assert "holder" not in found.fields


CATEGORY = [{"coding": [{"system": "urn:local", "code": "ip"}]}]


@pytest.mark.parametrize(
    ("options", "more", "kinds"),
    [
        ({}, {}, ["case"]),
        ({"case_categories": ["urn:local|bti"]}, {}, []),
        ({"case_categories": ["urn:local|ip"]}, {"category": CATEGORY}, ["case"]),
        ({"plan_categories": ["urn:local|ip"]}, {"category": CATEGORY}, ["plan"]),
        ({"plan_categories": ["urn:local|ip"]}, {}, ["case"]),
        ({"case": "episode"}, {}, ["plan"]),
        ({"case": "episode", "plan_categories": ["urn:local|ip"]}, {}, []),
    ],
)
def test_which_care_plan_is_a_case_or_a_plan_is_a_setting(options, more, kinds) -> None:
    assert [one.kind for one in read(plan(**more), ours(**options))] == kinds


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        ("draft", {"status": "draft"}),
        ("active", {"status": "active"}),
        ("on-hold", {"status": "suspended"}),
        ("completed", {"status": "closed", "closed_on": "2026-06-01"}),
        ("revoked", {"status": "closed", "closed_on": "2026-06-01", "close_reason": "revoked"}),
        ("unknown", {}),
    ],
)
def test_a_case_is_open_or_closed_as_its_plan_is(status, fields) -> None:
    found = only(plan(status=status, period={"start": "2026-01-10", "end": "2026-06-01"}))
    expected = {"subject": "Patient/p1", "opened_on": "2026-01-10", **fields}
    assert (found.id, found.fields) == ("Patient/p1", expected)


def test_an_episode_is_a_case_where_the_settings_say_so() -> None:
    resource = {
        "resourceType": "EpisodeOfCare",
        "id": "e",
        "status": "finished",
        "patient": {"reference": "Patient/p1"},
    }
    assert read(resource, RULES) == []
    assert only(resource, ours(case="episode")).fields["status"] == "closed"


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"lifecycleStatus": "planned"}, "proposed"),
        ({"lifecycleStatus": "on-hold"}, "active"),
        ({"lifecycleStatus": "completed"}, None),
        ({"lifecycleStatus": "rejected"}, "dropped"),
        *(
            ({"lifecycleStatus": "completed", "achievementStatus": {"coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/goal-achievement", "code": code}]}}, status)
            for code, status in (("achieved", "reached"), ("improving", "partly_reached"),
                                 ("not-attainable", "not_reached"))
        ),
    ],
)  # fmt: skip
def test_a_goal_that_is_completed_is_reached_only_where_that_is_told(more, status) -> None:
    assert only(goal(**more)).fields.get("status") == status


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"status": "requested"}, {"status": "proposed"}),
        ({"status": "ready"}, {"status": "decided"}),
        ({"status": "in-progress", "executionPeriod": {"start": "2026-02-01T23:30:00Z"}},
         {"status": "started", "started_on": "2026-02-02"}),
        ({"status": "failed"}, {"status": "dropped"}),
        ({"restriction": {"period": {"end": "2026-05-01"}}}, {"evaluate_by": "2026-05-01"}),
        ({"owner": {"reference": "Organization/school", "display": "Klepp skule"}},
         {"responsible": "Klepp skule", "responsible_service": "school"}),
    ],
)  # fmt: skip
def test_a_task_is_a_measure(more, fields) -> None:
    found = only(task(**more))
    assert {name: found.fields.get(name) for name in fields} == fields
    assert found.case == "Patient/p1"


def test_activities_inside_a_plan_are_measures_and_contained_goals_are_goals() -> None:
    resource = plan(
        contained=[{**goal(), "id": "g"}],
        activity=[
            {"detail": {"status": "scheduled", "code": {"text": "Frukost"}, "goal": [{"reference": "#g"}]}},
            {"detail": {"status": "scheduled", "code": {"text": "Ikkje gjer"}, "doNotPerform": True}},
            {"reference": {"reference": "Task/k1"}},
        ],
    )
    _, found, measure = read(resource, RULES)
    assert (found.kind, found.id) == ("goal", "CarePlan/c1#g")
    assert (measure.id, measure.fields["goals"]) == ("CarePlan/c1/activity/0", ["CarePlan/c1#g"])


@pytest.mark.parametrize("resource", [plan(), goal(), task(), team(), consent(), a_flag("w")])
def test_what_was_entered_in_error_is_deleted(resource) -> None:
    name = "lifecycleStatus" if resource["resourceType"] == "Goal" else "status"
    found = read({**resource, name: "entered-in-error"}, RULES)
    assert found
    assert all(one.deleted for one in found)


@pytest.mark.parametrize("kind", TYPES)
def test_a_deleted_resource_is_a_tombstone_or_asks_a_person(kind) -> None:
    if kind in GONE:
        (found,) = gone(kind, "x")
        assert (found.kind, found.id, found.deleted) == (GONE[kind], f"{kind}/x", True)
    else:
        with pytest.raises(Fault):
            gone(kind, "x")


@pytest.mark.parametrize(
    ("resource", "code", "path"),
    [
        (plan(status="ongoing"), "fhir.code", "$.status"),
        (plan(status=None), "fhir.missing", "$.status"),
        (plan(subject=None), "fhir.missing", "$.subject"),
        (plan(subject={"reference": "Group/1"}), "fhir.reference", "$.subject"),
        (team(subject={"reference": "Practitioner/1"}), "fhir.reference", "$.subject"),
        (goal(lifecycleStatus=7), "fhir.shape", "$.lifecycleStatus"),
        (goal(target=[{"dueDate": "2026-02-30"}]), "fhir.date", "$.target[0].dueDate"),
        (goal(target=[{"dueDate": "2026-02-03T10:00"}]), "fhir.date", "$.target[0].dueDate"),
        (patient(birthDate="14.03.2014"), "fhir.date", "$.birthDate"),
        (patient(name="Ada"), "fhir.shape", "$.name"),
        (patient(name=[{"given": "Ada"}]), "fhir.shape", "$.name[0].given"),
        (patient(id=None), "fhir.missing", "$.id"),
        (patient(id="x" * 65), "fhir.shape", "$.id"),
        (patient(modifierExtension=[{"url": "urn:x"}]), "fhir.modifier", "$.modifierExtension"),
        (patient(implicitRules="urn:x"), "fhir.modifier", "$.implicitRules"),
        (plan(activity=[{"detail": {"status": "scheduled"}, "modifierExtension": [{"url": "urn:x"}]}]),
         "fhir.modifier", "$.activity[0].modifierExtension"),
        ({"resourceType": "FooType", "id": "1"}, "fhir.type", "$.resourceType"),
        ({"id": "1"}, "fhir.type", "$.resourceType"),
        ({"resource": 7}, "fhir.type", "$.resourceType"),
        ([], "fhir.shape", "$"),
        (None, "fhir.shape", "$"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_a_fault_with_its_path(resource, code, path) -> None:
    assert fault(resource) == (code, path)


def test_an_absolute_reference_to_the_server_itself_is_its_own() -> None:
    absolute = {"reference": "https://journal.example/fhir/Patient/p1/_history/3"}
    assert only(goal(subject=absolute)).case == "Patient/p1"
    elsewhere = {"reference": "https://other.example/fhir/Patient/p1"}
    assert only(goal(subject=elsewhere)).case == "https://other.example/fhir/Patient/p1"


def test_persons_who_come_along_belong_to_the_case() -> None:
    child, case = read({"resource": plan(), "included": [patient(), nurse(), {"resourceType": "Patient"}]}, RULES)
    assert (child.kind, child.id, child.case) == ("person", "Patient/p1", "Patient/p1")
    assert (case.kind, case.id) == ("case", "Patient/p1")


def test_version_and_time_are_the_servers_own() -> None:
    found = only(goal(meta={"versionId": "3", "lastUpdated": "2026-01-02T03:04:05.678+01:00"}))
    assert (found.version, found.valid_from) == ("3", "2026-01-02T03:04:05.678+01:00")
