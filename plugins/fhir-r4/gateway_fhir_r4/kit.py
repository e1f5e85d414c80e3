"""A bench for the certification kit: the stand-in server as a health record, acted in as its users would.

The resources are ours, after the official examples, which the plugin's tests read one by one.
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from gateway.sdk.testing import Sample, Thing, Watch, watched_context
from gateway_fhir_r4.adapter import FhirR4
from gateway_fhir_r4.compose import PLACES
from gateway_fhir_r4.parts import PART
from gateway_fhir_r4.rules import COORDINATOR
from gateway_fhir_r4.seeds import FNR
from gateway_fhir_r4.standin import StandIn

_CHILD, _MOTHER = "14831463008", "02898440780"
_ROLE = "http://hl7.no/fhir/CodeSystem/no-basis-family-relation"
_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_PART = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
_OPTIONS: Mapping[str, Any] = {
    "writes": sorted(PLACES),
    "whole": False,
    "services": {"Organization/skole": "school", "Organization/helse": "school_health"},
    "purposes": {f"{_REASON}|COC": "bti"},
    "flags": {"urn:kit|uro": "concern"},
    "plan_categories": ["urn:kit|ip"],
    "count": 5,
}
_PATIENT = {"reference": "Patient/barn"}
_AROUND: Sequence[Mapping[str, Any]] = (
    {"resourceType": "Organization", "id": "helse", "name": "Helsestasjonen"},
    {"resourceType": "Organization", "id": "skole", "name": "Skolen"},
    {"resourceType": "Practitioner", "id": "nina", "name": [{"family": "Berg", "given": ["Nina"]}]},
    {
        "resourceType": "Patient",
        "id": "barn",
        "identifier": [{"system": FNR, "value": _CHILD}],
        "name": [{"family": "Lund", "given": ["Ada"]}],
    },
)
"""What the samples refer to."""
_COORDINATES = {"coding": [dict(zip(("system", "code"), COORDINATOR.split("|"), strict=True))]}


def _person(kind: str, number: str, given: str, **more: Any) -> dict[str, Any]:
    identifier = [{"system": FNR, "value": number}]
    return {
        "resourceType": kind, "identifier": identifier, "name": [{"family": "Lund", "given": [given]}], **more
    }  # fmt: skip


def _member(resource: str, name: str, **more: Any) -> dict[str, Any]:
    return {"member": {"reference": resource, "display": name}, **more}


def _sample(
    kind: str, body: Mapping[str, Any], fields: Mapping[str, Any], patch: Mapping[str, Any], **patched: Any
) -> Sample:
    return Sample(kind=kind, body=body, fields=fields, patch=patch, patched=patched, recorded=False)


_MOTHER_OF = {"coding": [{"system": _ROLE, "code": "mor"}]}
_TEAM = {"resourceType": "CareTeam", "status": "active", "subject": _PATIENT}
SAMPLES = (
    _sample(
        "person",
        # Without a number, since those with the same number are one.
        {"resourceType": "Patient", "name": [{"family": "Lund", "given": ["Ada"]}], "birthDate": "2014-03-14"},
        {"given_name": "Ada", "family_name": "Lund", "birth_date": "2014-03-14",
         "role": "subject"},
        {"birthDate": "2014-03-15"},
        birth_date="2014-03-15",
    ),
    _sample(
        "relation",
        _person("RelatedPerson", _MOTHER, "Marit", patient=_PATIENT, relationship=[_MOTHER_OF]),
        {"person": "RelatedPerson/relation-1", "child": "Patient/barn", "relation": "mother",
         "responsibility": "unknown", "source": "health_record"},
        {"period": {"end": "2026-03-01"}},
        until="2026-03-01",
    ),
    _sample(
        "enrolment",
        {"resourceType": "PractitionerRole", "practitioner": {"reference": "Practitioner/nina"},
         "organization": {"reference": "Organization/helse"}, "period": {"start": "2024-01-01"}},
        {"person": "Practitioner/nina", "unit": "Organization/helse", "role": "staff", "since": "2024-01-01"},
        {"period": {"start": "2024-02-01"}},
        since="2024-02-01",
    ),
    _sample(
        "unit",
        {"resourceType": "Organization", "name": "Lillevik skole"},
        {"name": "Lillevik skole"},
        {"name": "Lillevik skule"},
        name="Lillevik skule",
    ),
    _sample(
        "case",
        {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": _PATIENT,
         "period": {"start": "2026-01-10"}},
        {"subject": "Patient/barn", "status": "active", "opened_on": "2026-01-10"},
        {"status": "on-hold"},
        status="suspended",
    ),
    _sample(
        "plan",
        {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": _PATIENT,
         "category": [{"coding": [{"system": "urn:kit", "code": "ip"}]}], "period": {"start": "2026-02-01"}},
        {"status": "active", "opened_on": "2026-02-01"},
        {"status": "completed"},
        status="closed",
    ),
    _sample(
        "goal",
        {"resourceType": "Goal", "lifecycleStatus": "active", "subject": _PATIENT,
         "description": {"text": "Sover om natten"}},
        {"title": "Sover om natten", "status": "active"},
        {"lifecycleStatus": "cancelled"},
        status="dropped",
    ),
    _sample(
        "measure",
        {"resourceType": "Task", "status": "accepted", "intent": "plan", "for": _PATIENT,
         "code": {"text": "Samtale hver uke"}, "description": "Etter skoletid, på helsestasjonen."},
        {"title": "Samtale hver uke", "description": "Etter skoletid, på helsestasjonen.", "status": "decided"},
        {"status": "in-progress"},
        status="started",
    ),
    _sample(
        "assignment",
        {**_TEAM, "participant": [_member("Practitioner/nina", "Nina Berg", role=[_COORDINATES])]},
        {"role": "plan_coordinator", "state": "accepted", "holder": "Practitioner/nina", "holder_name": "Nina Berg"},
        {"status": "inactive"},
        state="ended",
    ),
    _sample(
        "participant",
        {**_TEAM, "participant": [_member("Practitioner/nina", "Nina Berg")]},
        {"role": "helper", "person": "Practitioner/nina", "name": "Nina Berg"},
        {"participant": [_member("Practitioner/nina", "Nina Vik")]},
        name="Nina Vik",
    ),
    _sample(
        "consent",
        {
            "resourceType": "Consent",
            "status": "active",
            "scope": {"text": "privacy"},
            "category": [{"text": "BTI"}],
            "patient": _PATIENT,
            "dateTime": "2026-01-11T09:00:00+01:00",
            "performer": [_PATIENT],
            "provision": {
                "type": "permit",
                "period": {"end": "2026-12-31"},
                "actor": [
                    {"role": {"coding": [{"system": _PART, "code": "PRCP"}]},
                     "reference": {"reference": "Organization/skole"}},
                ],
                "purpose": [{"system": _REASON, "code": "COC"}],
            },
        },
        {"decision": "given", "by": "Patient/barn", "purpose": "bti", "given": "2026-01-11T09:00:00+01:00",
         "valid_to": "2026-12-31", "services": ["school"]},
        {"dateTime": "2026-01-12T09:00:00+01:00"},
        given="2026-01-12T09:00:00+01:00",
    ),
    _sample(
        "concern",
        {"resourceType": "Flag", "status": "active", "subject": _PATIENT, "period": {"start": "2026-03-02"},
         "code": {"coding": [{"system": "urn:kit", "code": "uro"}], "text": "Sover lite"}},
        {"status": "raised", "raised_on": "2026-03-02", "summary": "Sover lite"},
        {"status": "inactive"},
        status="settled",
    ),
)  # fmt: skip
_KINDS = {"Patient": "person", "RelatedPerson": "person", "Practitioner": "person", "CarePlan": "plan", "Goal": "goal",
          "Task": "measure", "Flag": "concern", "Consent": "consent"}  # fmt: skip
_INSIDE = {"assignment": "/Practitioner/nina", "participant": "/Practitioner/nina"}


class RecordWorld:
    """The stand-in; ids of its resources are ``Type/id``, those of members of a team have the member after that."""

    can: Collection[Any] = frozenset(
        {"make", "edit", "delete", "late", "down", "rejected", "lost", "requests", "age"}
    )  # fmt: skip

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        self.url = standin.url
        self.count: Mapping[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))
        self.kinds: dict[str, str] = {}

    def state(self) -> Mapping[str, Thing]:
        """All living resources by what they are to the gateway, without what the server adds."""
        found = {}
        for place, resource in self.standin.records.state()["resources"].items():
            body = {name: value for name, value in resource.items() if name not in {"id", "meta"}}
            for kind, ident in self._names(place, resource):
                found[f"{kind}:{ident}"] = Thing(kind=kind, id=ident, body=body, version=resource["meta"]["versionId"])
        return found

    def _names(self, place: str, resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What a resource is to the gateway; one that a user made here is what it was made as."""
        told = [(kind, ident) for ident, kind in self.kinds.items() if "/".join(self._place(kind, ident)) == place]
        if told or resource in self._around():
            yield from told
        elif resource["resourceType"] == "CareTeam":
            for member in resource.get("participant", []):
                codes = [each.get("system") for role in member.get("role", []) for each in role.get("coding", [])]
                yield "participant" if PART in codes else "assignment", f"{place}/{member.get('id')}"
        elif resource["resourceType"] == "CarePlan" and "category" not in resource:
            yield "case", str(resource["subject"]["reference"])
        elif resource["resourceType"] in _KINDS:
            yield _KINDS[resource["resourceType"]], place

    def _around(self) -> list[Any]:
        living = self.standin.records.state()["resources"]
        return [living.get(f"{one['resourceType']}/{one['id']}") for one in _AROUND]

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        """A user makes a resource; ``late`` dates it a minute before the newest."""
        name = f"{kind}-{next(self.count[kind])}"
        ident = f"{body['resourceType']}/{name}{_INSIDE.get(kind, '')}"
        if kind == "case":
            # A patient has one case, which goes by the patient's id.
            ident = str(body["subject"]["reference"])
        self.kinds[ident] = kind
        ago = timedelta(minutes=2) if late else timedelta()
        self.standin.records.put([{**body, "id": "sak" if kind == "case" else name}], ago=ago)
        return ident

    def edit(self, kind: str, ident: str, patch: Mapping[str, Any]) -> None:
        """A user changes a resource."""
        place = "/".join(self._place(kind, ident))
        self.standin.put({**self.standin.records.state()["resources"][place], **patch})

    def delete(self, kind: str, ident: str) -> None:
        """A user deletes a resource."""
        resource, name = self._place(kind, ident)
        self.standin.put({"resourceType": resource, "id": name, "_deleted": True})

    def fault(self, name: str, times: int = 1) -> None:
        """The server does not answer; what it says no to, and what its answer is lost of, is a write."""
        on = "any" if name == "down" else "write"
        self.standin.troubles.order({"faults": [{"what": name, "times": times, "on": on}]})

    def heal(self) -> None:
        """It answers again."""
        self.standin.troubles.clear()

    def ready(self, sample: Sample) -> str | None:
        """The child and those around it; a child's case goes by the child's id."""
        if not self._needs(sample):
            return None
        if "Patient/barn" not in self.standin.records.state()["resources"]:
            self.standin.put(*_AROUND)
        return None if sample.kind == "case" else "Patient/barn"

    def acknowledged(self) -> Collection[str]:
        """Nobody tells the server what was kept."""
        return ()

    def requests(self) -> Sequence[str]:
        """Every address that was asked for."""
        return [f"{asked.method} {asked.path}?{asked.query}" for asked in self.standin.asked]

    def age(self) -> None:
        """An hour passes."""
        self.standin.records.pass_time(timedelta(hours=1))

    def webhook(self) -> Any:
        """The server calls nobody."""
        raise NotImplementedError

    @staticmethod
    def _needs(sample: Sample) -> bool:
        return sample.kind not in {"person", "unit"}

    @staticmethod
    def _place(kind: str, ident: str) -> tuple[str, str]:
        if kind == "case":
            return "CarePlan", "sak"
        resource, name, *_ = ident.split("/")
        return resource, name


class FhirBench:
    """The adapter at the stand-in."""

    adapter = FhirR4
    samples = SAMPLES
    source = "stand-in"
    page = 5

    @contextmanager
    def world(self) -> Iterator[RecordWorld]:
        """A new server with nothing in it."""
        with StandIn() as standin:
            yield RecordWorld(standin)

    def connect(self, world: RecordWorld, watch: Watch) -> FhirR4:
        """A new adapter at that server."""
        return FhirR4(watched_context(world.url, watch, options=_OPTIONS))


def bench() -> FhirBench:
    """What ``bti adapter certify fhir-r4`` tries the adapter on."""
    return FhirBench()
