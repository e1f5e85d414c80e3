"""Checks on errors and on silence: the two kinds kept apart, and never a value from a record outside a body."""

import msgspec

from gateway.core.reading import Raw
from gateway.sdk.testing.canaries import NUMBERS, PHRASES, Search
from gateway.sdk.testing.drive import (
    NotApplicable,
    Stage,
    expect,
    leaves,
    numbered,
    outcome_of,
    put,
    settled,
    synthetic_release,
    texts,
    worded,
)
from gateway.sdk.testing.world import Sample

_SEARCH = Search((*PHRASES, *NUMBERS))


def errors_unreachable(stage: Stage) -> str:
    """A system that is away is ``Unreachable``: nothing took effect, and it may be tried again."""
    stage.need("down")
    tried = []
    if stage.adapter.capabilities.reads:
        if "make" in stage.world.can:
            stage.make(stage.readable())
        stage.world.fault("down", 1_000)
        state, _ = outcome_of(lambda: stage.adapter.fetch(None), stage.watch)
        expect(state == "unreachable", f"fetching from a system that is away came to {state}")
        tried.append("fetch")
        if stage.adapter.capabilities.lookup:
            state, _ = outcome_of(lambda: stage.adapter.lookup(list(stage.readable().asks)), stage.watch)
            expect(state == "unreachable", f"asking a register that is away came to {state}")
            tried.append("lookup")
    if stage.adapter.capabilities.writes and not stage.adapter.capabilities.manual:
        stage.world.heal()
        sample = stage.writable()
        release = synthetic_release(sample, case=stage.world.ready(sample))
        truth = dict(stage.world.state())
        stage.world.fault("down", 1_000)
        state, _ = outcome_of(lambda: stage.adapter.deliver(release, "kit-1"), stage.watch)
        stage.world.heal()
        expect(state in ("unreachable", "uncertain"), f"delivering to a system that is away came to {state}")
        expect(dict(stage.world.state()) == truth, "a delivery that was told as unreachable had an effect")
        settled(stage.adapter.deliver(release, "kit-1"), "kit-1")
        tried.append("deliver")
    if not tried:
        raise NotApplicable("the adapter asks no system")
    return f"{' and '.join(tried)}: unreachable; the same key went through afterwards"


def errors_refused(stage: Stage) -> str:
    """A system that says no is ``Refused``: a person must look, and nothing took effect."""
    sample = stage.writable()
    stage.need("rejected")
    release = synthetic_release(sample, case=stage.world.ready(sample))
    truth = dict(stage.world.state())
    stage.world.fault("rejected")
    state, _ = outcome_of(lambda: stage.adapter.deliver(release, "kit-1"), stage.watch)
    stage.world.heal()
    expect(state == "refused", f"a delivery that the system rejected came to {state}")
    expect(dict(stage.world.state()) == truth, "a delivery that was told as refused had an effect")
    return "rejected there, told as refused"


def errors_uncertain(stage: Stage) -> str:
    """A delivery whose answer was lost is uncertain: not done, not refused, not free to be sent under a new key."""
    sample = stage.writable()
    stage.need("lost")
    release = synthetic_release(sample, case=stage.world.ready(sample))
    before = len(stage.world.state())
    stage.world.fault("lost")
    state, _ = outcome_of(lambda: stage.adapter.deliver(release, "kit-1"), stage.watch)
    stage.world.heal()
    took_effect = len(stage.world.state()) > before
    expect(took_effect or state != "done", "a delivery that never took effect was told as done")
    recovered = state == "done" and stage.adapter.capabilities.idempotency_key
    expect(state == "uncertain" or recovered, f"a delivery whose answer was lost came to {state}")
    return "answer lost after the effect; told as uncertain" if state == "uncertain" else "sent again with its key"


