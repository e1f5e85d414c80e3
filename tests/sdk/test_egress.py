"""Nothing is connected to off the list, in whatever form it is asked for: 0 connections, seen at the socket itself."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.sdk.egress import Leash, Place, place
from gateway.sdk.errors import AdapterError
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer, LoopbackServer

_watching: list[list[tuple]] = []


def _audit(event: str, arguments: tuple) -> None:
    if _watching and event == "socket.connect":
        for noted in _watching:
            noted.append(arguments[1])


sys.addaudithook(_audit)


@contextmanager
def watched() -> Iterator[list[tuple]]:
    """Every address that this process connects to, as the socket module itself is told."""
    noted: list[tuple] = []
    _watching.append(noted)
    try:
        yield noted
    finally:
        _watching.remove(noted)


LISTED = "http://vendor.example.no"
URLS = [
    # another host, port or scheme
    "http://127.0.0.1:1/", "https://vendor.example.no/", "http://vendor.example.no:8080/", "http://vendor.example.no.evil.example/",
    "http://evil.example/vendor.example.no", "http://evil.example#vendor.example.no", "http://evil.example?vendor.example.no", "HTTP://EVIL.EXAMPLE/",
    "http://xn--vendor-example-no/", "http://vendor-example.no/", "http://vendor.example.no:99999/", "http://vendor.example.no:0x50/", "http://vendor.example.no:-1/",
    "file:///etc/passwd", "ftp://vendor.example.no/", "gopher://127.0.0.1:1/", "unix:///run/x", "data:text/html,x://",
    # a user before the host, and what only looks like one
    "http://vendor.example.no@evil.example/", "http://user@vendor.example.no/", "http://user:pass@vendor.example.no/", "http://vendor.example.no:80@127.0.0.1:1/",
    "http://vendor.example.no\\@evil.example/", "http://evil.example\\@vendor.example.no/", "http://@vendor.example.no/",
    # characters that some take out and others do not
    "http://vendor.example.no\r\nHost: evil.example/", "http://vendor.example.no\t.evil.example/", "http:\\\\evil.example/://", "http:///evil.example/", "http:evil.example/://",
    "//evil.example/://", "http://vendor.example.no%2eevil.example/", "http://vendor.example.no%00.evil.example/", "http://evil.example%23@vendor.example.no/", "http://[vendor.example.no]/", " http://evil.example/",
    # letters of other alphabets
    "http://vend\u043er.example.no/", "http://vendor\u3002example\u3002evil/", "http://\u2460\u2461\u2466.0.0.1/", "http://127\u30020\u30020\u30021/", "http://vendor.example.no\u2044.evil.example/",
    # this machine and the neighbour, as numbers in every base
    "http://127.0.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://0x7f.1/", "http://127.1/", "http://0/", "http://0.0.0.0/", "http://169.254.169.254/", "http://2852039166/", "http://127.0.0.1.nip.io/",
    # and as IPv6
    "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[fe80::1%25eth0]/", "http://[64:ff9b::127.0.0.1]/", "http://[::1/", "http://::1/",
]  # fmt: skip


def test_no_form_of_a_url_leads_off_the_list():
    with watched() as connections:
        client = HttpClient(
            url=LISTED, allow=["https://auth.example.no"], attempts=1, lookup=lambda host, port: ["127.0.0.1"]
        )
        for url in URLS:
            with pytest.raises(AdapterError) as caught:
                client.request("GET", url)
            assert caught.value.code in {"http.elsewhere", "http.url"}, url
            assert url not in str(caught.value)
    assert connections == []


ADDRESSES = [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104
    "255.255.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.9", "240.0.0.1",
    "::1", "::", "::2", "::7f00:1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "100::1", "2001:db8::1",
    "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]  # fmt: skip


def test_no_listed_name_leads_inside_whatever_it_resolves_to():
    with watched() as connections:
        for address in ADDRESSES:
            assert not Leash(url=LISTED).permits("vendor.example.no", address), address
            client = HttpClient(url=LISTED, attempts=1, lookup=lambda host, port, address=address: [address])
            with pytest.raises(AdapterError) as caught:
                client.request("GET", "/")
            assert caught.value.code == "http.private", address
    assert connections == []


@pytest.mark.parametrize("address", ["93.184.215.14", "2a02:20:1::1", "64:ff9b::5db8:d70e", "2002:5db8:d70e::1"])
def test_a_public_address_is_let_through(address):
    assert Leash(url=LISTED).permits("vendor.example.no", address)


def test_an_address_in_the_list_is_that_address_and_no_other_way_to_write_it():
    for listed in ("http://2130706433", "http://0x7f.1", "http://127.1", "http://0177.0.0.1"):
        client = HttpClient(url=listed, attempts=1, lookup=lambda host, port: ["127.0.0.1"])
        with watched() as connections, pytest.raises(AdapterError) as caught:
            client.request("GET", "/")
        assert caught.value.code == "http.private"
        assert connections == []


@contextmanager
def at(address: str) -> Iterator[int]:
    """A server at one of this machine's own addresses; its port."""
    listener = socket.create_server((address, 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


REBINDINGS = {
    # what the name resolves to, time after time     how the requests end              who is connected to
    "from outside to inside": ([["127.0.0.2"], ["127.0.0.1"]], [204, "http.private"], ["127.0.0.2"]),
    "both at once": ([["127.0.0.1", "127.0.0.2"]], [204], ["127.0.0.2"]),
    "both at once, the other way": ([["127.0.0.2", "127.0.0.1"]], [204], ["127.0.0.2"]),
    "written as IPv6": ([["::ffff:127.0.0.1", "127.0.0.2"]], [204], ["127.0.0.2"]),
    "to nothing": ([[], ["127.0.0.1"]], ["http.private", "http.private"], []),
    "many times over": ([["127.0.0.1"] * 40], ["http.private"], []),
}


@pytest.mark.parametrize("how", REBINDINGS)
def test_a_name_is_resolved_once_and_only_what_was_judged_is_connected_to(how):
    """``127.0.0.2`` stands for what may be reached, by a network in the list, and ``127.0.0.1`` for what may not."""
    answers, ends, reached = REBINDINGS[how]
    waiting, asked = [*answers], []
    with at("127.0.0.2") as port:

        def lookup(host, _):
            asked.append(host)
            return waiting.pop(0)

        client = HttpClient(url=f"http://vendor.example.no:{port}", allow=["127.0.0.2/32"], attempts=1, lookup=lookup)
        with watched() as connections:
            for end in ends:
                if end == 204:
                    assert client.request("GET", "/").status == 204
                else:
                    with pytest.raises(AdapterError) as caught:
                        client.request("GET", "/")
                    assert caught.value.code == end
        assert [address[0] for address in connections] == reached
        assert len(asked) == len(answers)
        client.close()


REDIRECTS = [
    "http://evil.example/", "//evil.example/", "https://127.0.0.1:{port}/", "http://127.0.0.1:1/", "http://localhost:{port}/", "http://127.1:{port}/", "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/", "http://2130706433:{port}/", "http://user@127.0.0.1:{port}/", "http://127.0.0.1:{port}@evil.example/", "\\\\evil.example/", "/\\evil.example/", "http:\\\\evil.example",
    "file:///etc/passwd", "javascript:alert(1)", "http://", "http://evil.example:80\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}.evil.example/", "http://169.254.169.254/latest/meta-data/",
]  # fmt: skip


def test_no_redirect_leads_off_the_list():
    for target in REDIRECTS:
        seen = []
        with LoopbackServer(
            lambda asked, seen=seen, target=target: (
                seen.append(asked)
                or Answer(
                    status=302, headers={"Location": target.replace("{port}", asked.headers["host"].partition(":")[2])}
                )
            )
        ) as server:
            client = HttpClient(url=server.url, attempts=1)
            with watched() as connections, pytest.raises(AdapterError) as caught:
                client.request("GET", "/a/b")
            assert caught.value.code in {"http.elsewhere", "http.url", "http.redirect"}, target
            assert len(connections) == 1, target
            assert all(asked.headers["host"] == server.url.removeprefix("http://") for asked in seen)
            client.close()


class Loose(Leash):
    """A planted bug: a guard that lets everything through."""

    def check(self, there: Place) -> None: ...

    def permits(self, host: str, address: str) -> bool:
        return True


def test_a_guard_that_lets_through_is_caught_by_what_watches():
    with at("127.0.0.1") as port:
        client = HttpClient(url=LISTED, attempts=1, lookup=lambda host, _: ["127.0.0.1"])
        client._leash = Loose(url=LISTED)
        with watched() as connections:
            for url in (f"http://evil.example:{port}/", f"http://127.0.0.1:{port}/", f"http://2130706433:{port}/"):
                assert client.request("GET", url).status == 204
        assert connections == [("127.0.0.1", port)] * 3
        client.close()


def test_the_forms_are_as_many_as_was_promised():
    sys.path.insert(0, str(Path(__file__).parent))
    from test_soap import PLACES  # noqa: PLC0415 - the forms in which a description refers elsewhere

    counts = {"urls": len(set(URLS)), "addresses": len(set(ADDRESSES)), "redirects": len(set(REDIRECTS)), "rebindings": len(REBINDINGS), "descriptions": len(set(PLACES)) + 4}  # fmt: skip
    assert counts["urls"] == 61
    assert sum(counts.values()) >= 60


SHOWN = [
    ("http://a.no/x", "a.no", "http://a.no/x"), ("http://a.no:80/", "a.no", "http://a.no/"), ("https://a.no:8443/x?y", "a.no:8443", "https://a.no:8443/x?y"),
    ("http://[2a02::1]:8080/", "[2a02::1]:8080", "http://[2a02::1]:8080/"), ("https://[2a02::1]/", "[2a02::1]", "https://[2a02::1]/"), ("http://A.NO./", "a.no", "http://a.no/"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "authority", "whole"), SHOWN)
def test_a_place_is_written_as_a_url_and_as_a_host_header(url, authority, whole):
    found = place(url)
    assert (found.authority, found.url) == (authority, whole)
    assert place(found.url) == found
