"""The adapter: a row is a record, a broken row is refused alone, a file is put away when all of it is kept.

What is delivered is a file for each record, left whole in a folder that the product takes files from.
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from msgspec import Struct

from gateway.sdk import (
    KINDS,
    Adapter,
    AdapterError,
    Capabilities,
    Context,
    Fault,
    Misconfigured,
    Page,
    Proof,
    Raw,
    Reading,
    Receipt,
    Refused,
    Release,
    Sent,
    jsonio,
)
from gateway.sdk.folder import Dropped, Intake, Visit
from gateway.sdk.place import Place
from gateway_file_drop.options import Options
from gateway_file_drop.outbox import LocalOutbox, Outbox
from gateway_file_drop.rows import Broken, Row, csv_rows, json_rows
from gateway_file_drop.sheets import Sheets
from gateway_file_drop.writing import file_of

if TYPE_CHECKING:
    from gateway_file_drop.session import Session

_JSON_ENDINGS = frozenset({".jsonl", ".ndjson"})
_SHEET_ENDINGS = frozenset({".xlsx"})


class _Place(Struct, frozen=True, kw_only=True):
    """Where to go on in a file: the reader's own place, and how many rows there were before it."""

    rows: int
    at: Any


class FileDrop(Adapter):
    """CSV, JSON Lines and Excel exports from a folder, here or on an SFTP server.

    A record that cannot be read has a list ``[code, path, row]`` for a body, and ``read`` refuses it with that code
    and path (``file-17:5:3`` is the third field in line 5 of the seventeenth file, ``file-17:sheet1!C5`` a cell).
    ``now`` gives seconds since the epoch. Raises ``Misconfigured`` ``file_drop.options`` for options that do not fit.
    """

    name = "file-drop"
    capabilities = Capabilities(
        reads=frozenset(KINDS) - {"wonder_note"},
        writes=frozenset(KINDS) - {"wonder_note", "unit", "relation"},
        files=True,
        acknowledges=True,
        deletes=True,
        retracts=True,
        idempotency_key=True,
        receipts=frozenset({"accepted", "delivered"}),
    )
    """Without ``options.out`` an adapter writes nothing, and its own ``capabilities`` say so."""
    proved = (
        Proof(by="samples", what="csv-spectrum and csv-injection", test="tests/sdk/test_csvio.py"),
        Proof(
            by="client",
            what="openpyxl writes what is read",
            test="tests/sdk/test_sheetio.py::test_what_another_library_writes_is_read_as_the_same_table",
        ),
        Proof(
            by="server",
            what="asyncssh's SFTP server",
            test="plugins/file-drop/tests/test_sftp.py::test_files_are_read_and_put_away_there",
        ),
        Proof(by="simulator", what="a folder of our own", test="plugins/file-drop/tests/test_kit.py"),
    )
    Options: ClassVar[type[Struct] | None] = Options

    def __init__(self, context: Context, *, now: Callable[[], float] = time.time) -> None:
        super().__init__(context)
        try:
            self.options = msgspec.convert(dict(context.options), Options)
        except msgspec.ValidationError:
            raise Misconfigured("file_drop.options") from None
        self._session: Session | None = None
        self._now = now
        self.outbox = self._opened()
        if self.outbox is None:
            mute = {"writes": frozenset(), "retracts": False, "idempotency_key": False, "receipts": {"accepted"}}
            self.capabilities = msgspec.structs.replace(type(self).capabilities, **mute)  # type: ignore[misc]
        self._sheets = Sheets(self.options)
        self._intake = Intake(
            folder=self._place(),
            patterns=tuple(self.options.kinds),
            settle=self.options.settle_seconds,
            now=now,
        )

    def _place(self) -> Path | Place:
        if self.options.sftp is None:
            return Path(self.context.folder, self.options.folder)
        # Imported where a server is named: the library costs more than the rest of a small run.
        from gateway_file_drop.sftp import SftpPlace  # noqa: PLC0415

        return SftpPlace(self._server(), self.options.folder)

    def _opened(self) -> Outbox | None:
        out = self.options.out
        if out is None:
            return None
        if self.options.sftp is None:
            return LocalOutbox(Path(self.context.folder, out.folder))
        from gateway_file_drop.sftp import SftpPlace  # noqa: PLC0415 - likewise

        return SftpPlace(self._server(), out.folder)

    def _server(self) -> "Session":
        from gateway_file_drop.sftp import session_with  # noqa: PLC0415 - likewise

        if self._session is None and self.options.sftp is not None:
            self._session = session_with(self.options.sftp, secret=self.context.secret)
        if self._session is None:
            raise Misconfigured("file_drop.options", path="options.sftp")
        return self._session

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        """Leave a file with the released columns. While it lies there, the same key leaves no second one.

        A file that the product has taken and that is delivered again has the same row, by whose id it is known again.
        Raises ``Refused`` (``adapter.cannot_write``, ``file_drop.nested``, the mapping's codes), and as ``Outbox``.
        """
        told = release.changed if release.native_id is not None else tuple(release.fields)
        fields = {name: release.fields[name] for name in told}
        return self._left(msgspec.structs.replace(release, fields=fields), idempotency_key)

    def retract(self, release: Release, idempotency_key: str) -> Receipt:
        """Leave a file that says that a record is deleted, or one in which the columns to take back are empty.

        Raises ``Refused`` ``file_drop.no_deleted`` where no column tells of deletions.
        """
        if release.retract_all:
            column = self.options.deleted
            if column is None:
                raise Refused("file_drop.no_deleted")
            gone = msgspec.structs.replace(release, fields={})
            return self._left(gone, idempotency_key, more={column: self.options.deleted_values[0]})
        return self._left(msgspec.structs.replace(release, fields=dict.fromkeys(release.retracts)), idempotency_key)

    def _left(self, release: Release, key: str, more: dict[str, str] | None = None) -> Receipt:
        out, options = self.outbox, self.options.out
        if out is None or options is None or release.kind not in self.capabilities.writes:
            raise Refused("adapter.cannot_write", path="$.kind")
        ident = release.native_id or release.id
        try:
            body = {} if more else self.context.maps.write(release)
            data = file_of({self.options.id: ident, **_without(body, self.options.id), **(more or {})}, options)
        except Fault as fault:
            raise Refused(fault.code, path=fault.path) from None
        tail = f"{release.kind}-{hashlib.sha256(key.encode()).hexdigest()[:20]}.{options.format}"
        lying = next((name for name in out.names() if name.endswith(f"-{tail}") and not name.startswith(".")), None)
        at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._now()))
        name = lying or f"{at}-{tail}"
        if lying is None:
            out.put(name, data)
        return Receipt(key=key, state="accepted", native_id=ident, trace=name)

    def follow(self, sent: list[Sent]) -> list[Receipt]:
        """``delivered`` of each file that the product has taken out of the folder. Raises as ``Outbox``."""
        if self.outbox is None:
            return []
        lying = set(self.outbox.names())
        return [
            Receipt(key=one.key, state="accepted" if one.trace in lying else "delivered")
            for one in sent
            if one.trace is not None
        ]

    def fetch(self, cursor: str | None) -> Page:
        """The next rows of the file in work, or the first of the oldest file that is settled.

        Raises ``Refused`` ``guard.emptied`` when a full export has no row where the one before had some,
        ``Misconfigured`` and ``Unreachable`` with ``folder.*`` codes, and of a server with ``sftp.*`` codes.
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
        rows: list[Row | Broken]
        at: Any
        if self._is(file, "xlsx", _SHEET_ENDINGS):
            rows, at = self._sheets.page(file.stream, key=file.key, after=before.at or 0, wanted=wanted)
        elif self._is(file, "jsonl", _JSON_ENDINGS):
            rows, at = json_rows(file.stream, at=before.at, wanted=wanted)
        else:
            rows, at = csv_rows(file.stream, at=before.at, wanted=wanted, options=self.options)
        return rows, _Place(rows=before.rows + len(rows), at=at)

    def _is(self, file: Dropped, form: str, endings: frozenset[str]) -> bool:
        return file.suffix in endings if self.options.format == "auto" else self.options.format == form

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
            return _broken(kind, "file.no_id", f"{file.label}:{row.place or f'{row.line}:1'}", text)
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
        """``folder.missing``, ``folder.cannot_move``, a code of the server's session, or ``None``."""
        try:
            wrong = self._intake.health()
            if wrong is None and self.outbox is not None:
                self.outbox.names()
        except AdapterError as error:
            return error.code
        return wrong

    def close(self) -> None:
        """Let go of the file in work and of the server."""
        self._sheets.close()
        if self._session is not None:
            self._session.close()
        super().close()


def _without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


def _broken(kind: str, code: str, path: str, text: str) -> Raw:
    """The same broken row in the next export has the same id, so that quarantine does not grow by it.

    Of a sheet's row each faulty cell is a record of its own, told apart by its column.
    """
    cell = "".join(sign for sign in path.rpartition("!")[2] if sign.isalpha()) if "!" in path else ""
    told = (text + cell).encode("utf-8", errors="surrogatepass") if text else path.encode()
    mark = hashlib.sha256(told).hexdigest()[:20]
    return Raw(kind=kind, id=f"row-{mark}", body=[code, path, text])
