"""Declared vendors: all is read, only changes are written, and each thing that goes wrong is told as what it is."""

import contextlib
import json
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.run.certify import certify
from gateway.run.declared import rest_bench
from gateway.sdk import Capabilities, Fault, Misconfigured, Refused, Uncertain, Unreachable
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.resource import Resource, capabilities, head, merged, with_nested
from gateway.sdk.rest import RestAdapter
from gateway.sdk.simulator import Simulator

sys.path.insert(0, str(Path(__file__).parent))
from vendors import CONCERN, EXAMPLES, Silent, at_work, connect, declared, drain, maps, release, vendor


class Plain:
    """A mapping that renames nothing."""

    def read(self, raw):
        raise NotImplementedError

    def write(self, release):
        return dict(release.fields)


STYLES = {
    "none": Resource(kind="concern", path="/c", records="data", version="v", modified="m", deleted="x"),
    "array": Resource(kind="concern", path="/c", version="v"),
    "cursor": Resource(
        kind="concern",
        path="/c",
        records="a.b",
        paging="cursor",
        next="n.t",
        since="s",
        modified="m",
        size=3,
        deleted="x",
    ),
    "offset": Resource(kind="concern", path="/c", records="data", paging="offset", page_param="o", size=3),
    "page": Resource(kind="concern", path="/c", records="data", paging="page", page_param="p", size=3, deleted="d.x"),
    "link": Resource(kind="concern", path="/c", paging="link", size=3, since="s", modified="m"),
    "link in the body": Resource(kind="concern", path="/c", records="data", paging="link", next="neste", size=3),
    "feed": Resource(
        kind="concern", path="/c", records="r", paging="cursor", next="n", more="m", feed=True, size=3, deleted="x"
    ),
    "feed that never says": Resource(
        kind="concern", path="/c", records="r", paging="cursor", next="n", feed=True, size=3
    ),
}


def reader(*resources: Resource) -> type[RestAdapter]:
    return type("Reader", (RestAdapter,), {"name": "reader", "resources": resources})


@pytest.mark.parametrize("count", [0, 1, 3, 7, 9])
@pytest.mark.parametrize("style", STYLES)
def test_every_record_is_read_in_its_order_in_every_style_of_paging(style: str, count: int) -> None:
    resource = STYLES[style]
    simulator = Simulator([resource], records=[("concern", {"t": f"bekymring {n}"}) for n in range(count)])
    with simulator as url:
        adapter = connect(reader(resource), url, Plain())
        records, cursor = drain(adapter)
        twice = style in {"offset", "page"} and count >= resource.size
        told = [f"bekymring {n}" for n in range(count)] * (1 + twice)
        assert [json.loads(raw.body)["t"] for raw in records] == told
        assert {f"concern:{raw.id}" for raw in records} == set(simulator.records)
        news = simulator.make("concern", {"t": "ny"})
        again, _ = drain(adapter, cursor)
        assert news in {raw.id for raw in again}
        if resource.feed:
            assert [raw.id for raw in again] == [news]
        adapter.close()


def test_several_resources_take_turns_and_keep_their_own_marks() -> None:
    resources = [
        msgspec.structs.replace(STYLES["cursor"], kind=kind, path=f"/{kind}") for kind in ("case", "concern", "goal")
    ]
    simulator = Simulator(resources, records=[(kind, {}) for kind in ("goal", "case", "concern") for _ in range(4)])
    with simulator as url:
        adapter = connect(reader(*resources), url, Plain())
        records, cursor = drain(adapter)
        assert [raw.kind for raw in records] == ["case"] * 4 + ["concern"] * 4 + ["goal"] * 4
        assert adapter.fetch("not a cursor of ours").records == adapter.fetch(None).records
        assert adapter.fetch('{"at":99}').records == adapter.fetch(None).records
        marks = json.loads(cursor)["marks"]
        assert len(marks) == 3
        adapter.close()


def test_a_row_saved_late_is_seen_within_the_overlap_and_a_date_in_the_future_hides_nothing() -> None:
    with at_work("vendor-a", [("concern", CONCERN)] * 3) as (adapter, simulator):
        simulator.fault("clock_skew", seconds=86_400 * 365, times=0)
        _, cursor = drain(adapter)
        simulator.heal()
        late = simulator.make("concern", CONCERN, late=True)
        records, cursor = drain(adapter, cursor)
        assert late in {raw.id for raw in records}


