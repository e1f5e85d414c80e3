"""The settings of the web: where it listens, and how people get in."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any, Literal

from msgspec import Struct

_LISTEN = re.compile(r"(?P<host>\[[0-9a-fA-F:]+\]|[0-9.]+|localhost):(?P<port>[0-9]{1,5})")
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")


class WebSettings(Struct, frozen=True, kw_only=True):
    """The web for coordinators, leaders, privacy officers and operators."""

    listen: str = "127.0.0.1:8765"
    """The address and port to listen at; behind a proxy that speaks TLS, loopback."""
    url: str = ""
    """The address that people open, where it is another one: ``https://bti.example.no``."""
    login: Literal["local"] = "local"
    """How people get in. ``local`` lets whoever started it at this machine in as anybody of ``[people]``: for a trial
    on synthetic people, on loopback only."""
    idle_minutes: int = 30
    """Minutes without anything done after which a person is logged out."""
    hours: int = 8
    """Hours after which a person must log in again."""


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
    for name, most in (("idle_minutes", 120), ("hours", 12)):
        told = web.get(name)
        if isinstance(told, int) and not 1 <= told <= most:
            yield "settings.range", f"web.{name}", f"1-{most}"


def loopback(host: str) -> bool:
    """Whether a host is this machine and nothing else can reach it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
