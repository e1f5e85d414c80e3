"""Who takes part in an individual plan is a member of the care team, both ways, by consent and for the plan alone."""

import msgspec
import pytest
from fhir_bench import adapter
from gateway_fhir_r4.standin import StandIn

from gateway.run import acts, crossings, settling
from gateway.sdk import Capabilities
from tests.run.test_crossing import Place
from tests.run.toys import approve

OPTIONS = {
    "writes": ["assignment", "case", "goal", "measure", "participant", "person", "plan"],
    "services": {"Organization/skole": "school", "Organization/koord": "coordinating_unit"},
    "units": {"Organization/skole": "skole-1"},
    "purposes": {"http://terminology.hl7.org/CodeSystem/v3-ActReason|CAREMGT": "individual_plan"},
    "plan_categories": ["urn:kommune|ip"],
    "case_categories": ["urn:kommune|logg"],
    "tag": "urn:kommune|bti",
}


class Town(Place):
    """The log's town, where plans are kept in a FHIR record."""

    def __init__(self, folder, server, **more):
        super().__init__(folder, third="journal", can=Capabilities(), **more)
        record = adapter(server.url, **OPTIONS)
        self.world = msgspec.structs.replace(self.world, adapters={**self.world.adapters, "journal": record})
        self.server = server
        approve(self.world, ("a", "journal"), ("journal", "a"), ("register", "journal"))
        self.log.put("participant", "d1", {"unit": "skole-1", "since": "2026-02-03", "task": "lese"}, case="c1")
        self.log.put("participant", "d2", {"role": "actor", "service": "child_welfare", "name": "Bo"}, case="c1")
        self.round()

    def begin(self):
        liv = {"holder_name": "Liv Koord", "service": "coordinating_unit"}
        return crossings.begin(self.world, self.case, to=self.name, by="kari", unit="journal-unit", coordinator=liv)

    def members(self):
        """By name the members of all teams in the record."""
        teams = [one for place, one in self.server.records.state()["resources"].items() if place.startswith("CareTeam")]
        return {one.get("member", {}).get("display"): one for team in teams for one in team.get("participant", [])}

    def edit(self, name, **change):
        """Somebody writes in the record."""
        for place, team in self.server.records.state()["resources"].items():
            for one in team.get("participant", []) if place.startswith("CareTeam") else []:
                if one["member"].get("display") == name:
                    one.update(change)
                    self.server.put({**team, "id": place.partition("/")[2]})


@pytest.fixture
def town(tmp_path):
    with StandIn() as server:
        server.put({"resourceType": "Organization", "id": "skole", "name": "skole"})
        made = Town(tmp_path, server)
        yield made
        made.close()


def test_who_takes_part_in_a_plan_is_a_member_of_its_team_with_part_and_period(town):
    town.yes()
    town.round(2)
    assert town.members() == {}, "nothing goes before a person begins"
    town.begin()
    town.round(3)
    told = town.members()["Kari Nes"]
    assert [(one["coding"][0]["code"], one["text"]) for one in told["role"]] == [("actor", "lese")]
    assert told["period"] == {"start": "2026-02-03"}
    assert told["onBehalfOf"] == {"reference": "Organization/skole"}
    assert "Bo" not in town.members(), "a service that the yes does not name takes part in secret"
    assert town.health.of("participant") == []
    [item] = [item for item, one in town.file.of_kind("participant") if one.fields["name"] == "Kari Nes"]
    held = town.file.peers["journal"][item]
    assert (held.refused, held.behind) == ([], {}), "all of it is there"
    asked = len(town.server.asked)
    town.round(2)
    assert not [one for one in town.server.asked[asked:] if one.method in {"PUT", "POST", "DELETE"}], "nothing echoes"


def test_what_the_record_says_of_a_member_comes_back_a_change_here_goes_there_and_a_withdrawal_takes_it_out(town):
    plan = town.yes()
    town.begin()
    town.round(3)
    town.edit("Kari Nes", period={"start": "2026-02-03", "end": "2026-12-01"})
    town.round(2)
    [kari] = [one.fields for _, one in town.file.of_kind("participant") if one.fields["name"] == "Kari Nes"]
    assert kari["until"] == "2026-12-01"
    assert "until" not in town.log.of("participant")[0], "a log's own system is told of no participants"
    town.log.put("participant", "d1", {"name": "Kari Nes Vik"}, case="c1")
    town.round(2)
    assert town.members().keys() >= {"Kari Nes Vik"}
    assert "Kari Nes" not in town.members()
    assert settling.open_tasks(town.world, kind="conflict") == []
    acts.withdraw_consent(town.world, town.case, by="kari", giver=town.person(), consent=plan)
    town.round(3)
    assert town.members().keys() <= {None}, "the end that the record wrote itself is its own, and names nobody"
    assert town.log.of("participant")[0]["name"] == "Kari Nes Vik", "the log keeps its own"
