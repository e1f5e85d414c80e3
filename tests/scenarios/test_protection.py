"""Scenarios 12 to 14 and 17: hidden addresses, and a parent who has no standing access."""

import msgspec
import pytest

from tests.scenarios.gate import BASE, asked
from tests.scenarios.municipality import MOTHER, municipality

TWO = {"skole": "school", "helse": "health_station"}
PLACES = {"address": "Fjellveien 4", "city": "Bryne", "school_unit": "Storskogen skole", "phone": "90000000"}


def _known(town, **protected):
    town.family(protected=protected)
    town.log()
    town.put("skole", "person", "p-child", PLACES)
    town.concern()


@pytest.mark.parametrize("teller", ["register", "product"])
def test_scenario_12_strict_protection_stops_all_and_takes_back_and_forgets_where_the_child_is(tmp_path, teller):
    with municipality(tmp_path / "m", TWO) as town:
        _known(town)
        town.sync(3)
        assert town.of("helse", "concern")
        if teller == "register":
            town.family(protected={"child": "StrictlyConfidential"})
        else:
            town.put("skole", "person", "p-child", {"protection": "strict"})
        town.put("skole", "concern", "u1", {"summary": "Etter at adressen ble skjult."})
        town.clock.forward(days=1)
        town.sync(3)
        fate = town.fate("helse")
        assert (fate["effect"], fate["rules"]) == ("hold", ["B1"])
        assert not town.mentions("helse", "Etter at")
        for place in PLACES.values():
            assert not town.mentions("helse", place), "the receiver was told to take it away"
        written = msgspec.json.encode([one["body"] for one in town.writes("skole") if "body" in one]).decode()
        assert "protection" not in written, "the sender is told nothing"
        assert town.tasks("gate"), "an authorised person has it"


def test_scenario_13_when_only_the_mother_is_strictly_protected_the_case_goes_to_a_person(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        _known(town)
        town.family(protected={MOTHER: "StrictlyConfidential"})
        town.sync(3)
        assert town.fate("helse")["rules"] == ["B1"]
        assert not town.of("helse", "concern")
        assert town.tasks("gate")


@pytest.mark.parametrize("whose", ["child", MOTHER])
def test_scenario_14_confidential_addresses_leave_out_places_and_free_text_and_private_receivers(tmp_path, whose):
    with municipality(tmp_path / "m", {**TWO, "privat": "kindergarten"}, extra="") as town:
        _known(town, **{whose: "Confidential"})
        town.sync(3)
        [told] = town.of("helse", "concern")
        assert told == {"raised_on": "2026-08-02"}, "free text may name a place, so it is held"
        for place in PLACES.values():
            assert not town.mentions("helse", place)
        assert "B2" in town.fate("helse")["rules"]


@pytest.mark.parametrize(
    ("responsibility", "kind"), [("none", "concern"), ("deprived", "measure"), ("unknown", "case")]
)
def test_scenario_17_a_parent_without_responsibility_has_no_standing_access(responsibility, kind):
    guardians = [{**BASE["guardians"][0]}, {**BASE["guardians"][1], "responsibility": responsibility}]
    view = {"service": "guardian", "person": "father", "sector": "private", "unit": None, "body": None}
    answer = asked(guardians=guardians, item={"kind": kind, "category": kind}, receiver=view)
    unsure = responsibility == "unknown"
    assert (answer["effect"], answer["rules"][0]) == ("deny", "C25" if unsure else "C21")
    if not unsure:
        assert answer["task"] == "decide_access_request", "it becomes a case with a decision that can be appealed"


def test_scenario_17_the_parent_who_has_it_may_look():
    view = {"service": "guardian", "person": "mother", "sector": "private", "unit": None, "body": None}
    consent = {
        "id": "c1", "by": "mother", "purpose": "bti", "services": ["guardian"], "from_services": [], "categories": [],
        "excluded": [], "from": "2026-01-01", "to": None, "withdrawn": None,
    }  # fmt: skip
    assert asked(receiver=view, consents=[consent])["effect"] == "permit"
