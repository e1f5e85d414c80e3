"""``bti explain``, ``disclosures`` and ``erase``."""

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen


@verb("explain")
@click.argument("record")
@click.option("--receiver", metavar="S", help=words.help_for("explain.receiver"))
@click.option("--at", metavar="TIME", help=words.help_for("explain.at"))
def explain(frame: Frame, record: str, receiver: str | None, at: str | None) -> None:
    """The life of a record (a case, or CASE/ITEM), and each field's fate."""
    from gateway.run.explaining import explain as tell
    from gateway.run.looks import looked
    from gateway.run.nearness import need_to_know

    person = frame.person("explain")
    when = None if at is None else _instant(at, "--at")
    with frame.world() as world:
        need_to_know(world, record.partition("/")[0], person=person, what="explain")
        told = tell(world, record, receiver=receiver, at=when)
        looked(world, [told["case"]], by=person.name, what="explain")
    frame.answer(told, lambda screen: _life(screen, told))


@verb("disclosures")
@click.option("--from", "since", metavar="TIME", required=True, help=words.help_for("disclosures.from"))
@click.option("--to", "until", metavar="TIME", required=True, help=words.help_for("disclosures.to"))
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json"]), default="text", show_default=True,
    help=words.help_for("disclosures.format"),
)  # fmt: skip
def disclosures(frame: Frame, since: str, until: str, form: str) -> None:
    """Who got what between two times, the second not included."""
    from gateway.run.handed import report
    from gateway.run.looks import looked

    frame.json = frame.json or form == "json"
    person = frame.person("disclosures")
    start, end = _instant(since, "--from"), _instant(until, "--to")
    with frame.world() as world:
        told = report(world, start, end)
        looked(world, [], by=person.name, what="disclosures", since=start.isoformat(), until=end.isoformat())
    if form == "html":
        frame.answer(told, lambda screen: screen.document(_page(told, screen.language)))
        return
    frame.answer(told, lambda screen: _handed(screen, told))


_HEADS = (
    "head.at", "head.system", "head.service", "head.record", "head.kind", "head.field", "head.law", "head.rules",
    "head.uncertain", "head.retracted",
)  # fmt: skip


def _rows(told: dict[str, Any], language: words.Language) -> list[tuple[str, ...]]:
    return [
        (
            each["at"], each["system"], each["service"] or "", f"{each['case']}/{each['item']}", each["kind"] or "",
            ", ".join(each["fields"]), each["law"] or "", ", ".join(each["rules"]),
            words.say("disclosures.uncertain", language) if each["uncertain"] else "", each["retracted"] or "",
        )
        for each in told["disclosures"]
    ]  # fmt: skip


def _handed(screen: "Screen", told: dict[str, Any]) -> None:
    summary = {name: value for name, value in told["summary"].items() if name != "by_system"}
    screen.words("disclosures.summary", **summary)
    screen.table(_HEADS, _rows(told, screen.language))


def _page(told: dict[str, Any], language: words.Language) -> str:
    from gateway.core.document import Document, Section, as_html

    summary = {name: value for name, value in told["summary"].items() if name != "by_system"}
    section = Section(
        paragraphs=(words.say("disclosures.summary", language, **summary),),
        heads=tuple(words.say(head, language) for head in _HEADS),
        rows=tuple(_rows(told, language)),
    )
    title = words.say("disclosures.title", language, since=told["from"], until=told["to"])
    return as_html(Document(title=title, language=language, sections=(section,)))


@verb("erase")
@click.argument("case")
@click.option("--yes", is_flag=True, help=words.help_for("erase.yes"))
def erase(frame: Frame, case: str, yes: bool) -> None:
    """Destroy our copy of a case; the proof that it happened stays."""
    from gateway.run.acts import erase_case

    person = frame.person("erase")
    if not yes:
        if not sys.stdin.isatty():
            raise Problem("cli.confirm", expected="--yes")
        click.confirm(words.say("erase.sure", frame.language, case=case), abort=True, err=True)
    with frame.world() as world:
        erase_case(world, case, by=person.name)
    frame.answer({"erased": case, "by": person.name}, lambda screen: screen.words("erase.done", case=case))


def _instant(text: str, option: str) -> datetime:
    """A time with an offset. A date alone would leave open which day's end is meant, and is refused."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Problem("cli.time", where=option, expected="2026-11-21T12:00:00+01:00") from None
    if found.tzinfo is None:
        raise Problem("cli.time", where=option, expected="2026-11-21T12:00:00+01:00")
    return found


def _life(screen: "Screen", told: dict[str, Any]) -> None:
    if not told["complete"]:
        screen.words("explain.incomplete")
    for each in told["records"]:
        screen.line(f"{told['case']}/{each['item']}  {each['kind']}  {each['from']}")
        life = [
            (one["step"], words.say(f"life.{one['state']}", screen.language), one["at"], one["who"],
             ", ".join(one.get("rules") or [one[name] for name in ("field", "code", "path") if one.get(name)]))
            for one in each["life"]
        ]  # fmt: skip
        screen.table(("head.step", "head.state", "head.at", "head.by", "head.rules"), life)
        history = [(one["recorded"], one["field"], one["by"]) for one in each["history"]]
        if history:
            screen.table(("head.at", "head.field", "head.by"), history)
        fates = [
            (name, field, effect, ", ".join(fate["rules"]))
            for name, fate in each["receivers"].items()
            for field, effect in fate["fields"].items()
        ]
        if fates:
            screen.table(("head.receiver", "head.field", "head.effect", "head.rules"), fates)
        for name, fate in each["receivers"].items():
            screen.line(f"{name}: {fate['words'][screen.language]}")
        sent = [(one["at"], one["system"], ", ".join(one["fields"]), one["retracted"]) for one in each["disclosed"]]
        if sent:
            screen.table(("head.at", "head.system", "head.field", "head.retracted"), sent, "title.disclosed")
        asked = [
            (one["at"], one["system"], ", ".join(one["fields"]), words.say(f"life.{one['state']}", screen.language),
             one["deadline"])
            for one in each["asked_back"]
        ]  # fmt: skip
        if asked:
            heads = ("head.at", "head.system", "head.field", "head.state", "head.deadline")
            screen.table(heads, asked, "title.asked_back")
    if any(one["retracted"] for each in told["records"] for one in each["disclosed"]):
        screen.words("asked_back.archive")
