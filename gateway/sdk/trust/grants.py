"""What is posted to a token endpoint, for each way in which an authority lets us in.

Each function returns the maker of a ``Form``: keys and secrets are read when it is called, so that a renewed one needs
no restart, and every form bears ids and times of its own.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from time import time
from typing import Any
from urllib.parse import quote_plus
from uuid import uuid4

from gateway.sdk.trust import claims
from gateway.sdk.trust.keys import KeyPlace, chain
from gateway.sdk.trust.tokens import Form

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
JWT_CLIENT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def _unique() -> str:
    return uuid4().hex


def maskinporten(
    *,
    issuer: str,
    client_id: str,
    scope: str,
    key: Callable[[], str],
    kid: str = "",
    certificates: Callable[[], str] | None = None,
    algorithm: str = "RS256",
    resource: Sequence[str] = (),
    consumer_org: str = "",
    wall: Callable[[], float] = time,
    unique: Callable[[], str] = _unique,
) -> Callable[[], Form]:
    """A JWT grant for Maskinporten (RFC 7523, 2.1). The key is named by ``kid``, or else by its ``certificates``.

    The maker raises ``Misconfigured`` as ``SigningKey.read`` and ``chain`` do.
    """
    held = KeyPlace(key, algorithm)

    def made() -> Form:
        signer, now = held.key(), wall()
        own: tuple[str, ...] = ()
        if not kid and certificates is not None:
            own = chain(certificates(), key=signer, now=datetime.fromtimestamp(now, tz=UTC))
        signed = claims.grant(
            issuer=issuer,
            client_id=client_id,
            scope=scope,
            algorithm=signer.algorithm,
            now=int(now),
            jti=unique(),
            kid=kid,
            chain=own,
            resource=resource,
            consumer_org=consumer_org,
        )
        return Form(fields={"grant_type": JWT_GRANT, "assertion": signer.sign(signed)})

    return made


def with_key(
    *,
    audience: str,
    client_id: str,
    scope: str,
    key: Callable[[], str],
    kid: str = "",
    algorithm: str = "",
    details: Sequence[Mapping[str, Any]] = (),
    parameters: Mapping[str, str] | None = None,
    wall: Callable[[], float] = time,
    unique: Callable[[], str] = _unique,
) -> Callable[[], Form]:
    """Client credentials by a signed assertion (RFC 7523, 2.2): HelseID, and FHIR servers with backend services.

    The maker raises ``Misconfigured`` as ``SigningKey.read`` does.
    """
    held = KeyPlace(key, algorithm)

    def made() -> Form:
        signer = held.key()
        signed = claims.assertion(
            audience=audience,
            client_id=client_id,
            algorithm=signer.algorithm,
            now=int(wall()),
            jti=unique(),
            kid=kid,
            details=details,
        )
        named = {"client_id": client_id, "client_assertion_type": JWT_CLIENT, "client_assertion": signer.sign(signed)}
        return Form(fields={"grant_type": "client_credentials", **_scope(scope), **named, **(parameters or {})})

    return made


def with_secret(
    *,
    client_id: str,
    scope: str,
    secret: Callable[[], str],
    in_body: bool = False,
    parameters: Mapping[str, str] | None = None,
) -> Callable[[], Form]:
    """Client credentials by a shared secret (RFC 6749, 4.4 and 2.3.1), in the header unless it goes ``in_body``.

    The maker raises what ``secret`` raises.
    """

    def made() -> Form:
        fields = {"grant_type": "client_credentials", **_scope(scope), **(parameters or {})}
        if in_body:
            return Form(fields={**fields, "client_id": client_id, "client_secret": secret()})
        # Both are encoded before they are put together, so that a colon in one of them does no harm.
        pair = f"{quote_plus(client_id)}:{quote_plus(secret())}".encode()
        return Form(fields=fields, headers={"authorization": f"Basic {b64encode(pair).decode()}"})

    return made


def _scope(scope: str) -> dict[str, str]:
    return {"scope": scope} if scope else {}
