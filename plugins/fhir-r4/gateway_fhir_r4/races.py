"""Two who make the same thing at the same time: afterwards there is one of it, and both name the same one."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.sdk import Log, Uncertain
from gateway_fhir_r4.compose import Draft
from gateway_fhir_r4.wire import MOST, Done, Outcome, Wire


def settle(wire: Wire, drafts: Sequence[Draft], outcomes: Mapping[str, Outcome], log: Log) -> dict[str, Outcome]:
    """Look for what was just made once more, and where there are several keep the oldest.

    A server that makes things on a condition may still let two through at once, and one that has no conditions always
    does. Both who raced choose the same, so neither has to know of the other. Of a person that two have made nothing is
    deleted, since others may point to either: the outcome is uncertain, and a person looks.
    """
    settled = dict(outcomes)
    by_kind: dict[str, list[tuple[str, Draft]]] = {}
    for draft in drafts:
        outcome = outcomes.get(draft.native)
        if isinstance(outcome, Done) and outcome.made and draft.none_exist is not None:
            by_kind.setdefault(draft.kind, []).append((draft.none_exist.removeprefix("identifier="), draft))
    for kind, made in by_kind.items():
        for at in range(0, len(made), MOST):
            some = made[at : at + MOST]
            found = wire.search(kind, {"identifier": ",".join(key for key, _ in some)})
            for key, draft in some:
                same = sorted((one for one in found if key in _identifiers(one)), key=_age)
                if len(same) > 1:
                    log.warning("fhir.duplicate", type=kind)
                    settled[draft.native] = _chosen(wire, kind, same, settled[draft.native])
    return settled


def _chosen(wire: Wire, kind: str, same: Sequence[Mapping[str, Any]], mine: Outcome) -> Outcome:
    oldest = f"{kind}/{same[0]['id']}"
    if not isinstance(mine, Done) or mine.native == oldest:
        return mine
    if kind in {"Patient", "RelatedPerson", "Practitioner"} or not wire.able().of(kind).deletes:
        return Uncertain("fhir.duplicate")
    if not wire.delete(mine.native):
        return Uncertain("fhir.duplicate")
    version = same[0].get("meta", {}).get("versionId")
    return Done(native=oldest, version=version, made=False)


def _identifiers(resource: Mapping[str, Any]) -> set[str]:
    return {f"{one.get('system')}|{one.get('value')}" for one in resource.get("identifier", [])}


def _age(resource: Mapping[str, Any]) -> tuple[str, str]:
    return str(resource.get("meta", {}).get("lastUpdated", "")), str(resource.get("id", ""))
