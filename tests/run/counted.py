"""What tasks come to: how many, of which kinds, and how many were done with in one step.

A unit's list is one task. It is done with in one step where it had one line, or where one act answered all of its lines
(``gateway.run.lists``). Beside it each line is counted as a thing that was asked, so that a list hides nothing. What was
put off, what was asked again within a week, and a family that had to be asked once more took more steps.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from gateway.core.ages import day
from gateway.run import settling
from gateway.store import Task

_ONCE_MORE = {"asked": timedelta(days=150)}
"""By answer how long after it the same question is the same step again; a week for the rest."""


def counted(
    things: Sequence[Task], *, cases: int, weeks: int, together: Collection[frozenset[str]] = ()
) -> dict[str, Any]:
    """The counts of all tasks of some weeks as they stand in the store, for so many cases.

    ``together`` are the ids of the lines that one act answered.
    """
    again = asked_again(things)
    lists: dict[tuple[Any, ...], list[Task]] = {}
    for one in things:
        listed = one.kind in settling.LISTED
        lists.setdefault((one.unit, day(one.at), settling.LISTED[one.kind]) if listed else (one.id,), []).append(one)
    closed = [one for one in things if one.resolved_at is not None]
    done = [each for each in lists.values() if all(one.resolved_at is not None for one in each)]
    long = [each for each in lists.values() if len(each) > 1]
    at_once = [each for each in done if _one_step(each, again, together)]
    return {
        "weeks": weeks,
        "tasks": len(lists),
        "per_100_cases_and_week": _a_week(len(lists), cases, weeks),
        "one_step": _share(len(at_once), len(done)),
        "things": len(things),
        "things_per_100_cases_and_week": _a_week(len(things), cases, weeks),
        "things_in_one_step": _share(sum(one.id not in again for one in closed), len(closed)),
        "lists": sum(each[0].kind in settling.LISTED for each in lists.values()),
        "lists_with_several_lines": len(long),
        "lines_on_those": sum(len(each) for each in long),
        "escalated": sum(one.role == "leader" for one in things),
        "kinds": {
            kind: {
                "tasks": n,
                "per_100_cases_and_week": _a_week(n, cases, weeks),
                "one_step": _share(_of(at_once, kind), _of(done, kind)),
            }
            for kind, n in Counter(each[0].kind for each in lists.values()).most_common()
        },
        "by_kind": dict(Counter(one.kind for one in things).most_common()),
        "outcomes": dict(Counter(f"{one.kind} {one.outcome or 'open'}" for one in things).most_common(20)),
    }


def _one_step(each: Sequence[Task], again: Collection[str], together: Collection[frozenset[str]]) -> bool:
    names = {one.id for one in each}
    return names.isdisjoint(again) and (len(names) == 1 or any(names <= act for act in together))


def _of(lists: Sequence[Sequence[Task]], kind: str) -> int:
    return sum(each[0].kind == kind for each in lists)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 1.0


def _a_week(count: int, cases: int, weeks: int) -> float:
    return round(count / cases * 100 / weeks, 2)


def asked_again(things: Sequence[Task]) -> set[str]:
    """The ids of what was put off, or asked again within a week; or at all, where the answer was that somebody was asked."""
    again = {one.id for one in things if one.outcome == "later"}
    by_question: dict[tuple[Any, ...], list[Task]] = {}
    for one in sorted(things, key=lambda one: one.at):
        by_question.setdefault((one.kind, one.case, one.item, one.system), []).append(one)
    for each in by_question.values():
        again |= {
            one.id
            for one, later in pairwise(each)
            if later.at - (one.resolved_at or later.at) < _ONCE_MORE.get(one.outcome or "", timedelta(days=7))
        }
    return again
