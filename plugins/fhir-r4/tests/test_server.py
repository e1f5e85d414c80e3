"""Fetching: pages, times, conditions, outcomes and deletions, against our own stand-in."""

import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fhir_bench import CHILD, OPTIONS, adapter, consent, goal, nurse, patient, plan, task, team
from gateway_fhir_r4.adapter import FhirR4
from gateway_fhir_r4.standin import START, Broken, StandIn
from gateway_fhir_r4.write import write
from msgspec import structs

from gateway.sdk import Misconfigured, Raw, Refused, Unreachable


def drain(reader: FhirR4, cursor: str | None = None) -> tuple[list[Raw], str]:
    """All that a round gives, and where it stands after."""
    records: list[Raw] = []
    for _ in range(100):
        page = reader.fetch(cursor)
        records.extend(page.records)
        cursor = page.cursor
        if not page.more:
            return records, cursor
    raise AssertionError("a round that does not end")


def names(records: list[Raw]) -> list[str]:
    return [f"{one.kind}/{one.id}" for one in records]


def everything() -> list[dict[str, object]]:
    return [patient(), nurse(), plan(), team(), goal(), task(), consent()]


def test_a_first_round_gives_everything_in_the_order_of_references(server) -> None:
    server.put(*reversed(everything()))
    records, _ = drain(adapter(server.url, **OPTIONS))
    assert names(records) == [
        "Practitioner/n1", "Patient/p1", "CarePlan/c1", "CareTeam/t1", "Goal/g1", "Task/k1", "Consent/s1",
    ]  # fmt: skip


def test_a_case_brings_its_child_and_a_team_its_coordinator(server) -> None:
    server.put(*everything())
    reader = adapter(server.url, **OPTIONS)
    read = {f"{raw.kind}/{raw.id}": reader.read(raw) for raw in drain(reader)[0]}
    assert [(one.kind, one.case) for one in read["CarePlan/c1"]] == [("person", "Patient/p1"), ("case", "Patient/p1")]
    assert [one.id for one in read["CareTeam/t1"] if one.kind == "person"] == ["Practitioner/n1"]


def test_a_second_round_asks_only_for_what_is_new_and_a_little_before(server) -> None:
    server.put(*everything())
    reader = adapter(server.url, **OPTIONS)
    _, cursor = drain(reader)
    again, cursor = drain(reader, cursor)
    assert len(again) == 7
    server.put(goal(id="g2"))
    server.asked.clear()
    records, _ = drain(reader, cursor)
    assert "Goal/g2" in names(records)
    assert all("_lastUpdated" in one.query for one in server.asked if one.path.endswith(("Goal", "Task")))


def test_a_row_that_becomes_visible_late_is_still_read(server) -> None:
    """The overlap reaches back over rows that were written before the newest that was seen."""
    server.put(*(goal(id=f"g{at}") for at in range(4)))
    late = server.records._all.pop(2)
    reader = adapter(server.url, resources=["Goal"])
    _, cursor = drain(reader)
    server.records._all.insert(2, late)
    assert "Goal/g2" in names(drain(reader, cursor)[0])
    blind = adapter(server.url, resources=["Goal"], overlap=0)
    assert "Goal/g2" not in names(drain(blind, cursor)[0])


def test_pages_follow_links_to_the_end(server) -> None:
    server.put(*(goal(id=f"g{at}") for at in range(25)))
    records, _ = drain(adapter(server.url, resources=["Goal"], count=4))
    assert len(set(names(records))) == 25
    assert len([one for one in server.asked if one.path == "/fhir/Goal"]) == 8


def test_what_changes_between_two_pages_makes_no_other_resource_slip_over_the_border(server) -> None:
    server.put(*(goal(id=f"g{at}") for at in range(12)))
    reader = adapter(server.url, resources=["Goal"], count=4, overlap=0)
    page = reader.fetch(None)
    server.put(goal(id="g0"), goal(id="g1"), goal(id="g3"))
    records, _ = drain(reader, page.cursor)
    assert sorted(names(records)) == sorted(f"Goal/g{at}" for at in (0, 1, *range(3, 12)))


def test_resources_of_one_moment_are_read_by_the_server_s_links(server) -> None:
    server.put(*(goal(id=f"g{at}") for at in range(9)))
    server.records._all = [structs.replace(one, at=START) for one in server.records._all]
    for one in server.records._all:
        one.resource["meta"]["lastUpdated"] = START.isoformat()
    records, _ = drain(adapter(server.url, resources=["Goal"], count=4))
    assert sorted(names(records)) == [f"Goal/g{at}" for at in range(9)]


def test_a_round_can_be_taken_up_by_another_adapter_at_any_page(server) -> None:
    server.put(*(goal(id=f"g{at}") for at in range(6)), *(task(id=f"k{at}") for at in range(3)))
    cursor, found, more = None, [], True
    while more:
        page = adapter(server.url, resources=["Goal", "Task"], count=2).fetch(cursor)
        found.extend(names(page.records))
        cursor, more = page.cursor, page.more
    assert sorted(set(found)) == sorted(found)
    assert len(found) == 9


