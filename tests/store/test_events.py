"""What happened is kept with what did it, told to each receiver until it heard, and then gone, on both databases."""

from datetime import UTC, datetime, timedelta

from gateway.store import Event, Task

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def kinds(events):
    return [one.kind for one in events]


def test_an_event_is_told_to_each_who_wants_it_and_gone_when_all_have_heard(store):
    with store.write() as tx:
        tx.add_events([Event(kind=f"k{n}", at=START + n * HOUR, about=str(n)) for n in range(3)])
    with store.write() as tx:
        events = tx.new_events(limit=9)
        assert kinds(events) == ["k0", "k1", "k2"]
        tx.spread_events(events, [("a", events[0].id), ("b", events[0].id), ("a", events[2].id)])
    with store.write() as tx:
        assert tx.new_events(limit=9) == []
        assert kinds(one.event for one in tx.tellings("a", now=START, limit=9)) == ["k0", "k2"]
        tx.hook_told("a", events[0].id)
        tx.hook_not_told("a", events[2].id, until=START + HOUR, code="http.500")
        tx.hook_not_told("b", events[0].id, until=START, code="http.410", dead=True)
    with store.write() as tx:
        assert tx.tellings("a", now=START, limit=9) == []
        assert [(one.event.kind, one.attempts) for one in tx.tellings("a", now=START + HOUR, limit=9)] == [("k2", 1)]
        assert tx.tellings("b", now=START + HOUR, limit=9) == []
        told = [(one.hook, one.waiting, one.dead, one.oldest, one.code) for one in tx.untold()]
        assert told == [("a", 1, 0, START + 2 * HOUR, "http.500"), ("b", 0, 1, START, "http.410")]
        assert all(type(one.waiting) is int and type(one.dead) is int for one in tx.untold())
        assert tx.tell_again("b") == 1
        assert kinds(one.event for one in tx.tellings("b", now=START, limit=9)) == ["k0"]
        tx.leave_alone("b", until=START + 2 * HOUR)
        assert tx.tellings("b", now=START + HOUR, limit=9) == []
        tx.forget_tellings(hooks=["a"], before=START + HOUR)
        assert [one.hook for one in tx.untold()] == ["a"]
        tx.hook_told("a", events[2].id)
        assert tx.untold() == []


def test_what_is_done_with_tasks_and_flows_is_an_event_of_its_transaction(store):
    with store.write() as tx:
        first, second = tx.add_tasks([
            Task(kind="refused", dedupe="1", at=START, unit="u", system="s"), Task(kind="notice", dedupe="2", at=START)
        ])  # fmt: skip
        third, fourth = tx.add_tasks([Task(kind="lock", dedupe=one, at=START, unit="u") for one in ("3", "4")])
        tx.resolve_task(first, by="kari", outcome="seen", at=START)
        assert tx.resolve_same(["3", "4", "nobody"], by="", outcome="settled", at=START) == 2
        tx.set_flow("a", "b", "approved", by="liv", at=START)
        tx.set_paused(False, by="liv", at=START)
    with store.read() as tx:
        told = [(one.kind, one.about) for one in tx.new_events(limit=20)]
    assert second not in {about for _, about in told}
    assert told[:5] == [
        ("task.created", first), ("delivery.failed", first), ("task.created", third), ("task.created", fourth),
        ("task.answered", first),
    ]  # fmt: skip
    assert {*told[5:7]} == {("task.settled", third), ("task.settled", fourth)}
    assert told[7:] == [("flow.approved", "a b"), ("sending.resumed", None)]


def test_of_an_erased_case_nobody_is_told(store):
    with store.write() as tx:
        tx.save_cases([("c", 0, b"x")])
        tx.add_events([Event(kind="baton.changed", at=START, case="c")])
    store.erase("c", by="ida", at=START)
    with store.read() as tx:
        assert tx.new_events(limit=9) == []
