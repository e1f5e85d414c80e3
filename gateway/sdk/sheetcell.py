"""What a spreadsheet's cell means: numbers, days and times by their format, places by their letters.

ECMA-376 part 1: 18.3.1.4 (cells), 18.8.30 (number formats), 18.17.4 (days as numbers).
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, Literal

from gateway.core.model import Fault

if TYPE_CHECKING:
    from lxml.etree import _Element

Form = Literal["plain", "moment", "duration", "eleven"]

_MOMENTS = frozenset({*range(14, 23), *range(27, 37), *range(50, 59)})
_DURATIONS = frozenset({45, 46, 47})
_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_LARGEST = 2**53
"""From here on a number of a spreadsheet is no longer exact; what is longer has lost digits."""
_LAST_DAY = 2_958_465
_FALSE_LEAP_DAY = 60
"""29 February 1900, which never was; days before it are one off in most products."""


class Formats:
    """Which cell styles show a number as a day or time."""

    def __init__(self, styles: "_Element | None", *, tag: str) -> None:
        self._forms: list[Form] = []
        if styles is None:
            return
        own = {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.iter(f"{tag}numFmt")}
        held = styles.find(f"{tag}cellXfs")
        if held is not None:
            self._forms = [_form(one.get("numFmtId", "0"), own) for one in held.iterchildren(f"{tag}xf")]

    def of(self, style: str | None) -> Form:
        """How a style shows a number."""
        if style is None or not (style.isascii() and style.isdigit() and len(style) < 7):
            return "plain"
        at = int(style)
        return self._forms[at] if at < len(self._forms) else "plain"


def _form(ident: str, own: dict[str, str]) -> Form:
    code = own.get(ident)
    if code is None:
        number = int(ident) if ident.isascii() and ident.isdigit() and len(ident) < 5 else 0
        return "moment" if number in _MOMENTS else "duration" if number in _DURATIONS else "plain"
    shown = _SHOWN.sub("", code.partition(";")[0]).lower()
    if re.search(r"\[(?:h+|m+|s+)\]", shown):
        return "duration"
    if shown.strip() == "0" * 11:
        return "eleven"
    return "moment" if set(shown) & set("ymdhs") and "general" not in shown else "plain"


def text_of(told: str, *, kind: str, form: Form, since_1904: bool, eleven: bool) -> tuple[str | None, str | None]:
    """A number, truth value or day as text, and the code of what is wrong with it.

    ``kind`` is the cell's type. ``eleven``: the column holds person numbers.
    """
    if kind == "b":
        return {"1": "true", "0": "false"}.get(told), None if told in {"0", "1"} else "sheet.broken"
    if kind == "d":
        return _iso(told)
    if kind != "n":
        return None, "sheet.broken"
    if len(told) > 60 or not _NUMBER.fullmatch(told):
        return None, "sheet.broken"
    number = Decimal(told)
    if form == "duration":
        return told, "sheet.duration"
    if form == "moment":
        return _moment(number, since_1904=since_1904)
    return _plain(number, eleven=eleven or form == "eleven")


def _plain(number: Decimal, *, eleven: bool) -> tuple[str, str | None]:
    if abs(number) >= _LARGEST or (number and abs(number) < Decimal("1e-15")):
        return str(number), "sheet.precision"
    if number == number.to_integral_value():
        text = str(int(number))
        return (text.zfill(11) if eleven and text.isdigit() else text), None
    # A spreadsheet keeps 0.1 as 0.10000000000000001: the shortest text of the same number is what was meant.
    return repr(float(number)), None


def _moment(number: Decimal, *, since_1904: bool) -> tuple[str | None, str | None]:
    """A day (``2026-11-02``), a time of day (``08:30:00``) or both, without a zone, to the second."""
    seconds = int((number * 86_400).to_integral_value()) if abs(number) <= _LAST_DAY + 1 else -1
    if seconds < 0:
        return None, "sheet.date"
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    if days == 0 and not since_1904:
        return (clock, None) if rest else (None, "sheet.date")
    if days > _LAST_DAY or (not since_1904 and days <= _FALSE_LEAP_DAY):
        return None, "sheet.date"
    try:
        day = (date(1904, 1, 1) if since_1904 else date(1899, 12, 30)) + timedelta(days=days)
    except OverflowError:
        return None, "sheet.date"
    return (f"{day.isoformat()}T{clock}" if rest else day.isoformat()), None


def _iso(told: str) -> tuple[str | None, str | None]:
    """A cell that holds a day as text (type ``d``)."""
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None, "sheet.date"
    day_only = len(told) == 10 or (moment.tzinfo is None and told[10:].strip("T:0.") == "")
    return (moment.date().isoformat() if day_only else moment.isoformat()), None


_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def column_of(reference: str, *, line: int) -> int | None:
    """The column's number of a cell's own reference (``C5``), which must name its row; ``None`` if it does not."""
    found = _REFERENCE.fullmatch(reference)
    return None if found is None or int(found[2]) != line else _number(found[1])


def _number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def letters(column: int) -> str:
    """A column's letters: 1 is ``A``, 27 is ``AA``."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell_name(column: int, line: int) -> str:
    """A cell's place (``C5``). From row 100 000 on an apostrophe parts the digits: six in a row could be somebody's."""
    return letters(column) + (str(line) if line < 100_000 else f"{line // 1000}'{line % 1000:03d}")


class Merged:
    """Which rows have a part in merged cells: of those only one holds a value, and whose row it is of is a guess.

    ``areas`` are left, top and bottom, all from 1.
    """

    def __init__(self, areas: Sequence[tuple[int, int, int]]) -> None:
        self._starts = sorted({1, *(top for _, top, _ in areas), *(bottom + 1 for _, _, bottom in areas)})
        self._first = [
            min((left for left, top, bottom in areas if top <= start <= bottom), default=None) for start in self._starts
        ]

    def column(self, line: int) -> int | None:
        """The first column that is merged in a row, if any is."""
        return self._first[bisect_right(self._starts, line) - 1]


_MERGED = re.compile(
    rb"""<(?:[\w.\-]+:)?mergeCell\s[^<>]*?ref\s*=\s*["']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})["']"""
)
_CHUNK, _OVERLAP, _MOST = 1 << 20, 400, 1_000


def merged_in(stream: BinaryIO, *, place: str) -> Merged:
    """The merged areas of a sheet's part: they stand behind its rows, so they are looked for first.

    Raises ``Fault`` ``sheet.merged`` when there are more than a table has.
    """
    areas: set[tuple[int, int, int]] = set()
    rest = b""
    with stream:
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            for found in _MERGED.finditer(text):
                areas.add((_number(found[1].decode()), int(found[2]), int(found[4])))
            if len(areas) > _MOST:
                raise Fault("sheet.merged", place)
            rest = text[-_OVERLAP:]
    return Merged(sorted(areas))
