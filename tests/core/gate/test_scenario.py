"""Scenarios: the contract's form, every mistake told with its path, and the answer in three languages."""

import json
import re

import pytest
from laws import corpus
from scenes import PERMITTED, SCENE, change, judge, lose, permitted

from gateway.core import scenario
from gateway.core.ask import FACETS
from gateway.core.explain import FACTS, TEMPLATES
from gateway.core.rules.sentences import LANGUAGES, SENTENCES
from gateway.run.decide import decide_text

EXAMPLE = change(SCENE, {
    "at": "2026-11-21T12:00:00+01:00",
    "people": [{"id": "mother", "birth_date": "1985-01-01", "protection": "none"},
               {"id": "father", "birth_date": "1983-01-01", "protection": "none"}],
    "guardians": [{"person": "mother", "responsibility": "joint", "resident": True},
                  {"person": "father", "responsibility": "joint", "resident": False}],
    "consents": [{"id": "c1", "by": "mother", "purpose": "bti", "services": ["school", "health_station"],
                  "from_services": [], "categories": [], "excluded": [], "from": "2026-01-01", "to": "2026-12-31",
                  "withdrawn": None}],
    "refusals": [{"by": "father", "at": "2026-02-01", "purpose": "bti"}],
    "blocks": [{"service": "school", "from": "2026-03-01", "to": None}],
    "item.fields": ["level", "raised_on", "summary"],
    "receiver.body": "klepp-kommune",
})  # fmt: skip
ANSWER = {
    "effect": "deny", "fields": {"level": "deny", "raised_on": "deny", "summary": "deny"}, "rules": ["C1"],
    "secrecy_basis": None, "processing_basis": None, "must_consent": ["mother", "father"], "missing": ["father"],
    "inform": ["child"], "heard": ["child"], "obligations": [], "task": None,
}  # fmt: skip


def test_the_published_example_has_the_published_answer():
    answer, flaws = decide_text(json.dumps(EXAMPLE))
    assert flaws == []
    assert set(answer.pop("explanation")) == {"nb", "nn", "en"}
    assert answer == ANSWER


def test_an_array_is_answered_in_its_order():
    answer, flaws = decide_text(json.dumps([permitted("C1"), EXAMPLE, permitted("B3")]))
    assert flaws == []
    assert [one["effect"] for one in answer] == ["permit", "deny", "permit"]
    assert decide_text("[]") == ([], [])


