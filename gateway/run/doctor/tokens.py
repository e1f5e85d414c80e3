"""When a bearer token ends that says so itself (a JWT, RFC 7519 section 4.1.4). It is read here and told nowhere."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from gateway.run.secrets import kept_by_plugin, places, secret_at
from gateway.run.settings import System
from gateway.sdk import Fault, jsonio
from gateway.sdk.errors import AdapterError


def ends(system: System, environment: Mapping[str, str], *, ask: bool) -> Iterator[tuple[str, datetime]]:
    """Where a token stands whose end is known, and when that is. ``ask``: also of those that a plugin keeps."""
    for where, place in places(system).items():
        if kept_by_plugin(place) and not ask:
            continue
        try:
            found = end_of(secret_at(place, environment))
        except AdapterError:
            continue
        if found is not None:
            yield where, found


def end_of(token: str) -> datetime | None:
    """The end that a token says; ``None`` for what is no JWT, or has none."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        told = jsonio.decode(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        end = told.get("exp") if isinstance(told, dict) else None
        return datetime.fromtimestamp(end, tz=UTC) if isinstance(end, int) else None
    except (ValueError, OverflowError, OSError, Fault):
        return None
