"""What begins to leave after somebody said no: nothing, within seconds, however slow the receiver is."""

import threading
import time
from datetime import timedelta

import pytest

from gateway.run import acts, outlet
from gateway.run.life import sync
from gateway.run.settling import open_tasks
from gateway.sdk import Page, Receipt, Uncertain, Unreachable
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.simulator import Simulator
from tests.run.streets import Street
from tests.run.township import Township
from tests.run.toys import able

PROMISE = timedelta(seconds=5)
CHOSEN = range(8, 16)


class Slow:
    """A receiver that takes its time, on the virtual clock, and notes when each sending began and for which case."""

    def __init__(self, street, *, seconds, calls=("deliver", "retract", "read_back")):
        self.street, self.seconds = street, seconds
        self.began = []
        self.adapter = street.world.adapters["b"]
        for name in calls:
            setattr(self.adapter, name, self._slowed(name, getattr(self.adapter, name)))

    def _slowed(self, name, real):
        def call(*args):
            if name == "deliver":
                self.began.append((self.street.clock.at, args[0].case))
            self.after()
            self.street.clock.forward(seconds=self.seconds)
            return real(*args)

        return call

    def after(self):
        """What happens meanwhile."""

    def late(self, cases, since):
        return [at - since for at, case in self.began if case in cases and at > since + PROMISE]


def once_begun(slow, count, act):
    """Do something when this many sendings have begun; a list that will hold the time it was done."""
    done = []

    def look():
        if not done and len(slow.began) >= count:
            done.append(slow.street.clock.at)
            act()

    slow.after = look
    return done


def closing(street, how):
    """Ways of saying no, to the chosen families or to everybody; the cases that are meant."""
    known = street.cases()
    cases = {known[at] for at in CHOSEN}

    def withdraw():
        street.withdraw(CHOSEN)

    def block():
        for case in cases:
            acts.set_block(street.world, case, by="kari", service="health_station", valid_from=None, valid_to=None)

    def pause():
        acts.pause_everything(street.world, by="drift", paused=True)

    def shadow():
        for source in ("a", "register"):
            acts.set_flow(street.world, source, "b", "shadow", by="leder")

    def erase():
        for case in cases:
            acts.erase_case(street.world, case, by="pvo")

    act = {"withdraw": withdraw, "block": block, "pause": pause, "shadow": shadow, "erase": erase}[how]
    return act, set(known.values()) if how in {"pause", "shadow"} else cases


def run(folder, *, how, seconds, batch=1, families=24, lost=False, able_more=None):
    street = Street(folder, families=families, can_b=able(batch=batch, **(able_more or {})))
    acts.pause_everything(street.world, by="drift", paused=True)
    street.sync()
    acts.pause_everything(street.world, by="drift", paused=False)
    if lost:
        street.b.lose_answers = 10_000
        adapter = street.world.adapters["b"]
        real = adapter.deliver

        def deliver(release, key):
            try:
                return real(release, key)
            except Uncertain:
                raise Uncertain("http.read_timeout") from None

        adapter.deliver = deliver
        for _ in range(3):
            street.sync()
            street.clock.forward(days=1)
        street.b.lose_answers = 0
    slow = Slow(street, seconds=seconds)
    act, cases = closing(street, how)
    done = once_begun(slow, 5, act)
    sync(street.world)
    return street, slow, done, cases


HOW = [("withdraw", 0.3, 1), ("withdraw", 1, 1), ("withdraw", 30, 1), ("withdraw", 1, 7),
       ("block", 1, 1), ("pause", 1, 1), ("shadow", 1, 7), ("erase", 1, 1), ("erase", 1, 7)]  # fmt: skip


