"""What the product is given: one file for one record, with the columns that were released and no others.

A column that is not there is left as it is; an empty cell empties it. A cell is text that no spreadsheet runs. Pure.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from gateway.sdk import Fault, jsonio
from gateway.sdk.csvio import safe, write
from gateway_file_drop.options import Out

Row = Mapping[str, Any]
_MOMENT = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def file_of(row: Row, out: Out) -> bytes:
    """A file with one row. Raises ``Fault`` ``file_drop.nested`` for a value that no cell can hold."""
    if out.format == "jsonl":
        return jsonio.encode(dict(row)) + b"\n"
    flat = {name: _cell(name, value) for name, value in row.items()}
    if out.format == "xlsx":
        return _book(flat)
    try:
        text = "".join(write([flat], columns=list(flat), delimiter=out.delimiter))
        return text.encode(out.encoding)
    except UnicodeEncodeError:
        raise Fault("file_drop.encoding", "$") from None


def _cell(name: str, value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return str(value).lower() if isinstance(value, bool) else value
    raise Fault("file_drop.nested", f"$.{name}")


def _book(row: Row) -> bytes:
    """A workbook with one sheet in which every cell is a text: nothing is a formula, and no number loses a nought."""
    lines = (list(row), [safe(row[name]) for name in row])
    body = "".join(
        f'<row r="{at}">'
        + "".join(
            f'<c r="{_column(place)}{at}" t="inlineStr"><is><t xml:space="preserve">{escape(_shown(cell))}</t></is></c>'
            for place, cell in enumerate(cells)
        )
        + "</row>"
        for at, cells in enumerate(lines, 1)
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="bti" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in files.items():
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            book.writestr(zipfile.ZipInfo(name, _MOMENT), head + text, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _shown(cell: Any) -> str:
    """The cell without signs that XML has no place for; a line's end stays."""
    return "".join(sign for sign in str(cell) if sign.isprintable() or sign in "\n\t")


def _column(place: int) -> str:
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
