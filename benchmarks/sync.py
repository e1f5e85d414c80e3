"""The job, by everyone, in one run: 10,000 cases from a paged source to a target, then rounds with 1 % changed.

One JSON line for each contender, then the ratios against the targets of the project. After every round the target is
asked whether it holds just what it should; where it does not, that is an error and not a figure.

    python -m benchmarks.sync [--cases N] [--peers PYTHON] [--repeat R] [--full]
"""

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from benchmarks.contenders import Contender, Warm, everyone
from benchmarks.municipality import Run

ROUNDS = 3
"""Rounds with 1 % changed, cold; as many warm ones follow for the gateway."""


class Result(Struct):
    """What one contender needed: each list holds a run for every repetition, or for every round."""

    name: str
    way: str
    cases: int
    first: list[Run] = field(default_factory=list)
    cold: list[Run] = field(default_factory=list)
    warm: list[Run] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        first, cold, held = best(self.first), best(self.cold), max(one.megabytes for one in self.first)
        told: dict[str, Any] = {
            "benchmark": "job", "who": self.name, "way": self.way, "cases": self.cases,
            "first_seconds": round(first.wall, 3), "first_cpu_seconds": round(first.cpu, 3),
            "cases_per_second": round(self.cases / first.wall), "megabytes": round(held),
            "changed_cold_seconds": round(cold.wall, 3), "changed_cold_cpu_seconds": round(cold.cpu, 3),
        }  # fmt: skip
        if self.warm:
            warm = best(self.warm)
            told |= {"changed_warm_seconds": round(warm.wall, 3), "changed_warm_cpu_seconds": round(warm.cpu, 3)}
        return told


def best(runs: list[Run]) -> Run:
    """The least that it took: what others do on the machine only ever adds."""
    return Run(min(one.wall for one in runs), min(one.cpu for one in runs), max(one.megabytes for one in runs), "")


@contextlib.contextmanager
def server(module: str, *words: str) -> Iterator[str]:
    """A server in a process of its own, while the block runs; its URL."""
    with subprocess.Popen([sys.executable, "-m", module, *words], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def ask(url: str, method: str, path: str) -> Any:
    """What one of the servers says to the benchmark itself."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=600)
    connection.request(method, path)
    told = connection.getresponse().read()
    connection.close()
    return json.loads(told) if told else None


def demand(who: Contender, target: str, *, cases: int, changed: int) -> None:
    """Raises ``SystemExit`` unless the target holds just what it should."""
    told = ask(target, "GET", f"/_bench/truth?cases={cases}&changed={changed}")
    if not told["true"]:
        raise SystemExit(f"{who.name}, {who.way}: the target does not hold what it should: {json.dumps(told)}")


def measure(who: Contender, result: Result, *, rounds: int) -> None:
    """All of one contender's runs, on a source and a target that are new."""
    cases, part = result.cases, max(1, result.cases // 100)
    with (
        tempfile.TemporaryDirectory() as name,
        server("benchmarks.source", str(cases)) as source,
        server("benchmarks.target") as target,
    ):
        folder = Path(name)
        once = who.start(folder, source, target)
        result.first.append(once())
        demand(who, target, cases=cases, changed=0)
        changed = 0

        def change() -> int:
            ask(source, "POST", f"/_bench/change?from={changed}&to={changed + part}")
            return changed + part

        for _ in range(rounds):
            changed = change()
            result.cold.append(once())
            demand(who, target, cases=cases, changed=changed)
        if who.name != "bti-gateway" or who.way != "batches":
            return
        warm = Warm(folder)
        for _ in range(rounds):
            changed = change()
            result.warm.append(warm.round())
            demand(who, target, cases=cases, changed=changed)
        warm.close()


def ratios(results: dict[tuple[str, str], Result]) -> dict[str, Any]:
    """The project's targets beside what was reached; each ratio is of times by the wall, in this run."""
    ours, alone = results["bti-gateway", "batches"], results["bti-gateway", "one by one"]
    script, batches = results["plain", "one by one"], results["plain", "batches"]
    base = best(script.first)
    told: dict[str, Any] = {
        "benchmark": "job ratios", "cases": ours.cases,
        "first": {
            "rate_to_plain_one_by_one": round(base.wall / best(ours.first).wall, 2), "wanted": ">= 1, aim 5",
            "rate_by_cpu": round(base.cpu / best(ours.first).cpu, 2),
            "rate_to_plain_batches": round(best(batches.first).wall / best(ours.first).wall, 2),
            "one_by_one_to_plain_one_by_one": round(base.wall / best(alone.first).wall, 2),
        },
        "changed": {
            "warm_to_cold_script": round(best(ours.warm).wall / best(script.cold).wall, 2), "warm_wanted": "<= 0.5",
            "warm_to_cold_script_in_batches": round(best(ours.warm).wall / best(batches.cold).wall, 2),
            "cold_to_cold_script": round(best(ours.cold).wall / best(script.cold).wall, 2), "cold_wanted": "<= 3",
            "cold_to_cold_script_in_batches": round(best(ours.cold).wall / best(batches.cold).wall, 2),
        },
    }  # fmt: skip
    for peer in ("dlt", "singer-sdk"):
        if (found := results.get((peer, "batches"))) is not None:
            told[peer] = {
                "rate_to_plain_one_by_one": round(base.wall / best(found.first).wall, 2),
                "gateway_rate_to_it": round(best(found.first).wall / best(ours.first).wall, 2),
            }
    return told


def memory(sizes: tuple[int, int], known: dict[int, float]) -> dict[str, Any]:
    """The most memory that the gateway held in a first round of few and of many cases."""
    held = dict(known)
    for cases in sizes:
        if cases not in held:
            who = everyone(None)[0]
            result = Result(who.name, who.way, cases)
            measure(who, result, rounds=0)
            held[cases] = best(result.first).megabytes
    few, many = (held[cases] for cases in sizes)
    return {
        "benchmark": "memory", "cases": list(sizes), "megabytes": [round(few, 1), round(many, 1)],
        "ratio": round(many / few, 3), "wanted": "<= 1.2",
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--peers", type=Path, help="a Python that has dlt and singer-sdk")
    parser.add_argument("--full", action="store_true", help="memory at 100,000 cases too")
    parser.add_argument("--only", help="just this contender, without ratios")
    chosen = parser.parse_args()
    contenders = [one for one in everyone(chosen.peers) if chosen.only in {None, one.name}]
    results = {(one.name, one.way): Result(one.name, one.way, chosen.cases) for one in contenders}
    for _ in range(chosen.repeat):
        for one in contenders:
            result = results[one.name, one.way]
            measure(one, result, rounds=ROUNDS)
            last = result.first[-1]
            print(f"{one.name}, {one.way}: {last.wall:.1f} s, {last.cpu:.1f} s of processor", file=sys.stderr)
    for result in results.values():
        print(json.dumps(result.plain()), flush=True)
    if chosen.only:
        return
    print(json.dumps(ratios(results)), flush=True)
    held = {chosen.cases: best(results["bti-gateway", "batches"].first).megabytes}
    sizes = (10_000, 100_000) if chosen.full else (chosen.cases // 5, chosen.cases)
    print(json.dumps(memory(sizes, held)), flush=True)


if __name__ == "__main__":
    main()
