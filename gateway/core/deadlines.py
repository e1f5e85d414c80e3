"""What waits in a case and until when: nothing that was taken in ends in silence.

A deadline runs from a date of an item until somebody acts (the item says so), acknowledges it (``CaseFile.answered``),
or the case is closed. When its day has come it is shown to its owner; where nobody answers, it goes to a leader.
The days stand in the municipality's model; ``DEFAULTS`` are for what a model does not tell.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct

from gateway.core.ages import day, shifted
from gateway.core.casefile import CaseFile, Entry
from gateway.core.terms import Deadline

Sort = Literal["overdue", "renewal", "report"]

DEFAULTS: Mapping[str, Deadline] = MappingProxyType(
    {
        one.code: one
        for one in (
            Deadline(code="decide_concern", kind="concern", after="raised_on", days=14, basis="ours"),
            Deadline(code="answer_offer", kind="assignment", after="offered_on", days=7, basis="ours"),
            Deadline(code="deliver_report", kind="child_welfare_report", after="filed_on", days=1, basis="ours"),
            Deadline(code="confirm_report", kind="child_welfare_report", after="filed_on", days=21, basis="law"),
            Deadline(code="start_measure", kind="measure", after="decided_on", days=30, basis="ours"),
            Deadline(code="evaluate_measure", kind="measure", after="started_on", days=90, basis="ours"),
            Deadline(code="renew_consent", kind="consent", after="valid_to", days=0, basis="ours", warn=60, escalate=0),
            Deadline(code="ask_the_youth", kind="consent", after="valid_to", days=0, basis="ours", warn=60, escalate=0),
            Deadline(code="evaluate_safety_plan", kind="safety_plan", after="evaluate_by", days=0, basis="ours"),
            Deadline(code="revise_plan", kind="plan", after="revise_by", days=0, basis="ours"),
            Deadline(code="hold_first_meeting", kind="case", after="opened_on", days=30, basis="ours"),
            Deadline(code="ask_the_family", kind="meeting", after="held_at", days=14, basis="ours", warn=13),
        )
    }
)  # fmt: skip
"""What runs where the model has no deadline of that code for an item."""

CLOSED = frozenset({"closed", "replaced_by_plan", "closed_by_family", "closed_by_withdrawal", "moved"})
"""States of a case in which only a report to child welfare still waits for its answer."""

NEAR = 30
"""An evaluation this many days before its day, or later, is the one that was due."""

AFTER_ARRIVAL = 14
"""Days at least to see to what was overdue already when it came to us."""

BACKLOG = "later"
_ENDED = frozenset({"ended", "dropped", "evaluated", "closed", "declined", "reached", "not_reached", "dismissed"})


class Watch(Struct, frozen=True, kw_only=True, order=True):
    """One deadline that runs: on ``shows`` its owner is asked, on ``escalates`` a leader is."""

    code: str
    item: str
    due: date
    shows: date
    escalates: date
    sort: Sort

    def key(self) -> str:
        """What an answer is kept under."""
        return f"{self.code}/{self.item}"


class _View(Struct, frozen=True, kw_only=True):
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
        return self.kinds.get(kind, [])


class _Thing(Struct, frozen=True):
    """An item with the case that it stands in."""

    view: _View
    item: str
    entry: Entry


def _view(file: CaseFile, surveys: frozenset[str] = frozenset()) -> _View:
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
    return _View(file=file, kinds=kinds, evaluated=evaluated, acted=max(acted, default=""), surveys=surveys)


Grouped = Mapping[str, Mapping[str, list[Deadline]]]
"""The model's deadlines by kind and code; a code that only ``DEFAULTS`` has stands with none."""


def running(
    file: CaseFile,
    rules: Grouped,
    *,
    self_consent_age: int = 15,
    surveys: frozenset[str] = frozenset(),
) -> list[Watch]:
    """Every deadline that runs in a case, whenever its day is. ``rules`` are the model's (``grouped``).

    ``surveys`` are the types of meeting after which the model asks the family for their experience.
    """
    view = _view(file, surveys)
    case = file.case()
    closed = case is not None and case.fields.get("status") in CLOSED
    found: list[Watch] = []
    for kind, by_code in rules.items():
        if closed and kind != "child_welfare_report":
            continue
        for item, entry in view.of(kind):
            for code, each in by_code.items():
                rule = _fitting(each, entry) or DEFAULTS.get(code)
                if rule is None:
                    continue
                if code == "ask_the_youth":
                    found += _coming_of_age(view, rule, item, entry, self_consent_age)
                    continue
                due = _due(view, rule, item, entry)
                if due is not None:
                    found.append(_watch(rule, item, due))
    return found


