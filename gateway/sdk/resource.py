"""What a vendor's REST interface is like, declared: where records come from, where things stand in them, how to write.

Paths into JSON are dotted names (``meta.versjon``); an empty one is the value itself, or says that there is none.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from functools import lru_cache
from typing import Any, Literal, cast

import msgspec
from msgspec import UNSET, Struct, UnsetType

from gateway.sdk.api import Capabilities

Paging = Literal["none", "cursor", "offset", "page", "link"]
"""``cursor``: each answer names the next in ``next``; ``offset``: rows to skip; ``page``: numbered from 1; ``link``: a
URL in ``next``, or in the ``Link`` header where ``next`` is not declared (RFC 8288). Rows move between numbered pages
when others come or go, so with ``offset`` and ``page`` a full read of several pages is made twice."""


class Resource(Struct, frozen=True, kw_only=True):
    """One kind of record at one vendor, and how it is read and written.

    Reading: ``path`` lists the records of ``kind``, found at ``records`` in the answer, ``size`` on a page. ``since``
    names the parameter for a time of change: the newest ``modified`` seen less ``overlap`` seconds is sent, so that
    rows that were saved late are seen. With ``feed``, the cursor at ``next`` is kept for ever and is asked from the
    next time; ``more`` is where the answer says whether more waits. ``id``, ``version``, ``modified`` and ``deleted``
    are where a record says so. A list that holds several kinds names them in ``kinds``, and ``kind_at`` is where a
    record tells its own.

    Writing: ``create`` and ``update`` are HTTP methods; ``write`` is the path to create at, where it is not ``path``;
    ``item`` is one record's path (``{id}``, ``{kind}``). ``PATCH``
    gets the changed fields only (RFC 7396); for ``PUT`` the record is fetched, changed and put back. ``keyed`` says
    that ``key_header`` is honoured, ``if_match`` that versions are. ``batch`` is a path that takes ``batch_size``
    writes at once.
    ``delete`` allows ``DELETE``; ``retract`` is a path that takes retractions instead. ``nested`` gives, for
    documents, the list in which each other kind's items stand; ``nested_id`` is where they tell their id. With
    ``local_refs`` a field can name a new item of the same document as ``#kind/n``: the n-th new one, from 0.

    ``read_back`` is the path of what a key wrote (``{key}``), ``inventory`` lists ids and versions, ``acknowledge``
    takes the ids that we have kept.
    """

    kind: str
    path: str
    kinds: tuple[str, ...] = ()
    kind_at: str = ""
    records: str = ""
    paging: Paging = "none"
    next: str = ""
    more: str = ""
    page_param: str = "cursor"
    size_param: str = "limit"
    size: int = 100
    since: str = ""
    overlap: int = 300
    feed: bool = False
    id: str = "id"
    version: str = ""
    modified: str = ""
    deleted: str = ""
    create: Literal["", "POST"] = ""
    update: Literal["", "PATCH", "PUT"] = ""
    write: str = ""
    item: str = ""
    keyed: bool = False
    key_header: str = "Idempotency-Key"
    if_match: bool = False
    batch: str = ""
    batch_size: int = 100
    delete: bool = False
    retract: str = ""
    nested: Mapping[str, str] = {}
    nested_id: str = "id"
    local_refs: bool = False
    read_back: str = ""
    inventory: str = ""
    acknowledge: str = ""

    @property
    def carries(self) -> frozenset[str]:
        """The kinds whose records or nested items pass here."""
        return frozenset(self.kinds or (self.kind,)) | frozenset(self.nested)

    @property
    def create_path(self) -> str:
        """Where new records go."""
        return self.write or self.path

    @property
    def item_template(self) -> str:
        """One record's path, with ``{id}`` and perhaps ``{kind}``."""
        return self.item or f"{self.create_path}/{{id}}"

    def item_path(self, *, ident: str, kind: str) -> str:
        """One record's path; ids are quoted."""
        from urllib.parse import quote  # noqa: PLC0415 - a run that only reads does not need it

        template = self.item_template
        return template.replace("{id}", quote(ident, safe="")).replace("{kind}", quote(kind, safe=""))


