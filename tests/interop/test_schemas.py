"""Our schemas and their examples, by Ajv."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = {path.name: json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "schemas").glob("*.schema.json"))}
EXAMPLES = {
    name: json.loads((ROOT / "schemas" / "examples" / name.replace(".schema", "")).read_text("utf-8"))
    for name in SCHEMAS
    if (ROOT / "schemas" / "examples" / name.replace(".schema", "")).is_file()
}

pytestmark = pytest.mark.interop


def judged(run_node, tries):
    return json.loads(run_node("schemas.cjs", json.dumps({"schemas": SCHEMAS, "tries": tries})))


def test_every_example_fits_its_schema(run_node):
    assert len(EXAMPLES) == len(SCHEMAS)
    told = judged(run_node, list(EXAMPLES.items()))
    assert [name for name, fits in zip(EXAMPLES, told, strict=True) if not fits] == []


def test_an_example_that_is_spoilt_does_not_fit(run_node):
    spoilt = [(name, {**example, "kanari": 1}) for name, example in EXAMPLES.items()]
    told = judged(run_node, spoilt)
    assert [name for (name, _), fits in zip(spoilt, told, strict=True) if fits] == []
