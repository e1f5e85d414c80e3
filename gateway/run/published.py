"""Keys that an issuer of tokens publishes (RFC 7517): which of a set can verify, and what should not be in one."""

from typing import Any

from gateway.core.model import Fault
from gateway.sdk.trust.keys import WEAKEST

_PUBLIC = frozenset({"kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"})
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""What only who signs may have (RFC 7518, 6.2.2, 6.3.2, 6.4.1)."""


def published(told: Any) -> dict[str, Any]:
    """The public keys of a set that can verify, by their ids. Raises ``Fault`` (``api.away``) where there is none."""
    from joserfc.errors import JoseError  # noqa: PLC0415 - who is not called does not pay for it
    from joserfc.jwk import ECKey, RSAKey  # noqa: PLC0415

    found: dict[str, Any] = {}
    keys = told.get("keys") if isinstance(told, dict) else None
    for one in keys if isinstance(keys, list) else []:
        if not isinstance(one, dict) or not isinstance(one.get("kid"), str) or one.get("use", "sig") != "sig":
            continue
        plain: dict[str, Any] = {name: part for name, part in one.items() if name in _PUBLIC}
        try:
            if one.get("kty") == "EC":
                found[one["kid"]] = ECKey.import_key(plain)
            elif one.get("kty") == "RSA" and (key := RSAKey.import_key(plain)).raw_value.key_size >= WEAKEST:
                found[one["kid"]] = key
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    if not found:
        raise Fault("api.away", "$")
    return found


def tells_private(told: Any) -> bool:
    """Whether a set holds what only its owner may have: whoever reads it could issue tokens."""
    keys = told.get("keys") if isinstance(told, dict) else None
    return any(isinstance(one, dict) and _PRIVATE & one.keys() for one in (keys if isinstance(keys, list) else []))
