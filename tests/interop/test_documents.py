"""What we publish, judged by validators that others made."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import rfc8785
import yaml
from openapi_spec_validator import validate as validate_openapi
from referencing import Registry, Resource

from gateway.store import Keys, audit, open_store

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = sorted(path for path in (ROOT / "schemas").rglob("*.json") if "examples" not in path.parts)


def short(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", sorted((ROOT / "schemas").rglob("openapi.yaml")), ids=short)
def test_an_interface_description_is_openapi(path):
    validate_openapi(yaml.safe_load(path.read_text("utf-8")), base_uri=path.as_uri())


@pytest.mark.parametrize("path", SCHEMAS, ids=short)
def test_a_schema_is_json_schema(path):
    schema = json.loads(path.read_text("utf-8"))
    jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator).check_schema(schema)


def example_of(path):
    return path.parent / "examples" / f"{path.name.removesuffix('.json').removesuffix('.schema')}.json"


@pytest.mark.parametrize("path", [path for path in SCHEMAS if example_of(path).is_file()], ids=short)
def test_an_example_fits_its_schema(path):
    schema = json.loads(path.read_text("utf-8"))
    beside = [(each.name, Resource.from_contents(json.loads(each.read_text("utf-8")))) for each in SCHEMAS]
    validator = jsonschema.Draft202012Validator(schema, registry=Registry().with_resources(beside))
    validator.validate(json.loads(example_of(path).read_text("utf-8")))


def test_an_exported_audit_log_holds_for_openssl_and_another_s_canonical_json(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("needs the program openssl")
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    store = open_store(
        url=f"sqlite:///{tmp_path}/a.db", vault_url=f"sqlite:///{tmp_path}/v.db", tenant="prove",
        keys=Keys.create(tmp_path / "keys", os.urandom), clock=lambda: at, chance=os.urandom,
    )  # fmt: skip
    with store.write() as tx:
        tx.audit([{"act": "tried", "at": at.isoformat(), "n": number} for number in range(7)])
    audit.export(store, tmp_path / "out")
    store.close()
    for line in (tmp_path / "out" / "leaves.jsonl").read_text("utf-8").splitlines():
        leaf = json.loads(line)
        assert hashlib.sha256(b"\0" + rfc8785.dumps(leaf["entry"])).hexdigest() == leaf["leaf_hash"]
    note = (tmp_path / "out" / "checkpoints.txt").read_text("utf-8").split("\n\n— ")
    body, signature = note[0] + "\n", base64.b64decode(note[1].split()[1])[4:]
    raw = base64.b64decode((tmp_path / "out" / "keys.txt").read_text("utf-8").strip().split("+", 2)[2])[1:]
    (tmp_path / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + raw)
    (tmp_path / "body").write_bytes(body.encode())
    (tmp_path / "signature").write_bytes(signature)
    call = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-keyform",
        "DER",
        "-inkey",
        "key.der",
        "-rawin",
        "-in",
        "body",
        "-sigfile",
        "signature",
    ]
    told = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    (tmp_path / "body").write_bytes(body.replace("7\n", "8\n").encode())
    assert subprocess.run(call, cwd=tmp_path, capture_output=True, check=False).returncode != 0
