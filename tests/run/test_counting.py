"""Nothing is believed to have arrived because somebody said so: later receipts, daily counts, systems that fall silent."""

from datetime import UTC, datetime

import msgspec
import pytest

from gateway.run import settling
from gateway.sdk import Receipt, Refused
from gateway.store import Task
from tests.run.test_no_silence import Village
from tests.run.toys import Clock, able

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
COUNTED = able(inventory=True)
TELLS = able(receipts=frozenset({"accepted", "delivered"}))


@pytest.fixture
def made(tmp_path):
    villages = []

    def make(**more):
        village = Village(tmp_path, clock=Clock(BEGIN), **more)
        village.a.put("meeting", "m1", {"held_at": "2026-02-10T09:00:00Z"}, case="c1")
        village.a.put("concern", "k1", {"raised_on": "2026-03-01"})
        villages.append(village)
        return village

    yield make
    for village in villages:
        village.world.store.close()


def about(village, kind):
    [task] = village.of(kind)
    return task, settling.show(village.world, task["id"])["about"]


def test_two_systems_that_agree_have_nothing_to_be_looked_at(made):
    village = made(can_a=COUNTED, can_b=COUNTED)
    for _ in range(5):
        village.sync(4)
        village.clock.forward(hours=20)
    assert village.tasks() == []


def test_a_receiver_that_acknowledged_and_never_saved_is_found_within_a_day(made):
    village = made(can_b=COUNTED)
    village.sync(3)
    village.a.put("goal", "g1", {"title": "lese"}, case="c1")
    village.b.swallows = 1
    village.sync()
    assert village.b.of("goal") == []
    assert village.of("differs") == []
    before = village.b.writes
    village.clock.forward(days=1)
    village.sync(2)
    task, told = about(village, "differs")
    assert told["counts"] == {"never_saved": {"goal": 1}}
    assert [(one["sort"], one["kind"]) for one in told["records"]] == [("never_saved", "goal")]
    assert task["owner"] == ["eli"], "whose system it is"
    assert village.b.writes == before, "nothing is sent again by itself"
    settling.resolve(village.world, task["id"], "seen", by="eli")
    village.clock.forward(days=3)
    village.sync(4)
    assert village.of("differs") == [], "seen is not told again"


@pytest.mark.parametrize(("code", "stops"), [("http.404", False), ("http.405", False), ("http.403", True)])
def test_a_product_without_a_list_of_what_it_holds_is_not_counted_and_goes_on(made, code, stops):
    village = made(can_b=COUNTED)
    asked = []

    def inventory():
        asked.append(code)
        raise Refused(code)

    village.world.adapters["b"].inventory = inventory
    assert village.sync().stopped == ({"b": code} if stops else {})
    village.sync(2)
    assert len(asked) == (3 if stops else 1), "once a day"


def test_what_somebody_deleted_and_never_told_is_found_and_settles_itself_when_it_is_back(made):
    village = made(can_b=COUNTED)
    village.sync(3)
    key = next(key for key in village.b.records if key[0] == "concern")
    record = village.b.records.pop(key)
    village.b.log = [one for one in village.b.log if one != key]
    village.clock.forward(days=1)
    village.sync(2)
    _, told = about(village, "differs")
    assert told["counts"] == {"vanished": {"concern": 1}} or told["counts"] == {"never_saved": {"concern": 1}}
    village.b.records[key] = record
    village.clock.forward(days=1)
    village.sync(2)
    assert village.of("differs") == []


def test_a_record_that_never_reached_us_is_found(made):
    village = made(can_a=COUNTED)
    village.sync(3)
    village.a.put("concern", "k7", {"raised_on": "2026-03-02"}, case="c1")
    village.a.log.pop()  # its feed forgets to tell
    village.clock.forward(days=1)
    village.sync(2)
    _, told = about(village, "differs")
    assert told["counts"] == {"never_read": {"concern": 1}}


