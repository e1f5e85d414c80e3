"""Rows of a file, a page at a time: sound ones as plain values, broken ones as a code, a place and their text."""

from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from gateway.sdk import Fault, jsonio
from gateway.sdk.csvio import Place, Shape, header
from gateway.sdk.csvio import rows as csv_records
from gateway_file_drop.options import Options

_LINE = 1_000_000
"""Bytes of one line of JSON, at most."""


class Row(Struct, frozen=True, kw_only=True):
    """A sound row: its line and its values. An empty cell is ``None``: the vendor says that there is nothing.

    ``place`` is where it begins, where that is told otherwise than as ``line:1``.
    """

    line: int
    place: str = ""
    fields: dict[str, Any]


class Broken(Struct, frozen=True, kw_only=True):
    """A row that could not be read: why, where (``line:column``), and what stood there."""

    line: int
    code: str
    path: str
    text: str = ""


def csv_rows(
    stream: BinaryIO, *, at: Any, wanted: int, options: Options
) -> tuple[list[Row | Broken], dict[str, int] | None]:
    """Up to ``wanted`` rows of CSV from a place on, and the place after them, ``None`` at the end.

    The header is read anew for each page, so that no name of a column has to stand in a cursor. Raises ``Fault`` for
    a file whose columns cannot be told.
    """
    shape = Shape(encoding=options.encoding, delimiter=options.delimiter, columns=options.columns)
    columns, first = header(stream, shape=shape)
    if not columns:
        return [], None
    if options.id not in columns:
        raise Fault("file.no_id_column", "1:1")
    place = first if at is None else msgspec.convert(at, Place)
    stream.seek(place.offset)
    found: list[Row | Broken] = []
    for row in csv_records(stream, columns=columns, shape=shape, at=place):
        if len(found) == wanted:
            return found, msgspec.to_builtins(place)
        place = row.after
        if row.fields is None or row.fault is not None:
            code, path = ("csv.columns", f"{row.line}:1") if row.fault is None else (row.fault.code, row.fault.path)
            found.append(Broken(line=row.line, code=code, path=path, text=row.text))
        else:
            fields = {name: cell or None for name, cell in row.fields.items()}
            found.append(Row(line=row.line, fields=fields))
    return found, None


def json_rows(stream: BinaryIO, *, at: Any, wanted: int) -> tuple[list[Row | Broken], dict[str, int] | None]:
    """Up to ``wanted`` objects of JSON Lines from a place on, and the place after them, ``None`` at the end."""
    place = Place() if at is None else msgspec.convert(at, Place)
    stream.seek(place.offset)
    offset, line = place.offset, place.line
    found: list[Row | Broken] = []
    while True:
        data = stream.readline(_LINE + 1)
        if not data:
            return found, None
        if len(found) == wanted:
            return found, msgspec.to_builtins(Place(offset=offset, line=line))
        size = len(data) + _skip(stream, data)
        row = _object(data, line=line, first=offset == 0) if size <= _LINE else _too_long(line)
        if row is not None:
            found.append(row)
        offset += size
        line += 1


def _skip(stream: BinaryIO, data: bytes) -> int:
    """Pass over what is left of a line that is longer than a record may be."""
    skipped = 0
    while data and not data.endswith(b"\n"):
        data = stream.readline(_LINE)
        skipped += len(data)
    return skipped


def _too_long(line: int) -> Broken:
    return Broken(line=line, code="json.size", path=f"{line}:1")


def _object(data: bytes, *, line: int, first: bool) -> Row | Broken | None:
    body = data.removeprefix(b"\xef\xbb\xbf").strip() if first else data.strip()
    if not body:
        return None
    try:
        fields = jsonio.decode(body, limit=_LINE)
    except Fault as fault:
        return Broken(line=line, code=fault.code, path=f"{line}:1", text=body.decode("utf-8", errors="replace"))
    if not isinstance(fields, dict):
        return Broken(line=line, code="file.no_object", path=f"{line}:1", text=body.decode("utf-8"))
    return Row(line=line, fields=fields)
