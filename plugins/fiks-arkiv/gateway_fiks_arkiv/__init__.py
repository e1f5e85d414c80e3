"""Closed logs into the municipality's archive, over Fiks Arkiv."""

from gateway.sdk import Adapter, hookimpl
from gateway_fiks_arkiv.adapter import FiksArkiv
from gateway_fiks_arkiv.options import Options

GATEWAY_API = "1.0"


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The adapter that this plugin brings."""
    return [FiksArkiv]


__all__ = ["GATEWAY_API", "FiksArkiv", "Options", "gateway_adapters"]
