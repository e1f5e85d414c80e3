"""Two-way sync as a state machine: vendors are edited, fail and forget while rounds go on.

After quiet everybody must agree within three rounds; nothing may echo; and no value that a user wrote may vanish
without a stored conflict.
"""

import contextlib
import copy
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from gateway.core import casefile, keep, merge
from gateway.run import outlet, proving
from gateway.run.life import sync
from gateway.run.settling import open_tasks, resolve
from tests.run.toys import CHILD, FAMILY, MOTHER, Clock, Vendor, able, approve, make_world, tell_family

FIELDS = ("summary", "area")
STEPS = ("fetched", "kept", "asked", "decided", "begun", "sent", "proved", "ended")


MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a law about logic needs no disk


class Crash(BaseException):
    """The process dies here."""


class Municipality(RuleBasedStateMachine):
    """Two to four vendors with one child's log. ``a`` began it; the others got it through the gateway."""

    owned = False

    @initialize(count=st.integers(2, 4), owned=st.booleans(), plain=st.booleans())
    def open(self, count: int, owned: bool, plain: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bti-law-", dir=MEMORY))
        self.clock = Clock()
        names = "abcd"[:count]
        services = {"a": "school", "b": "health_station", "c": "ppt", "d": "kindergarten"}
        weaker = able(conditional_write=False, read_back=False) if plain else able()
        self.vendors = {name: Vendor(name) for name in names}
        self.can = {name: weaker if name == "b" else able() for name in names}
        self.services = services
        self.owned = owned
        self.crash_at: str | None = None
        self.edits: list[tuple[str, str, Any, str]] = []
        self.racing: tuple[str, int, str] | None = None
        self.numbering = 0
        self.world = self._open()
        approve(self.world)
        tell_family(self.vendors["a"], services=tuple(services.values()))
        self.vendors["a"].put("concern", "k1", {"raised_on": "2026-02-01", "summary": "0"}, case="c1")
        for _ in range(3):
            sync(self.world)
        assert all(vendor.of("concern") for vendor in self.vendors.values())

    def _open(self) -> Any:
        return make_world(
            self.folder,
            vendors={name: (self.services[name], vendor, self.can[name]) for name, vendor in self.vendors.items()},
            register=FAMILY,
            asserts={"a": ("consent",)},
            owns={"a": ("concern",)} if self.owned else {},
            clock=self.clock,
            step=self._step,
            seed=self.numbering + 7,
        )

    def _step(self, name: str) -> None:
        if self.racing is not None and self.racing[0] == name:
            _, which, field = self.racing
            self.racing = None
            self.edit(which, field)
        if self.crash_at == name:
            self.crash_at = None
            raise Crash

    def _vendor(self, which: int) -> Vendor:
        names = sorted(self.vendors)
        return self.vendors[names[which % len(names)]]

    @rule(which=st.integers(0, 3), field=st.sampled_from(FIELDS))
    def edit(self, which: int, field: str) -> None:
        """A user replaces the value that the vendor shows by one that nobody has written before."""
        vendor = self._vendor(which)
        self.numbering += 1
        native, record = next((key[1], one) for key, one in vendor.records.items() if key[0] == "concern")
        value = f"{vendor.name}{self.numbering}"
        self.edits.append((vendor.name, field, record["fields"].get(field), value))
        vendor.put("concern", native, {field: value})

    @rule(at=st.sampled_from(STEPS), which=st.integers(0, 3), field=st.sampled_from(FIELDS))
    def edit_in_a_round(self, at: str, which: int, field: str) -> None:
        """A user writes while a round is under way, where the vendor can tell that someone did."""
        if self.can[self._vendor(which).name].conditional_write:
            self.racing = (at, which, field)
            self._sync()
            self.racing = None

    @rule()
    def round(self) -> None:
        self._sync()

    @rule(at=st.sampled_from(STEPS))
    def crash(self, at: str) -> None:
        """The process dies between two steps, and is started again."""
        self.crash_at = at
        self._sync()
        self.crash_at = None
        self.world.store.close()
        self.world = self._open()

    @rule(which=st.integers(0, 3))
    def lose_an_answer(self, which: int) -> None:
        self._vendor(which).lose_answers = 1

    @rule(which=st.integers(0, 3))
    def fail_once(self, which: int) -> None:
        self._vendor(which).fail_before = 1

    @rule(which=st.integers(0, 3), down=st.booleans())
    def outage(self, which: int, down: bool) -> None:
        self._vendor(which).down = down

    @rule(which=st.integers(0, 3))
    def tell_again(self, which: int) -> None:
        """A vendor's feed repeats what it has told before, out of order."""
        vendor = self._vendor(which)
        vendor.log.extend(reversed(list(vendor.records)))

    def _sync(self) -> None:
        with contextlib.suppress(Crash):
            sync(self.world)
        self.clock.forward(hours=6)

    @invariant()
    def one_effect_for_each_key(self) -> None:
        """A vendor that honours keys never shows two effects of one."""
        for vendor in getattr(self, "vendors", {}).values():
            keys = [key for key, _ in vendor.effects]
            assert len(keys) == len(set(keys))

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self._settle()
        finally:
            self.world.store.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _settle(self) -> None:
        for vendor in self.vendors.values():
            vendor.down, vendor.lose_answers, vendor.fail_before = False, 0, 0
        for _ in range(3):
            self._sync()
        self._nothing_vanished()
        self._no_needless_question()
        open_ones = {(task["item"], task["system"]) for task in open_tasks(self.world) if "ours" in task["answers"]}
        assert open_ones >= {(one.item, one.system) for one in self._file().clashes}, "a conflict nobody is asked about"
        for task in open_tasks(self.world):
            if "ours" in task["answers"]:
                resolve(self.world, task["id"], "ours", by="kari")
            elif task["kind"] == "uncertain":
                resolve(self.world, task["id"], "lost", by="kari")
        for _ in range(3):
            self._sync()
        writes = {name: vendor.writes for name, vendor in self.vendors.items()}
        self._agree()
        self._sync()
        assert writes == {name: vendor.writes for name, vendor in self.vendors.items()}, "an echo"

    def _agree(self) -> None:
        seen = {name: vendor.of("concern") for name, vendor in self.vendors.items()}
        first = next(iter(seen.values()))
        assert len(first) == 1, "one concern was told, so one there is"
        for concerns in seen.values():
            assert concerns == first, "a silent divergence"

    def _no_needless_question(self) -> None:
        """A conflict stands only between what two users wrote, neither with the other's value before their eyes."""
        before = {(field, value): old for _, field, old, value in self.edits}
        wrote = {(field, value): name for name, field, _, value in self.edits}

        def came_of(field: str, value: Any) -> set[Any]:
            found = set()
            while value not in found:
                found.add(value)
                value = before.get((field, value))
            return found

        for clash in self._file().clashes:
            field, theirs = clash.name, clash.theirs
            ours = self._file().items[clash.item].fields.get(field)
            assert wrote.get((field, theirs)) == clash.system, "nobody there wrote this"
            assert ours not in came_of(field, theirs), "they had seen ours and changed it"
            assert theirs not in came_of(field, ours), "ours was made of theirs"

    def _file(self) -> casefile.CaseFile:
        with self.world.store.read() as tx:
            [case] = tx.case_ids()
            return casefile.decode(tx.load_cases([case])[case][1])

    def _nothing_vanished(self) -> None:
        """Each value that no user replaced with open eyes stands for everybody, or in a conflict; or an owner's does."""
        file = self._file()
        held = {clash.theirs for clash in file.clashes}
        [concern] = [entry for entry in file.items.values() if entry.kind == "concern"]
        replaced = {(field, old) for _, field, old, _ in self.edits}
        for name, field, _, value in self.edits:
            if (field, value) in replaced or (self.owned and name != "a"):
                continue
            assert value == concern.fields.get(field) or value in held, "an edit was lost"


SOME = settings(
    max_examples=8,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    derandomize=True,
)


def test_rounds_converge_without_echo_and_without_loss():
    run_state_machine_as_test(Municipality, settings=SOME)


@pytest.mark.campaign
def test_many_more_rounds_converge():
    run_state_machine_as_test(Municipality, settings=settings(SOME, max_examples=400))


def _lww(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge, "_word", lambda owner, system: "take")


def _forget_base(monkeypatch: pytest.MonkeyPatch) -> None:
    real = merge.agree

    def broken(peer: Any, name: str) -> None:
        real(peer, name)
        peer.agreed.clear()

    monkeypatch.setattr(merge, "agree", broken)
    monkeypatch.setattr(proving, "agree", broken)


def _others_not_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*, file: Any, item: str, name: str, value: Any, system: str | None) -> None:
        entry = file.items[item]
        entry.fields[name] = value
        if system is not None:
            merge.agree(file.peers[system][item], name)

    monkeypatch.setattr(merge, "change_field", broken)


