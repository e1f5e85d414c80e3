"""The audit log: its checkpoints, whether it holds, who looked lately, and what of that is unusual."""

from typing import Any

from gateway.run import evidence, inbox
from gateway.run.unusual import KIND
from gateway.web.visit import Answer, Page, Visit

LAST = 50
"""How many looks are shown."""

READ = 5000
"""How many of the log's newest entries are gone through."""

_SHOWN = (b'"act":"looked"', b'"act":"look.reviewed"')


def show(visit: Visit) -> Answer:
    """The log's size, its checkpoints and the latest looks."""
    return _page(visit, verdict=None)


def verify(visit: Visit) -> Answer:
    """Calculate the whole log anew and hold it against the checkpoints."""
    return _page(visit, verdict=evidence.verify(visit.site.world.store))


def _page(visit: Visit, *, verdict: Any) -> Page:
    store = visit.site.world.store
    with store.read() as tx:
        size, _ = tx.tree()
        entries = list(tx.entries_from(max(0, size - READ), limit=READ, acts=_SHOWN))[::-1]
    looks = [one for one in entries if one["act"] == "looked"]
    facts = {
        "size": size,
        "checkpoints": [one for one in store.vault.checkpoints() if one.superseded_by is None][-10:],
        "verdict": verdict,
        "looks": looks[:LAST],
        "queue": inbox.page(visit.site.world, visit.person, "all", kind=KIND, limit=LAST).tasks,
        "reviewed": [one for one in entries if one["act"] == "look.reviewed"][:LAST],
    }
    return Page(template="audit.html", facts=facts, title="title.audit")
