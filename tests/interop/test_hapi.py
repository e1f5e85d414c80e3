"""HAPI FHIR, the server that most others are measured by, and HL7's own validator, both from Maven Central."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from msgspec.structs import replace

from gateway.sdk.http import HttpClient

HERE = Path(__file__).resolve().parent
JAVA = HERE / "hapi"
PLACE = HERE.parents[1] / ".venv" / "interop" / "hapi"
PROFILES = HERE.parents[1].parent / "shared" / "data" / "fhir-r4" / "no-basis"
CALL = ("mvn", "-B", "-q", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies")
STARTS = 900
"""Seconds that the server may take: it makes a whole database first, and others may be at work beside it."""
CHILDREN = int(os.environ.get("BTI_JUDGED_CHILDREN", "100"))
BASIS = "http://hl7.no/fhir/ig/StructureDefinition/no-basis-"
PROFILED = frozenset({"Patient", "RelatedPerson", "Practitioner"})
UNJUDGED = "Patient.communication[0].language Terminology_PassThrough_TX_Message"
"""The validator has no list of all languages without a terminology server; the binding is only preferred."""

pytestmark = [pytest.mark.interop, pytest.mark.timeout(1800)]
sys.path.insert(0, str(HERE.parents[1] / "plugins" / "fhir-r4" / "tests"))


@pytest.fixture(scope="session")
def libraries():
    """HAPI FHIR with all that it stands on, as Java's class path."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}")
    pytest.importorskip("gateway_fhir_r4", reason="the plugin fhir-r4 is not installed")
    told = hashlib.sha256((JAVA / "pom.xml").read_bytes()).hexdigest()
    mark = PLACE / "fetched"
    if not (mark.is_file() and mark.read_text() == told):  # what was broken off half way is begun anew
        shutil.rmtree(PLACE, ignore_errors=True)
        PLACE.mkdir(parents=True)
        try:
            done = subprocess.run(
                [*CALL, f"-DoutputDirectory={PLACE}"], cwd=JAVA, capture_output=True, check=False, timeout=900
            )
        except subprocess.TimeoutExpired:
            pytest.skip("Maven could not fetch HAPI FHIR within a quarter of an hour")
        if done.returncode != 0:
            pytest.skip("Maven could not fetch HAPI FHIR (tests/interop/hapi/pom.xml)")
        mark.write_text(told)
    return f"{PLACE}/*"


