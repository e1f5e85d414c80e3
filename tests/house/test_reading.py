"""What people read in Norwegian is plain: a family's sheet, the operator's handbook, the privacy officer's pages."""

import pytest
from reading import lix, sentences
from source import ROOT, pages, short

LIMITS = {"docs/til-familien/": 35, "docs/handbok/": 40, "docs/personvern/": 45}
"""The privacy officer's pages name acts and duties, which are long words."""


def test_long_words_and_long_sentences_make_a_text_harder():
    assert lix("Vi sier ja. Du sier nei.") < 10
    assert lix("Kommunestyrerepresentantene behandler personvernkonsekvensvurderinger.") > 90
    assert sentences("# Tittel\n\nEn. To.\n\n```sh\nbti check\n```\n- Tre\n| a | b |\n") == ["En.", "To.", "- Tre"]


PLAIN = [(page, limit) for page in pages() for folder, limit in LIMITS.items() if short(page).startswith(folder)]


@pytest.mark.parametrize(("page", "limit"), PLAIN, ids=[short(page) for page, _ in PLAIN])
def test_a_page_for_people_is_plain(page, limit):
    assert lix(page.read_text("utf-8")) <= limit


def test_the_sheet_for_a_family_fits_on_one_page_of_paper():
    for page in sorted((ROOT / "docs" / "til-familien").glob("*.md")):
        if page.name != "README.md":
            assert len(page.read_text("utf-8").split()) <= 400, page.name
