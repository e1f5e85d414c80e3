"""Scenarios 1 to 4 and 35: birthdays move the right to decide, at midnight in Norway."""

from datetime import UTC, datetime

import pytest

from tests.scenarios.municipality import municipality

TWO = {"skole": "school", "helse": "health_station"}


def test_scenario_1_at_15_education_needs_the_youth_and_health_stays_with_the_parents(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family(born="2011-09-15")
        town.log()
        town.concern()
        town.put("helse", "concern", "h1", {"raised_on": "2026-08-02", "summary": "Sover lite."}, case="x")
        town.sync(3)
        case = town.file.id
        [helse_case] = [one.id for one in town.products["helse"].records.values() if one.kind == "case"]
        town.put("helse", "concern", "h2", {"raised_on": "2026-08-02", "summary": "Sover lite."}, case=helse_case)
        town.sync(3)
        assert {one["summary"] for one in town.of("skole", "concern")} == {"Er ofte borte.", "Sover lite."}

        town.clock.to("2026-09-14T23:59:00+02:00")
        assert town.fate("helse")["effect"] == "permit"
        town.clock.to("2026-09-15T00:00:00+02:00")
        assert (town.fate("helse")["effect"], town.fate("helse")["rules"]) == ("deny", ["C10"])
        town.put("skole", "concern", "u1", {"summary": "Nytt om skolen."})
        town.put("helse", "concern", "h2", {"summary": "Nytt om helsa."})
        town.sync(3)
        assert not town.mentions("helse", "Nytt om skolen."), "the youth has not said yes"
        assert town.mentions("skole", "Nytt om helsa."), "health stays with the parents until 16"
        assert case == town.file.id


def test_scenario_2_at_16_health_needs_the_youth_and_what_was_withheld_stays_so(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family(born="2010-09-15")
        town.log("helse")
        town.concern("helse", "h1")
        town.concern("helse", "h2", summary="Skjult for foreldrene.")
        town.put("helse", "concern", "h2", {}, withheld_from_parents=True)
        town.sync(3)
        assert town.mentions("skole", "Er ofte borte.")
        assert not town.mentions("skole", "Skjult")
        town.clock.to("2026-09-15T08:00:00+02:00")
        town.put("helse", "concern", "h1", {"summary": "Etter 16."})
        town.sync(3)
        assert not town.mentions("skole", "Etter 16.")
        assert town.fate("skole")["rules"] == ["C15"]
        assert not town.mentions("skole", "Skjult")
        town.consent("helse", "child", services=["school"], given="2026-09-15T09:00:00+02:00", valid_from="2026-09-15")
        town.sync(3)
        assert town.mentions("skole", "Etter 16."), "the youth's own yes carries it"
        hidden = [
            entry for entry in town.file.items.values() if entry.fields.get("summary") == "Skjult for foreldrene."
        ]
        assert [entry.withheld_from_parents for entry in hidden] == [True]


def test_scenario_3_at_18_the_guardians_are_out(tmp_path):
    with municipality(tmp_path / "m", TWO, asserts={"helse": ("consent", "has_capacity")}) as town:
        town.family(born="2008-09-15")
        town.log("helse")
        town.put("helse", "person", "p-child", {"has_capacity": False})
        town.concern("helse")
        town.sync(3)
        assert town.fate("skole")["rules"] == ["C16"], "the parents speak for a youth of 17 who cannot"
        assert town.of("skole", "concern")
        town.clock.to("2026-09-15T00:00:00+02:00")
        town.put("helse", "concern", "u1", {"summary": "Etter 18."})
        town.sync(3)
        assert not town.mentions("skole", "Etter 18.")
        assert town.fate("skole")["effect"] == "deny"
        town.put("helse", "person", "p-child", {"has_capacity": True})
        town.sync(2)
        assert (town.fate("skole")["rules"], town.fate("skole")["missing"]) == (["C24"], [town.person(town.child)])
        town.consent("helse", "child", services=["school"], given="2026-09-15T09:00:00+02:00", valid_from="2026-09-15")
        town.clock.to("2026-09-15T12:00:00+02:00")
        town.sync(3)
        assert town.mentions("skole", "Etter 18."), "it goes on when the person has said yes"


def test_scenario_4_what_a_13_year_old_wants_withheld_leaves_on_the_youths_word_alone(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family(born="2013-03-01")
        town.log("helse")
        town.concern("helse", "h1", summary="Fortalt i fortrolighet.")
        town.put("helse", "concern", "h1", {}, withheld_from_parents=True)
        town.sync(3)
        assert town.fate("skole")["rules"] == ["C13"]
        assert not town.mentions("skole", "Fortalt")
        town.consent("helse", "child", services=["school"])
        town.sync(3)
        assert town.mentions("skole", "Fortalt")
        [told] = [one.body for one in town.products["skole"].records.values() if one.kind == "concern"]
        assert told["withheld_from_parents"] is True, "the receiver is told not to show it to the parents"


@pytest.mark.parametrize(
    ("born", "before", "after"),
    [
        ("2011-09-15", "2026-09-14T23:59:59+02:00", "2026-09-15T00:00:00+02:00"),
        ("2012-02-29", "2027-02-28T23:59:59+01:00", "2027-03-01T00:00:00+01:00"),
        ("2011-10-25", "2026-10-24T23:59:59+02:00", "2026-10-25T00:00:00+02:00"),
    ],
)
def test_scenario_35_age_is_by_date_in_norway_and_the_leap_day_is_reached_in_march(tmp_path, born, before, after):
    with municipality(tmp_path / "m", TWO) as town:
        town.family(born=born)
        town.log()
        town.concern()
        town.sync(3)
        assert town.fate("helse", at=datetime.fromisoformat(before).astimezone(UTC))["rules"] == ["C3"]
        assert town.fate("helse", at=datetime.fromisoformat(after).astimezone(UTC))["rules"] == ["C10"]


def test_scenario_1_those_who_must_answer_anew_are_asked_sixty_days_before_the_birthday(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family(born="2011-11-20")
        town.log(valid_to="2027-07-31")
        town.sync(3)
        assert not town.tasks("renewal")
        town.clock.to("2026-09-21T08:00:00+02:00")
        town.sync()
        [task] = town.tasks("renewal")
        assert task["unit"] == "skole-unit"
        assert task["deadline"]
