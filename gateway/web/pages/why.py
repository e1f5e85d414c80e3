"""Why: each field's fate of one record, for any receiver, now or at any time: the rule, the basis, the words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.run import explaining, viewing
from gateway.run.handed import basis_of
from gateway.web.pages.case import opened
from gateway.web.visit import Answer, Page, Problem, Visit, absent

OSLO = ZoneInfo("Europe/Oslo")


def show(visit: Visit) -> Answer:
    """The life of a record and each field's fate. ``to`` names one receiver, ``at`` a time on the clock in Norway."""
    file = opened(visit, "explain")
    world, item = visit.site.world, visit.given["item"]
    if item not in file.items:
        raise absent()
    row = viewing.view(world, file, visit.person).row(item)
    if row is None and visit.person.role != "privacy":
        raise absent()
    systems = [name for name, adapter in world.adapters.items() if adapter.capabilities.writes]
    receiver = visit.query.get("to", "")
    if receiver and receiver not in systems:
        raise Problem("web.value", where="to")
    at = _instant(visit.query.get("at", ""), visit.site.now())
    told = (
        explaining.explain(world, f"{file.id}/{item}", receiver=receiver or None, at=at)
        if _was(visit, item, at)
        else None
    )
    record = None if told is None else told["records"][0] if row is None else _narrowed(told["records"][0], row)
    seen = viewing.view(world, file, visit.person, kinds=viewing.HEAD)
    codes = {
        fate[name] for fate in (record or {"receivers": {}})["receivers"].values() for name in _BASES if fate[name]
    }
    facts = {
        "case": file.id, "item": item, "kind_of": file.items[item].kind, "child": viewing.child(seen), "record": record,
        "people": {one.id: viewing.named(one) for one in seen.rows if one.kind == "person"},
        "systems": systems, "receiver": receiver, "at": visit.query.get("at", ""),
        "settings_since": told["settings_since"] if told is not None else None,
        "complete": told is None or told["complete"],
        "laws": {code: basis for code in codes if (basis := basis_of(world, code)) is not None},
    }  # fmt: skip
    return Page(template="why.html", facts=facts, title="title.why")


_BASES = ("secrecy_basis", "processing_basis")


def _was(visit: Visit, item: str, at: datetime | None) -> bool:
    """Whether the record was known at the time that is asked about."""
    if at is None:
        return True
    with visit.site.world.store.read() as tx:
        then = explaining.past(tx, visit.given["case"], at)
    return then is not None and item in then.file.items


def _instant(told: str, now: datetime) -> datetime | None:
    """An instant from the form. Raises ``Problem`` (``web.value``) for one that is none, or still to come."""
    if not told:
        return None
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        raise Problem("web.value", where="at") from None
    at = at.replace(tzinfo=OSLO) if at.tzinfo is None else at
    if at > now:
        raise Problem("web.value", where="at")
    return at


def _narrowed(told: dict[str, Any], row: viewing.Row) -> dict[str, Any]:
    """A record's life, told of the fields that its reader sees: names of hidden ones would tell that they are there."""
    receivers = {name: _fate(fate, row) for name, fate in told["receivers"].items()}
    sent = [{**one, "fields": [name for name in one["fields"] if name in row.fields]} for one in told["disclosed"]]
    life = [one for one in told["life"] if one.get("field") is None or one["field"] in row.fields]
    return {**told, "receivers": receivers, "life": life, "disclosed": [one for one in sent if one["fields"]]}


def _fate(fate: dict[str, Any], row: viewing.Row) -> dict[str, Any]:
    """A receiver's fate over the fields that the reader sees; words that speak of others are left out."""
    fields = {one: effect for one, effect in fate["fields"].items() if one in row.fields}
    effects = set(fields.values())
    effect = fate["effect"] if len(effects) != 1 or fate["effect"] == "hold" else effects.pop()
    return {**fate, "fields": fields, "effect": effect, "words": fate["words"] if effect == fate["effect"] else {}}
