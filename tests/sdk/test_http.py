"""The leash, the limits, and what each thing that goes wrong on a network is told as."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.sdk.egress import Leash, place
from gateway.sdk.errors import AdapterError, Misconfigured, Refused, Uncertain, Unreachable
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer, Asked, LoopbackServer


class Clock:
    """Time that only passes when somebody sleeps."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@contextmanager
def served(answer: Callable[[Asked], Answer], **settings) -> Iterator[tuple[HttpClient, Clock, list[Asked]]]:
    seen: list[Asked] = []

    def noted(asked: Asked) -> Answer:
        seen.append(asked)
        return answer(asked)

    clock = Clock()
    with LoopbackServer(noted) as server:
        client = HttpClient(url=server.url, sleep=clock.sleep, chance=lambda: 0.5, **settings)
        try:
            yield client, clock, seen
        finally:
            client.close()


def told(call: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(AdapterError) as caught:
        call()
    assert caught.value.__cause__ is None
    return type(caught.value).__name__, caught.value.code


PROBLEMS = {
    "slow": Answer(body=b"{}", delay=1.0),
    "dropped": Answer(body=b"{}", wreck="drop"),
    "truncated": Answer(body=b'{"a": 1234567890}', wreck="truncate"),
    "html": Answer(body=b"<html>", content_type="text/html"),
    "oversized": Answer(body=b" " * 5_000),
    **{
        str(status): Answer(status=status)
        for status in (400, 401, 403, 404, 408, 409, 410, 412, 422, 429, 500, 502, 503)
    },
    "302": Answer(status=302, headers={"Location": "http://127.0.0.1:9/elsewhere"}),
}
FATE = [
    # what happens     a read                                a write without a key                a write with a key
    ("slow", ("Unreachable", "http.timeout"), ("Uncertain", "http.timeout"), ("Uncertain", "http.timeout")),
    ("dropped", ("Unreachable", "http.broken"), ("Uncertain", "http.broken"), ("Uncertain", "http.broken")),
    ("truncated", ("Unreachable", "http.broken"), ("Uncertain", "http.broken"), ("Uncertain", "http.broken")),
    ("html", ("Refused", "http.content_type"), ("Uncertain", "http.content_type"), ("Uncertain", "http.content_type")),
    ("oversized", ("Refused", "http.oversized"), ("Uncertain", "http.oversized"), ("Uncertain", "http.oversized")),
    ("400", ("Refused", "http.400"), ("Refused", "http.400"), ("Refused", "http.400")),
    ("401", ("Misconfigured", "http.401"), ("Misconfigured", "http.401"), ("Misconfigured", "http.401")),
    ("403", ("Misconfigured", "http.403"), ("Misconfigured", "http.403"), ("Misconfigured", "http.403")),
    ("404", ("Refused", "http.404"), ("Refused", "http.404"), ("Refused", "http.404")),
    ("408", ("Unreachable", "http.408"), ("Unreachable", "http.408"), ("Unreachable", "http.408")),
    ("409", ("Refused", "http.409"), ("Refused", "http.409"), ("Refused", "http.409")),
    ("410", ("Refused", "http.410"), ("Refused", "http.410"), ("Refused", "http.410")),
    ("412", ("Refused", "http.412"), ("Refused", "http.412"), ("Refused", "http.412")),
    ("422", ("Refused", "http.422"), ("Refused", "http.422"), ("Refused", "http.422")),
    ("429", ("Unreachable", "http.429"), ("Unreachable", "http.429"), ("Unreachable", "http.429")),
    ("500", ("Unreachable", "http.500"), ("Uncertain", "http.500"), ("Unreachable", "http.500")),
    ("502", ("Unreachable", "http.502"), ("Uncertain", "http.502"), ("Unreachable", "http.502")),
    ("503", ("Unreachable", "http.503"), ("Unreachable", "http.503"), ("Unreachable", "http.503")),
    ("302", ("Refused", "http.elsewhere"), ("Refused", "http.redirect"), ("Refused", "http.redirect")),
]


@pytest.mark.parametrize(("problem", "read", "write", "keyed"), FATE, ids=[row[0] for row in FATE])
def test_each_problem_is_told_by_what_to_do_next(problem, read, write, keyed) -> None:
    patience = 0.15 if problem == "slow" else 30.0
    with served(lambda _: PROBLEMS[problem], timeout=patience, limit=1_000) as (client, _, _):
        assert told(lambda: client.request("GET", "/x", expect="json")) == read
        assert told(lambda: client.request("POST", "/x", json={}, expect="json")) == write
        assert told(lambda: client.request("POST", "/x", json={}, expect="json", key="k1")) == keyed


def test_a_conflict_says_that_it_is_one() -> None:
    for status, conflict in ((409, True), (412, True), (422, False)):
        with served(lambda _, status=status: Answer(status=status)) as (client, _, _), pytest.raises(Refused) as caught:
            client.request("PATCH", "/x", json={}, if_match='"1"')
        assert caught.value.conflict is conflict


TRIES = [
    ("GET", None, "503", 3),
    ("GET", None, "dropped", 3),
    ("POST", None, "503", 1),
    ("POST", None, "dropped", 1),
    ("POST", "k1", "503", 3),
    ("POST", "k1", "dropped", 1),
    ("GET", None, "404", 1),
]


@pytest.mark.parametrize(("method", "key", "problem", "tries"), TRIES)
def test_only_what_certainly_had_no_effect_is_tried_again(method, key, problem, tries) -> None:
    with served(lambda _: PROBLEMS[problem]) as (client, clock, seen):
        told(lambda: client.request(method, "/x", key=key))
        assert len(seen) == tries
        assert clock.slept == [0.2, 0.4][: tries - 1]


@pytest.mark.parametrize(
    ("headers", "seconds", "slept"),
    [
        ({"Retry-After": "3"}, 3.0, [3.0, 3.0]),
        ({"Retry-After": "900"}, 900.0, []),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:05 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 5.0, [5.0, 5.0]),
        ({"Retry-After": "soon", "Date": "today"}, None, [0.2, 0.4]),
    ],
)
def test_a_server_that_says_when_is_believed_within_patience(headers, seconds, slept) -> None:
    with served(lambda _: Answer(status=429, headers=headers)) as (client, clock, _):
        with pytest.raises(Unreachable) as caught:
            client.request("GET", "/x")
        assert caught.value.retry_after == seconds
        assert clock.slept == slept


