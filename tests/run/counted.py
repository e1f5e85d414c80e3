"""What tasks come to: how many, of which kinds, and how many were done with in one step.

A unit's weekly list is one task, and is done with in one step only where it had one line. Beside it each line is counted
as a thing that was asked, so that a list hides nothing. What was put off, or asked again within a week, took more steps.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from gateway.core.ages import day
from gateway.run import settling
from gateway.store import Task


def counted(things: Sequence[Task], *, cases: int, weeks: int) -> dict[str, Any]:
    """The counts of all tasks of some weeks as they stand in the store, for so many cases."""
    again = asked_again(things)
    lists: dict[tuple[Any, ...], list[Task]] = {}
    for one in things:
        lists.setdefault((one.unit, day(one.at)) if one.kind in settling.LISTED else (one.id,), []).append(one)
    closed = [one for one in things if one.resolved_at is not None]
    done = [each for each in lists.values() if all(one.resolved_at is not None for one in each)]
    long = [each for each in lists.values() if len(each) > 1]
    at_once = sum(len(each) == 1 and each[0].id not in again for each in done)
    return {
        "weeks": weeks,
        "tasks": len(lists),
        "per_100_cases_and_week": _a_week(len(lists), cases, weeks),
        "one_step": round(at_once / len(done), 3) if done else 1.0,
        "things": len(things),
        "things_per_100_cases_and_week": _a_week(len(things), cases, weeks),
        "things_in_one_step": round(1 - sum(one.id in again for one in closed) / max(1, len(closed)), 3),
        "lists": sum(each[0].kind in settling.LISTED for each in lists.values()),
        "lists_with_several_lines": len(long),
        "lines_on_those": sum(len(each) for each in long),
        "escalated": sum(one.role == "leader" for one in things),
        "by_kind": dict(Counter(one.kind for one in things).most_common()),
        "outcomes": dict(Counter(f"{one.kind} {one.outcome or 'open'}" for one in things).most_common(20)),
    }


def _a_week(count: int, cases: int, weeks: int) -> float:
    return round(count / cases * 100 / weeks, 2)


def asked_again(things: Sequence[Task]) -> set[str]:
    """The ids of what was put off, or asked again within a week."""
    again = {one.id for one in things if one.outcome == "later"}
    by_question: dict[tuple[Any, ...], list[Task]] = {}
    for one in sorted(things, key=lambda one: one.at):
        by_question.setdefault((one.kind, one.case, one.item, one.system), []).append(one)
    for each in by_question.values():
        again |= {
            one.id for one, later in pairwise(each) if later.at - (one.resolved_at or later.at) < timedelta(days=7)
        }
    return again
