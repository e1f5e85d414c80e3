"""``bti preview``: what a withdrawal, a yes or a rule would do, before anybody does it. Nothing is changed anywhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import msgspec

from gateway.core import casefile
from gateway.core.casefile import CaseFile
from gateway.core.declaring import declare, given_by, withdraw
from gateway.core.facts import Restriction
from gateway.core.known import Facts, Policy
from gateway.core.model import Fault, check, moment
from gateway.core.outgo import plan
from gateway.core.preview import ASKED, Effect, Fields, Glance, compare, narrowing
from gateway.run.acts import ActFault, blocked, origin_of, said
from gateway.run.explaining import decisions_of, facts_of
from gateway.run.outlet import live
from gateway.run.world import World
from gateway.store import Tx

NEW = "new"
"""What stands for the id of an item that the change would make."""

PAGE = 300
"""Cases that are looked at in one transaction."""

Change = Callable[[CaseFile], Sequence[Restriction]]
"""Changes a case file in place, and says what would be restricted beside."""


def preview_withdraw(
    world: World,
    case: str,
    *,
    giver: str,
    services: Sequence[str] = (),
    consent: str | None = None,
    by: str = "",
    categories: Sequence[str] = (),
) -> dict[str, Any]:
    """Who would lose which field if a giver took a consent back, what stops, and what is out already.

    Raises ``ActFault`` (``act.unknown_case``, ``act.no_consent``).
    """
    now = moment(world.clock())
    held = world.store.vault.restrictions(cases=[case])
    before = {one.detail["consent"] for one in held if one.kind == "withdrawal"}

    def change(file: CaseFile) -> list[Restriction]:
        mine = given_by(file, giver, consent)
        if not mine:
            raise ActFault("act.no_consent", "giver")
        news = count()
        withdraw(
            file=file, consents=mine, before=before, services=services, categories=categories, now=now, by=by,
            fresh=lambda: f"{NEW}-{made}" if (made := next(news)) else NEW,
        )  # fmt: skip
        return [
            Restriction(kind="withdrawal", case=case, person=giver, detail={"consent": one, "at": now}) for one in mine
        ]

    return _of_case(world, case, change)


def preview_grant(world: World, case: str, *, by: str, unit: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Who would gain which field if a person of the case said yes. ``fields`` are those of a ``consent``.

    Raises ``ActFault`` (``act.unknown_case``, ``act.value`` naming the field, ``act.unknown_person``,
    ``act.not_family``).
    """
    try:
        plain = check("consent", {**fields, "recorded_by": by})
    except Fault as fault:
        raise ActFault("act.value", fault.path) from None

    def change(file: CaseFile) -> list[Restriction]:
        said(file, plain)
        declare(file=file, item=NEW, fields=plain, origin=origin_of(world, unit))
        return []

    return _of_case(world, case, change)


