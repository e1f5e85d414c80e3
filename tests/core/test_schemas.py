"""Schemas say what the model says, and each has an example that both accept."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource

from gateway.core.identity import check_number
from gateway.core.model import KINDS, Fault, check
from gateway.run.schemas import files, main

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "schemas"


def _read(place: str) -> dict:
    return json.loads((FOLDER / place).read_text(encoding="utf-8"))


REGISTRY = Registry().with_resources(
    [(f"{kind}.schema.json", Resource.from_contents(_read(f"{kind}.schema.json"))) for kind in KINDS]
)


def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        _read(f"{name}.schema.json"),
        registry=REGISTRY,
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


@pytest.mark.parametrize("place", files())
def test_a_file_made_from_the_model_is_not_behind_it(place):
    assert (ROOT / place).read_text(encoding="utf-8") == files()[place], "run python -m gateway.run.schemas --write"


def test_a_file_that_is_behind_is_told_and_written_anew(tmp_path, capsys):
    assert main(root=tmp_path, write=False) == 1
    assert main(root=tmp_path, write=True) == 0
    assert main(root=tmp_path, write=False) == 0
    (tmp_path / "schemas" / "case.schema.json").write_text("{}", encoding="utf-8")
    capsys.readouterr()
    assert main(root=tmp_path, write=False) == 1
    assert capsys.readouterr().out == "schemas/case.schema.json is behind the model\n"


@pytest.mark.parametrize("name", [*KINDS, "item"])
def test_a_schema_is_one_and_accepts_its_example(name):
    validator = _validator(name)
    jsonschema.Draft202012Validator.check_schema(validator.schema)
    validator.validate(_read(f"examples/{name}.json"))


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_is_a_record_in_its_canonical_writing(kind):
    told = _read(f"examples/{kind}.json")
    assert told.pop("kind") == kind
    assert check(kind, told) == told


@pytest.mark.parametrize("kind", KINDS)
def test_schema_and_model_refuse_the_same(kind):
    validator, told = _validator(kind), _read(f"examples/{kind}.json")
    for change in ({"nothing": 1}, {name: ["", 5, {}] for name in list(told)[1:2]}, {"kind": "x"}):
        assert not validator.is_valid(told | change)
    for name in KINDS[kind].required:
        without = {key: value for key, value in told.items() if key != name}
        assert not validator.is_valid(without)
        without.pop("kind")
        with pytest.raises(Fault, match=rf"model\.required at \$\.{name}"):
            check(kind, without)


def test_examples_hold_no_number_of_anybody():
    for path in (FOLDER / "examples").glob("*.json"):
        for number in re.findall(r"(?<![0-9])[0-9]{11}(?![0-9])", path.read_text(encoding="utf-8")):
            assert check_number(number, numbers="synthetic") is None, path.name


def test_there_is_an_example_for_each_schema_and_no_other():
    examples = {path.stem for path in (FOLDER / "examples").glob("*.json")}
    assert examples == {*KINDS, "item"}
