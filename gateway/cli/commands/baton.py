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
    from gateway.run.nearness import need_to_know

    person = frame.person("baton.show")
    with frame.world() as world:
        need_to_know(world, case, person=person, what="baton show")
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
    _act(frame, "offer", case, to=to, wish=wish, role=role)


@verb("baton accept")
@click.argument("case")
@_role
def accept(frame: Frame, case: str, role: str) -> None:
    """A yes to the offer that stands."""
    done = _act(frame, "accept", case, role=role)
    if done.baton.offer is not None:
        frame.needs_person()  # a consent is asked for


@verb("baton decline")
@click.argument("case")
@_role
def decline(frame: Frame, case: str, role: str) -> None:
    """A no to the offer that stands."""
    _act(frame, "decline", case, role=role)


@verb("baton withdraw")
@click.argument("case")
@_role
def withdraw(frame: Frame, case: str, role: str) -> None:
    """An offer taken back."""
    _act(frame, "withdraw", case, role=role)


@verb("baton end")
@click.argument("case")
@click.option("--reason", type=click.Choice(ENDINGS), required=True, help=words.help_for("baton.ending"))
@_role
def end(frame: Frame, case: str, reason: str, role: str) -> None:
    """The log's end, and its holder's with it."""
    _act(frame, "end", case, reason=reason, role=role)


@verb("baton correct")
@click.argument("case")
@click.option("--to", metavar="PERSON", required=True, help=words.help_for("baton.to"))
@click.option("--reason", required=True, help=words.help_for("baton.why"))
@_role
def correct(frame: Frame, case: str, to: str, reason: str, role: str) -> None:
    """A record that named the wrong holder."""
    _act(frame, "correct", case, to=to, reason=reason, role=role)


def _act(frame: Frame, act: str, case: str, **more: str | None) -> "Done":
    """Do one of the acts on the baton as the person who calls, and say what came of it."""
    from gateway.run import batons

    by = frame.person(f"baton.{act}").name
    with frame.world() as world:
        done: Done = getattr(batons, act)(world, case, by=by, **more)
    holder = done.baton.holder
    told = {
        "case": case,
        "assignment": done.item,
        "done": done.done,
        "holder": holder.name if holder is not None else None,
        "by": by,
    }
    frame.answer(told, lambda screen: screen.words(f"baton.done.{done.done}", item=done.item))
    return done


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
