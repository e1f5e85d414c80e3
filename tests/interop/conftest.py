"""Programs that others made, as fixtures: what cannot be had here is a skip with its reason, never a pass."""

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.store.conftest import postgres  # noqa: F401 - the same server that the store is tried on

HERE = Path(__file__).resolve().parent
PLACE = HERE.parents[1] / ".venv" / "interop"
PATIENCE = 300.0
"""Seconds until a program answers, on a machine where others are at work."""
FETCHING = 600.0
"""Seconds in which something is fetched and installed, the first time."""


def pytest_collection_modifyitems(items):
    """The first test of a file waits for what it needs to be fetched, so the suite's own limit is too short for it."""
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(FETCHING + 2 * PATIENCE))


def fetched(*call, cwd=None):
    """Whether a program that fetches something did so in its time; what it says is of no interest."""
    try:
        return subprocess.run(call, cwd=cwd, capture_output=True, check=False, timeout=FETCHING,
                              env={**os.environ, "RUNLEVEL": "1", "DEBIAN_FRONTEND": "noninteractive"}).returncode == 0  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False


def from_debian(package):
    """Install a package of the distribution, where that is possible; a new machine has no lists of packages yet."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install = ("apt-get", "install", "-y", "--no-install-recommends", package)
        return fetched(*install) or (fetched("apt-get", "update") and fetched(*install))
    return False


def packages(source, place):
    """Node's packages that are pinned in a folder, installed in a place; a skip where they cannot be had."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}")
    told = hashlib.sha256((source / "package-lock.json").read_bytes()).hexdigest()
    mark = place / "installed"
    if not (mark.is_file() and mark.read_text() == told and (place / "node_modules").is_dir()):
        place.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, place / name)
        if not fetched("npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--silent", cwd=place):
            pytest.skip(f"npm could not install the packages of tests/{source.parts[-1]}/package.json")
        mark.write_text(told)
    return place


@pytest.fixture(scope="session")
def node():
    """The folder in which Node programs run, with the pinned packages installed."""
    return packages(HERE, PLACE)


@pytest.fixture(scope="session")
def mock(node):
    """``with mock(path) as url``: what Prism makes of an OpenAPI document, refusing what that does not allow."""

    @contextlib.contextmanager
    def serve(document):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        call = [
            "node",
            "node_modules/.bin/prism",
            "mock",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            str(document),
        ]
        with subprocess.Popen(call, cwd=node, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            try:
                _wait(running, port)
                yield f"http://127.0.0.1:{port}"
            finally:
                running.terminate()

    return serve


def _wait(running, port):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and running.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        running.poll() is None and time.sleep(0.1)
    pytest.fail("Prism does not answer: it cannot read the document, or it takes more than five minutes")


@pytest.fixture
def run_node(node):
    """``run_node(script, text)``: what a script of this folder prints for a text."""

    def run(script, text):
        call = ["node", str(HERE / script)]
        return subprocess.run(
            call, cwd=node, input=text, capture_output=True, text=True, check=True, timeout=100,
            env={"PATH": _path(), "NODE_PATH": str(node / "node_modules")},
        ).stdout  # fmt: skip

    return run


def _path():
    return str(Path(shutil.which("node")).parent)
