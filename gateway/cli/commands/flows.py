"""``bti flows`` and ``bti flow``."""

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb


@verb("flows")
def flows(frame: Frame) -> None:
    """Each flow and its state."""
    raise Problem("cli.not_built")


@verb("flow approve")
@click.argument("giver", metavar="FROM")
@click.argument("taker", metavar="TO")
def approve(frame: Frame, giver: str, taker: str) -> None:
    """A leader of the sending service lets a flow send."""
    frame.person("flow.approve")
    raise Problem("cli.not_built")


@verb("flow shadow")
@click.argument("giver", metavar="FROM")
@click.argument("taker", metavar="TO")
def shadow(frame: Frame, giver: str, taker: str) -> None:
    """A flow decides and records, and sends nothing."""
    frame.person("flow.shadow")
    raise Problem("cli.not_built")


@verb("flow pause")
@click.argument("giver", metavar="FROM", required=False)
@click.argument("taker", metavar="TO", required=False)
@click.option("--all", "every", is_flag=True, help=words.help_for("flow.all"))
def pause(frame: Frame, giver: str | None, taker: str | None, every: bool) -> None:
    """Stop sending; intake goes on."""
    frame.person("flow.pause")
    raise Problem("cli.not_built")


@verb("flow resume")
@click.argument("giver", metavar="FROM", required=False)
@click.argument("taker", metavar="TO", required=False)
@click.option("--all", "every", is_flag=True, help=words.help_for("flow.all"))
def resume(frame: Frame, giver: str | None, taker: str | None, every: bool) -> None:
    """Take up sending again."""
    frame.person("flow.resume")
    raise Problem("cli.not_built")
