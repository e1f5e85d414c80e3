"""What is told of what happens: names, codes and counts, in lines, numbers and spans, and nothing of what is said."""

import io
import json
import re

import pytest

from gateway.run import acts
from gateway.run.life import sync
from gateway.run.observing import SILENT, Observer
from gateway.run.observing.counts import Counts
from gateway.run.observing.declared import METRICS, TELLING_RULES
from gateway.run.observing.facts import proper
from gateway.run.observing.logs import EventLog, Lines, LogSink
from gateway.sdk.errors import Unreachable
from gateway.sdk.testing.canaries import Search
from tests.run.township import Township, number_of

NAMED = {"system": frozenset({"skole"}), "route": frozenset({"/cases/{case}"})}

LET_THROUGH = {
    "a count": {"fetched": 3}, "no seconds": {"seconds": 0.0}, "a code": {"code": "http.timeout"}, "a status": {"status": 503},
    "a system of the settings": {"system": "skole"}, "an act": {"act": "give"}, "a method": {"method": "POST"},
    "a route": {"route": "/cases/{case}"},
}  # fmt: skip
DROPPED = {
    "a person number as a count": {"fetched": 6821099739}, "one as text": {"code": "06821099739"}, "one in a code": {"code": "person.06821099739"},
    "a telephone number": {"due": 99887766}, "a name as a code": {"code": "ola"}, "a name as a system": {"system": "ola.nes"},
    "a path for a route": {"route": "/cases/7f3a"}, "words": {"code": "leser. lite"}, "a truth for a count": {"fetched": True},
    "a number below none": {"due": -1}, "a number that is none": {"seconds": float("nan")}, "a fact that nobody declared": {"child": 1},
    "a body": {"status": b"x"}, "a list": {"system": ["skole"]}, "another method": {"method": "OLA"}, "a status that is none": {"status": 99999},
}  # fmt: skip


@pytest.mark.parametrize("what", LET_THROUGH)
def test_what_may_be_told_is(what):
    assert proper(LET_THROUGH[what], NAMED) == LET_THROUGH[what]


@pytest.mark.parametrize("what", DROPPED)
def test_what_may_not_be_told_is_dropped(what):
    assert proper(DROPPED[what], NAMED) == {}


class Heard:
    """Keeps what ended."""

    def __init__(self):
        self.spans, self.closed = [], False

    def begin(self, span): ...

    def end(self, span):
        self.spans.append(span)

    def event(self, name, level, facts): ...

    def close(self):
        self.closed = True


class Broken(Heard):
    def begin(self, span):
        raise RuntimeError

    end = event = close = begin


def watched(*sinks, systems=("skole", "helse"), **more):
    observer = Observer(systems=systems, **more)
    for one in sinks:
        observer.add(one)
    return observer


def test_blocks_know_what_they_happen_in_and_end_with_the_code_of_what_is_raised():
    heard = Heard()
    observer = watched(Broken(), heard)
    with pytest.raises(Unreachable), observer.span("round"), observer.span("lane", system="skole"):
        raise Unreachable("http.timeout")
    lane, whole = heard.spans
    assert (lane.parent, lane.trace, lane.code) == (whole, whole.trace, "http.timeout")
    assert re.fullmatch("[0-9a-f]{32}", whole.trace)
    assert re.fullmatch("[0-9a-f]{16}", lane.id)
    with pytest.raises(ValueError, match="Ola"), observer.span("round"):
        raise ValueError("Ola Nes")
    assert heard.spans[-1].code == "observed.unforeseen"


def test_nobody_listens_costs_no_block():
    assert SILENT.span("round") is SILENT.span("lane")


def test_a_line_that_cannot_be_written_stops_nothing():
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "full")

    Lines(stream=Full).line("round", "info", {})


