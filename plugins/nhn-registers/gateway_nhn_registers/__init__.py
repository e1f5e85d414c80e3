"""Who a child's general practitioner is (FLR), and how a communication party is reached (AR)."""

from gateway.sdk import Adapter, hookimpl
from gateway_nhn_registers.adapter import NhnRegisters

GATEWAY_API = "1.0"


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The one adapter."""
    return [NhnRegisters]
