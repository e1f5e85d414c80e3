"""The open exchange protocol for stafettlogg and plan products, as record by record and as whole cases."""

from collections.abc import Mapping
from importlib.resources import files

from gateway.sdk import Adapter, hookimpl
from gateway_bti_exchange.adapter import BtiExchange, BtiExchangeCases

GATEWAY_API = "1.0"


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """Both shapes of the protocol."""
    return [BtiExchange, BtiExchangeCases]


@hookimpl
def gateway_mappings() -> Mapping[str, str]:
    """The identity mappings: the wire has canonical names."""
    package = files(__name__)
    return {
        adapter.name: package.joinpath(f"{adapter.name}.yaml").read_text(encoding="utf-8")
        for adapter in (BtiExchange, BtiExchangeCases)
    }
