"""``bti check``."""

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem, Problems
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen


@verb("check")
@click.option("--offline", is_flag=True, help=words.help_for("check.offline"))
def check(frame: Frame, offline: bool) -> None:
    """Settings, plugins, keys, secrets, mappings and systems."""
    from gateway.run import checkup, lawcheck
    from gateway.run.plugins import load_plugins
    from gateway.run.settings import load_settings

    plugins = load_plugins()
    settings = load_settings(frame.config, find=lambda _: plugins.adapters)
    found = checkup.examine(settings, plugins, environment=os.environ, offline=offline)
    found += lawcheck.examine(settings, plugins, at=datetime.now(tz=UTC))
    rows: dict[str, list[dict[str, Any]]] = {"fault": [], "warning": [], "note": []}
    for finding in found:
        text = words.say(finding.code, frame.language)
        rows[finding.kind].append({"code": finding.code, "where": finding.where, "text": text})
    document = {"ok": not rows["fault"], "asked": not offline, "warnings": rows["warning"], "notes": rows["note"]}

    def draw(screen: "Screen") -> None:
        for kind in ("warning", "note"):
            cells = [(row["where"], row["text"], row["code"]) for row in rows[kind]]
            if cells:
                screen.table(("head.where", "head.what", "head.code"), cells, f"title.{kind}s")
        if not rows["warning"]:
            screen.words("check.fine")

    if rows["fault"]:
        raise Problems([Problem(row["code"], where=row["where"]) for row in (*rows["fault"], *rows["warning"])])
    frame.answer(document, draw)
    if rows["warning"]:
        frame.needs_person()
