"""Flows from one system to another, and what was disclosed along them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import text

from gateway.store.events import Event, Events
from gateway.store.scope import among
from gateway.store.times import moment, moment_or_none, stamp

_FLOW = text("SELECT source, target, state, by, at FROM flows WHERE source = :source AND target = :target")
_FLOWS = text("SELECT source, target, state, by, at FROM flows WHERE source <> '' ORDER BY source, target")
_SET = text(
    "INSERT INTO flows (source, target, state, by, at) VALUES (:source, :target, :state, :by, :at)"
    " ON CONFLICT (source, target) DO UPDATE SET state = excluded.state, by = excluded.by, at = excluded.at",
)
_EVERYTHING = {"source": "", "target": ""}
"""The row that stands for every flow: the global pause."""

_ADD = text(
    "INSERT INTO disclosures (key, item, case_id, system, at, fields, rules, secrecy_basis)"
    " VALUES (:key, :item, :case, :system, :at, :fields, :rules, :basis) ON CONFLICT (key, item) DO NOTHING",
)
_COLUMNS = "key, item, case_id, system, at, fields, rules, secrecy_basis, retract_state, retracted_at"
_SHOW = text(
    f"SELECT {_COLUMNS} FROM disclosures WHERE (CAST(:system AS TEXT) IS NULL OR system = :system)"
    " AND at >= :start AND at < :end ORDER BY at, key, item",
)
_NEWEST = text(
    f"SELECT {_COLUMNS} FROM disclosures WHERE (CAST(:system AS TEXT) IS NULL OR system = :system)"
    " AND at >= :start AND at < :end ORDER BY at DESC, key DESC, item DESC LIMIT :newest",
)
_OF_CASES = among(
    f"SELECT {_COLUMNS} FROM disclosures WHERE case_id IN :cases"
    " AND (CAST(:system AS TEXT) IS NULL OR system = :system)"
    " AND at >= :start AND at < :end ORDER BY at, key, item",
    "cases",
)
_BY_KEY = text(f"SELECT {_COLUMNS} FROM disclosures WHERE key = :key ORDER BY item")
_OUT = text(
    "SELECT system, item, fields, retract_state, count(*) AS times, min(at) AS first, max(at) AS last FROM disclosures"
    " WHERE case_id = :case GROUP BY system, item, fields, retract_state ORDER BY system, first, item, fields",
)
_PERSON = text("SELECT case_id FROM person_cases WHERE person = :person")
_RETRACT = text(
    "UPDATE disclosures SET retract_state = :state, retracted_at = :at WHERE key = :key AND item = :item",
)
_LAST = 2**62


_encode = msgspec.json.Encoder().encode
_names = msgspec.json.Decoder(tuple[str, ...]).decode


def _listed(names: Sequence[str]) -> str:
    return _encode(names).decode()


class Flow(NamedTuple):
    """Whether one system's data may go to another: ``shadow`` (nothing is sent), ``approved`` or ``paused``."""

    source: str
    target: str
    state: str
    by: str | None
    at: datetime | None


class Disclosure(NamedTuple):
    """Who got which fields of an item when, and on what basis. ``retract_state`` follows a withdrawal."""

    case: str
    item: str
    system: str
    at: datetime
    fields: tuple[str, ...]
    rules: tuple[str, ...]
    secrecy_basis: str | None
    key: str
    retract_state: str | None = None
    retracted_at: datetime | None = None


class Out(NamedTuple):
    """The same fields of an item that went to a system, once or often, and what has become of them."""

    system: str
    item: str
    fields: tuple[str, ...]
    first: datetime
    last: datetime
    times: int
    retract_state: str | None


_RECEIVERS = text("SELECT DISTINCT system FROM disclosures ORDER BY system")


