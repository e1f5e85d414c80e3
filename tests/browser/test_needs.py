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
SHARE = ("inbox", "case", "consents-open", "why", "audit", "flows", "messages", "ledger-letter", "rules")


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
        for word in ("Logg ut", "Til innholdet", "Nynorsk", "Hvem ser dette, og hvorfor?", "Hva om …"):
            assert word not in text.removeprefix(" ".join(title.split())).replace(" ".join(title.split()), ""), word
        closed = looked.page.locator("main details:not([open]):not(.press) > :not(summary)")
        for said in closed.all_text_contents()[:3]:  # what is closed on the screen stands open on paper
            assert said.split()[0] in text


def test_on_paper_the_dark_is_light(eyes, town):
    for scheme in ("light", "dark"):
        with eyes.page("kari", scheme=scheme) as looked:
            named("case").see(looked, town)
            looked.page.emulate_media(media="print", color_scheme=scheme)
            for part in ("body", ".ds-card", ".timeline", "dd", "h1"):
                style = looked.page.locator(part).first.evaluate(
                    "(one) => { const s = getComputedStyle(one); return [s.backgroundColor, s.color]; }"
                )
                assert style[0] in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}, (scheme, part)
                assert style[1] == "rgb(0, 0, 0)", (scheme, part)


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("name", ["consents", "flows", "messages", "why", "audit"])
def test_a_table_stays_a_table_for_who_hears_it_and_each_cell_of_a_card_says_its_column(eyes, town, name, width):
    sight = named(name)
    with eyes.page(sight.person) as looked:
        looked.page.set_viewport_size({"width": width, "height": 800})
        sight.see(looked, town)
        first = looked.page.get_by_role("table").first
        heads = [one.inner_text() for one in first.get_by_role("columnheader").all()]
        assert len(heads) > 2
        row = first.get_by_role("row").nth(1)
        cells = [*row.get_by_role("rowheader").all(), *row.get_by_role("cell").all()]
        assert len(cells) <= len(heads)
        labels = [one.get_attribute("data-label") for one in row.get_by_role("cell").all()]
        assert labels == [one for one in heads if one in labels]
        shown = [one.evaluate("(one) => getComputedStyle(one, '::before').content") for one in cells[-1:]]
        assert (shown != ["none"]) == (width == 360)


def test_the_keyboard_goes_through_the_cells_of_a_phone_from_the_top_down_and_hears_unit_and_kind(eyes, town):
    with eyes.page("kari") as looked:
        looked.page.set_viewport_size({"width": 360, "height": 800})
        looked.go(of("Nora", "/consents")(town))
        handles = looked.page.locator("td.cell summary")
        assert not looked.page.locator("td.cell details[open]").count()
        handles.first.focus()
        places, names = [], []
        for _ in range(handles.count()):
            told = looked.page.evaluate(
                "() => { const one = document.activeElement; return [one.tagName, one.getBoundingClientRect().top"
                " + scrollY, one.getAttribute('aria-label')]; }"
            )
            assert told[0] == "SUMMARY"
            places.append(told[1])
            names.append(told[2])
            looked.page.keyboard.press("Tab")
        assert places == sorted(places)
        assert names[0] == "Storskogen skole, bekymring: ingenting"
        assert len(set(names)) == len(names)
        handles.first.focus()
        looked.page.keyboard.press("Enter")
        assert looked.page.locator("td.cell details[open]").count() == 1


def test_every_sight_has_a_name_of_its_own():
    assert len({one.name for one in SIGHTS}) == len(SIGHTS)
