"""``bti report``: reports to child welfare, filed by a named employee."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen
    from gateway.run.settings import Person
    from gateway.run.world import World

LARGEST = 1_000_000
"""Bytes of a document."""


@verb("report file")
@click.argument("document", type=click.Path(path_type=Path))
def file(frame: Frame, document: Path) -> None:
    """A report is kept, and sent at once."""
    from gateway.run.filing import document_of, file_report

    person = frame.person("report.file")
    told = document_of(_read(document), document.name)
    with frame.world() as world:
        kept = file_report(world, told, by=person)
        _sent(frame, world, kept.case, before=kept.before)


@verb("report list")
def list_reports(frame: Frame) -> None:
    """Where each report of one's own unit stands, without what it says."""
    from gateway.run.filing import listed
    from gateway.run.looks import looked

    person = frame.person("report.list")
    with frame.world() as world:
        units = frozenset(name for name in frame.settings.units if _sees(frame, person, name))
        found = listed(world, units)
        looked(world, [each["report"] for each in found], by=person.name, what="report list")

    def draw(screen: "Screen") -> None:
        rows = [
            (each["report"], each["status"], each["filed_on"], each["unit"], ", ".join(each["systems"]))
            for each in found
        ]
        screen.table(("head.record", "head.what", "head.at", "head.unit", "head.system"), rows)

    frame.answer({"reports": found}, draw)


@verb("report send")
@click.argument("case")
@click.option("--reason", required=True, help=words.help_for("report.reason"))
def send(frame: Frame, case: str, reason: str) -> None:
    """An authorised person sends a report that a protected address holds."""
    from gateway.run.filing import let_go

    person = frame.person("report.send")
    with frame.world() as world:
        _own(frame, world, person, case)
        let_go(world, case, by=person.name, reason=reason)
        _sent(frame, world, case, before=False)


@verb("report confirm")
@click.argument("case")
def confirm(frame: Frame, case: str) -> None:
    """Child welfare has confirmed that it has the report."""
    from gateway.run import filing

    person = frame.person("report.confirm")
    with frame.world() as world:
        _own(frame, world, person, case)
        filing.confirm(world, case, by=person.name)
    frame.answer({"report": case, "by": person.name}, lambda screen: screen.words("report.confirmed", report=case))


@verb("report print")
@click.argument("case")
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
def print_report(frame: Frame, case: str, target: Path) -> None:
    """The report on paper, for the post or the hand."""
    from gateway.run.filing import on_paper

    person = frame.person("report.print")
    with frame.world() as world:
        _own(frame, world, person, case)
        if target.exists():
            raise Problem("paper.file", where=str(target))
        paper = on_paper(world, case, by=person.name)
        try:
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(paper)
        except OSError:
            raise Problem("paper.file", where=str(target)) from None
    told = {"report": case, "file": str(target), "by": person.name}
    frame.answer(told, lambda screen: screen.words("report.printed", file=str(target)))


@verb("report count")
@click.argument("received", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--until", required=True, metavar="TIME", help=words.help_for("report.until"))
def count(frame: Frame, received: Path, until: str) -> None:
    """What child welfare's own list lacks of what was acknowledged."""
    from gateway.run import filing
    from gateway.run.acts import at_or_now

    person = frame.person("report.count")
    lines = _read(received).decode("utf-8", "replace").splitlines()
    there = frozenset(line.strip() for line in lines if line.strip())
    with frame.world() as world:
        missing = filing.count(world, there, until=at_or_now(world, until), by=person.name)

    def draw(screen: "Screen") -> None:
        screen.words("report.counted", there=len(there), missing=len(missing))
        if missing:
            screen.table(("head.record", "head.what", "head.at"), [(m["report"], m["id"], m["since"]) for m in missing])

    frame.answer({"there": len(there), "missing": missing}, draw)
    if missing:
        frame.needs_person()


def _sent(frame: Frame, world: "World", case: str, *, before: bool) -> None:
    """Walk the path once, and tell how far the report came."""
    from gateway.run.filing import standing
    from gateway.run.life import report_first
    from gateway.run.reports import carriers
    from gateway.run.tally import Tally

    tally = Tally()
    report_first(world, carriers(world), tally, 30.0)
    told: dict[str, Any] = {"report": case, "before": before, **standing(world, case)}
    told["unreachable"], told["stopped"] = tally.unreachable, tally.stopped
    frame.answer(told, lambda screen: screen.words(f"report.now.{told['status']}", report=case))
    if told["status"] == "held":
        frame.needs_person()
    elif told["status"] == "waits":
        frame.unreachable()


def _own(frame: Frame, world: "World", person: "Person", case: str) -> None:
    """Refuse another unit's report: that there is one is confidential."""
    from gateway.run.acts import ActFault
    from gateway.run.filing import unit_of

    if not _sees(frame, person, unit_of(world, case)):
        raise ActFault("act.unknown_case", "case")


def _sees(frame: Frame, person: "Person", unit: str | None) -> bool:
    from gateway.run.rights import sees

    return unit is not None and sees(frame.settings, person, unit=unit, role=None)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as source:
            data = source.read(LARGEST + 1)
    except OSError:
        raise Problem("cli.file_missing", where=str(path)) from None
    if len(data) > LARGEST:
        raise Problem("report.document", where=str(path))
    return data
