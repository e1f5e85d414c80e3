"""The adapter for bundles of CSV files in a folder: whole ones, and those that tell what has changed."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from gateway.sdk import Adapter, Capabilities, Context, Fault, Misconfigured, Page, Proof, Raw, Reading, Refused
from gateway.sdk.folder import Dropped, Intake, Visit
from gateway.sdk.roster import Telling, broken, read
from gateway_oneroster.bundle import Bundle, read_bundle
from gateway_oneroster.holding import Rows, roster_of, touched_by
from gateway_oneroster.options import FileOptions

OSLO = ZoneInfo("Europe/Oslo")


class _Open(Struct, kw_only=True):
    """A bundle in work: its records, and what it held."""

    key: str
    told: Telling
    bundle: Bundle
    rows: Rows


class OneRosterFiles(Adapter):
    """OneRoster bundles from a folder: pupils with their places, contact teachers and guardians, and schools.

    ``now`` gives seconds since the epoch. A bundle of changes is told upon what the ones before it held, as long as the
    adapter lives; after that it is told as far as it goes, and what it does not tell of stays as it was.
    Raises ``Misconfigured`` ``oneroster.options`` for options that do not fit.
    """

    name = "oneroster-csv"
    capabilities = Capabilities(reads=frozenset({"person", "enrolment", "unit"}), files=True, acknowledges=True)
    proved = (
        Proof(
            by="simulator",
            what="bundles that the tests write",
            test="plugins/oneroster/tests/test_bundle.py",
        ),
    )
    Options: ClassVar[type[Struct] | None] = FileOptions

    def __init__(self, context: Context, *, now: Callable[[], float] = time.time) -> None:
        super().__init__(context)
        try:
            self.options = msgspec.convert(dict(context.options), FileOptions)
        except msgspec.ValidationError:
            raise Misconfigured("oneroster.options") from None
        self._now = now
        self._intake = Intake(
            folder=Path(context.folder, self.options.folder),
            patterns=(self.options.pattern,),
            settle=self.options.settle_seconds,
            now=now,
        )
        self._open: _Open | None = None
        self._held: Rows | None = None

    def fetch(self, cursor: str | None) -> Page:
        """The next records of the bundle in work, or the first of the oldest that is settled.

        Raises ``Refused`` ``guard.emptied`` when a whole bundle has no pupil or place where the one before had some,
        ``Misconfigured`` and ``Unreachable`` with ``folder.*`` codes.
        """
        with self._intake.visit(cursor) as visit:
            file = visit.file
            if file is None:
                return visit.nothing()
            try:
                source = self._at(file)
            except Fault as fault:
                self._open = None
                self.context.log.warning("oneroster.refused", file=file.ordinal, code=fault.code)
                refused = broken("file", f"file-{file.key}", fault.code, f"{file.label}:{fault.path}")
                return visit.page([refused], at=None)
            self._guard(visit, file, source)
            at = file.at if isinstance(file.at, int) else 0
            records, following = source.told.page(at, self.options.page_records)
            if following is None:
                self._finished(visit, source)
            return visit.page(records, at=following)

    def _at(self, file: Dropped) -> _Open:
        """The bundle in work, read anew when this is another run than the last."""
        if self._open is not None and self._open.key == file.key:
            return self._open
        bundle = read_bundle(file.stream, options=self.options, max_bytes=self.options.max_bytes)
        today = datetime.fromtimestamp(self._now(), UTC).astimezone(OSLO).date()
        known = self._held is not None and not bundle.whole
        rows = self._held.with_changes(bundle.rows) if known and self._held is not None else bundle.rows
        roster = roster_of(rows, options=self.options, today=today, whole=bundle.whole or known)
        only: list[str] | None = None
        if known and self._held is not None:
            before = roster_of(self._held, options=self.options, today=today)
            only = list(touched_by(bundle.rows, before, roster))
        told = Telling(roster, only)
        self.context.log.info("oneroster.read", file=file.ordinal, records=len(told), refused=told.refused)
        self._open = _Open(key=file.key, told=told, bundle=bundle, rows=rows)
        return self._open

    def _guard(self, visit: Visit, file: Dropped, source: _Open) -> None:
        """Absence is not deletion, and a whole bundle without a pupil is most often a job that failed."""
        pupils, places = source.bundle.rows.counts
        before: dict[str, Any] = visit.memory
        if source.bundle.whole and ((pupils == 0 < before.get("pupils", 0)) or (places == 0 < before.get("places", 0))):
            self._open = None
            raise Refused("guard.emptied", path=file.label)

    def _finished(self, visit: Visit, source: _Open) -> None:
        if source.bundle.whole:
            visit.memory["pupils"], visit.memory["places"] = source.bundle.rows.counts
        if source.bundle.whole or self._held is not None:
            self._held = source.rows
        self._open = None

    def read(self, raw: Raw) -> list[Reading]:
        """A record in canonical names; what was refused when the bundle was read is a ``Fault``."""
        return read(raw)

    def acknowledge(self, ids: list[str], outcome: str) -> None:
        """Put a bundle into ``done/`` when all that was read of it is kept."""
        self._intake.acknowledge(ids)

    def health(self) -> str | None:
        """``folder.missing``, ``folder.cannot_move``, or ``None``."""
        return self._intake.health()

    def close(self) -> None:
        """Forget the bundle in work and what was held."""
        self._open = self._held = None
