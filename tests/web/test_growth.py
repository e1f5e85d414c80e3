"""No page's work grows with the number of all cases, nor by a question to the store for each row that it shows.

What each page asks of the store is counted with one case, with 100 and with 400.
"""

import msgspec
import pytest

from gateway.run import settling
from gateway.web.pages import PLACES, audit, messages
from tests.web.house import open_house
from tests.web.many import TELLS, costing, grow

FEW, MANY = 100, 400
ROWS = 4
"""So many statements more may be asked for where there are rows to show: for the parts of a list, not for each row."""
OF = {
    "/": "kari", "/tasks/{task}": "kari", "/cases": "kari", "/cases/{case}": "kari", "/cases/{case}/consents": "kari",
    "/cases/{case}/baton": "kari", "/cases/{case}/why/{item}": "kari", "/flows": "liv", "/messages": "liv",
    "/messages/{key}": "liv", "/adoptions": "kari", "/ledger": "ida", "/audit": "ida", "/sessions": "ida",
    "/rules": "kari", "/numbers": "liv",
}  # fmt: skip
"""Who looks at each place."""


@pytest.fixture(scope="module")
def costs(tmp_path_factory):
    """What each page cost with one case, with few, and with many."""
    with open_house(tmp_path_factory.mktemp("many") / "town") as house, pytest.MonkeyPatch.context() as patched:
        for name in ("READ", "NEWEST"):
            patched.setattr(audit, name, 50)  # so many of the newest entries there are at any time here
        patched.setattr(messages, "SOME", 10)
        patched.setattr(messages, "MOST", 20)
        world, case, item = house.town.world, house.case, house.item("concern")
        teller = world.adapters[TELLS]
        told = msgspec.structs.replace(teller.capabilities, receipts=frozenset({"accepted", "processed"}))
        patched.setattr(teller, "capabilities", told)
        with world.store.read() as tx:
            key = tx.disclosures(cases=[case])[0].key
        grow(world, case, 1)
        task = settling.open_tasks(world, kind="gate")[-1]["id"]
        paths = {place: place.format(task=task, case=case, item=item, key=key) for place in PLACES}
        one = _looked(house, paths)
        grow(world, case, FEW - 1, first=1)
        few = _looked(house, paths)
        grow(world, case, MANY - FEW, first=FEW)
        return one, few, _looked(house, paths)


def _looked(house, paths):
    found = {}
    for place, path in paths.items():
        browser = house.of(OF[place])
        browser.get(path)  # what is made once for a process is made
        with costing(house.town.world) as cost:
            assert browser.get(path).status_code == 200, place
        found[place] = cost
    return found | _planted(house.town.world)


def _planted(world):
    """What pages would cost that read all there is of something, or ask anew for every row."""
    found = {}
    with costing(world) as found["disclosures"], world.store.read() as tx:
        tx.disclosures()
    with costing(world) as found["sendings"]:
        world.store.vault.without_receipt(world.adapters, after=world.clock().replace(year=2000))
    with costing(world) as found["row by row"], world.store.read() as tx:
        for case in tx.case_ids(limit=20):
            world.store.vault.restrictions(cases=[case])
    return found


@pytest.mark.parametrize("place", list(PLACES))
def test_a_page_asks_the_store_the_same_however_many_cases_there_are(costs, place):
    _, few, many = (cost[place] for cost in costs)
    assert many.statements == few.statements
    assert many.steps <= few.steps * 1.2 + 40, (few.steps, many.steps)


@pytest.mark.parametrize("place", list(PLACES))
def test_a_page_asks_the_store_nothing_for_each_row_that_it_shows(costs, place):
    one, few, _ = (cost[place] for cost in costs)
    assert few.statements.total() <= one.statements.total() + ROWS, few.statements - one.statements


@pytest.mark.parametrize("planted", ["disclosures", "sendings"])
def test_a_page_that_reads_all_that_there_is_of_something_would_be_found(costs, planted):
    _, few, many = (cost[planted] for cost in costs)
    assert many.steps > few.steps * 1.2 + 40


def test_a_page_that_asks_for_each_row_would_be_found(costs):
    one, few, _ = (cost["row by row"] for cost in costs)
    assert few.statements.total() > one.statements.total() + ROWS
