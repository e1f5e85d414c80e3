"""What machines ask of the web: a word for strangers, figures for those who may, and nothing about anybody."""

import re
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import msgspec
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from gateway.run import evidence, readiness
from gateway.run.observing import Observer
from gateway.run.observing.counts import Counts
from gateway.run.observing.declared import METRICS, TELLING_RULES, TELLING_TASKS
from gateway.run.observing.exposition import Exposition
from gateway.run.observing.figures import figures
from gateway.run.settings_web import SHORTEST
from gateway.sdk.testing.canaries import Search
from gateway.store import Task
from gateway.store.errors import StoreError
from gateway.store.schema import main
from gateway.web.serving import STOPS, serving
from tests.web.house import SECRET_WORDS, free_port, open_house

SAMPLE = re.compile(r"([a-z_]+)(?:\{(.*)\})? ([0-9.e+-]+|\+Inf|NaN)")


def samples(text):
    """By metric: the labels and the value of each sample."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, labels, value = SAMPLE.fullmatch(line).groups()
            found.setdefault(name, []).append((dict(re.findall(r'([a-z]+)="([^"]*)"', labels or "")), float(value)))
    return found


@pytest.fixture(scope="module")
def spare(tmp_path_factory):
    """A house in which something is broken, and mended again."""
    with open_house(tmp_path_factory.mktemp("spare") / "town") as opened:
        yield opened


@contextmanager
def damaged(world):
    """The log with one leaf that somebody has changed."""
    leaves = main.tables["audit_leaves"]
    first = leaves.c.idx == 0
    with world.store.write() as tx:
        was = tx.leaf_at(0)
        tx.connection.execute(leaves.update().where(first).values(hash=b"x" * 32))
    yield
    with world.store.write() as tx:
        tx.connection.execute(leaves.update().where(first).values(hash=was))
    evidence.verify(world.store)  # what was found is remembered, and the house is another test's as well


def test_health_and_readiness_tell_a_stranger_one_word(house):
    for path, word in (("/health", "ok\n"), ("/ready", "ready\n")):
        told = httpx.get(house.site.origin + path, headers={"host": "another.name"})
        assert (told.status_code, told.text) == (200, word)
        assert "set-cookie" not in told.headers
        assert told.headers["cache-control"] == "no-store"


def test_every_figure_is_declared_and_every_declared_one_is_told(house):
    told = httpx.get(f"{house.site.origin}/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    evidence.verify(house.town.world.store)
    found = set(re.findall(r"^# TYPE (\S+) (\S+)$", told.text, re.MULTILINE))
    assert found == {(one.name, one.kind) for one in METRICS}
    names = {re.sub("_(bucket|sum|count)$", "", name) for name in samples(told.text)}
    assert names <= {one.name for one in METRICS}


def test_no_figure_names_a_person_a_case_or_a_unit(house):
    house.of("kari")
    text = httpx.get(f"{house.site.origin}/metrics").text
    settings, town = house.site.settings, house.town
    search = Search((SECRET_WORDS, town.child, town.file.id, *town.file.items))
    assert not search.found(text)
    assert not {*settings.units, *settings.people} & set(re.findall(r'"([^"]*)"', text))
    known = {*settings.systems, "main", "vault", "other", "approved", "paused", "shadow"}
    for told in samples(text).values():
        for labels, _ in told:
            for name, value in labels.items():
                assert value in known or name in {
                    "version",
                    "kind",
                    "le",
                    "act",
                    "answer",
                    "outcome",
                    "rule",
                    "route",
                    "status",
                }
                assert not (name == "kind" and value in TELLING_TASKS)
                assert not (name == "rule" and value in TELLING_RULES)


def test_a_kind_of_task_that_tells_something_by_being_there_is_counted_as_other(spare):
    world = spare.town.world
    counts = Counts()
    before = {kind["kind"]: n for kind, n in samples(Exposition(world, counts).text().decode())["bti_tasks_open"]}
    with world.store.write() as tx:
        tx.add_tasks(
            [
                Task(kind="report_held", dedupe="x", at=world.clock(), deadline=world.clock()),
                Task(kind="system", dedupe="y", at=world.clock()),
            ]
        )
    text = Exposition(world, counts).text().decode()
    after = {kind["kind"]: n for kind, n in samples(text)["bti_tasks_open"]}
    assert after["other"] == before["other"] + 1
    assert after["system"] == before.get("system", 0) + 1
    assert {kind["kind"]: n for kind, n in samples(text)["bti_tasks_overdue"]}["other"] >= 1
    assert "report_held" not in text


@pytest.mark.parametrize("headers", [
    {"x-forwarded-for": "192.0.2.7"}, {"forwarded": "for=192.0.2.7"}, {"via": "1.1 proxy"}, {"host": "bti.example.no"}, {"host": "10.0.0.5:8765"},
])  # fmt: skip
def test_without_a_token_figures_are_for_programs_on_this_machine(house, headers):
    told = httpx.get(f"{house.site.origin}/metrics", headers=headers)
    assert (told.status_code, told.text) == (403, "no\n")


def served(house, **web):
    """The same municipality once more, with other settings of the web."""
    listen = f"127.0.0.1:{free_port()}"
    chosen = msgspec.structs.replace(house.site.web, listen=listen, **web)
    settings = msgspec.structs.replace(house.town.world.settings, web=chosen)
    return serving(msgspec.structs.replace(house.town.world, settings=settings), ticket="x" * 20), f"http://{listen}"


def test_behind_a_proxy_nobody_reads_figures_without_a_token(house):
    opened, origin = served(house, url="http://127.0.0.1:1")
    with opened:
        assert httpx.get(f"{origin}/metrics").status_code == 403
        assert httpx.get(f"{origin}/health").status_code == 200
        assert httpx.get(f"{origin}/").status_code == 421


def test_a_token_opens_the_figures_and_a_short_or_lost_one_opens_nothing(house, tmp_path):
    place = tmp_path / "metrics.token"
    place.write_text("t" * 40 + "\n")
    opened, origin = served(house, metrics=f"file:{place}", url="http://127.0.0.1:1")
    with opened:
        for told, status in (
            ("Bearer " + "t" * 40, 200),
            ("Bearer " + "t" * 39, 401),
            ("Bearer æ", 401),
            ("", 401),
            ("Basic " + "t" * 40, 401),
        ):
            assert httpx.get(f"{origin}/metrics", headers={"authorization": told.encode()}).status_code == status, told
        place.write_text("t" * (SHORTEST - 1))
        assert (
            httpx.get(f"{origin}/metrics", headers={"authorization": "Bearer " + "t" * (SHORTEST - 1)}).status_code
            == 401
        )
        place.write_text("")
        assert httpx.get(f"{origin}/metrics", headers={"authorization": "Bearer"}).status_code == 401
        place.unlink()
        assert httpx.get(f"{origin}/metrics", headers={"authorization": "Bearer " + "t" * 40}).status_code == 401


def test_who_asks_often_costs_one_reading(house, monkeypatch):
    read = []
    told = [0.0]
    monkeypatch.setattr("gateway.run.observing.exposition.figures", lambda world, now: read.append(now) or [])
    exposition = Exposition(house.town.world, Counts(), ticks=lambda: told[0])
    for at in (0.0, 1.0, 4.9):
        told[0] = at
        exposition.text()
    assert len(read) == 1
    told[0] = 5.1
    exposition.text()
    assert len(read) == 2


def test_no_figure_reads_a_table_that_grows_for_ever(house):
    world = house.town.world
    asked = []

    def before(connection, cursor, statement, parameters, context, many):
        asked.append((statement, parameters))

    engines = (world.store.main.reader, world.store.vault.database.reader)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", before)
    figures(world, now=world.clock())
    for engine in engines:
        event.remove(engine, "before_cursor_execute", before)
    grows = re.compile("SCAN (tasks|history|disclosures|audit_leaves|links|retractions|sendings|case_keys)(?! USING)")
    plans = {}
    for database in (world.store.main, world.store.vault.database):
        with database.read() as connection:
            for statement, parameters in asked:
                if statement.startswith("SELECT"):
                    with suppress(OperationalError):  # the other database's
                        told = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
                        plans[statement] = " / ".join(row[3] for row in told)
    assert len(plans) > 10
    assert any(grows.match("SCAN tasks") for _ in plans), "it would be found"
    assert {statement: plan for statement, plan in plans.items() if grows.search(plan)} == {}


def test_a_call_is_told_by_its_route_and_never_by_its_path(spare):
    told = []

    class Heard(Counts):
        def event(self, name, level, facts):
            told.append((name, level, facts))

    observer = Observer(systems=spare.site.settings.systems)
    observer.add(Heard())
    spare.town.world = msgspec.structs.replace(spare.town.world, observer=observer)
    opened, origin = served(spare)
    with opened:
        httpx.get(f"{origin}/cases/{spare.case}?number={spare.town.child}")
        httpx.get(f"{origin}/tuvalill")
        httpx.get(f"{origin}/health")
        text = httpx.get(f"{origin}/metrics").text
    assert [(facts["route"], facts["status"]) for _, _, facts in told[:3]] == [
        ("/cases/{case}", 303),
        ("/{rest:path}", 303),
        ("/health", 200),
    ]
    assert all(set(facts) == {"route", "status", "seconds", "method"} for _, _, facts in told)
    assert ({"route": "/cases/{case}", "status": "303"}, 1.0) in samples(text)["bti_web_requests_total"]


def codes(world):
    return set(readiness.wanting(world))


def test_what_is_wanting_makes_it_not_ready(spare):
    world = spare.town.world
    assert codes(world) == set()
    keys = Path(world.settings.store.key_file)
    away = keys.rename(keys.with_suffix(".away"))
    assert codes(world) == {"ready.keys"}
    away.rename(keys)
    world.store.behind = True
    assert codes(world) == {"ready.behind"}
    world.store.behind = False
    evidence.verify(world.store)
    assert codes(world) == set()
    with damaged(world):
        assert not evidence.verify(world.store).holds
        assert codes(world) == {"ready.audit"}
    assert evidence.verify(world.store).holds
    with world.store.write() as tx:
        stood = tx.connection.exec_driver_sql("SELECT version_num FROM schema_version").scalar_one()
        tx.connection.exec_driver_sql("UPDATE schema_version SET version_num = '9999'")
    assert codes(world) == {"ready.schema"}
    with world.store.write() as tx:
        tx.connection.exec_driver_sql(f"UPDATE schema_version SET version_num = '{stood}'")
    assert codes(world) == set()


def test_a_store_that_does_not_answer_makes_it_not_ready(house, monkeypatch):
    def gone(self):
        raise StoreError("store.unreachable")

    monkeypatch.setattr(type(house.town.world.store), "read", gone)
    assert codes(house.town.world) == {"ready.store"}


def test_a_call_under_way_is_answered_before_the_web_stops(house, monkeypatch):
    begun, go = threading.Event(), threading.Event()

    def slow(world):
        begun.set()
        go.wait(60)
        return iter(())

    monkeypatch.setattr("gateway.run.readiness.wanting", slow)
    opened, origin = served(house)
    answers = []
    with opened:
        asks = threading.Thread(target=lambda: answers.append(httpx.get(f"{origin}/ready", timeout=60)))
        asks.start()
        assert begun.wait(60)
        threading.Timer(0.2, go.set).start()
        at = time.monotonic()
    asks.join(60)
    assert answers[0].status_code == 200
    assert time.monotonic() - at < STOPS, "it waits for the call, and not for as long as it would at most"


def test_the_log_is_verified_and_signed_once_a_day_and_a_fault_becomes_the_privacy_officers_task(spare):
    world = spare.town.world

    def again():
        with world.store.write() as tx:
            tx.remember("audit/verified", "")
            tx.audit([{"act": "x"}])
        evidence.daily(world)
        return world.store.vault.newest_checkpoint()

    newest = again()
    with world.store.write() as tx:
        tx.audit([{"act": "x"}])
    evidence.daily(world)
    assert world.store.vault.newest_checkpoint() == newest, "not twice a day"
    later = again()
    assert later.size > newest.size
    with damaged(world):
        assert again() == later, "what does not hold is not signed"
    with world.store.read() as tx:
        codes = [(task.role, msgspec.json.decode(task.body)["code"]) for task in tx.tasks(kind="system") if task.role]
    assert codes == [("privacy", "audit.leaf")]
