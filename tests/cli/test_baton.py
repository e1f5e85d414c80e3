"""``bti baton`` as people use it: rights, the same answer twice, and what a script reads."""

import json
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner

from gateway.cli.root import bti
from gateway.core import casefile
from gateway.core.ages import OSLO
from gateway.core.casefile import CaseFile, Entry
from gateway.core.model import Origin
from gateway.run.opening import open_settings_store
from gateway.run.settings import load_settings
from gateway.run.workfolder import make_folder

SETTINGS = """
tenant = "prove"
municipality = "1120"
model = "klepp"
numbers = "synthetic"
[people.kari]
role = "coordinator"
unit = "skole-1"
title = "Kari Nes"
[people.per]
role = "coordinator"
unit = "skole-1"
[people.psi]
role = "coordinator"
unit = "ppt-1"
[people.liv]
role = "leader"
unit = "skole-1"
[people.dag]
role = "operator"
[units.skole-1]
service = "school"
body = "kommunen"
[units.ppt-1]
service = "ppt"
body = "kommunen"
[systems.lista]
adapter = "manual"
unit = "skole-1"
"""


@pytest.fixture
def call(tmp_path):
    folder = tmp_path / "m"
    make_folder(folder, model="klepp", chance=lambda n: bytes(range(n)))
    (folder / "gateway.toml").write_text(SETTINGS)

    def called(*args):
        told = CliRunner().invoke(bti, ["--config", str(folder / "gateway.toml"), "--json", *args])
        return told.exit_code, json.loads(told.stdout)

    return called


@pytest.fixture
def case(call, tmp_path):
    settings = load_settings(tmp_path / "m" / "gateway.toml")
    store = open_settings_store(settings)
    origin = Origin(service="school", domain="education", unit="skole-1", body="kommunen", system="lista")
    held = {"role": "relay_holder", "holder_name": "Kari Nes", "unit": "skole-1", "service": "school"}
    items = {
        "c1": Entry(kind="case", fields={"status": "active", "subject": "p1"}, origin=origin),
        "t1": Entry(kind="assignment", fields=held, origin=origin),
    }
    with store.write() as tx:
        tx.save_cases([("c1", 0, casefile.encode(CaseFile(id="c1", items=items)))])
    store.close()
    return "c1"


def test_a_hand_over_from_the_command_line(call, case):
    status, told = call("baton", "show", case, "--as", "kari")
    assert (status, told["coordinates"], told["nobody"]) == (0, "relay_holder", False)
    assert told["roles"]["relay_holder"]["holder"]["person"] == "kari"
    status, told = call("baton", "offer", case, "--to", "per", "--wish", "Mor vil ha Per", "--as", "kari")
    assert (status, told["done"], told["holder"]) == (0, "offered", "Kari Nes")
    _, told = call("baton", "show", case, "--as", "liv")
    assert told["roles"]["relay_holder"]["offer"]["wish"] == "Mor vil ha Per"
    assert call("tasks", "list", "--as", "per")[1]["tasks"][0]["kind"] == "offer"
    status, told = call("baton", "accept", case, "--as", "per")
    assert (status, told["done"], told["holder"]) == (0, "accepted", "per")
    assert call("baton", "accept", case, "--as", "per")[1]["done"] == ""
    status, told = call("baton", "correct", case, "--to", "kari", "--reason", "Feil", "--as", "liv")
    assert (told["done"], told["holder"]) == ("corrected", "Kari Nes")
    status, told = call("baton", "end", case, "--reason", "closed", "--as", "kari")
    assert told["done"] == "ended"


@pytest.fixture
def task(call, case):
    call("baton", "offer", case, "--to", "per", "--as", "kari")
    return call("tasks", "list", "--as", "per")[1]["tasks"][0]["id"]


def test_a_task_is_handed_over_and_back_and_put_off_and_taken_up_again(call, task):
    tomorrow = (datetime.now(tz=OSLO).date() + timedelta(days=1)).isoformat()
    assert call("tasks", "hand", task, "liv", "--as", "per") == (0, {"task": task, "to": "liv", "by": "per"})
    assert call("tasks", "list", "--as", "per")[1]["tasks"][0]["owner"] == ["liv"]
    assert call("tasks", "hand", task, "--back", "--as", "liv")[0] == 0
    assert "kari" in call("tasks", "list", "--as", "per")[1]["tasks"][0]["owner"]
    assert call("tasks", "rest", task, tomorrow, "--as", "kari") == (0, {"task": task, "until": tomorrow, "by": "kari"})
    assert call("tasks", "show", task, "--as", "kari")[1]["rests"] is not None
    assert call("tasks", "rest", task, "--over", "--as", "kari")[1]["until"] is None
    assert call("tasks", "show", task, "--as", "kari")[1]["rests"] is None


REFUSED = (
    ("hand", "{task}", "--as", "per", "cli.task_whose"),
    ("hand", "{task}", "liv", "--back", "--as", "per", "cli.task_whose"),
    ("hand", "{task}", "psi", "--as", "per", "act.not_theirs"),
    ("hand", "{task}", "nobody", "--as", "per", "act.not_theirs"),
    ("hand", "{task}", "liv", "--as", "psi", "cli.task_unit"),
    ("hand", "{task}", "liv", "--as", "dag", "cli.person_rights"),
    ("hand", "nothing", "liv", "--as", "per", "act.unknown_task"),
    ("rest", "{task}", "--as", "per", "cli.task_until"),
    ("rest", "{task}", "2000-01-01", "--as", "per", "act.rests"),
    ("rest", "{task}", "2100-01-01", "--as", "per", "act.rests"),
    ("rest", "{task}", "2100-01-01", "--as", "psi", "cli.task_unit"),
)


def test_a_task_is_handed_and_put_off_only_where_the_pages_would(call, task):
    before = call("tasks", "show", task, "--as", "per")[1]
    for *args, code in REFUSED:
        status, told = call("tasks", *(one.format(task=task) for one in args))
        assert (status, told["errors"][0]["code"]) == (2, code), args
    assert call("tasks", "show", task, "--as", "per")[1] == before


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("offer", "--to", "per", "--as", "dag"), "cli.person_rights"),
        (("offer", "--to", "per", "--as", "per"), "baton.not_yours"),
        (("offer", "--to", "nobody", "--as", "kari"), "act.unknown_person"),
        (("offer", "--to", "psi", "--as", "kari"), "baton.service"),
        (("accept", "--as", "per"), "baton.not_yours"),
        (("withdraw", "--as", "kari"), "baton.unknown_offer"),
        (("correct", "--to", "per", "--reason", "x", "--as", "kari"), "cli.person_rights"),
    ],
)
def test_what_somebody_may_not_do_is_told_with_a_code_and_changes_nothing(call, case, args, code):
    verb, *rest = args
    status, told = call("baton", verb, case, *rest)
    assert (status, told["errors"][0]["code"]) == (2, code)
    assert call("baton", "show", case, "--as", "kari")[1]["roles"]["relay_holder"]["holder"]["person"] == "kari"


def test_a_case_that_is_not_there_is_told(call, case):
    status, told = call("baton", "show", "c9", "--as", "kari")
    assert (status, told["errors"][0]["code"]) == (2, "act.unknown_case")
