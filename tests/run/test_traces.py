"""Traces: what a collector on loopback is sent, byte for byte, and which system is told which round asks."""

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from gateway.run.life import sync
from gateway.run.observing import Observer
from gateway.run.observing.traces import traces_of
from gateway.run.settings_watch import TelemetrySettings
from gateway.sdk.errors import Unreachable
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.testing.canaries import Search
from tests.run.township import Township, number_of

WORDS = "Kråkebolle under trappa 90417"
MAY = {
    "bti.system", "bti.act", "bti.lanes", "bti.fetched", "bti.delivered", "bti.withheld", "bti.tasks", "bti.due", "bti.cases", "bti.sendings",
    "bti.unreachable", "bti.stopped", "bti.accepted", "bti.code", "bti.quarantined", "bti.shadowed", "bti.retracted", "bti.uncertain", "bti.failed",
    "http.request.method", "http.response.status_code", "error.type",
}  # fmt: skip


class Collector:
    """What was sent to it."""

    def __init__(self, status=200):
        self.asked, self.status = [], status

    def __call__(self, asked):
        self.asked.append(asked)
        return Answer(status=self.status, headers={"location": "/elsewhere"} if self.status == 302 else {})

    def spans(self):
        for asked in self.asked:
            for resource in ExportTraceServiceRequest.FromString(asked.body).resource_spans:
                for scope in resource.scope_spans:
                    yield from scope.spans


@pytest.fixture
def collector():
    asked = Collector()
    with LoopbackServer(asked) as server:
        asked.url = server.url
        yield asked


def test_a_round_arrives_as_one_tree_and_holds_nothing_of_what_is_said(collector, tmp_path, monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "host.name=maskina-til-kari")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    token = tmp_path / "token"
    token.write_text("a-collectors-token")
    town = Township(tmp_path / "t", cases=1)
    town.tell(1, consent=False, summary=WORDS)
    observer = Observer(systems=("skole", "helse"))
    observer.add(traces_of(TelemetrySettings(endpoint=collector.url, secret=f"file:{token}")))
    world = town.world(observer=observer)
    sync(world)
    for adapter in world.adapters.values():
        adapter.close()
    world.store.close()
    town.close()
    observer.close()
    spans = list(collector.spans())
    assert {one.path for one in collector.asked} == {"/v1/traces"}
    assert {one.headers["authorization"] for one in collector.asked} == {"Bearer a-collectors-token"}
    assert {span.name for span in spans} == {"round", "lane", "exchange", "gate", "delivery"}
    assert len({span.trace_id for span in spans}) == 1
    ids = {span.span_id: span for span in spans}
    assert {span.name for span in spans if not span.parent_span_id} == {"round"}
    assert all(span.parent_span_id in ids for span in spans if span.parent_span_id)
    assert all(ids[span.parent_span_id].name == "lane" for span in spans if span.name == "gate")
    assert all(span.start_time_unix_nano <= span.end_time_unix_nano for span in spans)
    assert {one.key for span in spans for one in span.attributes} <= MAY
    sent = b"".join(one.body for one in collector.asked)
    assert b"skole" in sent, "what is looked for would be found"
    assert not Search((WORDS, number_of(0), number_of(1), "uro 0", "a-collectors-token", "maskina")).found(sent)


@pytest.mark.parametrize("status", [302, 500])
def test_a_collector_that_does_not_take_spans_costs_spans_alone(collector, status, capfd):
    collector.status = status
    observer = Observer(systems=("skole",))
    observer.add(traces_of(TelemetrySettings(endpoint=collector.url)))
    with observer.span("round"):
        pass
    observer.close()
    assert [one.path for one in collector.asked] == ["/v1/traces"], "it is asked once and followed nowhere"
    assert capfd.readouterr().err == ""


def test_a_collector_that_is_not_there_costs_spans_alone(capfd):
    observer = Observer(systems=("skole",))
    observer.add(traces_of(TelemetrySettings(endpoint="http://127.0.0.1:9")))
    with observer.span("round"):
        pass
    observer.close()
    assert capfd.readouterr().err == ""


class Heard:
    def __init__(self):
        self.spans = []

    def begin(self, span): ...

    def end(self, span):
        self.spans.append(span)

    def event(self, name, level, facts): ...

    def close(self): ...


def test_only_a_system_that_the_settings_name_is_told_which_round_asks(collector):
    heard = Heard()
    observer = Observer(systems=("skole", "helse"), share_with=("helse",))
    observer.add(heard)
    for name in ("skole", "helse"):
        with observer.span("round"):
            client = HttpClient(url=collector.url, witness=observer.witness(name))
            client.request("GET", "x")
            client.close()
    theirs, ours = collector.asked
    assert "traceparent" not in theirs.headers
    call = next(one for one in heard.spans if one.name == "exchange" and one.facts["system"] == "helse")
    assert ours.headers["traceparent"] == f"00-{call.trace}-{call.id}-01"


def test_a_request_is_watched_however_it_ends_and_another_host_is_not_told():
    heard = Heard()
    observer = Observer(systems=("skole",), share_with=("skole",))
    observer.add(heard)
    elsewhere = Collector()
    with LoopbackServer(elsewhere) as other:
        there = f"http://localhost:{other.port}/x"
        with LoopbackServer(lambda asked: Answer(status=302, headers={"location": there})) as server:
            client = HttpClient(url=server.url, allow=[there[:-2]], witness=observer.witness("skole"))
            client.request("GET", "x")
        client.close()
    assert "traceparent" not in elsewhere.asked[0].headers
    with pytest.raises(Unreachable):
        HttpClient(url="http://127.0.0.1:9", attempts=1, witness=observer.witness("skole")).request(
            "GET", "ola/06821099739"
        )
    assert [(one.facts.get("status"), one.code) for one in heard.spans] == [(302, ""), (None, "http.connect")]
    assert all(set(one.facts) <= {"system", "method", "status"} for one in heard.spans)
