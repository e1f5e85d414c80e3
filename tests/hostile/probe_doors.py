"""Takes every file of a corpus through every door, in a process of its own, and tells what it cost and touched (JSON out).

Called as ``python probe_doors.py CORPUS STEP PLANT``: every STEP-th file, and with a PLANT other than ``none`` doors
with a bug in each (``echo``, ``opens``, ``calls``, ``crash``, ``slow``), to see that all are noticed.
"""

import io
import json
import re
import socket
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "sdk"))
from probe_xml import Watch, documents

from gateway.core.model import Fault
from gateway.sdk import archive, csvio, jsonio, sheetio, xmlio
from gateway.sdk.csvio import Shape

PLACE = re.compile(r"\$|\d+:\d+|member \d+|[A-Za-z]{1,3}\d+|row \d+|sheet \d+")
connected: list[object] = []
spent = [0.0]


def tick():
    """Processor time of this thread; a planted bug can spend some without taking it from anybody."""
    return time.thread_time() + spent[0]


def _audit(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.bind"}:
        connected.append(arguments)


def rows(data, shape):
    stream = io.BytesIO(data)
    columns, place = csvio.header(stream, shape=shape)
    stream.seek(place.offset)
    for row in csvio.rows(stream, columns=columns, shape=shape, at=place):
        if row.fault is not None:
            told(row.fault)


DOORS = {
    "xml.parse": xmlio.parse,
    "xml.records": lambda data: [None for _ in xmlio.records(io.BytesIO(data))],
    "json.decode": jsonio.decode,
    "json.members": jsonio.members,
    "json.elements": jsonio.elements,
    "csv.comma": lambda data: rows(data, Shape()),
    "csv.semicolon": lambda data: rows(data, Shape(encoding="cp1252", delimiter=";")),
    "csv.columns": lambda data: rows(data, Shape(encoding="iso-8859-1", columns=("a", "b"))),
    "archive": lambda data: [None for _ in archive.members(io.BytesIO(data))],
    "sheet": lambda data: [told(one.fault) for one in sheetio.rows(io.BytesIO(data)) if one.fault is not None],
}


def told(fault):
    alone = fault.__cause__ is None and (fault.__suppress_context__ or fault.__context__ is None)
    plain = re.fullmatch(r"(?:xml|json|csv|archive|sheet)\.[a-z_0-9]+", fault.code) and PLACE.fullmatch(fault.path)
    return fault.code if alone and plain and str(fault) == f"{fault.code} at {fault.path}" else "ECHO"


def outcome(door, data):
    try:
        door(data)
    except Fault as fault:
        return told(fault)
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return f"CRASH {type(error).__name__}"
    return "ok"


def planted(name, place):
    def echo(data):
        try:
            int(data)
        except ValueError:
            raise Fault("xml.syntax", "1:1")  # noqa: B904 - that is the bug: the library's own words go along

    def calls(data):
        with socket.socket() as one:
            one.connect_ex(("127.0.0.1", 9))

    def slow(data):
        spent[0] += 2.1

    bugs = {
        "echo": echo,
        "opens": lambda _: next(place.rglob("*.*")).read_bytes(),
        "calls": calls,
        "crash": lambda _: 1 / 0,
        "slow": slow,
    }
    return bugs if name != "none" else DOORS


def main():
    corpus, step, plant = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    for door in DOORS.values():
        outcome(door, b"<a/>")
    with tempfile.TemporaryDirectory() as where:
        place = Path(where)
        docs = documents(corpus, place)[::step][: 1 if plant != "none" else None]
        doors = planted(plant, place)
        watch = Watch([place, *(path for path in place.rglob("*") if path.is_dir())])
        sys.addaudithook(_audit)
        table, slowest = {}, (0.0, "", "")
        for name, _, data in docs:
            for called, door in doors.items():
                before = tick()
                code = outcome(door, data)
                slowest = max(slowest, (tick() - before, called, name))
                table.setdefault(called, {}).setdefault(code, []).append(name)
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
        counts = {door: {code: len(names) for code, names in codes.items()} for door, codes in table.items()}
        bad = [
            (door, code, names[:3])
            for door, codes in table.items()
            for code, names in codes.items()
            if code.startswith(("ECHO", "CRASH"))
        ]
        told_all = {
            "files": len(docs),
            "counts": counts,
            "bad": bad,
            "slowest": slowest,
            "megabytes": peak,
            "opened": sorted(watch.opened()),
            "sockets": len(connected),
        }
        json.dump(told_all, sys.stdout)


if __name__ == "__main__":
    main()
