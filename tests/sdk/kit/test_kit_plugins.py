"""The kit on the plugins that are installed: what it says of them today."""

from importlib.metadata import entry_points

import pytest

from gateway.run.certify import certify
from gateway.sdk.testing import CHECKS, run_check


def failing(checks):
    return {line.id: line.evidence for line in checks if line.passed is False}


@pytest.mark.parametrize("name", ["bti-exchange", "bti-exchange-cases"])
def test_both_shapes_of_the_exchange_protocol_are_certified_by_name_against_their_own_declaration(name):
    if not entry_points(group="gateway", name=name):
        pytest.skip(f"no plugin brings the adapter {name} here")
    report = certify(name)
    assert failing(report.checks) == {}
    assert (report.tier, report.source) == ("full", "own declaration")


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
