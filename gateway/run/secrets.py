"""Credentials, read from where the settings say that they stand, when they are needed; none is kept."""

from collections.abc import Callable, Mapping
from pathlib import Path

from gateway.run.settings import System
from gateway.sdk.errors import Misconfigured

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

    Raises ``Misconfigured`` with ``secret.none`` (the settings name none) or ``secret.unreadable``.
    """
    if place is None:
        raise Misconfigured("secret.none")
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
