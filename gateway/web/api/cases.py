"""Cases, as far as the gate lets them go to the caller's unit, and why a field is hidden from a system."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.core.casefile import CaseFile
from gateway.core.identity import check_number
from gateway.run import acts, batons, viewing
from gateway.run.acts import ActFault
from gateway.run.looks import looked
from gateway.run.nearness import near
from gateway.store.times import moment, stamp
from gateway.web.api.call import Call, Reply, absent
from gateway.web.api.shapes import Case, CaseLine, CasePage, ExplainAsked, Explained, Item
from gateway.web.visit import Problem

_AT_ONCE = 50

Place = tuple[datetime, str]
"""Where a page ended: since when its last case is the unit's, and its id."""


def list_cases(call: Call) -> Reply:
    """Cases that the caller's unit has to do with, the newest there first; looks are written down.

    The privacy officer's are all cases.
    """
    limit, before = call.query.limit, _before(call.query.cursor)
    world, person = call.site.world, call.actor.person
    found: list[tuple[Place, CaseFile]] = []
    with world.store.read() as tx:
        units = near(call.site.settings, person, tx.units_with_cases())
        while len(found) <= limit and (known := tx.cases_of_units(units, before=before, limit=_AT_ONCE)):
            files = viewing.load_all(tx, [case for _, case in known])
            places = {case: (at, case) for at, case in known}
            found += [(places[case], file) for case, file in files.items() if viewing.concerns(world, file, person)]
            before = known[-1]
    page = found[:limit]
    lines = _lines(call, [file for _, file in page])
    return Reply(value=CasePage(cases=lines, next=_cursor(page[-1][0]) if len(found) > limit else None))


def _lines(call: Call, files: list[CaseFile]) -> list[CaseLine]:
    world, person = call.site.world, call.actor.person
    if files:
        through = {"through": call.actor.through} if call.actor.through else {}
        looked(world, [file.id for file in files], by=person.name, what="cases", **through)
    lines = []
    for case, seen in viewing.heads(world, files, person).items():
        top = seen.row(case)
        fields = top.fields if top is not None else {}
        lines.append(
            CaseLine(case=case, name=viewing.child(seen), level=fields.get("level"), status=fields.get("status"))
        )
    return lines


def search_cases(call: Call) -> Reply:
    """The cases of a child, by its number. A child in no case and one in a hidden case are answered alike."""
    world, number = call.site.world, call.body.number
    if check_number(number, numbers=call.site.settings.numbers) is not None:
        raise Problem("api.number", status=422, where="number")
    with world.store.read() as tx:
        person = tx.find_people([number]).get(number)
        held = tx.cases_of([person]).get(person, []) if person is not None else []
        files = [file for case in held if (file := viewing.load(tx, case)) is not None]
    mine = [file for file in files if viewing.concerns(world, file, call.actor.person)]
    for file in files:
        if file not in mine:
            viewing.kept_out(world, file.id, by=call.actor.person.name, what="cases")
    return Reply(value=CasePage(cases=_lines(call, mine), next=None))


def show_case(call: Call) -> Reply:
    """A case: what the caller's unit wrote, and what the gate lets go to it now; the look is written down."""
    file = _opened(call, "case")
    seen = viewing.view(call.site.world, file, call.actor.person)
    items = [Item(id=row.id, kind=row.kind, own=row.own, unit=row.unit, fields=dict(row.fields)) for row in seen.rows]
    value = Case(case=file.id, items=items, baton=batons.show(call.site.world, file.id))
    return Reply(value=value, etag=call.tag(value))


def explain_record(call: Call) -> Reply:
    """Why each field of a record goes to a system or does not, now or at another time; the look is written down."""
    asked: ExplainAsked = call.query
    file, item = _opened(call, "explain"), call.given["item"]
    try:
        at = acts.at_or_now(call.site.world, asked.at) if asked.at is not None else None
    except (ActFault, OverflowError):
        raise Problem("api.query", status=400, where="at") from None
    if at is not None and at > call.site.now():
        raise Problem("api.query", status=400, where="at")
    told = viewing.fate(call.site.world, file, item, call.actor.person, receiver=asked.receiver, at=at)
    if told is None:
        raise absent()
    record = told["records"][0]
    if asked.field is not None:
        record = _of_field(record, asked.field)
    return Reply(value=msgspec.convert({**told, "record": record}, Explained))


def _of_field(record: dict[str, Any], field: str) -> dict[str, Any]:
    """A record's life told of one field alone. Raises ``Problem`` for one that the caller does not see."""
    if field not in record["fields"]:
        raise absent()
    receivers = {
        name: {**one, "fields": {field: one["fields"][field]} if field in one["fields"] else {}}
        for name, one in record["receivers"].items()
    }
    return {**record, "fields": [field], "receivers": receivers,
            "history": [one for one in record["history"] if one["field"] == field]}  # fmt: skip


def _opened(call: Call, what: str) -> CaseFile:
    file = viewing.opened(
        call.site.world, call.given["case"], person=call.actor.person, what=what, through=call.actor.through
    )
    if file is None:
        raise absent()
    return file


def _cursor(place: Place) -> str:
    at, case = place
    return f"{stamp(at)}-{case}"


def _before(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    since, _, case = cursor.partition("-")
    if not (since.isascii() and since.isdigit() and len(since) < 18 and case.isascii() and case.isalnum()):
        raise Problem("api.query", status=400, where="cursor")
    return moment(int(since)), case