class Flows(Events):
    """The calls of a transaction about flows and disclosures."""

    def flow(self, source: str, target: str) -> Flow:
        """A flow; one that nobody has spoken of stands in shadow."""
        row = self.run(_FLOW, {"source": source, "target": target}).first()
        if row is None:
            return Flow(source, target, "shadow", None, None)
        return Flow(row.source, row.target, row.state, row.by, moment(row.at))

    def set_flow(self, source: str, target: str, state: str, *, by: str, at: datetime) -> None:
        """A named person puts a flow into ``shadow``, ``approved`` or ``paused``."""
        if state not in {"shadow", "approved", "paused"}:
            raise ValueError("a flow is shadow, approved or paused")
        self.run(_SET, {"source": source, "target": target, "state": state, "by": by, "at": stamp(at)})
        self.add_events([Event(kind=f"flow.{state}", about=f"{source} {target}", at=at)])

    def flows(self) -> list[Flow]:
        """Every flow that somebody has spoken of."""
        return [Flow(row.source, row.target, row.state, row.by, moment(row.at)) for row in self.run(_FLOWS)]

    def paused(self) -> bool:
        """Whether every sending is paused."""
        row = self.run(_FLOW, _EVERYTHING).first()
        return row is not None and row.state == "paused"

    def set_paused(self, paused: bool, *, by: str, at: datetime) -> None:
        """A named person stops every sending, or lets it go on."""
        self.run(_SET, {**_EVERYTHING, "state": "paused" if paused else "approved", "by": by, "at": stamp(at)})
        self.add_events([Event(kind="sending.paused" if paused else "sending.resumed", at=at)])

    def add_disclosures(
        self, rows: Iterable[tuple[str, str, str, datetime, Sequence[str], Sequence[str], str | None, str]],
    ) -> None:  # fmt: skip
        """Keep (case, item, system, at, field names, rule ids, secrecy basis, delivery key).

        The same key and item twice is one disclosure. They outlive the case's erasure, as the proof of who got it.
        """
        kept = [
            {"case": case, "item": item, "system": system, "at": stamp(at), "fields": _listed(fields),
             "rules": _listed(rules), "basis": basis, "key": key}
            for case, item, system, at, fields, rules, basis, key in rows
        ]  # fmt: skip
        if kept:
            self.run_each(_ADD, kept)

    def receivers(self) -> list[str]:
        """The systems that ever got something, also those that the settings no longer name."""
        return [row.system for row in self.run(_RECEIVERS)]

    def disclosures(
        self, *, cases: Iterable[str] | None = None, person: str | None = None, system: str | None = None,
        start: datetime | None = None, end: datetime | None = None, newest: int | None = None,
    ) -> list[Disclosure]:  # fmt: skip
        """What was disclosed of cases, or of a person's cases, from ``start`` until before ``end``, by time.

        ``newest`` is how many of the last ones are read, where no case and no person is named.
        """
        span = {
            "system": system,
            "start": 0 if start is None else stamp(start),
            "end": _LAST if end is None else stamp(end),
        }
        if person is not None:
            cases = [row.case_id for row in self.run(_PERSON, {"person": person})]
        if cases is not None:
            rows = list(self.each(_OF_CASES, "cases", cases, **span))
        elif newest is not None:
            rows = list(reversed(self.run(_NEWEST, {**span, "newest": newest}).all()))
        else:
            rows = list(self.run(_SHOW, span))
        return [_disclosure(row) for row in rows]

    def disclosed_by(self, key: str) -> list[Disclosure]:
        """What one delivery disclosed, an entry for each item; empty for a key that disclosed nothing."""
        return [_disclosure(row) for row in self.run(_BY_KEY, {"key": key})]

    def disclosed(self, case: str) -> list[Out]:
        """What was disclosed of a case, the same fields to the same system together, however often it was."""
        return [
            Out(
                row.system, row.item, _names(row.fields), moment(row.first), moment(row.last),
                row.times, row.retract_state,
            )
            for row in self.run(_OUT, {"case": case})
        ]  # fmt: skip

    def mark_retracted(self, disclosed: Iterable[tuple[str, str]], *, state: str | None, at: datetime) -> None:
        """What became of taking back (key, item): ``asked``, ``by_hand``, ``partly``, ``acknowledged``, ``refused``."""
        if rows := [{"key": key, "item": item, "state": state, "at": stamp(at)} for key, item in disclosed]:
            self.run_each(_RETRACT, rows)


def _disclosure(row: Any) -> Disclosure:
    return Disclosure(
        row.case_id, row.item, row.system, moment(row.at), _names(row.fields), _names(row.rules), row.secrecy_basis,
        row.key, row.retract_state,
        moment_or_none(row.retracted_at),
    )  # fmt: skip
