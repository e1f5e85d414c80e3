"""Where the gateway's time goes on the job: processor time by stage, for each case.

One process, one thread, so that nothing hides behind a wait. ``--deep FILE`` keeps a cProfile of the first round too.

    python -m benchmarks.profile [--cases N] [--deep FILE]
"""

import argparse
import cProfile
import json
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.cases import case
from benchmarks.municipality import Municipality
from benchmarks.peers.plain import may_go, renamed
from benchmarks.sync import ask, server
from gateway.core import casefile
from gateway.run import heap, intake, keeping, life, opening, outlet, placing, plugins, proving, settings
from gateway.sdk.http import HttpClient
from gateway.sdk.rest import RestAdapter
from gateway.store.scope import Scope
from gateway.store.store import Store
from gateway.store.vault import Vault

STAGES: tuple[tuple[str, Any, str], ...] = (
    ("http", HttpClient, "request"),
    ("fetch", RestAdapter, "fetch"),
    ("fingerprint", intake, "fingerprint"),
    ("read", intake, "read"),
    ("match", placing.Placing, "_look_up"),
    ("match", placing.Placing, "_match_persons"),
    ("match", placing.Placing, "_home"),
    ("load", placing.Placing, "_load"),
    ("merge", placing.Placing, "_merge"),
    ("link", placing.Placing, "_link"),
    ("keep", keeping, "save"),
    ("keep", intake, "save"),
    ("decide", outlet, "decide"),
    ("facts", outlet, "gather"),
    ("plan", outlet, "plan"),
    ("begin", outlet, "begin"),
    ("send", outlet, "_send"),
    ("map", RestAdapter, "body"),
    ("prove", outlet, "prove"),
    ("note", proving, "note"),
    ("encode", casefile, "encode"),
    ("decode", casefile, "decode"),
    ("encrypt", Scope, "close_bodies"),
    ("decrypt", Scope, "open_bodies"),
    ("keys", Vault, "case_keys"),
    ("restrictions", Vault, "restrictions"),
    ("sendings", Vault, "begin_sending"),
    ("sendings", Vault, "end_sending"),
    ("sql", Scope, "run"),
    ("sql", Scope, "run_each"),
    ("log", Scope, "write_log"),
    ("commit", Store, "write"),
)


def yardstick() -> float:
    """Processor microseconds that the plain script's own work takes for a case: decode, look, rename, encode.

    Others on a machine make every instruction slower; what a case costs in these does not change with them.
    """
    document = json.dumps(case(1)).encode()
    times = []
    for _ in range(400):
        began = time.process_time()
        told = json.loads(document)
        assert may_go(told)
        json.dumps(renamed(told))
        times.append(time.process_time() - began)
    return 1e6 * statistics.median(times)


class Stopwatch:
    """Processor time in functions, without that of those inside them that are watched as well."""

    def __init__(self) -> None:
        self.own: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.inside: list[float] = []

    def watch(self, stage: str, owner: Any, name: str) -> None:
        inner = getattr(owner, name, None)
        if inner is None:
            return

        def timed(*given: Any, **named: Any) -> Any:
            began = time.process_time()
            self.inside.append(0.0)
            try:
                return inner(*given, **named)
            finally:
                took = time.process_time() - began
                self.own[stage] += took - self.inside.pop()
                self.calls[stage] += 1
                if self.inside:
                    self.inside[-1] += took

        setattr(owner, name, timed)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--deep", type=Path)
    chosen = parser.parse_args()
    heap.steady()
    watch = Stopwatch()
    with (
        tempfile.TemporaryDirectory() as name,
        server("benchmarks.source", str(chosen.cases)) as source,
        server("benchmarks.target") as target,
    ):
        place = Municipality(Path(name) / "m", source=source, target=target)
        known = settings.load_settings(place.folder / "gateway.toml")
        world = opening.open_world(known, plugins.load_plugins(only=known.adapters()), threads=1)
        if chosen.deep is None:
            for stage in STAGES:
                watch.watch(*stage)
        else:
            deep = cProfile.Profile(time.process_time)
            deep.enable()
        rule = yardstick()
        began = time.process_time()
        life.sync(world)
        took = time.process_time() - began
        rule = (rule + yardstick()) / 2
        if chosen.deep is not None:
            deep.disable()
            deep.dump_stats(chosen.deep)
        assert ask(target, "GET", f"/_bench/truth?cases={chosen.cases}&changed=0")["true"]
    micro = {stage: round(1e6 * spent / chosen.cases, 1) for stage, spent in watch.own.most_common()}
    other = round(1e6 * (took - sum(watch.own.values())) / chosen.cases, 1)
    print(
        json.dumps({
            "benchmark": "profile", "cases": chosen.cases, "cpu_microseconds_a_case": round(1e6 * took / chosen.cases),
            "yardstick_microseconds": round(rule, 1), "yardsticks_a_case": round(1e6 * took / chosen.cases / rule, 1),
            "by_stage": {**micro, "other": other}, "calls": dict(watch.calls),
        })
    )  # fmt: skip


if __name__ == "__main__":
    main()
