"""``bti baton``: who coordinates, and how that passes on."""

from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.verb import verb
from gateway.core.turns import ENDINGS, PRECEDENCE, RELAY

if TYPE_CHECKING:
    from gateway.cli.screen import Screen
    from gateway.run.batons import Done

_role = click.option(
    "--role", type=click.Choice(PRECEDENCE), default=RELAY, show_default=True, help=words.help_for("baton.role")
)


@verb("baton show")
@click.argument("case")
def show(frame: Frame, case: str) -> None:
    """Who holds each role, what is offered, and who coordinates the whole."""
    from gateway.run.batons import show as tell
    from gateway.run.looks import looked

    person = frame.person("baton.show")
    with frame.world() as world:
        told = tell(world, case)
        looked(world, [case], by=person.name, what="baton show")
    frame.answer(told, lambda screen: _draw(screen, told))
    if told["nobody"] or any(role["claims"] for role in told["roles"].values()):
        frame.needs_person()


@verb("baton offer")
@click.argument("case")
@click.option("--to", metavar="PERSON", required=True, help=words.help_for("baton.to"))
@click.option("--wish", help=words.help_for("baton.wish"))
@_role
def offer(frame: Frame, case: str, to: str, wish: str | None, role: str) -> None:
    """An offer; the holder holds until it is accepted."""
    from gateway.run import batons

    person = frame.person("baton.offer")
    with frame.world() as world:
        done = batons.offer(world, case, by=person.name, to=to, wish=wish, role=role)
    _answer(frame, case, done, person.name)


@verb("baton accept")
@click.argument("case")
@_role
def accept(frame: Frame, case: str, role: str) -> None:
    """A yes to the offer that stands."""
    from gateway.run import batons

    person = frame.person("baton.accept")
    with frame.world() as world:
        done = batons.accept(world, case, by=person.name, role=role)
    _answer(frame, case, done, person.name)
    if done.baton.offer is not None:
        frame.needs_person()  # a consent is asked for


@verb("baton decline")
@click.argument("case")
@_role
def decline(frame: Frame, case: str, role: str) -> None:
    """A no to the offer that stands."""
    from gateway.run import batons

    person = frame.person("baton.decline")
    with frame.world() as world:
        done = batons.decline(world, case, by=person.name, role=role)
    _answer(frame, case, done, person.name)


@verb("baton withdraw")
@click.argument("case")
@_role
def withdraw(frame: Frame, case: str, role: str) -> None:
    """An offer taken back."""
    from gateway.run import batons

    person = frame.person("baton.withdraw")
    with frame.world() as world:
        done = batons.withdraw(world, case, by=person.name, role=role)
    _answer(frame, case, done, person.name)


@verb("baton end")
@click.argument("case")
@click.option("--reason", type=click.Choice(ENDINGS), required=True, help=words.help_for("baton.ending"))
@_role
def end(frame: Frame, case: str, reason: str, role: str) -> None:
    """The log's end, and its holder's with it."""
    from gateway.run import batons

    person = frame.person("baton.end")
    with frame.world() as world:
        done = batons.end(world, case, by=person.name, reason=reason, role=role)
    _answer(frame, case, done, person.name)


@verb("baton correct")
@click.argument("case")
@click.option("--to", metavar="PERSON", required=True, help=words.help_for("baton.to"))
@click.option("--reason", required=True, help=words.help_for("baton.why"))
@_role
def correct(frame: Frame, case: str, to: str, reason: str, role: str) -> None:
    """A record that named the wrong holder."""
    from gateway.run import batons

    person = frame.person("baton.correct")
    with frame.world() as world:
        done = batons.correct(world, case, by=person.name, to=to, reason=reason, role=role)
    _answer(frame, case, done, person.name)


def _answer(frame: Frame, case: str, done: "Done", by: str) -> None:
    holder = done.baton.holder
    told = {
        "case": case,
        "assignment": done.item,
        "done": done.done,
        "holder": holder.name if holder is not None else None,
        "by": by,
    }
    frame.answer(told, lambda screen: screen.words(f"baton.done.{done.done}", item=done.item))


def _draw(screen: "Screen", told: dict[str, Any]) -> None:
    rows = []
    for role, each in told["roles"].items():
        for state, turn in (("accepted", each["holder"]), ("offered", each["offer"])):
            if turn:
                until = turn.get("expires_on") or turn.get("answer_by")
                since = turn.get("since") or turn.get("offered_on")
                rows.append((role, state, turn.get("name"), turn.get("unit"), since, until, turn.get("wish")))
        rows += [(role, "claimed", turn.get("name"), turn.get("unit"), None, None, None) for turn in each["claims"]]
    heads = ("head.role", "head.state", "head.holder", "head.unit", "head.since", "head.until", "head.wish")
    if rows:
        screen.table(heads, rows)
    if told["coordinates"]:
        screen.words("baton.whole", role=told["coordinates"])
    elif told["open"]:
        screen.words("baton.nobody")
