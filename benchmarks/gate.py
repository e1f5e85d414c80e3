"""What the gate costs for each released item: ten items a case, four different questions, the facts new each time.

``us_per_item`` is processor time: the mean of the calmest of some rounds, each of all cases, with what the loop itself
costs. So another program on the machine counts little. The percentiles are of the clock, and tell what a busy machine
does to single items.
"""

import gc
import json
import time
from datetime import date, datetime

from gateway.core.consent import Ask, ConsentFact, Facts, Guardian, Party, Someone
from gateway.core.release import release

CASES, ITEMS, ROUNDS = 1000, 10, 5
AT = datetime.fromisoformat("2026-06-15T12:00:00+02:00")
VALUES = {"level": {"code": "2"}, "raised_on": "2026-03-01", "summary": "Text.", "area": "x", "status": "raised"}


def facts() -> Facts:
    adults = tuple(Someone(id=one, birth_date=date(1985, 1, 1), protection="none") for one in ("mother", "father"))
    return Facts(
        at=AT,
        subject=Someone(id="child", birth_date=date(2014, 5, 2), protection="none", has_capacity=True, pregnant=False),
        people=adults,
        guardians=tuple(Guardian(person=one.id, responsibility="joint", resident=True) for one in adults),
        care="none",
        consents=tuple(
            ConsentFact(
                id=f"c{n}",
                by=one.id,
                purpose="bti",
                services=("school", "health_station"),
                valid_from=date(2026, 1, 1),
                valid_to=date(2026, 12, 31),
            )
            for n, one in enumerate(adults)
        ),
    )


def asks() -> list[Ask]:
    """Ten questions, made anew like the engine makes them; four of them differ."""
    kinds = ["case", "concern", "concern", "concern", "goal", "goal", "measure", "measure", "measure", "measure"]
    return [
        Ask(
            kind=kind,
            domain="education",
            category=kind,
            about=("child",),
            withheld_from_parents=False,
            sender=Party(service="school", unit="s-1", body="kommune"),
            receiver=Party(service="health_station", unit="h-1", body="helse", sector="public"),
            purpose="bti",
        )
        for kind in kinds
    ]


def measure() -> dict[str, object]:
    rounds = [_round() for _ in range(ROUNDS)]
    spent, took = min(rounds)
    took.sort()
    return {
        "bench": "gate",
        "items": len(took) * ROUNDS,
        "asks_per_case": 4,
        "us_per_item": round(spent / len(took) / 1000, 2),
        "p50_us": round(took[len(took) // 2] / 1000, 2),
        "p99_us": round(took[len(took) * 99 // 100] / 1000, 2),
        "max_us": round(took[-1] / 1000, 2),
    }


def _round() -> tuple[int, list[int]]:
    """Nanoseconds of the processor in all, and by the clock for each item."""
    jobs = [(facts(), asks()) for _ in range(CASES)]
    took: list[int] = []
    gc.collect()
    gc.freeze()
    began = time.process_time_ns()
    for known, questions in jobs:
        memo: dict[Ask, object] = {}
        for number, ask in enumerate(questions):
            start = time.perf_counter_ns()
            made, _ = release(
                facts=known,
                groups=[(ask, VALUES)],
                memo=memo,
                wanted=tuple(VALUES),
                system="target",
                kind=str(ask.kind),
                id=f"i{number}",
                case="case",
            )
            took.append(time.perf_counter_ns() - start)
            assert made is not None
    return time.process_time_ns() - began, took


if __name__ == "__main__":
    print(json.dumps(measure()))
