"""``bti consent`` and ``bti block``: what the family said."""

from pathlib import Path

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb


@verb("consent record")
@click.argument("case")
@click.option("--by", metavar="WHO", required=True, help=words.help_for("consent.by"))
@click.option("--purpose", default="bti", show_default=True, help=words.help_for("consent.purpose"))
@click.option("--service", "services", multiple=True, help=words.help_for("consent.service"))
@click.option("--category", "categories", multiple=True, help=words.help_for("consent.category"))
@click.option("--from", "first", metavar="DATE", help=words.help_for("consent.from"))
@click.option("--to", "last", metavar="DATE", help=words.help_for("consent.to"))
@click.option("--form", type=click.Path(exists=True, path_type=Path), help=words.help_for("consent.form"))
@click.option("--spoken", metavar="NOTE", help=words.help_for("consent.spoken"))
def record(
    frame: Frame,
    case: str,
    by: str,
    purpose: str,
    services: tuple[str, ...],
    categories: tuple[str, ...],
    first: str | None,
    last: str | None,
    form: Path | None,
    spoken: str | None,
) -> None:
    """A consent on a form or spoken."""
    frame.person("consent.record")
    raise Problem("cli.not_built")


@verb("consent withdraw")
@click.argument("case")
@click.option("--by", metavar="WHO", required=True, help=words.help_for("consent.by"))
@click.option("--purpose", default="bti", show_default=True, help=words.help_for("consent.purpose"))
def withdraw(frame: Frame, case: str, by: str, purpose: str) -> None:
    """A consent taken back."""
    frame.person("consent.record")
    raise Problem("cli.not_built")


@verb("consent refuse")
@click.argument("case")
@click.option("--by", metavar="WHO", required=True, help=words.help_for("consent.by"))
@click.option("--purpose", default="bti", show_default=True, help=words.help_for("consent.purpose"))
def refuse(frame: Frame, case: str, by: str, purpose: str) -> None:
    """A refusal."""
    frame.person("consent.record")
    raise Problem("cli.not_built")


@verb("consent show")
@click.argument("case")
def show(frame: Frame, case: str) -> None:
    """A case's consents, refusals and blocks."""
    frame.person("consent.show")
    raise Problem("cli.not_built")


@verb("block set")
@click.argument("case")
@click.option("--service", metavar="SERVICE", help=words.help_for("consent.service"))
def block(frame: Frame, case: str, service: str | None) -> None:
    """A block against sharing, with one service or with all."""
    frame.person("block.set")
    raise Problem("cli.not_built")


@verb("block lift")
@click.argument("block_id", metavar="BLOCK")
@click.option("--reason", required=True, help=words.help_for("block.reason"))
def lift(frame: Frame, block_id: str, reason: str) -> None:
    """A person loosens a block, and says why."""
    frame.person("block.lift")
    raise Problem("cli.not_built")
