"""Imports only tighten: what a system tells of a person opens nothing that a person here has not opened."""

from datetime import date

import pytest

from gateway.core.facts import gather
from gateway.core.identity import synthetic_number
from gateway.run import acts, loosening, settling
from gateway.run.explaining import explain
from tests.run.test_life import Town
from tests.run.toys import CHILD, FAMILY, MOTHER


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    yield made
    made.world.store.close()


def fate(town, kind="concern"):
    """The gate's word on the concern for the health station now: effect, and what is not known."""
    item = town.file.of_kind(kind)[0][0]
    told = explain(town.world, f"{town.file.id}/{item}", receiver="b")
    return told["records"][0]["receivers"]["b"]["effect"]


def child(town):
    return town.person(CHILD)


def kinds(town):
    return sorted(task["kind"] for task in town.tasks())


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"care": "care_order"}, "another system says that somebody else decides"),
        ({"care": "emergency"}, "the same at once"),
        ({"pregnant": True}, "a pregnant girl decides herself, so who says so must be believed"),
        ({"has_capacity": False}, "who decides instead is not known"),
    ],
)
@pytest.mark.parametrize("late", [False, True])
def test_what_a_system_says_that_is_not_believed_about_it_opens_nothing_and_makes_it_unknown(town, fields, why, late):
    if late:
        town.sync(2)
        assert fate(town) == "permit"
    town.a.put("person", "p1", fields)
    town.sync(2)
    if "has_capacity" in fields:
        assert subject(town).has_capacity is None
    else:
        assert fate(town) == "deny", why


def subject(town):
    """The subject as the gate sees the child now."""
    file = town.file
    return gather(
        file=file, restrictions=[], policy=town.world.policy(), at=town.clock.at, asserts=town.world.asserts()
    ).subject


@pytest.mark.parametrize("first", ["2000-01-01", None])
def test_a_birth_date_is_the_registers_and_no_vendor_makes_a_child_an_adult(town, first):
    if first:
        town.a.put("person", "p1", {"birth_date": first})
    town.sync(2)
    town.a.put("person", "p1", {"birth_date": "1999-01-01"})
    town.sync(2)
    assert str(subject(town).birth_date) == "2014-05-02"
    assert town.b.of("person")[0].get("birth_date") in {"2014-05-02", None}


def test_a_birth_date_that_nobody_believed_has_told_is_unknown(tmp_path):
    town = Town(tmp_path, register={})
    town.sync(2)
    assert subject(town).birth_date is None
    town.world.store.close()


def test_what_the_register_agrees_with_is_believed_whoever_told_it_first(town):
    town.a.put("person", "p1", {"protection": "none"})
    town.a.put("person", "p2", {"protection": "none"})
    town.sync(2)
    assert fate(town) == "permit"


def test_what_we_delivered_to_a_believed_system_is_not_its_own_word(tmp_path):
    town = Town(tmp_path, register={}, asserts={"a": ("consent",), "b": ("protection",)})
    town.a.put("person", "p1", {"protection": "none"})
    town.sync(3)
    assert subject(town).protection is None
    town.world.store.close()


def test_a_care_measure_that_a_system_ends_stands_until_a_person_lifts_it(tmp_path):
    town = Town(tmp_path, asserts={"a": ("consent", "care")})
    town.sync(2)
    assert fate(town) == "permit"
    town.a.put("person", "p1", {"care": "care_order"})
    town.sync(2)
    assert fate(town) == "deny", "the mother's consent carries no longer"
    town.a.put("person", "p1", {"care": "none"})
    town.sync(2)
    assert fate(town) == "deny"
    [held] = [one for one in loosening.standing(town.world, town.file.id) if one.kind == "care"]
    with pytest.raises(acts.ActFault, match=r"act\.no_reason"):
        loosening.lift_restriction(town.world, town.file.id, by="leder", restriction=held.id, reason=" ")
    loosening.lift_restriction(town.world, town.file.id, by="leder", restriction=held.id, reason="vedtaket er opphevet")
    assert fate(town) == "permit"
    town.world.store.close()


