"""Whether the law lets a service have what a case holds: what a hand-over to it asks before it counts."""

from datetime import datetime

from gateway.core.casefile import CaseFile
from gateway.core.consent import Ask, Facts, Party, rule_on
from gateway.core.facts import Restriction, gather
from gateway.core.hands import holder_of
from gateway.run.world import World

PURPOSES = {"relay_holder": "bti", "plan_coordinator": "individual_plan", "child_coordinator": "child_coordinator"}
"""For each role the purpose for which its holder gets the case."""


def covered(world: World, file: CaseFile, *, role: str, unit: str | None, service: str | None) -> bool:
    """Whether whoever works there may hold a role in this case now.

    No other service joins when the baton stays in the holder's unit or comes to the case's own. To any other the gate
    must let the case itself go, by consent or statute: separate consent is asked when another service takes over.
    """
    case = file.case()
    if case is None:
        return False
    holder = holder_of(file, role)
    own = {case.origin.unit, (holder[1].fields.get("unit") or holder[1].origin.unit) if holder else None}
    if unit is not None and unit in own:
        return True
    known = world.settings.units.get(unit or "")
    receiver = Party(
        service=known.service if known else service,
        unit=unit if known else None,
        body=known.body if known else None,
        sector=known.sector if known else None,
    )
    level = case.fields.get("level")
    ask = Ask(
        kind="case",
        domain=case.origin.domain,
        category=case.category or "case",
        about=tuple(case.about) or ((case.fields["subject"],) if case.fields.get("subject") else None),
        withheld_from_parents=case.withheld_from_parents,
        sender=Party(service=case.origin.service, unit=case.origin.unit, body=case.origin.body, sector="public"),
        receiver=receiver,
        purpose=PURPOSES[role],
        level=level.get("rank") if level else None,
    )
    return rule_on(facts_of(world, file, world.clock()), ask, world.rules).effect == "permit"


def facts_of(world: World, file: CaseFile, at: datetime) -> Facts:
    """What the gate decides on for a case, with every restriction that is held on it and its people."""
    people = [item for item, _ in file.of_kind("person")]
    held = world.store.vault.restrictions(cases=[file.id], people=people)
    closed = [
        Restriction(kind=one.kind, case=one.case, person=one.person, detail=one.detail)
        for one in held
        if one.kind == "protection" or one.case == file.id
    ]
    return gather(file=file, restrictions=closed, policy=world.policy(), at=at, asserts=world.asserts())
