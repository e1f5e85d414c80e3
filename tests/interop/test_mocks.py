"""Our adapters at mocks that Prism makes of OpenAPI documents: it refuses a request that the document does not allow.

What it answers is made up from the document and holds no story, so only this is asked of the adapter: that it makes
requests that are allowed, and tells what comes as readings or as faults.
"""

import contextlib
import json
from importlib import import_module
from pathlib import Path

import msgspec
import pytest
import yaml

from gateway.core.model import KINDS
from gateway.run.mapfiles import load_maps, load_terms
from gateway.sdk import AdapterError, Fault
from gateway.sdk.http import HttpClient
from gateway.sdk.testing import Sample, Watch, synthetic_release, watched_context

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas" / "bti-exchange"
PUBLISHED = ROOT.parent / "shared" / "data" / "nhn-persontjenesten" / "openapi.yaml"
CHILD, OTHERS = "14831463008", ("999999999999", "06821099739")
EXAMPLES = ROOT / "schemas" / "examples"
PATIENCE = 60.0
"""Seconds for an answer: the mock checks whole documents in one thread, on a machine that may be busy."""

pytestmark = pytest.mark.interop


class Seen:
    """The adapter's client, with what became of each request noted."""

    def __init__(self, client):
        self.client = client
        self.told = []

    def __getattr__(self, name):
        return getattr(self.client, name)

    def request(self, method, path, **how):
        try:
            answer = self.client.request(method, path, **how)
        except AdapterError as error:
            self.told.append((method, path.partition("?")[0], error.code))
            raise
        self.told.append((method, path.partition("?")[0], f"http.{answer.status}"))
        return answer


@contextlib.contextmanager
def at(adapter, url, **more):
    context = watched_context(url, Watch(), **more)
    seen = Seen(HttpClient(url=url, attempts=1, timeout=PATIENCE))
    made = adapter(msgspec.structs.replace(context, http=seen))
    try:
        yield made, seen
    finally:
        made.close()


def refused(seen):
    return sorted({line for line in seen.told if not line[2].startswith("http.2")})


def brought(name):
    return pytest.importorskip(name, reason="the plugin is not installed")


