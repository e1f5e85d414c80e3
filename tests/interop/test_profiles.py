"""What is written into FHIR records, judged by pyrofile against R4 and the Norwegian base profiles."""

import contextlib
import io
import os
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "fhir-r4"
CORE, BASIS = DATA / "hl7.fhir.r4.core-4.0.1-rebuilt.tgz", DATA / "no-basis"
CHILDREN = int(os.environ.get("BTI_JUDGED_CHILDREN", "100"))
PROFILE = "http://hl7.no/fhir/ig/StructureDefinition/no-basis-"
PROFILED = ("Patient", "RelatedPerson", "Practitioner")
KNOWN = {
    "invariant.dom-6": "advice to write a text for people beside every resource",
    "profile.invariant.dom-6": "the same, by the profile",
    "modifierExtension.present": "told of elements that are modifiers by R4 itself, and not of extensions",
    "reference.unresolved": "each resource is judged alone",
    "terminology.extensible": "an extensible list does not have the code that the Norwegian guides or the settings name",
    "profile.element.binding.extensible": "the same, by the profile",
    "terminology.preferred": "a preferred list does not have it",
}
"""Warnings that say nothing of whether the resource is valid, and why."""

pytestmark = [pytest.mark.interop, pytest.mark.timeout(1800)]
sys.path.insert(0, str(ROOT / "plugins" / "fhir-r4" / "tests"))


@pytest.fixture(scope="module")
def judge():
    """``judge(resource)``: code and path of what pyrofile finds, less what is known to be wrong or beside the point."""
    pyrofile = pytest.importorskip("pyrofile_validator", reason="pyrofile-validator is not installed")
    pytest.importorskip("gateway_fhir_r4", reason="the plugin fhir-r4 is not installed")
    if not (CORE.is_file() and BASIS.is_dir()):
        pytest.skip("R4's definitions and the profiles lie in ../shared/data, which this machine lacks")
    from pyrofile_validator.config import ValidatorConfig  # noqa: PLC0415 - only where it is installed

    profiles = {kind: [PROFILE + kind] for kind in PROFILED}
    paths = [str(CORE), str(BASIS)]
    validator = pyrofile.Validator(ValidatorConfig(local_package_paths=paths, profiles=profiles))

    def judged(resource):
        kind = resource["resourceType"]
        told = {**resource, "meta": {"profile": [PROFILE + kind]}} if kind in PROFILED else resource
        with contextlib.redirect_stdout(io.StringIO()):  # it prints traces of its own
            report = validator.validate_resource(told)
        return [(one.code, one.path) for one in report.issues if one.code not in KNOWN and not wrong(one, told)]

    return judged


def wrong(issue, resource):
    """Whether pyrofile is known to be mistaken: it counts a list's elements together, and knows no ``authorString``."""
    if issue.code == "profile.element.cardinality.max":
        most = int(re.search(r"at most (\d+)", issue.message)[1])
        *above, name = issue.path.split(".")[1:]
        return all(len(_values(one, name)) <= most for one in _parents([resource], above))
    return issue.code == "datatype.unknown-field" and issue.path.endswith(".authorString")


def _parents(found, names):
    for name in names:
        found = [each for one in found for each in _values(one, name)]
    return found


def _values(element, name):
    told = element.get(name, [])
    return told if isinstance(told, list) else [told]


PATIENT = {"resourceType": "Patient", "identifier": [
    {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "06821099739"}], "gender": "female"}  # fmt: skip
TEAM = {"resourceType": "CareTeam", "status": "active", "subject": {"reference": "Patient/p"},
        "participant": [{"member": {"display": "Nina"}}, {"member": {"display": "Ola"}}]}  # fmt: skip


@pytest.mark.parametrize(
    ("right", "spoilt"),
    [
        (PATIENT, {"gender": "kvinne"}),
        (PATIENT, {"birthDate": "i går"}),
        (PATIENT, {"kanari": "x"}),
        (PATIENT, {"extension": [{"url": "http://example.org/kanari", "valueString": "x"}]}),
        (PATIENT, {"contact": [{"gender": "female"}]}),
        (TEAM, {"status": "aktiv"}),
        (TEAM, {"participant": [{"member": [{"display": "Nina"}, {"display": "Ola"}]}]}),
        (TEAM, {"participant": [{"onBehalfOf": {"display": "skole"}, "kanari": 1}]}),
    ],
    ids=lambda one: next(reversed(one)),
)
def test_pyrofile_finds_a_planted_fault(judge, right, spoilt):
    assert judge(right) == []
    assert judge({**right, **spoilt})


def test_pyrofile_finds_nothing_wrong_in_what_is_written(judge):
    from children import children, written  # noqa: PLC0415 - beside the plugin's own tests

    found, count = [], 0
    for unit in children(CHILDREN):
        for resource in written(unit)[1].values():
            found += judge(resource)
            count += 1
    print(f"{CHILDREN} children, {count} resources, {len(found)} findings")  # noqa: T201 - the count is asked for
    assert sorted(set(found)) == []
