"""What ``bti check`` looks at beyond the form of the settings: keys, secrets, plugins, mappings, models, systems."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from gateway.core.codes import plain_code
from gateway.run.plugins import Plugins
from gateway.run.secrets import (
    keeper_known,
    keepers_named,
    kept_by_plugin,
    places,
    places_beside,
    secret_at,
    secret_file,
)
from gateway.run.settings import Settings, System
from gateway.run.settings_texts import is_open
from gateway.sdk.errors import Misconfigured, Unreachable

if TYPE_CHECKING:
    from gateway.run.mapfiles import FilesInvalid
    from gateway.sdk.api import Adapter


_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that was found: a fault must be mended, a warning should be looked at, a note is good to know."""

    kind: Literal["fault", "warning", "note"]
    code: str
    where: str


def examine(
    settings: Settings,
    plugins: Plugins,
    *,
    environment: Mapping[str, str],
    offline: bool = False,
    keepers: bool | None = None,
) -> list[Finding]:
    """All that is found. ``offline``: the systems are not asked; nor are they while something must be mended.

    ``keepers`` says whether plugins that keep secrets are asked for them; where it is not said, unless ``offline``.
    """
    ask = not offline if keepers is None else keepers
    found = [*_keys(settings), *_placeholders(settings), *_broken(settings, plugins), *_files(settings, plugins)]
    found += _languages(settings)
    for system in settings.systems.values():
        named = places(system)
        found += _secrets(named, environment, ask=ask)
        if ask or not any(kept_by_plugin(place) for place in named.values()):
            found += _trust(system, environment)
        found += _address(system)
    found += _secrets(places_beside(settings), environment, ask=ask)
    found += _beside(settings, environment, ask=ask)
    if offline or any(finding.kind == "fault" for finding in found):
        return found
    from gateway.run.opening import make_adapters  # noqa: PLC0415 - brings the HTTP client, which --offline does without

    adapters, broken = make_adapters(settings, plugins, environment=environment)
    found += [Finding(kind="fault", code=code, where=f"systems.{name}") for name, code in broken.items()]
    found += _unaddressed(adapters)
    for name, adapter in adapters.items():
        found += let_in(name, adapter) or asked(name, adapter.health)
        with suppress(Exception):
            adapter.close()
    return found


def _unaddressed(adapters: "Mapping[str, Adapter]") -> list[Finding]:
    """Systems that pass on to somebody of each child's own, where no register among the systems names them."""
    told = {one for adapter in adapters.values() for one in adapter.capabilities.addresses}
    return [
        Finding(kind="fault", code="address.no_register", where=f"systems.{name}.options.receiver")
        for name, adapter in adapters.items()
        if adapter.capabilities.addressed is not None and adapter.capabilities.addressed not in told
    ]


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
    needed = settings.plugins() | keepers_named(settings)
    return [
        Finding(
            kind="fault" if broken.name in needed else "warning",
            code=broken.code,
            where=f"{broken.name} ({broken.distribution} {broken.version})",
        )
        for broken in plugins.broken
    ]


def _secrets(named: Mapping[str, str], environment: Mapping[str, str], *, ask: bool) -> Iterator[Finding]:
    """Secrets that are not where they should be, or that others can read; by the dotted keys that name their places."""
    for where, place in named.items():
        if place.startswith("env:"):
            if not environment.get(place.removeprefix("env:")):
                yield Finding(kind="fault", code="check.secret_missing", where=where)
            continue
        if kept_by_plugin(place):
            if ask:
                yield from _kept_elsewhere(where, place, environment)
            elif not keeper_known(place):
                yield Finding(kind="fault", code="secret.plugin", where=where)
            continue
        try:
            path = secret_file(place, environment)
        except Misconfigured:
            path = None
        if path is None or not path.is_file() or not os.access(path, os.R_OK):
            yield Finding(kind="fault", code="check.secret_missing", where=where)
        elif os.name == "posix" and path.stat().st_mode & _OTHERS and place.startswith("file:"):
            yield Finding(kind="warning", code="check.secret_open", where=where)


def _kept_elsewhere(where: str, place: str, environment: Mapping[str, str]) -> Iterator[Finding]:
    try:
        secret_at(place, environment)
    except Unreachable:
        yield Finding(kind="fault", code="secret.away", where=where)
    except Misconfigured as error:
        code = "secret.plugin" if error.code == "secret.plugin" else "check.secret_missing"
        yield Finding(kind="fault", code=code, where=where)


def _beside(settings: Settings, environment: Mapping[str, str], *, ask: bool) -> list[Finding]:
    if settings.web is None and settings.api is None and not settings.webhooks:
        return []
    from gateway.run import credentials  # noqa: PLC0415 - reads keys

    told = credentials.faults(settings, environment, ask=ask)
    return [Finding(kind="warning" if soft else "fault", code=code, where=where) for code, where, soft in told]


def _trust(system: System, environment: Mapping[str, str]) -> list[Finding]:
    if system.auth is None and system.tls is None:
        return []
    from gateway.run.trusting import faults_at_rest  # noqa: PLC0415 - reads keys, and few systems have any

    return [Finding(kind="fault", code=code, where=where) for code, where in faults_at_rest(system, environment)]


def let_in(name: str, adapter: "Adapter") -> list[Finding]:
    """What is wrong with the leave by which a system is asked; nothing where a token was to be had."""
    from gateway.sdk.errors import AdapterError  # noqa: PLC0415

    authoriser = adapter.context.http.authoriser
    if authoriser is None:
        return []
    try:
        authoriser.ready()
    except AdapterError as error:
        kind: Literal["fault", "warning"] = "warning" if isinstance(error, Unreachable) else "fault"
        return [Finding(kind=kind, code=error.code, where=f"systems.{name}.auth")]
    return []


def _address(system: System) -> list[Finding]:
    """Unencrypted addresses of other machines, in ``url`` and ``allow``."""
    return [
        Finding(kind="warning", code="check.plain_http", where=f"systems.{system.name}.{key}")
        for key, url in [("url", system.url), *((f"allow.{index}", url) for index, url in enumerate(system.allow))]
        if "://" in url and is_open(url)
    ]


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
