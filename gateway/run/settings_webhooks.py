"""The settings of webhooks: whom the gateway tells that something happened, and of what."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gateway.run.settings_texts import NAME, PLACE, SECRET, is_network, is_open, is_origin, texts
from gateway.run.settings_trust import placed_secret

EVENTS: Mapping[str, str] = {
    "task.created": "something waits for a person of the unit: `task`, `unit`",
    "task.answered": "a person has answered it: `task`, `unit`",
    "task.settled": "it has gone away by itself: `task`, `unit`",
    "baton.changed": "who coordinates a case of the unit has changed, or is offered to: `case`",
    "flow.approved": "a flow sends from now on: `from`, `to`",
    "flow.shadow": "a flow decides and sends nothing: `from`, `to`",
    "flow.paused": "a flow is stopped: `from`, `to`",
    "sending.paused": "every sending is stopped",
    "sending.resumed": "sendings go on",
    "delivery.failed": "a delivery was refused, or nobody knows whether it arrived: `task`, `system`",
    "system.quiet": "a system is not reached, or gets nothing: `task`, `system`",
    "system.stopped": "a system's round was stopped, by its settings or by a guard: `task`, `system`",
}
"""What a receiver can be told of, and which opaque ids come with it."""


class Webhook(Struct, frozen=True, kw_only=True):
    """A receiver that is told that something happened, never what it says. Deliveries are signed and tried again."""

    url: str
    """Where to send."""
    events: tuple[str, ...]
    """What to tell of; the guide lists the events."""
    secret: str
    """Where the secret stands that deliveries are signed with: `whsec_` and 24 to 64 bytes in base64."""
    previous: str | None = None
    """While the secret is being changed: where the old one stands. Deliveries then carry both signatures."""
    unit: str | None = None
    """The unit that it belongs to: it hears of that unit's tasks and cases. Without one, of what is about no case."""
    allow: tuple[str, ...] = ()
    """Networks that the receiver may lie in, where it is an inner one."""


def hook_faults(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is wrong between the settings of webhooks: ``(code, key, expected)``. ``table`` is the whole raw file."""
    hooks, units = table.get("webhooks"), table.get("units")
    for name, hook in hooks.items() if isinstance(hooks, dict) else ():
        key = f"webhooks.{name}"
        if not NAME.fullmatch(name):
            yield "settings.name", key, "a-z 0-9 . _ -"
        if not isinstance(hook, dict):
            continue
        url, unit = hook.get("url"), hook.get("unit")
        if isinstance(url, str) and (not is_origin(url, bare=False) or is_open(url)):
            yield "settings.url", f"{key}.url", "https://host[:port]/path"
        for secret in ("secret", "previous"):
            if isinstance(hook.get(secret), str) and not SECRET.fullmatch(hook[secret]):
                yield "settings.secret_inline", f"{key}.{secret}", PLACE
        if isinstance(unit, str) and not (isinstance(units, dict) and unit in units):
            yield "settings.unit_unknown", f"{key}.unit", "[units]"
        for place, event in enumerate(texts(hook.get("events"))):
            if event not in EVENTS:
                yield "settings.choice", f"{key}.events.{place}", " | ".join(EVENTS)
        for place, one in enumerate(texts(hook.get("allow"))):
            if not is_origin(one, bare=True) and not is_network(one):
                yield "settings.url", f"{key}.allow.{place}", "https://host[:port] | 10.0.0.0/8"


def placed_hook(hook: Webhook, folder: Path) -> Webhook:
    """A receiver with the places of its secrets resolved against the settings' folder."""
    return replace(hook, secret=placed_secret(hook.secret, folder) or "", previous=placed_secret(hook.previous, folder))
