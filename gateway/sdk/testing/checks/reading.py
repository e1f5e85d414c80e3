"""Checks on how an adapter reads: nothing skipped, nothing guessed, the same every time.

Each check gets a stage with an empty world; its docstring is the promise that the report shows. It returns the
evidence in a sentence, or raises ``Failed`` or ``NotApplicable``.
"""

import copy
from collections.abc import Iterable

import msgspec

from gateway.core.model import KINDS, Fault, check
from gateway.core.reading import Raw, Reading
from gateway.sdk.api import Page
from gateway.sdk.testing.drive import (
    Failed,
    NotApplicable,
    Stage,
    drain,
    expect,
    find,
    latest,
    numbered,
    outcome_of,
    pages,
    reading_of,
)
from gateway.sdk.testing.world import Sample

_HOSTILE: tuple[object, ...] = (
    b"", b"\0", b"{", b"[]", b"null", b"[" * 5_000, b'{"a":' * 2_000, b"\xff\xfe", b"<a/>", None, [], {}, 7, "x",
    {"id": []}, {"id": {"x": None}},
)  # fmt: skip


def start_empty(stage: Stage) -> str:
    """An empty system is read as empty, and what is made afterwards is seen from the cursor that was given."""
    sample = stage.fed()
    records, cursor = drain(stage.adapter)
    expect(not [raw for raw in records if not raw.deleted], "records came from an empty system")
    again, cursor = drain(stage.adapter, cursor)
    expect(not again, "records came from an empty system at the second fetch")
    stage.need("make")
    ident = stage.make(sample)
    seen = latest(drain(stage.adapter, cursor)[0])
    expect(_told(stage, seen.values(), sample.kind, ident), "the first record made after an empty start was not seen")
    return "no records, then the one that was made"


def cursor_resumes(stage: Stage) -> str:
    """A cursor resumes where it stood, also in a new process; nothing is skipped."""
    sample = stage.fed()
    stage.need("make", "edit")
    first = [stage.make(each) for each in numbered(sample, 3)]
    stage.age()
    _, cursor = drain(stage.adapter)
    late = [stage.make(each) for each in numbered(sample, 2)]
    stage.world.edit(sample.kind, first[0], sample.patch)
    for name, adapter in (("the same adapter", stage.adapter), ("a new adapter", stage.again())):
        seen = list(latest(drain(adapter, cursor)[0]).values())
        for ident in (*late, first[0]):
            expect(_told(stage, seen, sample.kind, ident), f"{name} skipped a record that was made or changed since")
    _, after = drain(stage.adapter, cursor)
    expect(len(latest(drain(stage.adapter, after)[0])) <= len(stage.world.state()), "a resting cursor brings ever more")
    return "2 made and 1 changed after the cursor; all 3 seen, by the same adapter and a new one"


def cursor_late_rows(stage: Stage) -> str:
    """A record that becomes visible late, with a time before the cursor's, is still seen."""
    sample = stage.fed()
    stage.need("make", "late")
    for each in numbered(sample, 3):
        stage.make(each)
    _, cursor = drain(stage.adapter)
    stage.world.ready(sample)
    ident = stage.world.make(sample.kind, sample.body, late=True)
    seen = list(latest(drain(stage.adapter, cursor)[0]).values())
    expect(_told(stage, seen, sample.kind, ident), "a row that became visible late was never seen: no overlap")
    return "a row dated before the cursor was seen at the next fetch"


