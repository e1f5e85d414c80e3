"""Our client at an authority that others wrote: assertions, DPoP with nonces, and shared secrets, over real sockets."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateway.run import trusting
from gateway.run.settings import parse_settings
from gateway.sdk.errors import AdapterError
from tests.interop.conftest import PATIENCE, packages

sys.path.insert(0, str(Path(__file__).parents[1] / "sdk"))
from trusted import ec_pem, signer

HERE = Path(__file__).resolve().parent / "authority"
PLACE = HERE.parents[2] / ".venv" / "interop-authority"
SECRET = "a-shared-secret-of-some-length"
pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def issuer():
    packages(HERE, PLACE)
    shutil.copy(HERE / "server.mjs", PLACE / "server.mjs")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    jwk = {**signer(ec_pem()).public, "kid": "k1", "alg": "ES256", "use": "sig"}
    server = subprocess.Popen(
        ["node", "server.mjs", str(port), json.dumps(jwk)],
        cwd=PLACE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.1)
    else:
        server.kill()
        pytest.fail((server.stdout.read() if server.stdout else "")[-2000:])
    yield f"http://127.0.0.1:{port}"
    server.kill()
    server.wait()
    server.stdout.close()


AUTHS = {
    "bound": 'kind = "helseid"\nissuer = "{url}"\ntoken_url = "{url}/token"\nclient_id = "bound"\nkey = "file:key.pem"\nkid = "k1"\n',
    "bound, as OAuth": 'kind = "client_credentials"\nmethod = "key"\ndpop = true\nissuer = "{url}"\ntoken_url = "{url}/token"\nclient_id = "bound"\nkey = "file:key.pem"\nkid = "k1"\n',
    "in the header": 'kind = "client_credentials"\ntoken_url = "{url}/token"\nclient_id = "by:header"\nsecret = "file:secret"\n',
    "in the header, bound": 'kind = "client_credentials"\ndpop = true\ntoken_url = "{url}/token"\nclient_id = "by:header"\nsecret = "file:secret"\n',
    "in the body": 'kind = "client_credentials"\nmethod = "post"\ntoken_url = "{url}/token"\nclient_id = "post"\nsecret = "file:secret"\n',
}


@contextlib.contextmanager
def client(issuer, folder, which, change=("", "")):
    (folder / "key.pem").write_text(ec_pem())
    (folder / "secret").write_text(SECRET)
    (folder / "other").write_text("not the secret")
    text = 'tenant = "a"\nmunicipality = "1120"\nmodel = "klepp"\nnumbers = "synthetic"\n[units.a]\nservice = "school"\nbody = "k"\n'
    text += f'[systems.s]\nadapter = "x"\nunit = "a"\nurl = "{issuer}"\n[systems.s.auth]\nscope = "kit:all"\n'
    text += AUTHS[which].replace("{url}", issuer).replace(*change)
    made = trusting.http_of(parse_settings(text, file=folder / "gateway.toml").systems["s"], {})
    try:
        yield made
    finally:
        made.close()


@pytest.mark.parametrize("which", AUTHS)
def test_an_authority_of_others_lets_us_in(which, issuer, tmp_path):
    with client(issuer, tmp_path, which) as http:
        for path in ("/resource", "/resource?page=2", "/resource?turn", "/resource"):
            assert http.request("GET", path, expect="json").json() == {"well": True}
        assert http.request("POST", "/resource", json={}).status == 200


WRONG = [
    ("bound", ('kid = "k1"', 'kid = "k2"'), "auth.invalid_client"),
    ("in the body", ('client_id = "post"', 'client_id = "nobody"'), "auth.invalid_client"),
    ("in the header", ('secret = "file:secret"', 'secret = "file:other"'), "auth.invalid_client"),
]


@pytest.mark.parametrize(("which", "change", "code"), WRONG)
def test_what_it_refuses_is_told_by_its_code(which, change, code, issuer, tmp_path):
    with client(issuer, tmp_path, which, change) as http, pytest.raises(AdapterError) as caught:
        http.request("GET", "/resource")
    assert caught.value.code == code
