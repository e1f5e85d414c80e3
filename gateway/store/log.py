"""The audit log inside a transaction: leaves are written just before the commit, with what they record.

The tree's row is held only from then on, so that writers on PostgreSQL wait for each other as briefly as can be.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import TextClause, text

from gateway.store.errors import StoreError
from gateway.store.merkle import EMPTY, extend, leaf_hash, root_of
from gateway.store.scope import Scope

_START = text("INSERT INTO audit_tree (id, size, frontier) VALUES (1, 0, :empty) ON CONFLICT DO NOTHING")
_TREE = text("UPDATE audit_tree SET size = size + :count WHERE id = 1 RETURNING size, frontier")
_GROWN = text("UPDATE audit_tree SET frontier = :frontier WHERE id = 1")
_SHOW = text("SELECT size, frontier FROM audit_tree WHERE id = 1")
_HASH = text("SELECT hash FROM audit_leaves WHERE idx = :idx")
_LEAF = text("INSERT INTO audit_leaves (idx, hash, entry) VALUES (:idx, :hash, :entry)")
_ENTRIES = text("SELECT idx, entry FROM audit_leaves WHERE idx >= :first ORDER BY idx LIMIT :limit")
_NEWEST = text("SELECT entry FROM audit_leaves WHERE idx >= :first ORDER BY idx DESC")
_PAGE = 5000

_encode = msgspec.json.Encoder(order="sorted").encode
_SAFE = 2**53 - 1


def canonical(entry: Mapping[str, Any]) -> bytes:
    """An entry's RFC 8785 canonical JSON.

    Raises ``audit.float``, ``audit.number`` (beyond 2^53 - 1), ``audit.key`` (not ASCII) or ``audit.value`` for what an
    entry may not hold. Within these bounds sorting by code point is the RFC's order; a test holds it against an
    implementation that others made.
    """
    _check(entry)
    try:
        return _encode(entry)
    except (UnicodeEncodeError, msgspec.EncodeError, TypeError, ValueError):
        raise StoreError("audit.value") from None


def _check(value: object) -> None:
    """By exact types first: an entry is mostly short texts in lists, and each batch has thousands."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if isinstance(value, list | tuple):
        for inner in value:
            if type(inner) is not str:
                _check(inner)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise StoreError("audit.key")
            if type(inner) is not str:
                _check(inner)
    elif isinstance(value, int):
        if not -_SAFE <= value <= _SAFE:
            raise StoreError("audit.number")
    elif isinstance(value, float):
        raise StoreError("audit.float")
    elif not isinstance(value, str):
        raise StoreError("audit.value")


class Log(Scope):
    """The call of a transaction that puts entries into the audit log."""

    def audit(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Append entries: pseudonyms, field names, rule ids and hashes; never content. Written when the block ends."""
        self.entries.extend(canonical(entry) for entry in entries)

    def write_log(self) -> None:
        """Append what was collected. Called by the store before the commit."""
        entries, self.entries = self.entries, []
        if not entries:
            return
        row = self.run(_TREE, {"count": len(entries)}).first()
        if row is None:
            self.run(_START, {"empty": b""})
            row = self.run(_TREE, {"count": len(entries)}).one()
        first = row.size - len(entries)
        hashes = [leaf_hash(entry) for entry in entries]
        _, frontier = extend(first, _peaks(row.frontier), hashes)
        self.run_each(
            _LEAF,
            [
                {"idx": first + n, "hash": hashed, "entry": entry}
                for n, (hashed, entry) in enumerate(zip(hashes, entries, strict=True))
            ],
        )
        self.run(_GROWN, {"frontier": b"".join(frontier)})

    def tree(self) -> tuple[int, bytes]:
        """Size and root of the log as this transaction sees it."""
        row = self.run(_SHOW).first()
        return (0, EMPTY) if row is None else (row.size, root_of(_peaks(row.frontier)))

    def leaf_at(self, index: int) -> bytes:
        """The hash of a leaf; empty where there is none."""
        hashed = self.run(_HASH, {"idx": index}).scalar()
        return b"" if hashed is None else bytes(hashed)

    def newest_entries(self, count: int, *, act: str | None = None) -> list[dict[str, Any]]:
        """Of the last ``count`` entries those of an act, or all, the newest first; what it reads does not grow with
        the log.
        """
        size = self.tree()[0]
        rows = self.run(_NEWEST, {"first": max(0, size - count)})
        said = b"" if act is None else canonical({"act": act})[1:-1]  # what is another's is not taken apart
        told = (msgspec.json.decode(row.entry) for row in rows if said in bytes(row.entry))
        return [entry for entry in told if act is None or entry.get("act") == act]

    def entries_from(self, first: int, *, limit: int, acts: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Of the ``limit`` entries from one on those of some acts, in their order.

        The database leaves out the others by how an entry begins: one about a batch is long, and is not read to be
        passed over. So it finds acts whose entries say nothing by a name that sorts before ``act``.
        """
        heads = {f"act{n}": canonical({"act": act})[:-1] for n, act in enumerate(acts)}  # with the quote that ends it
        lengths = {f"long{n}": len(head) for n, head in enumerate(heads.values())}
        span = {"first": first, "beyond": first + limit}
        for row in self.run(_of_acts(len(heads)), span | heads | lengths):
            yield msgspec.json.decode(row.entry)

    def entries_with(self, told: str) -> Iterator[dict[str, Any]]:
        """Entries whose canonical JSON holds a text, in their order. It reads the whole log: for rare asks."""
        needle, first = told.encode(), 0
        while rows := self.run(_ENTRIES, {"first": first, "limit": _PAGE}).all():
            for row in rows:
                if needle in bytes(row.entry):
                    yield msgspec.json.decode(row.entry)
            first = rows[-1].idx + 1


@cache
def _of_acts(count: int) -> TextClause:
    """``substr`` and not ``LIKE``, which neither database has for bytes."""
    told = " OR ".join(f"substr(entry, 1, :long{n}) = :act{n}" for n in range(count))
    return text(f"SELECT entry FROM audit_leaves WHERE idx >= :first AND idx < :beyond AND ({told}) ORDER BY idx")


def _peaks(frontier: bytes) -> list[bytes]:
    stored = bytes(frontier)
    return [stored[at : at + 32] for at in range(0, len(stored), 32)]
