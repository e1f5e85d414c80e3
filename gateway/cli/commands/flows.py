"""``bti flows`` and ``bti flow``."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb
from gateway.run.settings import Person

if TYPE_CHECKING:
    from gateway.cli.screen import Screen

Change = Callable[..., None]


@verb("flows")
def flows(frame: Frame) -> None:
    """Each flow and its state."""
    from gateway.run.telling import flows as tell

    with frame.world() as world:
        told = tell(world)

    def draw(screen: "Screen") -> None:
        rows = [
            (each["from"], each["to"], words.say(f"flow.{each['state']}", screen.language), each["by"], each["at"])
            for each in told
        ]
        if rows:
            screen.table(("head.from", "head.to", "head.state", "head.by", "head.at"), rows)
        else:
            screen.words("flows.none")

    frame.answer({"flows": told}, draw)


@verb("flow approve")
@click.argument("giver", metavar="FROM")
@click.argument("taker", metavar="TO")
def approve(frame: Frame, giver: str, taker: str) -> None:
    """A leader of the sending service lets a flow send."""
    from gateway.run import flowing

    _set(frame, giver, taker, "approved", frame.person("flow.approve"), flowing.approve)


@verb("flow shadow")
@click.argument("giver", metavar="FROM")
@click.argument("taker", metavar="TO")
def shadow(frame: Frame, giver: str, taker: str) -> None:
    """A flow decides and records, and sends nothing."""
    from gateway.run import flowing

    _set(frame, giver, taker, "shadow", frame.person("flow.shadow"), flowing.shadow)


@verb("flow pause")
@click.argument("giver", metavar="FROM", required=False)
@click.argument("taker", metavar="TO", required=False)
@click.option("--all", "every", is_flag=True, help=words.help_for("flow.all"))
def pause(frame: Frame, giver: str | None, taker: str | None, every: bool) -> None:
    """Stop sending; intake goes on."""
    from gateway.run import flowing

    person = frame.person("flow.pause")
    if every:
        _set_all(frame, person, paused=True)
        return
    _set(frame, *_pair(giver, taker), "paused", person, flowing.pause)


@verb("flow resume")
@click.argument("giver", metavar="FROM", required=False)
@click.argument("taker", metavar="TO", required=False)
@click.option("--all", "every", is_flag=True, help=words.help_for("flow.all"))
def resume(frame: Frame, giver: str | None, taker: str | None, every: bool) -> None:
    """Take up sending again, where it was approved before."""
    from gateway.run import flowing

    person = frame.person("flow.resume")
    if every:
        _set_all(frame, person, paused=False)
        return
    _set(frame, *_pair(giver, taker), "approved", person, flowing.resume)


def _pair(giver: str | None, taker: str | None) -> tuple[str, str]:
    if giver is None or taker is None:
        raise Problem("cli.flow_which", expected="FROM TO | --all")
    return giver, taker


def _set(frame: Frame, giver: str, taker: str, state: str, person: Person, act: Change) -> None:
    with frame.world() as world:
        act(world, giver, taker, person=person)

    def draw(screen: "Screen") -> None:
        screen.words("flow.set", giver=giver, taker=taker, state=words.say(f"flow.{state}", screen.language))

    frame.answer({"from": giver, "to": taker, "state": state, "by": person.name}, draw)


def _set_all(frame: Frame, person: Person, *, paused: bool) -> None:
    from gateway.run.acts import pause_everything

    with frame.world() as world:
        pause_everything(world, by=person.name, paused=paused)
    code = "flow.paused_all" if paused else "flow.resumed_all"
    frame.answer({"paused": paused, "by": person.name}, lambda screen: screen.words(code))
