"""Whether a certificate may be used: its form, its days, its key, and that it is the one that was agreed on.

A directory that hands out keys can hand out a wrong one, so a municipality may pin what it fetched out of band
(``content/Tjenester/fiksprotokoll/fiksio.md``, Sikkerhet: the receiver's certificate is to be checked by own means).
"""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from msgspec import Struct

from gateway.sdk import Fault

LIMIT = 65_536
"""Bytes of a certificate or key; more is none."""

SMALLEST_KEY = 2048
"""Bits of an RSA key (NSM's recommendations, and what the Norwegian authorities issue)."""

NEAR = timedelta(days=30)
"""How long before its end a certificate's owner is told."""


class Signer(Struct, frozen=True, kw_only=True):
    """Who signs, and opens what is encrypted to the same certificate."""

    key: RSAPrivateKey
    certificate: x509.Certificate


def certificate_of(data: bytes, path: str = "$") -> x509.Certificate:
    """One certificate, as PEM or DER. Raises ``Fault`` ``fiks.certificate.form``."""
    if len(data) > LIMIT:
        raise Fault("fiks.certificate.form", path)
    try:
        if b"-----BEGIN" in data:
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except (ValueError, TypeError, x509.InvalidVersion):
        raise Fault("fiks.certificate.form", path) from None


def key_of(data: bytes, password: bytes | None = None, path: str = "$") -> RSAPrivateKey:
    """A private RSA key, as PEM. Raises ``Fault`` ``fiks.key.form``, ``fiks.key.type``."""
    try:
        key = serialization.load_pem_private_key(data, password)
    except (ValueError, TypeError):
        raise Fault("fiks.key.form", path) from None
    if not isinstance(key, RSAPrivateKey):
        raise Fault("fiks.key.type", path)
    return key


def signer_of(data: bytes, password: bytes | None = None, path: str = "$") -> Signer:
    """A key and its certificate from one PEM text. Raises ``Fault`` (also ``fiks.key.other``: they do not fit)."""
    begin = data.find(b"-----BEGIN CERTIFICATE-----")
    certificate = certificate_of(data[begin:] if begin >= 0 else b"", path)
    key = key_of(data, password, path)
    if rsa_of(certificate, path).public_numbers() != key.public_key().public_numbers():
        raise Fault("fiks.key.other", path)
    return Signer(key=key, certificate=certificate)


def rsa_of(certificate: x509.Certificate, path: str = "$") -> RSAPublicKey:
    """The certificate's RSA key. Raises ``Fault`` ``fiks.certificate.key_type``, ``fiks.certificate.short_key``."""
    try:
        key = certificate.public_key()
    except ValueError:
        raise Fault("fiks.certificate.form", path) from None
    if not isinstance(key, RSAPublicKey):
        raise Fault("fiks.certificate.key_type", path)
    if key.key_size < SMALLEST_KEY:
        raise Fault("fiks.certificate.short_key", path)
    return key


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, 64 hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def pins_of(told: Collection[str]) -> frozenset[str]:
    """Fingerprints as people write them (capitals, colons, blanks). Raises ``Fault`` ``fiks.certificate.pin``."""
    pins = frozenset(re.sub(r"[\s:]", "", one).lower() for one in told)
    if not all(re.fullmatch(r"[0-9a-f]{64}", one) for one in pins):
        raise Fault("fiks.certificate.pin", "$")
    return pins


def check_recipient(
    certificate: x509.Certificate, *, at: datetime, pins: frozenset[str] = frozenset(), path: str = "$"
) -> None:
    """Whether something may be encrypted to a certificate at an instant. No pins: any that fits.

    Raises ``Fault``: ``fiks.certificate.early``, ``.expired``, ``.key_type``, ``.short_key``, ``.usage``, ``.pinned``.
    """
    _in_time(certificate, at, path)
    rsa_of(certificate, path)
    usage = _usage(certificate, path)
    if usage is not None and not (usage.key_encipherment or usage.data_encipherment):
        raise Fault("fiks.certificate.usage", path)
    if pins and fingerprint(certificate) not in pins:
        raise Fault("fiks.certificate.pinned", path)


def check_signer(
    certificate: x509.Certificate,
    *,
    at: datetime,
    pins: frozenset[str] = frozenset(),
    authorities: Collection[x509.Certificate] = (),
    path: str = "$",
) -> None:
    """Whether a signature by this certificate counts: in its days, for signing, and pinned or issued by an authority.

    With neither pins nor authorities only its form is looked at, and the caller must know whom it hears.
    Raises ``Fault``: as ``check_recipient``, and ``fiks.certificate.issuer``.
    """
    _in_time(certificate, at, path)
    rsa_of(certificate, path)
    usage = _usage(certificate, path)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise Fault("fiks.certificate.usage", path)
    if pins and fingerprint(certificate) in pins:
        return
    if pins and not authorities:
        raise Fault("fiks.certificate.pinned", path)
    if authorities and not any(_issued(certificate, one, at) for one in authorities):
        raise Fault("fiks.certificate.issuer", path)


def _issued(certificate: x509.Certificate, authority: x509.Certificate, at: datetime) -> bool:
    if not authority.not_valid_before_utc <= at <= authority.not_valid_after_utc:
        return False
    try:
        constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
        certificate.verify_directly_issued_by(authority)
    except (x509.ExtensionNotFound, InvalidSignature, ValueError, TypeError):
        return False
    return constraints.ca


def _in_time(certificate: x509.Certificate, at: datetime, path: str) -> None:
    if at < certificate.not_valid_before_utc:
        raise Fault("fiks.certificate.early", path)
    if at > certificate.not_valid_after_utc:
        raise Fault("fiks.certificate.expired", path)


def _usage(certificate: x509.Certificate, path: str) -> x509.KeyUsage | None:
    """The certificate's own words on what its key is for; ``None`` when it says nothing (RFC 5280, 4.2.1.3)."""
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
    except ValueError:
        raise Fault("fiks.certificate.form", path) from None
