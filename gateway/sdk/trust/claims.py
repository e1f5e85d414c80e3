"""What a client signs. Pure: the time and the unique ids are given.

=======================  ====================================================================================
function                 form
=======================  ====================================================================================
``grant``                Maskinporten's JWT grant (RFC 7523, 2.1; Digdir, "JWT grant")
``assertion``            client authentication with a key (RFC 7523, 2.2; HelseID, "client assertion")
``proof``                proof of possession (RFC 9449, 4.2)
=======================  ====================================================================================
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

GRANT_LIFE = 100
"""Seconds from ``iat`` to ``exp`` of a JWT grant; Maskinporten takes 120 at most."""
ASSERTION_LIFE = 50
"""Seconds from ``iat`` to ``exp`` of a client assertion; HelseID takes 60 at most."""

Signed = tuple[dict[str, Any], dict[str, Any]]
"""The header and the claims of a JWT."""


def grant(
    *,
    issuer: str,
    client_id: str,
    scope: str,
    algorithm: str,
    now: int,
    jti: str,
    kid: str = "",
    chain: Sequence[str] = (),
    resource: Sequence[str] = (),
    consumer_org: str = "",
) -> Signed:
    """Maskinporten's JWT grant: just the claims that it knows, since one too many is refused.

    ``issuer`` is Maskinporten's own identifier, with its slash at the end, and the only audience. The key is named by
    ``kid`` where it was registered beforehand, else by the certificate ``chain`` (base64 of DER, RFC 7515, 4.1.6).
    ``resource`` names the API where it asks for a token of its own; ``consumer_org`` is the organisation on whose
    behalf a supplier asks.
    """
    header: dict[str, Any] = {"alg": algorithm}
    header |= {"kid": kid} if kid else {"x5c": list(chain)}
    claims: dict[str, Any] = {
        "aud": issuer, "iss": client_id, "scope": scope, "iat": now, "exp": now + GRANT_LIFE, "jti": jti,
    }  # fmt: skip
    if resource:
        claims["resource"] = list(resource)
    if consumer_org:
        claims["consumer_org"] = consumer_org
    return header, claims


def assertion(
    *,
    audience: str,
    client_id: str,
    algorithm: str,
    now: int,
    jti: str,
    kid: str = "",
    details: Sequence[Mapping[str, Any]] = (),
) -> Signed:
    """A client assertion, explicitly typed so that it cannot be taken for another JWT that the key has signed.

    ``details`` are HelseID's ``authorization_details``: for which organisation, or which part of it, the token is
    asked.
    """
    header: dict[str, Any] = {"alg": algorithm, "typ": "client-authentication+jwt"}
    if kid:
        header["kid"] = kid
    claims: dict[str, Any] = {
        "iss": client_id, "sub": client_id, "aud": audience,
        "iat": now, "nbf": now, "exp": now + ASSERTION_LIFE, "jti": jti,
    }  # fmt: skip
    if details:
        claims["authorization_details"] = [dict(one) for one in details]
    return header, claims


def proof(
    *, public: Mapping[str, Any], algorithm: str, method: str, url: str, now: int, jti: str, nonce: str, token: str
) -> Signed:
    """A DPoP proof for one request. ``public`` is the public JWK; ``nonce`` and ``token`` may be empty.

    ``url`` is the request's; its query and fragment are left out, as the clause asks.
    """
    bare = url.partition("#")[0].partition("?")[0]
    header = {"typ": "dpop+jwt", "alg": algorithm, "jwk": dict(public)}
    claims: dict[str, Any] = {"jti": jti, "htm": method, "htu": bare, "iat": now}
    if nonce:
        claims["nonce"] = nonce
    if token:
        claims["ath"] = hashed(token)
    return header, claims


def hashed(token: str) -> str:
    """The hash by which a proof names its token (RFC 9449, 4.2: ``ath``)."""
    return urlsafe_b64encode(sha256(token.encode("ascii")).digest()).decode().rstrip("=")
