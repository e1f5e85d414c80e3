"""What a case adds to the municipality's numbers: a mark for each figure that it says something about."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from gateway.core import deadlines
from gateway.core.ages import day
from gateway.core.casefile import CaseFile, Entry
from gateway.core.terms import Deadline


class Figure(Struct, frozen=True, kw_only=True):
    """One figure: what it counts (its population) and the cells that each of them falls into, just one."""

    code: str
    population: str
    cells: tuple[str, ...]


POPULATIONS = ("cases", "concerns", "meetings", "answers")
"""What is counted: open logs; concerns, surveyed meetings and families' answers of the year."""

FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        one.code: one
        for one in (
            Figure(code="level", population="cases", cells=("0", "1", "2", "3")),
            Figure(code="holder", population="cases", cells=("held", "nobody")),
            Figure(code="overdue", population="cases", cells=("in_time", "overdue")),
            Figure(code="follow_up", population="cases", cells=("kept", "break")),
            Figure(code="found_to_raised", population="concerns", cells=("within_14", "within_90", "later")),
            Figure(code="raised_to_measure", population="concerns", cells=("within_14", "within_90", "later", "none")),
            Figure(code="asked", population="meetings", cells=("asked", "not_asked")),
            Figure(code="experience", population="answers", cells=("low", "middle", "high")),
        )
    }
)  # fmt: skip
"""The figures. Whoever lacks a date or a level for one is in its population and in none of its cells."""

_ACTIVE = frozenset({"draft", "consent_pending", "active", "suspended", "closing", None})
_FORTNIGHT, _QUARTER = 14, 90
_LOW, _MIDDLE = 5, 8


class Mark(Struct, frozen=True, kw_only=True):
    """One that is counted: where (the unit), in which population, and its cell in each figure that it is told for."""

    unit: str
    population: str
    cells: Mapping[str, str]
    year: int | None = None
    """The year that it is of; ``None`` for a log, which is counted as it stands."""


def measure(
    file: CaseFile,
    *,
    today: date,
    year: int | None,
    rules: Iterable[Deadline] = (),
    surveys: frozenset[str] = frozenset(),
    self_consent_age: int = 15,
) -> Iterator[Mark]:
    """What one case adds. The log itself as it stands ``today``; concerns, meetings and answers of a ``year``, or of
    every year that they are of.

    ``rules`` are the model's deadlines and ``surveys`` its types of meeting after which families are asked.
    """
    case = file.case()
    if case is None or case.deleted:
        return
    if case.fields.get("status") in _ACTIVE:
        running = deadlines.running(file, deadlines.grouped(rules), self_consent_age=self_consent_age, surveys=surveys)
        yield _log(file, case, overdue=any(one.due < today for one in running))
    for _, entry in file.of_kind("concern"):
        if (of := _year(entry.fields.get("raised_on"))) is not None and year in {of, None}:
            cells = dict(_lead_times(file, entry))
            yield Mark(unit=_home(entry, case), population="concerns", cells=cells, year=of)
    answers = file.of_kind("user_experience")
    for _, entry in file.of_kind("meeting"):
        held = _day(entry.fields.get("held_at")) if entry.fields.get("meeting_type") in surveys else None
        if held is None or year not in {held.year, None}:
            continue
        if held < today and entry.fields.get("status") != "cancelled":
            asked = any(_is_about(one.fields, entry.fields, held) for _, one in answers)
            cells = {"asked": "asked" if asked else "not_asked"}
            yield Mark(unit=_home(entry, case), population="meetings", cells=cells, year=held.year)
    for _, entry in answers:
        scores = list((entry.fields.get("scores") or {}).values())
        of = _year(entry.fields.get("asked_on"))
        if scores and of is not None and year in {of, None}:
            cells = {"experience": _band(sum(scores) / len(scores))}
            yield Mark(unit=_home(entry, case), population="answers", cells=cells, year=of)


def _log(file: CaseFile, case: Entry, *, overdue: bool) -> Mark:
    holder = next(
        (
            one
            for _, one in file.of_kind("assignment")
            if one.fields.get("role") == "relay_holder" and one.fields.get("state") == "accepted"
        ),
        None,
    )
    rank = (case.fields.get("level") or {}).get("rank")
    cells = {
        "holder": "held" if holder is not None else "nobody",
        "overdue": "overdue" if overdue else "in_time",
        "follow_up": "break" if overdue or holder is None else "kept",
    }
    if rank is not None:
        cells["level"] = str(rank)
    unit = (holder.fields.get("unit") if holder is not None else None) or _home(case, case)
    return Mark(unit=unit, population="cases", cells=cells)


def _lead_times(file: CaseFile, concern: Entry) -> Iterator[tuple[str, str]]:
    found, raised = (_day(concern.fields.get(name)) for name in ("found_on", "raised_on"))
    if found is not None and raised is not None:
        yield "found_to_raised", _span((raised - found).days)
    if raised is None:
        return
    begun = [_day(concern.fields.get("first_measure_on"))]
    begun += [_day(one.fields.get("started_on")) for _, one in file.of_kind("measure")]
    after = [one for one in begun if one is not None and one >= raised]
    yield "raised_to_measure", _span((min(after) - raised).days) if after else "none"


def _span(days: int) -> str:
    return "within_14" if days <= _FORTNIGHT else "within_90" if days <= _QUARTER else "later"


def _band(score: float) -> str:
    return "low" if score < _LOW else "middle" if score < _MIDDLE else "high"


def _is_about(asked: Mapping[str, Any], meeting: Mapping[str, Any], held: date) -> bool:
    of_type = asked.get("meeting_type") in {None, meeting.get("meeting_type")}
    return of_type and (asked.get("asked_on") or "") >= held.isoformat()


def _home(entry: Entry, case: Entry) -> str:
    return entry.origin.unit or case.origin.unit or ""


def _year(value: Any) -> int | None:
    told = _day(value)
    return told.year if told is not None else None


def _day(value: Any) -> date | None:
    if not isinstance(value, str) or not value:
        return None
    return day(datetime.fromisoformat(value)) if "T" in value else date.fromisoformat(value)
