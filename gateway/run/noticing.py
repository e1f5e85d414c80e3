"""Who has something waiting is told that there is something, and nothing of what.

Nothing goes out about a case in which anybody's address is protected, nor about one that cannot be read: such a task
waits in the list alone. What is not urgent is told once a day.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from gateway.core import casefile
from gateway.core.ages import OSLO
from gateway.core.casefile import CaseFile
from gateway.core.codes import plain_code
from gateway.core.notices import TEXTS
from gateway.run.owners import owners
from gateway.run.tally import Tally
from gateway.run.world import World
from gateway.sdk import AdapterError, Notice, Unreachable
from gateway.store import Busy, Task, Tx, Wanted

URGENT = frozenset({"report", "receipt", "guard", "retraction"})
"""Kinds of task that are told at once, as is everything that has become a leader's."""

UNTOLD = frozenset({"notice"})
"""Kinds of task that no notice tells of: a notice could not be sent."""

BACK_OFF = (300, 900, 3600, 4 * 3600)
"""Seconds until a notice that could not be sent is tried again."""

TRIES = 4
"""Tries after which a person is asked to look at the notifier."""

AT_ONCE = 2000
"""Tasks told of in one transaction."""


def notice(world: World, tally: Tally) -> None:
    """Tell those for whom something is new, where the settings name a notifier. One process at a time does it."""
    if world.settings.notices is None:
        return
    try:
        with world.store.lane("@notices", 0.0):
            gather(world)
            send(world, tally)
    except Busy:
        return


def gather(world: World) -> None:
    """Note who is to be told of tasks that are new, or new to a leader."""
    with world.store.read() as tx:
        fresh = [one for one in tx.running() if not one.noticed and one.kind not in UNTOLD][:AT_ONCE]
        if not fresh:
            return
        shielded = protected(world, tx, {one.case for one in fresh if one.case is not None})
    people = world.settings.people
    wanted = [
        (name, one.role == "leader" or one.kind in URGENT)
        for one in fresh
        if one.case is None or one.case not in shielded
        for name in ([one.person] if one.person in people else owners(world.settings, unit=one.unit, role=one.role))
        if people[name].mail
    ]
    with world.store.write() as tx:
        tx.want_notices(wanted, at=world.clock())
        tx.tasks_noticed([one.id for one in fresh], at=world.clock())
    world.step("noticed")


def protected(world: World, tx: Tx, cases: Iterable[str]) -> set[str]:
    """The cases in which anybody's address is protected, or of which nothing can be read."""
    wanted = sorted(cases)
    files = {case: casefile.decode(body) for case, (_, body) in tx.load_cases(wanted).items()}
    people = sorted({item for file in files.values() for item, _ in file.of_kind("person")})
    held = world.store.vault.restrictions(cases=wanted, people=people) if wanted else []
    shut = {one.case for one in held if one.kind == "protection"}
    whom = {one.person for one in held if one.kind == "protection"}
    return {case for case in wanted if case in shut or case not in files or _is_protected(files[case], whom)}


def _is_protected(file: CaseFile, held: set[str | None]) -> bool:
    return any(
        item in held or entry.fields.get("protection") not in {None, "none"}
        for item, entry in file.items.items()
        if entry.kind == "person"
    )


def send(world: World, tally: Tally) -> None:
    """Send what may go now. A notifier that cannot be reached is left until later."""
    now = world.clock()
    with world.store.read() as tx:
        waiting = [one for one in tx.notices() if _may_go(world, one, now)]
    for one in waiting:
        person = world.settings.people.get(one.person)
        fault = _send(world, one, person.mail) if person is not None and person.mail else None
        with world.store.write() as tx:
            if fault is None:
                tx.notice_sent(one, at=now)
                tx.resolve_same(["notice"], by="", outcome="settled", at=now)
                tx.audit([{"act": "noticed", "person": one.person, "at": now.isoformat()}])
                continue
            wait = world.jitter(BACK_OFF[min(one.attempts, len(BACK_OFF) - 1)])
            tx.notice_failed(one, until=now + timedelta(seconds=wait), code=fault.code)
            if one.attempts + 1 >= TRIES or not isinstance(fault, Unreachable):
                tally.tasks += len(tx.add_tasks([_task(now, fault.code)]))
        if isinstance(fault, Unreachable):
            return


def _may_go(world: World, one: Wanted, now: datetime) -> bool:
    """Whether it is time: at once for what is urgent, else at the day's hour, and once a day."""
    if one.not_before > now:
        return False
    if one.urgent or world.settings.notices is None:
        return True
    here = now.astimezone(OSLO)
    hour = here.replace(hour=world.settings.notices.hour, minute=0, second=0, microsecond=0)
    return here >= hour and one.since < now and (one.told_at is None or one.told_at < hour)


def _send(world: World, one: Wanted, address: str) -> AdapterError | None:
    notifier = world.notifier
    if notifier is None:
        return Unreachable("notifier.broken")
    language = world.settings.language
    subject, text = TEXTS[language]
    key = world.store.keys.digest(f"notice/{one.person}/{one.since.isoformat()}".encode()).hex()
    try:
        notifier.send(Notice(key=key, to=address, subject=subject, text=text, language=language))
    except AdapterError as error:
        return type(error)(plain_code(error.code))
    except Exception:  # noqa: BLE001 - the boundary to plugins; the text may hold a value
        return Unreachable("notifier.failed")
    return None


def _task(now: datetime, code: str) -> Task:
    return Task(kind="notice", dedupe="notice", at=now, once=True, body=msgspec.json.encode({"code": code}))


def told(world: World, tx: Tx) -> dict[str, Any]:
    """What ``bti status`` says of notices: how many wait, since when, and why."""
    waiting = tx.notices()
    return {
        "notifier": world.settings.notices.plugin if world.settings.notices is not None else None,
        "waiting": len(waiting),
        "oldest": min(one.since for one in waiting).isoformat() if waiting else None,
        "failed": sorted({one.code for one in waiting if one.code}),
    }
