"""Checks on a register: it answers about those it is asked about, and says of whom something changed."""

from gateway.sdk.api import Page
from gateway.sdk.testing.canaries import NUMBERS
from gateway.sdk.testing.drive import NotApplicable, Stage, expect, pages
from gateway.sdk.testing.world import Sample


def lookup_known(stage: Stage) -> str:
    """A register answers about those it knows, once each, and leaves out those it does not."""
    sample = _asked(stage)
    stage.make(sample)
    unknown = [number for number in NUMBERS if number not in sample.asks]
    records = stage.adapter.lookup([*unknown, *sample.asks, *sample.asks]).records
    idents = [(raw.kind, raw.id) for raw in records]
    expect(len(set(idents)) == len(idents), "the same person was told twice")
    readings = [reading for raw in records for reading in stage.adapter.read(raw)]
    expect(any(reading.kind == sample.kind for reading in readings), "a number that is known found nobody")
    told = {str(reading.fields.get("number")) for reading in readings}
    expect(not told & set(unknown), "a number that is unknown found somebody")
    expect(not stage.adapter.lookup(unknown).records, "asking only for unknown numbers found somebody")
    expect(not stage.adapter.lookup([]).records, "asking for nobody found somebody")
    return f"{len(records)} records for {len(set(sample.asks))} known numbers, none for {len(unknown)} unknown ones"


def lookup_changes(stage: Stage) -> str:
    """What changed about a person is told after the cursor, also to a new process, and to one that was away."""
    sample = _asked(stage)
    stage.need("edit")
    ident = stage.make(sample)
    *_, last = pages(stage.adapter)
    stage.world.edit(sample.kind, ident, sample.patch)
    for name, adapter in (("the same adapter", stage.adapter), ("a new adapter", stage.again())):
        seen = list(pages(adapter, last.cursor))
        told = {person for page in seen for person in _of_whom(stage, page)}
        expect(ident in told, f"{name} was not told that something changed about a person")
    reading = next(
        reading
        for raw in stage.records(sample)
        for reading in stage.adapter.read(raw)
        if reading.kind == sample.kind and reading.id == ident
    )
    wrong = [name for name, value in sample.patched.items() if reading.fields.get(name) != value]
    expect(not wrong, f"asked again, still told as before: {', '.join(f'{sample.kind}.{name}' for name in wrong)}")
    return "1 changed after the cursor; told to both, and told anew when asked"


def _asked(stage: Stage) -> Sample:
    if not stage.adapter.capabilities.lookup:
        raise NotApplicable("the adapter does not answer about those it is asked about")
    stage.need("make")
    sample = stage.readable()
    expect(sample.asks, "the sample names no number to ask for")
    return sample


def _of_whom(stage: Stage, page: Page) -> list[str]:
    return [*page.changed, *(reading.id for raw in page.records for reading in stage.adapter.read(raw))]


__all__ = ["lookup_changes", "lookup_known"]
