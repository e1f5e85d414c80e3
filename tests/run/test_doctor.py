"""``bti doctor``: each thing that can be wrong is planted once, is found, and nothing else is said of it."""

import base64
import json
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from gateway.cli import words
from gateway.cli.root import bti as cli
from gateway.cli.words_doctor import DO
from gateway.run import acts, evidence, sessions
from gateway.run.doctor import examine, machine, reach, standing
from gateway.run.doctor.looks import CHECKS
from gateway.run.doctor.tokens import end_of
from gateway.run.life import sync
from gateway.run.plugins import load_plugins
from gateway.run.settings import load_settings
from gateway.run.settings_web import WebSettings
from gateway.run.texts.doctor import TEXTS
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.testing.canaries import Search
from gateway.store import Task
from gateway.store.schema import main
from tests.run.township import Township, number_of

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    town = Township(tmp_path_factory.mktemp("doctor") / "t", cases=1)
    world = town.world(clock=lambda: NOW)
    sync(world)
    for adapter in world.adapters.values():
        adapter.close()
    world.store.close()
    yield town
    town.close()


@pytest.fixture(scope="module")
def plugins():
    return load_plugins(only={"bti-exchange"})


@pytest.fixture
def settings(town):
    return load_settings(town.settings)


def looked(settings, plugins, *, at=NOW, **more):
    return examine(settings, plugins, clock=lambda: at, environment={}, **more)


def found(looks):
    """What is not well: check, code and place."""
    return {(one.check, one.code, one.where) for one in looks if one.state not in {"good", "not_asked"}}


def test_every_check_is_answered_in_its_order_and_every_code_has_words(settings, plugins):
    told = looked(settings, plugins)
    assert list(dict.fromkeys(one.check for one in told)) == list(CHECKS)
    assert {one.code for one in told if one.code not in TEXTS and words.say(one.code, "nb") == one.code} == set()
    assert set(CHECKS) <= set(DO)


def test_asked_offline_and_quickly_nobody_is_asked(settings, plugins, town):
    before = len(town.skole.requests)
    told = looked(settings, plugins, offline=True, quick=True)
    assert len(town.skole.requests) == before
    assert {one.check for one in told if one.code == "doctor.unasked"} == {"systems", "clock"}


def test_nothing_of_a_secret_a_record_or_a_person_is_said(settings, plugins, town):
    told = msgspec.json.encode(looked(settings, plugins)).decode()
    search = Search((number_of(0), "uro 0", "1980-01-01"))
    assert not search.found(told)
    assert not any(f'"{name}"' in told for name in settings.people)


def test_a_store_that_is_not_there_is_not_made_and_an_older_one_stays_as_it_is(settings, plugins, tmp_path):
    away = msgspec.structs.replace(settings.store, url=f"sqlite:///{tmp_path}/bti.db")
    told = looked(msgspec.structs.replace(settings, store=away), plugins, offline=True)
    assert ("store", "doctor.store_none", "store.url") in found(told)
    assert list(tmp_path.iterdir()) == []
    assert {one.check for one in told if one.code == "doctor.no_store_open"} == set(standing.OPENED)
    for version, code in (("0001", "doctor.store_older"), ("9999", "store.newer"), (None, "doctor.store_unreadable")):
        file = tmp_path / "bti.db"
        file.unlink(missing_ok=True)
        with sqlite3.connect(file) as made:
            if version:
                made.execute("CREATE TABLE schema_version (version_num TEXT)")
                made.execute("INSERT INTO schema_version VALUES (?)", (version,))
        made.close()
        before = file.read_bytes()
        assert ("store", code, "store.url") in found(
            looked(msgspec.structs.replace(settings, store=away), plugins, offline=True)
        )
        assert file.read_bytes() == before


@pytest.mark.parametrize(("mb", "code"), [(1500, "doctor.disk_low"), (100, "doctor.disk_empty"), (5000, None)])
def test_little_room_is_told(settings, monkeypatch, mb, code):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: type("Room", (), {"free": mb * 1_000_000}))
    assert {one.code for one in machine.disk(settings)} == ({code} if code else set())


def test_the_newest_backup_is_looked_for_and_its_age_told(settings, tmp_path):
    def told(at=NOW, **more):
        store = msgspec.structs.replace(settings.store, backups=str(tmp_path / "b"), **more)
        return [
            (one.code, one.facts.get("hours"))
            for one in machine.backup(msgspec.structs.replace(settings, store=store), at)
        ]

    assert [one.code for one in machine.backup(settings, NOW)] == ["doctor.backup_unknown"]
    assert told() == [("doctor.backup_unseen", None)]
    (tmp_path / "b").mkdir()
    assert told() == [("doctor.backup_none", None)]
    for name, hours in (("old", 90), ("new", 30)):
        (tmp_path / "b" / name).touch()
        os.utime(tmp_path / "b" / name, ((NOW - timedelta(hours=hours)).timestamp(),) * 2)
    assert told() == [("doctor.backup_old", 30)]
    assert told(NOW - timedelta(hours=5)) == []