def paging_under_change(stage: Stage) -> str:
    """While records are made, changed and deleted between two pages, none that lives is skipped or read stale."""
    sample = stage.fed()
    stage.need("make", "edit")
    many = numbered(sample, 2 * stage.bench.page + 3)
    idents = [stage.make(each) for each in many]
    stage.age()
    records: list[Raw] = []
    cursor: str | None = None
    count = 0
    for page in pages(stage.adapter):
        records += page.records
        cursor = page.cursor if page.cursor is not None else cursor
        # A feed may begin with pages of other things that hold nothing.
        count += bool(page.records or count)
        if count == 1:
            if "delete" in stage.world.can:
                stage.world.delete(sample.kind, idents[0])
            stage.world.edit(sample.kind, idents[1], sample.patch)
            stage.world.edit(sample.kind, idents[-1], sample.patch)
            stage.make(sample)
    records += drain(stage.adapter, cursor)[0]
    seen = latest(records)
    wanted = {key: item for key, item in stage.world.state().items() if item.kind == sample.kind}
    for item in wanted.values():
        raws = _told(stage, seen.values(), item.kind, item.id)
        expect(raws, f"of {len(wanted)} living records one was never seen, over {count} pages")
        if item.version is not None and raws[-1].version is not None:
            expect(raws[-1].version == item.version, "a record was last seen in a version older than the present one")
    return f"{len(wanted)} living records, {count} pages, changed after the first page; all seen as they are"


def deletes_told(stage: Stage) -> str:
    """A record that is deleted there is told as deleted, once it was told at all."""
    if not stage.adapter.capabilities.deletes:
        raise NotApplicable("the adapter does not say that it tells of deletions")
    sample = stage.fed()
    stage.need("make", "delete")
    kept, gone = (stage.make(each) for each in numbered(sample, 2))
    stage.age()
    _, cursor = drain(stage.adapter)
    stage.world.delete(sample.kind, gone)
    told = [raw for raw in drain(stage.adapter, cursor)[0] if raw.deleted]
    expect(any(raw.id == gone for raw in told), "a deletion was not told")
    expect(all(raw.id != kept for raw in told), "a living record was told as deleted")
    return "1 of 2 deleted, and only that told as deleted"


def reading_recordings(stage: Stage) -> str:
    """A recorded body is read as what its vendor says that it means."""
    kinds = set(stage.adapter.capabilities.reads)
    if not kinds:
        raise NotApplicable("the adapter reads nothing")
    count = 0
    for sample in stage.bench.samples:
        if sample.kind not in kinds:
            continue
        if sample.raw is not None:
            _as_meant(reading_of(stage.adapter, sample.raw, sample.kind), sample)
        if sample.raw is None or "make" in stage.world.can:
            stage.need("make")
            ident = stage.make(sample)
            _as_meant(find(stage.adapter, sample.kind, ident, stage.records(sample)), sample)
        count += 1
    lacking = kinds - {sample.kind for sample in stage.bench.samples}
    expect(not lacking, f"no sample for: {', '.join(sorted(lacking))}")
    source = "recorded" if all(sample.recorded for sample in stage.bench.samples) else "not recorded, but derived"
    return f"{count} samples ({source}) read as they are meant"


def webhook_heard(stage: Stage) -> str:
    """What the system calls us about is heard, and a call that makes no sense is refused or passed over."""
    if not stage.adapter.capabilities.events:
        raise NotApplicable("the adapter declares no events")
    sample = stage.fed()
    stage.need("make", "webhook")
    stage.make(sample)
    _, cursor = drain(stage.adapter)
    ident = stage.make(sample)
    call = stage.world.webhook()
    page = stage.adapter.receive(call)
    seen = [*page.records, *drain(stage.adapter, cursor)[0]]
    expect(_told(stage, seen, sample.kind, ident), "a record that the system called about was not seen")
    expect(_plain([raw.body for raw in page.records]), "a body is of a type that another process cannot be sent")
    for body in _HOSTILE:
        if isinstance(body, bytes):
            bad = msgspec.structs.replace(call, body=body)
            state, _ = outcome_of(lambda bad=bad: stage.adapter.receive(bad), stage.watch)  # type: ignore[misc]
            expect(state in ("refused", "fault", "done"), f"a call that makes no sense came to {state}")
    return "the newest record was heard of; senseless calls did no harm"


