"""What a transaction keeps and gives back, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.store import Flow, Link, Stale, StoreError, Task

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NUMBER, OTHER = "06821099739", "17908599950"


def test_a_case_is_read_back_as_it_was_saved_with_its_version(store):
    with store.write() as tx:
        tx.save_cases([("a", 0, b"one"), ("b", 0, b"")])
    with store.write() as tx:
        tx.save_cases([("a", 1, b"two")])
    with store.read() as tx:
        assert tx.load_cases(["a", "b", "unknown", "a"]) == {"a": (2, b"two"), "b": (1, b"")}
        assert tx.case_ids(limit=1) == ["a"]
        assert tx.case_ids(after="a") == ["b"]
        assert tx.case_count() == 2


@pytest.mark.parametrize(
    ("saved", "count"),
    [
        ([("a", 0, b"x")], 1),
        ([("a", 2, b"x")], 1),
        ([("new", 1, b"x")], 1),
        ([("a", 7, b"x"), ("b", 0, b"x"), ("c", 0, b"")], 2),
    ],
    ids=["made twice", "from the future", "never there", "some of many"],
)
def test_saving_what_another_changed_is_stale_and_keeps_nothing(store, saved, count):
    with store.write() as tx:
        tx.save_cases([("a", 0, b"one"), ("b", 0, b"one")])
    with pytest.raises(Stale) as caught, store.write() as tx:
        tx.mark_due([("s", "a")], START)
        tx.save_cases(saved)
    assert caught.value.count == count
    with store.read() as tx:
        assert tx.load_cases(["a", "b", "c"]) == {"a": (1, b"one"), "b": (1, b"one")}
        assert tx.due_counts() == {}


def test_a_transaction_that_raises_leaves_nothing(store):
    with pytest.raises(KeyError), store.write() as tx:
        tx.save_cases([("a", 0, b"one")])
        tx.audit([{"act": "saved"}])
        raise KeyError
    with store.read() as tx:
        assert tx.load_cases(["a"]) == {}
        assert tx.tree()[0] == 0


def test_a_reader_sees_one_moment_and_writes_nothing(store):
    with store.write() as tx:
        tx.save_cases([("a", 0, b"one")])
    with store.read() as before:
        assert before.load_cases(["a"]) == {"a": (1, b"one")}
        with store.write() as tx:
            tx.save_cases([("a", 1, b"two")])
        assert before.load_cases(["a"]) == {"a": (1, b"one")}
    with store.read() as tx, pytest.raises(StoreError) as caught:
        tx.mark_due([("s", "a")], START)
    assert caught.value.code == "store.readonly"


def test_history_keeps_recorded_and_valid_time_in_the_order_it_was_told(store):
    rows = [
        ("a", START, None, b"1"),
        ("b", START, None, b"x"),
        ("a", START, "2026-01-01", b"2"),
        ("a", START + HOUR, None, b"3"),
    ]
    with store.write() as tx:
        tx.append_history(rows)
    with store.read() as tx:
        assert tx.history("a") == [(at, valid, body) for case, at, valid, body in rows if case == "a"]
        assert tx.history("unknown") == []
    with store.write() as tx:
        assert tx.prune_history(START + HOUR) == 3
        assert [row.body for row in tx.history("a")] == [b"3"]


def test_links_are_found_by_system_kind_and_id_and_only_so(store):
    with store.write() as tx:
        tx.put_links("s", [("concern", "17", "a", "i", b"d1"), ("measure", "17", "a", "j", b"d2")])
        tx.put_links("s", [("concern", "17", "a", "i", b"d3")])
    with store.read() as tx:
        assert tx.find_links("s", [("concern", "17"), ("concern", "18")]) == {
            ("concern", "17"): Link("a", "i", b"d3", 2)
        }
        assert tx.find_links("t", [("concern", "17")]) == {}
        assert [(link.kind, link.item) for link in tx.links_of_case("a")] == [("concern", "i"), ("measure", "j")]
        assert tx.link_count("s") == 2
    with store.write() as tx:
        tx.drop_links("s", [("concern", "17")])
        assert tx.links_of_case("a")[0].kind == "measure"


def test_a_person_is_found_by_every_number_they_had(store):
    with store.write() as tx:
        tx.put_people([(NUMBER, "p")])
        tx.put_people([(NUMBER, "p"), (OTHER, "p")])
        tx.put_person_cases([("p", "b"), ("p", "a"), ("p", "a"), ("q", "a")])
    with store.read() as tx:
        assert tx.find_people([NUMBER, OTHER, "0"]) == {NUMBER: "p", OTHER: "p"}
        assert tx.cases_of(["p", "q", "r"]) == {"p": ["a", "b"], "q": ["a"]}
        assert tx.people_of(["a", "c"]) == {"a": ["p", "q"]}
    with store.write() as tx:
        tx.drop_person_cases([("q", "a")])
        assert tx.people_of(["a"]) == {"a": ["p"]}


def test_a_number_never_moves_to_another_person_by_itself(store):
    with store.write() as tx:
        tx.put_people([(NUMBER, "p")])
    with pytest.raises(Stale), store.write() as tx:
        tx.put_people([(NUMBER, "q")])
    with store.read() as tx:
        assert tx.find_people([NUMBER]) == {NUMBER: "p"}


def test_a_mark_that_was_renewed_meanwhile_is_not_cleared(store):
    with store.write() as tx:
        tx.mark_due([("s", "a"), ("s", "b"), ("t", "a")], START)
    with store.read() as tx:
        taken = tx.due("s", 10, START)
    with store.write() as tx:
        tx.mark_due([("s", "a")], START + HOUR)
    with store.write() as tx:
        tx.clear_due("s", [(mark.case, mark.seq) for mark in taken])
    with store.read() as tx:
        (left,) = tx.due("s", 10, START + HOUR)
        assert (left.case, left.since, left.attempts) == ("a", START, 0)
        assert tx.due_counts() == {"s": (1, START), "t": (1, START)}


def test_a_mark_cleared_and_set_again_is_another_mark(store):
    with store.write() as tx:
        tx.mark_due([("s", "a")], START)
        (first,) = tx.due("s", 1, START)
        tx.clear_due("s", [("a", first.seq)])
        tx.mark_due([("s", "a")], START)
        tx.clear_due("s", [("a", first.seq)])
        assert len(tx.due("s", 1, START)) == 1


def test_what_was_postponed_waits_unless_something_new_happens(store):
    with store.write() as tx:
        tx.mark_due([("s", "a"), ("s", "b")], START)
        tx.postpone("s", ["a", "unknown"], START + HOUR, "http.503")
        assert [mark.case for mark in tx.due("s", 10, START)] == ["b"]
        assert [(mark.case, mark.attempts) for mark in tx.due("s", 10, START + HOUR)] == [("a", 1), ("b", 0)]
        assert [(w.case, w.not_before, w.code) for w in tx.waiting("s", limit=1)] == [("a", START + HOUR, "http.503")]
        tx.mark_due([("s", "a")], START + HOUR / 2)
        assert [(m.case, m.attempts, m.since) for m in tx.due("s", 1, START + HOUR / 2)] == [("a", 0, START)]


def test_a_lane_remembers_its_cursor_and_how_it_went(store):
    with store.write() as tx:
        assert tx.cursor("s") is None
        tx.set_cursor("s", "after=17", START)
        tx.lane_succeeded("s", START, full_count=40)
        tx.lane_failed("s", START + HOUR, "http.timeout")
    with store.write() as tx:
        assert tx.cursor("s") == "after=17"
        assert tx.lane("s")._asdict() == {
            "cursor_at": START, "last_success": START, "last_error": "http.timeout", "error_at": START + HOUR, "full_count": 40,
        }  # fmt: skip
        tx.lane_succeeded("s", START + HOUR)
        tx.set_cursor("s", None, START + HOUR)
        assert (tx.cursor("s"), tx.lane("s").last_error, tx.lane("s").full_count) == (None, None, 40)
        assert list(tx.lanes()) == ["s"]
        assert tx.lane("never").last_success is None


def test_the_same_record_in_quarantine_again_replaces_the_older_entry(store):
    record = ("s", "concern", "17", "model.code", "$.level", b"raw", None)
    with store.write() as tx:
        (first,) = tx.quarantine([record], START)
    with store.write() as tx:
        again = tx.quarantine(
            [("s", "concern", "17", "model.date", None, b"newer", "a"), ("s", "x", "1", "c", None, b"other", None)],
            START + HOUR,
        )
        held, other = tx.quarantined("s")
        assert (held.id, held.code, held.path, held.case, held.times) == (again[0], "model.date", None, "a", 2)
        assert (held.first_at, held.last_at) == (START, START + HOUR)
        assert first != again[0]
        assert tx.quarantined_bodies([*again, first]) == {again[0]: b"newer", other.id: b"other"}
        assert tx.quarantine_counts() == {"s": 2}
        tx.release_quarantine([again[0]])
        tx.settle_quarantine("s", [("x", "1"), ("y", "2")])
        assert tx.quarantined() == []


def test_a_page_that_holds_the_same_record_twice_quarantines_the_later(store):
    record = ("s", "concern", "17", "c", None, b"first", None)
    with store.write() as tx:
        ids = tx.quarantine([record, (*record[:5], b"second", None)], START)
        assert len(set(ids)) == 1
        assert tx.quarantined_bodies(ids) == {ids[0]: b"second"}


def test_the_same_open_task_is_not_made_twice(store):
    task = Task(
        kind="conflict",
        dedupe="conflict/a/level",
        at=START,
        body=b"{}",
        case="a",
        unit="school-1",
        deadline=START + HOUR,
    )
    with store.write() as tx:
        (made,) = tx.add_tasks([task, task])
        assert tx.add_tasks([task]) == []
        (found,) = tx.tasks(unit="school-1", kind="conflict", case="a")
        assert (found.id, found.body, found.deadline, found.open) == (made, b"{}", START + HOUR, True)
        assert tx.tasks(unit="school-2") == tx.tasks(system="s") == tx.tasks(state="resolved") == []
        assert tx.task_counts() == {"conflict": 1}
    with store.write() as tx:
        tx.resolve_task(made, by="kari", outcome="theirs", at=START + HOUR)
        (again,) = tx.add_tasks([task])
        assert again != made
        done = tx.task(made)
        assert (done.open, done.resolved_by, done.outcome, done.resolved_at) == (False, "kari", "theirs", START + HOUR)
        assert tx.resolve_same(["conflict/a/level", "other"], by="kari", outcome="gone", at=START) == 1
        assert tx.tasks() == []
        assert tx.task("unknown") is None
    with pytest.raises(Stale), store.write() as tx:
        tx.resolve_task(made, by="ola", outcome="ours", at=START)


def test_a_flow_nobody_spoke_of_is_in_shadow_and_everything_can_be_paused(store):
    with store.write() as tx:
        assert tx.flow("s", "t") == Flow("s", "t", "shadow", None, None)
        assert not tx.paused()
        tx.set_flow("s", "t", "approved", by="kari", at=START)
        tx.set_paused(True, by="ola", at=START)
    with store.write() as tx:
        assert tx.paused()
        assert tx.flows() == [Flow("s", "t", "approved", "kari", START)]
        tx.set_paused(False, by="ola", at=START)
        assert not tx.paused()
        with pytest.raises(ValueError, match="a flow is"):
            tx.set_flow("s", "t", "on", by="kari", at=START)


def test_disclosures_are_found_by_case_person_system_and_time(store):
    def row(case, item, at, key):
        return (case, item, "s", at, ["level"], ["C1"], "CONSENT", key)

    with store.write() as tx:
        tx.put_person_cases([("p", "a")])
        tx.add_disclosures([row("a", "i", START, "k1"), row("b", "j", START + HOUR, "k2"), row("a", "i", START, "k1")])
        tx.add_disclosures([row("a", "i", START + HOUR, "k1")])
    with store.write() as tx:
        assert [d.key for d in tx.disclosures()] == ["k1", "k2"]
        assert [d.key for d in tx.disclosures(person="p")] == ["k1"]
        assert [d.key for d in tx.disclosures(cases=["b"])] == ["k2"]
        assert [d.key for d in tx.disclosures(start=START + HOUR)] == ["k2"]
        assert [d.key for d in tx.disclosures(end=START + HOUR)] == ["k1"]
        assert tx.disclosures(system="t") == tx.disclosures(person="nobody") == []
        tx.mark_retracted([("k1", "i")], state="acknowledged", at=START + HOUR)
        (first,) = tx.disclosures(cases=["a"])
        assert first == ("a", "i", "s", START, ("level",), ("C1",), "CONSENT", "k1", "acknowledged", START + HOUR)


def test_empty_batches_do_nothing(store):
    with store.write() as tx:
        tx.save_cases([])
        tx.append_history([])
        tx.put_links("s", [])
        tx.drop_links("s", [])
        tx.put_people([])
        tx.put_person_cases([])
        tx.mark_due([], START)
        tx.clear_due("s", [])
        tx.postpone("s", [], START, "x")
        tx.release_quarantine([])
        tx.mark_retracted([], state="asked", at=START)
        tx.add_disclosures([])
        tx.audit([])
        assert tx.load_cases([]) == tx.find_links("s", []) == tx.find_people([]) == tx.cases_of([]) == {}
        assert tx.quarantine([], START) == tx.add_tasks([]) == []
    assert store.vault.begin_sending([]) == {}
    assert store.vault.restrict([]) == []
    store.vault.end_sending([])


def test_batches_larger_than_one_statement_takes_come_back_whole(store):
    cases = [(f"c{n:05}", 0, b"%d" % n) for n in range(1200)]
    with store.write() as tx:
        tx.save_cases(cases)
        tx.put_links("s", [("concern", str(n), f"c{n:05}", "i", b"d") for n in range(1200)])
    with store.read() as tx:
        assert len(tx.load_cases([case for case, _, _ in cases])) == 1200
        assert len(tx.find_links("s", [("concern", str(n)) for n in range(1201)])) == 1200


def test_a_time_without_an_offset_is_refused(store):
    with pytest.raises(ValueError, match="offset"), store.write() as tx:
        tx.mark_due([("s", "a")], START.replace(tzinfo=None))