@pytest.mark.parametrize(("changes", "code", "path"), [
    ({"colour": 1}, "unknown_key", "$.colour"),
    ({"subject.colour": 1}, "unknown_key", "$.subject.colour"),
    ({"people.0.has_capacity": True}, "unknown_key", "$.people[0].has_capacity"),
    ({"consents.1.level": 1}, "unknown_key", "$.consents[1].level"),
    ({"sender.person": "mother"}, "unknown_key", "$.sender.person"),
    ({"municipality.policy.age": 15}, "unknown_key", "$.municipality.policy.age"),
    ({"subject.protection": "secret"}, "unknown_value", "$.subject.protection"),
    ({"care": "yes"}, "unknown_value", "$.care"),
    ({"care": True}, "unknown_value", "$.care"),
    ({"purpose": ["bti"]}, "unknown_value", "$.purpose"),
    ({"item.kind": "participant"}, "unknown_value", "$.item.kind"),
    ({"item.domain": "school"}, "unknown_value", "$.item.domain"),
    ({"guardians.0.responsibility": "shared"}, "unknown_value", "$.guardians[0].responsibility"),
    ({"receiver.service": "hospital"}, "unknown_value", "$.receiver.service"),
    ({"receiver.sector": "both"}, "unknown_value", "$.receiver.sector"),
    ({"consents.0.services": ["school", "hospital"]}, "unknown_value", "$.consents[0].services[1]"),
    ({"consents.0.categories": ["rumour"]}, "unknown_value", "$.consents[0].categories[0]"),
    ({"consents.0.excluded": [{"service": "hospital"}]}, "unknown_value", "$.consents[0].excluded[0].service"),
    ({"consents.0.excluded": [{"service": "school", "unit": "x"}]}, "one_of", "$.consents[0].excluded[0].service|unit|category|kind|person"),
    ({"municipality.policy.self_consent_age": 14}, "unknown_value", "$.municipality.policy.self_consent_age"),
    ({"municipality.policy.self_consent_age": 15.0}, "unknown_value", "$.municipality.policy.self_consent_age"),
    ({"municipality.policy.self_consent_age": True}, "unknown_value", "$.municipality.policy.self_consent_age"),
    ({"municipality.policy.both_guardians": "yes"}, "type", "$.municipality.policy.both_guardians"),
    ({"duty": {"code": "BVL_1", "ground": "a", "filed_by": "school"}}, "unknown_value", "$.duty.code"),
    ({"duty": {"code": "BVL_13_2", "ground": "f", "filed_by": "school"}}, "unknown_value", "$.duty.ground"),
    ({"subject.birth_date": "2014-02-30"}, "impossible_date", "$.subject.birth_date"),
    ({"subject.birth_date": "2014-2-3"}, "impossible_date", "$.subject.birth_date"),
    ({"subject.birth_date": "20140203"}, "impossible_date", "$.subject.birth_date"),
    ({"subject.birth_date": 20140203}, "impossible_date", "$.subject.birth_date"),
    ({"consents.0.from": "2026-01-01T00:00:00Z"}, "impossible_date", "$.consents[0].from"),
    ({"blocks": [{"from": "2026-13-01"}]}, "impossible_date", "$.blocks[0].from"),
    ({"at": "2026-06-15"}, "impossible_date", "$.at"),
    ({"at": "2026-06-15T25:00:00Z"}, "impossible_date", "$.at"),
    ({"at": "2026-06-15T12:00:00"}, "naive_time", "$.at"),
    ({"consents.0.withdrawn": "2026-06-15T12:00:00"}, "naive_time", "$.consents[0].withdrawn"),
    ({"consents.0.withdrawn": "2026-06-31"}, "impossible_date", "$.consents[0].withdrawn"),
    ({"refusals": [{"by": "father", "at": "2026-06-15T12:00", "purpose": "bti"}]}, "naive_time", "$.refusals[0].at"),
    ({"need": {"by": "leader", "at": "2026-06-15T12:00:00", "reason": "x"}}, "naive_time", "$.need.at"),
    ({"consents.0.by": "stranger"}, "unknown_person", "$.consents[0].by"),
    ({"refusals": [{"by": "stranger"}]}, "unknown_person", "$.refusals[0].by"),
    ({"people.1.id": "mother"}, "duplicate", "$.people"),
    ({"item.about": "child"}, "type", "$.item.about"),
    ({"item.fields": [1]}, "type", "$.item.fields"),
    ({"item.withheld_from_parents": 0}, "type", "$.item.withheld_from_parents"),
    ({"people": {}}, "type", "$.people"),
    ({"people": [7]}, "not_object", "$.people[0]"),
    ({"subject": "child"}, "not_object", "$.subject"),
])  # fmt: skip
def test_a_mistake_is_told_with_its_path_and_no_value(changes, code, path):
    found = scenario.read(change(SCENE, changes))[1]
    assert (f"scenario.{code}", path) in [(flaw.code, flaw.path) for flaw in found]


def test_all_mistakes_are_told_at_once_with_their_index():
    wrong = change(SCENE, {"care": "yes", "purpose": "no", "subject.birth_date": "2014-02-30"})
    answer, flaws = decide_text(json.dumps([SCENE, wrong]))
    assert answer is None
    assert [flaw.path for flaw in flaws] == ["$[1].subject.birth_date", "$[1].care", "$[1].purpose"]


