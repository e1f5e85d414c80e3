"""Finding and loading plugins. Ours and a vendor's come in by the same door, and none can harm another.

Each plugin is loaded alone: one that fails to import, was written for another interface, misspells a hook or raises
is told as ``Broken`` with a code, and the rest go on. What a plugin prints or says in an exception is dropped, since
it can hold anything.
"""

import contextlib
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy
from msgspec import Struct

from gateway.core.rules import Forbid
from gateway.core.rules.sentences import LANGUAGES
from gateway.sdk import hookspecs
from gateway.sdk.api import Adapter, Capabilities
from gateway.sdk.commands import Command
from gateway.sdk.notices import Notifier

GROUP = "gateway"
"""The entry-point group. An adapter's entry point bears the adapter's name."""

Keeper = Callable[..., Any]
"""``gateway_secret`` of a plugin: called with ``place`` and ``environment``."""

_WORD = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_RULE_ID = re.compile(r"[a-z][a-z0-9]*(?:[-.][a-z0-9]+)*")
_VERSION = re.compile(r"([0-9]+)\.[0-9]+")


class Broken(Struct, frozen=True, kw_only=True):
    """A plugin that was left out, and why.

    ``code``: ``plugin.import`` (it could not be imported), ``plugin.api`` (written for another major version of the
    interface, or for none), ``plugin.hook`` (a hook or an argument that does not exist), ``plugin.raises`` (a hook
    raised), ``plugin.adapter`` (what it brought is no adapter), ``plugin.name`` (no adapter bears the entry point's
    name), ``plugin.rule`` (what it brought is no rule that forbids, or its id or sentences are wrong),
    ``plugin.notifier`` (what it brought is no notifier), ``plugin.command`` (what it brought is no command, or its
    name, arguments or help are wrong), ``plugin.twice`` (another distribution already brought that name).
    """

    name: str
    distribution: str
    version: str
    code: str


class Origin(Struct, frozen=True, kw_only=True):
    """The distribution that an adapter came with."""

    distribution: str
    version: str


class Plugins(Struct, frozen=True, kw_only=True):
    """What the loaded plugins brought.

    ``mappings`` holds mapping name to YAML text; ``listeners`` are the callables behind ``gateway_on_event``.
    """

    adapters: dict[str, type[Adapter]]
    broken: tuple[Broken, ...]
    mappings: dict[str, str]
    origins: dict[str, Origin]
    listeners: tuple[Any, ...] = ()
    forbids: Mapping[str, tuple[Forbid, ...]] = {}
    """The rules of each plugin that has any, by its entry point's name."""
    notifiers: Mapping[str, type[Notifier]] = {}
    """The notifiers, by name."""
    keepers: Mapping[str, Keeper] = {}
    """What gives credentials, by the plugin's entry point."""
    commands: Mapping[str, tuple[Command, ...]] = {}
    """The commands of each plugin that has any, by its entry point."""


class _Fault(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def load_plugins(only: Collection[str] | None = None) -> Plugins:
    """The plugins that are installed: all of them, or just those whose entry points are named in ``only``."""
    found = sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, _distribution(entry)))
    return load_entries(entry for entry in found if only is None or entry.name in only)


def load_entries(entries: Iterable[EntryPoint]) -> Plugins:
    """What the plugins behind these entry points bring, each loaded alone."""
    adapters: dict[str, type[Adapter]] = {}
    mappings: dict[str, str] = {}
    origins: dict[str, Origin] = {}
    broken: list[Broken] = []
    listeners: list[Any] = []
    forbids: dict[str, tuple[Forbid, ...]] = {}
    notifiers: dict[str, type[Notifier]] = {}
    keepers: dict[str, Keeper] = {}
    commands: dict[str, tuple[Command, ...]] = {}
    for entry in entries:
        origin = Origin(distribution=_distribution(entry), version=_version(entry))
        try:
            brought = _load(entry, taken=entry.name in origins)
        except _Fault as fault:
            broken.append(
                Broken(name=entry.name, distribution=origin.distribution, version=origin.version, code=fault.code)
            )
            continue
        origins[entry.name] = origin
        if brought.adapter is not None:
            adapters[entry.name] = brought.adapter
        mappings |= {name: text for name, text in brought.mappings.items() if name not in mappings}
        if brought.notifier is not None:
            notifiers[entry.name] = brought.notifier
        if brought.rules:
            forbids[entry.name] = brought.rules
        if brought.keeper is not None:
            keepers[entry.name] = brought.keeper
        if brought.commands:
            commands[entry.name] = brought.commands
        listeners += [listener for listener in brought.listeners if listener not in listeners]
    return Plugins(
        adapters=adapters,
        broken=tuple(broken),
        mappings=mappings,
        origins=origins,
        listeners=tuple(listeners),
        forbids=forbids,
        notifiers=notifiers,
        keepers=keepers,
        commands=commands,
    )


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else ""