def test_nothing_new_costs_a_304(server) -> None:
    server.put(goal())
    reader = adapter(server.url, resources=["Goal"])
    _, cursor = drain(reader)
    records, cursor = drain(reader, cursor)
    assert names(records) == ["Goal/g1"]
    server.asked.clear()
    records, cursor = drain(reader, cursor)
    assert records == []
    assert "if-none-match" in server.asked[0].headers
    server.put(goal(id="g2"))
    assert "Goal/g2" in names(drain(reader, cursor)[0])


def test_an_empty_server_gives_an_empty_round(server) -> None:
    reader = adapter(server.url)
    records, cursor = drain(reader)
    assert records == []
    assert drain(reader, cursor)[0] == []


def test_a_tag_limits_every_search(server) -> None:
    tagged = {"tag": [{"system": "urn:klepp", "code": "bti"}]}
    server.put(goal(meta=tagged), goal(id="g2"))
    assert names(drain(adapter(server.url, tag="urn:klepp|bti"))[0]) == ["Goal/g1"]


def test_more_search_parameters_can_be_set_for_a_type(server) -> None:
    adapter(server.url, resources=["Goal"], where={"Goal": "category=urn:klepp|bti"}).fetch(None)
    assert server.asked[-1].query["category"] == "urn:klepp|bti"


def test_deletions_are_heard_from_a_history(server) -> None:
    server.put(goal(), {"resourceType": "Goal", "id": "g1", "_deleted": True})
    reader = adapter(server.url, resources=["Goal"], feed="history")
    records, cursor = drain(reader)
    assert [one.deleted for one in records] == [True]
    (gone,) = reader.read(records[0])
    assert (gone.kind, gone.id, gone.deleted) == ("goal", "Goal/g1", True)
    server.put(goal(id="g2"))
    assert "Goal/g2" in names(drain(reader, cursor)[0])


def test_of_a_history_only_what_is_gone_now_is_taken_and_nothing_beside_the_tag(server) -> None:
    tagged = {"meta": {"tag": [{"system": "urn:klepp", "code": "bti"}]}}
    server.put(*(goal(id=f"g{at}", **tagged) for at in range(7)), goal(id="other"))
    reader = adapter(server.url, resources=["Goal"], feed="history", count=2, tag="urn:klepp|bti")
    records, cursor = drain(reader)
    assert sorted(names(records)) == [f"Goal/g{at}" for at in range(7)]
    server.put({"resourceType": "Goal", "id": "g1", "_deleted": True}, goal(id="other"))
    server.put({"resourceType": "Goal", "id": "g2", "_deleted": True}, goal(id="g2", **tagged))
    records, cursor = drain(reader, cursor)
    assert [one.id for one in records if one.deleted] == ["g1"]
    assert {one.id for one in records} & {"g2", "other"} == {"g2"}
    assert "other" not in cursor


@pytest.mark.parametrize(
    ("broken", "error", "code"),
    [
        (Broken(status=503), Unreachable, "http.503"),
        (Broken(status=429), Unreachable, "http.429"),
        (Broken(status=401), Misconfigured, "http.401"),
        (Broken(wreck="drop"), Unreachable, "http.broken"),
        (Broken(wreck="truncate"), Unreachable, "http.broken"),
        (Broken(body="<html>", content_type="text/html"), Refused, "http.content_type"),
        (Broken(body="{"), Refused, "json.malformed"),
        (Broken(body="[]"), Refused, "fhir.shape"),
        (Broken(body='{"resourceType": "Patient"}'), Refused, "fhir.no_bundle"),
        (Broken(body='{"resourceType": "Bundle", "entry": [{"resource": 7}]}'), Refused, "fhir.shape"),
        (Broken(body='{"resourceType": "Bundle", "entry": 7}'), Refused, "fhir.shape"),
        (Broken(outcome="throttled"), Unreachable, "fhir.outcome.throttled"),
        (Broken(outcome="security"), Refused, "fhir.outcome.security"),
        (Broken(outcome="made up 06821099739"), Refused, "fhir.outcome.unknown"),
        (Broken(outcome="not-supported", status=400), Refused, "fhir.outcome.not-supported"),
        (Broken(outcome="not-found", status=404), Refused, "fhir.outcome.not-found"),
        (Broken(outcome="deleted", status=410), Refused, "fhir.outcome.deleted"),
        (Broken(outcome="transient", status=422), Unreachable, "fhir.outcome.transient"),
        (Broken(body="{}", status=404), Refused, "http.404"),
        (Broken(next="https://elsewhere.example/fhir/Goal?page=2"), Refused, "fhir.elsewhere"),
        (Broken(next="//elsewhere.example/fhir"), Refused, "fhir.elsewhere"),
        (Broken(next="/admin/secrets"), Refused, "fhir.elsewhere"),
    ],
)
def test_a_broken_answer_waits_or_asks_and_the_round_goes_on_after(server, broken, error, code) -> None:
    server.put(goal())
    server.faults.append(broken)
    reader = adapter(server.url, resources=["Goal"])
    with pytest.raises(error) as caught:
        reader.fetch(None)
    assert caught.value.code == code
    assert "says what a server says" not in str(caught.value)
    assert names(drain(reader)[0]) == ["Goal/g1"]


