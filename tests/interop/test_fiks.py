"""Envelopes of Fiks, opened and closed by KS' own Java libraries from Maven Central."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from gateway_fiks_io import asice, cms, envelope
from gateway_fiks_io.certificates import fingerprint
from gateway_fiks_io.testing import made_up, pem

from gateway.sdk import Fault

pytestmark = pytest.mark.interop
HERE = Path(__file__).resolve().parent / "fiks"
OUT = HERE.parents[2] / ".venv" / "interop" / "fiks"
AT = datetime(2026, 11, 22, tzinfo=UTC)
FILES = {"bekymringsmelding.json": b'{"a": 1}', "bekymringsmelding.pdf": b"%PDF-" * 999}
COPIED = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath"


@pytest.fixture(scope="module")
def java():
    """Runs our small program over KS' libraries; what cannot be had is a skip with its reason."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}")
    paths = OUT / "classpath"
    call = [
        "mvn",
        "-q",
        "-B",
        "-f",
        str(HERE / "pom.xml"),
        f"-Dout={OUT}",
        "compile",
        COPIED,
        f"-Dmdep.outputFile={paths}",
    ]
    try:
        done = subprocess.run(call, capture_output=True, check=False, timeout=400).returncode
    except subprocess.TimeoutExpired:
        done = 1
    if done != 0:
        pytest.skip("Maven could not fetch no.ks.fiks:fiks-io-asice-handler")
    where = f"{paths.read_text().strip()}{os.pathsep}{OUT / 'classes'}"

    def run(*told):
        done = subprocess.run(
            ["java", "-cp", where, "Envelopes", *map(str, told)], capture_output=True, check=False, timeout=600
        )
        assert done.returncode == 0, done.stderr.decode()[-400:]

    return run


@pytest.fixture
def desk(tmp_path):
    """A folder with a key store and a certificate of a sender and a receiver."""
    for name in ("sender", "receiver"):
        one = made_up(name)
        store = pkcs12.serialize_key_and_certificates(
            name.encode(), one.key, one.certificate, None, BestAvailableEncryption(b"standin")
        )
        (tmp_path / f"{name}.p12").write_bytes(store)
        (tmp_path / f"{name}.crt").write_text(pem(one.certificate))
    return tmp_path


@pytest.mark.timeout(1800)
def test_what_we_seal_opens_in_ks_own_library(java, desk):
    sealed = envelope.seal(
        [asice.File(name=name, data=data) for name, data in FILES.items()],
        signer=made_up("sender"), recipient=made_up("receiver").certificate, at=AT, chance=os.urandom,
    )  # fmt: skip
    (desk / "sealed").write_bytes(sealed)
    (desk / "out").mkdir()
    java("open", desk / "receiver.p12", desk / "sealed", desk / "out")
    assert {name: (desk / "out" / name).read_bytes() for name in FILES} == FILES


@pytest.mark.timeout(1800)
def test_what_ks_own_library_seals_we_open_and_know_the_signer_of(java, desk):
    for name, data in FILES.items():
        (desk / name).write_bytes(data)
    java("seal", desk / "sender.p12", desk / "receiver.crt", desk / "sealed", *(desk / name for name in FILES))
    sealed, pins = (desk / "sealed").read_bytes(), frozenset({fingerprint(made_up("sender").certificate)})
    opened = envelope.unseal(sealed, holders=[made_up("receiver")], at=AT, pins=pins)
    assert opened.files == FILES
    assert opened.signer == made_up("sender").certificate
    with pytest.raises(Fault) as spoilt:
        envelope.unseal(sealed[:-40] + bytes(40), holders=[made_up("receiver")], at=AT, pins=pins)
    assert spoilt.value.code.startswith("fiks.")


@pytest.mark.timeout(1800)
def test_what_either_closes_with_cms_the_other_discloses(java, desk):
    (desk / "plain").write_bytes(FILES["bekymringsmelding.pdf"])
    java("close", desk / "sender.p12", desk / "receiver.crt", desk / "plain", desk / "closed")
    assert cms.decrypt((desk / "closed").read_bytes(), [made_up("receiver")]) == FILES["bekymringsmelding.pdf"]
    ours = envelope.closed(b"vi er bekymret", recipient=made_up("receiver").certificate, at=AT, chance=os.urandom)
    (desk / "ours").write_bytes(ours)
    java("disclose", desk / "receiver.p12", desk / "ours", desk / "disclosed")
    assert (desk / "disclosed").read_bytes() == b"vi er bekymret"
