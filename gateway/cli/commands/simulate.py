"""``bti simulate``: an invented municipality."""

from pathlib import Path

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb


@verb("simulate")
@click.option("--children", type=click.IntRange(1), required=True, help=words.help_for("simulate.children"))
@click.option("--seed", type=int, default=1, show_default=True, help=words.help_for("simulate.seed"))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=words.help_for("simulate.out"))
def simulate(frame: Frame, children: int, seed: int, out: Path | None) -> None:
    """One child a line."""
    raise Problem("cli.not_built")
