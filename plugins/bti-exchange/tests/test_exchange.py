"""The open protocol in both shapes: it does what its page says, and its documents say what it does."""

import hmac
import sys
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
import yaml
from gateway_bti_exchange.adapter import ITEMS, KINDS, BtiExchange, BtiExchangeCases
from openapi_spec_validator import validate

from gateway.core import model
from gateway.run.certify import certify
from gateway.run.exchange import APART, records_schema
from gateway.run.plugins import load_plugins
from gateway.sdk import Refused, Request
from gateway.sdk.testing.maplaw import MappingLaw

sys.path.insert(0, str(Path(__file__).parent))
from exchange_bench import BOTH, MAPPINGS, SCHEMAS, at_work, drain, load_maps, load_terms, openapi, release, validator

PERSON = {"given_name": "Nora", "number": "06821099739", "role": "subject"}
CONCERN = {"raised_on": "2026-11-02", "summary": "Sover lite", "level": {"code": "niva-2", "rank": 2}}


def level() -> dict:
    """A level of the municipality's."""
    code, value = next(iter(load_terms("klepp").vocabulary()["levels"].read.items()))
    assert code
    return dict(value)


def maps(name: str):
    return load_maps(name, vocabulary=load_terms("klepp").vocabulary(), brought=MAPPINGS).mapping


class TestRecordsLaw(MappingLaw):
    mapping = maps("bti-exchange")


class TestCasesLaw(MappingLaw):
    mapping = maps("bti-exchange-cases")


def test_the_document_is_a_valid_openapi_description_and_the_records_are_what_the_model_says() -> None:
    path = SCHEMAS / "openapi.yaml"
    validate(yaml.safe_load(path.read_text(encoding="utf-8")), base_uri=path.as_uri())
    assert (SCHEMAS / "records.schema.json").read_text(encoding="utf-8") == records_schema(), "run make docs"


def test_every_kind_of_the_model_is_carried_or_named_as_apart() -> None:
    assert set(KINDS) | APART == set(model.KINDS)
    assert {kind for adapter in BOTH for kind in adapter.capabilities.reads} == set(KINDS)


@pytest.mark.parametrize("adapter", BOTH)
def test_the_mapping_carries_every_field_of_every_kind(adapter) -> None:
    mapping = maps(adapter.name)
    for kind in KINDS:
        assert mapping.carried(kind) == mapping.told(kind) == set(model.KINDS[kind].__struct_fields__)


def test_records_go_out_and_come_back_and_everything_said_is_documented() -> None:
    with at_work(BtiExchange) as (adapter, vendor):
        page = adapter.fetch(None)
        assert len(page.records) == 40
        assert [one.kind for raw in page.records for one in adapter.read(raw)][:4] == [
            "person",
            "case",
            "concern",
            "measure",
        ]
        concern = release(
            "concern",
            {**CONCERN, "level": level()},
            case_native_id="k5-0",
            about=("P",),
            refs={"P": "p5-0"},
            category="concern",
            withheld_from_parents=True,
        )
        receipt = adapter.deliver(concern, "key-1")
        assert adapter.deliver(concern, "key-1") == receipt
        body = vendor.records[f"concern:{receipt.native_id}"].body
        assert body["fields"]["level"] == level()["code"]
        assert (body["about"], body["withheld_from_parents"], body["case"]) == (["p5-0"], True, "k5-0")
        (raw,) = adapter.fetch(page.cursor).records
        (reading,) = adapter.read(raw)
        assert (reading.fields, reading.about, reading.withheld_from_parents) == (dict(concern.fields), ["p5-0"], True)
        change = msgspec.structs.replace(
            concern,
            native_id=receipt.native_id,
            version="1",
            changed=("summary",),
            fields={**concern.fields, "summary": "y"},
        )
        assert adapter.deliver(change, "key-2").version == "2"
        with pytest.raises(Refused) as caught:
            adapter.deliver(change, "key-3")
        assert caught.value.conflict
        batch = [(msgspec.structs.replace(concern, id=f"n{n}"), f"b-{n}") for n in range(100)]
        receipts = adapter.deliver_batch(batch)
        assert [one.key for one in receipts] == [key for _, key in batch]
        assert adapter.deliver_batch(batch) == receipts
        mixed = adapter.deliver_batch([(change, "b-stale"), (concern, "b-good")])
        assert [(one.state, one.conflict) for one in mixed] == [("refused", True), ("accepted", False)]
        assert [raw.id for raw in adapter.read_back("b-7").records] == [receipts[7].native_id]
        assert adapter.read_back("b-never").records == []
        assert dict(adapter.inventory()) == {key: str(held.version) for key, held in vendor.records.items()}
        adapter.retract(msgspec.structs.replace(change, retracts=("summary",)), "r-1")
        assert vendor.records[f"concern:{receipt.native_id}"].body["fields"]["summary"] is None
        adapter.retract(msgspec.structs.replace(change, retract_all=True), "r-2")
        assert f"concern:{receipt.native_id}" not in vendor.records
        adapter.acknowledge(["p5-0"], "kept")
        assert vendor.acknowledged == ["p5-0"]
        assert adapter.health() is None
        assert receipt.native_id in {raw.id for raw in drain(adapter, page.cursor) if raw.deleted}
        assert vendor.odd == []
        assert vendor.covered >= {
            "changes",
            "createRecord",
            "changeRecord",
            "batch",
            "readBack",
            "retract",
            "inventory",
            "acknowledge",
        }


