"""All that a plugin may import: ``from gateway.sdk import Adapter, Capabilities, Page, …``."""

from gateway.core.ask import Ask
from gateway.core.known import Facts
from gateway.core.model import KINDS, Fault
from gateway.core.reading import Raw, Reading
from gateway.core.release import Address, Release
from gateway.core.rules import Forbid
from gateway.sdk.api import (
    Adapter,
    Capabilities,
    Context,
    Log,
    Maps,
    Page,
    Proof,
    Receipt,
    Request,
    Sent,
)  # fmt: skip
from gateway.sdk.errors import AdapterError, Misconfigured, Refused, Uncertain, Unreachable
from gateway.sdk.hookspecs import GATEWAY_API, hookimpl
from gateway.sdk.notices import Notice, Notifier, NotifierContext
from gateway.sdk.pace import Traffic

__all__ = [
    "GATEWAY_API", "KINDS", "Adapter", "AdapterError", "Address", "Ask", "Capabilities", "Context", "Facts", "Fault",
    "Forbid", "Log", "Maps", "Misconfigured", "Notice", "Notifier", "NotifierContext", "Page", "Proof", "Raw",
    "Reading", "Receipt", "Refused", "Release", "Request", "Sent", "Traffic", "Uncertain", "Unreachable", "hookimpl",
]  # fmt: skip
