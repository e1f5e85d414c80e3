"""First contact: where two systems differed when they met, a list that is answered line by line in one go."""

from typing import Any

from gateway.run import inbox, settling
from gateway.run.acts import ActFault
from gateway.run.looks import looked
from gateway.web.pages.inbox import place_of
from gateway.web.visit import Answer, Away, Page, Problem, Visit

SOME = 20
"""How many differences a page shows; each is opened to show both values."""

KIND = "adoption"


def show(visit: Visit) -> Answer:
    """The open differences of first contact that the person may answer, both values as far as they may see them."""
    return _page(visit)


def answer(visit: Visit) -> Answer:
    """Answer those lines for which something was chosen; one that has changed meanwhile is left and shown again."""
    world, form = visit.site.world, visit.form
    left = 0
    for name, chosen in form.items():
        if not name.startswith("t-") or not chosen:
            continue
        mark, _, side = chosen.partition("/")
        told = _mine(visit, name.removeprefix("t-"))
        if side not in {"ours", "theirs"}:
            raise Problem("web.value", where="answer")
        if told is None or mark != _mark(visit, told):
            left += 1
            continue
        try:
            settling.resolve(world, told["id"], side, by=visit.person.name)
        except ActFault as fault:
            if fault.code != "act.resolved":
                raise
            left += 1
    return _page(visit, left=left) if left else Away(to="/adoptions", said="said.done")


def _page(visit: Visit, *, left: int = 0) -> Page:
    world = visit.site.world
    after = place_of(visit.query.get("after", ""))
    found = inbox.page(world, visit.person, "all", kind=KIND, after=after, limit=SOME)
    rows = settling.show_each(world, [one["id"] for one in found.tasks])
    if cases := {one["case"] for one in rows if one["case"] is not None}:
        looked(world, cases, by=visit.person.name, what="tasks show")
    facts = {
        "rows": [{**one, "mark": _mark(visit, one)} for one in rows], "left": left, "further": after is not None,
        "more": f"{found.more.waits}-{found.more.task}" if found.more is not None else "",
    }  # fmt: skip
    return Page(template="adoptions.html", facts=facts, title="title.adoptions", status=409 if left else 200)


def _mine(visit: Visit, name: str) -> dict[str, Any] | None:
    """An open difference that is the person's to answer; ``None`` for what is none, or another's."""
    from gateway.run.rights import sees  # noqa: PLC0415

    try:
        told = settling.show(visit.site.world, name)
    except ActFault:
        return None
    mine = sees(visit.site.settings, visit.person, unit=told["unit"], role=told["role"])
    return told if mine and told["kind"] == KIND and told["outcome"] is None else None


def _mark(visit: Visit, told: dict[str, Any]) -> str:
    return visit.mark(*(told.get(name) for name in ("id", "about", "values")))
