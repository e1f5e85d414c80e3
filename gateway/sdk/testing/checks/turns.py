"""The check on who coordinates: whether a hand-over lands in the system as one, by the system's own account."""

from gateway.core.model import REFS
from gateway.sdk.testing.drive import (
    NotApplicable,
    Stage,
    expect,
    leaves,
    settled,
    synthetic_release,
    texts,
    thing,
    worded,
)
from gateway.sdk.testing.world import Sample, Thing

KIND, HOLDER = "assignment", "holder_name"


def baton_lands(stage: Stage) -> str:
    """After a hand-over the system itself holds the new holder, in the role that was released, and nobody beside."""
    able = stage.adapter.capabilities
    if KIND not in able.writes or able.documents or able.manual:
        raise NotApplicable("the adapter writes no assignment by itself")
    found = [one for one in stage.bench.samples if one.kind == KIND and "role" in one.fields and HOLDER in texts(one)]
    if not found:
        raise NotApplicable("no sample tells who holds an assignment, and in which role")
    for at, sample in enumerate(found):
        _handed_over(stage, sample, at)
    roles = ", ".join(sorted({str(one.fields["role"]) for one in found}))
    return f"{len(found)} hand-overs ({roles}), shown as {able.baton}; 1 holder each"


def _handed_over(stage: Stage, sample: Sample, at: int) -> None:
    case = stage.world.ready(sample)
    before = set(stage.world.state())
    turns = [_named(sample, holder) for holder in (f"Første holder {at}", f"Neste holder {at}")]
    release = synthetic_release(turns[0], case=case, ident=f"kit-turn-{at}")
    first = settled(stage.adapter.deliver(release, f"kit-a{at}"), f"kit-a{at}")
    given = thing(stage.world, KIND, first.native_id)
    expect(
        _says(given, turns[0], case), "the record is not what the vendor's own would be: role, state or holder differ"
    )
    if stage.adapter.capabilities.baton == "field":
        change, fields = (HOLDER,), turns[1].fields
    else:
        change, fields = ("state",), {**turns[0].fields, "state": "ended"}
    told = synthetic_release(
        sample, fields=fields, changed=change, case=case, native_id=first.native_id, version=first.version,
        ident=f"kit-turn-{at}",
    )  # fmt: skip
    settled(stage.adapter.deliver(told, f"kit-b{at}"), f"kit-b{at}")
    if stage.adapter.capabilities.baton != "field":
        new = synthetic_release(turns[1], case=case, ident=f"kit-next-{at}")
        settled(stage.adapter.deliver(new, f"kit-c{at}"), f"kit-c{at}")
        expect(not _says(thing(stage.world, KIND, first.native_id), turns[0], case), "the old turn has not ended there")
    there = [one for key, one in stage.world.state().items() if one.kind == KIND and key not in before]
    expect(sum(_says(one, turns[1], case) for one in there) == 1, "the new holder does not hold there")
    expect(not any(_says(one, turns[0], case) for one in there), "the old holder holds there still")


def _named(sample: Sample, holder: str) -> Sample:
    """The sample with another holder, who is no person of the case."""
    return worded(sample, lambda name, text: holder if name == HOLDER else text)


def _says(one: Thing, turn: Sample, case: str | None) -> bool:
    """Whether the vendor's record has all that the recorded one has; what it is called and points to is its own."""
    held = dict(leaves(one.body))
    pointers = {KIND, *(turn.fields[name] for name in REFS[KIND] if isinstance(turn.fields.get(name), str))}
    return all(
        held.get(path) == leaf or leaf in pointers or (case is not None and held.get(path) == case)
        for path, leaf in leaves(turn.body)
    )
