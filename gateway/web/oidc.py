"""The login of others: OpenID Connect's code flow with PKCE, and a key instead of a secret.

In the shape of ID-porten and Ansattporten: OpenID Connect Core 1.0 (3.1), RFC 7636 (S256), RFC 7523 (2.2), RFC 9207.
What the browser brings back is believed only as far as the provider's signature and our own sealed note of what was
asked carry it.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from msgspec import Struct

from gateway.core.model import Fault
from gateway.run.settings_web import OidcSettings
from gateway.sdk import AdapterError
from gateway.sdk.http import HttpClient
from gateway.sdk.trust.claims import assertion
from gateway.sdk.trust.keys import KeyPlace
from gateway.store import StoreError
from gateway.store.seal import Seal
from gateway.web.visit import Problem

PENDING = 600
"""Seconds that a login may take from the first page to the last."""
SKEW = 30
"""Seconds that the provider's clock may differ from ours."""
_ALGORITHMS = ("RS256", "PS256", "ES256")
_KEPT = 3600
"""Seconds after which what the provider tells of itself is asked anew."""


class Pending(Struct, frozen=True, kw_only=True):
    """What was asked, sealed into a cookie of the browser that asked."""

    state: str
    nonce: str
    verifier: str
    to: str
    until: int


class Entered(Struct, frozen=True, kw_only=True):
    """Who came back: what the claim says that names the person, how surely, and where they wanted to go."""

    name: str
    level: str
    to: str