def errors_no_values(stage: Stage) -> str:
    """No error holds a value from a record, whatever the system answered and however broken the record is."""
    count = 0
    if stage.adapter.capabilities.reads:
        sample = _planted(stage.readable())
        for path, leaf in leaves(sample.body):
            for bad in ({"kanari": PHRASES[0]}, [PHRASES[1]], f"{NUMBERS[0]} {PHRASES[0]}"):
                if leaf == bad:
                    continue
                body = put(sample.body, path, bad)
                raw = Raw(kind=sample.kind, id="kit-broken", body=_like(stage, sample, body))
                outcome_of(lambda raw=raw: stage.adapter.read(raw), stage.watch)  # type: ignore[misc]
                count += 1
    if stage.adapter.capabilities.writes and not stage.adapter.capabilities.manual:
        sample = _planted(stage.writable())
        release = synthetic_release(sample, case=stage.world.ready(sample))
        for name in ("rejected", "down", "lost"):
            if name in stage.world.can:
                stage.world.fault(name)
                outcome_of(lambda: stage.adapter.deliver(release, "kit-1"), stage.watch)
                stage.world.heal()
                count += 1
    if not count:
        raise NotApplicable("the adapter neither reads nor writes")
    _clean(stage)
    return f"{count} broken records and refused writes; no error or log held a value"


def canaries_silent(stage: Stage) -> str:
    """Planted phrases and numbers stand in no log, output, error, URL or file name, in seven encodings."""
    acts = 0
    if stage.adapter.capabilities.reads:
        sample = _planted(stage.readable())
        stage.need("make")
        for each in (sample,) if stage.adapter.capabilities.lookup else (sample, *numbered(sample, 2)):
            stage.make(each)
        for raw in stage.records(sample):
            outcome_of(lambda raw=raw: stage.adapter.read(raw), stage.watch)  # type: ignore[misc]
            acts += 1
        if stage.adapter.capabilities.inventory:
            list(stage.adapter.inventory())
    if stage.adapter.capabilities.writes:
        sample = _planted(stage.writable(by_hand=True))
        release = synthetic_release(sample, case=stage.world.ready(sample))
        outcome_of(lambda: stage.adapter.deliver(release, "kit-1"), stage.watch)
        outcome_of(lambda: stage.adapter.deliver_batch([(release, "kit-2")]), stage.watch)
        acts += 2
        if stage.adapter.capabilities.read_back:
            outcome_of(lambda: stage.adapter.read_back("kit-1"), stage.watch)
    outcome_of(stage.adapter.health, stage.watch)
    if not acts:
        raise NotApplicable("the adapter neither reads nor writes")
    _clean(stage)
    heard = "logs, output and requests" if "requests" in stage.world.can else "logs and output"
    return f"{acts} acts on planted records; nothing in {heard}"


def _planted(sample: Sample) -> Sample:
    words = (f"{PHRASES[0]} {NUMBERS[0]}", f"{PHRASES[1]} {NUMBERS[1]}")
    spread = {name: words[index % 2] for index, name in enumerate(texts(sample))}
    expect(spread, "no sample has a text field to plant a phrase in")
    return worded(sample, lambda name, _: spread[name])


def _like(stage: Stage, sample: Sample, body: object) -> object:
    """A body in the writing that the adapter's own fetch gives: bytes where it gives bytes."""
    if "make" not in stage.world.can:
        return body
    ident = stage.make(sample)
    told = stage.records(sample)
    raws = told if stage.adapter.capabilities.lookup else [raw for raw in told if raw.id == ident]
    if "delete" in stage.world.can:
        stage.world.delete(sample.kind, ident)
    if not raws or not isinstance(raws[0].body, bytes):
        return body
    return _swap(raws[0].body, sample, body)


def _swap(written: bytes, sample: Sample, body: object) -> bytes:
    """The written record with its user content replaced: the kit breaks the bytes, not what the adapter made of them."""
    try:
        whole = msgspec.json.decode(written)
    except msgspec.DecodeError:
        return written
    return msgspec.json.encode(_graft(whole, sample.body, body))


def _graft(whole: object, old: object, new: object) -> object:
    if not isinstance(whole, dict):
        return new
    if isinstance(old, dict) and isinstance(new, dict) and set(old) <= set(whole):
        return {**whole, **new}
    return {key: _graft(inner, old, new) if isinstance(inner, dict) else inner for key, inner in whole.items()}


def _clean(stage: Stage) -> None:
    hits = set().union(*(_SEARCH.found(text) for text in stage.watch.heard()), set())
    expect(
        not hits, f"a planted phrase or number stands in an error, a log or the output, as {', '.join(sorted(hits))}"
    )
    asked = set().union(*(_SEARCH.found(text) for text in stage.asked()), set())
    expect(not asked, f"a planted phrase or number stands in a URL or a name, as {', '.join(sorted(asked))}")


__all__ = ["canaries_silent", "errors_no_values", "errors_refused", "errors_uncertain", "errors_unreachable"]