def reading_pure(stage: Stage) -> str:
    """Reading a record asks nobody, changes nothing, and says the same twice."""
    sample = stage.readable()
    stage.need("make")
    stage.make(sample)
    records = stage.records(sample)
    before, requests = copy.deepcopy(records), len(stage.asked())
    if "down" in stage.world.can:
        stage.world.fault("down", 1_000)
    for raw in records:
        first = outcome_of(lambda raw=raw: stage.adapter.read(raw), stage.watch)  # type: ignore[misc]
        second = outcome_of(lambda raw=raw: stage.again().read(raw), stage.watch)  # type: ignore[misc]
        expect(first[0] == "done", f"reading a record while the system was down came to {first[0]}")
        expect(first == second, "the same record was read in two ways")
    expect(records == before, "reading changed the raw record")
    expect(len(stage.asked()) == requests, "reading asked the system")
    return f"{len(records)} records read twice alike, with the system down"


def fetch_deterministic(stage: Stage) -> str:
    """The same state gives the same page."""
    sample = stage.readable()
    stage.need("make")
    stage.make(sample)
    for each in () if stage.adapter.capabilities.lookup else numbered(sample, 3):
        stage.make(each)
    again = stage.again()
    if not stage.adapter.capabilities.lookup:
        one, two = stage.adapter.fetch(None), again.fetch(None)
        expect(one.more == two.more, "two fetches of the same state differed in whether more waits")
        expect(one.records == two.records, "two fetches of the same state gave different records")
    told, twice = stage.records(sample), stage.records(sample, adapter=again)
    expect(told == twice, "the same state was told in two ways")
    return f"two adapters, one state, {len(told)} equal records"


def values_plain(stage: Stage) -> str:
    """What crosses the boundary is plain: it survives being sent to another process and back."""
    sample = stage.readable()
    stage.need("make")
    stage.make(sample)
    page = Page(records=stage.records(sample))
    try:
        expect(msgspec.msgpack.decode(msgspec.msgpack.encode(page), type=Page) == page, "a page came back changed")
        expect(all(_plain(raw.body) for raw in page.records), "a body is of a type that another process cannot be sent")
        for raw in page.records:
            told = stage.adapter.read(raw)
            back = msgspec.msgpack.decode(msgspec.msgpack.encode(told), type=list[Reading])
            expect(back == told, "a reading came back changed")
    except (TypeError, msgspec.MsgspecError):
        raise Failed("a page or a reading holds a value that is not plain") from None
    idents = [(raw.kind, raw.id) for raw in page.records]
    expect(len(set(idents)) == len(idents), "two records on one page bear the same kind and id")
    return f"a page of {len(page.records)} came back equal"


def reading_hostile(stage: Stage) -> str:
    """A body that makes no sense is refused with a code and a path, and with nothing else."""
    sample = stage.readable()
    for body in _HOSTILE:
        raw = Raw(kind=sample.kind, id="kit-hostile", body=body)
        state, _ = outcome_of(lambda raw=raw: stage.adapter.read(raw), stage.watch)  # type: ignore[misc]
        expect(state in ("fault", "done"), f"a senseless body came to {state} instead of a fault")
    return f"{len(_HOSTILE)} senseless bodies, each a fault or read as holding nothing"


def reconnect(stage: Stage) -> str:
    """After the system was away, the same adapter goes on from the same cursor, and nothing is lost."""
    sample = stage.fed()
    stage.need("make", "down")
    for each in numbered(sample, 2):
        stage.make(each)
    _, cursor = drain(stage.adapter)
    ident = stage.make(sample)
    stage.world.fault("down", 1_000)
    state, _ = outcome_of(lambda: stage.adapter.fetch(cursor), stage.watch)
    expect(state != "done", "a fetch from a system that was away gave a page")
    stage.world.heal()
    seen = latest(drain(stage.adapter, cursor)[0])
    expect(_told(stage, seen.values(), sample.kind, ident), "what changed while the system was away was never seen")
    return "away once, then read on without loss"


