"""Scenarios 21, 23 and 28 to 30: what must be answered, what comes after the log, and a family that moves."""

from gateway.run import crossings, settling
from tests.scenarios.municipality import municipality

PLAN = {"skole": "school", "plan": "coordinating_unit", "helse": "health_station"}
WITH_PLAN = {"plan": "individual_plan"}
COORDINATOR = {"holder_name": "Hans Dahl", "service": "coordinating_unit"}


def _entitled(town):
    town.family()
    town.log(services=["health_station"])
    town.consent("skole", "mother", ident="s-plan", services=["coordinating_unit"], purpose="individual_plan")
    town.concern()
    town.put("skole", "measure", "t1", {"title": "Fast voksen", "status": "started", "started_on": "2026-08-02"})
    town.put("skole", "assignment", "r1", {"role": "relay_holder", "holder_name": "Kari Nes", "state": "accepted"})
    town.sync(3)


def test_scenario_28_a_family_that_moves_takes_no_consent_along_and_gets_a_copy(tmp_path):
    services = {"skole": "school", "helse": "health_station", "ny": "school"}
    with municipality(tmp_path / "m", services, bodies={"ny": "en-annen-kommune"}) as town:
        town.family()
        town.log(services=["health_station"])
        town.concern()
        town.sync(3)
        assert town.of("helse", "concern")
        crossings.move(town.world, town.file.id, moved_on="2026-08-03", by="kari", unit="skole-unit")
        kinds = sorted(one["kind"] for one in town.tasks("lock", "copy"))
        assert "copy" in kinds
        assert "lock" in kinds
        town.clock.forward(days=1)
        town.put("skole", "concern", "u1", {"summary": "Skrevet etter flyttingen."})
        town.sync(3)
        for system in ("helse", "ny"):
            assert not town.mentions(system, "Skrevet etter")
        assert town.file.case().fields["status"] == "moved"
        ended = {entry.fields.get("valid_to") for _, entry in town.file.of_kind("consent")}
        assert ended == {"2026-08-03"}


def test_scenario_29_a_plan_that_is_accepted_opens_with_a_coordinator_before_the_log_is_closed_by_a_person(tmp_path):
    with municipality(tmp_path / "m", PLAN, purposes=WITH_PLAN) as town:
        _entitled(town)
        assert not town.of("plan", "measure"), "nothing goes before somebody begins it"
        case = town.file.id
        crossings.begin(town.world, case, to="plan", by="kari", unit="skole-unit", coordinator=COORDINATOR)
        town.sync(3)
        assert [one["title"] for one in town.of("plan", "measure")] == ["Fast voksen"]
        assert not town.of("plan", "concern"), "the yes to a plan is none to the log's worries"
        assert town.file.case().fields["status"] == "active", "a plan closes no log by itself"
        roles = {entry.fields["role"]: entry.fields.get("state") for _, entry in town.file.of_kind("assignment")}
        assert {"plan_coordinator", "relay_holder"} <= roles.keys()
        assert roles["relay_holder"] == "accepted", "the holder holds until the log is closed"
        [task] = town.tasks("close_log")
        settling.resolve(town.world, task["id"], "closed", by="kari")
        assert town.file.case().fields["status"] == "replaced_by_plan"
        [(plan, entry)] = town.file.of_kind("plan")
        assert town.file.case().fields["replaced_by"] == plan
        assert entry.fields["replaces"] == case


def test_scenario_30_a_plan_that_is_declined_leaves_the_log_as_it_is(tmp_path):
    with municipality(tmp_path / "m", PLAN, purposes=WITH_PLAN) as town:
        _entitled(town)
        crossings.decline(town.world, town.file.id, by="kari", unit="skole-unit")
        town.put("skole", "concern", "u1", {"summary": "Loggen går videre."})
        town.sync(3)
        assert town.mentions("helse", "Loggen går videre.")
        assert not town.of("plan", "measure")
        assert town.file.case().fields["status"] == "active"
        assert not town.tasks("close_log")
