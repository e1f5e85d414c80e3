"""What a review found: ways in which something left, was lost or came back that should not have."""

import pytest

from gateway.run import acts
from gateway.run.life import sync
from tests.run.test_life import Town
from tests.run.toys import CHILD, FAMILY, MOTHER, Clock, Vendor, able, approve, make_world, tell_family


def concern_at(vendor):
    return next(key[1] for key in vendor.records if key[0] == "concern")


def withdraw(town, *services):
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER), services=services)
    town.sync(2)


def test_what_was_taken_back_for_one_service_is_not_given_again_by_taking_back_for_another(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    withdraw(town, "health_station")
    assert not town.b.of("concern")
    withdraw(town, "school")
    assert not town.b.of("concern")
    town.world.store.close()


def test_what_was_taken_back_whole_is_not_given_again_by_taking_back_a_part(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    withdraw(town)
    withdraw(town, "school")
    assert not town.b.of("concern")
    town.world.store.close()


def test_a_yes_from_a_system_that_may_not_assert_it_is_not_heard_for_ending_some_day(tmp_path):
    town = Town(tmp_path, consent=False, asserts={})
    told = {"decision": "given", "by": "p2", "purpose": "bti", "services": ["school", "health_station"],
            "valid_from": "2026-01-01", "given": "2026-01-01T10:00:00+01:00",
            "withdrawn": "2026-12-30T10:00:00+01:00"}  # fmt: skip
    town.a.put("consent", "s9", told, case="c1", about=["p1"])
    town.sync(2)
    assert not town.b.of("concern")
    town.world.store.close()


def test_a_consent_that_its_own_system_deletes_carries_nothing_until_a_person_has_looked(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    town.a.delete("consent", "s1")
    town.sync()
    town.a.put("concern", "k1", {"summary": "etter sletting"})
    town.sync(2)
    assert "etter sletting" not in str(town.b.of("concern"))
    assert [task["kind"] for task in town.tasks()] == ["deletion"]
    town.world.store.close()


def test_protection_told_by_anyone_closes_also_where_the_register_said_none(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    town.a.put("person", "p1", {"protection": "strict"})
    town.a.put("concern", "k1", {"summary": "etter sperring"})
    town.sync(2)
    assert "etter sperring" not in str(town.b.of("concern"))
    town.world.store.close()


def test_somebody_protected_stays_so_when_told_to_be_an_employee_or_deleted(tmp_path):
    town = Town(tmp_path)
    town.a.put("person", "p3", {"role": "other", "given_name": "Nils", "protection": "strict"}, case="c1")
    town.sync(2)
    assert not town.b.records
    town.a.put("person", "p3", {"role": "employee"})
    town.sync(2)
    assert not town.b.records
    town.a.delete("person", "p3")
    town.sync(2)
    assert not town.b.records
    town.world.store.close()


def test_a_register_that_says_otherwise_than_a_vendor_is_asked_once_a_round(tmp_path):
    asked = []

    def step(name):
        asked.append(name)
        assert asked.count("asked") < 10

    town = Town(tmp_path, step=step)
    town.sync(2)
    town.a.put("person", "p1", {"birth_date": "2014-05-03"})
    town.sync(2)
    town.world.store.close()


def test_what_the_receiver_wrote_in_a_field_of_ours_stays_its_own(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    town.b.put("concern", concern_at(town.b), {"summary": "deira eigne ord"})
    town.sync(2)
    withdraw(town)
    assert town.b.of("concern") == [{"summary": "deira eigne ord"}]
    town.world.store.close()


def test_a_record_that_is_moved_to_another_case_leaves_the_first_everywhere(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    town.a.put("person", "q1", {"number": MOTHER, "role": "subject"}, case="c2")
    town.a.put("case", "c2", {"subject": "q1", "status": "active"}, case="c2")
    town.sync(2)
    town.a.put("concern", "k1", {"summary": "flyttet"}, case="c2")
    town.sync(2)
    assert not town.b.of("concern")
    assert town.a.of("concern"), "it is where it was moved to"
    town.world.store.close()


def test_a_record_told_of_a_person_is_taken_away_again(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    child = next(key[1] for key, one in town.b.records.items() if one["fields"].get("number") == CHILD)
    town.b.put("goal", "g7", {"title": "fra b"}, about=[child])
    town.sync(2)
    assert town.a.of("goal")
    town.b.delete("goal", "g7")
    town.sync(2)
    assert not town.a.of("goal")
    town.world.store.close()


def test_what_its_system_brings_back_is_given_again(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    town.a.delete("concern", "k1")
    town.sync(2)
    assert not town.b.of("concern")
    town.a.put("concern", "k1", {"summary": "angret"})
    town.sync(3)
    town.clock.forward(days=1)
    town.sync(2)
    assert [one["summary"] for one in town.a.of("concern")] == ["angret"]
    assert [one["summary"] for one in town.b.of("concern")] == ["angret"]
    town.world.store.close()


@pytest.mark.parametrize("answer", ["ours", "theirs"])
def test_an_edit_that_races_a_deletion_is_a_stored_conflict_whoever_is_read_first(tmp_path, answer):
    town = Town(tmp_path)
    town.sync(2)
    town.a.delete("concern", "k1")
    town.b.put("concern", concern_at(town.b), {"summary": "nytt fra b"})
    town.sync(2)
    assert [one["summary"] for one in town.b.of("concern")] == ["nytt fra b"]
    assert [task["kind"] for task in town.tasks()] == ["deletion"]
    town.answer(answer)
    town.sync(3)
    left = {"ours": ["nytt fra b"], "theirs": []}[answer]
    assert [one["summary"] for one in town.b.of("concern")] == left
    assert [one["summary"] for one in town.a.of("concern")] == left
    town.world.store.close()


def test_a_record_about_somebody_unknown_waits_and_is_not_taken_to_be_about_the_child(tmp_path):
    town = Town(tmp_path)
    town.a.put("concern", "k2", {"raised_on": "2026-03-03", "summary": "om en annen"}, case="c1", about=["p9"])
    town.sync(2)
    assert "om en annen" not in str(town.b.of("concern"))
    town.world.store.close()


def test_the_gate_is_asked_about_whom_a_record_is_about_now_and_what_it_counts_as(tmp_path):
    town = Town(tmp_path)
    town.a.put("person", "p3", {"role": "other", "given_name": "Nabo"}, case="c1")
    town.sync(2)
    town.a.put("concern", "k1", {"summary": "om naboen"}, about=["p1", "p3"], category="measure")
    town.sync(2)
    [(_, entry)] = town.file.of_kind("concern")
    assert (len(entry.about), entry.category) == (2, "measure")
    town.world.store.close()


def test_a_part_that_waits_for_another_record_comes_when_that_has_come(tmp_path):
    town = Town(tmp_path)
    town.a.put(
        "case", "c1", {}, parts=[{"kind": "measure", "id": "m1", "fields": {"title": "tiltak", "goals": ["g1"]}}]
    )
    town.sync(2)
    town.a.put("goal", "g1", {"title": "mål"}, case="c1")
    town.sync(2)
    assert [entry.fields["title"] for _, entry in town.file.of_kind("measure")] == ["tiltak"]
    town.world.store.close()


def test_a_part_is_not_lost_beside_a_record_that_is_not_whole(tmp_path):
    town = Town(tmp_path)
    town.a.put("case", "c1", {}, parts=[{"kind": "goal", "id": "g1", "fields": {"title": "mål"}}])
    town.a.put("concern", "bad", {"summary": "uten dato"}, case="c1")
    assert town.sync(2).quarantined == 0
    assert town.file.of_kind("goal")
    town.world.store.close()


def test_a_person_does_not_become_another_whom_we_know(tmp_path):
    town = Town(tmp_path)
    town.sync(2)
    town.a.put("person", "p1", {"number": MOTHER})
    town.sync(2)
    assert town.file.items[town.file.case().fields["subject"]].fields["number"] == CHILD
    with town.world.store.read() as tx:
        assert [held.code for held in tx.quarantined("a")] == ["match.person_ambiguous"]
    town.world.store.close()


def three(folder, seed=1, without=(), **more):
    """A school (``a``), child welfare (``c``) and a health station (``b``)."""
    services = {"a": "school", "c": "child_welfare", "b": "health_station"}
    kept = more.pop("kept", None) or {name: Vendor(name) for name in services}
    can = more.pop("can", {})
    vendors = {name: (services[name], kept[name], can.get(name, able())) for name in services if name not in without}
    world = make_world(folder, vendors=vendors, register=FAMILY, asserts={"a": ("consent",)}, seed=seed, **more)
    return world, kept


def rounds(world, clock, times=2):
    for _ in range(times):
        sync(world)
        clock.forward(hours=1)


def test_a_document_holds_nothing_of_the_case_that_came_from_a_flow_in_shadow(tmp_path):
    clock = Clock()
    world, kept = three(tmp_path, clock=clock, can={"b": able(documents=True)})
    approve(world, ("a", "b"), ("register", "b"), ("a", "c"), ("register", "c"), ("c", "a"))
    tell_family(kept["a"], services=("school", "health_station", "child_welfare"))
    rounds(world, clock)
    native = next(key[1] for key in kept["c"].records if key[0] == "case")
    kept["c"].put("case", native, {"level": {"code": "fra-barnevernet", "rank": 3}})
    rounds(world, clock, 1)
    sent, adapter = [], world.adapters["b"]
    deliver = adapter.deliver
    adapter.deliver = lambda release, key: sent.append(release.fields) or deliver(release, key)
    kept["a"].put("concern", "k1", {"raised_on": "2026-02-01"}, case="c1")
    rounds(world, clock)
    assert sent
    assert "fra-barnevernet" not in str(sent)
    world.store.close()


@pytest.mark.parametrize("documents", [False, True])
@pytest.mark.parametrize("open_flow", [True, False])
def test_what_two_told_of_their_own_accord_leaves_by_the_one_that_may_tell_it(tmp_path, documents, open_flow):
    clock = Clock()
    world, kept = three(tmp_path, clock=clock, can={"b": able(documents=documents)})
    tell_family(kept["c"], consent=False)
    sync(world)
    tell_family(kept["a"])
    sync(world)  # both have the log, child welfare's was read first, and nothing flows yet
    approve(world, ("register", "b"), *([("a", "b")] if open_flow else []), ("c", "a"), ("a", "c"))
    kept["a"].put("concern", "k1", {"raised_on": "2026-02-01", "summary": "fra skolen"}, case="c1")
    kept["c"].put("concern", "k2", {"raised_on": "2026-02-02", "summary": "fra barnevernet"}, case="c1")
    clock.forward(hours=1)
    rounds(world, clock, 3)
    assert [one["summary"] for one in kept["b"].of("concern")] == (["fra skolen"] if open_flow else [])
    assert len(kept["b"].of("case")) == int(open_flow)
    world.store.close()


def test_what_a_system_wrote_that_is_gone_from_the_settings_does_not_become_its_items_owners(tmp_path):
    clock = Clock()
    world, kept = three(tmp_path, clock=clock)
    approve(world)
    tell_family(kept["a"], services=("health_station", "child_welfare"))
    kept["a"].put("consent", "s1", {"from_services": ["school"]})
    kept["a"].put("concern", "k1", {"raised_on": "2026-02-01", "summary": "s"}, case="c1")
    rounds(world, clock)
    native = concern_at(kept["c"])
    kept["c"].put("concern", native, {"summary": "fra barnevernet"})
    rounds(world, clock)
    assert kept["b"].of("concern") == [{"raised_on": "2026-02-01", "summary": "s"}]
    world.store.close()
    world, _ = three(tmp_path, seed=2, clock=clock, kept=kept, without=("c",))
    kept["a"].put("concern", "k1", {"area": "reading"})
    clock.forward(days=1)
    rounds(world, clock)
    assert kept["b"].of("concern") == [{"raised_on": "2026-02-01", "summary": "s", "area": "reading"}]
    world.store.close()
