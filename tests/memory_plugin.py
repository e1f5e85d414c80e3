"""Where the files of tests lie: in memory, where the machine lends it, since a law about logic needs no disk.

A store commits some seventy times in a round, and each waits for the disk: two fifths of what the suite took. A test
that is about the disk makes its own folder. A run in which all was well leaves nothing there. ``PYTEST_DEBUG_TEMPROOT`` and ``--basetemp`` say otherwise.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it, for its user alone
ROOM = 2 * 2**30
"""Bytes that must be free: a run holds a quarter of it at most."""
_ENV = "PYTEST_DEBUG_TEMPROOT"


def lent(memory: Path = MEMORY, *, room: int = ROOM) -> Path | None:
    """The folder in memory, or nothing where there is none, or too little of it (a container has 64 MB by itself)."""
    if not memory.is_dir() or not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < room:
        return None
    return memory


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Told by the environment, so that the processes of a parallel run do alike."""
    if config.option.basetemp is None and (memory := lent()) is not None:
        os.environ.setdefault(_ENV, str(memory))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """After all others, who search the files: memory is given back. What failed is left to be looked at."""
    result = yield
    made = getattr(getattr(session.config, "_tmp_path_factory", None), "_basetemp", None)
    ours = made is not None and made.is_relative_to(MEMORY) and not hasattr(session.config, "workerinput")
    if ours and session.exitstatus == pytest.ExitCode.OK:
        shutil.rmtree(made, ignore_errors=True)
    return result
