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
        effects = {"permit"} if told else set()
    else:
        sorts = _sorts(kind or "")
        told = {name: facets[sorts.get(name, "narrative")] for name in fields}
        effects = set(told.values())
    if "permit" not in effects:
        effect = "hold" if "hold" in effects or ruling.effect == "hold" else "deny"
    else:
        effect = "permit" if len(effects) == 1 else "partial"
    leaves = effect in _LEAVES
    rules, task, cause, unknown = ruling.rules, ruling.task, ruling.cause, ruling.unknown
    if ruling.effect == "permit":
        if not told:
            rules, task, cause, unknown = (*rules, "X4"), "find_facts", "unknown", ("item.fields",)
        elif effect != "permit":
            # What a protected address keeps back is asked back where it went before.
            cause = "protected"
        if told and "hold" not in effects:
            task = None
    return Decision(
        effect=effect,
        fields=told,
        rules=rules,
        secrecy_basis=ruling.secrecy_basis if leaves else None,
        processing_basis=ruling.processing_basis if leaves else None,
        must_consent=ruling.must_consent,
        missing=ruling.missing,
        inform=ruling.inform,
        heard=ruling.heard,
        obligations=ruling.obligations,
        task=task,
        cause=cause,
        unknown=unknown,
    )


_LEAVES = frozenset({"permit", "partial"})


@cache
def _sorts(kind: str) -> Mapping[str, Facet]:
    return model.FACETS.get(kind, {})


__all__ = [
    "Ask", "Block", "ConsentFact", "Decision", "Duty", "Exclusion", "Facts", "Forbid", "Guardian", "Need", "Party",
    "Policy", "Refusal", "Rules", "Ruling", "Someone", "answer", "decide", "rule_on",
]  # fmt: skip
