"""The national report of concern (offentlig bekymringsmelding, version 2) to barnevernet over KS Fiks."""

from gateway.sdk import Adapter, hookimpl
from gateway_fiks_bekymringsmelding.adapter import FiksBekymringsmelding

GATEWAY_API = "1.0"


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The one adapter."""
    return [FiksBekymringsmelding]


__all__ = ["GATEWAY_API", "FiksBekymringsmelding", "gateway_adapters"]
