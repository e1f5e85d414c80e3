"""What the store says of itself in numbers, each read by an index and none of a person."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from gateway import __version__
from gateway.core.ages import day
from gateway.run import evidence
from gateway.run.observing.declared import TELLING_TASKS
from gateway.run.world import World
from gateway.store import Store, Tx
from gateway.store.schema import HEADS


class Figure(Struct, frozen=True):
    """A metric's value for some labels, in the order in which the metric declares them."""

    metric: str
    value: float
    labels: tuple[str, ...] = ()


def figures(world: World, *, now: datetime) -> list[Figure]:
    """Every figure at a time. Raises ``StoreError``."""
    with world.store.read() as tx:
        found = [*_systems(world, tx, now), *_whole(world, tx, now)]
    return [*found, *_vault(world), *_machine(world.store), *_law(world, now)]


def _systems(world: World, tx: Tx, now: datetime) -> Iterator[Figure]:
    lanes, due, held, asked = tx.lanes(), tx.due_counts(), tx.quarantine_counts(), tx.order_counts()
    for name in world.settings.systems:
        lane, waiting, back, labels = lanes.get(name), due.get(name), asked.get(name), (name,)
        yield Figure("bti_due_cases", waiting[0] if waiting else 0, labels)
        yield Figure("bti_due_oldest_seconds", _age(waiting[1] if waiting else None, now), labels)
        if lane is not None and lane.last_success is not None:
            yield Figure("bti_lane_last_success_timestamp_seconds", lane.last_success.timestamp(), labels)
        yield Figure("bti_lane_failing", lane is not None and lane.last_error is not None, labels)
        yield Figure("bti_adapter_broken", name in world.broken, labels)
        yield Figure("bti_system_resting", _rests(world, name), labels)
        yield Figure("bti_quarantine_records", held.get(name, 0), labels)
        yield Figure("bti_retractions_outstanding", back[0] if back else 0, labels)
        yield Figure("bti_retraction_oldest_seconds", _age(back[1] if back else None, now), labels)


def _whole(world: World, tx: Tx, now: datetime) -> Iterator[Figure]:
    yield Figure("bti_build_info", 1, (__version__,))
    yield Figure("bti_cases", tx.case_count())
    yield Figure("bti_sending_paused", tx.paused())
    states: dict[str, int] = dict.fromkeys(("approved", "paused", "shadow"), 0)
    for flow in tx.flows():
        states[flow.state] = states.get(flow.state, 0) + 1
    yield from (Figure("bti_flows", count, (state,)) for state, count in states.items())
    opened: dict[str, int] = {"other": 0}
    overdue: dict[str, int] = {"other": 0}
    for kind, (count, late) in tx.task_figures(now=now).items():
        told = "other" if kind in TELLING_TASKS else kind
        opened[told], overdue[told] = opened.get(told, 0) + count, overdue.get(told, 0) + late
    yield from (Figure("bti_tasks_open", count, (kind,)) for kind, count in opened.items())
    yield from (Figure("bti_tasks_overdue", count, (kind,)) for kind, count in overdue.items())
    yield Figure("bti_notices_waiting", len(tx.notices()))
    yield Figure("bti_rules_missing", len(world.closed))
    yield Figure("bti_web_sessions", tx.session_count(now=now))
    yield from _audit(world, tx)


def _audit(world: World, tx: Tx) -> Iterator[Figure]:
    size, newest, last = tx.tree()[0], world.store.vault.newest_checkpoint(), evidence.last(tx)
    yield Figure("bti_audit_entries", size)
    yield Figure("bti_audit_unsigned_entries", max(0, size - (newest.size if newest else 0)))
    yield Figure("bti_audit_behind", world.store.behind)
    if newest is not None:
        yield Figure("bti_audit_checkpoint_timestamp_seconds", newest.at.timestamp())
    if last is not None:
        yield Figure("bti_audit_verified_timestamp_seconds", last.at.timestamp())
        yield Figure("bti_audit_holds", last.problems == 0)


def _vault(world: World) -> Iterator[Figure]:
    unsure = world.store.vault.unfinished_counts()
    for name in world.settings.systems:
        yield Figure("bti_uncertain_deliveries", unsure.get(name, 0), (name,))


def _machine(store: Store) -> Iterator[Figure]:
    for database in (store.main, store.vault.database):
        with database.read() as connection:
            yield Figure("bti_up_to_date", database.version(connection) == HEADS[database.which], (database.which,))
        if database.path is not None:
            files = (database.path, Path(f"{database.path}-wal"))
            yield Figure("bti_store_bytes", sum(_size(one) for one in files), (database.which,))
    if store.main.path is not None:
        yield Figure("bti_disk_free_bytes", shutil.disk_usage(store.main.path.parent).free)


def _law(world: World, now: datetime) -> Iterator[Figure]:
    from gateway.run.lawcheck import overdue  # noqa: PLC0415 - reads the settings' checks, which few need

    yield Figure("bti_law_bases_overdue", len(overdue(world.settings, today=day(now))))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _rests(world: World, name: str) -> bool:
    adapter = world.adapters.get(name)
    resting: Callable[[], bool] | None = getattr(adapter.context.http, "resting", None) if adapter else None
    return bool(resting and resting())


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
