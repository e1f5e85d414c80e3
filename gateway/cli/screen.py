"""Drawing for people: tables that fit the terminal, and bars."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from gateway.cli import words

Tone = Literal["good", "held", "back", "bad"]
_TONES: Mapping[Tone, str] = {"good": "green", "held": "yellow", "back": "magenta", "bad": "bold red"}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?([+-]\d\d:\d\d|Z)")
WIDE = 100
"""Characters of a terminal from which an id in the first column stands whole; on a smaller one the days would break."""
_IDENT = re.compile(r"[0-9a-f]{16,40}")
_OSLO = ZoneInfo("Europe/Oslo")


class Screen:
    """Standard output. Texts from outside are drawn as they are: nothing in them is taken for markup or control."""

    def __init__(self, *, language: words.Language) -> None:
        self.language = language
        width = shutil.get_terminal_size(fallback=(110, 24)).columns
        self._console = Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)

    def line(self, text: str = "") -> None:
        """One line, wrapped at the terminal's edge."""
        self._console.print(_plain(text))

    def document(self, text: str) -> None:
        """A whole document as it is, neither wrapped nor drawn; signs that steer a terminal are left out."""
        self._console.out(_plain(text).plain, end="", highlight=False)

    def words(self, code: str, **facts: object) -> None:
        """One line from the catalogue, in the caller's language."""
        self.line(words.say(code, self.language, **facts))

    def point(self, mark: str, text: str) -> None:
        """A paragraph with a mark before it."""
        self._hang((Text(mark, style="bold cyan"), _plain(text)), indent=0)

    def note(self, label: str, text: str, tone: Tone) -> None:
        """A line below a paragraph: a label in the tone's colour, and what it says."""
        self._hang((Text(label, style=_TONES[tone]), _plain(text)), indent=4)

    def _hang(self, cells: tuple[Text, Text], *, indent: int) -> None:
        grid = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
        grid.add_column(width=len(cells[0].plain), no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(*cells)
        self._console.print(Padding(grid, (0, 0, 0, indent), expand=False))

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
        """A table; ``heads`` and ``title`` are codes of the catalogue."""
        table = Table(
            box=box.SIMPLE_HEAD, title=words.say(title, self.language) if title else None, title_justify="left"
        )
        drawn = [tuple(row) for row in rows]
        for at, head in enumerate(heads):
            wide = at == 0 and self._console.width >= WIDE
            whole = wide and any(_IDENT.fullmatch(str(row[at])) for row in drawn)  # so that it can be copied
            table.add_column(words.say(head, self.language), overflow="fold", no_wrap=whole)
        for row in drawn:
            table.add_row(*(_plain("" if cell is None else _on_the_clock(str(cell))) for cell in row))
        self._console.print(table)


def _on_the_clock(text: str) -> str:
    """An instant as the clock on the wall in Norway shows it, to the minute; any other text as it is."""
    try:
        found = datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
    except ValueError:
        return text
    return text if found is None else found.astimezone(_OSLO).strftime("%Y-%m-%d %H:%M")


def _plain(text: str) -> Text:
    return Text("".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text))


@contextmanager
def bar(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda step: progress.advance(task, step)
