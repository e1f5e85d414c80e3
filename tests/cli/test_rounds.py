"""Rounds, flows and acts from the command line, against a vendor's simulator on loopback."""

import json

import pytest
from click.testing import CliRunner

from gateway.cli.root import bti
from gateway.run.plugins import load_plugins
from gateway.run.workfolder import make_folder
from gateway.sdk.simulator import Simulator

SETTINGS = """
tenant = "prove"
municipality = "1120"
model = "klepp"
numbers = "synthetic"
[people.ola]
role = "operator"
[people.liv]
role = "leader"
unit = "skole-1"
[people.eli]
role = "leader"
unit = "hs-1"
[people.kari]
role = "coordinator"
unit = "skole-1"
[people.per]
role = "privacy"
[units.skole-1]
service = "school"
body = "kommunen"
[units.hs-1]
service = "health_station"
body = "kommunen"
[systems.skole]
adapter = "bti-exchange"
unit = "skole-1"
url = "{url}"
secret = "file:keys/skole.token"
[systems.helse]
adapter = "manual"
unit = "hs-1"
"""


@pytest.fixture
def vendor():
    adapter = load_plugins(only={"bti-exchange", "manual"}).adapters
    if {"bti-exchange", "manual"} - set(adapter):
        pytest.skip("needs the plugins bti-exchange and manual")
    with Simulator(adapter["bti-exchange"].resources, secret="token") as url:
        yield url


@pytest.fixture
def folder(tmp_path, vendor):
    make_folder(tmp_path / "m", model="klepp", chance=lambda n: bytes(range(n)))
    (tmp_path / "m" / "gateway.toml").write_text(SETTINGS.replace("{url}", vendor))
    (tmp_path / "m" / "keys" / "skole.token").write_text("token")
    (tmp_path / "m" / "keys" / "skole.token").chmod(0o600)
    return tmp_path / "m"


@pytest.fixture
def called(folder):
    def call(*args):
        told = CliRunner().invoke(
            bti, [*map(str, args), "--json", "--config", str(folder / "gateway.toml")], env={"LC_ALL": "C"}
        )
        return told.exit_code, json.loads(told.stdout)

    return call


def test_check_asks_the_systems_and_finds_all_well(called):
    status, told = called("check")
    assert (status, told["ok"], told["warnings"]) == (0, True, [])


def test_check_tells_of_a_secret_that_is_not_there(called, folder):
    (folder / "keys" / "skole.token").unlink()
    status, told = called("check")
    assert status == 2
    assert [error["code"] for error in told["errors"]] == ["check.secret_missing"]


def test_a_round_answers_with_its_counts(called):
    status, told = called("sync")
    assert status == 0
    assert {
        "fetched",
        "delivered",
        "withheld",
        "retracted",
        "quarantined",
        "conflicts",
        "tasks",
        "due",
        "seconds",
    } <= set(told)
    status, told = called("status")
    assert {each["system"]: each["last_error"] for each in told["systems"]} == {"skole": None, "helse": None}


def test_a_system_that_cannot_be_reached_leaves_with_three_and_work_remains(called, folder):
    text = (folder / "gateway.toml").read_text()
    (folder / "gateway.toml").write_text(
        text.replace("http://127.0.0.1:", "http://127.0.0.1:1").replace(":1" * 2, ":1")
    )
    settings = text[: text.index('url = "')] + 'url = "http://127.0.0.1:9"' + text[text.index("\nsecret") :]
    (folder / "gateway.toml").write_text(settings)
    status, told = called("sync")
    assert status == 3
    assert set(told["unreachable"]) == {"skole"}
    assert called("plan")[0] == 3


def test_an_unknown_system_is_refused(called):
    status, told = called("sync", "--system", "x")
    assert (status, told["errors"][0]["code"], told["errors"][0]["where"]) == (2, "cli.system_unknown", "x")


APPROVALS = {
    "the sending unit's leader": ("liv", 0, None),
    "another unit's leader": ("eli", 2, "cli.person_unit"),
    "an operator": ("ola", 2, "cli.person_rights"),
    "a coordinator": ("kari", 2, "cli.person_rights"),
    "nobody known": ("nils", 2, "cli.person_unknown"),
}


@pytest.mark.parametrize("who", APPROVALS)
def test_whether_a_flow_can_be_approved_by(who, called):
    person, status, code = APPROVALS[who]
    found, told = called("flow", "approve", "skole", "helse", "--as", person)
    assert found == status
    assert (told["errors"][0]["code"] if code else told.get("errors")) == code
    flows = {(each["from"], each["to"]): each for each in called("flows")[1]["flows"]}
    assert flows["skole", "helse"]["state"] == ("shadow" if code else "approved")
    assert flows["skole", "helse"]["by"] == (None if code else person)


