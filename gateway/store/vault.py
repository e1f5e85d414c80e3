"""The vault: what must not come back with an old backup.

A database of its own, outside what is backed up with the data: the cases' wrapped keys, which cases were erased, the
restrictions, the keys of what was sent, and the audit log's checkpoints. Restoring the main database from last month
leaves all of these as they are today.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct
from sqlalchemy import Connection, text

from gateway.store.database import Database
from gateway.store.departures import Departures, each_of
from gateway.store.errors import StoreError
from gateway.store.scope import among, driver_sql, parts
from gateway.store.seal import Seal
from gateway.store.times import moment, stamp

_KEYS = among("SELECT case_id, wrapped, master FROM case_keys WHERE case_id IN :cases", "cases")
_NEW_KEY = text(
    "INSERT INTO case_keys (case_id, wrapped, master) VALUES (:case, :wrapped, :master)"
    " ON CONFLICT (case_id) DO NOTHING",
)
_OLD_KEYS = text("SELECT case_id, wrapped, master FROM case_keys WHERE master < :master ORDER BY case_id LIMIT :limit")
_REWRAP = text(
    "UPDATE case_keys SET wrapped = :wrapped, master = :master WHERE case_id = :case AND master = :old",
)
_DESTROY = among("DELETE FROM case_keys WHERE case_id IN :cases", "cases")
_ERASED = text("INSERT INTO erased (case_id, by, at) VALUES (:case, :by, :at) ON CONFLICT (case_id) DO NOTHING")
_ERASED_AMONG = among("SELECT case_id FROM erased WHERE case_id IN :cases", "cases")
_ERASURES = text("SELECT seq, case_id, by, at FROM erased WHERE seq > :after ORDER BY seq")

_RESTRICTION = "r.id, r.kind, r.case_id, r.person, r.detail, r.at, r.by, r.source"
_STANDING = "NOT EXISTS (SELECT 1 FROM loosenings l WHERE l.restriction = r.id)"
_STOOD = "r.at <= :at AND NOT EXISTS (SELECT 1 FROM loosenings l WHERE l.restriction = r.id AND l.at <= :at)"
_RESTRICT = text(
    "INSERT INTO restrictions (id, same, kind, case_id, person, detail, at, by, source)"
    " VALUES (:id, :same, :kind, :case, :person, :detail, :at, :by, :source)",
)
_SAME = among(f"SELECT r.same, r.id FROM restrictions r WHERE r.same IN :same AND {_STANDING}", "same")
_OF_CASES = among(
    f"SELECT {_RESTRICTION} FROM restrictions r WHERE r.case_id IN :values AND {_STOOD} ORDER BY r.seq", "values",
)  # fmt: skip
_OF_PEOPLE = among(
    f"SELECT {_RESTRICTION} FROM restrictions r WHERE r.person IN :values AND {_STOOD} ORDER BY r.seq", "values",
)  # fmt: skip
_PROTECTIONS = among(
    f"SELECT {_RESTRICTION} FROM restrictions r WHERE r.person IN :values AND r.kind = 'protection' AND {_STANDING}"
    " ORDER BY r.seq", "values",
)  # fmt: skip
_EXISTS = text("SELECT id FROM restrictions WHERE id = :id")
_LOOSEN = text(
    "INSERT INTO loosenings (restriction, by, at, reason) VALUES (:id, :by, :at, :reason) ON CONFLICT DO NOTHING",
)
_ALL_RESTRICTIONS = text("SELECT id, detail FROM restrictions ORDER BY seq")
_RESEAL = text("UPDATE restrictions SET detail = :detail WHERE id = :id")
_REASONS = text("SELECT restriction, reason FROM loosenings ORDER BY restriction")
_RESEAL_REASON = text("UPDATE loosenings SET reason = :reason WHERE restriction = :id")

_META = text("SELECT value FROM vault_meta WHERE name = :name")
_SET_META = text(
    "INSERT INTO vault_meta (name, value) VALUES (:name, :value)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
)
_CHECKPOINT = text("INSERT INTO checkpoints (size, root, last_leaf, note, at) VALUES (:size, :root, :leaf, :note, :at)")
_CHECKPOINTS = text("SELECT seq, size, root, last_leaf, note, at, superseded_by FROM checkpoints ORDER BY seq")
_NEWEST = text(
    "SELECT seq, size, root, last_leaf, note, at, superseded_by FROM checkpoints WHERE superseded_by IS NULL"
    " ORDER BY seq DESC LIMIT 1"
)
_SUPERSEDE = text("UPDATE checkpoints SET superseded_by = :why WHERE superseded_by IS NULL AND size > :size")

_LAST = 2**62
"""Later than any time that is stored."""

_encode = msgspec.msgpack.Encoder(order="sorted").encode
_decode = msgspec.msgpack.Decoder(dict[str, Any]).decode


NOTHING: Mapping[str, tuple[bytes, bytes]] = MappingProxyType({})


class Restriction(Struct, frozen=True, kw_only=True):
    """Something that keeps data from leaving: address protection, a block, a refusal, a withdrawal.

    It holds for a case, a person, or both together. ``detail`` is plain values. ``by`` is the person who set it,
    ``source`` the system or place it came from. ``id`` is filled in by the vault.
    """

    kind: str
    at: datetime
    source: str
    case: str | None = None
    person: str | None = None
    detail: Mapping[str, Any] = {}
    by: str | None = None
    id: str = ""


class Erasure(NamedTuple):
    """A case that was erased: when, and by whom. ``seq`` counts them."""

    seq: int
    case: str
    by: str
    at: datetime


class Checkpoint(NamedTuple):
    """A signed note over the audit log. ``superseded_by`` says why it no longer speaks of this log (a restore)."""

    size: int
    root: bytes
    last_leaf: bytes
    note: str
    at: datetime
    superseded_by: str | None


class Vault(Departures):
    """The vault of one tenant. Each call is a transaction of its own, durable when it returns."""

    def __init__(self, *, database: Database, seal: Seal, clock: Callable[[], datetime]) -> None:
        self.database = database
        self.seal = seal
        self.clock = clock

    # Keys and erasure

    def case_keys(self, cases: Iterable[str], *, create: bool = False) -> dict[str, AESGCM]:
        """The data keys of cases. Unknown and erased ones are absent.

        With ``create``, unknown cases get a key (32 bytes of chance) and an erased one raises ``store.erased``.
        """
        wanted = list(dict.fromkeys(cases))
        with self.database.read() as connection:
            found = self._unwrapped(connection, wanted)
        missing = [case for case in wanted if case not in found]
        if not create or not missing:
            return found
        drawn = self.seal.chance(44 * len(missing))
        master = self.seal.keys.current
        ours: dict[str, tuple[bytes, bytes]] = {}
        for n, case in enumerate(missing):
            secret, nonce = drawn[n * 44 : n * 44 + 32], drawn[n * 44 + 32 : n * 44 + 44]
            ours[case] = (self._wrap(case, secret, nonce, master), secret)
        rows = [{"case": case, "wrapped": wrapped, "master": master} for case, (wrapped, _) in ours.items()]
        with self.database.write() as connection:
            if any(connection.execute(_ERASED_AMONG, {"cases": part}).first() for part in parts(missing)):
                raise StoreError("store.erased")
            connection.exec_driver_sql(driver_sql(connection, _NEW_KEY), rows)
            return found | self._unwrapped(connection, missing, ours)  # another worker may have been first

    def erase(self, case: str, *, by: str, at: datetime) -> None:
        """Destroy a case's key: nothing sealed under it can be read again, here or in any backup of the data."""
        with self.database.write() as connection:
            connection.execute(_ERASED, {"case": case, "by": by, "at": stamp(at)})
            connection.execute(_DESTROY, {"cases": [case]})
        self.database.scrub("case_keys")

    def erased(self, *, after: int = 0) -> list[Erasure]:
        """Every erasure with a ``seq`` above ``after``, in order."""
        with self.database.read() as connection:
            return [
                Erasure(r.seq, r.case_id, r.by, moment(r.at)) for r in connection.execute(_ERASURES, {"after": after})
            ]

    def erased_among(self, cases: Iterable[str]) -> set[str]:
        """Those of the cases that were erased."""
        with self.database.read() as connection:
            return {row.case_id for row in each_of(connection, _ERASED_AMONG, "cases", cases)}

    def rewrap(self, *, batch: int = 500, limit: int | None = None) -> int:
        """Wrap every case key, or at most ``limit``, under the current master version; how many were not yet.

        Each batch is a transaction, so that a crash leaves every key readable under one version or the other, and the
        next call goes on where this one stopped.
        """
        done = 0
        master = self.seal.keys.current
        while limit is None or done < limit:
            with self.database.write() as connection:
                old = connection.execute(_OLD_KEYS, {"master": master, "limit": batch}).all()
                if not old:
                    break
                rows = []
                for nonce, row in zip(self.seal.nonces(len(old)), old, strict=True):
                    secret = self._secret(row.case_id, row.wrapped, row.master)
                    wrapped = self._wrap(row.case_id, secret, nonce, master)
                    rows.append({"case": row.case_id, "wrapped": wrapped, "master": master, "old": row.master})
                connection.exec_driver_sql(driver_sql(connection, _REWRAP), rows)
                done += len(rows)
        return done

    def reseal(self) -> None:
        """Seal restrictions and reasons under the current intake key."""
        with self.database.write() as connection:
            for name, column, select, update in (
                ("restrictions", "detail", _ALL_RESTRICTIONS, _RESEAL),
                ("loosenings", "reason", _REASONS, _RESEAL_REASON),
            ):
                rows = connection.execute(select).all()
                renewed = [
                    {"id": key, column: self._sealed(name, column, key, self._opened(name, column, key, body), nonce)}
                    for nonce, (key, body) in zip(self.seal.nonces(len(rows)), rows, strict=True)
                ]
                if renewed:
                    connection.execute(update, renewed)

    # Restrictions

    def restrict(self, restrictions: Sequence[Restriction]) -> list[str]:
        """Add restrictions; their ids in order. One that stands already, equal but for its time, is not added again."""
        if not restrictions:
            return []
        same = [self._same(restriction) for restriction in restrictions]
        drawn = self.seal.chance(16 * len(restrictions))
        nonces = self.seal.nonces(len(restrictions))
        with self.database.write() as connection:
            ids = {bytes(row.same): row.id for row in each_of(connection, _SAME, "same", same)}
            rows = []
            for n, (key, restriction) in enumerate(zip(same, restrictions, strict=True)):
                if key in ids:
                    continue
                name = ids[key] = drawn[n * 16 : n * 16 + 16].hex()
                detail = self._sealed("restrictions", "detail", name, _encode(restriction.detail), nonces[n])
                rows.append(
                    {"id": name, "same": key, "kind": restriction.kind, "case": restriction.case,
                     "person": restriction.person, "detail": detail, "at": stamp(restriction.at), "by": restriction.by,
                     "source": restriction.source},
                )  # fmt: skip
            if rows:
                connection.exec_driver_sql(driver_sql(connection, _RESTRICT), rows)
        return [ids[key] for key in same]

    def restrictions(
        self, *, cases: Iterable[str] = (), people: Iterable[str] = (), at: datetime | None = None
    ) -> list[Restriction]:
        """What stands for any of the cases or people, in the order it was set; loosened ones are absent.

        With ``at``, what stood at that instant: what came later is absent, what was loosened later is there.
        """
        when = _LAST if at is None else stamp(at)
        with self.database.read() as connection:
            rows = [
                *each_of(connection, _OF_CASES, "values", cases, at=when),
                *each_of(connection, _OF_PEOPLE, "values", people, at=when),
            ]
        return self._told(rows)

    def protections(self, people: Iterable[str]) -> list[Restriction]:
        """The address protections that stand for some people, and nothing else: no consent or refusal is read."""
        with self.database.read() as connection:
            return self._told(each_of(connection, _PROTECTIONS, "values", people))

    def _told(self, rows: Iterable[Any]) -> list[Restriction]:
        return [
            Restriction(
                id=row.id, kind=row.kind, case=row.case_id, person=row.person, at=moment(row.at), by=row.by,
                source=row.source, detail=_decode(self._opened("restrictions", "detail", row.id, row.detail)),
            )
            for row in {row.id: row for row in rows}.values()
        ]  # fmt: skip

    def loosen(self, name: str, *, by: str, reason: str) -> None:
        """A named person lifts a restriction and says why. Nothing is removed: both stand on record.

        Raises ``store.no_person`` without a name, ``store.unknown`` for an id that is not there.
        """
        if not by.strip():
            raise StoreError("store.no_person")
        sealed = self._sealed("loosenings", "reason", name, reason.encode(), self.seal.nonces(1)[0])
        with self.database.write() as connection:
            if connection.execute(_EXISTS, {"id": name}).first() is None:
                raise StoreError("store.unknown")
            connection.execute(_LOOSEN, {"id": name, "by": by, "at": stamp(self.clock()), "reason": sealed})

    # Checkpoints and identity

    def add_checkpoint(self, *, size: int, root: bytes, last_leaf: bytes, note: str) -> None:
        """Keep a signed note of the audit log."""
        with self.database.write() as connection:
            connection.execute(
                _CHECKPOINT, {"size": size, "root": root, "leaf": last_leaf, "note": note, "at": stamp(self.clock())}
            )

    def checkpoints(self) -> list[Checkpoint]:
        """Every checkpoint in the order it was made."""
        with self.database.read() as connection:
            return [
                Checkpoint(r.size, bytes(r.root), bytes(r.last_leaf), r.note, moment(r.at), r.superseded_by)
                for r in connection.execute(_CHECKPOINTS)
            ]

    def newest_checkpoint(self) -> Checkpoint | None:
        """The checkpoint that was made last, of those that still speak of this log."""
        with self.database.read() as connection:
            found = connection.execute(_NEWEST).first()
        if found is None:
            return None
        return Checkpoint(
            found.size, bytes(found.root), bytes(found.last_leaf), found.note, moment(found.at), found.superseded_by
        )

    def supersede(self, *, size: int, why: str) -> None:
        """Say of the checkpoints beyond ``size`` that a restore took back what they covered."""
        with self.database.write() as connection:
            connection.execute(_SUPERSEDE, {"size": size, "why": why})

    def remembered(self, name: str) -> str | None:
        """A fact about the vault itself."""
        with self.database.read() as connection:
            return connection.execute(_META, {"name": name}).scalar()

    def remember(self, name: str, value: str) -> None:
        """Keep a fact about the vault itself."""
        with self.database.write() as connection:
            connection.execute(_SET_META, {"name": name, "value": value})

    # Sealing

    def _wrap(self, case: str, secret: bytes, nonce: bytes, master: int) -> bytes:
        place = self.seal.place("case_keys", "wrapped", case, master)
        return nonce + self.seal.keys.wrapping(master).encrypt(nonce, secret, place)

    def _secret(self, case: str, wrapped: bytes, master: int) -> bytes:
        place = self.seal.place("case_keys", "wrapped", case, master)
        try:
            return self.seal.keys.wrapping(master).decrypt(wrapped[:12], wrapped[12:], place)
        except InvalidTag:
            raise StoreError("store.tampered") from None

    def _unwrapped(
        self, connection: Connection, cases: Iterable[str], ours: Mapping[str, tuple[bytes, bytes]] = NOTHING
    ) -> dict[str, AESGCM]:
        """``ours`` are keys that were wrapped just now, with what they were wrapped to."""
        return {
            row.case_id: AESGCM(
                ours[row.case_id][1]
                if row.case_id in ours and ours[row.case_id][0] == row.wrapped
                else self._secret(row.case_id, row.wrapped, row.master)
            )
            for row in each_of(connection, _KEYS, "cases", cases)
        }

    def _same(self, restriction: Restriction) -> bytes:
        return self.seal.keys.digest(
            _encode((restriction.kind, restriction.case, restriction.person, restriction.source, restriction.detail)),
        )

    def _sealed(self, table: str, column: str, row: str, body: bytes, nonce: bytes) -> bytes:
        return self.seal.close_intake(nonce, body, self.seal.place(table, column, row, 1))

    def _opened(self, table: str, column: str, row: str, body: bytes) -> bytes:
        return self.seal.open_intake(body, self.seal.place(table, column, row, 1))
