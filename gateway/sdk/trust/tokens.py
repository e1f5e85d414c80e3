"""Tokens: asked of an authority, kept until shortly before they end, and shown to nobody."""

import threading
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from gateway.core.model import Fault
from gateway.sdk import jsonio
from gateway.sdk.errors import AdapterError, Misconfigured, Unreachable
from gateway.sdk.http import HttpClient, Response

MARGIN = 30.0
"""Seconds before its end from which a token is no longer used; a quarter of its life where it lives shortly."""
RELENT = 5.0
"""Seconds after which an authority that could not be reached is asked again, while the old token is still good."""
UNTOLD = 300.0
"""Seconds that a token is taken to live whose authority does not say (RFC 6749, 5.1, leaves that open)."""
LONGEST = 86400.0
SKEW = 10.0
"""Seconds between our clock and the authority's from which a refusal is put down to the clocks."""
LARGEST = 65536
_CODES = frozenset(
    {
        "invalid_client", "invalid_grant", "invalid_request", "invalid_scope", "invalid_target", "unauthorized_client",
        "unsupported_grant_type", "invalid_dpop_proof", "invalid_authorization_details", "access_denied",
    }
)  # fmt: skip


class Token(Struct, frozen=True, kw_only=True):
    """An access token and how it is shown: ``Bearer`` or ``DPoP``. Its representation does not tell it."""

    text: str
    kind: str
    seconds: float

    def __repr__(self) -> str:
        return f"Token(kind={self.kind!r})"

    __str__ = __repr__


class Form(Struct, frozen=True, kw_only=True):
    """What is posted to a token endpoint: made anew for each try, since its ids may be used once."""

    fields: Mapping[str, str]
    headers: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return f"Form(fields={sorted(self.fields)!r})"

    __str__ = __repr__


Prove = Callable[[str, str, str], str]
"""A DPoP proof from method, URL and nonce, for a request that bears no token."""


