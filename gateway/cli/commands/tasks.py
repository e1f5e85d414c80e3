"""``bti tasks``: what waits for a person."""

from typing import TYPE_CHECKING, Any

import click
import msgspec

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from datetime import datetime

    from gateway.cli.screen import Screen
    from gateway.run.settings import Person


@verb("tasks list")
@click.option("--unit", metavar="UNIT", help=words.help_for("tasks.unit"))
@click.option("--kind", metavar="KIND", help=words.help_for("tasks.kind"))
def list_tasks(frame: Frame, unit: str | None, kind: str | None) -> None:
    """The open tasks, the oldest deadline first; what they are about, without any value."""
    from gateway.run.settling import open_tasks

    frame.person("tasks.list")
    with frame.world() as world:
        told = open_tasks(world, unit=unit, kind=kind)

    def draw(screen: "Screen") -> None:
        rows = [
            (
                each["id"], each["kind"], each["list"], each["deadline"][:10], ", ".join(each["owner"]), each["system"],
                each["case"],
                " | ".join(each["answers"]),
            )
            for each in told
        ]  # fmt: skip
        if rows:
            heads = (
                "head.task",
                "head.kind",
                "head.list",
                "head.deadline",
                "head.owner",
                "head.system",
                "head.record",
                "head.answers",
            )
            screen.table(heads, rows)
        else:
            screen.words("tasks.none")

    frame.answer({"tasks": told}, draw)
    if told:
        frame.needs_person()


@verb("tasks coming")
@click.option("--case", metavar="CASE", help=words.help_for("tasks.case"))
@click.option("--unit", metavar="UNIT", help=words.help_for("tasks.unit"))
@click.option("--days", type=click.IntRange(0, 3660), default=60, show_default=True, help=words.help_for("tasks.days"))
def coming(frame: Frame, case: str | None, unit: str | None, days: int) -> None:
    """Every deadline that runs, asked about or not, by its day; and the conflicts that wait."""
    from gateway.run.coming import coming as tell
    from gateway.run.looks import looked
    from gateway.run.nearness import need_to_know

    person = frame.person("tasks.list")
    with frame.world() as world:
        if case is not None and person.role != "operator":  # who runs the machine sees what moves, in all of them
            need_to_know(world, case, person=person, what="tasks coming")
        told = tell(world, case=case, unit=unit, days=days)
        if case is not None:
            looked(world, [case], by=person.name, what="tasks coming")

    def draw(screen: "Screen") -> None:
        rows = [
            (each["due"], each["code"], each["unit"], each["shows"], each["escalates"], each["answered"], each["case"])
            for each in told["coming"]
        ]
        heads = (
            "head.due_on", "head.what", "head.unit", "head.asked_on", "head.leader_on", "head.answered", "head.record"
        )  # fmt: skip
        if rows:
            screen.table(heads, rows)
        else:
            screen.words("tasks.none_coming")
        if waits := told["parked"]:
            columns = ("since", "kind", "system", "fields", "unit", "asked", "case")
            heads = (
                "head.since", "head.kind", "head.system", "head.fields", "head.unit", "head.asked_on", "head.record"
            )  # fmt: skip
            screen.table(heads, [[each[name] for name in columns] for each in waits], "title.parked")
            screen.words("tasks.parked")

    frame.answer(told, draw)


@verb("tasks show")
@click.argument("task")
def show(frame: Frame, task: str) -> None:
    """One task with what the person needs to decide."""
    from gateway.run.looks import looked
    from gateway.run.settling import in_words
    from gateway.run.settling import show as tell

    person = frame.person("tasks.show")
    with frame.world() as world:
        told = tell(world, task)
        _mine(frame, person, told)
        if told["case"] is not None:
            looked(world, [told["case"]], by=person.name, what="tasks show")
        told["text"] = in_words(world, told, language=frame.language)
    frame.answer(told, lambda screen: _draw(screen, told))


