"""The school's export as a source: where a child goes to school, in which group, and who to ask there."""

from gateway.sdk import Adapter, hookimpl
from gateway_pifu_ims.adapter import PifuIms
from gateway_pifu_ims.options import Options

GATEWAY_API = "1.0"


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The adapter that this plugin brings."""
    return [PifuIms]


__all__ = ["GATEWAY_API", "Options", "PifuIms", "gateway_adapters"]
