"""The national person service as a source for the gate: who answers for a child, and whose address is protected."""

from gateway.sdk import Adapter, hookimpl
from gateway_persontjenesten.adapter import Persontjenesten

GATEWAY_API = "1.0"


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The adapter that this plugin brings."""
    return [Persontjenesten]


__all__ = ["GATEWAY_API", "Persontjenesten", "gateway_adapters"]
