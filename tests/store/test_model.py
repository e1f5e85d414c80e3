"""The store against a model of plain dictionaries: whatever is done in whatever order, they say the same."""

import os
import random
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from gateway.store import Keys, Stale, StoreError, Task, Tx, audit, open_store

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
CASES = st.sampled_from("abcd")
SYSTEMS = st.sampled_from(["s", "t"])
BODIES = st.binary(max_size=8)
EXAMPLES = int(os.environ.get("BTI_EXAMPLES", "10"))
SHRINK = "BTI_EXAMPLES" in os.environ  # whoever looks for a fault has the time; a round of all tests has not
NUMBERS = st.sampled_from(["06821099739", "17908599950"])


class Model(RuleBasedStateMachine):
    """Each rule is one transaction on both sides. ``urls_for`` gives a new store's URLs; set by the test."""

    urls_for = None

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.urls = self.urls_for(self.folder)
        self.chance = random.Random(5).randbytes
        self.keys = Keys.create(self.folder / "k", self.chance)
        self.now = START
        self.cases, self.history, self.links, self.due = {}, {}, {}, {}
        self.people, self.tasks, self.sent, self.erased = {}, {}, {}, set()
        self.leaves = 0
        self.store = self.open()

    def open(self):
        return open_store(
            url=self.urls[0], vault_url=self.urls[1], keys=self.keys, tenant="klepp", clock=lambda: self.now, chance=self.chance,
        )  # fmt: skip

    @rule(
        saves=st.lists(
            st.tuples(CASES, BODIES, st.sampled_from([0, 0, 0, 0, 0, 0, -1, 1])),
            min_size=1,
            max_size=4,
            unique_by=lambda save: save[0],
        ),
        fail=st.booleans(),
    )
    def save(self, saves, fail):
        """Some with the wrong version, some transactions that fail at the end."""
        rows = [(case, max(0, self.cases.get(case, (0, b""))[0] + off), body) for case, body, off in saves]
        right = all(version == self.cases.get(case, (0, b""))[0] for case, version, _ in rows)
        try:
            with self.store.write() as tx:
                tx.audit([{"act": "saved"}])
                tx.append_history([(case, self.now, None, body) for case, _, body in rows])
                tx.mark_due([("s", case) for case, _, _ in rows], self.now)
                tx.save_cases(rows)
                if fail:
                    raise KeyError  # noqa: TRY301  the crash is the point
        except Stale:
            assert not right
        except StoreError as error:
            assert error.code == "store.erased"  # noqa: PT017  one of several outcomes that are right
            assert self.erased & {case for case, _, _ in rows}
        except KeyError:
            assert right
        else:
            assert right
            assert not fail
            self.leaves += 1
            for case, version, body in rows:
                self.cases[case] = (version + 1, body)
                self.history.setdefault(case, []).append((self.now, None, body))
                self.due["s", case] = [self.due.get(("s", case), [self.now])[0], 0, self.now]

    @rule(system=SYSTEMS, case=CASES, item=st.sampled_from("ij"), native=st.sampled_from("12"), content=BODIES)
    def link(self, system, case, item, native, content):
        with self.store.write() as tx:
            tx.put_links(system, [("concern", native, case, item, content)])
        version = self.links.get((system, native), ("", "", b"", 0))[3] + 1
        self.links[system, native] = (case, item, content, version)

    @rule(system=SYSTEMS, native=st.sampled_from("12"))
    def unlink(self, system, native):
        with self.store.write() as tx:
            tx.drop_links(system, [("concern", native)])
        self.links.pop((system, native), None)

    @rule(number=NUMBERS, person=st.sampled_from("pq"), case=CASES)
    def meet(self, number, person, case):
        try:
            with self.store.write() as tx:
                tx.put_person_cases([(person, case)])
                tx.put_people([(number, person)])
        except Stale:
            assert self.people.get(number, person) != person
        else:
            assert self.people.setdefault(number, person) == person

    @rule(system=SYSTEMS, case=CASES)
    def mark(self, system, case):
        with self.store.write() as tx:
            tx.mark_due([(system, case)], self.now)
        self.due[system, case] = [self.due.get((system, case), [self.now])[0], 0, self.now]

    @rule(system=SYSTEMS, renewed=st.booleans(), limit=st.sampled_from([1, 3, 0]))
    def drain(self, system, renewed, limit):
        with self.store.read() as tx:
            taken = tx.due(system, limit, self.now)
        expected = sorted(
            (mark[0], case) for (of, case), mark in self.due.items() if of == system and mark[2] <= self.now
        )[:limit]
        assert [(mark.since, mark.case) for mark in taken] == expected
        with self.store.write() as tx:
            if renewed and taken:
                tx.mark_due([(system, taken[0].case)], self.now)
            tx.clear_due(system, [(mark.case, mark.seq) for mark in taken])
        for mark in taken[1 if renewed else 0 :]:
            del self.due[system, mark.case]
        if renewed and taken:
            self.due[system, taken[0].case][1:] = [0, self.now]

    @rule(system=SYSTEMS, cases=st.lists(CASES, min_size=1, max_size=3, unique=True), hours=st.integers(0, 3))
    def postpone(self, system, cases, hours):
        until = self.now + timedelta(hours=hours)
        with self.store.write() as tx:
            tx.postpone(system, cases, until, "http.503")
        for case in cases:
            if mark := self.due.get((system, case)):
                mark[1:] = [mark[1] + 1, until]

    @rule(dedupe=st.sampled_from("xyz"), case=CASES | st.none(), body=BODIES)
    def ask(self, dedupe, case, body):
        if case in self.erased:
            return
        with self.store.write() as tx:
            made = tx.add_tasks([Task(kind="k", dedupe=dedupe, at=self.now, body=body, case=case)])
        assert len(made) == (dedupe not in self.tasks)
        if made:
            self.tasks[dedupe] = (made[0], case, body)

    @rule(dedupe=st.sampled_from("xyz"))
    def answer(self, dedupe):
        with self.store.write() as tx:
            assert tx.resolve_same([dedupe], by="kari", outcome="done", at=self.now) == (dedupe in self.tasks)
        self.tasks.pop(dedupe, None)

    @rule(
        key=st.sampled_from(["k1", "k2"]), state=st.sampled_from([None, "accepted", "uncertain", "failed", "refused"])
    )
    def send(self, key, state):
        assert self.store.vault.begin_sending([(key, "s", "a", "i", b"")]) == {key: self.sent.get(key)}
        if self.sent.get(key) in {None, "failed", "refused"}:
            self.sent[key] = "begun"
        if state is not None:
            self.store.vault.end_sending([(key, state)])
            self.sent[key] = state

    @rule(case=CASES)
    def erase(self, case):
        if len(self.erased) == 2 and case not in self.erased:
            return
        self.store.erase(case, by="kari", at=self.now)
        self.forget(case)

    @rule(hours=st.integers(1, 5))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def reopen(self):
        self.store.close()
        self.store = self.open()

    def forget(self, case):
        """What erasing means, in the model; who stands in no other case is forgotten by ``say_the_same``."""
        self.erased.add(case)
        self.cases.pop(case, None)
        self.history.pop(case, None)
        self.links = {key: link for key, link in self.links.items() if link[0] != case}
        self.due = {key: mark for key, mark in self.due.items() if key[1] != case}
        self.tasks = {key: task for key, task in self.tasks.items() if task[1] != case}
        with self.store.read() as tx:
            known = tx.find_people(list(self.people))
            assert set(known.items()) <= set(self.people.items())
            assert not set(tx.cases_of(["p", "q"]).keys()) - set("pq")
            self.people = known

    @invariant()
    def say_the_same(self):
        with self.store.read() as tx:
            assert tx.load_cases("abcd") == self.cases
            assert {case: tx.history(case) for case in "abcd" if tx.history(case)} == self.history
            found = {
                (system, native): tuple(link)
                for system in "st"
                for (_, native), link in tx.find_links(system, [("concern", n) for n in "12"]).items()
            }
            assert found == self.links
            assert {(s, w.case): [w.since, w.attempts, w.not_before] for s in "st" for w in tx.waiting(s)} == self.due
            assert {task.id: task.body for task in tx.tasks()} == {made: body for made, _, body in self.tasks.values()}
            assert tx.find_people(["06821099739", "17908599950"]) == self.people
            assert tx.tree()[0] == self.leaves
        assert sorted(one.key for one in self.store.vault.unfinished("s")) == sorted(
            k for k, s in self.sent.items() if s in {"begun", "uncertain"}
        )
        assert {one.case for one in self.store.vault.erased()} == self.erased

    def teardown(self):
        assert audit.verify(self.store).holds
        self.store.close()
        shutil.rmtree(self.folder)


