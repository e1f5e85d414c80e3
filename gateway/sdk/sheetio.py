"""The one place where spreadsheets (.xlsx: ECMA-376, SpreadsheetML) come in.

A sheet is read as the rows that the same table would have as CSV: every cell is text, a number as it would be written,
a day as ``2026-11-02``. Nothing is worked out and nothing is guessed: what could mean something else than it shows is
refused, cell by cell, so that all that is wrong with a sheet is told at once.

The file goes through ``gateway.sdk.archive`` and each of its parts through ``gateway.sdk.xmlio``; memory is that of one
row and of the texts that the file shares between cells.

Codes of a file: ``sheet.kind`` (no .xlsx), ``sheet.none``, ``sheet.several`` (say which), ``sheet.hidden``,
``sheet.header``, ``sheet.size``, ``sheet.order`` (rows or cells do not rise), ``sheet.broken``, and those of archives
and XML. Codes of a cell: ``sheet.formula``, ``sheet.error``, ``sheet.merged``, ``sheet.date``, ``sheet.duration``,
``sheet.precision``, ``sheet.control``, ``sheet.beyond`` (a value where no column has a name).
Paths are ``sheet1!C5`` (the first sheet, column C, row 5), never a value: a sheet's name may be somebody's.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, BinaryIO

from msgspec import Struct

from gateway.core.model import Fault
from gateway.sdk import archive, xmlio
from gateway.sdk.sheetcell import Formats, Merged, cell_name, column_of, merged_in, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


class Limits(Struct, frozen=True, kw_only=True):
    """What a file may cost: packed, unpacked, its shared texts, its other parts, and one row."""

    bytes: int = 25_000_000
    sheet_bytes: int = 400_000_000
    shared_bytes: int = 32_000_000
    part_bytes: int = 4_000_000
    row_bytes: int = 2_000_000
    columns: int = 1_000


class Row(Struct, frozen=True, kw_only=True):
    """One row: its number and place (``sheet1!A5``), its cells' texts by column, what is wrong with which of them.

    ``text`` is the row as it stood, with tabs between; it is content, and is empty for a sound row.
    """

    line: int
    place: str
    fields: dict[str, str | None]
    faults: tuple[Fault, ...] = ()
    text: str = ""


def rows(
    stream: BinaryIO,
    *,
    sheet: str | None = None,
    header: int = 1,
    columns: Sequence[str] | None = None,
    eleven: Sequence[str] = (),
    limits: Limits | None = None,
) -> Iterator[tuple[str, ...] | Row]:
    """The columns' names first, then every row below the header that holds something.

    ``sheet`` names one; without it the file must have just one that is not hidden. ``header`` is the row with the
    columns' names; ``columns`` names them for a sheet without such a row (then ``header`` is 0). ``eleven`` are
    columns of person numbers, whose leading zeros a number cell has lost: they are put back.
    ``stream`` must be seekable and stay open. Raises ``Fault`` for a file that cannot be read; what was yielded before
    stands.
    """
    bounds = limits or Limits()
    with ExitStack() as held:
        book = _Book(_archive(held, stream, bounds), limits=bounds)
        name, number = book.sheet(sheet)
        merged = merged_in(book.archive.stream(name), place=f"sheet{number}")
        reader = _Reader(book, merged=merged, place=f"sheet{number}", eleven=frozenset(eleven), limits=bounds)
        yield from reader.read(book.archive.stream(name), header=header, columns=columns)


def _archive(held: ExitStack, stream: BinaryIO, limits: Limits) -> archive.Archive:
    # A sheet is unpacked twice: once to find its merged cells, which stand behind the rows that they lie in.
    bounds = archive.Limits(
        bytes=limits.bytes,
        member_bytes=limits.sheet_bytes,
        total_bytes=limits.sheet_bytes * 2 + limits.shared_bytes * 2,
    )
    stream.seek(0)
    if stream.read(4) != b"PK\x03\x04":
        # The old binary form and the encrypted one are other kinds of file, and so is a page saved as a spreadsheet.
        raise Fault("sheet.kind", "$")
    return held.enter_context(archive.opened(stream, limits=bounds))


class _Book:
    """A workbook's parts: which sheets there are, its shared texts, and which formats show a day."""

    def __init__(self, opened: archive.Archive, *, limits: Limits) -> None:
        self.archive = opened
        self.limits = limits
        self.main = self._workbook()
        base = self.main.rpartition("/")[0]
        self.targets = self._relations(self.main, base)
        root = self._part(self.main)
        self.tag = "{" + _space(root) + "}"
        settings = root.find(f"{self.tag}workbookPr")
        self.since_1904 = settings is not None and settings.get("date1904") in {"1", "true"}
        self.sheets = [one for one in root.iter(f"{self.tag}sheet") if isinstance(one.tag, str)]
        styles = self._named("styles")
        self.formats = Formats(self._part(styles) if styles else None, tag=self.tag)
        self.shared = self._shared()

    def sheet(self, wanted: str | None) -> tuple[str, int]:
        """The part that holds the sheet to read, and its number from 1."""
        shown = [(at, one) for at, one in enumerate(self.sheets, 1) if one.get("state", "visible") == "visible"]
        if wanted is not None:
            named = [(at, one) for at, one in enumerate(self.sheets, 1) if one.get("name") == wanted]
            if not named:
                raise Fault("sheet.none", "$")
            if named[0] not in shown:
                raise Fault("sheet.hidden", f"sheet{named[0][0]}")
            shown = named
        if not shown:
            raise Fault("sheet.hidden" if self.sheets else "sheet.none", "$")
        if len(shown) > 1:
            raise Fault("sheet.several", "$")
        number, found = shown[0]
        ident = next((found.get(f"{{{space}}}id") for space in _OFFICE if found.get(f"{{{space}}}id")), "")
        kind, target = self.targets.get(ident or "", ("", ""))
        if not kind.endswith("/worksheet") or target not in self.archive.names:
            raise Fault("sheet.broken", f"sheet{number}")
        return target, number

    def _workbook(self) -> str:
        for kind, target in self._relations("", "").values():
            if kind.endswith("/officeDocument") and target in self.archive.names:
                return target
        raise Fault("sheet.kind", "$")

    def _relations(self, part: str, base: str) -> dict[str, tuple[str, str]]:
        """The parts that one names, by id: the kind of relation, and where in the archive. Links outside are left."""
        folder, _, name = part.rpartition("/")
        place = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if place not in self.archive.names:
            raise Fault("sheet.kind", "$")
        found = {}
        for one in self._part(place).iter(_PACKAGE):
            target = one.get("Target", "")
            if one.get("TargetMode", "Internal") == "Internal":
                inside = target.removeprefix("/") if target.startswith("/") or not base else f"{base}/{target}"
                found[one.get("Id", "")] = (one.get("Type", ""), inside)
        return found

    def _named(self, kind: str) -> str | None:
        named = (target for told, target in self.targets.values() if told.endswith(f"/{kind}"))
        return next((target for target in named if target in self.archive.names), None)

    def _part(self, name: str) -> "_Element":
        try:
            return xmlio.parse(self.archive.read(name, most=self.limits.part_bytes))
        except Fault as fault:
            raise Fault("sheet.size" if fault.code == "archive.size" else fault.code, "$") from None

    def _shared(self) -> list[str]:
        """The texts that cells share. Phonetic hints beside them are no text."""
        name = self._named("sharedStrings")
        if name is None:
            return []
        bounds = xmlio.Limits(bytes=self.limits.shared_bytes, record_bytes=self.limits.row_bytes)
        try:
            # A text is emptied when the next is asked for.
            return [_text(one, tag=self.tag) for _, one in xmlio.records(self.archive.stream(name), limits=bounds)]
        except Fault as fault:
            raise Fault("sheet.size" if fault.code == "xml.size" else fault.code, "$") from None


