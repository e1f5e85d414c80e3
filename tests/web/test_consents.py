"""What the family says, written down in the web: what it would do is said before, and nothing is lost or doubled."""

import re

import pytest

from tests.web.test_pages import text_of
from tests.web.test_tasks import hidden


def giver(house):
    page = text_of(house.of("kari").get(f"/cases/{house.case}/consents"))
    return re.findall(r'<option value="([0-9a-f]+)"', page.split('name="by"')[1])[0]


def said(house):
    return text_of(house.of("kari").get(f"/cases/{house.case}/consents")).split("Hva familien har sagt")[1]


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("given", "Hva om Eva Nes sier ja til"), ("refused", "helse (helse-unit): mister"),
        ("withdraw", "bes tilbake"), ("block", "Hva om sperren settes for helsestasjon"),
    ],
)  # fmt: skip
def test_what_an_act_would_do_is_said_before_and_changes_nothing(house, act, told):
    before, kari = said(house), house.of("kari")
    fields = {
        "act": act,
        "by": giver(house),
        "services": "health_station",
        "service": "health_station",
        "note": "i møte",
    }
    answer = kari.send(f"/cases/{house.case}/consents", {**fields, "step": "look"})
    trial = answer.text.split('id="trial"')[1].split("</section>")[0]
    assert told in re.sub(r"\s+", " ", trial)
    assert 'name="step" value="do"' in trial
    assert re.sub("seen.*", "", said(house)) == re.sub("seen.*", "", before)


def test_a_cell_asks_what_one_yes_for_that_category_alone_would_do(house):
    page = text_of(house.of("kari").get(f"/cases/{house.case}/consents"))
    back = next(one for one in re.findall(r'href="(\?what=back[^"]+)"', page) if "kind=concern" in one)
    whole = text_of(house.of("kari").get(f"/cases/{house.case}/consents{back.replace('&amp;', '&')}"))
    trial = re.sub(r"\s+", " ", whole.split('id="trial"')[1].split("</section>")[0])
    assert "Bare dette:" in trial
    assert "bekymring" in trial.lower()
    for wrong in ("?what=nonsense&service=school&by=x", "?what=yes&service=school"):
        assert 'id="trial"' not in text_of(house.of("kari").get(f"/cases/{house.case}/consents{wrong}"))


def test_a_block_is_looked_at_set_and_lifted_by_a_leader_with_a_reason(fresh):
    kari, liv, path = fresh.of("kari"), fresh.of("liv"), f"/cases/{fresh.case}/consents"
    look = kari.send(path, {"act": "block", "service": "health_station", "step": "look"})
    confirm = look.text.split('id="trial"')[1].split("</form>")[0]
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', confirm))
    assert kari.http.post(path, data=form).status_code == 303
    fresh.town.sync(2, hours=0)
    assert not fresh.town.mentions("helse", "Gråter")
    assert kari.http.post(path, data=form).status_code == 409  # the same form twice
    block = re.search(r'name="block" value="([0-9a-f]+)"', text_of(liv.get(path))).group(1)
    assert kari.send(path, {"act": "lift", "block": block, "reason": "feil"}).status_code == 403
    assert liv.send(path, {"act": "lift", "block": block, "reason": " "}).status_code == 409
    assert liv.send(path, {"act": "lift", "block": block, "reason": "Satt ved en feil."}).status_code == 303
    assert block not in text_of(liv.get(path))


def test_a_form_that_is_wrong_or_stale_keeps_what_was_filled_in(fresh):
    kari, path = fresh.of("kari"), f"/cases/{fresh.case}/consents"
    fields = {"act": "given", "by": giver(fresh), "services": "school", "note": "Sagt på trappa 17."}
    wrong = kari.send(path, {**fields, "valid_from": "2026-09-02", "valid_to": "2026-09-01"})
    assert wrong.status_code == 409
    assert "Sagt på trappa 17." in wrong.text
    form = hidden(text_of(kari.get(path)), "seal", "once", "seen")
    assert kari.send(path, fields).status_code == 303
    stale = kari.http.post(path, data={**form, **fields})
    assert stale.status_code == 409
    assert "web.changed" not in stale.text  # words, not codes
    assert "Sagt på trappa 17." in stale.text


def test_why_is_asked_for_one_receiver_and_for_a_time(house):
    kari, path = house.of("kari"), f"/cases/{house.case}/why/{house.item('concern')}"
    page = text_of(kari.get(path, params={"to": "helse"}))
    assert 'aria-label="helse"' in page
    assert 'aria-label="vern"' not in page
    before = text_of(kari.get(path, params={"at": "2026-08-01T10:00"}))
    assert "ikke kjent her på den tiden" in before
    assert "Slik var det" in before
    assert "barnehageloven" in page.lower() or "forvaltningsloven" in page.lower() or "Behandlingen skjer etter" in page
    for wrong in ({"to": "no"}, {"at": "x"}, {"at": "2999-01-01T00:00"}):
        assert kari.get(path, params=wrong).status_code == 400
