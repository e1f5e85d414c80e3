"""Our client through a proxy that others wrote (tinyproxy): a tunnel, the clear, credentials, and what it forbids."""

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateway.sdk.errors import AdapterError
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.trust.outlets import Proxy
from tests.interop.conftest import PATIENCE, fetched

sys.path.insert(0, str(Path(__file__).parents[1] / "sdk"))
from test_outlets import secure

PLACE = Path(__file__).resolve().parents[2] / ".venv" / "interop-proxy"
pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def program():
    """tinyproxy, the system's own or unpacked from its Debian package."""
    found = shutil.which("tinyproxy") or next(iter(PLACE.glob("usr/bin/tinyproxy")), None)
    if found is None:
        PLACE.mkdir(parents=True, exist_ok=True)
        for program in ("apt-get", "dpkg"):
            if shutil.which(program) is None:
                pytest.skip(f"needs tinyproxy, or {program} to fetch it")
        got = ("apt-get", "download", "tinyproxy-bin")
        had = fetched(*got, cwd=PLACE) or (fetched("apt-get", "update") and fetched(*got, cwd=PLACE))
        for package in PLACE.glob("tinyproxy-bin_*.deb"):
            subprocess.run(["dpkg", "-x", package.name, "."], cwd=PLACE, capture_output=True, check=False)
        found = next(iter(PLACE.glob("usr/bin/tinyproxy")), None)
        if found is None:
            pytest.skip(f"apt-get could not fetch tinyproxy-bin{'' if not had else ' for this machine'}")
    return str(found)


@contextlib.contextmanager
def proxied(program, folder, *more):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    lines = [f"Port {port}", "Listen 127.0.0.1", "Timeout 10", "MaxClients 20", "DisableViaHeader Yes", *more]
    (folder / "proxy.conf").write_text("\n".join(lines) + "\n")
    server = subprocess.Popen(
        [program, "-d", "-c", str(folder / "proxy.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and server.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def test_https_goes_in_a_tunnel_and_http_in_the_clear(program, tmp_path):
    seen = []
    with (
        proxied(program, tmp_path) as between,
        secure(tmp_path) as (url, came),
        LoopbackServer(lambda asked: seen.append(asked) or Answer(body=b"{}")) as plain,
    ):
        tunnelled = HttpClient(url=url, trust=str(tmp_path / "server.pem"), proxy=Proxy(url=between), attempts=1)
        assert tunnelled.request("GET", "/x", headers={"Authorization": "Bearer t"}).status == 204
        assert b"authorization: bearer t" in came[0][0].lower()
        tunnelled.close()
        clear = HttpClient(url=plain.url, proxy=Proxy(url=between), attempts=1)
        assert clear.request("GET", "/x?a=1").status == 200
        assert clear.request("POST", "/x", json={"a": 1}).status == 200
        assert [(asked.target, asked.headers["host"]) for asked in seen] == [
            ("/x?a=1", plain.url[7:]),
            ("/x", plain.url[7:]),
        ]
        clear.close()


REFUSALS = [
    ("it wants a user", ("BasicAuth me pass",), None, ("Misconfigured", "http.proxy_auth")),
    ("another user", ("BasicAuth me pass",), "me:other", ("Misconfigured", "http.proxy_auth")),
    ("the port is closed to tunnels", ("ConnectPort 1",), None, ("Misconfigured", "http.proxy_refused")),
    ("nothing answers there", (), None, ("Unreachable", "http.proxy")),
]


@pytest.mark.parametrize(("what", "lines", "pair", "expected"), REFUSALS, ids=[row[0] for row in REFUSALS])
def test_what_it_refuses_is_told(what, lines, pair, expected, program, tmp_path):
    with proxied(program, tmp_path, *lines) as between:
        proxy = Proxy(url=between, credentials=None if pair is None else lambda: pair)
        client = HttpClient(url="https://127.0.0.1:9", proxy=proxy, attempts=1)
        with pytest.raises(AdapterError) as caught:
            client.request("POST", "/x", json={})
        assert (type(caught.value).__name__, caught.value.code) == expected
        client.close()


def test_the_right_user_is_let_through(program, tmp_path):
    with proxied(program, tmp_path, "BasicAuth me pass") as between, secure(tmp_path) as (url, came):
        client = HttpClient(
            url=url,
            trust=str(tmp_path / "server.pem"),
            proxy=Proxy(url=between, credentials=lambda: "me:pass"),
            attempts=1,
        )
        assert client.request("GET", "/x").status == 204
        assert b"proxy-authorization" not in came[0][0].lower()
        client.close()
