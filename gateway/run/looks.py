"""Who looked: a named person's look at a case is an entry of the audit log, and can be told to the family."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from gateway.run.world import World
from gateway.store import Tx


class Look(NamedTuple):
    """A look at a case: when, by whom (an entry of ``[people]``), and at what (a command's name)."""

    at: datetime
    by: str
    what: str


def looked(world: World, cases: Iterable[str], *, by: str, what: str, **more: str) -> None:
    """Write down that somebody looked at cases. Raises ``StoreError`` where it cannot be written: then nobody looks."""
    with world.store.write() as tx:
        tx.audit([{"act": "looked", "what": what, "by": by, "cases": sorted(cases), **more, "at": _now(world)}])


def looks_at(tx: Tx, case: str) -> list[Look]:
    """Every look at a case that the log holds, the oldest first. It reads the whole log."""
    return [
        Look(datetime.fromisoformat(entry["at"]), entry["by"], entry["what"])
        for entry in tx.entries_with(f'"{case}"')
        if entry.get("act") == "looked" and case in entry.get("cases", ())
    ]


def _now(world: World) -> str:
    return world.clock().isoformat()
