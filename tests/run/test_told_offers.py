"""An offer that a product carries out is asked about in the product, and never forgotten here."""

import itertools

import msgspec
import pytest

from gateway.run import offers
from tests.run.test_batons import BatonTown


@pytest.fixture
def make(tmp_path):
    made = []

    def town(**more):
        made.append(BatonTown(tmp_path, **more))
        return made[-1]

    yield town
    for one in made:
        one.world.store.close()


@pytest.fixture
def town(make):
    return make(protocol=("a",))


def offer(town, **told):
    town.tells("a", "t2", holder_name="Cato Helse", state="offered", unit="b-unit", service="health_station", **told)
    town.sync(2)


def marked(town):
    with town.world.store.read() as tx:
        return list(tx.marked(offers.TOLD))


def test_an_offer_and_its_yes_in_the_product_ask_nobody_here(town):
    offer(town, offered_on="2026-11-21")
    assert (town.holder, town.kinds(), marked(town)) == ("Ada Lærer", [], [town.file.id])
    town.clock.forward(days=2)
    town.tells("a", "t1", state="ended", until="2026-11-23")
    town.tells("a", "t2", state="accepted", since="2026-11-23")
    town.sync(2)
    assert (town.holder, town.kinds(), marked(town)) == ("Cato Helse", [], [])


def test_a_yes_that_is_told_on_the_last_day_asks_no_leader(town):
    """It waits for the look at the consent within the round, and passes in it."""
    offer(town, offered_on="2026-11-21")
    town.clock.forward(days=7)
    town.tells("a", "t1", state="ended", until="2026-11-28")
    town.tells("a", "t2", state="accepted", since="2026-11-28")
    town.sync(2)
    assert (town.holder, town.kinds()) == ("Cato Helse", [])


def test_an_offer_that_nobody_answers_there_is_the_leaders_on_its_day_and_lapses_on_the_other(town):
    offer(town, offered_on="2026-11-21")
    town.clock.forward(days=6)
    town.sync(2)
    assert town.kinds() == []
    town.clock.forward(days=1)
    town.sync(2)
    assert [(one["kind"], one["owner"]) for one in town.tasks() if one["kind"] == "handover"] == [("handover", ["liv"])]
    town.clock.forward(days=7)
    town.sync(2)
    assert (town.holder, town.kinds(), marked(town)) == ("Ada Lærer", [], [])
    assert ("Cato Helse", "expired") in town.states()


def test_an_offer_without_a_day_is_asked_about_here_since_no_day_would_bring_it_back(town):
    offer(town)
    assert town.kinds() == ["offer"]


def test_an_offer_told_of_while_another_ends_is_not_forgotten(town, monkeypatch):
    """Between the look at a case and the end of its mark, another lane may keep an offer."""
    offer(town, offered_on="2026-11-21")
    town.tells("a", "t2", state="declined")
    real, versions = offers._stands, itertools.count(100)

    def stands(world, case):
        found = real(world, case)
        with world.store.write() as tx:
            tx.remember(f"{offers.TOLD}{case}", str(next(versions)))
        return found

    monkeypatch.setattr(offers, "_stands", stands)
    town.sync(1)
    assert marked(town) == [town.file.id]
    monkeypatch.undo()
    town.sync(1)
    assert marked(town) == [], "looked at again, and over"


def test_a_case_that_was_erased_leaves_no_mark(town):
    offer(town, offered_on="2026-11-21")
    town.world.store.erase(town.file.id, by="p", at=town.clock())
    assert offers.pass_time(town.world) == 0
    assert marked(town) == []


@pytest.fixture
def opened(monkeypatch):
    """The cases that a look at offers opens, as they come."""
    found, real = [], offers._look
    monkeypatch.setattr(offers, "_look", lambda world, case, terms: (found.append(case), real(world, case, terms))[1])
    return found


def test_a_case_with_an_offer_is_opened_on_its_days_and_when_it_changed_and_else_left_closed(town, opened):
    def looked(days=0):
        town.clock.forward(days=days)
        opened.clear()
        made = offers.pass_time(town.world)
        return made, len(opened)

    town.act("offer", "ada", to="bo")
    assert [looked(), looked(), looked(days=6)] == [(0, 1), (0, 0), (0, 0)]
    assert [looked(days=1), looked(), looked(days=6)] == [(1, 1), (0, 0), (0, 0)], "on the seventh day a leader's"
    town.a.put("concern", "k1", {"summary": "noe nytt"})
    opened.clear()
    town.sync(1)
    assert town.file.id in opened, "looked at in the round that brought the change"
    looked()
    assert looked() == (0, 0)
    assert town.kinds() == ["handover", "offer"]
    assert looked(days=1) == (0, 1)
    assert (town.kinds(), looked()) == ([], (0, 0)), "over on the fourteenth, and no case is left to look at"
    with town.world.store.read() as tx:
        assert tx.marked(offers.RESTS) == {}


def test_other_days_in_the_model_are_asked_about_at_once(town, opened, monkeypatch):
    town.act("offer", "ada", to="bo")
    offers.pass_time(town.world)
    town.clock.forward(days=3)
    terms = offers.baton_terms(town.world.settings)
    sooner = msgspec.structs.replace(terms, answer_days=2)
    monkeypatch.setattr(offers, "baton_terms", lambda settings: sooner)
    assert offers.pass_time(town.world) == 1
    assert town.kinds() == ["handover", "offer"]


def test_a_yes_that_waits_for_the_consent_is_looked_at_every_time(make, opened):
    town = make()
    town.act("offer", "ada", to="gro")
    town.act("accept", "gro")
    offers.pass_time(town.world)
    offers.pass_time(town.world)
    assert opened == [town.file.id] * 2
