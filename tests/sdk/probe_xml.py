"""Runs a corpus through a parser in a process of its own and tells what it cost and what it touched (JSON out).

Called as ``python probe_xml.py CORPUS PARSER``: the corpus is a folder or a payload list, the parser ``ours`` or
``lax`` (a planted bug: a parser that follows whatever a document points to).
"""

import ctypes
import io
import json
import os
import re
import struct
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from lxml import etree

from gateway.core.model import Fault
from gateway.sdk import xmlio

_IN_OPEN = 0x20


class Watch:
    """Which of the watched folders' files were opened, told by the kernel (inotify), so C code is seen too."""

    def __init__(self, folders):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.fd = self.libc.inotify_init1(os.O_NONBLOCK)
        self.names = {}
        for folder in folders:
            wd = self.libc.inotify_add_watch(self.fd, os.fsencode(folder), _IN_OPEN)
            if wd >= 0:
                self.names[wd] = str(folder)

    def opened(self):
        seen = Counter()
        while True:
            try:
                data = os.read(self.fd, 1 << 16)
            except BlockingIOError:
                return seen
            at = 0
            while at < len(data):
                wd, mask, _, length = struct.unpack_from("iIII", data, at)
                name = data[at + 16 : at + 16 + length].rstrip(b"\0").decode(errors="replace")
                if name and not mask & 0x40000000:
                    seen[f"{self.names.get(wd)}/{name}"] += 1
                at += 16 + length


def documents(corpus, place):
    """Names, paths and bytes; a folder is copied first, so that only this process can be the one that opens a file."""
    if corpus.is_dir():
        found = []
        for path in sorted(corpus.rglob("*")):
            if path.is_file():
                copy = place / path.relative_to(corpus)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
                found.append((str(path.relative_to(corpus)), copy, copy.read_bytes()))
        return found
    (place / "etc").mkdir()
    for name in ("passwd", "shadow", "hosts", "fstab", "issue"):
        (place / "etc" / name).write_text("x")
    text = corpus.read_text(encoding="utf-8", errors="replace").replace("/etc/", f"{place}/etc/")
    payloads = [part.partition("\n")[2] for part in text.split("\n*")]
    payloads += [part for part in re.split(r"\n\s*\n", text) if "<" in part]
    return [(str(number), place / "doc.xml", part.strip().encode()) for number, part in enumerate(payloads)]


def told_alone(fault):
    return fault.__cause__ is None and (fault.__suppress_context__ or fault.__context__ is None)


def ours(data, path):
    codes = []
    for read in (lambda: xmlio.parse(data), lambda: [None for _ in xmlio.records(io.BytesIO(data))]):
        try:
            read()
            codes.append("ok")
        except Fault as fault:
            plain = re.fullmatch(r"\d+:\d+", fault.path) and re.fullmatch(r"xml\.[a-z]+", fault.code)
            codes.append(fault.code if plain and told_alone(fault) else "ECHO")
    return codes


def lax(data, path):
    try:
        etree.fromstring(data, etree.XMLParser(resolve_entities=True, load_dtd=True), base_url=str(path))
    except etree.XMLSyntaxError:
        return ["xml.syntax"]
    return ["ok"]


def main():
    corpus = Path(sys.argv[1])
    parser = {"ours": ours, "lax": lax}[sys.argv[2]]
    parser(b"<a/>", corpus)
    with tempfile.TemporaryDirectory() as where:
        json.dump(tried(documents(corpus, Path(where)), parser, Path(where)), sys.stdout)


def tried(docs, parser, place):
    watch = Watch([place, *(path for path in place.rglob("*") if path.is_dir())])
    outcomes, slowest = {}, 0.0
    for name, path, data in docs:
        before = time.thread_time()
        outcomes[name] = parser(data, path)
        slowest = max(slowest, time.thread_time() - before)
    # Unlike ru_maxrss this does not begin with the peak of the process that started us.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    return {"outcomes": outcomes, "slowest": slowest, "megabytes": peak, "opened": sorted(watch.opened())}


if __name__ == "__main__":
    main()
