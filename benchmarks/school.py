"""How fast a school of 1,000 pupils comes in: a PIFU-IMS export through the adapter and the engine to the disk.

Fifty of the pupils have a log. The first round takes all of it in, the second finds the same file again. Beside it a
plain script reads the same file with lxml and writes what it finds as JSON: no minimising by purpose, no engine, no
encryption, no store. Prints one JSON line with the processor seconds of each and their ratio.
"""

import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from gateway.run.demo import Quiet
from gateway.run.life import sync
from gateway.run.opening import open_world
from gateway.run.plugins import load_plugins
from gateway.run.settings import parse_settings
from gateway.run.workfolder import make_folder

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "plugins" / "pifu-ims" / "tests"))
from pifu_bench import number_of, put, school  # noqa: E402

PUPILS, LOGS = 1_000, 50
SETTINGS = """
tenant = "t"
municipality = "1120"
model = "klepp"
numbers = "synthetic"
[units.skole-1]
service = "school"
body = "kommunen"
[systems.logg]
adapter = "file-drop"
unit = "skole-1"
mapping = "mapping.yaml"
[systems.logg.options]
folder = "inn/logg"
settle_seconds = 0
kinds = {"sak*.csv" = "sak"}
[systems.sas]
adapter = "pifu-ims"
unit = "skole-1"
[systems.sas.options]
folder = "inn/sas"
settle_seconds = 0
"""


def peer(data: bytes, target: Path) -> float:
    """The seconds in which a plain script has read the file and written it as JSON."""
    from lxml import etree  # noqa: PLC0415 - the peer's own library

    begun = time.process_time()
    space = "{http://pifu.no/xsd/pifu-ims_sas/pifu-ims_sas-v1}"
    root = etree.fromstring(data)
    people = {
        one.findtext(f"{space}sourcedid/{space}id"): {
            "number": one.findtext(f"{space}userid"),
            "family": one.findtext(f"{space}name/{space}n/{space}family"),
            "given": one.findtext(f"{space}name/{space}n/{space}given"),
            "places": [],
        }
        for one in root.iterfind(f"{space}person")
    }
    for group in root.iterfind(f"{space}membership"):
        name = group.findtext(f"{space}sourcedid/{space}id")
        for member in group.iterfind(f"{space}member"):
            person = people.get(member.findtext(f"{space}sourcedid/{space}id"))
            if person is not None:
                frame = member.find(f"{space}role/{space}timeframe")
                person["places"].append([name, frame.findtext(f"{space}begin"), frame.findtext(f"{space}end")])
    with target.open("w", encoding="utf-8") as out:
        for ident, person in people.items():
            out.write(json.dumps({"id": ident, **person}) + "\n")
    return time.process_time() - begun


def main() -> None:
    """Print the line."""
    data = school(PUPILS, seed=1)
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where, "m")
        make_folder(folder, model="klepp", chance=os.urandom)
        mapping = ROOT / "plugins" / "file-drop" / "samples" / "mapping.yaml"
        (folder / "mapping.yaml").write_text(mapping.read_text(encoding="utf-8"), encoding="utf-8")
        for name in ("logg", "sas"):
            (folder / "inn" / name).mkdir(parents=True)
        rows = [
            f"s{at};v{at};{number_of(at * PUPILS // LOGS)};Nora;Berg;17.10.2012;AKTIV;02.11.2026" for at in range(LOGS)
        ]
        head = (ROOT / "plugins" / "file-drop" / "samples" / "sak.csv").read_text(encoding="utf-8").splitlines()[0]
        put(folder / "inn" / "logg", "\n".join([head, *rows, ""]).encode(), name="sak.csv")
        settings = parse_settings(SETTINGS, file=folder / "gateway.toml")
        plugins = load_plugins(only=settings.adapters())
        world = open_world(
            settings, plugins, clock=lambda: datetime(2026, 11, 21, 12, tzinfo=UTC), threads=1, log=lambda _: Quiet()
        )
        kept = sync(world, ["logg"])
        assert kept.created >= LOGS, kept
        told = {}
        for at, which in enumerate(("first", "again"), 1):
            put(folder / "inn" / "sas", data, name=f"{which}.xml", at=1_000.0 * at)
            begun = time.process_time()
            tally = sync(world, ["sas"])
            told[which] = time.process_time() - begun
            assert tally.fetched["sas"] > PUPILS
            if which == "first":
                assert tally.created >= 6 * LOGS, tally
        world.store.close()
        plain = peer(data, Path(where, "peer.jsonl"))
    line = {
        "benchmark": "school",
        "pupils": PUPILS,
        "logs": LOGS,
        "seconds_first": round(told["first"], 3),
        "seconds_again": round(told["again"], 3),
        "seconds_peer": round(plain, 3),
        "ratio_to_peer": round(told["first"] / plain, 2),
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
