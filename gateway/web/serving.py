"""Serving the web: a server in a thread, on one address, until it is told to stop."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from gateway.run.secrets import secret_at
from gateway.run.settings_web import OidcSettings
from gateway.run.world import World
from gateway.sdk.http import HttpClient
from gateway.web.api.tokens import KeyFile, Keys, Tokens
from gateway.web.app import make_app
from gateway.web.oidc import Oidc
from gateway.web.site import Site

STOPS = 25
"""Seconds that calls under way have to end when the web is told to stop."""


def address(listen: str) -> tuple[str, int]:
    """Host and port of ``host:port``. Raises ``ValueError``."""
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


def _oidc(world: World, chosen: OidcSettings) -> Oidc:
    """The login at the provider that the settings name, which is all that its client reaches."""
    place, url = chosen.key, world.settings.web.url if world.settings.web is not None else ""
    return Oidc(
        chosen,
        http=HttpClient(url=chosen.issuer, allow=chosen.allow, timeout=10.0),
        key=lambda: secret_at(place, os.environ),
        origin=url.rstrip("/"),
        clock=world.clock,
        fresh=lambda: world.chance(32).hex(),
        seal=world.store.seal,
    )


class KeyUrl:
    """The keys of whoever issues tokens, at an address, which is all that its client reaches."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def fetch(self) -> Any:
        """The set that stands there now. Raises ``AdapterError``, ``Fault``."""
        return self._http.request("GET", "", expect="json").json()


def _tokens(world: World, stack: ExitStack) -> Tokens | None:
    """What judges tokens, where the settings have an API."""
    api, web = world.settings.api, world.settings.web
    if api is None:
        return None
    keys: Keys
    if api.keys.startswith("file:"):
        keys = KeyFile(api.keys.removeprefix("file:"))
    else:
        http = HttpClient(url=api.keys, allow=api.allow, timeout=5.0, attempts=2, limit=256 * 1024)
        stack.callback(http.close)
        keys = KeyUrl(http)
    audience = api.audience or (web.url if web is not None else "")
    return Tokens(api, keys=keys, audience=audience, clock=world.clock)


def link(site: Site) -> str:
    """What to open: in the trial mode with the ticket that shows who started it."""
    return f"{site.origin}/login?ticket={site.ticket}" if site.ticket else site.origin


@contextmanager
def serving(world: World, *, ticket: str | None = None) -> Iterator[Site]:
    """The web of a municipality, as long as the block runs. Raises ``OSError`` where the address is taken."""
    import uvicorn  # noqa: PLC0415 - who does not serve does not pay for it

    web = world.settings.web
    chosen = web.oidc if web is not None and web.login == "oidc" else None
    site = Site(world=world, ticket=ticket if chosen is None else None, oidc=_oidc(world, chosen) if chosen else None)
    host, port = address(site.web.listen)
    held = socket.create_server((host, port), reuse_port=False)
    stack = ExitStack()
    config = uvicorn.Config(
        make_app(site, tokens=_tokens(world, stack)),
        log_level="critical", access_log=False, lifespan="off", server_header=False, date_header=True,
        h11_max_incomplete_event_size=32 * 1024, timeout_keep_alive=15, limit_concurrency=200,
        timeout_graceful_shutdown=STOPS,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, name="web", daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.should_exit = True
        thread.join(timeout=STOPS + 5)
        held.close()
        stack.close()
        if site.oidc is not None:
            site.oidc.close()
