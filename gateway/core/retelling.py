"""What several systems told of their own accord may leave by any of them that the gate lets tell it.

A child stands in the school's log and in child welfare's, with the same number. That the one may not pass it on is no
reason for the other's log to stay.
"""

from typing import Any

from gateway.core.casefile import Entry
from gateway.core.consent import Decision
from gateway.core.look import Group, Look, ask
from gateway.core.taking_back import rule

Groups = tuple[list[Group], list[Group]]
"""An item's fields by who wrote them: what goes by flows that send, and by others."""


def retold(
    look: Look, item: str, entry: Entry, groups: Groups, decision: Decision | None
) -> tuple[list[Group], list[Group], bool]:
    """The groups anew, with fields that stay behind moved to another system that told them; whether any was moved.

    A system told a field itself when it agrees with the value and never got it from us.
    """
    live, silent = groups
    effects = decision.fields if decision is not None else {}
    stays = [(at, values, name) for at, values in live for name in values if effects.get(name) != "permit"]
    stays += [(at, values, name) for at, values in silent for name in values]
    moved: dict[str, dict[str, Any]] = {}
    for at, values, name in stays:
        for system in tellers(look, item, name):
            told = {name: values[name]}
            if look.parties.get(system) != at.sender and _may(look, item, entry, (system, told)):
                moved.setdefault(system, {}).update(told)
                break
    if not moved:
        return live, silent, False
    home = entry.origin.system or ""
    again = [(ask(look, item, entry, system, home), values) for system, values in moved.items()]
    gone = {name for values in moved.values() for name in values}
    return [*_without(live, gone), *again], _without(silent, gone), True


def tellers(look: Look, item: str, name: str) -> list[str]:
    """Other systems with an open flow to the receiver that told a field's present value of their own accord."""
    found = []
    for system, items in look.file.peers.items():
        peer = items.get(item)
        if peer is None or peer.gone or system == look.receiver.system or not look.receiver.live(system):
            continue
        if name in peer.agreed and name not in peer.released:
            found.append(system)
    return found


def _may(look: Look, item: str, entry: Entry, told: tuple[str, dict[str, Any]]) -> bool:
    system, values = told
    asked = ask(look, item, entry, system, entry.origin.system or "")
    decision = rule(look, item, entry, [(asked, values)])
    return decision is not None and decision.effect == "permit"


def _without(groups: list[Group], gone: set[str]) -> list[Group]:
    left = [(at, {name: value for name, value in values.items() if name not in gone}) for at, values in groups]
    return [(at, values) for at, values in left if values]
