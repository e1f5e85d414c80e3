"""The inbox: tasks for a person and their unit, the oldest deadline first, and one task with what each answer does."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.run import settling
from gateway.run.looks import looked
from gateway.run.rights import sees
from gateway.run.settings import Person
from gateway.web.visit import Answer, Away, Page, Problem, Visit, absent

SCOPES = ("mine", "unit", "all")

BY_ITSELF = frozenset({"access"})
"""Kinds that are answered on a page of their own."""


def show(visit: Visit) -> Answer:
    """The open tasks that a person can see: theirs, their unit's, or all."""
    scope = visit.query.get("scope", "mine")
    if scope not in SCOPES:
        scope = "mine"
    now = visit.site.now().isoformat()
    told = [each for each in _open(visit) if _within(visit.person, each, scope)]
    told.sort(key=lambda each: (each["deadline"], each["id"]))
    late = sum(each["deadline"] < now for each in told)
    facts = {"tasks": told, "scope": scope, "scopes": SCOPES, "late": late, "now": now}
    return Page(template="inbox.html", facts=facts, title="title.inbox")


def _open(visit: Visit) -> Iterable[dict[str, Any]]:
    """Open tasks of the person's unit and of those below it, and those that name nobody's unit."""
    site, person = visit.site, visit.person
    for each in settling.open_tasks(site.world):
        if person.role == "operator" and each["case"] is not None:
            continue  # what says something of a case is not theirs who run the machine
        if sees(site.settings, person, unit=each["unit"], role=each["role"]):
            yield each


def _within(person: Person, each: Mapping[str, Any], scope: str) -> bool:
    if scope == "mine":
        return person.name in each["owner"]
    return scope == "all" or each["unit"] is None or each["unit"] == person.unit


def task(visit: Visit) -> Answer:
    """One task, with what the person needs to decide and what each answer will do."""
    told = _mine(visit)
    if told["case"] is not None:
        looked(visit.site.world, [told["case"]], by=visit.person.name, what="tasks show")
    text = settling.in_words(visit.site.world, told, language=visit.language)
    facts = {"task": told, "text": text, "elsewhere": told["kind"] in BY_ITSELF, "now": visit.site.now().isoformat()}
    return Page(template="task.html", facts=facts, title="title.task")


def resolve(visit: Visit) -> Answer:
    """A person answers. What became of it is told in the inbox."""
    told = _mine(visit)
    answer = visit.form.get("answer", "")
    if answer not in told["answers"] or told["kind"] in BY_ITSELF:
        raise Problem("web.value", where="answer")
    settling.resolve(visit.site.world, told["id"], answer, by=visit.person.name)
    said = {"accept": "said.accepted", "decline": "said.declined", "withdraw": "said.withdrawn"}
    return Away(to="/", said=said.get(answer, "said.done"))


def _mine(visit: Visit) -> dict[str, Any]:
    told = settling.show(visit.site.world, visit.given["task"])
    settings, person = visit.site.settings, visit.person
    if not sees(settings, person, unit=told["unit"], role=told["role"]):
        raise absent()
    return told
