"""An Excel file is read like the CSV of the same table, in pages of any size, and its memory does not grow with it."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from drop_bench import adapter, all_of, told

HEAD = ["id", "sak", "beskrivelse", "dato", "status", "arena"]
KINDS = {"bekymring*": "bekymring"}


def workbook(folder, *table, name="bekymring Kari.xlsx", prepare=None):
    work = openpyxl.Workbook()
    work.active.append(HEAD)
    for row in table:
        work.active.append(row)
    if prepare is not None:
        prepare(work.active)
    work.save(folder / name)
    os.utime(folder / name, (1_000, 1_000))


def row(number):
    return [f"k{number}", "s1", "Trekker seg unna", "02.11.2026", "NY", "skole"]


def test_a_sheet_tells_what_the_csv_of_the_same_table_tells(tmp_path):
    for name in ("csv", "xlsx"):
        (tmp_path / name).mkdir()
    rows = [row(n) for n in range(5)]
    workbook(tmp_path / "xlsx", *rows)
    text = "\n".join(";".join(one) for one in [HEAD, *rows]) + "\n"
    (tmp_path / "csv" / "bekymring.csv").write_text(text)
    told_by = {}
    for name in ("csv", "xlsx"):
        source = adapter(tmp_path / name, kinds=KINDS)
        records, _ = all_of(source)
        told_by[name] = [source.read(one) for one in records]
    assert told_by["csv"] == told_by["xlsx"]
    assert len(told_by["csv"]) == 5


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_of_any_size_and_a_restart_after_each_give_the_same_rows(tmp_path, size):
    workbook(tmp_path, *[row(n) for n in range(6)])
    seen, cursor = [], None
    while True:
        source = adapter(tmp_path, kinds=KINDS, page_rows=size)  # each page is another run's
        page = source.fetch(cursor)
        seen += [one.id for one in page.records]
        cursor = page.cursor
        if not page.more:
            break
    source.acknowledge([one.id for one in page.records], "kept")
    assert seen == [f"k{n}" for n in range(6)]
    assert [path.name for path in (tmp_path / "done").iterdir()] == ["000001-bekymring Kari.xlsx"]


def test_what_is_wrong_in_a_sheet_is_told_by_cell_all_at_once_and_never_by_value(tmp_path):
    def prepare(sheet):
        sheet["C3"], sheet["E3"], sheet["A4"] = "=1+1", "#REF!", None
        sheet["G5"] = "17908599950"

    workbook(tmp_path, *[row(n) for n in range(5)], prepare=prepare)
    log = []
    source = adapter(tmp_path, kinds=KINDS)
    source.context.log.lines = log
    records, _ = all_of(source)
    assert told(source, records) == [
        ("k0", [("concern", "k0", False)]),
        ("sheet.formula", "file-1:sheet1!C3"),
        ("sheet.error", "file-1:sheet1!E3"),
        ("file.no_id", "file-1:sheet1!A4"),
        ("sheet.beyond", "file-1:sheet1!G5"),
        ("k4", [("concern", "k4", False)]),
    ]
    assert len({one.id for one in records}) == len(records)
    assert "17908599950" not in repr(log)


@pytest.mark.parametrize(
    ("options", "data", "code"),
    [
        ({}, b"PK\x03\x04 rest", "archive.broken"),
        ({}, b"\xd0\xcf\x11\xe0", "sheet.kind"),
        ({"sheet": "Andre"}, None, "sheet.none"),
        ({"id": "nummer"}, None, "file.no_id_column"),
        ({"header_row": 9}, None, "sheet.header"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_refused_record_and_is_put_away(tmp_path, options, data, code):
    workbook(tmp_path, row(1))
    if data is not None:
        (tmp_path / "bekymring Kari.xlsx").write_bytes(data)
    source = adapter(tmp_path, kinds=KINDS, **options)
    records, _ = all_of(source)
    assert [found for found, _ in told(source, records)] == [code]
    assert not (tmp_path / "bekymring Kari.xlsx").exists()


def test_days_and_person_numbers_reach_the_mapping_as_they_are_shown(tmp_path):
    def prepare(sheet):
        sheet["A2"] = 6821099739
        sheet["D2"] = date(2026, 11, 2)

    workbook(tmp_path, row(1), prepare=prepare)
    (record,), _ = all_of(adapter(tmp_path, kinds=KINDS, person_numbers=["id"]))
    assert (record.id, record.body["dato"]) == ("06821099739", "2026-11-02")


def many(folder, count):
    work = openpyxl.Workbook(write_only=True)
    sheet = work.create_sheet()
    sheet.append(HEAD)
    for number in range(count):
        sheet.append([f"k{number}", "s1", f"{number} {'tekst ' * 10}", "02.11.2026", "NY", "skole"])
    work.save(folder / "bekymring.xlsx")


SCRIPT = """
import sys; sys.path.insert(0, sys.argv[1])
from drop_bench import adapter, peak_kilobytes
source, cursor, rows = adapter(sys.argv[2], kinds={'bekymring*': 'bekymring'}, page_rows=1000), None, 0
while True:
    page = source.fetch(cursor); rows += len(page.records); cursor = page.cursor
    source.acknowledge([raw.id for raw in page.records], 'kept')
    if not page.more: break
print(rows, peak_kilobytes())
"""


def peak_with(folder, count):
    folder.mkdir()
    many(folder, count)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(Path(__file__).parent), str(folder)], capture_output=True, check=True
    )
    rows, peak = map(int, done.stdout.split())
    assert rows == count
    return peak


@pytest.mark.campaign
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell a process's peak memory")
def test_a_hundred_thousand_rows_take_no_more_memory_than_ten_thousand(tmp_path):
    small, large = (peak_with(tmp_path / str(count), count) for count in (10_000, 100_000))
    packed = (tmp_path / "100000" / "done" / "000001-bekymring.xlsx").stat().st_size // 1024
    assert large < small * 1.1 + packed
