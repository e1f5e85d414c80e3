"""``make mutants``: each mutant meets the second engine's answers, then the tests, and one of them must notice it.

The tests are collected once. A mutant lives in a forked process, where the changed code takes the place of the
function's own; so what is imported stays imported, and a mutant costs no more than what notices it. What noticed the
last mutants of the same function is asked first. Who survives all must stand in ``equivalent_mutants.txt``.
"""

import contextlib
import gc
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from compare import parsed, spread, walk
from families import FAMILIES
from msgspec.structs import replace
from mutants import MODULES, Mutant, equivalent, mutants, planted, prepare
from neighbours import neighbours
from second_engine import Answer
from second_engine import decide as second

from gateway.core.consent import decide

ROOT = Path(__file__).parents[2]
TESTS = [
    "tests/core/gate", "tests/core/test_past.py",
    "tests/proof/test_bases.py", "tests/proof/test_dates.py", "tests/proof/test_histories.py",
    "tests/proof/test_theorems.py",
]  # fmt: skip
"""What is asked of a mutant that the second engine did not notice."""
LEFT_OUT = ("planted_bug", "_is_found", "no_law_is_empty", "costs", "without_its_bug", "test_laws.py")
"""Tests of the harness itself, of what things cost, and laws of which the theorems are the wider form."""
DEAREST = 0.4
"""A test that costs more seconds than this is not asked."""
ALIVE = ("survived", "nowhere")
"""What counts as not noticed. A test that hangs has noticed: each has a limit of its own in the suite."""
SECONDS = int(os.environ.get("MUTANT_SECONDS", "60"))
POINTS_ONLY = os.environ.get("MUTANT_TESTS") == "0"
"""For a quick look: the tests are not asked."""
GATE_SHARE = 0.15
"""How much of the gate's mutants may live; of the rules' none but those that are no change."""


class Points(NamedTuple):
    """Points of the space with the second engine's answers."""

    known: list[Any]
    asked: list[tuple[int, Any, tuple[str, ...], Answer]]


def points(facts: int = 60, asks: int = 100, every: int = 4, near: int = 0) -> Points:
    """Points beside each row (each ``near``-th), and a share of each family.

    Facts are copied for each mutant, so that nothing worked out before is kept.
    """
    known: list[Any] = []
    asked = []
    for scene in neighbours(pairs=2_000, every=near) if near else ():
        told, ask, fields = parsed(scene)
        if told is not None:
            known.append(told)
            asked.append((len(known) - 1, ask, fields, second(scene)))
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


def noticed(some: Points, first: Iterable[int] = ()) -> int | None:
    """The place of a point that the second engine answers otherwise; some are tried first."""
    fresh: dict[int, Any] = {}
    for number in (*first, *range(len(some.asked))):
        place, ask, fields, expected = some.asked[number]
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
    """``engines`` or ``tests`` noticed it, or hung, or it ``survived``, or is ``nowhere`` in what runs."""
    by: str = ""
    costs: Mapping[str, float] = MappingProxyType({})


