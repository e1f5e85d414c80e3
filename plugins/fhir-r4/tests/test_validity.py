"""What is written for children made up by chance is R4 and no-basis, by the judgement of others and our own slices."""

import json
import os
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from children import children, written

from conftest import DATA
from gateway.sdk.identity import kind_of

SHARE, CAMPAIGN = 12, int(os.environ.get("BTI_JUDGED_CHILDREN", "1000"))
Resource = dict[str, Any]
SLICES = {"urn:oid:2.16.578.1.12.4.1.4.1": "fnr", "urn:oid:2.16.578.1.12.4.1.4.2": "dnr"}
"""The slices FNR and DNR of no-basis: which numbers stand under which system. No validator tried checks them."""


def by_slices(resource: Resource) -> bool:
    told = [one for one in resource.get("identifier", []) if one.get("system") in SLICES]
    each = all(
        isinstance(one.get("value"), str) and kind_of(one["value"]).name == SLICES[one["system"]] for one in told
    )
    return each and len({one["system"] for one in told}) == len(told)


@cache
def _definitions() -> dict[str, Any]:
    file = DATA / "fhir-r4" / "fhir.schema.json"
    if not file.exists():
        pytest.skip("the R4 JSON Schema lies in ../shared/data, which this machine lacks")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["definitions"]
    return found


@cache
def _schema(kind: str) -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    return jsonschema.Draft6Validator({"$ref": f"#/definitions/{kind}", "definitions": _definitions()})


def by_schema(resource: Resource) -> bool:
    return bool(_schema(resource["resourceType"]).is_valid(resource))


def by_fhirkit(resource: Resource) -> bool:
    fhirkit = pytest.importorskip("fhirkit", reason="fhirkit-rs is not installed")
    return not fhirkit.validate(json.dumps(resource))


JUDGES: dict[str, Callable[[Resource], bool]] = {
    "HL7's JSON Schema": by_schema,
    "fhirkit-rs": by_fhirkit,
    "our own check of the slices": by_slices,
}


def resources(count: int) -> Iterator[Resource]:
    for unit in children(count):
        yield from written(unit)[1].values()


@pytest.mark.parametrize("judge", JUDGES)
def test_what_is_written_for_some_children_is_valid(judge: str) -> None:
    assert [one["resourceType"] for one in resources(SHARE) if not JUDGES[judge](one)] == []


@pytest.mark.campaign
@pytest.mark.parametrize("judge", JUDGES)
def test_what_is_written_for_a_thousand_children_is_valid(judge: str) -> None:
    wrong, count = [], 0
    for one in resources(CAMPAIGN):
        wrong += [] if JUDGES[judge](one) else [one["resourceType"]]
        count += 1
    print(f"{judge}: {CAMPAIGN} children, {count} resources, {len(wrong)} errors")  # noqa: T201 - what is asked for
    assert wrong == []


PATIENT = {"resourceType": "Patient", "identifier": [
    {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "06821099739"}]}  # fmt: skip


@pytest.mark.parametrize(
    ("judge", "spoilt"),
    [
        ("HL7's JSON Schema", {"birthDate": "1985-13-01"}),
        ("HL7's JSON Schema", {"kanari": "x"}),
        ("HL7's JSON Schema", {"name": {"family": "x"}}),
        ("fhirkit-rs", {"birthDate": "i fjor"}),
        ("fhirkit-rs", {"kanari": "x"}),
        ("fhirkit-rs", {"name": {"family": "x"}}),
        ("our own check of the slices", {"identifier": [{**PATIENT["identifier"][0], "value": "06821099738"}]}),
        ("our own check of the slices", {"identifier": [{"system": "urn:oid:2.16.578.1.12.4.1.4.1"}]}),
        ("our own check of the slices", {"identifier": PATIENT["identifier"] * 2}),
    ],
)  # fmt: skip
def test_a_judge_finds_a_planted_fault(judge: str, spoilt: Resource) -> None:
    assert JUDGES[judge](PATIENT)
    assert not JUDGES[judge]({**PATIENT, **spoilt})
