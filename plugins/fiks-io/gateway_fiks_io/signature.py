"""Detached CMS signatures in the form of CAdES-BES (ETSI EN 319 122-1): RSA with SHA-256, the certificate inside.

Read are RSA signatures, PKCS#1 v1.5 and PSS, over SHA-256, SHA-384 or SHA-512, and PKCS#1 v1.5 over SHA-1, which KS'
own Java library writes (decision 1780). The signed attributes must be there and name the digest of what is signed;
where they name the signer's certificate or the algorithms too (RFC 6211), it must be those.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from asn1crypto import algos, cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, AsymmetricPadding, PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding

from gateway.sdk import Fault
from gateway_fiks_io.certificates import Signer, rsa_of

MOST = 1_000_000
"""Bytes of a signature with its certificates."""

SIGNERS = 4
DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
READ: dict[str, type[hashes.HashAlgorithm]] = {**DIGESTS, "sha1": hashes.SHA1}


def sign(data: bytes, *, signer: Signer, at: datetime) -> bytes:
    """A detached signature (DER) of ``data`` by ``signer``, who says that it was made at an instant."""
    der = signer.certificate.public_bytes(Encoding.DER)
    own = cms.Certificate.load(der)
    named = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(der).digest()})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime(at)})]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(data).digest()]}),
            cms.CMSAttribute(
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [named]})]}
            ),
        ]
    )
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}}
            ),
            "digest_algorithm": digest,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_rsa"},
            "signature": signer.key.sign(attributes.untag().dump(), PKCS1v15(), hashes.SHA256()),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "data"},
            "certificates": [own],
            "signer_infos": [info],
        }
    )
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return made


def verify(data: bytes, signature: bytes) -> x509.Certificate:
    """Whose signature it is; every signature in it must be good, and by the same certificate.

    That the certificate may be believed is the caller's to ask (``certificates.check_signer``). Raises ``Fault``:
    ``fiks.signature.size``, ``.form``, ``.algorithm``, ``.certificate`` (it is not inside), ``.digest`` (of other
    bytes), ``.bad``, ``.several``.
    """
    if len(signature) > MOST:
        raise Fault("fiks.signature.size", "$")
    try:
        info = cms.ContentInfo.load(signature)
        if info["content_type"].native != "signed_data":
            raise Fault("fiks.signature.form", "$")
        signed = info["content"]
        if signed["encap_content_info"]["content"].native is not None:
            raise Fault("fiks.signature.form", "$")  # what is signed stands beside it, and nowhere else
        inside = [one.chosen for one in signed["certificates"] if one.name == "certificate"]
        signers = list(signed["signer_infos"])
        if not 1 <= len(signers) <= SIGNERS:
            raise Fault("fiks.signature.form", "$")
        found = [_checked(data, one, inside) for one in signers]
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, StopIteration):
        raise Fault("fiks.signature.form", "$") from None
    if len({one.public_bytes(Encoding.DER) for one in found}) != 1:
        raise Fault("fiks.signature.several", "$")
    return found[0]


def _checked(data: bytes, one: cms.SignerInfo, inside: list[cms.Certificate]) -> x509.Certificate:
    name = one["digest_algorithm"]["algorithm"].native
    if name not in READ:
        raise Fault("fiks.signature.algorithm", "$")
    own = next(_named(one["sid"], inside), None)
    if own is None:
        raise Fault("fiks.signature.certificate", "$")
    certificate = x509.load_der_x509_certificate(own.dump())
    attributes = one["signed_attrs"]
    told: dict[str, list[object]] = {}
    for attribute in attributes:
        kind = attribute["type"].native
        if kind in told:
            raise Fault("fiks.signature.form", "$")
        told[kind] = list(attribute["values"])
    if [value.native for value in told.get("content_type", [])] != ["data"]:  # type: ignore[attr-defined]
        raise Fault("fiks.signature.form", "$")
    if [value.native for value in told.get("message_digest", [])] != [hashlib.new(name, data).digest()]:  # type: ignore[attr-defined]
        raise Fault("fiks.signature.digest", "$")
    _check_named(told.get("signing_certificate_v2"), own.dump())
    _check_algorithms(told.get("cms_algorithm_protection"), one)
    signed = b"\x31" + attributes.dump()[1:]  # a SET OF where it is signed, [0] where it stands (RFC 5652, 5.4)
    algorithm = READ[name]()
    try:
        rsa_of(certificate).verify(one["signature"].native, signed, _padding(one, name), algorithm)
    except InvalidSignature:
        raise Fault("fiks.signature.bad", "$") from None
    return certificate


def _named(sid: cms.SignerIdentifier, inside: list[cms.Certificate]) -> Iterator[cms.Certificate]:
    for one in inside:
        if sid.name == "issuer_and_serial_number":
            same_issuer = sid.chosen["issuer"] == one.issuer
            if same_issuer and sid.chosen["serial_number"].native == one.serial_number:
                yield one
        elif one.key_identifier is not None and sid.chosen.native == one.key_identifier:
            yield one


def _check_named(values: list[object] | None, der: bytes) -> None:
    """Where the signer has named its certificate, it is this one (RFC 5035)."""
    if values is None:
        return
    first = values[0]["certs"][0]  # type: ignore[index]
    name = first["hash_algorithm"]["algorithm"].native
    if name not in DIGESTS or first["cert_hash"].native != hashlib.new(name, der).digest():
        raise Fault("fiks.signature.certificate", "$")


def _check_algorithms(values: list[object] | None, one: cms.SignerInfo) -> None:
    """Where the signer has named the algorithms, nobody has named others since (RFC 6211)."""
    if values is None:
        return
    [named] = values
    for field in ("digest_algorithm", "signature_algorithm"):
        if named[field]["algorithm"].native != one[field]["algorithm"].native:  # type: ignore[index]
            raise Fault("fiks.signature.algorithm", "$")


def _padding(one: cms.SignerInfo, digest: str) -> AsymmetricPadding:
    method = one["signature_algorithm"]
    name = method["algorithm"].native
    if name in {"rsassa_pkcs1v15", f"{digest}_rsa"}:
        return PKCS1v15()
    if name == "rsassa_pss" and digest in DIGESTS:
        told = method["parameters"].native
        mask = told["mask_gen_algorithm"]["parameters"]["algorithm"]
        if (
            told["hash_algorithm"]["algorithm"] == digest
            and mask == digest
            and told["trailer_field"] in {1, "trailer_field_bc"}
        ):
            return PSS(mgf=MGF1(DIGESTS[digest]()), salt_length=int(told["salt_length"]))
    raise Fault("fiks.signature.algorithm", "$")
