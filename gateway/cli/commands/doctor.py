"""``bti doctor``."""

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen

_STATES = ("good", "look", "fault", "unreachable", "not_asked")


@verb("doctor")
@click.option("--offline", is_flag=True, help=words.help_for("doctor.offline"))
@click.option("--quick", is_flag=True, help=words.help_for("doctor.quick"))
def doctor(frame: Frame, offline: bool, quick: bool) -> None:
    """Everything that has to hold, and what to do where it does not."""
    from gateway.run.doctor import examine
    from gateway.run.plugins import load_plugins

    plugins = load_plugins()
    with frame.progress("doctor.progress") as move:
        found = examine(
            frame.settings, plugins, environment=os.environ, offline=offline, quick=quick, step=lambda _: move(1)
        )
    rows = [_row(frame, look) for look in found]
    sums: Counter[str] = Counter(look.state for look in found)
    document = {
        "ok": set(sums) <= {"good", "not_asked"},
        "sums": {state: sums[state] for state in _STATES},
        "checks": rows,
    }

    def draw(screen: "Screen") -> None:
        screen.table(
            ("head.state", "head.check", "head.where", "head.what", "head.do"),
            [
                (
                    words.say(f"state.{row['state']}", frame.language), row["check"], row["where"],
                    " ".join(filter(None, (row["text"], _numbers(frame, row["facts"])))), row["do"],
                )
                for row in rows
            ],
        )  # fmt: skip
        screen.words("doctor.sums", **{state: sums[state] for state in _STATES})

    frame.answer(document, draw)
    if sums["unreachable"]:
        frame.unreachable()
    elif sums["look"] or sums["fault"]:
        frame.needs_person()


def _row(frame: Frame, look: Any) -> dict[str, Any]:
    from gateway.cli.words_doctor import DO

    told = DO.get(look.code) or DO[look.check]
    needs = look.state not in {"good", "not_asked"}
    return {
        "check": look.check,
        "state": look.state,
        "code": look.code,
        "where": look.where,
        "facts": dict(look.facts),
        "text": words.say(look.code, frame.language),
        "do": told[words.LANGUAGES.index(frame.language)] if needs else "",
    }


def _numbers(frame: Frame, facts: dict[str, int]) -> str:
    told = ", ".join(words.say(f"unit.{name}", frame.language, n=number) for name, number in facts.items())
    return f"({told})" if told else ""
