"""A case: the relay as a picture, the family, the log, the consents as a grid, the baton, and why a field is hidden."""

from collections.abc import Mapping
from typing import Any

from gateway.core.ages import day
from gateway.core.casefile import CaseFile
from gateway.core.paper import parts_of
from gateway.run import acts, batons, explaining, viewing
from gateway.run.looks import looked
from gateway.run.previewing import preview_grant
from gateway.web.grid import grid
from gateway.web.timeline import timeline
from gateway.web.visit import Answer, Away, Page, Problem, Visit, absent


def opened(visit: Visit, what: str) -> CaseFile:
    """The case's file, where the person has to do with it; that they looked is written down before they see it."""
    world = visit.site.world
    with world.store.read() as tx:
        file = viewing.load(tx, visit.given["case"])
    if file is None:
        raise absent()
    if not viewing.concerns(world, file, visit.person):
        viewing.kept_out(world, file.id, by=visit.person.name, what=what)
        raise absent()
    looked(world, [file.id], by=visit.person.name, what=what)
    return file


def show(visit: Visit) -> Answer:
    """The case: time line, who coordinates, family, log."""
    world = visit.site.world
    file = opened(visit, "case")
    seen = viewing.view(world, file, visit.person)
    wording = visit.site.wording(visit.language)
    facts = {
        "case": file.id,
        "top": seen.row(file.id),
        "child": _child(seen),
        "timeline": timeline(seen.rows, wording=wording, now=visit.site.now()),
        "baton": batons.show(world, file.id),
        "parts": parts_of(seen.rows, wording=wording),
        "units": {row.id: row.unit for row in seen.rows},
        "own": {row.id for row in seen.rows if row.own},
    }
    return Page(template="case.html", facts=facts, title="title.case")


def consents(visit: Visit) -> Answer:
    """Consents by service and category as a grid: who sees what, until when, and why not."""
    file = opened(visit, "case consents")
    world = visit.site.world
    seen = viewing.view(world, file, visit.person)
    facts = {
        "case": file.id,
        "child": _child(seen),
        "grid": grid(world, file, seen={row.id for row in seen.rows}),
        "consents": [row for row in seen.rows if row.kind == "consent"],
        "people": {row.id: _named(row) for row in seen.rows if row.kind == "person"},
        "givers": [row for row in seen.rows if row.kind == "person" and row.fields.get("role") in _GIVERS],
        "trial": _trial(visit, file, seen),
    }
    return Page(template="consents.html", facts=facts, title="title.consents")


_GIVERS = frozenset({"child", "subject", "guardian", "parent"})


def _trial(visit: Visit, file: CaseFile, seen: viewing.View) -> Mapping[str, Any] | None:
    """What one person's yes to one more service would do to what the reader sees, where that is asked.

    Nothing is changed, and what is hidden from the reader is not counted.
    """
    service, giver = visit.query.get("service"), visit.query.get("by")
    if not service or not giver or visit.person.unit is None:
        return None
    world = visit.site.world
    fields = {"by": giver, "purpose": "bti", "decision": "given", "services": [service],
              "valid_from": str(day(world.clock())), "given": world.clock().isoformat()}  # fmt: skip
    told = preview_grant(world, file.id, by=visit.person.name, unit=visit.person.unit, fields=fields)
    effects = [
        {"system": name, "unit": one["unit"]}
        | {
            part: sum(len(fields) for item, fields in one[part].items() if seen.row(item))
            for part in ("gains", "loses")
        }
        for name, one in told["receivers"].items()
    ]
    return {"service": service, "by": giver, "effects": [one for one in effects if one["gains"] or one["loses"]]}


