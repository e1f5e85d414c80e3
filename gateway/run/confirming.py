"""A person's word on what a system claimed of who coordinates. It is an act on the baton, with its rights and rules."""

import msgspec

from gateway.core import casefile, claims
from gateway.core.ages import day
from gateway.core.baton import may_settle, step
from gateway.core.casefile import HERE, CaseFile, Clash
from gateway.core.hands import state_of
from gateway.core.merge import choose
from gateway.core.turns import Confirm, Refusal, Reject
from gateway.run.acts import ActFault, Story
from gateway.run.batons import read, who, write
from gateway.run.covering import covered
from gateway.run.world import World

_WHO = frozenset({"holder", "holder_name", "service", "unit"})


def is_of_baton(file: CaseFile, clash: Clash) -> bool:
    """Whether a conflict is about who coordinates."""
    entry = file.items.get(clash.item)
    return entry is not None and claims.coordinates(entry.kind, entry.fields)


def settle(world: World, file: CaseFile, found: list[Clash], *, ours: bool, by: str) -> Story:
    """Settle conflicts about one assignment together, in place.

    Raises ``ActFault`` (``baton.not_yours``, ``baton.not_covered``, ``baton.over``, ``baton.would_break``).
    """
    item = found[0].item
    entry, actor = file.items[item], who(world, by)
    role = str(entry.fields["role"])
    baton, now = read(world, file, role), world.clock()
    if state_of(entry) == "claimed" and any(clash.name == "state" for clash in found):
        turn = baton.turn(item)
        fits = turn is not None and covered(world, file, role=role, unit=turn.unit, service=turn.service)
        on = day(now)
        event = Reject(item=item, by=actor, on=on) if ours else Confirm(item=item, by=actor, on=on, covered=fits)
        made = step(baton, event)
        if isinstance(made, Refusal):
            raise ActFault(made.code, "answer")
        rest = [clash for clash in found if clash.name != "state"]
        story = write(world, file, baton, made.baton, unit=actor.unit, at=now)
        return [*story, *(_chosen(file, rest, ours=ours, unit=actor.unit))]
    if not may_settle(baton, actor):
        raise ActFault("baton.not_yours", "answer")
    before = casefile.decode(casefile.encode(file))
    story = _chosen(file, found, ours=ours, unit=actor.unit)
    if not claims.sound(before, file):
        raise ActFault("baton.would_break", "answer")
    if not ours and any(clash.name in _WHO for clash in found):
        unit, service = entry.fields.get("unit") or entry.origin.unit, entry.fields.get("service")
        if not covered(world, before, role=role, unit=unit, service=service or entry.origin.service):
            raise ActFault("baton.not_covered", "answer")
        file.hands.pop(item, None)  # whoever held it is not who holds it now
    return story


def _chosen(file: CaseFile, found: list[Clash], *, ours: bool, unit: str | None) -> Story:
    story: Story = []
    for clash in found:
        changed = choose(file=file, clash=clash, ours=ours)
        story.extend((clash.item, name, old, new, None) for name, (old, new) in changed.items())
        if ours and clash.name != "*" and unit is not None:
            # The product is told what stands, also where the record is its own.
            file.items[clash.item].sources[clash.name] = f"{HERE}{unit}"
    return story


def of_one(found: list[Clash]) -> list[list[Clash]]:
    """Conflicts by the item that they are about."""
    by_item: dict[str, list[Clash]] = {}
    for clash in found:
        by_item.setdefault(clash.item, []).append(msgspec.structs.replace(clash))
    return list(by_item.values())
