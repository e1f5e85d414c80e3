"""``bti law show``: the whole rule file, in three languages, as shipped and as a municipality has it."""

import json
import re
from datetime import date

import pytest
from click.testing import CliRunner

from gateway.cli.root import bti
from gateway.core.rules import RULES
from gateway.core.rules.sentences import SENTENCES
from gateway.run import law as files
from gateway.run.lawdoc import document

SETTINGS = """
tenant = "t"
municipality = "1120"
model = "klepp"
numbers = "synthetic"
[policy]
self_consent_age = 16
both_guardians = false
[law.verified]
HEALTH_TEAM_2026 = "2026-08-01 Kari Jurist"
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """A folder without settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BTI_CONFIG", raising=False)


def called(*arguments, config=None):
    return CliRunner().invoke(bti, ["law", "show", *arguments, *(["--config", str(config)] if config else [])])


def test_every_rule_has_a_reading_in_three_languages_and_no_other_has():
    found = files.readings()
    assert set(found) == set(SENTENCES)
    assert all(set(one) == {"nb", "nn", "en"} and all(one.values()) for one in found.values())


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_document_has_a_line_to_approve_for_every_rule_basis_duty_ground_and_choice(language):
    text = called("--lang", language).output
    lines = {line.strip().removeprefix("[ ] ").partition("  ")[0] for line in text.splitlines() if "[ ]" in line}
    law = RULES.law
    wanted = {*SENTENCES, *law.codes(), "self_consent_age", "both_guardians", "inform_guardians", "small_cell"}
    wanted |= {f"{duty.code} {letter}" for duty in law.duties for letter in duty.grounds}
    assert wanted <= lines
    for one in (*law.bases, *law.duties):
        assert getattr(one.text, language) in text
        assert one.section in text
        assert one.source in text


@pytest.mark.parametrize(("language", "others"), [
    ("nb", r"ikkje|eit|ein|frå|dei|kven|kvar|nokon|barnet si|vere|seie"), ("nn", r"ikke|fra|hvem|hver|noen|være|skole|etter loven"),
    ("en", r"ikke|ikkje|barnet|eller"),
])  # fmt: skip
def test_the_document_mixes_no_languages(language, others):
    told = document(
        RULES,
        on=date(2026, 11, 21),
        policy={"self_consent_age": 15, "both_guardians": True, "inform_guardians": False},
        small_cell=5,
    )
    ours = [line for line in called("--lang", language).output.splitlines() if "[ ]" not in line or "§" not in line]
    assert not re.findall(rf"\b({others})\b", "\n".join(ours), re.IGNORECASE)
    assert told["rules"]


def test_the_document_is_as_the_municipality_has_it(tmp_path):
    config = tmp_path / "gateway.toml"
    config.write_text(SETTINGS)
    told = json.loads(called("--json", "--on", "2026-11-21", config=config).output)
    assert told["municipality"] == "1120"
    assert [(one["key"], one["value"]) for one in told["choices"]] == [
        ("self_consent_age", 16), ("both_guardians", False), ("inform_guardians", False), ("small_cell", 5),
    ]  # fmt: skip
    basis = next(one for one in told["bases"] if one["code"] == "HEALTH_TEAM_2026")
    assert (basis["read"], basis["verified_by"], basis["last_verified"]) == ("verified", "Kari Jurist", "2026-08-01")
    assert (basis["when"], basis["carries"], basis["rules"]) == ("in_force", True, ["B6"])
    text = called("--lang", "nb", "--on", "2026-11-21", config=config).output
    assert "lest 2026-08-01 av Kari Jurist" in text
    assert "Fra 16 år" in text


@pytest.mark.parametrize(("on", "code", "when", "read", "carries"), [
    ("2026-11-21", "HEALTH_TEAM_2026", "in_force", "unverified", False), ("2026-11-21", "HEALTH_TEAM", "ended", "verified", False),
    ("2026-06-30", "HEALTH_TEAM", "in_force", "verified", True), ("2026-06-30", "HEALTH_TEAM_2026", "to_come", "unverified", False),
    ("2026-11-21", "SAME_BODY_2025", "no_day", "unverified", False), ("2027-04-02", "SAME_BODY", "in_force", "overdue", False),
])  # fmt: skip
def test_a_basis_is_told_as_it_is_on_a_day(on, code, when, read, carries):
    told = json.loads(called("--json", "--on", on).output)
    basis = next(one for one in told["bases"] if one["code"] == code)
    assert (basis["when"], basis["read"], basis["carries"]) == (when, read, carries)


def test_wrong_settings_are_told_and_not_passed_over(tmp_path):
    assert called(config=tmp_path / "none.toml").exit_code == 2


def test_the_kindergartens_act_is_shown_to_lack_a_ground():
    told = json.loads(called("--json").output)
    lacks = {one["code"]: one["lacks"] for one in told["duties"]}
    assert lacks["BHG_46"] == ["d"]
    assert lacks["BVL_13_2"] == lacks["OPPL_24_3"] == []
