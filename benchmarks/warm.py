"""The gateway as ``bti run`` has it: one process that has synced before, and is told when to look again.

Prints a JSON line when it is ready, and one for each line on standard input.

    python -m benchmarks.warm FOLDER
"""

import json
import sys
import time
from pathlib import Path

from gateway.run.heap import steady
from gateway.run.life import sync
from gateway.run.opening import open_world
from gateway.run.plugins import load_plugins
from gateway.run.settings import load_settings


def main(folder: Path) -> None:
    steady()
    settings = load_settings(folder / "gateway.toml")
    world = open_world(settings, load_plugins(only=settings.adapters()))
    sync(world)
    print(json.dumps({"ready": True}), flush=True)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        tally = sync(world).plain()
        told = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "tally": tally}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
