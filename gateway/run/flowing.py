"""What people do with flows: approve, set in shadow, pause, take up again. Nothing opens what nobody approved."""

from gateway.run import acts, telling
from gateway.run.acts import ActFault
from gateway.run.owners import upwards
from gateway.run.settings import Person, Settings
from gateway.run.world import World


def answers_for(settings: Settings, person: Person, system: str) -> bool:
    """Whether a person works in the system's unit, or in a unit above it."""
    return person.unit is not None and person.unit in set(upwards(settings, settings.systems[system].unit))


def approve(world: World, source: str, target: str, *, person: Person) -> None:
    """Let a flow send: a leader of the sending service says so.

    Raises ``ActFault`` (``act.unknown_system``, ``cli.person_unit``).
    """
    known(world, source, target)
    if not answers_for(world.settings, person, source):
        raise ActFault("cli.person_unit", source)
    acts.set_flow(world, source, target, "approved", by=person.name)


def shadow(world: World, source: str, target: str, *, person: Person) -> None:
    """Decide and record, but send nothing. Raises ``ActFault`` (``act.unknown_system``)."""
    known(world, source, target)
    acts.set_flow(world, source, target, "shadow", by=person.name)


def pause(world: World, source: str, target: str, *, person: Person) -> None:
    """Stop sending; intake goes on. Raises ``ActFault`` (``act.unknown_system``, ``cli.not_approved``)."""
    if state(world, source, target) != "approved":
        raise ActFault("cli.not_approved", f"{source} {target}")
    acts.set_flow(world, source, target, "paused", by=person.name)


def resume(world: World, source: str, target: str, *, person: Person) -> None:
    """Take up sending again, where it was approved before. Raises ``ActFault`` (``cli.not_paused``)."""
    if state(world, source, target) != "paused":
        raise ActFault("cli.not_paused", f"{source} {target}")
    acts.set_flow(world, source, target, "approved", by=person.name)


def state(world: World, source: str, target: str) -> str | None:
    """A flow's state; ``None`` for a pair that is none. Raises ``ActFault`` (``act.unknown_system``)."""
    known(world, source, target)
    return next(
        (each["state"] for each in telling.flows(world) if (each["from"], each["to"]) == (source, target)), None
    )


def known(world: World, source: str, target: str) -> None:
    """Raise ``ActFault`` (``act.unknown_system``) for a system that the settings lack."""
    for name, where in ((source, "from"), (target, "to")):
        if name not in world.settings.systems:
            raise ActFault("act.unknown_system", where)
