"""A case's consents: who sees what, what if, and writing down what the family says, with what it would do said before.

What a trial tells is counted over what its reader sees: what is hidden is neither gained nor lost there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.core.ages import day
from gateway.core.casefile import CaseFile
from gateway.core.model.codes import ITEM_KINDS, SERVICES
from gateway.core.paper import ORDER
from gateway.run import acts, previewing, rights, viewing
from gateway.run.acts import ActFault
from gateway.run.viewing import View
from gateway.web.grid import LEFT_OUT, grid, lines_of
from gateway.web.pages.case import opened
from gateway.web.visit import Answer, Away, Page, Problem, Visit

GIVERS = frozenset({"child", "subject", "guardian", "parent"})
"""The roles of those who can say something for a child."""

KINDS = tuple(kind for kind in ORDER if kind in ITEM_KINDS and kind not in LEFT_OUT)
"""The categories that a consent can be narrowed to, in the order in which they are read."""

PARTS = ("gains", "starts", "loses", "stops", "asked_back")

NEEDED: Mapping[str, str] = {
    "given": "consent.record", "refused": "consent.record", "withdraw": "consent.record", "block": "block.set",
    "lift": "block.lift",
}  # fmt: skip
"""The right that each act of the page needs."""

FORM = ("act", "by", "services", "categories", "valid_from", "valid_to", "note", "service", "block", "reason")


def show(visit: Visit) -> Answer:
    """Consents by service and category as a grid: who sees what, until when, why not, and what if."""
    file = opened(visit, "case consents")
    asked = {name: visit.query.get(name, "") for name in ("what", "service", "by", "kind")}
    return _page(visit, file, trial=_asked(visit, file, asked))


def record(visit: Visit) -> Answer:
    """Write down what the family said, or a block; with ``step`` *look* only say what it would do."""
    file = opened(visit, "case consents")
    form = {name: visit.form.get(name, "") for name in FORM}
    act = form["act"]
    if act in NEEDED and not rights.may(visit.person, NEEDED[act]):
        raise Problem("web.rights", status=403)
    try:
        if visit.stale(_mark(visit, file)):
            return _page(visit, file, filled=form, fault=Problem("web.changed", status=409))
        if visit.form.get("step") == "look":
            return _page(visit, file, filled=form, trial=_trial(visit, file, form), confirm=True)
        _kept(visit, file, form)
    except (Problem, ActFault) as fault:
        problem = fault if isinstance(fault, Problem) else Problem(fault.code, status=409, where=fault.where)
        return _page(visit, file, filled=form, fault=problem)
    return Away(to=f"/cases/{file.id}/consents", said="said.recorded")


def _kept(visit: Visit, file: CaseFile, form: Mapping[str, str]) -> None:
    world, person, act = visit.site.world, visit.person, form["act"]
    if act == "withdraw":
        acts.withdraw_consent(
            world, file.id, by=person.name, giver=form["by"], services=_list(form["services"]),
            categories=_list(form["categories"]),
        )  # fmt: skip
    elif act == "block":
        acts.set_block(world, file.id, by=person.name, **_block(form))
    elif act == "lift":
        acts.lift_block(world, file.id, by=person.name, block=form["block"], reason=form["reason"])
    else:
        fields = _declared(visit, form)
        if not form["note"].strip():
            raise Problem("web.value", where="note")
        acts.record_consent(world, file.id, by=person.name, unit=_unit(visit), fields=fields)


def _trial(visit: Visit, file: CaseFile, form: Mapping[str, str]) -> dict[str, Any]:
    """What an act would do to what the reader sees. Nothing is changed anywhere."""
    world, act, by = visit.site.world, form["act"], visit.person.name
    if act == "withdraw":
        told = previewing.preview_withdraw(
            world, file.id, giver=form["by"], services=_list(form["services"]), by=by,
            categories=_list(form["categories"]),
        )  # fmt: skip
    elif act == "block":
        told = previewing.preview_block(world, file.id, **_block(form))
    else:
        told = previewing.preview_said(world, file.id, by=by, unit=_unit(visit), fields=_declared(visit, form))
    seen = viewing.view(world, file, visit.person)
    services = _list(form["service"] if act == "block" else form["services"])
    return {"act": act, "by": form["by"], "service": form["service"], "services": services,
            "categories": _list(form["categories"]), "effects": effects(told, seen)}  # fmt: skip


def _asked(visit: Visit, file: CaseFile, asked: Mapping[str, str]) -> dict[str, Any] | None:
    """The *what if* of a cell of the grid, where one is asked."""
    service, what = asked["service"], asked["what"] or "yes"
    if not service or what not in {"yes", "back", "block"} or (what != "block" and not asked["by"]):
        return None
    form = dict.fromkeys(FORM, "") | {
        "act": {"yes": "given", "back": "withdraw", "block": "block"}[what], "by": asked["by"], "services": service,
        "service": service, "categories": asked["kind"],
    }  # fmt: skip
    if visit.person.unit is None and what == "yes":
        return None
    try:
        return _trial(visit, file, form)
    except ActFault as fault:
        if fault.code != "act.no_consent":
            raise
        return {**form, "services": [service], "categories": _list(asked["kind"]), "effects": []}


def effects(told: Mapping[str, Any], seen: View) -> list[dict[str, Any]]:
    """What a preview says for each receiver, as numbers of fields that the reader sees."""
    rows = {row.id: row.fields.keys() for row in seen.rows}
    listed = [
        {"system": name, "unit": one["unit"], "gives_back": one["gives_back"]}
        | {
            part: sum(len(rows[item] & set(names)) for item, names in one[part].items() if item in rows)
            for part in PARTS
        }
        for name, one in told["receivers"].items()
    ]
    return [one for one in listed if any(one[part] for part in PARTS)]


def _declared(visit: Visit, form: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a yes or a no, as the form has them. Raises ``Problem`` (``web.value``, ``web.no_unit``)."""
    _unit(visit)
    act, services = form["act"], _list(form["services"])
    if act not in {"given", "refused"}:
        raise Problem("web.value", where="act")
    now = visit.site.now()
    fields: dict[str, Any] = {
        "by": form["by"], "purpose": "bti", "decision": act, "form": "oral", "information_given": form["note"] or "-",
        "given": now.isoformat(),
    }  # fmt: skip
    if act == "refused":
        return fields
    if not services:
        raise Problem("web.value", where="services")
    fields |= {"services": services, "valid_from": form["valid_from"] or str(day(now))}
    if form["valid_to"]:
        fields["valid_to"] = form["valid_to"]
    if form["categories"]:
        fields["categories"] = _list(form["categories"])
    return fields


