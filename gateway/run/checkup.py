"""What ``bti check`` looks at beyond the form of the settings: keys, secrets, plugins, mappings, models, systems."""

import os
import stat
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from gateway.run.plugins import Plugins
from gateway.run.settings import Settings, System


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that was found: a fault must be mended, a warning should be looked at."""

    kind: Literal["fault", "warning"]
    code: str
    where: str


Health = Callable[[System], str | None]
"""Asks a system how it is: ``None``, or a code. Raises ``gateway.sdk.Unreachable`` when it does not answer."""


def examine(
    settings: Settings, plugins: Plugins, *, environment: Mapping[str, str], health: Health | None = None
) -> list[Finding]:
    """All that is found. ``health`` is left out when the systems are not to be asked."""
    found = [*_keys(settings), *_placeholders(settings), *_broken(settings, plugins)]
    for system in settings.systems.values():
        found += _secret(system, environment)
        found += _address(system)
    if not any(finding.kind == "fault" for finding in found) and health is not None:
        for system in settings.systems.values():
            found += _asked(system, health)
    return found


def _keys(settings: Settings) -> list[Finding]:
    from gateway.store.errors import StoreError  # noqa: PLC0415 - the store is opened only where it is asked for
    from gateway.store.keys import Keys  # noqa: PLC0415

    found = []
    place = settings.store
    try:
        Keys.load(place.key_file)
    except StoreError as error:
        found.append(Finding(kind="fault", code=error.code, where=place.key_file))
    database, vault = _folder(place.url), _folder(place.vault)
    if database is not None and Path(place.key_file).parent == database:
        found.append(Finding(kind="warning", code="check.key_beside", where="store.key_file"))
    if database is not None and vault == database:
        found.append(Finding(kind="warning", code="check.vault_beside", where="store.vault"))
    return found


def _folder(url: str) -> Path | None:
    path = url.removeprefix("sqlite:///")
    return None if path == url else Path(path).parent


def _placeholders(settings: Settings) -> list[Finding]:
    empty = [("municipality", settings.municipality == "0000"), ("units", not settings.units)]
    empty.append(("systems", not settings.systems))
    return [Finding(kind="warning", code="check.placeholder", where=key) for key, is_empty in empty if is_empty]


def _broken(settings: Settings, plugins: Plugins) -> list[Finding]:
    needed = settings.adapters()
    return [
        Finding(
            kind="fault" if broken.name in needed else "warning",
            code=broken.code,
            where=f"{broken.name} ({broken.distribution} {broken.version})",
        )
        for broken in plugins.broken
    ]


def secret_place(secret: str, environment: Mapping[str, str]) -> Path | None:
    """The file behind ``file:`` or ``credential:`` (systemd's); ``None`` for ``env:`` or where systemd gave none."""
    form, _, name = secret.partition(":")
    if form == "file":
        return Path(name)
    given = environment.get("CREDENTIALS_DIRECTORY")
    return Path(given) / name if form == "credential" and given else None


def _secret(system: System, environment: Mapping[str, str]) -> list[Finding]:
    if system.secret is None:
        return []
    where = f"systems.{system.name}.secret"
    missing = [Finding(kind="fault", code="check.secret_missing", where=where)]
    if system.secret.startswith("env:"):
        return [] if environment.get(system.secret.removeprefix("env:")) else missing
    path = secret_place(system.secret, environment)
    if path is None or not path.is_file() or not os.access(path, os.R_OK):
        return missing
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) and system.secret.startswith("file:"):
        return [Finding(kind="warning", code="check.secret_open", where=where)]
    return []


def _address(system: System) -> list[Finding]:
    """Unencrypted addresses of other machines, in ``url`` and ``allow``."""
    return [
        Finding(kind="warning", code="check.plain_http", where=f"systems.{system.name}.{key}")
        for key, url in [("url", system.url), *((f"allow.{index}", url) for index, url in enumerate(system.allow))]
        if urlsplit(url).scheme == "http" and not _is_this_machine(urlsplit(url).hostname or "")
    ]


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _asked(system: System, health: Health) -> list[Finding]:
    from gateway.sdk.errors import AdapterError  # noqa: PLC0415

    where = f"systems.{system.name}"
    try:
        told = health(system)
    except AdapterError as error:
        return [Finding(kind="warning", code="check.unreachable", where=f"{where} ({error.code})")]
    except Exception:  # noqa: BLE001 - an adapter may raise anything, and nothing of it is kept
        return [Finding(kind="fault", code="plugin.raises", where=where)]
    return [] if told is None else [Finding(kind="warning", code="check.unhealthy", where=f"{where} ({told})")]
