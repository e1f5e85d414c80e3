"""Small systems that live in memory: a vendor with records and versions, and a register that answers questions.

Written by hand, odd on purpose: a vendor renames nothing, but it counts versions, remembers keys, and can be told to
fail before or after the effect.
"""

import copy
import itertools
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from gateway.run.settings import PolicySettings, Settings, StoreSettings, System, Unit
from gateway.run.world import World
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
    Uncertain,
    Unreachable,
)  # fmt: skip
from gateway.store import Keys, open_store

CHILD = "06821099739"
MOTHER = "17908599950"


class Vendor:
    """What a vendor's system holds, and what happened there, in order."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.log: list[tuple[str, str]] = []
        self.keys: dict[str, tuple[str, str]] = {}
        self.ids = itertools.count(1)
        self.writes = 0
        self.down = False
        self.lose_answers = 0
        self.fail_before = 0
        self.refuse: Callable[[Release], bool] = lambda _: False
        self.effects: list[tuple[str, str]] = []
        self.swallows = 0
        """How many creates it says yes to without saving them."""
        self.arrived: dict[str, str] = {}
        """By key how far a delivery has come, where it tells."""

    def put(self, kind: str, native: str, fields: Mapping[str, Any], **header: Any) -> None:
        """A user of the vendor's makes or edits a record there."""
        known = self.records.get((kind, native))
        record = known or {"kind": kind, "id": native, "fields": {}, "version": 0, "deleted": False}
        record = {**record, **header, "fields": {**record["fields"], **fields}, "version": record["version"] + 1}
        record["fields"] = {name: value for name, value in record["fields"].items() if value is not None}
        self.records[kind, native] = {**record, "deleted": False}
        self.log.append((kind, native))

    def delete(self, kind: str, native: str) -> None:
        record = self.records[kind, native]
        self.records[kind, native] = {**record, "deleted": True, "version": record["version"] + 1}
        self.log.append((kind, native))

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [one["fields"] for (sort, _), one in self.records.items() if sort == kind and not one["deleted"]]