def test_a_tombstone_is_a_record_without_content() -> None:
    with at_work("vendor-a", [("concern", CONCERN)] * 2) as (adapter, simulator):
        records, cursor = drain(adapter)
        simulator.delete("concern", records[0].id)
        gone = [raw for raw in drain(adapter, cursor)[0] if raw.deleted]
        assert [(raw.id, raw.body, raw.version) for raw in gone] == [(records[0].id, b"", "2")]
        assert adapter.read(gone[0])[0].deleted


def test_a_record_is_its_own_bytes_and_a_bad_one_spoils_no_other() -> None:
    body = b'{"data": [{"id": 1, "t":"a"}, 5, {"t": 1}, {"id": {"x": 1}}, {"id":"", "v":2},  {"id":"ok"} ]}'
    with LoopbackServer(lambda _: Answer(body=body)) as server:
        adapter = connect(reader(STYLES["none"]), server.url, Plain())
        raws = adapter.fetch(None).records
        assert raws[0].body == b'{"id": 1, "t":"a"}'
        assert raws[0].id == "1"
        assert [raw.id.partition("-")[0] for raw in raws[1:5]] == ["unreadable"] * 4
        assert len({raw.id for raw in raws}) == 6
        assert raws[5].id == "ok"
        adapter.close()


ANSWERS = [
    (b"", "json.malformed"),
    (b"{}", "vendor.no_records"),
    (b'{"data": {}}', "json.shape"),
    (b'{"data": [}', "json.malformed"),
    (b'{"data": [], "data": []}', "json.duplicate"),
    (b"[]", "json.shape"),
    (b'{"data": null}', "json.shape"),
]


@pytest.mark.parametrize(("body", "code"), ANSWERS)
def test_a_page_that_is_not_as_declared_is_refused_whole(body: bytes, code: str) -> None:
    with LoopbackServer(lambda _: Answer(body=body)) as server:
        adapter = connect(reader(STYLES["none"]), server.url, Plain())
        with pytest.raises(Refused) as caught:
            adapter.fetch(None)
        assert caught.value.code == code
        adapter.close()


@pytest.mark.parametrize("style", ["cursor", "feed", "link in the body"])
def test_a_vendor_that_goes_in_circles_is_found_out(style: str) -> None:
    body = {
        "cursor": b'{"a":{"b":[]},"n":{"t":"x"}}',
        "feed": b'{"r":[],"n":"x","m":true}',
        "link in the body": b'{"data":[],"neste":"/c?x"}',
    }
    with LoopbackServer(lambda _: Answer(body=body[style])) as server:
        adapter = connect(reader(STYLES[style]), server.url, Plain())
        with pytest.raises(Refused) as caught:
            drain(adapter)
        assert caught.value.code == "vendor.paging_loop"
        adapter.close()


@pytest.mark.parametrize("link", ["http://127.0.0.1:9/c", "//evil.example/c", "https://evil.example/c"])
def test_a_link_to_the_next_page_takes_the_secret_nowhere_else(link: str) -> None:
    body = json.dumps({"data": [], "neste": link}).encode()
    with LoopbackServer(lambda _: Answer(body=body)) as server:
        adapter = connect(reader(STYLES["link in the body"]), server.url, Plain(), allow=["http://127.0.0.1:9"])
        with pytest.raises(Refused) as caught:
            drain(adapter)
        assert caught.value.code == "http.elsewhere"
        adapter.close()


FAULTS = [
    # the fault, what a read is told, what a write with a key is told, whether the write took effect
    ({"what": "down"}, Unreachable, Uncertain, False),
    ({"what": "status", "status": 503}, Unreachable, Unreachable, False),
    ({"what": "status", "status": 429, "retry_after": 9}, Unreachable, Unreachable, False),
    ({"what": "slow", "seconds": 0.6}, Unreachable, Uncertain, True),
    ({"what": "truncated"}, Unreachable, Uncertain, True),
    ({"what": "lost"}, Unreachable, Uncertain, True),
    ({"what": "content_type"}, Refused, Uncertain, True),
    ({"what": "oversized", "size": 70_000}, Refused, Uncertain, True),
    ({"what": "malformed"}, Refused, Uncertain, True),
    ({"what": "rejected"}, Refused, Refused, False),
    ({"what": "status", "status": 409}, Refused, Refused, False),
    ({"what": "redirect"}, Refused, Refused, False),
    ({"what": "expired_token"}, Misconfigured, Misconfigured, False),
    ({"what": "status", "status": 403}, Misconfigured, Misconfigured, False),
]


