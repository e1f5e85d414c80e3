"""Tasks: what waits, one of them with what is needed to answer it, and the answer."""

from typing import Any

import msgspec

from gateway.run import inbox, settling
from gateway.run.looks import looked
from gateway.run.rights import sees
from gateway.store import Place
from gateway.web.api.call import Call, Reply, absent
from gateway.web.api.shapes import TaskPage, TasksAsked, TaskWhole
from gateway.web.visit import Problem

REPORTS = frozenset({"entered", "arrived", "lost", "removed", "locked", "given"})
"""Answers that tell what was carried out; every other one decides something, and takes a named person."""

ELSEWHERE = frozenset({"access"})
"""Kinds that are answered by an act of their own."""


def list_tasks(call: Call) -> Reply:
    """What waits for the caller, the oldest deadline first."""
    asked: TasksAsked = call.query
    after = _place(asked.cursor)
    found = inbox.page(call.site.world, call.actor.person, asked.scope, after=after, limit=asked.limit)
    further = None if found.more is None else f"{found.more.waits}-{found.more.task}"
    return Reply(value=msgspec.convert({"tasks": found.tasks, "next": further}, TaskPage))


def show_task(call: Call) -> Reply:
    """One task with what is needed to answer it; the look is written down."""
    told = _mine(call)
    if told["case"] is not None:
        through = {"through": call.actor.through} if call.actor.through else {}
        looked(call.site.world, [told["case"]], by=call.actor.person.name, what="tasks show", **through)
    return _whole(call, told)


def answer_task(call: Call) -> Reply:
    """Answer a task. The same answer by the same caller twice is one."""
    told, answer, by = _mine(call), call.body.answer, call.actor.person.name
    if told["outcome"] is not None:
        if (told["outcome"], told["resolved_by"]) != (answer, by):
            raise Problem("act.resolved", status=409)
        return _whole(call, told)
    if answer not in told["answers"] or told["kind"] in ELSEWHERE:
        raise Problem("api.answer", status=422, where="answer")
    if answer not in REPORTS:
        call.demand_person()
    tag = _whole(call, told).etag
    call.demand_match(tag or "")
    settling.resolve(call.site.world, told["id"], answer, by=by)
    return _whole(call, _mine(call))


def _mine(call: Call) -> dict[str, Any]:
    told = settling.show(call.site.world, call.given["task"])
    if not sees(call.site.settings, call.actor.person, unit=told["unit"], role=told["role"]):
        raise absent()
    return told


def _whole(call: Call, told: dict[str, Any]) -> Reply:
    text = settling.in_words(call.site.world, told, language=call.site.settings.language) if _waits(told) else None
    value = msgspec.convert({**told, "text": text}, TaskWhole)
    return Reply(value=value, etag=call.tag(value))


def _waits(told: dict[str, Any]) -> bool:
    return told["outcome"] is None


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    waits, _, task = cursor.partition("-")
    if not (waits.isascii() and waits.isdigit() and len(waits) < 19 and task.isascii() and task.isalnum()):
        raise Problem("api.query", status=400, where="cursor")
    return Place(int(waits), task)