def asked(watches: Iterable[Watch], answered: Mapping[str, str], today: date) -> tuple[list[Watch], date | None]:
    """The deadlines whose day has come and which nobody has answered, and the next day to look."""
    now: list[Watch] = []
    coming: list[date] = []
    for one in watches:
        told = answered.get(one.key())
        shows = one.shows
        if told is not None and told.startswith(BACKLOG):
            shows = max(shows, date.fromisoformat(told.removeprefix(BACKLOG)))
        elif told == one.due.isoformat():
            continue
        if shows <= today:
            now.append(one)
        else:
            coming.append(shows)
    return sorted(now), min(coming, default=None)


def answer(one_of: Iterable[tuple[str, date]], *, until: date | None) -> dict[str, str]:
    """What to keep as answered: (key, due) acknowledged for good, or to be asked again on a day."""
    return {key: due.isoformat() if until is None else f"{BACKLOG}{until.isoformat()}" for key, due in one_of}


def grouped(rules: Iterable[Deadline]) -> Grouped:
    """A model's deadlines as ``running`` takes them, with those that every case has."""
    found: dict[str, dict[str, list[Deadline]]] = {}
    for one in (*DEFAULTS.values(), *rules):
        each = found.setdefault(one.kind, {}).setdefault(one.code, [])
        if one is not DEFAULTS.get(one.code):
            each.append(one)
    return found


def _fitting(rules: Iterable[Deadline], entry: Entry) -> Deadline | None:
    """The strictest of the model's deadlines of one code that is for the item's level; one without a level has all."""
    level = (entry.fields.get("level") or {}).get("code")
    fitting = [one for one in rules if not one.levels or level is None or level in one.levels]
    return min(fitting, key=lambda one: one.days, default=None)


def _watch(rule: Deadline, item: str, due: date) -> Watch:
    return Watch(
        code=rule.code,
        item=item,
        due=due,
        shows=shifted(due, -rule.warn),
        escalates=shifted(due, rule.escalate),
        sort="renewal" if rule.kind == "consent" else "report" if rule.kind == "child_welfare_report" else "overdue",
    )


def _due(view: _View, rule: Deadline, item: str, entry: Entry) -> date | None:
    """When something must have been done about an item; ``None``: it has been, or nothing says that it must."""
    runs = _RUNS.get(rule.code)
    if runs is None:
        if entry.fields.get("status") in _ENDED:
            return None
    elif not runs(_Thing(view, item, entry)):
        return None
    return _arrived(rule, entry, _told(view, rule, item, entry))


def _told(view: _View, rule: Deadline, item: str, entry: Entry) -> date | None:
    """The day by the item's own dates: one that was set for it, or the days after what began it."""
    fields = entry.fields
    last = _day(view.evaluated.get(item))
    set_day = _day(fields.get(_SET.get(rule.code, "")))
    if last is not None and (set_day is None or last >= shifted(set_day, -NEAR)):
        return shifted(last, rule.days)
    if set_day is not None:
        return set_day
    began = _day(fields.get(rule.after))
    if began is None and rule.days == 0:
        return None  # a day of its own that was never told: nothing ends
    began = began or _day(entry.recorded) or _opened(view)
    return shifted(began, rule.days) if began is not None else None


def _arrived(rule: Deadline, entry: Entry, due: date | None) -> date | None:
    """What was overdue already when it came here has its days from then on."""
    came = _day(entry.recorded)
    if due is None or came is None or due >= came:
        return due
    return shifted(came, max(rule.days, AFTER_ARRIVAL))


def _opened(view: _View) -> date | None:
    case = view.file.case()
    return _day(case.fields.get("opened_on")) if case is not None else None


_SET: Mapping[str, str] = {"decide_concern": "decide_by", "evaluate_measure": "evaluate_by"}
"""The field in which somebody set a day for just this item."""


def _concern(one: _Thing) -> bool:
    """A worry waits until it is clarified or settled, or until a measure was begun for it.

    Where a system tells no status at all, a measure in the case since then counts as what was done.
    """
    fields = one.entry.fields
    status = fields.get("status")
    if status not in {None, "raised"} or fields.get("first_measure_on"):
        return False
    return status is not None or one.view.acted < (fields.get("raised_on") or "~")


def _measure_to_start(one: _Thing) -> bool:
    return one.entry.fields.get("status") == "decided" and not one.entry.fields.get("started_on")


def _measure_to_evaluate(one: _Thing) -> bool:
    fields = one.entry.fields
    if fields.get("ended_on") or fields.get("status") in {"evaluated", "ended", "dropped", "proposed"}:
        return False
    return bool(fields.get("started_on") or fields.get("evaluate_by") or fields.get("status") == "started")


