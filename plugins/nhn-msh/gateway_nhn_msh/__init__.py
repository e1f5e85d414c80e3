"""Dialogue messages to general practitioners and health stations, over the message service of Norsk helsenett."""

from collections.abc import Mapping
from importlib.resources import files

from gateway.sdk import Adapter, hookimpl
from gateway_nhn_msh.adapter import NhnMsh

GATEWAY_API = "1.0"


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The one adapter."""
    return [NhnMsh]


@hookimpl
def gateway_mappings() -> Mapping[str, str]:
    """The headings and lines of a note, in bokmål."""
    return {"nhn-msh": files(__name__).joinpath("mapping.yaml").read_text(encoding="utf-8")}