def test_a_try_that_succeeds_ends_the_trying() -> None:
    answers = iter([Answer(status=503), Answer(body=b'{"a":1}')])
    with served(lambda _: next(answers)) as (client, _, seen):
        assert client.request("GET", "/x", expect="json").json() == {"a": 1}
        assert len(seen) == 2


def test_a_closed_port_is_unreachable_for_writes_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = HttpClient(url=f"http://127.0.0.1:{port}", sleep=lambda _: None)
    assert told(lambda: client.request("POST", "/x", json={})) == ("Unreachable", "http.connect")


def test_an_answer_that_drips_is_bounded_as_a_whole() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                while not stop.wait(0.02):
                    try:
                        connection.sendall(b" ")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        client = HttpClient(url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=0.2, attempts=1)
        assert told(lambda: client.request("GET", "/x")) == ("Unreachable", "http.timeout")
        stop.set()
        client.close()
        thread.join(5)


def test_connections_are_kept_and_requests_carry_what_was_asked() -> None:
    with served(lambda _: Answer(body=b"{}", headers={"ETag": '"7"'})) as (client, _, seen):
        for _ in range(3):
            answer = client.request(
                "PATCH",
                "/a/b",
                json={"æ": 1},
                params={"q": "ø å", "n": 2},
                headers={"X-Own": "1"},
                key="k",
                if_match='"6"',
            )
        assert answer.headers["etag"] == '"7"'
        asked = seen[-1]
        assert (asked.method, asked.path, asked.query) == ("PATCH", "/a/b", {"q": "ø å", "n": "2"})
        assert asked.body == '{"æ":1}'.encode()
        assert {name: asked.headers[name] for name in ("x-own", "idempotency-key", "if-match", "content-type")} == {
            "x-own": "1",
            "idempotency-key": "k",
            "if-match": '"6"',
            "content-type": "application/json",
        }