def _version(entry: EntryPoint) -> str:
    return entry.dist.version if entry.dist is not None else ""


@contextlib.contextmanager
def _quiet(code: str) -> Iterator[None]:
    """Turns whatever a plugin raises into one code, and keeps what it prints off our standard output."""
    fault: _Fault | None = None
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            yield
        except _Fault as known:
            fault = known
        except (Exception, SystemExit):  # noqa: BLE001 - a plugin may raise anything, and nothing of it is kept
            fault = _Fault(code)
    if fault is not None:
        raise fault


class _Brought(Struct, frozen=True, kw_only=True):
    """What one plugin brings."""

    adapter: type[Adapter] | None
    mappings: Mapping[str, str]
    listeners: list[Any]
    rules: tuple[Forbid, ...]
    notifier: type[Notifier] | None
    keeper: Keeper | None
    commands: tuple[Command, ...]


def _load(entry: EntryPoint, *, taken: bool) -> _Brought:
    """What the module of an entry point brings, the adapter and notifier being those of its name."""
    if taken:
        raise _Fault("plugin.twice")
    with _quiet("plugin.import"):
        module = entry.load()
    stated = getattr(module, "GATEWAY_API", None)
    version = _VERSION.fullmatch(stated) if isinstance(stated, str) else None
    if version is None or version.group(1) != hookspecs.GATEWAY_API.partition(".")[0]:
        raise _Fault("plugin.api")
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    with _quiet("plugin.hook"):
        manager.register(module)
        manager.check_pending()
    with _quiet("plugin.raises"):
        brought = [list(each) for each in manager.hook.gateway_adapters()]
        texts: dict[str, str] = {}
        for each in manager.hook.gateway_mappings():
            texts |= {str(name): str(text) for name, text in each.items()}
        told = [one for each in manager.hook.gateway_notifiers() for one in each]
        rules = tuple(rule for each in manager.hook.gateway_consent_rules() for rule in each)
        commands = tuple(one for each in manager.hook.gateway_commands() for one in each)
    listeners = [found.function for found in manager.hook.gateway_on_event.get_hookimpls()]
    with _quiet("plugin.rule"):
        _check_rules(rules)
    with _quiet("plugin.command"):
        _check_commands(commands)
    adapter = _named(entry.name, [adapter for each in brought for adapter in each])
    return _Brought(
        adapter=adapter,
        mappings=texts,
        listeners=listeners,
        rules=rules,
        notifier=_notifier(entry.name, told),
        keeper=manager.hook.gateway_secret if manager.hook.gateway_secret.get_hookimpls() else None,
        commands=commands,
    )


def _notifier(name: str, brought: list[Any]) -> type[Notifier] | None:
    if any(not (isinstance(one, type) and issubclass(one, Notifier)) for one in brought):
        raise _Fault("plugin.notifier")
    named: list[type[Notifier]] = [one for one in brought if getattr(one, "name", None) == name]
    if brought and not named:
        raise _Fault("plugin.name")
    return named[0] if named else None


def _check_rules(rules: tuple[Any, ...]) -> None:
    """Each rule forbids, bears an id of its own that is none of the table's, and says itself in three languages."""
    ids = [rule.id for rule in rules if isinstance(rule, Forbid) and callable(rule.applies)]
    if len(ids) != len(rules) or len(ids) != len(set(ids)) or not all(_RULE_ID.fullmatch(one) for one in ids):
        raise _Fault("plugin.rule")
    if any(not all(str(rule.sentence.get(language, "")).strip() for language in LANGUAGES) for rule in rules):
        raise _Fault("plugin.rule")


def _check_commands(commands: tuple[Any, ...]) -> None:
    """Each command has a word for a name that no other has, words for its arguments, and help in three languages."""
    names = [one.name for one in commands if isinstance(one, Command) and callable(one.run)]
    words = [word for one in commands for word in (one.name, *one.arguments)]
    if len(names) != len(commands) or len(names) != len(set(names)) or not all(_WORD.fullmatch(one) for one in words):
        raise _Fault("plugin.command")
    if any(not all(str(one.says.get(language, "")).strip() for language in LANGUAGES) for one in commands):
        raise _Fault("plugin.command")
    if any(len(one.arguments) != len(set(one.arguments)) for one in commands):
        raise _Fault("plugin.command")


def _named(name: str, brought: list[Any]) -> type[Adapter] | None:
    for adapter in brought:
        is_adapter = isinstance(adapter, type) and issubclass(adapter, Adapter)
        if not is_adapter or not isinstance(getattr(adapter, "name", None), str):
            raise _Fault("plugin.adapter")
        if not isinstance(getattr(adapter, "capabilities", None), Capabilities):
            raise _Fault("plugin.adapter")
    named: list[type[Adapter]] = [adapter for adapter in brought if adapter.name == name]
    if brought and not named:
        raise _Fault("plugin.name")
    return named[0] if named else None
