"""Scenarios 8 to 11, 18, 24, 25, 26, 27, 37: consents, refusals and withdrawals."""

from datetime import date

import pytest

from gateway.core.identity import synthetic_number
from gateway.run import acts
from tests.scenarios.municipality import FATHER, MOTHER, municipality

TWO = {"skole": "school", "helse": "health_station"}
THREE = {**TWO, "ppt": "ppt"}


def test_scenario_8_a_yes_withdrawn_for_the_school_stops_the_school_alone_and_can_be_audited(tmp_path):
    with municipality(tmp_path / "m", {"helse": "health_station", "skole": "school", "ppt": "ppt"}) as town:
        town.family()
        town.log("helse", services=["school", "ppt"])
        town.concern("helse")
        town.sync(3)
        assert town.of("skole", "concern")
        assert town.of("ppt", "concern")
        acts.withdraw_consent(town.world, town.file.id, by="hans", giver=town.person(MOTHER), services=["school"])
        town.put("helse", "concern", "u1", {"summary": "Etter trekket."})
        town.sync(2)
        assert not town.of("skole", "concern"), "the school is told to take it away"
        assert town.mentions("ppt", "Etter trekket.")
        with town.world.store.read() as tx:
            told = [one for one in tx.disclosures(cases=[town.file.id]) if one.system == "skole"]
        assert {one.retract_state for one in told} == {"acknowledged"}, "what was given, and that it was taken back"


def test_scenario_9_a_whole_withdrawal_stops_all_flows_and_our_copy_is_kept(tmp_path):
    with municipality(tmp_path / "m", THREE) as town:
        town.family()
        town.log(services=["school", "health_station", "ppt"])
        town.concern()
        town.sync(3)
        acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
        before = {name: len(town.writes(name)) for name in ("helse", "ppt")}
        town.put("skole", "concern", "u1", {"summary": "Etter trekket."})
        town.sync(3)
        for name in ("helse", "ppt"):
            assert not town.of(name, "concern")
            assert not town.mentions(name, "Etter trekket.")
            assert all(one.get("what", "") != "create" for one in town.writes(name)[before[name] :])
        assert town.of("skole", "concern"), "the origin's record is nobody's to destroy"
        assert [entry.fields["summary"] for _, entry in town.file.of_kind("concern")] == ["Etter trekket."]


