"""What every part of a transaction stands on: the connection, the seal, the vault, and statements made once."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, CursorResult, TextClause, bindparam, text
from sqlalchemy.exc import SQLAlchemyError

from gateway.store.errors import StoreError, translate
from gateway.store.seal import Seal
from gateway.store.times import stamp

if TYPE_CHECKING:
    from gateway.store.vault import Vault

T = TypeVar("T")

_LIMIT = 500
"""How many values one ``IN`` takes; well under what either database allows."""


def among(statement: str, *names: str) -> TextClause:
    """A statement whose ``IN :name`` take lists."""
    return text(statement).bindparams(*(bindparam(name, expanding=True) for name in names))


def parts(values: Iterable[T], size: int = _LIMIT) -> Iterator[list[T]]:
    """The values in lists of at most ``size``."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


_NAME = re.compile(r"(?<!:):([a-z_]+)")


def driver_sql(connection: Connection, statement: TextClause) -> str:
    """The statement in the driver's own writing of parameters.

    Batches go to the driver as they are: what the compiler does for each row's parameters costs more than the row.
    """
    return statement.text if connection.dialect.name == "sqlite" else _NAME.sub(r"%(\1)s", statement.text)


class Scope:
    """One open transaction of one tenant. It lives as long as its ``with`` block and belongs to one thread."""

    def __init__(self, *, connection: Connection, seal: Seal, vault: "Vault", now: datetime) -> None:
        self.connection = connection
        self.seal = seal
        self.vault = vault
        self.now = stamp(now)
        self.entries: list[bytes] = []
        self._case_keys: dict[str, AESGCM] = {}
        self._numbers: dict[str, bytes] = {}
        self._natives: dict[tuple[str, str, str], bytes] = {}

    def run(self, statement: TextClause, values: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        """Execute once; a database's own error becomes a ``StoreError``."""
        try:
            return self.connection.execute(statement, values)
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise translate(error) from None

    def run_each(self, statement: TextClause, rows: Sequence[Mapping[str, Any]]) -> int:
        """Execute once for each of ``rows`` (at least one) in one call of the driver; how many rows it touched."""
        try:
            return self.connection.exec_driver_sql(driver_sql(self.connection, statement), rows).rowcount
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise translate(error) from None

    def each(self, statement: TextClause, name: str, values: Iterable[Any], **fixed: object) -> Iterator[Any]:
        """Rows of a statement of ``among``, for however many values."""
        for part in parts(values):
            yield from self.run(statement, {name: part, **fixed}).all()

    def case_keys(self, cases: Iterable[str], *, create: bool = False) -> dict[str, AESGCM]:
        """The data keys of cases, asked of the vault once a transaction. Erased ones are absent, or, with ``create``,
        raise ``store.erased``; a key that is lost raises ``store.key_missing``.
        """
        wanted = set(cases)
        missing = wanted - self._case_keys.keys()
        if missing:
            self._case_keys |= self.vault.case_keys(missing, create=create)
            lost = missing - self._case_keys.keys()
            if lost and lost - self.vault.erased_among(lost):
                raise StoreError("store.key_missing")
        return {case: key for case in wanted if (key := self._case_keys.get(case)) is not None}

    def close_bodies(
        self, table: str, column: str, rows: Sequence[tuple[str | None, str, int | str, bytes]]
    ) -> list[bytes]:
        """Bodies sealed: ``rows`` hold case (``None``: under the intake key), row, version and body."""
        keys = self.case_keys({case for case, *_ in rows if case is not None}, create=True)
        seal = self.seal
        return [
            seal.close_intake(nonce, body, seal.place(table, column, row, version))
            if case is None
            else seal.close(keys[case], nonce, body, seal.place(table, column, row, version))
            for nonce, (case, row, version, body) in zip(seal.nonces(len(rows)), rows, strict=True)
        ]

    def open_bodies(
        self, table: str, column: str, rows: Sequence[tuple[str | None, str, int | str, bytes]]
    ) -> list[bytes | None]:
        """Bodies opened, in order; ``None`` for those of erased cases. Raises ``store.tampered``."""
        keys = self.case_keys({case for case, *_ in rows if case is not None})
        seal = self.seal
        opened: list[bytes | None] = []
        for case, row, version, body in rows:
            place = seal.place(table, column, row, version)
            if case is None:
                opened.append(seal.open_intake(body, place))
            else:
                key = keys.get(case)
                opened.append(None if key is None else seal.open(key, body, place))
        return opened

    def names(self, count: int) -> list[str]:
        """Fresh ids of 32 hexadecimal digits."""
        drawn = self.seal.chance(16 * count)
        return [drawn[at : at + 16].hex() for at in range(0, 16 * count, 16)]
