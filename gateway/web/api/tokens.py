"""Whose call it is: access tokens as JWT (RFC 9068, RFC 6750), bound to a key where they say so (RFC 9449).

The issuer is the municipality's own authority, or Maskinporten. What does not hold is told to nobody: every token that
is not good here gets the same answer, and so does every good one without the right.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from gateway.core.model import Fault
from gateway.run.published import published
from gateway.run.settings_api import ApiClient, ApiSettings
from gateway.sdk import AdapterError, jsonio
from gateway.web.visit import Problem

SKEW = 10
"""Seconds that the issuer's clock may be ahead of ours."""
KEPT = 3600
"""Seconds after which the issuer's keys are fetched anew."""
REST = 30
"""Seconds between two fetches for a key that we do not know, however many ask for one."""
LONGEST = 8192
"""Characters of a token."""
PROOF = 60
"""Seconds within which a proof of possession was made."""
_HEADERS = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
"""What a token's header may hold: whatever else there is would ask to be obeyed (a key of its own, an address)."""
_TYPES = frozenset({"at+jwt", "application/at+jwt"})
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_CONSUMER = "0192:"
"""How an organisation number is told apart in ``consumer`` (ISO 6523)."""


class Keys(Protocol):
    """Where the issuer's keys come from."""

    def fetch(self) -> Any:
        """A JWK set as a plain value. Raises ``AdapterError``, ``Fault``, ``OSError``."""
        ...


class KeyFile:
    """The issuer's keys in a file."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def fetch(self) -> Any:
        """The set that lies there now."""
        return jsonio.decode(self._path.read_bytes())


class Claimed:
    """What a token that holds says. ``person`` is the value of the claim that names one."""

    def __init__(self, name: str, client: ApiClient, scopes: frozenset[str], person: str | None) -> None:
        self.name, self.client, self.scopes, self.person = name, client, scopes, person


class Tokens:
    """Judges tokens. ``clock`` gives the time; ``audience`` is whom they must be for."""

    def __init__(self, settings: ApiSettings, *, keys: Keys, audience: str, clock: Callable[[], datetime]) -> None:
        self.settings, self._keys, self._audience, self._clock = settings, keys, audience, clock
        self._known: dict[str, Any] = {}
        self._fetched = self._tried = 0.0
        self._seen: dict[str, float] = {}
        self._lock = Lock()

    def judge(self, shown: str, *, proof: str | None, method: str, url: str) -> Claimed | None:
        """What the ``Authorization`` header carries; ``None`` for a good token of a program that nobody named.

        ``proof`` is the ``DPoP`` header, ``method`` and ``url`` those of the call. Raises ``Problem``: ``api.token``
        (401) for whatever does not hold, ``api.away`` (503) where the issuer's keys cannot be had.
        """
        scheme, _, token = shown.partition(" ")
        if scheme.lower() not in {"bearer", "dpop"} or len(token) > LONGEST or not _TOKEN.fullmatch(token):
            raise refused()
        claims = self._claims(token)
        self._bound(claims, token, scheme=scheme.lower(), proof=proof, method=method, url=url)
        found = self._client(claims)
        if found is None:
            return None
        name, client = found
        if client.dpop and "cnf" not in claims:
            raise refused()
        told = claims.get("scope", "")
        asked = told.split(" ") if isinstance(told, str) else []
        prefix = self.settings.prefix
        scopes = frozenset(one.removeprefix(prefix) for one in asked if one.startswith(prefix)) & set(client.scopes)
        person = claims.get(self.settings.claim)
        return Claimed(name, client, scopes, person if isinstance(person, str) and person else None)

    def _claims(self, token: str) -> Mapping[str, Any]:
        """The claims of a token that the issuer signed for us and that is good now (RFC 9068, 4)."""
        header = _part(token, 0)
        kind = str(header.get("typ", "")).lower()
        if set(header) - _HEADERS or header.get("alg") not in self.settings.algorithms:
            raise refused()
        if kind not in _TYPES and not (self.settings.type == "any" and kind in {"", "jwt"}):
            raise refused()
        claims = self._signed(token, header)
        now, aud = self._now(), claims.get("aud")
        begun, ends = _whole(claims.get("iat")), _whole(claims.get("exp"))
        holds = (
            claims.get("iss") == self.settings.issuer
            and (aud == self._audience or (isinstance(aud, list) and self._audience in aud))
            and 0 < begun <= now + SKEW
            and now < ends <= begun + self.settings.life
            and _whole(claims.get("nbf", begun)) <= now + SKEW
        )
        if not holds:
            raise refused()
        return claims

    def _signed(self, token: str, header: Mapping[str, Any]) -> Mapping[str, Any]:
        from joserfc import jws  # noqa: PLC0415 - who is not called does not pay for it
        from joserfc.errors import JoseError  # noqa: PLC0415

        kid = header.get("kid")
        key = self._key(kid) if isinstance(kid, str) and kid else None
        if key is None:
            raise refused()
        try:
            jws.deserialize_compact(token, key, algorithms=[str(header["alg"])])
        except (JoseError, ValueError, TypeError, KeyError):
            raise refused() from None
        return _part(token, 1)

    def _client(self, claims: Mapping[str, Any]) -> tuple[str, ApiClient] | None:
        """The program that a token was issued to. A supplier that asks for others must be named with for whom."""
        consumer = claims.get("consumer")
        whose = str(consumer.get("ID", "")) if isinstance(consumer, dict) else ""
        for name, client in self.settings.clients.items():
            if client.client_id != claims.get("client_id"):
                continue
            if client.consumer and whose != _CONSUMER + client.consumer:
                continue
            if not client.consumer and claims.get("supplier") is not None:
                continue
            return name, client
        return None

    def _bound(
        self, claims: Mapping[str, Any], token: str, *, scheme: str, proof: str | None, method: str, url: str
    ) -> None:
        """A token that is bound to a key comes with a fresh proof of that key (RFC 9449, 4.3); another with none."""
        binding = claims.get("cnf")
        if binding is None and scheme == "bearer":
            return
        thumbprint = binding.get("jkt") if isinstance(binding, dict) and set(binding) == {"jkt"} else None
        if scheme != "dpop" or not isinstance(thumbprint, str) or not proof or len(proof) > LONGEST:
            raise refused()
        told = _proven(proof, thumbprint)
        now, made = self._now(), _whole(told.get("iat"))
        ath = urlsafe_b64encode(sha256(token.encode("ascii")).digest()).decode().rstrip("=")
        jti = told.get("jti")
        holds = told.get("htm") == method and told.get("htu") == url and told.get("ath") == ath
        if not holds or abs(now - made) > PROOF or not isinstance(jti, str) or not 0 < len(jti) <= 200:
            raise refused()
        with self._lock:
            self._seen = {one: until for one, until in self._seen.items() if until >= now}
            if jti in self._seen:
                raise refused()
            self._seen[jti] = made + PROOF

    def _key(self, kid: str) -> Any:
        """The issuer's key of a name; one that is not known is asked for, but not by everybody at once."""
        with self._lock:
            now = self._now()
            old = now - self._fetched > KEPT
            if (old or kid not in self._known) and now - self._tried >= (REST if self._known else 1):
                self._tried = now
                try:
                    self._known, self._fetched = published(self._keys.fetch()), now
                except (AdapterError, Fault, OSError):
                    if not self._known:
                        raise away() from None
            if not self._known:
                raise away()
            return self._known.get(kid)

    def _now(self) -> float:
        return self._clock().timestamp()


