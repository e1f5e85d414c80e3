"""Paper parity: a family without digital consent gets a right printed log, and nothing of it was shared."""

from datetime import UTC, datetime

import pytest

from gateway.core import paper
from gateway.run import acts, explaining, telling
from gateway.run.paper import print_log
from gateway.run.printing import as_pdf
from gateway.store import audit
from tests.run.test_crossing import Place, refused
from tests.run.test_life import Town
from tests.run.toys import CHILD, MOTHER


def town_of(folder, **more):
    """A school keeps a log of a child whose mother has said no to the digital one."""
    made = Town(folder, consent=False, **more)
    made.a.put("person", "p2", {"given_name": "Ingrid", "family_name": "Berg"}, case="c1")
    made.a.put("case", "c1", {"level": {"code": "niva-1", "rank": 1}}, case="c1")
    made.a.put("goal", "g1", {"title": "lese", "status": "active"}, case="c1")
    made.a.put("measure", "m1", {"title": "lesetime", "status": "started", "goals": ["g1"], "responsible": "Kari",
                                 "started_on": "2026-02-03", "description": "to timer\ni uken"}, case="c1")  # fmt: skip
    made.a.put("concern", "h1", {"raised_on": "2026-03-01", "summary": "hemmelig"}, case="c1",
               withheld_from_parents=True)  # fmt: skip
    made.sync()
    acts.record_consent(
        made.world, made.file.id, by="kari", unit="a-unit",
        fields={"by": made.person(MOTHER), "decision": "refused", "purpose": "bti", "given": made.clock().isoformat()},
    )  # fmt: skip
    made.clock.forward(hours=1)
    return made


def on_paper(town, **more):
    """The mother says on a form that she wants the log on paper, for herself."""
    day = town.clock().date().isoformat()
    fields = {"by": town.person(MOTHER), "decision": "given", "purpose": "bti", "services": ["guardian"],
              "valid_from": day, "valid_to": "2027-06-30", "given": town.clock().isoformat(), "form": "written",
              **more}  # fmt: skip
    acts.record_consent(town.world, town.file.id, by="kari", unit="a-unit", fields=fields)


def printed(town, *, reader=MOTHER, language="nb"):
    return print_log(town.world, town.file.id, reader=town.person(reader), by="kari", language=language)


@pytest.fixture
def town(tmp_path):
    made = town_of(tmp_path)
    yield made
    made.world.store.close()


