"""Scenarios 19, 20, 31 to 34 and 38: duties, kinds, codes, order and numbers."""

from datetime import date

import pytest

from gateway.core.identity import synthetic_number
from tests.scenarios.gate import asked
from tests.scenarios.municipality import municipality

TWO = {"skole": "school", "helse": "health_station"}
REPORT = {"kind": "child_welfare_report", "category": "child_welfare_report", "fields": ["report", "ground"]}
VERN = {"service": "child_welfare", "unit": "vern-1"}


@pytest.mark.parametrize(
    "against",
    [
        {"refusals": [{"by": "mother", "at": "2026-02-01", "purpose": "bti"}]},
        {"blocks": [{"service": "child_welfare", "from": "2026-03-01", "to": None}]},
        {"guardians": []},
        {"care": "care_order"},
    ],
)
def test_scenario_19_a_report_goes_whatever_anyone_consents_to_and_guardians_do_not_see_it(against):
    duty = {"code": "OPPL_24_3", "ground": "a", "filed_by": "school"}
    answer = asked(item=REPORT, receiver=VERN, duty=duty, **against)
    assert (answer["effect"], answer["rules"][0]) == ("permit", "B3")
    assert "do_not_tell_guardians_first" in answer["obligations"]
    assert not {"mother", "father"} & set(answer["inform"])
    view = {"service": "guardian", "person": "mother", "sector": "private", "unit": None, "body": None}
    assert asked(item=REPORT, receiver=view, **against)["effect"] == "deny"


def test_scenario_20_a_kindergarten_has_no_ground_d_of_its_own_and_is_offered_the_general_duty():
    sender = {"service": "kindergarten", "unit": "bhg-3"}

    def reported(code, ground):
        duty = {"code": code, "ground": ground, "filed_by": "kindergarten"}
        return asked(item={**REPORT, "domain": "kindergarten"}, sender=sender, receiver=VERN, duty=duty)

    own = reported("BHG_46", "d")
    assert (own["effect"], own["task"]) == ("deny", "choose_duty")
    assert "offer_BVL_13_2" in own["obligations"]
    assert "BVL_13_2" in own["explanation"]["nb"]
    assert reported("BHG_46", "a")["effect"] == "permit"
    assert reported("BVL_13_2", "d")["effect"] == "permit"


@pytest.mark.parametrize("consent", [False, True])
def test_scenario_31_a_safety_plan_goes_with_a_yes_alone_and_the_school_stays_its_owner(tmp_path, consent):
    with municipality(tmp_path / "m", TWO) as town:
        town.family()
        town.log(consent=("mother",) if consent else ())
        town.put("skole", "safety_plan", "a1", {"made_on": "2026-08-02", "problem": "Utestenging."})
        town.put("skole", "assignment", "r1", {"role": "relay_holder", "holder_name": "Kari Nes", "state": "accepted"})
        town.sync(3)
        assert town.mentions("helse", "Utestenging.") is consent
        [(_, plan)] = town.file.of_kind("safety_plan")
        assert plan.origin.service == "school"
        holders = [one.fields["holder_name"] for _, one in town.file.of_kind("assignment")]
        assert holders == ["Kari Nes"], "nothing in the case changes who coordinates"


def test_scenario_32_a_level_keeps_its_local_code_and_an_unknown_one_is_not_guessed(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family()
        town.log()
        town.concern(level="niva-2")
        town.concern(ident="u2", level="nivå A")
        town.sync(3)
        assert sorted(one["level"] for one in town.of("helse", "concern")) == ["niva-2", "nivå A"]
        levels = sorted((entry.fields["level"]["code"], entry.fields["level"].get("rank")) for _, entry in
                        town.file.of_kind("concern"))  # fmt: skip
        assert levels == [("niva-2", 2), ("nivå A", None)], "no rank is made up"
        assert [one["system"] for one in town.tasks("doubt")] == ["skole"], "who wrote it is asked, and nobody else"


def test_scenario_33_a_wonder_note_in_a_feed_is_refused_by_its_kind(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family()
        town.log()
        note = {"kind": "wonder_note", "case": "c1", "fields": {"noted_on": "2026-08-02", "observation": "Undrer meg."}}
        town.products["skole"].make("concern", note, ident="w1")
        tally = town.sync()
        assert not town.mentions("helse", "Undrer meg.")
        assert "wonder_note" not in {entry.kind for entry in town.file.items.values()}
        assert tally.ignored + tally.quarantined == 1


def test_scenario_34_told_twice_and_out_of_order_is_one_record_at_its_newest(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family()
        town.log()
        town.concern()
        town.products["skole"].fault("duplicate_pages", times=4)
        town.products["skole"].fault("out_of_order", times=4)
        town.sync(2)
        town.put("skole", "concern", "u1", {"summary": "Nyest."})
        town.sync(2)
        assert [one["summary"] for one in town.of("helse", "concern")] == ["Nyest."]
        numbers = [one["number"] for one in town.of("helse", "person")]
        assert len(numbers) == len(set(numbers)) > 0


@pytest.mark.parametrize("numbers", ["synthetic", "production"])
def test_scenario_38_a_number_of_the_wrong_kind_is_refused_at_the_edge_and_not_repeated(tmp_path, capfd, numbers):
    with municipality(tmp_path / "m", TWO, numbers=numbers) as town:
        made = synthetic_number(date(2014, 5, 2), 5)
        real = _real(made)
        wrong = real if numbers == "synthetic" else made
        town.register.set_people([])
        town.put("skole", "person", "p-child", {"number": wrong, "birth_date": "2014-05-02", "role": "subject"})
        town.put("skole", "case", "c1", {"subject": "p-child", "status": "active", "opened_on": "2026-08-01"})
        town.sync(2)
        assert not town.files() or all(wrong not in str(file) for file in town.files().values())
        told = str(capfd.readouterr()) + str(town.tasks())
        assert wrong not in told
        with town.world.store.read() as tx:
            assert sum(tx.quarantine_counts().values()) >= 1


def _real(made: str) -> str:
    """A valid number as the register gives real people, made here so that none stands in a file."""
    day, month, rest = made[:2], int(made[2:4]) - 80, made[4:9]
    for serial in range(int(rest[2:]), 0, -1):
        head = f"{day}{month:02}{rest[:2]}{serial:03}"
        first = -sum(int(d) * w for d, w in zip(head, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True)) % 11
        if first == 10:
            continue
        second = -sum(int(d) * w for d, w in zip(f"{head}{first}", (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if second < 10:
            return f"{head}{first}{second}"
    raise AssertionError
