"""Every public name of the model has words in both forms of Norwegian, and no word is left without a name."""

import copy
from pathlib import Path

import pytest

from gateway.core.glossary import GlossaryInvalid, glossary_of, names
from gateway.core.model import KINDS
from gateway.run.plainyaml import plain

TOLD = plain((Path(__file__).resolve().parents[2] / "mappings" / "glossary.yaml").read_text(encoding="utf-8"))
GLOSSARY = glossary_of(TOLD)


@pytest.mark.parametrize("section", ["kinds", "fields", "parts", "codes"])
def test_the_glossary_and_the_model_name_the_same(section):
    assert set(TOLD[section]) == names()[section]


def test_every_kind_is_defined_for_developers():
    assert all(words.en for words in GLOSSARY.kinds.values())


@pytest.mark.parametrize("key", TOLD["own"])
def test_a_word_of_its_own_stands_for_a_name_of_the_model(key):
    kind, field, *code = key.split(".")
    assert field in KINDS[kind].__struct_fields__
    assert not code or code[0] in names()["codes"]


def test_no_word_is_empty_or_has_space_around_it():
    for section in TOLD.values():
        for key, words in section.items():
            assert all(word and word == word.strip() for word in words.values()), key


def test_a_fields_own_word_counts_before_the_common_one():
    assert GLOSSARY.field("meeting", "summary").nb == "referat"
    assert GLOSSARY.field("concern", "summary").nb == "sammendrag"
    assert GLOSSARY.code("relation", "responsibility", "none").nn == "utan foreldreansvar"
    assert GLOSSARY.field("concern", "nothing") is None


def test_a_glossary_is_refused_with_all_that_is_wrong():
    told = copy.deepcopy(TOLD)
    told["kinds"]["case"].pop("nn")
    told["fields"]["status"] = "status"
    told["x"] = {}
    with pytest.raises(GlossaryInvalid) as caught:
        glossary_of(told)
    assert {key for key, _ in caught.value.problems} == {"kinds.case.nn", "fields.status", "x"}