class TokenEndpoint:
    """Where tokens are asked for.

    ``form`` makes what is posted, ``scope`` is what must come back if the authority says what it gave, ``prove`` binds
    the token to a key. ``client`` stands on a leash of its own, and tries once: what was signed may be used once.
    ``wall`` is the time of day in seconds, by which a refusal can be put down to the clocks.
    """

    def __init__(
        self,
        *,
        client: HttpClient,
        form: Callable[[], Form],
        scope: str = "",
        prove: Prove | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._client, self._form, self._prove, self._wall = client, form, prove, wall
        self._scope = frozenset(scope.split())
        self._nonce = ""

    def fetch(self) -> Token:
        """A new token.

        Raises ``Unreachable`` (``auth.unreachable``) or ``Misconfigured``: ``auth.`` with the error that OAuth names
        (RFC 6749, 5.2), ``auth.clock``, ``auth.endpoint``, ``auth.answer``, ``auth.scope``, ``auth.token_type``.
        """
        for again in (True, False):
            response = self._asked()
            nonce = response.headers.get("dpop-nonce", "")
            renewed = bool(nonce) and nonce != self._nonce
            self._nonce = nonce or self._nonce
            told = _members(response)
            if response.status == 200:
                return self._token(told)
            if told.get("error") != "use_dpop_nonce" or not renewed or not again or self._prove is None:
                break
        raise self._refusal(response, told)

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _asked(self) -> Response:
        form = self._form()
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json", **form.headers}
        if self._prove is not None:
            headers["dpop"] = self._prove("POST", self._client.url, self._nonce)
        try:
            return self._client.request(
                "POST",
                self._client.url,
                content=urlencode(form.fields).encode(),
                headers=headers,
                accept=(400, 401, 403),
            )
        except Unreachable as error:
            raise Unreachable("auth.unreachable", retry_after=error.retry_after) from None
        except AdapterError as error:
            if error.code in {"http.certificate", "http.trust", "http.proxy_auth", "http.proxy_refused"}:
                raise
            raise Misconfigured("auth.endpoint") from None

    def _token(self, told: Mapping[str, Any]) -> Token:
        text, kind, seconds = told.get("access_token"), told.get("token_type"), told.get("expires_in", UNTOLD)
        if not isinstance(text, str) or not isinstance(kind, str) or not _plain(text):
            raise Misconfigured("auth.answer")
        wanted = "DPoP" if self._prove is not None else "Bearer"
        if kind.lower() != wanted.lower():
            raise Misconfigured("auth.token_type")
        given = told.get("scope")
        if isinstance(given, str) and not self._scope <= frozenset(given.split()):
            raise Misconfigured("auth.scope")
        return Token(text=text, kind=wanted, seconds=_seconds(seconds))

    def _refusal(self, response: Response, told: Mapping[str, Any]) -> Misconfigured:
        named = told.get("error")
        if not isinstance(named, str):
            return Misconfigured("auth.refused")
        if named in {"invalid_client", "invalid_grant", "invalid_dpop_proof"} and self._clocks_differ(response):
            return Misconfigured("auth.clock")
        return Misconfigured(f"auth.{named}" if named in _CODES else "auth.refused")

    def _clocks_differ(self, response: Response) -> bool:
        try:
            theirs = parsedate_to_datetime(response.headers.get("date", ""))
        except (ValueError, TypeError):
            return False
        return abs(theirs.timestamp() - self._wall()) > SKEW


def _members(response: Response) -> Mapping[str, Any]:
    try:
        told = jsonio.decode(response.body)
    except Fault:
        told = None
    if isinstance(told, dict):
        return told
    if response.status == 200:
        raise Misconfigured("auth.answer")
    return {}


def _plain(text: str) -> bool:
    """Whether a token can stand in a header (RFC 6750, 2.1: ``b64token``, taken a little wider)."""
    return 0 < len(text) <= LARGEST and text.isascii() and all("!" <= letter <= "~" for letter in text)


def _seconds(told: Any) -> float:
    """A life in seconds; some authorities write it as a text."""
    if isinstance(told, str) and told.isascii() and told.isdigit() and len(told) < 10:
        told = int(told)
    if isinstance(told, bool) or not isinstance(told, (int, float)):
        return UNTOLD
    return max(0.0, min(float(told), LONGEST))


class TokenKeeper:
    """One token for all threads: fetched by one of them while the others wait, used until shortly before its end.

    ``clock`` counts seconds and never goes back. When a fetch fails, those who waited for it get the same error, so
    that a dead authority is not asked once by each; a token that has not ended yet is used on while the authority
    cannot be reached. One that a system refused although it was new is not fetched anew for every request.
    """

    def __init__(self, fetch: Callable[[], Token], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = threading.Lock()
        self._held: Token | None = None
        self._useless: Token | None = None
        self._renew = self._ends = 0.0
        self._tries = 0
        self._failed: AdapterError | None = None

    def token(self) -> Token:
        """A token that is good now. Raises as ``TokenEndpoint.fetch``."""
        seen = self._tries
        with self._lock:
            now = self._clock()
            if self._held is not None and now < self._renew:
                return self._held
            if self._tries != seen and self._failed is not None:
                raise _same(self._failed)
            self._failed = None
            try:
                found = self._fetch()
            except AdapterError as error:
                if isinstance(error, Unreachable) and self._held is not None and self._clock() < self._ends:
                    self._renew = min(self._clock() + RELENT, self._ends)
                    return self._held
                self._held, self._failed = None, error
                raise
            finally:
                self._tries += 1
            self._held, self._ends = found, now + found.seconds
            self._renew = self._ends - min(MARGIN, found.seconds / 4)
            return found

    def forget(self, token: Token) -> bool:
        """Not to use this token again, since the system does not take it; whether another is worth asking for."""
        with self._lock:
            if token is self._useless:
                return False
            if self._held is token:
                self._held = None
            return True

    def useless(self, token: Token) -> None:
        """A new token was refused like the one before it: what is wrong is not its age."""
        with self._lock:
            self._useless = token


def _same(error: AdapterError) -> AdapterError:
    """The same error anew: one that is raised in two threads would bear both their traces."""
    if isinstance(error, Unreachable):
        return Unreachable(error.code, retry_after=error.retry_after)
    return type(error)(error.code)
