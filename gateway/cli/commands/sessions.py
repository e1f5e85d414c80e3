"""``bti session``: list, revoke."""

from typing import TYPE_CHECKING

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen


@verb("session list")
def list_sessions(frame: Frame) -> None:
    """Who is logged in to the web."""
    from gateway.run import sessions

    frame.person("session.list")
    with frame.store() as store:
        found = sessions.standing(store, frame.settings)

    def draw(screen: "Screen") -> None:
        heads = ("head.person", "head.since", "head.seen", "head.until", "head.level")
        if found:
            screen.table(
                heads, [tuple(one[name] for name in ("person", "since", "seen", "until", "level")) for one in found]
            )
        else:
            screen.words("session.nobody")

    frame.answer({"sessions": found}, draw)


@verb("session revoke")
@click.argument("person", required=False, metavar="[PERSON]")
@click.option("--all", "everybody", is_flag=True, help=words.help_for("session.all"))
def revoke(frame: Frame, person: str | None, everybody: bool) -> None:
    """End all sessions of a person, or of everybody."""
    from gateway.run import sessions

    acting = frame.person("session.revoke")
    if (person is None) is not everybody:
        raise Problem("cli.session_whose", where="PERSON", expected="PERSON | --all")
    with frame.store() as store:
        # Somebody who has left [people] may still be logged in.
        known = {*frame.settings.people, *(one["person"] for one in sessions.standing(store, frame.settings))}
        if person is not None and person not in known:
            raise Problem("act.unknown_person", where=person, expected="[people]")
        ended = sessions.revoke(store, sorted(known) if person is None else [person], by=acting.name)
    told = {"ended": {name: count for name, count in ended.items() if count}}
    frame.answer(told, lambda screen: screen.words("session.revoked", n=sum(ended.values())))
