"""Checks on how an adapter writes: one effect for a key, the released fields and no others, and told truly."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from gateway.sdk.api import Receipt, Request, Sent
from gateway.sdk.testing.drive import (
    NotApplicable,
    Stage,
    expect,
    find,
    leaves,
    numbered,
    outcome_of,
    settled,
    synthetic_release,
    texts,
    thing,
    worded,
)
from gateway.sdk.testing.world import Sample, Thing


def deliver_effect(stage: Stage) -> str:
    """A delivery is there afterwards, under the id and in the version that the receipt tells."""
    sample = stage.writable()
    receipt, item = _deliver(stage, sample, "kit-1")
    expect(receipt.version is None or item.version is None or receipt.version == item.version, "the version is not its")
    expect(receipt.state in stage.adapter.capabilities.receipts, "a receipt of a kind that is not declared")
    words = [str(sample.fields[name]) for name in texts(sample)]
    held = {leaf for _, leaf in leaves(item.body)}
    expect(all(word in held for word in words), "a released text is not in the vendor's record")
    return "1 delivery, 1 record, its words in it"


def deliver_idempotent(stage: Stage) -> str:
    """The same key twice is one effect, also from a new process and after a lost answer."""
    sample = stage.writable()
    if not stage.adapter.capabilities.idempotency_key:
        raise NotApplicable("the adapter does not say that keys are honoured")
    release = synthetic_release(sample, case=stage.world.ready(sample))
    first = settled(stage.adapter.deliver(release, "kit-1"), "kit-1")
    truth = stage.world.state()
    for adapter in (stage.adapter, stage.again()):
        second = settled(adapter.deliver(release, "kit-1"), "kit-1")
        expect(second.native_id == first.native_id, "the same key twice gave two ids")
        expect(_unchanged(stage, truth), "the same key twice had two effects")
    other = settled(stage.adapter.deliver(release, "kit-2"), "kit-2")
    expect(stage.adapter.capabilities.create_only or other.native_id, "another key gave no id")
    if "lost" in stage.world.can:
        before = len(stage.world.state())
        stage.world.fault("lost")
        state, _ = outcome_of(lambda: stage.adapter.deliver(release, "kit-3"), stage.watch)
        stage.world.heal()
        settled(stage.adapter.deliver(release, "kit-3"), "kit-3")
        expect(len(stage.world.state()) <= before + 1, f"after a lost answer ({state}) the same key had two effects")
    return "3 times the same key, 1 effect; a lost answer and the same key, 1 effect"


def deliver_changed_only(stage: Stage) -> str:
    """Only what changed is written: what a user there has changed meanwhile in another field stays."""
    sample, ident, item = _present(stage)
    name = next(iter(sample.patched))
    words = worded(sample, lambda _, text: f"{text} (omskrevet der)")
    other = [field for field in texts(sample) if field not in sample.patched]
    if not other:
        raise NotApplicable("no sample has a text field beside those that its patch changes")
    stage.world.edit(sample.kind, ident, _top(sample, words, other))
    fresh = thing(stage.world, sample.kind, ident)
    release = synthetic_release(
        sample,
        fields={**sample.fields, **sample.patched},
        changed=tuple(sample.patched),
        case=stage.world.ready(sample),
        native_id=ident,
        version=fresh.version,
    )
    state, _ = outcome_of(lambda: stage.adapter.deliver(release, "kit-2"), stage.watch)
    after = thing(stage.world, sample.kind, ident)
    expect(state in ("done", "refused"), f"a change of one field came to {state}")
    held = {leaf for _, leaf in leaves(after.body)}
    for field in other:
        expect(words.fields[field] in held, f"{sample.kind}.{field}, changed there and not by us, was overwritten")
    if state == "done":
        reading = find(stage.adapter, sample.kind, ident) if sample.kind in stage.adapter.capabilities.reads else None
        told = sample.patched if reading is None else reading.fields
        expect(told.get(name) == sample.patched[name], f"{sample.kind}.{name} was to change and did not")
        expect(after.body != item.body, "a change of one field changed nothing")
    return f"{sample.kind}.{name} written; {', '.join(other)} kept as it was changed there"


def deliver_withheld_untouched(stage: Stage) -> str:
    """A field that is not in the release keeps its value there: withheld is not empty."""
    sample, ident, item = _present(stage)
    release = synthetic_release(
        sample, fields=sample.patched, case=stage.world.ready(sample), native_id=ident, version=item.version
    )
    settled(stage.adapter.deliver(release, "kit-2"), "kit-2")
    before, after = dict(leaves(item.body)), dict(leaves(thing(stage.world, sample.kind, ident).body))
    allowed = {path[:1] for path, _ in leaves(sample.patch)}
    lost = [path for path, leaf in before.items() if path[:1] not in allowed and after.get(path) != leaf]
    expect(not lost, f"{len(lost)} values of fields that were not released are changed or gone")
    added = [
        path for path, leaf in after.items() if path not in before and path[:1] not in allowed and leaf is not None
    ]
    expect(not added, f"{len(added)} values appeared in fields that were not released")
    expect(before != after, "the released field was not written")
    return f"{len(sample.patched)} released, {len(before)} values there, none of the others touched"


def deliver_conditional(stage: Stage) -> str:
    """A write on an old version is refused as a conflict and has no effect."""
    if not stage.adapter.capabilities.conditional_write:
        raise NotApplicable("the adapter declares no conditional write")
    sample, ident, item = _present(stage)
    expect(item.version is not None, "conditional writes are declared, but records have no version")
    words = worded(sample, lambda _, text: f"{text} (omskrevet der)")
    stage.world.edit(sample.kind, ident, _top(sample, words, list(texts(sample))))
    truth = stage.world.state()
    release = synthetic_release(
        sample, fields=sample.patched, case=stage.world.ready(sample), native_id=ident, version=item.version
    )
    try:
        receipt = stage.adapter.deliver(release, "kit-2")
        told = receipt.state == "refused" and receipt.conflict
    except Exception as error:  # noqa: BLE001 - any type is looked at
        stage.watch.caught(error)
        told = bool(getattr(error, "conflict", False))
    expect(_unchanged(stage, truth), "a write on an old version took effect")
    expect(told, "a write on an old version was not told as a conflict")
    return "an old version: told as a conflict, nothing changed"


def deliver_roundtrip(stage: Stage) -> str:
    """What was written is read back as it was released."""
    kinds = set(stage.adapter.capabilities.writes) & set(stage.adapter.capabilities.reads)
    if not kinds or stage.adapter.capabilities.manual:
        raise NotApplicable("the adapter does not both read and write any kind")
    if stage.adapter.capabilities.messages:
        raise NotApplicable("what the adapter is given goes to somebody else, and does not come back")
    count = 0
    for number, sample in enumerate(sample for sample in stage.bench.samples if sample.kind in kinds):
        reading = find(stage.adapter, sample.kind, _sent(stage, sample, f"kit-{number}"))
        wrong = [name for name, value in sample.fields.items() if reading.fields.get(name) != value]
        expect(not wrong, f"written and read differ: {', '.join(f'{sample.kind}.{name}' for name in wrong)}")
        count += 1
    expect(count, "no sample of a kind that is both read and written")
    return f"{count} samples written and read back equal"


def batch_order(stage: Stage) -> str:
    """A batch gives a receipt for each release, in their order, each with its own record's id."""
    sample = stage.writable()
    size = stage.adapter.capabilities.batch
    if size < 2:
        raise NotApplicable("the adapter takes one release at a time")
    case = stage.world.ready(sample)
    many = numbered(sample, min(size, 5))
    batch = [
        (synthetic_release(each, case=case, ident=f"kit-{number}"), f"kit-{number}") for number, each in enumerate(many)
    ]
    receipts = stage.adapter.deliver_batch(batch)
    expect(len(receipts) == len(batch), f"{len(batch)} releases gave {len(receipts)} receipts")
    for (release, key), receipt in zip(batch, receipts, strict=True):
        item = thing(stage.world, sample.kind, settled(receipt, key).native_id)
        held = {leaf for _, leaf in leaves(item.body)}
        words = [release.fields[name] for name in texts(sample)]
        expect(all(word in held for word in words), "a receipt tells the id of another release's record")
    expect(msgspec.msgpack.decode(msgspec.msgpack.encode(receipts), type=list[Receipt]) == receipts, "not plain")
    return f"{len(batch)} releases, {len(batch)} receipts, each with its own record's id"


