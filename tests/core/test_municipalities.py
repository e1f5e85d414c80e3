"""The five municipalities: each file is whole, and a local code comes back as it went, with its rank."""

from pathlib import Path

import pytest

from gateway.core.mapping import compile_mapping
from gateway.core.mapping.draft import Draft
from gateway.core.model import KINDS, Fault
from gateway.core.model.codes import SERVICES
from gateway.core.reading import Raw
from gateway.core.terms import Terms
from gateway.run.mapfiles import load_terms

FOLDER = Path(__file__).resolve().parents[2] / "mappings" / "municipalities"
MODELS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
SPEC = {
    "adapter": "a",
    "version": "1",
    "kinds": {
        "concern": {"fields": {"level": "niva", "step": {"path": "steg", "codes": "steps"}}},
        "consent": {"fields": {"services": {"path": "til", "codes": "services"}}},
        "meeting": {"fields": {"meeting_type": {"path": "slag", "codes": "meeting_types"}}},
        "case": {"fields": {"organisation_level": {"path": "akse", "codes": "organisation_levels"}}},
    },
}


@pytest.fixture(scope="module", params=MODELS)
def terms(request) -> Terms:
    return load_terms(request.param)


def test_there_are_the_five_models():
    assert MODELS == ["alta", "bedre-sammen", "klepp", "modum", "rett-hjelp-tidlig"]


def test_a_round_trip_keeps_the_local_level_and_its_rank(terms):
    mapping = compile_mapping(SPEC, vocabulary=terms.vocabulary())
    for level in terms.levels:
        (reading,) = mapping.read(Raw(kind="concern", id="x"), {"niva": level.code})
        assert reading.fields["level"] == {"code": level.code, "rank": level.rank}
        assert reading.doubts == ()
        assert mapping.write(Draft(kind="concern", fields=reading.fields)) == {"niva": level.code}


def test_every_word_for_a_level_reads_as_its_code(terms):
    mapping = compile_mapping(SPEC, vocabulary=terms.vocabulary())
    for level in terms.levels:
        for word in (level.title.nb, level.title.nn, *level.aliases):
            (reading,) = mapping.read(Raw(kind="concern", id="x"), {"niva": word})
            assert reading.fields["level"]["code"] == level.code


@pytest.mark.parametrize("code", ["4", "niva-9", "", "nivå x", "OPPDAGING"])
def test_an_unknown_level_is_never_guessed(terms, code):
    mapping = compile_mapping(SPEC, vocabulary=terms.vocabulary())
    (reading,) = mapping.read(Raw(kind="concern", id="x"), {"niva": code})
    assert reading.fields["level"] == {"code": code}
    assert reading.doubts == (("mapping.code", "$.niva"),)


@pytest.mark.parametrize(
    ("kind", "body"), [("concern", {"steg": "x"}), ("consent", {"til": ["x"]}), ("meeting", {"slag": "x"})]
)
def test_an_unknown_step_service_or_meeting_is_refused(terms, kind, body):
    mapping = compile_mapping(SPEC, vocabulary=terms.vocabulary())
    with pytest.raises(Fault, match=r"mapping\.code"):
        mapping.read(Raw(kind=kind, id="x"), body)


def test_every_canonical_service_can_be_written_and_read(terms):
    mapping = compile_mapping(SPEC, vocabulary=terms.vocabulary())
    fields = {"services": sorted(SERVICES)}
    body = mapping.write(Draft(kind="consent", fields=fields))
    assert mapping.read(Raw(kind="consent", id="x"), body)[0].fields == fields


def test_deadlines_name_kinds_and_fields_of_the_model_and_say_whose_they_are(terms):
    for deadline in terms.deadlines:
        assert deadline.after in KINDS[deadline.kind].__struct_fields__
        assert deadline.basis in ("text", "ours", "law")


def test_a_worry_at_level_0_has_a_deadline(terms):
    assert any(one.kind == "concern" and one.levels == [terms.levels[0].code] for one in terms.deadlines)


def test_words_are_for_things_that_the_glossary_knows(terms):
    assert set(terms.words) <= {*KINDS, "holder", "child_coordinator"}


def test_a_house_keeps_the_secrecies_of_its_services_apart():
    modum = load_terms("modum")
    (house,) = modum.houses
    secrecies = {code: one.secrecy for one in modum.services for code in [one.code] if code in house.services}
    assert secrecies["ppt"] == ["education"]
    assert secrecies["barnevern"] == ["child_welfare"]
    assert secrecies["helsestasjon"] == ["health"]


def test_families_in_modum_are_asked_after_the_meetings_that_its_text_names():
    asked = {meeting.code for meeting in load_terms("modum").meeting_types if meeting.survey}
    assert asked == {"ressursteam", "nettverksmote", "utvidet-nettverksmote"}


def test_no_helping_service_may_take_over_a_safety_plan(terms):
    helping = {one.service for one in terms.services if one.service_class == "helping"}
    assert not helping & set(terms.safety_plan.owners)
