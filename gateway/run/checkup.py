"""What ``bti check`` looks at beyond the form of the settings: keys, secrets, plugins, mappings, models, systems."""

import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from msgspec import Struct

from gateway.core.codes import plain_code
from gateway.run.plugins import Plugins
from gateway.run.settings import Settings, System

if TYPE_CHECKING:
    from gateway.run.mapfiles import FilesInvalid


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that was found: a fault must be mended, a warning should be looked at, a note is good to know."""

    kind: Literal["fault", "warning", "note"]
    code: str
    where: str


def examine(
    settings: Settings, plugins: Plugins, *, environment: Mapping[str, str], offline: bool = False
) -> list[Finding]:
    """All that is found. ``offline``: the systems are not asked; nor are they while something must be mended."""
    found = [*_keys(settings), *_placeholders(settings), *_broken(settings, plugins), *_files(settings, plugins)]
    found += _languages(settings)
    for system in settings.systems.values():
        found += _secret(system, environment)
        found += _address(system)
    if offline or any(finding.kind == "fault" for finding in found):
        return found
    from gateway.run.opening import make_adapters  # noqa: PLC0415 - brings the HTTP client, which --offline does without

    adapters, broken = make_adapters(settings, plugins, environment=environment)
    found += [Finding(kind="fault", code=code, where=f"systems.{name}") for name, code in broken.items()]
    for name, adapter in adapters.items():
        found += asked(name, adapter.health)
        with suppress(Exception):
            adapter.close()
    return found


def _languages(settings: Settings) -> list[Finding]:
    """Faults of the language packs beside the settings, all of the first pack that has one."""
    from gateway.run.languages import PackFault, packs  # noqa: PLC0415 - brings YAML

    try:
        packs(Path(settings.folder))
    except PackFault as wrong:
        return [Finding(kind="fault", code=one.code, where=f"{one.file}: {one.path}") for one in wrong.faults]
    return []


def _files(settings: Settings, plugins: Plugins) -> list[Finding]:
    """Faults of the municipality's model and of every system's mapping, all of them."""
    from gateway.run.mapfiles import FilesInvalid, load_maps  # noqa: PLC0415 - brings YAML
    from gateway.run.models import vocabulary_of  # noqa: PLC0415

    found: dict[Finding, None] = {}
    vocabulary: Mapping[str, Any] = {}
    try:
        vocabulary = vocabulary_of(settings)
    except FilesInvalid as invalid:
        found |= dict.fromkeys(_of_files(invalid))
    for system in settings.systems.values():
        places = (system.mapping, settings.folder, plugins.mappings)
        try:
            if _has_mapping(system.adapter, *places):
                own, folder, brought = places
                load_maps(system.adapter, vocabulary=vocabulary, own=own, folder=folder, brought=brought)
        except FilesInvalid as invalid:
            found |= dict.fromkeys(_of_files(invalid))
    return list(found)


def _has_mapping(adapter: str, own: str | None, folder: str, brought: Mapping[str, str]) -> bool:
    """Whether there is one: an adapter may do without."""
    from gateway.run.mapfiles import mapping_texts  # noqa: PLC0415

    return bool(mapping_texts(adapter, own=own, folder=folder, brought=brought))


def _of_files(invalid: "FilesInvalid") -> list[Finding]:
    return [Finding(kind="fault", code=fault.code, where=f"{fault.file}: {fault.key}") for fault in invalid.faults]


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
    needed = settings.plugins()
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


def asked(name: str, health: Callable[[], str | None]) -> list[Finding]:
    """What a system says of itself when it is asked."""
    from gateway.sdk.errors import AdapterError  # noqa: PLC0415

    where = f"systems.{name}"
    try:
        told = health()
    except AdapterError as error:
        return [Finding(kind="warning", code="check.unreachable", where=f"{where} ({error.code})")]
    except Exception:  # noqa: BLE001 - an adapter may raise anything, and nothing of it is kept
        return [Finding(kind="fault", code="plugin.raises", where=where)]
    return (
        [] if told is None else [Finding(kind="warning", code="check.unhealthy", where=f"{where} ({plain_code(told)})")]
    )
