"""Filing a report to child welfare, letting a held one go, and noting that child welfare has confirmed it.

Whoever files is a named employee, and the judgement is theirs. The report is kept, with the employee's name in the
audit log, in one transaction, before anything is tried; then it is sent at once. It stands in a case file of its own,
so that nobody who takes part in the child's log learns of it.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from gateway.core import casefile
from gateway.core.ages import day
from gateway.core.casefile import CaseFile, Entry
from gateway.core.facts import STRICTNESS
from gateway.core.model import Fault, check
from gateway.core.reports import KIND, moved_on, released, with_filed
from gateway.run.acts import ActFault, Story, change_case
from gateway.run.reports import FOLLOWED, carriers, protection_of
from gateway.run.settings import Person
from gateway.run.world import World
from gateway.sdk import jsonio
from gateway.store import Task

GIVEN = frozenset({"filed_on", "filed_by", "status", "kind"})
"""What the gateway fills in: a document that says it says nothing."""
NEEDED = ("duty", "ground", "children", "report")
UNKNOWN = "unknown"


class ReportFault(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a document: a stable code, and the field."""

    code: str
    path: str
    expected: str = ""


class ReportInvalid(Exception):
    """A document that is no report; ``faults`` holds all that is wrong with it."""

    def __init__(self, faults: list[ReportFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{one.code} at {one.path}" for one in faults))


class Kept(Struct, frozen=True, kw_only=True):
    """A report that is kept: the case file that it stands in, the item, and whether it was there before."""

    case: str
    item: str
    before: bool


def document_of(data: bytes, name: str) -> dict[str, Any]:
    """The plain value of a JSON or TOML document. Raises ``ReportInvalid`` ``report.document``."""
    try:
        found = tomllib.loads(data.decode("utf-8")) if name.endswith(".toml") else jsonio.decode(data)
    except (Fault, ValueError):
        found = None
    if not isinstance(found, dict):
        raise ReportInvalid([ReportFault(code="report.document", path="$")])
    plain: dict[str, Any] = msgspec.to_builtins(found)
    return plain


def file_report(world: World, document: Mapping[str, Any], *, by: Person) -> Kept:
    """Keep a report that an employee files. The same document by the same employee on the same day is kept once.

    ``protection`` in the document is what the employee knows of protected addresses among everybody in the report:
    ``none``, a grade, or ``unknown``. Raises ``ReportInvalid``, and ``ActFault``: ``report.no_unit``,
    ``report.no_way`` (no system carries reports: send it on paper, now).
    """
    if by.unit is None:
        raise ActFault("report.no_unit", f"people.{by.name}")
    systems = [one.name for one in carriers(world)]
    if not systems:
        raise ActFault("report.no_way", "systems")
    now, unit = world.clock(), by.unit
    fields, protection = _fields(world, document, by, now)
    mark = world.store.keys.digest(msgspec.msgpack.encode([by.name, fields, protection], order="sorted")).hex()
    case, item = world.fresh(), world.fresh()
    entry = Entry(
        kind=KIND, fields=fields, origin=_origin(world, unit), category=KIND, withheld_from_parents=True,
        recorded=day(now).isoformat(),
    )  # fmt: skip
    file = CaseFile(id=case, items={item: entry})
    with_filed(file, item, by=by.name, protection=protection)
    with world.store.write() as tx:
        before = tx.remembered(f"report/{mark}")
        if before:
            known_case, _, known_item = before.partition("/")
            return Kept(case=known_case, item=known_item, before=True)
        tx.save_cases([(case, 0, casefile.encode(file))])
        tx.append_history([(case, now, None, msgspec.msgpack.encode({"by": by.name, "changes": _story(item, fields)}))])
        tx.mark_due([(system, case) for system in systems], at=now)
        tx.remember(f"report/{mark}", f"{case}/{item}")
        tx.audit(
            [{"act": "report.filed", "by": by.name, "case": case, "duty": fields["duty"], "fields": sorted(fields),
              "at": now.isoformat()}]
        )  # fmt: skip
    return Kept(case=case, item=item, before=False)


def _fields(world: World, document: Mapping[str, Any], by: Person, now: datetime) -> tuple[dict[str, Any], str | None]:
    told = {name: value for name, value in document.items() if name != "protection"}
    service = world.settings.units[by.unit or ""].service
    faults = [ReportFault(code="report.given", path=f"$.{name}") for name in sorted(GIVEN & told.keys())]
    faults += [ReportFault(code="report.required", path=f"$.{name}") for name in NEEDED if not told.get(name)]
    protection = document.get("protection")
    if protection not in {*STRICTNESS, UNKNOWN}:
        grades = " | ".join([*STRICTNESS, UNKNOWN])
        faults.append(ReportFault(code="report.protection", path="$.protection", expected=grades))
    duty = next((one for one in world.rules.law.duties if one.code == told.get("duty")), None)
    bound = [one.code for one in world.rules.law.duties if service in one.filers and "child_welfare" in one.receivers]
    if told.get("duty") and (duty is None or duty.code not in bound):
        faults.append(ReportFault(code="report.duty", path="$.duty", expected=" | ".join(bound)))
    elif duty is not None and told.get("ground") and duty.grounds and told["ground"] not in duty.grounds:
        faults.append(ReportFault(code="report.ground", path="$.ground", expected=" | ".join(duty.grounds)))
    told.setdefault("reporter_name", by.title or by.name)
    told |= {"filed_on": day(now).isoformat(), "filed_by": service, "status": "filed"}
    for at, one in enumerate(told.get("children") or () if isinstance(told.get("children"), list) else ()):
        number = one.get("number") if isinstance(one, dict) else None
        code = world.number_fault(number, None) if isinstance(number, str) and number else None
        if code is not None:
            faults.append(ReportFault(code=code, path=f"$.children[{at}].number"))
    try:
        plain = check(KIND, {name: value for name, value in told.items() if name != "kind"})
    except Fault as fault:
        faults.append(ReportFault(code=fault.code, path=fault.path))
        plain = {}
    if faults:
        raise ReportInvalid(faults)
    return plain, None if protection == UNKNOWN else str(protection)


def _origin(world: World, unit: str) -> Any:
    return msgspec.structs.replace(world.here(unit), system=None)


def _story(item: str, fields: Mapping[str, Any]) -> Story:
    return [(item, name, None, value, None) for name, value in fields.items()]


def _one(world: World, case: str) -> tuple[CaseFile, str, Entry]:
    """A case file with the one report in it. Raises ``ActFault`` (``act.unknown_case``, ``report.none``)."""
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
    if found is None:
        raise ActFault("act.unknown_case", "case")
    file = casefile.decode(found[1])
    reports = file.of_kind(KIND)
    if len(reports) != 1:
        raise ActFault("report.none" if not reports else "report.several", "case")
    return file, *reports[0]


def unit_of(world: World, case: str) -> str | None:
    """The unit whose report it is. Raises ``ActFault``."""
    return _one(world, case)[2].origin.unit


def standing(world: World, case: str) -> dict[str, Any]:
    """How far a report has come: ``sent``, ``delivered``, ``confirmed``, ``held`` (a task says why), or ``waits``."""
    file, item, entry = _one(world, case)
    status = entry.fields.get("status")
    if status in {"sent", "delivered", "confirmed"}:
        return {"status": status}
    with world.store.read() as tx:
        asked = tx.asked_about([file.id], ("report_held", "refused", "uncertain"))
    return {"status": "held" if (file.id, item) in asked else "waits"}


def let_go(world: World, case: str, *, by: str, reason: str) -> None:
    """An authorised person sends a report that protection holds, and says why. It goes without any place.

    Raises ``ActFault`` (``act.no_reason``, ``report.gone``).
    """
    if not reason.strip():
        raise ActFault("act.no_reason", "reason")
    _, item, entry = _one(world, case)
    if entry.fields.get("status") != "filed":
        raise ActFault("report.gone", "case")

    def change(file: CaseFile) -> Story:
        with_filed(file, item, sent_by=by, reason=reason)
        return [(item, "sent_by", None, by, None)]

    change_case(world, case, by, "report.let_go", change, reason=reason, also=lambda tx: tx.mark_due(
        [(one.name, case) for one in carriers(world)], at=world.clock()
    ))  # fmt: skip


def confirm(world: World, case: str, *, by: str) -> None:
    """Child welfare has confirmed that it has the report (barnevernsloven § 13-3): its deadlines are over."""
    _, item, _ = _one(world, case)
    change_case(world, case, by, "report.confirmed", lambda file: moved_on(file, item, "confirmed"))


def on_paper(world: World, case: str, *, by: str) -> bytes:
    """The report as a PDF, released by the duty, to be sent by post or carried. No system sends it after that.

    Raises ``ActFault`` (``report.held``: an authorised person must let it go first; ``report.no_way``), and what the
    carrier raises.
    """
    file, item, entry = _one(world, case)
    systems = carriers(world)
    if not systems:
        raise ActFault("report.no_way", "systems")
    system = systems[0]
    with world.store.read() as tx:
        protection = protection_of(world, tx, file)
    made, decision = released(
        file=file, item=item, entry=entry, protection=protection, system=system.name, parties=world.parties(),
        at=world.clock(), rules=world.rules,
    )  # fmt: skip
    if made is None:
        raise ActFault("report.held", "case")
    paper = world.adapters[system.name].on_paper(made)

    def change(file: CaseFile) -> Story:
        with_filed(file, item, by_hand=True)
        return moved_on(file, item, "sent")

    names, rules = tuple(made.fields), tuple(decision.rules)
    key = hashlib.sha256(f"paper/{case}/{item}/{world.clock().isoformat()}".encode()).hexdigest()
    told = (case, item, system.name, world.clock(), names, rules, decision.secrecy_basis, key)
    change_case(world, case, by, "report.printed", change, also=lambda tx: tx.add_disclosures([told]))
    return paper


def listed(world: World, units: frozenset[str]) -> list[dict[str, Any]]:
    """Every report of some units: where it stands, and what waits, without a word of what it says."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        with world.store.read() as tx:
            cases = tx.case_ids(after=after)
            files = [casefile.decode(body) for _, body in tx.load_cases(cases).values()]
        for file in files:
            for item, entry in file.of_kind(KIND):
                if entry.origin.unit in units:
                    found.append(_line(file, item, entry))
        if not cases:
            return found
        after = cases[-1]


def _line(file: CaseFile, item: str, entry: Entry) -> dict[str, Any]:
    filed = file.reports.get(item)
    sent = sorted(name for name, peers in file.peers.items() if item in peers and peers[item].native is not None)
    return {
        "report": file.id,
        "status": entry.fields.get("status") or "filed",
        "filed_on": entry.fields.get("filed_on"),
        "unit": entry.origin.unit,
        "by": filed.by if filed is not None else None,
        "systems": sent,
        "on_paper": filed.by_hand if filed is not None else False,
    }


def count(world: World, there: frozenset[str], *, until: datetime, by: str) -> list[dict[str, Any]]:
    """Reports that a receiver has acknowledged and does not have: each is a task, and somebody calls at once.

    ``there`` are the service's own ids of what child welfare has saved, by their own list, which was made at ``until``;
    what was sent later is not missed.
    """
    missing: list[dict[str, Any]] = []
    tasks: list[Task] = []
    now = world.clock()
    for system in carriers(world):
        for one in world.store.vault.under_way(system.name, after=until - FOLLOWED):
            if one.trace is None or one.trace in there or one.since >= until:
                continue
            with world.store.read() as tx:
                found = tx.load_cases([one.case]).get(one.case)
            entry = casefile.decode(found[1]).items.get(one.item) if found is not None else None
            missing.append({"report": one.case, "id": one.trace, "state": one.state, "since": one.since.isoformat()})
            tasks.append(
                Task(
                    kind="report_lost", dedupe=f"report_lost/{one.case}/{one.item}", at=now, case=one.case,
                    item=one.item, system=system.name, deadline=now,
                    unit=entry.origin.unit if entry is not None else system.unit,
                    body=msgspec.json.encode({"id": one.trace, "state": one.state, "since": one.since.isoformat()}),
                )
            )  # fmt: skip
    with world.store.write() as tx:
        tx.add_tasks(tasks)
        tx.audit(
            [{"act": "report.counted", "by": by, "there": len(there), "missing": [one["report"] for one in missing],
              "until": until.isoformat(), "at": now.isoformat()}]
        )  # fmt: skip
    return missing
