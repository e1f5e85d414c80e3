"""The files of a session of tests lie in memory where there is room, and are gone when all was well."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.memory_plugin import ROOM, lent


def session(folder, body, *, memory, room=0):
    """Run a session of one test in a process of its own; returns how it ended and what is left in memory."""
    (folder / "test_one.py").write_text(f"def test_one(tmp_path):\n    (tmp_path / 'file').touch()\n    {body}\n")
    (folder / "conftest.py").write_text(
        "import pathlib, tests.memory_plugin as it\n"
        f"it.MEMORY, it.lent.__kwdefaults__['room'] = pathlib.Path({str(memory)!r}), {room}\n"
        f"it.lent.__defaults__ = (it.MEMORY,)\n"
        "pytest_plugins = ['tests.memory_plugin']\n"
    )
    here = {key: value for key, value in os.environ.items() if key != "PYTEST_DEBUG_TEMPROOT"}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        capture_output=True, check=False, cwd=folder,
        env=here | {"PYTHONPATH": str(Path.cwd()), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    return run.returncode, [path.name for path in memory.rglob("file")]


@pytest.mark.parametrize(
    ("body", "ends", "left"),
    [("assert tmp_path.is_relative_to(%r)", 0, []), ("assert not tmp_path.is_relative_to(%r)", 1, ["file"])],
    ids=["all was well", "a test failed"],
)
def test_files_lie_in_memory_and_stay_only_where_a_test_failed(body, ends, left, tmp_path):
    (memory := tmp_path / "memory").mkdir()
    (folder := tmp_path / "session").mkdir()
    assert session(folder, body % str(memory), memory=memory) == (ends, left)


def test_memory_is_not_used_where_there_is_none_or_too_little(tmp_path):
    assert lent(tmp_path, room=0) == tmp_path
    assert lent(tmp_path / "none") is None
    assert lent(tmp_path, room=2**60) is None
    assert ROOM >= 2**30