def test_what_others_can_read_or_change_is_told(settings, tmp_path):
    for name in ("gateway.toml", "bti.db"):
        (tmp_path / name).touch(mode=0o600)
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    store = msgspec.structs.replace(settings.store, url=f"sqlite:///{tmp_path}/bti.db", key_file=str(keys / "bti.key"))
    chosen = msgspec.structs.replace(settings, file=str(tmp_path / "gateway.toml"), store=store)

    def told():
        return {(one.code, one.where) for one in machine.permissions(chosen)} - {("doctor.root", "")}

    assert told() == set()
    (tmp_path / "gateway.toml").chmod(0o622)
    (tmp_path / "bti.db").chmod(0o604)
    keys.chmod(0o770)
    assert told() == {
        ("doctor.changed_by_others", "gateway.toml"), ("doctor.read_by_others", "store.url"), ("doctor.changed_by_others", "store.key_file"),
    }  # fmt: skip


def test_a_machine_without_the_time_zone_is_told(monkeypatch):
    assert list(machine.time_zone(NOW)) == []

    def unknown(name):
        raise machine.ZoneInfoNotFoundError(name)

    monkeypatch.setattr(machine, "ZoneInfo", unknown)
    assert [one.code for one in machine.time_zone(NOW)] == ["doctor.time_zone"]
    monkeypatch.setattr(machine, "ZoneInfo", lambda _: UTC)
    assert [one.code for one in machine.time_zone(NOW)] == ["doctor.time_zone_rules"]


def test_what_lies_and_what_is_late_is_told(town, plugins, settings):
    world = town.world(clock=lambda: NOW)
    with world.store.write() as tx:
        tx.mark_due([("helse", "a-case")], at=NOW - timedelta(hours=9))
        tx.add_tasks([Task(kind="system", dedupe="late", at=NOW - timedelta(days=9), deadline=NOW - timedelta(days=1))])
        tx.lane_succeeded("skole", NOW - timedelta(days=3))
    acts.pause_everything(world, by="ola", paused=True)
    told = found(standing.looks(world, quick=True))
    assert {
        ("lanes", "doctor.paused", ""), ("lanes", "doctor.waits", "systems.helse"), ("lanes", "doctor.quiet", "systems.skole"),
        ("tasks", "doctor.tasks_late", ""), ("audit", "doctor.audit_never_signed", "store.checkpoints"),
    } <= told  # fmt: skip
    leaves = main.tables["audit_leaves"]
    with world.store.write() as tx:
        was = tx.leaf_at(0)
        tx.connection.execute(leaves.update().where(leaves.c.idx == 0).values(hash=b"x" * 32))
    broken = [one for one in standing.looks(world, quick=False) if one.check == "audit" and one.state == "fault"]
    assert [(one.code, one.where) for one in broken] == [("doctor.audit_broken", "audit.leaf")]
    assert ("audit", "doctor.audit_broken", "") in found(standing.looks(world, quick=True)), (
        "what was found is remembered"
    )
    with world.store.write() as tx:
        tx.connection.execute(leaves.update().where(leaves.c.idx == 0).values(hash=was))
    for adapter in world.adapters.values():
        adapter.close()
    world.store.close()


@pytest.mark.parametrize(("off", "state"), [(0, None), (9, None), (40, "look"), (-40, "look"), (900, "fault")])
def test_a_clock_that_differs_from_a_systems_is_told(settings, plugins, off, state):
    date = format_datetime(NOW - timedelta(seconds=off), usegmt=True)
    with LoopbackServer(lambda asked: Answer(body=b'{"items": []}', headers={"date": date})) as server:
        system = msgspec.structs.replace(settings.systems["skole"], url=server.url)
        chosen = msgspec.structs.replace(settings, systems={"skole": system})
        told = [one for one in reach.systems(chosen, plugins, {}, lambda: NOW, offline=False) if one.check == "clock"]
    assert [(one.state, one.facts["seconds"]) for one in told] == ([(state, off)] if state else [])


def test_a_system_that_is_down_or_has_no_adapter_is_told(settings, plugins):
    down = msgspec.structs.replace(settings.systems["skole"], url="http://127.0.0.1:9")
    none = msgspec.structs.replace(settings.systems["helse"], adapter="nobody")
    chosen = msgspec.structs.replace(settings, systems={"skole": down, "helse": none})
    told = {(one.check, one.state, one.where) for one in reach.systems(chosen, plugins, {}, lambda: NOW, offline=False)}
    assert ("systems", "fault", "systems.helse") in told
    assert ("systems", "unreachable", "systems.skole (http.connect)") in told
    assert ("clock", "not_asked", "") in told


def jwt(**claims):
    return ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in ({}, claims, {}))


@pytest.mark.parametrize(
    "token", ["", "a.b.c", "x" * 99, jwt(), jwt(exp="soon"), jwt(exp=10**30), "æ.ø.å", jwt(exp=1.5)]
)
def test_what_is_no_token_with_an_end_says_nothing(token):
    assert end_of(token) is None


