"""Finding a case: by the child's number, never in an address; and the cases that a person has to do with."""

from gateway.core.identity import check_number
from gateway.run import viewing
from gateway.run.looks import looked
from gateway.web.visit import Answer, Away, Page, Problem, Visit

SOME = 50
"""How many cases a page lists."""


def show(visit: Visit) -> Answer:
    """The search, and the cases in which something waits for the person."""
    world, person = visit.site.world, visit.person
    names: dict[str, None] = {}
    with world.store.read() as tx:
        for task in tx.tasks(unit=person.unit) if person.unit else []:
            if task.case is not None:
                names.setdefault(task.case)
        files = {case: file for case in list(names)[:SOME] if (file := viewing.load(tx, case)) is not None}
        mine = [case for case, file in files.items() if viewing.concerns(world, file, person)]
    rows = []
    for case in mine:
        seen = viewing.view(world, files[case], person)
        top = seen.row(case)
        child = seen.row(str(top.fields.get("subject", ""))) if top is not None else None
        rows.append({"case": case, "name": _name(child), "level": top.fields.get("level") if top else None,
                     "status": top.fields.get("status") if top else None})  # fmt: skip
    if mine:
        looked(world, mine, by=person.name, what="cases")
    return Page(template="cases.html", facts={"cases": rows, "nothing": False}, title="title.cases")


def search(visit: Visit) -> Answer:
    """To the one case of a child that the person has to do with. Hidden and absent are answered alike."""
    site, number = visit.site, visit.form.get("number", "").replace(" ", "")
    if check_number(number, numbers=site.settings.numbers) is not None:
        raise Problem("web.number", where="number")
    with site.world.store.read() as tx:
        person = tx.find_people([number]).get(number)
        held = tx.cases_of([person]).get(person, []) if person is not None else []
        files = [file for case in held if (file := viewing.load(tx, case)) is not None]
        mine = [file.id for file in files if viewing.concerns(site.world, file, visit.person)]
    for file in files:
        if file.id not in mine:
            viewing.kept_out(site.world, file.id, by=visit.person.name, what="cases")
    if not mine:
        return Page(template="cases.html", facts={"cases": [], "nothing": True}, title="title.cases")
    return Away(to=f"/cases/{mine[-1]}")


def _name(row: viewing.Row | None) -> str:
    if row is None:
        return ""
    return " ".join(str(row.fields[name]) for name in ("given_name", "family_name") if row.fields.get(name))
