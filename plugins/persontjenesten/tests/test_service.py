"""The stand-in answers as the published document says, and the adapter asks as it says."""

import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
from gateway_persontjenesten.adapter import Persontjenesten
from gateway_persontjenesten.family import readings
from gateway_persontjenesten.minimise import PARTS, minimise
from gateway_persontjenesten.seed import Guardian, Responsible
from gateway_persontjenesten.standin import TOKEN, Register, StandIn
from register_bench import AUNT, CHILD, FATHER, MOTHER, OPENED, context, people

from gateway.sdk import Fault, Misconfigured, Raw, Refused, Uncertain, Unreachable
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer

STREET = "Hemmelegvegen"


class Recorder(HttpClient):
    """Notes what is asked and what is answered."""

    def __init__(self, url: str) -> None:
        super().__init__(url=url, attempts=1)
        OPENED.append(self)
        self.seen: list[tuple[str, str, bytes | None, dict[str, str], Any]] = []

    def request(self, method, path_or_url, *, content=None, headers=None, **more):
        answer = super().request(method, path_or_url, content=content, headers=headers, **more)
        self.seen.append((method, path_or_url, content, dict(headers or {}), json.loads(answer.body)))
        return answer


def adapter_with(register: StandIn, **options: Any) -> tuple[Persontjenesten, Recorder]:
    base = context(register.url, TOKEN, **options)
    recorder = Recorder(register.url)
    fields = {name: getattr(base, name) for name in base.__struct_fields__}
    return Persontjenesten(type(base)(**{**fields, "http": recorder})), recorder


def nullable(schema: Any) -> Any:
    """OpenAPI 3.0 in JSON Schema's words: ``nullable`` adds null, and ``readOnly`` and the like say nothing."""
    if isinstance(schema, list):
        return [nullable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: nullable(value) for key, value in schema.items() if key not in {"nullable", "example", "xml"}}
    if schema.get("nullable") is True:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain


def complaints(published: dict[str, Any], schema: dict[str, Any], answer: Any) -> list[str]:
    root = nullable({"components": published["components"], **schema})
    validator = jsonschema.Draft7Validator(root, format_checker=None)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.validator}" for error in validator.iter_errors(answer)]


def operation_of(published: dict[str, Any], method: str, target: str) -> dict[str, Any]:
    path = urlsplit(target).path
    return published["paths"][path][method.lower()]


def answer_schema(operation: dict[str, Any]) -> dict[str, Any]:
    return operation["responses"]["200"]["content"]["application/json"]["schema"]


@pytest.mark.parametrize("basis", ["legal-basis", "no-legal-basis"])
def test_requests_and_answers_fit_the_published_document(register, published, basis) -> None:
    register.set_people(
        people(
            guardians=(Guardian(by=AUNT),),
            responsible=(Responsible(by=MOTHER), Responsible(type="Other", name="Ola"), Responsible(by=FATHER)),
            shared_address="Hognestadvegen",
            died="2026-02-02",
            former=("41831498240", "85856033378"),
        )
    )
    adapter, recorder = adapter_with(register, basis=basis)
    adapter.lookup([CHILD, "85856033378"])
    adapter.fetch(None)
    adapter.fetch("1")
    assert len(recorder.seen) == 5
    for method, target, content, headers, answer in recorder.seen:
        operation = operation_of(published, method, target)
        query = parse_qs(urlsplit(target).query)
        allowed = {one["name"]: one for one in operation["parameters"]}
        assert set(query) <= set(allowed)
        assert set(headers) & {"api-version"} == {"api-version"}
        needed = {name for name, one in allowed.items() if one.get("required") and one["in"] == "query"}
        assert needed <= set(query)
        if content is not None:
            body = operation["requestBody"]["content"][headers["Content-Type"]]["schema"]
            sent = {name: value if name == "nins" else value[0] for name, value in parse_qs(content.decode()).items()}
            assert complaints(published, body, sent) == []
        assert complaints(published, answer_schema(operation), answer) == []


