"""Who may do what. Operators run the machine and see what moves, not what it says; an act not named is nobody's."""

from collections.abc import Mapping

from gateway.run.owners import owners, upwards
from gateway.run.settings import Person, Settings

ACTS: Mapping[str, frozenset[str]] = {
    "consent.record": frozenset({"coordinator", "leader"}),
    "consent.show": frozenset({"coordinator", "leader", "privacy"}),
    "block.set": frozenset({"coordinator", "leader", "privacy"}),
    "block.lift": frozenset({"leader", "privacy"}),
    "restriction.list": frozenset({"coordinator", "leader", "privacy"}),
    "restriction.lift": frozenset({"leader", "privacy"}),
    "fact.record": frozenset({"leader", "privacy"}),
    "baton.show": frozenset({"coordinator", "leader", "privacy"}),
    "baton.offer": frozenset({"coordinator", "leader"}),
    "baton.accept": frozenset({"coordinator", "leader"}),
    "baton.decline": frozenset({"coordinator", "leader"}),
    "baton.withdraw": frozenset({"coordinator", "leader"}),
    "baton.end": frozenset({"coordinator", "leader"}),
    "baton.correct": frozenset({"leader"}),
    "tasks.list": frozenset({"operator", "coordinator", "leader", "privacy"}),
    "tasks.show": frozenset({"coordinator", "leader", "privacy"}),
    "tasks.resolve": frozenset({"coordinator", "leader", "privacy"}),
    "crossing.show": frozenset({"coordinator", "leader", "privacy"}),
    "crossing.begin": frozenset({"coordinator", "leader"}),
    "crossing.decline": frozenset({"coordinator", "leader"}),
    "crossing.move": frozenset({"coordinator", "leader"}),
    "report.file": frozenset({"coordinator", "leader"}),
    "report.list": frozenset({"coordinator", "leader", "privacy"}),
    "report.send": frozenset({"leader"}),
    "report.confirm": frozenset({"coordinator", "leader"}),
    "report.print": frozenset({"coordinator", "leader"}),
    "report.count": frozenset({"leader", "privacy"}),
    "log.print": frozenset({"coordinator", "leader"}),
    "flow.approve": frozenset({"leader"}),
    "flow.shadow": frozenset({"operator", "leader", "privacy"}),
    "flow.pause": frozenset({"operator", "leader", "privacy"}),
    "flow.resume": frozenset({"leader", "privacy"}),
    "explain": frozenset({"coordinator", "leader", "privacy"}),
    "access": frozenset({"leader", "privacy"}),
    "access.review": frozenset({"privacy"}),
    "preview": frozenset({"coordinator", "leader", "privacy"}),
    "preview.rule": frozenset({"leader", "privacy"}),
    "disclosures": frozenset({"leader", "privacy"}),
    "statistics": frozenset({"coordinator", "leader", "privacy"}),
    "erase": frozenset({"privacy"}),
    "history.prune": frozenset({"operator", "privacy"}),
    "audit.export": frozenset({"operator", "privacy"}),
    "audit.restored": frozenset({"privacy"}),
    "keys.rotate": frozenset({"operator"}),
    "session.list": frozenset({"operator", "privacy"}),
    "session.revoke": frozenset({"operator", "leader", "privacy"}),
    "web.flows": frozenset({"operator", "coordinator", "leader", "privacy"}),
    "web.messages": frozenset({"operator", "leader", "privacy"}),
    "web.message": frozenset({"operator", "coordinator", "leader", "privacy"}),
    "web.body": frozenset({"coordinator", "leader"}),
    "web.replay": frozenset({"operator", "leader"}),
    "web.audit": frozenset({"operator", "privacy"}),
    "web.rules": frozenset({"coordinator", "leader", "privacy"}),
}
"""For each act the roles that may do it. Loosening (lifting a block, resuming a sending) takes more than tightening."""


def may(person: Person, act: str) -> bool:
    """Whether a person may do an act; an act that the table lacks is allowed to nobody."""
    return person.role in ACTS.get(act, frozenset())


def sees(settings: Settings, person: Person, *, unit: str | None, role: str | None) -> bool:
    """Whether a task of a unit, perhaps of a role there, is a person's: what it shows is another's content.

    It is theirs who work in the unit or above it, who answer for it where that unit has nobody, and the privacy
    officer's, who alone sees what is for that role. A task of no unit is everybody's who may see tasks.
    """
    if person.role == "privacy":
        return True
    if role == "privacy":
        return person.name in owners(settings, unit=unit, role=role)
    if unit is None:
        return True
    return person.unit in set(upwards(settings, unit)) or person.name in owners(settings, unit=unit, role=role)
