"""What the second engine reads from a scenario: plain functions over the JSON, nothing kept, nothing shared.

The second engine (``second_engine``, ``second_signatures`` and this) was written from the statute summaries, the
table of rules, the contract and the recorded choices of law, and not from ``gateway/core/rules``. It decides a
scenario as its JSON stands, knows nothing of the first engine's types, and prefers being read to being fast.
"""

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

Scenario = dict[str, Any]
NORWAY = ZoneInfo("Europe/Oslo")
LAW = Path(__file__).parents[2] / "gateway" / "core" / "law"


class Unknown(Exception):
    """A rule asks for a fact that nobody has told."""


@cache
def instant(text: str) -> datetime:
    """A time with an offset."""
    return datetime.fromisoformat(text)


@cache
def today(at: str) -> date:
    """The date in Norway at a time."""
    return instant(at).astimezone(NORWAY).date()


@cache
def span(text: str) -> tuple[datetime, datetime]:
    """The first and last instant that a time or a date stands for."""
    if "T" in text:
        return instant(text), instant(text)
    begins = datetime.combine(date.fromisoformat(text), datetime.min.time(), NORWAY)
    ends = datetime.combine(date.fromisoformat(text) + timedelta(days=1), datetime.min.time(), NORWAY)
    return begins, ends - timedelta(microseconds=1)


@cache
def years(born: str, at: str) -> int | None:
    """Whole years in Norway: birthdays are counted one by one; somebody born on 29 February has theirs on 1 March."""
    birth, now = date.fromisoformat(born), today(at)
    if now < birth:
        return None
    count = 0
    while _birthday(birth, count + 1) <= now:
        count += 1
    return count


def _birthday(birth: date, count: int) -> date:
    try:
        return birth.replace(year=birth.year + count)
    except ValueError:
        return date(birth.year + count, 3, 1)


def age(s: Scenario, person: str | None = None) -> int | None:
    """The age of the subject, or of another in the case; ``None`` when unknown or not born."""
    who = someone(s, person) if person is not None else s.get("subject")
    born = (who or {}).get("birth_date")
    return None if born is None else years(born, s["at"])


def someone(s: Scenario, person: str) -> Scenario | None:
    """The subject or another by id."""
    everyone = [s.get("subject") or {}, *(s.get("people") or ())]
    return next((one for one in everyone if one.get("id") == person), None)


def part(s: Scenario, name: str) -> Scenario:
    """An object of the scenario; empty when nobody told it."""
    return s.get(name) or {}


def policy(s: Scenario) -> Scenario:
    """What the municipality has set."""
    found: Scenario = part(s, "municipality").get("policy") or {}
    return found


def protections(s: Scenario) -> set[str | None]:
    """The grades of everyone in the case; ``None`` among them when somebody's is unknown."""
    subject, people = s.get("subject"), s.get("people")
    if people is None:
        return {None, (subject or {}).get("protection")}
    grades = {one.get("protection") for one in [subject or {}, *people]}
    for guardian in s.get("guardians") or ():
        if someone(s, guardian["person"]) is None:
            grades.add(None)
    return grades


# Guardian situations, as the table of the law summaries names them.


def situation(s: Scenario) -> tuple[str, set[str], set[str]]:
    """The guardian situation, who holds it, and with whom of them the child lives.

    ``G1`` joint (together, or shared residence, which is G3), ``G2`` joint and apart, ``G4`` sole, ``G7`` a verge,
    ``none`` nobody, ``G10`` unknown or contradictory; ``G1?`` joint, and nobody knows where the child lives.
    """
    told = s.get("guardians")
    if told is None:
        return "G10", set(), set()
    said: dict[str, set[str | None]] = {}
    homes: dict[str, set[bool | None]] = {}
    for one in told:
        said.setdefault(one["person"], set()).add(one.get("responsibility"))
        homes.setdefault(one["person"], set()).add(one.get("resident"))
    contradicted = any(len(words) > 1 for words in (*said.values(), *homes.values()))
    if contradicted or any(words & {None, "unknown"} for words in said.values()):
        return "G10", set(), set()
    holding = {kind: {who for who, words in said.items() if kind in words} for kind in ("joint", "sole", "verge")}
    match len(holding["joint"]), len(holding["sole"]), len(holding["verge"]):
        case 0, 0, 0:
            return "none", set(), set()
        case 0, 0, _:
            return "G7", holding["verge"], set()
        case 0, 1, 0:
            return "G4", holding["sole"], holding["sole"]
        case joint, 0, 0 if joint > 1:
            pass
        case _:
            return "G10", set(), set()
    parents = holding["joint"]
    if any(None in homes[who] for who in parents):
        return "G1?", parents, set()
    at_home = {who for who in parents if True in homes[who]}
    return ("G2", parents, at_home) if len(at_home) == 1 else ("G1", parents, at_home)


def needed(s: Scenario) -> bool:
    """Whether a named employee has judged the sharing necessary, and before now."""
    need = part(s, "need")
    return bool(need.get("by") and need.get("reason") and need.get("at")) and instant(need["at"]) <= instant(s["at"])


# The law as dated data, read from its files and not through the product.


@cache
def law() -> tuple[dict[str, list[Scenario]], dict[str, Scenario]]:
    """Bases by norm, and duties by code."""
    bases: dict[str, list[Scenario]] = {}
    for one in yaml.safe_load((LAW / "bases.yaml").read_text("utf-8"))["bases"]:
        bases.setdefault(one["norm"], []).append(one)
    duties = yaml.safe_load((LAW / "duties.yaml").read_text("utf-8"))["duties"]
    return bases, {one["code"]: one for one in duties}


def in_force(section: Scenario, on: date) -> bool:
    """Whether a section is law on a day."""
    since, until = section.get("valid_from"), section.get("valid_to")
    return since is not None and since <= on and (until is None or on <= until)


UNREAD: frozenset[str] = frozenset()
"""Norms of which no basis counts as read, for proofs that set it; what is kept of ``stands_on`` is cleared then."""


@cache
def stands_on(norm: str, on: date) -> tuple[str | None, bool]:
    """The basis of a norm on a day, and whether somebody read it within the year before."""
    best: tuple[str | None, bool] = (None, False)
    for one in law()[0].get(norm, ()):
        if in_force(one, on):
            read = one.get("last_verified") if norm not in UNREAD else None
            fresh = read is not None and on <= _a_year_after(read)
            if fresh or best[0] is None:
                best = (one["code"], fresh)
    return best


def _a_year_after(read: date) -> date:
    """The last day on which a reading counts: never one more than a year has."""
    try:
        return read.replace(year=read.year + 1)
    except ValueError:
        return date(read.year + 1, 2, 28)