def test_the_check_of_shapes_finds_a_wrong_answer(register, published) -> None:
    _, recorder = adapter_with(register)
    recorder.request(
        "POST",
        "/api/legal-basis/person/bulk-by-nin?informationParts=Name",
        content=f"nins={CHILD}".encode(),
        headers={"api-version": "2", "Authorization": f"Bearer {TOKEN}"},
    )
    method, target, _, _, answer = recorder.seen[0]
    schema = answer_schema(operation_of(published, method, target))
    assert complaints(published, schema, answer) == []
    for wrong in (
        [{**answer[0], "extra": 1}],
        [{**answer[0], "name": {}}],
        [{**answer[0], "addressProtection": [{"protectionLevel": "Ultra"}]}],
        answer[0],
    ):
        assert complaints(published, schema, wrong) != []


def test_every_part_that_is_asked_for_exists_in_the_service(published) -> None:
    known = published["components"]["schemas"]["InformationPart"]["enum"]
    assert set(PARTS) <= set(known)


def test_no_number_stands_in_an_address(register) -> None:
    adapter, recorder = adapter_with(register)
    adapter.lookup([CHILD, MOTHER])
    assert not [target for _, target, *_ in recorder.seen if CHILD in target or MOTHER in target]


def test_no_address_is_kept(register) -> None:
    register.set_people(people(address=STREET, shared_address=STREET, protection="StrictlyConfidential"))
    adapter, recorder = adapter_with(register)
    page = adapter.lookup([CHILD])
    assert STREET in json.dumps([answer for *_, answer in recorder.seen])
    assert STREET not in json.dumps([raw.body for raw in page.records])


def test_a_hundred_numbers_are_asked_for_at_a_time(register) -> None:
    adapter, recorder = adapter_with(register)
    page = adapter.lookup([f"{number:011}" for number in range(150)] + [CHILD, CHILD])
    assert [target.split("?")[0].rsplit("/", 1)[-1] for _, target, *_ in recorder.seen] == ["bulk-by-nin"] * 3
    assert len(page.records) == 1


def test_a_number_that_the_register_does_not_know_is_left_out(adapter) -> None:
    assert adapter.lookup(["05856033378", "999999999999"]).records == []
    assert adapter.lookup([]).records == []


def test_the_same_register_gives_the_same_page(adapter) -> None:
    assert adapter.lookup([CHILD]) == adapter.lookup([CHILD])
    assert [raw.kind for raw in adapter.lookup([CHILD]).records] == ["family"]


def test_the_version_grows_when_one_of_the_family_changes(register, adapter) -> None:
    before = int(adapter.lookup([CHILD]).records[0].version)
    register.set_people([people()[2]])
    assert int(adapter.lookup([CHILD]).records[0].version) > before


def test_the_feed_starts_at_its_end_and_then_tells_who_changed(register, adapter) -> None:
    start = adapter.fetch(None)
    assert (start.records, start.changed, start.more) == ([], [], False)
    register.set_people([people(protection="Confidential")[0]])
    page = adapter.fetch(start.cursor)
    child = adapter.lookup([CHILD]).records[0].id
    assert child in page.changed
    assert int(page.cursor) == int(start.cursor) + 1
    assert adapter.fetch(page.cursor).cursor == page.cursor


def test_the_feed_hears_again_what_lies_just_before_the_cursor(register) -> None:
    late, _ = adapter_with(register, overlap=4)
    exact, _ = adapter_with(register, overlap=0)
    assert len(late.fetch("5").changed) == 4
    assert exact.fetch("5").changed == []


def test_a_long_feed_is_read_to_its_end(register) -> None:
    register.register.events.extend(
        {"sequenceNumber": str(number), "personId": f"X{number}", "eventType": "ChangeInName"}
        for number in range(5, 2400)
    )
    adapter, _ = adapter_with(register)
    cursor, heard, more = "1", set(), True
    while more:
        page = adapter.fetch(cursor)
        heard |= set(page.changed)
        cursor, more = page.cursor, page.more
    assert len(heard) == 4 + 2395
    assert cursor == "2400"


