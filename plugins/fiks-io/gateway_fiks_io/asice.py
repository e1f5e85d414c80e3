"""Signed containers: ASiC-E with CAdES (ETSI EN 319 162-1): a ZIP with ``mimetype`` first, a manifest and a signature.

The manifest names every file with its digest, the signature is over the manifest, so nothing can be changed, added or
taken away unseen. A container in which anything is not named, named twice, or signed elsewhere is refused whole.
"""

import base64
import binascii
import hashlib
import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.sax.saxutils import escape, quoteattr

from cryptography import x509
from msgspec import Struct

from gateway.sdk import Fault
from gateway.sdk.archive import Limits, Member, members
from gateway.sdk.xmlio import parse
from gateway_fiks_io import signature
from gateway_fiks_io.certificates import Signer, check_signer

if TYPE_CHECKING:
    from lxml.etree import _Element

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
MANIFEST = "META-INF/asicmanifest.xml"
SIGNATURE = "META-INF/signature.p7s"
WRITTEN = "http://uri.etsi.org/2918/v1.2.1#"
"""The namespace that the Norwegian libraries write; the specification has a zero before it, and both are read."""
SPACES = frozenset({WRITTEN, "http://uri.etsi.org/02918/v1.2.1#", "http://uri.etsi.org/02918/v1.1.1#"})
DSIG = "http://www.w3.org/2000/09/xmldsig#"
METHODS = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
LIMITS = Limits(bytes=32_000_000, members=200, member_bytes=32_000_000, total_bytes=64_000_000)
MOMENT = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a container: when it was written is said by the signature."""
_UNSIGNED = frozenset({"META-INF/manifest.xml", "META-INF/container.xml"})
"""What other writers add beside the signed manifest, and nobody here reads."""


class File(Struct, frozen=True, kw_only=True):
    """A file in a container: a plain name, its media type, its bytes."""

    name: str
    data: bytes
    type: str = "application/octet-stream"


class Opened(Struct, frozen=True, kw_only=True):
    """What was in a container: the files by name, and whose signature it bears."""

    files: Mapping[str, bytes]
    signer: x509.Certificate


def pack(files: Sequence[File], *, signer: Signer, at: datetime) -> bytes:
    """A container of these files, signed. Raises ``Fault`` ``fiks.asice.name`` for a name that none can have."""
    names = [one.name for one in files]
    if len({name.casefold() for name in names}) != len(names) or not names:
        raise Fault("fiks.asice.name", "$")
    if any(
        not name.isprintable() or "/" in name or "\\" in name or name == "mimetype" or name in {"", ".", ".."}
        for name in names
    ):
        raise Fault("fiks.asice.name", "$")
    manifest = _manifest(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", MOMENT), MIMETYPE, zipfile.ZIP_STORED)
        for one in files:
            archive.writestr(zipfile.ZipInfo(one.name, MOMENT), one.data, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo(MANIFEST, MOMENT), manifest, zipfile.ZIP_DEFLATED)
        signed = signature.sign(manifest, signer=signer, at=at)
        archive.writestr(zipfile.ZipInfo(SIGNATURE, MOMENT), signed, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _manifest(files: Sequence[File]) -> bytes:
    references = "".join(
        f"<cades:DataObjectReference URI={quoteattr(one.name)} MimeType={quoteattr(one.type)}>"
        '<sig:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        f"<sig:DigestValue>{escape(base64.b64encode(hashlib.sha256(one.data).digest()).decode())}</sig:DigestValue>"
        "</cades:DataObjectReference>"
        for one in files
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<cades:ASiCManifest xmlns:cades="{WRITTEN}" xmlns:sig="{DSIG}">'
        f'<cades:SigReference URI="{SIGNATURE}" MimeType="application/x-pkcs7-signature"/>'
        f"{references}</cades:ASiCManifest>"
    ).encode()


def unpack(
    data: bytes,
    *,
    at: datetime,
    pins: frozenset[str] = frozenset(),
    authorities: Collection[x509.Certificate] = (),
) -> Opened:
    """The files of a container, when the signature is good, counts (``check_signer``) and covers every one of them.

    Raises ``Fault``: the codes of ``gateway.sdk.archive``, ``gateway.sdk.xmlio``, ``signature`` and ``certificates``,
    and ``fiks.asice.mimetype``, ``.manifest`` (none, or several), ``.signature`` (missing, or another than named),
    ``.unsigned`` (a file that the manifest does not name), ``.missing`` (one that it names), ``.digest``,
    ``.algorithm``.
    """
    held = list(members(io.BytesIO(data), limits=LIMITS))
    if not held or held[0].name != "mimetype" or held[0].data.strip() != MIMETYPE:
        raise Fault("fiks.asice.mimetype", "$")
    rest = held[1:]
    manifest, named = _signed_manifest(rest)
    files = {one.name: one.data for one in rest if not _is_meta(one.name)}
    around = {one.name: one.data for one in rest if _is_meta(one.name)}
    root = parse(manifest)
    space = root.tag.removeprefix("{").partition("}")[0]
    if space not in SPACES or root.tag != f"{{{space}}}ASiCManifest":
        raise Fault("fiks.asice.manifest", "$")
    signed_in = [_uri(one, around) for one in root.findall(f"{{{space}}}SigReference")]
    if len(signed_in) != 1 or signed_in[0] not in around:
        raise Fault("fiks.asice.signature", "$")
    if set(around) - _UNSIGNED - {named, signed_in[0]}:
        raise Fault("fiks.asice.unsigned", "$")
    signer = signature.verify(manifest, around[signed_in[0]])
    check_signer(signer, at=at, pins=pins, authorities=authorities)
    _check_files(root, space, files)
    return Opened(files=files, signer=signer)


def _signed_manifest(rest: Sequence[Member]) -> tuple[bytes, str]:
    found = [one for one in rest if one.name.casefold().startswith("meta-inf/asicmanifest")]
    if len(found) != 1:
        raise Fault("fiks.asice.manifest", "$")
    return found[0].data, found[0].name


def _is_meta(name: str) -> bool:
    return name.casefold().startswith("meta-inf/")


def _uri(element: "_Element", files: Mapping[str, bytes]) -> str:
    """The file that an element names: as it is, as most write it, or percent-encoded, as the standard says."""
    told = element.get("URI") or ""
    return told if told in files else unquote(told)


def _check_files(root: "_Element", space: str, files: Mapping[str, bytes]) -> None:
    references = root.findall(f"{{{space}}}DataObjectReference")
    names = [_uri(one, files) for one in references]
    if len(set(names)) != len(names):
        raise Fault("fiks.asice.manifest", "$")
    if set(names) - files.keys():
        raise Fault("fiks.asice.missing", "$")
    if files.keys() - set(names):
        raise Fault("fiks.asice.unsigned", "$")
    for at, one in enumerate(references):
        place = f"$.DataObjectReference[{at}]"
        method, value = one.find(f"{{{DSIG}}}DigestMethod"), one.find(f"{{{DSIG}}}DigestValue")
        name = METHODS.get(method.get("Algorithm") or "") if method is not None else None
        if name is None or value is None:
            raise Fault("fiks.asice.algorithm", place)
        try:
            told = base64.b64decode("".join((value.text or "").split()), validate=True)
        except (binascii.Error, ValueError):
            raise Fault("fiks.asice.digest", place) from None
        if told != hashlib.new(name, files[names[at]]).digest():
            raise Fault("fiks.asice.digest", place)
