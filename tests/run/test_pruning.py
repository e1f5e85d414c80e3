"""What is kept for a time only goes when its time is up, and nothing that proves or holds back goes with it."""

from datetime import timedelta

import msgspec
import pytest

from gateway.core import casefile
from gateway.run import explaining, settling
from gateway.run.acts import ActFault
from gateway.run.pruning import prune, prune_history
from gateway.store import Task, audit
from tests.run.test_life import Town

ABOUT = "Kråkebolle 90417"


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    made.sync()
    yield made
    made.world.store.close()


def kept(town):
    with town.world.store.write() as tx:
        body = msgspec.json.encode({"what": ABOUT})
        tx.add_tasks([Task(kind="enter", dedupe=name, at=town.clock(), case=case, body=body) for name, case in
                      (("a", town.file.id), ("b", None), ("open", None))])  # fmt: skip
        tx.quarantine([("a", "concern", "x", "model.shape", None, ABOUT.encode(), town.file.id),
                       ("a", "concern", "y", "model.shape", None, ABOUT.encode(), None)], town.clock())  # fmt: skip
    for one in town.tasks():
        if one["kind"] == "enter":
            with town.world.store.write() as tx:
                if settling.show(town.world, one["id"])["about"] and len(answered(town)) < 2:
                    tx.resolve_task(one["id"], by="kari", outcome="entered", at=town.clock())


def answered(town):
    with town.world.store.read() as tx:
        return tx.tasks(state="resolved", kind="enter")


def bodies(town):
    with town.world.store.read() as tx:
        return tx.quarantined_bodies([one.id for one in tx.quarantined()])


def test_each_goes_on_its_own_day_and_that_it_was_stays(town):
    kept(town)
    for days, tasks, records in ((179, 2, 2), (181, 2, 0), (364, 2, 0), (366, 0, 0)):
        town.clock.at = begin(town) + timedelta(days=days)
        prune(town.world)
        assert (sum(bool(one.body) for one in answered(town)), len(bodies(town))) == (tasks, records), days
    assert [(one.resolved_by, one.outcome) for one in answered(town)] == [("kari", "entered")] * 2
    with town.world.store.read() as tx:
        assert [(one.kind, one.code) for one in tx.quarantined()] == [("concern", "model.shape")] * 2
        assert [one["tasks"] or one["records"] for one in tx.entries_with('"pruned"')] == [2, 2]
        [still] = tx.tasks(kind="enter")
    assert ABOUT.encode() in still.body, "what is open keeps what it is about"
    shown = settling.show(town.world, answered(town)[0].id)
    assert shown["about"] == {}
    assert settling.in_words(town.world, shown, language="nb") is None


def begin(town):
    with town.world.store.read() as tx:
        return min(one.at for one in tx.tasks(state="all", kind="enter"))


def test_a_record_that_comes_again_is_kept_anew(town):
    kept(town)
    town.clock.forward(days=200)
    prune(town.world)
    assert bodies(town) == {}
    with town.world.store.write() as tx:
        tx.quarantine([("a", "concern", "y", "model.shape", None, b"anew", None)], town.clock())
    town.clock.forward(days=1)
    prune(town.world)
    assert list(bodies(town).values()) == [b"anew"]


def test_a_clock_that_went_back_leaves_nothing_behind(town):
    town.clock.forward(days=900)
    prune(town.world)
    town.clock.at -= timedelta(days=900)
    kept(town)
    town.clock.forward(days=400)
    prune(town.world)
    assert not any(one.body for one in answered(town))


def with_history(town, days):
    store = msgspec.structs.replace(town.world.settings.store, keep_history=days)
    town.world = msgspec.structs.replace(town.world, settings=msgspec.structs.replace(town.world.settings, store=store))


def told_of(town, item, **more):
    return explaining.explain(town.world, f"{town.file.id}/{item}", **more)


def test_history_goes_after_its_days_and_what_was_disclosed_and_proved_stays(town, tmp_path):
    began = town.clock()
    case = town.file.id
    item = next(iter(key for key, one in town.file.items.items() if one.kind == "concern"))
    with town.world.store.read() as tx:
        sent, story = tx.disclosures(cases=[case]), tx.history(case)
    assert sent
    assert story
    prune(town.world)
    with pytest.raises(ActFault, match=r"history\.kept"):
        prune_history(town.world, by="kari")
    with_history(town, 365)
    town.clock.at = began + timedelta(days=364)
    assert prune_history(town.world, by="kari", tried=True)["rows"] == 0
    town.clock.at = began + timedelta(days=400)
    assert prune_history(town.world, by="kari", tried=True) == {
        "rows": len(story), "cases": 1, "before": (began + timedelta(days=35)).isoformat(), "pruned": False,
    }  # fmt: skip
    assert told_of(town, item)["complete"]
    before = casefile.encode(town.file)
    prune_history(town.world, by="kari")
    assert prune_history(town.world, by="kari")["rows"] == 0
    assert casefile.encode(town.file) == before, "what stands now is not touched"
    with town.world.store.read() as tx:
        assert tx.history(case) == []
        assert tx.disclosures(cases=[case]) == sent
        [noted] = tx.entries_with('"history.pruned"')
    assert (noted["by"], noted["history"], noted["cases"]) == ("kari", len(story), 1)
    assert not told_of(town, item)["complete"], "it is said that the past does not reach that far"
    audit.checkpoint(town.world.store)
    assert audit.verify(town.world.store).holds


def test_once_a_day_history_goes_by_itself_where_the_settings_say_so(town):
    with_history(town, 365)
    town.clock.forward(days=366)
    prune(town.world)
    with town.world.store.read() as tx:
        assert tx.history(town.file.id) == []
        [noted] = tx.entries_with('"history.pruned"')
    assert "by" not in noted
