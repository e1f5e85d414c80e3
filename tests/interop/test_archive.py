"""What we send to an archive, by KS' own schemas, where Maven Central has the package that they come in."""

import shutil
import subprocess
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

PACKAGE = "no.ks.fiks:fiks-arkiv-api:1.0.16"
MAIN = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.xsd"
GET = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get"

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def official():
    """KS' schemas by name."""
    if shutil.which("mvn") is None:
        pytest.skip("needs Maven")
    told = subprocess.run(
        ["mvn", "-q", "-B", GET, f"-Dartifact={PACKAGE}", "-Dtransitive=false"],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    group, name, version = PACKAGE.split(":")
    jar = Path.home() / ".m2" / "repository" / group.replace(".", "/") / name / version / f"{name}-{version}.jar"
    if not jar.is_file():
        lines = [line for line in told.stdout.splitlines() if "ERROR" in line]
        pytest.skip(f"Maven has no {PACKAGE}: {(lines or ['no reason told'])[0][-160:]}")
    with zipfile.ZipFile(jar) as held:
        return {one.rpartition("/")[2]: held.read(one) for one in held.namelist() if one.endswith(".xsd")}


def test_a_message_to_the_archive_is_valid_by_ks_own_schema(official):
    from gateway_fiks_arkiv.message import Log, arkivmelding, key_of  # noqa: PLC0415 - skipped before it is needed
    from gateway_fiks_arkiv.options import Options  # noqa: PLC0415
    from gateway_fiks_arkiv.standin import options_of  # noqa: PLC0415

    from gateway.sdk import Fault  # noqa: PLC0415
    from gateway.sdk.xmlio import Schema, parse  # noqa: PLC0415

    options = msgspec.convert(
        {**options_of(), "series": "BARN", "rule": "bti", "classes": [{"system": "K", "id": "B31", "title": "Barn"}]},
        Options,
    )
    log = Log(key=key_of("k1"), day=datetime.now(tz=UTC).date(), opened=date(2026, 1, 5), ended=date(2026, 11, 1))
    made = arkivmelding(log, document=b"%PDF-", options=options, shielding="offentleglova § 13")
    schema = Schema(main=MAIN, files=official)
    schema.check(parse(made))
    with pytest.raises(Fault, match=r"xml\.schema"):
        schema.check(parse(made.replace(b"saksdato", b"saksdag")))
