"""Making a ``World`` of settings: the store, and an adapter for each system with all that it may have."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from gateway.core.ages import day
from gateway.run import lawbook
from gateway.run.mapfiles import FilesInvalid, load_maps, load_terms
from gateway.run.observing import SILENT, Observer
from gateway.run.observing.logs import EventLog
from gateway.run.plugins import Plugins
from gateway.run.secrets import secret_at, secrets_of
from gateway.run.settings import Settings, System
from gateway.run.trusting import http_of
from gateway.run.world import World
from gateway.sdk import (
    Adapter,
    Context,
    Log,
    Maps,
    Misconfigured,
    Notifier,
    NotifierContext,
    Raw,
    Reading,
    Release,
    Traffic,
)  # fmt: skip
from gateway.store import Keys, Store, open_store

if TYPE_CHECKING:
    from gateway.core.mapping import Vocabulary
    from gateway.core.paper import Sheet


def now() -> datetime:
    """The time, with an offset."""
    return datetime.now(tz=UTC)


def open_world(
    settings: Settings,
    plugins: Plugins,
    *,
    clock: Callable[[], datetime] = now,
    chance: Callable[[int], bytes] = os.urandom,
    threads: int = 4,
    environment: Mapping[str, str] = os.environ,
    log: Callable[[str], Log] | None = None,
    observer: Observer = SILENT,
) -> World:
    """A municipality ready to work. A system whose adapter cannot be made is told as broken; the others work.

    ``log(system)`` gives an adapter its log; left out, events are JSON lines on standard error. ``observer`` tells
    those who run the gateway what happens. Raises ``StoreError``.
    """
    store = open_settings_store(settings, clock=clock, chance=chance)
    adapters, broken = make_adapters(settings, plugins, environment=environment, log=log, observer=observer)
    closed = lawbook.closed_by(settings, plugins)
    return World(
        settings=settings,
        rules=lawbook.rules_of(settings, plugins, today=day(clock())),
        closed=closed,
        store=store,
        adapters=adapters,
        clock=clock,
        chance=chance,
        threads=threads,
        broken=broken,
        notifier=notifier_of(settings, plugins, environment=environment),
        listeners=plugins.listeners,
        observer=observer,
    )


def notifier_of(
    settings: Settings, plugins: Plugins, *, environment: Mapping[str, str] = os.environ
) -> Notifier | None:
    """What tells people that there is something for them; ``None`` where the settings name none, or it is broken."""
    chosen = settings.notices
    kind = plugins.notifiers.get(chosen.plugin) if chosen is not None else None
    if chosen is None or kind is None:
        return None
    place = chosen.secret
    context = NotifierContext(
        options=chosen.options, secret=lambda: secret_at(place, environment), folder=settings.folder
    )
    try:
        return kind(context)
    except Exception:  # noqa: BLE001 - a plugin may raise anything, and nothing of it is kept
        return None


def open_settings_store(
    settings: Settings, *, clock: Callable[[], datetime] = now, chance: Callable[[int], bytes] = os.urandom
) -> Store:
    """The store that the settings name. Raises ``StoreError``."""
    place = settings.store
    return open_store(
        url=place.url,
        vault_url=place.vault,
        keys=Keys.load(place.key_file),
        tenant=settings.tenant,
        clock=clock,
        chance=chance,
        checkpoints=place.checkpoints,
    )


def make_adapters(
    settings: Settings,
    plugins: Plugins,
    *,
    environment: Mapping[str, str] = os.environ,
    log: Callable[[str], Log] | None = None,
    observer: Observer = SILENT,
) -> tuple[dict[str, Adapter], dict[str, str]]:
    """The adapters by system, and for each system that has none the code of why."""
    adapters: dict[str, Adapter] = {}
    broken: dict[str, str] = {}
    faults = {one.name: one.code for one in plugins.broken}
    vocabulary = load_terms(settings.model, folder=settings.folder).vocabulary()
    for name, system in settings.systems.items():
        kind = plugins.adapters.get(system.adapter)
        if kind is None:
            broken[name] = faults.get(system.adapter, "plugin.missing")
            continue
        try:
            adapters[name] = kind(
                context_of(settings, system, plugins, vocabulary, environment=environment, log=log, observer=observer)
            )
        except Misconfigured as error:
            broken[name] = error.code
        except FilesInvalid as invalid:
            broken[name] = invalid.faults[0].code
        except Exception:  # noqa: BLE001 - a plugin may raise anything, and nothing of it is kept
            broken[name] = "plugin.raises"
    return adapters, broken


def context_of(
    settings: Settings,
    system: System,
    plugins: Plugins,
    vocabulary: "Vocabulary",
    *,
    environment: Mapping[str, str] = os.environ,
    log: Callable[[str], Log] | None = None,
    observer: Observer = SILENT,
) -> Context:
    """All that a system's adapter gets. Raises ``FilesInvalid`` for a mapping that is there and wrong."""
    witness = None if observer is SILENT else observer.witness(system.name)
    return Context(
        system=system.name,
        url=system.url,
        http=http_of(system, environment, traffic=_traffic(system, plugins), witness=witness)
        if system.url
        else NoHttp(),  # type: ignore[arg-type]
        secret=secrets_of(system, environment),
        maps=_maps(settings, system, plugins, vocabulary),
        log=(log or EventLog)(system.name),
        options=system.options,
        folder=settings.folder,
        printed=lambda release: _printed(settings, release),
    )


def _traffic(system: System, plugins: Plugins) -> Traffic | None:
    kind = plugins.adapters.get(system.adapter)
    return None if kind is None else kind.traffic


def _printed(settings: Settings, release: Release) -> "Sheet":
    """Words are read when something is printed: most runs print nothing."""
    from gateway.core.paper import archived  # noqa: PLC0415 - likewise
    from gateway.run.paper import wording_of  # noqa: PLC0415

    today = day(datetime.now(tz=UTC))
    return archived([release, *release.parts], wording=wording_of(settings), today=today)


def _maps(settings: Settings, system: System, plugins: Plugins, vocabulary: "Vocabulary") -> Maps:
    try:
        return load_maps(
            system.adapter,
            vocabulary=vocabulary,
            own=system.mapping,
            folder=settings.folder,
            brought=plugins.mappings,
        )
    except FilesInvalid as invalid:
        if system.mapping is None and all(fault.code == "mapping.missing" for fault in invalid.faults):
            return NoMaps()
        raise


class NoHttp:
    """Stands for the client of a system without a ``url``: whatever it is asked, it says so."""

    authoriser = None

    def request(self, *_: Any, **__: Any) -> Any:
        """Raise ``Misconfigured`` (``http.no_url``)."""
        raise Misconfigured("http.no_url")

    def close(self) -> None:
        """Nothing was opened."""


class NoMaps:
    """Stands for the mapping of an adapter that brings none, because it reads and writes by itself."""

    def read(self, raw: Raw) -> list[Reading]:
        """Raise ``Misconfigured`` (``mapping.missing``)."""
        raise Misconfigured("mapping.missing")

    def write(self, release: Release) -> dict[str, Any]:
        """Raise ``Misconfigured`` (``mapping.missing``)."""
        raise Misconfigured("mapping.missing")
