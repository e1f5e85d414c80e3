"""The rules and the law that they stand on, as a page that a lawyer can approve line by line."""

from collections.abc import Iterable

from gateway.core.law import Basis, Law, Obligation
from gateway.core.rules import RULES, TABLE
from gateway.core.rules.sentences import SENTENCES
from gateway.run.law import readings
from gateway.run.lawdoc import stands_on

_HEAD = """# The rules

This page is written by `make docs` from the table in `gateway/core/rules` and the law in `gateway/core/law`.
The rules whose ids begin with B and C are those of the law's own table; those with X are the gateway's.
They are asked in the order of the first table, and the first that speaks decides.
Where the law leaves a choice, see [the choices made](../explanation/law-choices.md).

"""


def rules_page(law: Law = RULES.law) -> str:
    """The whole page, in Markdown."""
    order = _table(
        ("asked", "rule", "part", "effect"),
        ((str(place), rule.id, rule.part, rule.effect) for place, rule in enumerate(TABLE, 1)),
    )
    sentences = _table(
        ("rule", "bokmål", "nynorsk", "English", "stands on"),
        (
            (rule, told["nb"], told["nn"], told["en"], ", ".join(stands_on(rule, law)) or "–")
            for rule, told in SENTENCES.items()
        ),
    )
    read = _table(
        ("rule", "bokmål", "nynorsk", "English"),
        ((rule, told["nb"], told["nn"], told["en"]) for rule, told in readings().items()),
    )
    bases = _table(
        ("code", "norm", "act", "in force", "verified", "bokmål", "nynorsk", "English"), map(_basis, law.bases)
    )
    duties = _table(
        ("code", "rule", "act", "in force", "whose", "to", "grounds", "bokmål", "nynorsk", "English"),
        (_duty(duty, law) for duty in law.duties),
    )
    return (
        f"{_HEAD}## The order\n\n{order}\n## The rules as a lawyer reads them\n\n{read}\n"
        f"## The rules in words\n\n{sentences}\n"
        f"## Legal bases\n\nA basis that nobody has verified within a year holds what it would carry.\n\n{bases}\n"
        f"## Duties\n\nA duty never waits for a verification.\n\n{duties}"
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _force(one: Basis | Obligation) -> str:
    if one.valid_from is None:
        return "no day set"
    return f"{one.valid_from} – {one.valid_to or ''}".rstrip()


def _basis(basis: Basis) -> tuple[str, ...]:
    verified = f"{basis.last_verified} by {basis.verified_by}" if basis.last_verified else "not verified: holds"
    act = f"{basis.act} {basis.section} ({basis.source})"
    return (basis.code, basis.norm, act, _force(basis), verified, basis.text.nb, basis.text.nn, basis.text.en)


def _duty(duty: Obligation, law: Law) -> tuple[str, ...]:
    grounds = "; ".join(f"{letter}: {law.triggers[name].nb}" for letter, name in duty.grounds.items()) or "–"
    act = f"{duty.act} {duty.section} ({duty.source})"
    texts = (duty.text.nb, duty.text.nn, duty.text.en)
    return (duty.code, duty.rule, act, _force(duty), ", ".join(duty.filers), ", ".join(duty.receivers), grounds, *texts)
