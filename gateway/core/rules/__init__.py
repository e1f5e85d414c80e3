"""The table of rules: sentences with ids that permit or forbid.

They stand in the order in which the law asks them: address protection, duty, what stops all but a duty, statutory
sharing, consent. The first that speaks decides, and in each part those that forbid stand before those that permit.
What none of them permits is denied; a rule that raises denies.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from gateway.core.ask import Ask, Ruling
from gateway.core.known import Facts
from gateway.core.law import Law
from gateway.core.law.generated.current import CURRENT
from gateway.core.model.codes import ITEM_KINDS
from gateway.core.rules import consents, duties, protection, sharing
from gateway.core.rules.verdict import deny

Part = Literal["protection", "duty", "stop", "sharing", "consent"]


class Rule(Struct, frozen=True, kw_only=True):
    """One sentence of the table. ``says`` answers an ask, or ``None`` when it does not speak of it."""

    id: str
    part: Part
    effect: Literal["permit", "forbid"]
    says: Callable[[Facts, Ask, Law], Ruling | None]


class Forbid(Struct, frozen=True, kw_only=True):
    """A further rule that forbids, from a plugin or a municipality. It narrows what the table permits, never a duty.

    ``applies`` is pure; when it raises, the ask is denied. ``sentence`` says the rule, by language (nb, nn, en).
    ``task`` is what a person must then do, if anything.
    """

    id: str
    applies: Callable[[Facts, Ask], bool]
    sentence: Mapping[str, str] = MappingProxyType({})
    task: str | None = None


class Rules(Struct, frozen=True, kw_only=True):
    """The table with the law that it stands on, and the further rules that a municipality has."""

    law: Law
    table: tuple[Rule, ...]
    extra: tuple[Forbid, ...] = ()


def _rule(id: str, part: Part, effect: Literal["permit", "forbid"], says: Callable[..., Ruling | None]) -> Rule:  # noqa: A002
    return Rule(id=id, part=part, effect=effect, says=says)


TABLE = (
    _rule("X2", "protection", "forbid", protection.wonder_note),
    _rule("X9", "protection", "forbid", protection.unnamed),
    _rule("B1", "protection", "forbid", protection.strict),
    _rule("X4", "protection", "forbid", protection.unsure),
    _rule("B2", "protection", "forbid", protection.confidential),
    _rule("B3", "duty", "permit", duties.report),
    _rule("B4", "duty", "permit", duties.order),
    _rule("B5", "duty", "permit", duties.danger),
    _rule("X7", "stop", "forbid", sharing.blocked),
    _rule("X5", "stop", "forbid", sharing.report_without_duty),
    _rule("X6", "stop", "forbid", sharing.withheld_of_a_small_child),
    _rule("C21", "stop", "forbid", sharing.own_view),
    _rule("B6", "sharing", "permit", sharing.health_team),
    _rule("B7", "sharing", "permit", sharing.school_move),
    _rule("B8", "sharing", "permit", sharing.same_body),
    _rule("B9", "sharing", "permit", sharing.child_welfare_task),
    _rule("C1-C26", "consent", "permit", consents.by_consent),
)

RULES = Rules(law=CURRENT, table=TABLE)
"""The table on the law as it stands in this version of the program."""


def rule_on(facts: Facts, ask: Ask, rules: Rules = RULES, extra: tuple[Forbid, ...] = ()) -> Ruling:
    """What the gate says about an ask. Never raises: what breaks denies (X3). ``extra`` never stops a duty."""
    if rules.extra:
        extra = (*rules.extra, *extra)
    asked = not extra
    for rule in rules.table:
        if not asked and rule.part not in {"protection", "duty"}:
            asked = True
            narrowed = _narrowed(facts, ask, extra)
            if narrowed is not None:
                return narrowed
        try:
            ruling = rule.says(facts, ask, rules.law)
        except Exception:  # noqa: BLE001 - whatever breaks in a rule, nothing leaves
            return deny(rule.id, "X3", task="repair_rule")
        if ruling is not None:
            return ruling
    return deny("X1")


_ORDINARY = ITEM_KINDS - {"wonder_note", "child_welfare_report", "person"}


def twin(facts: Facts, ask: Ask) -> Ask:
    """A question of the same answer under the table, so that the items of a case need one answer between them.

    The table tells ordinary kinds and categories apart only where a declaration does.
    """
    if ask.kind not in _ORDINARY or ask.category not in _ORDINARY or facts.by_kind:
        return ask
    return Ask(
        kind="concern",
        domain=ask.domain,
        category="concern",
        about=ask.about,
        withheld_from_parents=ask.withheld_from_parents,
        sender=ask.sender,
        receiver=ask.receiver,
        purpose=ask.purpose,
        need=ask.need,
        duty=ask.duty,
        level=ask.level,
    )


def _narrowed(facts: Facts, ask: Ask, extra: tuple[Forbid, ...]) -> Ruling | None:
    for one in extra:
        try:
            applies = one.applies(facts, ask)
        except Exception:  # noqa: BLE001 - a plugin's rule that breaks denies as well
            return deny(one.id, "X3", task="repair_rule")
        if applies is not False:
            return deny(one.id, task=one.task)
    return None
