"""What the gateway tells about itself: the state of the lanes, flows, consents, who got what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.core import casefile
from gateway.run import noticing, webhooks
from gateway.run.acts import ActFault
from gateway.run.handed import report
from gateway.run.world import World


def status(world: World, *, cases: bool = True) -> dict[str, Any]:
    """Systems and their lanes, what is due (the oldest first), open tasks, quarantine, flows, and what is broken.

    How many ``cases`` there are is counted where it is asked for: that alone grows with all of them.
    """
    with world.store.read() as tx:
        lanes, due = tx.lanes(), tx.due_counts()
        tasks, held, paused = tx.task_counts(), tx.quarantine_counts(), tx.paused()
        known = tx.case_count() if cases else None
        asked, notices, hooks = tx.order_counts(), noticing.told(world, tx), webhooks.told(tx)
    uncertain = world.store.vault.unfinished_counts()
    systems = []
    for name, system in world.settings.systems.items():
        lane, waiting, back = lanes.get(name), due.get(name), asked.get(name)
        systems.append(
            {
                "system": name,
                "adapter": system.adapter,
                "broken": world.broken.get(name),
                "last_success": _iso(lane.last_success) if lane else None,
                "last_error": lane.last_error if lane else None,
                "error_at": _iso(lane.error_at) if lane else None,
                "due": waiting[0] if waiting else 0,
                "oldest_due": _iso(waiting[1]) if waiting else None,
                "quarantined": held.get(name, 0),
                "uncertain": uncertain.get(name, 0),
                "asked_back": back[0] if back else 0,
                "oldest_asked": _iso(back[1]) if back else None,
            }
        )
    systems.sort(key=lambda one: (one["oldest_due"] is None, one["oldest_due"] or "", one["system"]))
    return {
        "tenant": world.settings.tenant,
        "cases": known,
        "paused": paused,
        "rules_missing": [{"plugin": name, "code": code} for name, code in world.closed.items()],
        "systems": systems,
        "tasks": tasks,
        "notices": notices,
        "webhooks": hooks,
        "due": sum(count for count, _ in due.values()),
        "asked_back": sum(count for count, _ in asked.values()),
    }


def flows(world: World) -> list[dict[str, Any]]:
    """Every pair of systems between which records can go, and whether they may."""
    with world.store.read() as tx:
        known = {(flow.source, flow.target): flow for flow in tx.flows()}
        paused = tx.paused()
    told = []
    for source in world.settings.systems:
        for target, adapter in world.adapters.items():
            if source == target or not adapter.capabilities.writes:
                continue
            flow = known.get((source, target))
            told.append(
                {
                    "from": source,
                    "to": target,
                    "state": flow.state if flow else "shadow",
                    "by": flow.by if flow else None,
                    "at": _iso(flow.at) if flow else None,
                    "sending": bool(flow and flow.state == "approved" and not paused),
                }
            )
    return told


def disclosures(world: World, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """Who got what between two times, the end not included: pseudonyms, field names, rules; no content."""
    told: list[dict[str, Any]] = report(world, start, end)["disclosures"]
    return told


def consents(world: World, case: str) -> dict[str, Any]:
    """A case's consents, refusals and blocks, and the persons in it by id and role (no names).

    Raises ``ActFault`` (``act.unknown_case``).
    """
    with world.store.read() as tx:
        found = tx.load_cases([case]).get(case)
    if found is None:
        raise ActFault("act.unknown_case", "case")
    file = casefile.decode(found[1])
    people: list[Mapping[str, Any]] = [
        {"person": item, "role": entry.fields.get("role")} for item, entry in file.of_kind("person")
    ]
    return {
        "case": case,
        "people": people,
        "consents": [{"id": item, **entry.fields} for item, entry in file.of_kind("consent")],
        "restrictions": [
            {"id": one.id, "kind": one.kind, "person": one.person, "at": one.at.isoformat(), "by": one.by, **one.detail}
            for one in world.store.vault.restrictions(cases=[case])
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