def capabilities(resources: Sequence[Resource]) -> Capabilities:
    """What follows from declarations."""
    writing = [one for one in resources if one.create]
    nothing: frozenset[str] = frozenset()
    batches = {one.batch_size if one.batch else 1 for one in writing}
    return Capabilities(
        reads=nothing.union(*(one.carries for one in resources if one.path)),
        writes=nothing.union(*(one.carries for one in writing)),
        create_only=bool(writing) and not any(one.update for one in writing),
        idempotency_key=bool(writing) and all(one.keyed for one in writing),
        conditional_write=bool(writing) and all(one.if_match for one in writing),
        read_back=bool(writing) and all(one.read_back for one in writing),
        deletes=any(one.deleted for one in resources),
        retracts=bool(writing) and all(one.retract or (one.delete and one.update) for one in writing),
        inventory=any(one.inventory for one in resources),
        acknowledges=any(one.acknowledge for one in resources),
        documents=any(one.nested for one in writing),
        full_feed=not any(one.since or one.feed for one in resources if one.path),
        batch=min(batches, default=1),
    )


class Head(Struct, frozen=True):
    """What a record says of itself, before it is read."""

    id: str | None
    version: str | None
    modified: str | None
    deleted: bool
    kind: str


_Leaf = str | int | float | bool | None | UnsetType


@lru_cache(maxsize=256)
def _head_decoder(paths: tuple[str, ...]) -> "msgspec.json.Decoder[Any]":
    """A decoder that sees these paths and skips everything else."""
    tree: dict[str, Any] = {}
    for path in paths:
        branch = tree
        *above, leaf = path.split(".")
        for name in above:
            branch = branch.setdefault(name, {})
        branch.setdefault(leaf, None)
    return msgspec.json.Decoder(_struct(tree))


def _struct(tree: Mapping[str, Any]) -> Any:
    fields: list[tuple[str, Any, Any]] = []
    renames = {}
    for number, (name, inner) in enumerate(tree.items()):
        known = f"f{number}"
        renames[known] = name
        shape = _Leaf if inner is None else _struct(inner) | None | UnsetType
        fields.append((known, shape, UNSET))
    return msgspec.defstruct("Seen", fields, rename=renames)


def head(resource: Resource, record: bytes | msgspec.Raw) -> Head:
    """What a record says of itself. Raises ``msgspec.DecodeError`` where these places hold something else."""
    paths = tuple(
        path for path in (resource.id, resource.version, resource.modified, resource.deleted, resource.kind_at) if path
    )
    seen = msgspec.to_builtins(_head_decoder(paths).decode(record))
    told = at(seen, resource.deleted) if resource.deleted else None
    return Head(
        id=text(at(seen, resource.id)),
        version=text(at(seen, resource.version)) if resource.version else None,
        modified=text(at(seen, resource.modified)) if resource.modified else None,
        deleted=told not in (None, False, 0, "", "0", "false", "N", "nei"),
        kind=(text(at(seen, resource.kind_at)) if resource.kind_at else None) or resource.kind,
    )


def text(value: Any) -> str | None:
    """An id or version as text; ``None`` where there is none."""
    if isinstance(value, bool) or value is None or value == "":
        return None
    return str(value)


@lru_cache(maxsize=1024)
def _names(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")) if path else ()


def at(value: Any, path: str) -> Any:
    """What stands at a path, or ``None``."""
    for name in _names(path):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def items_at(value: Any, path: str) -> list[Any]:
    """The items that stand at a path, one or many."""
    found = at(value, path)
    if isinstance(found, list):
        return found
    return [found] if isinstance(found, dict) else []


def put(value: MutableMapping[str, Any], path: str, leaf: Any) -> None:
    """Set what stands at a path; objects on the way are made."""
    *above, last = _names(path)
    for name in above:
        inner = value.get(name)
        if not isinstance(inner, dict):
            inner = value[name] = {}
        value = cast("MutableMapping[str, Any]", inner)
    value[last] = leaf


def merged(under: Any, over: Any) -> Any:
    """A JSON merge patch applied (RFC 7396), except that ``null`` stays, as a value told empty."""
    if not isinstance(over, dict):
        return over
    result = dict(under) if isinstance(under, dict) else {}
    for name, value in over.items():
        result[name] = merged(result.get(name), value) if isinstance(value, dict) else value
    return result


def with_nested(resource: Resource, under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """A document with changes: items in nested lists are known again by their id, those without one are new."""
    result = cast("dict[str, Any]", merged(under, over))
    for path in dict.fromkeys(resource.nested.values()):
        news = at(over, path)
        if not isinstance(news, list):
            continue
        olds = at(under, path)
        items = [dict(one) for one in olds] if isinstance(olds, list) else []
        places = {text(at(one, resource.nested_id)): number for number, one in enumerate(items)}
        for one in news:
            place = places.get(text(at(one, resource.nested_id)) or "")
            if place is None:
                items.append(dict(one))
            else:
                items[place] = merged(items[place], one)
        put(result, path, items)
    return result
