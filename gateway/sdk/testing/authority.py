"""An authority for tests, stricter than the real ones: it gives a token only for just the right request.

``MockAuthority`` answers as Maskinporten (``/token``), as HelseID (``/connect/token``) and as plain OAuth 2
(``/oauth/token``) do, on loopback, and refuses what they refuse; ``refusals`` says in a word each what was wrong, which
no client is told. A stand-in that requires its tokens wraps its own answers with ``guarded``. It is our reading of
RFC 6749, 7523, 8725 and 9449, of Digdir's "JWT grant" and of HelseID's security profile.
"""

import os
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from email.utils import formatdate
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, unquote_plus

import msgspec
from msgspec import Struct

from gateway.sdk.loopback import Answer, Asked, LoopbackServer
from gateway.sdk.testing.signatures import Unfit, checked, from_chain, from_jwk, number, taken, text, thumbprint
from gateway.sdk.trust.claims import hashed

ISSUED = 120
"""Seconds that a token lives, as Maskinporten's do."""
SKEW = 10
"""Seconds that a clock may differ."""
_ASYMMETRIC = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
_GRANT = {"aud", "iss", "scope", "iat", "exp", "jti"}
_ASSERTION = {"aud", "iss", "sub", "iat", "nbf", "exp", "jti"}
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_JWT_CLIENT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Client(Struct, frozen=True, kw_only=True):
    """A client as it was registered: how it shows itself, what it may ask for.

    ``key`` is its public JWK under ``kid``; ``certificate`` the base64 of its certificate's DER, for ``x5c``.
    ``organisations`` are those on whose behalf it may ask. ``dpop``: its tokens must be bound to a key.
    """

    id: str
    kind: Literal["maskinporten", "helseid", "basic", "post", "key"]
    scopes: frozenset[str] = frozenset()
    key: Mapping[str, Any] | None = None
    kid: str = ""
    certificate: str = ""
    secret: str = ""
    organisations: frozenset[str] = frozenset()
    dpop: bool = False


class _Issued(Struct, frozen=True):
    client: str
    scopes: frozenset[str]
    ends: float
    bound: str


