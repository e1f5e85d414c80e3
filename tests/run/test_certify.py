import json
import sys

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.run.certify import Line, NotCertifiable, Report, certify, is_genuine, sign, tier_of
from gateway.sdk.testing import CHECKS, KIT
from tests.sdk.kit.broken import HidesDeletes, WritesAll
from tests.sdk.kit.reference import ReferenceBench, Sound

LOOKUP = ("lookup.known", "lookup.changes")
NOT_OF_THE_REFERENCE = (*LOOKUP, "baton.lands")
"""It is asked nothing, and its system has no field for who holds the baton."""
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
FILE = """
from tests.sdk.kit.reference import ReferenceBench, Sound

__version__ = "3.1"

class Filed(Sound):
    name = "filed"

def bench():
    return ReferenceBench(Filed)
"""


def folder(tmp_path, *, name="foldered", body="", kit=None):
    package = tmp_path / f"gateway_{name}"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from gateway.sdk import hookimpl\n"
        "from tests.sdk.kit.reference import ReferenceBench, Sound\n"
        "GATEWAY_API = '1.0'\n"
        f"class Foldered(Sound):\n    name = '{name}'\n"
        "@hookimpl\ndef gateway_adapters():\n    return [Foldered]\n" + body
    )
    if kit is not None:
        (package / "kit.py").write_text(kit)
    (tmp_path / "pyproject.toml").write_text(
        f"[project]\nname = 'x'\nversion = '2.0'\n[project.entry-points.gateway]\n{name} = 'gateway_{name}'\n"
    )
    return tmp_path


def test_a_sound_adapter_passes_every_check_and_gets_the_full_tier(tmp_path):
    path = tmp_path / "filed.py"
    path.write_text(FILE)
    report = certify(str(path))
    assert (report.adapter, report.version, report.kit, report.tier, report.source) == (
        "filed",
        "3.1",
        KIT,
        "full",
        "stand-in",
    )
    assert report.passed
    assert [line.id for line in report.checks] == [check.id for check in CHECKS if check.id not in NOT_OF_THE_REFERENCE]


def test_a_declared_adapter_in_one_file_is_tried_with_the_mapping_that_the_file_brings(root):
    report = certify(str(root / "examples" / "vendor-a" / "vendor_a.py"))
    assert report.adapter == "vendor-a"
    assert [line for line in report.checks if not line.passed] == []


def test_the_report_is_json_with_the_keys_of_the_contract(tmp_path):
    path = tmp_path / "filed.py"
    path.write_text(FILE)
    report = json.loads(msgspec.json.encode(certify(str(path))))
    assert {"adapter", "version", "kit", "tier", "checks", "signature"} <= set(report)
    assert all(set(line) == {"id", "passed", "what", "evidence"} for line in report["checks"])
    assert report["signature"] is None


def test_a_folder_is_certified_by_its_bench_in_the_package_or_its_kit_module(tmp_path):
    kit = "from gateway_kitted import Foldered\nfrom tests.sdk.kit.reference import ReferenceBench\n"
    kit += "def bench():\n    return ReferenceBench(Foldered)\n"
    path = folder(tmp_path, name="kitted", kit=kit)
    before = list(sys.path)
    report = certify(str(path))
    assert (report.adapter, report.version, report.passed) == ("kitted", "2.0", True)
    assert sys.path == before


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("no-such-plugin", "certify.unknown"),
        ("./no/such/file.py", "certify.unknown"),
        ("./nowhere/", "certify.unknown"),
    ],
)
def test_what_is_not_there_is_told_by_its_code(name, code):
    with pytest.raises(NotCertifiable) as caught:
        certify(name)
    assert caught.value.code == code


def test_a_plugin_without_anything_to_try_it_against_is_told_so(tmp_path):
    with pytest.raises(NotCertifiable) as caught:
        certify(str(folder(tmp_path, name="benchless")))
    assert caught.value.code == "certify.no_bench"


def test_of_several_adapters_in_a_folder_the_one_with_the_folders_name_is_meant(tmp_path):
    kit = "from gateway_both import Foldered\nfrom tests.sdk.kit.reference import ReferenceBench\n"
    kit += "def bench():\n    return ReferenceBench(Foldered)\n"
    (tmp_path / "both").mkdir()
    path = folder(tmp_path / "both", name="both", kit=kit)
    project = path / "pyproject.toml"
    project.write_text(project.read_text() + "other = 'gateway_both'\n")
    assert certify(str(path)).adapter == "both"
    path = path.rename(tmp_path / "neither")
    with pytest.raises(NotCertifiable) as caught:
        certify(str(path))
    assert caught.value.code == "certify.several"


def test_a_plugin_that_breaks_while_it_is_loaded_is_told_without_its_words(tmp_path):
    path = tmp_path / "bad.py"
    path.write_text("raise RuntimeError('hemmelig 06821099739')")
    with pytest.raises(NotCertifiable) as caught:
        certify(str(path))
    assert (caught.value.code, caught.value.why) == ("certify.broken", "plugin.import")
    assert "06821099739" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_one_failed_check_means_no_tier(tmp_path):
    path = tmp_path / "filed.py"
    path.write_text(FILE)
    report = certify(str(path), bench=ReferenceBench(WritesAll))
    assert not report.passed
    assert report.tier == "none"
    assert [line.id for line in report.checks if not line.passed] == ["deliver.changed-only"]


def test_what_a_capability_rules_out_stands_apart_from_what_passed(tmp_path):
    class Keeps(HidesDeletes):
        capabilities = msgspec.structs.replace(Sound.capabilities, deletes=False)

    path = tmp_path / "filed.py"
    path.write_text(FILE)
    report = certify(str(path), bench=ReferenceBench(Keeps))
    assert report.passed
    assert [each.id for each in report.not_applicable] == ["fetch.deletes", *NOT_OF_THE_REFERENCE]
    assert "fetch.deletes" not in {line.id for line in report.checks}


def test_a_signature_holds_for_the_report_and_for_no_other(tmp_path):
    path = tmp_path / "filed.py"
    path.write_text(FILE)
    report = certify(str(path), signer=SIGNER)
    key = SIGNER.public_key()
    assert is_genuine(report, key)
    assert is_genuine(msgspec.json.decode(msgspec.json.encode(report), type=Report), key)
    assert not is_genuine(msgspec.structs.replace(report, tier="none"), key)
    assert not is_genuine(msgspec.structs.replace(report, signature=None), key)
    assert not is_genuine(msgspec.structs.replace(report, signature="??"), key)
    assert not is_genuine(report, Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key())
    assert sign(report, SIGNER) == report


@pytest.mark.parametrize(
    ("passed", "failed", "tier"),
    [
        ([], [], "none"),
        (["start.empty"], ["cursor.resumes"], "none"),
        (["start.empty"], [], "reads"),
        (["deliver.effect", "errors.refused", "errors.uncertain"], [], "reads"),
        (["deliver.effect", "errors.refused", "errors.uncertain", "deliver.read-back"], [], "writes"),
        ([check.id for check in CHECKS], [], "full"),
    ],
)
def test_the_tier_follows_from_what_was_proved(passed, failed, tier):
    lines = [Line(id=each, passed=each in passed, what="", evidence="") for each in (*passed, *failed)]
    assert tier_of(lines, Sound.capabilities) == tier