def refused() -> Problem:
    """The token is not good here; why not is told to nobody."""
    return Problem("api.token", status=401)


def away() -> Problem:
    """The issuer's keys cannot be had."""
    return Problem("api.away", status=503)


def _part(token: str, place: int) -> Mapping[str, Any]:
    text = token.split(".")[place]
    try:
        value = jsonio.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)), limit=LONGEST)
    except (ValueError, Fault):
        raise refused() from None
    if not isinstance(value, dict):
        raise refused()
    return value


def _proven(proof: str, thumbprint: str) -> Mapping[str, Any]:
    """The claims of a proof that the bound key has signed."""
    from joserfc import jws  # noqa: PLC0415 - as above
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import ECKey, RSAKey  # noqa: PLC0415

    if not _TOKEN.fullmatch(proof):
        raise refused()
    header = _part(proof, 0)
    own, algorithm = header.get("jwk"), header.get("alg")
    if set(header) != {"typ", "alg", "jwk"} or header["typ"] != "dpop+jwt":
        raise refused()
    if not isinstance(own, dict) or "d" in own or algorithm not in {"ES256", "PS256", "RS256"}:
        raise refused()
    try:
        key = ECKey.import_key(own) if own.get("kty") == "EC" else RSAKey.import_key(own)
        jws.deserialize_compact(proof, key, algorithms=[str(algorithm)])
        if key.thumbprint() != thumbprint:
            raise refused()
    except (JoseError, ValueError, TypeError, KeyError):
        raise refused() from None
    return _part(proof, 1)


def _whole(told: object) -> float:
    """A number of seconds; nothing else counts as one."""
    return float(told) if isinstance(told, (int, float)) and not isinstance(told, bool) else -1.0
