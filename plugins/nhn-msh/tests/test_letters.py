"""What a letter holds: every released field that is new, in the mapping's words, and nothing that was not released."""

import string
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

import msgspec
import official
import pytest
from gateway_nhn_msh.compose import letter_of, message_id
from gateway_nhn_msh.kit import OPTIONS
from gateway_nhn_msh.kith import dialogue
from gateway_nhn_msh.options import Options
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.core.release import Release
from gateway.run.mapfiles import load_maps, load_terms
from gateway.sdk import Fault, Refused
from gateway.sdk.xmlio import parse

CHILD = "06821099739"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXTS = {
    "concern": ("summary", "area", "raised_by_name", "conclusion"),
    "goal": ("title", "description", "attainment"),
    "measure": ("title", "description", "responsible", "extent", "effect"),
    "meeting": ("place", "agenda", "summary"),
    "evaluation": ("text",),
    "assignment": ("holder_name",),
}
"""The fields with words of people's own, of the kinds that a letter carries."""


@cache
def maps():
    text = files("gateway_nhn_msh").joinpath("mapping.yaml").read_text("utf-8")
    return load_maps("nhn-msh", vocabulary=load_terms("klepp").vocabulary(), brought={"nhn-msh": text})


def release(kind, ident, fields, changed=None, **more):
    names = tuple(fields) if changed is None else changed
    return Release(system="s", kind=kind, id=ident, case="c", fields=fields, changed=names, **more)


PERSON = {"given_name": "Nora", "family_name": "Berg", "number": CHILD, "birth_date": "2014-05-02"}


def letter(*parts, dialogue_kind="helsefaglig", **more):
    whole = msgspec.structs.replace(release("case", "c", {"subject": "p"}), parts=parts, **more)
    options = msgspec.convert({**OPTIONS, "dialogue": dialogue_kind}, Options)
    return letter_of(whole, "key", options=options, receiver=options.receiver, maps=maps(), now=NOW)


WORDS = st.text(string.ascii_letters + "æøåÆØÅ <&>\"'\n", min_size=3, max_size=30).map(str.strip).filter(bool)


@st.composite
def items(draw):
    """Items of a case with some fields new, the others known to the receiver already."""
    made = []
    for at in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(sorted(TEXTS)))
        names = draw(st.lists(st.sampled_from(TEXTS[kind]), unique=True, min_size=1))
        fields = {name: f"w{at}{name}:{draw(WORDS)}" for name in names}
        new = tuple(draw(st.lists(st.sampled_from(names), unique=True, min_size=1)))
        made.append(release(kind, f"i{at}", fields, changed=new))
    return made


@pytest.mark.parametrize("examples", [8, pytest.param(500, marks=pytest.mark.campaign)])
@pytest.mark.parametrize("kind", ["helsefaglig", "henvendelse"])
def test_a_letter_holds_each_new_field_and_no_other_and_is_valid(kind, examples):
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(items())
    def law(parts):
        made = letter(release("person", "p", PERSON), *parts, dialogue_kind=kind)
        written = dialogue.write(made.message)
        official.schema("dialogue").check(parse(written))
        text = "\n".join(str(one.text) for one in (*dialogue.read(written).notes, *dialogue.read(written).questions))
        for part in parts:
            for name, value in part.fields.items():
                assert (value in text) == (name in part.changed)
        assert len(made.parts) == len(parts) + 1
        assert made.parts[0] == CHILD, "the receiver knows the child by its number"
        assert len(set(made.parts)) == len(made.parts)

    law()


def test_only_what_was_released_of_the_child_stands_in_the_head():
    made = letter(release("person", "p", {"number": CHILD}), release("concern", "k", {"summary": "trist"}))
    patient = made.message.patient
    assert (patient.given, patient.family, patient.born, patient.idents[0].id) == ("", "", None, CHILD)


def test_a_later_letter_knows_the_child_by_the_receivers_own_name_for_it():
    made = letter(
        release("concern", "k", {"summary": "trist"}, native_id="n"),
        native_id="first",
        version="last",
        refs={"p": CHILD},
    )
    assert [one.id for one in made.message.patient.idents] == [CHILD]
    assert (made.message.conversation.first, made.message.conversation.parent) == ("first", "last")
    assert (made.conversation, made.parts) == ("first", ("n",))


@pytest.mark.parametrize("number", [None, "", "123", "0682109973X", 6821099739])
def test_without_the_childs_number_nothing_is_written(number):
    with pytest.raises(Refused) as told:
        letter(release("person", "p", {**PERSON, "number": number}))
    assert (told.value.code, told.value.path) == ("nhn.patient", "$.subject.number")


def test_a_guardian_is_a_note_and_never_the_patient():
    made = letter(release("person", "p", PERSON), release("person", "m", {"given_name": "Ingrid", "role": "guardian"}))
    assert [note.text for note in made.message.notes] == ["Fornavn: Ingrid\nRolle: Foresatt"]
    assert made.message.patient.given == "Nora"


def test_a_field_that_was_emptied_is_told_as_empty():
    made = letter(release("person", "p", PERSON), release("concern", "k", {"summary": None, "conclusion": "ferdig"}))
    assert [note.text for note in made.message.notes] == ["Hva det gjelder: –\nKonklusjon: ferdig"]


def test_what_has_no_place_in_xml_is_refused_and_no_value_is_told():
    made = letter(release("person", "p", PERSON), release("concern", "k", {"summary": "hemmelig\x01"}))
    with pytest.raises(Fault) as fault:
        dialogue.write(made.message)
    assert "hemmelig" not in str(fault.value)


def test_the_same_key_is_the_same_message_and_another_key_another():
    assert message_id("a") == message_id("a") != message_id("b")
    assert letter(release("person", "p", PERSON)).message == letter(release("person", "p", PERSON)).message
