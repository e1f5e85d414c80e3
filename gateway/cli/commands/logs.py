"""``bti log``: a family's log on paper."""

import os
from pathlib import Path

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb


@verb("log print")
@click.argument("case")
@click.option("--for", "reader", metavar="WHO", required=True, help=words.help_for("log.for"))
@click.option("--lang", type=click.Choice(("nb", "nn", "en")), help=words.help_for("log.language"))
@click.option(
    "--format", "shape", type=click.Choice(("html", "pdf", "text")), default="html", show_default=True,
    help=words.help_for("log.format"),
)  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help=words.help_for("log.out"))
def print_log(frame: Frame, case: str, reader: str, lang: str | None, shape: str, out: Path) -> None:
    """The log for one reader, as a file to print."""
    from gateway.core.paper import as_html, as_text
    from gateway.run.nearness import need_to_know
    from gateway.run.paper import print_log as printed
    from gateway.run.printing import as_pdf

    person = frame.person("log.print")
    if out.exists():
        raise Problem("paper.file", where=str(out))
    with frame.world() as world:
        need_to_know(world, case, person=person, what="log print")
        page = printed(world, case, reader=reader, by=person.name, language=lang)
        at = world.clock()
    _write(
        out,
        as_pdf(page, at=at) if shape == "pdf" else (as_html(page) if shape == "html" else as_text(page)).encode(),
    )
    told = {"case": case, "for": reader, "language": page.language, "parts": len(page.parts), "file": str(out)}
    frame.answer(told, lambda screen: screen.words("log.written", file=out))


def _write(out: Path, page: bytes) -> None:
    """A new file that only its owner can read: it holds what the family said."""
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(page)
    except OSError:
        raise Problem("paper.file", where=str(out)) from None
