"""A person as the way into a system that has none: what may be delivered becomes a task with just those fields."""

from gateway.sdk import Adapter, hookimpl
from gateway_manual.adapter import Manual
from gateway_manual.text import items_of, task_text

GATEWAY_API = "1.0"


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The adapter that this plugin brings."""
    return [Manual]


__all__ = ["GATEWAY_API", "Manual", "gateway_adapters", "items_of", "task_text"]
