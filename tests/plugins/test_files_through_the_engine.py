"""Exports in, tasks for people out: a municipality with no vendor's help at all, on a real store."""

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.core import casefile
from gateway.run import acts, settling
from gateway.run.life import sync
from gateway.run.opening import open_world
from gateway.run.plugins import load_plugins
from gateway.run.settings import parse_settings
from gateway.run.workfolder import make_folder

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "plugins" / "file-drop" / "samples"
sys.path.insert(0, str(ROOT / "plugins" / "pifu-ims" / "tests"))
from pifu_bench import enterprise, group, member, membership, organisation, person, school  # noqa: E402

HERSELF = "17908599950"
SETTINGS = """
tenant = "t"
municipality = "1120"
model = "klepp"
numbers = "synthetic"
[units.skole-1]
service = "school"
body = "kommunen"
[units.hs-1]
service = "health_station"
body = "kommunen"
[systems.logg]
adapter = "file-drop"
unit = "skole-1"
mapping = "mapping.yaml"
asserts = ["protection"]
[systems.logg.options]
folder = "inn/logg"
settle_seconds = 0
deleted = "slettet"
kinds = {"sak*.csv" = "sak", "bekymring*.csv" = "bekymring", "*.jsonl" = "tiltak"}
[systems.sas]
adapter = "pifu-ims"
unit = "skole-1"
[systems.sas.options]
folder = "inn/sas"
settle_seconds = 0
[systems.journal]
adapter = "manual"
unit = "hs-1"
"""


class Town:
    """A relay log's exports with one case (a grown woman's, who consents herself), a school's, and a journal by hand."""

    def __init__(self, folder, *, protection="none", threads=1):
        self.folder = folder / "m"
        make_folder(self.folder, model="klepp", chance=os.urandom)
        mapping = (SAMPLES / "mapping.yaml").read_text(encoding="utf-8")
        told = mapping.replace("{const: subject}", f"{{const: subject}}\n      protection: {{const: {protection}}}")
        (self.folder / "mapping.yaml").write_text(told, encoding="utf-8")
        for name in ("logg", "sas"):
            (self.folder / "inn" / name).mkdir(parents=True)
        settings = parse_settings(SETTINGS, file=self.folder / "gateway.toml")
        plugins = load_plugins(only=settings.adapters())
        clock = lambda: datetime(2026, 11, 21, 12, tzinfo=UTC)  # noqa: E731
        self.world = open_world(settings, plugins, clock=clock, threads=threads)
        assert self.world.broken == {}
        for at, name in enumerate(("sak.csv", "bekymring.csv", "tiltak.jsonl")):
            self.drop("logg", name, (SAMPLES / name).read_bytes(), at=at)

    def drop(self, where, name, data, *, at=1_000):
        path = self.folder / "inn" / where / name
        path.write_bytes(data)
        os.utime(path, (at, at))

    @property
    def case(self):
        with self.world.store.read() as tx:
            (case,) = tx.case_ids()
        return case

    @property
    def file(self):
        with self.world.store.read() as tx:
            return casefile.decode(tx.load_cases([self.case])[self.case][1])

    def consent(self):
        (person, *_) = (item for item, entry in self.file.of_kind("person") if entry.fields.get("role") == "subject")
        given = {
            "decision": "given", "by": person, "purpose": "bti", "services": ["health_station"],
            "valid_from": "2026-11-01", "valid_to": "2027-11-01", "given": "2026-11-01T10:00:00+01:00",
        }  # fmt: skip
        self.giver = person
        self.consented = acts.record_consent(self.world, self.case, by="kari", unit="skole-1", fields=given)
        for source in ("logg", "sas"):
            acts.set_flow(self.world, source, "journal", "approved", by="kari")

    def shown(self):
        """What is to be entered or removed by hand; deadlines are another story."""
        by_hand = [task for task in settling.open_tasks(self.world) if task["kind"] in {"enter", "remove"}]
        return [settling.show(self.world, task["id"]) for task in by_hand]


@pytest.fixture
def town(tmp_path, request):
    made = Town(tmp_path, threads=getattr(request, "param", 1))
    yield made
    made.world.store.close()


def kinds(file):
    return sorted(entry.kind for entry in file.items.values())


@pytest.mark.parametrize("town", [1, 4], ids=["one thread", "four threads"], indirect=True)
def test_exports_become_a_case_and_what_is_broken_waits_with_its_place(town):
    tally = sync(town.world)
    assert tally.fetched["logg"] == 8
    assert kinds(town.file) == ["case", "concern", "measure", "person"]
    with town.world.store.read() as tx:
        held = {(one.code, one.path) for one in tx.quarantined("logg")}
    assert held == {
        ("mapping.date", "$.dato"), ("mapping.code", "$.status"), ("csv.columns", "file-2:6:3"),
        ("json.duplicate", "file-3:2:1"),
    }  # fmt: skip
    done = sorted(path.name for path in (town.folder / "inn" / "logg" / "done").iterdir())
    assert done == ["000001-sak.csv", "000002-bekymring.csv", "000003-tiltak.jsonl"]


