"""Where a page says that a requirement of Normen is met: the places are there, and the commands."""

import re

import pytest
from source import ROOT

from gateway.cli.root import COMMANDS

PAGE = (ROOT / "docs" / "personvern" / "normen.md").read_text("utf-8")
CODE = re.findall(r"`([^`\n]+)`", PAGE)
PLACES = sorted({one for one in CODE if one.startswith(("gateway/", "tests/", "docs/", "plugins/", "requirements/"))})
CALLS = sorted({one for one in CODE if one.startswith("bti ")})


def there(place: str) -> bool:
    path, _, name = place.partition("::")
    file = ROOT / path
    return file.is_file() and (not name or f"def {name}(" in file.read_text("utf-8"))


def known(call: str) -> bool:
    table: object = COMMANDS
    for word in (word for word in call.split()[1:] if not word.startswith("-")):
        if not isinstance(table, dict) or word not in table:
            return False
        table = table[word]
    return isinstance(table, str)


def test_a_place_or_a_command_that_is_gone_is_found():
    assert not there("tests/none.py")
    assert not there("tests/run/test_access.py::test_that_is_not_there")
    assert not known("bti undo")
    assert not known("bti flow")
    assert len(PLACES) > 40


@pytest.mark.parametrize("place", PLACES)
def test_a_place_where_a_requirement_is_met_is_there(place):
    assert there(place)


@pytest.mark.parametrize("call", CALLS)
def test_a_command_that_meets_a_requirement_is_there(call):
    assert known(call)