def test_scenario_10_a_yes_that_ends_tonight_is_none_at_midnight_also_for_what_waits(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family()
        town.log(valid_to="2026-08-20")
        town.concern()
        town.sync(3)
        town.clock.to("2026-08-20T23:50:00+02:00")
        town.put("skole", "concern", "u1", {"summary": "Sent på kvelden."})
        town.products["helse"].fault("status", status=503, times=9)
        tally = town.sync()
        assert tally.due, "it was due before midnight, and the receiver was down"
        town.products["helse"].heal()
        town.sync(2)
        assert not town.mentions("helse", "Sent på kvelden.")
        assert town.fate("helse")["effect"] == "deny"


def test_scenario_11_a_withdrawal_while_a_message_waits_drops_it_with_the_reason(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family()
        town.log()
        town.sync(3)
        town.concern()
        town.products["helse"].fault("status", status=503, times=99)
        assert town.sync().due
        town.put("skole", "consent", "s-mother", {"withdrawn": "2026-08-03T14:00:00+02:00"})
        town.sync()
        town.products["helse"].heal()
        town.sync(3)
        assert not town.of("helse", "concern")
        fate = town.fate("helse")
        assert fate["effect"] == "deny"
        assert fate["rules"]
        assert fate["words"]["nb"]


def test_scenario_18_one_of_two_holders_refuses_so_nothing_is_shared_and_the_no_is_kept(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family(holders=(MOTHER, FATHER))
        town.log(consent=("mother", "father"))
        town.concern()
        refusal = {
            "decision": "refused", "by": "p-father", "purpose": "bti", "given": "2026-08-02T10:00:00+02:00",
            "services": [],
        }  # fmt: skip
        town.put("skole", "consent", "n-father", refusal, about=["p-child"])
        town.sync(3)
        assert not town.of("helse", "concern")
        assert town.fate("helse")["missing"] == [town.person(FATHER)]
        kept = [entry.fields["decision"] for _, entry in town.file.of_kind("consent")]
        assert sorted(kept) == ["given", "given", "refused"]


@pytest.mark.parametrize("both", [False, True])
def test_scenario_18_both_must_say_yes(tmp_path, both):
    with municipality(tmp_path / "m", TWO) as town:
        town.family(holders=(MOTHER, FATHER))
        town.log(consent=("mother", "father") if both else ("mother",))
        town.concern()
        town.sync(3)
        assert bool(town.of("helse", "concern")) is both


@pytest.mark.parametrize("first", ["helse", "vern"])
def test_scenario_24_that_child_welfare_takes_part_is_hidden_unless_the_yes_covers_it(tmp_path, first):
    order = ["helse", "skole", "vern"] if first == "helse" else ["vern", "skole", "helse"]
    services = {name: {"helse": "health_station", "skole": "school", "vern": "child_welfare"}[name] for name in order}
    with municipality(tmp_path / "m", services) as town:
        town.family()
        town.log("helse", services=["school"], from_services=["health_station"])
        town.concern("helse")
        town.put(
            "vern", "person", "v-child", {"number": town.child, "birth_date": town.born, "role": "subject"}, case="v1"
        )
        town.put("vern", "case", "v1", {"subject": "v-child", "status": "active", "opened_on": "2026-08-01"}, case="v1")
        town.put("vern", "participant", "v2", {"role": "actor", "service": "child_welfare", "name": "Berit"}, case="v1")
        town.put("vern", "concern", "v3", {"raised_on": "2026-08-02", "summary": "Fra barnevernet."}, case="v1")
        town.sync(4)
        assert town.mentions("skole", "Er ofte borte."), "what the health station told itself, its log's yes carries"
        for word in ("child_welfare", "Berit", "Fra barnevernet", "vern"):
            assert not town.mentions("skole", word), word


def test_scenario_25_a_care_order_ends_what_the_parents_yes_carried(tmp_path):
    with municipality(tmp_path / "m", TWO, asserts={"skole": ("consent", "care")}) as town:
        town.family()
        town.log()
        town.concern()
        town.sync(3)
        town.put("skole", "person", "p-child", {"care": "care_order"})
        town.put("skole", "concern", "u1", {"summary": "Etter vedtaket."})
        town.sync(3)
        assert not town.mentions("helse", "Etter vedtaket.")
        assert town.fate("helse")["rules"] == ["C19"]
        assert town.fate("helse")["missing"] == ["child_welfare"]


def test_scenario_26_deprived_of_responsibility_and_no_guardian_yet_denies_and_asks_a_person(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family(holders=())
        town.log()
        town.concern()
        town.sync(3)
        assert not town.of("helse", "concern")
        assert town.fate("helse")["effect"] == "deny"
        assert town.tasks("gate")


def test_scenario_27_nothing_goes_from_kindergarten_to_school_in_august_without_the_parents_permission(tmp_path):
    services = {"barnehage": "kindergarten", "skole": "school"}
    with municipality(tmp_path / "m", services, extra="") as town:
        town.family(born="2020-10-05")
        town.log("barnehage", consent=())
        town.concern("barnehage")
        town.sync(3)
        assert not town.of("skole", "concern")
        assert not town.of("skole", "case")
        fate = town.fate("skole")
        assert fate["effect"] == "deny"
        assert fate["missing"] == [town.person(MOTHER)]


def test_scenario_37_what_is_also_about_another_child_needs_a_yes_for_that_child(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family()
        town.log()
        friend = synthetic_number(date(2014, 1, 1), 0)
        town.register.set_people([{"number": friend, "given": "Marte", "family": "Li", "born": "2014-01-01"}])
        town.put("skole", "person", "p-friend", {"number": friend, "birth_date": "2014-01-01", "role": "other"})
        town.concern()
        town.concern(ident="u2", summary="Marte og Ola krangler.")
        town.put("skole", "concern", "u2", {}, about=["p-child", "p-friend"])
        town.sync(3)
        assert town.mentions("helse", "Er ofte borte.")
        assert not town.mentions("helse", "krangler")
        assert town.of("skole", "concern")[1]["summary"] == "Marte og Ola krangler.", "no text is rewritten"
