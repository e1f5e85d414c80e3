"""KITH messages against the official schemas and samples: what is written is valid, what is read is what was written."""

import string
from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import official
import pytest
from gateway_nhn_msh.kith import codes, dialogue, receipt
from gateway_nhn_msh.kith.values import (
    AppRec,
    Attachment,
    Coded,
    Conversation,
    Dialogue,
    Ident,
    Note,
    Organisation,
    Original,
    Party,
    Patient,
    Professional,
    Question,
    Role,
    Unit,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.sdk import Fault
from gateway.sdk.xmlio import parse

CHILD = "06821099739"

# What XML has a place for; a token's white space is not kept by a schema, so codes have none.
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12
).map(str.strip)
SOME = WORDS.filter(bool)
TOKENS = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=8)
OIDS = st.sampled_from(["2.16.578.1.12.4.1.1.7322", "2.16.578.1.12.4.1.1.9152", codes.ERROR])
TIMES = st.datetimes(
    min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1),  # noqa: DTZ001 - the zone is drawn
    timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=2))]),
)  # fmt: skip
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))


def maybe(strategy):
    return st.none() | strategy


def few(strategy, least=0):
    return st.lists(strategy, min_size=least, max_size=2).map(tuple)


CS = st.builds(Coded, code=TOKENS, name=WORDS)
CV = st.builds(Coded, code=TOKENS, system=OIDS, name=WORDS, text=WORDS)
IDENTS = st.builds(Ident, id=SOME, type=CV)
NAMES = {"given": WORDS, "middle": WORDS, "family": WORDS}
PROFESSIONALS = st.builds(Professional, **NAMES, profession=maybe(CS), relation=maybe(CV), idents=few(IDENTS, 1))
UNITS = st.builds(Organisation, name=SOME, idents=few(IDENTS, 1), unit=st.none(), professional=maybe(PROFESSIONALS))
ORGANISATIONS = st.builds(
    Organisation, name=SOME, idents=few(IDENTS, 1), unit=maybe(UNITS), professional=maybe(PROFESSIONALS)
)
ROLES = st.builds(Role, professional=PROFESSIONALS, role=maybe(CV), relation=maybe(CV))


def questions(version):
    return st.builds(
        Question, type=CV, text=maybe(WORDS), subject=maybe(WORDS) if version == "1.1" else st.none(),
        purpose=maybe(CV), reason=maybe(WORDS), document=maybe(WORDS), roles=few(ROLES),
    )  # fmt: skip


def notes(version):
    return st.builds(
        Note, theme=CV, title=maybe(WORDS), text=maybe(WORDS), remark=maybe(WORDS), document=maybe(WORDS),
        day=maybe(DAYS), question=maybe(questions(version)), roles=few(ROLES),
    )  # fmt: skip


def dialogues(version):
    return st.builds(
        Dialogue, version=st.just(version), function=CS, id=SOME, generated=TIMES, sender=ORGANISATIONS,
        receiver=ORGANISATIONS,
        patient=maybe(st.builds(Patient, **NAMES, born=maybe(DAYS), idents=few(IDENTS))),
        attachments=few(
            st.builds(
                Attachment, media=SOME, content=st.binary(max_size=20), name=maybe(WORDS), issued=maybe(TIMES)
            )
        ),
        conversation=maybe(st.builds(Conversation, parent=SOME, first=SOME)), receipt=maybe(CS), processing=maybe(CS),
    ).flatmap(
        lambda made: st.one_of(
            few(notes(version)).map(lambda each: msgspec.structs.replace(made, notes=each)),
            few(questions(version)).map(lambda each: msgspec.structs.replace(made, questions=each)),
        )
    )  # fmt: skip


RECEIPT_UNITS = few(st.builds(Unit, name=WORDS, id=WORDS, id_type=maybe(CS)))
PARTIES = st.builds(
    Party, name=WORDS, id=WORDS, id_type=maybe(CS), role=maybe(CS), units=RECEIPT_UNITS, people=RECEIPT_UNITS
)
RECEIPTS = st.builds(
    AppRec, version=st.sampled_from(["1.0", "1.1"]), id=SOME, generated=TIMES, sender=PARTIES, receiver=PARTIES,
    status=CS, original=st.builds(Original, id=SOME, function=CS, issued=TIMES), errors=few(CV), software=maybe(WORDS),
    software_version=maybe(WORDS),
)  # fmt: skip