def test_a_whole_case_goes_out_and_comes_back_with_new_items_named_by_their_place() -> None:
    with at_work(BtiExchangeCases) as (adapter, vendor):
        cursor = adapter.fetch(None).cursor
        parts = (
            release("person", PERSON, "P"),
            release("goal", {"title": "Trygg"}, "G"),
            release("measure", {"title": "Samtale", "goals": ["G"]}, "M", about=("P",)),
            release("concern", {**CONCERN, "level": level()}, "C"),
        )
        case = release("case", {"subject": "P", "status": "active"}, "c1", parts=parts)
        (receipt,) = adapter.deliver_batch([(case, "key-1")])
        natives = dict(zip("PGMC", (part.native_id for part in receipt.parts), strict=True))
        held = vendor.records[f"case:{receipt.native_id}"].body
        assert held["fields"]["subject"] == natives["P"]
        assert held["items"]["measure"][0]["fields"]["goals"] == [natives["G"]]
        readings = {one.kind: one for one in adapter.read(adapter.fetch(cursor).records[0])}
        assert readings["case"].fields["subject"] == natives["P"]
        assert readings["concern"].fields == dict(parts[3].fields)
        assert readings["concern"].case == receipt.native_id
        # A second write: one new item among those that are there, one changed, the others left alone.
        again = (
            msgspec.structs.replace(
                parts[2],
                native_id=natives["M"],
                refs={"P": natives["P"]},
                fields={**parts[2].fields, "title": "Samtaler"},
                changed=("title",),
            ),
            release("concern", {"raised_on": "2026-11-09"}, "C2"),
            msgspec.structs.replace(parts[3], native_id=natives["C"], changed=()),
        )
        second = msgspec.structs.replace(
            case, native_id=receipt.native_id, version=receipt.version, changed=(), parts=again
        )
        vendor.edit("case", receipt.native_id, {"fields": {"step": "s1"}})
        with pytest.raises(Refused) as caught:
            adapter.deliver(second, "key-2")
        assert caught.value.conflict
        answer = adapter.deliver(msgspec.structs.replace(second, version="2"), "key-3")
        held = vendor.records[f"case:{receipt.native_id}"].body
        assert [one["fields"].get("title") for one in held["items"]["measure"]] == ["Samtaler"]
        assert [one["id"] for one in held["items"]["concern"]] == [natives["C"], answer.parts[1].native_id]
        assert [part.native_id for part in answer.parts] == [
            natives["M"],
            held["items"]["concern"][1]["id"],
            natives["C"],
        ]
        assert held["fields"]["step"] == "s1"
        vendor.delete("case", "k5-0")
        assert any(raw.deleted for raw in adapter.fetch(cursor).records)
        assert adapter.read_back("key-1").records[0].id == receipt.native_id
        assert vendor.odd == []


@pytest.mark.parametrize("adapter", BOTH)
def test_an_item_can_be_taken_back_in_both_shapes(adapter) -> None:
    with at_work(adapter) as (connected, vendor):
        held = release("concern", {}, native_id="b5-0", retracts=("summary",))
        connected.retract(held, "r-1")
        connected.retract(msgspec.structs.replace(held, native_id="b5-1", retract_all=True), "r-2")
        told = [
            one
            for raw in connected.fetch(None).records
            for one in connected.read(raw)
            if one.kind == "concern" and not one.deleted
        ]
        found = {one.id: one.fields for one in told}
        assert found["b5-0"]["summary"] is None
        assert "b5-1" not in found
        assert vendor.odd == []


HOOKS = [
    (b'{"hint":"changed"}', "t", True),
    (b'{"hint":"changed"}', "other", False),
    (b'{"hint":"changed" }', None, False),
    (b"", "t", True),
]


@pytest.mark.parametrize(("body", "secret", "heard"), HOOKS)
def test_a_webhook_is_a_hint_to_fetch_and_only_if_it_is_signed(body: bytes, secret: str | None, heard: bool) -> None:
    signature = "" if secret is None else f"v1={hmac.new(secret.encode(), body, sha256).hexdigest()}"
    request = Request(method="POST", path="/", headers={"bti-signature": signature}, body=body)
    with at_work(BtiExchange, records=False) as (adapter, vendor):
        if heard:
            page = adapter.receive(request)
            assert page.more
            assert not page.records
        else:
            with pytest.raises(Refused) as caught:
                adapter.receive(request)
            assert caught.value.code == "webhook.signature"
        assert vendor.requests == []


def test_planted_an_answer_that_the_document_does_not_allow_is_found() -> None:
    with at_work(BtiExchange) as (adapter, vendor):
        vendor.make("concern", {"fields": {"summery": "x"}})
        adapter.fetch(None)
        assert any("changes" in one for one in vendor.odd)
    assert not validator("records:Record").is_valid({"id": "1", "kind": "wonder_note", "version": "1", "fields": {}})


def test_the_seeds_are_synthetic_and_equal_for_equal_seeds() -> None:
    assert list(BtiExchangeCases.simulated(3)) == list(BtiExchangeCases.simulated(3))
    for raw_kind, body in BtiExchange.simulated(3):
        assert validator("records:Change").is_valid(dict(body)), raw_kind


def test_each_shape_is_found_by_its_own_name() -> None:
    for adapter in BOTH:
        assert load_plugins(only={adapter.name}).adapters[adapter.name] is adapter


@pytest.mark.parametrize("adapter", BOTH)
def test_the_kit_finds_nothing_wrong(adapter) -> None:
    report = certify(adapter.name)
    assert [line.id for line in report.checks if not line.passed] == []
    assert report.tier == "full"


def test_the_page_names_every_path_header_and_kind() -> None:
    page = (SCHEMAS.parents[1] / "docs" / "reference" / "bti-exchange.md").read_text(encoding="utf-8")
    names = [*openapi()["paths"], *ITEMS, "Idempotency-Key", "If-Match", "ETag", "Bti-Signature", "Retry-After"]
    assert [name for name in names if f"`{name}" not in page and f" {name}`" not in page] == []
