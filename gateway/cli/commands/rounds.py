"""``bti plan``, ``sync``, ``run`` and ``status``."""

import signal
from contextlib import ExitStack
from threading import Event
from typing import TYPE_CHECKING, Any

import click
import msgspec

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen


@verb("plan")
@click.option("--system", metavar="S", help=words.help_for("option.system"))
def plan(frame: Frame, system: str | None) -> None:
    """What the next round would do; changes nothing anywhere."""
    from gateway.run.rehearsing import plan_round

    chosen = frame.systems(system)
    with frame.world() as world, frame.progress("sync.progress") as move:
        told = plan_round(msgspec.structs.replace(world, step=lambda _: move(1)), chosen)

    def draw(screen: "Screen") -> None:
        counts = {
            name: (told["fetch"].get(name, 0), _kinds(told["send"].get(name)), _kinds(told["retract"].get(name)))
            for name in {**told["fetch"], **told["send"], **told["retract"]}
        }
        heads = ("head.system", "head.fetch", "head.send", "head.retract")
        screen.table(heads, [(name, *cells) for name, cells in counts.items()])
        if told["withhold"]:
            rows = [
                (each["system"], f"{each['case']}/{each['item']}", ", ".join(each["fields"]), ", ".join(each["rules"]))
                for each in told["withhold"]
            ]
            screen.table(("head.system", "head.record", "head.field", "head.rules"), rows, "title.withheld")
        _trouble(screen, told)

    frame.answer(told, draw)
    if told["unreachable"]:
        frame.unreachable()
    elif told["stopped"] or told["quarantine"] or told["conflicts"]:
        frame.needs_person()


@verb("sync")
@click.option("--system", metavar="S", help=words.help_for("option.system"))
def sync(frame: Frame, system: str | None) -> None:
    """One round."""
    from gateway.run.heap import steady
    from gateway.run.life import sync as one_round

    chosen = frame.systems(system)
    steady()
    with frame.world(frame.watch()) as world, frame.progress("sync.progress") as move:
        tally = one_round(msgspec.structs.replace(world, step=lambda _: move(1)), chosen, alone=chosen is not None)
    told = tally.plain()
    frame.answer(told, lambda screen: _round(screen, told))
    _leave(frame, tally.status())


@verb("run")
def run(frame: Frame) -> None:
    """Round after round until a signal says stop; the round under way is finished."""
    from gateway.run.heap import steady
    from gateway.run.schedule import run as rounds
    from gateway.run.standing import Pulse, standing
    from gateway.run.tally import Tally

    steady()
    stop, total, watch = Event(), Tally(), frame.watch()

    def stopped(_signal: int, _where: Any) -> None:
        stop.set()

    def told(tally: Tally) -> None:
        total.add(tally)
        total.due = tally.due
        total.seconds += tally.seconds
        if watch.talks:
            return  # the round is a line already
        frame.say("run.round", fetched=sum(tally.fetched.values()), delivered=sum(tally.delivered.values()),
                  withheld=tally.withheld, due=tally.due)  # fmt: skip

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopped)
    with frame.world(watch) as world, ExitStack() as stack:
        if frame.settings.web is not None:
            try:
                from gateway.web.serving import link, serving
            except ImportError:
                raise Problem("web.missing", expected="bti-gateway[web]") from None
            site = stack.enter_context(serving(world, ticket=world.chance(16).hex()))
            if site.ticket or not watch.talks:  # the link of the trial mode is for a person, wherever it is read
                frame.say("web.begun", link=link(site))
        if watch.talks:
            world.observer.event("begun", systems=len(world.adapters))
        else:
            frame.say("run.begun", systems=", ".join(world.adapters))
        pulse = Pulse(stop)
        world.observer.add(pulse)
        with standing(stop, pulse):
            rounds(world, stop=stop, told=told, wait=pulse.wait)
        world.observer.event("ended")
    frame.answer(total.plain(), lambda screen: _round(screen, total.plain()))


@verb("status")
def status(frame: Frame) -> None:
    """Systems, lanes, what is due, tasks, broken plugins."""
    from gateway.run.telling import status as tell

    with frame.world() as world:
        told = tell(world)
    told["broken"] = [{"name": each.name, "code": each.code} for each in frame.plugins.broken]

    def draw(screen: "Screen") -> None:
        rows = [
            (
                each["system"], each["due"], each["oldest_due"], each["last_success"],
                each["broken"] or each["last_error"], each["quarantined"], each["uncertain"],
                each["asked_back"],
            )
            for each in told["systems"]
        ]  # fmt: skip
        screen.table(
            (
                "head.system",
                "head.due",
                "head.oldest",
                "head.last",
                "head.trouble",
                "head.quarantined",
                "head.uncertain",
                "head.asked_back",
            ),
            rows,
        )
        if told["tasks"]:
            screen.table(("head.task", "head.number"), told["tasks"].items(), "title.tasks")
        if told["broken"]:
            cells = [(each["name"], words.say(each["code"], frame.language)) for each in told["broken"]]
            screen.table(("head.adapter", "head.what"), cells, "title.broken")
        if told["rules_missing"]:
            cells = [(each["plugin"], words.say(each["code"], frame.language)) for each in told["rules_missing"]]
            screen.table(("head.plugin", "head.what"), cells, "title.rules_missing")
        screen.words("status.cases", cases=told["cases"], due=told["due"])
        if told["asked_back"]:
            screen.words("asked_back.status", n=told["asked_back"])
        if told["paused"]:
            screen.words("status.paused")

    frame.answer(told, draw)
    if told["broken"] or told["tasks"] or told["rules_missing"] or any(each["broken"] for each in told["systems"]):
        frame.needs_person()


def _kinds(counts: Any) -> str:
    return ", ".join(f"{kind} {n}" for kind, n in sorted((counts or {}).items()))


def _round(screen: "Screen", told: dict[str, Any]) -> None:
    names = sorted({*told["fetched"], *told["delivered"]})
    rows = [(name, told["fetched"].get(name, 0), told["delivered"].get(name, 0)) for name in names]
    screen.table(("head.system", "head.fetched", "head.delivered"), rows)
    screen.words(
        "sync.counts", **{name: told[name] for name in ("withheld", "retracted", "quarantined", "tasks", "due")}
    )
    _trouble(screen, told)


def _trouble(screen: "Screen", told: dict[str, Any]) -> None:
    rows = [*told["unreachable"].items(), *told["stopped"].items()]
    if rows:
        screen.table(("head.system", "head.code"), rows, "title.trouble")


def _leave(frame: Frame, status: int) -> None:
    if status == 3:
        frame.unreachable()
    elif status:
        frame.needs_person()
