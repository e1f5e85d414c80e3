"""The relay as a picture: who held the baton when, and concerns, measures, meetings on one line of time.

A picture is drawn of what its reader may see and of nothing else. Beside it stands the same as text.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from gateway.core.ages import day
from gateway.core.paper import Wording
from gateway.run.viewing import Row

WIDTH = 960
"""Units of the picture's width; it scales with the page."""
LEFT, RIGHT, TOP, BAND = 150, 24, 34, 30

_LANES: tuple[tuple[str, str], ...] = (
    ("assignment", "timeline.baton"), ("concern", "timeline.concern"), ("measure", "timeline.measure"),
    ("goal", "timeline.goal"), ("meeting", "timeline.meeting"), ("evaluation", "timeline.evaluation"),
    ("child_voice", "timeline.voice"), ("consent", "timeline.consent"),
)  # fmt: skip

_FIRST = {
    "assignment": ("since", "offered_on"), "concern": ("raised_on", "found_on"),
    "measure": ("started_on", "decided_on"),
    "goal": ("target_on",), "meeting": ("held_at",), "evaluation": ("evaluated_on",), "child_voice": ("heard_on",),
    "consent": ("valid_from", "given"),
}  # fmt: skip
_LAST = {"assignment": ("until",), "measure": ("ended_on",), "consent": ("withdrawn", "valid_to")}
_LONG = frozenset(_LAST)
"""Kinds that last, and are drawn as a bar."""


class Mark(Struct, frozen=True, kw_only=True):
    """One thing in the picture, and what it is in words."""

    lane: str
    x: float
    width: float
    y: float
    state: str
    text: str
    first: str
    last: str


class Tick(Struct, frozen=True, kw_only=True):
    """A line for the first of a month."""

    x: float
    text: str


class Lane(Struct, frozen=True, kw_only=True):
    """A band of the picture."""

    kind: str
    code: str
    y: float


class Timeline(Struct, frozen=True, kw_only=True):
    """The picture as numbers; a template makes SVG of it."""

    width: int
    height: float
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    now: float
    left: int
    right: float


def timeline(rows: Sequence[Row], *, wording: Wording, now: datetime) -> Timeline | None:
    """The picture of what a person sees of a case; ``None`` where nothing in it has a day."""
    today = day(now)
    dated = [
        (row, first, last) for row in rows if (first := _day(row, _FIRST)) is not None for last in [_end(row, today)]
    ]
    if not dated:
        return None
    begins = min(first for _, first, _ in dated)
    ends = max(today, *(last or first for _, first, last in dated)) + timedelta(days=14)
    begins -= timedelta(days=7)
    span = max((ends - begins).days, 60)
    scale = (WIDTH - LEFT - RIGHT) / span

    def place(at: date) -> float:
        return round(LEFT + (at - begins).days * scale, 1)

    lanes = _lanes({row.kind for row, _, _ in dated})
    heights = {lane.kind: lane.y for lane in lanes}
    marks = [
        Mark(
            lane=row.kind, x=place(first), width=round(max(place(last or first) - place(first), 0), 1),
            y=heights[row.kind], state=_state(row), text=_text(row, wording),
            first=first.isoformat(), last=last.isoformat() if last and row.kind in _LONG else "",
        )
        for row, first, last in sorted(dated, key=lambda one: (one[1], one[0].id))
        if row.kind in heights
    ]  # fmt: skip
    return Timeline(
        width=WIDTH, height=TOP + BAND * len(lanes) + 12, lanes=lanes, marks=tuple(marks),
        ticks=tuple(_ticks(begins, begins + timedelta(days=span), place)), now=place(today), left=LEFT,
        right=WIDTH - RIGHT,
    )  # fmt: skip


def _lanes(kinds: set[str]) -> tuple[Lane, ...]:
    present = [(kind, code) for kind, code in _LANES if kind in kinds]
    return tuple(Lane(kind=kind, code=code, y=TOP + BAND * place) for place, (kind, code) in enumerate(present))


def _ticks(begins: date, ends: date, place: Any) -> Iterable[Tick]:
    at = date(begins.year, begins.month, 1)
    months = (ends.year - begins.year) * 12 + ends.month - begins.month
    step = 1 if months <= 8 else 3 if months <= 30 else 12
    while at <= ends:
        if at >= begins and (at.month - 1) % step == 0:
            yield Tick(x=place(at), text=f"{at:%m.%Y}")
        at = date(at.year + at.month // 12, at.month % 12 + 1, 1)


def _day(row: Row, names: dict[str, tuple[str, ...]]) -> date | None:
    for name in names.get(row.kind, ()):
        told = row.fields.get(name)
        if isinstance(told, str) and len(told) >= len("2026-11-21"):
            return date.fromisoformat(told[:10])
    return None


def _end(row: Row, today: date) -> date | None:
    """The last day of what lasts: until today where no end is told."""
    if row.kind not in _LONG:
        return None
    told = _day(row, _LAST)
    return told if told is not None else today


def _state(row: Row) -> str:
    told = row.fields.get("state") or row.fields.get("decision") or row.fields.get("status") or ""
    return str(told)


def _text(row: Row, wording: Wording) -> str:
    """What a mark is, in a few words."""
    for name in ("title", "holder_name"):
        if row.fields.get(name):
            return str(row.fields[name])
    for name in ("area", "meeting_type", "outcome", "role"):
        told = row.fields.get(name)
        if isinstance(told, str):
            return wording.code(row.kind, name, told) or told
    return wording.kind(row.kind)
