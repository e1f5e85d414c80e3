"""How fast the pages answer: 20 readers at once at a town of 10,000 cases, and of 1,000 to see that it is the same.

The town comes in over the wire in a real round, with an open task in one case of twenty. The pages are served by
``bti web`` in a process of its own; the readers are threads of another, each a person with a session, who look at a
page, think for a moment and look at the next. One JSON line a page, then the targets, with what a look costs the server
in processor time (on Linux) and how loaded the machine was: beside others the times tell of them as well.

    python -m benchmarks.web [--cases N …] [--readers N] [--pages N] [--think SECONDS]
"""

import argparse
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from benchmarks.municipality import BTI, Municipality
from benchmarks.sync import server
from gateway.core import casefile
from gateway.run.opening import now, open_world
from gateway.run.plugins import load_plugins
from gateway.run.settings import load_settings
from gateway.store import Task

MEDIAN, TAIL = 100.0, 300.0
"""Milliseconds in which half of the answers, and all but one of twenty, are there."""
TASKS = 20
"""One case of so many waits for somebody."""
WARM = 3
"""Looks of each reader that are not counted: they fill what is made once."""
READERS = ("coordinator", "coordinator", "coordinator", "leader", "privacy")
"""Who the readers are, over and over."""
PAGES = {
    "coordinator": ("/", "/tasks/{task}", "/cases", "/cases/{case}", "/cases/{case}/consents", "/cases/{case}/baton",
                    "/cases/{case}/why/{item}", "/rules"),
    "leader": ("/", "/cases/{case}", "/flows", "/messages", "/numbers"),
    "privacy": ("/audit", "/messages", "/ledger", "/rules"),
}  # fmt: skip
"""Which pages each looks at, by role."""


def people(count: int) -> str:
    """The readers as settings."""
    return "".join(
        f'[people.reader-{n}]\nrole = "{role}"\n' + ("" if role == "privacy" else 'unit = "skole"\n')
        for n, role in ((n, READERS[n % len(READERS)]) for n in range(count))
    )


