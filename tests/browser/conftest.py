"""Chromium, and what judges a page: what cannot be had here is a skip with its reason, never a pass."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from gateway.run.plugins import load_plugins
from tests.browser.looking import ALL, Eyes
from tests.browser.town import NEEDED, served, tell

HERE = Path(__file__).resolve().parent
PLACE = HERE.parents[1] / ".venv" / "browser"


def pytest_collection_modifyitems(items):
    """Whatever stands in this folder needs a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def axe():
    """The text of axe-core, installed from the pinned package."""
    lock = (HERE / "package-lock.json").read_bytes()
    mark, told = PLACE / "installed", hashlib.sha256(lock).hexdigest()
    if not mark.is_file() or mark.read_text() != told:
        if shutil.which("npm") is None:
            pytest.skip("needs the program npm to install axe-core")
        PLACE.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, PLACE / name)
        call = ["npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--silent"]
        if subprocess.run(call, cwd=PLACE, capture_output=True, check=False, timeout=110).returncode:
            pytest.skip("npm could not install the packages of tests/browser/package.json")
        mark.write_text(told)
    return (PLACE / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium, the machine's own."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("needs the program chromium (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def played(tmp_path_factory):
    """The story's municipality as the story leaves it."""
    if not set(load_plugins(only=NEEDED).adapters) >= NEEDED:
        pytest.skip("the story needs the plugins that ship with it")
    folder = tmp_path_factory.mktemp("played") / "lillevik"
    tell(folder)
    return folder


@pytest.fixture(scope="session")
def town(played, tmp_path_factory):
    """The municipality with its pages, which nobody changes."""
    with served(played, tmp_path_factory.mktemp("served") / "lillevik") as opened:
        yield opened


@pytest.fixture(scope="module")
def busy(played, tmp_path_factory):
    """The municipality with its pages, in which people act: one for each file of tests."""
    with served(played, tmp_path_factory.mktemp("busy") / "lillevik") as opened:
        yield opened


@pytest.fixture(scope="session")
def eyes(chromium, town):
    """How people look at the town that nobody changes."""
    with Eyes(chromium, town) as opened:
        yield opened


@pytest.fixture(scope="module")
def hands(chromium, busy):
    """How people look at the town in which they act."""
    with Eyes(chromium, busy) as opened:
        yield opened


def pytest_report_header():
    """How much of it is looked at."""
    return "browser: " + (
        "every page in every language and scheme" if ALL else "a share; BTI_BROWSER=all for the whole"
    )


os.environ.setdefault("DO_NOT_TRACK", "1")
