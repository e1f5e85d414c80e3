"""Messages: what was sent to whom, when and why; what cannot be read; and deciding anew. Metadata, never content."""

from datetime import date, datetime, time, timedelta
from typing import Any

from gateway.core.ages import OSLO
from gateway.core.identity import check_number
from gateway.run import rights, viewing
from gateway.run.handed import UNCERTAIN, handed_out
from gateway.run.looks import looked
from gateway.run.nearness import near
from gateway.store import Disclosure, Tx
from gateway.web.visit import Answer, Away, Page, Problem, Visit, absent

DAYS = 7
"""How far back a search goes that names no day."""

MOST = 1000
"""How many sendings are gone through at most for those that are the reader's, or that came to something."""

OUTCOMES = ("sent", "uncertain", "retracted")
"""What can have become of a sending."""

SOME = 200
"""How many sendings a page shows."""


def show(visit: Visit) -> Answer:
    """Sendings of the last days, or of a search."""
    return _found(visit, {name: visit.query.get(name, "") for name in ("system", "from", "to", "case", "outcome")})


def search(visit: Visit) -> Answer:
    """A search by a child's number, which never stands in an address; or a case decided anew for a system."""
    if visit.form.get("again"):
        _demand(visit, "web.replay")
        return _again(visit)
    if visit.form.get("number"):
        _demand(visit, "consent.show")
    return _found(
        visit, {name: visit.form.get(name, "") for name in ("system", "from", "to", "case", "number", "outcome")}
    )


def _found(visit: Visit, asked: dict[str, str]) -> Answer:
    world, now = visit.site.world, visit.site.now()
    cases: list[str] | None = [asked["case"]] if asked.get("case") else None
    start, end = _day(asked["from"], "from"), _day(asked["to"], "to")
    with world.store.read() as tx:
        if asked.get("number"):
            cases = _of_number(visit, tx, asked["number"].replace(" ", ""))
        whole = cases is not None and start is None and end is None
        since = None if whole else start or now - timedelta(days=DAYS)
        held = tx.quarantined() if cases is None else [one for case in cases for one in tx.quarantined(case=case)]
        for most in (SOME + 1, MOST):  # seldom are so few of the newest the reader's that more are gone through
            told = handed_out(
                world, tx, start=since, end=None if end is None else end + timedelta(days=1), cases=cases,
                system=asked["system"] or None, newest=most,
            )  # fmt: skip
            near_ones = near_cases(
                visit, tx, {*(one.case for one in told), *(one.case for one in held if one.case), *(cases or ())}
            )
            mine = [one for one in told if near_ones is None or one.case in near_ones]
            chosen = [one for one in reversed(mine) if _wanted(one, asked)]
            if len(told) < most or len(chosen) > SOME:
                break
    held = [one for one in held if near_ones is None or one.case is None or one.case in near_ones]
    if cases is not None:
        mine_alone = [case for case in cases if near_ones is None or case in near_ones]
        for case in set(cases).difference(mine_alone):
            viewing.kept_out(world, case, by=visit.person.name, what="messages")
        looked(world, mine_alone, by=visit.person.name, what="messages")
    rows: list[dict[str, Any]] = [
        {
            "key": one.key, "at": one.at.isoformat(), "system": one.system, "case": one.case, "item": one.item,
            "fields": len(one.fields), "rules": list(one.rules), "basis": one.secrecy_basis,
            "uncertain": UNCERTAIN in one.rules, "retracted": one.retract_state,
        }
        for one in chosen[:SOME]
    ]  # fmt: skip
    unread = [one for one in held if not asked["system"] or one.system == asked["system"]][:SOME]
    facts = {
        "rows": rows, "more": len(chosen) > SOME or len(told) >= most, "unread": unread, "asked": asked,
        "systems": list(visit.site.settings.systems), "outcomes": OUTCOMES,
    }  # fmt: skip
    return Page(template="messages.html", facts=facts, title="title.messages")


def _of_number(visit: Visit, tx: Tx, number: str) -> list[str]:
    """The cases of the person with a number; none for a number that nobody has. Raises ``Problem``."""
    if check_number(number, numbers=visit.site.settings.numbers) is not None:
        raise Problem("web.number", where="number")
    person = tx.find_people([number]).get(number)
    return tx.cases_of([person]).get(person, []) if person is not None else []


def sees_all(visit: Visit) -> bool:
    """Whether the person sees what moves in every case."""
    return visit.person.role in {"operator", "privacy"}


def near_cases(visit: Visit, tx: Tx, cases: set[str]) -> set[str] | None:
    """Of some cases those that the person has to do with; ``None`` for who sees what moves in all of them."""
    if sees_all(visit):
        return None
    return tx.cases_among(cases, near(visit.site.settings, visit.person, tx.units_with_cases()))


def _wanted(one: Disclosure, asked: dict[str, str]) -> bool:
    outcome = "uncertain" if UNCERTAIN in one.rules else "retracted" if one.retract_state else "sent"
    return asked["system"] in {"", one.system} and asked["outcome"] in {"", outcome}


def _again(visit: Visit) -> Answer:
    """Mark a case due for a system: it is decided anew, so only what is still allowed is sent."""
    world, case, system = visit.site.world, visit.form.get("case", ""), visit.form.get("system", "")
    if system not in world.adapters:
        raise Problem("web.value", where="system")
    now = world.clock()
    with world.store.write() as tx:
        if case not in tx.load_cases([case]) or near_cases(visit, tx, {case}) == set():
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
