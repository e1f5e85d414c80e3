"""Through the engine: a log is archived when it has ended, once, and nothing is ever asked back from the archive."""

import io
import json
from datetime import UTC

import msgspec
import pytest
from gateway_fiks_arkiv.kit import connected
from gateway_fiks_arkiv.message import CATALOGUE, SPACE
from gateway_fiks_arkiv.standin import OURS, StandIn
from gateway_fiks_io.message import CLIENT_ID
from pypdf import PdfReader
from test_message import needs_font

from gateway.run import acts, settling
from gateway.run.opening import _printed
from gateway.sdk import Capabilities
from gateway.sdk.testing import Watch
from gateway.sdk.xmlio import parse
from tests.run.test_crossing import Place
from tests.run.toys import approve

pytestmark = needs_font


class Town(Place):
    """The log's town, with an archive as the third system."""

    def __init__(self, folder, standin):
        super().__init__(folder, third="arkiv", service="school", purpose="bti", can=Capabilities())
        adapter = connected(standin, Watch())
        printed = lambda release: _printed(self.world.settings, release)  # noqa: E731
        adapter.context = msgspec.structs.replace(adapter.context, printed=printed)
        self.world = msgspec.structs.replace(self.world, adapters={**self.world.adapters, "arkiv": adapter})
        self.standin, self.adapter = standin, adapter
        approve(self.world, ("a", "arkiv"))
        self.round(2)

    def end(self):
        self.log.put("case", "c1", {"status": "closed", "closed_on": "2026-03-10"}, case="c1")
        self.round(2)

    def text(self, key=None):
        [document] = [one for name, (_, one) in self.standin.kept.items() if key in {None, name}]
        return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(document)).pages)

    def sendings(self):
        """How far each has come that is still under way."""
        after = self.clock().replace(year=2020).astimezone(UTC)
        return [one.state for one in self.world.store.vault.under_way("arkiv", after=after)]

    def mine(self):
        return [one for one in settling.open_tasks(self.world) if one["system"] == "arkiv"]


@pytest.fixture
def standin():
    with StandIn() as made:
        yield made


@pytest.fixture
def town(tmp_path, standin):
    made = Town(tmp_path, standin)
    yield made
    made.adapter.close()
    made.close()


def test_a_log_is_archived_when_it_has_ended_and_not_before(town, standin):
    assert standin.office.sent == []
    town.end()
    standin.work()
    assert len(standin.kept) == len(standin.office.sent) == 1
    text = town.text()
    assert "leser lite" in text
    assert "lesetime" in text
    town.round()
    assert town.sendings() == ["delivered"]
    standin.settle()
    town.round()
    assert town.sendings() == []
    town.adapter.close()
    assert not standin.broker.accounts[OURS].waiting, "what is written down has left the queue"
    assert town.mine() == [], "who says that it is archived needs nobody to look"
    town.log.put("measure", "m1", {"effect": "leser mer"}, case="c1")
    town.round(2)
    assert len(standin.office.sent) == 1


def folders(standin):
    """The case files, each with what it points to."""
    spaces = {"a": SPACE, "m": CATALOGUE}
    return {
        key: parse(message).findtext("a:mappe/a:kryssreferanse/a:referanseTilMappe//m:noekkel", namespaces=spaces)
        for key, (message, _) in standin.kept.items()
    }


def test_a_log_that_is_opened_again_is_archived_again_when_it_ends_once_and_points_to_the_former(town, standin):
    town.end()
    standin.work()
    standin.settle()
    town.round(2)
    assert len(standin.office.sent) == len(standin.kept) == 1
    town.log.put("case", "c1", {"status": "active", "closed_on": None}, case="c1")
    town.round(2)
    assert len(standin.office.sent) == 1, "an open log is not archived"
    town.log.put("measure", "m1", {"effect": "leser alene"}, case="c1")
    town.end()
    standin.work()
    town.round(3)
    assert len(standin.office.sent) == 2
    first, second = told = folders(standin)
    assert told == {first: None, second: first}
    assert "leser alene" in town.text(second)
    assert "leser alene" not in town.text(first)
    assert town.mine() == []


@pytest.mark.parametrize("when", ["sent"])
def test_a_process_that_dies_while_a_log_is_archived_again_archives_it_once(town, standin, when):
    class Crash(BaseException):
        pass

    town.end()
    standin.work()
    town.round(2)
    town.log.put("case", "c1", {"status": "active", "closed_on": None}, case="c1")
    town.round(2)
    left = [1]

    def step(name):
        if name == when and left:
            left.clear()
            raise Crash

    whole = town.world
    town.world = msgspec.structs.replace(whole, step=step)
    with pytest.raises(Crash):
        town.end()
    town.world = whole
    town.round(3)
    standin.work()
    assert len(standin.kept) == 2
    named = {one["headere"][CLIENT_ID] for one in standin.office.sent}
    assert len(named) == 2, "whatever was sent twice says that it is the same"


def test_a_withdrawal_leaves_the_archive_as_it_is_and_says_why(town, standin):
    town.end()
    standin.work()
    kept = dict(standin.kept)
    item = next(item for item, entry in town.file.of_kind("consent") if entry.fields.get("purpose") == "bti")
    acts.withdraw_consent(town.world, town.case, by="kari", giver=town.person(), consent=item)
    town.round(2)
    standin.work()
    assert standin.kept == kept
    assert len(standin.office.sent) == 1
    with town.world.store.read() as tx:
        orders = [one for one in tx.orders(cases=[town.case]) if one.system == "arkiv"]
    assert {(one.state, one.code) for one in orders} == {("refused", "archive.kept")}


def test_an_archive_that_says_no_is_a_task_for_a_person(town, standin):
    standin.partly = True
    town.end()
    standin.work()
    standin.settle()
    town.round()
    [task] = town.mine()
    assert task["kind"] == "refused"
    body = settling.show(town.world, task["id"])
    assert "arkiv.partly" in json.dumps(body, default=str)
