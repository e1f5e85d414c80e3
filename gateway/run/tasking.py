"""Tasks that a batch leads to: about one sending, and what the gate asks of a person."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec

from gateway.core.casefile import CaseFile
from gateway.core.crossing import plan_of
from gateway.core.reports import KIND as REPORT
from gateway.core.retraction import ANSWER_WITHIN
from gateway.run.batch import Batch, Decided, Job
from gateway.store import Task

OFFICER = "privacy"
"""The role that answers for what the law is read as."""

HELD = timedelta(hours=4)
"""How long a report may be held before a leader is asked. Ours."""


def task_of(batch: Batch, kind: str, file: CaseFile, job: Job, *, values: bool = False) -> Task:
    """A task about one sending; only one that a person is to carry out by hand holds the released values."""
    release = job.sending.release
    receipt = job.receipt
    body: dict[str, Any] = {
        "key": job.key,
        "kind": release.kind,
        "fields": sorted(release.changed or release.retracts),
        "items": sorted(job.sending.values),
        "whole": release.retract_all,
        "code": receipt.code if receipt is not None else None,
        "path": receipt.path if receipt is not None else None,
    }
    if values:
        body["enter"] = [
            {"item": one.id, "kind": one.kind, "native_id": one.native_id, "values": dict(one.fields),
             "changed": list(one.changed)}
            for one in (release, *release.parts)
        ]  # fmt: skip
    return Task(
        kind=kind,
        dedupe=f"{kind}/{file.id}/{release.id}/{batch.system.name}/{job.key if values or job.retract else ''}",
        at=batch.world.clock(),
        case=file.id,
        item=release.id,
        system=batch.system.name,
        unit=_unit(batch, kind, file, release.id),
        deadline=batch.world.clock() + ANSWER_WITHIN if job.retract else None,
        body=msgspec.json.encode(body),
    )


def _unit(batch: Batch, kind: str, file: CaseFile, item: str) -> str | None:
    """Who answers for it: who works in the system, or who has the case; for a report those who filed it, alone."""
    entry, case = file.items.get(item), file.case()
    if entry is not None and entry.kind == REPORT:
        return entry.origin.unit
    if kind in {"enter", "remove"}:
        return batch.system.unit
    return case.origin.unit if case is not None else None


def tasks_after(batch: Batch, file: CaseFile, job: Job) -> Iterator[Task]:
    """What a person must do once something has arrived.

    A plan that replaces the log stands in its own product: is the log to be closed? What was made in a system that
    tells nothing must be looked at there. Those whom the law says are to be told of it are told by a named person.
    """
    yield from _to_be_told(batch, file, job)
    if not job.sending.create:
        return
    system, able = batch.system, batch.adapter.capabilities
    found, case = plan_of(file), file.case()
    if found is not None and found[0].system == system.name and found[0].plan in job.sending.values:
        yield _told(batch, "close_log", file, unit=case.origin.unit if case is not None else None)
    # Who tells that it was handled there needs no person to go and look.
    if able.create_only and not (able.reads or able.manual or able.duty) and "processed" not in able.receipts:
        yield _told(batch, "look", file, unit=system.unit)


def _to_be_told(batch: Batch, file: CaseFile, job: Job) -> Iterator[Task]:
    """One task a case for the persons who must hear of it; who is heard before a consent is told with it."""
    decisions = job.sending.decisions.values()
    persons = sorted(
        {one for each in decisions for one in each.inform} - {one for each in decisions for one in each.heard}
    )
    case = file.case()
    if persons:
        yield Task(
            kind="inform",
            dedupe=f"inform/{file.id}/" + ",".join(persons),
            at=batch.world.clock(),
            case=file.id,
            unit=case.origin.unit if case is not None else batch.system.unit,
            once=True,
            body=msgspec.json.encode(
                {"inform": persons, "rules": sorted({rule for each in decisions for rule in each.rules})}
            ),
        )


def _told(batch: Batch, kind: str, file: CaseFile, *, unit: str | None) -> Task:
    return Task(
        kind=kind,
        dedupe=f"{kind}/{file.id}/{batch.system.name}",
        at=batch.world.clock(),
        case=file.id,
        system=batch.system.name,
        unit=unit or batch.system.unit,
        body=msgspec.json.encode({"task": kind}),
    )


_STRANGERS = ("people",)
"""What is unknown of an item about someone who is not of the family, an employee say: it stays, and nobody is asked."""

READ, REPAIR = "verify_legal_basis", "repair_rule"
_EVERYBODYS = frozenset({READ, REPAIR})
"""What is asked once for the municipality and not for each case: the law and the rules are the same in all of them.

Whoever has seen it is not asked again while it lasts; ``lawwatch`` says when it is over.
"""


def held_tasks(batch: Batch) -> Iterator[Task]:
    """What the gate asks of a person before anything more of a case can leave: one task for each thing asked."""
    for case, decided in batch.decided.items():
        entry = decided.file.case()
        if batch.adapter.capabilities.duty:
            yield from _held_reports(batch, case, decided)
            continue
        asked = {
            one.decision.task: one.decision
            for one in decided.plan.withheld
            if one.decision is not None and one.decision.task is not None and one.decision.unknown != _STRANGERS
        }
        for task, decision in asked.items():
            body = {"task": task, "rules": list(decision.rules), "unknown": list(decision.unknown)}
            own = task not in _EVERYBODYS
            yield Task(
                kind="gate",
                dedupe=f"gate/{case}/{task}" if own else f"gate/{task}",
                at=batch.world.clock(),
                case=case if own else None,
                unit=entry.origin.unit if own and entry is not None else None,
                role=OFFICER if task == READ else None,
                once=not own,
                body=msgspec.json.encode(body),
            )


def _held_reports(batch: Batch, case: str, decided: Decided) -> Iterator[Task]:
    """A report that does not go by itself: one task each, for those who filed it and nobody else, due within a day."""
    for one in decided.plan.withheld:
        if one.kind != REPORT or one.decision is None:
            continue
        old = one.decision.effect in {"permit", "partial"}  # held for its age alone
        body = {
            "task": "report_old" if old else one.decision.task or "report_held",
            "rules": list(one.decision.rules),
            "unknown": list(one.decision.unknown),
        }
        yield Task(
            kind="report_held",
            dedupe=f"report_held/{case}/{one.item}",
            at=batch.world.clock(),
            case=case,
            item=one.item,
            unit=decided.file.items[one.item].origin.unit,
            deadline=batch.world.clock() + HELD,
            body=msgspec.json.encode(body),
        )
