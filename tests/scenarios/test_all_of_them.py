"""Every acceptance scenario has a test that bears its number."""

import re
from pathlib import Path

import pytest


def test_every_scenario_of_the_domain_has_a_test_with_its_number(shared_data):
    table = shared_data.parent / "domain" / "scenarios.md"
    if not table.is_file():
        pytest.skip("needs the acceptance scenarios in ../shared/domain beside the checkout")
    wanted = {int(number) for number in re.findall(r"^\| (\d+) \|", table.read_text(encoding="utf-8"), re.MULTILINE)}
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    found = {int(number) for number in re.findall(r"^def test_scenario_(\d+)_", tests, re.MULTILINE)}
    assert len(wanted) == 38
    assert found == wanted
