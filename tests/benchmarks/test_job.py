"""The job that speed is measured on is done right, and what would be done wrong is seen; no time is asserted."""

import json
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from benchmarks.cases import is_open, said
from benchmarks.contenders import everyone
from benchmarks.sync import Result, ask, measure, ratios, server
from gateway.core.identity import check_number

CASES = 60


@pytest.fixture(scope="module")
def results():
    found = {(one.name, one.way): Result(one.name, one.way, CASES) for one in everyone(None)}
    for one in everyone(None):
        measure(one, found[one.name, one.way], rounds=1)
    return found


def test_everyone_delivers_each_open_case_once_and_then_what_changed(results):
    assert all(len(result.first) == len(result.cold) == 1 for result in results.values())
    assert len(results["bti-gateway", "batches"].warm) == 1


def test_the_line_of_ratios_names_every_target(results):
    told = ratios(results)
    assert {"wanted", "rate_to_plain_one_by_one"} <= told["first"].keys()
    assert {"warm_wanted", "cold_wanted"} <= told["changed"].keys()


def body(at, **changes):
    number, concerns, measures = said(at)
    told = {
        "ref": f"c{at}",
        "child": number,
        "concerns": [{"area": area, "text": text} for area, text in concerns],
        "measures": [{"name": name, "due": due} for name, due in measures],
    }
    return told | changes


@pytest.mark.parametrize(
    ("cases", "holds"),
    [
        ([body(at) for at in range(49)], True),
        ([body(at) for at in range(48)], False),
        ([body(at) for at in range(50)], False),
        ([*(body(at) for at in range(49)), body(0)], False),
        ([*(body(at) for at in range(48)), body(48, concerns=[])], False),
        ([*(body(at) for at in range(48)), body(48, child="")], False),
    ],
    ids=["right", "one lost", "one without consent", "one written twice", "a concern lost", "a child mistaken"],
)
def test_the_target_knows_what_is_right_and_what_is_not(cases, holds):
    with server("benchmarks.target") as target:
        post(target, "/cases/batch", cases)
        assert ask(target, "GET", "/_bench/truth?cases=50&changed=0")["true"] is holds


def post(url, path, told):
    connection = HTTPConnection(url.removeprefix("http://"))
    connection.request("POST", path, json.dumps(told))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 201


def test_numbers_of_a_hundred_thousand_cases_are_synthetic_and_of_one_child_each():
    numbers = {said(at)[0] for at in range(0, 100_000, 101)}
    assert len(numbers) == len(range(0, 100_000, 101))
    assert all(check_number(number, numbers="synthetic") is None for number in numbers)
    assert not is_open(49)


def test_the_self_check_prints_json_lines():
    command = [sys.executable, "-m", "benchmarks.sync", "--cases", "20", "--only", "plain"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[2])
    assert [json.loads(line)["who"] for line in ran.stdout.splitlines()] == ["plain", "plain"]


def test_a_night_in_which_nothing_changed_decides_every_item_and_sends_nothing():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.midnight", "--items", "390"], capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    assert told["items"] > 300
    assert told["seconds_for_100000"] > 0
