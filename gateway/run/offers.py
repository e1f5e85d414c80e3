"""What days and consents have brought to the offers of the baton: over, passed on, or a leader's to ask about.

Each round asks it. A case is opened when it was saved since the last look, when an offer's day has come, or while a yes
waits for the consent, which may come to be covered by what stands in no case (a block that is lifted, a basis that was
read). Of every other case with an offer only a mark is read: its version and the next day of its offers.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial

from gateway.core import casefile
from gateway.core.ages import day
from gateway.core.baton import due, next_day
from gateway.core.casefile import CaseFile
from gateway.core.turns import PRECEDENCE, Baton, BatonTerms, Cover, Expire
from gateway.run.batons import TASKS, perform, read, task
from gateway.run.covering import covered
from gateway.run.models import baton_terms
from gateway.run.world import World
from gateway.store import Task

TOLD = "offer/"
"""Under this and the case's id stands that a product told of an offer: the product asks, and we look at its days."""

RESTS = "offer rests/"
"""Under this and the case's id stands the version whose offers were looked at, until when, and by which days."""


def pass_time(world: World) -> int:
    """What days and consents have brought since the last look, in every case with an offer. How many tasks were made.

    Offers that systems told of are taken up here as well.
    """
    terms, today = baton_terms(world.settings), day(world.clock())
    with world.store.read() as tx:
        told, rested = tx.marked(TOLD), tx.marked(RESTS)
        cases = sorted({*tx.cases_asked(TASKS), *told})
        versions = tx.versions(cases)
    looked_at = [case for case in cases if not _rests(rested.get(case, ""), versions.get(case), terms, today)]
    made, marks = 0, dict[str, str]()
    for case in looked_at:
        tasks, marks[case] = _look(world, case, terms)
        made += tasks
    over = [case for case in looked_at if case in told and not _stands(world, case)]
    _note(world, over, told, {case: marks.get(case, rested.get(case, "")) for case in cases}, rested)
    return made


def _note(
    world: World, over: list[str], told: Mapping[str, str], marks: Mapping[str, str], rested: Mapping[str, str]
) -> None:  # fmt: skip
    """Write down which cases rest, and forget what is over."""
    gone = [case for case in rested if not marks.get(case)]
    fresh = {case: mark for case, mark in marks.items() if mark and mark != rested.get(case)}
    if not (over or gone or fresh):
        return
    with world.store.write() as tx:
        for case in over:
            tx.forget(f"{TOLD}{case}", told[case])  # not one that was told of meanwhile
        for case in gone:
            tx.forget(f"{RESTS}{case}", rested[case])
        for case, mark in fresh.items():
            tx.remember(f"{RESTS}{case}", mark)


def _rests(mark: str, version: int | None, terms: BatonTerms, today: date) -> bool:
    """Whether a case is as it was when it was looked at, and no day of its offers has come since."""
    seen, _, rest = mark.partition(" ")
    until, _, days = rest.partition(" ")
    return mark != "" and seen == str(version) and days == _days(terms) and today < date.fromisoformat(until)


def _days(terms: BatonTerms) -> str:
    return f"{terms.answer_days} {terms.expire_days}"


def _look(world: World, case: str, terms: BatonTerms) -> tuple[int, str]:
    """Bring one case's offers up to date: over when their days are, passed when the consent covers, told to the leader.

    How many tasks were made, and the mark of what was seen; ``""`` where the next round looks again. What the look
    itself changes is another version than the mark's.
    """
    now = world.clock()
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
    if found is None:
        return 0, ""
    file = casefile.decode(found[1])
    batons = [one for one in (read(world, file, role, terms) for role in PRECEDENCE) if one.offer is not None]
    made = sum(_bring(world, case, baton, now) for baton in batons)
    until = min((next_day(one, day(now)) for one in batons), default=day(now))
    return made, f"{found[0]} {until.isoformat()} {_days(terms)}" if until > day(now) else ""


def _bring(world: World, case: str, baton: Baton, now: datetime) -> int:
    made, role = 0, baton.role
    for one in due(baton, day(now)):
        turn = baton.turn(one.item)
        if turn is None:
            continue
        if one.what == "expire":
            perform(world, case, role, None, partial(_expire, one.item), act="expire")
        elif one.what == "escalate":
            made += _remind(world, task("handover", case, turn, baton, now), case)
        elif not perform(world, case, role, None, partial(_cover, world, role, one.item), act="cover").done:
            made += _remind(world, task("handover_consent", case, turn, baton, now), case)
    return made


def _stands(world: World, case: str) -> bool:
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
    file = None if found is None else casefile.decode(found[1])
    return file is not None and any(read(world, file, role).offer is not None for role in PRECEDENCE)


def _expire(item: str, _: CaseFile, on: date) -> Expire:
    return Expire(item=item, on=on)


def _cover(world: World, role: str, item: str, file: CaseFile, on: date) -> Cover:
    turn = read(world, file, role).turn(item)
    fits = turn is not None and covered(world, file, role=role, unit=turn.unit, service=turn.service)
    return Cover(item=item, on=on, covered=fits)


def _remind(world: World, wanted: Task, case: str) -> int:
    """Make a task once for an offer: one that was answered without an end of the offer is not made again."""
    with world.store.write() as tx:
        known = {(one.kind, one.item) for one in tx.tasks(state="all", case=case, kind=wanted.kind)}
        return 0 if (wanted.kind, wanted.item) in known else len(tx.add_tasks([wanted]))