def test_a_warning_beside_the_matches_is_no_error(server) -> None:
    outcome = {"resource": {"resourceType": "OperationOutcome"}, "search": {"mode": "outcome"}}
    bundle = {"resourceType": "Bundle", "entry": [outcome, {"resource": goal(), "search": {"mode": "match"}}]}
    server.faults.append(Broken(body=json.dumps(bundle)))
    page = adapter(server.url, resources=["Goal"]).fetch(None)
    assert names(page.records) == ["Goal/g1"]


def test_a_resource_that_cannot_be_read_does_not_stop_the_page(server) -> None:
    wrong = {"resourceType": "Goal", "meta": {"lastUpdated": "yesterday"}}
    bundle = {"resourceType": "Bundle", "entry": [{"resource": wrong}, {"resource": goal()}]}
    server.faults.append(Broken(body=json.dumps(bundle)))
    assert names(adapter(server.url, resources=["Goal"]).fetch(None).records) == ["Goal/unknown", "Goal/g1"]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (None, None),
        (Broken(status=401, on="metadata"), "http.401"),
        (Broken(body='{"resourceType": "CapabilityStatement", "fhirVersion": "5.0.0"}', on="metadata"), "fhir.version"),
        (Broken(body='{"resourceType": "Bundle"}', on="metadata"), "fhir.no_capabilities"),
    ],
)
def test_health_asks_what_the_server_is(server, broken, code) -> None:
    server.faults.extend([broken] if broken else [])
    assert adapter(server.url).health() == code


@pytest.mark.parametrize(
    "options", [{"resources": ["Observation"]}, {"resources": []}, {"count": 0}, {"feed": "push"}, {"colour": "red"}]
)
def test_options_that_do_not_fit_are_told(server, options) -> None:
    with pytest.raises(Misconfigured):
        adapter(server.url, **options)


def test_a_cursor_that_is_none_of_ours_is_told(server) -> None:
    with pytest.raises(Misconfigured):
        adapter(server.url).fetch("nonsense")


def test_the_token_is_sent_and_no_cursor_holds_a_person(server) -> None:
    server.put(*everything())
    _, cursor = drain(adapter(server.url, token="hemmeleg", count=1))
    assert {one.headers.get("authorization") for one in server.asked} == {"Bearer hemmeleg"}
    assert CHILD not in cursor
    assert "Lund" not in cursor


def test_a_single_resource_answers_with_its_version_or_that_it_is_gone(server) -> None:
    server.put(goal(), goal(), {"resourceType": "Goal", "id": "g9", "_deleted": True})
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    connection.request("GET", "/fhir/Goal/g1")
    answer = connection.getresponse()
    assert answer.headers["ETag"] == 'W/"2"'
    assert json.loads(answer.read())["meta"]["versionId"] == "2"
    connection.request("GET", "/fhir/Goal/g9")
    gone = connection.getresponse()
    gone.read()
    assert gone.status == 410
    connection.close()


def test_state_can_be_asked_and_set_over_http(server) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    connection.request("POST", "/_sim/resources", body=json.dumps([goal()]))
    assert json.loads(connection.getresponse().read()) == {"writes": 1}
    connection.request("POST", "/_sim/faults", body=json.dumps({"faults": [{"what": "status"}]}))
    connection.getresponse().read()
    connection.request("GET", "/_sim/state")
    assert list(json.loads(connection.getresponse().read())["resources"]) == ["Goal/g1"]
    connection.request("GET", "/fhir/Goal")
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 503
    connection.close()


def judge(resource: dict[str, object]) -> None:
    """A library of others: raises where the structure is not R4's. It checks no codes and no reference types."""
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415 - half a second, only where it judges

    get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def test_what_the_stand_in_serves_and_what_we_write_is_fhir_by_anothers_judgement(server) -> None:
    pytest.importorskip("fhir.resources", reason="fhir.resources is not installed")
    server.put(*everything())
    reader = adapter(server.url, **OPTIONS)
    for raw in drain(reader)[0]:
        resource = raw.body.get("resource", raw.body)
        judge(resource)
        if raw.kind in {"Patient", "Practitioner", "CareTeam", "Goal"}:
            judge(write(raw.kind, [one for one in reader.read(raw) if raw.kind != "CareTeam" or one.kind != "person"]))
    with pytest.raises(ValueError, match="lifecycleStatus"):
        judge({"resourceType": "Goal", "id": "x", "description": {"text": "x"}, "subject": {"reference": "Patient/1"}})


def test_our_own_samples_are_a_case_that_the_stand_in_serves() -> None:
    sample = json.loads((Path(__file__).resolve().parents[1] / "samples" / "case.json").read_text(encoding="utf-8"))
    with StandIn(sample) as opened:
        reader = adapter(opened.url, **OPTIONS)
        kinds = {one.kind for raw in drain(reader)[0] for one in reader.read(raw)}
    assert {"case", "person", "goal", "measure", "assignment", "consent"} <= kinds
