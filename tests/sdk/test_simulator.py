"""The vendor's side: its ground truth, its order, its faults, and that equal seeds give equal worlds."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateway.core.model import Fault
from gateway.sdk import Refused
from gateway.sdk.api import Adapter
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.resource import Resource
from gateway.sdk.simulator import Simulator, serve

RESOURCE = Resource(
    kind="concern", path="/c", records="data", paging="cursor", next="next", feed=True, more="more", id="id", version="v",
    modified="m", deleted="gone", create="POST", update="PATCH", keyed=True, if_match=True, delete=True, batch="/batch",
    read_back="/keys/{key}", inventory="/all", acknowledge="/ack",
)  # fmt: skip


def client(url: str) -> HttpClient:
    return HttpClient(url=url, attempts=1)


def test_what_a_user_does_there_shows_in_the_truth_and_in_the_feed() -> None:
    simulator = Simulator([RESOURCE], seed=3)
    with simulator as url:
        http = client(url)
        told = http.request("POST", "/_sim/records", json={"op": "make", "kind": "concern", "body": {"t": 1}}).json()
        http.request(
            "POST", "/_sim/records", json={"op": "edit", "kind": "concern", "id": told["id"], "body": {"t": 2}}
        )
        (record,) = http.request("GET", "/_sim/state").json()["records"]
        assert (record["version"], record["body"]["t"], record["writes"], record["deleted"]) == ("2", 2, 2, False)
        http.request("POST", "/_sim/records", json={"op": "delete", "kind": "concern", "id": told["id"]})
        page = http.request("GET", "/c").json()
        assert page["data"] == [{"id": told["id"], "v": "3", "m": "2026-01-01T00:00:03Z", "gone": True}]
        assert simulator.records == {}
        assert simulator.requests == ["GET /c"]
        for wrong in (
            {"op": "edit", "kind": "concern", "id": "?"},
            {"op": "dance", "kind": "concern"},
            {"op": "make", "kind": "x"},
            [],
        ):
            with pytest.raises(Refused):
                http.request("POST", "/_sim/records", json=wrong)
        http.close()


def test_the_same_key_is_one_effect_and_gives_the_same_answer() -> None:
    simulator = Simulator([RESOURCE])
    with simulator as url:
        http = client(url)
        answers = [http.request("POST", "/c", json={"t": 1}, key="k").body for _ in range(3)]
        assert len(set(answers)) == len(simulator.records) == 1
        batch = {
            "items": [{"key": "b1", "kind": "concern", "body": {"t": 1}}, {"key": "b2", "kind": "other", "body": {}}]
        }
        results = [http.request("POST", "/batch", json=batch).json()["results"] for _ in range(2)]
        assert results[0] == results[1]
        assert [one["status"] for one in results[0]] == [201, 422]
        assert len(simulator.records) == 2
        assert http.request("GET", "/keys/b1").json()["id"] == results[0][0]["record"]["id"]
        assert http.request("GET", "/keys/b9", accept=(404,)).status == 404
        http.request("POST", "/ack", json={"ids": ["a", "b"], "outcome": "kept"})
        assert simulator.acknowledged == ["a", "b"]
        assert [one["id"] for one in http.request("GET", "/all").json()["data"]] == [
            key[8:] for key in simulator.records
        ]
        http.close()


def test_a_write_on_another_version_is_refused_without_effect() -> None:
    simulator = Simulator([RESOURCE])
    with simulator as url:
        http = client(url)
        ident = simulator.make("concern", {"t": 1})
        assert http.request("GET", f"/c/{ident}").headers["etag"] == '"1"'
        for match in ('"2"', '"x"', ""):
            with pytest.raises(Refused) as caught:
                http.request("PATCH", f"/c/{ident}", json={"t": 2}, if_match=match)
            assert caught.value.conflict
        http.request("PATCH", f"/c/{ident}", json={"t": 2}, if_match='"1"')
        assert simulator.records[f"concern:{ident}"].body["t"] == 2
        http.close()


def test_equal_seeds_and_calls_give_equal_worlds() -> None:
    def world(seed: int) -> object:
        simulator = Simulator([RESOURCE], seed=seed, records=[("concern", {"t": n}) for n in range(3)])
        simulator.delete("concern", next(iter(simulator.records)).partition(":")[2])
        simulator.close()
        return simulator.state()

    assert world(1) == world(1)
    assert world(1) != world(2)


def test_a_fault_is_in_force_as_often_and_for_what_it_was_ordered() -> None:
    simulator = Simulator([RESOURCE], faults=[{"what": "status", "status": 418, "times": 2, "on": "write", "after": 1}])
    with simulator as url:
        http = client(url)

        def status(method: str) -> int:
            return http.request(method, "/c", json={} if method == "POST" else None, accept=(418,)).status

        assert [status(method) for method in ("POST", "GET", "POST", "POST", "POST")] == [201, 200, 418, 418, 201]
        http.request("POST", "/_sim/faults", json={"faults": [{"what": "status", "status": 418, "times": 0}]})
        assert [status("GET") for _ in range(3)] == [418] * 3
        http.request("POST", "/_sim/faults", json={"faults": []})
        assert status("GET") == 200
        with pytest.raises(Refused):
            http.request("POST", "/_sim/faults", json={"faults": [{"what": "no such fault"}]})
        http.close()


def test_a_secret_is_asked_for() -> None:
    with Simulator([RESOURCE], secret="t") as url:
        http = client(url)
        assert http.request("GET", "/c", accept=(401,)).status == 401
        assert http.request("GET", "/c", headers={"Authorization": "Bearer t"}).status == 200
        http.close()


def test_what_is_not_there_is_said_so() -> None:
    with Simulator([RESOURCE]) as url:
        http = client(url)
        for method, path, status in (
            ("GET", "/nowhere", 404),
            ("GET", "/c/x", 404),
            ("PUT", "/c/x", 405),
            ("DELETE", "/c/x", 404),
            ("GET", "/_sim/x", 404),
        ):
            assert http.request(method, path, accept=(404, 405)).status == status
        with pytest.raises(Refused):
            http.request("POST", "/c", content=b"{")
        http.close()


def test_an_adapter_without_a_declaration_cannot_be_simulated(tmp_path: Path) -> None:
    class Undeclared(Adapter):
        name = "undeclared"

    with pytest.raises(Refused):
        serve(Undeclared)
    faults = tmp_path / "faults.json"
    faults.write_text('{"faults": [{"what": "moon"}]}')
    wrong = type("Declared", (), {"resources": (RESOURCE,), "simulated": lambda seed: ()})
    with pytest.raises(Fault) as caught:
        serve(wrong, faults=faults)
    assert caught.value.code == "simulator.faults"


SERVED = """
from gateway.sdk.simulator import serve
from gateway.sdk.rest import RestAdapter, Resource
class A(RestAdapter):
    name = "a"
    resources = (Resource(kind="concern", path="/c"),)
    @classmethod
    def simulated(cls, seed): return [("concern", {"seed": seed})]
