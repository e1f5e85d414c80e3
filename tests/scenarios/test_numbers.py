"""Scenarios 15 and 16: numbers change, and nobody becomes two people."""

from datetime import date

import pytest

from gateway.core.identity import synthetic_number
from tests.scenarios.municipality import municipality

TWO = {"skole": "school", "helse": "health_station"}
NEW = synthetic_number(date(2014, 5, 2), 9)


@pytest.mark.parametrize("protection", ["Unclassified", "Confidential"])
def test_scenario_15_a_new_number_is_the_same_child_and_the_old_one_is_no_link_where_protection_is_why(
    tmp_path, protection
):
    with municipality(tmp_path / "m", TWO) as town:
        town.family()
        town.log()
        town.concern()
        town.sync(3)
        old, person, case = town.child, town.person(town.child), town.file.id
        town.family(number=NEW, former=(old,), protected={"child": protection})
        town.put("skole", "person", "p-child", {"number": NEW})
        town.clock.forward(days=1)
        town.sync(4)
        assert town.person(NEW) == person
        assert town.file.id == case, "no second case"
        told = str(town.of("helse", "person"))
        if protection == "Confidential":
            assert not (old in told and NEW in told), "nobody can lead from the one to the other"
        else:
            assert NEW in told


def test_scenario_16_a_local_number_then_a_d_number_then_the_final_one_are_one_child_and_one_case(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        first = synthetic_number(date(2014, 5, 2), 30)
        town.family(number=first)
        town.log(number=first)
        town.concern()
        town.sync(3)
        person, case = town.person(first), town.file.id
        second = synthetic_number(date(2014, 5, 2), 31)
        town.family(number=second, former=(first,))
        town.clock.forward(days=1)
        town.sync(3)
        town.put("skole", "person", "p-child", {"number": second})
        town.sync(3)
        assert town.person(second) == person
        assert list(town.files()) == [case]
