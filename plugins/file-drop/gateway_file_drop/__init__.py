"""Exports from a folder as a source: what most products can do, and what a municipality can use on the first day."""

from gateway.sdk import Adapter, hookimpl
from gateway_file_drop.adapter import FileDrop
from gateway_file_drop.options import Options

GATEWAY_API = "1.0"


@hookimpl
def gateway_adapters() -> list[type[Adapter]]:
    """The adapter that this plugin brings."""
    return [FileDrop]


__all__ = ["GATEWAY_API", "FileDrop", "Options", "gateway_adapters"]
