"""A request for access that waits for a person: given or refused on the task's own page, with the letter to print."""

import re

from tests.scenarios.municipality import FATHER
from tests.web.test_pages import text_of


def asked(house):
    """A parent without responsibility asks; the task that waits for the privacy officer."""
    ida = house.of("ida")
    page = text_of(ida.send("/ledger", {"number": house.town.child, "asker": FATHER}))
    assert "Noen må se på dette først" in page
    return re.search(r'href="/tasks/([0-9a-f]+)"', text_of(ida.get("/?scope=all"))).group(1)


def test_a_request_that_waits_is_refused_or_given_with_a_letter(house):
    ida, task = house.of("ida"), asked(house)
    page = text_of(ida.get(f"/tasks/{task}"))
    assert "Gi innsyn" in page
    assert house.town.child not in page
    assert FATHER not in page
    for person in ("liv", "kari"):
        assert house.of(person).get(f"/tasks/{task}").status_code == 404
    assert ida.send(f"/tasks/{task}", {"do": "refuse", "ground": "NO_SUCH"}).status_code == 400
    refused = ida.send(f"/tasks/{task}", {"do": "refuse", "ground": "ACCESS_NO_RESPONSIBILITY"})
    assert 'class="ds-card letter"' in text_of(refused)
    assert "barnelova" in refused.text
    assert ida.send(f"/tasks/{task}", {"do": "give"}).status_code == 409  # answered
    again = asked(house)
    assert again != task
    given = text_of(ida.send(f"/tasks/{again}", {"do": "give"}))
    assert 'class="ds-card letter"' in given
    with house.town.world.store.read() as tx:
        assert (tx.task(task).outcome, tx.task(again).outcome) == ("refused", "given")