def test_a_status_that_was_asked_for_is_an_answer() -> None:
    with served(lambda asked: Answer(status=404 if asked.path == "/none" else 304)) as (client, _, _):
        assert client.request("GET", "/none", accept=(404,)).status == 404
        assert client.request("GET", "/same").status == 304


def saw(asked: Asked) -> Answer:
    return Answer(body=b"{}", headers={"X-Saw": asked.headers.get("authorization", "-")})


def test_a_redirect_on_the_list_is_followed_without_the_secret_to_another_origin() -> None:
    with LoopbackServer(saw) as other:
        away = Answer(status=302, headers={"Location": f"{other.url}/y"})
        with served(lambda _: away, allow=[other.url]) as (client, _, _):
            assert client.request("GET", "/x", headers={"Authorization": "Bearer t"}).headers["x-saw"] == "-"


def test_a_redirect_within_the_same_origin_keeps_the_secret() -> None:
    onwards = Answer(status=302, headers={"Location": "/b"})
    with served(lambda asked: onwards if asked.path == "/a" else saw(asked)) as (client, _, _):
        assert client.request("GET", "/a", headers={"Authorization": "Bearer t"}).headers["x-saw"] == "Bearer t"


def test_a_redirect_in_a_circle_ends() -> None:
    with served(lambda _: Answer(status=302, headers={"Location": "/x"})) as (client, _, seen):
        assert told(lambda: client.request("GET", "/x")) == ("Refused", "http.redirect")
        assert len(seen) == 4


OFF_LIST = [
    "http://127.0.0.1:1/",
    "https://vendor.example.no/",
    "http://vendor.example.no:8080/",
    "http://vendor.example.no.evil.example/",
    "http://evil.example/vendor.example.no",
    "http://0x7f000001/",
    "ftp://vendor.example.no/",
    "http://vendor.example.no@evil.example/",
    "http://user@vendor.example.no/",
    "http://vendor.example.no\\@evil.example/",
    "http://vendor.example.no\r\nHost: evil.example/",
    "http:///x",
    "http://vendor.example.no:99999/",
    "//evil.example/://",
]


@pytest.mark.parametrize("url", OFF_LIST)
def test_no_url_off_the_list_is_asked(url: str) -> None:
    client = HttpClient(url="http://vendor.example.no", allow=["https://auth.example.no"])
    kind, code = told(lambda: client.request("GET", url))
    assert (kind, code) in {("Refused", "http.elsewhere"), ("Refused", "http.url")}


PERMITS = [
    # the list                                     the host, and the address it resolved to          may connect
    (["http://vendor.example.no"], "vendor.example.no", "93.184.215.14", True),
    (["http://vendor.example.no"], "vendor.example.no", "127.0.0.1", False),
    (["http://vendor.example.no"], "vendor.example.no", "10.1.2.3", False),
    (["http://vendor.example.no"], "vendor.example.no", "169.254.169.254", False),
    (["http://vendor.example.no"], "vendor.example.no", "::1", False),
    (["http://vendor.example.no"], "vendor.example.no", "::ffff:10.0.0.1", False),
    (["http://vendor.example.no"], "vendor.example.no", "fe80::1%eth0", False),
    (["http://vendor.example.no"], "vendor.example.no", "100.64.0.1", False),
    (["http://vendor.example.no"], "vendor.example.no", "0.0.0.0", False),  # noqa: S104
    (["http://vendor.example.no"], "vendor.example.no", "224.0.0.1", False),
    (["http://127.0.0.1:80"], "127.0.0.1", "127.0.0.1", True),
    (["http://localhost:80"], "localhost", "127.0.0.1", True),
    (["http://localhost:80"], "localhost", "10.0.0.1", False),
    (["http://10.0.0.1"], "10.0.0.1", "10.0.0.1", True),
    (["http://10.0.0.1", "http://vendor.example.no"], "vendor.example.no", "10.0.0.1", False),
    (["http://vendor.example.no", "10.0.0.0/8"], "vendor.example.no", "10.1.2.3", True),
    (["http://vendor.example.no", "10.0.0.0/8"], "vendor.example.no", "192.168.0.1", False),
]


