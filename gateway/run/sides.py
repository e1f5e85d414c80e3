"""The two sides of a conflict, as far as the unit that decides may see them: what another wrote passes the gate."""

from typing import Any

from gateway.core.ask import Ask, Party
from gateway.core.casefile import CaseFile, Clash
from gateway.core.consent import decide
from gateway.core.known import Facts
from gateway.core.lacking import subject_of
from gateway.core.model.codes import DOMAIN_OF_SERVICE
from gateway.run.world import World

PURPOSE = "bti"
"""What a conflict in a log is decided for."""


def sides_of(
    world: World, file: CaseFile, clashes: list[Clash], unit: str | None, *, facts: Facts
) -> list[dict[str, Any]]:
    """Each conflict with both values; one that the gate would not let go to the unit is left out, by which rules.

    ``facts`` are the case's of now.
    A register's word is the municipality's own to look up, and what a unit's own system wrote is its own.
    """
    told = []
    for clash in clashes:
        entry = file.items[clash.item]
        ours = entry.sources.get(clash.name, entry.origin.system or "")
        kept = {
            side: _kept(world, file, facts, clash, (system, unit))
            for side, system in (("ours", ours), ("theirs", clash.system))
        }
        held = {side: rules for side, rules in kept.items() if rules}
        told.append(
            {
                "item": clash.item,
                "kind": entry.kind,
                "field": clash.name,
                "ours": None if "ours" in held else entry.fields.get(clash.name),
                "theirs": None if "theirs" in held else clash.theirs,
                "system": clash.system,
                "withheld": held,
            }
        )
    return told


def _kept(world: World, file: CaseFile, facts: Facts, clash: Clash, between: tuple[str, str | None]) -> list[str]:
    """The rules by which what a system wrote is kept from a unit; none where it may see it."""
    (system, unit), entry = between, file.items[clash.item]
    adapter = world.adapters.get(system)
    origin = entry.origin
    wrote = world.parties().get(system) or Party(service=origin.service, unit=origin.unit, body=origin.body)
    if clash.name == "*" or (unit is not None and wrote.unit == unit) or (adapter and adapter.capabilities.lookup):
        return []
    case, known = file.case(), world.settings.units.get(unit or "")
    home = system == origin.system or not system
    level = entry.fields.get("level") or (case.fields.get("level") if case else None)
    asked = Ask(
        kind=entry.kind,
        domain=str(origin.domain) if home else DOMAIN_OF_SERVICE.get(wrote.service or "", str(origin.domain)),
        category=entry.category or entry.kind,
        about=tuple(entry.about) or subject_of(clash.item, entry, case.fields.get("subject") if case else None),
        withheld_from_parents=entry.withheld_from_parents,
        sender=wrote,
        receiver=Party(service=known.service, unit=unit, body=known.body, sector=known.sector) if known else Party(),
        purpose=PURPOSE,
        level=level.get("rank") if isinstance(level, dict) else None,
    )
    decision = decide(facts, asked, [clash.name], world.rules)
    return [] if decision.fields[clash.name] == "permit" else list(decision.rules)
