"""No silence: what is due in a case becomes one task for its owner, and goes to a leader when nobody answers.

Only cases that changed, or for which a day has come, are opened: each case's next day stands beside it in the store.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

import msgspec

from gateway.core import casefile, deadlines
from gateway.core.ages import day, starts
from gateway.core.casefile import CaseFile
from gateway.core.deadlines import Watch
from gateway.core.terms import Deadline
from gateway.run.conflicting import keep_questions
from gateway.run.lawwatch import look_at_law
from gateway.run.mapfiles import FilesInvalid, load_terms
from gateway.run.nearness import found_by
from gateway.run.owners import known_unit
from gateway.run.quiet import look_at_systems
from gateway.run.settings import Settings
from gateway.run.tally import Tally
from gateway.run.world import World
from gateway.store import Look, Task, Tx

CASES = 300
"""Cases looked at in one transaction."""

WATCHED = ("overdue", "follow_up", "renewal", "report")
"""The kinds of task that are made of deadlines, and settled by themselves when what they ask for has been done."""

OFFERED = ("offer", "handover", "handover_consent")
"""Kinds of task that ask about an offer of the baton already: its deadline asks nobody twice while one stands."""

WITHIN: Mapping[str, int] = MappingProxyType(
    {"guard": 1, "system": 1, "uncertain": 2, "remove": 3, "retraction": 3, "receipt": 1, "quiet": 1, "held": 3,
     "differs": 2, "notice": 2, "refused": 7, "enter": 7, "adoption": 30, "lock": 3, "look": 7, "inform": 7,
     "unusual": 7, "wording": 7, "copy": 14, "close_log": 14, "access": 30, "report_held": 1, "report_lost": 1,
     "webhook": 2}
)  # fmt: skip
"""Days that a task of a kind has before it goes to a leader; ``OTHERWISE`` for the rest. Ours."""

OTHERWISE = 14

OFFICER = "privacy"
AGAIN = timedelta(days=3)
"""How long after a deadline the privacy officer is told of it once more."""


@lru_cache(maxsize=8)
def _rules(model: str, folder: str | None) -> tuple[Deadline, ...]:
    try:
        return tuple(load_terms(model, folder=folder).deadlines)
    except FilesInvalid:  # told by ``bti check``; the deadlines that every case has hold meanwhile
        return ()


def rules_of(settings: Settings) -> tuple[Deadline, ...]:
    """The deadlines of the municipality's model."""
    return _rules(settings.model, settings.folder or None)


def surveys_of(settings: Settings) -> frozenset[str]:
    """The types of meeting after which the municipality's model asks the family for their experience."""
    return _surveys(settings.model, settings.folder or None)


@lru_cache(maxsize=8)
def _surveys(model: str, folder: str | None) -> frozenset[str]:
    try:
        return frozenset(one.code for one in load_terms(model, folder=folder).meeting_types if one.survey)
    except FilesInvalid:
        return frozenset()


def watch(world: World, tally: Tally) -> None:
    """Look at what is to be looked at, and let a leader know of what nobody has answered in time."""
    renew(world)
    look(world, tally)
    look_at_systems(world, tally)
    look_at_law(world, tally)
    escalate(world)


def renew(world: World) -> None:
    """When the model's deadlines, or the age of consent, have changed, every case is looked at again."""
    told = [msgspec.to_builtins(one) for one in (*deadlines.DEFAULTS.values(), *rules_of(world.settings))]
    mark = world.store.keys.digest(
        msgspec.json.encode(
            [
                told,
                world.settings.policy.self_consent_age,
                sorted(world.settings.units),
                sorted((name, one.unit) for name, one in world.settings.systems.items()),
                sorted((name, one.unit) for name, one in world.settings.people.items()),
                sorted(surveys_of(world.settings)),
            ]
        )
    ).hex()
    with world.store.read() as tx:
        if tx.remembered("deadlines") == mark:
            return
    with world.store.write() as tx:
        tx.look_at_everything()
        tx.remember("deadlines", mark)


def look(world: World, tally: Tally) -> None:
    """Look at every case that changed or for which a day has come."""
    while True:
        now = world.clock()
        with world.store.read() as tx:
            if not tx.looks(now=now, limit=1):
                return
        with world.store.write() as tx:
            tally.tasks += _look(world, tx, tx.looks(now=now, limit=CASES), now)
        world.step("watched")


