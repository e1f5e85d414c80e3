"""Every mapping in the repository compiles for every municipality and keeps the law; its cases hold."""

from pathlib import Path

import pytest

from gateway.core.mapping import CompiledMapping
from gateway.run.mapcases import load_cases, run_cases
from gateway.run.mapfiles import MappingText, compile_text, load_terms
from gateway.sdk.testing.maplaw import MappingLaw

ROOT = Path(__file__).resolve().parents[2]
MODELS = sorted(path.stem for path in (ROOT / "mappings" / "municipalities").glob("*.yaml"))


def _is_mapping(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    return "\nkinds:" in text and "adapter:" in text


FILES = sorted(
    str(path.relative_to(ROOT))
    for folder in ("mappings/adapters", "plugins", "examples")
    for path in (ROOT / folder).rglob("*.yaml")
    if "adapter:" in path.read_text(encoding="utf-8") and _is_mapping(path)
)


def _text(place: str) -> MappingText:
    return MappingText(file=place, text=(ROOT / place).read_text(encoding="utf-8"))


def _compiled(place: str, model: str) -> CompiledMapping:
    return compile_text([_text(place)], vocabulary=load_terms(model).vocabulary())


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("place", FILES)
def test_a_mapping_compiles_for_every_municipality(place, model):
    assert _compiled(place, model).spec.entries


@pytest.mark.parametrize("place", FILES)
def test_a_mapping_keeps_the_law(place):
    law = type("Shipped", (MappingLaw,), {"mapping": _compiled(place, "klepp"), "examples": 25})()
    law.test_what_is_written_and_read_again_is_what_it_was()


CASES = [
    (place, str(beside.relative_to(ROOT)))
    for place in FILES
    if (beside := (ROOT / place).with_name(f"{Path(place).stem}.cases.yaml")).is_file()
]


@pytest.mark.parametrize(("place", "cases"), CASES)
def test_the_cases_beside_a_mapping_hold(place, cases):
    results = run_cases(_compiled(place, "klepp"), load_cases(_text(cases)))
    assert [(result.name, result.told) for result in results if not result.passed] == []
