"""CSV comes in row by row and goes out without formulas."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.model import Fault
from gateway.sdk import csvio
from gateway.sdk.csvio import Shape

HOSTILE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "hostile"
needs_shared = pytest.mark.skipif(not HOSTILE.is_dir(), reason="the shared data folder is not on this machine")


def read(data, **shape):
    stream = io.BytesIO(data)
    columns, place = csvio.header(stream, shape=Shape(**shape))
    stream.seek(place.offset)
    return list(csvio.rows(stream, columns=columns, shape=Shape(**shape), at=place))


def told(data, **shape):
    """What a file gives, as a table: the fields' values of good rows, code and path of the others."""
    return [
        (row.line, *row.fields.values()) if row.fault is None else (row.line, row.fault.code, row.fault.path)
        for row in read(data, **shape)
    ]


@needs_shared
@pytest.mark.parametrize("path", sorted((HOSTILE / "csv-spectrum" / "csvs").glob("*.csv")), ids=lambda path: path.stem)
def test_the_spectrum_is_read_as_its_authors_meant(path):
    expected = json.loads((HOSTILE / "csv-spectrum" / "json" / f"{path.stem}.json").read_text())
    if path.stem == "newlines_crlf":  # the file's ends of lines were normalised after its answer was written
        expected[1]["a"] = expected[1]["a"].replace("\r\n", "\n")
    assert [row.fields for row in read(path.read_bytes())] == expected


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"a,b\n1,2\n", [(2, "1", "2")]),
        (b"a,b\r\n1,2\r\n", [(2, "1", "2")]),
        (b"\n\na,b\n\n1,2\n\n", [(5, "1", "2")]),
        (b"a,b\n,\n", [(2, "", "")]),
        (b'a,b\n"x\ny",2\n3,4', [(2, "x\ny", "2"), (4, "3", "4")]),
        (b'a,b\n"1""",2', [(2, '1"', "2")]),
        (b"", []),
        (b"a,b\n", []),
        # a row with a field too few or too many is alone in its fault
        (
            b"a,b\n1\n2,3\n4,5,6\n7,8\n",
            [(2, "csv.columns", "2:2"), (3, "2", "3"), (4, "csv.columns", "4:3"), (5, "7", "8")],
        ),
        # text after a closing quote, and quotes inside a plain field
        (b'a,b\n"1"x,2\n3,4\n', [(2, "csv.quote", "2:1"), (3, "3", "4")]),
        (b'a,b\n1,2"x"\n3,4\n', [(2, "csv.quote", "2:2"), (3, "3", "4")]),
        # a stray quote that nothing closes costs its own line only
        (b'a,b\n1,"2\n3,4\n5,6\n', [(2, "csv.unclosed", "2:2"), (3, "3", "4"), (4, "5", "6")]),
        # one that a later quote closes: what lies between might be the text of a note, and waits for a person
        (
            b'a,b\n1,"2\n3,4\n"5",6\n7,8\n',
            [(2, "csv.quote", "2:2"), (3, "csv.doubtful", "3:1"), (4, "csv.doubtful", "4:1"), (5, "7", "8")],
        ),
        (
            b'a,b\n1,"2\n3,4\n5,6"7\n8,9\n',
            [(2, "csv.quote", "2:2"), (3, "csv.doubtful", "3:1"), (4, "csv.doubtful", "4:1"), (5, "8", "9")],
        ),
        # one line in a wrong encoding
        (b"a,b\n1,\xe5\n3,4\n", [(2, "csv.encoding", "2:1"), (3, "3", "4")]),
        (b"a,b\n1,\0\n3,4\n", [(2, "csv.control", "2:1"), (3, "3", "4")]),
        (b"a,b\n1,2\r3,4\n5,6\n", [(2, "csv.control", "2:1"), (3, "5", "6")]),
        (b'a,b\n"1\n\xff",2\n3,4\n', [(2, "csv.encoding", "3:1"), (3, "csv.encoding", "3:1"), (4, "3", "4")]),
        (b"a,b\n" + b"x" * 1_000_001 + b"\n3,4\n", [(2, "csv.size", "2:1"), (3, "3", "4")]),
        (b'a,b\n1,"' + b"x" * 999_000 + b"\n" + b"y" * 5_000 + b'\n3,"4"\n', None),
    ],
)
def test_a_broken_row_is_refused_alone(data, rows):
    if rows is None:
        rows = [(2, "csv.unclosed", "2:2"), (3, "csv.columns", "3:2"), (4, "3", "4")]
    assert told(data) == rows


@pytest.mark.parametrize(
    ("data", "shape"),
    [
        ("a;b\nblå;2\n".encode(), {"delimiter": ";"}),
        ("\ufeffa;b\nblå;2\n".encode(), {"delimiter": ";"}),
        ("\ufeffa;b\nblå;2\n".encode(), {"delimiter": ";", "encoding": "utf-8-sig"}),
        ("a;b\nblå;2\n".encode("cp1252"), {"delimiter": ";", "encoding": "cp1252"}),
        ("a|b\nblå|2\n".encode("latin-1"), {"delimiter": "|", "encoding": "iso-8859-1"}),
        ("a\tb\nblå\t2\n".encode(), {"delimiter": "\t"}),
        ("\ufeffblå,2\n".encode(), {"columns": ("a", "b")}),
    ],
)
def test_the_declared_encoding_and_delimiter_are_used(data, shape):
    assert [row.fields for row in read(data, **shape)] == [{"a": "blå", "b": "2"}]


