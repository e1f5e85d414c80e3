"""How the authority for tests reads what a client has signed: strictly, and by another way than it was written."""

from base64 import b64decode, urlsafe_b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gateway.core.model import Fault
from gateway.sdk import jsonio


class Unfit(Exception):
    """Something is not as it must be: ``what`` in a word, and the error that a client is told (RFC 6749, 5.2)."""

    def __init__(self, what: str, error: str = "invalid_request") -> None:
        super().__init__(what)
        self.what, self.error = what, error


def taken(whole: str, error: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the claims of a compact JWT, before its signature is looked at. Raises ``Unfit``."""
    parts = whole.split(".")
    try:
        header, claims = (jsonio.decode(_raw(part)) for part in parts[:2])
    except (Fault, ValueError):
        raise Unfit("form", error) from None
    if len(parts) != 3 or not isinstance(header, dict) or not isinstance(claims, dict) or "crit" in header:
        raise Unfit("form", error)
    return header, claims


def _raw(part: str) -> bytes:
    if "=" in part:
        raise ValueError
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def checked(whole: str, header: Mapping[str, Any], key: Any, error: str) -> None:
    """Raises ``Unfit`` unless the key has signed it by the algorithm that the header names."""
    from joserfc import jws  # noqa: PLC0415 - only where something is signed
    from joserfc.errors import JoseError  # noqa: PLC0415

    registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
    # A chain of certificates stands in the header, and is longer than the library's limit.
    registry.max_header_length = 65_536
    try:
        jws.deserialize_compact(whole, key, registry=registry)
    except (JoseError, ValueError, TypeError):
        raise Unfit("signature", error) from None


def from_jwk(public: Mapping[str, Any]) -> Any:
    """A key from a public JWK. Raises ``Unfit``."""
    from joserfc import jwk  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415

    try:
        return jwk.import_key(dict(public))
    except (JoseError, ValueError, TypeError, KeyError):
        raise Unfit("key") from None


def thumbprint(public: Mapping[str, Any]) -> str:
    """The thumbprint of a public JWK (RFC 7638)."""
    return str(from_jwk(public).thumbprint())


def from_chain(chain: Any, registered: str, now: float) -> Any:
    """The key of the first certificate of ``x5c``: just the registered one, and valid now. Raises ``Unfit``."""
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415
    from joserfc.jwk import RSAKey  # noqa: PLC0415

    if not isinstance(chain, list) or not chain or chain[0] != registered:
        raise Unfit("x5c", "invalid_grant")
    shown = x509.load_der_x509_certificate(b64decode(chain[0]))
    if not shown.not_valid_before_utc <= datetime.fromtimestamp(now, tz=UTC) <= shown.not_valid_after_utc:
        raise Unfit("x5c", "invalid_grant")
    return RSAKey.import_key(shown.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def text(claims: Mapping[str, Any], name: str) -> str:
    """A claim that must be a text. Raises ``Unfit``."""
    told = claims.get(name)
    if not isinstance(told, str):
        raise Unfit(name, "invalid_request")
    return told


def number(claims: Mapping[str, Any], name: str) -> int:
    """A claim that must be whole seconds. Raises ``Unfit``."""
    told = claims.get(name)
    if not isinstance(told, int) or isinstance(told, bool):
        raise Unfit(name, "invalid_request")
    return told