class MockAuthority:
    """The authority while it is open: ``with MockAuthority([client]) as authority``.

    ``clock`` is its time of day in seconds. ``instead`` holds answers for coming requests, put in by a test; ``asked``
    and ``granted`` count, ``refusals`` tell. ``forget_tokens`` and ``new_nonce`` make things happen.
    """

    def __init__(
        self,
        clients: Iterable[Client],
        *,
        clock: Callable[[], float] = time.time,
        chance: Callable[[int], bytes] = os.urandom,
        lifetime: int = ISSUED,
    ) -> None:
        self.clients = {client.id: client for client in clients}
        self.clock, self.lifetime = clock, lifetime
        self._chance = chance
        self._lock = threading.RLock()
        self._tokens: dict[str, _Issued] = {}
        self._seen: set[tuple[str, str]] = set()
        self.nonce = self._word()
        self.instead: list[Answer] = []
        self.asked = self.granted = 0
        self.refusals: list[str] = []
        self._server = LoopbackServer(self._answer)
        self.url = self._server.url

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    @property
    def maskinporten(self) -> str:
        """The issuer as Maskinporten writes its own: with a slash at the end."""
        return f"{self.url}/"

    def forget_tokens(self) -> None:
        """No token that was given is good any more."""
        with self._lock:
            self._tokens.clear()

    def new_nonce(self) -> None:
        """Proofs must bear another nonce from now on."""
        self.nonce = self._word()

    def guarded(self, answer: Callable[[Asked], Answer], *, scope: str = "") -> Callable[[Asked], Answer]:
        """An answering function that first wants a token with all of ``scope``; ``/_sim/`` stays open."""

        def guard(asked: Asked) -> Answer:
            if asked.path.startswith("/_sim/"):
                return answer(asked)
            with self._lock:
                try:
                    self._admitted(asked, frozenset(scope.split()))
                except Unfit as unfit:
                    self.refusals.append(unfit.what)
                    scheme = "DPoP" if "dpop" in asked.headers else "Bearer"
                    told = {"WWW-Authenticate": f'{scheme} error="{unfit.error}"', "DPoP-Nonce": self.nonce}
                    return Answer(status=403 if unfit.error == "insufficient_scope" else 401, headers=told)
            return answer(asked)

        return guard

    def _answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked += 1
            if self.instead:
                return self.instead.pop(0)
            headers = {"Date": formatdate(self.clock(), usegmt=True), "Cache-Control": "no-store"}
            try:
                told = self._granted(asked)
            except Unfit as unfit:
                self.refusals.append(unfit.what)
                body = msgspec.json.encode({"error": unfit.error, "error_description": f"Not so: {unfit.what}"})
                status = 401 if unfit.error == "invalid_client" else 400
                return Answer(status=status, body=body, headers={**headers, "DPoP-Nonce": self.nonce})
            self.granted += 1
            return Answer(body=msgspec.json.encode(told), headers=headers)

    def _granted(self, asked: Asked) -> dict[str, Any]:
        if asked.method != "POST" or not asked.headers.get("content-type", "").startswith(
            "application/x-www-form-urlencoded"
        ):
            raise Unfit("request")
        pairs = parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True)
        form = dict(pairs)
        if len(form) != len(pairs) or asked.query:
            raise Unfit("form.twice")
        match asked.path:
            case "/token":
                client, scopes = self._maskinporten(form, asked)
            case "/connect/token":
                client, scopes = self._by_key(form, asked, kind="helseid")
            case "/oauth/token" if "client_assertion" in form:
                client, scopes = self._by_key(form, asked, kind="key")
            case "/oauth/token":
                client, scopes = self._by_secret(form, asked)
            case _:
                raise Unfit("path")
        bound = self._bound(asked, client)
        if not scopes <= client.scopes:
            raise Unfit("scope", "invalid_scope")
        token = self._word()
        self._tokens[token] = _Issued(client.id, scopes, self.clock() + self.lifetime, bound)
        told: dict[str, Any] = {"access_token": token, "expires_in": self.lifetime, "scope": " ".join(sorted(scopes))}
        return {**told, "token_type": "DPoP" if bound else "Bearer"}

    def _maskinporten(self, form: Mapping[str, str], asked: Asked) -> tuple[Client, frozenset[str]]:
        if form.get("grant_type") != _JWT_GRANT:
            raise Unfit("grant_type", "unsupported_grant_type")
        if set(form) != {"grant_type", "assertion"} or "authorization" in asked.headers:
            raise Unfit("form.extra")
        header, claims = taken(form["assertion"], "invalid_grant")
        client = self._client(text(claims, "iss"), "maskinporten", "invalid_grant")
        if not set(header) <= {"alg", "typ", "kid", "x5c"} or header.get("typ", "JWT") != "JWT":
            raise Unfit("header", "invalid_grant")
        if ("kid" in header) == ("x5c" in header):
            raise Unfit("header.key", "invalid_grant")
        if header.get("alg") not in {"RS256", "RS384", "RS512"}:
            raise Unfit("alg", "invalid_grant")
        if "x5c" in header:
            key = from_chain(header["x5c"], client.certificate, self.clock())
        else:
            key = self._registered(header, client, "invalid_grant")
        checked(form["assertion"], header, key, "invalid_grant")
        if not set(claims) >= _GRANT or not set(claims) <= {*_GRANT, "resource", "consumer_org"}:
            raise Unfit("claims", "invalid_grant")
        self._fresh(claims, audience=self.maskinporten, longest=120, error="invalid_grant", who=client.id)
        if not isinstance(claims.get("resource", []), list):
            raise Unfit("resource", "invalid_grant")
        if claims.get("consumer_org", "") not in {"", *client.organisations}:
            raise Unfit("consumer_org", "invalid_grant")
        return client, frozenset(text(claims, "scope").split()) or _refused("scope", "invalid_scope")

    def _by_key(
        self, form: Mapping[str, str], asked: Asked, *, kind: Literal["helseid", "key"]
    ) -> tuple[Client, frozenset[str]]:
        if form.get("grant_type") != "client_credentials":
            raise Unfit("grant_type", "unsupported_grant_type")
        if form.get("client_assertion_type") != _JWT_CLIENT or "authorization" in asked.headers:
            raise Unfit("client_assertion_type", "invalid_client")
        if "client_secret" in form:
            raise Unfit("form.extra")
        whole = form.get("client_assertion", "")
        header, claims = taken(whole, "invalid_client")
        client = self._client(text(claims, "iss"), kind, "invalid_client")
        if claims.get("sub") != client.id or form.get("client_id", client.id) != client.id:
            raise Unfit("sub", "invalid_client")
        if set(header) != {"alg", "typ", "kid"} or header["typ"] != "client-authentication+jwt":
            raise Unfit("typ", "invalid_client")
        if header["alg"] not in _ASYMMETRIC:
            raise Unfit("alg", "invalid_client")
        checked(whole, header, self._registered(header, client, "invalid_client"), "invalid_client")
        if not set(claims) >= _ASSERTION or not set(claims) <= {*_ASSERTION, "authorization_details"}:
            raise Unfit("claims", "invalid_client")
        audience = self.url if kind == "helseid" else f"{self.url}{asked.path}"
        self._fresh(claims, audience=audience, longest=60, error="invalid_client", who=client.id)
        if number(claims, "nbf") > self.clock() + SKEW:
            raise Unfit("nbf", "invalid_client")
        _check_details(claims.get("authorization_details", []))
        return client, frozenset(form.get("scope", "").split())

    def _by_secret(self, form: Mapping[str, str], asked: Asked) -> tuple[Client, frozenset[str]]:
        if form.get("grant_type") != "client_credentials":
            raise Unfit("grant_type", "unsupported_grant_type")
        shown = asked.headers.get("authorization")
        if shown is not None:
            try:
                name, _, secret = b64decode(shown.removeprefix("Basic "), validate=True).decode().partition(":")
            except ValueError:
                raise Unfit("secret", "invalid_client") from None
            client = self._client(unquote_plus(name), "basic", "invalid_client")
            if unquote_plus(secret) != client.secret or {"client_secret", "client_id"} & set(form):
                raise Unfit("secret", "invalid_client")
        else:
            client = self._client(form.get("client_id", ""), "post", "invalid_client")
            if form.get("client_secret") != client.secret:
                raise Unfit("secret", "invalid_client")
        return client, frozenset(form.get("scope", "").split())

    def _client(self, ident: str, kind: str, error: str) -> Client:
        client = self.clients.get(ident)
        if client is None or client.kind != kind:
            raise Unfit("client", error)
        return client

    def _registered(self, header: Mapping[str, Any], client: Client, error: str) -> Any:
        if client.key is None or header.get("kid") != client.kid:
            raise Unfit("kid", error)
        return from_jwk(client.key)

    def _fresh(self, claims: Mapping[str, Any], *, audience: str, longest: int, error: str, who: str) -> None:
        if claims["aud"] != audience:
            raise Unfit("aud", error)
        issued, ends, now = number(claims, "iat"), number(claims, "exp"), self.clock()
        if abs(issued - now) > SKEW:
            raise Unfit("iat", error)
        if ends - issued > longest or ends <= now:
            raise Unfit("exp", error)
        self._once(who, text(claims, "jti"), error)

    def _once(self, who: str, ident: str, error: str) -> None:
        if not ident or (who, ident) in self._seen:
            raise Unfit("jti", error)
        self._seen.add((who, ident))

    def _bound(self, asked: Asked, client: Client) -> str:
        """The thumbprint of the key that the token is bound to; empty for a bearer token."""
        if "dpop" not in asked.headers:
            if client.dpop:
                raise Unfit("dpop", "invalid_dpop_proof")
            return ""
        return self._proved(asked, token="")

    def _proved(self, asked: Asked, *, token: str) -> str:
        error, whole = "invalid_dpop_proof", asked.headers["dpop"]
        header, claims = taken(whole, error)
        if header.get("typ") != "dpop+jwt":
            raise Unfit("dpop.typ", error)
        if header.get("alg") not in _ASYMMETRIC:
            raise Unfit("dpop.alg", error)
        public = header.get("jwk")
        if not isinstance(public, dict) or set(public) & {"d", "p", "q", "k"}:
            raise Unfit("dpop.jwk", error)
        checked(whole, header, from_jwk(public), error)
        if claims.get("htm") != asked.method:
            raise Unfit("dpop.htm", error)
        if claims.get("htu") != f"http://{asked.headers.get('host', '')}{asked.target.partition('?')[0]}":
            raise Unfit("dpop.htu", error)
        if abs(number(claims, "iat") - self.clock()) > SKEW:
            raise Unfit("dpop.iat", error)
        if claims.get("ath") != (hashed(token) if token else None):
            raise Unfit("dpop.ath", error)
        if claims.get("nonce") != self.nonce:
            raise Unfit("dpop.nonce", "use_dpop_nonce")
        printed = thumbprint(public)
        self._once(printed, text(claims, "jti"), error)
        return printed

    def _admitted(self, asked: Asked, scopes: frozenset[str]) -> None:
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        issued = self._tokens.get(token)
        if issued is None or issued.ends <= self.clock():
            raise Unfit("token", "invalid_token")
        if scheme != ("DPoP" if issued.bound else "Bearer"):
            raise Unfit("scheme", "invalid_token")
        if issued.bound and ("dpop" not in asked.headers or self._proved(asked, token=token) != issued.bound):
            raise Unfit("dpop.key", "invalid_token")
        if not scopes <= issued.scopes:
            raise Unfit("scope", "insufficient_scope")

    def _word(self) -> str:
        return urlsafe_b64encode(self._chance(18)).decode()


def _refused(what: str, error: str) -> frozenset[str]:
    raise Unfit(what, error)


def _check_details(details: Any) -> None:
    if not isinstance(details, list) or not all(isinstance(one, dict) and "type" in one for one in details):
        raise Unfit("authorization_details", "invalid_client")
