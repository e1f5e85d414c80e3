"""What the stand-in holds: every version of every resource, in order."""

import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from gateway_fhir_r4.standin_rules import references

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class Stored(Struct, frozen=True, kw_only=True):
    """One version of a resource; ``resource`` is ``None`` where it was deleted."""

    kind: str
    id: str
    version: int
    at: datetime
    resource: dict[str, Any] | None


class Records:
    """Everything that was ever written, in order; a clock of its own that goes a minute with each write."""

    def __init__(self, resources: Iterable[Mapping[str, Any]]) -> None:
        self.lock = threading.RLock()
        self._all: list[Stored] = []
        self._last: dict[tuple[str, str], int] = {}
        self._made = 0
        self._now = START
        self.put(resources)

    def put(self, resources: Iterable[Mapping[str, Any]], *, ago: timedelta = timedelta()) -> None:
        """Write resources, dated ``ago``; ``{"resourceType", "id", "_deleted": true}`` deletes one."""
        with self.lock:
            for told in resources:
                kind, name = str(told["resourceType"]), str(told["id"])
                version = self._last[kind, name] = self._last.get((kind, name), 0) + 1
                at = self._now - ago
                self._now += timedelta(minutes=1)
                kept = None if told.get("_deleted") else _with_meta(told, version, at)
                self._all.append(Stored(kind=kind, id=name, version=version, at=at, resource=kept))

    def pass_time(self, time: timedelta) -> None:
        """So much time passes, and nothing is written."""
        with self.lock:
            self._now += time

    def history(self, kind: str) -> list[Stored]:
        """Every version of the type, oldest first."""
        with self.lock:
            return [one for one in self._all if one.kind == kind]

    def newest(self, kind: str) -> list[Stored]:
        """The last version of each resource of the type, oldest first; deleted ones too."""
        last = {one.id: one for one in self.history(kind)}
        return sorted(last.values(), key=lambda one: one.at)

    def living(self, kind: str) -> list[Stored]:
        """The last version of each resource of the type that is not deleted."""
        return [one for one in self.newest(kind) if one.resource is not None]

    def one(self, kind: str, name: str) -> Stored | None:
        """The last version of one resource."""
        with self.lock:
            return next((one for one in reversed(self._all) if (one.kind, one.id) == (kind, name)), None)

    def state(self) -> dict[str, Any]:
        """Ground truth: the living resources by ``Type/id``, and how many writes there were."""
        with self.lock:
            last = {f"{one.kind}/{one.id}": one.resource for one in self._all}
            writes = len(self._all)
        return {"resources": {name: one for name, one in last.items() if one is not None}, "writes": writes}

    def fresh(self) -> str:
        """An id that nothing has had."""
        with self.lock:
            self._made += 1
            return f"r{self._made}"

    def mark(self) -> int:
        """Where the writes stand, to go back to."""
        return len(self._all)

    def since(self, mark: int) -> list[Stored]:
        """What was written after a mark."""
        return self._all[mark:]

    def back_to(self, mark: int) -> None:
        """Undo what was written after a mark."""
        for one in self._all[mark:]:
            self._last[one.kind, one.id] = one.version - 1
        del self._all[mark:]

    def pointed_to(self, target: str) -> bool:
        """Whether a living resource names this one."""
        living = self.state()["resources"].values()
        return any(one["reference"] == target for resource in living for one in references(resource))


def _with_meta(told: Mapping[str, Any], version: int, at: datetime) -> dict[str, Any]:
    meta = {**told.get("meta", {}), "versionId": str(version), "lastUpdated": at.isoformat()}
    return {**told, "meta": meta}