def record(visit: Visit) -> Answer:
    """Write down what the family said: a yes, a no, or that a yes is taken back."""
    file = opened(visit, "case consents")
    world, form, person = visit.site.world, visit.form, visit.person
    if person.unit is None:
        raise Problem("web.no_unit")
    act, giver = form.get("act", ""), form.get("by", "")
    services = [one for one in form.get("services", "").split(",") if one]
    if act == "withdraw":
        acts.withdraw_consent(world, file.id, by=person.name, giver=giver, services=services)
    elif act in {"given", "refused"}:
        fields: dict[str, Any] = {
            "by": giver, "purpose": "bti", "decision": act, "form": "oral",
            "information_given": form.get("note", ""), "given": world.clock().isoformat(),
        }  # fmt: skip
        if act == "given":
            fields |= {"services": services}
            fields |= {name: form[name] for name in ("valid_from", "valid_to") if form.get(name)}
        if not fields["information_given"].strip() or (act == "given" and not services):
            raise Problem("web.value", where="note")
        acts.record_consent(world, file.id, by=person.name, unit=person.unit, fields=fields)
    else:
        raise Problem("web.value", where="act")
    return Away(to=f"/cases/{file.id}/consents", said="said.recorded")


def baton(visit: Visit) -> Answer:
    """Who holds the baton, who held it, and passing it on."""
    file = opened(visit, "case baton")
    world = visit.site.world
    seen = viewing.view(world, file, visit.person)
    settings = visit.site.settings
    takers = [one for one in settings.people.values() if one.role in {"coordinator", "leader"} and one.unit]
    facts = {"case": file.id, "child": _child(seen), "baton": batons.show(world, file.id), "takers": takers}
    return Page(template="baton.html", facts=facts, title="title.baton")


def pass_on(visit: Visit) -> Answer:
    """Offer, accept, decline or withdraw."""
    file = opened(visit, "case baton")
    world, form, by = visit.site.world, visit.form, visit.person.name
    act = form.get("act", "")
    if act == "offer":
        batons.offer(world, file.id, by=by, to=form.get("to", ""), wish=form.get("wish") or None)
    elif act in {"accept", "decline", "withdraw"}:
        {"accept": batons.accept, "decline": batons.decline, "withdraw": batons.withdraw}[act](world, file.id, by=by)
    else:
        raise Problem("web.value", where="act")
    said = {"offer": "said.offered", "accept": "said.accepted", "decline": "said.declined"}.get(act, "said.withdrawn")
    return Away(to=f"/cases/{file.id}/baton", said=said)


def why(visit: Visit) -> Answer:
    """Each field's fate of one record, for every receiver: the rule, the basis, the words for the family."""
    file = opened(visit, "explain")
    item = visit.given["item"]
    if item not in file.items:
        raise absent()
    seen = viewing.view(visit.site.world, file, visit.person)
    row = seen.row(item)
    if row is None and visit.person.role != "privacy":
        raise absent()
    told = explaining.explain(visit.site.world, f"{file.id}/{item}")["records"][0]
    record = told if row is None else _narrowed(told, row)
    facts = {"case": file.id, "child": _child(seen), "record": record}
    return Page(template="why.html", facts=facts, title="title.why")


def _narrowed(told: dict[str, Any], row: viewing.Row) -> dict[str, Any]:
    """A record's life, told of the fields that its reader sees: names of hidden ones would tell that they are there."""
    receivers = {
        name: {**fate, "fields": {one: effect for one, effect in fate["fields"].items() if one in row.fields}}
        for name, fate in told["receivers"].items()
    }
    sent = [{**one, "fields": [name for name in one["fields"] if name in row.fields]} for one in told["disclosed"]]
    return {**told, "receivers": receivers, "disclosed": [one for one in sent if one["fields"]]}


def _child(seen: viewing.View) -> str:
    top = seen.row(seen.case)
    row = seen.row(str(top.fields.get("subject", ""))) if top is not None else None
    return _named(row) if row is not None else ""


def _named(row: viewing.Row) -> str:
    return " ".join(str(row.fields[name]) for name in ("given_name", "family_name") if row.fields.get(name))
