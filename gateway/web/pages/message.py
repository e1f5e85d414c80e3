"""One message: what was sent to whom, by which rule; and, by a right of its own, what it says today."""

from typing import Any

from gateway.run import rights, viewing
from gateway.run.handed import UNCERTAIN, basis_of
from gateway.run.looks import looked
from gateway.web.visit import Answer, Page, Problem, Visit, absent


def show(visit: Visit) -> Answer:
    """The metadata of a message: no name of a field for who runs the machine, no value for anybody."""
    return _page(visit, body=False)


def open_body(visit: Visit) -> Answer:
    """What was sent, as far as the gate lets the reader's unit see it now. The look is written down first."""
    if not rights.may(visit.person, "web.body"):
        raise Problem("web.rights", status=403)
    return _page(visit, body=True)


def _page(visit: Visit, *, body: bool) -> Page:
    world, person = visit.site.world, visit.person
    with world.store.read() as tx:
        parts = tx.disclosed_by(visit.given["key"])
        file = viewing.load(tx, parts[0].case) if parts else None
    if not parts:
        raise absent()
    operator = person.role == "operator"
    near = file is not None and viewing.concerns(world, file, person)
    if not operator and not near:
        if file is not None:
            viewing.kept_out(world, file.id, by=person.name, what="message")
        raise absent()
    looked(world, [parts[0].case], by=person.name, what="message body" if body else "message")
    seen = viewing.view(world, file, person) if file is not None and not operator else None
    system = world.settings.systems.get(parts[0].system)
    rows = [_part(visit, one, seen, body=body) for one in parts]
    facts = {
        "key": visit.given["key"], "case": parts[0].case, "system": parts[0].system,
        "unit_of": system.unit if system is not None else None, "at": parts[0].at.isoformat(),
        "parts": [one for one in rows if one["fields"] or operator], "body": body,
        "may_open": rights.may(person, "web.body") and near, "operator": operator,
    }  # fmt: skip
    return Page(template="message.html", facts=facts, title="title.message")


def _part(visit: Visit, one: Any, seen: viewing.View | None, *, body: bool) -> dict[str, Any]:
    """One record of a message. Fields that the reader does not see are not named."""
    row = seen.row(one.item) if seen is not None else None
    names = [name for name in one.fields if row is not None and name in row.fields]
    basis = basis_of(visit.site.world, one.secrecy_basis)
    return {
        "kind": row.kind if row is not None else None,
        "fields": names,
        "values": {name: row.fields[name] for name in names} if body and row is not None else {},
        "rules": [rule for rule in one.rules if rule != UNCERTAIN],
        "uncertain": UNCERTAIN in one.rules,
        "basis": one.secrecy_basis,
        "law": f"{basis.act} {basis.section}" if basis is not None else "",
        "retracted": one.retract_state,
        "retracted_at": one.retracted_at.isoformat() if one.retracted_at is not None else "",
    }
