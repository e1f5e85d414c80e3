"""What people ask of their browser is done: less motion, their own colours, more space, paper."""

import io

import pytest
from pypdf import PdfReader

from tests.browser.sights import SIGHTS, named, of

SPACED = """() => {
  for (const one of document.querySelectorAll('body *')) {
    one.style.lineHeight = '1.5'; one.style.letterSpacing = '0.12em'; one.style.wordSpacing = '0.16em';
  }
  document.querySelectorAll('p').forEach((one) => { one.style.marginBottom = '2em'; });
}"""
CUT = """() => [...document.querySelectorAll('button, a:not(.ds-skip-link), label, h1, h2, h3, .ds-tag, summary')].filter((one) => {
  const style = getComputedStyle(one);
  return style.overflow === 'hidden' && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 80))"""
SMALL = """() => [...document.querySelectorAll('main button, main a.ds-button, nav a, header button, select, input:not([type=hidden])')]
  .map((one) => [one.getBoundingClientRect(), one.outerHTML.slice(0, 90)])
  .filter(([box]) => box.width && box.height && (box.width < 24 || box.height < 24)).map(([, html]) => html)"""
SHARE = ("inbox", "case", "consents", "flows", "messages", "ledger-letter", "rules")


@pytest.mark.parametrize("name", SHARE)
def test_more_space_between_letters_and_a_narrow_window_cut_nothing_off(eyes, town, name):
    sight = named(name)
    with eyes.page(sight.person) as looked:
        looked.page.set_viewport_size({"width": 360, "height": 800})
        sight.see(looked, town)
        looked.page.evaluate(SPACED)
        assert looked.page.evaluate(CUT) == []
        assert looked.over() == []
        assert looked.page.evaluate(SMALL) == []


def test_who_wants_less_motion_gets_none(eyes, town):
    with eyes.page("kari", reduced_motion="reduce") as looked:
        looked.go(of("Nora", "/consents")(town))
        moving = """() => [...document.querySelectorAll('*')].filter((one) => {
          const style = getComputedStyle(one);
          return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
        }).map((one) => one.tagName)"""
        assert looked.page.evaluate(moving) == []


def test_in_ones_own_colours_the_page_one_is_on_and_the_state_of_a_cell_are_still_told(eyes, town):
    with eyes.page("kari", forced_colors="active") as looked:
        looked.go(of("Nora", "/consents")(town))
        current = looked.page.locator(".menu a[aria-current]")
        assert current.evaluate("(one) => getComputedStyle(one).borderBottomStyle") == "solid"
        other = looked.page.locator(".menu a:not([aria-current])").first
        assert current.evaluate("(one) => getComputedStyle(one).fontWeight") != other.evaluate(
            "(one) => getComputedStyle(one).fontWeight"
        )
        assert "○" in looked.page.locator("td.cell.none summary").first.inner_text()
        looked.go(of("Nora")(town))
        fill = looked.page.locator(".timeline .bar").first.evaluate("(one) => getComputedStyle(one).fill")
        paper = looked.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert fill != paper


@pytest.mark.parametrize("name", ["case", "consents", "why", "rules", "numbers"])
def test_on_paper_stands_what_the_page_says_without_what_one_presses(eyes, town, name):
    sight = named(name)
    with eyes.page(sight.person) as looked:
        sight.see(looked, town)
        title = looked.page.locator("h1").inner_text()
        paper = PdfReader(io.BytesIO(looked.page.pdf(format="A4")))
        text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
        assert " ".join(title.split()) in text
        for word in ("Logg ut", "Til innholdet", "Nynorsk"):
            assert word not in text


def test_every_sight_has_a_name_of_its_own():
    assert len({one.name for one in SIGHTS}) == len(SIGHTS)
