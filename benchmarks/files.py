"""How fast files come in: rows of CSV and JSON Lines through ``file-drop``, pupils of a school's export.

Prints one JSON line. Reading is without the engine: settling, parsing, minimising, canonical names.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from gateway_file_drop import FileDrop

from gateway.run.mapfiles import FileMaps, MappingText, compile_text
from gateway.sdk import Adapter, Context

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "plugins" / "pifu-ims" / "tests"))
from pifu_bench import Log, adapter, put, school  # noqa: E402

SAMPLES = ROOT / "plugins" / "file-drop" / "samples"
ROWS, PUPILS = 50_000, 2_000


def drained(source: Adapter) -> tuple[int, float]:
    """Records read to canonical names, and the seconds that it took."""
    started, count, cursor, more = time.perf_counter(), 0, None, True
    while more:
        page = source.fetch(cursor)
        count += sum(len(source.read(raw)) for raw in page.records)
        source.acknowledge([raw.id for raw in page.records], "kept")
        cursor, more = page.cursor, page.more
    return count, time.perf_counter() - started


def drop(folder: Path) -> FileDrop:
    text = MappingText(file="mapping.yaml", text=(SAMPLES / "mapping.yaml").read_text(encoding="utf-8"))
    maps = FileMaps(compile_text([text], vocabulary={}))
    options = {"folder": ".", "settle_seconds": 0, "kinds": {"*.csv": "bekymring", "*.jsonl": "tiltak"}}
    context = Context(
        system="s", url="", http=None, secret=str, maps=maps, log=Log(), folder=str(folder), options=options
    )
    return FileDrop(context)


def main() -> None:
    told = {}
    note = "Trekker seg unna i friminuttene, leser mye. " * 4
    files = {
        "csv": ("a.csv", "id;sak;beskrivelse;dato;status;arena\n", f'k{{n}};s1;"{note}";02.11.2026;NY;skole\n'),
        "jsonl": ("a.jsonl", "", f'{{{{"id": "t{{n}}", "sak": "s1", "tittel": "{note}", "start": "2026-11-09"}}}}\n'),
    }
    for sort, (name, head, row) in files.items():
        with tempfile.TemporaryDirectory() as where:
            folder = Path(where)
            (folder / name).write_text(head + "".join(row.format(n=n) for n in range(ROWS)), encoding="utf-8")
            count, seconds = drained(drop(folder))
            assert count == ROWS
            told[f"{sort}_rows_per_second"] = round(ROWS / seconds)
    with tempfile.TemporaryDirectory() as where:
        put(Path(where), school(PUPILS, seed=1))
        _, seconds = drained(adapter(where))
        told["pupils_per_second"] = round(PUPILS / seconds)
        told["seconds_per_1000_pupils"] = round(1_000 * seconds / PUPILS, 3)
    print(json.dumps({"benchmark": "files", **told}))


if __name__ == "__main__":
    main()
