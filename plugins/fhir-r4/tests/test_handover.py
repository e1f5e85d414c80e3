"""A hand-over written as a task is read back equal, and a team lists who holds and nobody else."""

from typing import Any

import pytest
from gateway_fhir_r4.handover import READ, WRITTEN, members, task
from gateway_fhir_r4.read import read
from gateway_fhir_r4.rules import Rules

from gateway.sdk import Reading

CODE = "urn:klepp|stafettpinne"
RULES = Rules(handovers={CODE: "relay_holder"}, services={"Organization/health": "health_station"})


def assignment(state: str, **more: Any) -> Reading:
    fields = {"role": "relay_holder", "state": state, "holder": "Practitioner/n1", "holder_name": "Nina Berg",
              "offered_on": "2026-11-02", **more}  # fmt: skip
    return Reading(kind="assignment", id="Task/t1", case="Patient/p1", about=["Patient/p1"], fields=fields)


@pytest.mark.parametrize("state", WRITTEN)
@pytest.mark.parametrize("more", [{}, {"since": "2026-11-03", "until": "2026-11-09", "family_wish": "gjerne Nina"}])
def test_what_is_written_is_read_back_equal(state: str, more: dict[str, str]) -> None:
    told = assignment(state, **more)
    (found,) = read(task(told, CODE), RULES)
    assert (found.kind, found.id, found.case, dict(found.fields)) == ("assignment", told.id, told.case, told.fields)


def test_every_state_of_a_task_has_a_meaning_and_a_claim_is_never_written() -> None:
    assert {state for state in READ.values() if state} == set(WRITTEN)
    with pytest.raises(KeyError):
        task(assignment("claimed"), CODE)


def test_a_task_of_another_code_is_a_measure_still() -> None:
    told = {**task(assignment("offered"), CODE), "code": {"text": "Lesetrening"}}
    (found,) = read(told, RULES)
    assert found.kind == "measure"


def test_a_task_made_in_error_is_a_deletion() -> None:
    (found,) = read({**task(assignment("offered"), CODE), "status": "entered-in-error"}, RULES)
    assert found.deleted


def test_a_team_lists_who_holds_and_nobody_who_was_only_asked() -> None:
    held = assignment("accepted", unit="Organization/health", since="2026-11-03")
    rest = [assignment(state) for state in WRITTEN if state != "accepted"]
    made = members([held, *rest], {"relay_holder": CODE})
    assert made == [
        {
            "role": [{"coding": [{"system": "urn:klepp", "code": "stafettpinne"}]}],
            "member": {"reference": "Practitioner/n1", "display": "Nina Berg"},
            "onBehalfOf": {"reference": "Organization/health"},
            "period": {"start": "2026-11-03"},
        }
    ]
    team = {"resourceType": "CareTeam", "id": "c1", "subject": {"reference": "Patient/p1"}, "participant": made}
    (found,) = read(team, Rules(coordinator_roles={CODE: "relay_holder"}))
    assert (found.fields["role"], found.fields["holder_name"]) == ("relay_holder", "Nina Berg")
    assert members([held], {}) == []
