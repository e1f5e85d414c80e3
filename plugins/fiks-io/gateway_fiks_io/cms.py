"""CMS (RFC 5652) as Fiks uses it: EnvelopedData with AES-256-CBC and RSAES-OAEP, SHA-256 in both places (RFC 8017).

``cryptography`` writes PKCS#1 v1.5 only and reads DER only, so the structures are asn1crypto's and the primitives
``cryptography``'s. What other libraries write with indefinite lengths (BER) is read too.
"""

from collections.abc import Iterable

from asn1crypto import algos, cms, core
from cryptography import x509
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from gateway.sdk import Fault
from gateway_fiks_io.certificates import Signer, rsa_of

MOST = 64_000_000
"""Bytes of an envelope: a message over AMQP has five million at most, the rest is room."""

BLOCK = 16
RECIPIENTS = 20
CIPHERS = {"aes128_cbc": 16, "aes192_cbc": 24, "aes256_cbc": 32}
"""Ciphers that are read, with the bytes of their keys; AES-256 alone is written."""


def oaep() -> OAEP:
    """OAEP with SHA-256, MGF1 with SHA-256 and no label."""
    return OAEP(mgf=MGF1(algorithm=hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


def encrypt(data: bytes, *, recipient: x509.Certificate, key: bytes, iv: bytes) -> bytes:
    """An envelope (DER) that the holder of the recipient's key can open.

    ``key`` (32 bytes) and ``iv`` (16) are fresh chance for each envelope; whoever calls draws them. The certificate
    must have been checked. Raises ``Fault`` for a key that is none of RSA.
    """
    fill = padding.PKCS7(BLOCK * 8).padder()
    cipher = Cipher(AES(key), CBC(iv)).encryptor()
    closed = cipher.update(fill.update(data) + fill.finalize()) + cipher.finalize()
    subject = cms.Certificate.load(_der(recipient))
    one = cms.KeyTransRecipientInfo(
        {
            "version": "v0",
            "rid": cms.RecipientIdentifier(
                "issuer_and_serial_number",
                cms.IssuerAndSerialNumber({"issuer": subject.issuer, "serial_number": subject.serial_number}),
            ),
            "key_encryption_algorithm": _oaep_identifier(),
            "encrypted_key": rsa_of(recipient).encrypt(key, oaep()),
        }
    )
    enveloped = cms.EnvelopedData(
        {
            "version": "v0",
            "recipient_infos": [cms.RecipientInfo("ktri", one)],
            "encrypted_content_info": {
                "content_type": "data",
                "content_encryption_algorithm": {"algorithm": "aes256_cbc", "parameters": core.OctetString(iv)},
                "encrypted_content": closed,
            },
        }
    )
    made: bytes = cms.ContentInfo({"content_type": "enveloped_data", "content": enveloped}).dump()
    return made


def _oaep_identifier() -> dict[str, object]:
    sha256 = {"algorithm": "sha256", "parameters": core.Null()}
    mask = {"algorithm": "mgf1", "parameters": algos.DigestAlgorithm(sha256)}
    source = {"algorithm": "p_specified", "parameters": core.OctetString(b"")}
    parameters = algos.RSAESOAEPParams({"hash_algorithm": sha256, "mask_gen_algorithm": mask})
    parameters["p_source_algorithm"] = source
    return {"algorithm": "rsaes_oaep", "parameters": parameters}


def decrypt(data: bytes, holders: Iterable[Signer]) -> bytes:
    """What is in an envelope for one of the holders.

    Raises ``Fault``: ``fiks.cms.size``, ``fiks.cms.form``, ``fiks.cms.algorithm``, ``fiks.cms.recipient`` (it is for
    somebody else), ``fiks.cms.decrypt`` (whatever else is wrong; one code, so that nobody learns from it).
    """
    if len(data) > MOST:
        raise Fault("fiks.cms.size", "$")
    keys = {(_issuer(one.certificate), one.certificate.serial_number): one.key for one in holders}
    try:
        info = cms.ContentInfo.load(data)
        if info["content_type"].native != "enveloped_data":
            raise Fault("fiks.cms.form", "$")
        enveloped = info["content"]
        recipients = list(enveloped["recipient_infos"])[: RECIPIENTS + 1]
        content = enveloped["encrypted_content_info"]
        method = content["content_encryption_algorithm"]
        name, iv = method["algorithm"].native, method["parameters"].native
        closed = content["encrypted_content"].native
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        raise Fault("fiks.cms.form", "$") from None
    if name not in CIPHERS or not isinstance(iv, bytes) or len(iv) != BLOCK:
        raise Fault("fiks.cms.algorithm", "$")
    if len(recipients) > RECIPIENTS or not isinstance(closed, bytes) or not closed or len(closed) % BLOCK:
        raise Fault("fiks.cms.form", "$")
    wrapped, holder = _mine(recipients, keys)
    return _opened(closed, _unwrapped(wrapped, holder, CIPHERS[name]), iv)


def _mine(
    recipients: list[cms.RecipientInfo], keys: dict[tuple[bytes, int], RSAPrivateKey]
) -> tuple[bytes, RSAPrivateKey]:
    """The wrapped key that is for one of ours, with that key."""
    for one in recipients:
        try:
            info = one.chosen
            if one.name != "ktri" or info["rid"].name != "issuer_and_serial_number":
                continue
            rid = info["rid"].chosen
            key = keys.get((rid["issuer"].dump(force=True), rid["serial_number"].native))
            if key is None:
                continue
            if not _is_oaep(info["key_encryption_algorithm"]):
                raise Fault("fiks.cms.algorithm", "$")
            return info["encrypted_key"].native, key
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Fault("fiks.cms.form", "$") from None
    raise Fault("fiks.cms.recipient", "$")


def _is_oaep(identifier: cms.KeyEncryptionAlgorithm) -> bool:
    """OAEP with SHA-256 throughout; PKCS#1 v1.5, which leaks, and SHA-1 are not read."""
    if identifier["algorithm"].native != "rsaes_oaep":
        return False
    told = identifier["parameters"].native or {}
    mask = told.get("mask_gen_algorithm") or {}
    source = told.get("p_source_algorithm") or {}
    return (
        (told.get("hash_algorithm") or {}).get("algorithm") == "sha256"
        and mask.get("algorithm") == "mgf1"
        and (mask.get("parameters") or {}).get("algorithm") == "sha256"
        and not source.get("parameters")
    )


def _unwrapped(wrapped: bytes, holder: RSAPrivateKey, size: int) -> bytes:
    try:
        key = holder.decrypt(wrapped, oaep())
    except ValueError:
        raise Fault("fiks.cms.decrypt", "$") from None
    if len(key) != size:
        raise Fault("fiks.cms.decrypt", "$")
    return key


def _opened(closed: bytes, key: bytes, iv: bytes) -> bytes:
    cipher = Cipher(AES(key), CBC(iv)).decryptor()
    empty = padding.PKCS7(BLOCK * 8).unpadder()
    try:
        return empty.update(cipher.update(closed) + cipher.finalize()) + empty.finalize()
    except ValueError:
        raise Fault("fiks.cms.decrypt", "$") from None


def _issuer(certificate: x509.Certificate) -> bytes:
    issuer: bytes = cms.Certificate.load(_der(certificate)).issuer.dump(force=True)
    return issuer


def _der(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    return certificate.public_bytes(Encoding.DER)
