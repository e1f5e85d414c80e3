"""``bti demo``: the main job as a story."""

import os
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.screen import Screen
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.core.glossary import Glossary
    from gateway.run.demo import Stayed, Step, Story
    from gateway.run.demo.trial import Trial

OSLO = ZoneInfo("Europe/Oslo")


@verb("demo")
@click.option("--keep", metavar="DIR", type=click.Path(path_type=Path), help=words.help_for("demo.keep"))
@click.option("--open", "opened", is_flag=True, help=words.help_for("demo.open"))
def demo(frame: Frame, keep: Path | None, *, opened: bool) -> None:
    """The story; exit status 0 when it came out as it should."""
    from gateway.cli.commands.web import serve
    from gateway.run.demo import play
    from gateway.run.demo.trial import open_api
    from gateway.run.opening import now
    from gateway.run.plugins import load_plugins

    begun = time.perf_counter()
    teller = Teller(None if frame.json else Screen(language=frame.language))
    with TemporaryDirectory(prefix="bti-demo-") as passing:
        folder = Path(passing) / "lillevik" if keep is None else keep.absolute()
        teller.intro()
        story = play(folder, plugins=load_plugins(), now=now(), chance=os.urandom, told=teller.step)
        seconds = round(time.perf_counter() - begun, 1)
        trial = open_api(folder, now=now()) if story.came_out and (opened or keep is not None) else None
        teller.end(story, seconds, keep, opened=opened, trial=trial)
        if frame.json:
            frame.answer(_document(story, seconds, keep, frame.language, trial), lambda _: None)
        if not story.came_out:
            frame.needs_person()
        elif opened:
            serve(Frame(config=folder / "gateway.toml", json=False, acting=None, language=frame.language))


class Teller:
    """Tells the steps on a screen as they happen; without one, nothing."""

    def __init__(self, screen: Screen | None) -> None:
        self.screen = screen
        self.told = 0

    def intro(self) -> None:
        """What this is."""
        if self.screen is not None:
            self.screen.line(words.say("demo.intro", self.screen.language))

    def step(self, step: "Step") -> None:
        """One step: what happened, what went, what stayed and why."""
        self.told += 1
        if self.screen is None:
            return
        language, screen = self.screen.language, self.screen
        screen.line()
        screen.point(f"{self.told:>2}", text(step, language))
        for system, kinds in step.sent.items():
            screen.note(words.say("demo.sent", language), f"{system}: {counted(kinds, language)}", "good")
        for system, count in step.taken_back.items():
            screen.note(
                words.say("demo.taken_back", language),
                f"{system}: {words.say('demo.records', language, n=count)}",
                "back",
            )
        for one in step.stayed:
            screen.note(words.say("demo.stayed", language), _why(one, language), "held")
        for name in step.failed:
            screen.note(words.say("demo.broke", language), f"{step.code}.{name}", "bad")

    def end(
        self, story: "Story", seconds: float, keep: Path | None, *, opened: bool = False, trial: "Trial | None" = None
    ) -> None:  # fmt: skip
        """Who got what, how it came out, how to open the pages unless they are ``opened``, and how to call the API."""
        if self.screen is None:
            return
        language, screen = self.screen.language, self.screen
        screen.line()
        rows = [
            (got.system, got.child, counted(got.kinds, language), ", ".join(got.rules), got.taken_back or "")
            for got in story.who_got_what
        ]
        screen.line(words.say("demo.title.got", language))
        screen.table(("head.system", "demo.head.child", "demo.head.got", "head.rules", "demo.head.back"), rows)
        for child in story.nothing_left:
            screen.line(words.say("demo.nobody", language, child=child))
        if story.came_out:
            screen.line(words.say("demo.end", language, n=len(story.steps), seconds=seconds))
        else:
            screen.line(words.say("demo.end_broke", language, step=story.broke))
        if keep is not None:
            screen.line(words.say("demo.kept", language, folder=keep, file=keep / "gateway.toml"))
        if story.came_out and opened:
            screen.line(words.say("demo.opened", language))
        elif story.came_out:
            how = "demo --open" if keep is None else f"web --config {keep / 'gateway.toml'}"
            screen.line(words.say("demo.how_to_open", language, command=f"{called()} {how}"))
        if trial is not None:
            until = trial.until.astimezone(OSLO).strftime("%H:%M")
            screen.line(words.say("demo.how_to_call", language, until=until))
            screen.document(f"  {calling(trial)}\n")


def calling(trial: "Trial") -> str:
    """A call of the API that anybody can make in a shell; the token stands in no command line that is kept."""
    address = quote(f"{trial.url}/api/v1/tasks?scope=unit")
    return f'curl -s -H "Authorization: Bearer $(cat {quote(str(trial.file))})" {address}'


def called() -> str:
    """What somebody typed to get here: the path of the command where it is not on the search path."""
    name = Path(sys.argv[0])
    return str(name) if name.name == "bti" else "bti"


def text(step: "Step", language: words.Language) -> str:
    """What happened in a step, in a sentence or two."""
    if step.failed and not step.facts:
        return step.code
    return words.say(f"demo.{step.code}", language, **step.facts)


def counted(kinds: Mapping[str, int], language: words.Language) -> str:
    """Records by kind, in the words of the glossary; English has the model's own."""
    glossary = None if language == "en" else _glossary()
    named = []
    for kind, count in kinds.items():
        found = glossary.kind(kind) if glossary is not None else None
        name = kind.replace("_", " ") if found is None else found.nn if language == "nn" else found.nb
        named.append(f"{name} {count}")
    return ", ".join(named)


@cache
def _glossary() -> "Glossary":
    from gateway.core.glossary import glossary_of
    from gateway.run.data import shipped
    from gateway.run.plainyaml import plain

    return glossary_of(plain((shipped("mappings") / "glossary.yaml").read_text(encoding="utf-8")))


def _why(one: "Stayed", language: words.Language) -> str:
    fields = words.say("demo.fields", language, n=one.fields)
    return f"{one.child} → {one.system}, {fields}. {one.words[language]} ({', '.join(one.rules)})"


def _document(
    story: "Story", seconds: float, keep: Path | None, language: words.Language, trial: "Trial | None"
) -> dict[str, Any]:  # fmt: skip
    """The story as one JSON document."""
    import msgspec

    return {
        "came_out": story.came_out,
        "broke": story.broke,
        "seconds": seconds,
        "folder": None if keep is None else str(keep),
        "api": None
        if trial is None
        else {"url": f"{trial.url}/api/v1", "token_file": str(trial.file), "until": trial.until.isoformat()},
        "steps": [
            {**msgspec.to_builtins(step), "text": text(step, language), "came_out": not step.failed}
            for step in story.steps
        ],
        "who_got_what": msgspec.to_builtins(story.who_got_what),
        "nobody_got_anything_of": list(story.nothing_left),
    }