@pytest.mark.parametrize(("days", "told"), [(-1, ("fault", "doctor.ended")), (3, ("look", "doctor.ends")), (90, None)])
def test_a_token_that_ends_soon_is_told(settings, tmp_path, days, told):
    place = tmp_path / "token"
    place.write_text(jwt(exp=int((NOW + timedelta(days=days)).timestamp()), sub="ola"))
    system = msgspec.structs.replace(settings.systems["skole"], secret=f"file:{place}")
    chosen = msgspec.structs.replace(settings, systems={"skole": system})
    looks = list(reach.certificates(chosen, {}, NOW, offline=True))
    assert [(one.state, one.code) for one in looks] == ([told] if told else [])
    assert {one.where for one in looks} <= {"systems.skole.secret"}


def web_of(settings, answer):
    with LoopbackServer(answer) as server:
        chosen = WebSettings(listen="127.0.0.1:1", url=server.url, login="oidc")
        return {
            (one.state, one.code)
            for one in reach.web(msgspec.structs.replace(settings, web=chosen), lambda: NOW, offline=False)
        }


def test_the_address_of_the_web_is_tried_as_people_open_it(settings):
    def ours(asked, login=200):
        return Answer(body=b"ok\n") if asked.path == "/health" else Answer(status=login)

    assert web_of(settings, ours) == set()
    assert web_of(settings, lambda asked: ours(asked, 421)) == {("fault", "doctor.web_host")}
    assert web_of(settings, lambda asked: Answer(body=b"<h1>nginx</h1>")) == {("fault", "doctor.web_other")}
    assert web_of(settings, lambda asked: Answer(status=502)) == {("unreachable", "doctor.web_down")}
    assert [one.code for one in reach.web(settings, lambda: NOW, offline=False)] == ["doctor.web_none"]


def test_a_look_that_breaks_hides_no_other(settings, plugins, monkeypatch):
    def breaks(*_):
        raise ValueError("06821099739")

    monkeypatch.setattr(machine, "disk", breaks)
    told = looked(settings, plugins, offline=True, quick=True)
    assert ("disk", "doctor.broke", "") in found(told)
    assert {one.check for one in told} == set(CHECKS)
    assert "06821099739" not in repr(told)


def bti(town, *args, config=None):
    ran = CliRunner().invoke(
        cli, [*args, "--json", "--config", str(config or town.settings)], env={"LC_ALL": "C.UTF-8"}
    )
    return ran.exit_code, json.loads(ran.stdout) if ran.stdout.strip() else None, ran.stderr


def test_the_exit_status_says_what_kind_of_trouble_there_is(town):
    status, told, err = bti(town, "doctor", "--offline", "--quick")
    assert (status, told["ok"], err) == (1, False, "")
    assert sum(told["sums"].values()) == len(told["checks"])
    assert all(one["do"] for one in told["checks"] if one["state"] in {"look", "fault"})
    wrong = town.folder / "wrong.toml"
    wrong.write_text("tenant = 7")
    assert bti(town, "doctor", config=wrong)[0] == 2
    down = Path(town.settings.parent / "down.toml")
    down.write_text(town.settings.read_text().replace(town.helse.url, "http://127.0.0.1:9"))
    assert bti(town, "doctor", "--quick", config=down)[0] == 3


def test_the_command_that_verifies_is_remembered_also_for_what_asks_whether_all_is_well(town):
    assert bti(town, "audit", "verify")[0] == 0
    world = town.world()
    with world.store.read() as tx:
        looked = evidence.last(tx)
    assert looked.problems == 0
    assert world.clock() - looked.at < timedelta(minutes=5)
    for adapter in world.adapters.values():
        adapter.close()
    world.store.close()


def test_a_person_is_logged_out_everywhere_by_who_may_and_it_is_written_down(town):
    world = town.world()
    at = world.clock()
    with world.store.write() as tx:
        for at_, person in enumerate(("kari", "kari", "per")):
            tx.put_session(
                f"token{at_}", person=person, browser="b", level="local", at=at, ends=at + timedelta(hours=8)
            )
    assert [one["person"] for one in sessions.standing(world.store, world.settings)] == ["kari", "kari", "per"]
    assert bti(town, "session", "list", "--as", "kari")[0] == 2
    assert bti(town, "session", "revoke", "kari", "--as", "kari")[0] == 2
    assert bti(town, "session", "revoke", "nobody", "--as", "ola")[0] == 2
    assert bti(town, "session", "revoke", "kari", "--as", "ola")[1] == {"ended": {"kari": 2}}
    assert [one["person"] for one in bti(town, "session", "list", "--as", "ola")[1]["sessions"]] == ["per"]
    assert bti(town, "session", "revoke", "--all", "--as", "per")[1] == {"ended": {"per": 1}}
    with world.store.read() as tx:
        told = [(one["person"], one["sessions"], one["by"]) for one in tx.entries_with("sessions_ended")]
        assert tx.session("token2") is None
    assert told == [("kari", 2, "ola"), ("per", 1, "per")]
    for adapter in world.adapters.values():
        adapter.close()
    world.store.close()
