"""What each installed adapter reads and writes in a second, at the world that its kit brings, and what bounds it.

Both sides are in this process, so the seconds hold the stand-in's work too: the figures say what the adapter's own
shape costs, not how fast a vendor is. What bounds it somewhere else follows from the requests that it takes: where
they would be waited for longer than the processor works, it is the other side's answers. One JSON line for each
adapter, and one for a hundred cases in one Bundle beside ``fhir.resources`` and ``httpx``.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urljoin

from gateway.run.certify import NotCertifiable, candidate
from gateway.run.plugins import load_plugins
from gateway.sdk import Adapter, AdapterError
from gateway.sdk.testing.drive import Failed, NotApplicable, Stage, drain, numbered, stage, synthetic_release

ROOT = Path(__file__).resolve().parents[1]
READ, WRITTEN, CASES = 100, 20, 100
ANSWER = 0.05
"""Seconds in which a system somewhere else is taken to answer; it is what decides what bounds an adapter."""


def main() -> None:
    """Print the lines."""
    for name in sorted(load_plugins().adapters):
        print(json.dumps({"benchmark": "adapter", "adapter": name, **measured(name)}), flush=True)
    print(json.dumps({"benchmark": "fhir-bundle", **bundle()}))


def measured(name: str) -> dict[str, Any]:
    """The figures of one adapter. What does not apply is left out; one without a world says so."""
    told: dict[str, Any] = {}
    try:
        with candidate(name, bench=None) as (bench, _):
            for way, job in (("read", _read), ("written", _write)):
                with stage(bench) as here:
                    told |= _figures(way, here, job)
            if bench.adapter.traffic is not None and bench.adapter.traffic.rate:
                told["requests_allowed_per_second"] = bench.adapter.traffic.rate
    except NotCertifiable as error:
        told["left_out"] = error.code
    return told


Job = Callable[[Stage], Iterator[int]]
"""Makes ready until it first yields; what it then does is measured, and it yields how many records that were."""


def _figures(way: str, here: Stage, job: Job) -> dict[str, Any]:
    """Rate, processor seconds and requests of a job; empty where the adapter or its world cannot do it."""
    work = job(here)
    try:
        next(work)
        asked, wall, processor = len(here.asked()), time.perf_counter(), time.process_time()
        count = next(work)
    except (Failed, NotApplicable):
        return {}
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    told = {
        way: count,
        f"{way}_per_second": round(count / wall),
        f"{way}_processor_ms_each": round(1_000 * processor / count, 2),
    }
    bound = "processor"
    if "requests" in here.world.can and not here.adapter.capabilities.files:
        requests = (len(here.asked()) - asked) / count
        told[f"{way}_requests_per_100"] = round(100 * requests)
        bound = "answers" if requests * ANSWER > processor / count else bound
    return {**told, f"{way}_bound": bound}


def _read(here: Stage) -> Iterator[int]:
    """Read records that are there, in canonical names; a register answers about a child, so many times."""
    adapter = here.adapter
    if adapter.capabilities.lookup:
        sample = next(one for one in here.bench.samples if one.asks)
        here.make(sample)
        yield 0
        for _ in range(READ):
            for raw in adapter.lookup(list(sample.asks)).records:
                adapter.read(raw)
        yield READ
        return
    here.need("make")
    for each in numbered(here.fed(), READ):
        here.make(each)
    here.age()
    yield 0
    records = drain(adapter)[0]
    readings = sum(len(adapter.read(raw)) for raw in records)
    assert readings >= READ or adapter.capabilities.documents, (adapter.name, readings)
    yield len(records)


def _write(here: Stage) -> Iterator[int]:
    """Write new records, in batches of what the adapter takes."""
    adapter, sample = here.adapter, here.writable()
    case = here.world.ready(sample)
    releases = [
        (synthetic_release(each, case=case, ident=f"kit-{at}"), f"kit-{at:032}")
        for at, each in enumerate(numbered(sample, WRITTEN))
    ]
    yield 0
    size = max(1, adapter.capabilities.batch)
    for at in range(0, len(releases), size):
        _delivered(adapter, releases[at : at + size])
    yield len(releases)


def _delivered(adapter: Adapter, releases: list[Any]) -> None:
    try:
        receipts = adapter.deliver_batch(releases)
    except AdapterError as error:
        raise Failed(error.code) from None
    assert all(one.state != "refused" for one in receipts), (adapter.name, {one.code for one in receipts})


def bundle() -> dict[str, Any]:
    """A hundred cases in one transaction, by the adapter and by a script with the libraries that people use for it."""
    sys.path.insert(0, str(ROOT / "plugins" / "fhir-r4" / "tests"))
    import httpx  # noqa: PLC0415 - the peer's own
    from children import child  # noqa: PLC0415 - beside the plugin's own tests
    from fhir.resources.R4B.bundle import Bundle  # noqa: PLC0415 - the peer's own
    from fhir_journal import AROUND, whole, writer  # noqa: PLC0415
    from gateway_fhir_r4.standin import StandIn  # noqa: PLC0415

    units = [child(Random(number), number) for number in range(CASES)]
    with StandIn() as server:
        server.put(*AROUND)
        adapter = writer(server)
        adapter.health()
        wall, processor = time.perf_counter(), time.process_time()
        receipts = adapter.deliver_batch([whole(one) for one in units])
        ours, ours_processor = time.perf_counter() - wall, time.process_time() - processor
        assert {one.state for one in receipts} == {"accepted"}
        sent = max((asked for asked in server.asked if asked.method == "POST"), key=lambda asked: len(asked.body))
    resources = json.loads(sent.body)
    with StandIn() as server, httpx.Client(base_url=server.url) as client:
        server.put(*AROUND)
        client.get("metadata")
        wall, processor = time.perf_counter(), time.process_time()
        made = Bundle.model_validate(resources)
        answer = client.post(
            urljoin(server.url, sent.path),
            content=made.model_dump_json().encode(),
            headers={"content-type": "application/fhir+json"},
        )
        theirs, theirs_processor = time.perf_counter() - wall, time.process_time() - processor
        assert answer.status_code == 200, answer.status_code
    return {
        "cases": CASES,
        "resources": len(resources["entry"]),
        "seconds": round(ours, 3),
        "processor_seconds": round(ours_processor, 3),
        "seconds_peer": round(theirs, 3),
        "processor_seconds_peer": round(theirs_processor, 3),
        "ratio_to_peer": round(ours_processor / theirs_processor, 2),
        "wanted_seconds": 1.0,
    }


if __name__ == "__main__":
    main()