def _first_meeting(one: _Thing) -> bool:
    return all(meeting.fields.get("status") == "cancelled" for _, meeting in one.view.of("meeting"))


def _family_to_ask(one: _Thing) -> bool:
    """A meeting of a type that the model names waits until the family was asked about it, or about a later one."""
    fields, view = one.entry.fields, one.view
    if fields.get("status") == "cancelled" or fields.get("meeting_type") not in view.surveys:
        return False
    held = _day(fields.get("held_at"))
    return held is not None and not any(
        asked.fields.get("meeting_type") in {None, fields["meeting_type"]}
        and (asked.fields.get("asked_on") or "") >= held.isoformat()
        for _, asked in view.of("user_experience")
    )


def _consent_ends(one: _Thing) -> bool:
    """A yes that ends waits until its giver, or the young person, has answered anew for as many services."""
    fields, view = one.entry.fields, one.view
    if fields.get("decision") != "given" or fields.get("withdrawn") or not fields.get("valid_to"):
        return False
    whose = {fields.get("by"), _subject(view)}
    return not any(
        key != one.item
        and (newer.fields.get("supersedes") == one.item or _answers(newer, fields, whose))
        and (_ends(newer) > fields["valid_to"] or newer.fields.get("decision") == "refused")
        for key, newer in view.of("consent")
    )


def _answers(one: Entry, old: Mapping[str, Any], whose: set[Any]) -> bool:
    """Whether a declaration answers for what an older one was about."""
    fields = one.fields
    if fields.get("by") not in whose or fields.get("purpose") != old.get("purpose"):
        return False
    if fields.get("decision") == "refused":
        return (fields.get("given") or "~") >= (old.get("valid_from") or "")
    return not fields.get("withdrawn") and set(fields.get("services") or ()) >= set(old.get("services") or ())


def _ends(entry: Entry) -> str:
    return entry.fields.get("valid_to") or "~"


def _subject(view: _View) -> Any:
    case = view.file.case()
    return case.fields.get("subject") if case is not None else None


def _coming_of_age(view: _View, rule: Deadline, item: str, entry: Entry, age: int) -> Iterator[Watch]:
    """Another's yes that outlasts the day on which the young person decides: they are asked before it."""
    fields, subject = entry.fields, _subject(view)
    person = view.file.items.get(subject) if subject else None
    born = _day(person.fields.get("birth_date")) if person is not None else None
    if born is None or fields.get("by") == subject or fields.get("decision") != "given" or fields.get("withdrawn"):
        return
    since = _day(fields.get("valid_from")) or _instant(fields.get("given")) or _day(entry.recorded) or date.min
    for years in sorted({age, 16, 18}):
        birthday = _birthday(born, years)
        if since >= birthday or _ends(entry) <= birthday.isoformat():
            continue
        if not any(
            _answers(one, {**fields, "valid_from": shifted(birthday, -rule.warn).isoformat()}, {subject})
            and (one.fields.get("decision") == "refused" or _ends(one) > birthday.isoformat())
            for _, one in view.of("consent")
        ):
            due = _arrived(rule, entry, birthday)
            yield _watch(rule, item, due or birthday)
            return  # whoever answers now is asked at the next age


def _birthday(born: date, years: int) -> date:
    """The day on which an age is reached: 1 March for who was born on 29 February, in a year without it."""
    if born.year + years > date.max.year:
        return date.max
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


_RUNS: Mapping[str, Callable[[_Thing], bool]] = {
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
}
"""By code, whether the deadline runs for an item; one of a municipality's own runs until the item's status ends it."""


def _day(value: Any) -> date | None:
    if isinstance(value, str) and "T" in value:
        return _instant(value)
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def _instant(value: Any) -> date | None:
    """The day in Norway of a moment."""
    return day(datetime.fromisoformat(value)) if isinstance(value, str) else None


def owner(file: CaseFile, watch: Watch) -> str | None:
    """The unit that answers for a deadline: a report's own, an offer's new holder's, or the case's holder's.

    Where nobody holds the case, the item's own. The name may be one that the settings lack.
    """
    entry = file.items[watch.item]
    if watch.sort == "report":
        return entry.origin.unit
    if watch.code == "answer_offer":
        return entry.fields.get("unit") or entry.origin.unit
    holder = next(
        (
            one.fields.get("unit")
            for _, one in file.of_kind("assignment")
            if one.fields.get("role") == "relay_holder" and one.fields.get("state") == "accepted"
        ),
        None,
    )
    case = file.case()
    return holder or entry.origin.unit or (case.origin.unit if case is not None else None)
