"""The way out: a certificate that is shown to one origin, and a proxy that hides nothing from the guard."""

import base64
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from gateway.sdk.errors import AdapterError
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.trust.outlets import Identity, Proxy

sys.path.insert(0, str(Path(__file__).parent))
from trusted import certificate, ec_pem, rsa_pem


def told(call) -> tuple[str, str]:
    with pytest.raises(AdapterError) as caught:
        call()
    return type(caught.value).__name__, caught.value.code


@cache
def server_pem() -> str:
    return certificate(ec_pem(), name="server", now=time.time(), host="127.0.0.1") + ec_pem()


@contextmanager
def secure(folder, *, asks: str = "", answer: bytes = b"HTTP/1.1 204 No Content\r\n\r\n") -> Iterator[tuple[str, list]]:
    """A server behind TLS that asks for a certificate; who came, by the subject that they showed."""
    (folder / "server.pem").write_text(server_pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    if asks:
        (folder / "asked.pem").write_text(asks)
        context.load_verify_locations(folder / "asked.pem")
        context.verify_mode = ssl.CERT_OPTIONAL
    came: list = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) as stream:
                    asked = stream.recv(65_536)
                    shown = stream.getpeercert()
                    came.append((asked, dict(part[0] for part in shown["subject"])["commonName"] if shown else None))
                    stream.sendall(answer)
            except OSError:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", came
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def identity(folder, **more) -> Identity:
    (folder / "us.pem").write_text(certificate(ec_pem(), name="us", now=time.time()))
    (folder / "us.key").write_text(ec_pem())
    return Identity(**{"certificate": str(folder / "us.pem"), "key": str(folder / "us.key"), **more})


def test_the_client_certificate_is_shown_to_the_system_and_to_nobody_else(tmp_path):
    shown = identity(tmp_path)
    ours = (tmp_path / "us.pem").read_text()
    (tmp_path / "other").mkdir()
    with (
        secure(tmp_path, asks=ours) as (url, came),
        secure(tmp_path / "other", asks=ours) as (elsewhere, saw),
    ):
        client = HttpClient(url=url, allow=[elsewhere], trust=str(tmp_path / "server.pem"), identity=shown, attempts=1)
        assert client.request("GET", "/x").status == 204
        assert client.request("GET", f"{elsewhere}/x").status == 204
        assert [who for _, who in came] == ["us"]
        assert [who for _, who in saw] == [None]
        client.close()


def test_a_certificate_that_cannot_be_shown_is_told_before_anything_is_sent(tmp_path):
    good = identity(tmp_path)
    (tmp_path / "none").write_text("s3cr3t")
    (tmp_path / "other.key").write_text(rsa_pem())
    with secure(tmp_path) as (url, came):
        for wrong in (
            {"certificate": str(tmp_path / "nowhere")},
            {"certificate": str(tmp_path / "none")},
            {"key": str(tmp_path / "other.key")},
            {"key": None},
        ):
            client = HttpClient(
                url=url, trust=str(tmp_path / "server.pem"), identity=identity(tmp_path, **wrong), attempts=1
            )
            assert told(lambda client=client: client.request("POST", "/x", json={})) == (
                "Misconfigured",
                "tls.certificate",
            )
        assert not came
    assert good.password is None


def test_a_key_behind_a_password_is_opened_with_it(tmp_path):
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    shown = identity(tmp_path)
    key = serialization.load_pem_private_key(ec_pem().encode(), None)
    locked = serialization.BestAvailableEncryption(b"open sesame")
    (tmp_path / "us.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    )
    for password, fits in ((lambda: "open sesame", True), (lambda: "s3cr3t", False), (None, False)):
        opened = Identity(certificate=shown.certificate, key=shown.key, password=password)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if fits:
            opened.load(context)
        else:
            assert told(lambda opened=opened, context=context: opened.load(context)) == (
                "Misconfigured",
                "tls.certificate",
            )


class ProxyServer:
    """A proxy that tunnels, or answers in the clear; ``heads`` is what it was asked."""

    def __init__(self, *, wants: str = "", refuses: int = 0, sends: tuple[str, int] | None = None) -> None:
        self.heads: list[bytes] = []
        self.wants, self.refuses, self.sends = wants, refuses, sends
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with connection:
            head = b""
            while b"\r\n\r\n" not in head and (more := connection.recv(65_536)):
                head += more
            self.heads.append(head)
            first, _, rest = head.partition(b"\r\n")
            if self.refuses or (self.wants and f"basic {self.wants}".lower().encode() not in rest.lower()):
                connection.sendall(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % (self.refuses or 407))
                return
            method, target, _ = first.split(b" ")
            if method != b"CONNECT":
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                return
            host, _, port = target.decode().rpartition(":")
            with socket.create_connection(self.sends or (host, int(port))) as onward:
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=_pump, args=(onward, connection), daemon=True)
                back.start()
                _pump(connection, onward)
                back.join(5)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@contextmanager
def proxy(**how) -> Iterator[ProxyServer]:
    made = ProxyServer(**how)
    try:
        yield made
    finally:
        made.close()