@verb("tasks resolve")
@click.argument("task")
@click.argument("outcome", metavar="ANSWER")
@click.option("--reason", default="", help=words.help_for("tasks.reason"))
@click.option("--list", "whole", is_flag=True, help=words.help_for("tasks.whole"))
def resolve(frame: Frame, task: str, outcome: str, reason: str, whole: bool) -> None:
    """What a person answers a task, or a whole list of those of which the same is asked."""
    from gateway.run import lists
    from gateway.run.settling import resolve as settle
    from gateway.run.settling import show as tell

    person = frame.person("tasks.resolve")
    done = [task]
    with frame.world() as world:
        _mine(frame, person, tell(world, task))
        if whole:
            done, _ = lists.resolve(world, lists.names(world, task, by=person.name), outcome, by=person.name)
        else:
            settle(world, task, outcome, by=person.name, reason=reason)
    told = {"task": task, "outcome": outcome, "by": person.name, "tasks": done}

    def draw(screen: "Screen") -> None:
        for one in done:
            screen.words("tasks.resolved", task=one, outcome=outcome)

    frame.answer(told, draw)


@verb("tasks hand")
@click.argument("task")
@click.argument("to", required=False, metavar="[PERSON]")
@click.option("--back", is_flag=True, help=words.help_for("tasks.back"))
def hand(frame: Frame, task: str, to: str | None, back: bool) -> None:
    """Hand a task over to somebody by name, or back to all whose it is."""
    from gateway.run import inbox
    from gateway.run.settling import show as tell

    person = frame.person("tasks.resolve")
    if (to is None) is not back:
        raise Problem("cli.task_whose", where="PERSON", expected="PERSON | --back")
    with frame.world() as world:
        _mine(frame, person, tell(world, task))
        inbox.hand(world, task, to=to, by=person.name)
    told = {"task": task, "to": to, "by": person.name}
    code = "tasks.handed_back" if back else "tasks.handed"
    frame.answer(told, lambda screen: screen.words(code, task=task, to=to))


@verb("tasks rest")
@click.argument("task")
@click.argument("day", required=False, metavar="[DAY]", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--over", is_flag=True, help=words.help_for("tasks.over"))
def rest(frame: Frame, task: str, day: "datetime | None", over: bool) -> None:
    """Put a task off until a day, no later than its deadline's, or take it up again."""
    from gateway.run import inbox
    from gateway.run.settling import show as tell

    person = frame.person("tasks.resolve")
    if (day is None) is not over:
        raise Problem("cli.task_until", where="DAY", expected="DAY | --over")
    until = day.date() if day is not None else None
    with frame.world() as world:
        _mine(frame, person, tell(world, task))
        inbox.rest(world, task, until=until, by=person.name)
    told = {"task": task, "until": until.isoformat() if until is not None else None, "by": person.name}
    code = "tasks.rests" if until is not None else "tasks.rests_over"
    frame.answer(told, lambda screen: screen.words(code, task=task, day=told["until"]))


def _mine(frame: Frame, person: "Person", told: dict[str, Any]) -> None:
    """Refuse what is another unit's: a conflict shows what one service wrote, which another may not see."""
    from gateway.run.rights import sees

    if not sees(frame.settings, person, unit=told["unit"], role=told["role"]):
        raise Problem("cli.task_unit", where=person.name, expected=told["unit"])


def _draw(screen: "Screen", told: dict[str, Any]) -> None:
    spoken = {"values", "text", *(["about"] if told["text"] else [])}
    rows = [(key, _cell(value)) for key, value in told.items() if key not in spoken and value not in (None, [], {})]
    screen.table(("head.field", "head.what"), rows)
    if told.get("values"):
        hidden = words.say("task.withheld", screen.language)
        cells = [
            (each["field"], *(hidden if side in each["withheld"] else _cell(each[side]) for side in ("ours", "theirs")))
            for each in told["values"]
        ]
        screen.table(("head.field", "head.ours", "head.theirs"), cells)
    if told["text"]:
        screen.line()
        screen.line(told["text"].rstrip())
    if told["kind"] == "retraction":
        screen.words("asked_back.by_hand", system=told["system"])
    if told["kind"] in {"retraction", "remove"}:
        screen.words("asked_back.archive")


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
