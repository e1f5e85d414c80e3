"""The mutants are made, take the code's place, and are noticed; what is excused is still there to be excused."""

import ast
import importlib
from pathlib import Path

import pytest
from answers import read
from killing import Court, points
from mutants import EQUIVALENT, MODULES, Mutant, equivalent, mutants


@pytest.fixture(scope="module")
def made() -> dict[str, list[Mutant]]:
    return {module: list(mutants(module)) for module in MODULES}


def test_every_module_of_the_rules_and_the_gate_has_mutants_of_different_names(made: dict[str, list[Mutant]]) -> None:
    assert {module for module, found in made.items() if not found} == set()
    names = [one.name for found in made.values() for one in found]
    assert len(names) == len(set(names)) > 1_500


def test_a_mutant_is_noticed_and_no_change_is_not(made: dict[str, list[Mutant]]) -> None:
    """In a process of its own, which leaves this one as it was."""
    court = Court(points(6, 40, 3), [], [])
    module = "gateway.core.rules.sharing"
    blocked = next(one for one in made[module] if one.function == "blocked" and "return" in one.name)
    same = blocked._replace(code=_code(module, "blocked"), defaults=None)
    assert court.judge(same).came == "survived"
    assert court.judge(blocked).came == "engines"
    assert court.judge(blocked._replace(function="nobody")).came == "nowhere"
    assert court.judge(same).came == "survived"


def test_a_changed_constant_reaches_all_that_use_it(made: dict[str, list[Mutant]]) -> None:
    court = Court(points(6, 40, 3), [], [])
    table = [one for one in made["gateway.core.rules"] if one.function is None and "(_rule(" in one.name]
    assert any(court.judge(one).came == "engines" for one in table[:4])


def test_a_scene_of_the_table_notices_what_enters_no_other(made: dict[str, list[Mutant]]) -> None:
    court = Court(points(1, 1, 1), [], [row for row, _ in read()][::20])
    fates = [court.judge(one) for one in made["gateway.core.rules.protection"] if one.function == "wonder_note"]
    assert {one.came for one in fates} == {"answers", "survived"}, "a twentieth of the table does not show all of them"
    assert all(one.by in court.rows for one in fates if one.came == "answers")


def _code(module: str, function: str) -> object:
    path = str(importlib.import_module(module).__file__)
    whole = compile(ast.parse(Path(path).read_text("utf-8")), path, "exec")
    return next(one for one in whole.co_consts if getattr(one, "co_name", "") == function)


def test_each_excused_mutant_is_one_that_is_made(made: dict[str, list[Mutant]]) -> None:
    """A line that names no mutant any more, or gives no reason, is not an excuse."""
    names = {one.name for found in made.values() for one in found}
    assert set(equivalent()) <= names
    assert all(len(reason) > 20 for reason in equivalent().values())
    lines = [one for one in EQUIVALENT.read_text("utf-8").splitlines() if one and not one.startswith("#")]
    assert len(lines) == len(equivalent()), "a line is written twice, or without its reason"
