"""The kit on the plugins that are installed: what it says of them today."""

import pytest

from gateway.run.certify import certify
from gateway.run.declared import rest_bench
from gateway.sdk.testing import CHECKS, run_check


def failing(checks):
    return {line.id: line.evidence for line in checks if line.passed is False}


def test_the_exchange_protocol_is_certified_by_its_name_against_its_own_declaration():
    pytest.importorskip("gateway_bti_exchange", reason="the plugin bti-exchange is not installed")
    report = certify("bti-exchange")
    assert failing(report.checks) == {}
    assert (report.tier, report.source) == ("full", "own declaration")


def test_whole_cases_are_certified_too():
    plugin = pytest.importorskip("gateway_bti_exchange", reason="the plugin bti-exchange is not installed")
    bench = rest_bench(plugin.BtiExchangeCases, brought=plugin.gateway_mappings())
    assert failing(run_check(check, bench) for check in CHECKS) == {}


def test_the_person_register_keeps_what_the_kit_asks_of_a_register():
    pytest.importorskip("gateway_persontjenesten", reason="the plugin persontjenesten is not installed")
    from tests.sdk.kit.register_plugin import PluginBench  # noqa: PLC0415 - only where the plugin is

    found = failing(run_check(check, PluginBench()) for check in CHECKS)
    # The sample is of a person only; relations are tried in the plugin's own tests.
    assert found == {"read.recordings": "no sample for: relation"}


def test_an_adapter_behind_which_a_person_stands_is_tried_for_its_silence():
    pytest.importorskip("gateway_manual", reason="the plugin manual is not installed")
    report = certify("manual")
    # It takes what it does not declare; nothing of that kind is ever released.
    assert set(failing(report.checks)) <= {"capabilities.honoured"}
    assert [line.id for line in report.checks] == ["canaries.silent", "capabilities.honoured"]
    assert report.tier == "none"
