"""Envelopes: what was sealed comes out as it was, and whatever was done to it on the way is noticed."""

import io
import os
import zipfile
from contextlib import suppress
from datetime import timedelta

import pytest
from asn1crypto import cms as asn1
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from gateway_fiks_io import asice, cms, envelope, signature
from gateway_fiks_io.asice import File
from gateway_fiks_io.certificates import (
    certificate_of,
    check_recipient,
    check_signer,
    fingerprint,
    key_of,
    pins_of,
    signer_of,
)
from gateway_fiks_io.testing import BEGIN, END, made_up, pem, pem_of
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.sdk import Fault

FILES = (File(name="a.json", data=b'{"a": 1}', type="application/json"), File(name="æ b.pdf", data=b"%PDF" * 999))


def code(call, *told, **more):
    with pytest.raises(Fault) as caught:
        call(*told, **more)
    return caught.value.code


@pytest.fixture
def sealed(sender, receiver, at):
    return envelope.seal(FILES, signer=sender, recipient=receiver.certificate, at=at, chance=os.urandom)


def test_what_was_sealed_comes_out_as_it_was_with_who_signed_it(sealed, sender, receiver, at):
    opened = envelope.unseal(sealed, holders=[sender, receiver], at=at, pins=pins_of([fingerprint(sender.certificate)]))
    assert opened.files == {one.name: one.data for one in FILES}
    assert opened.signer == sender.certificate
    for one in FILES:
        assert one.data[:8] not in sealed


def test_the_media_type_stands_first_and_plain_as_the_standard_wants_it(sender, at):
    packed = asice.pack(FILES, signer=sender, at=at)
    assert packed[30:38] == b"mimetype"
    assert packed[38 : 38 + len(asice.MIMETYPE)] == asice.MIMETYPE
    assert asice.pack(FILES, signer=sender, at=at) == packed, "the same files at the same time are the same bytes"


