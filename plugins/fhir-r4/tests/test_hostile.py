"""Whatever comes, reading gives readings or a fault, and a fault never holds what came."""

import copy
import json
from typing import Any

import pytest
from fhir_bench import OPTIONS, adapter, consent, goal, nurse, patient, plan, task, team
from gateway_fhir_r4.account import account
from gateway_fhir_r4.adapter import FhirR4
from gateway_fhir_r4.read import read
from gateway_fhir_r4.rules import Rules
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

from gateway.core.model import check
from gateway.sdk import Fault, Raw, Reading

RULES: Rules = convert(OPTIONS, Rules)
CANARY = "Blåveis på Røyrvik 5417"


def outcome(body: Any) -> list[Reading] | Fault:
    try:
        return read(body, RULES)
    except Fault as fault:
        return fault


def read_raw(reader: FhirR4, body: bytes) -> list[Reading] | Fault:
    try:
        return reader.read(Raw(kind="Patient", id="x", body=body))
    except Fault as fault:
        return fault


def parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def texts(value: Any) -> set[str]:
    """Every string of some length that stands as a value in a document."""
    if isinstance(value, dict):
        return {found for one in value.values() for found in texts(one)}
    if isinstance(value, list):
        return {found for one in value for found in texts(one)}
    return {value} if isinstance(value, str) and len(value) > 12 else set()


def test_hostile_resources_are_readings_or_faults_without_a_value(hostile) -> None:
    assert len(hostile) == 144
    reader = adapter("http://127.0.0.1:9", **OPTIONS)
    read_well = 0
    for name, body in hostile.items():
        found = read_raw(reader, body)
        if isinstance(found, Fault):
            assert not [text for text in texts(parsed(body)) if text in str(found)], name
            continue
        read_well += 1
        for reading in found:
            check(reading.kind, reading.fields, whole=False)
    assert read_well > 10


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.just(CANARY),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.just(CANARY), inner, max_size=3)
    ),
    max_leaves=6,
)
RESOURCES = [patient(), nurse(), plan(), team(), goal(), task(), consent()]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, ...]] = []
    if isinstance(value, dict):
        inner = [place for name, one in value.items() for place in places(one, (*path, name))]
    if isinstance(value, list):
        inner = [place for at, one in enumerate(value) for place in places(one, (*path, at))]
    return [path, *inner] if path else inner


@given(st.sampled_from(RESOURCES), st.data(), JUNK)
def test_a_resource_with_any_part_replaced_is_readings_or_a_fault(resource, data, junk) -> None:
    changed = copy.deepcopy(resource)
    *way, last = data.draw(st.sampled_from(places(resource)))
    holder = changed
    for step in way:
        holder = holder[step]
    holder[last] = junk
    found = outcome(changed)
    if isinstance(found, Fault):
        assert CANARY not in str(found)
        assert found.path.startswith("$")
    account(changed, RULES)


@given(JUNK)
def test_anything_at_all_is_readings_or_a_fault(junk) -> None:
    assert isinstance(outcome(junk), list | Fault)


@pytest.mark.parametrize("levels", [70, 5000])
def test_a_deep_resource_is_a_fault(levels) -> None:
    deep: Any = {"url": "x"}
    for _ in range(levels):
        deep = {"extension": [deep]}
    with pytest.raises(Fault) as caught:
        read(patient(extension=[deep]), RULES)
    assert caught.value.code == "fhir.depth"


def test_a_planted_echo_is_found() -> None:
    """The search for values in faults finds one that quotes what came."""
    quoting = Fault("fhir.code", f"$.status[{CANARY}]")
    assert [text for text in texts({"status": CANARY}) if text in str(quoting)] == [CANARY]
