"""``bti restriction`` and ``bti fact``: what restricts a case, and a person's word on it."""

from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen


@verb("restriction list")
@click.argument("case")
def list_restrictions(frame: Frame, case: str) -> None:
    """What restricts a case and those in it: who or which system told it, and when."""
    from gateway.run.looks import looked
    from gateway.run.loosening import LIFTABLE, standing
    from gateway.run.nearness import need_to_know

    person = frame.person("restriction.list")
    with frame.world() as world:
        need_to_know(world, case, person=person, what="restriction list")
        told = [
            {"id": one.id, "kind": one.kind, "person": one.person, "at": one.at.isoformat(), "by": one.by,
             "source": one.source, "liftable": one.kind in LIFTABLE}
            for one in standing(world, case)
        ]  # fmt: skip
        looked(world, [case], by=person.name, what="restriction list")

    def draw(screen: "Screen") -> None:
        cells = [(each["id"], each["kind"], each["person"], each["at"], each["by"] or each["source"]) for each in told]
        screen.table(("head.record", "head.kind", "head.person", "head.at", "head.by"), cells, "title.restrictions")

    frame.answer({"case": case, "restrictions": told}, draw)


@verb("restriction lift")
@click.argument("case")
@click.argument("restriction")
@click.option("--reason", required=True, help=words.help_for("block.reason"))
def lift(frame: Frame, case: str, restriction: str, reason: str) -> None:
    """A person lifts what an import only tightens, and says why."""
    from gateway.run.loosening import lift_restriction
    from gateway.run.nearness import need_to_know

    person = frame.person("restriction.lift")
    with frame.world() as world:
        need_to_know(world, case, person=person, what="restriction lift")
        lifted = lift_restriction(world, case, by=person.name, restriction=restriction, reason=reason)
    told = {"case": case, "lifted": lifted, "by": person.name}
    frame.answer(told, lambda screen: screen.words("restriction.lifted", n=len(lifted)))


@verb("fact record")
@click.argument("case")
@click.argument("person")
@click.argument("name", type=click.Choice(["birth_date", "care", "has_capacity", "pregnant", "protection"]))
@click.argument("value")
@click.option("--reason", required=True, help=words.help_for("block.reason"))
def fact(frame: Frame, case: str, person: str, name: str, value: str, reason: str) -> None:
    """A person states a fact that the gate rests on, and says why."""
    from gateway.run.loosening import state_fact
    from gateway.run.nearness import need_to_know

    acting = frame.person("fact.record")
    plain: Any = {"true": True, "false": False}.get(value, value)
    with frame.world() as world:
        need_to_know(world, case, person=acting, what="fact record")
        state_fact(world, case, by=acting.name, person=person, name=name, value=plain, reason=reason)
    told = {"case": case, "person": person, "fact": name, "by": acting.name}
    frame.answer(told, lambda screen: screen.words("fact.recorded"))
