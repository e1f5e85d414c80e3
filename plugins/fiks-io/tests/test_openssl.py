"""The same envelopes and signatures, made and read by another program: openssl, both ways."""

import os
import shutil
import subprocess

import pytest
from gateway_fiks_io import asice, cms, envelope, signature
from gateway_fiks_io.testing import pem, pem_of

from gateway.sdk import Fault

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the program openssl")
OAEP = ["-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256", "-keyopt", "rsa_mgf1_md:sha256"]


@pytest.fixture
def desk(tmp_path, sender, receiver):
    for name, one in (("sender", sender), ("receiver", receiver)):
        (tmp_path / f"{name}.pem").write_text(pem_of(one))
        (tmp_path / f"{name}.crt").write_text(pem(one.certificate))

    def openssl(*call):
        done = subprocess.run(["openssl", "cms", *call], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    return tmp_path, openssl


def test_what_we_seal_openssl_opens_and_finds_signed(desk, sender, receiver, at):
    folder, openssl = desk
    sealed = envelope.seal(
        [asice.File(name="a.txt", data=b"Det er en bekymring.")],
        signer=sender, recipient=receiver.certificate, at=at, chance=os.urandom,
    )  # fmt: skip
    (folder / "sealed").write_bytes(sealed)
    packed = openssl("-decrypt", "-inform", "DER", "-in", "sealed", "-inkey", "receiver.pem", "-recip", "receiver.crt")
    assert asice.unpack(packed, at=at).files == {"a.txt": b"Det er en bekymring."}
    (folder / "text").write_bytes(b"signed")
    (folder / "made").write_bytes(signature.sign(b"signed", signer=sender, at=at))
    call = ["-verify", "-inform", "DER", "-in", "made", "-content", "text", "-binary", "-purpose", "any", "-cades"]
    assert openssl(*call, "-CAfile", "sender.crt", "-attime", str(int(at.timestamp()))) == b"signed"


@pytest.mark.parametrize("lengths", [["-stream"], ["-nostream"]])
def test_what_openssl_seals_we_open_with_lengths_of_either_kind(desk, receiver, lengths):
    folder, openssl = desk
    (folder / "plain").write_bytes(bytes(range(256)) * 400)
    how = [] if lengths == ["-nostream"] else ["-stream"]
    call = ["-encrypt", "-binary", "-aes256", *how, "-outform", "DER", "-in", "plain", "-out", "sealed"]
    openssl(*call, "-recip", "receiver.crt", *OAEP)
    sealed = (folder / "sealed").read_bytes()
    assert (sealed[1] == 0x80) == bool(how), "indefinite lengths where it streams"
    assert cms.decrypt(sealed, [receiver]) == (folder / "plain").read_bytes()


@pytest.mark.parametrize("how", [["-md", "sha256", "-cades"], ["-md", "sha512"], ["-md", "sha384", "-keyid"],
                                 ["-md", "sha1"],
                                 ["-md", "sha256", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest"]])  # fmt: skip
def test_what_openssl_signs_we_verify(desk, sender, how):
    folder, openssl = desk
    (folder / "text").write_bytes(b"signed")
    signing = ["-sign", "-binary", "-outform", "DER", "-in", "text", "-signer", "sender.pem", *how, "-out", "made"]
    openssl(*signing)
    assert signature.verify(b"signed", (folder / "made").read_bytes()) == sender.certificate


def test_no_weaker_digest_than_the_libraries_of_fiks_use_is_believed(desk):
    folder, openssl = desk
    (folder / "text").write_bytes(b"signed")
    pss = ["-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest"]
    for how in (["-md", "md5"], ["-md", "sha224"], ["-md", "sha1", *pss]):
        openssl("-sign", "-binary", "-outform", "DER", "-in", "text", "-signer", "sender.pem", *how, "-out", "made")
        with pytest.raises(Fault, match=r"fiks\.signature\.algorithm"):
            signature.verify(b"signed", (folder / "made").read_bytes())


def test_weaker_ways_of_closing_are_not_opened(desk, receiver):
    folder, openssl = desk
    (folder / "plain").write_bytes(b"x")
    for how in (["-aes256"], ["-des3", *OAEP], ["-aes256", *OAEP[:2]]):
        openssl(
            "-encrypt",
            "-binary",
            "-outform",
            "DER",
            "-in",
            "plain",
            "-out",
            "sealed",
            how[0],
            "-recip",
            "receiver.crt",
            *how[1:],
        )
        with pytest.raises(Fault, match=r"fiks\.cms\.algorithm"):
            cms.decrypt((folder / "sealed").read_bytes(), [receiver])
