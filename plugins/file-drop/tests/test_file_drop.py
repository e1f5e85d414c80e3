"""A municipality reads exports with a mapping file and nothing else, and no broken row stops the others."""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from drop_bench import SAMPLES, Log, adapter, all_of, lines, told
from gateway_file_drop import FileDrop

from gateway.sdk import Misconfigured, Refused


def test_the_entry_point_leads_to_the_adapter():
    (entry,) = entry_points(group="gateway", name="file-drop")
    assert entry.load().gateway_adapters() == [FileDrop]


def test_the_samples_read_as_a_person_would_read_them(tmp_path):
    for at, name in enumerate(("sak.csv", "bekymring.csv", "tiltak.jsonl")):
        shutil.copy(SAMPLES / name, tmp_path)
        os.utime(tmp_path / name, (at, at))
    source = adapter(tmp_path, deleted="slettet", delimiter=";")
    records, _ = all_of(source)
    assert told(source, records) == [
        ("s1", [("person", "b1", False), ("case", "s1", False)]),
        ("k1", [("concern", "k1", False)]),
        ("mapping.date", "$.dato"),
        ("mapping.code", "$.status"),
        ("csv.columns", "file-2:6:3"),
        ("k5", [("concern", "k5", True)]),
        ("t1", [("measure", "t1", False)]),
        ("json.duplicate", "file-3:2:1"),
    ]
    (concern,) = source.read(records[1])
    assert concern.fields["summary"].splitlines()[1] == "Vil gjerne ha en venn med."
    assert sorted(path.name for path in (tmp_path / "done").iterdir()) == [
        "000001-sak.csv", "000002-bekymring.csv", "000003-tiltak.jsonl",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        (b"id;sak\n1\n", "csv.columns", "file-1:2:2"),
        (b'id;sak\n1;"a"b\n', "csv.quote", "file-1:2:2"),
        (b"id;sak\n1;\xff\n", "csv.encoding", "file-1:2:1"),
        (b"id;sak\n;s1\n", "file.no_id", "file-1:2:1"),
        (b"id;id\n1;2\n", "csv.header", "file-1:1:2"),
        (b"nr;sak\n1;2\n", "file.no_id_column", "file-1:1:1"),
        (b"\xff\xfei\0d\0", "csv.encoding", "file-1:1:1"),
    ],
)
def test_what_is_wrong_in_a_csv_file_is_told_by_place(tmp_path, text, code, path):
    (tmp_path / "bekymring Kari.csv").write_bytes(text)
    source = adapter(tmp_path)
    records, _ = all_of(source)
    assert told(source, records) == [(code, path)]
    assert "Kari" not in str(records)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"[1]", "file.no_object"),
        (b'{"sak": 1}', "file.no_id"),
        (b'{"id": true}', "file.no_id"),
        (b'{"id": 1', "json.malformed"),
        (b'{"id": NaN}', "json.malformed"),
        (b'{"id": "\xff"}', "json.utf8"),
        (b'{"id": ' + b"[" * 200 + b"]" * 200 + b"}", "json.depth"),
        (b'{"id": "' + b"x" * 1_100_000 + b'"}', "json.size"),
    ],
)
def test_what_is_wrong_in_a_json_line_is_told_by_place_and_the_next_line_goes_on(tmp_path, line, code):
    good = b'{"id": "t1", "sak": "s1", "tittel": "Lesegruppe"}'
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + good + b"\n\n" + line + b"\n" + good.replace(b"t1", b"t2"))
    source = adapter(tmp_path)
    found = told(source, all_of(source)[0])
    assert found == [
        ("t1", [("measure", "t1", False)]),
        (code, "file-1:3:1"),
        ("t2", [("measure", "t2", False)]),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "iso-8859-1"])
def test_each_declared_encoding_is_read(tmp_path, encoding):
    text = "id;sak;beskrivelse;dato;status;arena\nk1;s1;Blåbærøy;02.11.2026;NY;skole\n"
    (tmp_path / "bekymring.csv").write_bytes(text.encode(encoding))
    source = adapter(tmp_path, encoding=encoding)
    assert source.read(all_of(source)[0][0])[0].fields["summary"] == "Blåbærøy"


def test_an_empty_cell_is_told_empty_and_a_missing_column_is_not_told(tmp_path):
    lines(tmp_path, "bekymring.csv", "k1;s1;;02.11.2026", head="id;sak;beskrivelse;dato")
    source = adapter(tmp_path)
    fields = source.read(all_of(source)[0][0])[0].fields
    assert fields["summary"] is None
    assert "status" not in fields


