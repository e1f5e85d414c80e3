"""One adapter for each check of the kit that breaks just what the check promises."""

import json
import logging
import sys

import msgspec

from gateway.sdk import Page, Receipt, Refused, Uncertain, Unreachable
from tests.sdk.kit.reference import FIELDS, Rejected, Sound


def declared(**changes):
    return msgspec.structs.replace(Sound.capabilities, **changes)


class StartsAtNow(Sound):
    """An empty system gives no cursor but the tick to come, so that the first record is passed over."""

    def fetch(self, cursor):
        page = super().fetch(cursor)
        if cursor is None and not page.records:
            return Page(records=[], cursor="999|zz|999", more=False)
        return page


class ForgetsCursor(Sound):
    """The place is kept in memory: a new process with the same cursor starts past what it has not seen."""

    def fetch(self, cursor):
        if cursor is not None and not hasattr(self, "going"):
            self.going = True
            if not cursor.partition("|")[2].startswith("b"):
                return Page(records=[], cursor="999|zz|999", more=False)
        self.going = True
        return super().fetch(cursor)


class NoOverlap(Sound):
    def fetch(self, cursor):
        page = super().fetch(cursor)
        if page.more or page.cursor is None:
            return page
        high = page.cursor.rpartition("|")[2]
        return msgspec.structs.replace(page, cursor=f"{high}|zz|{high}")


class PagesByOffset(Sound):
    """Pages by offset: a row deleted on an earlier page pulls one past the border."""

    def fetch(self, cursor):
        if cursor is not None and not cursor.startswith("@"):
            return super().fetch(cursor)
        offset = int(cursor[1:]) if cursor else 0
        rows = self.asked(lambda: self.vendor.call_offset(offset))
        if len(rows) == self.vendor.page:
            return Page(records=self.raws(rows), cursor=f"@{offset + len(rows)}", more=True)
        high = self.vendor.tick
        return Page(records=self.raws(rows), cursor=f"{high}|zz|{high}", more=False)


class Shuffles(Sound):
    """Another order for each connection."""

    count = 0

    def __init__(self, context, world):
        super().__init__(context, world)
        Shuffles.count += 1
        self.turn = Shuffles.count

    def raws(self, rows):
        return super().raws(rows[self.turn % 2 :] + rows[: self.turn % 2])


class HidesDeletes(Sound):
    def raws(self, rows):
        return super().raws([row for row in rows if not row["slettet"]])


class StaysDown(Sound):
    """One failure, and the connection is never tried again."""

    dead = False

    def fetch(self, cursor):
        if self.dead:
            return Page(records=[], cursor=cursor, more=False)
        try:
            return super().fetch(cursor)
        except Unreachable:
            self.dead = True
            raise


class Misreads(Sound):
    """Closed is taken for clarified."""

    def status(self, local):
        return "clarified" if local == "AAPEN" else super().status(local)


class AsksWhileReading(Sound):
    def read(self, raw):
        self.asked(lambda: self.vendor.call_by_key(raw.id))
        return super().read(raw)


class Trusting(Sound):
    """A body that makes no sense comes out as a KeyError or worse."""

    def read(self, raw):
        json.loads(raw.body)["innhold"]["beskrivelse"].strip()
        return super().read(raw)


class OddBodies(Sound):
    """Bodies that do not survive the way to another process."""

    def raws(self, rows):
        return [msgspec.structs.replace(raw, body=bytearray(raw.body)) for raw in super().raws(rows)]


class ShortInventory(Sound):
    """The first page of the inventory only."""

    def inventory(self):
        return iter(list(super().inventory())[: self.vendor.page])


class AcknowledgesOnFetch(Sound):
    def fetch(self, cursor):
        page = super().fetch(cursor)
        self.vendor.call_kept([raw.id for raw in page.records])
        return page


class MakesUpVersions(Sound):
    def write(self, release, patch, key):
        return msgspec.structs.replace(super().write(release, patch, key), version="999")


class DropsKeys(Sound):
    def asked(self, call):
        self.vendor.keys.clear()
        return super().asked(call)


class WritesAll(Sound):
    """All that is released is written, changed or not, over what a user there wrote meanwhile."""

    def patch(self, release):
        return super().patch(msgspec.structs.replace(release, changed=tuple(release.fields)))


class EmptiesWithheld(Sound):
    """Fields that are not in the release are written as empty."""

    def patch(self, release):
        body = super().patch(release)
        return {**dict.fromkeys(FIELDS.values()), **body} if release.native_id else body


class IgnoresVersions(Sound):
    def write(self, release, patch, key):
        return super().write(msgspec.structs.replace(release, version=None), patch, key)


class DatesADayEarly(Sound):
    """A date is written a day early."""

    def patch(self, release):
        body = super().patch(release)
        return {**body, "meldt": "2026-03-01"} if "meldt" in body else body


class ShufflesBatch(Sound):
    def deliver_batch(self, releases):
        receipts = super().deliver_batch(releases)
        ids = [receipt.native_id for receipt in reversed(receipts)]
        return [msgspec.structs.replace(receipt, native_id=ident) for receipt, ident in zip(receipts, ids, strict=True)]


class OneForAll(Sound):
    """What one release of a batch is refused for counts for those after it too."""

    def deliver_batch(self, releases):
        return [self.deliver(release, key) for release, key in releases]


class ReadsBackAnything(Sound):
    def read_back(self, key):
        page = super().read_back(key)
        return page if page.records else Page(records=self.raws(list(self.vendor.rows.values())[:1]))


