"""Bugs planted in the first engine's table, by which the proofs show that they would have found them."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from gateway.core.ask import EVERYTHING, Ask, Ruling
from gateway.core.consent import Facts
from gateway.core.law import Law
from gateway.core.rules import RULES, Rule, Rules

Says = Callable[[Facts, Ask, Law], Ruling | None]


def without(*ids: str) -> Rules:
    """The table with rules left out."""
    return replace(RULES, table=tuple(rule for rule in RULES.table if rule.id not in ids))


def wrapped(name: str, change: Callable[[Says], Says]) -> Rules:
    """The table with one rule's sentence changed."""
    return replace(
        RULES, table=tuple(replace(rule, says=change(rule.says)) if rule.id == name else rule for rule in RULES.table)
    )


def seeing(
    name: str, *, facts: Callable[[Facts], Facts] | None = None, ask: Callable[[Ask], Ask] | None = None
) -> Rules:
    """The table with one rule that sees other facts, or another ask, than there are."""

    def change(says: Says) -> Says:
        return lambda known, asked, law: says(facts(known) if facts else known, ask(asked) if ask else asked, law)

    return wrapped(name, change)


def answering(name: str, change: Callable[[Ruling], Ruling]) -> Rules:
    """The table with one rule whose answer is changed, when it answers."""

    def answered(says: Says) -> Says:
        def changed(known: Facts, asked: Ask, law: Law) -> Ruling | None:
            ruling = says(known, asked, law)
            return None if ruling is None else change(ruling)

        return changed

    return wrapped(name, answered)


def first_of(*ids: str) -> Rules:
    """The table with some rules asked before all others."""
    lifted: tuple[Rule, ...] = tuple(rule for rule in RULES.table if rule.id in ids)
    return replace(RULES, table=(*lifted, *(rule for rule in RULES.table if rule.id not in ids)))


def consents(facts: Facts, **set_to: Any) -> Facts:
    """The facts with every declaration changed."""
    return replace(facts, consents=tuple(replace(one, **set_to) for one in facts.consents))


def opening(when: Callable[[Facts, Ask], bool], rule: str = "C1") -> Rules:
    """The table with a rule before all others that lets everything pass on some facts."""
    carried = Ruling(
        effect="permit",
        facets=EVERYTHING,
        rules=(rule,),
        secrecy_basis="RELEASE_CONSENT",
        processing_basis="COOP_PROCESSING",
        must_consent=("child",),
    )
    says = Rule(
        id=rule, part="protection", effect="permit", says=lambda facts, ask, law: carried if when(facts, ask) else None
    )
    return replace(RULES, table=(says, *RULES.table))
