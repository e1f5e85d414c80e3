"""``bti audit``: verify, export, checkpoint."""

from pathlib import Path

import click

from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb


@verb("audit verify")
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
def verify(frame: Frame, folder: Path | None) -> None:
    """The log in the store, or an export of it."""
    raise Problem("cli.not_built")


@verb("audit export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def export(frame: Frame, folder: Path) -> None:
    """The log as lines that a stranger can verify."""
    frame.person("audit.export")
    raise Problem("cli.not_built")


@verb("audit checkpoint")
def checkpoint(frame: Frame) -> None:
    """A signed checkpoint, kept outside the database."""
    raise Problem("cli.not_built")
