"""``bti demo``: the main job as a story."""

from pathlib import Path

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb


@verb("demo")
@click.option("--keep", metavar="DIR", type=click.Path(path_type=Path), help=words.help_for("demo.keep"))
def demo(frame: Frame, keep: Path | None) -> None:
    """The story; exit status 0 when it came out as it should."""
    raise Problem("cli.not_built")
