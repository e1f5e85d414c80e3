"""The adapter: a file is read once, and handed out as a record for each child."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from msgspec import Struct

from gateway.sdk import Adapter, Capabilities, Context, Fault, Misconfigured, Page, Proof, Raw, Reading, Refused
from gateway.sdk.folder import Dropped, Intake, Visit
from gateway.sdk.roster import Telling, broken, read
from gateway_pifu_ims.filling import fill
from gateway_pifu_ims.options import Options


class _Open(Struct, kw_only=True):
    """A file in work between two pages: its records, and how many pupils and places it has."""

    key: str
    told: Telling
    full: bool
    counts: tuple[int, int]


class PifuIms(Adapter):
    """PIFU-IMS SAS 1.3 from a folder: pupils with their places, contact teachers and guardians, and schools.

    ``now`` gives seconds since the epoch. Raises ``Misconfigured`` ``pifu_ims.options`` for options that do not fit.
    """

    name = "pifu-ims"
    capabilities = Capabilities(reads=frozenset({"person", "enrolment", "unit"}), files=True, acknowledges=True)
    proved = (
        Proof(
            by="samples",
            what="the official samples of PIFU-IMS SAS 1.3",
            test="plugins/pifu-ims/tests/test_accounting.py::"
            "test_what_is_taken_has_an_effect_and_what_is_minimised_has_none",
        ),
        Proof(
            by="validator",
            what="the official XSD judges the school that the tests generate",
            test="plugins/pifu-ims/tests/test_accounting.py::test_the_generated_school_fits_the_official_schema",
        ),
        Proof(by="simulator", test="plugins/pifu-ims/tests/test_kit.py"),
    )
    Options: ClassVar[type[Struct] | None] = Options

    def __init__(self, context: Context, *, now: Callable[[], float] = time.time) -> None:
        super().__init__(context)
        try:
            self.options = msgspec.convert(dict(context.options), Options)
        except msgspec.ValidationError:
            raise Misconfigured("pifu_ims.options") from None
        self._intake = Intake(
            folder=Path(context.folder, self.options.folder),
            patterns=(self.options.pattern,),
            settle=self.options.settle_seconds,
            now=now,
        )
        self._open: _Open | None = None

    def fetch(self, cursor: str | None) -> Page:
        """The next records of the file in work, or the first of the oldest that is settled.

        Raises ``Refused`` ``guard.emptied`` when a full export has no pupil or no place where the one before had
        some, ``Misconfigured`` and ``Unreachable`` with ``folder.*`` codes.
        """
        with self._intake.visit(cursor) as visit:
            file = visit.file
            if file is None:
                return visit.nothing()
            try:
                source = self._at(file)
            except Fault as fault:
                self.close()
                self.context.log.warning("pifu_ims.refused", file=file.ordinal, code=fault.code)
                path = fault.path if fault.path.startswith(file.label) else f"{file.label}:{fault.path}"
                return visit.page([broken("file", f"file-{file.key}", fault.code, path)], at=None)
            self._guard(visit, file, source)
            at = file.at if isinstance(file.at, int) else 0
            records, following = source.told.page(at, self.options.page_records)
            self.context.log.info(
                "pifu_ims.read", file=file.ordinal, records=len(records), refused=source.told.refused,
                finished=following is None,
            )  # fmt: skip
            if following is None:
                if source.full:
                    visit.memory["pupils"], visit.memory["places"] = source.counts
                self.close()
            return visit.page(records, at=following)

    def _at(self, file: Dropped) -> _Open:
        """The file in work; read anew when this is another run than the last."""
        if self._open is None or self._open.key != file.key:
            work = fill(file.stream, options=self.options, label=file.label)
            members = work.roster.members.values()
            counts = len(work.roster.pupils), sum(one.role == "pupil" for one in members)
            told = Telling(work.roster, first=work.gone)
            self._open = _Open(key=file.key, told=told, full=work.full, counts=counts)
        return self._open

    def _guard(self, visit: Visit, file: Dropped, source: _Open) -> None:
        """Absence is not deletion, and a full export without a pupil is most often a job that failed."""
        before: dict[str, Any] = visit.memory
        lost = zip(source.counts, (before.get("pupils", 0), before.get("places", 0)), strict=True)
        if source.full and any(now == 0 < was for now, was in lost):
            self.close()
            raise Refused("guard.emptied", path=file.label)

    def read(self, raw: Raw) -> list[Reading]:
        """A record in canonical names; what was refused when the file was read is a ``Fault``."""
        return read(raw)

    def acknowledge(self, ids: list[str], outcome: str) -> None:
        """Put a file into ``done/`` when all that was read of it is kept."""
        self._intake.acknowledge(ids)

    def health(self) -> str | None:
        """``folder.missing``, ``folder.cannot_move``, or ``None``."""
        return self._intake.health()

    def close(self) -> None:
        """Let go of the file in work."""
        self._open = None
