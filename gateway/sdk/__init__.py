"""All that a plugin may import: ``from gateway.sdk import Adapter, Capabilities, Page, …``."""

from gateway.core.model import KINDS, Fault
from gateway.core.reading import Raw, Reading
from gateway.core.release import Release
from gateway.sdk.api import (
    Adapter,
    Capabilities,
    Context,
    Log,
    Maps,
    Page,
    Receipt,
    Request,
)  # fmt: skip
from gateway.sdk.errors import AdapterError, Misconfigured, Refused, Uncertain, Unreachable
from gateway.sdk.hookspecs import GATEWAY_API, hookimpl

__all__ = [
    "GATEWAY_API", "KINDS", "Adapter", "AdapterError", "Capabilities", "Context", "Fault", "Log", "Maps",
    "Misconfigured", "Page", "Raw", "Reading", "Receipt", "Refused", "Release", "Request", "Uncertain", "Unreachable",
    "hookimpl",
]  # fmt: skip
