"""Orders to take back: what a receiver was asked to give up, when, and what it answered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import text

from gateway.store.scope import Scope, among
from gateway.store.times import moment, moment_or_none, stamp, stamp_or_none

OUTSTANDING = ("asked", "by_hand")
"""States in which the receiver may still hold it, and somebody still has to do something."""

_ORDER = text(
    "INSERT INTO retractions"
    " (key, case_id, item, system, fields, whole, cause, state, asked_at, deadline, ended_at, code)"
    " VALUES (:key, :case, :item, :system, :fields, :whole, :cause, :state, :asked, :deadline, :ended, :code)"
    " ON CONFLICT (key) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at, code = excluded.code",
)
_COLUMNS = "key, case_id, item, system, fields, whole, cause, state, asked_at, deadline, ended_at, code"
_OF_CASES = among(
    f"SELECT {_COLUMNS} FROM retractions WHERE case_id IN :cases"
    " AND (CAST(:system AS TEXT) IS NULL OR system = :system) ORDER BY asked_at, key",
    "cases",
)
_OPEN = among(
    f"SELECT {_COLUMNS} FROM retractions WHERE state IN :states AND deadline < :before"
    " ORDER BY deadline, key LIMIT :limit",
    "states",
)
_END = text("UPDATE retractions SET state = :state, ended_at = :at, code = :code WHERE key = :key")
_PUT_OFF = text("UPDATE retractions SET deadline = :until WHERE key = :key")
_COUNTS = among(
    "SELECT system, count(*) AS n, min(asked_at) AS oldest FROM retractions WHERE state IN :states GROUP BY system",
    "states",
)
_LAST = 2**62


class Order(NamedTuple):
    """An order to one system to give up fields of one item, or all of it (``whole``).

    ``key`` is that of the sending. ``cause`` says why: ``withdrawn``, ``refused``, ``blocked``, ``protected``,
    ``deleted`` by its own system, or ``category`` (the receiver may not have such any more). ``state`` is ``asked``
    (no answer yet), ``by_hand`` (a person was asked, since the system cannot), ``acknowledged``, ``refused``,
    ``replaced`` (a later order asks for more) or ``lapsed`` (it may be there again). It holds no content.
    """

    key: str
    case: str
    item: str
    system: str
    fields: tuple[str, ...]
    whole: bool
    cause: str | None
    state: str
    asked_at: datetime
    deadline: datetime
    ended_at: datetime | None = None
    code: str | None = None


class Orders(Scope):
    """The calls of a transaction about orders to take back. They outlive the case's erasure, as disclosures do."""

    def add_orders(self, orders: Iterable[Order]) -> None:
        """Keep orders; of one that is there already, when it was first asked and its deadline stay."""
        rows = [
            {"key": one.key, "case": one.case, "item": one.item, "system": one.system,
             "fields": msgspec.json.encode(one.fields).decode(), "whole": int(one.whole), "cause": one.cause,
             "state": one.state, "asked": stamp(one.asked_at), "deadline": stamp(one.deadline),
             "ended": stamp_or_none(one.ended_at), "code": one.code}
            for one in orders
        ]  # fmt: skip
        if rows:
            self.run_each(_ORDER, rows)

    def orders(self, *, cases: Iterable[str], system: str | None = None) -> list[Order]:
        """Every order about some cases, by when it was first asked."""
        return [_order(row) for row in self.each(_OF_CASES, "cases", cases, system=system)]

    def late_orders(self, *, before: datetime | None = None, limit: int = 1000) -> list[Order]:
        """Orders outstanding whose deadline lies before a time (``None``: every one), the oldest deadline first."""
        span = {"before": _LAST if before is None else stamp(before), "limit": limit}
        return [_order(row) for row in self.run(_OPEN, {"states": list(OUTSTANDING), **span})]

    def order_counts(self) -> dict[str, tuple[int, datetime]]:
        """How many orders are outstanding at each system, and since when the oldest."""
        rows = self.run(_COUNTS, {"states": list(OUTSTANDING)})
        return {row.system: (row.n, moment(row.oldest)) for row in rows}

    def end_orders(self, ended: Sequence[tuple[str, str, str | None]], *, at: datetime) -> None:
        """What became of (key, state, code)."""
        if ended:
            rows = [{"key": key, "state": state, "code": code, "at": stamp(at)} for key, state, code in ended]
            self.run_each(_END, rows)

    def put_off_orders(self, keys: Sequence[str], *, until: datetime) -> None:
        """A person has been told: tell again at ``until``, if nothing has come of it."""
        if keys:
            self.run_each(_PUT_OFF, [{"key": key, "until": stamp(until)} for key in keys])


def _order(row: Any) -> Order:
    key, case, item, system, fields, whole, cause, state, asked, deadline, ended, code = tuple(row)
    return Order(
        key=key, case=case, item=item, system=system, fields=tuple(msgspec.json.decode(fields)), whole=bool(whole),
        cause=cause, state=state, asked_at=moment(asked), deadline=moment(deadline), ended_at=moment_or_none(ended),
        code=code,
    )  # fmt: skip
