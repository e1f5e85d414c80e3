"""The baton of a case: who holds it, who held it, and passing it on. A holder's name passes the gate as all else."""

from collections.abc import Mapping
from typing import Any

from gateway.run import batons, viewing
from gateway.run.acts import ActFault
from gateway.run.settings import Person
from gateway.run.viewing import View
from gateway.web.pages.case import opened
from gateway.web.visit import Answer, Away, Page, Problem, Visit

OVER = frozenset({"baton.over", "baton.closed", "baton.unknown_offer", "baton.offer_stands", "baton.holds_already"})
"""Codes that say that somebody was faster."""


def show(visit: Visit) -> Answer:
    """Who holds the baton, who held it, and passing it on."""
    return _page(visit, opened_view(visit))


def opened_view(visit: Visit) -> View:
    """What the person sees of the case; that they looked is written down."""
    return viewing.view(visit.site.world, opened(visit, "case baton"), visit.person)


def pass_on(visit: Visit) -> Answer:
    """Offer, accept, decline or withdraw. What has changed meanwhile says so and is not acted on."""
    seen = opened_view(visit)
    world, form, by, case = visit.site.world, visit.form, visit.person.name, seen.case
    act = form.get("act", "")
    if visit.stale(visit.mark(told(visit, seen))):
        return _page(visit, seen, fault=Problem("web.changed", status=409))
    try:
        if act == "offer":
            batons.offer(world, case, by=by, to=form.get("to", ""), wish=form.get("wish") or None)
        elif act in {"accept", "decline", "withdraw"}:
            {"accept": batons.accept, "decline": batons.decline, "withdraw": batons.withdraw}[act](world, case, by=by)
        else:
            raise Problem("web.value", where="act")
    except ActFault as fault:
        return _page(visit, seen, fault=Problem(fault.code, status=409, where=fault.where))
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


def _page(visit: Visit, seen: View, *, fault: Problem | None = None) -> Page:
    settings = visit.site.settings
    relay = told(visit, seen)
    takers = [one for one in settings.people.values() if one.role in {"coordinator", "leader"} and one.unit]
    facts = {
        "case": seen.case, "child": viewing.child(seen), "relay": relay, "takers": takers, "wrong": fault,
        "filled": visit.form, "seen": visit.mark(relay),
    }  # fmt: skip
    return Page(template="baton.html", facts=facts, title="title.baton", status=fault.status if fault else 200)
