"""``make mutants``: each mutant meets the table of answers, then the tests, then the second engine; one must notice it.

The tests are collected once. A mutant lives in a forked process, where the changed code takes the place of the
function's own; so what is imported stays imported, and a mutant costs no more than what notices it. Only scenes and
tests that enter the function are asked, those first that have noticed most. Who survives all must stand in
``equivalent_mutants.txt``.

What became of each mutant is written down at once, so that a run that was stopped goes on where it was: a mutant that
was noticed counts while no line of the core has changed, one that survived while no test has either.
"""

import contextlib
import gc
import hashlib
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import answers
import pytest
from compare import spread, walk
from families import FAMILIES
from msgspec.structs import replace
from mutants import MODULES, Mutant, equivalent, mutants, planted, prepare
from second_engine import Answer
from second_engine import decide as second

from gateway.core.consent import decide

ROOT = Path(__file__).parents[2]
TESTS = [
    "tests/core/gate", "tests/core/test_past.py",
    "tests/proof/test_bases.py", "tests/proof/test_dates.py", "tests/proof/test_histories.py",
    "tests/proof/test_theorems.py",
]  # fmt: skip
LEFT_OUT = ("planted_bug", "_is_found", "no_law_is_empty", "costs", "without_its_bug", "test_laws.py")
"""Tests of the harness itself, of what things cost, and laws of which the theorems are the wider form."""
DEAREST = 0.8
"""A test that costs more seconds than this, while it is looked at, is not asked."""
ALIVE = ("survived", "nowhere")
"""What counts as not noticed. A test that hangs has noticed: each has a limit of its own in the suite."""
SECONDS = int(os.environ.get("MUTANT_SECONDS", "20"))
"""A mutant that takes this long hangs."""
BUDGET = float(os.environ.get("MUTANT_BUDGET", "12"))
"""After so many seconds no further test is asked, and the mutant has survived."""
KEPT = Path(os.environ.get("MUTANTS_KEPT", "build/mutants.jsonl"))
"""Where it is written down what became of each mutant, a line each."""
GATE_SHARE = 0.15
"""How much of the gate's mutants may live; of the rules' none but those that are no change."""


class Points(NamedTuple):
    """Points of the space with the second engine's answers."""

    known: list[Any]
    asked: list[tuple[int, Any, tuple[str, ...], Answer]]


def points(facts: int = 20, asks: int = 60, every: int = 4) -> Points:
    """A share of each family. Facts are copied for each mutant, so that nothing worked out before is kept."""
    known: list[Any] = []
    asked = []
    for family in FAMILIES:
        for scene, (told, ask, fields) in walk(
            family, spread(family.facts_size, facts), spread(family.asks_size, asks), every
        ):
            if told is None:
                continue
            if not known or known[-1] is not told:
                known.append(told)
            asked.append((len(known) - 1, ask, fields, second(scene)))
    return Points(known, asked)


def noticed(some: Points) -> int | None:
    """The place of a point that the second engine answers otherwise."""
    fresh: dict[int, Any] = {}
    for number, (place, ask, fields, expected) in enumerate(some.asked):
        if place not in fresh:
            fresh[place] = replace(some.known[place])
        made = decide(fresh[place], ask, fields)
        got = (made.effect, made.fields, made.rules[0], made.secrecy_basis, made.processing_basis)
        if got != expected[:5] or frozenset(made.must_consent) != expected.must_consent:
            return number
        if frozenset(made.missing) != expected.missing:
            return number
    return None


class Fate(NamedTuple):
    """What became of a mutant, and what noticed it."""

    came: str
    """``answers``, ``tests`` or ``engines`` noticed it, or hung, or it ``survived``, or is ``nowhere`` in what runs."""
    by: str = ""


class Met(NamedTuple):
    """What a scene or a test enters: functions as ``module.name``; and its seconds, or ``None`` where it fails."""

    functions: frozenset[str]
    cost: float | None


