"""Flows and systems: what moves and what does not, without what it says."""

from gateway.run import acts, flowing, rights, telling
from gateway.web.visit import Answer, Away, Page, Problem, Visit

_CHANGES = {"approved": "flow.approve", "shadow": "flow.shadow", "paused": "flow.pause", "resumed": "flow.resume"}

_ACTS = {"approved": flowing.approve, "shadow": flowing.shadow, "paused": flowing.pause, "resumed": flowing.resume}


def show(visit: Visit) -> Answer:
    """Lanes, what is due and how old, last success, flows with their state, and the switch for all of them."""
    world = visit.site.world
    settings, person = visit.site.settings, visit.person
    leads = rights.may(person, "flow.approve")
    told = [
        {**each, "mine": leads and flowing.answers_for(settings, person, each["from"])} for each in telling.flows(world)
    ]
    facts = {"status": telling.status(world, cases=False), "flows": told}
    return Page(template="flows.html", facts=facts, title="title.flows")


def change(visit: Visit) -> Answer:
    """Approve, shadow, pause or resume a flow, or all sendings."""
    world, form = visit.site.world, visit.form
    to = form.get("state", "")
    act = _CHANGES.get(to)
    if act is None:
        raise Problem("web.value", where="state")
    if not rights.may(visit.person, act):
        raise Problem("web.rights", status=403)
    if form.get("all"):
        if to not in {"paused", "resumed"}:
            raise Problem("web.value", where="state")
        acts.pause_everything(world, by=visit.person.name, paused=to == "paused")
    else:
        _ACTS[to](world, form.get("from", ""), form.get("to", ""), person=visit.person)
    return Away(to="/flows", said="said.done")
