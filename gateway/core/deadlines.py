"""What waits in a case and until when: nothing that was taken in ends in silence.

A deadline runs from a date of an item until somebody acts (the item says so), acknowledges it (``CaseFile.answered``),
or the case is closed. When its day has come it is shown to its owner; where nobody answers, it goes to a leader.
The days stand in the municipality's model; ``DEFAULTS`` are for what a model does not tell.

What follows up is shown once a week: on the first ``LIST_DAY`` after its days of grace. A consent that ends is shown
once a month, on the first ``LIST_DAY`` of the last month that leaves the whole warning. A worry, a report, an offer, a
plan that an act asks for and a young person's own word know neither grace nor list.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from gateway.core.ages import shifted
from gateway.core.casefile import CaseFile, Entry
from gateway.core.terms import FOLLOW_UPS, Deadline
from gateway.core.undone import ENDED, RUNS, Thing, View, answers, day_of, ends, instant_day, subject_of, view_of

Sort = Literal["overdue", "follow_up", "renewal", "report"]

LIST_DAY = 0
"""The day of the week (Monday is 0) on which a unit's list is made; a month's first is that of its consents."""

DEFAULTS: Mapping[str, Deadline] = MappingProxyType(
    {
        one.code: one
        for one in (
            Deadline(code="decide_concern", kind="concern", after="raised_on", days=14, basis="ours"),
            Deadline(code="answer_offer", kind="assignment", after="offered_on", days=7, basis="ours"),
            Deadline(code="deliver_report", kind="child_welfare_report", after="filed_on", days=1, basis="ours"),
            Deadline(code="confirm_report", kind="child_welfare_report", after="filed_on", days=21, basis="law"),
            Deadline(code="start_measure", kind="measure", after="decided_on", days=30, basis="ours", grace=7),
            Deadline(code="evaluate_measure", kind="measure", after="started_on", days=90, basis="ours", grace=7),
            Deadline(code="renew_consent", kind="consent", after="valid_to", days=0, basis="ours", warn=60, escalate=0),
            Deadline(code="ask_the_youth", kind="consent", after="valid_to", days=0, basis="ours", warn=60, escalate=0),
            Deadline(code="evaluate_safety_plan", kind="safety_plan", after="evaluate_by", days=0, basis="ours"),
            Deadline(code="revise_plan", kind="plan", after="revise_by", days=0, basis="ours"),
            Deadline(code="hold_first_meeting", kind="case", after="opened_on", days=30, basis="ours", grace=7),
            Deadline(code="name_holder", kind="case", after="opened_on", days=14, basis="ours"),
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
_ON_LIST = frozenset({"follow_up", "renewal"})


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
    view = view_of(file, surveys)
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
            if one.sort in _ON_LIST and shows < one.escalates:
                shows = min(next_list(shows), one.escalates)
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
    sort: Sort = "renewal" if rule.kind == "consent" else "report" if rule.kind == "child_welfare_report" else "overdue"
    shows, escalates = shifted(due, -rule.warn), shifted(due, rule.escalate)
    if rule.code in FOLLOW_UPS:
        sort, shows = "follow_up", next_list(shifted(shows, rule.grace))
        escalates = max(escalates, shifted(shows, rule.escalate))
    elif rule.code == "renew_consent":
        shows = last_monthly(shows)
    return Watch(code=rule.code, item=item, due=due, shows=shows, escalates=escalates, sort=sort)


def next_list(on: date) -> date:
    """The first day on or after a day on which lists are made."""
    return shifted(on, (LIST_DAY - on.weekday()) % 7)


def last_monthly(on: date) -> date:
    """The last day on or before a day on which a month's list is made: the month's first ``LIST_DAY``."""
    first = next_list(on.replace(day=1))
    return first if first <= on else next_list(shifted(on.replace(day=1), -1).replace(day=1))


def _due(view: View, rule: Deadline, item: str, entry: Entry) -> date | None:
    """When something must have been done about an item; ``None``: it has been, or nothing says that it must."""
    runs = RUNS.get(rule.code)
    if runs is None:
        if entry.fields.get("status") in ENDED:
            return None
    elif not runs(Thing(view, item, entry)):
        return None
    return _arrived(rule, entry, _told(view, rule, item, entry))


def _told(view: View, rule: Deadline, item: str, entry: Entry) -> date | None:
    """The day by the item's own dates: one that was set for it, or the days after what began it."""
    fields = entry.fields
    last = day_of(view.evaluated.get(item))
    set_day = day_of(fields.get(_SET.get(rule.code, "")))
    if last is not None and (set_day is None or last >= shifted(set_day, -NEAR)):
        return shifted(last, rule.days)
    if set_day is not None:
        return set_day
    began = day_of(fields.get(rule.after))
    if began is None and rule.days == 0:
        return None  # a day of its own that was never told: nothing ends
    began = began or day_of(entry.recorded) or _opened(view)
    return shifted(began, rule.days) if began is not None else None


def _arrived(rule: Deadline, entry: Entry, due: date | None) -> date | None:
    """What was overdue already when it came here has its days from then on."""
    came = day_of(entry.recorded)
    if due is None or came is None or due >= came:
        return due
    return shifted(came, max(rule.days, AFTER_ARRIVAL))


def _opened(view: View) -> date | None:
    case = view.file.case()
    return day_of(case.fields.get("opened_on")) if case is not None else None


_SET: Mapping[str, str] = {"decide_concern": "decide_by", "evaluate_measure": "evaluate_by"}
"""The field in which somebody set a day for just this item."""


def _coming_of_age(view: View, rule: Deadline, item: str, entry: Entry, age: int) -> Iterator[Watch]:
    """Another's yes that outlasts the day on which the young person decides: they are asked before it."""
    fields, subject = entry.fields, subject_of(view)
    person = view.file.items.get(subject) if subject else None
    born = day_of(person.fields.get("birth_date")) if person is not None else None
    if born is None or fields.get("by") == subject or fields.get("decision") != "given" or fields.get("withdrawn"):
        return
    since = day_of(fields.get("valid_from")) or instant_day(fields.get("given")) or day_of(entry.recorded) or date.min
    for years in sorted({age, 16, 18}):
        birthday = _birthday(born, years)
        if since >= birthday or ends(entry) <= birthday.isoformat():
            continue
        if not any(
            answers(one, {**fields, "valid_from": shifted(birthday, -rule.warn).isoformat()}, {subject})
            and (one.fields.get("decision") == "refused" or ends(one) > birthday.isoformat())
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
