"""``bti access``: the answer to somebody who asks who got what."""

import sys
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen

FORMATS = ("text", "html", "json")


@verb("access")
@click.argument("person")
@click.option("--for", "asker", metavar="PERSON", help=words.help_for("access.for"))
@click.option("--language", default="nb", show_default=True, help=words.help_for("access.language"))
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
    help=words.help_for("access.format"),
)  # fmt: skip
@click.option("--review", is_flag=True, help=words.help_for("access.review"))
@click.option("--give", is_flag=True, help=words.help_for("access.give"))
@click.option("--refuse", metavar="GROUND", help=words.help_for("access.refuse"))
def access(
    frame: Frame,
    person: str,
    *,
    asker: str | None,
    language: str,
    form: str,
    review: bool,
    give: bool,
    refuse: str | None,
) -> None:
    """Who received what, when, on what basis; PERSON ``-`` reads the person's number from standard input."""
    from gateway.core.document import as_html, as_text
    from gateway.run import access as answers

    frame.json = frame.json or form == "json"
    acting = frame.person("access.review" if review else "access")
    with frame.world() as world:
        about = answers.person_of(world, sys.stdin.readline().strip()) if person == "-" else person
        if review:
            seen = answers.review(world, about, by=acting.name, asker=asker)
            frame.answer(seen, lambda screen: _left_out(screen, seen))
            return
        told = answers.access(world, about, by=acting.name, asker=asker, language=language, give=give, refuse=refuse)
    document = told.pop("document")
    told["text"] = as_text(document)
    if told["answer"] == "waits":
        frame.needs_person()
    frame.answer(told, lambda screen: screen.document(as_html(document) if form == "html" else told["text"]))


def _left_out(screen: "Screen", seen: dict[str, Any]) -> None:
    rows = [(case, one["role"], one["ground"]) for case, one in seen["roles"].items()]
    screen.table(("head.case", "head.role", "head.ground"), rows)
    screen.words("access.left_out", n=len(seen["left_out"]))
    lines = [
        (one["at"], one["system"], one["kind"], ", ".join(one["fields"]), one["ground"]) for one in seen["left_out"]
    ]
    if lines:
        screen.table(("head.at", "head.system", "head.kind", "head.field", "head.ground"), lines)
