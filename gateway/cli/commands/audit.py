"""``bti audit``: verify, export, checkpoint."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.frame import Frame
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen


@verb("audit verify")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
def verify(frame: Frame, folder: Path | None) -> None:
    """The log in the store, or an export of it; exit status 1 when something does not hold."""
    from gateway.run import evidence
    from gateway.store import offline

    if folder is not None:
        problems = list(offline.verify_export(folder))
        told = {"holds": not problems, "problems": problems}
    else:
        with frame.store() as store:
            verdict = evidence.verify(store)
        problems = list(verdict.problems)
        told = {
            "holds": verdict.holds,
            "size": verdict.size,
            "root": verdict.root,
            "checkpoints": verdict.checkpoints,
            "problems": problems,
        }

    def draw(screen: "Screen") -> None:
        for problem in problems:
            screen.line(problem)
        screen.words("audit.broken" if problems else "audit.holds")

    frame.answer(told, draw)
    if problems:
        frame.needs_person()


@verb("audit export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def export(frame: Frame, folder: Path) -> None:
    """The log as lines that a stranger can verify."""
    from gateway.store import audit

    frame.person("audit.export")
    with frame.store() as store:
        size = audit.export(store, folder)
    told = {"folder": str(folder), "leaves": size}
    frame.answer(told, lambda screen: screen.words("audit.exported", n=size, folder=folder))


@verb("audit restored")
def restored(frame: Frame) -> None:
    """A named person says that the database was put back from a backup: the log goes on, and tells what it lost."""
    from gateway.store import audit

    person = frame.person("audit.restored")
    with frame.store() as store:
        was_behind = store.behind
        audit.accept_restore(store, by=person.name)
    told = {"behind": was_behind, "by": person.name}
    frame.answer(told, lambda screen: screen.words("audit.restored" if was_behind else "audit.not_behind"))


@verb("audit checkpoint")
def checkpoint(frame: Frame) -> None:
    """A signed checkpoint, kept outside the database."""
    from gateway.store import audit

    with frame.store() as store:
        note = audit.checkpoint(store)
    frame.answer({"checkpoint": note}, lambda screen: screen.line(note))
