"""Who does the job: the gateway, a plain script, dlt, singer-sdk. Each is run cold, as its users run it."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from benchmarks.municipality import Municipality, Run, run

PEERS = Path(__file__).parent / "peers"
Round = Callable[[], Run]


class Contender(Struct, frozen=True):
    """``start(folder, source, target)`` makes everything ready, untimed, and gives what does a round."""

    name: str
    way: str
    start: Callable[[Path, str, str], Round]


def gateway(*, single: bool) -> Callable[[Path, str, str], Round]:
    """``bti sync``."""

    def start(folder: Path, source: str, target: str) -> Round:
        place = Municipality(folder / "municipality", source=source, target=target, single=single)
        return lambda: place.bti("sync", "--json")

    return start


def plain(python: Path, *, batch: int) -> Callable[[Path, str, str], Round]:
    """The script."""
    return lambda folder, source, target: (
        lambda: run(python, PEERS / "plain.py", source, target, folder / "state.json", str(batch))
    )


def dlt(python: Path) -> Callable[[Path, str, str], Round]:
    """A dlt pipeline with a destination of its own."""

    def start(folder: Path, source: str, target: str) -> Round:
        told = {
            **os.environ, "DLT_DATA_DIR": str(folder), "RUNTIME__DLTHUB_TELEMETRY": "false",
            "RUNTIME__LOG_LEVEL": "ERROR",
        }  # fmt: skip
        return lambda: run(python, PEERS / "dlt_job.py", source, target, folder / "dlt", env=told, cwd=folder)

    return start


def singer(python: Path) -> Callable[[Path, str, str], Round]:
    """A tap and a target of singer-sdk on a pipe; the state that the target printed last is the tap's next."""

    def start(folder: Path, source: str, target: str) -> Round:
        config, states, state = folder / "config.json", folder / "states", folder / "state.json"
        config.write_text(json.dumps({"source": source, "target": target}))
        tap = shlex.join([str(python), str(PEERS / "singer_tap.py"), "--config", str(config)])
        into = shlex.join([str(python), str(PEERS / "singer_target.py"), "--config", str(config)])

        def once() -> Run:
            known = f" --state {shlex.quote(str(state))}" if state.exists() else ""
            ran = run("bash", "-c", f"set -o pipefail; {tap}{known} 2>/dev/null | {into} 2>/dev/null >{states}")
            state.write_text(states.read_text().splitlines()[-1])
            return ran

        return once

    return start


def everyone(peers: Path | None) -> list[Contender]:
    """All of them; without a Python that has the peers, the gateway and the script only."""
    peers = None if peers is None else peers.absolute()
    python = peers or Path(sys.executable)
    own = [
        Contender("bti-gateway", "batches", gateway(single=False)),
        Contender("bti-gateway", "one by one", gateway(single=True)),
        Contender("plain", "one by one", plain(python, batch=1)),
        Contender("plain", "batches", plain(python, batch=100)),
    ]
    if peers is None:
        return own
    return [*own, Contender("dlt", "batches", dlt(peers)), Contender("singer-sdk", "batches", singer(peers))]


class Warm:
    """The gateway's own process, waiting to be told when to do a round."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.warm", str(folder / "municipality")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._line()

    def _line(self) -> dict[str, float]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the warm gateway ended")
        told: dict[str, float] = json.loads(line)
        return told

    def round(self) -> Run:
        """One round."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        told = self._line()
        return Run(told["wall"], told["cpu"], 0.0, "")

    def close(self) -> None:
        self.process.communicate()
