"""The API does what its description says, and the description is made from what the API does."""

import copy
import os
import re

import pytest
from openapi_spec_validator import validate

from gateway.run.rights import ACTS
from gateway.run.settings_api import SCOPES
from gateway.web.api.call import Operation
from gateway.web.api.described import MEANINGS, document, statuses
from gateway.web.api.operations import OPERATIONS
from tests.web.described import faults
from tests.web.programs import open_calls


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with open_calls(tmp_path_factory.mktemp("described") / "town") as opened:
        yield opened


def asked(api, told, *, examples, only=None, by="liv", seed=0):
    """What schemathesis finds, asking as a leader."""
    known = {"case": api.case, "item": api.house.item("concern"), "source": "skole", "target": "helse"}
    return faults(
        told, f"{api.origin}/api/v1", token=lambda: api.authority.token("id-desk", sub=f"sub-{by}"), known=known,
        examples=examples, only=only, seed=seed,
    )  # fmt: skip


def test_the_description_is_valid_and_served_to_everybody(api):
    told = api.http.get("/openapi.json").json()
    validate(told)
    assert told == document(server=api.origin)
    assert told["openapi"].startswith("3.1")


def test_every_operation_has_a_scope_and_a_right_that_are_known_and_words_of_its_own():
    assert len({one.id for one in OPERATIONS}) == len(OPERATIONS)
    for one in OPERATIONS:
        assert isinstance(one, Operation)
        assert one.scope in {"", *SCOPES}
        assert one.act in {"", *ACTS}
        assert set(statuses(one)) <= set(MEANINGS)
        assert one.call.__doc__
        assert not re.search(r"number|name|fnr", one.path)
    assert set(SCOPES) == {one.scope for one in OPERATIONS} - {""}


def planted(told, name):
    """The description with something in it that the API does not do."""
    told = copy.deepcopy(told)
    flow = told["paths"]["/flows/{source}/{target}"]["get"]["responses"]
    if name == "a status that is not told of":
        del flow["404"]
    if name == "another form of the answer":
        told["components"]["schemas"]["Sending"]["properties"]["paused"] = {"type": "string"}
    return told


@pytest.mark.parametrize(
    ("name", "only"),
    [("a status that is not told of", "show_flow"), ("another form of the answer", "show_sending")],
)
def test_what_is_planted_in_the_description_is_found(api, name, only):
    found, _ = asked(api, planted(document(), name), only={only}, examples=3)
    assert found


def test_nothing_is_found(api):
    light = {one.id for one in OPERATIONS if not one.raw}  # a scenario has too many forms for a few seconds
    found, seen = asked(api, document(), examples=2, only=light)
    assert found == {}
    assert {200, 400, 404, 422} <= set(seen)


@pytest.mark.campaign
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("by", ["liv", "ida", "kari", "dag"])
def test_nothing_is_found_by_many_calls_of_each_role(api, by):
    """``BTI_API_EXAMPLES`` calls of each operation, right and wrong (200)."""
    api.house.town.clock.forward(hours=1)
    found, seen = asked(api, document(), examples=int(os.environ.get("BTI_API_EXAMPLES", "200")), by=by, seed=1)
    assert found == {}, found
    print(by, dict(sorted(seen.items())))  # noqa: T201 - what was tried is the figure
