"""Orders to take back: one for each disclosure of what is withdrawn, followed until it is answered."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from gateway.core.retraction import AGAIN_AFTER, ANSWER_WITHIN, state_of
from gateway.run import acts, settling
from gateway.sdk import Refused, Unreachable
from gateway.store import Order
from tests.run.test_life import Town
from tests.run.test_taking_back import withdrawn
from tests.run.toys import MOTHER, able

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    made.sync(2)
    yield made
    made.world.store.close()


def orders(town, system="b"):
    with town.world.store.read() as tx:
        return tx.orders(cases=[town.file.id], system=system)


def states(town, system="b"):
    with town.world.store.read() as tx:
        return {one.retract_state for one in tx.disclosures(system=system)}


def by_hand(tmp_path, **more):
    made = Town(tmp_path, can_b=able(manual=True, read_back=False, conditional_write=False, **more))
    made.world.adapters["b"].retract = made.world.adapters["b"].deliver
    made.sync(2)
    return made


def test_every_disclosure_gets_an_order_that_its_receiver_acknowledges(town):
    withdrawn(town)
    found = orders(town)
    with town.world.store.read() as tx:
        told = tx.disclosures(system="b")
        assert tx.order_counts() == {}
    assert {one.item for one in found} == {one.item for one in told}
    assert {one.state for one in found} == {"acknowledged"}
    assert {(one.system, one.cause) for one in found} == {("b", "withdrawn")}
    assert all(one.ended_at is not None and one.whole for one in found)
    assert states(town) == {"acknowledged"}


def test_a_receiver_that_is_down_is_asked_until_it_answers_and_a_person_hears_of_it_after_three_days(town):
    town.b.down = True
    withdrawn(town)
    assert states(town) == {"asked"}
    assert {one.state for one in orders(town)} == {"asked"}
    first = {one.asked_at for one in orders(town)}
    assert not [task for task in town.tasks() if task["kind"] == "retraction"]
    town.clock.at = max(first) + ANSWER_WITHIN + timedelta(minutes=1)
    town.sync()
    told = [task for task in town.tasks() if task["kind"] == "retraction"]
    assert len(told) == len(orders(town))
    assert {one.asked_at for one in orders(town)} == first, "asked again, it is the same order"
    about = settling.show(town.world, told[0]["id"])["about"]
    assert about["code"] == "retraction.unanswered"
    assert {task["system"] for task in told} == {"b"}
    for task in told:
        settling.resolve(town.world, task["id"], "seen", by="kari")
    town.sync()
    assert not [task for task in town.tasks() if task["kind"] == "retraction"]
    town.clock.at += AGAIN_AFTER
    town.sync()
    assert [task for task in town.tasks() if task["kind"] == "retraction"], "as long as nothing comes of it"
    town.b.down = False
    town.clock.forward(hours=5)
    town.sync()
    assert states(town) == {"acknowledged"}
    assert not town.b.of("concern")


def test_a_receiver_that_says_no_is_a_task_without_content_and_the_state_says_so(town):
    def no(_release, _key):
        raise Refused("http.409", path="$")

    town.world.adapters["b"].retract = no
    withdrawn(town)
    assert {one.state for one in orders(town)} == {"refused"}
    assert {one.code for one in orders(town)} == {"http.409"}
    assert states(town) == {"refused"}
    told = [settling.show(town.world, task["id"]) for task in town.tasks() if task["kind"] == "retraction"]
    assert len(told) == len(orders(town))
    assert "leser lite" not in str(told)
    assert {one["system"] for one in told} == {"b"}
    assert {one["about"]["code"] for one in told} == {"http.409"}
    assert all(one["deadline"] for one in told)


def test_a_system_that_cannot_take_back_is_a_task_and_a_person_says_that_it_is_gone_or_kept(tmp_path):
    town = Town(tmp_path, can_b=able(retracts=False))
    town.sync(2)
    withdrawn(town)
    assert {one.state for one in orders(town)} == {"by_hand"}
    assert states(town) == {"by_hand"}
    told = [task for task in town.tasks() if task["kind"] == "retraction"]
    concern = next(task for task in told if town.file.items[task["item"]].kind == "concern")
    for task in told:
        answer = "removed" if task is not concern else "kept"
        settling.resolve(town.world, task["id"], answer, by="kari")
    with town.world.store.read() as tx:
        found = {one.item: one.retract_state for one in tx.disclosures(system="b")}
        assert tx.order_counts() == {}
    assert found.pop(concern["item"]) == "refused"
    assert set(found.values()) == {"acknowledged"}
    town.sync(2)
    assert not [task for task in town.tasks() if task["kind"] == "retraction"], "it is not asked again"
    town.world.store.close()


def test_an_order_lapses_when_the_family_says_yes_again_before_it_was_answered(town):
    town.b.down = True
    withdrawn(town)
    told = {"decision": "given", "by": town.person(MOTHER), "purpose": "bti", "services": ["school", "health_station"],
            "valid_from": "2026-11-01", "given": town.clock().isoformat(), "form": "written"}  # fmt: skip
    acts.record_consent(town.world, town.file.id, by="kari", unit="a-unit", fields=told)
    town.b.down = False
    town.clock.forward(hours=5)
    town.sync(2)
    assert {one.state for one in orders(town)} == {"lapsed"}
    assert states(town) == {None}
    assert town.b.of("concern")


def test_what_is_taken_back_in_part_is_marked_in_part(town):
    town.a.put("concern", "k1", {"area": "reading"})
    town.sync(2)
    item = town.file.of_kind("concern")[0][0]
    native = town.file.peers["b"][item].native
    town.b.put("concern", native, {"summary": "skrevet av b"})
    town.sync(2)
    withdrawn(town)
    assert town.b.records["concern", native]["fields"] == {"summary": "skrevet av b"}
    with town.world.store.read() as tx:
        found = {one.fields: one.retract_state for one in tx.disclosures(system="b") if one.item == item}
    assert found == {("raised_on", "summary"): "partly", ("area",): "acknowledged"}


def test_what_is_to_be_entered_by_hand_is_shown_no_more_the_moment_it_is_withdrawn(tmp_path):
    town = by_hand(tmp_path)
    entering = [task for task in town.tasks() if task["kind"] == "enter"]
    assert "leser lite" in str([settling.show(town.world, task["id"]) for task in entering])
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
    shown = [settling.show(town.world, task["id"])["about"]["enter"] for task in entering]
    assert shown == [[] for _ in entering], "before any round"
    town.world.store.close()


def test_a_task_to_enter_becomes_a_task_to_remove_and_keeps_no_value(tmp_path):
    town = by_hand(tmp_path)
    entering = {task["item"]: task["id"] for task in town.tasks() if task["kind"] == "enter"}
    withdrawn(town)
    left = town.tasks()
    assert {task["kind"] for task in left} == {"remove"}
    assert {task["item"] for task in left} == set(entering)
    assert all(task["deadline"] for task in left)
    with town.world.store.read() as tx:
        for name in entering.values():
            task = tx.task(name)
            assert (task.outcome, task.resolved_by) == ("withdrawn", "gateway")
            assert b"leser" not in task.body
    assert states(town) == {"by_hand"}
    for task in left:
        settling.resolve(town.world, task["id"], "entered", by="kari")
    assert states(town) == {"acknowledged"}
    town.world.store.close()


def test_what_is_left_of_a_task_to_enter_stays(tmp_path):
    town = by_hand(tmp_path)
    item = town.file.of_kind("concern")[0][0]
    town.a.put("goal", "g1", {"title": "lese"}, case="c1")
    town.sync(2)
    town.a.put("consent", "s1", {"excluded": [{"kind": "concern"}]})
    town.sync(2)
    left = {(task["kind"], task["item"]) for task in town.tasks()}
    goal = town.file.of_kind("goal")[0][0]
    assert ("enter", goal) in left
    assert ("enter", item) not in left
    assert ("remove", item) in left
    town.world.store.close()


def test_nothing_of_what_was_entered_stays_in_the_task(tmp_path):
    town = by_hand(tmp_path)
    for task in town.tasks():
        settling.resolve(town.world, task["id"], "entered", by="kari")
        assert settling.show(town.world, task["id"])["about"]["enter"] == []
    town.world.store.close()


def test_two_things_to_remove_of_one_item_are_two_tasks(tmp_path):
    town = by_hand(tmp_path)
    item = town.file.of_kind("concern")[0][0]
    town.b.put(
        "concern",
        town.file.peers["b"][item].native,
        {"area": "reading"},
        case=town.file.peers["b"][town.file.id].native,
    )
    town.a.put("consent", "s1", {"excluded": [{"kind": "concern"}]})
    town.sync(2)
    assert len([task for task in town.tasks() if task["kind"] == "remove" and task["item"] == item]) == 1
    town.world.store.close()


def order(state, fields, at):
    return Order(
        key=f"{state}{at}", case="c", item="i", system="b", fields=tuple(fields), whole=False, cause="withdrawn",
        state=state, asked_at=START + timedelta(hours=at), deadline=START,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ([], None),
        ([order("asked", "ab", 1)], "asked"),
        ([order("by_hand", "ab", 1)], "by_hand"),
        ([order("refused", "ab", 1)], "refused"),
        ([order("acknowledged", "ab", 1)], "acknowledged"),
        ([order("acknowledged", "a", 1)], "partly"),
        ([order("acknowledged", "a", 1), order("acknowledged", "b", 2)], "acknowledged"),
        ([order("acknowledged", "a", 1), order("refused", "b", 2)], "refused"),
        ([order("acknowledged", "a", 1), order("asked", "b", 2)], "asked"),
        ([order("refused", "ab", 1), order("acknowledged", "ab", 2)], "acknowledged"),
        ([order("lapsed", "ab", 1)], None),
        ([order("replaced", "a", 1), order("acknowledged", "ab", 2)], "acknowledged"),
        ([order("acknowledged", "ab", -1)], None),
        ([order("acknowledged", "x", 1)], None),
    ],
)
def test_the_state_of_a_disclosure_follows_from_its_orders(told, state):
    assert state_of(("a", "b"), START, told) == state
    assert state_of(("a", "b"), START, list(reversed(told))) == state


def test_an_order_outlives_the_case_and_holds_no_content(town):
    withdrawn(town)
    case = town.file.id
    acts.erase_case(town.world, case, by="per")
    with town.world.store.read() as tx:
        assert tx.orders(cases=[case])
        assert "leser" not in str(msgspec.json.encode([one._asdict() for one in tx.orders(cases=[case])]))


def test_a_system_down_is_not_the_end_of_an_order(town):
    def down(_release, _key):
        raise Unreachable("http.connect")

    town.world.adapters["b"].retract = down
    withdrawn(town)
    assert {one.code for one in orders(town)} <= {"http.connect", "delivery.not_tried"}
    with town.world.store.read() as tx:
        assert tx.order_counts()["b"][0] == len(orders(town))


def test_what_a_system_with_a_broken_adapter_must_give_up_is_on_record_and_a_person_hears_of_it(town):
    whole = town.world
    working = {name: adapter for name, adapter in whole.adapters.items() if name != "b"}
    town.world = msgspec.structs.replace(whole, adapters=working, broken={"b": "plugin.raises"})
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
    town.clock.forward(days=1)
    town.sync()
    assert {(one.state, one.code, one.cause) for one in orders(town)} == {("asked", "plugin.raises", "withdrawn")}
    assert states(town) == {"asked"}
    town.clock.at += ANSWER_WITHIN
    town.sync()
    assert {task["system"] for task in town.tasks() if task["kind"] == "retraction"} == {"b"}
    first = len(orders(town))
    town.world = whole
    town.clock.forward(days=1)
    town.sync()
    assert not town.b.of("concern")
    assert states(town) == {"acknowledged"}
    assert sorted(one.state for one in orders(town)) == ["acknowledged"] * first + ["replaced"] * first
