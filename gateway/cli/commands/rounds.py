"""``bti demo``, ``plan``, ``sync``, ``run`` and ``status``."""

from pathlib import Path

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb


@verb("demo")
@click.option("--keep", metavar="DIR", type=click.Path(path_type=Path), help=words.help_for("demo.keep"))
def demo(frame: Frame, keep: Path | None) -> None:
    """The main job as a story."""
    raise Problem("cli.not_built")


@verb("plan")
@click.option("--system", metavar="S", help=words.help_for("option.system"))
def plan(frame: Frame, system: str | None) -> None:
    """What the next round would do."""
    raise Problem("cli.not_built")


@verb("sync")
@click.option("--system", metavar="S", help=words.help_for("option.system"))
def sync(frame: Frame, system: str | None) -> None:
    """One round."""
    raise Problem("cli.not_built")


@verb("run")
def run(frame: Frame) -> None:
    """Round after round, until stopped."""
    raise Problem("cli.not_built")


@verb("status")
def status(frame: Frame) -> None:
    """Systems, lanes, what is due, tasks, broken plugins."""
    raise Problem("cli.not_built")
