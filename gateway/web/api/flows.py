"""What moves: systems, flows, and the switch for all of them. To stop is simple; to open takes a person."""

from typing import Any

import msgspec

from gateway.run import acts, flowing, telling
from gateway.web.api.call import Call, Reply, absent
from gateway.web.api.shapes import Flows, FlowState, Me, Sending, Status

MACHINERY = frozenset({"system", "guard", "quiet", "held", "differs", "notice", "webhook"})
"""Kinds of task that say nothing of any case, so that their number does not either."""


def me(call: Call) -> Reply:
    """Who calls, as the gateway sees it, and what the token is good for."""
    actor = call.actor
    value = Me(
        name=actor.person.name, program=actor.program, role=actor.person.role, unit=actor.person.unit,
        named=actor.named, scopes=sorted(actor.scopes),
    )  # fmt: skip
    return Reply(value=value)


def status(call: Call) -> Reply:
    """Systems and their lanes, what is due (the oldest first), and how many tasks about the machinery wait."""
    told = telling.status(call.site.world)
    told["tasks"] = {kind: n for kind, n in told["tasks"].items() if kind in MACHINERY}
    return Reply(value=msgspec.convert(told, Status))


def list_flows(call: Call) -> Reply:
    """Every flow from one system to another, and whether it sends."""
    flows = [_told(one) for one in telling.flows(call.site.world)]
    return Reply(value=Flows(flows=flows))


def show_flow(call: Call) -> Reply:
    """One flow."""
    value = _flow(call)
    return Reply(value=value, etag=call.tag(value))


def change_flow(call: Call) -> Reply:
    """Set a flow in shadow, pause it, approve it or take it up again.

    To approve or take up again is for a named person, who says by `If-Match` what they saw.
    """
    before, wanted = _flow(call), call.body.state
    source, target, person = before.source, before.target, call.actor.person
    if wanted == before.state:
        call.demand(_act(before.state, wanted))
        return Reply(value=before, etag=call.tag(before))
    call.demand(_act(before.state, wanted))
    if wanted == "approved":
        call.demand_person()
        call.demand_match(call.tag(before))
        change = flowing.resume if before.state == "paused" else flowing.approve
    else:
        change = flowing.pause if wanted == "paused" else flowing.shadow
    change(call.site.world, source, target, person=person)
    after = _flow(call)
    return Reply(value=after, etag=call.tag(after))


def _act(state: str, wanted: str) -> str:
    if wanted == "approved":
        return "flow.resume" if state == "paused" else "flow.approve"
    return "flow.pause" if wanted == "paused" else "flow.shadow"


def show_sending(call: Call) -> Reply:
    """Whether every sending is stopped."""
    value = _sending(call)
    return Reply(value=value, etag=call.tag(value))


def set_sending(call: Call) -> Reply:
    """Stop every sending at once, or let them go on. To let them go on is for a named person, by `If-Match`."""
    before, wanted = _sending(call), call.body
    call.demand("flow.pause" if wanted.paused else "flow.resume")
    if not wanted.paused and before.paused:
        call.demand_person()
        call.demand_match(call.tag(before))
    if wanted != before:
        acts.pause_everything(call.site.world, by=call.actor.person.name, paused=wanted.paused)
    after = _sending(call)
    return Reply(value=after, etag=call.tag(after))


def _flow(call: Call) -> FlowState:
    source, target = call.given["source"], call.given["target"]
    for one in telling.flows(call.site.world):
        if (one["from"], one["to"]) == (source, target):
            return _told(one)
    raise absent()


def _told(one: dict[str, Any]) -> FlowState:
    return msgspec.convert(one, FlowState)


def _sending(call: Call) -> Sending:
    with call.site.world.store.read() as tx:
        return Sending(paused=tx.paused())
