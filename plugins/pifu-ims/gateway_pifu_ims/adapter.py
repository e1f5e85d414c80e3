"""The adapter: a file is read twice, once for who is who and once for what is needed of them."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import msgspec
from msgspec import Struct

from gateway.sdk import Adapter, Capabilities, Context, Fault, Misconfigured, Page, Proof, Raw, Reading, Refused
from gateway.sdk.folder import Dropped, Intake, Visit
from gateway_pifu_ims import reading
from gateway_pifu_ims.index import read_index
from gateway_pifu_ims.options import Options
from gateway_pifu_ims.taking import broken, take


class _Open(Struct, kw_only=True):
    """A file in work, kept open between two pages: how many parts of it were handed out, and the rest."""

    key: str
    at: int
    stream: BinaryIO
    parts: Iterator[list[Raw]]
    full: bool
    pupils: int


class PifuIms(Adapter):
    """PIFU-IMS SAS 1.3 from a folder: pupils, their guardians and contact teachers, schools, and places in them.

    ``now`` gives seconds since the epoch. Raises ``Misconfigured`` ``pifu_ims.options`` for options that do not fit.
    """

    name = "pifu-ims"
    capabilities = Capabilities(
        reads=frozenset({"person", "enrolment", "unit"}), files=True, acknowledges=True, deletes=True
    )
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

        Raises ``Refused`` ``guard.emptied`` when a full export has no pupil where the one before had some,
        ``Misconfigured`` and ``Unreachable`` with ``folder.*`` codes.
        """
        with self._intake.visit(cursor) as visit:
            file = visit.file
            if file is None:
                return visit.nothing()
            try:
                source = self._at(file)
                self._guard(visit, file, source)
                records, at = self._page(source)
            except Fault as fault:
                self.close()
                self.context.log.warning("pifu_ims.refused", file=file.ordinal, code=fault.code)
                return visit.page(
                    [broken("file", f"file-{file.key}", fault.code, f"{file.label}:{fault.path}")], at=None
                )
            refused = sum(isinstance(raw.body, list) for raw in records)
            self.context.log.info(
                "pifu_ims.read", file=file.ordinal, records=len(records), refused=refused, finished=at is None
            )
            if at is None:
                self._remember(visit, source)
                self.close()
            return visit.page(records, at=at)

    def _at(self, file: Dropped) -> _Open:
        """The file where the last page ended; from its beginning when this is another run than the last."""
        at = file.at if isinstance(file.at, int) else 0
        kept = self._open
        if kept is not None and (kept.key, kept.at) == (file.key, at):
            return kept
        self.close()
        index = read_index(file.stream, max_bytes=self.options.max_bytes)
        stream = os.fdopen(os.dup(file.stream.fileno()), "rb")
        os.lseek(stream.fileno(), 0, os.SEEK_SET)
        parts = take(stream, index=index, options=self.options, label=file.label)
        kept = _Open(key=file.key, at=0, stream=stream, parts=parts, full=index.full, pupils=len(index.pupils))
        while kept.at < at and next(parts, None) is not None:
            kept.at += 1
        self._open = kept
        return kept

    def _page(self, source: _Open) -> tuple[list[Raw], int | None]:
        records: list[Raw] = []
        for part in source.parts:
            source.at += 1
            records += part
            if len(records) >= self.options.page_records:
                return records, source.at
        return records, None

    def _guard(self, visit: Visit, file: Dropped, source: _Open) -> None:
        """Absence is not deletion, and a full export without a pupil is most often a job that failed."""
        if source.full and source.pupils == 0 and visit.memory.get("pupils", 0) > 0:
            self.close()
            raise Refused("guard.emptied", path=file.label)

    def _remember(self, visit: Visit, source: _Open) -> None:
        if source.full:
            visit.memory["pupils"] = source.pupils

    def read(self, raw: Raw) -> list[Reading]:
        """A record in canonical names; what was refused when the file was read is a ``Fault``."""
        return reading.read(raw)

    def acknowledge(self, ids: list[str], outcome: str) -> None:
        """Put a file into ``done/`` when all that was read of it is kept."""
        self._intake.acknowledge(ids)

    def health(self) -> str | None:
        """``folder.missing``, ``folder.cannot_move``, or ``None``."""
        return self._intake.health()

    def close(self) -> None:
        """Let go of the file in work."""
        kept: Any = self._open
        self._open = None
        if kept is not None:
            kept.stream.close()
