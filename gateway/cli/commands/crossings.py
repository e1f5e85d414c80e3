"""``bti crossing``: from a log to a plan, a new school, or another municipality."""

from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen


@verb("crossing show")
@click.argument("case")
@click.option("--to", metavar="S", help=words.help_for("crossing.to"))
def show(frame: Frame, case: str, to: str | None) -> None:
    """Hints of a right, crossings begun, and what would go to which system now."""
    from gateway.run import crossings
    from gateway.run.looks import looked
    from gateway.run.nearness import need_to_know

    person = frame.person("crossing.show")
    with frame.world() as world:
        need_to_know(world, case, person=person, what="crossing show")
        told = crossings.show(world, case, to=to)
        looked(world, [case], by=person.name, what="crossing show")
    frame.answer(told, lambda screen: _draw(screen, told))


@verb("crossing begin")
@click.argument("case")
@click.option("--to", metavar="S", required=True, help=words.help_for("crossing.to"))
@click.option("--coordinator", metavar="NAME", help=words.help_for("crossing.coordinator"))
@click.option("--service", metavar="SERVICE", help=words.help_for("crossing.service"))
@click.option("--with", "kinds", metavar="KIND", multiple=True, help=words.help_for("crossing.with"))
def begin(
    frame: Frame, case: str, to: str, coordinator: str | None, service: str | None, kinds: tuple[str, ...]
) -> None:
    """A crossing to a plan's product, a new school's system, or a new municipality's."""
    from gateway.run import crossings
    from gateway.run.nearness import need_to_know

    person = frame.person("crossing.begin")
    assigned: dict[str, Any] | None = None
    if coordinator is not None:
        assigned = {"holder_name": coordinator, **({"service": service} if service else {})}
    with frame.world() as world:
        need_to_know(world, case, person=person, what="crossing begin")
        told = crossings.begin(
            world, case, to=to, by=person.name, unit=_unit(frame, "crossing.begin"), coordinator=assigned, kinds=kinds
        )
    document = {"case": case, "to": to, "by": person.name, **told}
    frame.answer(document, lambda screen: screen.words("crossing.begun", system=to, carried=len(told["carried"])))


@verb("crossing decline")
@click.argument("case")
def decline(frame: Frame, case: str) -> None:
    """The family does not want a plan."""
    from gateway.run import crossings
    from gateway.run.nearness import need_to_know

    person = frame.person("crossing.decline")
    with frame.world() as world:
        need_to_know(world, case, person=person, what="crossing decline")
        crossings.decline(world, case, by=person.name, unit=_unit(frame, "crossing.decline"))
    frame.answer({"case": case, "declined": True, "by": person.name}, lambda screen: screen.words("crossing.declined"))


@verb("crossing move")
@click.argument("case")
@click.option("--on", "moved_on", metavar="DATE", required=True, help=words.help_for("crossing.on"))
def move(frame: Frame, case: str, moved_on: str) -> None:
    """The family has moved away."""
    from gateway.run import crossings
    from gateway.run.nearness import need_to_know

    person = frame.person("crossing.move")
    with frame.world() as world:
        need_to_know(world, case, person=person, what="crossing move")
        tasks = crossings.move(world, case, moved_on=moved_on, by=person.name, unit=_unit(frame, "crossing.move"))

    def draw(screen: "Screen") -> None:
        screen.words("crossing.moved", n=len(tasks))
        screen.words("crossing.own_notice")

    frame.answer({"case": case, "tasks": tasks, "by": person.name}, draw)
    frame.needs_person()


def _unit(frame: Frame, act: str) -> str:
    person = frame.person(act)
    if person.unit is None:
        raise Problem("cli.person_no_unit", where=f"people.{person.name}")
    return person.unit


def _draw(screen: "Screen", told: dict[str, Any]) -> None:
    for hint in told["hints"] or ["none"]:
        screen.words(f"crossing.hint.{hint}")
    rows = [(one["to"], one["purpose"], one["begun"], one["by"], one["status"]) for one in told["crossings"]]
    if rows:
        screen.table(("head.system", "head.purpose", "head.begun", "head.by", "head.state"), rows)
    for name, one in told["targets"].items():
        said = one["words"].get(screen.language, "")
        screen.words("crossing.would", system=name, carried=len(one["carried"]), stays=len(one["stays"]), words=said)
