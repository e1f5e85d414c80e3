"""A municipality's file is checked whole, and looked for in its own folder first."""

import copy
from pathlib import Path

import pytest

from gateway.core.terms import TermsInvalid, terms_of
from gateway.run.mapfiles import FilesInvalid, load_terms
from gateway.run.plainyaml import plain

KLEPP = plain((Path(__file__).resolve().parents[2] / "mappings/municipalities/klepp.yaml").read_text("utf-8"))


def _with(change) -> list[tuple[str, str]]:
    told = copy.deepcopy(KLEPP)
    change(told)
    with pytest.raises(TermsInvalid) as caught:
        terms_of(told)
    return [(key, code) for key, code, _ in caught.value.problems]


WRONG = {
    "an unknown key": (lambda told: told.update(farge="blå"), ("farge", "terms.shape")),
    "a missing key": (lambda told: told.pop("brand"), ("brand", "terms.shape")),
    "a rank out of bounds": (lambda told: told["levels"][1].update(rank=4), ("levels[1].rank", "terms.shape")),
    "a rank as text": (lambda told: told["levels"][1].update(rank="1"), ("levels[1].rank", "terms.shape")),
    "a truth value for a rank": (lambda told: told["levels"][1].update(rank=True), ("levels[1].rank", "terms.shape")),
    "a title in one form only": (lambda told: told["levels"][0]["title"].pop("nn"), ("levels[0].title.nn", "terms.shape")),
    "an unknown service": (lambda told: told["services"][0].update(service="x"), ("services[0].service", "terms.shape")),
    "an unknown language": (lambda told: told["words"]["concern"].update(se=["x"]), ("words.concern.se", "terms.shape")),
    "an age that the law does not leave open": (
        lambda told: told["policy"].update(self_consent_age=12),
        ("policy.self_consent_age", "terms.shape"),
    ),
    "a helper that may take over": (
        lambda told: told["safety_plan"].update(helpers_may_take_over=True),
        ("safety_plan.helpers_may_take_over", "terms.shape"),
    ),
    "a word with two meanings": (
        lambda told: told["levels"][1]["aliases"].append("Oppdaging"),
        ("levels.niva-1", "terms.twice"),
    ),
    "a level that is not there": (lambda told: told["steps"][0].update(level="9"), ("steps.avklare.level", "terms.unknown")),
    "levels out of order": (lambda told: told["levels"].reverse(), ("levels", "terms.levels")),
    "no level for clarifying": (lambda told: told["levels"][0].update(rank=1), ("levels", "terms.levels")),
    "text where a list stands": (lambda told: told.update(services="skole"), ("services", "terms.shape")),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_file_is_refused_for(wrong):
    change, expected = WRONG[wrong]
    assert expected in _with(change)


def test_all_that_is_wrong_with_the_form_is_told_at_once():
    def change(told):
        for wrong, (one, (_, code)) in WRONG.items():
            if code == "terms.shape" and wrong != "text where a list stands":
                one(told)

    expected = {
        key for wrong, (_, (key, code)) in WRONG.items() if code == "terms.shape" and not wrong.startswith("text")
    }
    assert {key for key, _ in _with(change)} >= expected


def test_a_municipalitys_own_file_counts_before_the_shipped_one(tmp_path):
    own = tmp_path / "mappings" / "municipalities"
    own.mkdir(parents=True)
    (own / "klepp.yaml").write_text("extends: klepp\npolicy: {self_consent_age: 16}\n", encoding="utf-8")
    assert load_terms("klepp", folder=str(tmp_path)).policy.self_consent_age == 16
    assert load_terms("klepp", folder=str(tmp_path)).levels == load_terms("klepp").levels


def test_a_model_that_is_not_there_is_told_so():
    with pytest.raises(FilesInvalid, match=r"terms\.missing"):
        load_terms("ingensteds")


@pytest.mark.parametrize("name", ["../klepp", "/klepp", "klepp/../klepp", ""])
def test_a_models_name_is_no_path(name):
    with pytest.raises(FilesInvalid):
        load_terms(name)


@pytest.mark.parametrize("policy", [
    {"self_consent_age": 14}, {"self_consent_age": 17}, {"small_cell": 2}, {"health_age": 15}, {"both_guardians": "no"},
])  # fmt: skip
def test_a_policy_that_the_law_does_not_allow_is_a_fault_of_the_model(policy):
    assert {key.partition(".")[0] for key, _ in _with(lambda told: told["policy"].update(policy))} == {"policy"}