class KeepsRetracted(Sound):
    def retract(self, release, idempotency_key):
        if release.retract_all:
            return super().retract(release, idempotency_key)
        return Receipt(key=idempotency_key, state="accepted", native_id=release.native_id)


class RefusesWhenDown(Sound):
    def asked(self, call):
        try:
            return super().asked(call)
        except Uncertain:
            raise
        except Unreachable:
            raise Refused("vendor.away") from None


class WaitsForever(Sound):
    """A rejection is taken for a passing trouble."""

    def asked(self, call):
        try:
            return super().asked(call)
        except Refused as error:
            if error.conflict:
                raise
            raise Unreachable("vendor.error") from None


class CallsLostRefused(Sound):
    def asked(self, call):
        try:
            return super().asked(call)
        except Uncertain:
            raise Refused("vendor.silent") from None


class QuotesTheVendor(Sound):
    """The vendor's own error text, which quotes what it was sent, stays in the chain."""

    def asked(self, call):
        try:
            return call()
        except Rejected as error:
            if error.args[0] == "conflict":
                raise Refused("vendor.conflict", conflict=True) from None
            raise Refused("vendor.rejected") from error
        except ConnectionError:
            raise Unreachable("vendor.away") from None
        except TimeoutError:
            raise Uncertain("vendor.silent") from None


class LogsBodies(Sound):
    def deliver(self, release, idempotency_key):
        logging.getLogger("vendor").debug("sending %s", json.dumps(dict(release.fields)))
        return super().deliver(release, idempotency_key)


class PrintsBodies(Sound):
    def read(self, raw):
        readings = super().read(raw)
        sys.stderr.write(raw.body.hex())
        return readings


class PutsTextInUrls(Sound):
    def write(self, release, patch, key):
        words = str(patch.get("beskrivelse", "")).encode("utf-16le").decode("latin-1")
        self.vendor.asked.append(f"PATCH /bekymringer?tekst={words}")
        return super().write(release, patch, key)


class RetractsUndeclared(Sound):
    """Retraction works, but nobody was told that it is there."""

    capabilities = declared(retracts=False, inventory=False)

    def retract(self, release, idempotency_key):
        return Receipt(key=idempotency_key, state="accepted")


class TakesAnyKind(Sound):
    def deliver(self, release, idempotency_key):
        if release.kind != "concern":
            return Receipt(key=idempotency_key, state="accepted")
        return super().deliver(release, idempotency_key)


class TrustsCalls(Sound):
    def receive(self, request):
        json.loads(request.body)["id"].strip()
        return Page()


class BelievesInAll(Sound):
    """Whatever it is asked about has arrived."""

    def outcomes(self, keys):
        return [Receipt(key=key, state="processed") for key in keys]


TOLD = set()


class TellsOnce(Sound):
    """What it has told it holds for written down."""

    def outcomes(self, keys):
        news = [] if self.context.url in TOLD else [Receipt(key=one, state="processed") for one in keys[:1]]
        TOLD.add(self.context.url)
        return news


BROKEN: dict[type[Sound], str] = {
    StartsAtNow: "start.empty",
    ForgetsCursor: "cursor.resumes",
    NoOverlap: "cursor.late-rows",
    PagesByOffset: "paging.under-change",
    Shuffles: "fetch.deterministic",
    HidesDeletes: "fetch.deletes",
    StaysDown: "fetch.reconnect",
    Misreads: "read.recordings",
    AsksWhileReading: "read.pure",
    Trusting: "read.hostile",
    OddBodies: "values.plain",
    ShortInventory: "inventory.complete",
    AcknowledgesOnFetch: "acknowledge.known",
    TrustsCalls: "webhook.heard",
    MakesUpVersions: "deliver.effect",
    DropsKeys: "deliver.idempotent",
    WritesAll: "deliver.changed-only",
    EmptiesWithheld: "deliver.withheld-untouched",
    IgnoresVersions: "deliver.conditional",
    DatesADayEarly: "deliver.roundtrip",
    ShufflesBatch: "deliver.batch",
    OneForAll: "deliver.batch-apart",
    ReadsBackAnything: "deliver.read-back",
    BelievesInAll: "deliver.followed",
    TellsOnce: "deliver.followed",
    KeepsRetracted: "retract.takes-back",
    RefusesWhenDown: "errors.unreachable",
    WaitsForever: "errors.refused",
    CallsLostRefused: "errors.uncertain",
    QuotesTheVendor: "errors.no-values",
    LogsBodies: "canaries.silent",
    PrintsBodies: "canaries.silent",
    PutsTextInUrls: "canaries.silent",
    RetractsUndeclared: "capabilities.honoured",
    TakesAnyKind: "capabilities.honoured",
}
"""Each broken adapter with the check that must find it."""

ALSO: dict[type[Sound], set[str]] = {
    PagesByOffset: {"cursor.late-rows"},
    Misreads: {"deliver.roundtrip"},
    DropsKeys: {"deliver.read-back", "retract.takes-back"},
    WaitsForever: {"deliver.batch-apart"},
    TakesAnyKind: {"deliver.batch-apart"},
    EmptiesWithheld: {"deliver.changed-only"},
    PutsTextInUrls: {"errors.no-values"},
    LogsBodies: {"errors.no-values"},
    PrintsBodies: {"errors.no-values"},
}
"""Other checks that fail on it too, since the fault cannot be had without theirs."""
