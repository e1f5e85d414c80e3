"""A log in a product for relay logs and a health record: both ways through the engine, with consent, on a real store."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from gateway_fhir_r4.standin import Abilities, StandIn

from gateway.core import casefile
from gateway.run import acts, settling
from gateway.run.life import sync
from gateway.run.opening import open_world
from gateway.run.plugins import load_plugins
from gateway.run.settings import parse_settings
from gateway.run.workfolder import make_folder
from gateway.run.world import World
from gateway.sdk.simulator import Simulator

HERSELF = "17908599950"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
SETTINGS = """
tenant = "t"
municipality = "1120"
model = "klepp"
numbers = "synthetic"
[people.kari]
role = "leader"
unit = "skole-1"
[units.skole-1]
service = "school"
body = "kommunen"
[units.hs-1]
service = "health_station"
body = "kommunen"
[systems.logg]
adapter = "bti-exchange"
unit = "skole-1"
url = "{logg}"
secret = "file:keys/logg.token"
asserts = ["consent", "protection"]
[systems.journal]
adapter = "fhir-r4"
unit = "hs-1"
url = "{journal}"
secret = "file:keys/logg.token"
[systems.journal.options]
writes = ["person", "case", "concern", "goal", "measure", "assignment"]
tag = "urn:kommune|bti"
feed = "{feed}"
closing_note = "stafettlogg"
[systems.journal.options.flags]
"urn:kommune|uro" = "concern"
[systems.journal.options.handovers]
"urn:kommune|stafett" = "relay_holder"
"""
CASE = {"case": "c1", "about": ["p1"]}


class Town:
    """A product for relay logs, a health record, and the gateway between them."""

    def __init__(self, folder: Path, *, feed: str = "history", able: Abilities | None = None) -> None:
        self.folder = folder / "m"
        make_folder(self.folder, model="klepp", chance=os.urandom)
        kind: Any = load_plugins(only={"bti-exchange"}).adapters["bti-exchange"]
        self.logg = Simulator(kind.resources, secret="logg")
        self.logg.__enter__()
        self.journal = StandIn(able=able)
        self.journal.__enter__()
        token = self.folder / "keys" / "logg.token"
        token.write_text("logg")
        token.chmod(0o600)
        told = SETTINGS.format(logg=self.logg.url, journal=self.journal.url, feed=feed)
        settings = parse_settings(told, file=self.folder / "gateway.toml")
        self.at = datetime(2026, 11, 21, 12, tzinfo=UTC)
        self.world: World = open_world(settings, load_plugins(only=settings.adapters()), clock=lambda: self.at)
        assert self.world.broken == {}
        for source, target in (("logg", "journal"), ("journal", "logg")):
            acts.set_flow(self.world, source, target, "approved", by="kari")

    def make(self, kind: str, ident: str, fields: dict[str, Any]) -> None:
        self.logg.make(kind, {"kind": kind, "category": kind, **CASE, "fields": fields}, ident=ident)

    def tell(self, *, consent: bool = True) -> None:
        """A grown woman's log, with a concern, a goal, a measure and who holds the baton; she consents herself."""
        self.make("person", "p1", {"number": HERSELF, "role": "subject", "birth_date": "1985-10-17",
                                   "given_name": "Ada", "family_name": "Lund", "protection": "none"})  # fmt: skip
        self.make("case", "c1", {"subject": "p1", "status": "active", "opened_on": "2026-01-10"})
        self.make("concern", "k1", {"raised_on": "2026-02-01", "summary": "Søv dårleg"})
        self.make("goal", "m1", {"title": "Søv heile natta", "status": "active"})
        self.make("measure", "t1", {"title": "Samtale kvar veke", "status": "decided", "goals": ["m1"]})
        if consent:
            self.make("consent", "s1", {
                "decision": "given", "by": "p1", "purpose": "bti", "services": ["health_station", "school"],
                "valid_from": "2026-01-01", "given": "2026-01-01T10:00:00+01:00"})  # fmt: skip

    def sync(self, times: int = 1) -> Any:
        for _ in range(times):
            tally = sync(self.world)
            self.at += timedelta(hours=1)
        return tally

    def held(self, kind: str = "") -> dict[str, Any]:
        found = self.journal.records.state()["resources"]
        return {name: one for name, one in found.items() if name.startswith(kind)}

    def one(self, kind: str) -> dict[str, Any]:
        (found,) = self.held(f"{kind}/").values()
        return dict(found)

    def edit(self, kind: str, **news: Any) -> None:
        """A user of the record changes the one resource of a type."""
        self.journal.put({**self.one(kind), **news})

    def logged(self, kind: str) -> list[dict[str, Any]]:
        return [one.body["fields"] for one in self.logg.records.values() if one.kind == kind]

    def writes(self) -> tuple[int, int]:
        """How much was written in the record and in the log."""
        return self.journal.records.state()["writes"], sum(one.writes for one in self.logg.records.values())

    @property
    def file(self) -> Any:
        with self.world.store.read() as tx:
            (case,) = tx.case_ids()
            return casefile.decode(tx.load_cases([case])[case][1])

    def tasks(self) -> list[str]:
        return [str(one["kind"]) for one in settling.open_tasks(self.world)]

    def close(self) -> None:
        for adapter in self.world.adapters.values():
            adapter.close()
        self.world.store.close()
        self.logg.close()
        self.journal.close()


