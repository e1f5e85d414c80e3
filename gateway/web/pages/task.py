"""One task: what the person needs to decide, what each answer will do, and handing it over or putting it off.

A line of a list that can be answered together shows the others, so that one answer is enough.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from gateway.core.law.grounds import ACCESS
from gateway.run import access, filing, inbox, lists, rights, settling, viewing
from gateway.run.acts import ActFault
from gateway.run.covering import covered
from gateway.run.looks import looked
from gateway.run.rights import sees
from gateway.store import Task
from gateway.web.details import details
from gateway.web.pages.ledger import letter
from gateway.web.visit import Answer, Away, Page, Problem, Visit, absent

OVER = frozenset({"act.resolved", "baton.over", "baton.closed", "baton.unknown_offer"})
"""Codes that say that somebody was faster."""

LINES = 100
"""How many lines of a list a page shows and answers; the rest is there when these are done."""

SAID = {"accept": "said.accepted", "decline": "said.declined", "withdraw": "said.withdrawn"}


def show(visit: Visit) -> Answer:
    """One task, with what the person needs to decide and what each answer will do."""
    return _page(visit, _mine(visit))


def resolve(visit: Visit) -> Answer:
    """A person answers, hands the task over or puts it off. An answer to what has changed since says so."""
    told, form = _mine(visit), visit.form
    if told["outcome"] is not None or visit.stale(_mark(visit, told, _others(visit, told))):
        return _page(visit, told, changed=True)
    try:
        said = _done(visit, told, form.get("do", "answer"))
    except ActFault as fault:
        if fault.code not in OVER:
            raise
        return _page(visit, _mine(visit), changed=True)
    return said if isinstance(said, Page) else Away(to="/", said=said)


def _done(visit: Visit, told: Mapping[str, Any], do: str) -> str | Page:
    world, form, by = visit.site.world, visit.form, visit.person.name
    if do == "hand":
        inbox.hand(world, told["id"], to=form.get("to") or None, by=by)
        return "said.handed"
    if do == "rest":
        inbox.rest(world, told["id"], until=_day(form.get("until", "")), by=by)
        return "said.rests"
    if do == "send" and told["kind"] == "report_held":
        _demand(visit, "report.send")
        filing.let_go(world, told["case"], by=by, reason=form.get("reason", ""))
        return "said.done"
    if do in {"give", "refuse"} and told["kind"] == "access":
        return _asked(visit, told, give=do == "give")
    answer = form.get("answer", "")
    if answer not in told["answers"]:
        raise Problem("web.value", where="answer")
    if do == "list":
        chosen = [one.id for one in _others(visit, told) if form.get(f"l-{one.id}")]
        if not chosen:
            raise Problem("web.value", where="lines")
        lists.resolve(world, chosen, answer, by=by)
        return "said.done"
    settling.resolve(world, told["id"], answer, by=by, reason=form.get("reason", ""))
    return SAID.get(answer, "said.done")


def _asked(visit: Visit, told: Mapping[str, Any], *, give: bool) -> Page:
    """A request for access that waited is given, or refused on a ground of the law: the letter, to hand over."""
    _demand(visit, "access.review")
    about, form = told["about"], visit.form
    refuse = None if give else form.get("ground", "")
    if refuse is not None and refuse not in {one["code"] for one in _grounds()}:
        raise Problem("web.value", where="ground")
    answer = access.access(
        visit.site.world, about["about"], by=visit.person.name, asker=about["asker"], language=visit.language,
        give=give, refuse=refuse,
    )  # fmt: skip
    return letter(visit, document=answer["document"])


def _grounds() -> list[dict[str, Any]]:
    """The grounds on which a request can be refused, in words."""
    return [
        {"code": one.code, "act": one.act, "section": one.section, "text": msgspec.structs.asdict(one.text)}
        for one in ACCESS.bases
        if one.code.startswith("ACCESS_")
    ]


def _page(visit: Visit, told: dict[str, Any], *, changed: bool = False) -> Page:
    world, settings = visit.site.world, visit.site.settings
    if told["case"] is not None:
        looked(world, [told["case"]], by=visit.person.name, what="tasks show")
    others = _others(visit, told)
    with world.store.read() as tx:
        task = tx.task(told["id"])
        file = viewing.load(tx, told["case"]) if told["case"] is not None else None
    facts: dict[str, Any] = {
        "task": told,
        "text": settling.in_words(world, told, language=visit.language),
        "details": details(visit, told),
        "enter": told["about"].get("enter", []) if told["kind"] == "enter" else [],
        "changed": changed,
        "seen": _mark(visit, told, others),
        "lines": _lines(visit, others),
        "together": lists.TOGETHER.get(told["kind"], ()),
        "now": visit.site.now().isoformat(),
        "takers": [
            one for one in inbox.takers(settings, unit=told["unit"], role=told["role"]) if one not in _sole(told)
        ],
        "days": inbox.days_of(world, task) if task is not None and task.open else [],
        "reasoned": told["kind"] in settling.REASONED,
        "reason": told["about"].get("reason", ""),
        "of_case": file is not None and viewing.concerns(world, file, visit.person),
        "covered": None,
        "grounds": [],
    }
    if told["kind"] in {"offer", "handover_consent"} and file is not None:
        unit = settings.units.get(visit.person.unit or "")
        role = told["about"].get("role", "relay_holder")
        facts["covered"] = unit is not None and covered(world, file, role=role, unit=unit.name, service=unit.service)
    if told["kind"] == "access":
        facts["grounds"] = _grounds()
    return Page(template="task.html", facts=facts, title="title.task", status=409 if changed else 200)


def _sole(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Whom it makes no sense to hand a task to: the only one who has it."""
    return (told["owner"][0],) if len(told["owner"]) == 1 else ()


