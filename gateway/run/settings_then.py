"""The settings of another day: whose each system was, what it was believed about, and what the municipality had chosen.

A round notes its settings when they are others than those before, so that a decision can be made again with what held
when it was made, and so that a system that nobody names any more can still be asked to give back.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from gateway.core.ages import day
from gateway.run.lawbook import law_of
from gateway.run.settings import LawSettings, PolicySettings, Settings, System, Unit
from gateway.run.world import World
from gateway.store import Tx

PREFIX = "settings/"
"""Under this and the time they were noted stand settings in the store."""

_LAST = "settings"


class Noted(Struct, frozen=True, kw_only=True):
    """What of the settings decides: of a system no address, no secret and no options."""

    units: dict[str, Unit]
    systems: dict[str, System]
    policy: PolicySettings
    verified: dict[str, str]


def note_settings(world: World) -> bool:
    """Note the settings if they differ from those of the round before; whether they did."""
    told = msgspec.json.encode(_noted(world.settings), order="sorted").decode()
    with world.store.read() as tx:
        if tx.remembered(_LAST) == told:
            return False
    with world.store.write() as tx:
        tx.remember(f"{PREFIX}{world.clock().isoformat()}", told)
        tx.remember(_LAST, told)
    return True


def as_then(world: World, at: datetime) -> tuple[World, datetime | None]:
    """The municipality with the settings of an instant, and since when those held.

    ``None``: they were noted later only, so the oldest that were noted stand, or today's where none were. Plugins and
    their rules are today's.
    """
    with world.store.read() as tx:
        known = sorted(_known(tx))
    before = [one for one in known if one[0] <= at]
    if not known:
        return world, None
    since, told = before[-1] if before else known[0]
    return _with(world, _read(told), at), since if before else None


def removed(world: World) -> dict[str, tuple[World, System]]:
    """Systems that were named once and are not any more: each with the municipality as it was when it last was named.

    What was chosen since holds: the units that are gone are all that is taken from then.
    """
    with world.store.read() as tx:
        known = sorted(_known(tx))
    found: dict[str, tuple[World, System]] = {}
    for _, told in known:
        then = _read(told)
        for name, system in then.systems.items():
            if name not in world.settings.systems:
                units = {**then.units, **world.settings.units}
                settings = msgspec.structs.replace(world.settings, units=units)
                found[name] = (msgspec.structs.replace(world, settings=settings), system)
    return found


def _known(tx: Tx) -> list[tuple[datetime, str]]:
    return [(datetime.fromisoformat(at), told) for at, told in tx.marked(PREFIX).items()]


def _noted(settings: Settings) -> Noted:
    return Noted(
        units=settings.units,
        systems={name: _bare(system) for name, system in settings.systems.items()},
        policy=settings.policy,
        verified=settings.law.verified,
    )


def _bare(system: System) -> System:
    """What of a system decides."""
    return System(
        adapter=system.adapter, unit=system.unit, owns=system.owns, asserts=system.asserts, purpose=system.purpose,
        sector=system.sector, name=system.name,
    )  # fmt: skip


def _read(told: str) -> Noted:
    return msgspec.json.decode(told, type=Noted)


def _with(world: World, then: Noted, at: datetime) -> World:
    now: Mapping[str, Any] = world.settings.systems
    settings = msgspec.structs.replace(
        world.settings,
        units={**world.settings.units, **then.units},
        systems={name: _decided(now.get(name), then.systems.get(name)) for name in {**now, **then.systems}},
        policy=then.policy,
        law=LawSettings(verified=then.verified, rules=world.settings.law.rules),
    )
    rules = msgspec.structs.replace(world.rules, law=law_of(settings, today=day(at)))
    return msgspec.structs.replace(world, settings=settings, rules=rules)


def _decided(now: System | None, then: System | None) -> System:
    if now is None or then is None:
        found = then or now
        assert found is not None  # noqa: S101 - the name is of one of them
        return found
    return msgspec.structs.replace(
        now, unit=then.unit, owns=then.owns, asserts=then.asserts, purpose=then.purpose, sector=then.sector
    )
