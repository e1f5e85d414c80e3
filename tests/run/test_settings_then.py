"""What held on another day decides about that day; and a system that nobody names any more still gives back."""

from datetime import timedelta

import msgspec
import pytest

from gateway.run import acts, settling
from gateway.run.explaining import explain
from gateway.run.life import sync
from gateway.run.settings_then import as_then, note_settings
from tests.run.test_life import Town
from tests.run.toys import MOTHER


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    made.a.put("concern", "k1", {"raised_on": "2026-11-01", "summary": "uro"})
    made.sync(2)
    yield made
    made.world.store.close()


def with_settings(town, **changed):
    settings = msgspec.structs.replace(town.world.settings, **changed)
    town.world = msgspec.structs.replace(town.world, settings=settings)


def fate(town, at=None):
    [item] = [item for item, _ in town.file.of_kind("concern")]
    told = explain(town.world, f"{town.file.id}/{item}", receiver="b", at=at)
    return told["records"][0]["receivers"]["b"]["effect"], told.get("settings_since")


def test_a_decision_of_another_day_is_made_with_the_units_of_that_day(town):
    then = town.clock()
    town.clock.forward(days=2)
    units = town.world.settings.units
    with_settings(town, units={**units, "b-unit": msgspec.structs.replace(units["b-unit"], service="slt")})
    town.sync()
    assert fate(town)[0] == "deny"
    effect, since = fate(town, at=town.clock())
    assert effect == "deny"
    assert since > then.isoformat()
    effect, since = fate(town, at=then)
    assert effect == "permit"
    assert since < then.isoformat()


def test_the_policy_of_that_day_decides_too(town):
    then = town.clock()
    town.clock.forward(days=1)
    with_settings(town, policy=msgspec.structs.replace(town.world.settings.policy, self_consent_age=16))
    town.sync()
    assert as_then(town.world, then)[0].policy().self_consent_age == 15
    assert as_then(town.world, town.clock())[0].policy().self_consent_age == 16


def test_a_time_before_any_round_is_said_to_be_that(town):
    world, since = as_then(town.world, town.clock() - timedelta(days=9))
    assert since is None
    assert world.settings.units == town.world.settings.units


def test_settings_are_noted_once_and_without_what_does_not_decide(town):
    assert not note_settings(town.world)
    systems = town.world.settings.systems
    secret = msgspec.structs.replace(
        systems["b"], url="https://b.example.no", secret="env:HEMMELIG", options={"x": "hemmelig"}
    )
    with_settings(town, systems={**systems, "b": secret})
    assert not note_settings(town.world)
    with_settings(town, systems={**systems, "b": msgspec.structs.replace(secret, purpose="ppt_assessment")})
    assert note_settings(town.world)
    with town.world.store.read() as tx:
        told = "".join(tx.marked("settings/").values())
    assert "ppt_assessment" in told
    assert "example.no" not in told
    assert "emmelig" not in told.lower()


def remove_b(town):
    systems = {name: one for name, one in town.world.settings.systems.items() if name != "b"}
    units = {name: one for name, one in town.world.settings.units.items() if name != "b-unit"}
    with_settings(town, systems=systems, units=units)
    adapters = {name: one for name, one in town.world.adapters.items() if name != "b"}
    town.world = msgspec.structs.replace(town.world, adapters=adapters)


def asked(town):
    return [one for one in town.tasks() if one["kind"] == "retraction"]


def withdrawn(town):
    assert town.b.of("concern")
    remove_b(town)
    town.clock.forward(days=1)
    sync(town.world)
    assert asked(town) == [], "nothing was taken back yet"
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
    town.clock.forward(days=1)
    sync(town.world)
    town.clock.forward(minutes=15)
    sync(town.world)


def test_a_withdrawal_reaches_a_system_that_the_settings_no_longer_name_by_a_persons_hand(town):
    withdrawn(town)
    tasks = asked(town)
    assert {one["system"] for one in tasks} == {"b"}
    with town.world.store.read() as tx:
        orders = tx.orders(cases=[town.file.id], system="b")
        told = tx.disclosures(cases=[town.file.id], system="b")
    assert {one.state for one in orders} == {"by_hand"}
    assert {one.code for one in orders} == {"system.removed"}
    concerns = [item for item, _ in town.file.of_kind("concern")]
    assert {one.retract_state for one in told if one.item in concerns} == {"by_hand"}
    for one in tasks:
        settling.resolve(town.world, one["id"], "removed", by="kari")
    with town.world.store.read() as tx:
        told = tx.disclosures(cases=[town.file.id], system="b")
    assert {one.retract_state for one in told if one.item in concerns} == {"acknowledged"}


def test_who_has_answered_is_not_asked_again_and_who_has_not_is_every_week(town):
    withdrawn(town)
    first = asked(town)
    settling.resolve(town.world, first[0]["id"], "kept", by="kari")
    for _ in range(3):
        town.clock.forward(days=1)
        sync(town.world)
    assert {one["id"] for one in asked(town)} == {one["id"] for one in first[1:]}
    for one in first[1:]:
        settling.resolve(town.world, one["id"], "seen", by="kari")
    town.clock.forward(days=8)
    sync(town.world)
    assert len(asked(town)) == len(first) - 1
