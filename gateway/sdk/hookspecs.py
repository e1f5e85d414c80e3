"""Every hook a plugin can implement, in one place. A misspelt one fails when the plugin is loaded."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from gateway.core.rules import Forbid
    from gateway.sdk.api import Adapter
    from gateway.sdk.commands import Command
    from gateway.sdk.notices import Notifier

hookspec = pluggy.HookspecMarker("gateway")
hookimpl = pluggy.HookimplMarker("gateway")

GATEWAY_API = "1.0"
"""The version of this interface. A plugin states the one it was written for in its module."""


@hookspec
def gateway_adapters() -> "list[type[Adapter]]":
    """Called once when the plugin is loaded; return the adapters that it brings."""
    raise NotImplementedError


@hookspec
def gateway_mappings() -> Mapping[str, str]:
    """Called once when the plugin is loaded; return mapping name to the YAML text, for the adapters it brings."""
    raise NotImplementedError


@hookspec
def gateway_consent_rules() -> "list[Forbid]":
    """Called once when the plugin is loaded; return rules that forbid, which narrow everything but duties.

    Their ids are of lower-case letters, digits, ``-`` and ``.``; their ``sentence`` is in nb, nn and en. A rule that
    raises denies. A municipality that names the plugin in ``[law] rules`` sends nothing without it but by duty.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def gateway_secret(place: str, environment: Mapping[str, str]) -> str:
    """Called whenever a credential is needed whose place in the settings is ``plugin:NAME:PLACE``, with NAME the
    plugin's entry point; return the credential. Nothing that was returned is kept.

    ``environment`` is the process's. Raise ``Unreachable`` when it may be had later (what needs it waits), and
    ``Misconfigured`` when an operator must look.
    """
    raise NotImplementedError


@hookspec
def gateway_commands() -> "list[Command]":
    """Called when ``bti`` is called with the plugin's entry point as its first word; return the commands under it."""
    raise NotImplementedError


@hookspec
def gateway_notifiers() -> "list[type[Notifier]]":
    """Called once when the plugin is loaded; return the ways it brings to tell people that there is something for them.

    One bears the entry point's name. It is called after a round, with an address and words that have no content.
    """
    raise NotImplementedError


@hookspec
def gateway_on_event(event: str, facts: Mapping[str, Any]) -> None:
    """Called after a transaction that made something happen; ``facts`` holds pseudonyms and counts, never content."""
    raise NotImplementedError
