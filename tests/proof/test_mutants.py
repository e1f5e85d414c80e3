"""The mutants are made, take the code's place, and are noticed; what is excused is still there to be excused."""

import ast
import importlib
from pathlib import Path

import pytest
from mutants import EQUIVALENT, MODULES, Mutant, equivalent, fate, mutants, points


def test_every_module_of_the_rules_and_the_gate_has_mutants() -> None:
    assert {module for module in MODULES if next(mutants(module), None) is None} == set()


def test_a_mutant_is_noticed_and_no_change_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own, which leaves this one as it was."""
    monkeypatch.setenv("MUTANT_TESTS", "0")
    some = points(12, 60, 3)
    module = "gateway.core.rules.sharing"
    source = Path(str(importlib.import_module(module).__file__)).read_text("utf-8")
    assert fate(Mutant("none", module, "same_body", ast.parse(source)), some) == "survived"
    blocked = next(one for one in mutants(module) if one.function == "blocked" and "return" in one.name)
    assert fate(blocked, some) == "engines"
    assert fate(Mutant("none", module, "same_body", ast.parse(source)), some) == "survived"


def test_each_excused_mutant_is_one_that_is_made() -> None:
    made = {one.name for module in MODULES for one in mutants(module)} if equivalent() else set()
    assert set(equivalent()) <= made
    assert not EQUIVALENT.exists() or all(len(reason) > 20 for reason in equivalent().values())
