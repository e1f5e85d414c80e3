"""What a person says at the counter is right before it is kept: a slip stops nothing, and restricts nobody for good."""

import pytest

from gateway.run import acts
from tests.run.test_life import Town


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    made.sync(2)
    yield made
    made.world.store.close()


def held(town, case):
    return [one.kind for one in town.world.store.vault.restrictions(cases=[case])]


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ({"valid_from": "2026-13-01"}, "from"),
        ({"valid_to": "i morgen"}, "to"),
        ({"valid_from": "2027-01-01", "valid_to": "2026-01-01"}, "to"),
        ({"service": "skolen"}, "service"),
    ],
)
def test_a_block_that_would_shut_out_nothing_is_refused_and_stops_no_round(town, told, path):
    empty = {"service": None, "valid_from": None, "valid_to": None}
    with pytest.raises(acts.ActFault) as caught:
        acts.set_block(town.world, town.file.id, by="kari", **{**empty, **told})
    assert (caught.value.code, caught.value.where) == ("act.value", path)
    assert held(town, town.file.id) == []
    writes = town.b.writes
    town.a.put("concern", "k9", {"raised_on": "2026-03-01", "summary": "etterpå"}, case="c1")
    town.sync(2)
    assert town.b.writes > writes


def test_a_no_from_somebody_who_is_not_in_the_case_closes_nothing(town):
    said = {"by": "nobody", "purpose": "bti", "decision": "refused", "form": "oral"}
    with pytest.raises(acts.ActFault, match=r"act\.unknown_person"):
        acts.record_consent(town.world, town.file.id, by="kari", unit="a-unit", fields=said)
    assert held(town, town.file.id) == []


def test_nothing_is_kept_about_a_case_that_is_not_there(town):
    with pytest.raises(acts.ActFault, match=r"act\.unknown_case"):
        acts.set_block(town.world, "none", by="kari", service=None, valid_from=None, valid_to=None)
    assert held(town, "none") == []


def test_a_yes_that_ends_before_it_begins_is_refused(town):
    mother = next(item for item, one in town.file.of_kind("person") if one.fields.get("role") == "guardian")
    said = {"by": mother, "purpose": "bti", "decision": "given", "services": ["school"], "form": "oral",
            "valid_from": "2027-01-01", "valid_to": "2026-01-01"}  # fmt: skip
    with pytest.raises(acts.ActFault, match=r"act\.value"):
        acts.record_consent(town.world, town.file.id, by="kari", unit="a-unit", fields=said)
