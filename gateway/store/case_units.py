"""Which units have to do with which cases, so that a list of cases reads what it shows, however many there are.

It only finds: whether somebody may look at a case is decided by the case itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from heapq import merge
from itertools import islice
from operator import itemgetter

from sqlalchemy import text

from gateway.store.scope import Scope, among
from gateway.store.times import moment, stamp

_KNOWN = among("SELECT unit, case_id FROM case_units WHERE case_id IN :cases", "cases")
_JOIN = text("INSERT INTO case_units (unit, case_id, since) VALUES (:unit, :case, :since) ON CONFLICT DO NOTHING")
_LEAVE = text("DELETE FROM case_units WHERE unit = :unit AND case_id = :case")
_PAGE = among(
    "SELECT c.case_id, c.since FROM case_units c WHERE c.unit = :unit"
    " AND c.since <= :since AND (c.since < :since OR c.case_id < :before)"
    " AND NOT EXISTS (SELECT 1 FROM case_units o WHERE o.case_id = c.case_id AND o.unit IN :units"
    " AND (o.since > c.since OR (o.since = c.since AND o.unit > c.unit)))"
    " ORDER BY c.since DESC, c.case_id DESC LIMIT :limit",
    "units",
)
_AMONG = among("SELECT DISTINCT case_id FROM case_units WHERE case_id IN :cases AND unit IN :units", "cases", "units")
_UNITS = text(
    "WITH RECURSIVE u(unit) AS (SELECT min(unit) FROM case_units UNION ALL"
    " SELECT (SELECT min(c.unit) FROM case_units c WHERE c.unit > u.unit) FROM u"
    " WHERE u.unit IS NOT NULL) SELECT unit FROM u WHERE unit IS NOT NULL"
)
_LAST = 2**62


class CaseUnits(Scope):
    """The calls of a transaction about the units of cases. ``""`` stands for a case of no unit of the settings."""

    def set_units(self, units: Mapping[str, Iterable[str]], *, at: datetime) -> None:
        """Exactly these units have to do with each case (``units`` by case); who had before, since when they had."""
        wanted = {(unit, case) for case, each in units.items() for unit in each}
        known = {(row.unit, row.case_id) for row in self.each(_KNOWN, "cases", units)}
        if gone := sorted(known - wanted):
            self.run_each(_LEAVE, [{"unit": unit, "case": case} for unit, case in gone])
        self.join_units(sorted(wanted - known), at=at)

    def join_units(self, rows: Iterable[tuple[str, str]], *, at: datetime) -> None:
        """A unit has to do with a case (unit, case) from now on; one that had already stays as it is."""
        if kept := [{"unit": unit, "case": case, "since": stamp(at)} for unit, case in dict.fromkeys(rows)]:
            self.run_each(_JOIN, kept)

    def cases_of_units(
        self, units: Sequence[str], *, before: tuple[datetime, str] | None = None, limit: int
    ) -> list[tuple[datetime, str]]:
        """Cases of some units, those first that came to them last: since when, and which. Each stands there once."""
        since, case = (_LAST, "") if before is None else (stamp(before[0]), before[1])
        facts = {"units": list(units), "since": since, "before": case, "limit": limit}
        found = [
            [(row.since, row.case_id) for row in self.run(_PAGE, {**facts, "unit": unit})]
            for unit in dict.fromkeys(units)
        ]
        told = islice(merge(*found, key=itemgetter(0, 1), reverse=True), limit)
        return [(moment(since), case) for since, case in told]

    def cases_among(self, cases: Iterable[str], units: Sequence[str]) -> set[str]:
        """Of some cases those with which one of some units has to do."""
        if not units:
            return set()
        return {row.case_id for row in self.each(_AMONG, "cases", dict.fromkeys(cases), units=list(units))}

    def units_with_cases(self) -> list[str]:
        """The units that have to do with a case, also those that the settings no longer have."""
        return [row.unit for row in self.run(_UNITS)]
