"""A municipality for the job, made and run as users do it: a folder, ``bti flow approve``, ``bti sync``."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from msgspec import Struct

BTI = Path(sys.executable).with_name("bti")
SETTINGS = """
tenant = "bench"
municipality = "1120"
model = "klepp"
numbers = "synthetic"
[people.liv]
role = "leader"
unit = "skole"
[people.eli]
role = "leader"
unit = "hs"
[units.skole]
service = "school"
body = "kommunen"
[units.hs]
service = "health_station"
body = "kommunen"
[systems.logg]
adapter = "bti-exchange-cases"
unit = "skole"
url = "{source}"
secret = "file:keys/logg.token"
asserts = ["consent", "relation", "protection"]
[systems.helse]
adapter = "{adapter}"
unit = "hs"
url = "{target}"
secret = "file:keys/logg.token"
"""
SINGLE = "bti-exchange-single"
"""The exchange protocol at a vendor that takes one case a request; a plugin made for the run, found like any other."""
_SINGLE = """
import gateway_bti_exchange
import msgspec
from gateway.sdk import hookimpl
from gateway.sdk.resource import capabilities
from gateway_bti_exchange.adapter import BtiExchangeCases

GATEWAY_API = "1.0"


class Single(BtiExchangeCases):
    name = "bti-exchange-single"
    resources = tuple(msgspec.structs.replace(one, batch="") for one in BtiExchangeCases.resources)
    capabilities = msgspec.structs.replace(capabilities(resources), events=True)


@hookimpl
def gateway_adapters():
    return [Single]


@hookimpl
def gateway_mappings():
    text = gateway_bti_exchange.gateway_mappings()["bti-exchange-cases"]
    return {Single.name: text.replace("adapter: bti-exchange-cases", f"adapter: {Single.name}")}
"""


class Run(Struct, frozen=True):
    """How a process went: seconds by the wall and of processor time, the most memory it held (MB), what it printed."""

    wall: float
    cpu: float
    megabytes: float
    told: str


def run(*command: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None) -> Run:
    """Run a process to its end. Raises ``SystemExit`` with what it complained of when it failed."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, cwd=cwd
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        told, trouble = process.stdout.read(), process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(
            f"{' '.join(map(str, command))} ended with {process.returncode}: {trouble[-2000:]} {told[-500:]}"
        )
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, told)


class Municipality:
    """A folder with settings, keys and two systems, from the first to the second of which a flow is approved."""

    def __init__(self, folder: Path, *, source: str, target: str, single: bool = False) -> None:
        self.folder = folder
        self.environment = {name: text for name, text in os.environ.items() if name != "BTI_CONFIG"}
        self._bti("init", str(folder))
        (folder / "gateway.toml").write_text(
            SETTINGS.format(source=source, target=target, adapter=SINGLE if single else "bti-exchange-cases"),
            encoding="utf-8",
        )
        token = folder / "keys" / "logg.token"
        token.touch(mode=0o600)
        token.write_text("t")
        if single:
            self._install_single()
        self.bti("flow", "approve", "logg", "helse", "--as", "liv")

    def bti(self, *words: str) -> Run:
        """A cold command in this municipality."""
        return self._bti(*words, "--config", str(self.folder / "gateway.toml"))

    def sync(self) -> tuple[Run, dict[str, Any]]:
        """One cold round, and its tally."""
        ran = self.bti("sync", "--json")
        return ran, json.loads(ran.told)

    def _bti(self, *words: str) -> Run:
        return run(BTI, *words, env=self.environment)

    def _install_single(self) -> None:
        plugins = self.folder / "plugins"
        about = plugins / "bench_single-1.0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-single\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[gateway]\n{SINGLE} = bench_single\n")
        (plugins / "bench_single.py").write_text(_SINGLE)
        self.environment["PYTHONPATH"] = str(plugins)