def inventory_complete(stage: Stage) -> str:
    """The inventory names exactly what the system holds, in the versions that a full fetch gives."""
    if not stage.adapter.capabilities.inventory:
        raise NotApplicable("the adapter declares no inventory")
    sample = stage.fed()
    stage.need("make")
    idents = [stage.make(each) for each in numbered(sample, stage.bench.page + 2)]
    if "delete" in stage.world.can:
        stage.world.delete(sample.kind, idents[0])
    told = list(stage.adapter.inventory())
    fetched = {key: raw.version for key, raw in latest(drain(stage.adapter)[0]).items() if not raw.deleted}
    expect(len(dict(told)) == len(told), "the inventory names a record twice")
    expect(set(dict(told)) == set(fetched), "the inventory and a full fetch name different records")
    truth = {item.id for item in stage.world.state().values() if item.kind == sample.kind}
    expect(truth <= {key.partition(":")[2] for key, _ in told}, "the inventory lacks a record that is there")
    for key, version in told:
        expect(fetched[key] in (None, version), "the inventory tells another version than a full fetch")
    return f"{len(told)} records, as in a full fetch"


def acknowledge_known(stage: Stage) -> str:
    """Only what was acknowledged counts as kept there: never by fetching, never a record that was not named."""
    if not stage.adapter.capabilities.acknowledges:
        raise NotApplicable("the adapter declares no acknowledgement")
    sample = stage.fed()
    stage.need("make", "acknowledged")
    for each in numbered(sample, 3):
        stage.make(each)
    records, _ = drain(stage.adapter)
    expect(not stage.world.acknowledged(), "records counted as kept when they were only fetched")
    named = records[0].id
    stage.adapter.acknowledge([named], "kept")
    expect(set(stage.world.acknowledged()) == {named}, "not just the acknowledged record counts as kept")
    state, _ = outcome_of(lambda: stage.adapter.acknowledge(["kit-unknown"], "kept"), stage.watch)
    expect(state in ("done", "refused"), f"acknowledging an unknown id came to {state}")
    expect(set(stage.world.acknowledged()) == {named}, "an unknown id changed what counts as kept")
    return "nothing kept by fetching; 1 of 3 acknowledged, and only that"


def _told(stage: Stage, raws: Iterable[Raw], kind: str, ident: str) -> list[Raw]:
    """The raw records among these that tell of an item: by their own id, or by a reading in a whole document."""
    found: list[Raw] = []
    for raw in raws:
        if raw.deleted:
            continue
        if (raw.id == ident and raw.kind == kind) or any(
            reading.kind == kind and reading.id == ident for reading in stage.adapter.read(raw)
        ):
            found.append(raw)
    return found


def _as_meant(reading: Reading, sample: Sample) -> None:
    told = reading.fields
    wrong = [name for name, value in sample.fields.items() if told.get(name) != value]
    expect(not wrong, f"read otherwise than meant: {', '.join(f'{sample.kind}.{name}' for name in wrong)}")
    guessed = [name for name, value in told.items() if name not in sample.fields and value is not None]
    expect(not guessed, f"read, but not in the recording: {', '.join(f'{sample.kind}.{name}' for name in guessed)}")
    expect(_fits(reading), f"a reading of kind {reading.kind} does not fit the canonical model")


def _plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(type(key) is str and _plain(inner) for key, inner in value.items())
    if type(value) is list:
        return all(_plain(inner) for inner in value)
    return value is None or type(value) in (bytes, str, int, float, bool)


def _fits(reading: Reading) -> bool:
    if reading.kind not in KINDS:
        return False
    try:
        check(reading.kind, {name: value for name, value in reading.fields.items() if value is not None})
    except Fault as fault:
        return fault.code == "model.required"
    return True


__all__ = [
    "acknowledge_known", "cursor_late_rows", "cursor_resumes", "deletes_told", "fetch_deterministic",
    "inventory_complete", "paging_under_change", "reading_hostile", "reading_pure", "reading_recordings", "reconnect",
    "start_empty", "values_plain", "webhook_heard",
]  # fmt: skip
