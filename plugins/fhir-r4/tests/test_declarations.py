"""What a family said, and what a flag warns of, is told as narrowly as it stands in the record and never loosens."""

import pytest
from fhir_bench import ACT, RULES, a_flag, actor, consent, fault, only, ours
from gateway_fhir_r4.read import read


def test_a_consent_is_told_as_narrowly_as_it_was_given() -> None:
    told = consent({"provision": [{"type": "deny", "actor": [actor("PRCP", "health")]}]})
    found = only(told)
    assert found.fields == {
        "decision": "given",
        "by": "RelatedPerson/m1",
        "purpose": "bti",
        "given": "2026-01-11T09:00:00+01:00",
        "valid_from": "2026-01-11",
        "valid_to": "2026-12-31",
        "services": ["school"],
        "from_services": ["school_health"],
        "excluded": [{"service": "school_health"}],
    }


@pytest.mark.parametrize(
    ("resource", "code", "path"),
    [
        (consent(performer=[]), "fhir.missing", "$.performer"),
        (consent(performer=[{"reference": "A/1"}, {"reference": "A/2"}]), "fhir.narrowing", "$.performer"),
        (consent({"purpose": []}), "fhir.missing", "$.provision.purpose"),
        (consent({"purpose": [{"system": ACT, "code": "ETREAT"}]}), "fhir.code", "$.provision.purpose[0]"),
        (consent({"actor": []}), "fhir.missing", "$.provision.actor"),
        (consent({"actor": [actor("PRCP", "other")]}), "fhir.code", "$.provision.actor[0].reference"),
        (consent({"actor": [actor("XXX", "school")]}), "fhir.code", "$.provision.actor[0].role"),
        (consent({"data": [{"meaning": "instance"}]}), "fhir.narrowing", "$.provision.data"),
        (consent({"class": [{"code": "Task"}]}), "fhir.narrowing", "$.provision.class"),
        (consent({"dataPeriod": {"start": "2026-01-01"}}), "fhir.narrowing", "$.provision.dataPeriod"),
        (consent({"action": [{"coding": [{"system": "urn:x", "code": "use"}]}]}), "fhir.narrowing",
         "$.provision.action"),
        (consent({"period": {"start": "2026"}}), "fhir.narrowing", "$.provision.period.start"),
        (consent({"provision": [{"type": "permit", "actor": [actor("PRCP", "health")]}]}), "fhir.narrowing",
         "$.provision.provision[0].type"),
        (consent({"provision": [{"type": "deny"}]}), "fhir.narrowing", "$.provision.provision[0].actor"),
        (consent({"provision": [{"type": "deny", "period": {"start": "2026-01-01"}}]}), "fhir.narrowing",
         "$.provision.provision[0].period"),
        (consent({"type": None}), "fhir.missing", "$.provision.type"),
        (consent({"type": "maybe"}), "fhir.code", "$.provision.type"),
        (consent(status="perhaps"), "fhir.code", "$.status"),
    ],
)  # fmt: skip
def test_a_consent_that_would_be_taken_too_widely_is_refused(resource, code, path) -> None:
    assert fault(resource) == (code, path)


@pytest.mark.parametrize(
    ("resource", "decision"),
    [
        (consent({"type": "deny"}), "refused"),
        (consent(status="rejected"), "refused"),
        (consent({"type": None}, policyRule={"coding": [
            {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTOUT"}]}), "refused"),
        (consent(), "given"),
    ],
)  # fmt: skip
def test_a_refusal_is_heard_however_it_is_written(resource, decision) -> None:
    assert only(resource).fields["decision"] == decision


def test_a_consent_that_stopped_is_withdrawn_and_never_still_in_force() -> None:
    ended = only(consent(status="inactive", meta={"lastUpdated": "2026-02-01T10:00:00Z"}))
    assert ended.fields["withdrawn"] == "2026-02-01T10:00:00Z"
    assert only(consent(status="inactive", dateTime="2026-01-01")).fields["withdrawn"] < "2026"
    assert read(consent(status="draft"), RULES) == []


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("other", "active", None),
        ("interp", "active", ("person", {"needs_interpreter": True})),
        ("interp", "inactive", ("person", {"needs_interpreter": False})),
        ("p7", "active", ("person", {"protection": "confidential"})),
        ("p7", "inactive", None),
        ("w", "active", ("concern", {"status": "raised", "raised_on": "2026-01-17", "summary": "Søv lite"})),
        ("w", "inactive", ("concern", {"status": "settled", "raised_on": "2026-01-17", "summary": "Søv lite"})),
    ],
)
def test_a_flag_means_what_the_settings_say_and_never_loosens(code, status, expected) -> None:
    found = [(one.kind, one.fields) for one in read(a_flag(code, status), RULES)]
    assert found == ([] if expected is None else [expected])


def test_a_flag_cannot_be_set_to_mean_no_protection() -> None:
    assert fault(a_flag("p7"), ours(flags={"urn:local|p7": "protection:none"}))[0] == "fhir.setting"