@pytest.mark.parametrize(
    "text", ["", "{", "nan", '{"at": 1, "at": 2}', "[" * 200, "1", "null", '"x"', '[{"at": NaN}]', "\ud800"]
)
def test_what_is_no_scenario_is_a_mistake_and_no_crash(text):
    answer, flaws = decide_text(text)
    assert answer is None
    assert flaws


def test_an_empty_scenario_is_denied_for_all_that_nobody_told():
    answer, flaws = decide_text("{}")
    assert flaws == []
    assert answer["effect"] == "deny"
    assert answer["missing"] == ["at"]
    assert answer["task"] == "find_facts"


def test_null_is_a_fact_that_nobody_told():
    for path in ("subject.birth_date", "subject.protection", "care", "guardians", "refusals", "blocks", "purpose"):
        assert judge(change(SCENE, {path: None})) == judge(lose(SCENE, path)), path


def test_a_date_counts_from_its_first_to_its_last_instant_in_norway():
    refused = {"refusals": [{"by": "father", "at": "2026-03-29", "purpose": "bti"}]}
    for given, effect in (
        ("2026-03-29T21:59:59Z", "deny"),
        ("2026-03-29T22:00:00Z", "permit"),
        ("2026-03-30", "permit"),
    ):
        assert judge(change(SCENE, refused | {"consents.1.given": given})).effect == effect


def test_every_answer_of_the_corpus_has_the_contracts_keys():
    for scene in corpus(300):
        answer = scenario.told(judge(scene))
        assert list(answer) == [*ANSWER, "explanation"]
        assert answer["rules"]
        assert set(answer["fields"].values()) <= {"permit", "deny", "hold"}
        assert answer["effect"] in {"permit", "partial", "deny", "hold"}
        assert "retract" not in answer["obligations"]
        json.dumps(answer)


NYNORSK_ONLY = re.compile(
    r"\b(ikkje|eit|ein|frå|seie|kven|kva|dei|noko|nokon|høyrt|fødd|skule\w*|berre|då|sjølv|veit|vere)\b",
    re.IGNORECASE,
)
BOKMAL_ONLY = re.compile(
    r"\b(ikke|et|en|fra|si|hvem|hva|de|noe|noen|hørt|født|skole\w*|bare|da|selv|vet|være|hvor)\b", re.IGNORECASE
)


def texts(language):
    yield from (told[language] for told in SENTENCES.values())
    yield from TEMPLATES[language].values()
    yield from FACTS[language].values()


def test_the_two_written_forms_are_not_mixed():
    assert not [text for text in texts("nb") if NYNORSK_ONLY.search(text)]
    assert not [text for text in texts("nn") if BOKMAL_ONLY.search(text)]
    assert all(set(told) == set(LANGUAGES) for told in SENTENCES.values())


def lix(text):
    words = re.findall(r"[\w-]+", text)
    sentences = len(re.findall(r"[.!?:]", text))
    return len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_an_explanation_is_easy_to_read(language):
    told = [scenario.told(judge(scene))["explanation"][language] for scene in corpus(400)]
    told += [scenario.told(judge(permitted(rule)))["explanation"][language] for rule in PERMITTED]
    assert max(map(lix, told)) <= 45
    assert sum(map(lix, told)) / len(told) <= 35


def test_words_tell_nothing_of_a_protected_address():
    for grade in ("confidential", "strict"):
        answer = scenario.told(judge(change(SCENE, {"subject.protection": grade})))
        for text in answer["explanation"].values():
            assert not re.search(r"adress|beskyt|verna|protect|kode|grad", text, re.IGNORECASE)


def test_every_fact_that_can_be_lacking_has_a_name():
    for scene in corpus(2000):
        for name in judge(scene).unknown:
            assert name in FACTS["en"] or name.startswith("people.")
    assert set(FACETS) == {"fact", "narrative", "identity", "location"}
