"""How long ``bti --help`` and an idle ``bti check --offline`` take, beside ``python -c pass``, in turns.

python -m benchmarks.startup
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.municipality import BTI, Municipality, run

TIMES = 15


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Municipality(Path(name) / "m", source="http://127.0.0.1:9", target="http://127.0.0.1:9")
        settings = str(place.folder / "gateway.toml")
        commands = {
            "python": (sys.executable, "-c", "pass"),
            "help": (str(BTI), "--help"),
            "status": (str(BTI), "status", "--json", "--config", settings),
        }
        walls: dict[str, list[float]] = {which: [] for which in commands}
        for _ in range(TIMES):
            for which, words in commands.items():
                walls[which].append(run(*words).wall)
    told = {f"{which}_seconds": round(statistics.median(each), 3) for which, each in walls.items()}
    least = {which: min(each) for which, each in walls.items()}
    ratios = {f"{which}_to_python": round(least[which] / least["python"], 1) for which in ("help", "status")}
    print(json.dumps({"benchmark": "startup", **told, **ratios, "help_wanted": "< 0.3 s"}))


if __name__ == "__main__":
    main()