@settings(max_examples=25, deadline=None)
@given(data=st.binary(max_size=200), flip=st.data())
def test_no_bit_of_an_envelope_can_be_turned_unseen(data, flip):
    one, other = made_up("sender"), made_up("receiver")
    sealed = envelope.seal(
        [File(name="x", data=data)], signer=one, recipient=other.certificate, at=BEGIN, chance=os.urandom
    )
    place = flip.draw(st.integers(0, len(sealed) * 8 - 1))
    broken = bytearray(sealed)
    broken[place // 8] ^= 1 << place % 8
    told = {"x": data}  # where it opens, the bit was one that nothing is read from, such as an absent parameter's
    with suppress(Fault):
        told = envelope.unseal(bytes(broken), holders=[other], at=BEGIN).files
    assert told == {"x": data}


def test_an_envelope_for_somebody_else_cannot_be_opened(sealed, sender, at):
    assert code(envelope.unseal, sealed, holders=[sender], at=at) == "fiks.cms.recipient"


def test_what_an_envelope_is_closed_with_is_what_fiks_uses(sealed):
    info = asn1.ContentInfo.load(sealed)["content"]
    one = info["recipient_infos"][0].chosen["key_encryption_algorithm"]
    assert one["algorithm"].native == "rsaes_oaep"
    assert info["encrypted_content_info"]["content_encryption_algorithm"]["algorithm"].native == "aes256_cbc"


@pytest.mark.parametrize("junk", [b"", b"\x30", b"\x30\x80", b"0" * 4000, b"\x30\x84\xff\xff\xff\xff", b"<xml/>"])
def test_what_is_no_envelope_and_no_signature_is_refused(junk, receiver):
    assert code(cms.decrypt, junk, [receiver]) == "fiks.cms.form"
    assert code(signature.verify, b"", junk) == "fiks.signature.form"


def test_what_is_too_large_is_not_looked_at(receiver, monkeypatch):
    monkeypatch.setattr(cms, "MOST", 10)
    monkeypatch.setattr(signature, "MOST", 10)
    assert code(cms.decrypt, b"0" * 11, [receiver]) == "fiks.cms.size"
    assert code(signature.verify, b"", b"0" * 11) == "fiks.signature.size"


def test_a_signature_is_of_these_bytes_and_by_this_certificate(sender, receiver, at):
    made = signature.sign(b"one", signer=sender, at=at)
    assert signature.verify(b"one", made) == sender.certificate
    assert code(signature.verify, b"two", made) == "fiks.signature.digest"
    info = asn1.ContentInfo.load(made)
    info["content"]["certificates"] = [asn1.Certificate.load(certificate_der(receiver))]
    assert code(signature.verify, b"one", info.dump(force=True)) == "fiks.signature.certificate"
    info = asn1.ContentInfo.load(made)
    info["content"]["signer_infos"][0]["signature"] = bytes(256)
    assert code(signature.verify, b"one", info.dump(force=True)) == "fiks.signature.bad"


@pytest.mark.parametrize(("digest", "holds"), [("sha256", True), ("sha1", False)])
def test_where_a_signer_names_the_algorithms_it_is_held_to_them(sender, at, digest, holds):
    made = asn1.ContentInfo.load(signature.sign(b"one", signer=sender, at=at))
    one = made["content"]["signer_infos"][0]
    named = asn1.CMSAlgorithmProtection(
        {"digest_algorithm": {"algorithm": digest}, "signature_algorithm": {"algorithm": "sha256_rsa"}}
    )
    one["signed_attrs"].append(asn1.CMSAttribute({"type": "cms_algorithm_protection", "values": [named]}))
    one["signature"] = sender.key.sign(one["signed_attrs"].untag().dump(force=True), PKCS1v15(), hashes.SHA256())
    if holds:
        assert signature.verify(b"one", made.dump(force=True)) == sender.certificate
    else:
        assert code(signature.verify, b"one", made.dump(force=True)) == "fiks.signature.algorithm"


def certificate_der(signer):
    return signer.certificate.public_bytes(serialization.Encoding.DER)


def rebuilt(packed, change):
    """A container anew from its members after ``change(list of (name, bytes))``."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        held = [(one.filename, archive.read(one)) for one in archive.infolist()]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in change(held):
            archive.writestr(zipfile.ZipInfo(name, asice.MOMENT), data, zipfile.ZIP_STORED)
    return out.getvalue()


def swapped(name, data):
    return lambda held: [(one, data(was) if one == name else was) for one, was in held]


def manifest(change):
    return swapped(asice.MANIFEST, lambda was: change(was.decode()).encode())


WRECKS = {
    "another file": (swapped("a.json", lambda was: was + b" "), {"fiks.asice.digest"}),
    "a file added": (lambda held: [*held, ("more.txt", b"x")], {"fiks.asice.unsigned"}),
    "a file beside the manifest": (lambda held: [*held, ("META-INF/more.xml", b"<a/>")], {"fiks.asice.unsigned"}),
    "a file taken away": (lambda held: [one for one in held if one[0] != "a.json"], {"fiks.asice.missing"}),
    "a second manifest": (
        lambda held: [*held, ("META-INF/ASiCManifest-2.xml", dict(held)[asice.MANIFEST])], {"fiks.asice.manifest"},
    ),
    "no manifest": (lambda held: [one for one in held if one[0] != asice.MANIFEST], {"fiks.asice.manifest"}),
    "no signature": (lambda held: [one for one in held if one[0] != asice.SIGNATURE], {"fiks.asice.signature"}),
    "no media type": (lambda held: held[1:], {"fiks.asice.mimetype"}),
    "media type last": (lambda held: [*held[1:], held[0]], {"fiks.asice.mimetype"}),
    "another manifest": (manifest(lambda was: was.replace("a.json", "b.json")), {"fiks.signature.digest"}),
    "a manifest in a manifest": (
        manifest(lambda was: was.replace("<cades:SigReference", "<cades:ASiCManifest/><cades:SigReference")),
        {"fiks.signature.digest"},
    ),
    "a manifest with a document type": (
        manifest(lambda was: was.replace("?>", '?><!DOCTYPE x [<!ENTITY y "z">]>', 1)), {"xml.doctype"},
    ),
    "a way out": (lambda held: [*held, ("../../evil", b"x")], {"archive.name"}),
    "the same name twice": (lambda held: [*held, ("A.JSON", b"x")], {"archive.duplicate"}),
}  # fmt: skip


@pytest.mark.parametrize("wreck", WRECKS)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_container_that_was_touched_is_refused_whole(wreck, sender, at):
    change, codes = WRECKS[wreck]
    packed = asice.pack(FILES, signer=sender, at=at)
    assert asice.unpack(rebuilt(packed, lambda held: held), at=at).files, "untouched, it opens"
    assert code(asice.unpack, rebuilt(packed, change), at=at) in codes


def test_a_container_wrapped_around_anothers_signature_does_not_open(sender, receiver, at):
    good = asice.pack(FILES, signer=sender, at=at)
    evil = asice.pack([File(name="a.json", data=b"evil")], signer=receiver, at=at)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        borrowed = archive.read(asice.SIGNATURE)
    assert (
        code(asice.unpack, rebuilt(evil, swapped(asice.SIGNATURE, lambda _: borrowed)), at=at)
        == "fiks.signature.digest"
    )


def test_a_bomb_in_a_container_is_not_unpacked(sender, at, monkeypatch):
    monkeypatch.setattr(asice, "LIMITS", asice.Limits(bytes=10_000_000, member_bytes=4_000_000, total_bytes=6_000_000))
    packed = asice.pack([File(name="x", data=bytes(5_000_000))], signer=sender, at=at)
    assert len(packed) < 20_000
    assert code(asice.unpack, packed, at=at) == "archive.size"
    monkeypatch.setattr(asice, "LIMITS", asice.Limits())
    assert code(asice.unpack, packed, at=at) == "archive.ratio"


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", "mimetype", "a\nb"])
def test_a_file_with_a_name_that_leads_elsewhere_is_not_packed(name, sender, at):
    assert code(asice.pack, [File(name=name, data=b"")], signer=sender, at=at) == "fiks.asice.name"


def test_a_certificate_is_used_in_its_days_for_what_it_is_for_and_as_agreed(sender, receiver, at):
    day = timedelta(days=1)
    one = receiver.certificate
    check_recipient(one, at=at)
    check_recipient(one, at=at, pins=pins_of([fingerprint(one).upper()]))
    assert code(check_recipient, one, at=BEGIN - day) == "fiks.certificate.early"
    assert code(check_recipient, one, at=END + day) == "fiks.certificate.expired"
    assert (
        code(check_recipient, one, at=at, pins=pins_of([fingerprint(sender.certificate)])) == "fiks.certificate.pinned"
    )
    assert code(check_recipient, made_up("short", bits=1024).certificate, at=at) == "fiks.certificate.short_key"
    assert code(pins_of, ["ab:cd"]) == "fiks.certificate.pin"


def test_a_signer_counts_when_an_authority_that_was_named_has_issued_the_certificate(sender, at):
    issued = made_up("issued", issuer="authority").certificate
    authority, other = made_up("authority").certificate, made_up("other authority").certificate
    check_signer(issued, at=at, authorities=[other, authority])
    check_signer(issued, at=at, authorities=[other], pins=pins_of([fingerprint(issued)]))
    assert code(check_signer, issued, at=at, authorities=[other]) == "fiks.certificate.issuer"
    assert code(check_signer, issued, at=at, authorities=[issued]) == "fiks.certificate.issuer", (
        "nobody vouches for itself"
    )
    assert code(check_signer, issued, at=at, pins=pins_of([fingerprint(authority)])) == "fiks.certificate.pinned"


def test_a_key_that_is_none_of_rsa_or_belongs_to_another_certificate_is_refused(sender, receiver):
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert signer_of(pem_of(sender).encode()).certificate == sender.certificate
    assert code(key_of, curve) == "fiks.key.type"
    assert code(key_of, b"no key") == "fiks.key.form"
    assert code(certificate_of, b"none") == "fiks.certificate.form"
    mixed = pem_of(sender).partition("-----BEGIN CERTIFICATE")[0] + pem(receiver.certificate)
    assert code(signer_of, mixed.encode()) == "fiks.key.other"
