"""Writing to a server: whole cases in one Bundle, conditions and their races, conflicts, half answers."""

import threading
import time

import pytest
from children import children
from fhir_journal import AROUND, flat, known, living, one_child, whole, writer, writes
from gateway_fhir_r4.compose import CASE_TAG
from gateway_fhir_r4.standin import Abilities, Broken, StandIn
from msgspec.structs import replace

from gateway.sdk import Receipt, Refused, Uncertain, Unreachable


@pytest.fixture
def journal(server: StandIn) -> StandIn:
    server.put(*AROUND)
    return server


def test_a_case_is_one_transaction_and_every_item_gets_its_own_id_and_version(journal) -> None:
    unit = one_child(1, "goal", "measure", "concern", "consent")
    receipt = writer(journal).deliver(*whole(unit))
    assert {one.state for one in flat(receipt)} == {"accepted"}
    assert writes(journal) == ["POST"]
    there = living(journal)
    assert {one.version for one in flat(receipt)} == {"1"}
    assert receipt.native_id == receipt.parts[0].native_id, "a patient has one case, which goes by the patient's id"
    assert {"/".join(str(one.native_id).split("/")[:2]) for one in receipt.parts} <= there.keys()
    tags = [{"system": CASE_TAG, "code": unit.root.case}, {"system": "urn:kommune", "code": "bti"}]
    assert all(one["meta"]["tag"] == tags for one in there.values())


def test_a_hundred_cases_are_one_bundle(journal) -> None:
    units = list(children(100))
    begun = time.process_time()
    receipts = writer(journal).deliver_batch([whole(one) for one in units])
    assert time.process_time() - begun < 3, "a second, the stand-in's own time included, and more on a slow machine"
    assert {one.state for receipt in receipts for one in flat(receipt)} == {"accepted"}
    assert writes(journal) == ["POST"]
    assert len(living(journal, "CarePlan/")) >= 100


def test_the_same_key_twice_is_one_effect_whatever_was_written_meanwhile(journal) -> None:
    unit = one_child(3, "goal", "assignment")
    first = writer(journal).deliver(*whole(unit))
    before = living(journal)
    again = writer(journal).deliver(*whole(unit))
    assert [one.native_id for one in flat(again)] == [one.native_id for one in flat(first)]
    assert living(journal) == before


def test_a_child_who_is_there_is_known_by_the_number_and_what_stands_there_stays(journal) -> None:
    unit = one_child(1, "goal")
    number = unit.releases[1].fields["number"]
    journal.put({
        "resourceType": "Patient", "id": "p", "name": [{"family": "Annen"}],
        "identifier": [{"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": number}],
    })  # fmt: skip
    receipt = writer(journal).deliver(*whole(unit))
    assert (receipt.native_id, receipt.parts[0].native_id) == ("Patient/p", "Patient/p")
    assert living(journal)["Patient/p"]["name"] == [{"family": "Annen"}]
    assert "number" in receipt.parts[0].kept
    assert "family_name" not in receipt.parts[0].kept
    assert not [one for one in journal.asked if number in one.target], "a number is in no address"