class Toy(Adapter):
    """An adapter to a ``Vendor``, whose options say which and what it can do."""

    name = "toy"
    capabilities = Capabilities()

    def __init__(self, context: Context, vendor: Vendor, able: Capabilities) -> None:
        super().__init__(context)
        self.vendor = vendor
        self.capabilities = able  # type: ignore[misc]

    def _up(self) -> None:
        if self.vendor.down:
            raise Unreachable("http.connect")

    def fetch(self, cursor: str | None) -> Page:
        self._up()
        start = int(cursor or 0)
        size = int(self.context.options.get("page", 50))
        seen = self.vendor.log[start : start + size]
        records = [copy.deepcopy(self.vendor.records[key]) for key in dict.fromkeys(seen)]
        end = start + len(seen)
        return Page(
            records=[
                Raw(kind=one["kind"], id=one["id"], body=one, version=str(one["version"]), deleted=one["deleted"])
                for one in records
            ],
            cursor=str(end),
            more=end < len(self.vendor.log),
        )

    def read(self, raw: Raw) -> list[Reading]:
        if raw.deleted:
            return [Reading(kind=raw.kind, id=raw.id, fields={}, deleted=True, case=raw.body.get("case"))]
        body = raw.body
        readings = [
            Reading(
                kind=raw.kind, id=raw.id, fields=body["fields"], case=body.get("case"), about=body.get("about"),
                category=body.get("category"), version=raw.version,
                withheld_from_parents=bool(body.get("withheld_from_parents")),
            )
        ]  # fmt: skip
        readings.extend(
            Reading(kind=part["kind"], id=part["id"], fields=part["fields"], case=body.get("case"))
            for part in body.get("parts", ())
        )
        return readings

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        self._up()
        vendor = self.vendor
        if vendor.fail_before:
            vendor.fail_before -= 1
            raise Unreachable("http.503")
        if vendor.refuse(release):
            raise Refused("http.422", path="$")
        if self.capabilities.idempotency_key and idempotency_key in vendor.keys:
            kind, native = vendor.keys[idempotency_key]
            return self._receipt(idempotency_key, kind, native)
        native = release.native_id or f"{vendor.name}-{next(vendor.ids)}"
        known = vendor.records.get((release.kind, native))
        if self.capabilities.conditional_write and known is not None and str(known["version"]) != release.version:
            raise Refused("http.412", conflict=True)
        if vendor.swallows and known is None:
            vendor.swallows -= 1
            return Receipt(key=idempotency_key, state="accepted", native_id=native, version="1")
        told = release.changed if known is not None else tuple(release.fields)
        fields = {name: self._own_ids(release, release.fields[name]) for name in told}
        vendor.put(
            release.kind, native, fields, case=release.case_native_id or (native if release.kind == "case" else None)
        )
        vendor.keys[idempotency_key] = (release.kind, native)
        vendor.effects.append((idempotency_key, native))
        vendor.writes += 1
        if vendor.lose_answers:
            vendor.lose_answers -= 1
            raise Uncertain("http.read_timeout")
        parts = tuple(self._part(release, part, native, idempotency_key) for part in release.parts)
        return msgspec.structs.replace(self._receipt(idempotency_key, release.kind, native), parts=parts)

    def _part(self, release: Release, part: Release, case: str, key: str) -> Receipt:
        """An item of a case that is written whole."""
        native = part.native_id or f"{self.vendor.name}-{next(self.vendor.ids)}"
        told = part.changed if part.native_id is not None else tuple(part.fields)
        self.vendor.put(part.kind, native, {name: self._own_ids(part, part.fields[name]) for name in told}, case=case)
        return self._receipt(key, part.kind, native)

    def _own_ids(self, release: Release, value: Any) -> Any:
        if isinstance(value, list):
            return [release.refs.get(one, one) if isinstance(one, str) else one for one in value]
        return release.refs.get(value, value) if isinstance(value, str) else value

    def _receipt(self, key: str, kind: str, native: str) -> Receipt:
        return Receipt(
            key=key, state="accepted", native_id=native, version=str(self.vendor.records[kind, native]["version"])
        )

    def retract(self, release: Release, idempotency_key: str) -> Receipt:
        self._up()
        native = release.native_id or ""
        if (release.kind, native) in self.vendor.records:
            if release.retract_all:
                self.vendor.delete(release.kind, native)
            else:
                self.vendor.put(release.kind, native, dict.fromkeys(release.retracts))
        return Receipt(key=idempotency_key, state="accepted", native_id=native)

    def inventory(self) -> list[tuple[str, str]]:
        self._up()
        records = self.vendor.records
        return [
            (f"{kind}:{native}", str(one["version"])) for (kind, native), one in records.items() if not one["deleted"]
        ]

    def outcomes(self, keys: list[str]) -> list[Receipt]:
        self._up()
        told = self.vendor.arrived
        return [
            Receipt(key=key, state=told[key], code="apprec.e21" if told[key] == "refused" else None)  # type: ignore[arg-type]
            for key in keys
            if key in told
        ]

    def read_back(self, key: str) -> Page:
        self._up()
        if key not in self.vendor.keys:
            return Page()
        kind, native = self.vendor.keys[key]
        version = str(self.vendor.records[kind, native]["version"])
        return Page(records=[Raw(kind=kind, id=native, version=version)])


class Register(Adapter):
    """A register that says of each number who may decide for whom, and that nobody is protected unless told."""

    name = "register"
    capabilities = Capabilities(reads={"person", "relation"}, lookup=True)

    def __init__(self, context: Context, persons: dict[str, dict[str, Any]]) -> None:
        super().__init__(context)
        self.persons = persons

    def fetch(self, cursor: str | None) -> Page:
        return Page(cursor=cursor)

    def lookup(self, numbers: list[str]) -> Page:
        return Page(
            records=[Raw(kind="person", id=one, body=self.persons[one]) for one in numbers if one in self.persons]
        )

    def read(self, raw: Raw) -> list[Reading]:
        body = raw.body
        person = {"number": raw.id, "protection": body.get("protection", "none"), "birth_date": body["birth_date"]}
        readings = [Reading(kind="person", id=raw.id, fields=person)]
        for parent, responsibility in body.get("parents", {}).items():
            readings.append(
                Reading(
                    kind="relation",
                    id=f"{raw.id}/{parent}",
                    fields={"person": parent, "child": raw.id, "responsibility": responsibility, "resident": True},
                )
            )
            adult = self.persons[parent]
            told = {
                "number": parent,
                "protection": adult.get("protection", "none"),
                "birth_date": adult["birth_date"],
                "role": "guardian",
            }
            readings.append(Reading(kind="person", id=parent, fields=told))
        return readings


