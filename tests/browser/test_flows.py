"""What people come to do, end to end in a real browser, in the order in which the town lives through it."""

import io
import re

from pypdf import PdfReader

from tests.browser.sights import about, number_of, of, search_for, send

HERE = "main"


def resolved_by_keyboard(page, most=60):
    """Tab until something is reached, then Enter: no mouse."""

    def reach(name):
        for _ in range(most):
            page.keyboard.press("Tab")
            if page.evaluate("() => (document.activeElement.innerText || '').trim()") == name:
                outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", f"nobody sees that {name} is reached"
                with page.expect_navigation():
                    page.keyboard.press("Enter")
                return
        raise AssertionError(f"no way to {name} by keyboard")

    return reach


def test_a_task_is_resolved_by_keyboard_alone(hands):
    with hands.page("kari") as looked:
        looked.go("/")
        reach = resolved_by_keyboard(looked.page)
        reach("Noe må avklares før det kan deles")
        assert "Hva gjør du?" in looked.text() or looked.page.locator("form.answers").count() == 1
        reach(looked.page.locator("form.answers button").first.inner_text().strip())
        assert "Gjort." in looked.text()
        assert looked.troubles() == []


def test_the_first_tab_leads_past_the_menu(hands):
    with hands.page("kari") as looked:
        looked.go("/cases")
        looked.page.keyboard.press("Tab")
        assert looked.page.evaluate("() => document.activeElement.getAttribute('href')") == "#main"
        looked.page.keyboard.press("Enter")
        assert looked.page.evaluate("() => document.activeElement.id") == "main"


def test_a_yes_is_tried_written_down_seen_and_taken_back(hands, busy):
    with hands.page("kari") as looked:
        looked.go("/cases")
        search_for("Nora")(looked, busy)
        assert looked.page.url.endswith(busy.case("Nora"))
        looked.page.locator("nav.tabs a", has_text="Samtykker").click()
        closed = looked.page.locator("td.cell.none").count()
        assert closed
        looked.page.locator("td.cell.none summary").first.click()
        looked.page.locator("td.cell.none a", has_text="Anders Lie").first.click()
        assert "Anders Lie" in looked.page.locator("#trial").inner_text()  # what would happen is said before
        form = looked.page.locator("form:has([name=by])")
        form.locator("[name=by]").select_option(label="Anders Lie")
        form.locator("#act-given").check()
        form.locator("#s-school").check()
        form.locator("#s-health_station").check()
        form.locator("[name=note]").fill("Sagt i møte på skolen.")
        with looked.page.expect_navigation():
            form.locator("button").last.click()
        assert "Skrevet ned." in looked.text()
        assert looked.page.locator("td.cell.none").count() < closed
        form = looked.page.locator("form:has([name=by])")
        form.locator("[name=by]").select_option(label="Anders Lie")
        form.locator("#act-withdraw").check()
        with looked.page.expect_navigation():
            form.locator("button").last.click()
        assert looked.page.locator("td.cell.none").count() == closed
        assert looked.troubles() == []


def test_the_baton_is_offered_declined_offered_again_and_accepted(hands, busy):
    with hands.page("torunn") as torunn, hands.page("hilde") as hilde:
        for answer, said in (("Nei takk", "sagt nei"), ("Ja, jeg tar stafetten", "stafettpinnen nå")):
            torunn.go(of("Nora", "/baton")(busy))
            if torunn.page.locator("#to").count():  # in the morning it is offered already
                torunn.page.select_option("#to", "hilde")
                torunn.page.fill("#wish", "Familien vil gjerne ha Hilde.")
                with torunn.page.expect_navigation():
                    torunn.page.locator("button[value=offer]").click()
                assert "Tilbudet er sendt." in torunn.text()
            hilde.go("/")
            hilde.page.locator("main a[href^='/tasks/']").first.click()
            assert hilde.page.locator(".answer p").count() >= 2  # what each answer does is said before
            hilde.press(answer)
            assert said in hilde.text()
        torunn.go(of("Nora", "/baton")(busy))
        assert "hilde" in torunn.page.locator("section").first.inner_text().lower()
        assert torunn.troubles() == hilde.troubles() == []


def test_a_record_is_followed_from_the_case_to_the_reason_why_a_field_stays(hands, busy):
    with hands.page("kari") as looked:
        looked.go(of("Nora")(busy))
        href = about("Nora", "concern")(busy)
        looked.page.locator(f"a[href='{href}']").click()
        text = looked.text()
        assert "Dette deles ikke." in text
        assert "Anders Lie" in text or "foreldreansvar" in text
        assert re.search(r"Regler: [A-Z]\d+", text)


def test_all_sending_and_one_flow_are_paused_and_taken_up_again(hands):
    with hands.page("torunn") as looked:
        looked.go("/flows")
        for value in ("paused", "resumed"):
            with looked.page.expect_navigation():
                looked.page.locator(f"form.answers button[value={value}]").click()
            assert ("All sending er stanset" in looked.text()) == (value == "paused")
        for value in ("paused", "approved", "resumed"):
            button = looked.page.locator(f"td form button[value={value}]").first
            if button.count():
                with looked.page.expect_navigation():
                    button.click()
                assert "Gjort." in looked.text()
        assert looked.troubles() == []


def test_messages_are_searched_by_child_without_its_number_in_any_address(hands, busy):
    with hands.page("torunn") as looked:
        asked = []
        looked.page.on("request", lambda one: asked.append(one.url))
        looked.go("/messages")
        looked.page.fill("[name=number]", number_of(busy, "Nora"))
        send(looked)
        assert looked.page.locator("tbody tr").count() > 1
        assert busy.case("Nora") in looked.text()
        assert not any(number_of(busy, "Nora") in url for url in asked)


def test_the_ledger_is_printed_as_a_letter_and_nothing_else(hands, busy):
    with hands.page("ida") as looked:
        looked.go("/ledger")
        search_for("Nora")(looked, busy)
        title = looked.page.locator("article.letter h2").inner_text()
        paper = PdfReader(io.BytesIO(looked.page.pdf(format="A4")))
        text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
        assert title in text
        for word in ("Logg ut", "Lag oversikten", "Nynorsk", "Svaret er det familien har rett til å se"):
            assert word not in text, word


def test_the_log_is_verified_and_the_figures_are_seen(hands):
    with hands.page("ida") as looked:
        looked.go("/audit")
        looked.press("Kontroller loggen nå")
        assert "Loggen er hel" in looked.text()
        looked.go("/numbers")
        assert looked.page.locator("h1").inner_text().startswith("Tall")
        assert looked.troubles() == []
