"""Links from a system's own ids to our cases and items."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import text

from gateway.store.scope import Scope, among

_FIND = among(
    "SELECT native, kind, case_id, item, content, version FROM links"
    " WHERE system = :system AND kind = :kind AND native IN :natives",
    "natives",
)
_PUT = text(
    "INSERT INTO links (system, kind, native, case_id, item, content, version)"
    " VALUES (:system, :kind, :native, :case, :item, :content, 1)"
    " ON CONFLICT (system, kind, native) DO UPDATE SET case_id = excluded.case_id, item = excluded.item,"
    " content = excluded.content, version = links.version + 1",
)
_DROP = text("DELETE FROM links WHERE system = :system AND kind = :kind AND native = :native")
_COUNT = text("SELECT count(*) FROM links WHERE system = :system")
_OF_SYSTEM = text("SELECT kind, native, case_id, item, content FROM links WHERE system = :system")
_HELD = text("SELECT native FROM quarantine WHERE system = :system")
_OF_CASE = text(
    "SELECT system, kind, item, content, version FROM links WHERE case_id = :case ORDER BY system, kind, item"
)


class Link(NamedTuple):
    """What a native id stands for here. ``content`` is a digest of what the system last said (``Keys.digest``)."""

    case: str
    item: str
    content: bytes
    version: int


class CaseLink(NamedTuple):
    """A link seen from its case; the native id itself is not kept."""

    system: str
    kind: str
    item: str
    content: bytes
    version: int


class Known(NamedTuple):
    """A record that a system should hold: the mark of its native id, and whether we have ever read it there."""

    kind: str
    mark: bytes
    case: str
    item: str
    read: bool


class Links(Scope):
    """The calls of a transaction about links. Native ids stand in the database as keyed HMAC."""

    def _native(self, system: str, kind: str, native: str) -> bytes:
        asked = (system, kind, native)
        found = self._natives.get(asked)
        if found is None:
            found = self._natives[asked] = self.seal.keys.index("link", *asked)
        return found

    def find_links(self, system: str, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Link]:
        """Links by (kind, native id); unknown ones are absent."""
        kinds: dict[str, dict[bytes, str]] = {}
        for kind, native in wanted:
            kinds.setdefault(kind, {})[self._native(system, kind, native)] = native
        return {
            (kind, natives[bytes(row.native)]): Link(row.case_id, row.item, bytes(row.content), row.version)
            for kind, natives in kinds.items()
            for row in self.each(_FIND, "natives", natives, system=system, kind=kind)
        }

    def put_links(self, system: str, links: Sequence[tuple[str, str, str, str, bytes]]) -> None:
        """Keep (kind, native id, case, item, content digest); an existing one is replaced, its version counted up."""
        rows = [
            {"system": system, "kind": kind, "native": self._native(system, kind, native), "case": case, "item": item,
             "content": content}
            for kind, native, case, item, content in links
        ]  # fmt: skip
        if rows:
            self.run_each(_PUT, rows)

    def drop_links(self, system: str, links: Iterable[tuple[str, str]]) -> None:
        """Forget (kind, native id)."""
        rows = [
            {"system": system, "kind": kind, "native": self._native(system, kind, native)} for kind, native in links
        ]
        if rows:
            self.run_each(_DROP, rows)

    def link_count(self, system: str) -> int:
        """How many records of a system are known here."""
        return int(self.run(_COUNT, {"system": system}).scalar_one())

    def marks(self, system: str, records: Iterable[tuple[str, str]]) -> list[bytes]:
        """The mark under which each (kind, native id) of a system stands, in order."""
        return [self.seal.keys.index("link", system, kind, native) for kind, native in records]

    def known_of(self, system: str) -> dict[bytes, Known]:
        """Every record of a system that is known here, by its mark; the native ids themselves are not kept."""
        return {
            bytes(r.native): Known(r.kind, bytes(r.native), r.case_id, r.item, bool(r.content))
            for r in self.run(_OF_SYSTEM, {"system": system})
        }

    def held_of(self, system: str) -> set[bytes]:
        """The marks of a system's records in quarantine."""
        return {bytes(r.native) for r in self.run(_HELD, {"system": system})}

    def links_of_case(self, case: str) -> list[CaseLink]:
        """Everything that links to a case, by system, kind and item."""
        return [
            CaseLink(r.system, r.kind, r.item, bytes(r.content), r.version) for r in self.run(_OF_CASE, {"case": case})
        ]