class Court:
    """The table of answers, tests and points, those first that have noticed most so far."""

    def __init__(self, some: Points, tests: list[pytest.Item], rows: list[answers.Row]) -> None:
        self.some = some
        self.tests = {one.nodeid: one for one in tests}
        self.rows = {" | ".join(one.name): one for one in rows}
        self.kills: Counter[str] = Counter()
        prepare()
        self.expected = {name: answers.answered(one) for name, one in self.rows.items()}
        gc.collect()
        gc.freeze()
        met = {name: Met(frozenset(inner), cost) for name, (inner, cost) in _forked(self._looked).items()}
        self.met = {name: one for name, one in met.items() if one.cost is not None and one.cost <= DEAREST}
        total = sum(self.met[name].cost or 0 for name in self.tests if name in self.met)
        many = sum(name in self.met for name in self.tests)
        _say(f"{len(self.rows):,} scenes, {many:,} tests of {total:.1f} s, {len(some.asked):,} points")

    def judge(self, mutant: Mutant) -> Fate:
        """The fate of a mutant, in a process of its own, which leaves this one as it was."""
        mine = f"{mutant.module}.{mutant.function}"
        entering = [name for name, one in self.met.items() if mutant.function is None or mine in one.functions]
        order = sorted(entering, key=lambda name: (name in self.tests, -self.kills[name], self.met[name].cost))
        said = _forked(lambda: self._tried(mutant, order))
        fate = Fate(*said) if said else Fate("tests", "died")
        if fate.by in self.met:
            self.kills[fate.by] += 1
        return fate

    def _tried(self, mutant: Mutant, order: list[str]) -> Fate:
        if not planted(mutant):
            return Fate("nowhere")
        for name in order:
            if name in self.rows and answers.answered(self.rows[name]) != self.expected[name]:
                return Fate("answers", name)
        for name, passed, _ in self._run([name for name in order if name in self.tests]):
            if not passed:
                return Fate("tests", name)
            if time.process_time() > BUDGET:
                return Fate("survived")
        place = noticed(self.some)
        return Fate("survived") if place is None else Fate("engines", str(place))

    def _run(self, names: list[str]) -> Iterator[tuple[str, bool, float]]:
        items = [self.tests[name] for name in names]
        for item, after in zip(items, [*items[1:], None], strict=False):
            began = time.process_time()
            yield item.nodeid, _passes(item, after), time.process_time() - began

    def _looked(self) -> dict[str, tuple[list[str], float | None]]:
        """What each scene and test enters and costs on the code as it is; one that fails there tells nothing."""
        files = {sys.modules[module].__file__: module for module in MODULES}
        met: set[str] = set()
        found: dict[str, tuple[list[str], float | None]] = {}

        def enter(frame: Any, _: str, __: Any) -> None:
            module = files.get(frame.f_code.co_filename)
            if module is not None:
                met.add(f"{module}.{frame.f_code.co_qualname.partition('.<locals>')[0]}")

        sys.setprofile(enter)
        for name, one in self.rows.items():
            met.clear()
            answers.answered(one)
            found[name] = (list(met), 0.0)
        met.clear()
        for name, passed, cost in self._run([*self.tests]):
            found[name] = (list(met), cost if passed else None)
            met.clear()
        sys.setprofile(None)
        return found


def _passes(item: Any, after: Any) -> bool:
    """Whether a test passes, without what pytest does around one to tell of it."""
    state = item.session._setupstate
    try:
        state.setup(item)
        item.obj(**{name: item.funcargs[name] for name in item._fixtureinfo.argnames})
    except pytest.skip.Exception:
        return True
    except BaseException:  # noqa: BLE001 - however it fails, it noticed
        return False
    finally:
        state.teardown_exact(after)
    return True