def preview_said(world: World, case: str, *, by: str, unit: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Who would gain or lose which field if a person of the case said yes or no: ``fields`` tell which.

    Raises as ``preview_grant``.
    """
    if fields.get("decision") != "refused":
        return preview_grant(world, case, by=by, unit=unit, fields=fields)
    try:
        plain = check("consent", {**fields, "recorded_by": by})
    except Fault as fault:
        raise ActFault("act.value", fault.path) from None
    told = {"by": plain["by"], "purpose": plain["purpose"], "at": plain.get("given") or moment(world.clock())}

    def change(file: CaseFile) -> list[Restriction]:
        said(file, plain)
        declare(file=file, item=NEW, fields=plain, origin=origin_of(world, unit))
        return [Restriction(kind="refusal", case=case, person=plain["by"], detail=told)]

    return _of_case(world, case, change)


def preview_block(
    world: World, case: str, *, service: str | None, valid_from: str | None, valid_to: str | None
) -> dict[str, Any]:
    """What shutting a service (``None``: every one) out of a case would stop, and what is out already.

    Raises ``ActFault`` as ``acts.set_block``.
    """
    detail = blocked(service=service, valid_from=valid_from, valid_to=valid_to)
    return _of_case(world, case, lambda _: [Restriction(kind="block", case=case, person=None, detail=detail)])


def preview_rule(
    world: World,
    *,
    self_consent_age: int | None = None,
    both_guardians: bool | None = None,
    forbid: Mapping[str, str] | None = None,
    case: str | None = None,
    most: int | None = None,
    move: Callable[[int], None] = lambda _: None,
) -> dict[str, Any]:
    """What another policy or a further rule would do, in one case or in all. ``move`` is told how many were looked at.
    ``most`` ends it when so many have been.

    ``forbid`` is a rule that narrows: nothing leaves that meets all of its conditions (``core.preview.ASKED``). What
    is not named stays as it is. Raises ``ActFault`` (``act.unknown_case``, ``act.value`` for a condition that no
    question to the gate has).
    """
    if unknown := sorted(set(forbid or ()) - ASKED.keys()):
        raise ActFault("act.value", f"forbid.{unknown[0]}")
    rules = world.rules
    if forbid:
        rules = msgspec.structs.replace(rules, extra=(*rules.extra, narrowing(forbid)))
    trial = msgspec.structs.replace(world, rules=rules)
    now = world.policy()
    policy = msgspec.structs.replace(
        now,
        self_consent_age=now.self_consent_age if self_consent_age is None else self_consent_age,
        both_guardians=now.both_guardians if both_guardians is None else both_guardians,
    )
    cases = []
    looked = 0
    for tx, ids in _pages(world, case):
        flows = {name: live(tx, name) for name in _receivers(world)}
        for one, (_, body) in tx.load_cases(ids).items():
            file = casefile.decode(body)
            facts = facts_of(world, file, world.clock())
            changed = _effects(flows, (world, file, facts), (trial, file, with_policy(facts, policy)))
            if changed:
                cases.append({"case": one, "receivers": changed})
            looked += 1
        move(len(ids))
        if most is not None and looked >= most:
            break
    if case is not None and not looked:
        raise ActFault("act.unknown_case", "case")
    return {"cases": looked, "changed": cases, "counts": _counted(cases)}


def with_policy(facts: Facts, policy: Policy) -> Facts:
    """The same facts under another policy, with nothing that was worked out under the first."""
    return msgspec.structs.replace(facts, policy=policy)


def _pages(world: World, case: str | None) -> Iterator[tuple[Tx, list[str]]]:
    after = ""
    while True:
        with world.store.read() as tx:
            ids = [case] if case is not None else tx.case_ids(after=after, limit=PAGE)
            if not ids:
                return
            yield tx, ids
        if case is not None:
            return
        after = ids[-1]


def _of_case(world: World, case: str, change: Change) -> dict[str, Any]:
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
        if found is None:
            raise ActFault("act.unknown_case", "case")
        flows = {name: live(tx, name) for name in _receivers(world)}
        out = tx.disclosed(case)
    before, after = casefile.decode(found[1]), casefile.decode(found[1])
    restricted = change(after)
    now = world.clock()
    changed = _effects(
        flows,
        (world, before, facts_of(world, before, now)),
        (world, after, facts_of(world, after, now, extra=restricted)),
    )
    kinds = {item: entry.kind for item, entry in (before.items | after.items).items()}
    return {
        "case": case,
        "at": now.isoformat(),
        "receivers": changed,
        "kinds": {item: kinds[item] for item in sorted(_items(changed)) if item in kinds},
        "out": [
            {
                "system": one.system, "item": one.item, "kind": kinds.get(one.item), "fields": list(one.fields),
                "first": one.first.isoformat(), "last": one.last.isoformat(), "times": one.times,
                "retracted": one.retract_state,
            }
            for one in out
        ],
    }  # fmt: skip


def _items(changed: Mapping[str, Mapping[str, Any]]) -> set[str]:
    return {item for told in changed.values() for part in _PARTS for item in told[part]}


_PARTS = ("loses", "gains", "stops", "starts", "asked_back")

Side = tuple[World, CaseFile, Facts]


def _effects(flows: Mapping[str, frozenset[str]], now: Side, then: Side) -> dict[str, dict[str, Any]]:
    """What changes for each receiver, by its system; those for whom nothing does are absent."""
    changed = {}
    for name, open_flows in flows.items():
        effect = compare(_glance(name, open_flows, *now), _glance(name, open_flows, *then))
        if not effect.nothing:
            changed[name] = _told(now[0], name, effect)
    return changed


def _glance(name: str, flows: frozenset[str], world: World, file: CaseFile, facts: Facts) -> Glance:
    receiver = world.receiver(world.settings.systems[name], lambda source: source in flows)
    return Glance(
        decisions=decisions_of(world, file, name, facts, flows=flows),
        plan=plan(file=file, facts=facts, receiver=receiver, parties=world.parties(), rules=world.rules),
    )


def _told(world: World, name: str, effect: Effect) -> dict[str, Any]:
    """An effect as plain values, and what the receiver can do about what it is asked to give back."""
    able = world.adapters[name].capabilities
    parts: dict[str, Fields] = {part: getattr(effect, part) for part in _PARTS}
    return {
        "unit": world.settings.systems[name].unit,
        "service": world.party(world.settings.systems[name]).service,
        **{part: {item: list(names) for item, names in fields.items()} for part, fields in parts.items()},
        "gives_back": "itself" if able.retracts else "by_hand" if able.manual else "cannot",
    }


def _counted(cases: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """How many fields each receiver loses, gains and so on, over all cases."""
    counts: dict[str, dict[str, int]] = {}
    for one in cases:
        for name, told in one["receivers"].items():
            sums = counts.setdefault(name, dict.fromkeys(("cases", *_PARTS), 0))
            sums["cases"] += 1
            for part in _PARTS:
                sums[part] += sum(map(len, told[part].values()))
    return counts


def _receivers(world: World) -> list[str]:
    return [name for name, adapter in world.adapters.items() if adapter.capabilities.writes]


__all__ = ["ASKED", "preview_block", "preview_grant", "preview_rule", "preview_said", "preview_withdraw"]