def test_a_believed_word_is_not_replaced_by_anothers_and_a_person_decides(tmp_path):
    town = Town(tmp_path, asserts={"a": ("consent", "care")})
    town.a.put("person", "p1", {"care": "none"})
    town.sync(2)
    native = next(key[1] for key, one in town.b.records.items() if one["fields"].get("number") == CHILD)
    town.b.put("person", native, {"care": "care_order"})
    town.sync()
    assert "claim" in kinds(town)
    assert fate(town) == "deny", "contradictory is unknown"
    town.answer("ours")
    assert fate(town) == "permit", "a person has decided"
    town.world.store.close()


def test_a_person_states_what_no_system_may_say_and_says_why(town):
    town.a.put("person", "p1", {"care": "moving_ban"})
    town.sync(2)
    assert fate(town) == "deny"
    case, me = town.file.id, child(town)

    def state(**how):
        loosening.state_fact(town.world, case, by="leder", **{"person": me, "reason": "sett vedtaket", **how})

    for how, code in (
        ({"name": "care", "value": "none", "reason": ""}, r"act\.no_reason"),
        ({"name": "care", "value": "borte"}, r"act\.value"),
        ({"name": "given_name", "value": "Ola"}, r"act\.value"),
        ({"name": "care", "value": "none", "person": "ukjent"}, r"act\.unknown_person"),
        ({"name": "care", "value": "none"}, r"act\.restricted"),
    ):
        with pytest.raises(acts.ActFault, match=code):
            state(**how)
    [held] = [one for one in loosening.standing(town.world, case) if one.kind == "care"]
    loosening.lift_restriction(town.world, case, by="leder", restriction=held.id, reason="gjelder søsteren")
    assert fate(town) == "permit"
    state(name="pregnant", value=True)
    assert subject(town).pregnant is True
    town.a.put("person", "p1", {"pregnant": False})
    town.sync(2)
    assert subject(town).pregnant is True, "whoever stated it stands for it"


def test_protection_that_the_register_still_states_nobody_here_lifts(tmp_path):
    register = {CHILD: {**FAMILY[CHILD], "protection": "confidential"}, MOTHER: FAMILY[MOTHER]}
    town = Town(tmp_path, register=register)
    town.sync(2)
    [held] = [one for one in loosening.standing(town.world, town.file.id) if one.kind == "protection"]
    with pytest.raises(acts.ActFault, match=r"act\.register_says"):
        loosening.lift_restriction(town.world, town.file.id, by="leder", restriction=held.id, reason="flyttet")
    register[CHILD] = FAMILY[CHILD]
    town.clock.forward(days=1)
    town.sync(2)
    assert subject(town).protection == "none"
    assert held.id in {one.id for one in loosening.standing(town.world, town.file.id)}, "an import lifts nothing"
    loosening.lift_restriction(
        town.world, town.file.id, by="leder", restriction=held.id, reason="opphevet i registeret"
    )
    assert not loosening.standing(town.world, town.file.id)
    town.world.store.close()


def test_a_withdrawal_is_not_lifted_and_an_unknown_restriction_is_not_there(town):
    town.sync(2)
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
    [held] = loosening.standing(town.world, town.file.id)
    for name, code in ((held.id, r"act\.not_lifted"), ("x", r"act\.unknown_restriction")):
        with pytest.raises(acts.ActFault, match=code):
            loosening.lift_restriction(town.world, town.file.id, by="leder", restriction=name, reason="feil")


def test_protection_told_in_one_case_closes_the_persons_other_cases_at_once(tmp_path):
    sister = synthetic_number(date(2013, 6, 11), 0)
    town = Town(tmp_path, register={**FAMILY, sister: {"birth_date": "2013-06-11", "parents": {MOTHER: "sole"}}})
    town.sync(2)
    other = {"subject": "p9", "status": "active", "opened_on": "2026-02-10"}
    town.a.put("person", "p9", {"number": sister, "role": "subject"}, case="c2")
    town.a.put("person", "p2b", {"number": MOTHER, "role": "guardian"}, case="c2")
    town.a.put("case", "c2", other, case="c2")
    town.a.put(
        "consent", "s2",
        {"decision": "given", "by": "p2b", "purpose": "bti", "services": ["health_station"], "valid_from": "2026-01-01"},
        case="c2", about=["p9"],
    )  # fmt: skip
    town.a.put("concern", "k9", {"raised_on": "2026-02-03", "summary": "søsteren"}, case="c2")
    town.sync(2)
    assert len(town.b.of("concern")) == 2
    town.a.put("person", "p2", {"protection": "strict"})
    town.sync()
    assert not town.b.of("concern"), "in the sister's case too, in the same round"
    town.world.store.close()


