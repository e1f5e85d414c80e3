"""A small vendor in one process, and a sound adapter for it: what passes every check of the kit.

The vendor speaks Norwegian, stamps each change with a tick, pages by key, honours keys and versions, and puts what it
was sent into its error texts, as vendors do.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from gateway.core.model import Fault
from gateway.sdk import (
    Adapter,
    Capabilities,
    Context,
    Page,
    Raw,
    Reading,
    Receipt,
    Refused,
    Release,
    Request,
    Uncertain,
    Unreachable,
)
from gateway.sdk.testing import Sample, Thing, Watch, watched_context

FIELDS = {"summary": "beskrivelse", "raised_on": "meldt", "status": "tilstand", "conclusion": "slutning"}
STATUS = {"raised": "AAPEN", "clarified": "AVKLART", "settled": "LUKKET"}
OVERLAP = 5


class Rejected(Exception):
    pass


class VendorWorld:
    """The vendor's system. ``call`` methods are its interface, the rest is the truth behind it."""

    can = frozenset({
        "make", "edit", "delete", "late", "down", "rejected", "lost", "acknowledged", "requests", "webhook", "age"
    })  # fmt: skip

    def __init__(self, page: int) -> None:
        self.page = page
        self.tick = 100
        self.rows: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}
        self.kept: set[str] = set()
        self.asked: list[str] = []
        self.faults: dict[str, int] = {}

    # the truth
    def state(self) -> dict[str, Thing]:
        return {
            f"concern:{row['id']}": Thing(
                kind="concern",
                id=row["id"],
                body=dict(row["innhold"]),
                version=str(row["versjon"]),
                writes=row["versjon"],
            )
            for row in self.rows.values()
            if not row["slettet"]
        }

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        ident = f"b{len(self.rows) + 1}"
        self.tick += 1
        self.rows[ident] = {
            "id": ident,
            "sak": "s1",
            "endret": self.tick - 3 if late else self.tick,
            "versjon": 1,
            "slettet": False,
            "innhold": dict(body),
        }
        return ident

    def edit(self, kind: str, ident: str, patch: Mapping[str, Any]) -> None:
        self._touch(self.rows[ident])
        self.rows[ident]["innhold"].update(patch)

    def delete(self, kind: str, ident: str) -> None:
        self._touch(self.rows[ident])
        self.rows[ident].update(slettet=True, innhold={})

    def fault(self, name: str, times: int = 1) -> None:
        self.faults = {name: times}

    def heal(self) -> None:
        self.faults = {}

    def ready(self, sample: Sample) -> str | None:
        return "s1"

    def acknowledged(self) -> set[str]:
        return self.kept

    def requests(self) -> list[str]:
        return self.asked

    def age(self) -> None:
        self.tick += 3_600

    def webhook(self) -> Request:
        newest = max(self.rows.values(), key=lambda row: row["endret"])
        return Request(method="POST", path="/hook", headers={}, body=json.dumps({"id": newest["id"]}).encode())

    # the interface
    def call_changes(self, after: tuple[int, str]) -> list[dict[str, Any]]:
        self._answer(f"GET /endringer?etter={after[0]},{after[1]}")
        rows = sorted(self.rows.values(), key=lambda row: (row["endret"], row["id"]))
        return json.loads(json.dumps([row for row in rows if (row["endret"], row["id"]) > after][: self.page]))

    def call_offset(self, offset: int) -> list[dict[str, Any]]:
        self._answer(f"GET /alle?fra={offset}")
        rows = [row for row in self.rows.values() if not row["slettet"]]
        return json.loads(json.dumps(rows[offset : offset + self.page]))

    def call_write(
        self, ident: str | None, patch: Mapping[str, Any], *, key: str | None, version: str | None, line: str = ""
    ) -> dict[str, Any]:
        self._answer(line or f"PATCH /bekymringer/{ident or ''}", patch)
        if key is not None and key in self.keys:
            return self._row(self.keys[key])
        if ident is None:
            ident = self.make("concern", {name: value for name, value in patch.items() if value is not None})
        else:
            row = self.rows.get(ident)
            if row is None:
                raise Rejected("unknown", dict(patch))
            if version is not None and str(row["versjon"]) != version:
                raise Rejected("conflict", dict(patch))
            if {**row["innhold"], **patch} != row["innhold"]:
                self._touch(row)
                row["innhold"].update(patch)
        if key is not None:
            self.keys[key] = ident
        if self.faults.pop("lost", 0):
            raise TimeoutError(json.dumps(patch))
        return self._row(ident)

    def call_remove(self, ident: str) -> None:
        self._answer(f"DELETE /bekymringer/{ident}")
        if not self.rows[ident]["slettet"]:
            self.delete("concern", ident)

    def call_by_key(self, key: str) -> list[dict[str, Any]]:
        self._answer(f"GET /bekymringer?nokkel={key}")
        return [self._row(self.keys[key])] if key in self.keys else []

    def call_kept(self, idents: Iterable[str]) -> None:
        self._answer("POST /kvittering")
        self.kept |= {ident for ident in idents if ident in self.rows}

    def _row(self, ident: str) -> dict[str, Any]:
        return dict(json.loads(json.dumps(self.rows[ident])))

    def _touch(self, row: dict[str, Any]) -> None:
        self.tick += 1
        row["endret"] = self.tick
        row["versjon"] += 1

    def _answer(self, line: str, body: object = None) -> None:
        self.asked.append(line)
        for name in ("down", "rejected"):
            if self.faults.get(name, 0):
                self.faults[name] -= 1
                raise ConnectionError("away") if name == "down" else Rejected("invalid", body)


