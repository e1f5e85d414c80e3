"""The stand-in, and the official examples where they are there."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gateway_fhir_r4.standin import StandIn

sys.path.insert(0, str(Path(__file__).parent))
from fhir_bench import OPENED

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as opened:
        yield opened


@pytest.fixture(scope="session")
def official() -> dict[str, dict[str, Any]]:
    """Every official example by file name: those of R4 4.0.1 and those of the no-basis profiles."""
    if not (DATA / "fhir-r4").exists():
        pytest.skip("the official examples lie in ../shared/data, which this machine lacks")
    files = [*(DATA / "fhir-r4" / "examples").glob("*.json"), *(DATA / "fhir-r4" / "no-basis").glob("*-*.json")]
    found = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(files)}
    return {name: one for name, one in found.items() if not name.startswith(("StructureDefinition", "NamingSystem"))}


@pytest.fixture(scope="session")
def r4_schema() -> dict[str, Any]:
    """The definitions of R4 as a JSON Schema."""
    file = DATA / "fhir-r4" / "fhir.schema.json"
    if not file.exists():
        pytest.skip("the R4 JSON Schema lies in ../shared/data, which this machine lacks")
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


@pytest.fixture(scope="session")
def hostile() -> dict[str, bytes]:
    folder = DATA / "hostile" / "fhir-validator"
    if not folder.exists():
        pytest.skip("the hostile resources lie in ../shared/data, which this machine lacks")
    return {file.stem: file.read_bytes() for file in sorted(folder.glob("*.json"))}
