"""``bti explain``, ``disclosures`` and ``erase``."""

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb


@verb("explain")
@click.argument("record")
@click.option("--receiver", metavar="S", help=words.help_for("explain.receiver"))
@click.option("--at", metavar="TIME", help=words.help_for("explain.at"))
def explain(frame: Frame, record: str, receiver: str | None, at: str | None) -> None:
    """The life of a record, and each field's fate."""
    frame.person("explain")
    raise Problem("cli.not_built")


@verb("disclosures")
@click.option("--from", "since", metavar="TIME", required=True, help=words.help_for("disclosures.from"))
@click.option("--to", "until", metavar="TIME", required=True, help=words.help_for("disclosures.to"))
def disclosures(frame: Frame, since: str, until: str) -> None:
    """Who got what between two times."""
    frame.person("disclosures")
    raise Problem("cli.not_built")


@verb("erase")
@click.argument("case")
@click.option("--yes", is_flag=True, help=words.help_for("erase.yes"))
def erase(frame: Frame, case: str, yes: bool) -> None:
    """Destroy our copy of a case."""
    frame.person("erase")
    raise Problem("cli.not_built")
