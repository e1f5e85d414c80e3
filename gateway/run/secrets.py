"""Credentials, read from where the settings say that they stand, when they are needed; none is kept.

A place ``plugin:NAME:PLACE`` is asked of the plugin ``NAME`` (its hook ``gateway_secret``).
"""

import contextlib
import io
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from gateway.run.plugins import Keeper, load_plugins
from gateway.run.settings import Settings, System
from gateway.sdk.errors import Misconfigured, Unreachable

_PLUGIN = "plugin:"
SECRET_LIMIT = 65536
"""Bytes of a credential; more is not one."""


def secrets_of(system: System, environment: Mapping[str, str]) -> Callable[..., str]:
    """What an adapter calls: ``secret()`` for the system's credential, ``secret("name")`` for one of ``secrets``.

    What it returns raises as ``secret_at``.
    """

    def secret(name: str = "") -> str:
        return secret_at(system.secrets.get(name) if name else system.secret, environment)

    return secret


def secret_at(place: str | None, environment: Mapping[str, str]) -> str:
    """A credential, read when it is needed and not kept.

    Raises ``Misconfigured`` with ``secret.none`` (the settings name none), ``secret.unreadable`` or ``secret.plugin``
    (no such plugin, or it keeps no credentials), and ``Unreachable`` with ``secret.away`` (the plugin cannot have it
    now).
    """
    if place is None:
        raise Misconfigured("secret.none")
    if place.startswith(_PLUGIN):
        return _asked(place, environment)
    if place.startswith("env:"):
        value = environment.get(place.removeprefix("env:"))
        if value is None:
            raise Misconfigured("secret.unreadable")
        return value
    try:
        with secret_file(place, environment).open(encoding="utf-8") as file:
            return file.read(SECRET_LIMIT).strip()
    except (OSError, UnicodeDecodeError):
        raise Misconfigured("secret.unreadable") from None


def _asked(place: str, environment: Mapping[str, str]) -> str:
    """What a plugin answers; what it says in an exception, or prints, is dropped."""
    name, _, where = place.removeprefix(_PLUGIN).partition(":")
    keeper = _keeper(name)
    if keeper is None:
        raise Misconfigured("secret.plugin")
    told: object = None
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            told = keeper(place=where, environment=environment)
        except Unreachable:
            raise Unreachable("secret.away") from None
        except (Exception, SystemExit):  # noqa: BLE001 - a plugin may raise anything, and nothing of it is kept
            raise Misconfigured("secret.unreadable") from None
    if not isinstance(told, str) or not 0 < len(told) <= SECRET_LIMIT:
        raise Misconfigured("secret.unreadable")
    return told.strip()


@lru_cache(maxsize=16)
def _keeper(name: str) -> Keeper | None:
    return load_plugins(only={name}).keepers.get(name)


def keepers_named(settings: Settings) -> frozenset[str]:
    """The plugins that the settings name as keepers of credentials."""
    told = [place for system in settings.systems.values() for place in places(system).values()]
    told += places_beside(settings).values()
    return frozenset(one.split(":")[1] for one in told if one.startswith(_PLUGIN))


def kept_by_plugin(place: str) -> bool:
    """Whether a place is a plugin's to answer for: then asking may go over the network."""
    return place.startswith(_PLUGIN)


def keeper_known(place: str) -> bool:
    """Whether the plugin that a place names is there and keeps credentials; it is not asked."""
    return _keeper(place.split(":")[1]) is not None


def secret_file(place: str, environment: Mapping[str, str]) -> Path:
    """The file behind ``file:`` or ``credential:`` (systemd's). Raises ``Misconfigured`` where systemd gave none."""
    sort, _, name = place.partition(":")
    if sort == "file":
        return Path(name)
    given = environment.get("CREDENTIALS_DIRECTORY")
    if sort != "credential" or not given:
        raise Misconfigured("secret.unreadable")
    return Path(given) / name


def places(system: System) -> dict[str, str]:
    """Every place of a secret that a system's settings name, by its dotted key."""
    told = {"secret": system.secret, **{f"secrets.{name}": where for name, where in system.secrets.items()}}
    if system.auth is not None:
        told |= {"auth.secret": system.auth.secret, "auth.key": system.auth.key}
    if system.tls is not None:
        told |= {"tls.key": system.tls.key, "tls.password": system.tls.password}
    return {f"systems.{system.name}.{key}": where for key, where in told.items() if where is not None}


def places_beside(settings: Settings) -> dict[str, str]:
    """Every place of a secret that no system's settings name, by its dotted key: notices, traces, the web, webhooks."""
    told: dict[str, str | None] = {}
    if settings.notices is not None:
        told["notices.secret"] = settings.notices.secret
    if settings.telemetry is not None:
        told["telemetry.secret"] = settings.telemetry.secret
    if settings.web is not None:
        told["web.metrics"] = settings.web.metrics
        if settings.web.oidc is not None and settings.web.login == "oidc":
            told["web.oidc.key"] = settings.web.oidc.key
    for name, hook in settings.webhooks.items():
        told |= {f"webhooks.{name}.secret": hook.secret, f"webhooks.{name}.previous": hook.previous}
    return {where: place for where, place in told.items() if place}