def _look(world: World, tx: Tx, looks: list[Look], now: datetime) -> int:
    found = tx.load_cases([one.case for one in looks])
    rules, today, age = deadlines.grouped(rules_of(world.settings)), day(now), world.settings.policy.self_consent_age
    offered = tx.asked_about([one.case for one in looks], OFFERED)
    surveys = surveys_of(world.settings)
    tasks: list[Task] = []
    seen: list[tuple[Look, date | None]] = []
    gone: list[Look] = []
    files: dict[str, CaseFile] = {}
    units: dict[str, set[str]] = {}
    for one in looks:
        if one.case not in found:
            gone.append(one)
            continue
        file = files[one.case] = casefile.decode(found[one.case][1])
        units[file.id] = found_by(world.settings, file)
        runs = deadlines.running(file, rules, self_consent_age=age, surveys=surveys)
        asked, again = deadlines.asked(runs, file.answered, today)
        if any((file.id, one.item) in offered for one in asked):
            asked, again = [one for one in asked if (file.id, one.item) not in offered], today + timedelta(days=1)
        tasks += _tasks(world, file, asked, now)
        seen.append((one, again))
    made = tx.keep_tasks(tasks, cases=[one.case for one in looks], kinds=WATCHED, at=now)
    conflicts, waits = keep_questions(world, tx, files.values(), now)
    tomorrow = today + timedelta(days=1)
    days = [(one, tomorrow if one.case in waits else again) for one, again in seen]  # no day is nearer than tomorrow
    tx.looked([(one, starts(again) if again is not None else None) for one, again in days])
    tx.set_units(units, at=now)
    tx.unlook(gone)
    return made + conflicts


def _tasks(world: World, file: CaseFile, asked: Iterable[Watch], now: datetime) -> Iterator[Task]:
    """One task for each who is asked and each sort of question, whatever number of deadlines it is about."""
    by_owner: dict[tuple[str, str | None], list[Watch]] = {}
    for one in asked:
        by_owner.setdefault((one.sort, answering_unit(world, file, one)), []).append(one)
    for (sort, unit), each in by_owner.items():
        about = [
            {"code": one.code, "item": one.item, "kind": file.items[one.item].kind, "due": one.due.isoformat(),
             "escalates": one.escalates.isoformat()}
            for one in each
        ]  # fmt: skip
        yield Task(
            kind=sort,
            dedupe=f"{sort}/{file.id}/{unit}",
            at=now,
            case=file.id,
            item=each[0].item if len({one.item for one in each}) == 1 else None,
            unit=unit,
            deadline=starts(min(one.escalates for one in each)),
            body=msgspec.json.encode({"deadlines": about}),
        )


def answering_unit(world: World, file: CaseFile, one: Watch) -> str | None:
    """The unit of the settings that answers for a deadline."""
    settings, entry = world.settings, file.items[one.item]
    system = settings.systems.get(entry.origin.system or "")
    case = file.case()
    return known_unit(
        settings,
        deadlines.owner(file, one),
        entry.origin.unit,
        system.unit if system is not None else None,
        case.origin.unit if case is not None and one.sort != "report" else None,
    )


def deadline_of(kind: str, at: datetime) -> datetime:
    """Until when a task of a kind that was made without a deadline is to be answered."""
    return at + timedelta(days=WITHIN.get(kind, OTHERWISE))


def escalate(world: World) -> None:
    """Every open task has a deadline; one that has passed makes the task a leader's."""
    now = world.clock()
    with world.store.read() as tx:
        open_ones = tx.running()
    undated = [(one.id, deadline_of(one.kind, one.at)) for one in open_ones if one.deadline is None]
    passed = [one for one in open_ones if (one.deadline or deadline_of(one.kind, one.at)) <= now]
    late = [one.id for one in passed if one.role not in {"leader", OFFICER}]
    again = [(one.id, now + AGAIN) for one in passed if one.role == OFFICER]
    if not undated and not late and not again:
        return
    with world.store.write() as tx:
        tx.date_tasks(undated)
        tx.escalate_tasks(late, role="leader")
        if late:
            tx.audit([{"act": "escalated", "tasks": late, "at": now.isoformat()}])
        if again:  # nobody stands above the privacy officer here, who is told again until it is answered
            tx.date_tasks(again)
            tx.escalate_tasks([name for name, _ in again], role=OFFICER)
            tx.audit([{"act": "reminded", "tasks": [name for name, _ in again], "at": now.isoformat()}])
    world.step("escalated")