@contextmanager
def running(libraries, program, *args):
    call = ["java", "-Xmx2g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
            libraries, str(JAVA / program), *args]  # fmt: skip
    with subprocess.Popen(
        call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ready(process):
    """What is said with ``ready``; the rest of the output is logging."""
    until = time.monotonic() + STARTS
    for line in process.stdout:
        if line.startswith("ready"):
            return line.partition(" ")[2].strip()
        if time.monotonic() > until:
            break
    return pytest.fail("the Java program did not get ready")


@pytest.fixture(scope="module")
def hapi(libraries):
    """The server's address, with the organisations that the settings name."""
    with running(libraries, "HapiServer.java") as process:
        url = ready(process)
        # What it logs from now on has to go somewhere: it would stand still when the pipe is full.
        Thread(target=process.stdout.read, daemon=True).start()
        client = HttpClient(url=url, attempts=1, timeout=120)
        for name in ("skole", "helse", "ppt"):
            body = json.dumps({"resourceType": "Organization", "id": name, "name": name}).encode()
            client.request(
                "PUT", f"Organization/{name}", content=body, headers={"content-type": "application/fhir+json"}
            )
        client.close()
        yield url


@pytest.fixture
def journal(hapi):
    from children import OPTIONS  # noqa: PLC0415 - beside the plugin's own tests
    from gateway_fhir_r4.adapter import FhirR4  # noqa: PLC0415

    from gateway.sdk.testing import Watch, watched_context  # noqa: PLC0415

    opened = []

    def connect(**more):
        context = watched_context(hapi, Watch(), secret="", options={**OPTIONS, **more})
        client = HttpClient(url=hapi, attempts=1, timeout=120)
        opened.append(client)
        return FhirR4(replace(context, http=client))

    yield connect
    for client in opened:
        client.close()


def a_child(number, *kinds):
    """A child with a goal that has a title, a measure, and items of the kinds."""
    from children import child  # noqa: PLC0415

    for at in range(500):
        unit = child(Random(1000 * number + at), number)
        goals = [one for one in unit.releases if one.kind == "goal" and {"title", "status"} <= one.fields.keys()]
        if goals and {"measure", *kinds} <= {one.kind for one in unit.releases}:
            return unit
    raise AssertionError


def read(client, native):
    resource = client.context.http.request("GET", native, accept=(404, 410))
    return None if resource.status != 200 else resource.json()


def known(unit, receipt, kind, **news):
    """A change of the first item of a kind, as the engine would send it."""
    told = dict(zip([one.id for one in unit.releases], [receipt, *receipt.parts], strict=True))
    part = next(one for one in unit.releases if one.kind == kind)
    names = {item: one.native_id for item, one in told.items()}
    changed = replace(
        part, fields={**part.fields, **news}, changed=tuple(news), native_id=names[part.id],
        version=told[part.id].version, case_native_id=receipt.native_id, refs=names,
    )  # fmt: skip
    return replace(
        unit.root, changed=(), native_id=receipt.native_id, version=receipt.version, case_native_id=receipt.native_id,
        parts=(changed,), refs=names,
    )  # fmt: skip


def test_hapi_takes_whole_cases_once_and_tells_them_back_as_they_were_released(journal):
    from children import children  # noqa: PLC0415

    client = journal()
    assert client.health() is None
    units = [replace(one, key=f"{at:064x}") for at, one in enumerate(children(10, seed=7), start=700)]
    receipts = client.deliver_batch([(one.root, one.key) for one in units])
    for receipt in receipts:
        assert {(one.state, one.kept) for one in (receipt, *receipt.parts)} == {("accepted", None)}
    again = client.deliver_batch([(one.root, one.key) for one in units])
    assert [[part.native_id for part in one.parts] for one in again] == [
        [part.native_id for part in one.parts] for one in receipts
    ]
    assert client.read_back(units[0].key).records[0].id == receipts[0].native_id
    assert client.read_back("never").records == []
    page = client.fetch(None)
    kinds = set()
    while True:
        kinds |= {one.kind for raw in page.records for one in client.read(raw)}
        if not page.more:
            break
        page = client.fetch(page.cursor)
    assert {"person", "case", "goal", "measure", "consent"} <= kinds


def test_hapi_s_versions_make_a_conflict_of_an_old_change(journal):
    unit, client = a_child(801), journal()
    receipt = client.deliver(unit.root, unit.key)
    told = client.deliver(known(unit, receipt, "goal", title="Sov heile natta"), "k2")
    assert (told.state, told.parts[0].version) == ("accepted", "2")
    assert read(client, told.parts[0].native_id)["description"] == {"text": "Sov heile natta"}
    late = client.deliver(known(unit, receipt, "goal", title="Noko anna"), "k3")
    assert (late.state, late.conflict) == ("refused", True)
    assert read(client, told.parts[0].native_id)["description"] == {"text": "Sov heile natta"}


def test_who_takes_part_stands_in_hapi_s_team_and_is_told_back_as_it_was_changed(journal):
    unit, client = a_child(804, "participant"), journal()
    receipt = client.deliver(unit.root, unit.key)
    again = client.deliver(unit.root, unit.key)
    assert [one.native_id for one in again.parts] == [one.native_id for one in receipt.parts]
    told = client.deliver(known(unit, receipt, "participant", task="leser med", until="2027-01-31"), "k5")
    assert told.state == "accepted"
    part = next(one for one in unit.releases if one.kind == "participant")
    native = told.parts[0].native_id
    team = "/".join(native.split("/")[:2])
    page = client.fetch(None)
    raws = list(page.records)
    while page.more:
        page = client.fetch(page.cursor)
        raws += page.records
    found = {one.id: one for raw in raws for one in client.read(raw) if one.kind == "participant"}[native]
    assert (found.kind, found.fields["role"]) == ("participant", part.fields["role"])
    assert (found.fields["task"], found.fields["until"]) == ("leser med", "2027-01-31")
    for _ in range(2):
        back = replace(
            part, fields={}, changed=(), native_id=native, case_native_id=receipt.native_id, retract_all=True
        )
        assert client.retract(back, "k6").state == "accepted"
    members = (read(client, team) or {}).get("participant", [])
    assert native.rpartition("/")[2] not in {one.get("id") for one in members}


def test_two_at_once_make_one_of_each_in_hapi(journal):
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    unit = a_child(802)
    clients = [journal() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda client: client.deliver(unit.root, unit.key), clients))
    done = [one for one in receipts if one.state == "accepted"]
    assert done
    assert {one.state for one in receipts} <= {"accepted", "refused"}
    assert all(one.conflict for one in receipts if one.state == "refused"), "who lost tries again"
    goal = next(one for one in unit.releases if one.kind == "goal")
    found = clients[0]._writer.wire.search("Goal", {"identifier": f"urn:bti-gateway:key|{unit.key_of(goal)}"})
    assert len(found) == 1


