"""``bti adapter list`` and ``new``, ``bti map test``, ``bti decide``, ``bti simulate``: from the outside."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from gateway.cli.root import bti
from gateway.run import scaffold


def called(*args, **environment):
    return CliRunner().invoke(bti, [str(arg) for arg in args], env={"LC_ALL": "C", **environment})


def test_a_new_adapter_loads_and_passes_its_own_tests_as_it_was_written(tmp_path):
    told = called("adapter", "new", "acme-log", "--folder", tmp_path / "acme", "--json")
    assert told.exit_code == 0, told.output
    written = json.loads(told.stdout)["written"]
    assert {
        "pyproject.toml",
        "README.md",
        "gateway_acme_log/__init__.py",
        "gateway_acme_log/mapping.yaml",
        "test_acme_log.py",
    } <= set(written)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "acme"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    tried = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={tmp_path}", str(tmp_path / "acme")],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tried.returncode == 0, tried.stdout
    assert "2 passed" in tried.stdout


@pytest.mark.parametrize("name", ["Acme", "a_b", "../x", "a--b", "-a", "", "æ", "a" * 41])
def test_a_name_that_cannot_be_an_adapter_s_makes_nothing(name, tmp_path):
    told = called("adapter", "new", name, "--folder", tmp_path / "x")
    assert told.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_new_adapter_is_never_written_over_another(tmp_path):
    scaffold.make_plugin(tmp_path / "a", name="a")
    assert called("adapter", "new", "a", "--folder", tmp_path / "a").exit_code == 2


def test_the_written_files_hold_no_mark_that_was_not_filled_in(tmp_path):
    scaffold.make_plugin(tmp_path / "a", name="acme-log")
    for path in (tmp_path / "a").rglob("*"):
        assert "@" not in path.name
        assert path.is_dir() or "@NAME@" not in path.read_text("utf-8").replace("@hookimpl", "")


def test_the_list_of_adapters_tells_what_each_can_do():
    told = called("adapter", "list", "--json")
    assert told.exit_code in {0, 1}
    answer = json.loads(told.stdout)
    for adapter in answer["adapters"]:
        assert set(adapter) == {"name", "distribution", "version", "reads", "writes", "can", "batch"}
    assert called("adapter", "list").stdout


def test_a_failing_case_of_a_mapping_is_told_without_its_value(tmp_path):
    scaffold.make_plugin(tmp_path / "a", name="acme")
    mapping = tmp_path / "a" / "gateway_acme" / "mapping.yaml"
    assert called("map", "test", mapping).exit_code == 0
    cases = mapping.with_name("mapping.cases.yaml")
    cases.write_text(cases.read_text("utf-8").replace("summary: Ofte trøtt", "summary: Sjelden trøtt"), "utf-8")
    told = called("map", "test", mapping, "--json")
    assert told.exit_code == 1
    answer = json.loads(told.stdout)
    assert (answer["passed"], answer["failed"]) == (1, 1)
    assert "trøtt" not in told.stdout


def test_a_mapping_with_faults_tells_them_all_at_once(tmp_path):
    scaffold.make_plugin(tmp_path / "a", name="acme")
    mapping = tmp_path / "a" / "gateway_acme" / "mapping.yaml"
    mapping.write_text(mapping.read_text("utf-8").replace("summary: text", "sumary: text\n      raised: date"), "utf-8")
    told = called("map", "test", mapping, "--json")
    assert told.exit_code == 2
    assert len([error for error in json.loads(told.stdout)["errors"] if error["code"] == "mapping.field"]) == 2


def test_a_synthetic_municipality_is_the_same_from_the_same_seed(tmp_path):
    one, other = (called("simulate", "--children", 3, "--seed", 7) for _ in range(2))
    assert one.exit_code == 0
    assert one.stdout == other.stdout
    assert len(one.stdout.splitlines()) == 3
    assert len(json.loads(called("simulate", "--children", 3, "--json").stdout)) == 3
    assert called("simulate", "--children", 3, "--out", tmp_path / "a.jsonl", "--json").exit_code == 0
    assert len((tmp_path / "a.jsonl").read_text("utf-8").splitlines()) == 3
    assert called("simulate", "--children", 3, "--out", tmp_path / "none" / "a").exit_code == 2
