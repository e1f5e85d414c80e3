"""Every page in a real browser: nobody is shut out, nothing is wider than a phone, the browser complains of nothing."""

from itertools import product

import pytest

from gateway.web.pages import PLACES
from tests.browser.looking import ALL, LANGUAGES, LEAST, SCHEMES, WIDTHS
from tests.browser.sights import SIGHTS, named

KINDS = list(product(LANGUAGES, SCHEMES))
JUDGED = [
    (sight.name, *kind)
    for place, sight in enumerate(SIGHTS)
    for turn, kind in enumerate(KINDS)
    if ALL or turn == place % len(KINDS)
]
"""Each page once, the languages and schemes in turn; or all of them."""


def test_every_place_of_the_web_is_looked_at():
    assert {one.place for one in SIGHTS} >= set(PLACES)


@pytest.mark.parametrize(("name", "language", "scheme"), JUDGED)
def test_a_page_shuts_nobody_out_fits_the_window_and_makes_the_browser_complain_of_nothing(
    eyes,
    axe,
    town,
    name,
    language,
    scheme,
):
    sight = named(name)
    with eyes.page(sight.person, language, scheme) as looked:
        sight.see(looked, town)
        assert looked.judged(axe) == []
        assert looked.troubles() == []
        assert looked.page.get_attribute("html", "lang") == language
        for width in (LEAST, *WIDTHS):
            looked.page.set_viewport_size({"width": width, "height": 800})
            assert looked.over() == [], width
            assert looked.sideways() == [], width


PLANTED = {
    "label": ("<input id='planted'>", "label"),
    "contrast": ("<p style='color:#ccc;background:#fff'>Lite synlig tekst</p>", "color-contrast"),
    "language": ("<script>document.documentElement.lang = ''</script>", "html-has-lang"),
    "picture": ("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>", "image-alt"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(eyes, axe, town, fault):
    planted, rule = PLANTED[fault]
    with eyes.page("kari", bypass_csp=True) as looked:
        looked.page.route("**/rules", lambda route: _with(route, planted))
        looked.go("/rules")
        assert any(one.startswith(rule) for one in looked.judged(axe))


def test_a_planted_script_a_wide_table_and_a_picture_from_elsewhere_are_found(eyes, town):
    planted = (
        "<script>window.ran = 1</script><p onclick='x()'>.</p><div style='width:3000px'>.</div>"
        "<img alt='' src='http://127.0.0.1:9/x.png'>"
    )
    with eyes.page("kari") as looked:
        looked.page.route("**/rules", lambda route: _with(route, planted))
        looked.go("/rules")
        assert looked.page.evaluate("() => window.ran") is None
        told = "\n".join(looked.troubles())
        assert "policy: script-src-elem" in told
        assert "policy: script-src-attr" in told
        assert "policy: style-src-attr" in told
        assert "policy: img-src" in told or "elsewhere: " in told
        looked.page.evaluate("() => document.querySelector('main').append('x'.repeat(4000))")
        assert looked.over()


def test_a_planted_table_that_scrolls_sideways_is_found(eyes, town):
    with eyes.page("kari") as looked:
        looked.go("/rules")
        looked.page.set_viewport_size({"width": 360, "height": 800})
        assert looked.sideways() == []
        looked.page.evaluate(
            "() => { document.querySelector('main').innerHTML += '<pre id=planted>' + 'x'.repeat(400) }"
        )
        looked.page.evaluate("() => { document.getElementById('planted').style.overflow = 'auto' }")
        assert looked.sideways() == ["pre."]


def _with(route, planted):
    """The answer with something of ours in its page."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("</main>", planted + "</main>"))
