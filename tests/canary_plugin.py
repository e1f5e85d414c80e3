"""A pytest plugin that looks, at the end of a session, for content where only sealed content may stand.

A test asks for the fixture ``canaries``, plants its numbers and phrases in records, and goes on. Whatever any test
printed, logged, failed with, or left in a file is then searched for them in seven encodings. Databases are searched
for any synthetic person number besides, whoever planted it. One hit fails the session.

A test whose business is to leak says so with the marker ``plants_leak``: what it printed and its folder are left out.
``canaries.outside(path)`` leaves out what stands for a vendor's system: its files hold what they hold.
"""

import logging
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.sdk.testing.canaries import Search

NUMBERS = ("21832090058", "03871590000")
"""Synthetic numbers that no other test uses."""
PHRASES = ("Tiriltunge ved Sørøya «øks» 60213", 'Gråspurv & "rødstrupe" på Åsnes 77140')
LARGEST = 64 * 1024 * 1024
_DATABASE = re.compile(rb"SQLite format 3\0|\x37\x7f\x06[\x82\x83]|\xd9\xd5\x05\xf9\x20\xa1\x63\xd7")
"""How a SQLite database, its write-ahead log and its rollback journal begin."""
_NUMBER = re.compile(rb"(?<!\d)[0-7]\d(?:8[1-9]|9[0-2])\d{7}(?!\d)")
_HEX, _HEX_BEFORE = re.compile(rb"[0-9a-f]{1,128}"), re.compile(rb"[0-9a-f]{1,128}\Z")
SHORTEST_ID = 20
"""How many hexadecimal digits the shortest of our identifiers has."""
_WEIGHTS = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))


class Canaries:
    """What to plant, and what is not ours to search."""

    numbers = NUMBERS
    phrases = PHRASES

    def __init__(self) -> None:
        self.skipped: set[Path] = set()

    def outside(self, path: Path) -> Path:
        """Leave out a file or folder that stands for a system which is not the gateway."""
        self.skipped.add(path.resolve())
        return path


class Watcher(logging.Handler):
    """Collects findings as (where, encoding) and never what was found."""

    def __init__(self) -> None:
        super().__init__(level=logging.NOTSET)
        self.canaries = Canaries()
        self.findings: list[tuple[str, str]] = []
        self.leaking = False
        self.current = "outside any test"
        self._search = Search((*NUMBERS, *PHRASES))

    def emit(self, record: logging.LogRecord) -> None:
        """A log record, as any formatter could write it."""
        if not self.leaking:
            self.look("log", f"{record.getMessage()} {record.args!r} {record.exc_text or ''}")

    def look(self, where: str, text: str) -> None:
        """Search a text that the current test gave."""
        self.findings += [(f"{where} of {self.current}", encoding) for encoding in sorted(self._search.found(text))]

    def look_in(self, folder: Path) -> None:
        """Search every file below a folder, names included."""
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or any(path.resolve().is_relative_to(skipped) for skipped in self.canaries.skipped):
                continue
            shown = path.relative_to(folder)
            named = self._search.found(str(shown))
            self.findings += [("the name of a file", encoding) for encoding in sorted(named)]
            if path.is_file() and path.stat().st_size <= LARGEST:
                data = path.read_bytes()
                place = "a file" if named else f"file {shown}"
                self.findings += [(place, encoding) for encoding in sorted(self._search.found(data))]
                if _DATABASE.match(data) and any_number(data):
                    self.findings.append((place, "a person number in a database"))


def any_number(data: bytes) -> bool:
    """Whether a valid synthetic person number stands in some bytes, as UTF-8 or as UTF-16."""
    spread = data.replace(b"\0", b"")
    return any(
        _valid(found.group()) and not _by_chance(text, found)
        for text in (data, spread)
        for found in _NUMBER.finditer(text)
    )


def _by_chance(text: bytes, found: re.Match[bytes]) -> bool:
    """Whether digits stand inside an identifier in hexadecimal, where one in some thousands looks like a number."""
    before, after = _HEX_BEFORE.search(text, max(0, found.start() - 128), found.start()), _HEX.match(text, found.end())
    left, right = len(before.group()) if before else 0, len(after.group()) if after else 0
    inside = bool(left and right)
    return left + right + len(found.group()) >= SHORTEST_ID and (inside or (left + right + len(found.group())) % 4 == 0)


def _valid(number: bytes) -> bool:
    digits = [digit - 48 for digit in number]
    return all(
        sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11 == 0 for weights in _WEIGHTS
    )


WATCHER = pytest.StashKey[Watcher]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "plants_leak: leaks on purpose; the canary search leaves it out")
    config.stash[WATCHER] = Watcher()
    logging.getLogger().addHandler(config.stash[WATCHER])


def pytest_unconfigure(config: pytest.Config) -> None:
    logging.getLogger().removeHandler(config.stash[WATCHER])


@pytest.fixture(scope="session")
def canaries(request: pytest.FixtureRequest) -> Canaries:
    """Numbers and phrases to plant in records."""
    return request.config.stash[WATCHER].canaries


@pytest.fixture(scope="session", autouse=True)
def _temporary_files_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is written to the system's temporary folder comes where it can be searched, from processes too."""
    folder = str(tmp_path_factory.getbasetemp() / "temporary")
    Path(folder).mkdir(exist_ok=True)
    before, tempfile.tempdir = (os.environ.get("TMPDIR"), tempfile.tempdir), folder
    os.environ["TMPDIR"] = folder
    yield
    tempfile.tempdir = before[1]
    if before[0] is None:
        del os.environ["TMPDIR"]
    else:
        os.environ["TMPDIR"] = before[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    watcher = item.config.stash[WATCHER]
    watcher.leaking, watcher.current = item.get_closest_marker("plants_leak") is not None, item.nodeid
    try:
        return (yield)
    finally:
        watcher.leaking, watcher.current = False, "outside any test"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    watcher = item.config.stash[WATCHER]
    if watcher.leaking and report.when == "teardown" and "tmp_path" in getattr(item, "funcargs", {}):
        watcher.canaries.outside(item.funcargs["tmp_path"])
    if not watcher.leaking and report.when == "teardown":
        for name, text in report.sections:
            watcher.look(name.lower(), text)
    if not watcher.leaking and report.failed and item.get_closest_marker("plants_leak") is None:
        watcher.look("failure", str(report.longrepr))
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    watcher = session.config.stash[WATCHER]
    factory = getattr(session.config, "_tmp_path_factory", None)
    folder = getattr(factory, "_basetemp", None)
    if folder is not None and not session.config.pluginmanager.has_plugin("dsession"):
        watcher.look_in(folder)
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["canaries"] = watcher.findings
    if watcher.findings and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """What a worker found. It searched its own files, since it alone knows which are a vendor's or leak on purpose."""
    told = getattr(node, "workeroutput", {}).get("canaries", ())
    node.config.stash[WATCHER].findings += [tuple(finding) for finding in told]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    findings = sorted(set(config.stash[WATCHER].findings))
    if findings:
        terminalreporter.section("content where none may be", red=True)
        for where, encoding in findings:
            terminalreporter.line(f"{where}: as {encoding}")