LAW = {"deadline": None, "suppress_health_check": list(HealthCheck)}
EXAMPLES = [4, pytest.param(500, marks=pytest.mark.campaign)]


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_whatever_a_dialogue_message_says_is_valid_and_read_back_as_it_was(version, examples):
    @settings(max_examples=examples, **LAW)
    @given(dialogues(version))
    def law(message):
        written = dialogue.write(message)
        official.schema("dialogue").check(parse(written))
        assert dialogue.read(written) == message

    law()


@pytest.mark.parametrize("examples", EXAMPLES)
def test_whatever_a_receipt_says_is_valid_and_read_back_as_it_was(examples):
    @settings(max_examples=examples, **LAW)
    @given(RECEIPTS)
    def law(told):
        written = receipt.write(told)
        official.schema(f"apprec-v{told.version}").check(parse(written))
        assert receipt.read(written) == told

    law()


NOON = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - senders' own clocks tell no zone


def small(**more):
    party = Organisation(name="Helsestasjonen", idents=(codes.her("8094866"),))
    told = {
        "version": "1.1", "function": codes.function("DIALOG_HELSEFAGLIG"), "id": "m1",
        "generated": NOON, "sender": party, "receiver": party,
        "patient": Patient(given="Nora", family="Berg", idents=(codes.person(CHILD),)),
        "notes": (Note(theme=codes.ABOUT_PATIENT, text="Trekker seg unna"),),
    }  # fmt: skip
    return Dialogue(**{**told, **more})


PLANTED = {
    "<MsgId>m1</MsgId>": "",
    'V="DIALOG_HELSEFAGLIG"': 'V="DIALOG_HELSEFAGLIG" W="1"',
    "v1.2 2006-05-24": "v1.1 2006-05-24",
    "2026-03-01T12:00:00": "i går",
    "<TekstNotatInnhold>": "<Tekst>",
    "<OrganisationName>Helsestasjonen</OrganisationName>": "",
    "2.16.578.1.12.4.1.1.8116": "fødselsnummer",
    "dialog/2013-01-23": "dialog/2006-10-11",
    "<Content>": "<Content><Ukjent/>",
    "<Patient>": "<Patient><Address><StreetAdr>x</StreetAdr><Street/></Address>",
}
"""What is put in place of something right."""


@pytest.mark.parametrize("right", PLANTED)
def test_a_planted_fault_is_found_by_the_official_schema(right):
    text = dialogue.write(small()).decode()
    official.schema("dialogue").check(parse(text.encode()))
    wrong = text.replace(right, PLANTED[right], 1)
    if right == "<TekstNotatInnhold>":
        wrong = wrong.replace("</TekstNotatInnhold>", "</Tekst>")
    if right == "dialog/2013-01-23":  # the older version has no subject of a question
        wrong = dialogue.write(small(notes=(), questions=(Question(type=codes.OTHER_ENQUIRY, subject="Emne"),)))
        wrong = wrong.decode().replace(right, PLANTED[right])
    assert wrong != text
    with pytest.raises(Fault, match=r"xml\.schema"):
        official.schema("dialogue").check(parse(wrong.encode()))


SAMPLES = {
    "dialogmelding/1.0/dialog-foresporsel-samsvar-test.xml": ("DIALOG_FORESPORSEL", 0, 1, 1),
    "dialogmelding/1.0/dialog-notat-webmed-test.xml": ("DIALOG_NOTAT", 1, 0, 0),
    "dialogmelding/1.0/dialog-svar-webmed-test.xml": ("DIALOG_SVAR", 1, 0, 0),
    "app-rec/1.0/all-data.xml": ("1.0", "1", "DIALOG_HELSEFAGLIG", ()),
    "app-rec/1.0/example-ok.xml": ("1.0", "1", "EPIKRISE", ()),
    "app-rec/1.1/all-data.xml": ("1.1", "1", "DIALOG_HELSEFAGLIG", ()),
    "app-rec/1.1/example-avvist.xml": ("1.1", "2", "EPIKRISE", ("apprec.e21",)),
    "app-rec/1.1/example-ok.xml": ("1.1", "1", "EPIKRISE", ()),
    "app-rec/missing-migversion.xml": ("kith.missing", "$.AppRec.MIGversion"),
    "app-rec/unknown-migversion.xml": ("kith.version", "$.AppRec.MIGversion"),
}
"""Every sample that there is, with what it says or what it is refused for."""


