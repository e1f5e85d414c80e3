"""The kit on every plugin of ours, by name, as a municipality would run it."""

from importlib.metadata import entry_points

import pytest

from gateway.run.certify import certify

TABLE = {
    "bti-exchange": ("full", "own declaration", {"webhook.heard"}),
    "bti-exchange-cases": ("full", "own declaration", {"webhook.heard"}),
    "fhir-r4": ("full", "stand-in", set()),
    "file-drop": (
        "reads",
        "stand-in",
        {"cursor.late-rows", "fetch.reconnect", "errors.unreachable", "errors.refused", "errors.uncertain"},
    ),
    "fiks-arkiv": ("writes", "stand-in", set()),
    # The service has no key by which the same report twice is one, so no tier is proved.
    "fiks-bekymringsmelding": ("none", "stand-in", set()),
    "flyt-samspill": ("none", "stand-in", set()),
    "oneroster": ("reads", "stand-in", set()),
    "oneroster-csv": ("reads", "stand-in", {"cursor.late-rows", "fetch.reconnect", "errors.unreachable"}),
    "manual": ("none", "a person's hands", {"errors.unreachable"}),
    "nhn-msh": (
        "writes",
        "stand-in",
        {
            "cursor.resumes",
            "cursor.late-rows",
            "paging.under-change",
            "deliver.changed-only",
            "deliver.withheld-untouched",
        },
    ),
    "nhn-registers": ("reads", "stand-in", {"lookup.changes"}),
    "persontjenesten": ("reads", "stand-in", set()),
    "pifu-ims": ("reads", "stand-in", {"cursor.late-rows", "fetch.reconnect", "errors.unreachable"}),
}
"""Each with its tier, what it is tried against, and the checks that its world cannot play."""


def brought():
    return {
        entry.name
        for entry in entry_points(group="gateway")
        if ((entry.dist and entry.dist.name) or "").startswith("bti-gateway-")
    }


def test_every_plugin_of_ours_stands_in_the_table():
    adapters = {
        name for name in brought() if name not in {"health-waits", "notify-smtp", "openbao"}
    }  # a rule, notices, secrets
    assert adapters <= set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_an_adapter_of_ours_is_certified_by_its_name(name):
    if name not in brought():
        pytest.skip(f"the plugin that brings {name} is not installed")
    tier, source, unplayed = TABLE[name]
    report = certify(name)
    assert {line.id: line.evidence for line in report.checks if not line.passed} == {}
    assert (report.tier, report.source) == (tier, source)
    assert {line.id for line in report.not_applicable if line.evidence.startswith("the world cannot")} == unplayed


def test_an_adapter_behind_which_a_person_stands_is_tried_for_its_silence():
    if "manual" not in brought():
        pytest.skip("the plugin manual is not installed")
    report = certify("manual")
    assert [line.id for line in report.checks] == ["canaries.silent", "capabilities.honoured"]
