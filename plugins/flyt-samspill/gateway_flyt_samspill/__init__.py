"""Plans begun in Visma Flyt Samspill, after what is published about its external API."""

from gateway.sdk import Adapter, hookimpl
from gateway_flyt_samspill.adapter import FlytSamspill

GATEWAY_API = "1.0"


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The one adapter."""
    return [FlytSamspill]