class Court:
    """Points and tests, those first that have noticed most so far."""

    def __init__(self, some: Points, tests: list[pytest.Item]) -> None:
        self.some = some
        self.tests = {one.nodeid: one for one in tests}
        self.kills: dict[str | None, Counter[str]] = {}
        self.hits: Counter[int] = Counter()
        prepare()
        gc.collect()
        gc.freeze()
        costs = _forked(self._costs).costs
        self.cheap = sorted((name for name in costs if costs[name] <= DEAREST), key=costs.__getitem__)
        total = sum(costs[name] for name in self.cheap)
        sys.stdout.write(f"{len(some.asked):,} points, {len(self.cheap):,} tests of {total:.1f} s\n")

    def judge(self, mutant: Mutant) -> Fate:
        """The fate of a mutant, in a process of its own, which leaves this one as it was."""
        mine = f"{mutant.module}.{mutant.function}"
        firsts = [place for place, _ in self.hits.most_common(100)]
        all_kills = sum(self.kills.values(), Counter[str]())
        order = [*self.kills.get(mine, Counter()).most_common(), *all_kills.most_common()]
        names = list(dict.fromkeys([*(name for name, _ in order), *self.cheap]))
        fate = _forked(lambda: self._tried(mutant, firsts, names))
        if fate.came == "tests":
            self.kills.setdefault(mine, Counter())[fate.by] += 1
        elif fate.came == "engines" and fate.by.isdigit():
            self.hits[int(fate.by)] += 1
        return fate

    def _tried(self, mutant: Mutant, firsts: list[int], names: list[str]) -> Fate:
        if not planted(mutant):
            return Fate("nowhere")
        place = noticed(self.some, firsts)
        if place is not None:
            return Fate("engines", str(place))
        failed = next((name for name, passed, _ in self._run(names) if not passed), None)
        return Fate("tests", failed) if failed else Fate("survived")

    def _run(self, names: list[str]) -> Iterator[tuple[str, bool, float]]:
        items = [self.tests[name] for name in names]
        for item, after in zip(items, [*items[1:], None], strict=False):
            began = time.process_time()
            yield item.nodeid, _passes(item, after), time.process_time() - began

    def _costs(self) -> Fate:
        """What each test costs on the code as it is; one that fails there tells nothing, and is not asked."""
        return Fate("costs", costs={name: cost for name, passed, cost in self._run([*self.tests]) if passed})


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


def _forked(work: Any) -> Fate:
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        try:
            fate = work()
        except BaseException:  # noqa: BLE001 - a mutant that cannot even run is noticed
            fate = Fate("engines", "broke")
        with contextlib.suppress(OSError):
            os.write(writes, json.dumps([fate.came, fate.by, dict(fate.costs)]).encode())
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as told:
        said = told.read()
    _, status = os.waitpid(child, 0)
    if said:
        return Fate(*json.loads(said))
    return Fate("timeout" if os.waitstatus_to_exitcode(status) == -signal.SIGPROF else "tests", "died")


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
        tests = [one for one in session.items if not any(part in one.nodeid for part in LEFT_OUT) and not POINTS_ONLY]
        self.status = report(Court(points(near=9), tests), self.wanted)
        return True


def chosen(wanted: tuple[str, ...]) -> Iterator[Mutant]:
    """The mutants of the modules that are named (all of them when none is), or those that a file names."""
    files = [Path(one[1:]).read_text("utf-8").splitlines() for one in wanted if one.startswith("@")]
    named = {line.partition(": ")[2] for lines in files for line in lines}
    for module in MODULES:
        if not wanted or files or any(one in module for one in wanted):
            yield from (one for one in mutants(module) if not files or one.name in named)


def report(court: Court, wanted: tuple[str, ...]) -> int:
    """Kill what can be killed; 0 when only equivalent mutants survive in the rules, and few in the gate."""
    excused, started = equivalent(), time.monotonic()
    counts: dict[str, Counter[str]] = {"rules": Counter(), "gate": Counter()}
    for mutant in chosen(wanted):
        came, by, _ = Fate("equivalent") if mutant.name in excused else court.judge(mutant)
        counts[MODULES[mutant.module]][came] += 1
        if came in ALIVE:
            sys.stdout.write(f"{came}: {mutant.name}\n")
            sys.stdout.flush()
        elif os.environ.get("MUTANT_TOLD"):
            sys.stdout.write(f"  {came} {by}: {mutant.name}\n")
            sys.stdout.flush()
    for part, found in counts.items():
        killed, total = found["engines"] + found["tests"] + found["timeout"], sum(found.values())
        share = killed / max(1, total - found["equivalent"])
        sys.stdout.write(f"{part}: {killed} of {total} mutants noticed ({share:.1%}), {dict(found)}\n")
    sys.stdout.write(f"{time.monotonic() - started:.0f} s\n")
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