def test_an_empty_register_has_a_feed_too() -> None:
    with StandIn([]) as register:
        adapter, _ = adapter_with(register)
        assert adapter.fetch(None).cursor == "1"
        assert adapter.health() is None


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (Answer(status=503), Unreachable, "http.503"),
        (Answer(status=403), Misconfigured, "http.403"),
        (Answer(status=400), Refused, "http.400"),
        (Answer(wreck="drop"), Unreachable, "http.broken"),
        (Answer(wreck="truncate", body=b"[]"), Unreachable, "http.broken"),
        (Answer(body=b"<html>", content_type="text/html"), Unreachable, "http.content_type"),
        (Answer(body=b"{"), Refused, "persontjenesten.json"),
        (Answer(body=b"{}"), Refused, "persontjenesten.shape"),
    ],
)
def test_a_broken_answer_waits_or_asks(register, adapter, answer, error, code) -> None:
    register.instead.append(answer)
    with pytest.raises(error) as caught:
        adapter.lookup([CHILD])
    assert caught.value.code == code
    assert not isinstance(caught.value, Uncertain)
    assert CHILD not in str(caught.value)
    assert len(adapter.lookup([CHILD]).records) == 1


def test_a_fault_is_played_also_where_the_answer_would_be_that_nobody_is_known(register, adapter) -> None:
    register.troubles.order({"faults": [{"what": "down"}]})
    with pytest.raises(Unreachable):
        adapter.lookup(["999999999999"])
    assert adapter.lookup(["999999999999"]).records == []


@pytest.mark.parametrize("told", [[], {"faults": 7}, {"faults": [{"what": "stale"}]}, {"faults": [{"what": "odd"}]}])
def test_faults_that_the_stand_in_cannot_play_are_refused(register, told) -> None:
    connection = http.client.HTTPConnection(urlsplit(register.url).netloc, timeout=60)
    for given, status in ((told, 400), ({"faults": [{"what": "status"}]}, 204), ({"faults": []}, 204)):
        connection.request("POST", "/_sim/faults", body=json.dumps(given))
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status
    connection.close()


def test_a_wrong_token_is_told_by_health(register) -> None:
    assert Persontjenesten(context(register.url, "wrong")).health() == "http.401"


def test_an_overlap_that_leaves_no_room_is_refused(register) -> None:
    with pytest.raises(Misconfigured):
        adapter_with(register, overlap=900)


def test_state_can_be_asked_and_set_over_http(register) -> None:
    connection = http.client.HTTPConnection(urlsplit(register.url).netloc, timeout=60)
    baby = {"number": "03821677105", "given": "Liv", "family": "Vik", "born": "2016-02-03"}
    connection.request("POST", "/_sim/persons", body=json.dumps([baby]))
    assert connection.getresponse().read() == b'{"events": 5}'
    connection.request("GET", "/_sim/state")
    state = json.loads(connection.getresponse().read())
    assert "03821677105" in {one["number"] for one in state["people"].values()}
    connection.request("POST", "/_sim/persons", body=b'[{"number": 1}]')
    assert connection.getresponse().status == 400
    connection.close()


BROKEN: tuple[Any, ...] = (None, [], "text", {}, {"person": []}, {"person": {}}, {"person": {"id": 4}}, b"bytes")


@pytest.mark.parametrize("body", BROKEN)
def test_a_body_of_the_wrong_shape_is_a_fault(adapter, body) -> None:
    with pytest.raises(Fault):
        adapter.read(Raw(kind="family", id="P1", body=body))


def fault_of(document: Any) -> Fault | None:
    try:
        readings({"person": document, "others": []})
    except Fault as fault:
        return fault
    return None


WRONG: tuple[Any, ...] = (7, "x", [7], [[]], {"a": 1}, [{"isValid": "yes"}], True)


@pytest.mark.parametrize("part", [f"{name[0].lower()}{name[1:]}" for name in PARTS])
@pytest.mark.parametrize("wrong", WRONG)
def test_a_part_of_the_wrong_shape_is_a_fault_or_says_nothing(part, wrong) -> None:
    truth = Register(people()).documents([CHILD])[0]
    truth[part] = wrong

    (kept,) = minimise([truth])
    told = fault_of(kept)
    assert told is None or (told.path.startswith("$.person") and CHILD not in str(told))


def test_our_own_samples_are_families_that_the_stand_in_takes() -> None:
    folder = Path(__file__).resolve().parents[1] / "samples"
    for sample in sorted(folder.glob("*.json")):
        with StandIn(json.loads(sample.read_text(encoding="utf-8"))) as register:
            assert register.register.state()["people"]
