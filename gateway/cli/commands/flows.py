"""``bti flows`` and ``bti flow``."""

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb
from gateway.run.settings import Person, Settings


@verb("flows")
def flows(frame: Frame) -> None:
    """Each flow and its state."""
    from gateway.run.telling import flows as tell

    with frame.world() as world:
        told = tell(world)
    rows = [(each["from"], each["to"], each["state"], each["by"], each["at"]) for each in told]
    heads = ("head.from", "head.to", "head.state", "head.by", "head.at")
    frame.answer({"flows": told}, lambda screen: screen.table(heads, rows))


@verb("flow approve")
@click.argument("giver", metavar="FROM")
@click.argument("taker", metavar="TO")
def approve(frame: Frame, giver: str, taker: str) -> None:
    """A leader of the sending service lets a flow send."""
    person = frame.person("flow.approve")
    if giver in frame.settings.systems and not _answers_for(frame.settings, person, giver):
        raise Problem("cli.person_unit", where=person.name, expected=frame.settings.systems[giver].unit)
    _set(frame, giver, taker, "approved", person)


@verb("flow shadow")
@click.argument("giver", metavar="FROM")
@click.argument("taker", metavar="TO")
def shadow(frame: Frame, giver: str, taker: str) -> None:
    """A flow decides and records, and sends nothing."""
    _set(frame, giver, taker, "shadow", frame.person("flow.shadow"))


@verb("flow pause")
@click.argument("giver", metavar="FROM", required=False)
@click.argument("taker", metavar="TO", required=False)
@click.option("--all", "every", is_flag=True, help=words.help_for("flow.all"))
def pause(frame: Frame, giver: str | None, taker: str | None, every: bool) -> None:
    """Stop sending; intake goes on."""
    person = frame.person("flow.pause")
    if every:
        _set_all(frame, person, paused=True)
        return
    source, target = _pair(giver, taker)
    if _state(frame, source, target) != "approved":
        raise Problem("cli.not_approved", where=f"{source} {target}")
    _set(frame, source, target, "paused", person)


@verb("flow resume")
@click.argument("giver", metavar="FROM", required=False)
@click.argument("taker", metavar="TO", required=False)
@click.option("--all", "every", is_flag=True, help=words.help_for("flow.all"))
def resume(frame: Frame, giver: str | None, taker: str | None, every: bool) -> None:
    """Take up sending again, where it was approved before."""
    person = frame.person("flow.resume")
    if every:
        _set_all(frame, person, paused=False)
        return
    source, target = _pair(giver, taker)
    if _state(frame, source, target) != "paused":
        raise Problem("cli.not_paused", where=f"{source} {target}")
    _set(frame, source, target, "approved", person)


def _pair(giver: str | None, taker: str | None) -> tuple[str, str]:
    if giver is None or taker is None:
        raise Problem("cli.flow_which", expected="FROM TO | --all")
    return giver, taker


def _state(frame: Frame, giver: str, taker: str) -> str | None:
    """A flow's state; pausing and resuming must not open what nobody approved."""
    from gateway.run.telling import flows as tell

    with frame.world() as world:
        return next((each["state"] for each in tell(world) if (each["from"], each["to"]) == (giver, taker)), None)


def _answers_for(settings: Settings, person: Person, system: str) -> bool:
    """Whether a person works in the system's unit, or in a unit above it."""
    unit: str | None = settings.systems[system].unit
    while unit is not None:
        if unit == person.unit:
            return True
        unit = settings.units[unit].part_of
    return False


def _set(frame: Frame, giver: str, taker: str, state: str, person: Person) -> None:
    from gateway.run.acts import set_flow

    with frame.world() as world:
        set_flow(world, giver, taker, state, by=person.name)
    frame.answer(
        {"from": giver, "to": taker, "state": state, "by": person.name},
        lambda screen: screen.words("flow.set", giver=giver, taker=taker, state=state),
    )


def _set_all(frame: Frame, person: Person, *, paused: bool) -> None:
    from gateway.run.acts import pause_everything

    with frame.world() as world:
        pause_everything(world, by=person.name, paused=paused)
    code = "flow.paused_all" if paused else "flow.resumed_all"
    frame.answer({"paused": paused, "by": person.name}, lambda screen: screen.words(code))