def test_a_family_without_digital_consent_gets_its_log_on_paper_and_nothing_was_shared(town):
    refused("paper.nothing", lambda: printed(town))
    on_paper(town)
    town.sync(3)
    page = printed(town)
    text = paper.as_text(page)
    for words in ("Til Ingrid Berg", "leser lite", "lesetime", "Mål: lese", "to timer\n    i uken", "03.02.2026"):
        assert words in text
    assert "Ingenting fra loggen er delt digitalt" in text
    assert town.b.records == {}
    case = town.file.id
    everything = telling.disclosures(town.world, datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    assert everything == []
    told = explaining.explain(town.world, case, receiver="b")
    effects = {effect for one in told["records"] for fate in one["receivers"].values() for effect in
               fate["fields"].values()}  # fmt: skip
    assert effects == {"deny"}
    assert all(one["disclosed"] == [] for one in told["records"])


def test_the_page_holds_what_the_gate_released_and_no_trace_of_the_rest(tmp_path):
    pages = []
    for secret in (False, True):
        (tmp_path / str(secret)).mkdir()
        town = town_of(tmp_path / str(secret))
        if not secret:
            town.a.delete("concern", "h1")
        on_paper(town)
        town.sync(2)
        pages.append(paper.as_html(printed(town)))
        town.world.store.close()
    assert "hemmelig" not in "".join(pages)
    assert pages[0] == pages[1], "hidden and absent look the same"


@pytest.mark.parametrize(
    ("language", "words", "never"),
    [
        ("nb", ("Utskrift av stafettlogg", "Tittel: lesetime", "Status: i gang"), ("Skriven", "Ikkje")),
        ("nn", ("Utskrift av stafettlogg", "Skriven ut", "Spør oss om noko"), ("Skrevet", "Ikke", "mangler")),
        ("en", ("Printout of the", "Status: started", "Ask us"), ("Utskrift",)),
    ],
)
def test_the_page_is_in_the_readers_language_and_the_municipalitys_words(town, language, words, never):
    on_paper(town)
    page = printed(town, language=language)
    text = paper.as_text(page)
    for one in words:
        assert one in text
    for one in never:
        assert one not in text
    html = paper.as_html(page)
    assert f'<html lang="{language}">' in html
    assert "http" not in html.replace("http-equiv", ""), "nothing is loaded from anywhere"


def test_a_parent_without_responsibility_gets_no_page(tmp_path):
    register = {CHILD: {"birth_date": "2014-05-02", "parents": {MOTHER: "none"}}, MOTHER: {"birth_date": "1985-10-17"}}
    town = town_of(tmp_path, register=register)
    on_paper(town)
    refused("paper.nothing", lambda: printed(town))
    town.world.store.close()


def test_somebody_with_a_hidden_address_in_the_case_stops_the_page(tmp_path):
    register = {CHILD: {"birth_date": "2014-05-02", "parents": {MOTHER: "sole"}, "protection": "strict"},
                MOTHER: {"birth_date": "1985-10-17"}}  # fmt: skip
    town = town_of(tmp_path, register=register)
    on_paper(town)
    refused("paper.nothing", lambda: printed(town))
    town.world.store.close()


def test_that_somebody_printed_is_in_the_audit_log_without_a_word_of_the_page(town, tmp_path):
    on_paper(town)
    printed(town)
    audit.export(town.world.store, tmp_path / "export")
    lines = (tmp_path / "export" / "leaves.jsonl").read_text("utf-8").splitlines()
    [told] = [line for line in lines if "log.printed" in line]
    assert "kari" in told
    assert "lesetime" not in told


def test_after_a_move_the_family_still_gets_its_copy(tmp_path):
    from gateway.run import crossings  # noqa: PLC0415 - beside the story that needs it

    place = Place(tmp_path)
    day = place.clock().date()
    place.yes(purpose="bti", services=("guardian",))
    crossings.move(place.world, place.case, moved_on=day.isoformat(), by="kari", unit="a-unit")
    page = print_log(place.world, place.case, reader=place.person(), by="kari", language="nb")
    assert "lesetime" in paper.as_text(page)
    place.clock.forward(days=2)
    assert print_log(place.world, place.case, reader=place.person(), by="kari").parts
    place.close()


def test_what_is_written_in_a_log_cannot_become_markup():
    page = paper.Sheet(language="nb", title="<b>", head=("&",), foot=(),
                       parts=(paper.Part(id="g1", kind="goal", title="mål", rows=(("Tittel", "<script>\u202e"),)),))  # fmt: skip
    assert "<script>" not in paper.as_html(page)
    assert "&lt;script&gt;" in paper.as_html(page)


AT = datetime(2026, 6, 15, 12, tzinfo=UTC)


def long_page(text="Linje om barnet. ", parts=25, language="nn"):
    rows = (("Tittel", text * 12), ("Ein merkelapp som er mykje lengre enn det er plass til", "kort"))
    return paper.Sheet(language=language, title="Utskrift", head=("Stafettlogg", "Til Ingrid Berg"), foot=("Spør oss.",),
                       parts=tuple(paper.Part(id=f"g{n}", kind="goal", title=f"mål {n}", rows=rows) for n in range(parts)))  # fmt: skip


def read(document):
    import io  # noqa: PLC0415

    pypdf = pytest.importorskip("pypdf")
    return pypdf.PdfReader(io.BytesIO(document))


def test_the_pdf_says_all_that_the_page_says_on_numbered_pages(town):
    on_paper(town)
    page = printed(town)
    made = read(as_pdf(page, at=AT))
    text = " ".join(" ".join(one.extract_text() for one in made.pages).split())
    for part in page.parts:
        for label, said in part.rows:
            assert " ".join(label.split()) in text
            assert " ".join(said.split()) in text
    for line in (page.title, *page.head, *page.foot):
        assert line in text
    assert made.trailer["/Root"]["/Lang"] == "nb-NO"
    assert "Ingrid" not in str(made.metadata), "what a document says of itself is shown in lists of files"
    last = read(as_pdf(long_page(), at=AT)).pages
    assert len(last) >= 5
    assert [one.extract_text().rstrip().splitlines()[-1] for one in last] == [
        f"Side {number} av {len(last)}" for number in range(1, len(last) + 1)
    ]


def test_a_letter_that_no_font_has_stops_the_pdf_rather_than_print_a_name_wrongly():
    refused("paper.font", lambda: as_pdf(long_page("Łukasz ", 1), at=AT, fonts=()))
    refused("paper.font", lambda: as_pdf(long_page("ᚠᚢᚦ\U0001f600 ", 1), at=AT))
    assert "Ærlig" in read(as_pdf(long_page("Ærlig ", 1), at=AT, fonts=())).pages[0].extract_text()
    assert as_pdf(long_page("\x07\u202eskjult ", 1), at=AT, fonts=())
