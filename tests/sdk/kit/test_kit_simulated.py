from pathlib import Path

import msgspec
import pytest

from gateway.run.certify import certify
from gateway.run.declared import rest_bench
from gateway.sdk.resource import Resource
from gateway.sdk.rest import RestAdapter
from gateway.sdk.testing import CHECKS, run_check

MAPPING = """
adapter: {name}
version: "1"
kinds:
  concern:
    from: concern
    id: id
    case: sak
    version: versjon
    fields:
      summary: beskrivelse
      conclusion: slutning
      raised_on: {{path: meldt, format: "%d.%m.%Y"}}
      status: {{path: tilstand, codes: {{AAPEN: raised, AVKLART: clarified, LUKKET: settled}}}}
"""
CONCERNS = Resource(
    kind="concern", path="/bekymringer", records="data", paging="cursor", next="neste", feed=True, more="mer",
    id="id", version="versjon", modified="endret", deleted="slettet",
    create="POST", update="PATCH", keyed=True, if_match=True, delete=True,
    read_back="/nokler/{key}", inventory="/beholdning", acknowledge="/kvittering",
)  # fmt: skip


class Declared(RestAdapter):
    name = "declared"
    resources = (CONCERNS,)


class ReadsOnly(RestAdapter):
    name = "declared"
    resources = (
        Resource(kind="concern", path="/b", records="data", paging="cursor", next="n", since="fra", modified="endret"),
    )


class NoOverlap(RestAdapter):
    name = "declared"
    resources = (msgspec.structs.replace(ReadsOnly.resources[0], overlap=0),)


class ByOffset(RestAdapter):
    name = "declared"
    resources = (msgspec.structs.replace(ReadsOnly.resources[0], paging="offset", next="", page_param="fra_rad"),)


class Unkeyed(RestAdapter):
    """Says that keys are honoured at a vendor that does not."""

    name = "declared"
    resources = (msgspec.structs.replace(CONCERNS, keyed=False),)
    capabilities = Declared.capabilities


def outcomes(adapter):
    bench = rest_bench(adapter, brought={"declared": MAPPING.format(name="declared")})
    return {check.id: run_check(check, bench) for check in CHECKS}


@pytest.mark.parametrize("adapter", [Declared, ReadsOnly, ByOffset])
def test_a_sound_declaration_passes_all_that_applies(adapter):
    found = outcomes(adapter)
    assert {name: each.evidence for name, each in found.items() if each.passed is False} == {}
    assert found["paging.under-change"].passed
    assert "derived" in found["read.recordings"].evidence


@pytest.mark.parametrize(
    ("adapter", "check"),
    [(NoOverlap, "cursor.late-rows"), (Unkeyed, "deliver.idempotent")],
)
def test_a_declaration_that_does_not_fit_its_vendor_is_found(adapter, check):
    assert outcomes(adapter)[check].passed is False


def test_what_a_plugin_declares_is_tried_against_its_own_declaration_when_it_brings_no_bench(tmp_path):
    (tmp_path / "gateway_declared").mkdir()
    (tmp_path / "gateway_declared" / "__init__.py").write_text(
        "from gateway.sdk import hookimpl\nfrom tests.sdk.kit.test_kit_simulated import Declared, MAPPING\n"
        "GATEWAY_API = '1.0'\n@hookimpl\ndef gateway_adapters():\n    return [Declared]\n"
        "@hookimpl\ndef gateway_mappings():\n    return {'declared': MAPPING.format(name='declared')}\n"
    )
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'x'\nversion = '2.0'\n[project.entry-points.gateway]\ndeclared = 'gateway_declared'\n"
    )
    report = certify(str(tmp_path))
    assert report.source == "own declaration"
    assert report.passed
    assert report.tier == "full"
    assert str(Path(tmp_path)) not in msgspec.json.encode(report).decode()
