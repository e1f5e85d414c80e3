"""Each example municipality runs at its stand-ins: what its own systems are for has happened there."""

import importlib.util
import os
import tomllib
from pathlib import Path

import pytest

from gateway.core import casefile
from gateway.run import flowing, settling
from gateway.run.life import sync
from gateway.run.opening import open_world
from gateway.run.plugins import load_plugins
from gateway.run.settings import load_settings
from gateway.run.workfolder import make_folder

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "examples" / "municipalities"
_spec = importlib.util.spec_from_file_location("play", HERE / "play.py")
play = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(play)


class Town:
    """An example, its flows open, after a round; ``facts(kind)`` are the fields of its log's items of a kind."""

    def __init__(self, model, folder, sides):
        self.sides = sides
        settings = load_settings(folder / "gateway.toml")
        self.world = open_world(settings, load_plugins(only=settings.adapters()))
        assert not self.world.broken
        self.round()
        for source, target, person in play.flows(model):
            flowing.approve(self.world, source, target, person=settings.people[person])
        self.round()

    def round(self):
        tally = sync(self.world)
        assert (tally.stopped, tally.unreachable) == ({}, {})

    def facts(self, kind):
        with self.world.store.read() as tx:
            files = [casefile.decode(body) for _, body in tx.load_cases(tx.case_ids()).values()]
        return [dict(entry.fields) for file in files for _, entry in file.of_kind(kind)]

    def tasks(self):
        return [(one["kind"], one["system"]) for one in settling.open_tasks(self.world)]


@pytest.fixture
def town(request, tmp_path):
    for adapter in adapters(request.param):
        pytest.importorskip(f"gateway_{adapter.replace('-', '_').removesuffix('_cases')}", reason="a plugin is missing")
    folder = tmp_path / "m"
    make_folder(folder, model=request.param, chance=os.urandom)
    with play.opened(request.param, folder) as sides:
        made = Town(request.param, folder, sides)
        yield made
        for adapter in made.world.adapters.values():
            adapter.close()
        made.world.store.close()


def adapters(model):
    systems = tomllib.loads((HERE / model / "gateway.toml").read_text("utf-8"))["systems"]
    return {one["adapter"] for one in systems.values()}


def test_there_is_one_example_for_each_model_and_each_has_other_systems():
    models = {path.stem for path in (ROOT / "mappings" / "municipalities").glob("*.yaml")}
    assert set(play.MODELS) == models == {path.name for path in HERE.iterdir() if (path / "gateway.toml").is_file()}
    assert len({frozenset(adapters(model)) for model in models}) == len(models)


@pytest.mark.parametrize("town", ["klepp"], indirect=True)
def test_in_klepp_the_school_owner_s_roster_says_where_the_pupil_is_and_who_the_contact_teacher_is(town):
    places = town.facts("enrolment")
    assert {"pupil", "contact_teacher"} <= {one["role"] for one in places}
    assert town.tasks() == []


@pytest.mark.parametrize("town", ["rett-hjelp-tidlig"], indirect=True)
def test_in_rett_hjelp_tidlig_the_health_record_gets_the_goal_and_nothing_comes_back_as_news(town):
    held = town.sides["journal"].records.state()["resources"]
    assert [one["description"]["text"] for key, one in held.items() if key.startswith("Goal/")] == ["Sove om natten"]
    town.round()
    assert town.tasks() == []


@pytest.mark.parametrize("town", ["bedre-sammen"], indirect=True)
def test_in_bedre_sammen_a_person_enters_what_the_register_and_the_yes_let_through(town):
    assert {"deceased": False, "number_type": "fnr"}.items() <= town.facts("person")[0].items()
    town.round()
    assert set(town.tasks()) == {("enter", "helse")}, "who enters by hand is asked nothing else"


@pytest.mark.parametrize("town", ["modum"], indirect=True)
def test_in_modum_a_log_is_archived_when_it_has_ended(town):
    archive = town.sides["arkiv"]
    archive.work()
    assert archive.kept == {}
    play.end_log(town.sides["logg"])
    town.round()
    archive.work()
    [(message, document)] = archive.kept.values()
    assert document.startswith(b"%PDF-")
    assert play.WOMAN.encode() not in message


@pytest.mark.parametrize("town", ["alta"], indirect=True)
def test_in_alta_the_register_names_the_doctor_and_the_doctor_s_office_gets_a_letter(town):
    assert [one.get("general_practitioner") for one in town.facts("person")] == ["Rask Fjell (HER-id 8094866)"]
    [letter] = town.sides["fastlege"].post.kept.values()
    assert [one.id for one in letter.patient.idents] == [play.WOMAN]
    assert any("Sover lite" in note.text for note in letter.notes)
