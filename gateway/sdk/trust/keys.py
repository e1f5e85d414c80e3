"""Private keys that sign, and what others know of them.

The library that reads and signs is imported by the first function that needs it: most systems need no key.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from gateway.sdk.errors import Misconfigured
from gateway.sdk.trust.claims import Signed

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, RSAKey

RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
CURVES: Mapping[str, str] = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
WEAKEST = 2048
"""Bits of the shortest RSA key that may sign (RFC 7518, 3.3)."""


class SigningKey:
    """A private key with the algorithm it signs by. Its representation tells neither."""

    def __init__(self, key: "RSAKey | ECKey", algorithm: str) -> None:
        self._key = key
        self.algorithm = algorithm

    @property
    def public(self) -> dict[str, Any]:
        """The public part as a JWK, with only what makes its thumbprint (RFC 7638, 3.2)."""
        whole = self._key.as_dict(private=False)
        return {name: whole[name] for name in ("crv", "e", "kty", "n", "x", "y") if name in whole}

    @property
    def thumbprint(self) -> str:
        """The SHA-256 thumbprint of the public part (RFC 7638)."""
        return str(self._key.thumbprint())

    @property
    def public_der(self) -> bytes:
        """The public part as SubjectPublicKeyInfo, by which a certificate is told to belong to the key."""
        return self._key.as_der(private=False)

    def private_pem(self) -> str:
        """The whole key as PEM, for where it is to be kept."""
        return self._key.as_pem(private=True).decode()

    def sign(self, signed: Signed) -> str:
        """A JWT in its compact form."""
        from joserfc import jwt  # noqa: PLC0415 - see the top

        header, claims = signed
        # Nothing is added to the header: an authority may refuse what it did not ask for.
        return jwt.encode(header, claims, self._key, algorithms=[self.algorithm], default_type=None)

    @classmethod
    def new(cls) -> "SigningKey":
        """A new key on P-256, for proofs of possession."""
        from joserfc.jwk import ECKey  # noqa: PLC0415

        return cls(ECKey.generate_key("P-256", private=True), "ES256")

    @classmethod
    def read(cls, text: str, *, algorithm: str = "") -> "SigningKey":
        """A private key as PEM or JWK; ``algorithm`` is what its kind calls for unless it is given.

        Raises ``Misconfigured``: ``auth.key`` (no private RSA or EC key in one of these forms, or one behind a
        password), ``auth.key_weak`` (RSA below 2048 bits), ``auth.key_kind`` (a key that cannot sign by that
        algorithm).
        """
        key = _read(text)
        if key is None or not key.is_private:
            raise Misconfigured("auth.key")
        if key.key_type == "RSA":
            if key.raw_value.key_size < WEAKEST:
                raise Misconfigured("auth.key_weak")
            able: Sequence[str] = RSA
        else:
            able = (CURVES.get(str(key.curve_name), ""),)  # type: ignore[union-attr]
        chosen = algorithm or able[0]
        if not chosen or chosen not in able:
            raise Misconfigured("auth.key_kind")
        return cls(key, chosen)


class KeyPlace:
    """A key at a place, read anew each time it is needed; what has not changed there is not taken apart again."""

    def __init__(self, place: Callable[[], str], algorithm: str = "") -> None:
        self._place, self._algorithm = place, algorithm
        self._read: tuple[bytes, SigningKey] | None = None

    def key(self) -> SigningKey:
        """The key that lies there now. Raises as ``SigningKey.read``, and what the place raises."""
        text = self._place()
        mark = sha256(text.encode()).digest()
        if self._read is None or self._read[0] != mark:
            self._read = (mark, SigningKey.read(text, algorithm=self._algorithm))
        return self._read[1]


def _read(text: str) -> "RSAKey | ECKey | None":
    import warnings  # noqa: PLC0415

    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import ECKey, RSAKey  # noqa: PLC0415

    from gateway.core.model import Fault  # noqa: PLC0415
    from gateway.sdk import jsonio  # noqa: PLC0415

    given: Any = text
    if text.lstrip().startswith("{"):
        try:
            given = jsonio.decode(text.encode())
        except Fault:
            return None
    for kind in (RSAKey, ECKey):
        try:
            with warnings.catch_warnings():
                # A key that is too short is judged above, with a code.
                warnings.simplefilter("ignore")
                found = kind.import_key(given)
                return found if found.is_private else None
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
    return None


def chain(text: str, *, key: SigningKey, now: datetime) -> tuple[str, ...]:
    """The certificates of a PEM file, the key's own first, as ``x5c`` holds them (RFC 7515, 4.1.6).

    Raises ``Misconfigured``: ``auth.certificate`` (none can be read, or the first is not the key's),
    ``auth.certificate_expired`` (the first is not valid at ``now``).
    """
    from base64 import b64encode  # noqa: PLC0415

    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    try:
        found = x509.load_pem_x509_certificates(text.encode())
        own = found[0].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, TypeError, IndexError):
        raise Misconfigured("auth.certificate") from None
    if own != key.public_der:
        raise Misconfigured("auth.certificate")
    if not found[0].not_valid_before_utc <= now <= found[0].not_valid_after_utc:
        raise Misconfigured("auth.certificate_expired")
    return tuple(b64encode(one.public_bytes(Encoding.DER)).decode() for one in found)
