"""Messages: what was sent to whom, when and why; what cannot be read; and deciding anew. Metadata, never content."""

from datetime import date, datetime, time, timedelta
from typing import Any

from gateway.core.ages import OSLO
from gateway.core.identity import check_number
from gateway.run import rights
from gateway.run.handed import UNCERTAIN, handed_out
from gateway.run.looks import looked
from gateway.web.visit import Answer, Away, Page, Problem, Visit, absent

DAYS = 7
"""How far back a search goes that names no day."""

SOME = 200
"""How many sendings a page shows."""


def show(visit: Visit) -> Answer:
    """Sendings of the last days, or of a search."""
    return _found(visit, {name: visit.query.get(name, "") for name in ("system", "from", "to", "case")})


def search(visit: Visit) -> Answer:
    """A search by a child's number, which never stands in an address; or a case decided anew for a system."""
    if visit.form.get("again"):
        _demand(visit, "web.replay")
        return _again(visit)
    if visit.form.get("number"):
        _demand(visit, "consent.show")
    return _found(visit, {name: visit.form.get(name, "") for name in ("system", "from", "to", "case", "number")})


def _found(visit: Visit, asked: dict[str, str]) -> Answer:
    world, now = visit.site.world, visit.site.now()
    cases: list[str] | None = [asked["case"]] if asked.get("case") else None
    start, end = _day(asked["from"], "from"), _day(asked["to"], "to")
    with world.store.read() as tx:
        if asked.get("number"):
            number = asked["number"].replace(" ", "")
            if check_number(number, numbers=visit.site.settings.numbers) is not None:
                raise Problem("web.number", where="number")
            person = tx.find_people([number]).get(number)
            cases = tx.cases_of([person]).get(person, []) if person is not None else []
        whole = cases is not None and start is None and end is None
        since = None if whole else start or now - timedelta(days=DAYS)
        told = handed_out(
            world, tx, start=since, end=None if end is None else end + timedelta(days=1), cases=cases,
            system=asked["system"] or None, newest=SOME + 1,
        )  # fmt: skip
        held = tx.quarantined() if cases is None else [one for case in cases for one in tx.quarantined(case=case)]
    chosen = list(reversed(told))
    if cases is not None:
        looked(world, cases, by=visit.person.name, what="messages")
    rows: list[dict[str, Any]] = [
        {
            "at": one.at.isoformat(), "system": one.system, "case": one.case, "item": one.item,
            "fields": len(one.fields), "rules": list(one.rules), "basis": one.secrecy_basis,
            "uncertain": UNCERTAIN in one.rules, "retracted": one.retract_state,
        }
        for one in chosen[:SOME]
    ]  # fmt: skip
    unread = [one for one in held if not asked["system"] or one.system == asked["system"]][:SOME]
    facts = {
        "rows": rows, "more": len(chosen) > SOME, "unread": unread, "asked": asked,
        "systems": list(visit.site.settings.systems),
    }  # fmt: skip
    return Page(template="messages.html", facts=facts, title="title.messages")


def _again(visit: Visit) -> Answer:
    """Mark a case due for a system: it is decided anew, so only what is still allowed is sent."""
    world, case, system = visit.site.world, visit.form.get("case", ""), visit.form.get("system", "")
    if system not in world.adapters:
        raise Problem("web.value", where="system")
    now = world.clock()
    with world.store.write() as tx:
        if case not in tx.load_cases([case]):
            raise absent()
        tx.mark_due([(system, case)], at=now)
        tx.audit([{"act": "again", "by": visit.person.name, "case": case, "system": system, "at": now.isoformat()}])
    return Away(to="/messages", said="said.again")


def _demand(visit: Visit, act: str) -> None:
    """Metadata, a child's number and deciding anew are three rights."""
    if not rights.may(visit.person, act):
        raise Problem("web.rights", status=403)


def _day(told: str, where: str) -> datetime | None:
    if not told:
        return None
    try:
        return datetime.combine(date.fromisoformat(told), time(), OSLO)
    except ValueError:
        raise Problem("web.value", where=where) from None