@pytest.mark.parametrize(("how", "seconds", "batch"), HOW)
def test_nothing_begins_to_leave_five_seconds_after_somebody_closed_it(how, seconds, batch, tmp_path):
    street, slow, done, cases = run(tmp_path, how=how, seconds=seconds, batch=batch)
    assert done
    if how == "erase":
        with street.world.store.read() as tx:
            told = {one.case for one in tx.disclosures(system="b")}
        sent = {case for _, case in slow.began}
        assert told == sent, "what left before the case was erased stays on record"
    if batch == 1:
        assert slow.late(cases, done[0]) == []
    else:
        begun = [at for at, case in slow.began if case in cases]
        allowed = done[0] + PROMISE + timedelta(seconds=seconds * batch)  # one request that had begun goes on
        assert [at for at in begun if at > allowed] == []
    if how in {"withdraw", "block"}:
        others = {case for at, case in street.cases().items() if at not in CHOSEN}
        assert {case for _, case in slow.began} >= others, "the others get theirs"
        for _ in range(3):
            street.sync()
        assert len(street.b.of("concern")) == len(others), "and what had gone out is taken back"
    street.world.store.close()


def test_a_decision_that_is_never_made_again_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(outlet, "FRESH", 1e9)
    street, slow, done, cases = run(tmp_path, how="withdraw", seconds=1)
    assert slow.late(cases, done[0])
    street.world.store.close()


@pytest.mark.parametrize("seconds", [0.5, 3, 30])
def test_a_receiver_that_is_slow_to_be_asked_about_lost_answers_still_gets_everything(seconds, tmp_path):
    street = Street(tmp_path, families=8)
    street.b.lose_answers = 10_000
    street.sync(2)
    street.b.lose_answers = 0
    street.clock.forward(days=1)
    slow = Slow(street, seconds=seconds)
    limit = [400]

    def patience():
        limit[0] -= 1
        assert limit[0], "the same is asked over and over"

    slow.after = patience
    for _ in range(6):
        street.sync()
        street.clock.forward(days=1)
    assert len(street.b.of("concern")) == len(street.b.of("case")) == 8
    street.world.store.close()


def test_slow_retractions_keep_nobody_elses_sendings_back_for_ever(tmp_path):
    street = Street(tmp_path, families=20)
    street.sync(2)
    street.withdraw(range(10))
    for at in range(10, 20):
        street.a.put("concern", f"k{at}", {"summary": f"ny {at}"})
    slow = Slow(street, seconds=10)
    limit = [400]

    def patience():
        limit[0] -= 1
        assert limit[0], "the same is tried over and over"

    slow.after = patience
    street.sync()
    assert sorted(one["summary"] for one in street.b.of("concern")) == sorted(f"ny {at}" for at in range(10, 20))
    street.world.store.close()