def test_an_answer_to_a_claim_about_a_person_needs_a_named_person(tmp_path):
    town = Town(tmp_path, asserts={"a": ("consent", "care")})
    town.a.put("person", "p1", {"care": "none"})
    town.sync(2)
    native = next(key[1] for key, one in town.b.records.items() if one["fields"].get("number") == CHILD)
    town.b.put("person", native, {"care": "care_order"})
    town.sync()
    [task] = [one for one in town.tasks() if one["kind"] == "claim"]
    settling.resolve(town.world, task["id"], "theirs", by="kari")
    assert "care" in next(entry for key, entry in town.file.of_kind("person") if key == child(town)).stated
    assert fate(town) == "deny", "child welfare decides now"
    town.world.store.close()


UNREADABLE = {
    "a consent": ("consent", "s1", {"valid_to": "2026-13-01"}),
    "a person": ("person", "p1", {"protection": "hemmelig"}),
    "another person": ("person", "p2", {"birth_date": "i fjor"}),
    "a whole case": ("case", "c1", {"opened_on": "i fjor"}),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_while_an_update_waits_unread_nothing_rests_on_what_it_may_have_changed(town, what):
    town.sync(2)
    kind, native, fields = UNREADABLE[what]
    before = dict(town.a.records[kind, native]["fields"])
    town.a.put(kind, native, fields)
    assert town.sync().quarantined == 1
    town.a.put("concern", "k1", {"summary": "skrevet imens"})
    town.sync(2)
    assert town.b.of("concern")[0]["summary"] == "leser lite", "the old consent carries nothing new"
    assert fate(town) == "deny"
    town.a.records[kind, native]["fields"] = before
    town.a.put(kind, native, {})
    town.sync(2)
    assert town.b.of("concern")[0]["summary"] == "skrevet imens", "and when it is read, it goes on"
    assert not town.file.unread


def test_a_record_that_comes_back_as_it_was_is_read_again(town):
    town.sync(2)
    good = town.a.records["consent", "s1"]
    town.a.put("consent", "s1", {"valid_to": "2026-13-01"})
    town.sync()
    assert fate(town) == "deny"
    town.a.records["consent", "s1"] = good
    town.a.log.append(("consent", "s1"))
    town.sync()
    assert fate(town) == "permit"
    with town.world.store.read() as tx:
        assert not tx.quarantined("a")


@pytest.mark.parametrize(
    ("kind", "fields", "held"),
    [
        ("consent", {"decision": "refused", "by": "p2", "purpose": "bti", "given": "i går"}, True),
        ("consent", {"decision": "refused", "by": "ukjent", "purpose": "bti"}, True),
        ("person", {"protection": "strict", "number": "123"}, True),
        ("person", {"role": "employee", "number": "123"}, False),
        ("goal", {"title": 7}, False),
    ],
)
def test_a_new_record_that_cannot_be_read_holds_what_it_may_close(town, kind, fields, held):
    town.sync(2)
    town.a.put(kind, "new", fields, case="c1")
    assert town.sync().quarantined == 1
    assert (fate(town) == "deny") is held


def test_an_item_of_which_an_update_waits_unread_goes_to_nobody_and_can_be_taken_back(town):
    town.sync(2)
    town.a.put("concern", "k1", {"summary": "nytt", "raised_on": "i fjor"})
    town.a.put("goal", "g1", {"title": "lese"}, case="c1")
    town.sync(2)
    assert town.b.of("goal")
    assert town.b.of("concern")[0]["summary"] == "leser lite"
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
    town.sync()
    assert not town.b.of("concern")


def test_a_family_that_the_register_tells_unreadably_is_unknown_until_it_is_read(tmp_path):
    register = dict(FAMILY)
    town = Town(tmp_path, register=register)
    town.sync(2)
    register[CHILD] = {**FAMILY[CHILD], "protection": "hemmelig"}
    town.clock.forward(days=1)
    town.sync(2)
    assert fate(town) == "deny"
    register[CHILD] = FAMILY[CHILD]
    town.clock.forward(days=1)
    town.sync(2)
    assert fate(town) == "permit"
    town.world.store.close()