def test_a_flow_is_paused_and_taken_up_again_and_only_one_that_was_paused(called):
    called("flow", "approve", "skole", "helse", "--as", "liv")
    assert called("flow", "resume", "skole", "helse", "--as", "liv")[1]["errors"][0]["code"] == "cli.not_paused"
    assert called("flow", "pause", "skole", "helse", "--as", "ola")[0] == 0
    assert called("flow", "resume", "skole", "helse", "--as", "ola")[1]["errors"][0]["code"] == "cli.person_rights"
    assert called("flow", "resume", "skole", "helse", "--as", "per")[1]["state"] == "approved"
    assert called("flow", "pause", "--all", "--as", "ola")[0] == 0
    assert called("status")[1]["paused"] is True
    assert not any(each["sending"] for each in called("flows")[1]["flows"])
    assert called("flow", "resume", "--all", "--as", "per")[0] == 0
    assert called("status")[1]["paused"] is False
    assert called("flow", "pause", "--as", "ola")[1]["errors"][0]["code"] == "cli.flow_which"


def test_a_flow_that_nobody_approved_cannot_be_opened_by_pausing_and_resuming_it(called):
    assert called("flow", "pause", "skole", "helse", "--as", "ola")[1]["errors"][0]["code"] == "cli.not_approved"
    assert called("flow", "resume", "skole", "helse", "--as", "per")[1]["errors"][0]["code"] == "cli.not_paused"
    flows = {(each["from"], each["to"]): each["state"] for each in called("flows")[1]["flows"]}
    assert flows["skole", "helse"] == "shadow"


NOTHING_THERE = [
    ("consent", "record", "none", "--by", "p", "--service", "school", "--spoken", "x", "--as", "kari"),
    ("consent", "refuse", "none", "--by", "p", "--spoken", "x", "--as", "kari"),
    ("consent", "withdraw", "none", "--by", "p", "--as", "kari"),
    ("consent", "show", "none", "--as", "kari"),
    ("block", "lift", "none", "b", "--reason", "x", "--as", "liv"),
    ("explain", "none", "--as", "kari"),
    ("tasks", "show", "none", "--as", "kari"),
    ("tasks", "resolve", "none", "seen", "--as", "kari"),
    ("erase", "none", "--yes", "--as", "per"),
]


@pytest.mark.parametrize("call", NOTHING_THERE, ids=" ".join)
def test_an_act_on_what_is_not_there_is_refused_and_told_with_a_code(call, called):
    status, told = called(*call)
    assert status == 2
    assert told["errors"][0]["code"].startswith("act.")
    assert told["errors"][0]["text"] != told["errors"][0]["code"]


WRONG = {
    "a consent that says neither how": (("consent", "record", "c", "--by", "p", "--service", "school", "--as", "kari"), "cli.consent_how"),
    "a form that is not there": (("consent", "refuse", "c", "--by", "p", "--form", "none.pdf", "--as", "kari"), "cli.file_missing"),
    "a time without an offset": (("disclosures", "--from", "2026-01-01", "--to", "2026-02-01T00:00:00Z", "--as", "per"), "cli.time"),
    "erasing without a yes": (("erase", "c", "--as", "per"), "cli.confirm"),
    "erasing by a coordinator": (("erase", "c", "--yes", "--as", "kari"), "cli.person_rights"),
    "a task shown to an operator": (("tasks", "show", "t", "--as", "ola"), "cli.person_rights"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_refused_is(what, called):
    call, code = WRONG[what]
    status, told = called(*call)
    assert (status, told["errors"][0]["code"]) == (2, code)


def test_the_audit_log_is_exported_and_holds_for_a_stranger(called, folder, tmp_path):
    called("flow", "approve", "skole", "helse", "--as", "liv")
    status, told = called("audit", "export", tmp_path / "out", "--as", "per")
    assert status == 0
    assert told["leaves"] >= 1
    assert called("audit", "verify", tmp_path / "out")[1]["holds"]
    assert called("audit", "verify")[1]["holds"]
    leaves = tmp_path / "out" / "leaves.jsonl"
    leaves.write_text(leaves.read_text().replace("approved", "shadowed"))
    status, told = called("audit", "verify", tmp_path / "out")
    assert (status, told["holds"]) == (1, False)


def test_keys_are_rotated_by_an_operator_and_the_store_still_opens(called):
    called("sync")
    assert called("keys", "rotate", "--as", "kari")[0] == 2
    assert called("keys", "rotate", "--as", "ola")[1]["version"] == 2
    assert called("status")[0] == 0


def test_the_disclosures_of_a_quiet_time_are_none(called):
    status, told = called(
        "disclosures", "--from", "2026-01-01T00:00:00Z", "--to", "2026-02-01T00:00:00Z", "--as", "per"
    )
    assert (status, told["disclosures"], told["summary"]["disclosures"]) == (0, [], 0)
