"""The table of rules: sentences with ids that permit or forbid; what none of them permits is denied."""

from collections.abc import Callable

from msgspec import Struct

from gateway.core.ask import NOTHING, Ask, Ruling
from gateway.core.known import Facts


class Forbid(Struct, frozen=True, kw_only=True):
    """A further rule that forbids, from a plugin or a municipality. It can narrow what the table permits, never widen.

    ``applies`` is pure; when it raises, the ask is denied. ``sentence`` says the rule, by language (nb, nn, en).
    """

    id: str
    applies: Callable[[Facts, Ask], bool]
    sentence: dict[str, str] = {}


class Rules(Struct, frozen=True, kw_only=True):
    """The table with the law that it stands on."""


RULES = Rules()


def rule_on(facts: Facts, ask: Ask, rules: Rules = RULES, extra: tuple[Forbid, ...] = ()) -> Ruling:
    """What the gate says about an ask. Never raises: what breaks denies."""
    return Ruling(effect="deny", facets=NOTHING, rules=("X1",), cause="rule")
