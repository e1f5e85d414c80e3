"""``bti consent`` and ``bti block``: what the family said."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen

_TAKEN_BACK = (
    click.option("--by", metavar="WHO", required=True, help=words.help_for("consent.by")),
    click.option("--service", "services", multiple=True, help=words.help_for("consent.only")),
    click.option("--category", "categories", multiple=True, help=words.help_for("consent.only_category")),
    click.option("--consent", metavar="CONSENT", help=words.help_for("consent.which")),
)


def taking_back(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what of a yes is taken back, for the act and for its preview."""
    for option in reversed(_TAKEN_BACK):
        command = option(command)
    return command


@verb("consent record")
@click.argument("case")
@click.option("--by", metavar="WHO", required=True, help=words.help_for("consent.by"))
@click.option("--purpose", default="bti", show_default=True, help=words.help_for("consent.purpose"))
@click.option("--service", "services", multiple=True, required=True, help=words.help_for("consent.service"))
@click.option("--category", "categories", multiple=True, help=words.help_for("consent.category"))
@click.option("--from", "first", metavar="DATE", help=words.help_for("consent.from"))
@click.option("--to", "last", metavar="DATE", help=words.help_for("consent.to"))
@click.option("--form", type=click.Path(path_type=Path), help=words.help_for("consent.form"))
@click.option("--spoken", metavar="NOTE", help=words.help_for("consent.spoken"))
def record(
    frame: Frame,
    case: str,
    by: str,
    purpose: str,
    services: tuple[str, ...],
    categories: tuple[str, ...],
    first: str | None,
    last: str | None,
    form: Path | None,
    spoken: str | None,
) -> None:
    """A consent on a form or spoken."""
    told = {"services": list(services), "categories": list(categories), "valid_from": first, "valid_to": last}
    _declare(frame, case, by, purpose, "given", {key: value for key, value in told.items() if value}, form, spoken)


@verb("consent refuse")
@click.argument("case")
@click.option("--by", metavar="WHO", required=True, help=words.help_for("consent.by"))
@click.option("--purpose", default="bti", show_default=True, help=words.help_for("consent.purpose"))
@click.option("--form", type=click.Path(path_type=Path), help=words.help_for("consent.form"))
@click.option("--spoken", metavar="NOTE", help=words.help_for("consent.spoken"))
def refuse(frame: Frame, case: str, by: str, purpose: str, form: Path | None, spoken: str | None) -> None:
    """A refusal."""
    _declare(frame, case, by, purpose, "refused", {}, form, spoken)


@verb("consent withdraw")
@click.argument("case")
@taking_back
def withdraw(
    frame: Frame, case: str, by: str, services: tuple[str, ...], categories: tuple[str, ...], consent: str | None
) -> None:
    """A consent taken back: all of a giver's, one of them, or for some services only."""
    from gateway.run.acts import withdraw_consent

    person = frame.person("consent.record")
    with frame.world() as world:
        concerned = withdraw_consent(
            world, case, by=person.name, giver=by, services=services, consent=consent, categories=categories
        )
    told = {"case": case, "consents": concerned, "by": person.name}

    def draw(screen: "Screen") -> None:
        screen.words("consent.withdrawn", n=len(concerned))
        screen.words("asked_back.withdrawn")
        screen.words("asked_back.archive")

    frame.answer(told, draw)


@verb("consent show")
@click.argument("case")
def show(frame: Frame, case: str) -> None:
    """A case's consents, refusals and blocks, and who is in the case."""
    from gateway.run.looks import looked
    from gateway.run.nearness import need_to_know
    from gateway.run.telling import consents

    person = frame.person("consent.show")
    with frame.world() as world:
        need_to_know(world, case, person=person, what="consent show")
        told = consents(world, case)
        looked(world, [case], by=person.name, what="consent show")

    def draw(screen: "Screen") -> None:
        screen.table(("head.person", "head.role"), [(each["person"], each["role"]) for each in told["people"]])
        rows = [
            (each["id"], each.get("decision"), each.get("by"), each.get("purpose"), ", ".join(each.get("services", ())),
             each.get("valid_from"), each.get("valid_to"), each.get("withdrawn"))
            for each in told["consents"]
        ]  # fmt: skip
        heads = ("head.consent", "head.decision", "head.by", "head.purpose", "head.services", "head.from", "head.to")
        screen.table((*heads, "head.withdrawn"), rows)
        if told["restrictions"]:
            cells = [(each["id"], each["kind"], each["at"], each["by"]) for each in told["restrictions"]]
            screen.table(("head.record", "head.kind", "head.at", "head.by"), cells, "title.restrictions")

    frame.answer(told, draw)


@verb("block set")
@click.argument("case")
@click.option("--service", metavar="SERVICE", help=words.help_for("block.service"))
@click.option("--from", "first", metavar="DATE", help=words.help_for("consent.from"))
@click.option("--to", "last", metavar="DATE", help=words.help_for("consent.to"))
def block(frame: Frame, case: str, service: str | None, first: str | None, last: str | None) -> None:
    """A block against sharing, with one service or with all."""
    from gateway.run.acts import set_block

    person = frame.person("block.set")
    with frame.world() as world:
        made = set_block(world, case, by=person.name, service=service, valid_from=first, valid_to=last)
    told = {"block": made, "case": case, "by": person.name}
    frame.answer(told, lambda screen: screen.words("block.made", block=made))


@verb("block lift")
@click.argument("case")
@click.argument("block_id", metavar="BLOCK")
@click.option("--reason", required=True, help=words.help_for("block.reason"))
def lift(frame: Frame, case: str, block_id: str, reason: str) -> None:
    """A person loosens a block, and says why."""
    from gateway.run.acts import lift_block
    from gateway.run.nearness import need_to_know

    person = frame.person("block.lift")
    with frame.world() as world:
        need_to_know(world, case, person=person, what="block lift")
        lift_block(world, case, by=person.name, block=block_id, reason=reason)
    told = {"block": block_id, "case": case, "by": person.name}
    frame.answer(told, lambda screen: screen.words("block.lifted", block=block_id))


def _declare(
    frame: Frame,
    case: str,
    by: str,
    purpose: str,
    decision: str,
    more: dict[str, Any],
    form: Path | None,
    spoken: str | None,
) -> None:
    """Record what a giver said, with the hash of the form or the note of how it was said."""
    from gateway.run.acts import record_consent
    from gateway.run.nearness import need_to_know

    person = frame.person("consent.record")
    if person.unit is None:
        raise Problem("cli.person_no_unit", where=f"people.{person.name}")
    if (form is None) == (spoken is None):
        raise Problem("cli.consent_how", expected="--form | --spoken")
    how: dict[str, Any] = (
        {"form": "oral", "information_given": spoken}
        if form is None
        else {"form": "written", "evidence_hash": _hash(form)}
    )
    fields = {"by": by, "purpose": purpose, "decision": decision, **more, **how}
    with frame.world() as world:
        if decision == "given":  # a no is taken down by whoever hears it
            need_to_know(world, case, person=person, what="consent record")
        given = {"given": world.clock().isoformat()}
        made = record_consent(world, case, by=person.name, unit=person.unit, fields={**fields, **given})
    told = {"consent": made, "case": case, "decision": decision, "by": person.name}
    frame.answer(told, lambda screen: screen.words("consent.made", consent=made))


def _hash(form: Path) -> str:
    try:
        with form.open("rb") as file:
            return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise Problem("cli.file_missing", where=str(form)) from None