@pytest.mark.parametrize(
    ("fault", "read", "write", "effect"), FAULTS, ids=[f"{row[0]['what']} {row[0].get('status', '')}" for row in FAULTS]
)
def test_each_fault_is_told_by_what_to_do_next_and_the_same_key_is_one_effect(fault, read, write, effect) -> None:
    patience = 0.3 if fault["what"] == "slow" else 30.0
    with at_work("vendor-a", [("concern", CONCERN)], timeout=patience, limit=60_000) as (adapter, simulator):
        concern = release("concern", {"summary": "x", "raised_on": "2026-11-02"}, case_native_id="k1")
        simulator.fault(**fault)
        with pytest.raises(read) as caught:
            adapter.fetch(None)
        assert type(caught.value) is read
        simulator.fault(**fault)
        with pytest.raises(write) as caught:
            adapter.deliver(concern, "key-1")
        assert type(caught.value) is write
        assert (len(simulator.records) == 2) is effect
        if write is not Misconfigured:
            again = connect(vendor("vendor-a"), simulator.url, maps("vendor-a"), attempts=1)
            assert again.deliver(concern, "key-1").state == "accepted"
            again.close()
            assert len(simulator.records) == 2


def test_strange_reads_lose_nothing() -> None:
    for what in ("duplicate_pages", "stale", "out_of_order"):
        with at_work("vendor-a", [("concern", CONCERN)] * 5) as (adapter, simulator):
            simulator.edit("concern", next(iter(simulator.records)).partition(":")[2], {"status": "LOST"})
            simulator.fault(what, times=0)
            assert {f"concern:{raw.id}" for raw in drain(adapter)[0] if raw.kind == "concern"} == set(simulator.records)
            simulator.heal()
            latest = {raw.id: json.loads(raw.body)["status"] for raw in drain(adapter, drain(adapter)[1])[0]}
            assert "LOST" in latest.values()


def test_a_renewed_secret_is_taken_up_without_a_restart() -> None:
    secrets = ["old"]
    simulator = Simulator(vendor("vendor-a").resources, secret="old")
    with simulator as url:
        adapter = connect(vendor("vendor-a"), url, maps("vendor-a"), secret=lambda: secrets[-1])
        adapter.fetch(None)
        simulator.secret = "new"
        with pytest.raises(Misconfigured):
            adapter.fetch(None)
        secrets.append("new")
        adapter.fetch(None)
        assert adapter.health() is None
        adapter.close()


def test_an_update_carries_the_changed_fields_only_and_a_stale_one_is_a_conflict() -> None:
    with at_work("vendor-a") as (adapter, simulator):
        ident = simulator.make("concern", {**CONCERN, "internt": "bare deres"})
        made = adapter.read(next(raw for raw in drain(adapter)[0] if raw.id == ident))[0]
        change = release(
            "concern",
            {"summary": "y", "raised_on": "2026-11-03"},
            changed=("summary",),
            native_id=ident,
            version=made.version,
        )
        receipt = adapter.deliver(change, "key-1")
        body = simulator.records[f"concern:{ident}"].body
        assert (body["beskrivelse"], body["dato"], body["internt"]) == ("y", "02.11.2026", "bare deres")
        assert receipt.version == "2"
        with pytest.raises(Refused) as caught:
            adapter.deliver(change, "key-2")
        assert caught.value.conflict
        nothing = adapter.deliver(msgspec.structs.replace(change, changed=()), "key-3")
        assert (nothing.native_id, nothing.version) == (ident, "1")
        assert len(simulator.state()["effects"]) == 2


