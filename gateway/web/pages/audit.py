"""The audit log: its checkpoints, whether it holds, who looked lately, and what of that is unusual."""

from collections import Counter
from datetime import datetime
from typing import Any

from gateway.core.ages import OSLO
from gateway.store import audit
from gateway.web.visit import Answer, Page, Visit

LAST = 50
"""How many looks are shown."""

READ = 5000
"""How many of the log's newest entries are gone through."""

MANY = 25
"""Cases that one person looks at in a day before it is unusual."""

NIGHT = range(6)
"""Hours in which a look is unusual."""


def show(visit: Visit) -> Answer:
    """The log's size, its checkpoints and the latest looks."""
    return _page(visit, verdict=None)


def verify(visit: Visit) -> Answer:
    """Calculate the whole log anew and hold it against the checkpoints."""
    return _page(visit, verdict=audit.verify(visit.site.world.store))


def _page(visit: Visit, *, verdict: Any) -> Page:
    store = visit.site.world.store
    with store.read() as tx:
        size, _ = tx.tree()
        looks = tx.newest_entries(READ, act="looked")
    facts = {
        "size": size,
        "checkpoints": [one for one in store.vault.checkpoints() if one.superseded_by is None][-10:],
        "verdict": verdict,
        "looks": looks[:LAST],
        "unusual": unusual(looks),
    }
    return Page(template="audit.html", facts=facts, title="title.audit")


def unusual(looks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Who looked at night, and who looked at many cases in one day: what the privacy officer goes through."""
    days: Counter[tuple[str, str]] = Counter()
    found = []
    for one in looks:
        at = datetime.fromisoformat(one["at"]).astimezone(OSLO)
        days[one["by"], at.date().isoformat()] += len(one.get("cases", ()))
        if at.hour in NIGHT:
            found.append({"by": one["by"], "at": one["at"], "what": one.get("what", ""), "why": "night"})
    found += [{"by": by, "at": day, "what": str(n), "why": "many"} for (by, day), n in days.items() if n > MANY]
    return found
