"""Who has to do with a case: a role says what somebody may do, and this says where.

A person has to do with a case when their unit, or one below it, owns the log, coordinates or helps in it, or works in a
system that holds it; where no unit of a case has anybody, who answers in its place. The privacy officer has to do with
all of them. What only tightens (a refusal, a withdrawal, a block) asks for no such thing: nobody is turned away with a
no.
"""

from collections.abc import Iterable, Iterator

from gateway.core import casefile
from gateway.core.casefile import CaseFile
from gateway.core.turns import OVER
from gateway.run.acts import ActFault
from gateway.run.owners import owners, upwards
from gateway.run.settings import Person, Settings
from gateway.run.world import World


def need_to_know(world: World, case: str, *, person: Person, what: str) -> None:
    """Refuse a person who has nothing to do with a case; that they tried stands in the audit log.

    ``what`` is the command's name. A case that nobody knows is refused by the act itself. Raises ``ActFault``
    (``act.need_to_know``).
    """
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
    if found is None or concerns(world.settings, casefile.decode(found[1]), person):
        return
    with world.store.write() as tx:
        tx.audit([
            {"act": "kept_out", "what": what, "by": person.name, "case": case, "at": world.clock().isoformat()}
        ])  # fmt: skip
    raise ActFault("act.need_to_know", "case")


def concerns(settings: Settings, file: CaseFile, person: Person) -> bool:
    """Whether a case is one that a person has to do with."""
    if person.role == "privacy":
        return True
    units = {unit for unit in units_of(settings, file) if unit in settings.units}
    if person.unit is not None and any(person.unit in set(upwards(settings, unit)) for unit in units):
        return True
    case = file.case()
    home = case.origin.unit if case is not None else None
    return person.name in owners(settings, unit=home if home in units else None, role=None)


def found_by(settings: Settings, file: CaseFile) -> set[str]:
    """The units by which a list of cases finds a case: those of it, and those whose people are offered its baton.

    ``""`` stands for none of the settings' units.
    """
    offered = (settings.people.get(hand.person or "") for hand in file.hands.values())
    units = {*units_of(settings, file), *(one.unit for one in offered if one is not None and one.unit)}
    return {unit for unit in units if unit in settings.units} or {""}


def near(settings: Settings, person: Person, known: Iterable[str]) -> list[str]:
    """The units, of some that have cases, whose cases a person may have to do with; the case itself decides."""
    if person.role == "operator":
        return []
    return [
        unit
        for unit in known
        if person.role == "privacy"
        or person.unit in set(upwards(settings, unit))
        or person.name in owners(settings, unit=unit or None, role=None)
    ]


def units_of(settings: Settings, file: CaseFile) -> Iterator[str]:
    """The units of a case: whose log it is, whose people coordinate or help, and whose systems hold it."""
    case = file.case()
    if case is not None:
        yield from (unit for unit in (case.origin.unit, case.fields.get("owning_unit")) if unit)
    for _, entry in file.of_kind("assignment"):
        if entry.fields.get("state") not in OVER:
            yield from (unit for unit in (entry.fields.get("unit"), entry.origin.unit) if unit)
    for name, peers in file.peers.items():
        peer, system = peers.get(file.id), settings.systems.get(name)
        if system is not None and peer is not None and peer.native is not None and not peer.gone:
            yield system.unit
