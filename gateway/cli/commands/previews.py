"""``bti preview``: what would happen, before anybody does it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.commands.consents import taking_back
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen


@verb("preview withdraw")
@click.argument("case")
@taking_back
def withdraw(
    frame: Frame, case: str, by: str, services: tuple[str, ...], categories: tuple[str, ...], consent: str | None
) -> None:
    """Who would lose which field, what stops, and what is out already."""
    from gateway.run.looks import looked
    from gateway.run.nearness import need_to_know
    from gateway.run.previewing import preview_withdraw

    person = frame.person("preview")
    with frame.world() as world:
        need_to_know(world, case, person=person, what="preview withdraw")
        told = preview_withdraw(
            world, case, giver=by, services=services, consent=consent, by=person.name, categories=categories
        )
        looked(world, [case], by=person.name, what="preview withdraw")
    frame.answer(told, lambda screen: _draw_case(screen, told))


@verb("preview grant")
@click.argument("case")
@click.option("--by", metavar="WHO", required=True, help=words.help_for("consent.by"))
@click.option("--purpose", default="bti", show_default=True, help=words.help_for("consent.purpose"))
@click.option("--service", "services", multiple=True, required=True, help=words.help_for("consent.service"))
@click.option("--category", "categories", multiple=True, help=words.help_for("consent.category"))
@click.option("--from", "first", metavar="DATE", help=words.help_for("consent.from"))
@click.option("--to", "last", metavar="DATE", help=words.help_for("consent.to"))
def grant(
    frame: Frame,
    case: str,
    by: str,
    purpose: str,
    services: tuple[str, ...],
    categories: tuple[str, ...],
    first: str | None,
    last: str | None,
) -> None:
    """Who would gain which field."""
    from gateway.run.looks import looked
    from gateway.run.nearness import need_to_know
    from gateway.run.previewing import preview_grant

    person = frame.person("preview")
    if person.unit is None:
        raise Problem("cli.person_no_unit", where=f"people.{person.name}")
    told = {"services": list(services), "categories": list(categories), "valid_from": first, "valid_to": last}
    fields = {"by": by, "purpose": purpose, "decision": "given", **{key: one for key, one in told.items() if one}}
    with frame.world() as world:
        need_to_know(world, case, person=person, what="preview grant")
        given = {"given": world.clock().isoformat()}
        shown = preview_grant(world, case, by=person.name, unit=person.unit, fields={**fields, **given})
        looked(world, [case], by=person.name, what="preview grant")
    frame.answer(shown, lambda screen: _draw_case(screen, shown))


@verb("preview rule")
@click.option("--self-consent-age", type=click.Choice(["15", "16"]), help=words.help_for("preview.age"))
@click.option("--both-guardians", type=click.Choice(["yes", "no"]), help=words.help_for("preview.both"))
@click.option("--forbid", metavar="NAME=VALUE", multiple=True, help=words.help_for("preview.forbid"))
@click.option("--case", metavar="CASE", help=words.help_for("preview.case"))
def rule(
    frame: Frame, self_consent_age: str | None, both_guardians: str | None, forbid: tuple[str, ...], case: str | None
) -> None:
    """What another choice of the municipality would do, in all cases or one."""
    from gateway.run.previewing import preview_rule

    frame.person("preview.rule")
    conditions = dict(one.partition("=")[::2] for one in forbid)
    if self_consent_age is None and both_guardians is None and not conditions:
        raise Problem("cli.preview_nothing", expected="--self-consent-age | --both-guardians | --forbid")
    with frame.world() as world, frame.progress("preview.progress") as move:
        told = preview_rule(
            world,
            self_consent_age=None if self_consent_age is None else int(self_consent_age),
            both_guardians=None if both_guardians is None else both_guardians == "yes",
            forbid=conditions,
            case=case,
            move=move,
        )
    frame.answer(told, lambda screen: _draw_rule(screen, told))


def _draw_case(screen: "Screen", told: dict[str, Any]) -> None:
    if not told["receivers"]:
        screen.words("preview.nothing")
    _draw_receivers(screen, told["receivers"], told["kinds"])
    out = [
        (one["system"], one["kind"], ", ".join(one["fields"]), one["times"], one["last"], one["retracted"])
        for one in told["out"]
    ]
    if out:
        heads = ("head.receiver", "head.kind", "head.field", "head.number", "head.at", "head.retracted")
        screen.table(heads, out, "title.out")


def _draw_receivers(screen: "Screen", receivers: Mapping[str, Any], kinds: Mapping[str, str]) -> None:
    rows = [
        (name, kinds.get(item, item), words.say(f"preview.{part}", screen.language), ", ".join(fields))
        for name, effect in receivers.items()
        for part in ("loses", "gains", "stops", "starts", "asked_back")
        for item, fields in effect[part].items()
    ]
    if rows:
        screen.table(("head.receiver", "head.kind", "head.effect", "head.field"), rows)
    for name, effect in receivers.items():
        if effect["asked_back"] and effect["gives_back"] != "itself":
            screen.words(f"preview.{effect['gives_back']}", system=name)


def _draw_rule(screen: "Screen", told: dict[str, Any]) -> None:
    screen.words("preview.looked", n=told["cases"], changed=len(told["changed"]))
    parts = ("cases", "loses", "gains", "stops", "starts", "asked_back")
    rows = [(name, *(sums[part] for part in parts)) for name, sums in told["counts"].items()]
    if rows:
        screen.table(("head.receiver", "head.cases", *(f"preview.{part}" for part in parts[1:])), rows)
    for one in told["changed"][:20]:
        screen.line(one["case"])