def inward(value):
    """A document with the records inside: Prism passes over what stands in another file."""
    if isinstance(value, dict):
        return {
            name: f"#/components/schemas/{inner.rpartition('/')[2]}"
            if name == "$ref" and "/$defs/" in inner
            else inward(inner)
            for name, inner in value.items()
        }
    return [inward(inner) for inner in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def exchange(mock, tmp_path_factory):
    document = inward(yaml.safe_load((SCHEMAS / "openapi.yaml").read_text("utf-8")))
    records = inward(json.loads((SCHEMAS / "records.schema.json").read_text("utf-8"))["$defs"])
    assert not records.keys() & document["components"]["schemas"].keys()
    document["components"]["schemas"] |= records
    whole = tmp_path_factory.mktemp("exchange") / "openapi.json"
    whole.write_text(json.dumps(document), "utf-8")
    with mock(whole) as url:
        yield url


@pytest.fixture(scope="module")
def register(mock):
    if not PUBLISHED.is_file():
        pytest.skip("needs the service's OpenAPI document in ../shared/data beside the checkout")
    with mock(PUBLISHED) as url:
        yield url


def release(kind, *, ident="i1", native_id=None, version=None, parts=()):
    """The published example of a kind as a release, its references known to the receiver."""
    fields = json.loads((EXAMPLES / f"{kind}.json").read_text("utf-8"))
    del fields["kind"]
    sample = Sample(kind=kind, body={}, fields=fields, patch={}, patched={})
    made = synthetic_release(sample, case="s1", ident=ident, native_id=native_id, version=version)
    return msgspec.structs.replace(made, parts=parts)


def acts(adapter):
    """Everything that the gateway may ask of an adapter, for every kind that it writes."""
    yield lambda: adapter.fetch(None)
    yield lambda: adapter.fetch('{"page":"string"}')
    whole = sorted(adapter.capabilities.writes if not adapter.capabilities.documents else {"case"})
    for kind in whole:
        parts = (
            (release("concern", ident="i2"), release("concern", ident="i3", native_id="n3")) if kind == "case" else ()
        )
        parts = parts if adapter.capabilities.documents else ()
        new, old = release(kind, parts=parts), release(kind, native_id="n1", version="3", parts=parts)
        yield from (
            lambda new=new: adapter.deliver(new, "key-1"),
            lambda old=old: adapter.deliver(old, "key-2"),
            lambda new=new, old=old: adapter.deliver_batch([(new, "key-3"), (old, "key-4")]),
        )
        names = tuple(list(old.fields)[-2:])
        for taken in ({"retracts": names}, {"retract_all": True}):
            gone = msgspec.structs.replace(old, fields={}, changed=(), parts=(), **taken)
            yield lambda gone=gone: adapter.retract(gone, "key-5")
    yield lambda: adapter.read_back("key-1")
    yield lambda: adapter.acknowledge(["n1"], "kept")
    yield lambda: next(iter(adapter.inventory()))


@pytest.mark.parametrize("name", ["BtiExchange", "BtiExchangeCases"])
def test_every_request_of_the_exchange_is_one_that_its_document_allows(exchange, name):
    module = brought("gateway_bti_exchange")
    adapter = getattr(import_module("gateway_bti_exchange.adapter"), name)
    terms = load_terms("klepp").vocabulary()
    maps = load_maps(adapter.name, vocabulary=terms, brought=module.gateway_mappings())
    faults = []
    with at(adapter, exchange, maps=maps) as (connected, seen):
        for act in acts(connected):
            try:
                act()
            except AdapterError as error:
                faults.append(error.code)
        page = connected.fetch(None)
        assert refused(seen) == []
        assert len({line[:2] for line in seen.told}) >= 8
        # The mock answers every page with the same cursor, and every batch with one result.
        assert set(faults) <= {"vendor.paging_loop", "vendor.answer"}
        kinds = [reading.kind for raw in page.records for reading in connected.read(raw)]
        assert kinds
        assert set(kinds) <= set(KINDS)


def test_the_mock_refuses_a_request_that_the_document_does_not_allow(exchange):
    brought("gateway_bti_exchange")
    adapter = import_module("gateway_bti_exchange.adapter").BtiExchange

    class Odd:
        def write(self, told):
            return {"kind": told.kind, "fields": {"raised_on": 7}}

    with at(adapter, exchange, maps=Odd()) as (connected, seen):
        with pytest.raises(AdapterError):
            connected.deliver(release("concern"), "key-1")
        assert refused(seen) == [("POST", "/v1/records", "http.422")]


def test_every_request_of_the_register_is_one_that_the_service_s_document_allows(register):
    brought("gateway_persontjenesten")
    adapter = import_module("gateway_persontjenesten.adapter").Persontjenesten
    with at(adapter, register) as (connected, seen):
        told = connected.lookup([CHILD, *OTHERS]).records
        # What the mock makes up for a sequence number is no number, and that is told as what it is.
        for act in (lambda: connected.fetch(None), lambda: connected.fetch("7"), connected.health):
            with contextlib.suppress(AdapterError):
                act()
        assert refused(seen) == []
        assert {line[1].rpartition("/")[2] for line in seen.told} == {"bulk-by-nin", "get-by-nin", "latest", "event"}
        assert told
        for raw in told:
            with contextlib.suppress(Fault):
                connected.read(raw)


def test_the_mock_of_the_service_refuses_what_its_document_does_not_allow(register):
    adapter = import_module(f"{brought('gateway_persontjenesten').__name__}.adapter").Persontjenesten

    class Wordless(adapter):
        def _post(self, path, form):
            return self._ask("POST", f"{path}?informationParts=Nonsense", content=b"x=1")

    with at(Wordless, register) as (connected, seen):
        with pytest.raises(AdapterError):
            connected.lookup([CHILD])
        assert [line[2] for line in refused(seen)] == ["http.400"]


@pytest.fixture(scope="module")
def family(mock, tmp_path_factory):
    """The service's own document, in which Prism answers with one family instead of what it would make up."""
    if not PUBLISHED.is_file():
        pytest.skip("needs the service's OpenAPI document in ../shared/data beside the checkout")
    brought("gateway_persontjenesten")
    seeds = import_module("gateway_persontjenesten.seed")
    mother, father, aunt, before = "02898440780", "21868348221", "09919023829", "41831498240"
    people = [
        seeds.Seed(
            number=CHILD, given="Ada", family="Lund", born="2014-03-14", address="Bryneveien", former=(before,),
            shared_address="Hognestadvegen", mother=mother, father=father,
            responsible=(seeds.Responsible(by=mother), seeds.Responsible(by=father)),
            guardians=(seeds.Guardian(by=aunt, scope="FinancialInterests"),),
        ),
        seeds.Seed(number=mother, given="Marit", family="Lund", born="1984-09-02", address="Bryneveien"),
        seeds.Seed(
            number=father, given="Per", family="Vik", born="1983-06-21", address="Hognestadvegen",
            protection="Confidential",
        ),
        seeds.Seed(number=aunt, given="Siv", family="Lund", born="1990-11-09", address="Stasjonsvegen"),
    ]  # fmt: skip
    told = [seeds.document(one, person_id=f"P{at}", sequence=at + 1) for at, one in enumerate(people)]
    document = yaml.load(PUBLISHED.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    answer = document["paths"]["/api/legal-basis/person/bulk-by-nin"]["post"]["responses"]["200"]["content"]
    for media in answer.values():
        media.pop("examples", None)
        media["example"] = told
    whole = tmp_path_factory.mktemp("register") / "openapi.json"
    whole.write_text(json.dumps(document, default=str), "utf-8")
    with mock(whole) as url:
        yield url


def test_a_family_that_the_service_s_document_carries_is_read_as_facts_with_source_and_date(family):
    adapter = import_module("gateway_persontjenesten.adapter").Persontjenesten
    with at(adapter, family) as (connected, seen):
        child = next(raw for raw in connected.lookup([CHILD]).records if raw.id == "P0")
        assert refused(seen) == []
        readings = connected.read(child)
    people = {one.id: one.fields for one in readings if one.kind == "person"}
    held = {one.fields["person"]: one.fields for one in readings if one.kind == "relation"}
    assert people["P0"]["former_numbers"] == ["41831498240"]
    assert people["P0"]["birth_date"] == "2014-03-14"
    assert (people["P0"]["protection"], people["P2"]["protection"]) == ("none", "confidential")
    assert {key: one["responsibility"] for key, one in held.items()} == {"P1": "joint", "P2": "joint", "P3": "none"}
    assert {key: (one["resident"], one["shared_residence"]) for key, one in held.items() if key != "P3"} == {
        "P1": (True, True), "P2": (True, True),
    }  # fmt: skip
    assert {(one["source"], one["since"]) for one in held.values()} == {("freg", "2015-01-01")}
    assert "Bryneveien" not in str(child.body)
