"""The adapter: a row is a record, a broken row is refused alone, a file is put away when all of it is kept."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from msgspec import Struct

from gateway.sdk import (
    KINDS,
    Adapter,
    Capabilities,
    Context,
    Fault,
    Misconfigured,
    Page,
    Proof,
    Raw,
    Reading,
    Refused,
    jsonio,
)
from gateway.sdk.folder import Dropped, Intake, Visit
from gateway_file_drop.options import Options
from gateway_file_drop.rows import Broken, Row, csv_rows, json_rows

_JSON_ENDINGS = frozenset({".jsonl", ".ndjson"})


class _Place(Struct, frozen=True, kw_only=True):
    """Where to go on in a file: the reader's own place, and how many rows there were before it."""

    rows: int
    at: Any


class FileDrop(Adapter):
    """CSV and JSON Lines exports from a folder.

    A record that cannot be read has a list ``[code, path, row]`` for a body, and ``read`` refuses it with that code
    and path (``file-17:5:3`` is the third field in line 5 of the seventeenth file). ``now`` gives seconds since the
    epoch. Raises ``Misconfigured`` ``file_drop.options`` for options that do not fit.
    """

    name = "file-drop"
    capabilities = Capabilities(reads=frozenset(KINDS) - {"wonder_note"}, files=True, acknowledges=True, deletes=True)
    proved = (
        Proof(by="samples", what="csv-spectrum and csv-injection", test="tests/sdk/test_csvio.py"),
        Proof(by="simulator", what="a folder of our own", test="plugins/file-drop/tests/test_kit.py"),
    )
    Options: ClassVar[type[Struct] | None] = Options

    def __init__(self, context: Context, *, now: Callable[[], float] = time.time) -> None:
        super().__init__(context)
        try:
            self.options = msgspec.convert(dict(context.options), Options)
        except msgspec.ValidationError:
            raise Misconfigured("file_drop.options") from None
        self._intake = Intake(
            folder=Path(context.folder, self.options.folder),
            patterns=tuple(self.options.kinds),
            settle=self.options.settle_seconds,
            now=now,
        )

    def fetch(self, cursor: str | None) -> Page:
        """The next rows of the file in work, or the first of the oldest file that is settled.

        Raises ``Refused`` ``guard.emptied`` when a full export has no row where the one before had some,
        ``Misconfigured`` and ``Unreachable`` with ``folder.*`` codes.
        """
        with self._intake.visit(cursor) as visit:
            if visit.file is None:
                return visit.nothing()
            kind = self.options.kinds[visit.file.pattern]
            try:
                rows, place = self._rows(visit.file)
            except Fault as fault:
                return self._refuse_file(visit, visit.file, kind, fault)
            if place.at is None and self.options.feed == "full":
                self._guard(visit, visit.file, place.rows)
            records = [self._raw(row, kind=kind, file=visit.file) for row in rows]
            refused = sum(isinstance(row, Broken) for row in rows)
            facts = {"file": visit.file.ordinal, "rows": len(rows), "refused": refused, "finished": place.at is None}
            self.context.log.info("file_drop.read", **facts)
            at = None if place.at is None else msgspec.to_builtins(place)
            return visit.page(records, at=at)

    def _rows(self, file: Dropped) -> tuple[list[Row | Broken], _Place]:
        before = _Place(rows=0, at=None) if file.at is None else msgspec.convert(file.at, _Place)
        wanted = self.options.page_rows
        if self._is_json(file):
            rows, at = json_rows(file.stream, at=before.at, wanted=wanted)
        else:
            rows, at = csv_rows(file.stream, at=before.at, wanted=wanted, options=self.options)
        return rows, _Place(rows=before.rows + len(rows), at=at)

    def _is_json(self, file: Dropped) -> bool:
        if self.options.format == "auto":
            return file.suffix in _JSON_ENDINGS
        return self.options.format == "jsonl"

    def _refuse_file(self, visit: Visit, file: Dropped, kind: str, fault: Fault) -> Page:
        """A file without sound columns is one record that cannot be read: nothing in it can be told apart."""
        self.context.log.warning("file_drop.refused", file=file.ordinal, code=fault.code)
        body = [fault.code, f"{file.label}:{fault.path}", ""]
        return visit.page([Raw(kind=kind, id=f"file-{file.key}", body=body)], at=None)

    def _guard(self, visit: Visit, file: Dropped, rows: int) -> None:
        """Absence is not deletion, and a full export without a row is most often a job that failed."""
        known = visit.memory.setdefault("rows", {})
        if rows == 0 and known.get(file.pattern, 0) > 0:
            raise Refused("guard.emptied", path=file.label)
        known[file.pattern] = rows

    def _raw(self, row: Row | Broken, *, kind: str, file: Dropped) -> Raw:
        if isinstance(row, Broken):
            return _broken(kind, row.code, f"{file.label}:{row.path}", row.text)
        options = self.options
        native = row.fields.get(options.id)
        if not isinstance(native, str | int) or isinstance(native, bool) or native == "":
            text = jsonio.encode(row.fields).decode()
            return _broken(kind, "file.no_id", f"{file.label}:{row.line}:1", text)
        mark = row.fields.get(options.deleted) if options.deleted is not None else None
        version = row.fields.get(options.version) if options.version is not None else None
        deleted = mark is not None and str(mark).casefold() in {one.casefold() for one in options.deleted_values}
        return Raw(
            kind=kind,
            id=str(native),
            body={} if deleted else row.fields,
            version=None if version is None else str(version),
            deleted=deleted,
        )

    def read(self, raw: Raw) -> list[Reading]:
        """A row by the mapping; a row that was broken already is refused with its place."""
        if isinstance(raw.body, list):
            code, path, *_ = raw.body if len(raw.body) == 3 else ("file.no_object", "$")
            raise Fault(str(code), str(path))
        try:
            return super().read(raw)
        except Misconfigured as error:
            # Without a mapping no row can be read: they wait in quarantine until there is one.
            raise Fault(error.code, "$") from None

    def acknowledge(self, ids: list[str], outcome: str) -> None:
        """Put a file into ``done/`` when all that was read of it is kept."""
        self._intake.acknowledge(ids)

    def health(self) -> str | None:
        """``folder.missing``, ``folder.cannot_move``, or ``None``."""
        return self._intake.health()


def _broken(kind: str, code: str, path: str, text: str) -> Raw:
    """The same broken row in the next export has the same id, so that quarantine does not grow by it."""
    mark = hashlib.sha256(text.encode("utf-8", errors="surrogatepass") if text else path.encode()).hexdigest()[:20]
    return Raw(kind=kind, id=f"row-{mark}", body=[code, path, text])
