"""Synthetic records for the stand-in: a child, a nurse, a plan, a goal and a measure each. Nobody in them exists."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from gateway.sdk.identity import synthetic_number

FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
"""The system of fødselsnummer in the no-basis profiles."""
_GIVEN = ("Nora", "Emil", "Amina", "Jakub", "Sunniva", "Áilu", "Ingrid", "Omar")
_GOALS = ("Sover om natten", "Kommer til skolen hver dag", "Har noen å være sammen med", "Vågar å seie frå")
_MEASURES = ("Samtale hver uke", "Time med fysioterapeut", "Heimebesøk", "Samtale med foreldrene")
_NURSE = {"resourceType": "Practitioner", "id": "helsesykepleier", "name": [{"family": "Eksempel", "given": ["Nina"]}]}


def simulated(seed: int, *, count: int = 10) -> Iterator[Mapping[str, Any]]:
    """Resources of so many children, those first that others refer to; equal for equal seeds."""
    chance = Random(seed)  # noqa: S311 - made-up children, not secrets
    yield _NURSE
    for number in range(count):
        child, born = f"b{seed}-{number}", date(2010, 1, 1) + timedelta(days=chance.randrange(4_000))
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(300))
        subject = {"reference": f"Patient/{child}"}
        yield {
            "resourceType": "Patient",
            "id": child,
            "identifier": [{"system": FNR, "value": synthetic_number(born, number)}],
            "name": [{"use": "official", "family": "Eksempel", "given": [chance.choice(_GIVEN)]}],
            "birthDate": born.isoformat(),
        }
        yield {
            "resourceType": "CarePlan",
            "id": f"plan-{child}",
            "status": "active",
            "intent": "plan",
            "subject": subject,
            "period": {"start": day.isoformat()},
        }
        yield {
            "resourceType": "Goal",
            "id": f"mal-{child}",
            "lifecycleStatus": "active",
            "description": {"text": chance.choice(_GOALS)},
            "subject": subject,
        }
        yield {
            "resourceType": "Task",
            "id": f"tiltak-{child}",
            "status": "accepted",
            "intent": "plan",
            "for": subject,
            "owner": {"reference": "Practitioner/helsesykepleier"},
            "code": {"text": chance.choice(_MEASURES)},
        }