def batch_apart(stage: Stage) -> str:
    """One release of a batch that cannot be written is refused alone, and the others take effect."""
    sample = stage.writable()
    size = stage.adapter.capabilities.batch
    if size < 2:
        raise NotApplicable("the adapter takes one release at a time")
    case = stage.world.ready(sample)
    bad = {"of a kind that is not written": msgspec.structs.replace(synthetic_release(sample), kind="wonder_note")}
    if not stage.adapter.capabilities.create_only:
        bad["of a record that is not there"] = synthetic_release(
            sample, case=case, native_id="kit-nowhere", version="1"
        )
    for turn, (name, wrong) in enumerate(bad.items()):
        good = [
            synthetic_release(each, case=case, ident=f"kit-{turn}-{at}") for at, each in enumerate(numbered(sample, 2))
        ]
        batch = [(one, f"kit-{turn}-{at}") for at, one in enumerate((good[0], wrong, good[1])[-size:])]
        state, receipts = outcome_of(partial(stage.adapter.deliver_batch, batch), stage.watch)
        expect(state == "done", f"a batch with one release {name} came to {state} as a whole")
        expect(receipts is not None and len(receipts) == len(batch), "not a receipt for each release")
        for (release, key), receipt in zip(batch, receipts or [], strict=True):
            if release is wrong:
                expect(receipt.state == "refused" and receipt.key == key, f"one {name} ended as {receipt.state}")
            else:
                thing(stage.world, sample.kind, settled(receipt, key).native_id)
    return f"one {', one '.join(bad)}: each refused alone, the releases beside it written"