def test_two_children_with_one_number_ask_a_person(journal) -> None:
    unit = one_child(1)
    twin = {"resourceType": "Patient", "identifier": [
        {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": unit.releases[1].fields["number"]}]}  # fmt: skip
    journal.put({**twin, "id": "p"}, {**twin, "id": "q"})
    receipt = writer(journal).deliver(*whole(unit))
    assert (receipt.state, receipt.code) == ("refused", "fhir.outcome.multiple-matches")


def test_a_change_is_written_on_its_version_and_an_older_one_is_a_conflict(journal) -> None:
    unit = one_child(1, "goal")
    client = writer(journal)
    receipt = client.deliver(*whole(unit))
    change = known(unit, receipt, goal={"title": "Sov heile natta"}, case={"opened_on": "2026-02-03"})
    told = client.deliver(change, "k2")
    assert (told.state, told.version, told.parts[0].version) == ("accepted", "2", "2")
    late = known(unit, receipt, goal={"title": "Noko anna"})
    before = living(journal)
    told = client.deliver(late, "k3")
    assert (told.state, told.conflict, told.code) == ("refused", True, "fhir.changed")
    assert living(journal) == before


def test_a_change_whose_answer_was_lost_is_known_again_by_what_stands_there(journal) -> None:
    unit = one_child(1, "goal")
    client = writer(journal)
    receipt = client.deliver(*whole(unit))
    change = known(unit, receipt, goal={"title": "Sov heile natta"})
    journal.troubles.order({"faults": [{"what": "lost", "on": "write"}]})
    with pytest.raises(Uncertain):
        client.deliver(change, "k2")
    told = client.deliver(change, "k2")
    assert (told.state, told.parts[0].version) == ("accepted", "2")


def test_somebody_who_writes_between_the_look_and_the_write_is_a_conflict(journal) -> None:
    unit = one_child(1, "goal")
    client = writer(journal)
    receipt = client.deliver(*whole(unit))
    goal = next(one for one in living(journal, "Goal/").values())
    journal.between = lambda: journal.put({**goal, "note": [{"text": "x"}]})
    told = client.deliver(known(unit, receipt, goal={"title": "Sov heile natta"}), "k2")
    assert (told.state, told.conflict) == ("refused", True)


@pytest.mark.parametrize("conditional", [True, False])
def test_two_at_once_make_one_of_each(journal, conditional) -> None:
    journal.able = Abilities(conditional_create=conditional)
    unit = one_child(1, "goal", "measure")
    other = writer(journal)
    first: list[Receipt] = []
    journal.between = lambda: first.append(other.deliver(*whole(unit)))
    second = writer(journal).deliver(*whole(unit))
    doubled = [one for one in second.parts if one.native_id is None]
    assert {(one.state, one.code) for one in doubled} == {("uncertain", "fhir.duplicate")}, "of people a person looks"
    assert {one.kind for one, told in zip(unit.releases[1:], second.parts, strict=True) if told in doubled} == {
        "person"
    }
    for kind in ("CarePlan", "Goal", "Task"):
        idents = {one.native_id for one in second.parts if str(one.native_id).startswith(f"{kind}/")}
        assert len(living(journal, f"{kind}/")) == len(idents) + (kind == "CarePlan"), kind
    named = [
        {one.native_id for one in flat(receipt) if str(one.native_id).startswith(("Goal/", "Task/"))}
        for receipt in (first[0], second)
    ]
    assert named[0] == named[1], "both name the one that is left"


def test_many_threads_with_one_key_make_one_of_each(journal) -> None:
    unit = one_child(1, "goal", "measure")
    receipts: list[Receipt] = []
    threads = [
        threading.Thread(target=lambda client: receipts.append(client.deliver(*whole(unit))), args=(writer(journal),))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 6
    assert len({one.native_id for one in receipts}) == 1
    assert len(living(journal, "Patient/")) == 1
    assert len({tuple(one.native_id for one in receipt.parts) for receipt in receipts}) == 1


def test_a_case_that_cannot_be_written_is_refused_alone(journal) -> None:
    good, bad, other = one_child(1), one_child(2, "goal"), one_child(3)
    goal = next(one for one in bad.releases if one.kind == "goal")
    wrong = replace(goal, fields={**goal.fields, "target_on": "2026-13-01"}, changed=(*goal.changed, "target_on"))
    parts = tuple(wrong if one is goal else one for one in bad.root.parts)
    told = writer(journal).deliver_batch([whole(good), (replace(bad.root, parts=parts), bad.key), whole(other)])
    assert [one.state for one in told] == ["accepted", "refused", "accepted"]
    assert told[1].code == "fhir.outcome.structure"
    assert len(living(journal, "CarePlan/")) >= 2
    assert not [one for one in living(journal).values() if one["meta"]["tag"][0]["code"] == bad.root.case]


def test_a_success_that_holds_an_error_is_a_refusal_of_the_part_or_of_all(journal) -> None:
    unit = one_child(1, "goal", "measure")
    client = writer(journal)
    journal.faults.append(Broken(half=True, on="bundle"))
    told = client.deliver(*whole(unit))
    states = {one.state for one in flat(told)}
    assert states == {"accepted", "refused"}
    assert {one.code for one in flat(told) if one.state == "refused"} == {"fhir.outcome.business-rule"}


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Broken(outcome="business-rule"), "refused"),
        (Broken(outcome="timeout"), Uncertain),
        (Broken(outcome="throttled", status=429), Unreachable),
        (Broken(outcome="lock-error", status=409), Unreachable),
        (Broken(status=500), Uncertain),
        (Broken(body='{"resourceType": "Bundle", "type": "transaction-response"}'), Uncertain),
        (Broken(body="no"), Uncertain),
        (Broken(wreck="drop"), Uncertain),
        (Broken(outcome="information", severity="information"), Uncertain),
    ],
)
def test_what_a_server_answers_to_a_bundle_says_what_to_do_next(journal, fault, outcome) -> None:
    client = writer(journal)
    journal.faults.append(replace(fault, on="bundle"))
    unit = one_child(1, "goal", "measure")
    if outcome == "refused":
        assert client.deliver(*whole(unit)).state == outcome
    else:
        with pytest.raises(outcome) as caught:
            client.deliver(*whole(unit))
        assert type(caught.value) is outcome


@pytest.mark.parametrize("able", [Abilities(transaction=False), Abilities(transaction=False, batch=False)])
def test_a_server_without_transactions_gets_each_thing_after_what_it_names(journal, able) -> None:
    journal.able = able
    unit = one_child(1, "goal", "measure", "consent")
    client = writer(journal)
    receipt = client.deliver(*whole(unit))
    assert {one.state for one in flat(receipt)} == {"accepted"}
    before = living(journal)
    assert [one.native_id for one in flat(writer(journal).deliver(*whole(unit)))] == [
        one.native_id for one in flat(receipt)
    ]
    assert living(journal) == before
    change = known(unit, receipt, goal={"title": "Sov heile natta"})
    assert client.deliver(change, "k2").parts[0].version == "2"


def test_without_transactions_one_part_is_refused_alone_and_what_names_it_waits(journal) -> None:
    journal.able = Abilities(transaction=False, batch=False)
    unit = one_child(1, "goal", "consent")
    goal = next(one for one in unit.releases if one.kind == "goal")
    mother = next(one for one in unit.releases if one.id.startswith("mother"))
    wrong = {
        goal.id: {"target_on": "2026-13-01"},
        mother.id: {"birth_date": "2026-13-01"},
    }
    parts = tuple(
        replace(one, fields={**one.fields, **wrong.get(one.id, {})}, changed=(*one.changed, *wrong.get(one.id, {})))
        for one in unit.root.parts
    )
    receipt = writer(journal).deliver(replace(unit.root, parts=parts), unit.key)
    told = dict(zip([one.id for one in parts], receipt.parts, strict=True))
    assert receipt.state == "accepted"
    assert (told[goal.id].state, told[goal.id].conflict) == ("refused", False)
    assert told[mother.id].state == "refused"
    consent = next(one for one in parts if one.kind == "consent")
    assert (told[consent.id].code, told[consent.id].conflict) == ("fhir.not_yet", True)


@pytest.mark.parametrize(
    ("able", "code"),
    [
        (Abilities(writes=False), "fhir.lacks"),
        (Abilities(types=("Patient", "CarePlan")), "fhir.lacks"),
        (Abilities(), None),
    ],
)
def test_what_the_server_does_not_offer_is_told_and_not_asked_for(journal, able, code) -> None:
    journal.able = able
    client = writer(journal)
    assert client.health() == code
    journal.asked.clear()
    receipt = client.deliver(*whole(one_child(1, "goal", "measure")))
    if code is not None:
        assert (receipt.state, receipt.code) == ("refused", "fhir.not_offered")
        assert writes(journal) == []
    client.fetch(None)
    assert not [one for one in journal.asked if able.types and one.path.partition("/fhir/")[2] == "Goal"]


def test_a_history_that_the_server_lacks_is_told(journal) -> None:
    journal.able = Abilities(history=False)
    client = writer(journal, feed="history", resources=["Goal"])
    assert client.health() == "fhir.no_history"
    page = client.fetch(None)
    while page.more:
        page = client.fetch(page.cursor)
    assert not [one for one in journal.asked if one.path.endswith("_history")]


def test_a_read_only_record_is_not_written_to(journal) -> None:
    client = writer(journal, writes=[])
    assert client.capabilities.writes == frozenset()
    assert not client.capabilities.documents
    told = client.deliver(*whole(one_child(1)))
    assert (told.state, told.code) == ("refused", "adapter.cannot_write")
    with pytest.raises(Refused):
        client.retract(one_child(1).root, "k")