def test_nothing_new_is_nothing_to_do(town):
    sync(town.world)
    again = sync(town.world)
    assert (again.fetched["logg"], again.quarantined, again.due) == (0, 0, 0)


def test_what_may_be_delivered_is_a_task_with_just_that_and_the_receipt_is_a_persons(town):
    sync(town.world)
    assert town.shown() == []
    town.consent()
    sync(town.world)
    shown = town.shown()
    assert sorted(task["about"]["kind"] for task in shown) == ["case", "concern", "measure", "person"]
    (concern,) = [task["about"]["enter"][0] for task in shown if task["about"]["kind"] == "concern"]
    assert sorted(concern["values"]) == ["arenas", "raised_on", "status", "summary"]
    (task,) = [task for task in shown if task["about"]["kind"] == "concern"]
    said = settling.in_words(town.world, task, language="nn")
    assert said.startswith("Før dette inn i journal:\n\nUro (ny)\n")
    assert "Trekker seg unna" in said
    for task in shown:
        settling.resolve(town.world, task["id"], "entered", by="kari")
    sync(town.world)
    assert town.shown() == []


def test_a_changed_row_is_a_task_with_the_changed_field(town):
    sync(town.world)
    town.consent()
    sync(town.world)
    for task in town.shown():
        settling.resolve(town.world, task["id"], "entered", by="kari")
    row = '{"id": "t1", "sak": "s1", "tittel": "Lesegruppe", "start": "2026-11-09", "status": "FERDIG"}'
    town.drop("logg", "tiltak.jsonl", row.encode(), at=2_000)
    sync(town.world)
    (task,) = town.shown()
    (item,) = task["about"]["enter"]
    assert item["changed"] == ["status"]


def test_a_withdrawn_consent_asks_a_person_to_remove_what_was_given(town):
    sync(town.world)
    town.consent()
    sync(town.world)
    for task in town.shown():
        settling.resolve(town.world, task["id"], "entered", by="kari")
    acts.withdraw_consent(town.world, town.case, by="kari", giver=town.giver)
    sync(town.world)
    shown = town.shown()
    assert {task["kind"] for task in shown} == {"remove"}
    said = [settling.in_words(town.world, task, language="nb") for task in shown]
    assert all(text.startswith("Fjern dette fra journal;") and "Hele posten" in text for text in said)
    assert "Lesegruppe" not in str(shown)


def a_school(*more):
    return enterprise(
        person("v1", "Nora", "Berg", number=HERSELF),
        *(person(f"x{at}", "Annen", "Elev", number=number) for at, number in enumerate(more)),
        group("eier", "skoleeier", "Lillevik kommune", "eier"),
        group("skole", "skole", "Lillevik skole", "eier", more=organisation("974760673")),
        group("b", "basisgruppe", "VO1", "skole"),
        membership("skole", member("v1") + "".join(member(f"x{at}") for at in range(len(more)))),
        membership("b", member("v1")),
    )


def test_of_a_whole_school_only_what_is_about_a_child_with_a_case_is_kept(town):
    sync(town.world)
    town.drop("sas", "uttrekk.xml", a_school("06821099739"))
    town.drop("sas", "stor.xml", school(60, seed=4), at=2_000)
    tally = sync(town.world)
    assert tally.fetched["sas"] > 60
    assert tally.quarantined == 0
    assert kinds(town.file).count("enrolment") == 2
    assert kinds(town.file).count("person") == 1
    assert {entry.fields.get("unit_name") for _, entry in town.file.of_kind("enrolment")} == {"Lillevik skole"}
    with town.world.store.read() as tx:
        assert list(tx.find_people([HERSELF, "06821099739"])) == [HERSELF]


def test_where_a_strictly_protected_person_goes_to_school_reaches_nobody(tmp_path):
    town = Town(tmp_path, protection="strict")
    sync(town.world)
    town.drop("sas", "uttrekk.xml", a_school())
    sync(town.world)
    town.consent()
    sync(town.world)
    assert kinds(town.file).count("enrolment") == 2
    assert "Lillevik" not in str(town.shown())
    assert not [task for task in town.shown() if task["kind"] == "enter"]
    town.world.store.close()


def test_a_file_that_cannot_be_read_at_all_stops_nothing_else(town):
    shutil.copy(SAMPLES / "sak.csv", town.folder / "inn" / "sas" / "feil.xml")
    os.utime(town.folder / "inn" / "sas" / "feil.xml", (1, 1))
    tally = sync(town.world)
    with town.world.store.read() as tx:
        assert [(one.code, one.path) for one in tx.quarantined("sas")] == [("xml.syntax", "file-1:1:1")]
    assert tally.created == 4  # person, case, concern, measure
