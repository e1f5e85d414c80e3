"""The forms that texts of the settings have: places of secrets, addresses, networks, schedules."""

import re
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

SECRET = re.compile(r"file:.+|env:[A-Za-z_][A-Za-z0-9_]*|credential:[A-Za-z0-9._-]+|plugin:[a-z][a-z0-9-]*:.+")
NAME = re.compile(r"[a-z0-9æøå](?:[a-z0-9æøå._-]*[a-z0-9æøå])?")
PLACE = "file:… | env:… | credential:… | plugin:…:…"
"""What a secret's place should look like, as faults tell it."""


def is_origin(url: str, *, bare: bool) -> bool:
    """Whether a text is an http(s) address without user information; ``bare``: nothing after the host either."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is the check of the port
    except ValueError:
        return False
    if parts.scheme not in {"https", "http"} or not parts.hostname or "@" in parts.netloc or parts.fragment:
        return False
    return not bare or (parts.path in {"", "/"} and not parts.query)


def is_network(text: str) -> bool:
    """Whether a text is a network of addresses such as ``10.0.0.0/8``, with nothing set beyond its length."""
    try:
        return "/" in text and bool(ip_network(text))
    except ValueError:
        return False


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine by its address or as ``localhost``."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_open(url: str) -> bool:
    """Whether what is sent to an address can be read on the way: plain http to another machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not is_this_machine(parts.hostname or "")


def is_schedule(text: str) -> bool:
    """Whether a text is a cron expression of five fields."""
    from croniter import croniter  # noqa: PLC0415 - costs start-up time, and most settings keep the default

    return len(text.split()) == 5 and croniter.is_valid(text)


def texts(value: Any) -> list[str]:
    """The texts in a raw list; none where it is no list."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
