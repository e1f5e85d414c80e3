"""A bench for a declared adapter that brings none: samples from its mapping, and a simulator from its declaration.

This is the weakest ground that the kit stands on, and the report says so (``source``: ``own declaration``).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from msgspec import Struct, inspect

from gateway.core.mapping import CompiledMapping
from gateway.core.mapping.draft import Draft
from gateway.core.model import KINDS, REFS, Fault, check, facet
from gateway.core.reading import Raw
from gateway.run.mapfiles import FilesInvalid, load_maps, load_terms
from gateway.sdk.api import Adapter
from gateway.sdk.rest import RestAdapter
from gateway.sdk.testing import Sample, Thing, Watch, watched_context
from gateway.sdk.testing.simulated import CASE, RestBench
from gateway.sdk.testing.world import Ability

_DAYS = ("2026-03-02", "2026-04-13")
_TIMES = ("2026-03-02T08:30:00Z", "2026-04-13T11:00:00Z")
_WORDS = ("Noe om {name} på Åsen", "Noe annet om {name} på Åsen")


def rest_bench(adapter: type[RestAdapter], *, brought: Mapping[str, str], model: str = "klepp") -> RestBench:
    """The bench, with the mapping that the plugin brought or that is shipped, read with a municipality's words.

    Raises ``FilesInvalid`` when there is no mapping or it is wrong.
    """
    maps = load_maps(adapter.name, vocabulary=load_terms(model).vocabulary(), brought=brought)
    kinds = adapter.capabilities.reads | adapter.capabilities.writes
    # What stands on its own comes before what stands inside a document, and is tried first.
    inside = {kind for one in adapter.resources for kind in one.nested}
    samples = [
        made
        for kind in sorted(kinds, key=lambda kind: (kind in inside, kind))
        if (made := sample_of(maps.mapping, kind))
    ]
    return RestBench(adapter=adapter, maps=maps, samples=samples)


class HandBench(Struct, kw_only=True):
    """A bench for an adapter behind which a person stands: there is no system whose state could be looked at."""

    adapter: type[Adapter]
    source: str = "a person's hands"
    page: int = 1

    @property
    def samples(self) -> tuple[Sample, ...]:
        """One for each kind that a person can be asked to enter."""
        return tuple(_in_words(kind) for kind in sorted(self.adapter.capabilities.writes) if kind in KINDS)

    @contextmanager
    def world(self) -> Iterator["HandBench"]:
        """Nothing: the bench itself, which can do nothing."""
        yield self

    @property
    def can(self) -> frozenset[Ability]:
        """See ``World``."""
        return frozenset()

    def state(self) -> dict[str, Thing]:
        """See ``World``."""
        return {}

    def ready(self, sample: Sample) -> str | None:
        """See ``World``."""
        return None

    def connect(self, world: "HandBench", watch: Watch) -> Adapter:
        """The adapter, with a context that reaches nothing."""
        return self.adapter(watched_context("http://127.0.0.1:9", watch))


def _in_words(kind: str) -> Sample:
    names = [
        name for name in KINDS[kind].__struct_fields__ if facet(kind, name) == "narrative" and name not in REFS[kind]
    ]
    fields: dict[str, Any] = {**_required(kind)}
    fields |= {name: value for name in names if isinstance(value := next(_plain(KINDS[kind], name), None), str)}
    return Sample(kind=kind, body=fields, fields=fields, patch={}, patched={}, recorded=False)


def sample_of(mapping: CompiledMapping, kind: str) -> Sample | None:
    """A sample of a kind, made of all fields that the mapping carries both ways; ``None`` where it carries none."""
    values: dict[str, list[Any]] = {}
    for name in KINDS[kind].__struct_fields__:
        if name in mapping.carried(kind) and name in mapping.told(kind):
            found = [value for value in _candidates(mapping, kind, name) if _carries(mapping, kind, name, value)]
            if found:
                values[name] = found[:2]
    fields = {name: found[0] for name, found in values.items()}
    changing = sorted((name for name, found in values.items() if len(found) > 1), key=lambda name: _turn(kind, name))
    if not changing:
        return None
    patched = {changing[0]: values[changing[0]][1]}
    body, after = _written(mapping, kind, fields), _written(mapping, kind, {**fields, **patched})
    patch = {key: value for key, value in after.items() if body.get(key) != value}
    return Sample(kind=kind, body=body, fields=fields, patch=patch, patched=patched, recorded=False)


def _turn(kind: str, name: str) -> tuple[bool, str]:
    """Codes change first, so that texts are left to be withheld."""
    return facet(kind, name) != "fact" or name in REFS[kind], name


def _written(mapping: CompiledMapping, kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    written = mapping.write(Draft(kind=kind, fields=fields, case_native_id=None if kind == "case" else CASE))
    plain: dict[str, Any] = msgspec.to_builtins(written)
    return plain


def _carries(mapping: CompiledMapping, kind: str, name: str, value: Any) -> bool:
    """Whether a value goes there and comes back as it was."""
    try:
        if check(kind, {**_required(kind), name: value}).get(name) != value:
            return False
        raw = _as_sent(mapping, kind, _written(mapping, kind, {name: value}))
        return any(one.kind == kind and one.fields.get(name) == value for one in mapping.read(raw, raw.body))
    except Fault:
        # A field beside it may be what is missing; then the value is left to the whole to show.
        return False


def _required(kind: str) -> dict[str, Any]:
    return {name: next(iter(_plain(KINDS[kind], name)), None) for name in KINDS[kind].required}


def _as_sent(mapping: CompiledMapping, kind: str, body: dict[str, Any]) -> Raw:
    """A body as the vendor would send it: with an id, and inside a document where it has no record of its own."""
    for entry in mapping.spec.entries.values():
        if entry.kind == kind and not entry.read_only:
            known = _at(entry.head["id"].path, "x", body) if "id" in entry.head else body
            for vendor_kind in entry.vendor_kinds:
                return Raw(kind=vendor_kind, id="x", body=known)
            for whole in mapping.spec.entries.values():
                for nested in whole.nested:
                    if nested.entry == entry.name:
                        written = _written(mapping, whole.kind, {})
                        outer = _as_sent(mapping, whole.kind, written)
                        item: Any = known if nested.one else [known]
                        return msgspec.structs.replace(outer, body=_at(nested.path, item, dict(outer.body)))
    return Raw(kind=kind, id="x", body=body)


def _at(path: Sequence[Any], leaf: Any, body: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a body with something put at a path."""
    head, *rest = path
    inner = body.get(head)
    return {**body, head: _at(rest, leaf, inner if isinstance(inner, Mapping) else {}) if rest else leaf}