def retract_takes_back(stage: Stage) -> str:
    """A retraction takes away what it names, twice alike, and nothing else."""
    sample = stage.writable()
    if not stage.adapter.capabilities.retracts:
        raise NotApplicable("the adapter declares no retraction")
    names = list(texts(sample))
    expect(names, "no sample has a text field whose words can be sought in its body")
    case = stage.world.ready(sample)
    words = worded(sample, lambda name, text: f"{text} <{name}>")
    first, _ = _deliver(stage, words, "kit-1")
    other, kept = _deliver(stage, sample, "kit-2")
    take = names[:1]
    if len(names) > 1:
        item = thing(stage.world, sample.kind, first.native_id)
        release = synthetic_release(
            words, fields={}, case=case, native_id=first.native_id, version=item.version, retracts=tuple(take)
        )
        for _ in range(2):
            settled(stage.adapter.retract(release, "kit-3"), "kit-3")
        held = {leaf for _, leaf in leaves(thing(stage.world, sample.kind, first.native_id).body)}
        expect(words.fields[take[0]] not in held, f"{sample.kind}.{take[0]} was to be taken back and is still there")
        expect(all(words.fields[name] in held for name in names[1:]), "more was taken back than was named")
    item_now = stage.world.state().get(f"{sample.kind}:{first.native_id}")
    whole = synthetic_release(
        words,
        fields={},
        case=case,
        native_id=first.native_id,
        version=None if item_now is None else item_now.version,
        retract_all=True,
    )
    for _ in range(2):
        settled(stage.adapter.retract(whole, "kit-4"), "kit-4")
    left = stage.world.state().get(f"{sample.kind}:{first.native_id}")
    remains = {leaf for _, leaf in leaves(left.body)} if left else set()
    expect(not remains & {words.fields[name] for name in names}, "a whole item was taken back, its words are there")
    expect(thing(stage.world, sample.kind, other.native_id).body == kept.body, "another item was touched")
    return f"{sample.kind}.{take[0]} taken back, then the whole item; a second item untouched"


def read_back_by_key(stage: Stage) -> str:
    """By its key a delivery is found again, and a key that was never sent finds nothing."""
    sample = stage.writable()
    if not stage.adapter.capabilities.read_back:
        raise NotApplicable("the adapter declares no read-back")
    receipt, _ = _deliver(stage, sample, "kit-1")
    expect(any(raw.id == receipt.native_id for raw in stage.adapter.read_back("kit-1").records), "not found by its key")
    expect(not stage.adapter.read_back("kit-never").records, "a key that was never sent found a record")
    if "lost" in stage.world.can:
        stage.world.fault("lost")
        release = synthetic_release(sample, case=stage.world.ready(sample), ident="kit-lost")
        outcome_of(lambda: stage.adapter.deliver(release, "kit-lost"), stage.watch)
        stage.world.heal()
        expect(stage.adapter.read_back("kit-lost").records, "a delivery whose answer was lost is not found by its key")
    return "found by its key, also after a lost answer; an unknown key finds nothing"


_STEPS = ("accepted", "delivered", "processed")


