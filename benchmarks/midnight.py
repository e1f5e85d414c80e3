"""A night in which nothing has changed: every item is decided anew, since ages, expiries and dates have moved on.

python -m benchmarks.midnight [--items N]
"""

import argparse
import json
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from benchmarks.municipality import Municipality
from benchmarks.sync import server
from gateway.run.life import sync
from gateway.run.opening import now, open_world
from gateway.run.plugins import load_plugins
from gateway.run.settings import load_settings
from gateway.store import Tx

ITEMS_OF_A_CASE = 13
LIMIT = 60.0
"""Seconds that 100,000 items may take."""


def main() -> None:
    """Fill a municipality, let a day pass, and print what the next round takes, as one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    cases = -(-parser.parse_args().items // ITEMS_OF_A_CASE)
    with (
        tempfile.TemporaryDirectory() as folder,
        server("benchmarks.source", str(cases)) as source,
        server("benchmarks.target") as target,
    ):
        town = Municipality(Path(folder) / "m", source=source, target=target)
        _, first = town.sync()
        plugins = load_plugins()
        settings = load_settings(town.folder / "gateway.toml", find=lambda _: plugins.adapters)
        world = open_world(settings, plugins, clock=lambda: now() + timedelta(days=1), threads=1)
        with world.store.read() as tx:
            items = _items(tx)
        began, used = time.perf_counter(), time.process_time()
        tally = sync(world)
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
        world.store.close()
    if tally.delivered.total() or tally.retracted:
        raise SystemExit("a night in which nothing has changed sent something")
    print(
        json.dumps(
            {
                "benchmark": "midnight", "cases": cases, "items": items, "delivered_before": first["delivered"],
                "seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2),
                "seconds_for_100000": round(seconds * 100_000 / items, 2), "limit": LIMIT,
            }
        )
    )  # fmt: skip


def _items(tx: Tx) -> int:
    from gateway.core import casefile  # noqa: PLC0415 - beside its one use

    found, after = 0, ""
    while cases := tx.case_ids(after=after):
        found += sum(len(casefile.decode(body).items) for _, body in tx.load_cases(cases).values())
        after = cases[-1]
    return found


if __name__ == "__main__":
    main()
