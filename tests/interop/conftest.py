"""Programs that others made, as fixtures: what cannot be had here is a skip with its reason, never a pass."""

import contextlib
import hashlib
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


@pytest.fixture(scope="session")
def node():
    """The folder in which Node programs run, with the pinned packages installed."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}")
    lock = (HERE / "package-lock.json").read_bytes()
    mark = PLACE / "installed"
    if not mark.is_file() or mark.read_text() != hashlib.sha256(lock).hexdigest():
        PLACE.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, PLACE / name)
        call = ["npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--silent"]
        try:
            done = subprocess.run(call, cwd=PLACE, capture_output=True, check=False, timeout=240).returncode
        except subprocess.TimeoutExpired:
            done = 1
        if done != 0:
            pytest.skip("npm could not install the packages of tests/interop/package.json")
        mark.write_text(hashlib.sha256(lock).hexdigest())
    return PLACE


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
