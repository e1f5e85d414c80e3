"""What is explained of a past moment is what was decided then, and a record's life is told step by step."""

import pytest

from gateway.run import acts, explaining
from tests.run.test_life import Town
from tests.run.toys import CHILD, MOTHER


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    yield made
    made.world.store.close()


def fate(town, kind="concern", at=None):
    item = town.file.of_kind(kind)[0][0]
    told = explaining.explain(town.world, f"{town.file.id}/{item}", receiver="b", at=at)
    return told["records"][0]["receivers"]["b"]


def test_a_block_that_was_lifted_since_still_closes_the_time_when_it_stood(town):
    town.sync(2)
    block = acts.set_block(
        town.world, town.file.id, by="kari", service="health_station", valid_from=None, valid_to=None
    )
    during = town.clock.at
    town.clock.forward(days=1)
    acts.lift_block(town.world, town.file.id, by="liv", block=block, reason="familien ba om det")
    assert fate(town)["effect"] == "permit"
    then = fate(town, at=during)
    assert (then["effect"], then["rules"]) == ("deny", ["X7"])


def test_whom_an_item_was_about_and_who_wrote_it_are_told_as_of_then(town):
    town.sync(2)
    before = town.clock.at
    town.clock.forward(hours=1)
    town.a.put("person", "p9", {"birth_date": "1990-01-01", "role": "sibling"}, case="c1")
    town.a.put("concern", "k1", {"area": "sleep"}, case="c1", about=["p1", "p9"])
    town.sync()
    assert "B11" in fate(town)["rules"] or fate(town)["effect"] == "deny"
    assert fate(town, at=before)["effect"] == "permit"


def test_parents_were_not_kept_out_before_the_child_asked_for_it(town):
    town.sync(2)
    before = town.clock.at
    town.clock.forward(hours=1)
    acts.change_case(town.world, town.file.id, "kari", "withheld", _withhold)
    assert town.file.of_kind("concern")[0][1].withheld_from_parents
    with town.world.store.read() as tx:
        then = explaining.past(tx, town.file.id, before)
    assert not then.file.of_kind("concern")[0][1].withheld_from_parents
    assert then.complete


def _withhold(file):
    file.of_kind("concern")[0][1].withheld_from_parents = True
    return []


def test_the_life_of_a_record_names_every_step_with_its_time(town):
    town.sync(2)
    concern = town.file.of_kind("concern")[0][0]
    told = explaining.explain(town.world, f"{town.file.id}/{concern}", receiver="b")["records"][0]
    steps = [(one["step"], one["state"]) for one in told["life"]]
    assert steps == [
        ("fetch", "done"), ("read", "done"), ("match", "done"), ("merge", "done"), ("keep", "done"),
        ("release", "permit"), ("deliver", "accepted"), ("prove", "disclosed"),
    ]  # fmt: skip
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
    town.sync(2)
    told = explaining.explain(town.world, f"{town.file.id}/{concern}", receiver="b")["records"][0]
    states = {(one["step"], one["state"]) for one in told["life"]}
    assert {("release", "deny"), ("prove", "acknowledged")} <= states


def test_what_a_receiver_held_then_is_told_of_then(town):
    before = town.clock.at
    town.clock.forward(hours=1)
    town.sync(2)
    held = town.clock.at
    town.clock.forward(hours=1)
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
    town.sync(2)
    assert fate(town, at=held)["held"] == ["raised_on", "summary"]
    assert fate(town)["held"] == []
    with pytest.raises(acts.ActFault) as none:
        explaining.explain(town.world, f"{town.file.id}/{town.person(CHILD)}", receiver="b", at=before)
    assert none.value.code == "act.unknown_record"
