import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.sdk.testing.canaries import ENCODINGS, Search, forms
from tests.canary_plugin import NUMBERS, PHRASES, any_number

ROOT = Path(__file__).resolve().parents[1]


def session(folder, body, *options):
    (folder / "test_inner.py").write_text("import logging, sqlite3, sys, tempfile, pytest\n" + body, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.canary_plugin", "-p", "no:cacheprovider", "-q",
         f"--basetemp={folder / 'base'}", f"--rootdir={folder}", "-c", "/dev/null", str(folder / "test_inner.py"), *options],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def outside_of_the_search(request, tmp_path):
    """These tests leak on purpose inside sessions of their own."""
    if request.config.pluginmanager.has_plugin("tests.canary_plugin"):
        request.getfixturevalue("canaries").outside(tmp_path)
    return tmp_path


LEAKS = {
    "printed": "def test_a(canaries):\n    print(canaries.phrases[0])\n",
    "logged": "def test_a(canaries):\n    logging.getLogger('x').warning('saw %s', canaries.numbers[0])\n",
    "set up": "@pytest.fixture\ndef given(canaries):\n    sys.stderr.write(canaries.phrases[1])\ndef test_a(given):\n    pass\n",
    "file": "def test_a(tmp_path, canaries):\n    (tmp_path / 'x.bin').write_bytes(canaries.phrases[0].encode('utf-16le'))\n",
    "name": "def test_a(tmp_path, canaries):\n    (tmp_path / canaries.numbers[0]).mkdir()\n",
    "temporary": (
        "def test_a(canaries):\n    with tempfile.NamedTemporaryFile(delete=False) as out:\n"
        "        out.write(canaries.numbers[1].encode().hex().encode())\n"
    ),
    "database": (
        "def test_a(tmp_path):\n    db = sqlite3.connect(tmp_path / 'a.db')\n    db.execute('create table t (a)')\n"
        "    db.execute('insert into t values (?)', ('06821099739',))\n    db.commit()\n    db.close()\n"
    ),
    "wal": (
        "KEEP = []\ndef test_a(tmp_path):\n    db = sqlite3.connect(tmp_path / 'a.db')\n    KEEP.append(db)\n"
        "    db.execute('pragma journal_mode=wal')\n    db.execute('create table t (a)')\n    db.commit()\n"
        "    db.execute('insert into t values (?)', ('17908599950',))\n    db.commit()\n"
    ),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_fails_the_session_and_is_not_repeated(outside_of_the_search, leak):
    status, output = session(outside_of_the_search, LEAKS[leak])
    assert status == 1, output
    assert "content where none may be" in output
    told = output.partition("content where none may be")[2]
    assert not Search((*NUMBERS, *PHRASES)).found(told)


def test_a_failing_tests_message_is_searched(outside_of_the_search):
    status, output = session(outside_of_the_search, "def test_a(canaries):\n    assert canaries.phrases[0] == ''\n")
    assert status == 1
    assert "failure of test_inner.py::test_a: as" in output


CLEAN = {
    "sealed": "def test_a(tmp_path, canaries):\n    (tmp_path / 'x').write_bytes(bytes(b ^ 90 for b in canaries.phrases[0].encode()))\n",
    "on purpose": "@pytest.mark.plants_leak\ndef test_a(tmp_path, canaries):\n    print(canaries.phrases)\n    (tmp_path / 'x').write_text(canaries.numbers[0])\n",
    "a vendor's": "def test_a(tmp_path, canaries):\n    (canaries.outside(tmp_path / 'x')).write_text(canaries.numbers[0])\n",
    "a hash": "def test_a(tmp_path):\n    (tmp_path / 'x').write_text('06821099739')\n",
}


@pytest.mark.parametrize("case", CLEAN)
def test_what_is_sealed_or_meant_passes(outside_of_the_search, case):
    status, output = session(outside_of_the_search, CLEAN[case])
    assert status == 0, output


@pytest.mark.parametrize(("body", "expected"), [(LEAKS["name"], 1), (LEAKS["logged"], 1), (CLEAN["on purpose"], 0)])
def test_what_a_worker_finds_fails_the_session_and_what_it_may_leave_passes(outside_of_the_search, body, expected):
    status, output = session(outside_of_the_search, body, "-p", "xdist.plugin", "-n", "1")
    assert status == expected, output
    assert ("content where none may be" in output) is bool(expected)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_encoding_is_found_in_a_file(encoding):
    for canary in (*NUMBERS, *PHRASES):
        for spelling in forms(canary)[encoding]:
            assert Search((*NUMBERS, *PHRASES)).found(b"\0\1" + spelling + b"\2")


def test_a_number_is_one_only_when_its_check_digits_are_right():
    assert any_number(b"x06821099739y")
    assert any_number("06821099739".encode("utf-16le"))
    assert not any_number(b"x06821099738y")
    assert not any_number(b"106821099739")


def test_an_identifier_that_looks_like_a_number_is_none_and_a_number_beside_one_is_found():
    assert not any_number(b"ab06821099739ffe4485")
    assert not any_number(b"06821099739ffe448532")
    assert any_number(b"06821099739" + b"ffe44853202093d0d077")
    assert any_number(b"ffe44853202093d0d07a" + b"06821099739")
    assert any_number(b"ab06821099739ff")


def test_a_large_file_is_searched_in_a_moment(cost):
    data = (b"\0" * 4096 + bytes(range(256)) * 16) * 1024
    search = Search((*NUMBERS, *PHRASES))
    assert not search.found(data)
    assert cost(lambda: search.found(data), below=5) < 5
