"""A system is asked no faster than it bears, left alone when it fails, and read page by page without going in circles."""

import json
import threading
import time

import pytest

from gateway.sdk.errors import AdapterError
from gateway.sdk.http import HttpClient, Response
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.pace import Pace, Traffic
from gateway.sdk.paging import linked
from gateway.sdk.walking import Seen, changed, walk


class Clock:
    """Time that passes when somebody sleeps, or when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def told(call) -> tuple[str, str, float | None]:
    with pytest.raises(AdapterError) as caught:
        call()
    return type(caught.value).__name__, caught.value.code, getattr(caught.value, "retry_after", None)


@pytest.mark.parametrize(
    ("rate", "burst", "count", "seconds"), [(2.0, 1, 5, 2.0), (2.0, 3, 5, 1.0), (0.5, 1, 2, 2.0), (10.0, 10, 10, 0.0)]
)
def test_requests_go_no_faster_than_the_rate_and_the_burst(rate, burst, count, seconds):
    clock = Clock()
    pace = Pace(Traffic(rate=rate, burst=burst), clock=clock, sleep=clock.sleep)
    for _ in range(count):
        pace.enter(patience=20)
    assert clock.now == pytest.approx(seconds)
    clock.now += 1000  # idle time fills the bucket up to the burst, and no more
    start = clock.now
    for _ in range(burst + 1):
        pace.enter(patience=20)
    assert clock.now - start == pytest.approx(1 / rate)


def test_threads_share_one_pace():
    slept, lock = [], threading.Lock()

    def sleep(seconds: float) -> None:
        with lock:
            slept.append(round(seconds, 6))

    pace = Pace(Traffic(rate=10.0), clock=lambda: 0.0, sleep=sleep)
    threads = [threading.Thread(target=lambda: pace.enter(patience=20)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slept) == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]


def test_a_turn_that_would_come_too_late_is_given_back_to_the_schedule():
    clock = Clock()
    pace = Pace(Traffic(rate=0.1), clock=clock, sleep=clock.sleep)
    pace.enter(patience=5)
    assert told(lambda: pace.enter(patience=5)) == ("Unreachable", "http.rate", 10.0)
    clock.now = 10.0
    pace.enter(patience=5)  # what was given back took nobody's turn


def test_a_system_that_fails_is_left_alone_and_then_asked_once():
    clock = Clock()
    pace = Pace(Traffic(trips=3, rest=10.0), clock=clock, sleep=clock.sleep)
    for _ in range(3):
        pace.enter(patience=0)
        pace.seen(well=False)
    assert told(lambda: pace.enter(patience=99)) == ("Unreachable", "http.resting", 10.0)
    clock.now = 9.0
    assert told(lambda: pace.enter(patience=99)) == ("Unreachable", "http.resting", 1.0)
    clock.now = 10.0
    pace.enter(patience=0)
    assert told(lambda: pace.enter(patience=0))[1] == "http.resting"  # one finds out for all
    pace.seen(well=False)
    for rest in (20.0, 40.0, 80.0, 80.0):  # the rest doubles, up to eight times its length
        assert told(lambda: pace.enter(patience=0)) == ("Unreachable", "http.resting", rest)
        clock.now += rest
        pace.enter(patience=0)
        pace.seen(well=False)
    clock.now += 80.0
    pace.enter(patience=0)
    pace.left()  # the one who was to find out never asked: the next one does
    pace.enter(patience=0)
    pace.seen(well=True)
    for _ in range(2):
        pace.enter(patience=0)
        pace.seen(well=False)
    pace.enter(patience=0)


def test_one_good_answer_forgets_the_failures_before_it():
    clock = Clock()
    pace = Pace(Traffic(trips=2), clock=clock, sleep=clock.sleep)
    for well in (False, True, False, True, False):
        pace.enter(patience=0)
        pace.seen(well=well)
    pace.enter(patience=0)
    pace.seen(well=False)
    assert told(lambda: pace.enter(patience=0))[1] == "http.resting"


def test_a_client_leaves_a_failing_system_alone_and_its_writes_stay_certain():
    clock, seen = Clock(), []
    answers = {"now": Answer(status=502)}
    with LoopbackServer(lambda asked: seen.append(asked) or answers["now"]) as server:
        client = HttpClient(
            url=server.url, traffic=Traffic(trips=2, rest=30.0), clock=clock, sleep=clock.sleep, attempts=1
        )
        for _ in range(2):
            assert told(lambda: client.request("GET", "/x"))[1] == "http.502"
        assert told(lambda: client.request("POST", "/x", json={})) == ("Unreachable", "http.resting", 30.0)
        assert len(seen) == 2
        clock.now += 30.0
        answers["now"] = Answer(status=404)  # it works again, and says no
        assert told(lambda: client.request("GET", "/x"))[1] == "http.404"
        assert told(lambda: client.request("GET", "/x"))[1] == "http.404"
        answers["now"] = Answer(wreck="drop")
        for _ in range(2):
            assert told(lambda: client.request("GET", "/x"))[1] == "http.broken"
        assert told(lambda: client.request("GET", "/x"))[1] == "http.resting"
        client.close()


def test_all_threads_keep_to_what_a_system_asked_one_of_them():
    clock, seen = Clock(), []
    with LoopbackServer(
        lambda asked: seen.append(asked) or Answer(status=429, headers={"Retry-After": "60"})
    ) as server:
        client = HttpClient(url=server.url, traffic=Traffic(), clock=clock, sleep=clock.sleep, attempts=1)
        assert told(lambda: client.request("GET", "/x")) == ("Unreachable", "http.429", 60.0)
        assert told(lambda: client.request("GET", "/y")) == ("Unreachable", "http.rate", 60.0)
        assert len(seen) == 1
        clock.now += 50.0
        assert told(lambda: client.request("GET", "/y"))[1] == "http.429"  # ten seconds are worth waiting for
        assert clock.now == 60.0
        client.close()


def test_an_adapter_s_declaration_reaches_its_client(tmp_path):
    from pathlib import Path  # noqa: PLC0415

    from gateway.run import opening  # noqa: PLC0415
    from gateway.run.plugins import Plugins  # noqa: PLC0415
    from gateway.run.settings import parse_settings  # noqa: PLC0415
    from gateway.sdk import Adapter, Capabilities  # noqa: PLC0415

    class Slow(Adapter):
        name = "slow"
        capabilities = Capabilities()
        traffic = Traffic(rate=0.001)

    text = 'tenant = "a"\nmunicipality = "1120"\nmodel = "klepp"\nnumbers = "synthetic"\n[units.a]\nservice = "school"\nbody = "k"\n'
    text += '[systems.s]\nadapter = "slow"\nunit = "a"\nurl = "http://127.0.0.1:9"\n'
    settings = parse_settings(text, file=Path(tmp_path) / "gateway.toml")
    plugins = Plugins(adapters={"slow": Slow}, broken=(), mappings={}, origins={})
    adapters, broken = opening.make_adapters(settings, plugins, environment={})
    assert broken == {}
    http = adapters["s"].context.http
    assert told(lambda: http.request("POST", "/", json={}))[1] == "http.connect"
    assert told(lambda: http.request("POST", "/", json={}))[1] == "http.rate"


def response(**headers) -> Response:
    return Response(status=200, headers=headers, body=b"{}")


SEEN = [
    (response(etag='"a"', **{"last-modified": "Mon"}), {"if-none-match": '"a"'}),
    (response(etag='W/"a"'), {"if-none-match": 'W/"a"'}),
    (response(**{"last-modified": "Mon"}), {"if-modified-since": "Mon"}),
    (response(), {}),
]


@pytest.mark.parametrize(("answer", "headers"), SEEN)
def test_what_was_seen_is_asked_for_only_if_it_has_changed(answer, headers):
    assert Seen.of(answer).headers() == headers


def test_nothing_comes_of_what_has_not_changed():
    def answer(asked):
        same = asked.headers.get("if-none-match") == '"2"'
        return Answer(status=304) if same else Answer(body=b"[1]", headers={"ETag": '"2"'})

    with LoopbackServer(answer) as server:
        client = HttpClient(url=server.url)
        first = changed(client, "/x", None)
        assert first.body == b"[1]"
        assert changed(client, "/x", Seen.of(first)) is None
        assert changed(client, "/x", Seen(etag='"1"')).body == b"[1]"
        client.close()


LINKS = [
    ('<https://a.no/x?p=2>; rel="next"', "https://a.no/x?p=2"), ("</x?p=2>; rel=next", "/x?p=2"), ("<>; rel=next", None), ("", None),
    ('<a>; rel="prev", <b>; rel="next"', "b"), ('<a,b;c>; rel="next"', "a,b;c"), ('<a>; title="x, y; rel=next"; rel="prev"', None),
    ('<a>; rel="first next"', "a"), ('<a>; rel="nextish"', None), ("<a>; REL=NEXT", "a"), ('<a>; title="<b>"; rel="next"', "a"),
    ("a; rel=next", None), ("<a", None), ('<a> ; foo ; rel = "next"', "a"), ('<a>; rel="prev"; rel="next"', None),
]  # fmt: skip


@pytest.mark.parametrize(("header", "target"), LINKS)
def test_the_next_page_is_the_target_of_a_link_that_says_so(header, target):
    assert linked(header) == target


def test_a_long_link_header_is_read_in_no_time():
    started = time.process_time()
    for header in (
        "<" * 60_000,
        "<a>" + ";" * 60_000,
        "<a>" + " ;a" * 20_000,
        '<a>;a="' + "x" * 60_000,
        "<a>" + " " * 60_000,
        "<a>;a" + "=" * 60_000,
    ):
        linked(header)
    assert time.process_time() - started < 1.0


ALL = list(range(25))


def server_of(by):
    def answer(asked):
        query, start = asked.query, 0
        size = int(query.get("limit", 10))
        match by:
            case "link" | "next" | "cursor":
                start = int(query.get("cursor", query.get("at", 0)))
            case "offset":
                start = int(query.get("offset", 0))
            case "page":
                start = (int(query["page"]) - 1) * size
        rows, more = ALL[start : start + size], start + size < len(ALL)
        body, headers = {"rows": rows}, {}
        if more and by == "link":
            headers = {"Link": f'<?at={start + size}&limit={size}>; rel="next"'}
        if more and by == "next":
            body["@odata.nextLink"] = f"/x?at={start + size}&limit={size}"
        if more and by == "cursor":
            body["paging"] = {"next": str(start + size)}
        return Answer(body=json.dumps(body).encode(), headers=headers)

    return LoopbackServer(answer)


HOW = {
    "link": {},
    "next": {"next_at": "@odata.nextLink"},
    "cursor": {"next_at": "paging.next"},
    "offset": {},
    "page": {},
}


@pytest.mark.parametrize("by", HOW)
def test_a_list_is_walked_to_its_end_by(by):
    """… links, words or numbers."""
    with server_of(by) as server:
        client = HttpClient(url=server.url)
        pages = list(
            walk(
                client, "/x", by=by, size=10, count=lambda page: len(page.json()["rows"]), params={"a": "b"}, **HOW[by]
            )
        )
        assert [row for page in pages for row in page.json()["rows"]] == ALL
        assert len(pages) == 3
        client.close()


def test_a_walk_that_leaves_the_system_or_goes_in_a_circle_or_on_for_ever_is_stopped():
    with LoopbackServer(lambda asked: next_ones.pop(0) if len(next_ones) > 1 else next_ones[0]) as server:
        client = HttpClient(url=server.url, allow=["http://10.0.0.1"])

        def link(to):
            return Answer(body=b"{}", headers={"Link": f'<{to}>; rel="next"'})

        for target in ("http://10.0.0.1/x", "//127.0.0.1:1/x", "https://127.0.0.1/x", "http://a:b@127.0.0.1/"):
            next_ones = [link(target)]
            assert told(lambda: list(walk(client, "/x", by="link")))[1] in {"http.elsewhere", "http.url"}
        next_ones = [link("/x?a"), link("/x?b"), link("/x?a")]
        assert told(lambda: list(walk(client, "/x", by="link"))) == ("Refused", "vendor.paging_loop", None)
        next_ones = [Answer(body=b'{"next": "same"}')]
        assert told(lambda: list(walk(client, "/x", by="cursor")))[1] == "vendor.paging_loop"
        next_ones = [Answer(body=b"[1]")]
        assert (
            told(lambda: list(walk(client, "/x", by="offset", size=1, count=lambda _: 1, most=5)))[1]
            == "vendor.paging_endless"
        )
        next_ones = [Answer(body=b"<html>")]
        assert told(lambda: list(walk(client, "/x", by="cursor")))[1].startswith("json.")
        with pytest.raises(TypeError):
            list(walk(client, "/x", by="page"))
        client.close()
