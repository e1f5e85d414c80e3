"""Reports to child welfare: what goes, decided by the duty alone.

No consent, refusal, block, plugin's rule or flow is asked: a refusal never stops a duty (barnevernsloven § 13-2 and the
acts beside it). What can hold a report is a protected address, and then a named person can send it at once. The gateway
never judges whether the threshold is met.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from gateway.core.ask import Ask, Decision, Duty, Party
from gateway.core.casefile import CaseFile, Entry, Filed, Peer
from gateway.core.facts import STRICTNESS
from gateway.core.known import Facts, Someone
from gateway.core.release import Release, release
from gateway.core.rules import Rules
from gateway.core.sendings import Plan, Sending, Withheld

KIND = "child_welfare_report"
OLD = timedelta(days=7)
"""A report that is older than this when a system first tells of it was dealt with elsewhere, or forgotten: a person
says which. Ours."""

_WAITS = frozenset({None, "filed"})
_CHILD = "child"
_OWN = frozenset({"status"})
"""What is ours about a report, and no part of it."""


def duty_alone(rules: Rules) -> Rules:
    """The part of the table that speaks of a duty: address protection, and the duties. Nothing narrows it."""
    return Rules(law=rules.law, table=tuple(one for one in rules.table if one.part in {"protection", "duty"}))


def waiting(file: CaseFile, carriers: Iterable[str]) -> Iterator[tuple[str, Entry]]:
    """Reports of a case that have not gone: not by any of the carriers, nor on paper, nor by their own system."""
    systems = list(carriers)
    for item, entry in file.of_kind(KIND):
        peers = [file.peers.get(system, {}).get(item) or Peer() for system in systems]
        gone = any(one.native is not None or one.refused for one in peers)
        by_hand = file.reports.get(item, Filed()).by_hand
        if not gone and not by_hand and entry.fields.get("status") in _WAITS:
            yield item, entry


def is_old(file: CaseFile, item: str, entry: Entry) -> bool:
    """Whether a system told of it long after it was filed. What was filed here never is."""
    filed, came = _day(entry.fields.get("filed_on")), _day(entry.recorded)
    return item not in file.reports and filed is not None and came is not None and came - filed > OLD


def _day(told: Any) -> date | None:
    return date.fromisoformat(told[:10]) if isinstance(told, str) and len(told) >= 10 else None


def strictest(levels: Iterable[str | None]) -> str | None:
    """The strictest grade among several; ``None`` where one is not known and none is strict."""
    found = list(levels)
    known = [one for one in found if one in STRICTNESS]
    top = max(known, key=STRICTNESS.index, default=None)
    if top in {"strict", "strict_abroad"}:
        return top
    return None if len(known) < len(found) or not found else top


def plan_reports(
    *,
    file: CaseFile,
    protection: str | None,
    system: str,
    carriers: Iterable[str],
    parties: Mapping[str, Party],
    at: datetime,
    rules: Rules,
) -> Plan:
    """What of a case's reports goes to a system now, and what is held and why. ``protection`` is everybody's."""
    planned = Plan(sendings=[], retractions=[], withheld=[])
    for item, entry in waiting(file, carriers):
        if entry.origin.system == system:
            continue
        made, decision = released(
            file=file, item=item, entry=entry, protection=protection, system=system, parties=parties, at=at, rules=rules
        )
        names = tuple(name for name in entry.fields if name not in _OWN)
        if made is None or is_old(file, item, entry):
            planned.withheld.append(Withheld(item=item, kind=KIND, fields=names, decision=decision))
            continue
        planned.sendings.append(
            Sending(
                release=made,
                decision=decision,
                create=True,
                values={item: dict(made.fields)},
                decisions={item: decision},
            )
        )
    return planned


def released(
    *,
    file: CaseFile,
    item: str,
    entry: Entry,
    protection: str | None,
    system: str,
    parties: Mapping[str, Party],
    at: datetime,
    rules: Rules,
) -> tuple[Release | None, Decision]:
    """One report as far as the duty carries it, and the decision that says so.

    Whose duty it is follows from the unit that the report comes from, whatever the report says. Where a place may not
    be told, the addresses of the people in it are left out as well.
    """
    filed = file.reports.get(item, Filed())
    origin, fields = entry.origin, {name: value for name, value in entry.fields.items() if name not in _OWN}
    if protection != "none":
        fields = {name: _without_address(value) if name in _PEOPLE else value for name, value in fields.items()}
    ask = Ask(
        kind=KIND,
        domain=str(origin.domain),
        category=KIND,
        about=(_CHILD,),
        withheld_from_parents=entry.withheld_from_parents,
        sender=Party(service=origin.service, unit=origin.unit, body=origin.body, sector="public"),
        receiver=parties[system],
        purpose="child_welfare",
        duty=Duty(code=fields.get("duty"), ground=fields.get("ground"), filed_by=origin.service),
        authorised=filed.sent_by is not None,
    )
    facts = Facts(at=at, subject=Someone(id=_CHILD, protection=protection))
    return release(
        facts=facts,
        groups=[(ask, fields)],
        memo={},
        rules=duty_alone(rules),
        wanted=tuple(fields),
        system=system,
        kind=KIND,
        id=item,
        case=file.id,
        category=KIND,
    )


_PEOPLE = frozenset({"children", "guardians"})


def _without_address(people: Any) -> Any:
    return [{name: value for name, value in one.items() if name != "address"} for one in people or ()]


def moved_on(file: CaseFile, item: str, status: str) -> list[tuple[str, str, Any, Any, str | None]]:
    """Note how far a report has come; the change, or nothing where it has come as far already."""
    entry = file.items.get(item)
    if entry is None or entry.kind != KIND or entry.deleted:
        return []
    before = entry.fields.get("status")
    if before in _STEPS and status in _STEPS and _STEPS.index(before) >= _STEPS.index(status):
        return []
    entry.fields["status"] = status
    return [(item, "status", before, status, None)]


_STEPS = ("filed", "sent", "delivered", "confirmed")


def numbers_in(entry: Entry) -> list[str]:
    """The person numbers in a report."""
    found = [one.get("number") for who in ("children", "guardians") for one in entry.fields.get(who) or ()]
    return [one for one in dict.fromkeys(found) if one]


def with_filed(file: CaseFile, item: str, **change: Any) -> None:
    """Change what is known here of a report."""
    file.reports[item] = msgspec.structs.replace(file.reports.get(item, Filed()), **change)
