"""What stands before every page: the headers that a browser obeys, and who may call at all.

The policy lets a page load what stands on this site and nothing else: no script in a page, no style in a tag, no frame
around it, no form to elsewhere.
"""

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.web.paths import PATHS

if TYPE_CHECKING:
    from gateway.web.site import Site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'{login}; frame-ancestors 'none'; base-uri 'none'"
)
"""``login`` is where the login's form may lead, where people log in elsewhere."""

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Guard:
    """Puts the headers on every answer, and refuses calls by another name or from another site."""

    def __init__(self, app: ASGIApp, *, site: "Site") -> None:
        self.app = app
        self.site = site
        self._host = site.origin.partition("://")[2]
        self._headers = [(name.encode(), text.encode()) for name, text in HEADERS.items()]
        self._headers.append(
            (b"content-security-policy", POLICY.format(login=f" {site.oidc.origin}" if site.oidc else "").encode())
        )
        if site.secure:
            self._headers.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call. Raises nothing of its own: a call that is refused gets a bare answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = {name.decode("latin-1"): text.decode("latin-1") for name, text in scope["headers"]}
        status = self._refused(scope, told)
        if status is not None:
            await send({"type": "http.response.start", "status": status, "headers": self._headers})
            await send({"type": "http.response.body", "body": b""})
            return
        static = str(scope.get("path", "")).startswith("/static/")

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _put(message, self._headers)
                _put(message, [(b"cache-control", b"public, max-age=3600" if static else b"no-store")])
            await send(message)

        await self.app(scope, receive, guarded)

    def _refused(self, scope: Scope, told: MutableMapping[str, str]) -> int | None:
        """By which status a call is refused: another host's name (rebinding), or a form from another site."""
        if told.get("host", "") != self._host and scope.get("path") not in PATHS:
            return 421
        if scope["method"] not in {"GET", "HEAD", "OPTIONS"}:
            origin, site = told.get("origin"), told.get("sec-fetch-site")
            if origin is not None and origin != self.site.origin:
                return 403
            if site is not None and site not in {"same-origin", "none"}:
                return 403
        return None


def _put(message: MutableMapping[str, Any], headers: list[tuple[bytes, bytes]]) -> None:
    ours = {name for name, _ in headers}
    message["headers"] = [one for one in message["headers"] if one[0].lower() not in ours] + headers
