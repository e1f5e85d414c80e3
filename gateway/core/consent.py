"""The gate's question and answer: may this item, and which of its fields, leave from here to there, now.

Order: address protection, overriding duty, statutory sharing, consent, deny. The table stands in
``gateway.core.rules``; what it is decided on in ``gateway.core.known``; the question in ``gateway.core.ask``.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from gateway.core import model
from gateway.core.ask import EVERYTHING, Ask, Decision, Duty, Need, Party, Ruling
from gateway.core.known import Block, ConsentFact, Facts, Guardian, Policy, Refusal, Someone
from gateway.core.model import Exclusion, Facet
from gateway.core.rules import RULES, Forbid, Rules, rule_on


def decide(
    facts: Facts, ask: Ask, fields: Iterable[str], rules: Rules = RULES, extra: tuple[Forbid, ...] = ()
) -> Decision:
    """The decision on an item's fields. ``extra`` are further rules that forbid (a plugin may only narrow)."""
    return answer(rule_on(facts, ask, rules, extra), kind=ask.kind, fields=fields)


def answer(ruling: Ruling, *, kind: str | None, fields: Iterable[str]) -> Decision:
    """A ruling told of the fields that were asked for. With no fields at all nothing is permitted."""
    facets = ruling.facets
    if facets is EVERYTHING:
        told = dict.fromkeys(fields, "permit")
    else:
        sorts = _sorts(kind or "")
        told = {name: facets[sorts.get(name, "narrative")] for name in fields}
    effects = set(told.values())
    if "permit" not in effects:
        effect = "hold" if "hold" in effects or ruling.effect == "hold" else "deny"
    else:
        effect = "permit" if len(effects) == 1 else "partial"
    # What a protected address keeps back of an item that otherwise may go, is asked back where it went before.
    narrowed = ruling.effect == "permit" and effect != "permit" and bool(told)
    return Decision(
        effect=effect,
        fields=told,
        rules=ruling.rules,
        secrecy_basis=ruling.secrecy_basis,
        processing_basis=ruling.processing_basis,
        must_consent=ruling.must_consent,
        missing=ruling.missing,
        inform=ruling.inform,
        heard=ruling.heard,
        obligations=ruling.obligations,
        task=None if ruling.effect == "permit" and "hold" not in effects else ruling.task,
        cause="protected" if narrowed else ruling.cause,
        unknown=ruling.unknown,
    )


@cache
def _sorts(kind: str) -> Mapping[str, Facet]:
    return model.FACETS.get(kind, {})


__all__ = [
    "Ask", "Block", "ConsentFact", "Decision", "Duty", "Exclusion", "Facts", "Forbid", "Guardian", "Need", "Party",
    "Policy", "Refusal", "Rules", "Ruling", "Someone", "answer", "decide", "rule_on",
]  # fmt: skip
