"""Taking back from a record: what the gateway made goes, what was there before stays."""

from typing import Any

import pytest
from fhir_journal import AROUND, flat, living, one_child, whole, writer
from gateway_fhir_r4.adapter import FhirR4
from gateway_fhir_r4.standin import Abilities, StandIn
from msgspec.structs import replace

from gateway.sdk import Receipt, Release, Uncertain


@pytest.fixture
def journal(server: StandIn) -> StandIn:
    server.put(*AROUND)
    return server


def retraction(release: Release, told: Receipt, case: str | None) -> Release:
    return replace(
        release, fields={}, changed=(), parts=(), native_id=told.native_id, version=told.version, case_native_id=case,
        retract_all=True,
    )  # fmt: skip


@pytest.mark.parametrize("deletes", [True, False])
def test_what_is_taken_back_is_deleted_or_left_empty_as_an_error(journal, deletes) -> None:
    journal.able = Abilities(deletes=deletes)
    unit = one_child(1, "goal", "measure", "concern", "consent")
    client = writer(journal)
    receipt = client.deliver(*whole(unit))
    for release, told in list(zip(unit.releases, flat(receipt), strict=True))[::-1]:
        for _ in range(2):
            assert client.retract(retraction(release, told, receipt.native_id), "k9").state == "accepted"
    left = living(journal)
    if deletes:
        assert left == {}
    for resource in left.values():
        said = {**resource, "meta": None, "identifier": None}
        assert not any(str(value) in str(said) for one in unit.releases for name, value in one.fields.items()
                       if name in {"title", "summary", "description", "family_name", "phone", "closing_note"})  # fmt: skip
    reading = [one for raw in _all(client) for one in client.read(raw)]
    assert all(one.deleted for one in reading if one.kind != "person")


def _all(client: FhirR4) -> list[Any]:
    page = client.fetch(None)
    records = list(page.records)
    while page.more:
        page = client.fetch(page.cursor)
        records.extend(page.records)
    return records


def test_one_who_was_there_before_is_not_taken_away(journal) -> None:
    unit = one_child(1)
    number = unit.releases[1].fields["number"]
    journal.put({"resourceType": "Patient", "id": "p", "identifier": [
        {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": number}]})  # fmt: skip
    client = writer(journal)
    receipt = client.deliver(*whole(unit))
    client.retract(retraction(unit.releases[1], receipt.parts[0], receipt.native_id), "k9")
    assert "identifier" in living(journal)["Patient/p"]


def test_a_case_whose_answer_was_lost_is_taken_back_with_all_that_was_made_for_it(journal) -> None:
    unit = one_child(1, "goal", "measure")
    client = writer(journal)
    client.health()
    journal.troubles.order({"faults": [{"what": "lost", "on": "write"}]})
    with pytest.raises(Uncertain):
        client.deliver(*whole(unit))
    found = client.read_back(unit.key).records[0]
    assert (found.kind, found.id.partition("/")[0]) == ("case", "Patient")
    told = Receipt(key="k", state="accepted", native_id=found.id, version=found.version)
    client.retract(retraction(unit.root, told, found.id), "k9")
    assert {name.partition("/")[0] for name in living(journal)} <= {"Patient", "RelatedPerson", "Practitioner"}
    assert client.read_back("never").records == []


def test_fields_are_taken_back_and_the_rest_stays(journal) -> None:
    unit = one_child(1, "goal")
    client = writer(journal)
    receipt = client.deliver(*whole(unit))
    at, goal = next((at, one) for at, one in enumerate(unit.releases) if one.kind == "goal")
    told = flat(receipt)[at]
    back = replace(retraction(goal, told, receipt.native_id), retract_all=False, retracts=("title",))
    assert client.retract(back, "k9").version == "2"
    resource = living(journal)[str(told.native_id)]
    assert "text" not in resource["description"]
    assert client.retract(back, "k9").version == "2", "once is enough"