serve(A, seed=9)
"""


def test_a_served_simulator_tells_its_address_and_ends_when_told() -> None:
    process = subprocess.Popen([sys.executable, "-c", SERVED], stdout=subprocess.PIPE, text=True)
    try:
        http = client(process.stdout.readline().strip())
        assert [one["seed"] for one in json.loads(http.request("GET", "/c").body)] == [9]
        http.close()
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


def test_the_server_speaks_enough_http_for_other_clients() -> None:
    import http.client as other  # noqa: PLC0415

    seen = []

    def answer(asked):
        seen.append(asked)
        return Answer(body=b"x" * 1000)

    with LoopbackServer(answer) as server:
        connection = other.HTTPConnection("127.0.0.1", server.port)
        connection.request(
            "POST",
            "/a%20b?c=d",
            body=iter([b"ab", b"c"]),
            encode_chunked=True,
            headers={"Transfer-Encoding": "chunked"},
        )
        assert connection.getresponse().read() == b"x" * 1000
        connection.request("HEAD", "/")
        assert connection.getresponse().read() == b""
        connection.request("GET", "/", headers={"Connection": "close"})
        assert connection.getresponse().getheader("Connection") == "close"
        connection.close()
        assert (seen[0].path, seen[0].query, seen[0].body) == ("/a b", {"c": "d"}, b"abc")


def test_a_page_of_a_long_feed_costs_the_same_at_its_end() -> None:
    simulator = Simulator([RESOURCE], records=(("concern", {}) for _ in range(20_000)))
    with simulator as url:
        http = client(url)
        spent = []
        for after in (0, 19_900):
            began = time.process_time()  # the server is a thread of ours
            for _ in range(5):
                assert len(http.request("GET", "/c", params={"cursor": after, "limit": 100}).json()["data"]) == 100
            spent.append(time.process_time() - began)
        assert spent[1] < 10 * spent[0] + 0.2
        http.close()
