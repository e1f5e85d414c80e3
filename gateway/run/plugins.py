"""Finding and loading plugins. Ours and a vendor's come in by the same door, and none can harm another.

Each plugin is loaded alone: one that fails to import, was written for another interface, misspells a hook or raises
is told as ``Broken`` with a code, and the rest go on. What a plugin prints or says in an exception is dropped, since
it can hold anything.
"""

import contextlib
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy
from msgspec import Struct

from gateway.core.rules import Forbid
from gateway.core.rules.sentences import LANGUAGES
from gateway.sdk import hookspecs
from gateway.sdk.api import Adapter, Capabilities
from gateway.sdk.notices import Notifier

GROUP = "gateway"
"""The entry-point group. An adapter's entry point bears the adapter's name."""

_RULE_ID = re.compile(r"[a-z][a-z0-9]*(?:[-.][a-z0-9]+)*")
_VERSION = re.compile(r"([0-9]+)\.[0-9]+")


class Broken(Struct, frozen=True, kw_only=True):
    """A plugin that was left out, and why.

    ``code``: ``plugin.import`` (it could not be imported), ``plugin.api`` (written for another major version of the
    interface, or for none), ``plugin.hook`` (a hook or an argument that does not exist), ``plugin.raises`` (a hook
    raised), ``plugin.adapter`` (what it brought is no adapter), ``plugin.name`` (no adapter bears the entry point's
    name), ``plugin.rule`` (what it brought is no rule that forbids, or its id or sentences are wrong),
    ``plugin.notifier`` (what it brought is no notifier), ``plugin.twice`` (another
    distribution already brought that name).
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
    for entry in entries:
        origin = Origin(distribution=_distribution(entry), version=_version(entry))
        try:
            brought, texts, heard, rules, notifier = _load(entry, taken=entry.name in origins)
        except _Fault as fault:
            broken.append(
                Broken(name=entry.name, distribution=origin.distribution, version=origin.version, code=fault.code)
            )
            continue
        origins[entry.name] = origin
        if brought is not None:
            adapters[entry.name] = brought
        mappings |= {name: text for name, text in texts.items() if name not in mappings}
        if notifier is not None:
            notifiers[entry.name] = notifier
        if rules:
            forbids[entry.name] = rules
        listeners += [listener for listener in heard if listener not in listeners]
    return Plugins(
        adapters=adapters,
        broken=tuple(broken),
        mappings=mappings,
        origins=origins,
        listeners=tuple(listeners),
        forbids=forbids,
        notifiers=notifiers,
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


Loaded = tuple[type[Adapter] | None, Mapping[str, str], list[Any], tuple[Forbid, ...], type[Notifier] | None]


def _load(entry: EntryPoint, *, taken: bool) -> Loaded:
    """The adapter of an entry point's name, the mappings, the listeners and the rules of its module."""
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
    listeners = [found.function for found in manager.hook.gateway_on_event.get_hookimpls()]
    with _quiet("plugin.rule"):
        _check_rules(rules)
    adapter = _named(entry.name, [adapter for each in brought for adapter in each])
    return adapter, texts, listeners, rules, _notifier(entry.name, told)


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
