"""A spreadsheet is read as the table that it shows, and what could mean something else is refused cell by cell."""

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core.codes import plain_path
from gateway.core.model import Fault
from gateway.sdk.sheetio import Limits, rows

HEAD = ["id", "navn", "dato"]


def book(*table, prepare=None, head=HEAD):
    """A file that another product's library writes."""
    work = openpyxl.Workbook()
    sheet = work.active
    sheet.title = "Liste"
    for row in ([head] if head else []) + list(table):
        sheet.append(row)
    if prepare is not None:
        prepare(work, sheet)
    out = io.BytesIO()
    work.save(out)
    return out.getvalue()


def read(data, **options):
    names, *found = rows(io.BytesIO(data), **options)
    return names, found


def sound(data, **options):
    _, found = read(data, **options)
    assert [row.faults for row in found] == [()] * len(found)
    return [tuple(row.fields.values()) for row in found]


def wrong(data, **options):
    """Codes and paths of what is wrong: of all cells, or of the file."""
    try:
        return [(one.code, one.path) for row in read(data, **options)[1] for one in row.faults]
    except Fault as fault:
        return [(fault.code, fault.path)]


def changed(data, change, more=()):
    """The same file with its parts changed by name: what no library writes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = change(name, old.read(name))
            if text is not None:
                new.writestr(name, text)
        for name in more:
            new.writestr(name, more[name])
    return out.getvalue()


def in_sheet(data, old, new):
    def change(name, text):
        if name != "xl/worksheets/sheet1.xml":
            return text
        assert old in text
        return text.replace(old, new)

    return changed(data, change)


def sharing(data):
    """The same file with its texts shared between cells, as Excel writes them."""
    texts = []

    def put(found):
        texts.append(b'<si><r><t>%s</t></r><rPh sb="0" eb="1"><t>lyd</t></rPh></si>' % found[1])
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    pattern = re.compile(rb't="inlineStr"><is><t[^>]*>([^<]*)</t></is>')
    done = changed(data, lambda name, text: pattern.sub(put, text) if "sheet1" in name else text)
    body = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>' % b"".join(texts)
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    named = b'<Relationship Type="%s/sharedStrings" Target="sharedStrings.xml" Id="rId9"/></Relationships>' % office
    return changed(
        done,
        lambda name, text: text.replace(b"</Relationships>", named) if name == "xl/_rels/workbook.xml.rels" else text,
        more={"xl/sharedStrings.xml": body},
    )


def shown(value, form):
    def prepare(_, sheet):
        sheet["C2"] = value
        sheet["C2"].number_format = form

    return book(["a", "b"], prepare=prepare)


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        ("tekst", "General", "tekst"),
        ("  med rom \n og linje", "General", "  med rom \n og linje"),
        ("=ingen formel"[1:], "General", "ingen formel"),
        (7, "General", "7"),
        (-3, "0", "-3"),
        (2.0, "0.00", "2"),
        (0.1 + 0.2, "General", "0.3"),
        (True, "General", "true"),
        (False, "General", "false"),
        (date(2026, 11, 2), "DD.MM.YYYY", "2026-11-02"),
        (datetime.fromisoformat("2026-11-02T08:30:00"), "dd.mm.yyyy hh:mm", "2026-11-02T08:30:00"),
        (datetime.fromisoformat("2026-11-02T23:59:59"), "yyyy-mm-dd", "2026-11-02T23:59:59"),
        (time(8, 30), "hh:mm", "08:30:00"),
        (46328, '"dag" 0', "46328"),
        (46328, "[Red]0", "46328"),
        (46328, "[$-414]d. mmmm yyyy", "2026-11-02"),
        (6821099739, "0" * 11, "06821099739"),
        (6821099739, "General", "6821099739"),
        ("06821099739", "@", "06821099739"),
        (17908599950, "0", "17908599950"),
        ("", "General", None),
        ("æøå Ŋ 👧", "General", "æøå Ŋ 👧"),
        ("_x000D_", "General", "\r"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(value, form, text):
    assert sound(shown(value, form)) == [("a", "b", text)]


def test_a_person_number_that_lost_its_zero_gets_it_back_in_a_column_that_is_declared():
    data = book([6821099739, "x", None], [17908599950, "y", None], ["06821099739", "z", None])
    assert [row[0] for row in sound(data, eleven=["id"])] == ["06821099739", "17908599950", "06821099739"]
    assert next(row[0] for row in sound(data)) == "6821099739"


def test_days_are_right_in_both_calendars_that_spreadsheets_have():
    def since_1904(work, sheet):
        work.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        sheet["C2"] = date(2026, 11, 2)

    assert sound(book(["a", "b"], prepare=since_1904)) == [("a", "b", "2026-11-02")]


@pytest.mark.parametrize(
    ("value", "form", "code"),
    [
        ("=1+1", "General", "sheet.formula"),
        ("=HYPERLINK(A1)", "General", "sheet.formula"),
        ("#N/A", "General", "sheet.error"),
        (timedelta(hours=30), "[h]:mm", "sheet.duration"),
        (12345678901234567, "General", "sheet.precision"),
        (1e-300, "General", "sheet.precision"),
        (60, "dd.mm.yyyy", "sheet.date"),
        (-5, "dd.mm.yyyy", "sheet.date"),
        (99999999, "dd.mm.yyyy", "sheet.date"),
    ],
)
def test_a_cell_that_could_mean_something_else_is_refused(value, form, code):
    assert wrong(shown(value, form)) == [(code, "sheet1!C2")]


def test_all_that_is_wrong_is_told_at_once_and_sound_rows_go_on():
    def prepare(_, sheet):
        sheet["A2"] = "=1"
        sheet["B2"] = "#REF!"
        sheet["D3"] = "uten overskrift"
        sheet.merge_cells("B5:B6")

    rows_ = [[n, "Kari", date(2026, 11, 2)] for n in range(1, 7)]
    data = book(*rows_, prepare=prepare)
    assert wrong(data) == [
        ("sheet.formula", "sheet1!A2"), ("sheet.error", "sheet1!B2"), ("sheet.beyond", "sheet1!D3"),
        ("sheet.merged", "sheet1!B5"), ("sheet.merged", "sheet1!B6"),
    ]  # fmt: skip
    assert [row.line for row in read(data)[1] if not row.faults] == [4, 7]


def test_titles_above_the_header_may_be_merged():
    def prepare(_, sheet):
        sheet.merge_cells("A1:C1")

    data = book(["id", "navn", "dato"], ["1", "a", "b"], head=["Liste fra skolen"], prepare=prepare)
    assert sound(data, header=2) == [("1", "a", "b")]


@pytest.mark.parametrize(("state", "code"), [("hidden", "sheet.hidden"), ("veryHidden", "sheet.hidden")])
def test_a_hidden_sheet_is_read_by_nobody(state, code):
    def prepare(work, sheet):
        sheet.sheet_state = state
        work.create_sheet("Synlig").append(["id"])

    data = book(["1", "hemmelig", None], prepare=prepare)
    assert read(data) == (("id",), [])
    assert wrong(data, sheet="Liste") == [(code, "sheet1")]


def test_which_sheet_is_meant_is_never_guessed():
    def prepare(work, _):
        work.create_sheet("Andre").append(["id", "to"])

    data = book(["1", "a", "b"], prepare=prepare)
    assert wrong(data) == [("sheet.several", "$")]
    assert read(data, sheet="Andre")[0] == ("id", "to")
    assert wrong(data, sheet="Tredje") == [("sheet.none", "$")]


@pytest.mark.parametrize(
    ("head", "path"), [(["id", "", "dato"], "B1"), (["id", "id"], "B1"), ([], "A1"), (["id", None, "x"], "B1")]
)
def test_columns_that_cannot_be_told_apart_refuse_the_file(head, path):
    data = book(["1", "2", "3"], head=head or [None])
    assert wrong(data) == [("sheet.header", f"sheet1!{path}")]


def test_a_sheet_without_a_header_gets_its_columns_from_the_settings():
    assert sound(book(["1", "a", "b"], head=None), header=0, columns=HEAD) == [("1", "a", "b")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'<row r="2"', b'<row r="99999999"', "sheet.broken"),
        (b'<row r="2"', b'<row r="1"', "sheet.order"),
        (b'<row r="2"', b'<row r="2000000"', "sheet.order"),
        (b'<row r="2"', b'<row r="1048576"', "sheet.broken"),
        (b'<c r="B2"', b'<c r="A2"', "sheet.order"),
        (b'<c r="B2"', b'<c r="B3"', "sheet.broken"),
        (b'<c r="B2"', b'<c r="ZZZ2"', "sheet.order"),
        (b't="inlineStr"', b't="banan"', "sheet.broken"),
        (b"<worksheet", b"<!DOCTYPE x><worksheet", "xml.doctype"),
        (b"</sheetData>", b"", "xml.syntax"),
        (b'spreadsheetml/2006/main"', b'annet"', "xml.root"),
    ],
)
def test_a_sheet_that_no_product_writes_is_refused(old, new, code):
    assert {one for one, _ in wrong(in_sheet(book(["1", "a", "b"]), old, new))} == {code}


def test_texts_that_cells_share_are_read_in_each():
    data = sharing(book(["1", "æ &amp; ø", date(2026, 11, 2)]))
    assert sound(data) == [("1", "æ &amp; ø", "2026-11-02")]
    assert wrong(in_sheet(data, b"<v>4</v>", b"<v>400</v>")) == [("sheet.broken", "sheet1")]


def test_a_bomb_is_refused_before_it_has_grown():
    bomb = in_sheet(book(["1", "a", "b"]), b"</sheetData>", b"</sheetData>" + b" " * 20_000_000)
    assert [code for code, _ in wrong(bomb)] == ["archive.ratio"]
    shared = sharing(book(["1", "a" * 30_000, "b"]))
    assert wrong(shared, limits=Limits(shared_bytes=20_000)) == [("sheet.size", "$")]
    many = changed(
        book(["1", "a", "b"]),
        lambda name, text: text + b"<!--" + b"x" * 2_000_000 + b"-->" if name == "xl/styles.xml" else text,
    )
    assert wrong(many, limits=Limits(part_bytes=1_000_000)) == [("sheet.size", "$")]


@pytest.mark.parametrize(
    "data", [b"", b"id;navn\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html><table>", b"PK\x03\x04"]
)
def test_what_is_no_spreadsheet_is_told_so(data):
    assert wrong(data)[0][0] in {"sheet.kind", "archive.broken"}


def test_a_place_holds_no_value_and_is_one_that_can_be_told():
    data = book(["1", "a", "=1"])
    assert [plain_path(f"file-17:{path}") for _, path in wrong(data)] == ["file-17:sheet1!C2"]
    far = in_sheet(in_sheet(data, b'<row r="2"', b'<row r="123456"'), b'2"', b'123456"')
    far = in_sheet(data, b'r="2"', b'r="123456"')
    far = changed(
        far, lambda name, text: re.sub(rb'r="([ABC])2"', rb'r="\g<1>123456"', text) if "sheet1" in name else text
    )
    assert [plain_path(f"file-17:{path}") for _, path in wrong(far)] == ["file-17:sheet1!C123'456"]


CELLS = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12).filter(
        lambda text: not text.startswith("=") and not text.startswith("#")
    ),
    st.integers(-(2**50), 2**50),
    st.dates(date(1901, 1, 1), date(2200, 1, 1)),
    st.booleans(),
)


def as_text(cell):
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


@settings(max_examples=12)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6))
def test_what_another_library_writes_is_read_as_the_same_table(table):
    expected = [tuple(map(as_text, row)) for row in table if any(as_text(cell) is not None for cell in row)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert sound(book(*table)) == expected


SOUND = sharing(book(["1", "a", date(2026, 11, 2)], ["2", 7, True]))
PARTS = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "_rels/.rels"]


@settings(max_examples=40)
@given(st.sampled_from(PARTS), st.integers(0, 4000), st.binary(max_size=6), st.integers(0, 40))
def test_a_damaged_file_is_rows_or_a_fault_and_nothing_else(part, at, junk, cut):
    data = changed(SOUND, lambda name, text: text[:at] + junk + text[at + cut :] if name == part else text)
    for code, path in wrong(data):
        assert re.fullmatch(r"(sheet|archive|xml)\.[a-z]+", code)
        assert plain_path(path) == path