def lines_of(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_lines_are_json_by_level_and_those_of_a_round_belong_together():
    told = io.StringIO()
    lines = Lines(level="info", stream=lambda: told)
    observer = watched(LogSink(lines))
    with observer.span("round") as span:
        span.note(fetched=2, child="Ola")
        with observer.span("exchange", system="skole", method="GET"):
            EventLog("skole", lines).warning("file_drop.refused", code="csv.header", name="ola", count=6821099739)
        observer.event("web.request", level="warning", status=500, seconds=0.1, path="/cases/1")
    event, call, whole = lines_of(told)
    assert {event["trace"], call["trace"]} == {whole["trace"]}
    assert set(event) == {"time", "level", "event", "trace", "span", "system", "code"}
    assert set(call) == {"time", "level", "event", "trace", "span", "status", "seconds"}
    assert set(whole) == {"time", "level", "event", "trace", "span", "fetched", "seconds"}
    told.truncate(0)
    text = watched(LogSink(Lines(form="text", stream=lambda: told)))
    with text.span("round") as span:
        span.note(fetched=2)
    assert re.search(r"\d\d:\d\d:\d\d info round fetched=2 seconds=", told.getvalue())


WORDS = "Kråkebolle under trappa 90417"
NAME = "Tuvalill"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """All that three rounds tell, at the lowest level: one sends, one is kept back, in one a system is down."""
    town = Township(tmp_path_factory.mktemp("told") / "t", cases=2)
    town.tell(2, consent=False, summary=WORDS)
    town.skole.edit("person", "p2", {"fields": {"given_name": NAME}})
    stream, counts, heard = io.StringIO(), Counts(), Heard()
    lines = Lines(level="debug", stream=lambda: stream)
    observer = watched(LogSink(lines), counts, heard, share_with=["helse"])
    world = town.world(observer=observer, log=lambda name: EventLog(name, lines))
    for source, target in (("skole", "helse"), ("helse", "skole")):
        acts.set_flow(world, source, target, "approved", by="liv")
    sync(world)
    sync(world)
    town.helse.close()
    sync(world)
    yield town, stream, counts, heard, world
    for adapter in world.adapters.values():
        adapter.close()
    world.store.close()
    town.close()


def test_a_round_is_told_from_the_lane_to_the_delivery(told):
    _, stream, _, heard, _ = told
    names = {span.name for span in heard.spans}
    assert names == {"round", "lane", "exchange", "gate", "delivery"}
    above = {(span.name, span.parent.name) for span in heard.spans if span.parent is not None}
    assert above >= {("lane", "round"), ("exchange", "lane"), ("gate", "lane"), ("delivery", "lane"), ("exchange", "delivery")}  # fmt: skip
    rounds = [span for span in heard.spans if span.name == "round"]
    assert {span.trace for span in heard.spans} == {span.trace for span in rounds}, "threads keep what they are in"
    assert len(rounds) == 3
    failed = [one for one in lines_of(stream) if one["event"] == "lane" and one["level"] == "warning"]
    assert {one["system"] for one in failed} == {"helse"}
    assert all(one["code"].startswith("http.") for one in failed)


def test_what_happened_is_counted(told):
    sums, times = told[2].sums(), told[2].times()
    assert sums["bti_rounds_total", ("done",)] == 3
    assert sums["bti_deliveries_total", ("helse", "accepted")] >= 2
    assert sums["bti_fetched_records_total", ("skole",)] >= 9
    assert sums["bti_exchanges_total", ("skole", "2xx")] > 2
    assert sums["bti_exchanges_total", ("helse", "none")] >= 1
    assert sum(count for (name, _), count in sums.items() if name == "bti_withheld_fields_total") > 0
    assert {name for name, _ in (*sums, *times)} <= {one.name for one in METRICS if one.source == "process"}
    assert sum(times["bti_round_seconds", ()][0]) == 3
    labels = {
        name: dict(zip(one.labels, given, strict=True)) for one in METRICS for (name, given) in sums if name == one.name
    }
    assert labels["bti_withheld_fields_total"]["rule"] not in TELLING_RULES


def test_no_line_holds_a_word_a_number_a_name_or_a_token(told):
    town, stream, counts, heard, _ = told
    tokens = [(town.folder / "keys" / f"{name}.token").read_text() + "-" for name in ("skole", "helse")]
    search = Search((WORDS, NAME, *(number_of(at) for at in range(3)), "uro 1"))
    assert search.found(json.dumps(town.skole.state(), ensure_ascii=False)), "it is there to be found"
    for what in (stream.getvalue(), repr(counts.sums()), repr([one.facts for one in heard.spans])):
        assert not search.found(what)
        assert not any(token in what for token in tokens)
    for line in lines_of(stream):
        for name, fact in line.items():
            assert isinstance(fact, (int, float)) or re.fullmatch(r"[A-Za-z0-9_.:+-]{1,64}", fact), (name, fact)
            assert isinstance(fact, str) or abs(fact) < 10_000_000
