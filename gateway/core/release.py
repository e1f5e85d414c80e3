"""What may leave. Only ``release`` in this module makes a ``Release``, and only a ``Release`` reaches an adapter."""

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from gateway.core.ask import Ask, Decision, Ruling
from gateway.core.consent import answer
from gateway.core.known import Facts
from gateway.core.rules import RULES, TABLE, Rules, rule_on, twin


class Address(Struct, frozen=True, kw_only=True, gc=False):
    """Where somebody is reached, by a register's word: an id in the register, a name, and what they are a part of."""

    id: str
    name: str
    parent_id: str
    parent_name: str


class Release(Struct, frozen=True, kw_only=True, gc=False):
    """One item, as far as the gate lets it go to one receiver.

    ``fields`` holds the released values in canonical writing (plain values; dates as ISO strings); ``changed`` names
    those that the receiver has not got yet; ``refs`` gives the receiver's own ids for the things that fields point
    to. ``native_id`` and ``version`` are the receiver's own for an item that it already holds. ``parts`` are the
    case's other items, for a receiver that takes whole cases. ``retracts`` names fields to take back; with
    ``retract_all`` the whole item. ``category``, ``about`` (ids that ``refs`` knows) and
    ``withheld_from_parents`` are the item's own header, as far as the receiver is told. ``former`` is the receiver's id
    of what it got of this case before, where the log was opened again since and has ended again: this comes after it.
    ``to`` is whom it goes to, for one who passes things on to somebody else in each case.
    """

    system: str
    kind: str
    id: str
    case: str
    fields: Mapping[str, Any]
    changed: tuple[str, ...] = ()
    case_native_id: str | None = None
    native_id: str | None = None
    version: str | None = None
    refs: Mapping[str, str] = {}
    parts: tuple["Release", ...] = ()
    retracts: tuple[str, ...] = ()
    retract_all: bool = False
    decision: str = ""
    category: str | None = None
    about: tuple[str, ...] = ()
    withheld_from_parents: bool | None = None
    former: str | None = None
    to: Address | None = None


Group = tuple[Ask, Mapping[str, Any]]
"""Fields that one party wrote, with their values, and the question that the gate is asked about them."""


_CAUSES = ("withdrawn", "refused", "blocked", "protected", "expired", "missing", "unknown", "rule")
"""The cause to tell when parts of an item have several: first those that take back what was sent."""

TAKEN_BACK = Decision(effect="permit", fields={}, rules=("X10",))
"""Of a release without a field: it takes back, and holds only what the receiver knows itself, so it always goes."""


def release(
    *,
    facts: Facts,
    groups: Sequence[Group],
    memo: MutableMapping[Ask, Ruling],
    wanted: Collection[str],
    system: str,
    kind: str,
    id: str,  # noqa: A002 - the release's own name for it
    case: str,
    parts: tuple[Release, ...] = (),
    retracts: tuple[str, ...] = (),
    retract_all: bool = False,
    rules: Rules = RULES,
    **address: Any,
) -> tuple[Release | None, Decision]:
    """What of an item may go to a system now, and the decision that says so.

    ``groups`` are the item's fields by the party that wrote them, since what a field may do depends on whose it is.
    ``memo`` keeps rulings, so that items that share the facts are decided once; it holds for one ``facts`` only.
    ``wanted`` names the fields that the receiver lacks. ``retracts`` and ``retract_all`` make a release that carries no
    value and takes back; it always goes. ``address`` are the other fields of ``Release``.

    Returns no release where no field is permitted.
    """
    if len(groups) == 1:
        [(ask, told)] = groups
        decision = answer(_ruled(facts, ask, memo, rules), kind=kind, fields=told)
    else:
        told = {name: value for _, each in groups for name, value in each.items()}
        decision = _together([answer(_ruled(facts, ask, memo, rules), kind=kind, fields=each) for ask, each in groups])
    if retracts or retract_all:
        values: dict[str, Any] = {}
    elif decision.effect == "permit":
        values = dict(told)
    else:
        values = {name: value for name, value in told.items() if decision.fields[name] == "permit"}
    if not values and not (retracts or retract_all):
        return None, decision
    made = Release(
        system=system,
        kind=kind,
        id=id,
        case=case,
        fields=values,
        changed=tuple([name for name in wanted if name in values]),
        parts=parts,
        retracts=retracts,
        retract_all=retract_all,
        **address,
    )
    return made, decision


def addressed(made: Release, *, native_id: str, version: str | None) -> Release:
    """A release told of the receiver's own id, found out since. What it carries stays."""
    return msgspec.structs.replace(made, native_id=native_id, version=version)


def _ruled(facts: Facts, ask: Ask, memo: MutableMapping[Ask, Ruling], rules: Rules) -> Ruling:
    ruling = memo.get(ask)
    if ruling is None:
        same = twin(facts, ask) if rules.table is TABLE and not rules.extra else ask
        ruling = memo.get(same)
        if ruling is None:
            ruling = memo[same] = rule_on(facts, same, rules)
        memo[ask] = ruling
    return ruling


def _together(told: Sequence[Decision]) -> Decision:
    """One decision on an item whose fields several parties wrote: every reason is kept."""
    if not told:
        return TAKEN_BACK
    fields = {name: effect for one in told for name, effect in one.fields.items()}
    effects = set(fields.values())
    if "permit" in effects:
        effect = "permit" if len(effects) == 1 else "partial"
    else:
        effect = "hold" if "hold" in effects else "deny"

    def every(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for one in told for value in getattr(one, name)))

    first = next((one for one in told if one.effect in {"permit", "partial"}), told[0])
    return Decision(
        effect=effect,
        fields=fields,
        rules=every("rules"),
        secrecy_basis=first.secrecy_basis,
        processing_basis=first.processing_basis,
        must_consent=every("must_consent"),
        missing=every("missing"),
        inform=every("inform"),
        heard=every("heard"),
        obligations=every("obligations"),
        task=next((one.task for one in told if one.task is not None), None),
        cause=min((one.cause for one in told if one.cause is not None), key=_CAUSES.index, default=None),
        unknown=every("unknown"),
    )
