"""An Excel file's rows, a page at a time. A row is read once: the file stays open in memory from page to page."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from gateway.sdk import Fault, sheetio
from gateway_file_drop.options import Options
from gateway_file_drop.rows import Broken, Row

_MOST = sheetio.Limits()


class Sheets:
    """The file in work. Another run than the one that began a file passes over the rows that were read before."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._key = ""
        self._line = 0
        self._rows: Iterator[tuple[str, ...] | sheetio.Row] = iter(())
        self._ahead: sheetio.Row | None = None

    def page(self, stream: BinaryIO, *, key: str, after: int, wanted: int) -> tuple[list[Row | Broken], int | None]:
        """Up to ``wanted`` rows below line ``after`` of the sheet, and the line they end at; ``None`` at the end.

        Raises ``Fault`` for a file that cannot be read.
        """
        if (self._key, self._line) != (key, after):
            self._begin(stream, key=key, after=after)
        found: list[Row | Broken] = []
        row = self._ahead or self._next()
        self._ahead = None
        while row is not None and len(found) < wanted:
            found += _told(row)
            self._line = row.line
            row = self._next()
        self._ahead = row
        if row is None:
            self.close()
            return found, None
        return found, self._line

    def close(self) -> None:
        """Let go of the file."""
        self._key, self._line, self._rows, self._ahead = "", 0, iter(()), None

    def _begin(self, stream: BinaryIO, *, key: str, after: int) -> None:
        self.close()
        stream.seek(0)
        data = stream.read(_MOST.bytes + 1)
        if len(data) > _MOST.bytes:
            raise Fault("sheet.size", "$")
        options = self.options
        self._rows = sheetio.rows(
            io.BytesIO(data),
            sheet=options.sheet,
            header=0 if options.columns is not None else options.header_row,
            columns=options.columns,
            eleven=options.person_numbers,
        )
        names = next(self._rows)
        if isinstance(names, tuple) and options.id not in names:
            raise Fault("file.no_id_column", "$")
        self._key, self._line = key, after
        row = self._next()
        while row is not None and row.line <= after:
            row = self._next()
        self._ahead = row

    def _next(self) -> sheetio.Row | None:
        found = next(self._rows, None)
        return found if isinstance(found, sheetio.Row) else None


def _told(row: sheetio.Row) -> list[Row | Broken]:
    """A sound row, or each of its faulty cells: all that is wrong is told at once."""
    if not row.faults:
        return [Row(line=row.line, fields=dict(row.fields), place=row.place)]
    return [Broken(line=row.line, code=fault.code, path=fault.path, text=row.text) for fault in row.faults]
