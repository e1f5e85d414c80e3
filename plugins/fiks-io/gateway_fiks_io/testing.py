"""Keys and certificates made up on the spot, for tests, stand-ins and benches. Nobody may believe them."""

from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from gateway_fiks_io.certificates import Signer

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2029, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=32)
def made_up(
    name: str, *, bits: int = 2048, begin: datetime = BEGIN, end: datetime = END, issuer: str | None = None
) -> Signer:
    """A signer with a certificate of its own, or one issued by another made-up signer (``issuer``)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    above = made_up(issuer) if issuer is not None else None
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by = above.certificate.subject if above is not None else own
    certificate = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(hashes_of(name)[:8], "big") or 1)
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(above.key if above is not None else key, hashes.SHA256())
    )
    return Signer(key=key, certificate=certificate)


def hashes_of(name: str) -> bytes:
    """A digest of a name, from which serial numbers are made."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(name.encode())
    return digest.finalize()


def pem(certificate: x509.Certificate) -> str:
    """A certificate as text."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def pem_of(signer: Signer) -> str:
    """A key and its certificate as one text, as ``certificates.signer_of`` reads it."""
    key = signer.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return key + pem(signer.certificate)
