"""``bekymringsmelding.json`` and the paper: right by the official schema whatever is known, and readable."""

import io
import json
from pathlib import Path

import jsonschema
import pytest
from gateway_fiks_bekymringsmelding.form import Contact, Place, address, form_of, lacks
from gateway_fiks_bekymringsmelding.kit import AT, FIELDS
from gateway_fiks_bekymringsmelding.paper import pdf_of
from gateway_fiks_bekymringsmelding.words import WORDS
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from referencing import Registry, Resource

from gateway.core.model import check
from gateway.sdk import Refused

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "fiks-bekymringsmelding"
PLACE = Place(municipality="1120", name="Klepp", district="00", district_name="Klepp barnevern")
CONTACT = Contact(organisation="Klepp kommune", phone="51 42 98 00", email="post@klepp.kommune.no")
TEXT = st.text(max_size=40)
LINES = st.one_of(st.none(), TEXT, st.sampled_from(["12 34 56 78", "+47 99999999", "a@b.no", "Gata 1, 4352 Kleppe"]))
SOMEONE = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("name", "number", "address", "not_informed_reason"), TEXT)
    | {"unborn": st.booleans(), "informed": st.booleans()},
)
REPORTS = st.fixed_dictionaries(
    {"report": st.text(min_size=1), "reporter_name": st.text(min_size=1, max_size=30), "children": st.lists(SOMEONE, min_size=1, max_size=4)},
    optional={
        **{f"reporter_{name}": LINES for name in ("role", "phone", "email", "organisation", "address")},
        **dict.fromkeys(("history", "other_views", "other_agencies", "interpreter_needs", "municipality_name"), TEXT),
        "guardians": st.lists(SOMEONE, max_size=4),
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def official():
    if not SHARED.is_dir():
        pytest.skip("the official schema is not here")
    schema = json.loads((SHARED / "domain/v2/offentlig.bekymringsmelding.v2.json").read_text("utf-8"))
    place = Resource.from_contents(json.loads((SHARED / "domain/adresse.json").read_text("utf-8")))
    registry = Registry().with_resource("https://fiks.ks.no/adresse.json", place).with_resource(place.id(), place)
    return jsonschema.Draft201909Validator(schema, registry=registry)


def form(**fields):
    told = {name: value for name, value in {**FIELDS, **fields}.items() if value is not None}
    return form_of(told, place=PLACE, contact=CONTACT, at=AT)


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_form_says_what_the_report_says_by_the_official_schema(official):
    made = form()
    official.validate(made)
    assert made["offentligMelder"]["personnavn"] == "Kari Læråsen"
    assert made["offentligMelder"]["virksomhet"]["adresse"] == {
        "adresselinje1": "Skulevegen 1", "postnummer": "4352", "poststed": "Kleppe",
    }  # fmt: skip
    assert made["offentligBarn"][0]["fnr"] == "06821099739"
    assert [one["orientert"] for one in made["foresatte"]] == [False, True]
    assert made["leveringskanal"] == "Bore ungdomsskole"
    assert made["sendingstidspunkt"] == "2026-11-22T13:00:00", "Norwegian time, and no offset"
    assert not any("amtykk" in name for name in json.dumps(made)), "there is no consent in it, for none is needed"
    assert check("child_welfare_report", dict(FIELDS))


def test_the_official_schema_finds_a_planted_mistake(official):
    for wreck in ({"kommunenummer": "112"}, {"foresatte": []}, {"offentligBarn": []}, {"sendingstidspunkt": None}):
        assert not official.is_valid({**form(), **wreck}), wreck


@settings(max_examples=60, deadline=None)
@given(fields=REPORTS)
def test_whatever_is_known_of_a_report_the_form_is_right(official, fields):
    made = form_of(fields, place=PLACE, contact=CONTACT, at=AT)
    official.validate(made)
    assert made["melding"]["melding"] == fields["report"], "the text is as it was written"


def test_what_a_report_cannot_be_sent_without_is_asked_for_all_at_once():
    assert lacks({}) == ["reporter_name", "children", "report"]
    with pytest.raises(Refused) as caught:
        form(report="", children=[], reporter_name="")
    assert (caught.value.code, caught.value.path) == (
        "bekymringsmelding.lacks",
        "$.reporter_name, $.children, $.report",
    )


def test_where_a_place_is_left_out_the_municipality_stands_and_not_the_school():
    made = form(reporter_phone=None, reporter_email=None, reporter_organisation=None, reporter_address=None,
                children=[{"name": "B", "number": "06821099739"}])  # fmt: skip
    assert "Bore" not in json.dumps(made)
    assert made["offentligMelder"]["telefonnummer"] == "51 42 98 00"
    assert made["offentligBarn"][0]["adresse"] == {"adresselinje1": "Ikke oppgitt"}


@pytest.mark.parametrize(("told", "expected"), [
    ("Gata 1", {"adresselinje1": "Gata 1"}),
    ("Gata 1, 4352 Kleppe", {"adresselinje1": "Gata 1", "postnummer": "4352", "poststed": "Kleppe"}),
    ("c/o Nes\nGata 1\nOppgang B\nH0201\n0001 Oslo",
     {"adresselinje1": "c/o Nes", "adresselinje2": "Gata 1", "adresselinje3": "Oppgang B, H0201", "postnummer": "0001", "poststed": "Oslo"}),
    (" , ", {"adresselinje1": "Ikke oppgitt"}),
])  # fmt: skip
def test_an_address_is_taken_apart_as_people_write_it(told, expected):
    assert address(told) == expected


@pytest.mark.parametrize(("fonts", "language"), [(True, "nn"), (False, "nb")])
def test_the_paper_has_its_title_its_language_its_letters_and_its_pages_counted(fonts, language):
    fields = {**FIELDS, "report": "Æ, ø og å. " * 450 + "ord" * 200, "other_views": "Áilu Čálli sier «nei» – €"}
    made = pdf_of(fields, place=PLACE, at=AT, reference="ref-1", language=language, fonts=fonts)
    reader = PdfReader(io.BytesIO(made))
    assert reader.metadata.title == WORDS[language]["title"]
    assert reader.root_object["/Lang"] == f"{language}-NO"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    pages = len(reader.pages)
    assert pages > 1
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert f"{WORDS[language]['page']} {number} {WORDS[language]['of']} {pages}" in text
        assert "ref-1" in text
    whole = text_of(made)
    assert "Kari Læråsen" in whole
    assert "06821099739" in whole
    assert [one.title for one in reader.outline][:2] == [WORDS[language]["reporter"], WORDS[language]["child"]]
    assert pdf_of(fields, place=PLACE, at=AT, reference="ref-1", language=language, fonts=fonts) == made


@settings(max_examples=20, deadline=None)
@given(text=st.text(max_size=300), name=st.text(min_size=1, max_size=60))
def test_no_text_that_anybody_can_write_breaks_the_paper(text, name):
    fields = {**FIELDS, "report": text or "x", "reporter_name": name, "children": [{"name": text, "unborn": True}]}
    assert pdf_of(fields, place=PLACE, at=AT, reference="r", fonts=False).startswith(b"%PDF-")


def test_letters_that_cannot_be_shown_are_told_of():
    made = pdf_of({**FIELDS, "report": "Đŋ 你"}, place=PLACE, at=AT, reference="r", fonts=False)
    assert "Dn ?" in text_of(made)
    assert WORDS["nb"]["letters"][:20] in text_of(made)
