"""No legal basis lapses unseen: it is asked about before the day on which everything would stand still."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from gateway.core.ages import day, shifted
from gateway.run import lawbook, settling
from gateway.run.lawwatch import AHEAD, LEFT, lapsed, lapsing
from gateway.run.settings import Person
from tests.run.test_life import Town

LAST = max(one.last_verified for one in lawbook.RULES.law.bases if one.last_verified is not None)
"""When the bases that are shipped were read."""

LAPSE = date(LAST.year + 1, LAST.month, LAST.day + 1)


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    people = {
        "pia": Person(role="privacy", unit="a-unit", name="pia"), "lise": Person(role="leader", unit="a-unit", name="lise"),
    }  # fmt: skip
    made.world = msgspec.structs.replace(
        made.world, settings=msgspec.structs.replace(made.world.settings, people=people)
    )
    yield made
    made.world.store.close()


def on(town, date):
    """A round on a day, and what stands about the law after it."""
    town.clock.at = datetime(date.year, date.month, date.day, 12, tzinfo=UTC)
    town.sync()
    return [one for one in settling.open_tasks(town.world, kind="gate") if one["case"] is None]


def read(town):
    """The lawyer has read every basis."""
    settings = town.world.settings
    lines = {one.code: f"{town.clock().date()} the lawyer" for one in town.world.rules.law.bases}
    settings = msgspec.structs.replace(settings, law=msgspec.structs.replace(settings.law, verified=lines))
    law = lawbook.law_of(settings, today=town.clock().date())
    town.world = msgspec.structs.replace(
        town.world, settings=settings, rules=msgspec.structs.replace(town.world.rules, law=law)
    )


def test_a_basis_is_asked_about_before_it_lapses_and_again_when_it_has(town):
    assert on(town, LAPSE - AHEAD - (AHEAD - LEFT)) == []
    [task] = on(town, LAPSE - AHEAD)
    assert (task["owner"], task["role"]) == (["pia"], "privacy")
    about = settling.show(town.world, task["id"])["about"]
    assert about["task"] == "verify_legal_basis"
    assert set(about["bases"].values()) == {LAPSE.isoformat()}
    assert day(datetime.fromisoformat(task["deadline"])) == LAPSE - LEFT
    assert [one["id"] for one in on(town, LAPSE - LEFT)] == [task["id"]], "it is one question"
    settling.resolve(town.world, task["id"], "seen", by="pia")
    assert on(town, LAPSE - LEFT) == [], "who has seen it is not asked every day"
    town.a.put("concern", "k2", {"raised_on": "2027-03-30", "summary": "0"}, case="c1")
    [late] = on(town, LAPSE)
    assert late["id"] != task["id"]
    assert len(town.b.of("concern")) == 1, "nothing goes on a basis that nobody has read for a year"
    settling.resolve(town.world, late["id"], "seen", by="pia")
    assert on(town, LAPSE) == []


def test_both_questions_settle_themselves_when_the_law_has_been_read_and_come_again_the_next_year(town):
    [task] = on(town, LAPSE - LEFT)
    read(town)
    assert on(town, LAPSE - LEFT) == []
    with town.world.store.read() as tx:
        assert tx.task(task["id"]).outcome == "settled"
    town.a.put("concern", "k2", {"raised_on": "2027-03-30", "summary": "0"}, case="c1")
    assert on(town, LAPSE) == []
    assert len(town.b.of("concern")) == 2, "what was read in time never stood still"
    [again] = on(town, shifted(LAPSE, 365 - 30))
    assert again["id"] != task["id"]
    settling.resolve(town.world, again["id"], "seen", by="pia")
    [late] = on(town, shifted(LAPSE, 365))
    read(town)
    assert on(town, shifted(LAPSE, 365)) == []
    assert len(on(town, shifted(LAPSE, 2 * 365 - 30))) == 1, "seen or settled, it is asked about anew"
    assert late["role"] == "privacy"


def test_who_does_not_answer_is_told_again_until_it_has_been_read(town):
    [task] = on(town, LAPSE - AHEAD)
    [later] = on(town, LAPSE - LEFT)
    assert later["id"] == task["id"]
    assert later["deadline"] > task["deadline"], "an officer is reminded, since nobody stands above"


@pytest.mark.parametrize(("days", "codes", "still"), [(-61, 0, False), (-60, 1, False), (-1, 1, False), (0, 0, True)])
def test_what_lapses_is_named_with_its_day_and_what_has_lapsed_holds(days, codes, still):
    law, today = lawbook.RULES.law, date.fromordinal(LAPSE.toordinal() + days)
    told = dict(lapsing(law, today))
    assert (bool(told), bool(list(lapsed(law, today)))) == (bool(codes), still)
    assert set(told.values()) <= {LAPSE}