@pytest.fixture
def town(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Town]:
    made = Town(tmp_path, **getattr(request, "param", {}))
    yield made
    made.close()


def test_a_log_appears_in_the_record_as_one_transaction_and_nothing_echoes(town) -> None:
    town.tell()
    tally = town.sync()
    assert tally.delivered["journal"] == 5
    assert [one.method for one in town.journal.asked if one.path == "/fhir"] == ["POST"]
    assert {name.partition("/")[0] for name in town.held()} == {"Patient", "CarePlan", "Flag", "Goal", "Task"}
    assert town.one("Goal")["description"] == {"text": "Søv heile natta"}
    writes = town.writes()
    town.sync(3)
    assert town.writes() == writes
    assert town.tasks() == []
    assert len(town.file.items) == 6


def test_an_edit_on_either_side_reaches_the_other(town) -> None:
    town.tell()
    town.sync(2)
    town.edit("Goal", lifecycleStatus="completed", achievementStatus={"coding": [
        {"system": "http://terminology.hl7.org/CodeSystem/goal-achievement", "code": "achieved"}]})  # fmt: skip
    town.logg.edit("measure", "t1", {"fields": {"title": "Samtale kvar dag", "status": "decided"}})
    town.sync(2)
    assert [one["status"] for one in town.logged("goal")] == ["reached"]
    assert town.one("Task")["code"] == {"text": "Samtale kvar dag"}
    assert town.tasks() == []


def test_what_the_record_makes_reaches_the_log(town) -> None:
    town.tell()
    town.sync(2)
    town.journal.put({
        "resourceType": "Goal", "id": "hs", "lifecycleStatus": "proposed", "description": {"text": "Tur kvar dag"},
        "subject": town.one("Goal")["subject"], "meta": {"tag": [{"system": "urn:kommune", "code": "bti"}]},
    })  # fmt: skip
    town.sync(2)
    assert {one["title"] for one in town.logged("goal")} == {"Søv heile natta", "Tur kvar dag"}


def test_nothing_is_written_without_consent(town) -> None:
    town.tell(consent=False)
    assert town.sync().withheld > 0
    assert town.held() == {}


def test_an_edit_on_both_sides_is_a_task_and_neither_is_lost(town) -> None:
    town.tell()
    town.sync(2)
    town.edit("Goal", description={"text": "Søv til sju"})
    town.logg.edit("goal", "m1", {"fields": {"title": "Søv til åtte", "status": "active"}})
    town.sync(3)
    assert "conflict" in town.tasks()
    assert town.one("Goal")["description"] == {"text": "Søv til sju"}
    assert {one["title"] for one in town.logged("goal")} == {"Søv til åtte"}


@pytest.mark.parametrize("town", [{"able": Abilities()}, {"able": Abilities(deletes=False)}], indirect=True)
def test_a_withdrawal_takes_back_all_that_was_written(town) -> None:
    town.tell()
    town.sync(2)
    giver = next(item for item, _ in town.file.of_kind("person"))
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=giver)
    tally = town.sync()
    assert tally.retracted >= 5
    said = str(list(town.held().values()))
    for words in ("Søv", "Samtale", "Lund", HERSELF):
        assert words not in said
    assert town.held() == {} or not town.journal.able.deletes
    assert town.sync(2).retracted == 0
    assert {one["title"] for one in town.logged("goal")} == {"Søv heile natta"}, "the origin keeps its own"


def test_a_lost_answer_is_found_out_and_nothing_is_there_twice(town) -> None:
    town.tell()
    town.journal.troubles.order({"faults": [{"what": "lost", "on": "write"}]})
    town.sync(3)
    assert {name.partition("/")[0] for name in town.held()} == {"Patient", "CarePlan", "Flag", "Goal", "Task"}
    assert len(town.held()) == 5
    town.logg.edit("goal", "m1", {"fields": {"title": "Søv godt", "status": "active"}})
    town.sync(3)
    assert town.one("Goal")["description"] == {"text": "Søv godt"}


def test_a_goal_that_is_deleted_in_the_record_is_gone_or_asked_about(town) -> None:
    town.tell()
    town.sync(2)
    goal = town.one("Goal")
    town.journal.put({"resourceType": "Goal", "id": goal["id"], "_deleted": True})
    tally = town.sync(2)
    assert tally.quarantined == 0
    assert town.tasks() != []
    assert {one["title"] for one in town.logged("goal")} == {"Søv heile natta"}, "what the school wrote is the school's"


def test_a_part_that_the_record_refuses_is_a_task_and_the_rest_arrives(tmp_path) -> None:
    town = Town(tmp_path, able=Abilities(transaction=False, batch=False))
    town.tell()
    town.make("goal", "m2", {"title": "Tur", "status": "active", "area": "mellomrom | feil"})
    town.journal.able = Abilities(transaction=False, batch=False, types=_ALL_BUT_FLAG)
    town.sync(2)
    assert "Flag" not in {name.partition("/")[0] for name in town.held()}
    assert "refused" in town.tasks()
    town.close()


_ALL_BUT_FLAG = ("Organization", "Practitioner", "PractitionerRole", "Patient", "RelatedPerson", "EpisodeOfCare",
                 "CarePlan", "CareTeam", "Goal", "Task", "Consent")  # fmt: skip
