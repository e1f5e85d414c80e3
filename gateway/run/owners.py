"""Whose a task is, by name: somebody in the settings answers for everything that waits."""

from collections.abc import Iterator

from gateway.run.settings import Person, Settings

DOERS = frozenset({"coordinator", "leader"})


def owners(settings: Settings, *, unit: str | None, role: str | None) -> list[str]:
    """The people (names of ``[people]``) that a task is for.

    Those of the unit with the role, or else its leaders; where a unit has nobody, the one above it answers, and at
    last any leader, any coordinator, and whoever runs the machine. Empty only where the settings name nobody.
    """
    everyone = list(settings.people.values())
    if role == "privacy" and (found := _with(everyone, frozenset({role}))):
        return found  # theirs alone, wherever they work
    wanted = [frozenset({role})] if role else [frozenset({"coordinator"})]
    for place in upwards(settings, unit):
        mine = [person for person in settings.people.values() if person.unit == place]
        for roles in (*wanted, frozenset({"leader"}), DOERS):
            if found := _with(mine, roles):
                return found
    for roles in (frozenset({"leader"}), DOERS, frozenset({"privacy"}), frozenset({"operator"})):
        if found := _with(everyone, roles):
            return found
    return []


def _with(people: list[Person], roles: frozenset[str]) -> list[str]:
    return sorted(person.name for person in people if person.role in roles)


def upwards(settings: Settings, unit: str | None) -> Iterator[str]:
    """A unit and those above it, the nearest first; none for a unit that the settings lack."""
    while unit is not None and unit in settings.units:
        yield unit
        unit = settings.units[unit].part_of


def known_unit(settings: Settings, *units: str | None) -> str | None:
    """The first of some units that the settings have."""
    return next((unit for unit in units if unit is not None and unit in settings.units), None)