def fill(folder: Path, cases: int, readers: int) -> list[dict[str, str]]:
    """A municipality whose round has brought in so many cases; what some of its paths are filled with."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with server("benchmarks.source", str(cases)) as source, server("benchmarks.target") as target:
        town = Municipality(folder, source=source, target=target)
        file = folder / "gateway.toml"
        web = people(readers) + f'[web]\nlisten = "127.0.0.1:{port}"\n'
        file.write_text(file.read_text("utf-8") + web, "utf-8")
        _, tally = town.sync()
    if tally["fetched"]["logg"] != cases:
        raise SystemExit(f"{tally['fetched']} of {cases} cases came in")
    plugins = load_plugins()
    world = open_world(load_settings(file, find=lambda _: plugins.adapters), plugins, threads=1)
    with world.store.read() as tx:
        ids, after = list[str](), ""
        while some := tx.case_ids(after=after):
            ids, after = ids + some, some[-1]
        chosen = random.Random(1).sample(ids, 50)
        files = {case: casefile.decode(body) for case, (_, body) in tx.load_cases(chosen).items()}
    asked = msgspec.json.encode({"task": "protected", "rules": ["B1"]})
    with world.store.write() as tx:
        tasks = tx.add_tasks([
            Task(kind="gate", dedupe=f"bench/{case}", at=now(), body=asked, case=case, unit="skole",
                 deadline=now() + timedelta(days=n % 30))
            for n, case in enumerate(ids[::TASKS])
        ])  # fmt: skip
    world.store.close()
    return [
        {"case": case, "task": tasks[n % len(tasks)], "item": next(item for item, _ in file.of_kind("concern"))}
        for n, (case, file) in enumerate(files.items())
    ]


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, str, str]]:
    """``bti web`` while the block runs: its process, the host and port, and the ticket that lets in."""
    command = [str(BTI), "web", "--config", str(folder / "gateway.toml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            found = None
            for line in process.stdout:
                found = re.search(r"http://([0-9.:]+)/login\?ticket=([0-9a-f]+)", line)
                if found:
                    break
            if found is None:
                raise SystemExit("bti web ended before it said where it listens")
            yield process.pid, found[1], found[2]
        finally:
            process.terminate()


class Reader(threading.Thread):
    """A person at a browser: ``told`` is how long each page took, in milliseconds."""

    def __init__(self, n: int, site: tuple[str, str], paths: list[dict[str, str]], chosen: argparse.Namespace) -> None:
        super().__init__(daemon=True)
        (host, ticket), self.pages, self.think = site, chosen.pages, chosen.think
        self.role = READERS[n % len(READERS)]
        self.paths, self.chance = paths, random.Random(n)
        self.told: list[tuple[str, float]] = []
        self.failed = ""
        self.connection = HTTPConnection(host, timeout=60)
        form = urlencode({"person": f"reader-{n}", "ticket": ticket, "to": "/"})
        self.headers = {"user-agent": f"reader {n}", "accept-language": "nb"}
        kind = {"content-type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", "/login", form, {**self.headers, **kind})
        answer = self.connection.getresponse()
        answer.read()
        self.headers["cookie"] = (answer.getheader("set-cookie") or "").partition(";")[0]

    def run(self) -> None:
        """Look at pages."""
        for turn in range(self.pages + WARM):
            place = self.chance.choice(PAGES[self.role])
            began = time.perf_counter()
            self.connection.request("GET", place.format(**self.chance.choice(self.paths)), headers=self.headers)
            answer = self.connection.getresponse()
            answer.read()
            took = (time.perf_counter() - began) * 1000
            if answer.status != 200:
                self.failed = f"{place}: {answer.status}"
                return
            if turn >= WARM:
                self.told.append((place, took))
            time.sleep(self.chance.uniform(0.5, 1.5) * self.think)


def spent(process: int) -> float:
    """Seconds of processor time that a process has taken; nought where the system does not tell."""
    told = Path(f"/proc/{process}/stat")
    if not told.is_file():
        return 0.0
    user, system = told.read_text("ascii", "replace").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def look(folder: Path, paths: list[dict[str, str]], chosen: argparse.Namespace) -> tuple[dict[str, list[float]], float]:
    """Milliseconds of every look, by page, and milliseconds of processor time that one cost the server."""
    with served(folder) as (process, *site):
        readers = [Reader(n, (site[0], site[1]), paths, chosen) for n in range(chosen.readers)]
        before = spent(process)
        for one in readers:
            one.start()
        for one in readers:
            one.join()
        cost = (spent(process) - before) * 1000 / (chosen.readers * (chosen.pages + WARM))
    if failed := [one.failed for one in readers if one.failed]:
        raise SystemExit(f"pages failed: {failed}")
    found: dict[str, list[float]] = {}
    for one in readers:
        for place, took in one.told:
            found.setdefault(place, []).append(took)
    return found, cost


def figures(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    ordered = sorted(times)
    tail = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return {"looks": len(times), "median_ms": round(statistics.median(ordered), 1), "p95_ms": round(tail, 1)}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--think", type=float, default=1.0)
    chosen = parser.parse_args()
    for cases in chosen.cases:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "town"
            found, cost = look(folder, fill(folder, cases, chosen.readers), chosen)
        told = {"benchmark": "web", "cases": cases, "readers": chosen.readers, "think_seconds": chosen.think}
        for place in sorted(found):
            sys.stdout.write(json.dumps({**told, "page": place, **figures(found[place])}) + "\n")
        every = figures([took for times in found.values() for took in times])
        held = every["median_ms"] < MEDIAN and every["p95_ms"] < TAIL
        every |= {"processor_ms": round(cost, 1), "load": round(os.getloadavg()[0], 1)}
        sys.stdout.write(json.dumps({**told, "page": "all", **every, "wanted": [MEDIAN, TAIL], "holds": held}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
