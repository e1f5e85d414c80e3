"""What a vendor's system tells less of than before is taken back, as when a person records it."""

import pytest

from gateway.core.narrowing import NARROWED, narrows
from gateway.run import acts, settling
from tests.run.test_life import Town
from tests.run.toys import CHILD, MOTHER, able


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    made.sync(2)
    assert made.b.of("concern")
    yield made
    made.world.store.close()


@pytest.mark.parametrize(
    "told",
    [
        {"services": ["school"]},
        {"excluded": [{"kind": "concern"}]},
        {"excluded": [{"category": "concern"}]},
        {"excluded": [{"unit": "b-unit"}]},
        {"categories": ["goal"]},
        {"units": ["another-unit"]},
        {"from_services": ["ppt"]},
    ],
    ids="/".join,
)
def test_a_consent_that_a_vendor_tells_with_less_takes_back_what_the_rest_does_not_carry(town, told):
    town.a.put("consent", "s1", told)
    town.sync()
    assert not town.b.of("concern")
    with town.world.store.read() as tx:
        [of_concern] = [one for one in tx.disclosures(system="b") if "summary" in one.fields]
    assert of_concern.retract_state == "acknowledged"
    assert town.a.of("concern"), "the origin keeps its own"


def test_it_means_the_same_as_when_a_person_records_that_a_service_is_left_out(tmp_path, town):
    folder = tmp_path / "other"
    folder.mkdir()
    other = Town(folder)
    other.sync(2)
    acts.withdraw_consent(
        other.world, other.file.id, by="kari", giver=other.person(MOTHER), services=["health_station"]
    )
    other.sync(2)
    town.a.put("consent", "s1", {"services": ["school"]})
    town.sync(2)
    assert [town.b.of(kind) for kind in ("case", "person", "concern")] == [
        other.b.of(kind) for kind in ("case", "person", "concern")
    ]
    other.world.store.close()


def test_no_import_undoes_it_and_a_new_declaration_does(town):
    town.a.put("consent", "s1", {"services": ["school"]})
    town.sync()
    town.a.put("consent", "s1", {"services": ["school", "health_station"]})
    town.sync(2)
    assert not town.b.of("concern")
    for task in town.tasks():
        if task["kind"] == "claim":
            settling.resolve(town.world, task["id"], "theirs", by="kari")
    town.sync(2)
    assert not town.b.of("concern"), "what was left out is closed until the family speaks anew"
    told = {"decision": "given", "by": town.person(MOTHER), "purpose": "bti", "services": ["school", "health_station"],
            "valid_from": "2026-11-01", "given": town.clock().isoformat(), "form": "written"}  # fmt: skip
    acts.record_consent(town.world, town.file.id, by="kari", unit="a-unit", fields=told)
    town.sync(3)
    assert town.b.of("concern")


def test_what_it_still_covers_stays(town):
    town.a.put("goal", "g1", {"title": "lese"}, case="c1")
    town.sync(2)
    town.a.put("consent", "s1", {"excluded": [{"kind": "concern"}]})
    town.sync(2)
    assert not town.b.of("concern")
    assert town.b.of("goal") == [{"title": "lese"}]
    assert {one["number"] for one in town.b.of("person")} == {CHILD, MOTHER}


@pytest.mark.parametrize(
    ("name", "old", "new", "less"),
    [
        ("services", ["a", "b"], ["b"], True), ("services", ["a"], ["a", "b"], False), ("services", ["a"], ["b"], True),
        ("services", None, ["a"], False), ("excluded", [], [{"kind": "goal"}], True), ("excluded", [{"kind": "goal"}], [], False),
        ("categories", [], ["goal"], True), ("categories", ["goal"], [], False), ("categories", ["goal"], ["goal", "case"], False),
        ("units", ["a", "b"], ["b", "c"], True), ("from_services", None, ["ppt"], True), ("valid_to", "2026-12-31", "2026-11-01", False),
    ],
)  # fmt: skip
def test_a_change_narrows_when_something_is_left_out(name, old, new, less):
    assert narrows(name, old, new) is less
    assert not less or name in NARROWED


def test_a_category_that_a_receiver_may_not_have_any_more_is_taken_back(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    town.can = (able(), able(categories={"case", "person"}))
    town.world.store.close()
    town.world = town.open(town.step)
    town.clock.forward(days=1)
    town.sync(2)
    assert not town.b.of("concern")
    assert town.b.of("case")
    assert town.b.of("person")
    town.world.store.close()


def test_a_withdrawal_reaches_what_a_receiver_took_before_it_stopped_taking_the_kind(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    town.can = (able(), able(writes=frozenset({"case", "person"})))
    town.world.store.close()
    town.world = town.open(town.step)
    town.clock.forward(days=1)
    town.sync(2)
    assert town.b.of("concern"), "nothing was withdrawn"
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
    town.sync(2)
    assert not town.b.of("concern")
    town.world.store.close()
