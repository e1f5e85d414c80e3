"""``bti law show``: the rules and the law that they stand on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.verb import verb


@verb("law show")
@click.option("--lang", type=click.Choice(words.LANGUAGES), help=words.help_for("law.lang"))
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help=words.help_for("law.on"))
def show(frame: Frame, lang: words.Language | None, on: datetime | None) -> None:
    """Every rule, basis, duty and choice; with a municipality's settings, as they are there."""
    from gateway.core.ages import day

    told = _document(frame, on.date() if on else day(datetime.now(tz=UTC)))
    language = lang or frame.language

    def draw(_screen: Any) -> None:
        click.echo("\n".join(_lines(told, language)))

    frame.answer(told, draw)


def _document(frame: Frame, on: date) -> dict[str, Any]:
    """The municipality's where there are settings; as shipped where there are none and none were asked for."""
    from gateway.core.known import Policy
    from gateway.core.rules import RULES
    from gateway.core.terms import PolicyTerms
    from gateway.run import lawbook, lawdoc
    from gateway.run.mapfiles import load_terms

    if not frame.has_settings:
        policy = {name: getattr(Policy(), name) for name in Policy.__struct_fields__}
        return lawdoc.document(RULES, on=on, policy=policy, small_cell=PolicyTerms().small_cell)
    settings = frame.settings
    chosen = settings.policy
    terms = load_terms(settings.model, folder=settings.folder)
    return lawdoc.document(
        lawbook.rules_of(settings, frame.plugins, today=on),
        on=on,
        policy={name: getattr(chosen, name) for name in Policy.__struct_fields__},
        small_cell=terms.policy.small_cell,
        municipality=settings.municipality,
    )


def _lines(told: dict[str, Any], language: words.Language) -> Iterator[str]:
    def say(code: str, **facts: object) -> str:
        return words.say(f"lawdoc.{code}", language, **facts)

    yield f"# {say('title', on=told['on'])}"
    yield ""
    if told["municipality"]:
        yield say("for", municipality=told["municipality"])
    yield from (say("how"), say("choices_made"))
    yield from ("", f"## {say('rules')}", "")
    for rule in told["rules"]:
        yield f"[ ] {rule['id']}  {rule['says'][language]}"
        yield f"        {say('told', text=rule['told'][language])}"
        if rule["stands_on"]:
            yield f"        {say('stands_on', codes=', '.join(rule['stands_on']))}"
    if told["own_rules"]:
        yield from ("", f"## {say('own_rules')}", "")
        yield from (f"[ ] {rule['id']}  {rule['says'][language]}" for rule in told["own_rules"])
    yield from ("", f"## {say('bases')}", "", say("bases_how"), "")
    for basis in told["bases"]:
        yield from _basis(basis, language, say)
    yield from ("", f"## {say('duties')}", "", say("duties_how"), "")
    for duty in told["duties"]:
        yield from _duty(duty, language, say)
    yield from ("", f"## {say('choices')}", "")
    for choice in told["choices"]:
        value = choice["value"]
        code = f"{choice['key']}.{str(value).lower()}" if isinstance(value, bool) else choice["key"]
        yield f"[ ] {choice['key']}  {say(code, value=value)}"


def _head(one: dict[str, Any], say: Any) -> str:
    when = "in_force_until" if one["when"] == "in_force" and one["valid_to"] else one["when"]
    dated = say(f"when.{when}", since=one["valid_from"], until=one["valid_to"])
    return f"[ ] {one['code']}  {one['act']} {one['section']} ({one['source']}); {dated}"


def _read(one: dict[str, Any], state: str, say: Any) -> str:
    return f"        {say(f'read.{state}', last=one['last_verified'], by=one['verified_by'])}"


def _basis(basis: dict[str, Any], language: words.Language, say: Any) -> Iterator[str]:
    yield _head(basis, say)
    yield f"        {basis['text'][language]}"
    yield _read(basis, basis["read"], say)
    if basis["rules"]:
        yield f"        {say('used', rules=', '.join(basis['rules']))}"
    if basis["domains"]:
        yield f"        {say('domains', domains=', '.join(one[language] for one in basis['domains']))}"


def _duty(duty: dict[str, Any], language: words.Language, say: Any) -> Iterator[str]:
    yield _head(duty, say)
    yield f"        {duty['text'][language]}"
    yield _read(duty, "verified" if duty["last_verified"] else "unverified", say)
    for key in ("filers", "receivers"):
        yield f"        {say(key, names=', '.join(one[language] for one in duty[key]))}"
    for letter, ground in duty["grounds"].items():
        yield f"    [ ] {duty['code']} {letter}  {ground[language]}"
    if not duty["grounds"]:
        yield f"        {say('no_grounds')}"
    if duty["lacks"]:
        yield f"        {say('lacks', letters=', '.join(duty['lacks']))}"
