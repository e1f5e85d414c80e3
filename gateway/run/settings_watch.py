"""The settings of what the gateway tells those who run it: log lines, and traces."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from gateway.run.settings_texts import PLACE, SECRET, is_network, is_open, is_origin, texts
from gateway.run.settings_trust import placed_secret


class LogSettings(Struct, frozen=True, kw_only=True):
    """What is written to standard error while the gateway works."""

    format: Literal["auto", "json", "text"] = "auto"
    """One JSON object a line, or words; ``auto`` is words on a terminal and JSON elsewhere."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is written; ``debug`` adds each request, each decision of the gate and each delivery."""


class TelemetrySettings(Struct, frozen=True, kw_only=True):
    """Traces for a collector of your own, by OpenTelemetry's protocol (OTLP over HTTP); none without this table."""

    endpoint: str
    """The collector; spans go to ``/v1/traces`` below it."""
    secret: str | None = None
    """Where the bearer token for the collector stands, as for a system."""
    allow: tuple[str, ...] = ()
    """Networks that the collector's name may lead into."""
    authorities: str = ""
    """A PEM file with the certificate authorities that the collector is believed by, instead of the machine's own."""
    share_with: tuple[str, ...] = ()
    """Systems that are told, in each request, which round asks (``traceparent``), so that their owner can find it."""


def watch_faults(table: Mapping[str, Any], systems: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with ``[telemetry]`` in a raw table: ``(code, key, expected)``."""
    told = table.get("telemetry")
    if not isinstance(told, dict):
        return
    endpoint, secret = told.get("endpoint"), told.get("secret")
    if isinstance(endpoint, str) and (not is_origin(endpoint, bare=False) or is_open(endpoint)):
        yield "settings.url", "telemetry.endpoint", "https://host[:port]"
    if isinstance(secret, str) and not SECRET.fullmatch(secret):
        yield "settings.secret_inline", "telemetry.secret", PLACE
    for index, allowed in enumerate(texts(told.get("allow"))):
        if not is_network(allowed):
            yield "settings.url", f"telemetry.allow.{index}", "10.0.0.0/8"
    for index, name in enumerate(texts(told.get("share_with"))):
        if name not in systems:
            yield "settings.choice", f"telemetry.share_with.{index}", "[systems]"


def placed_telemetry(telemetry: TelemetrySettings | None, folder: Path) -> TelemetrySettings | None:
    """The settings with paths resolved against the settings' folder."""
    if telemetry is None:
        return None
    return replace(
        telemetry,
        secret=placed_secret(telemetry.secret, folder),
        authorities=str(folder / telemetry.authorities) if telemetry.authorities else "",
    )
