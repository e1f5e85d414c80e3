"""What a simulated vendor holds: records in the vendor's own shape, with versions, times and tombstones."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from msgspec import Struct, field

from gateway.sdk import jsonio
from gateway.sdk.loopback import Answer
from gateway.sdk.resource import Resource, at, items_at, merged, put, text, with_nested

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


class Wrong(Exception):
    """A request that the vendor refuses."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code

    def answer(self) -> Answer:
        """As an HTTP answer."""
        return Answer(status=self.status, body=jsonio.encode({"code": self.code}))


class Held(Struct, kw_only=True):
    """One record there. ``seq`` orders changes, ``keys`` are those of the writes that made it what it is."""

    kind: str
    id: str
    body: dict[str, Any]
    version: int
    modified: str
    seq: int
    deleted: bool = False
    writes: int = 0
    keys: list[str] = field(default_factory=list)
    before: dict[str, Any] | None = None
    """The body before the last change, for a stale read."""


class Shelf:
    """The records by kind and id. Not thread-safe: the simulator holds its lock."""

    def __init__(self, *, resources: Sequence[Resource], seed: int) -> None:
        self._resources = {kind: one for one in reversed(resources) for kind in (one.kinds or (one.kind,))}
        self._held: dict[tuple[str, str], Held] = {}
        self._order: dict[int, Held] = {}
        self._sorted: list[Held] | None = None
        self._seed = seed
        self._made = 0
        self.seq = 0
        self.skew = timedelta(0)
        self.effects: list[dict[str, Any]] = []

    @property
    def now(self) -> datetime:
        """The time there: a second later with every change."""
        return BEGINS + timedelta(seconds=self.seq)

    def all(self) -> Iterable[Held]:
        """Every record, the least recently changed first."""
        return self._order.values()

    def after(self, seq: int) -> Iterator[Held]:
        """Records changed after this one, the least recently changed first."""
        if self._sorted is None:
            self._sorted = list(self._order.values())
        return islice(self._sorted, bisect_right(self._sorted, seq, key=lambda one: one.seq), None)

    def get(self, kind: str, ident: str) -> Held | None:
        """A living record."""
        held = self._held.get((kind, ident))
        return None if held is None or held.deleted else held

    def find(self, kind: str, ident: str) -> Held:
        """A living record. Raises ``KeyError``."""
        held = self.get(kind, ident)
        if held is None:
            raise KeyError(kind)
        return held

    def kind_of(self, resource: Resource, body: Mapping[str, Any]) -> str:
        """Which kind a body to create is. Raises ``Wrong``."""
        kind = text(at(body, resource.kind_at)) if resource.kind_at else resource.kind
        if kind not in (resource.kinds or (resource.kind,)):
            raise Wrong(422, "kind.unknown")
        return str(kind)

    def make(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        ident: str | None = None,
        key: str | None = None,
        late: bool = False,
    ) -> Held:
        """A new record. Raises ``Wrong`` for a kind that is not there."""
        resource = self._resources.get(kind)
        if resource is None:
            raise Wrong(422, "kind.unknown")
        given = ident or (text(at(body, resource.id)) if key is None else None)
        held = Held(kind=kind, id=given or self._fresh(kind), body={}, version=0, modified="", seq=0)
        self._held[kind, held.id] = held
        self._write(held, with_nested(resource, {}, body), key=key, op="make", late=late)
        return held

    def change(self, held: Held, patch: Mapping[str, Any], *, key: str | None = None, whole: bool = False) -> None:
        """A merge patch, or with ``whole`` a new body."""
        resource = self._resources[held.kind]
        body = dict(patch) if whole else with_nested(resource, held.body, patch)
        self._write(held, body, key=key, op="edit")

    def delete(self, held: Held) -> None:
        """A tombstone instead of the record."""
        held.deleted = True
        self._write(held, {}, key=None, op="delete")

    def take_back(self, kind: str, ident: str, fields: Sequence[str] | None) -> bool:
        """Retract a record, or an item inside a document: all of it, or these fields. Whether it was there."""
        held = self.get(kind, ident)
        if held is not None:
            if fields is None:
                self.delete(held)
            else:
                self._write(held, _emptied(held.body, fields), key=None, op="edit")
            return True
        for document in list(self.all()):
            resource = self._resources[document.kind]
            path = resource.nested.get(kind)
            items = at(document.body, path) if path and not document.deleted else None
            for place, item in enumerate(items or ()):
                if text(at(item, resource.nested_id)) != ident:
                    continue
                left = [one for number, one in enumerate(items or ()) if number != place]
                if fields is not None:
                    left = list(items or ())
                    left[place] = _emptied(item, fields)
                body = with_nested(resource, document.body, {})
                put(body, str(path), left)
                self._write(document, body, key=None, op="edit")
                return True
        return False

    def match(self, held: Held | None, version: str | None) -> None:
        """Raises ``Wrong(412)`` when a write was meant for another version."""
        if version is None:
            return
        if held is None or version.strip('"') != str(held.version):
            raise Wrong(412, "version.stale")

    def _write(self, held: Held, body: dict[str, Any], *, key: str | None, op: str, late: bool = False) -> None:
        resource = self._resources[held.kind]
        self._order.pop(held.seq, None)
        self.seq += 1
        held.seq, held.version, held.writes = self.seq, held.version + 1, held.writes + 1
        moment = self.now + self.skew - (timedelta(minutes=1) if late else timedelta(0))
        held.modified = moment.isoformat().removesuffix("+00:00") + "Z"
        held.before, held.body = held.body, body
        put(body, resource.id, held.id)
        for path, value in ((resource.kind_at, held.kind), (resource.modified, held.modified)):
            if path:
                put(body, path, value)
        if resource.version:
            put(body, resource.version, str(held.version))
        if resource.deleted:
            put(body, resource.deleted, held.deleted)
        self._name_items(resource, body)
        if key is not None:
            held.keys.append(key)
        self._order[self.seq] = held
        self._sorted = None
        self.effects.append({"op": op, "kind": held.kind, "id": held.id, "key": key})

    def _name_items(self, resource: Resource, body: dict[str, Any]) -> None:
        """Items in a document's lists get ids of their own, and what named them by their place names them by those."""
        named: dict[str, str] = {}
        for kind, path in resource.nested.items():
            place = 0
            for item in items_at(body, path):
                if text(at(item, resource.nested_id)) is None:
                    ident = named[f"#{kind}/{place}"] = self._fresh(kind)
                    put(item, resource.nested_id, ident)
                    place += 1
        if named and resource.local_refs:
            body.update({name: _renamed(value, named) for name, value in body.items()})

    def _fresh(self, kind: str) -> str:
        self._made += 1
        return f"{kind[0]}{self._seed}-{self._made}"


def _emptied(body: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """A body without these fields' values: inside ``fields`` where it has that, else at the paths that are named."""
    inside = body.get("fields")
    if isinstance(inside, Mapping):
        return {**body, "fields": {**inside, **dict.fromkeys(names)}}
    emptied: dict[str, Any] = merged({}, body)
    for name in names:
        put(emptied, name, None)
    return emptied


def _renamed(value: Any, named: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return named.get(value, value)
    if isinstance(value, list):
        return [_renamed(one, named) for one in value]
    if isinstance(value, dict):
        return {name: _renamed(one, named) for name, one in value.items()}
    return value