class _Reader:
    """Rows of one sheet."""

    def __init__(self, book: _Book, *, merged: Merged, place: str, eleven: frozenset[str], limits: Limits) -> None:
        self.book = book
        self.merged = merged
        self.place = place
        self.eleven = eleven
        self.limits = limits
        self.names: tuple[str, ...] = ()

    def read(self, stream: BinaryIO, *, header: int, columns: Sequence[str] | None) -> Iterator[tuple[str, ...] | Row]:
        if columns is not None:
            self.names = tuple(columns)
            yield self.names
        for line, element in self._elements(stream):
            if not self.names and line == header:
                self.names = self._header(line, element)
                yield self.names
            elif self.names and line > header:
                row = self._row(line, element)
                if row is not None:
                    yield row
            elif not self.names and line > header:
                break
        if not self.names:
            raise Fault("sheet.header", f"{self.place}!{cell_name(1, max(header, 1))}")

    def _elements(self, stream: BinaryIO) -> Iterator[tuple[int, "_Element"]]:
        """Row elements with their numbers, which must rise: a file in which they do not hides rows behind others."""
        tag, last = self.book.tag, 0
        bounds = xmlio.Limits(bytes=self.limits.sheet_bytes, record_bytes=self.limits.row_bytes)
        root = {f"{tag}worksheet"}
        for parent, element in xmlio.records(stream, root=root, split={f"{tag}sheetData"}, limits=bounds):
            if element.tag != f"{tag}row" or parent.tag != f"{tag}sheetData":
                continue
            told = element.get("r")
            if told is not None and not (told.isascii() and told.isdigit() and len(told) < 8):
                raise Fault("sheet.broken", self.place)
            line = last + 1 if told is None else int(told)
            if not last < line <= _LAST_ROW:
                raise Fault("sheet.order", f"{self.place}!{cell_name(1, min(last + 1, _LAST_ROW))}")
            last = line
            yield line, element

    def _header(self, line: int, element: "_Element") -> tuple[str, ...]:
        cells = {}
        for at, cell in self._cells(line, element):
            text, fault = self._value(cell, at=at, line=line, name="")
            if fault is not None:
                raise fault
            if text is not None and text.strip():
                cells[at] = text.strip()
        names = tuple(cells.get(at, "") for at in range(1, max(cells, default=0) + 1))
        if len(names) > self.limits.columns:
            raise Fault("sheet.size", f"{self.place}!{cell_name(1, line)}")
        for at, name in enumerate(names, 1):
            if not name or names.index(name) != at - 1:
                raise Fault("sheet.header", f"{self.place}!{cell_name(at, line)}")
        return names

    def _row(self, line: int, element: "_Element") -> Row | None:
        fields: dict[str, str | None] = dict.fromkeys(self.names)
        faults: list[Fault] = []
        shown: list[str] = []
        for at, cell in self._cells(line, element):
            name = self.names[at - 1] if at <= len(self.names) else ""
            text, fault = self._value(cell, at=at, line=line, name=name)
            shown.append(text or "")
            if fault is not None:
                faults.append(fault)
            elif not name and text is not None:
                faults.append(Fault("sheet.beyond", f"{self.place}!{cell_name(at, line)}"))
            elif name:
                fields[name] = text
        merged = self.merged.column(line)
        if merged is not None and merged <= len(self.names):
            faults.append(Fault("sheet.merged", f"{self.place}!{cell_name(merged, line)}"))
        if not faults and all(value is None for value in fields.values()):
            return None
        return Row(
            line=line,
            place=f"{self.place}!{cell_name(1, line)}",
            fields=fields,
            faults=tuple(faults),
            text="\t".join(shown) if faults else "",
        )

    def _cells(self, line: int, element: "_Element") -> Iterator[tuple[int, "_Element"]]:
        last = 0
        for cell in element.iterchildren(f"{self.book.tag}c"):
            told = cell.get("r")
            at = last + 1 if told is None else column_of(told, line=line)
            if at is None:
                raise Fault("sheet.broken", f"{self.place}!{cell_name(1, line)}")
            if not last < at <= _LAST_COLUMN:
                raise Fault("sheet.order", f"{self.place}!{cell_name(1, line)}")
            last = at
            yield at, cell

    def _value(self, cell: "_Element", *, at: int, line: int, name: str) -> tuple[str | None, Fault | None]:
        """A cell's text, ``None`` for an empty one, and what is wrong with it."""
        tag, kind = self.book.tag, cell.get("t", "n")
        told = _text(cell.find(f"{tag}is"), tag=tag) if kind == "inlineStr" else cell.findtext(f"{tag}v")
        if kind == "s" and told:
            told = self._shared(told)
        code: str | None = None
        text = told
        if cell.find(f"{tag}f") is not None:
            code = "sheet.formula"
        elif kind == "e":
            code = "sheet.error"
        elif kind not in _KINDS:
            code = "sheet.broken"
        elif told and kind not in {"s", "str", "inlineStr"}:
            form = self.book.formats.of(cell.get("s"))
            text, code = text_of(
                told, kind=kind, form=form, since_1904=self.book.since_1904, eleven=name in self.eleven
            )
        elif told and _CONTROL.search(told):
            code = "sheet.control"
        fault = None if code is None else Fault(code, f"{self.place}!{cell_name(at, line)}")
        return text or None, fault

    def _shared(self, told: str) -> str:
        if told.isascii() and told.isdigit() and len(told) < 9 and int(told) < len(self.book.shared):
            return self.book.shared[int(told)]
        raise Fault("sheet.broken", self.place)


_KINDS = frozenset({"n", "s", "str", "inlineStr", "b", "d"})
"""The types of a cell (18.18.11), beside ``e`` for an error."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]|_x00[01][0-9A-F]_")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _text(element: "_Element | None", *, tag: str) -> str:
    """The text of a string item (ECMA-376 part 1, 18.4.8): its own, or that of its runs."""
    if element is None:
        return ""
    parts: list[Any] = [element.findtext(f"{tag}t") or ""]
    parts += [run.findtext(f"{tag}t") or "" for run in element.iterchildren(f"{tag}r")]
    return _ESCAPED.sub(_unescaped, "".join(parts))


def _unescaped(found: re.Match[str]) -> str:
    """A sign that the writer escaped (22.9.2.19, ``_x000D_``); one that no text may hold stays as it stands."""
    code = int(found[1], 16)
    return chr(code) if code in {9, 10, 13} or 0x20 <= code < 0xD800 else found[0]


def _space(root: "_Element") -> str:
    """The namespace of the workbook: the transitional form's or the strict one's."""
    space = str(root.tag)[1:].partition("}")[0]
    if root.tag not in {f"{{{MAIN}}}workbook", f"{{{STRICT}}}workbook"}:
        raise Fault("sheet.kind", "$")
    return space
