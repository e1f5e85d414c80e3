"""Lets the tests of the house share ``source.py`` and the like, and tells the demo's story once for all pages."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def lillevik(tmp_path_factory):
    """The folder that ``bti demo --keep`` leaves. A page that asks for it gets a copy."""
    from gateway.cli.root import bti  # noqa: PLC0415 - most tests of the house do without

    folder = tmp_path_factory.mktemp("demo") / "lillevik"
    done = CliRunner().invoke(bti, ["demo", "--keep", str(folder)], env={"LC_ALL": "C"})
    assert done.exit_code == 0, done.output
    return folder
