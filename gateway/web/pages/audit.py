"""The audit log: its checkpoints, whether it holds, who looked lately and what was done, and what is unusual."""

from collections.abc import Mapping
from typing import Any

from gateway.run import evidence, inbox
from gateway.run.settings import Person
from gateway.run.unusual import KIND
from gateway.web.visit import Answer, Page, Visit

LAST = 50
"""How many looks are shown."""

NEWEST = 200
"""How many of the log's newest entries are gone through for what was done lately."""

READ = 5000
"""How many of the log's newest entries are gone through."""

_APART = frozenset({"looked", "look.reviewed"})
_ABOUT = frozenset({"case", "about"})
_SHOWN = ("looked", "look.reviewed")


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
        done = [one for one in tx.newest_entries(NEWEST) if _told(one, visit.person)][:LAST]
        entries = list(tx.entries_from(max(0, size - READ), limit=READ, acts=_SHOWN))[::-1]
    looks = [one for one in entries if one["act"] == "looked"]
    facts = {
        "size": size,
        "checkpoints": [one for one in store.vault.checkpoints() if one.superseded_by is None][-10:],
        "verdict": verdict,
        "looks": looks[:LAST],
        "done": [_line(one) for one in done],
        "queue": inbox.page(visit.site.world, visit.person, "all", kind=KIND, limit=LAST).tasks,
        "reviewed": [one for one in entries if one["act"] == "look.reviewed"][:LAST],
    }
    return Page(template="audit.html", facts=facts, title="title.audit")


def _told(entry: Mapping[str, Any], person: Person) -> bool:
    """Whether an entry is among what was done lately: looks stand apart, and to an operator what is about a case does.

    That somebody reported a concern or answered a family is no matter of who runs the machine.
    """
    return entry["act"] not in _APART and (person.role == "privacy" or _ABOUT.isdisjoint(entry))


def _line(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as a line: its act, when, who or which system. Cases, fields and all else stay in the log."""
    return {name: entry.get(name) for name in ("act", "at", "by", "system")}
