"""What the tests of file-drop share: the adapter at a folder, a whole round of it, what it tells, and its memory."""

import os
from pathlib import Path

from gateway_file_drop import FileDrop

from gateway.run.mapfiles import FileMaps, MappingText, compile_text
from gateway.sdk import Context, Fault

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
KINDS = {"sak*.csv": "sak", "bekymring*.csv": "bekymring", "*.jsonl": "tiltak"}


class Log:
    def __init__(self):
        self.lines = []

    def info(self, event, **facts):
        self.lines.append((event, facts))

    warning = info


class NoHttp:
    def close(self):
        pass


def adapter(place, *, log=None, now=lambda: 1e12, secret="", **options):
    text = MappingText(file="mapping.yaml", text=(SAMPLES / "mapping.yaml").read_text())
    context = Context(
        system="skole", url="", http=NoHttp(), secret=lambda: secret, maps=FileMaps(compile_text([text], vocabulary={})),
        log=log or Log(), folder=str(place), options={"folder": ".", "kinds": KINDS} | options,
    )  # fmt: skip
    return FileDrop(context, now=now)


def all_of(source, cursor=None):
    records = []
    while True:
        page = source.fetch(cursor)
        records += page.records
        source.acknowledge([raw.id for raw in page.records], "kept")
        cursor = page.cursor
        if not page.more:
            return records, cursor


def told(source, records):
    """Readings of each record, or code and path of its fault."""
    out = []
    for raw in records:
        try:
            out.append((raw.id, [(one.kind, one.id, one.deleted) for one in source.read(raw)]))
        except Fault as fault:
            out.append((fault.code, fault.path))
    return out


def lines(folder, name, *rows, head="id;sak;beskrivelse;dato;status;arena", at=1_000):
    path = folder / name
    path.write_text("\n".join([*([head] if head else []), *rows]) + "\n")
    os.utime(path, (at, at))
    return path


def peak_kilobytes():
    """The most memory this process ever had; unlike ``ru_maxrss`` it does not begin with the parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])