def run(urls_for, examples, *, planted=False):
    machine = type("Machine", (Model,), {"urls_for": staticmethod(urls_for)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=30, deadline=None, database=None, derandomize=planted,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink] if SHRINK else [Phase.generate],
        ),
    )  # fmt: skip


def on_sqlite(folder):
    return f"sqlite:///{folder}/m.db", f"sqlite:///{folder}/v.db"


def test_the_store_and_the_model_agree_on_sqlite():
    run(on_sqlite, EXAMPLES)


def test_the_store_and_the_model_agree_on_postgresql(postgres):
    if isinstance(postgres, str):
        pytest.skip(postgres)

    def on_postgres(folder):
        (folder / "place").mkdir()
        place = postgres.place(folder / "place")
        return place.urls["main"], place.urls["vault"]

    run(on_postgres, max(1, EXAMPLES // 5))


@pytest.mark.parametrize(
    "name",
    [
        "append_history",
        "write_log",
        *(
            pytest.param(name, marks=pytest.mark.campaign)
            for name in ("put_links", "mark_due", "clear_due", "postpone", "forget_cases")
        ),
    ],
)
def test_the_model_notices_a_part_that_forgets_its_work(name, monkeypatch):
    monkeypatch.setattr(Tx, name, lambda *_, **__: None)
    with pytest.raises((AssertionError, KeyError, StoreError, ExceptionGroup)):
        run(on_sqlite, 15, planted=True)
