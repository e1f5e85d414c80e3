"""``bti language``: the languages in which families get letters."""

from pathlib import Path

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.verb import verb


@verb("language list")
def list_languages(frame: Frame) -> None:
    """The three, and the municipality's packs."""
    from gateway.run.languages import packs

    found = packs(Path(frame.settings.folder))
    told = [{"language": one.language, "name": one.name, "translated_by": one.translated_by} for one in found.values()]
    rows = [(one["language"], one["name"], one["translated_by"]) for one in told]
    frame.answer({"languages": told}, lambda screen: screen.table(("head.language", "head.name", "head.by"), rows))


@verb("language template")
@click.option(
    "--from", "language", type=click.Choice(["nb", "nn", "en"]), default="nb", show_default=True,
    help=words.help_for("language.from"),
)  # fmt: skip
def template(frame: Frame, language: str) -> None:
    """Every sentence, to translate from."""
    from gateway.run.languages import template as text

    told = text(language)
    frame.answer({"template": told}, lambda screen: screen.document(told))


@verb("language check")
@click.argument("file", type=click.Path(path_type=Path))
def check(frame: Frame, file: Path) -> None:
    """Whether a pack has every sentence with its placeholders."""
    from gateway.run.languages import read_pack

    pack = read_pack(file)
    told = {"language": pack.language, "name": pack.name, "texts": len(pack.texts)}
    frame.answer(told, lambda screen: screen.words("language.fine", language=pack.language, name=pack.name))