def test_what_is_deleted_taken_back_or_on_its_way_is_no_difference(made):
    village = made(can_a=COUNTED, can_b=COUNTED)
    village.sync(3)
    village.a.delete("concern", "k1")
    village.clock.forward(days=1)
    village.sync(3)
    village.a.put("goal", "g1", {"title": "lese"}, case="c1")
    village.b.fail_before = 3
    village.clock.forward(days=1)
    village.sync(2)
    assert village.of("differs") == []


def test_what_is_accepted_and_never_delivered_is_a_task_after_a_day_and_settled_when_it_arrives(made):
    village = made(can_b=TELLS)
    village.sync()
    keys = [key for key, _ in village.b.effects]
    village.b.arrived = dict.fromkeys(keys[1:], "delivered")
    village.clock.forward(hours=22)
    village.sync()
    assert village.of("receipt") == []
    village.sync()
    task, told = about(village, "receipt")
    assert told["count"] == 1
    assert [one["key"] for one in told["sendings"]] == [keys[0]]
    village.b.arrived = {keys[0]: "delivered"}
    village.sync()
    assert village.of("receipt") == []
    assert len(keys) == village.b.writes, "nothing was sent twice"
    assert task["deadline"]


@pytest.mark.parametrize("answer", ["arrived", "seen"])
def test_what_a_person_has_called_about_is_asked_no_more(made, answer):
    village = made(can_b=TELLS)
    village.sync()
    village.clock.forward(days=2)
    village.sync()
    task, told = about(village, "receipt")
    settling.resolve(village.world, task["id"], answer, by="eli")
    village.clock.forward(days=3)
    village.sync(2)
    assert village.of("receipt") == []
    assert village.b.writes == told["count"], "and nothing goes a second time"


@pytest.mark.parametrize("documents", [False, True])
def test_what_a_receiver_says_no_to_is_a_persons_at_once_and_goes_again_when_they_say_so(made, documents):
    village = made(can_b=able(receipts=frozenset({"accepted", "delivered"}), documents=documents))
    village.sync()
    keys = [key for key, _ in village.b.effects]
    village.b.arrived = {**dict.fromkeys(keys, "delivered"), keys[-1]: "refused"}
    village.sync()
    task, told = about(village, "refused")
    assert (told["code"], told["key"], task["answers"]) == ("apprec.e21", keys[-1], ["seen", "again"])
    assert village.of("receipt") == []
    village.sync(3)
    assert village.b.writes == len(keys), "nothing goes a second time by itself"
    assert len(village.of("refused")) == 1
    settling.resolve(village.world, task["id"], "again", by="kari")
    village.sync(3)
    again = [key for key, _ in village.b.effects if key not in keys]
    assert len(again) == 1, "what was refused goes once more, under a key of its own"
    assert village.of("refused") == []


def test_a_delivery_is_followed_by_the_name_that_the_system_gave_it(made, monkeypatch):
    village = made(can_b=TELLS)
    asked = []
    adapter = village.world.adapters["b"]
    deliver = adapter.deliver
    named = lambda release, key: msgspec.structs.replace(deliver(release, key), trace=f"n-{key[:4]}")  # noqa: E731
    monkeypatch.setattr(adapter, "deliver", named)
    monkeypatch.setattr(adapter, "follow", lambda sent: asked.extend(sent) or [])
    village.sync(2)
    keys = {key for key, _ in village.b.effects}
    assert {(one.key, one.trace) for one in asked} == {(key, f"n-{key[:4]}") for key in keys}


@pytest.mark.parametrize("told", ["06821099739", "nr 06821099739", "hun har det vondt", "x" * 201, "", 7, None])
def test_a_name_that_could_be_a_persons_is_not_kept(told):
    assert Receipt(key="k", state="accepted", trace=told).trace is None


