"""A bench for declared adapters: the world is the simulator that follows from the same declaration.

It shows that an adapter keeps its own promises. That the vendor keeps them too is shown by samples that were recorded
at the vendor's, and by a world that is not ours.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import msgspec
from msgspec import Struct

from gateway.sdk.api import Adapter, Maps, Request
from gateway.sdk.resource import Resource, at, put, text
from gateway.sdk.rest import RestAdapter
from gateway.sdk.simulator import Simulator
from gateway.sdk.testing.behind import Behind, behind
from gateway.sdk.testing.connecting import watched_context
from gateway.sdk.testing.world import Ability, FaultName, Sample, Thing, Watch, World

CASE = "kit-case"
"""The id that a sample's case has in the simulator, where it has cases."""
_HOUR = 3_600
_CAN: frozenset[Ability] = frozenset(
    {"make", "edit", "delete", "late", "down", "rejected", "lost", "acknowledged", "requests", "age"}
)


class SimulatorWorld:
    """A simulator as a ``World``. Items that stand inside documents are things of their own."""

    def __init__(self, simulator: Simulator, *, guard: Behind | None = None) -> None:
        self.simulator, self.guard = simulator, guard
        self.url = simulator.url
        self._own = {kind: one for one in simulator.resources for kind in one.kinds or (one.kind,)}
        self._inside = {
            kind: (one, path)
            for one in simulator.resources
            for kind, path in one.nested.items()
            if kind not in self._own
        }
        timed = any(one.since or one.feed for one in simulator.resources)
        self.can: Collection[Ability] = _CAN if timed else _CAN - {"late"}

    def state(self) -> dict[str, Thing]:
        """See ``World``."""
        found = {}
        for key, held in self.simulator.records.items():
            resource = self._own[held.kind]
            body = _content(resource, held.body)
            for kind, path in resource.nested.items():
                items = at(held.body, path)
                for item in items if isinstance(items, list) else ():
                    ident = text(at(item, resource.nested_id)) or ""
                    found[f"{kind}:{ident}"] = Thing(kind=kind, id=ident, body=_without(item, (resource.nested_id,)))
                body = _without(body, (path,))
            version = str(held.version) if resource.version or resource.if_match else None
            found[key] = Thing(kind=held.kind, id=held.id, body=body, version=version, writes=held.writes)
        return found

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        """See ``World``."""
        if kind not in self._inside:
            return self.simulator.make(kind, body, late=late)
        resource, path = self._inside[kind]
        self._case()
        before = at(self.simulator.records[f"{resource.kind}:{CASE}"].body, path) or []
        patch: dict[str, Any] = {}
        put(patch, path, [dict(body)])
        self.simulator.edit(resource.kind, CASE, patch)
        after = at(self.simulator.records[f"{resource.kind}:{CASE}"].body, path)
        return text(at(after[len(before)], resource.nested_id)) or ""

    def edit(self, kind: str, ident: str, patch: Mapping[str, Any]) -> None:
        """See ``World``."""
        if kind not in self._inside:
            self.simulator.edit(kind, ident, patch)
            return
        resource, path = self._inside[kind]
        item = dict(patch)
        put(item, resource.nested_id, ident)
        whole: dict[str, Any] = {}
        put(whole, path, [item])
        self.simulator.edit(resource.kind, CASE, whole)

    def delete(self, kind: str, ident: str) -> None:
        """See ``World``; an item inside a document cannot be deleted alone."""
        self.simulator.delete(kind, ident)

    def fault(self, name: FaultName, times: int = 1) -> None:
        """See ``World``."""
        self.simulator.fault(name, times=times)

    def heal(self) -> None:
        """See ``World``."""
        self.simulator.heal()

    def ready(self, sample: Sample) -> str | None:
        """The sample's case, made where the system has cases."""
        if sample.kind == "case":
            return None
        self._case()
        return CASE

    def acknowledged(self) -> list[str]:
        """See ``World``; an id that the system does not know is none of its records."""
        known = {held.id for held in self.simulator.records.values()}
        return [ident for ident in self.simulator.acknowledged if ident in known]

    def requests(self) -> list[str]:
        """See ``World``."""
        return self.simulator.requests

    def age(self) -> None:
        """See ``World``. Time there passes a second with every change, so another record is changed and goes."""
        kind = next(iter(self._own))
        ident = self.simulator.make(kind, {})
        for _ in range(_HOUR):
            self.simulator.edit(kind, ident, {})
        self.simulator.delete(kind, ident)

    def webhook(self) -> Request:
        """The simulator calls nobody."""
        raise NotImplementedError

    def _case(self) -> None:
        if "case" in self._own and f"case:{CASE}" not in self.simulator.records:
            self.simulator.make("case", {}, ident=CASE)


class RestBench(Struct, kw_only=True):
    """A bench for a ``RestAdapter``. ``page`` is put in place of the declared page sizes, so that paging is tried hard.

    ``page=0`` leaves the sizes as they are declared. ``authority`` puts the simulator behind an authority that binds
    tokens to a key, as HelseID does.
    """

    adapter: type[Adapter]
    maps: Maps
    samples: Sequence[Sample]
    page: int = 3
    source: str = "own declaration"
    secret: str = "kit"
    options: Mapping[str, Any] = {}
    authority: bool = False

    def __post_init__(self) -> None:
        """Put the page size into the declaration."""
        declared: type[RestAdapter] = self.adapter  # type: ignore[assignment]
        if self.page:
            small = tuple(msgspec.structs.replace(one, size=self.page) for one in declared.resources)
            names = {"resources": small, "capabilities": declared.capabilities, "__doc__": declared.__doc__}
            self.adapter = type(declared.__name__, (declared,), names)
        else:
            self.page = max(one.size for one in declared.resources)

    @contextmanager
    def world(self) -> Iterator[World]:
        """A new simulator with nothing in it."""
        resources: tuple[Resource, ...] = self.adapter.resources  # type: ignore[attr-defined]
        with ExitStack() as held:
            guard = held.enter_context(behind()) if self.authority else None
            simulator = Simulator(
                resources,
                secret="" if guard is not None else self.secret,
                guard=None if guard is None else guard.guarded,
            )
            held.enter_context(simulator)
            yield SimulatorWorld(simulator, guard=guard)

    def connect(self, world: World, watch: Watch) -> Adapter:
        """The adapter at that simulator."""
        url: str = world.url  # type: ignore[attr-defined]
        guard: Behind | None = world.guard  # type: ignore[attr-defined]
        authoriser = None if guard is None else guard.authoriser(watch)
        context = watched_context(
            url, watch, maps=self.maps, secret=self.secret, options=self.options, authoriser=authoriser
        )
        return self.adapter(context)


def _content(resource: Resource, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a user wrote: without the places where the system keeps its own accounts."""
    own = (resource.id, resource.version, resource.modified, resource.deleted, resource.kind_at)
    return _without(body, own)


def _without(body: Mapping[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    result = msgspec.json.decode(msgspec.json.encode(body))
    for path in filter(None, paths):
        *above, last = path.split(".")
        place = at(result, ".".join(above))
        if isinstance(place, dict):
            place.pop(last, None)
    found: dict[str, Any] = result
    return found
