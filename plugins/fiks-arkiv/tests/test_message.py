"""The archive message: valid, shielded, and silent about whose log it is."""

import io
import re
from datetime import UTC, date, datetime

import msgspec
import pytest
from gateway_fiks_arkiv import page
from gateway_fiks_arkiv.kit import printed
from gateway_fiks_arkiv.message import CATALOGUE, DOCUMENT, SPACE, Log, arkivmelding, checksum, key_of
from gateway_fiks_arkiv.options import Options
from gateway_fiks_arkiv.standin import options_of, schema
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from gateway.core.release import Release
from gateway.sdk import Fault, Misconfigured
from gateway.sdk.lawbook import section_of
from gateway.sdk.testing import NUMBERS, PHRASES
from gateway.sdk.testing.canaries import forms
from gateway.sdk.xmlio import parse

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
OPTIONS = msgspec.convert(options_of(), Options)
LOG = Log(key=key_of("k1"), day=date(2026, 11, 2), opened=date(2026, 1, 5), ended=date(2026, 11, 1))
SHIELDING = section_of("ARCHIVE_SHIELDING", AT.date())
HAS_FONT = any(page.Path(plain).is_file() for plain, _ in page.FONTS)
needs_font = pytest.mark.skipif(not HAS_FONT, reason="needs the font DejaVu Sans on the machine")


def part(kind, ident, **fields):
    return Release(system="arkiv", kind=kind, id=ident, case="k1", fields=fields, changed=tuple(fields))


def whole(*parts, **fields):
    told = {"status": "closed", "opened_on": "2026-01-05", "closed_on": "2026-11-01", **fields}
    return msgspec.structs.replace(part("case", "k1", **told), parts=parts)


def message(document=b"%PDF-", **options):
    made = arkivmelding(LOG, document=document, options=msgspec.convert(options_of() | options, Options),
                        shielding=SHIELDING)  # fmt: skip
    root = parse(made)
    schema().check(root)
    return made, root


def texts(root, name, space=SPACE):
    return [one.text for one in root.iter(f"{{{space}}}{name}")]


def test_a_closed_log_is_a_shielded_case_file_with_a_note_and_its_document():
    _, root = message(b"%PDF-1.4", series="BARN", rule="bti", classes=[{"system": "K-koder", "id": "B31"}])
    assert texts(root, "tittel") == texts(root, "offentligTittel")[:1] * 3 == ["Oppfølgingslogg"] * 3
    assert texts(root, "skjermingshjemmel") == ["offentleglova § 13, jf. forvaltningsloven 1967 § 13"] * 3
    assert texts(root, "sjekksum") == [checksum(b"%PDF-1.4")]
    assert (texts(root, "filstoerrelse"), texts(root, "filnavn")) == (["8"], [DOCUMENT])
    assert texts(root, "opprettetDato") == ["2026-01-05T00:00:00+01:00"]
    assert len(set(texts(root, "noekkel", CATALOGUE))) == 2  # the case file twice, and the note
    assert texts(root, "klasseID") == ["B31"]


@pytest.mark.parametrize("options", [
    {"title": "Logg for 17908599950"}, {"title": "Logg 179085 99950"}, {"rule": "06821099739"},
    {"classes": [{"system": "Person", "id": "17908599950"}]},
    {"classes": [{"system": "Person", "id": "1", "title": "17908599950"}]},
])  # fmt: skip
def test_a_person_number_in_what_the_archive_is_told_is_refused_also_where_a_vendor_files_by_it(options):
    with pytest.raises(Fault, match=r"arkiv\.metadata at options"):
        message(**options)


def betrays(told, word):
    """Whether bytes hold a word, in any of seven encodings; a short one would be in base64 by chance."""
    sought = [word.encode()] if len(word) < 8 else [form for found in forms(word).values() for form in found]
    return any(form.lower() in told.lower() for form in sought)


WORDS = st.sampled_from([*NUMBERS, *PHRASES, "Nora", "Berg", "Nora Berg", "Åse-Lill Þórsdóttir"])
FIELDS = st.dictionaries(st.sampled_from(["given_name", "family_name", "number", "summary", "title", "name"]), WORDS)
PARTS = st.lists(st.builds(lambda kind, fields: part(kind, "x", **fields),
                           st.sampled_from(["person", "concern", "goal", "participant"]), FIELDS), max_size=4)  # fmt: skip


@settings(max_examples=15)
@given(PARTS, st.dictionaries(st.sampled_from(["closing_note", "close_reason", "subject"]), WORDS), WORDS)
def test_nothing_of_a_log_stands_beside_its_document(parts, fields, case):
    """The Grue case: names and numbers of children in titles and metadata of a public record."""
    release = msgspec.structs.replace(whole(*parts, **fields), case=case, id=case)
    log = msgspec.structs.replace(LOG, key=key_of(release.case))
    told = arkivmelding(log, document=b"%PDF-", options=OPTIONS, shielding=SHIELDING)
    words = {str(value) for one in (release, *parts) for value in one.fields.values()} | {case, "Nora", "Berg"}
    own = {"closed", "2026-01-05", "2026-11-01"}
    for word in words - own:
        assert not betrays(told, word), word


def test_the_check_for_what_stands_beside_the_document_finds_what_is_planted():
    told = arkivmelding(LOG, document=b"", options=msgspec.structs.replace(OPTIONS, title="Nora Berg"),
                        shielding=SHIELDING)  # fmt: skip
    assert betrays(told, "Nora Berg")


def test_the_same_log_has_the_same_key_and_another_has_another():
    assert key_of("k1") == key_of("k1") != key_of("k2")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key_of("k1"))


@needs_font
def test_the_document_holds_the_whole_log_and_its_letters():
    sheet = printed(
        whole(part("goal", "g", title="Trives i Đerdap \U0001f600"), part("concern", "c", summary="Å" * 4000))
    )
    made = page.pdf_of(sheet, at=AT)
    read = PdfReader(io.BytesIO(made))
    text = "".join(one.extract_text() for one in read.pages)
    assert "Trives i Đerdap" in text
    assert text.count("Å") == 4000
    assert len(read.pages) > 1
    assert page.pdf_of(sheet, at=AT) == made
    assert b"pdfaid:part>1<" in made.replace(b" ", b"")


@needs_font
def test_the_document_s_own_metadata_is_of_nobody():
    read = PdfReader(io.BytesIO(page.pdf_of(printed(whole(part("person", "p", given_name="Nora"))), at=AT)))
    assert "Nora" not in str(read.metadata)
    assert "Nora" not in str(read.xmp_metadata and read.xmp_metadata.dc_title)


def test_a_machine_without_letters_says_so(monkeypatch):
    monkeypatch.setattr(page, "FONTS", (("/nowhere.ttf", "/nowhere.ttf"),))
    with pytest.raises(Misconfigured, match=r"arkiv\.font"):
        page.fonts()