def told(name, data):
    try:
        if name.startswith("dialogmelding"):
            found = dialogue.read(data)
            return (found.function.code, len(found.notes), len(found.questions), len(found.attachments))
        got = receipt.read(data)
    except Fault as fault:
        return (fault.code, fault.path)
    return (got.version, got.status.code, got.original.function.code, tuple(codes.refusals(got)))


@pytest.mark.parametrize("name", SAMPLES)
def test_each_official_sample_is_read_or_refused_for_the_right_reason(name):
    official.needed()
    assert told(name, (official.DATA / name).read_bytes()) == SAMPLES[name]


def test_every_sample_of_a_message_stands_in_the_table():
    official.needed()
    there = {
        path.relative_to(official.DATA).as_posix()
        for folder in ("dialogmelding", "app-rec")
        for path in (official.DATA / folder).rglob("*.xml")
    }
    assert there == set(SAMPLES)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.startswith("dialogmelding")])
def test_an_official_sample_is_written_again_as_something_valid_that_says_the_same(name):
    official.needed()
    found = dialogue.read((official.DATA / name).read_bytes())
    again = dialogue.write(found)
    official.schema("dialogue").check(parse(again))
    assert dialogue.read(again) == found


ODD = {
    b"": ("xml.syntax", "1:1"),
    b"<x/>": ("kith.root", "$"),
    b'<MsgHead xmlns="http://www.kith.no/xmlstds/msghead/2006-05-24"/>': ("kith.missing", "$.MsgHead.MsgInfo"),
    b'<!DOCTYPE MsgHead [<!ENTITY a "b">]><MsgHead/>': ("xml.doctype", "1:1"),
}


@pytest.mark.parametrize("data", ODD, ids=lambda data: data[:20].decode() or "nothing")
def test_what_is_no_message_is_refused_with_a_code_and_a_place(data):
    with pytest.raises(Fault) as fault:
        dialogue.read(data)
    assert (fault.value.code, fault.value.path) == ODD[data]


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("v1.2 2006-05-24", "v1.0 2005-11-22", "kith.version"),
        ("2026-03-01T12:00:00", "2026-02-30T12:00:00", "kith.value"),
        ("<MsgId>m1</MsgId>", "<MsgId> </MsgId>", "kith.missing"),
        ("dialog/2013-01-23", "henvisning/2012-02-15", "kith.content"),
        ("<TemaKodet", "<Tema", "kith.missing"),
    ],
)
def test_a_message_that_is_wrong_in_one_place_is_told_by_a_code_and_no_value(right, wrong, code):
    text = dialogue.write(small()).decode().replace(right, wrong)
    with pytest.raises(Fault) as fault:
        dialogue.read(text.encode())
    assert fault.value.code == code
    assert "Nora" not in str(fault.value)


def test_what_xml_cannot_carry_is_refused_before_anything_leaves():
    with pytest.raises(Fault) as fault:
        dialogue.write(small(notes=(Note(theme=codes.ABOUT_PATIENT, text="svart\x00felt"),)))
    assert (fault.value.code, fault.value.path) == ("kith.value", "$.TekstNotatInnhold")
    with pytest.raises(Fault, match=r"kith\.only_1_1"):
        dialogue.write(small(version="1.0", notes=(), questions=(Question(type=codes.OTHER_ENQUIRY, subject="Emne"),)))


def test_formatted_text_is_read_as_its_lines_and_what_is_not_text_is_left_out():
    inside = (
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>Hun <b>sover</b> dårlig.</p><script>x()</script>Mer<br/>til</div>'
    )
    text = dialogue.write(small()).decode().replace("Trekker seg unna", inside)
    assert dialogue.read(text.encode()).notes[0].text == "Hun sover dårlig.\nMer\ntil"