@pytest.mark.parametrize(("listed", "host", "address", "may"), PERMITS)
def test_a_listed_name_that_leads_inside_is_refused_unless_that_is_listed_too(listed, host, address, may) -> None:
    assert Leash(url=listed[0], allow=listed[1:]).permits(host, address) is may


def test_a_name_that_resolves_to_this_machine_is_not_connected_to() -> None:
    with served(lambda _: Answer()) as (client, _, seen):
        port = place(client.url).port
        trap = HttpClient(url=f"http://{socket.gethostname()}.invalid:{port}", sleep=lambda _: None)
        assert told(lambda: trap.request("GET", "/"))[1] == "http.connect"
        # ``ip6-localhost`` and the like are names, not addresses: listing one does not open loopback.
        for name in ("localhost.localdomain", "ip6-localhost", socket.gethostname()):
            trap = HttpClient(url=f"http://{name}:{port}", sleep=lambda _: None)
            assert told(lambda trap=trap: trap.request("GET", "/"))[1] in {"http.private", "http.connect"}
        assert not seen


@pytest.mark.parametrize("entry", ["vendor.example.no", "10.0.0.0/99", "http://a b/", "file:///etc"])
def test_an_entry_of_the_list_that_means_nothing_is_a_setting_to_mend(entry: str) -> None:
    assert told(lambda: HttpClient(url="http://vendor.example.no", allow=[entry])) == ("Misconfigured", "http.allow")


def test_a_header_that_would_split_the_request_is_not_sent() -> None:
    with served(lambda _: Answer()) as (client, _, seen):
        for value in ("a\r\nX: y", "a\nb", "\u20ac"):
            assert told(lambda value=value: client.request("POST", "/", key=value)) == ("Misconfigured", "http.request")
        assert not seen


def test_a_certificate_that_nobody_trusts_is_a_setting_to_mend(tmp_path) -> None:
    certificate, key = _self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(2):
                connection, _ = listener.accept()
                try:
                    with context.wrap_socket(connection, server_side=True) as stream:
                        if stream.recv(65_536):
                            stream.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
                except OSError:
                    connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        stranger = HttpClient(url=url, attempts=1)
        assert told(lambda: stranger.request("GET", "/")) == ("Misconfigured", "http.certificate")
        friend = HttpClient(url=url, attempts=1, trust=str(certificate))
        assert friend.request("GET", "/").status == 204
        friend.close()
        stranger.close()
        thread.join(5)
    assert told(lambda: HttpClient(url=url, trust=str(key)).request("GET", "/")) == ("Misconfigured", "http.trust")


def _self_signed(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "vendor")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "c.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem = serialization.PrivateFormat.PKCS8
    (folder / "k.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, pem, serialization.NoEncryption()))
    return folder / "c.pem", folder / "k.pem"


def test_no_error_says_where_or_what() -> None:
    secret = "06821099739"
    with served(lambda _: Answer(status=422, body=secret.encode())) as (client, _, _):
        for call in (
            lambda: client.request("POST", f"/{secret}", json={"a": secret}),
            lambda: client.request("GET", f"http://{secret}.example/"),
            lambda: client.request("GET", "/", params={"a": secret}),
        ):
            with pytest.raises(AdapterError) as caught:
                call()
            assert secret not in str(caught.value)
            assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_the_kinds_of_errors_are_the_ones_that_the_design_names() -> None:
    assert issubclass(Uncertain, Unreachable)
    assert not issubclass(Refused, Unreachable)
    assert not issubclass(Misconfigured, Unreachable)