def deliver_followed(stage: Stage) -> str:
    """What became of a delivery is told of it alone, in declared steps and never backwards, until we noted it."""
    declared = set(stage.adapter.capabilities.receipts)
    if not declared & {"delivered", "processed"}:
        raise NotApplicable("the adapter tells of no later step than accepted")
    sample = stage.writable()
    release = synthetic_release(sample, case=stage.world.ready(sample))
    receipt = settled(stage.adapter.deliver(release, "kit-1"), "kit-1")
    reached = receipt.state
    for _ in range(2):
        told = stage.adapter.follow([Sent(key="kit-1", trace=receipt.trace), Sent(key="kit-none")])
        expect({one.key for one in told} <= {"kit-1", "kit-none"}, "a delivery was told of that was not asked about")
        for one in told:
            if one.key == "kit-none":
                expect(one.state in {"accepted", "uncertain"}, f"a delivery that was never made came to {one.state}")
            elif one.state != "uncertain":
                expect(one.state in declared, f"a delivery came to {one.state}, which is not declared")
                expect(_STEPS.index(one.state) >= _STEPS.index(reached), f"a delivery went back to {one.state}")
                reached = one.state
    # Nobody has said that it is written down: a process that died in between must hear of it again.
    news = reached != receipt.state
    stage.adapter.close()
    renewed = stage.again()
    later = {one.key for one in renewed.follow([Sent(key="kit-1", trace=receipt.trace)])}
    expect(not news or "kit-1" in later, "what was told, and not noted by us, is not told to a new process")
    renewed.noted(["kit-1", "kit-none"])
    return f"1 delivery, told as {reached}; of one that was never made nothing is claimed"


def capabilities_honoured(stage: Stage) -> str:
    """What is not declared is refused, never half done; what is declared is there."""
    able = stage.adapter.capabilities
    truth = stage.world.state()
    sample = Sample(kind="wonder_note", body={}, fields={"noted_on": "2026-01-01"}, patch={}, patched={})
    release = synthetic_release(sample, native_id="kit-none", retract_all=True)
    request = Request(method="POST", path="/", headers={}, body=b"{}")
    undeclared = {
        "deliver": ("wonder_note" not in able.writes, lambda: stage.adapter.deliver(release, "kit-1")),
        "retract": (not able.retracts, lambda: stage.adapter.retract(release, "kit-2")),
        "read_back": (not able.read_back, lambda: stage.adapter.read_back("kit-3")),
        "inventory": (not able.inventory, lambda: list(stage.adapter.inventory())),
        "receive": (not able.events, lambda: stage.adapter.receive(request)),
    }
    tried = [(name, act) for name, (missing, act) in undeclared.items() if missing]
    for name, act in tried:
        state, _ = outcome_of(act, stage.watch)
        expect(state == "refused", f"{name} is not declared and came to {state} instead of a refusal")
    expect(_unchanged(stage, truth), "a call that is not declared had an effect")
    expect(able.batch >= 1, "a batch of none is declared")
    expect(isinstance(stage.adapter.name, str) and stage.adapter.name == type(stage.adapter).name, "no name")
    return f"refused as they are not declared: {', '.join(name for name, _ in tried) or 'nothing to refuse'}"


def _deliver(stage: Stage, sample: Sample, key: str) -> tuple[Receipt, Thing]:
    release = synthetic_release(sample, case=stage.world.ready(sample), ident=key)
    receipt = settled(stage.adapter.deliver(release, key), key)
    return receipt, thing(stage.world, sample.kind, receipt.native_id)


def _sent(stage: Stage, sample: Sample, key: str) -> str:
    """The vendor's id of a delivered sample; in a document, for a vendor that takes whole cases."""
    release = synthetic_release(sample, case=stage.world.ready(sample), ident=key)
    if not stage.adapter.capabilities.documents or sample.kind == "case":
        return settled(stage.adapter.deliver(release, key), key).native_id or ""
    whole = synthetic_release(stage.writable(), ident=f"{key}-case")
    receipt = settled(stage.adapter.deliver(msgspec.structs.replace(whole, parts=(release,)), key), key)
    expect(len(receipt.parts) == 1, "a document of one part gave no receipt for it")
    return receipt.parts[0].native_id or ""


def _present(stage: Stage) -> tuple[Sample, str, Thing]:
    """A record that is there already, made by a user of the system, for an adapter that can change one."""
    sample = stage.writable()
    if stage.adapter.capabilities.create_only:
        raise NotApplicable("the adapter only creates")
    stage.need("make", "edit")
    stage.world.ready(sample)
    ident = stage.world.make(sample.kind, sample.body)
    return sample, ident, thing(stage.world, sample.kind, ident)


def _top(sample: Sample, words: Sample, names: list[str]) -> Mapping[str, Any]:
    """The top-level keys of a body that hold the named text fields, with their new words."""
    places = texts(sample)
    return {str(places[name][0]): words.body[str(places[name][0])] for name in names}


def _unchanged(stage: Stage, truth: Mapping[str, Thing]) -> bool:
    return dict(stage.world.state()) == dict(truth)


__all__ = [
    "batch_apart", "batch_order", "capabilities_honoured", "deliver_changed_only", "deliver_conditional", "deliver_effect",
    "deliver_idempotent", "deliver_roundtrip", "deliver_withheld_untouched", "read_back_by_key", "retract_takes_back",
]  # fmt: skip
