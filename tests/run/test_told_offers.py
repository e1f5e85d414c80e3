"""An offer that a product carries out is asked about in the product, and never forgotten here."""

import itertools

import pytest

from gateway.run import batons
from tests.run.test_batons import BatonTown


@pytest.fixture
def town(tmp_path):
    made = BatonTown(tmp_path, protocol=("a",))
    yield made
    made.world.store.close()


def offer(town, **told):
    town.tells("a", "t2", holder_name="Cato Helse", state="offered", unit="b-unit", service="health_station", **told)
    town.sync(2)


def marked(town):
    with town.world.store.read() as tx:
        return list(tx.marked(batons.TOLD))


def test_an_offer_and_its_yes_in_the_product_ask_nobody_here(town):
    offer(town, offered_on="2026-11-21")
    assert (town.holder, town.kinds(), marked(town)) == ("Ada Lærer", [], [town.file.id])
    town.clock.forward(days=2)
    town.tells("a", "t1", state="ended", until="2026-11-23")
    town.tells("a", "t2", state="accepted", since="2026-11-23")
    town.sync(2)
    assert (town.holder, town.kinds(), marked(town)) == ("Cato Helse", [], [])


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
    real, versions = batons._stands, itertools.count(100)

    def stands(world, case):
        found = real(world, case)
        with world.store.write() as tx:
            tx.remember(f"{batons.TOLD}{case}", str(next(versions)))
        return found

    monkeypatch.setattr(batons, "_stands", stands)
    town.sync(1)
    assert marked(town) == [town.file.id]
    monkeypatch.undo()
    town.sync(1)
    assert marked(town) == [], "looked at again, and over"


def test_a_case_that_was_erased_leaves_no_mark(town):
    offer(town, offered_on="2026-11-21")
    town.world.store.erase(town.file.id, by="p", at=town.clock())
    assert batons.pass_time(town.world) == 0
    assert marked(town) == []
