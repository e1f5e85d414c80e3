"""Whether what a deadline is about is still to be done, from what stands in the case."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from gateway.core.ages import day
from gateway.core.casefile import CaseFile, Entry
from gateway.core.hands import whole

ENDED = frozenset({"ended", "dropped", "evaluated", "closed", "declined", "reached", "not_reached", "dismissed"})
"""States of an item of which nothing more is waited for."""


class View(Struct, frozen=True, kw_only=True):
    """A case file by kind, made once for all of its deadlines."""

    file: CaseFile
    kinds: Mapping[str, list[tuple[str, Entry]]]
    evaluated: Mapping[str, str]
    """By measure or goal the day of its last evaluation."""
    acted: str
    """The last day on which a measure was decided or begun."""
    surveys: frozenset[str]
    """Types of meeting after which the model asks the family what they thought of it."""

    def of(self, kind: str) -> list[tuple[str, Entry]]:
        """The living items of a kind."""
        return self.kinds.get(kind, [])


class Thing(Struct, frozen=True):
    """An item with the case that it stands in."""

    view: View
    item: str
    entry: Entry


def view_of(file: CaseFile, surveys: frozenset[str] = frozenset()) -> View:
    """A case file by kind; ``surveys`` are the types of meeting after which the model asks the family."""
    kinds: dict[str, list[tuple[str, Entry]]] = {}
    for key, entry in file.items.items():
        if not entry.deleted:
            kinds.setdefault(entry.kind, []).append((key, entry))
    evaluated: dict[str, str] = {}
    for _, entry in kinds.get("evaluation", ()):
        for one in entry.fields.get("of") or ():
            evaluated[one] = max(evaluated.get(one, ""), entry.fields.get("evaluated_on") or "")
    acted = [
        entry.fields.get("started_on") or entry.fields.get("decided_on") or ""
        for _, entry in kinds.get("measure", ())
        if entry.fields.get("status") != "dropped"
    ]
    return View(file=file, kinds=kinds, evaluated=evaluated, acted=max(acted, default=""), surveys=surveys)


def _concern(one: Thing) -> bool:
    """A worry waits until it is clarified or settled, or until a measure was begun for it.

    Where a system tells no status at all, a measure in the case since then counts as what was done.
    """
    fields = one.entry.fields
    status = fields.get("status")
    if status not in {None, "raised"} or fields.get("first_measure_on"):
        return False
    return status is not None or one.view.acted < (fields.get("raised_on") or "~")


def _measure_to_start(one: Thing) -> bool:
    return one.entry.fields.get("status") == "decided" and not one.entry.fields.get("started_on")


def _measure_to_evaluate(one: Thing) -> bool:
    fields = one.entry.fields
    if fields.get("ended_on") or fields.get("status") in {"evaluated", "ended", "dropped", "proposed"}:
        return False
    return bool(fields.get("started_on") or fields.get("evaluate_by") or fields.get("status") == "started")


def _first_meeting(one: Thing) -> bool:
    return all(meeting.fields.get("status") == "cancelled" for _, meeting in one.view.of("meeting"))


def _family_to_ask(one: Thing) -> bool:
    """A meeting of a type that the model names waits until the family was asked about it, or about a later one."""
    fields, view = one.entry.fields, one.view
    if fields.get("status") == "cancelled" or fields.get("meeting_type") not in view.surveys:
        return False
    held = day_of(fields.get("held_at"))
    return held is not None and not any(
        asked.fields.get("meeting_type") in {None, fields["meeting_type"]}
        and (asked.fields.get("asked_on") or "") >= held.isoformat()
        for _, asked in view.of("user_experience")
    )


def _consent_ends(one: Thing) -> bool:
    """A yes that ends waits until its giver, or the young person, has answered anew for as many services."""
    fields, view = one.entry.fields, one.view
    if fields.get("decision") != "given" or fields.get("withdrawn") or not fields.get("valid_to"):
        return False
    whose = {fields.get("by"), subject_of(view)}
    return not any(
        key != one.item
        and (newer.fields.get("supersedes") == one.item or answers(newer, fields, whose))
        and (ends(newer) > fields["valid_to"] or newer.fields.get("decision") == "refused")
        for key, newer in view.of("consent")
    )


def answers(one: Entry, old: Mapping[str, Any], whose: set[Any]) -> bool:
    """Whether a declaration answers for what an older one was about."""
    fields = one.fields
    if fields.get("by") not in whose or fields.get("purpose") != old.get("purpose"):
        return False
    if fields.get("decision") == "refused":
        return (fields.get("given") or "~") >= (old.get("valid_from") or "")
    return not fields.get("withdrawn") and set(fields.get("services") or ()) >= set(old.get("services") or ())


def ends(entry: Entry) -> str:
    """The last day of a declaration as ISO text, later than any day where it has none."""
    return entry.fields.get("valid_to") or "~"


def subject_of(view: View) -> Any:
    """The child whose log it is."""
    case = view.file.case()
    return case.fields.get("subject") if case is not None else None


RUNS: Mapping[str, Callable[[Thing], bool]] = {
    "decide_concern": _concern,
    # An offer that the baton looks after has its own task, and is over by itself on its last day.
    "answer_offer": lambda one: one.entry.fields.get("state") == "offered" and one.item not in one.view.file.hands,
    "expire_offer": lambda _: False,
    "deliver_report": lambda one: one.entry.fields.get("status") in {None, "filed", "sent", "failed"},
    "confirm_report": lambda one: one.entry.fields.get("status") != "confirmed",
    "start_measure": _measure_to_start,
    "evaluate_measure": _measure_to_evaluate,
    "renew_consent": _consent_ends,
    "evaluate_safety_plan": lambda one: one.entry.fields.get("status") in {None, "active"},
    "revise_plan": lambda one: one.entry.fields.get("status") == "active",
    "hold_first_meeting": _first_meeting,
    "ask_the_family": _family_to_ask,
    "name_holder": lambda one: whole(one.view.file) is None,
}
"""By code, whether the deadline runs for an item; one of a municipality's own runs until the item's status ends it."""


def day_of(value: Any) -> date | None:
    """The day that a field tells, of a date or a moment."""
    if isinstance(value, str) and "T" in value:
        return instant_day(value)
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def instant_day(value: Any) -> date | None:
    """The day in Norway of a moment."""
    return day(datetime.fromisoformat(value)) if isinstance(value, str) else None
