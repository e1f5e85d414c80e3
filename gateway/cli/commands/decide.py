"""``bti decide``: the gate alone."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.frame import Frame
from gateway.cli.problem import Problem, Problems
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen

_LIMIT = 512 * 1024 * 1024


@verb("decide")
@click.argument("scenario", metavar="SCENARIO.json", type=click.Path(path_type=Path, allow_dash=True))
def decide(frame: Frame, scenario: Path) -> None:
    """Decide one scenario, or an array of them."""
    from gateway.run.decide import decide_text

    answer, errors = decide_text(_read(scenario))
    if errors:
        raise Problems([_problem(error, scenario) for error in errors])

    def draw(screen: "Screen") -> None:
        for one in answer if isinstance(answer, list) else [answer]:
            _draw(screen, one)

    frame.answer(answer, draw)


def _read(path: Path) -> str:
    try:
        with nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as file:
            raw = file.read(_LIMIT + 1)
        if len(raw) > _LIMIT:
            raise Problem("scenario.size", where=str(path))
        return raw.decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Problem("cli.file_missing", where=str(path)) from None


def _problem(error: Any, file: Path) -> Problem:
    """An error of the scenario: a struct, mapping or text with a code and a path."""
    told = error if isinstance(error, dict) else {name: getattr(error, name, "") for name in ("code", "path", "index")}
    index = told.get("index")
    place = f"[{index}]" if isinstance(index, int) else ""
    return Problem(str(told.get("code") or error), where=f"{file}: {place}{told.get('path') or '$'}")


def _draw(screen: "Screen", answer: dict[str, Any]) -> None:
    screen.words("decide.effect", effect=answer["effect"])
    screen.line(answer["explanation"][screen.language])
    if answer["fields"]:
        screen.table(("head.field", "head.effect"), answer["fields"].items())
    screen.words("decide.rules", rules=", ".join(answer["rules"]))
    for code, key in (("decide.consent", "must_consent"), ("decide.missing", "missing"), ("decide.inform", "inform")):
        if answer[key]:
            screen.words(code, names=", ".join(answer[key]))
    screen.line()