@pytest.mark.parametrize(
    ("data", "code", "path"),
    [
        (b"a,a\n1,2\n", "csv.header", "1:2"),
        (b"a,,c\n", "csv.header", "1:2"),
        (b"a,\xff\n", "csv.encoding", "1:1"),
        (b'a,"b\n', "csv.quote", "1:2"),
    ],
)
def test_a_header_that_names_no_columns_refuses_the_file(data, code, path):
    with pytest.raises(Fault) as caught:
        read(data)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_text_in_a_badly_quoted_note_never_becomes_a_row():
    data = b'id,note\n1,"he said\n2,forged\n" and left"\n3,true\n'
    assert [row.fields for row in read(data) if row.fault is None] == [{"id": "3", "note": "true"}]


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
tables = st.lists(st.tuples(cells, cells, cells), max_size=12)


@given(tables, st.sampled_from([",", ";", "\t"]))
def test_what_was_written_is_read_back_as_it_was_made_safe(table, delimiter):
    columns = ("a", "b", "c")
    text = "".join(
        csvio.write((dict(zip(columns, row, strict=True)) for row in table), columns=columns, delimiter=delimiter)
    )
    back = [tuple(row.fields.values()) for row in read(text.encode(), delimiter=delimiter)]
    assert back == [tuple(csvio.safe(cell) for cell in row) for row in table]
    assert back == [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)][1:]


pieces = st.lists(st.sampled_from([b"a", b",", b'"', b"\n", b"\r\n", b"x,y", b"\xff", b"\0", b'""']), max_size=60)


@given(pieces, st.integers(1, 3))
def test_reading_in_pages_from_any_place_gives_the_same_rows(parts, size):
    data = b"p,q\n" + b"".join(parts)
    whole = told(data)
    place, paged = csvio.header(io.BytesIO(data), shape=Shape())[1], []
    while True:
        stream = io.BytesIO(data)
        stream.seek(place.offset)
        page = [
            row
            for row, _ in zip(
                csvio.rows(stream, columns=("p", "q"), shape=Shape(), at=place), range(size), strict=False
            )
        ]
        if not page:
            break
        paged += page
        place = page[-1].after
    assert [row.line for row in paged] == [line for line, *_ in whole]
    assert [row.fault.code if row.fault else None for row in paged] == [
        row.fault.code if row.fault else None for row in read(data)
    ]


@given(pieces)
def test_any_bytes_give_rows_or_faults_and_nothing_else(parts):
    lines = [row.line for row in read(b"p,q\n" + b"".join(parts))]
    assert lines == sorted(set(lines))


def payloads():
    path = HOSTILE / "csv-injection" / "Intruder" / "csv-payload.txt"
    return path.read_text().splitlines() if path.is_file() else []


def starts_formula(cell):
    return cell.lstrip(" \t\r\n\0\u00a0\ufeff")[:1] in set("=+-@＝＋－＠") and cell != ""


def test_the_check_for_formulas_catches_a_writer_that_does_not_defuse():
    assert starts_formula("=cmd|' /C calc'!A0")
    assert starts_formula(" \t=1+1")
    assert not starts_formula("'=1+1")


@needs_shared
@pytest.mark.parametrize("wrap", ["{}", " {}", "\t{}", "\ufeff{}", "\n{}", "＝{}", 'x"{}', "a;{}", 'a",{}'])
def test_no_cell_that_we_write_runs_in_a_spreadsheet(wrap):
    rows = [{"a": wrap.format(payload), "b": 1} for payload in payloads()]
    assert rows
    for delimiter in (";", ","):
        text = "".join(csvio.write(rows, columns=["a", "b"], delimiter=delimiter))
        back = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert [len(row) for row in back] == [2] * (len(rows) + 1)
        assert not [cell for row in back for cell in row if starts_formula(cell)]


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (-5, "-5"), ("-5", "'-5"), ("Kari", "Kari"), ("=1", "'=1"), ("\t", ""), ("a=1", "a=1"), (1.5, "1.5")],
)
def test_only_what_begins_like_a_formula_is_marked(cell, text):
    assert csvio.safe(cell) == text


@pytest.mark.parametrize("data", [b'1,"2\n' * 50_000, (b'1,"2\n' + b"3,4\n" * 999) * 50], ids=["dense", "sparse"])
def test_stray_quotes_everywhere_cost_no_more_than_twice_the_reading(data, cost):
    seen = []
    assert cost(lambda: seen.append(len(told(b"a,b\n" + data))), below=2) < 2
    assert seen[-1] == 50_000


def test_no_value_stands_in_a_fault():
    for row in read(b'a,b\n"Kari"Nordmann,1\nKari\nKari,\xff\n"Kari,1\n'):
        assert "Kari" not in str(row.fault)