def _block(form: Mapping[str, str]) -> dict[str, str | None]:
    return {
        "service": form["service"] or None, "valid_from": form["valid_from"] or None,
        "valid_to": form["valid_to"] or None,
    }  # fmt: skip


def _unit(visit: Visit) -> str:
    if visit.person.unit is None:
        raise Problem("web.no_unit")
    return visit.person.unit


def _list(told: str) -> list[str]:
    return [one for one in told.split(",") if one]


def _blocks(visit: Visit, file: CaseFile) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "at": one.at.isoformat(), "by": one.by, **one.detail}
        for one in visit.site.world.store.vault.restrictions(cases=[file.id])
        if one.kind == "block" and one.case == file.id
    ]


def _mark(visit: Visit, file: CaseFile) -> str:
    seen = viewing.view(visit.site.world, file, visit.person)
    return visit.mark(*_said(seen), [one["id"] for one in _blocks(visit, file)])


def _said(seen: View) -> Sequence[Any]:
    return [[row.id, row.fields] for row in seen.rows if row.kind == "consent"]


def _page(
    visit: Visit,
    file: CaseFile,
    *,
    trial: Mapping[str, Any] | None = None,
    filled: Mapping[str, str] | None = None,
    confirm: bool = False,
    fault: Problem | None = None,
) -> Page:
    world = visit.site.world
    seen = viewing.view(world, file, visit.person)
    units = lines_of(world, file, every=visit.query.get("every") == "1")
    blocks = _blocks(visit, file)
    facts = {
        "case": file.id,
        "child": viewing.child(seen),
        "grid": grid(world, file, seen={row.id for row in seen.rows}, units=units),
        "every": len(units) == len(visit.site.settings.units),
        "consents": [row for row in seen.rows if row.kind == "consent"],
        "people": {row.id: viewing.named(row) for row in seen.rows if row.kind == "person"},
        "givers": [row for row in seen.rows if row.kind == "person" and row.fields.get("role") in GIVERS],
        "blocks": blocks,
        "services": sorted({one.service for one in visit.site.settings.units.values()} & SERVICES),
        "kinds": KINDS,
        "trial": trial,
        "confirm": confirm,
        "filled": filled or dict.fromkeys(FORM, ""),
        "wrong": fault,
        "seen": visit.mark(*_said(seen), [one["id"] for one in blocks]),
    }
    return Page(template="consents.html", facts=facts, title="title.consents", status=fault.status if fault else 200)
