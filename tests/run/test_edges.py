"""Edges of the engine that once let something slip: each a story, short."""

import json
from datetime import timedelta

import pytest

from gateway.core.model import Origin
from gateway.run import intake, outlet
from gateway.run.life import mark_everything
from gateway.run.observing.logs import EventLog
from gateway.sdk import Fault, Page, Receipt, Unreachable
from tests.run.test_life import Town
from tests.run.toys import able, approve


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    yield made
    made.world.store.close()


def in_batches(town, each):
    """The receiver takes batches, and its format cannot carry the first; ``each`` is called for every one alone."""
    adapter = town.world.adapters["b"]
    adapter.capabilities = able(batch=50)
    asked = []

    def deliver_batch(releases):
        asked.append(len(releases))
        if len(releases) > 1:
            raise Fault("mapping.not_carried", "$.x")
        return [each(*releases[0])]

    adapter.deliver_batch = deliver_batch
    return adapter, asked


def test_a_system_found_down_while_a_batch_goes_one_by_one_is_not_asked_for_the_rest(town):
    def down(_release, _key):
        raise Unreachable("http.connect")

    _, asked = in_batches(town, down)
    tally = town.sync()
    assert tally.unreachable == {"b": "http.connect"}
    assert asked == [2, 1], "the batch, and one of it"


def test_what_a_decision_grows_too_old_for_while_a_batch_goes_one_by_one_is_decided_anew(town):
    adapter, asked = in_batches(town, lambda release, key: adapter.deliver(release, key))  # noqa: PLW0108 - looked up when it is called
    deliver = adapter.deliver

    def slow(release, key):
        town.clock.at += timedelta(seconds=outlet.FRESH + 1)
        return deliver(release, key)

    adapter.deliver = slow
    town.sync(3)
    assert town.b.of("concern")
    assert asked.count(1) >= 4
    first = asked.index(1)
    assert asked[first + 1] != 1 or len(asked) > first, "the second of a batch waits for a new look"


def test_another_unit_brings_its_own_body_and_one_that_nobody_knows_brings_none(town):
    source = town.world.source(town.world.settings.systems["a"])
    school = Origin(service="school", domain="education", unit="a-unit", body="toy-kommune", system="a")
    assert source.told_by(None, None) == source.told_by(None, "a-unit") == school
    theirs = source.told_by(None, "register-unit")
    assert (theirs.service, theirs.unit, theirs.body) == ("coordinating_unit", "register-unit", "state")
    assert source.told_by("ppt", "nowhere") == Origin(
        service="ppt", domain="ppt", unit="nowhere", body=None, system="a"
    )


@pytest.mark.parametrize("read_back", [True, False])
def test_after_a_restore_what_was_made_before_is_known_by_the_receivers_own_id(tmp_path, read_back):
    town = Town(tmp_path, can_b=able(idempotency_key=True, read_back=read_back), flows=False)
    town.world.adapters["b"].fetch = lambda _: Page()
    town.sync(2)
    town.world.store.close()
    backup = (tmp_path / "main.db").read_bytes()
    town.world = town.open()
    approve(town.world)
    mark_everything(town.world, ["b"])
    town.sync(2)
    natives = {key[1] for key in town.b.records}
    assert len(natives) == 4
    town.world.store.close()
    for path in tmp_path.glob("main.db*"):
        path.unlink()
    (tmp_path / "main.db").write_bytes(backup)
    town.world = town.open()
    approve(town.world)
    mark_everything(town.world, ["b"])
    town.world.adapters["b"].fetch = lambda _: Page()
    town.sync(4)
    held = {peer.native for peer in town.file.peers["b"].values()}
    assert held == natives
    assert {key[1] for key in town.b.records} == natives, "nothing is made twice"
    town.world.store.close()


def test_a_receiver_without_names_of_its_own_goes_by_ours(town):
    adapter = town.world.adapters["b"]
    adapter.deliver = lambda release, key: Receipt(key=key, state="accepted")
    town.sync()
    held = town.file.peers["b"]
    assert {item for item, peer in held.items() if peer.native == item} >= {town.file.id}


@pytest.fixture
def events(capsys):
    """What the log writes from here on."""
    return lambda: json.loads(capsys.readouterr().err)


@pytest.mark.parametrize("event", ["Ola Normann leser lite", "fetched 06821099739", "x" * 80, "feil\n{}"])
def test_an_events_name_that_is_no_name_is_not_repeated(event, events):
    EventLog("a").info(event, count=3)
    told = events()
    assert (told["event"], told["count"]) == ("adapter.event", 3)


def test_an_events_name_is_told(events):
    EventLog("a").warning("page.fetched")
    assert events()["event"] == "page.fetched"


def test_what_waits_is_read_again_in_pages_and_what_is_too_much_in_the_next_round(town, monkeypatch):
    monkeypatch.setattr(intake, "AT_ONCE", 3)
    monkeypatch.setattr(intake, "AGAIN", 5)
    for at in range(8):
        town.a.put("concern", f"late{at}", {"raised_on": "2026-02-02", "area": f"a{at}"}, case="c9")
    town.sync()
    with town.world.store.read() as tx:
        assert len(tx.quarantined("a")) == 8
    town.a.put("person", "p9", {"number": "17908599950", "role": "subject", "birth_date": "1985-10-17"}, case="c9")
    town.a.put("case", "c9", {"subject": "p9", "status": "active"}, case="c9")
    town.sync()
    with town.world.store.read() as tx:
        assert len(tx.quarantined("a")) == 3
        assert tx.remembered("look again/a") == "yes"
    town.sync(2)
    with town.world.store.read() as tx:
        assert not tx.quarantined("a")
        assert not tx.remembered("look again/a")