class Sound(Adapter):
    """An adapter that keeps every promise. The broken ones beside it each break one."""

    name = "sound"
    capabilities = Capabilities(
        reads={"concern"},
        writes={"concern"},
        idempotency_key=True,
        conditional_write=True,
        read_back=True,
        deletes=True,
        retracts=True,
        inventory=True,
        acknowledges=True,
        full_feed=True,
        events=True,
        receipts={"accepted", "processed"},
        batch=10,
    )

    def __init__(self, context: Context, world: VendorWorld) -> None:
        super().__init__(context)
        self.vendor = world

    def fetch(self, cursor: str | None) -> Page:
        stands, high = (0, ""), 0
        if cursor is not None:
            tick, ident, high_text = cursor.split("|")
            stands, high = (int(tick), ident), int(high_text)
        rows = self.asked(lambda: self.vendor.call_changes(stands))
        high = max([high, *(row["endret"] for row in rows)])
        if len(rows) == self.vendor.page:
            return Page(records=self.raws(rows), cursor=f"{rows[-1]['endret']}|{rows[-1]['id']}|{high}", more=True)
        return Page(records=self.raws(rows), cursor=f"{max(0, high - OVERLAP)}||{high}", more=False)

    def raws(self, rows: list[dict[str, Any]]) -> list[Raw]:
        return [
            Raw(
                kind="concern",
                id=row["id"],
                body=json.dumps(row).encode(),
                version=str(row["versjon"]),
                deleted=row["slettet"],
            )
            for row in rows
        ]

    def asked(self, call: Any) -> Any:
        try:
            return call()
        except ConnectionError:
            raise Unreachable("vendor.away") from None
        except TimeoutError:
            raise Uncertain("vendor.silent") from None
        except Rejected as error:
            conflict = error.args[0] == "conflict"
            raise Refused("vendor.conflict" if conflict else "vendor.rejected", conflict=conflict) from None

    def read(self, raw: Raw) -> list[Reading]:
        try:
            row = json.loads(raw.body)
            content = row["innhold"]
            fields = {name: content[local] for name, local in FIELDS.items() if local in content}
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Fault("vendor.body", "$") from None
        for name, value in fields.items():
            if value is not None and not isinstance(value, str):
                raise Fault("vendor.type", f"$.innhold.{FIELDS[name]}")
        if fields.get("status") is not None:
            fields["status"] = self.status(fields["status"])
        return [Reading(kind="concern", id=str(row.get("id")), case=row.get("sak"), fields=fields, version=raw.version)]

    def status(self, local: str) -> str:
        for name, code in STATUS.items():
            if code == local:
                return name
        raise Fault("mapping.code", "$.innhold.tilstand")

    def patch(self, release: Release) -> dict[str, Any]:
        names = release.changed if release.native_id else tuple(release.fields)
        body = {FIELDS[name]: release.fields[name] for name in names}
        if body.get("tilstand") is not None:
            body["tilstand"] = STATUS[body["tilstand"]]
        return body

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        if release.kind != "concern":
            raise Refused("adapter.kind")
        return self.write(release, self.patch(release), idempotency_key)

    def deliver_batch(self, releases: list[tuple[Release, str]]) -> list[Receipt]:
        return [self.settled(release, key) for release, key in releases]

    def settled(self, release: Release, key: str) -> Receipt:
        try:
            return self.deliver(release, key)
        except Refused as error:
            return Receipt(key=key, state="refused", code=error.code, conflict=error.conflict)

    def write(self, release: Release, patch: Mapping[str, Any], key: str) -> Receipt:
        row = self.asked(lambda: self.vendor.call_write(release.native_id, patch, key=key, version=release.version))
        return Receipt(key=key, state="accepted", native_id=row["id"], version=str(row["versjon"]))

    def retract(self, release: Release, idempotency_key: str) -> Receipt:
        if release.native_id is None or release.kind != "concern":
            raise Refused("adapter.unknown_item")
        if release.retract_all:
            self.asked(lambda: self.vendor.call_remove(release.native_id))
            return Receipt(key=idempotency_key, state="accepted", native_id=release.native_id)
        return self.write(release, {FIELDS[name]: None for name in release.retracts}, idempotency_key)

    def outcomes(self, keys: list[str]) -> list[Receipt]:
        return [Receipt(key=key, state="processed") for key in keys if key in self.vendor.keys]

    def acknowledge(self, ids: list[str], outcome: str) -> None:
        self.asked(lambda: self.vendor.call_kept(ids))

    def read_back(self, key: str) -> Page:
        return Page(records=self.raws(self.asked(lambda: self.vendor.call_by_key(key))))

    def receive(self, request: Request) -> Page:
        """A hint to look now; what it says is not believed."""
        try:
            json.loads(request.body)["id"]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Refused("vendor.hook") from None
        return Page()

    def inventory(self) -> Iterator[tuple[str, str]]:
        rows = [row for row in self.vendor.rows.values() if not row["slettet"]]
        return iter([(f"concern:{row['id']}", str(row["versjon"])) for row in rows])


class ReferenceBench:
    """A bench around the vendor above, for ``Sound`` or an adapter that breaks something of it."""

    source = "stand-in"
    page = 3
    samples = (
        Sample(
            kind="concern",
            body={
                "beskrivelse": "Trekker seg unna i friminuttene.",
                "slutning": "Vi følger med sammen.",
                "meldt": "2026-03-02",
                "tilstand": "AAPEN",
            },
            fields={
                "summary": "Trekker seg unna i friminuttene.",
                "conclusion": "Vi følger med sammen.",
                "raised_on": "2026-03-02",
                "status": "raised",
            },
            patch={"tilstand": "AVKLART"},
            patched={"status": "clarified"},
        ),
    )

    def __init__(self, adapter: type[Sound] = Sound) -> None:
        self.adapter = adapter

    @contextmanager
    def world(self) -> Iterator[VendorWorld]:
        yield VendorWorld(self.page)

    def connect(self, world: VendorWorld, watch: Watch) -> Sound:
        return self.adapter(watched_context("http://127.0.0.1:9", watch), world)