def test_what_is_taken_back_is_emptied_or_gone() -> None:
    with at_work("vendor-a", [("concern", CONCERN)]) as (adapter, simulator):
        (key,) = simulator.records
        held = release("concern", {}, native_id=key.partition(":")[2], retracts=("summary",))
        adapter.retract(held, "r1")
        assert simulator.records[key].body["beskrivelse"] is None
        assert simulator.records[key].body["status"] == "NY"
        whole = msgspec.structs.replace(held, retract_all=True)
        assert adapter.retract(whole, "r2").state == adapter.retract(whole, "r3").state == "accepted"
        assert not simulator.records


LOG = {
    "barn": {"ref": "b1", "nummer": "06821099739", "namn": {"fornamn": "Sunniva", "etternamn": "Eksempel"}},
    "meta": {"tilstand": "3", "opna": "2026-11-01T23:00:00Z"},
    "eigar": {"teneste": "school", "eining": "skule-1"},
    "uro": [{"ref": "u1", "kva": "Søv lite", "nar": "2026-11-01T23:00:00Z", "tilstand": "ny", "synleg": "nei"}],
    "plan": {"tiltak": [{"ref": "t1", "kva": "Samtale", "tilstand": "starta", "internt": 1}]},
}


def test_a_document_is_read_whole_with_its_items() -> None:
    with at_work("vendor-b", [("case", LOG)]) as (adapter, _):
        (raw,), _ = drain(adapter)
        readings = adapter.read(raw)
        assert [(one.kind, one.id) for one in readings] == [
            ("case", raw.id), ("person", "b1"), ("concern", "u1"), ("measure", "t1"),
        ]  # fmt: skip
        assert readings[0].case == raw.id
        concern = readings[2]
        assert concern.fields["raised_on"] == "2026-11-02"
        assert concern.withheld_from_parents
        assert (concern.case, concern.service, concern.unit) == (raw.id, "school", "skule-1")


def test_a_document_is_put_back_with_all_that_was_there_and_receipts_for_each_part() -> None:
    with at_work("vendor-b", [("case", LOG)]) as (adapter, simulator):
        (key,) = simulator.records
        ident = key.partition(":")[2]
        parts = (
            release(
                "measure", {"title": "Samtale kvar veke", "status": "started"}, "m1", changed=("title",), native_id="t1"
            ),
            release("concern", {"summary": "Ny uro", "raised_on": "2026-11-05"}, "n1"),
            release("concern", {"summary": "Kjend", "raised_on": "2026-11-05"}, "n2", changed=(), native_id="u1"),
            release("bright_moment", {"text": "Song", "seen_on": "2026-11-06"}, "n3"),
            release("concern", {"summary": "Nyare uro", "raised_on": "2026-11-07"}, "n4"),
        )
        document = release("case", {"status": "active"}, "c1", native_id=ident, version="1", changed=(), parts=parts)
        receipt = adapter.deliver(document, "key-1")
        body = simulator.records[key].body
        assert body["plan"]["tiltak"] == [{"ref": "t1", "kva": "Samtale kvar veke", "tilstand": "starta", "internt": 1}]
        assert [one["kva"] for one in body["uro"]] == ["Søv lite", "Ny uro", "Nyare uro"]
        assert body["barn"] == LOG["barn"]
        assert receipt.version == "2"
        natives = [part.native_id for part in receipt.parts]
        assert natives == ["t1", body["uro"][1]["ref"], "u1", body["lysglimt"][0]["ref"], body["uro"][2]["ref"]]
        assert (
            adapter.deliver(msgspec.structs.replace(document, version="2", parts=parts[:1]), "key-1").native_id == ident
        )
        with pytest.raises(Refused) as caught:
            adapter.deliver(document, "key-2")
        assert caught.value.conflict


def test_what_a_declaration_can_do_follows_from_it() -> None:
    able = vendor("vendor-a").capabilities
    assert able == Capabilities(
        reads=able.writes, writes=able.writes, idempotency_key=True, conditional_write=True, deletes=True, retracts=True
    )
    assert capabilities([Resource(kind="case", path="/c")]).full_feed
    assert capabilities([Resource(kind="case", path="/c", create="POST")]).create_only
    assert capabilities([Resource(kind="case", path="/c", create="POST", batch="/b", batch_size=40)]).batch == 40