def _others(visit: Visit, told: Mapping[str, Any]) -> list[Task]:
    """The lines of the task's list that can be answered together, itself among them; none where it stands alone."""
    if told["outcome"] is not None or told["kind"] not in lists.TOGETHER:
        return []
    found = lists.lines(visit.site.world, told["id"], by=visit.person.name)[:LINES]
    return found if len(found) > 1 else []


def _lines(visit: Visit, tasks: list[Task]) -> list[dict[str, Any]]:
    """Each line with the child's name, where the person may see it, and the first day that it is about."""
    world, person = visit.site.world, visit.person
    with world.store.read() as tx:
        files = viewing.load_all(tx, [one.case for one in tasks if one.case is not None])
    mine = {case: file for case, file in files.items() if viewing.concerns(world, file, person)}
    if mine:
        looked(world, list(mine), by=person.name, what="tasks show")
    found = []
    for one in tasks:
        about = msgspec.json.decode(one.body) if one.body else {}
        file = mine.get(one.case or "")
        name = viewing.child(viewing.view(world, file, person, kinds=viewing.HEAD)) if file is not None else ""
        days = [each["due"] for each in about.get("deadlines", ())]
        found.append({"id": one.id, "name": name, "due": min(days, default=None), "what": about.get("transition")})
    return found


def _mark(visit: Visit, told: Mapping[str, Any], others: list[Task]) -> str:
    shown = [told.get(name) for name in ("id", "kind", "answers", "about", "values")]
    return visit.mark(*shown, [one.id for one in others])


def _mine(visit: Visit) -> dict[str, Any]:
    told = settling.show(visit.site.world, visit.given["task"])
    settings, person = visit.site.settings, visit.person
    if not sees(settings, person, unit=told["unit"], role=told["role"]):
        raise absent()
    return told


def _demand(visit: Visit, act: str) -> None:
    if not rights.may(visit.person, act):
        raise Problem("web.rights", status=403)


def _day(told: str) -> date | None:
    if not told:
        return None
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise Problem("web.value", where="until") from None
