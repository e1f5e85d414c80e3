"""The one place where CSV comes in and goes out.

Reading follows RFC 4180 to the letter, with a declared encoding and delimiter, and refuses a row, not a file: each
``Row`` has its fields or a fault, and says where the next one begins, so that a long file can be read in pages.
Rows are not guessed at. Where a badly quoted record ends is not known for certain, so the lines that it might have
covered are each refused as ``csv.doubtful``: text that somebody wrote into a note must never become a row of its own.

Codes: ``csv.header``, ``csv.encoding``, ``csv.quote``, ``csv.unclosed``, ``csv.doubtful``, ``csv.columns``,
``csv.size``, ``csv.control``. Paths are ``line:column`` (columns count fields from 1), never a value.

Writing quotes every cell and defuses what a spreadsheet would take for a formula.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Literal

from msgspec import Struct

from gateway.core.model import Fault

Encoding = Literal["utf-8", "utf-8-sig", "cp1252", "iso-8859-1"]

_BOM = b"\xef\xbb\xbf"
_FORMULA = frozenset("=+-@＝＋－＠")
_INVISIBLE = " \t\r\n\v\f\0\u00a0\u200b\u200c\u200d\u2060\ufeff"


class Shape(Struct, frozen=True, kw_only=True):
    """How a file is written. ``columns`` names them where the file has no header line."""

    encoding: Encoding = "utf-8"
    delimiter: str = ","
    columns: tuple[str, ...] | None = None


class Limits(Struct, frozen=True, kw_only=True):
    """What one record may cost: bytes with all its lines, and fields."""

    row_bytes: int = 1_000_000
    columns: int = 1_000


class Place(Struct, frozen=True, kw_only=True):
    """Where a record begins: bytes from the start, the line (from 1), and the last line that is still in doubt."""

    offset: int = 0
    line: int = 1
    doubt: int = 0


class Row(Struct, frozen=True, kw_only=True):
    """One record: ``fields`` by column, or ``fault`` and the ``text`` as it stood. ``after`` is where the next begins.

    ``text`` is content and belongs in quarantine, nowhere else.
    """

    line: int
    after: Place
    fields: dict[str, str] | None = None
    fault: Fault | None = None
    text: str = ""


def header(stream: BinaryIO, *, shape: Shape, limits: Limits | None = None) -> tuple[tuple[str, ...], Place]:
    """The columns' names and where the first record begins; nothing at all for an empty file.

    Raises ``Fault`` ``csv.header`` (a name is missing or stands twice), ``csv.encoding``, ``csv.quote``, ``csv.size``.
    """
    lines = _Lines(stream, at=Place(), limits=limits or Limits())
    if shape.columns is not None:
        return shape.columns, Place()
    while (line := lines.take()) is not None:
        text = _decode(line, shape=shape, number=lines.line - 1)
        if text.strip("\r\n"):
            return _names(text, shape=shape, number=lines.line - 1), lines.place()
    return (), lines.place()


def _names(text: str, *, shape: Shape, number: int) -> tuple[str, ...]:
    values: list[str] = []
    if _split(text, values=values, delimiter=shape.delimiter, number=number) is not None:
        raise Fault("csv.quote", f"{number}:{len(values) + 1}")
    names = tuple(name.strip() for name in values)
    for column, name in enumerate(names, 1):
        if not name or names.index(name) != column - 1:
            raise Fault("csv.header", f"{number}:{column}")
    return names


def rows(
    stream: BinaryIO, *, columns: Sequence[str], shape: Shape, at: Place | None = None, limits: Limits | None = None
) -> Iterator[Row]:
    """Records from ``at`` on, each with its fields or its fault. Empty lines are passed over.

    ``stream`` must stand at ``at.offset``. Memory is that of one record.
    """
    bounds = limits or Limits()
    lines = _Lines(stream, at=at or Place(), limits=bounds)
    while (
        found := _doubtful(lines, shape=shape) if lines.line <= lines.doubt else _record(lines, shape=shape)
    ) is not None:
        text, values = found
        number = lines.line - len(lines.taken)
        if not text.strip("\r\n") and not isinstance(values, Fault):
            continue
        if isinstance(values, list) and (len(values) != len(columns) or len(values) > bounds.columns):
            lines.reconsider()
            values = Fault("csv.columns", f"{number}:{min(len(values), len(columns)) + 1}")
        if isinstance(values, Fault):
            yield Row(line=number, after=lines.place(), fault=values, text=text)
        else:
            yield Row(line=number, after=lines.place(), fields=dict(zip(columns, values, strict=True)))


class _Lines:
    """Physical lines with their place, and the power to give all but the first of a record back."""

    def __init__(self, stream: BinaryIO, *, at: Place, limits: Limits) -> None:
        self.stream = stream
        self.offset = at.offset
        self.line = at.line
        self.doubt = at.doubt
        self.limit = limits.row_bytes
        self.waiting: deque[tuple[bytes, int]] = deque()
        self.taken: list[tuple[bytes, int]] = []

    def place(self) -> Place:
        return Place(offset=self.offset, line=self.line, doubt=self.doubt if self.doubt >= self.line else 0)

    def begin(self) -> None:
        self.taken = []

    def take(self) -> bytes | None:
        """The next line, or nothing at the end; one longer than a record may be comes as ``b""``."""
        item = self.waiting.popleft() if self.waiting else self._read()
        if item is None:
            return None
        self.taken.append(item)
        self.offset += item[1]
        self.line += 1
        return item[0]

    def _read(self) -> tuple[bytes, int] | None:
        data = self.stream.readline(self.limit + 1)
        if not data:
            return None
        size = len(data)
        if size <= self.limit:
            return data, size
        while not data.endswith(b"\n"):
            data = self.stream.readline(self.limit)
            if not data:
                break
            size += len(data)
        return b"", size

    def give_back(self) -> None:
        """All but the first line of this record are lines of their own again."""
        later = self.taken[1:]
        del self.taken[1:]
        self.waiting.extendleft(reversed(later))
        self.offset -= sum(size for _, size in later)
        self.line -= len(later)

    def reconsider(self) -> None:
        """The record was not sound, so what it seemed to cover is in doubt, line by line."""
        last = self.line - 1
        if len(self.taken) > 1:
            self.give_back()
            self.doubt = max(self.doubt, last)


def _doubtful(lines: _Lines, *, shape: Shape) -> tuple[str, list[str] | Fault] | None:
    """One physical line that a badly quoted record might have covered: refused whatever it holds."""
    lines.begin()
    number = lines.line
    line = lines.take()
    if line is None:
        return None
    try:
        text = _decode(line, shape=shape, number=number)
    except Fault as fault:
        return line.decode("latin-1"), fault
    return text, (Fault("csv.doubtful", f"{number}:1") if text.strip("\r\n") else [])


def _record(lines: _Lines, *, shape: Shape) -> tuple[str, list[str] | Fault] | None:
    """The text of one record with all its lines and its values, or the fault that refuses it."""
    lines.begin()
    number = lines.line
    parts: list[str] = []
    values: list[str] = []
    waiting: list[str] = []
    size = 0
    while (line := lines.take()) is not None:
        size += len(line)
        if not line or size > lines.limit:
            lines.give_back()
            return (parts or [""])[0], Fault("csv.unclosed" if parts else "csv.size", f"{number}:{len(values) + 1}")
        try:
            text = _decode(line, shape=shape, number=lines.line - 1)
            parts.append(text)
            if waiting and not _CLOSING.match(text):
                waiting.append(text)
                continue
            text = "".join((*waiting, text))
            opened = _split(text, values=values, delimiter=shape.delimiter, number=number)
        except Fault as fault:
            lines.reconsider()
            return parts[0] if parts else line.decode("latin-1"), fault
        if opened is None:
            return "".join(parts), values
        waiting = [text[opened:]]
    if not parts:
        return None
    # Nothing closes the quote up to the end: a stray sign on the first line, and what follows are rows.
    lines.give_back()
    return parts[0], Fault("csv.unclosed", f"{number}:{len(values) + 1}")


def _decode(line: bytes, *, shape: Shape, number: int) -> str:
    if number == 1 and shape.encoding.startswith("utf-8"):
        line = line.removeprefix(_BOM)
    try:
        text = line.decode("utf-8" if shape.encoding == "utf-8-sig" else shape.encoding)
    except UnicodeDecodeError:
        raise Fault("csv.encoding", f"{number}:1") from None
    if "\0" in text:
        raise Fault("csv.control", f"{number}:1")
    return text


def _split(text: str, *, values: list[str], delimiter: str, number: int) -> int | None:
    """Adds the fields of a text to ``values`` (RFC 4180 section 2); where a field begins that does not end here.

    Raises ``Fault`` ``csv.quote`` or ``csv.control`` with the field's number.
    """
    if '"' not in text:
        body = text.removesuffix("\n").removesuffix("\r")
        if "\r" in body:
            raise Fault("csv.control", f"{number}:1")
        values.extend(body.split(delimiter))
        return None
    field = _field(delimiter)
    at = 0
    while True:
        found = field.match(text, at)
        if found is None:
            if text[at : at + 1] == '"' and not _CLOSING.match(text, at + 1):
                return at
            raise Fault("csv.quote", f"{number}:{len(values) + 1}")
        quoted = found[1]
        values.append(found[2] if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if found[3] != delimiter:
            return None


_CLOSING = re.compile(r'[^"]*(?:""[^"]*)*"(?!")')
_FIELDS: dict[str, re.Pattern[str]] = {}


def _field(delimiter: str) -> re.Pattern[str]:
    known = _FIELDS.get(delimiter)
    if known is None:
        stop = re.escape(delimiter)
        known = re.compile(rf'(?:"([^"]*(?:""[^"]*)*)"|([^"\r\n{stop}]*))({stop}|\r?\n\Z|\Z)')
        _FIELDS[delimiter] = known
    return known


def write(records: Iterable[Mapping[str, Any]], *, columns: Sequence[str], delimiter: str = ";") -> Iterator[str]:
    """CSV lines with a header, CRLF at their ends, every cell quoted, formulas defused (see ``safe``)."""
    yield _line(columns, delimiter)
    for record in records:
        yield _line([record.get(name) for name in columns], delimiter)


def _line(cells: Iterable[Any], delimiter: str) -> str:
    return delimiter.join('"' + safe(cell).replace('"', '""') + '"' for cell in cells) + "\r\n"


def safe(cell: Any) -> str:
    """A cell's text that no spreadsheet runs: an apostrophe stands before what begins like a formula.

    Numbers keep their sign; text does not, even if it looks like one. ``None`` is an empty cell.
    """
    if cell is None:
        return ""
    text = str(cell)
    if isinstance(cell, int | float):
        return text
    shown = text.lstrip(_INVISIBLE)
    if shown[:1] in _FORMULA or text[:1] in {"\t", "\r", "\n"}:
        return f"'{text}" if shown else ""
    return text