class Timed(Simulator):
    """A vendor that takes half a second for every write, when it ``holds`` until it is told; notes when each came."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.came = []
        self.holds = False
        self.writes, self.told = threading.Event(), threading.Event()

    def _answer(self, asked):
        if asked.method in {"POST", "PATCH"} and not asked.path.startswith("/_sim"):
            self.came.append((time.monotonic(), asked.path, asked.body))
            self.writes.set()
            if self.holds:
                self.told.wait(60)
            time.sleep(0.5)
        return super()._answer(asked)


def test_a_withdrawal_stops_a_slow_real_vendor_with_hundreds_of_cases_due(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.run.township.Simulator", Timed)
    town = Township(tmp_path, cases=0)
    for at in range(220):
        town.tell(at, summary=f"uro{at:04}")
    world = town.world(threads=1)
    for source, target in (("skole", "helse"), ("helse", "skole")):
        acts.set_flow(world, source, target, "approved", by="liv")
    acts.pause_everything(world, by="ola", paused=True)
    sync(world)
    acts.pause_everything(world, by="ola", paused=False)
    with world.store.read() as tx:
        cases = tx.case_ids()
    assert len(cases) == 220
    town.helse.came.clear()
    town.helse.writes.clear()
    town.helse.holds = True
    errors = []

    def work():
        try:
            sync(world)
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert town.helse.writes.wait(60)
    acts.pause_everything(world, by="ola", paused=True)
    recorded = time.monotonic()
    town.helse.told.set()
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert errors == []
    late = [at - recorded for at, path, _ in town.helse.came if at > recorded + PROMISE.total_seconds()]
    assert late == []
    begun = sum(body.count(b"uro0") for _, _, body in town.helse.came)
    assert begun < 220, "not all had begun"
    for adapter in world.adapters.values():
        adapter.close()
    town.close()
    world.store.close()


@pytest.mark.parametrize("able_to", [{}, {"read_back": False, "idempotency_key": False, "conditional_write": False}])
def test_what_may_have_arrived_is_taken_back_or_asked_about(able_to, tmp_path):
    street = Street(tmp_path, families=1, can_b=able(**able_to))
    adapter = street.world.adapters["b"]
    real = adapter.deliver
    adapter.deliver = lambda release, key: (real(release, key), Receipt(key=key, state="uncertain", code="http.500"))[1]
    street.sync()
    del adapter.deliver
    if able_to:
        adapter.fetch = lambda _: Page()
    with street.world.store.read() as tx:
        assert tx.disclosures(system="b"), "it counts as told"
    street.withdraw([0])
    street.sync(2)
    left = [kind for (kind, _), one in street.b.records.items() if not one["deleted"]]
    asked = {task["kind"] for task in open_tasks(street.world)}
    assert "retraction" in asked if able_to else left == []
    street.world.store.close()


class Crash(BaseException):
    """The process dies here."""


ABLE_TO = {
    "all": {},
    "honour keys": {"read_back": False, "conditional_write": False},
    "be read back": {"idempotency_key": False, "conditional_write": False},
    "nothing": {"read_back": False, "idempotency_key": False, "conditional_write": False},
}


@pytest.mark.parametrize("fed", [True, False])
@pytest.mark.parametrize("step", ["begun", "sent", "proved"])
@pytest.mark.parametrize("able_to", ABLE_TO)
def test_a_crash_between_sending_and_writing_it_down_hides_nothing_from_a_withdrawal(able_to, step, fed, tmp_path):
    began = []

    def crash(name):
        began.append(name)
        reached = began.count("begun") == 2 if step == "begun" else bool(street.b.effects)  # the second lane is b's
        if name == step and reached and "crash" not in began:
            began.append("crash")
            raise Crash

    can = able(**ABLE_TO[able_to])
    street = Street(tmp_path, families=1, can_b=can, step=crash)
    with pytest.raises(Crash):
        street.sync()
    assert bool(street.b.effects) == (step != "begun")
    if not fed:
        street.world.adapters["b"].fetch = lambda _: Page()
    street.withdraw([0])
    for _ in range(3):
        street.sync()
        street.clock.forward(days=1)
    there = [kind for (kind, _), one in street.b.records.items() if not one["deleted"]]
    asked = {task["kind"] for task in open_tasks(street.world)}
    assert not there or asked & {"uncertain", "retraction"}, "taken back, or a person knows"
    if street.b.effects:
        with street.world.store.read() as tx:
            told = tx.disclosures(system="b")
        assert told or asked & {"uncertain", "retraction"}, "what may have left stays on record"
    street.world.store.close()


@pytest.mark.parametrize("status", [429, 503])
def test_a_write_is_not_tried_again_when_what_let_it_go_is_long_decided(status):
    now, began = [0.0], []

    def answer(asked):
        began.append((asked.method, now[0]))
        return Answer(status=status, headers={"Retry-After": "3"})

    def sleep(seconds):
        now[0] += seconds

    with LoopbackServer(answer) as server:
        client = HttpClient(url=server.url, clock=lambda: now[0], sleep=sleep, chance=lambda: 0.5)
        for method in ("POST", "GET"):
            with pytest.raises(Unreachable):
                client.request(method, "/x", json={} if method == "POST" else None, key="k")
        client.close()
    assert [method for method, _ in began] == ["POST", "GET", "GET", "GET"]