def _forked(work: Any) -> Any:
    """What some work returns in a process of its own; ``["timeout"]`` when it hangs, nothing when it dies."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, 600 if work.__name__ == "_looked" else SECONDS)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        told: Any = ["answers", "broke"]  # A mutant that cannot even run is noticed.
        with contextlib.suppress(BaseException):
            told = work()
        body = json.dumps(told).encode()
        with contextlib.suppress(OSError):
            while body:
                body = body[os.write(writes, body) :]
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as told:
        said = told.read()
    _, status = os.waitpid(child, 0)
    if said:
        return json.loads(said)
    return ["timeout"] if os.waitstatus_to_exitcode(status) == -signal.SIGPROF else None


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Runner:
    """A plugin that takes the place of pytest's own loop over the collected tests."""

    def __init__(self, wanted: tuple[str, ...]) -> None:
        self.wanted = wanted
        self.status = 1

    def pytest_configure(self) -> None:
        """What fails is not made smaller, and the same examples are drawn for every mutant."""
        from hypothesis import Phase, settings  # noqa: PLC0415 - its own plugin comes first

        settings.register_profile("mutants", derandomize=True, database=None, deadline=None, phases=[Phase.generate])
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge every mutant that is wanted."""
        tests = [one for one in session.items if not any(part in one.nodeid for part in LEFT_OUT)]
        self.status = report(Court(points(), tests, [row for row, _ in answers.read()]), self.wanted)
        return True


def marks() -> tuple[str, str]:
    """A mark of the core as it is written, and one of the core and all that could notice a mutant."""
    core, all_of_it = hashlib.sha256(), hashlib.sha256()
    for folder in ("gateway/core", "tests/core", "tests/proof"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".yaml"} or path == answers.TABLE:
                for mark in [core, all_of_it] if folder == "gateway/core" else [all_of_it]:
                    mark.update(path.read_bytes())
    return core.hexdigest()[:16], all_of_it.hexdigest()[:16]


def kept() -> dict[str, Fate]:
    """What is known of mutants from an earlier run on this very code."""
    core, everything = marks()
    found: dict[str, Fate] = {}
    for line in KEPT.read_text("utf-8").splitlines() if KEPT.exists() else ():
        with contextlib.suppress(ValueError):  # the line on which a run was stopped
            of, whole, name, came, by = json.loads(line)
            if of == core and (came not in ALIVE or whole == everything):
                found[name] = Fate(came, by)
    return found


def report(court: Court, wanted: tuple[str, ...]) -> int:
    """Kill what can be killed; 0 when only equivalent mutants survive in the rules, and few in the gate."""
    excused, known, started = equivalent(), kept(), time.monotonic()
    core, everything = marks()
    counts: dict[str, Counter[str]] = {"rules": Counter(), "gate": Counter()}
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as notes:
        for module in MODULES:
            if wanted and not any(one in module for one in wanted):
                continue
            for mutant in mutants(module):
                fate = Fate("equivalent") if mutant.name in excused else known.get(mutant.name)
                if fate is None:
                    fate = court.judge(mutant)
                    notes.write(json.dumps([core, everything, mutant.name, *fate]) + "\n")
                    notes.flush()
                counts[MODULES[module]][fate.came] += 1
                if fate.came in ALIVE:
                    _say(f"{fate.came}: {mutant.name}")
                elif os.environ.get("MUTANT_TOLD"):
                    _say(f"  {fate.came} {fate.by}: {mutant.name}")
    for part, found in counts.items():
        total = sum(found.values())
        killed = total - found["equivalent"] - sum(found[one] for one in ALIVE)
        share = killed / max(1, total - found["equivalent"])
        _say(f"{part}: {killed} of {total} mutants noticed ({share:.1%}), {dict(found)}")
    _say(f"{time.monotonic() - started:.0f} s")
    rules, gate = counts["rules"], counts["gate"]
    alive = sum(gate[one] for one in ALIVE)
    return 1 if any(rules[one] for one in ALIVE) or alive > GATE_SHARE * max(1, sum(gate.values())) else 0


def main(*wanted: str) -> int:
    """Collect the tests, and let each mutant meet them."""
    os.chdir(ROOT)
    runner = Runner(wanted)
    there = [one for one in TESTS if (ROOT / one).exists()]
    pytest.main([*there, "-q", "-p", "no:xdist", "--timeout=0", "-p", "no:randomly", "-s"], plugins=[runner])
    return runner.status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
