"""Resources of our own, rules to read them by, and an adapter that reads the stand-in."""

from typing import Any

import pytest
from gateway_fhir_r4.adapter import FhirR4
from gateway_fhir_r4.read import read
from gateway_fhir_r4.rules import COORDINATOR, Rules
from msgspec import convert

from gateway.core.model import check
from gateway.sdk import Context, Fault, Reading
from gateway.sdk.http import HttpClient

FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
HPR = "urn:oid:2.16.578.1.12.4.1.4.4"
ENH = "urn:oid:2.16.578.1.12.4.1.4.101"
CHILD, MOTHER = "14831463008", "02898440780"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
SERVICES = {"Organization/school": "school", "Organization/health": "school_health"}
OPENED: list[HttpClient] = []


def patient(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"system": FNR, "value": CHILD}],
        "name": [{"use": "official", "family": "Lund", "given": ["Ada"]}],
        "birthDate": "2014-03-14",
        **more,
    }


def plan(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "CarePlan",
        "id": "c1",
        "status": "active",
        "intent": "plan",
        "subject": {"reference": "Patient/p1"},
        "period": {"start": "2026-01-10"},
        **more,
    }


def team(**more: Any) -> dict[str, Any]:
    system, _, code = COORDINATOR.rpartition("|")
    return {
        "resourceType": "CareTeam",
        "id": "t1",
        "status": "active",
        "subject": {"reference": "Patient/p1"},
        "participant": [
            {
                "role": [{"coding": [{"system": system, "code": code}]}],
                "member": {"reference": "Practitioner/n1", "display": "Nina Berg"},
                "onBehalfOf": {"reference": "Organization/health"},
                "period": {"start": "2026-01-12"},
            },
            {"member": {"reference": "RelatedPerson/m1", "display": "Marit Lund"}},
        ],
        **more,
    }


def nurse(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Practitioner",
        "id": "n1",
        "identifier": [{"system": HPR, "value": "9144889"}],
        "name": [{"family": "Berg", "given": ["Nina"]}],
        **more,
    }


def goal(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Goal",
        "id": "g1",
        "lifecycleStatus": "active",
        "description": {"text": "Sover om natten"},
        "subject": {"reference": "Patient/p1"},
        **more,
    }


def task(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Task",
        "id": "k1",
        "status": "accepted",
        "intent": "plan",
        "for": {"reference": "Patient/p1"},
        "code": {"text": "Samtale hver uke"},
        **more,
    }


def actor(role: str, name: str) -> dict[str, Any]:
    return {
        "role": {"coding": [{"system": PARTICIPATION, "code": role}]},
        "reference": {"reference": f"Organization/{name}"},
    }


def consent(provision: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Consent",
        "id": "s1",
        "status": "active",
        "scope": {"text": "privacy"},
        "category": [{"text": "BTI"}],
        "patient": {"reference": "Patient/p1"},
        "dateTime": "2026-01-11T09:00:00+01:00",
        "performer": [{"reference": "RelatedPerson/m1"}],
        "provision": {
            "type": "permit",
            "period": {"start": "2026-01-11", "end": "2026-12-31"},
            "actor": [actor("PRCP", "school"), actor("CST", "health")],
            "purpose": [{"system": ACT, "code": "COC"}],
            **(provision or {}),
        },
        **more,
    }


OPTIONS: dict[str, Any] = {
    "services": SERVICES,
    "purposes": {f"{ACT}|COC": "bti"},
    "flags": {"urn:local|interp": "interpreter", "urn:local|p7": "protection:confidential", "urn:local|w": "concern"},
}


class Quiet:
    def info(self, event: str, **facts: object) -> None: ...

    def warning(self, event: str, **facts: object) -> None: ...


def adapter(url: str, token: str = "", **options: Any) -> FhirR4:
    client = HttpClient(url=url, attempts=1)
    OPENED.append(client)
    return FhirR4(
        Context(
            system="journal",
            url=url,
            http=client,
            secret=lambda: token,
            maps=None,
            log=Quiet(),
            options=options,
        )
    )


RULES: Rules = convert({**OPTIONS, "base": "https://journal.example/fhir"}, Rules)


def ours(**more: Any) -> Rules:
    return convert({**OPTIONS, **more}, Rules)


def only(resource: dict[str, Any], rules: Rules = RULES) -> Reading:
    (reading,) = read(resource, rules)
    check(reading.kind, reading.fields, whole=not reading.deleted and reading.kind != "person")
    return reading


def fault(resource: Any, rules: Rules = RULES) -> tuple[str, str]:
    with pytest.raises(Fault) as caught:
        read(resource, rules)
    return caught.value.code, caught.value.path


def a_flag(code: str, status: str = "active") -> dict[str, Any]:
    return {
        "resourceType": "Flag",
        "id": "f1",
        "status": status,
        "code": {"coding": [{"system": "urn:local", "code": code}], "text": "Søv lite"},
        "subject": {"reference": "Patient/p1"},
        "period": {"start": "2026-01-17"},
    }
