"""``bti history``: what values were before they changed."""

from typing import TYPE_CHECKING

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen


@verb("history prune")
@click.option("--dry-run", "tried", is_flag=True, help=words.help_for("history.tried"))
def prune(frame: Frame, tried: bool) -> None:
    """Let go of history that is older than the settings keep it."""
    from gateway.run.pruning import prune_history

    person = frame.person("history.prune")
    with frame.world() as world:
        told = prune_history(world, by=person.name, tried=tried)

    def draw(screen: "Screen") -> None:
        code = "history.counted" if tried else "history.pruned"
        screen.words(code, rows=told["rows"], cases=told["cases"], day=str(told["before"])[:10])

    frame.answer(told, draw)