def test_a_withdrawal_is_seen_in_hapi(journal):
    unit, client = a_child(803), journal()
    receipt = client.deliver(unit.root, unit.key)
    for release, told in list(zip(unit.releases, (receipt, *receipt.parts), strict=True))[::-1]:
        back = replace(
            release, fields={}, changed=(), parts=(), native_id=told.native_id, version=told.version,
            case_native_id=receipt.native_id, retract_all=True,
        )  # fmt: skip
        for _ in range(2):
            assert client.retract(back, "k9").state == "accepted"
    assert {read(client, one.native_id) for one in receipt.parts if "CareTeam" not in one.native_id} == {None}


@pytest.fixture(scope="module")
def judge(libraries):
    """``judge(resource, profile)``: the places and codes of the official validator's errors."""
    if not PROFILES.exists():
        pytest.skip("the profiles lie in ../shared/data, which this machine lacks")
    with running(libraries, "Judge.java", str(PROFILES)) as process:
        ready(process)

        def judged(resource, profile=""):
            process.stdin.write(f"{profile}\t{json.dumps(resource)}\n")
            process.stdin.flush()
            while True:
                line = process.stdout.readline()
                if line.startswith("told"):
                    return [one for one in line[4:].strip().split(";") if one and not one.endswith(UNJUDGED)]

        yield judged


def profile_of(resource):
    return BASIS + resource["resourceType"] if resource["resourceType"] in PROFILED else ""


GOAL = {"resourceType": "Goal", "lifecycleStatus": "active", "subject": {"reference": "Patient/p"},
        "description": {"text": "x"}}  # fmt: skip


@pytest.mark.parametrize(
    "spoilt",
    [
        {"lifecycleStatus": "aktiv"},
        {"subject": {"display": 7}},
        {"description": None},
        {"target": [{"dueDate": "2026-13-01"}]},
        {"kanari": "x"},
        {"category": []},
    ],
    ids=lambda spoilt: next(iter(spoilt)),
)
def test_the_official_validator_finds_a_planted_fault(judge, spoilt):
    assert judge(GOAL) == []
    assert judge({name: one for name, one in {**GOAL, **spoilt}.items() if one is not None})


def test_the_official_validator_finds_no_error_in_what_is_written(judge):
    from children import children, written  # noqa: PLC0415

    wrong, count = [], 0
    for unit in children(CHILDREN):
        for resource in written(unit)[1].values():
            wrong += [(resource["resourceType"], one) for one in judge(resource, profile_of(resource))]
            count += 1
    print(f"{CHILDREN} children, {count} resources, {len(wrong)} errors")  # noqa: T201 - the count is what is asked for
    assert wrong == []
