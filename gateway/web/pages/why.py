"""Why: each field's fate of one record, for any receiver, now or at any time: the rule, the basis, the words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.core.casefile import CaseFile
from gateway.run import viewing
from gateway.run.acts import ActFault
from gateway.run.handed import basis_of
from gateway.web.pages.case import opened
from gateway.web.visit import Answer, Page, Problem, Visit, absent

OSLO = ZoneInfo("Europe/Oslo")
_BASES = ("secrecy_basis", "processing_basis")


def show(visit: Visit) -> Answer:
    """The life of a record and each field's fate. ``to`` names one receiver, ``at`` a time on the clock in Norway."""
    file = opened(visit, "explain")
    world, item = visit.site.world, visit.given["item"]
    systems = [name for name, adapter in world.adapters.items() if adapter.capabilities.writes]
    receiver = visit.query.get("to", "")
    if receiver and receiver not in systems:
        raise Problem("web.value", where="to")
    told = _told(visit, file, item, receiver=receiver or None)
    record = told["records"][0] if told is not None else None
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


def _told(visit: Visit, file: CaseFile, item: str, *, receiver: str | None) -> dict[str, Any] | None:
    """The record's life as the API tells it too; ``None`` where it was not known at the time that is asked about."""
    at = _instant(visit.query.get("at", ""), visit.site.now())
    try:
        told = viewing.fate(visit.site.world, file, item, visit.person, receiver=receiver, at=at)
    except ActFault as fault:
        if fault.code == "act.unknown_record":
            return None
        raise
    if told is None:
        raise absent()
    return told


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
