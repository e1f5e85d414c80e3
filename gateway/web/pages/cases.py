"""Finding a case: by the child's number, never in an address; and the cases that a person has to do with."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from gateway.core.casefile import CaseFile
from gateway.core.identity import check_number
from gateway.run import inbox, viewing
from gateway.run.looks import looked
from gateway.run.nearness import near
from gateway.store.times import moment, stamp
from gateway.web.visit import Answer, Away, Page, Problem, Visit

SOME = 20
"""How many cases a page lists; each is opened, to see what the person may see of it."""

WAITING = 50
"""How many tasks are looked through for cases in which something waits."""


def show(visit: Visit) -> Answer:
    """The search, the cases in which something waits for the person, and all that are theirs, a page at a time."""
    world, person = visit.site.world, visit.person
    before = _place(visit.query.get("before", ""))
    waits = [] if before else [one["case"] for one in inbox.page(world, person, "mine", limit=WAITING).tasks]
    with world.store.read() as tx:
        units = near(visit.site.settings, person, tx.units_with_cases())
        known = tx.cases_of_units(units, before=before, limit=SOME + 1)
    listed = known[:SOME]
    waiting = list(dict.fromkeys(case for case in waits if case is not None))[:SOME]
    files = _mine(visit, [*waiting, *(case for _, case in listed)])
    rows = {case: _row(seen) for case, seen in viewing.heads(world, files.values(), person).items()}
    if files:
        looked(world, files, by=person.name, what="cases")
    facts = {
        "waiting": [rows[case] for case in waiting if case in rows],
        "cases": [rows[case] for _, case in listed if case in rows],
        "more": f"{stamp(listed[-1][0])}-{listed[-1][1]}" if len(known) > SOME else "",
        "further": before is not None,
        "nothing": False,
    }
    return Page(template="cases.html", facts=facts, title="title.cases")


def _mine(visit: Visit, cases: Iterable[str]) -> dict[str, CaseFile]:
    """Of some cases those that the person has to do with, by the cases themselves."""
    with visit.site.world.store.read() as tx:
        files = viewing.load_all(tx, cases)
    return {case: file for case, file in files.items() if viewing.concerns(visit.site.world, file, visit.person)}


def _row(seen: viewing.View) -> dict[str, Any]:
    """What a list tells of a case: the child's name, if the person may see it, and whether the log is open."""
    top = seen.row(seen.case)
    return {"case": seen.case, "name": viewing.child(seen), "status": top.fields.get("status") if top else None}


def search(visit: Visit) -> Answer:
    """To the one case of a child that the person has to do with. Hidden and absent are answered alike."""
    site, number = visit.site, visit.form.get("number", "").replace(" ", "")
    if check_number(number, numbers=site.settings.numbers) is not None:
        raise Problem("web.number", where="number")
    with site.world.store.read() as tx:
        person = tx.find_people([number]).get(number)
        held = tx.cases_of([person]).get(person, []) if person is not None else []
        files = viewing.load_all(tx, held)
        mine = [case for case, file in files.items() if viewing.concerns(site.world, file, visit.person)]
    for case in files:
        if case not in mine:
            viewing.kept_out(site.world, case, by=visit.person.name, what="cases")
    if not mine:
        facts = {"cases": [], "waiting": [], "more": "", "further": False, "nothing": True}
        return Page(template="cases.html", facts=facts, title="title.cases")
    return Away(to=f"/cases/{mine[-1]}")


def _place(told: str) -> tuple[datetime, str] | None:
    if not told:
        return None
    since, _, case = told.partition("-")
    if not (since.isascii() and since.isdigit() and len(since) < 17 and case.isascii() and case.isalnum()):
        raise Problem("web.value", where="before")
    return moment(int(since)), case
