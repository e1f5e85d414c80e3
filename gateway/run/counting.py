"""What was sent, held back and why, and what shadow would have sent: numbers of each day, kept as rounds decide.

A page reads a few rows for the last days, and never the log. A record that is decided on twice counts twice: the
numbers say what the gate was asked, not how much there is.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from gateway.core.ages import day
from gateway.run.batch import Batch
from gateway.store import Tx

KEPT = timedelta(days=31)
"""How long a day's numbers are kept."""

_NAME = "decided on/"


def count(batch: Batch, tx: Tx, *, at: datetime, sent: int) -> None:
    """Add a batch's numbers to its system's of the day, in the transaction that writes down what came of it."""
    withheld: Counter[str] = Counter()
    shadow = 0
    for one in (held for decided in batch.decided.values() for held in decided.plan.withheld):
        if one.shadow:
            shadow += len(one.fields)
        elif one.decision is not None:
            withheld.update(dict.fromkeys(one.decision.rules, len(one.fields)))
    if not (withheld or shadow or sent):
        return
    name = f"{_NAME}{day(at).isoformat()}/{batch.system.name}"
    known = tx.remembered(name)
    told: dict[str, Any] = msgspec.json.decode(known) if known else {"sent": 0, "shadow": 0, "withheld": {}}
    told["sent"] += sent
    told["shadow"] += shadow
    told["withheld"] = dict(Counter(told["withheld"]) + withheld)
    tx.remember(name, msgspec.json.encode(told).decode())


def lately(tx: Tx, *, at: datetime, days: int) -> dict[str, Mapping[str, Any]]:
    """By system the numbers of fields of the last days: ``sent``, ``shadow``, and ``withheld`` by rule."""
    first = (day(at) - timedelta(days=days - 1)).isoformat()
    sums: dict[str, dict[str, Any]] = {}
    for name, told in tx.marked(_NAME).items():
        on, _, system = name.partition("/")
        if on < first:
            continue
        one = msgspec.json.decode(told)
        mine = sums.setdefault(system, {"sent": 0, "shadow": 0, "withheld": Counter()})
        mine["sent"] += one["sent"]
        mine["shadow"] += one["shadow"]
        mine["withheld"] += Counter(one["withheld"])
    return {name: {**one, "withheld": dict(one["withheld"].most_common())} for name, one in sums.items()}


def forget_old(tx: Tx, *, at: datetime) -> None:
    """Let go of the numbers of days that are kept no longer."""
    before = (day(at) - KEPT).isoformat()
    for name, told in tx.marked(_NAME).items():
        if name.partition("/")[0] < before:
            tx.forget(f"{_NAME}{name}", told)
