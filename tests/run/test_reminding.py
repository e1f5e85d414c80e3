"""What waits for the privacy officer stays theirs, and is told again until it is answered."""

from datetime import timedelta

import msgspec
import pytest

from gateway.run import settling, watching
from gateway.run.acts import ActFault
from gateway.run.settings import Person
from gateway.store import Task
from tests.run.test_life import Town


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    people = {
        "liv": Person(role="leader", unit="a-unit", name="liv"),
        "per": Person(role="privacy", name="per"),
    }
    made.world = msgspec.structs.replace(
        made.world, settings=msgspec.structs.replace(made.world.settings, people=people)
    )
    made.sync()
    yield made
    made.world.store.close()


def ask(town, kind, role=None):
    with town.world.store.write() as tx:
        tx.add_tasks([Task(kind=kind, dedupe=kind, at=town.clock(), case=town.file.id, role=role, unit="a-unit")])


def of(town, kind):
    return [one for one in town.tasks() if one["kind"] == kind]


def test_a_request_for_access_is_closed_by_an_answer_and_by_nothing_else(town):
    ask(town, "access", role="privacy")
    [task] = of(town, "access")
    assert (task["owner"], task["answers"]) == (["per"], [])
    for answer in ("seen", "given"):
        with pytest.raises(ActFault, match=r"act\.answer"):
            settling.resolve(town.world, task["id"], answer, by="per")


def test_a_request_past_its_month_is_told_again_every_third_day_and_never_a_leaders(town):
    ask(town, "access", role="privacy")
    town.clock.forward(days=31)
    heard = []
    for _ in range(9):
        watching.escalate(town.world)
        with town.world.store.read() as tx:
            [one] = [each for each in tx.running() if each.kind == "access"]
        heard.append(not one.noticed)
        with town.world.store.write() as tx:
            tx.tasks_noticed([one.id], at=town.clock())
        assert one.role == "privacy"
        town.clock.forward(days=1)
    assert heard == [True, False, False] * 3


DAYS = {"lock": 3, "look": 7, "inform": 7, "copy": 14, "close_log": 14}


@pytest.mark.parametrize("kind", DAYS)
def test_what_somebody_must_do_elsewhere_is_a_leaders_when_its_days_have_passed(town, kind):
    ask(town, kind)
    watching.escalate(town.world)
    [task] = of(town, kind)
    assert task["deadline"] == (town.clock() + timedelta(days=DAYS[kind])).isoformat()
    town.clock.forward(days=DAYS[kind])
    watching.escalate(town.world)
    assert [one["role"] for one in of(town, kind)] == ["leader"]