def test_what_goes_over_https_is_tunnelled_and_the_proxy_sees_the_host_alone(tmp_path):
    pair = base64.b64encode(b"me:pass").decode()
    with secure(tmp_path) as (url, came), proxy(wants=pair) as between:
        client = HttpClient(
            url=url, trust=str(tmp_path / "server.pem"), attempts=1,
            proxy=Proxy(url=between.url, credentials=lambda: "me:pass"),
        )  # fmt: skip
        assert client.request("GET", "/child?x=1", headers={"Authorization": "Bearer s3cr3t"}).status == 204
        assert len(came) == 1
        assert b"s3cr3t" in came[0][0]
        assert b"me:pass" not in came[0][0]
        assert pair.encode() not in came[0][0]
        (head,) = between.heads
        assert head.startswith(b"CONNECT " + url.removeprefix("https://").encode())
        assert b"s3cr3t" not in head
        assert b"child" not in head
        client.close()


def test_a_name_that_only_the_proxy_knows_is_reached_through_it(tmp_path):
    with secure(tmp_path) as (url, came), proxy(sends=("127.0.0.1", int(url.rpartition(":")[2]))) as between:
        client = HttpClient(
            url="https://vendor.invalid", proxy=Proxy(url=between.url), trust=str(tmp_path / "server.pem"), attempts=1
        )
        # The tunnel leads to a server with another name: the certificate says so, and nothing is sent.
        assert told(lambda: client.request("POST", "/x", json={})) == ("Misconfigured", "http.certificate")
        assert between.heads[0].startswith(b"CONNECT vendor.invalid:443")
        assert not came
        client.close()


NO = [(401, ("Misconfigured", "http.proxy_auth")), (407, ("Misconfigured", "http.proxy_auth")), (403, ("Misconfigured", "http.proxy_refused")), (502, ("Unreachable", "http.proxy")), (503, ("Unreachable", "http.proxy"))]  # fmt: skip


@pytest.mark.parametrize(("status", "expected"), NO)
def test_a_proxy_that_says_no_is_told_as_that_and_a_write_is_certain(status, expected):
    with proxy(refuses=status) as between:
        client = HttpClient(url="https://vendor.invalid", proxy=Proxy(url=between.url), attempts=1)
        assert told(lambda: client.request("POST", "/x", json={})) == expected
        client.close()


def test_a_proxy_that_wants_credentials_for_what_goes_in_the_clear_is_told_as_that():
    with proxy(refuses=407) as between:
        client = HttpClient(url="http://vendor.invalid", proxy=Proxy(url=between.url), attempts=1)
        assert told(lambda: client.request("POST", "/x", json={})) == ("Misconfigured", "http.proxy_auth")
        client.close()


def test_a_proxy_that_is_not_there_is_told_as_unreachable():
    with proxy() as between:
        gone = between.url
    client = HttpClient(url="https://vendor.invalid", proxy=Proxy(url=gone), attempts=1)
    assert told(lambda: client.request("POST", "/x", json={})) == ("Unreachable", "http.connect")


def test_the_list_holds_through_a_proxy():
    with proxy() as between:
        client = HttpClient(
            url="http://vendor.invalid", allow=["http://10.1.2.3"], proxy=Proxy(url=between.url), attempts=1
        )
        for url in (
            "http://other.invalid/",
            "https://vendor.invalid/",
            "http://127.0.0.1/",
            "http://169.254.169.254/",
            "http://[::1]/",
        ):
            assert told(lambda url=url: client.request("GET", url)) == ("Refused", "http.elsewhere")
        assert not between.heads
        assert client.request("GET", "/x").status == 200
        assert client.request("GET", "http://10.1.2.3/x").status == 200
        assert between.heads[0].startswith(b"GET http://vendor.invalid:80/x")
        client.close()


def test_a_redirect_through_a_proxy_to_an_address_inside_is_refused():
    with LoopbackServer(lambda _: Answer(status=302, headers={"Location": "http://10.9.9.9/"})) as server:
        port = int(server.url.rpartition(":")[2])
        client = HttpClient(url="http://vendor.invalid", proxy=Proxy(url=f"http://127.0.0.1:{port}"), attempts=1)
        assert told(lambda: client.request("GET", "/x")) == ("Refused", "http.elsewhere")
        client.close()


@pytest.mark.parametrize("name", ["localhost.localdomain", "ip6-localhost"])
def test_a_proxy_s_name_that_leads_to_this_machine_is_refused(name):
    with proxy() as between:
        client = HttpClient(
            url="http://vendor.invalid", proxy=Proxy(url=between.url.replace("127.0.0.1", name)), attempts=1
        )
        assert told(lambda: client.request("GET", "/x"))[1] in {"http.private", "http.connect"}
        assert not between.heads
        client.close()


@pytest.mark.parametrize("url", ["proxy:3128", "ftp://proxy", "http://me:pass@proxy", "http://"])
def test_a_proxy_without_an_address_is_a_setting_to_mend(url):
    client = HttpClient(url="http://vendor.invalid", proxy=Proxy(url=url), attempts=1)
    assert told(lambda: client.request("GET", "/x")) == ("Misconfigured", "http.proxy_url")
