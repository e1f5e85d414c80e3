"""The settings of the web: where it listens, and how people get in."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from gateway.run.settings_texts import PLACE, SECRET
from gateway.run.settings_trust import placed_secret

_LISTEN = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[0-9.]+|localhost):(?P<port>[0-9]{1,5})")
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")


SHORTEST = 16
"""Characters of the token for figures; one that can be guessed opens nothing."""


class OidcSettings(Struct, frozen=True, kw_only=True):
    """The login of others: ID-porten, Ansattporten, or what speaks OpenID Connect as they do."""

    issuer: str
    """The provider's issuer; its metadata stand below ``/.well-known/openid-configuration``."""
    client_id: str
    """What the provider calls this gateway."""
    key: str
    """Where the private key stands with which the gateway says who it is: ``file:``, ``env:`` or ``credential:``."""
    key_id: str = ""
    """The key's id at the provider (``kid``)."""
    algorithm: Literal["RS256", "PS256", "ES256"] = "RS256"
    """How the key signs."""
    acr: tuple[str, ...] = ("idporten-loa-high",)
    """Levels of assurance that are asked for; a login with another one is refused."""
    claim: str = "sub"
    """The claim that names the person; its value stands as ``login`` in ``[people]``."""
    scope: str = "openid profile"
    """What is asked for."""
    allow: tuple[str, ...] = ()
    """The provider's other origins, where its endpoints stand elsewhere than the issuer, and networks it may lie in."""


class WebSettings(Struct, frozen=True, kw_only=True):
    """The web for coordinators, leaders, privacy officers and operators."""

    listen: str = "127.0.0.1:8765"
    """The address and port to listen at; behind a proxy that speaks TLS, loopback."""
    url: str = ""
    """The address that people open, where it is another one: ``https://bti.example.no``; needed with ``oidc``."""
    login: Literal["local", "oidc"] = "local"
    """How people get in. ``oidc`` for real use. ``local`` lets whoever started it at this machine in as anybody of
    ``[people]``: for a trial on synthetic people, on loopback only."""
    oidc: OidcSettings | None = None
    idle_minutes: int = 30
    """Minutes without anything done after which a person is logged out."""
    hours: int = 8
    """Hours after which a person must log in again."""
    metrics: str | None = None
    """Where the token stands with which ``/metrics`` is read; without one, only a program on this machine reads them,
    and only where no proxy stands before the web."""


def web_faults(web: Mapping[str, Any], numbers: object) -> Iterator[tuple[str, str, str]]:
    """What is wrong between the settings of the web: ``(code, key, expected)``. ``numbers`` is the municipality's."""
    listen, url = web.get("listen", "127.0.0.1:8765"), web.get("url", "")
    found = _LISTEN.fullmatch(listen) if isinstance(listen, str) else None
    if isinstance(listen, str) and (found is None or int(found["port"]) > 65535):
        yield "settings.web_listen", "web.listen", "127.0.0.1:8765"
    if isinstance(url, str) and url and not _URL.fullmatch(url):
        yield "settings.web_url", "web.url", "https://bti.example.no"
    if web.get("login", "local") == "local":
        if numbers == "production":
            yield "settings.web_trial", "web.login", ""
        if found is not None and not loopback(found["host"]):
            yield "settings.web_trial", "web.listen", "127.0.0.1:8765"
    elif web.get("login") == "oidc":
        told = web.get("oidc")
        if not isinstance(told, dict):
            yield "settings.required", "web.oidc", ""
        elif isinstance(told.get("key"), str) and not SECRET.fullmatch(told["key"]):
            yield "settings.secret_inline", "web.oidc.key", PLACE
        if not url:
            yield "settings.required", "web.url", "https://bti.example.no"
        elif (
            isinstance(url, str)
            and url.startswith("http://")
            and not loopback(url.removeprefix("http://").partition(":")[0])
        ):
            yield "settings.web_url", "web.url", "https://bti.example.no"
    metrics = web.get("metrics")
    if isinstance(metrics, str) and not SECRET.fullmatch(metrics):
        yield "settings.secret_inline", "web.metrics", PLACE
    for name, most in (("idle_minutes", 120), ("hours", 12)):
        told = web.get(name)
        if isinstance(told, int) and not 1 <= told <= most:
            yield "settings.range", f"web.{name}", f"1-{most}"


def placed_web(web: WebSettings | None, folder: Path) -> WebSettings | None:
    """The settings with the places of secrets resolved against the settings' folder."""
    if web is None:
        return None
    oidc = None if web.oidc is None else replace(web.oidc, key=placed_secret(web.oidc.key, folder) or "")
    return replace(web, oidc=oidc, metrics=placed_secret(web.metrics, folder))


def loopback(host: str) -> bool:
    """Whether a host is this machine and nothing else can reach it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