class Clock:
    """A clock that stands still until told."""

    def __init__(self, at: datetime = datetime(2026, 11, 21, 12, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


class Silent:
    def info(self, event: str, **facts: object) -> None:
        pass

    warning = info


ALL = frozenset({"case", "person", "concern", "goal", "measure", "meeting", "consent", "assignment", "relation"})
SYNCED = frozenset({"case", "person", "concern", "goal", "measure", "meeting"})


def able(**more: Any) -> Capabilities:
    """A vendor that can do most things, but for what the test says."""
    given: dict[str, Any] = {
        "reads": ALL, "writes": SYNCED, "idempotency_key": True, "conditional_write": True, "read_back": True,
        "retracts": True, "deletes": True, **more,
    }  # fmt: skip
    return Capabilities(**given)


def make_world(
    folder: Any,
    *,
    vendors: Mapping[str, tuple[str, Vendor, Capabilities]],
    register: dict[str, dict[str, Any]] | None = None,
    owns: Mapping[str, tuple[str, ...]] | None = None,
    asserts: Mapping[str, tuple[str, ...]] | None = None,
    clock: Clock | None = None,
    seed: int = 1,
    url: str | None = None,
    step: Callable[[str], None] = lambda _: None,
    options: Mapping[str, Any] | None = None,
    purposes: Mapping[str, str] | None = None,
    bodies: Mapping[str, str] | None = None,
) -> World:
    """A municipality with these vendors; each is ``(service, vendor, capabilities)``."""
    clock = clock or Clock()
    chance = random.Random(seed)
    keys_file = folder / "keys"
    keys = Keys.load(keys_file) if keys_file.exists() else Keys.create(keys_file, chance.randbytes)
    store = open_store(
        url=url or f"sqlite:///{folder / 'main.db'}", vault_url=f"sqlite:///{folder / 'vault.db'}", keys=keys,
        tenant="toy", clock=clock, chance=chance.randbytes,
    )  # fmt: skip
    units = {
        f"{name}-unit": Unit(service=service, body=(bodies or {}).get(name, "toy-kommune"), name=f"{name}-unit")
        for name, (service, _, _) in vendors.items()
    }
    units["register-unit"] = Unit(service="coordinating_unit", body="state", name="register-unit")
    systems = {
        name: System(
            adapter="toy",
            unit=f"{name}-unit",
            owns=(owns or {}).get(name, ()),
            asserts=(asserts or {}).get(name, ()),
            purpose=(purposes or {}).get(name, "bti"),
            name=name,
        )
        for name in vendors
    }
    context = {name: _context(name, options or {}) for name in [*vendors, "register"]}
    adapters: dict[str, Adapter] = {name: Toy(context[name], vendor, can) for name, (_, vendor, can) in vendors.items()}
    if register is not None:
        systems["register"] = System(
            adapter="register", unit="register-unit", asserts=("relation", "protection"), name="register"
        )
        adapters["register"] = Register(context["register"], register)
    settings = Settings(
        tenant="toy", municipality="1120", model="klepp", numbers="synthetic", store=StoreSettings(),
        policy=PolicySettings(), units=units, systems=systems,
    )  # fmt: skip
    return World(settings=settings, store=store, adapters=adapters, clock=clock, chance=chance.randbytes, step=step)


def _context(name: str, options: Mapping[str, Any]) -> Context:
    return Context(system=name, url="", http=None, secret=str, maps=None, log=Silent(), options=options)  # type: ignore[arg-type]


def approve(world: World, *pairs: tuple[str, str]) -> None:
    """Open flows between systems; with none named, all of them."""
    names = list(world.settings.systems)
    with world.store.write() as tx:
        for source, target in pairs or [(a, b) for a in names for b in names if a != b]:
            tx.set_flow(source, target, "approved", by="kari", at=world.clock())


FAMILY = {
    CHILD: {"birth_date": "2014-05-02", "parents": {MOTHER: "sole"}},
    MOTHER: {"birth_date": "1985-10-17"},
}
"""A child of twelve whose mother alone has parental responsibility."""


def tell_family(
    vendor: Vendor, *, consent: bool = True, services: tuple[str, ...] = ("school", "health_station")
) -> None:
    """The vendor has a log for the child, with the mother, and her consent."""
    vendor.put(
        "person", "p1", {"number": CHILD, "birth_date": "2014-05-02", "role": "subject", "given_name": "Ola"}, case="c1"
    )
    vendor.put("person", "p2", {"number": MOTHER, "birth_date": "1985-10-17", "role": "guardian"}, case="c1")
    vendor.put("case", "c1", {"subject": "p1", "status": "active", "opened_on": "2026-01-10"}, case="c1")
    if consent:
        vendor.put(
            "consent", "s1",
            {"decision": "given", "by": "p2", "purpose": "bti", "services": list(services), "valid_from": "2026-01-01",
             "valid_to": "2027-12-31", "given": "2026-01-01T10:00:00+01:00"},
            case="c1", about=["p1"],
        )  # fmt: skip


def state(vendor: Vendor) -> str:
    """A vendor's records as text, to compare two runs."""
    return msgspec.json.encode(
        sorted((kind, native, one["fields"]) for (kind, native), one in vendor.records.items())
    ).decode()
