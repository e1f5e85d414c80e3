"""What the FHIR stand-in answers, by fhirkit-rs and by HL7's own JSON Schema of R4."""

import json
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from gateway.sdk.http import HttpClient

SCHEMA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "fhir-r4" / "fhir.schema.json"
GOAL = {"resourceType": "Goal", "id": "g1", "subject": {"reference": "Patient/p1"}, "description": {"text": "x"}}

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def answers():
    """Every kind of answer that the stand-in gives, by what was asked."""
    standin = pytest.importorskip("gateway_fhir_r4.standin", reason="the plugin fhir-r4 is not installed")
    kit = pytest.importorskip("gateway_fhir_r4.kit", reason="the plugin fhir-r4 is not installed")
    told = {}
    with standin.StandIn(standin.simulated(2)) as server:
        world = kit.RecordWorld(server)
        for sample in kit.SAMPLES:
            world.ready(sample)
            world.make(sample.kind, sample.body)
        server.put({"resourceType": "Goal", "id": "bort", "_deleted": True})
        client = HttpClient(url=server.url, attempts=1)
        kinds = sorted({key.partition("/")[0] for key in server.records.state()["resources"]})
        asked = [f"{kind}?_count=4" for kind in kinds] + [f"{kind}/_history?_count=4" for kind in kinds]
        asked += [
            "CarePlan?_include=CarePlan:subject",
            "metadata",
            "Goal/nowhere",
            "Goal/bort",
            "Goal?_lastUpdated=lt2026",
        ]
        for target in asked:
            told[target] = client.request("GET", target, accept=(400, 404, 410)).json()
        client.close()
    return told


@cache
def schema():
    if not SCHEMA.is_file():
        pytest.skip("needs the R4 JSON Schema in ../shared/data beside the checkout")
    return json.loads(SCHEMA.read_text("utf-8"))


def by_schema(resource):
    """Whether the schema's definition of the resource's own type takes it; its list of all types tells no errors."""
    whole = schema()
    pointed = {"$ref": f"#/definitions/{resource['resourceType']}", "definitions": whole["definitions"]}
    return jsonschema.Draft6Validator(pointed).is_valid(resource)


def by_fhirkit(resource):
    """Whether the library finds no error."""
    fhirkit = pytest.importorskip("fhirkit", reason="fhirkit-rs is not installed")
    return not fhirkit.validate(json.dumps(resource))


JUDGES = {"HL7's JSON Schema": by_schema, "fhirkit-rs": by_fhirkit}


@pytest.mark.parametrize("judge", JUDGES)
def test_every_answer_is_fhir_by_another_s_judgement(answers, judge):
    assert {one["resourceType"] for one in answers.values()} == {"Bundle", "CapabilityStatement", "OperationOutcome"}
    assert [target for target, one in answers.items() if not JUDGES[judge](one)] == []


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize(
    "spoilt",
    [
        {"lifecycleStatus": "active", "statusDate": "i går"},
        {"lifecycleStatus": 7},
        {"lifecycleStatus": "active", "kanari": "x"},
        {"lifecycleStatus": "active", "note": {"text": "x"}},
    ],
    ids=lambda spoilt: list(spoilt)[-1],
)
def test_a_judge_finds_what_is_not_fhir(judge, spoilt):
    assert JUDGES[judge]({**GOAL, "lifecycleStatus": "active"})
    assert not JUDGES[judge]({**GOAL, **spoilt})
