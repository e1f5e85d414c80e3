"""``bti run``: every system's round when its schedule says so, until told to stop.

What is due when is decided by pure functions over a table of last rounds, so that a simulation can step through years.
A round that was missed (the machine was off) is caught up once, not as often as it was missed.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from threading import Event

from gateway.run.evidence import daily
from gateway.run.life import OSLO, sync
from gateway.run.tally import Tally
from gateway.run.webhooks import tell_others
from gateway.run.world import World

SWEEP = timedelta(minutes=1)
"""How often marks that wait are looked for between rounds, so that a retry does not wait for its system's schedule."""


def last_time(schedule: str, now: datetime) -> datetime:
    """When a cron expression last fell due, at or before ``now``, in Europe/Oslo."""
    from croniter import croniter  # noqa: PLC0415 - needed by the scheduler alone

    start = now.astimezone(OSLO) + timedelta(seconds=1)
    found: datetime = croniter(schedule, start).get_prev(datetime)
    return found


def next_time(schedule: str, now: datetime) -> datetime:
    """When a cron expression next falls due, after ``now``, in Europe/Oslo."""
    from croniter import croniter  # noqa: PLC0415 - needed by the scheduler alone

    found: datetime = croniter(schedule, now.astimezone(OSLO)).get_next(datetime)
    return found


def due_systems(schedules: Mapping[str, str], last: Mapping[str, datetime | None], now: datetime) -> list[str]:
    """Systems whose schedule fell due since their last round; one that never had a round is due at once."""
    return [
        name
        for name, schedule in schedules.items()
        if (before := last.get(name)) is None or before < last_time(schedule, now)
    ]


def wait_until(schedules: Iterable[str], now: datetime) -> datetime:
    """When to look again: the next time that any schedule falls due, and no later than the sweep."""
    return min([now + SWEEP, *(next_time(schedule, now) for schedule in schedules)])


def run(
    world: World, *, stop: Event, told: Callable[[Tally], None], wait: Callable[[float], object] | None = None
) -> None:
    """Rounds until ``stop`` is set; the round under way is finished. ``told`` gets each round's counts.

    ``wait(seconds)`` waits or returns early when stopped; the default waits on ``stop``.
    """
    pause = wait or stop.wait
    schedules = {name: system.schedule for name, system in world.settings.systems.items() if name in world.adapters}
    last = _last_rounds(world)
    swept = world.clock()
    while not stop.is_set():
        now = world.clock()
        names = due_systems(schedules, last, now)
        if names or _waiting(world, now, swept):
            told(sync(world, names or None, take=bool(names)))
            last.update(dict.fromkeys(names, now))
            swept = now
        daily(world)
        if stop.is_set():
            return
        tell_others(world, Tally())
        pause(max(0.0, (wait_until(schedules.values(), world.clock()) - world.clock()).total_seconds()))


def _last_rounds(world: World) -> dict[str, datetime | None]:
    with world.store.read() as tx:
        return {name: lane.last_success for name, lane in tx.lanes().items()}


def _waiting(world: World, now: datetime, swept: datetime) -> bool:
    if now - swept < SWEEP:
        return False
    with world.store.read() as tx:
        return any(tx.due(name, limit=1, now=now) for name in world.adapters)
