"""Flows and systems: what moves and what does not, without what it says."""

from datetime import timedelta

from gateway.run import acts, flowing, inbox, rights, telling
from gateway.run.counting import lately
from gateway.web.visit import Answer, Away, Page, Problem, Visit

DAYS = 7
"""The days whose numbers are shown."""

RECEIPTS = timedelta(days=14)
"""How far back receipts are waited for."""

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
    now = visit.site.now()
    with world.store.read() as tx:
        numbers = lately(tx, at=now, days=DAYS)
    telling_later = [name for name, one in world.adapters.items() if "processed" in one.capabilities.receipts]
    waiting = inbox.page(world, person, "all", kind="adoption", limit=1).n if rights.may(person, "tasks.show") else 0
    facts = {
        "status": telling.status(world, cases=False), "flows": told, "numbers": numbers, "adoptions": waiting,
        "receipts": world.store.vault.without_receipt(telling_later, after=now - RECEIPTS),
    }  # fmt: skip
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