def test_pages_of_any_size_give_the_same_rows(tmp_path):
    rows = [f'k{n};s1;"a\nb";02.11.2026;NY;' if n % 7 else f'k{n};s1;"a' for n in range(40)]
    expected = None
    for size in (1, 3, 1_000):
        folder = tmp_path / str(size)
        folder.mkdir()
        lines(folder, "bekymring.csv", *rows)
        source = adapter(folder, page_rows=size)
        found = [(raw.id, raw.body) for raw in all_of(source)[0]]
        expected = expected or found
        assert found == expected


def test_a_full_export_that_is_suddenly_empty_stops_the_system(tmp_path):
    source = adapter(tmp_path, feed="full")
    lines(tmp_path, "bekymring.csv", "k1;s1;a;02.11.2026;NY;")
    _, cursor = all_of(source)
    for empty in (lines(tmp_path, "bekymring.csv", at=2_000), tmp_path / "bekymring.csv"):
        with pytest.raises(Refused, match=r"^guard\.emptied at file-2$"):
            source.fetch(cursor)
        empty.write_bytes(b"")
    (tmp_path / "bekymring.csv").unlink()
    assert source.fetch(cursor).records == []


def test_a_delta_without_rows_is_nothing_new(tmp_path):
    source = adapter(tmp_path)
    lines(tmp_path, "bekymring.csv", "k1;s1;a;02.11.2026;NY;")
    _, cursor = all_of(source)
    lines(tmp_path, "bekymring.csv", at=2_000)
    assert source.fetch(cursor).records == []


def test_the_same_broken_row_in_the_next_export_has_the_same_id(tmp_path):
    source, seen, cursor = adapter(tmp_path), [], None
    for at in (1_000, 2_000):
        lines(tmp_path, "bekymring.csv", "k1;s1", ";s1;a;b;c;d", at=at)
        records, cursor = all_of(source, cursor)
        seen.append([raw.id for raw in records])
    assert seen[0] == seen[1]
    assert len(set(seen[0])) == 2


def test_records_outlive_a_trip_through_another_process(tmp_path):
    lines(tmp_path, "bekymring.csv", "k1;s1;a;02.11.2026;NY;", "k2")
    records, cursor = all_of(adapter(tmp_path))
    assert json.loads(json.dumps([raw.body for raw in records])) == [raw.body for raw in records]
    assert json.loads(cursor)


def test_neither_log_nor_fault_holds_a_value(tmp_path):
    log = Log()
    lines(tmp_path, "bekymring Kari.csv", "Kari;s1;17908599950", 'k1;s1;"17908599950"Kari;;;', ";Kari;;;;")
    source = adapter(tmp_path, log=log)
    records, cursor = all_of(source)
    seen = f"{log.lines}{told(source, records)}{cursor}"
    assert "Kari" not in seen
    assert "17908599950" not in seen


@pytest.mark.parametrize(
    "options", [{"kinds": {}}, {"encoding": "utf-16"}, {"delimiter": "--"}, {"unknown": 1}, {"page_rows": 0}]
)
def test_options_that_make_no_sense_are_refused(tmp_path, options):
    with pytest.raises(Misconfigured, match=r"^file_drop\.options$"):
        adapter(tmp_path, **options)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell a process's peak memory")
def test_a_huge_file_takes_no_more_memory_than_a_large_one(tmp_path):
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from drop_bench import *\n"
        "source, cursor, rows = adapter(sys.argv[2]), None, 0\n"
        "while True:\n"
        "    page = source.fetch(cursor); rows += len(page.records); cursor = page.cursor\n"
        "    source.acknowledge([raw.id for raw in page.records], 'kept')\n"
        "    if not page.more: break\n"
        "print(rows, peak_kilobytes())"
    )
    peaks = []
    for count in (5_000, 40_000):
        folder = tmp_path / str(count)
        folder.mkdir()
        lines(folder, "bekymring.csv", *(f"k{n};s1;{'tekst ' * 20};02.11.2026;NY;skole" for n in range(count)))
        done = subprocess.run(
            [sys.executable, "-c", script, str(Path(__file__).parent), str(folder)], capture_output=True, check=True
        )
        rows, peak = map(int, done.stdout.split())
        assert rows == count
        peaks.append(peak)
    assert peaks[1] < peaks[0] * 1.1
