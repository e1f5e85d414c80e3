"""The life of a record: read this first.

====================  =================================================  ==========================================
step                  where                                              if it fails
====================  =================================================  ==========================================
report                ``reports.carry``                                  later with the same key, or a task
find out              ``finding_out.find_out``                           the system is not read before it is known
fetch                 ``intake.pages``                                   the lane ends here, its cursor stays
read                  ``intake.read``                                    quarantine with code and path
match                 ``placing.Placing``                                it waits for a person, never guessed
merge                 ``core.merge`` by ``core.keep.take_in``            a stored conflict and a task
keep                  ``keeping.save``                                   all of the page or nothing
acknowledge           ``intake.intake``                                  told again: the source sends it once more
release               ``core.outgo.plan`` by the gate                    withheld, with the rules that said so
deliver               ``outlet.give``                                    later with the same key, or a task
prove                 ``outlet.give``                                    the next try has the same key
ask after             ``outcomes``, ``reconciling``                      asked for again in the next round
watch                 ``watching.watch``                                 looked at in the next round
====================  =================================================  ==========================================

A report to child welfare has a path of its own, which is walked first and asks nobody's consent. A lane is one system.
In a round every lane first takes in and then gives out, so that what is decided rests on what every system said last.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from zoneinfo import ZoneInfo

import msgspec

from gateway.run import lawbook
from gateway.run.asking import ask
from gateway.run.finding_out import find_out
from gateway.run.intake import intake
from gateway.run.marking import mark_everything
from gateway.run.noticing import notice
from gateway.run.offers import pass_time
from gateway.run.ordering import chase
from gateway.run.outcomes import ask_outcomes
from gateway.run.outlet import give
from gateway.run.pruning import prune
from gateway.run.reconciling import reconcile
from gateway.run.reports import carriers, carry
from gateway.run.settings import System
from gateway.run.settings_then import note_settings
from gateway.run.statistics import count_month, counted
from gateway.run.stranded import note_stranded
from gateway.run.tally import Tally
from gateway.run.unusual import review
from gateway.run.watching import watch
from gateway.run.webhooks import tell_others
from gateway.run.world import Stopped, World
from gateway.sdk import AdapterError, Misconfigured, Refused
from gateway.store import Busy, Task

OSLO = ZoneInfo("Europe/Oslo")


def sync(
    world: World,
    systems: Iterable[str] | None = None,
    *,
    take: bool = True,
    alone: bool = False,
    wait: float = 30.0,
) -> Tally:
    """One round: take in from the chosen systems, or all; then ask registers and give to everyone who is due.

    ``take`` false only gives; ``alone`` leaves all systems but the chosen ones untouched. ``wait`` is how long, in
    seconds, to wait for a lane in other hands.

    A system that cannot be reached does not stop the others; the tally names it.
    """
    everyone = [system for name, system in world.settings.systems.items() if name in world.adapters]
    wanted = set(systems) if systems is not None else None
    chosen = [system for system in everyone if wanted is None or system.name in wanted]
    with world.observer.span("round", lanes=len(chosen)) as span:
        total = _round(world, chosen, chosen if alone else everyone, take=take, wait=wait)
        span.note(**total.counts(), due=total.due, unreachable=len(total.unreachable), stopped=len(total.stopped))
    return total


def _round(world: World, chosen: list[System], others: list[System], *, take: bool, wait: float) -> Tally:
    total, begun = Tally(), world.clock()
    total.stopped.update(world.broken)
    total.stopped.update(world.closed)
    duty = carriers(world)
    report_first(world, duty, total, wait)
    new_day(world)
    flows = [system for system in others if system not in duty]
    for act, lanes in ((take_in, chosen if take else []), (ask, others), (carry, duty), (give, flows)):
        for tally in _each(world, lanes, act, wait):
            total.add(tally)
        if act is not give and act is not carry:
            total.tasks += pass_time(world)  # what was told, and what registers say of consents, before anything leaves
    for tally in _each(world, _well(chosen if take else [], total), ask_after, wait):
        total.add(tally)
    _well_again(world, _well(chosen if take else [], total))
    watch(world, total)
    review(world, total)
    notice(world, total)
    tell_others(world, total)
    chase(world, total)
    world.tell("round", fetched=sum(total.fetched.values()), delivered=sum(total.delivered.values()), tasks=total.tasks)
    if world.settings.web is not None and not counted(world):
        count_month(world)  # after a round, so that what has come with the first one is counted
    with world.store.read() as tx:
        total.due = sum(count for count, _ in tx.due_counts().values())
    total.seconds = (world.clock() - begun).total_seconds()
    return total


def report_first(world: World, duty: list[System], total: Tally, wait: float) -> None:
    """Reports to child welfare go before anything else is tried, so that nothing that breaks holds them back."""
    for tally in _each(world, duty, carry, wait):
        total.add(tally)


def take_in(world: World, system: System, tally: Tally) -> None:
    """Find out what is uncertain, then take in. Where the first fails the system is not read."""
    find_out(world, system, tally)
    intake(world, system, tally)


def ask_after(world: World, system: System, tally: Tally) -> None:
    """Ask what became of what was given, and once a day what the system holds."""
    ask_outcomes(world, system, tally)
    reconcile(world, system, tally)


Act = Callable[[World, System, Tally], None]


def _each(world: World, chosen: list[System], act: Act, wait: float) -> list[Tally]:
    if world.threads <= 1 or len(chosen) <= 1:
        return [lane(world, system, act, wait) for system in chosen]
    with ThreadPoolExecutor(max_workers=world.threads, thread_name_prefix="lane") as pool:
        begun = [pool.submit(copy_context().run, lane, world, system, act, wait) for system in chosen]
        return [one.result() for one in begun]


def lane(world: World, system: System, act: Act, wait: float) -> Tally:
    """Work one lane, alone in it. What stops it is written down, and the round goes on."""
    tally = Tally()
    with world.observer.span("lane", system=system.name, act=getattr(act, "__name__", "other")) as span:
        try:
            with world.store.lane(system.name, wait):
                _worked(world, system, act, tally)
        except Busy:
            tally.stopped[system.name] = "lane.busy"
        code = tally.stopped.get(system.name) or tally.unreachable.get(system.name)
        span.note(**tally.counts(), **({"code": code} if code else {}))
    return tally


def _worked(world: World, system: System, act: "Act", tally: Tally) -> None:
    try:
        act(world, system, tally)
    except AdapterError as error:
        _failed(world, system, tally, error)
    except Stopped as stop:
        _stopped(world, system, tally, stop.code)
    else:
        if act is take_in:  # the only act that always asks the system something
            _succeeded(world, system, tally)


def _well(systems: list[System], total: Tally) -> list[System]:
    """Those of some systems with which all has gone well in this round so far."""
    return [one for one in systems if one.name not in total.stopped and one.name not in total.unreachable]


def _well_again(world: World, systems: list[System]) -> None:
    """What stopped a system is over when a whole round went through: its tasks are settled."""
    names = [one.name for one in systems]
    with world.store.write() as tx:
        tx.keep_system_tasks([], systems=names, kinds=["system", "guard"], at=world.clock())


def _succeeded(world: World, system: System, tally: Tally) -> None:
    full = tally.fetched.get(system.name) if world.adapters[system.name].capabilities.full_feed else None
    with world.store.write() as tx:
        tx.lane_succeeded(system.name, at=world.clock(), full_count=full)
        tx.remember(f"proceed/{system.name}", "")


def _failed(world: World, system: System, tally: Tally, error: AdapterError) -> None:
    with world.store.write() as tx:
        tx.lane_failed(system.name, at=world.clock(), code=error.code)
        if isinstance(error, (Misconfigured, Refused)):
            tally.tasks += len(tx.add_tasks([_task(world, system, "system", error.code)]))
    if isinstance(error, (Misconfigured, Refused)):
        tally.stopped[system.name] = error.code
    else:
        tally.unreachable[system.name] = error.code


def _stopped(world: World, system: System, tally: Tally, code: str) -> None:
    tally.stopped[system.name] = code
    with world.store.write() as tx:
        tx.lane_failed(system.name, at=world.clock(), code=code)
        tally.tasks += len(tx.add_tasks([_task(world, system, "guard", code)]))


def _task(world: World, system: System, kind: str, code: str) -> Task:
    return Task(
        kind=kind,
        dedupe=f"{kind}/{system.name}/{code}",
        at=world.clock(),
        system=system.name,
        unit=system.unit,
        once=True,
        body=msgspec.json.encode({"code": code}),
    )


def new_day(world: World) -> None:
    """Once a day every case is looked at again for every system: ages, expiries and dates decide anew at midnight.

    So it is when the rules are others than before: a basis was verified, a policy chosen, a plugin's rule came or went.
    """
    today = world.clock().astimezone(OSLO).date().isoformat()
    ruled_anew = lawbook.changed(world) | note_settings(world)
    with world.store.read() as tx:
        if tx.remembered("looked at") == today and not ruled_anew:
            return
    mark_everything(world, world.takers())
    note_stranded(world)
    prune(world)
    with world.store.write() as tx:
        tx.remember("looked at", today)
