"""The inbox: tasks for a person and their unit, the oldest deadline first, a page at a time."""

from typing import get_args

from gateway.run import inbox
from gateway.store import Place
from gateway.web.visit import Answer, Page, Problem, Visit

SCOPES: tuple[inbox.Scope, ...] = get_args(inbox.Scope)

SOME = 50
"""How many tasks a page shows."""


def show(visit: Visit) -> Answer:
    """The open tasks that a person can see: theirs, their unit's, all, or what of theirs is put off."""
    asked = visit.query.get("scope", "mine")
    scope: inbox.Scope = next((one for one in SCOPES if one == asked), "mine")
    after = place_of(visit.query.get("after", ""))
    found = inbox.page(visit.site.world, visit.person, scope, after=after, limit=SOME)
    facts = {
        "tasks": found.tasks, "scope": scope, "scopes": SCOPES, "n": found.n, "late": found.late,
        "more": f"{found.more.waits}-{found.more.task}" if found.more is not None else "", "further": after is not None,
        "now": visit.site.now().isoformat(),
    }  # fmt: skip
    return Page(template="inbox.html", facts=facts, title="title.inbox")


def place_of(told: str) -> Place | None:
    """Where a page begins, as the page before told it. Raises ``Problem`` (``web.value``)."""
    if not told:
        return None
    waits, _, task = told.rpartition("-")
    plain = waits.removeprefix("-")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 19 and task.isascii() and task.isalnum()):
        raise Problem("web.value", where="after")
    return Place(int(waits), task)