def _candidates(mapping: CompiledMapping, kind: str, name: str) -> Iterator[Any]:
    for entry in mapping.spec.entries.values():
        listed = entry.fields.get(name) if entry.kind == kind else None
        if listed is not None and listed.codes is not None:
            yield from dict.fromkeys(value for value in listed.codes.read.values() if isinstance(value, str))
    yield from _plain(KINDS[kind], name)


def _plain(struct: Any, name: str) -> Iterator[Any]:
    """Values that the model allows for a field: its codes, two days, two texts."""
    told = next(one for one in inspect.type_info(struct).fields if one.name == name).type  # type: ignore[attr-defined]
    for option in told.types if isinstance(told, inspect.UnionType) else (told,):
        shape: Any = option
        while isinstance(shape, inspect.Metadata):
            shape = shape.type
        if isinstance(shape, inspect.LiteralType):
            yield from shape.values
        elif isinstance(shape, inspect.DateType):
            yield from _DAYS
        elif isinstance(shape, inspect.DateTimeType):
            yield from _TIMES
        elif isinstance(shape, inspect.BoolType):
            yield from (True, False)
        elif isinstance(shape, inspect.IntType):
            yield from (1, 2)
        elif isinstance(shape, inspect.StrType):
            yield from (words.replace("{name}", name) for words in _WORDS)
        elif isinstance(shape, inspect.ListType):
            yield from ([words.replace("{name}", name)] for words in _WORDS)


__all__ = ["FilesInvalid", "HandBench", "rest_bench", "sample_of"]
