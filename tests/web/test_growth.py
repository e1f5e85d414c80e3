"""No page's work grows with the number of all cases: what each asks of the store is counted at 100 and at 400 cases."""

import pytest

from gateway.run import settling
from gateway.web.pages import PLACES, audit, messages
from tests.web.house import open_house
from tests.web.many import costing, grow

FEW, MANY = 100, 400
OF = {
    "/": "kari", "/tasks/{task}": "kari", "/cases": "kari", "/cases/{case}": "kari", "/cases/{case}/consents": "kari",
    "/cases/{case}/baton": "kari", "/cases/{case}/why/{item}": "kari", "/flows": "liv", "/messages": "liv",
    "/messages/{key}": "liv", "/adoptions": "kari", "/ledger": "ida", "/audit": "ida", "/rules": "kari", "/numbers": "liv",
}  # fmt: skip
"""Who looks at each place."""


@pytest.fixture(scope="module")
def costs(tmp_path_factory):
    """What each page cost with few cases, and with many."""
    with open_house(tmp_path_factory.mktemp("many") / "town") as house, pytest.MonkeyPatch.context() as patched:
        patched.setattr(audit, "READ", 50)  # so many of the newest entries there are at any time here
        patched.setattr(messages, "MOST", 20)
        world, case, item = house.town.world, house.case, house.item("concern")
        grow(world, case, FEW)
        task = settling.open_tasks(world, kind="gate")[-1]["id"]
        with world.store.read() as tx:
            key = tx.disclosures(cases=[case])[0].key
        paths = {place: place.format(task=task, case=case, item=item, key=key) for place in PLACES}
        house.of("liv").send("/numbers", {})
        few = _looked(house, paths)
        grow(world, case, MANY - FEW, first=FEW)
        return few, _looked(house, paths)


def _looked(house, paths):
    found = {}
    for place, path in paths.items():
        browser = house.of(OF[place])
        browser.get(path)  # what is made once for a process is made
        with costing(house.town.world) as cost:
            assert browser.get(path).status_code == 200, place
        found[place] = cost
    with costing(house.town.world) as found["planted"], house.town.world.store.read() as tx:
        tx.disclosures()
    return found


@pytest.mark.parametrize("place", list(PLACES))
def test_a_page_asks_the_store_the_same_however_many_cases_there_are(costs, place):
    few, many = (cost[place] for cost in costs)
    assert many.statements == few.statements
    assert many.steps <= few.steps * 1.2 + 40, (few.steps, many.steps)


def test_a_page_that_reads_every_disclosure_would_be_found(costs):
    few, many = (cost["planted"] for cost in costs)
    assert many.steps > few.steps * 1.2 + 40
