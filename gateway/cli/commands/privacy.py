"""``bti privacy``: the documents of whoever answers for privacy, made from the settings."""

from typing import TYPE_CHECKING

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.core.document import Document

FORMATS = ("text", "md", "html", "json")
_LANGUAGE = click.option("--language", type=click.Choice(words.LANGUAGES), help=words.help_for("privacy.language"))
_FORMAT = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
    help=words.help_for("privacy.format"),
)  # fmt: skip


@verb("privacy record")
@_LANGUAGE
@_FORMAT
def record(frame: Frame, language: words.Language | None, form: str) -> None:
    """The record of processing. No case is opened."""
    from gateway.run import privacy

    with frame.world() as world:
        facts = privacy.facts_of(world, frame.plugins)
    _show(frame, privacy.record(facts, language or frame.language), form)


@verb("privacy dpia")
@_LANGUAGE
@_FORMAT
def dpia(frame: Frame, language: words.Language | None, form: str) -> None:
    """The beginning of an impact assessment, with what stands open. No case is opened."""
    from gateway.run import privacy

    with frame.world() as world:
        facts = privacy.facts_of(world, frame.plugins)
    points = [{"code": one.code, "where": one.where} for one in privacy.points_of(facts)]
    _show(frame, privacy.assessment(facts, language or frame.language), form, points=points)


@verb("privacy family")
@_LANGUAGE
@_FORMAT
def family(frame: Frame, language: words.Language | None, form: str) -> None:
    """The sheet for a family; without settings every name is blank."""
    from gateway.run.privacy.family import family as sheet

    settings = frame.settings if frame.has_settings else None
    _show(frame, sheet(settings, language or frame.language), form)


def _show(frame: Frame, document: "Document", form: str, **more: object) -> None:
    import msgspec

    from gateway.core.document import as_html, as_markdown, as_text

    frame.json = frame.json or form == "json"
    draw = {"md": as_markdown, "html": as_html}.get(form, as_text)
    told = {"document": msgspec.to_builtins(document), **more}
    frame.answer(told, lambda screen: screen.document(draw(document)))
