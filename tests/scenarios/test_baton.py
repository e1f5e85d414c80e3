"""Scenarios 5 to 7: exactly one holder, whoever leaves and whatever a system says."""

from gateway.core.hands import holder_of
from gateway.run import acts, batons
from tests.scenarios.municipality import MOTHER, municipality

TWO = {"skole": "school", "helse": "health_station"}


def _held(town, **more):
    town.family()
    town.log(**more)
    holder = {
        "role": "relay_holder", "holder_name": "Kari Nes", "state": "accepted", "since": "2026-08-01",
        "unit": "skole-unit", "service": "school",
    }  # fmt: skip
    town.put("skole", "assignment", "r1", holder)
    town.sync(3)


def _holder(town):
    held = holder_of(town.file, "relay_holder")
    return held[1].fields["holder_name"] if held else None


def test_scenario_5_the_old_holder_holds_until_the_new_one_accepts_and_a_leader_hears_of_it(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        _held(town)
        batons.offer(town.world, town.file.id, by="kari", to="hans")
        town.sync()
        assert _holder(town) == "Kari Nes"
        assert batons.show(town.world, town.file.id)["roles"]["relay_holder"]["offer"]["answer_by"]
        town.clock.forward(days=9)
        town.sync(2)
        assert _holder(town) == "Kari Nes"
        assert [one["unit"] for one in town.tasks("handover")] == ["skole-unit"], (
            "the leader of the holder's unit has the question too"
        )
        town.clock.forward(days=9)
        town.sync(2)
        assert _holder(town) == "Kari Nes", "an offer that nobody took is over, and nobody else holds"
        assert not batons.show(town.world, town.file.id)["roles"]["relay_holder"]["offer"]


def test_scenario_6_two_systems_that_name_different_holders_are_a_task_and_nobodys_last_word(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        _held(town)
        [theirs] = [one.id for one in town.products["helse"].records.values() if one.kind == "assignment"]
        town.put("helse", "assignment", theirs, {"holder_name": "Hans Dahl", "unit": "helse-unit"})
        town.sync(2)
        assert _holder(town) == "Kari Nes"
        assert len(town.tasks("claim")) == 1
        town.sync(2)
        assert [one["holder_name"] for one in town.of("skole", "assignment")] == ["Kari Nes"]


def test_scenario_7_a_holder_in_a_service_that_the_yes_does_not_name_waits_for_the_consent(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        _held(town, services=["ppt"])
        batons.offer(town.world, town.file.id, by="kari", to="hans")
        batons.accept(town.world, town.file.id, by="hans")
        town.sync()
        assert _holder(town) == "Kari Nes"
        assert batons.show(town.world, town.file.id)["roles"]["relay_holder"]["offer"]["waits_for_consent"]
        said = {"decision": "given", "by": town.person(MOTHER), "purpose": "bti", "form": "written",
                "services": ["health_station"], "valid_from": "2026-08-01", "given": "2026-08-03T09:00:00+02:00"}  # fmt: skip
        acts.record_consent(town.world, town.file.id, by="kari", unit="skole-unit", fields=said)
        town.sync(2)
        assert _holder(town) == "Hans Dahl"
