"""Unusual looks: at night, at many cases in a day, at cases that are none of one's business. Each is answered for.

They are found in the audit log, of which only what is new is read. Whom they are about never answers for them.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from gateway.core.ages import OSLO
from gateway.run.settings import Settings
from gateway.run.tally import Tally
from gateway.run.world import World
from gateway.store import Busy, Task, Tx

Why = Literal["night", "many", "outside"]

MANY = 25
"""Cases that one person looks at in a day before it is unusual."""

OUTSIDE = 3
"""Cases that are none of a person's business, and that they try on one day before it is unusual."""

NIGHT = range(6)
"""Hours in which a look is unusual."""

KIND = "unusual"
"""The kind of task that the privacy officer answers, with a reason."""

_READ, _DAY = "looks/read", "looks/day"

AT_ONCE = 5000
"""Entries of the log that are read in one transaction."""

_ACTS = ("looked", "kept_out")


class Day(Struct, kw_only=True):
    """What each person has looked at on one day so far."""

    on: str = ""
    cases: dict[str, list[str]] = {}
    tried: dict[str, list[str]] = {}
    told: list[str] = []
    """What a task has been made of already: person and why."""


class Found(Struct, frozen=True, kw_only=True):
    """One thing that somebody must answer for."""

    by: str
    on: str
    why: Why
    n: int
    what: str
    at: str


def review(world: World, tally: Tally) -> None:
    """Go through what is new in the log. One process at a time does it."""
    try:
        with world.store.lane("@looks", 0.0):
            while _some(world, tally):
                world.step("reviewed")
    except Busy:
        return


def _some(world: World, tally: Tally) -> bool:
    """One portion of the log; whether there is more."""
    with world.store.read() as tx:
        size, told = tx.tree()[0], tx.remembered(_READ)
        first = int(told) if told else max(0, size - AT_ONCE)
        entries = list(tx.entries_from(first, limit=AT_ONCE, acts=_ACTS))
        kept = tx.remembered(_DAY)
    if not entries and size - first < AT_ONCE // 5:
        return False  # nothing to note: what is read again costs less than writing that it was read
    seen = msgspec.json.decode(kept, type=Day) if kept else Day()
    found = [each for one in entries for each in unusual(seen, one)]
    with world.store.write() as tx:
        tally.tasks += _tell(world, tx, found)
        tx.remember(_READ, str(min(size, first + AT_ONCE)))
        tx.remember(_DAY, msgspec.json.encode(seen).decode())
    return first + AT_ONCE < size


def unusual(seen: Day, entry: dict[str, Any]) -> list[Found]:
    """What one more entry of the log makes unusual; ``seen`` is brought up to date. Each is told once a day."""
    at = datetime.fromisoformat(entry["at"]).astimezone(OSLO)
    on, by, what = at.date().isoformat(), str(entry["by"]), str(entry.get("what", ""))
    if on > seen.on:
        seen.on, seen.cases, seen.tried, seen.told = on, {}, {}, []
    if on < seen.on:
        return []  # told late, by a clock that went back: that day has been gone through
    if entry["act"] == "kept_out":
        held = seen.tried.setdefault(by, [])
        new = [entry["case"]]
    else:
        held = seen.cases.setdefault(by, [])
        new = list(entry.get("cases", ()))
    held += [case for case in dict.fromkeys(new) if case not in held]
    found: list[tuple[Why, int]] = []
    if at.hour in NIGHT and entry["act"] == "looked":
        found.append(("night", len(held)))
    if entry["act"] == "looked" and len(held) > MANY:
        found.append(("many", len(held)))
    if entry["act"] == "kept_out" and len(held) >= OUTSIDE:
        found.append(("outside", len(held)))
    told = [(why, n) for why, n in found if f"{by}/{why}" not in seen.told]
    seen.told += [f"{by}/{why}" for why, _ in told]
    return [Found(by=by, on=on, why=why, n=n, what=what, at=entry["at"]) for why, n in told]


def _tell(world: World, tx: Tx, found: list[Found]) -> int:
    tasks = [
        Task(
            kind=KIND,
            dedupe=f"{KIND}/{one.by}/{one.on}/{one.why}",
            at=world.clock(),
            role=answers_for(world.settings, one.by),
            body=msgspec.json.encode(one),
        )
        for one in found
    ]
    return len(tx.add_tasks(tasks)) if tasks else 0


def answers_for(settings: Settings, by: str) -> str:
    """Whose the task is: the privacy officer's, and a leader's where it is the privacy officer who looked."""
    person = settings.people.get(by)
    return "leader" if person is not None and person.role == "privacy" else "privacy"