def test_what_cannot_be_written_is_refused_alone_and_the_rest_of_its_batch_is_sent() -> None:
    class Picky(Plain):
        def write(self, release):
            if release.id == "odd":
                raise Fault("mapping.code", "$.status")
            return super().write(release)

    class Batched(RestAdapter):
        name = "batched"
        resources = (Resource(kind="concern", path="/c", create="POST", keyed=True, batch="/b", batch_size=9),)

    with Simulator(Batched.resources, secret="t") as url, contextlib.closing(connect(Batched, url, Picky())) as adapter:
        odd = [release("concern", {"summary": "x"}, ident="odd"), release("goal", {})]
        for batch in ([release("concern", {"summary": "x"}), *odd], odd):
            told = adapter.deliver_batch([(one, f"k{at}") for at, one in enumerate(batch)])
            assert [(one.state, one.code) for one in told[-2:]] == [
                ("refused", "mapping.code"), ("refused", "adapter.cannot_write")
            ]  # fmt: skip
            assert {one.state for one in told[:-2]} <= {"accepted"}


def test_undeclared_calls_are_refused() -> None:
    with at_work("vendor-b") as (adapter, _):
        for call in (
            lambda: adapter.deliver(release("goal", {}), "k"),
            lambda: adapter.retract(release("case", {}), "k"),
        ):
            with pytest.raises(Refused):
                call()
        for call in (lambda: adapter.read_back("k"), lambda: list(adapter.inventory())):
            with pytest.raises(Refused):
                call()


@pytest.mark.parametrize("name", ["vendor-a", "vendor-b"])
def test_an_adapter_that_reads_and_writes_is_fourteen_declared_lines(name: str) -> None:
    assert declared(EXAMPLES / name / f"{name.replace('-', '_')}.py") <= 14


def test_planted_a_longer_declaration_is_counted_as_longer(tmp_path: Path) -> None:
    file = tmp_path / "long.py"
    file.write_text(
        "import os\nGATEWAY_API = '1.0'\nX = 1\nclass A:\n    '''d'''\n"
        + "".join(f"    a{n} = 1\n\n" for n in range(20))
    )
    assert declared(file) == 22


JSONS = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(JSONS, JSONS, JSONS)
def test_merging_twice_is_merging_once_and_what_is_not_named_stays(under, over, other) -> None:
    once = merged(under, over)
    assert merged(once, over) == once
    if isinstance(under, dict) and isinstance(over, dict):
        assert {name: once[name] for name in under if name not in over} == {
            name: under[name] for name in under if name not in over
        }


@given(st.binary(max_size=60) | JSONS.map(lambda value: json.dumps(value).encode()))
def test_no_record_makes_the_head_raise_anything_unforeseen(body: bytes) -> None:
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        head(Resource(kind="k", path="/", id="a.b", version="a.c", deleted="b", kind_at="c"), body)


def test_items_in_lists_are_known_again_by_their_id() -> None:
    resource = Resource(kind="case", path="/", nested={"goal": "x.mal"}, nested_id="n")
    under = {"x": {"mal": [{"n": 1, "t": "a", "q": 1}, {"n": 2, "t": "b"}], "y": 1}}
    assert with_nested(resource, under, {"x": {"mal": [{"n": 2, "t": "c"}, {"t": "d"}]}}) == {
        "x": {"mal": [{"n": 1, "t": "a", "q": 1}, {"n": 2, "t": "c"}, {"t": "d"}], "y": 1}
    }
    assert under["x"]["mal"][1] == {"n": 2, "t": "b"}


def test_no_error_of_an_adapter_holds_a_value() -> None:
    with at_work("vendor-a", [("concern", CONCERN)]) as (adapter, _):
        secret = "06821099739"
        with pytest.raises(Refused) as caught:
            adapter.deliver(release("concern", {"summary": secret, "status": secret, "raised_on": secret}), "k")
        assert secret not in str(caught.value)
        assert caught.value.path
    assert Silent().info("x") is None


@pytest.mark.parametrize("name", ["vendor-a", "vendor-b"])
def test_the_kit_finds_nothing_wrong_with_the_examples(name: str) -> None:
    text = (EXAMPLES / name / "mapping.yaml").read_text(encoding="utf-8")
    bench = rest_bench(vendor(name), brought={name: text})
    report = certify(str(EXAMPLES / name / f"{name.replace('-', '_')}.py"), bench=bench)
    assert [(line.id, line.evidence) for line in report.checks if not line.passed] == []
