"""The baton of a case: who holds it, who held it, and passing it on. A holder's name passes the gate as all else."""

from collections.abc import Mapping
from typing import Any

from gateway.core.casefile import CaseFile
from gateway.run import batons, rights, viewing
from gateway.run.acts import ActFault
from gateway.run.settings import Person
from gateway.run.viewing import View
from gateway.web.pages.case import opened
from gateway.web.visit import Answer, Away, Page, Problem, Visit

TAKERS = frozenset({"coordinator", "leader"})
"""The roles of those to whom the baton is offered."""


def show(visit: Visit) -> Answer:
    """Who holds the baton, who held it, and passing it on."""
    return _page(visit, opened(visit, "case baton"))


def pass_on(visit: Visit) -> Answer:
    """Offer, accept, decline or withdraw. What has changed meanwhile says so and is not acted on."""
    file = opened(visit, "case baton")
    world, form, by, case = visit.site.world, visit.form, visit.person.name, file.id
    act = form.get("act", "")
    if visit.stale(visit.mark(told(visit, viewing.view(world, file, visit.person)))):
        return _page(visit, file, fault=Problem("web.changed", status=409))
    try:
        if act == "offer":
            batons.offer(world, case, by=by, to=form.get("to", ""), wish=form.get("wish") or None)
        elif act in {"accept", "decline", "withdraw"}:
            {"accept": batons.accept, "decline": batons.decline, "withdraw": batons.withdraw}[act](world, case, by=by)
        else:
            raise Problem("web.value", where="act")
    except ActFault as fault:
        return _page(visit, _again(visit, file), fault=Problem(fault.code, status=409, where=fault.where))
    said = {"offer": "said.offered", "accept": "said.accepted", "decline": "said.declined"}.get(act, "said.withdrawn")
    return Away(to=f"/cases/{case}/baton", said=said)


def told(visit: Visit, seen: View) -> dict[str, Any]:
    """The baton's turns as far as the person may see them: what is hidden and what is not there look the same."""
    relay = batons.show(visit.site.world, seen.case)["roles"]["relay_holder"]
    return {
        "holder": _turn(relay["holder"], seen, visit.person),
        "offer": _turn(relay["offer"], seen, visit.person) or None,
        "before": [one for turn in relay["before"] if (one := _turn(turn, seen, visit.person))],
    }


def _turn(turn: Mapping[str, Any] | None, seen: View, person: Person) -> dict[str, Any]:
    """A turn: whole for whom it is about and for their unit, else what the gate lets go of its assignment."""
    if not turn:
        return {}
    if person.name in {turn.get("person"), turn.get("offered_by")}:
        return dict(turn)
    if person.unit is not None and turn.get("unit") == person.unit:
        return dict(turn)
    row = seen.row(turn["item"])
    if row is None or "holder_name" not in row.fields:
        return {}
    return dict(turn)


def _again(visit: Visit, file: CaseFile) -> CaseFile:
    """The case as it is now: somebody else was faster."""
    with visit.site.world.store.read() as tx:
        return viewing.load(tx, file.id) or file


def _page(visit: Visit, file: CaseFile, *, fault: Problem | None = None) -> Page:
    world, people = visit.site.world, visit.site.settings.people
    seen = viewing.view(world, file, visit.person)
    relay = told(visit, seen)
    turns = {turn["item"] for turn in (relay["holder"], relay["offer"], *relay["before"]) if turn}
    can = batons.passing(world, file, by=visit.person.name, seen=turns)
    top = seen.row(file.id)
    over = not can.open and top is not None and "status" in top.fields
    may = rights.may(visit.person, "baton.offer")
    takers = [people[name] for name in can.takers if people[name].role in TAKERS]
    facts = {
        "case": file.id, "child": viewing.child(seen), "relay": relay, "takers": takers, "wrong": fault,
        "filled": visit.form, "seen": visit.mark(relay), "over": over, "offers": may and can.offers and not over,
        "withdraws": may and can.withdraws,
    }  # fmt: skip
    return Page(template="baton.html", facts=facts, title="title.baton", status=fault.status if fault else 200)
