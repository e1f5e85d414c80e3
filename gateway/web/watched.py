"""What machines ask: whether the process lives, whether it can work, and its figures. No session, no page, no cookie.

Strangers learn one word. Figures are for who shows the token of the settings; without one they are for programs on
this machine, and only while no proxy can stand before the web, since then every call comes from this machine.
"""

import hmac
import os
import time
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.run.observing import SILENT
from gateway.run.observing.counts import Counts
from gateway.run.observing.exposition import Exposition
from gateway.run.readiness import Readiness
from gateway.run.secrets import secret_at
from gateway.run.settings_web import SHORTEST, loopback
from gateway.sdk.errors import Misconfigured
from gateway.store import StoreError
from gateway.web.site import Site

TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PROXIED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")

Entry = Callable[[Request], Awaitable[Response]]


def routes(site: Site) -> list[Route]:
    """The routes that machines ask."""
    counts = Counts()
    if site.world.observer is not SILENT:
        site.world.observer.add(counts)
    entries: tuple[tuple[str, Entry], ...] = (
        ("/health", _health), ("/ready", _ready(site)), ("/metrics", _metrics(site, Exposition(site.world, counts))),
    )  # fmt: skip
    return [Route(path, entry, methods=["GET"]) for path, entry in entries]


async def _health(_: Request) -> Response:
    return PlainTextResponse("ok\n")


def _ready(site: Site) -> Entry:
    readiness = Readiness(site.world)

    async def ready(_: Request) -> Response:
        wanting = await run_in_threadpool(readiness.codes)
        return PlainTextResponse("not ready\n" if wanting else "ready\n", status_code=503 if wanting else 200)

    return ready


def _metrics(site: Site, exposition: Exposition) -> Entry:
    async def metrics(request: Request) -> Response:
        if not await run_in_threadpool(may_read, site, request):
            asks = {"www-authenticate": "Bearer"} if site.web.metrics else None
            return PlainTextResponse("no\n", status_code=401 if site.web.metrics else 403, headers=asks)
        try:
            text = await run_in_threadpool(exposition.text)
        except StoreError:
            return PlainTextResponse("not ready\n", status_code=503)
        return Response(text, headers={"content-type": TYPE})

    return metrics


def may_read(site: Site, request: Request) -> bool:
    """Whether a caller may read the figures."""
    if site.web.metrics:
        told = request.headers.get("authorization", "")
        try:
            token = secret_at(site.web.metrics, os.environ)
        except Misconfigured:
            return False
        shown = hmac.compare_digest(told.encode("utf-8", "replace"), f"Bearer {token}".encode())
        return shown and len(token) >= SHORTEST
    host = request.headers.get("host", "").rpartition(":")[0]
    return (
        not site.web.url
        and loopback(site.web.listen.rpartition(":")[0])
        and loopback(host)
        and loopback(request.client.host if request.client else "")
        and not any(name in request.headers for name in _PROXIED)
    )


class Watched:
    """Tells of each call by the route that it took, its status and its time: never its path, its query or who asked."""

    def __init__(self, app: ASGIApp, *, site: Site, routes: dict[object, str]) -> None:
        self._app, self._observer, self._routes = app, site.world.observer, routes
        if self._observer is not SILENT:
            self._observer.learn("route", {*routes.values(), "other"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call."""
        if scope["type"] != "http" or self._observer is SILENT:
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            self._observer.event(
                "web.request", level="debug" if status < 500 else "warning", method=scope["method"],
                route=self._routes.get(scope.get("endpoint"), "other"), status=status,
                seconds=round(time.perf_counter() - begun, 4),
            )  # fmt: skip
