"""``bti statistics``: numbers about many, with the small ones hidden."""

from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen


@verb("statistics")
@click.option("--year", type=click.IntRange(2000, 2199), metavar="YEAR", help=words.help_for("statistics.year"))
@click.option("--csv", "as_csv", is_flag=True, help=words.help_for("statistics.csv"))
def statistics(frame: Frame, year: int | None, as_csv: bool) -> None:
    """Lead times, levels, breaks in follow-up and what families thought, as counts."""
    from gateway.run import statistics as numbers

    person = frame.person("statistics")
    with frame.world() as world:
        told = numbers.statistics(world, by=person.name, year=year)

    def draw(screen: "Screen") -> None:
        if as_csv:
            screen.line(numbers.as_csv(told).rstrip("\n"))
            return
        _draw(screen, told)

    frame.answer(told, draw)
    if told["task"] is not None:
        frame.needs_person()


def _draw(screen: "Screen", told: dict[str, Any]) -> None:
    for figure in told["figures"]:
        rows = [
            (words.say(f"level.{row['level']}", screen.language), row["title"], _cell(cell, screen), count)
            for row in figure["rows"]
            for cell, count in row["counts"].items()
        ]
        if rows:
            title = f"title.statistics.{figure['code']}"
            screen.table(("head.statistics_level", "head.place", "head.statistics_cell", "head.number"), rows, title)
    screen.words("statistics.hidden", limit=told["limit"])
    screen.words("statistics.month", at=told["counted_at"][:10])


def _cell(cell: str, screen: "Screen") -> str:
    """A cell in words; one that was joined by the words of its parts."""
    return " + ".join(words.say(f"cell.{part}", screen.language) for part in cell.split("+"))