def test_each_report_that_has_not_arrived_is_a_task_of_its_own(made):
    reads = able().reads | {"child_welfare_report"}
    writes = able().writes | {"child_welfare_report"}
    village = made(can_a=able(reads=reads), can_b=able(writes=writes, receipts=frozenset({"accepted", "delivered"})))
    village.sync()
    with village.world.store.write() as tx:
        case = tx.case_ids()[0]
    item = village.world.fresh()
    from gateway.core.casefile import Entry  # noqa: PLC0415
    from gateway.run.acts import change_case  # noqa: PLC0415

    origin = next(iter(village.file.items.values())).origin

    def change(file):
        file.items[item] = Entry(kind="child_welfare_report", fields={"filed_on": "2026-03-02"}, origin=origin)
        return []

    change_case(village.world, case, "kari", "test", change)
    village.world.store.vault.begin_sending([("f" * 32, "b", case, item, b"")])
    village.world.store.vault.end_sending([("f" * 32, "accepted")])
    village.clock.forward(days=2)
    village.sync()
    told = village.of("receipt")
    assert sorted(one["owner"] for one in told) == [["eli"], ["kari"]], "the reporter's own, and the system's"


def test_a_system_that_is_not_reached_for_a_day_is_one_task_and_settles_itself(made):
    village = made()
    village.sync()
    village.b.down = True
    village.clock.forward(hours=20)
    village.sync(2)
    assert village.of("quiet") == []
    village.clock.forward(hours=4)
    village.sync(6)
    task, told = about(village, "quiet")
    assert (task["system"], told["code"]) == ("b", "http.connect")
    settling.resolve(village.world, task["id"], "seen", by="eli")
    village.sync(30)
    assert village.of("quiet") == [], "seen, and still away"
    village.b.down = False
    village.sync(2)
    village.b.down = True
    village.clock.forward(days=2)
    village.sync(2)
    assert len(village.of("quiet")) == 1, "another silence is told anew"


def test_records_that_cannot_be_read_are_one_task_a_system(made):
    village = made()
    village.sync()
    for at in range(3):
        village.a.put("concern", f"x{at}", {"raised_on": "2026-03-02"}, case="unknown")
    village.sync()
    assert village.of("held") == []
    village.clock.forward(days=1)
    village.sync(2)
    _, told = about(village, "held")
    assert told["count"] == 3


def test_a_source_that_stands_still_is_asked_about_once(made):
    village = made()
    village.sync()
    adapter = village.world.adapters["a"]

    def broken(cursor):
        from gateway.sdk import Refused  # noqa: PLC0415

        raise Refused("http.401")

    real, adapter.fetch = adapter.fetch, broken
    village.sync(3)
    [task] = village.of("system")
    settling.resolve(village.world, task["id"], "seen", by="kari")
    village.sync(5)
    assert village.of("system") == []
    adapter.fetch = real
    village.sync()
    adapter.fetch = broken
    village.sync()
    assert len(village.of("system")) == 1


def test_what_waited_while_a_system_was_away_has_its_hours_once_it_is_back(made):
    village = made()
    village.sync(3)
    village.b.down = True
    village.a.put("goal", "g1", {"title": "lese"}, case="c1")
    village.sync()
    village.clock.forward(hours=25)
    village.sync()
    assert about(village, "quiet")[1]["code"] == "http.connect"
    village.b.down, village.b.fail_before = False, 99  # it answers again, and takes nothing
    village.sync()
    assert village.of("quiet") == [], "the outage is over, and what it held up is no second question"
    village.clock.forward(hours=22)
    village.sync()  # an hour goes with each
    assert village.of("quiet") == []
    village.sync()
    assert about(village, "quiet")[1]["code"] == "delivery.waits"


def test_a_source_whose_guard_waits_for_an_answer_is_asked_about_once_and_again_when_that_was_seen(made):
    village = made()
    village.sync(3)
    village.b.down = True
    with village.world.store.write() as tx:
        tx.add_tasks(
            [Task(kind="guard", dedupe="guard/b/x", at=village.clock(), system="b", unit="b-unit", body=b"{}")]
        )
    village.clock.forward(hours=25)
    village.sync()
    assert [one["kind"] for one in village.tasks() if one["system"] == "b"] == ["guard"]
    settling.resolve(village.world, village.of("guard")[0]["id"], "seen", by="eli")
    village.sync()
    assert [one["kind"] for one in village.tasks() if one["system"] == "b"] == ["quiet"]