class Provider(
    Struct, frozen=True, kw_only=True, rename={"response_iss": "authorization_response_iss_parameter_supported"}
):
    """What a provider tells of itself (OpenID Connect Discovery 1.0, 3), as far as it is used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    response_iss: bool = False


class Oidc:
    """The login at one provider. ``http`` reaches the provider alone; ``clock`` and ``fresh`` are given."""

    def __init__(
        self,
        settings: OidcSettings,
        *,
        http: HttpClient,
        key: Callable[[], str],
        origin: str,
        clock: Callable[[], datetime],
        fresh: Callable[[], str],
        seal: Seal,
    ) -> None:
        self.settings, self._http, self._clock, self._fresh, self._seal = settings, http, clock, fresh, seal
        self._key = KeyPlace(key, settings.algorithm)
        self.redirect = f"{origin}/login/callback"
        self.after = f"{origin}/login"
        self._provider: tuple[int, Provider] | None = None
        self._keys: tuple[int, list[Any]] | None = None

    def close(self) -> None:
        """Let go of the connections to the provider."""
        self._http.close()

    @property
    def origin(self) -> str:
        """The provider's origin, to which a form of ours may lead."""
        parts = urlsplit(self.settings.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    def begin(self, to: str) -> tuple[str, str]:
        """Where to send the browser, and what it is to keep meanwhile. Raises ``Problem``."""
        provider = self.provider()
        asked = Pending(
            state=self._fresh(), nonce=self._fresh(), verifier=self._fresh(), to=to, until=self._now() + PENDING
        )
        query = {
            "response_type": "code", "client_id": self.settings.client_id, "redirect_uri": self.redirect,
            "scope": self.settings.scope, "state": asked.state, "nonce": asked.nonce,
            "code_challenge": _unpadded(sha256(asked.verifier.encode()).digest()), "code_challenge_method": "S256",
            "acr_values": " ".join(self.settings.acr),
        }  # fmt: skip
        [nonce] = self._seal.nonces(1)
        kept = self._seal.close_intake(nonce, msgspec.msgpack.encode(asked), self._place())
        return f"{provider.authorization_endpoint}?{urlencode(query)}", _unpadded(kept)

    def finish(self, query: Mapping[str, str], kept: str) -> Entered:
        """Who came back. Raises ``Problem``: ``web.login`` for whatever does not hold, ``web.login_away``."""
        asked = self._opened(kept)
        if asked is None or self._now() > asked.until or not _same(query.get("state", ""), asked.state):
            raise refused()
        provider = self.provider()
        told = query.get("iss")
        if (told is not None or provider.response_iss) and told != provider.issuer:
            raise refused()
        if "error" in query or not query.get("code"):
            raise refused()
        claims = self._claims(self._token(provider, query["code"], asked.verifier), provider, asked.nonce)
        name, level = claims.get(self.settings.claim), claims.get("acr")
        if not isinstance(name, str) or not name or level not in self.settings.acr:
            raise refused()
        return Entered(name=name, level=str(level), to=asked.to)

    def out(self) -> str:
        """Where to send a browser that has logged out here, so that it is out at the provider too."""
        provider = self.provider()
        if not provider.end_session_endpoint:
            return self.after
        query = {"client_id": self.settings.client_id, "post_logout_redirect_uri": self.after}
        return f"{provider.end_session_endpoint}?{urlencode(query)}"

    def provider(self) -> Provider:
        """What the provider tells of itself, asked once an hour. Raises ``Problem`` (``web.login_away``)."""
        if self._provider is None or self._now() - self._provider[0] > _KEPT:
            issuer = self.settings.issuer.rstrip("/")
            told = self._asked(f"{issuer}/.well-known/openid-configuration")
            try:
                provider = msgspec.convert(told, Provider)
            except msgspec.ValidationError:
                raise away() from None
            if provider.issuer != self.settings.issuer:
                raise away()  # who answers for another issuer could speak for it (Discovery, 4.3)
            self._provider = (self._now(), provider)
        return self._provider[1]

    def _token(self, provider: Provider, code: str, verifier: str) -> str:
        key = self._key.key()
        signed = assertion(
            audience=provider.issuer, client_id=self.settings.client_id, algorithm=key.algorithm, now=self._now(),
            jti=self._fresh(), kid=self.settings.key_id or key.thumbprint,
        )  # fmt: skip
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect,
            "client_id": self.settings.client_id, "code_verifier": verifier, "client_assertion": key.sign(signed),
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        }  # fmt: skip
        try:
            answer = self._http.request(
                "POST", provider.token_endpoint, content=urlencode(form).encode(), expect="json", accept={400, 401},
                headers={"content-type": "application/x-www-form-urlencoded"},
            )  # fmt: skip
            told = answer.json()
        except (AdapterError, Fault):
            raise away() from None
        token = told.get("id_token") if isinstance(told, dict) and answer.status == 200 else None
        if not isinstance(token, str):
            raise refused()
        return token

    def _claims(self, token: str, provider: Provider, nonce: str) -> Mapping[str, Any]:
        """The claims of an ID token that holds (OpenID Connect Core 1.0, 3.1.3.7). Raises ``Problem``."""
        from joserfc import jwt  # noqa: PLC0415 - who does not log in does not pay for it
        from joserfc.errors import JoseError  # noqa: PLC0415
        from joserfc.jwk import KeySet  # noqa: PLC0415

        for fresh in (False, True):  # a provider changes its keys; a key that we do not know is asked for once
            try:
                keys = KeySet.import_key_set({"keys": self._signers(provider, fresh=fresh)})
                claims = jwt.decode(token, keys, algorithms=list(_ALGORITHMS)).claims
                break
            except (JoseError, ValueError, TypeError, KeyError):
                if fresh:
                    raise refused() from None
        now = self._now()
        aud = claims.get("aud")
        holds = (
            claims.get("iss") == provider.issuer
            and aud in (self.settings.client_id, [self.settings.client_id])
            and claims.get("azp", self.settings.client_id) == self.settings.client_id
            and _whole(claims.get("exp")) > now - SKEW
            and 0 < _whole(claims.get("iat")) <= now + SKEW
            and _whole(claims.get("iat")) > now - PENDING
            and _whole(claims.get("nbf", now)) <= now + SKEW
            and _same(str(claims.get("nonce", "")), nonce)
        )
        if not holds:
            raise refused()
        return dict(claims)

    def _signers(self, provider: Provider, *, fresh: bool) -> list[Any]:
        if fresh or self._keys is None or self._now() - self._keys[0] > _KEPT:
            told = self._asked(provider.jwks_uri)
            keys = told.get("keys") if isinstance(told, dict) else None
            public = [one for one in keys if isinstance(one, dict)] if isinstance(keys, list) else []
            self._keys = (self._now(), [one for one in public if one.get("kty") in {"RSA", "EC"}])
        return self._keys[1]

    def _asked(self, url: str) -> Any:
        try:
            return self._http.request("GET", url, expect="json").json()
        except (AdapterError, Fault):
            raise away() from None

    def _opened(self, kept: str) -> Pending | None:
        try:
            sealed = urlsafe_b64decode(kept + "=" * (-len(kept) % 4))
            return msgspec.msgpack.decode(self._seal.open_intake(sealed, self._place()), type=Pending)
        except (ValueError, StoreError, msgspec.MsgspecError):
            return None

    def _place(self) -> bytes:
        return self._seal.place("web", "login", self.settings.client_id, 1)

    def _now(self) -> int:
        return int(self._clock().timestamp())


def refused() -> Problem:
    """The login does not hold; which part of it did not is told to nobody."""
    return Problem("web.login", status=403)


def away() -> Problem:
    """The provider cannot be asked."""
    return Problem("web.login_away", status=503)


def _same(told: str, known: str) -> bool:
    return hmac.compare_digest(told.encode("utf-8", "replace"), known.encode())


def _whole(told: object) -> float:
    """A number of seconds; nothing else counts as one."""
    return float(told) if isinstance(told, (int, float)) and not isinstance(told, bool) else -1.0


def _unpadded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