def _receipt_agrees_with_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent counts as what is canonical by now, though it changed on the way."""
    real = proving._delivered

    def broken(batch: Any, file: Any, job: Any, receipt: Any, written: Any) -> None:
        real(batch, file, job, receipt, written)
        for item in job.sending.values:
            peer = file.peers[batch.system.name][item]
            peer.agreed = list(dict.fromkeys([*peer.agreed, *peer.behind]))
            peer.behind = {}

    monkeypatch.setattr(proving, "_delivered", broken)


def _clash_overwrites(monkeypatch: pytest.MonkeyPatch) -> None:
    """A conflict is stored nowhere."""
    monkeypatch.setattr(merge, "_clash", lambda **_: None)


def _key_of_content_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that comes back a second time counts as sent."""
    real = outlet.key_of

    def broken(world: Any, sending: Any, peer: Any, *, retract: bool) -> Any:
        same = copy.copy(peer)
        same.count = 0
        return real(world, sending, same, retract=retract)

    monkeypatch.setattr(outlet, "key_of", broken)


PLANTED = {
    "the last writer wins": _lww,
    "what was agreed is forgotten": _forget_base,
    "others are not told of a change": _others_not_behind,
    "a conflict is dropped": _clash_overwrites,
    "an old receipt agrees with a new value": _receipt_agrees_with_now,
}


QUICKLY_FOUND = {"others are not told of a change"}
"""The bugs that are planted in ``make test``; the campaign plants all of them."""


@pytest.mark.parametrize(
    "bug", [pytest.param(bug, marks=() if bug in QUICKLY_FOUND else pytest.mark.campaign) for bug in PLANTED]
)
def test_the_machine_finds_planted_merge_bugs(bug, monkeypatch):
    PLANTED[bug](monkeypatch)
    with pytest.raises(BaseException) as found:  # noqa: PT011 - whatever the law that broke says
        run_state_machine_as_test(Municipality, settings=settings(SOME, max_examples=100, phases=[Phase.generate]))
    assert not isinstance(found.value, (KeyboardInterrupt, SystemExit))


def test_numbers_in_this_file_are_those_of_the_toys():
    assert CHILD in FAMILY
    assert MOTHER in FAMILY
    assert keep.ORDER[0] == "person"
