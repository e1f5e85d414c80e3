"""A credential is read from a vault when it is needed, and from nowhere else, and is shown to nobody."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from click.testing import CliRunner
from gateway_openbao import read

from gateway.cli.root import bti
from gateway.run.secrets import secret_at
from gateway.sdk import Misconfigured, Unreachable

TOKEN, VALUE = "hvs.adgang", "hemmelig-7"
PLACE = "secret/klepp/skole#token"


class Vault(ThreadingHTTPServer):
    """What the vault's published interface answers: ``kv`` version 2 below ``/v1/<engine>/data/``."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.kept = {"/v1/secret/data/klepp/skole": {"token": VALUE, "number": 7, "empty": ""}}
        self.asked, self.broken = [], None

    def answer(self, path, headers):
        self.asked.append((path, headers.get("X-Vault-Namespace")))
        if self.broken is not None:
            return self.broken
        if headers.get("X-Vault-Token") != TOKEN:
            return 403, {"errors": ["permission denied"]}
        if path not in self.kept:
            return 404, {"errors": []}
        kept = self.kept[path]
        return (404 if kept is None else 200), {"data": {"data": kept, "metadata": {"version": 1}}}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = self.server.answer(self.path, self.headers)
        told = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def running():
    server = Vault()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def vault(running):
    yield running
    running.broken = None
    running.kept = {"/v1/secret/data/klepp/skole": {"token": VALUE, "number": 7, "empty": ""}}


def environment(vault, **more):
    return {"VAULT_ADDR": f"http://127.0.0.1:{vault.server_port}", "VAULT_TOKEN": TOKEN, **more}


@contextmanager
def told(code, kind=Misconfigured):
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.code == code
    assert TOKEN not in repr(caught.value)
    assert VALUE not in repr(caught.value)


def test_the_settings_name_a_field_and_the_vault_gives_it_anew_each_time(vault):
    there = environment(vault, BAO_NAMESPACE="klepp")
    assert secret_at(f"plugin:openbao:{PLACE}", there) == VALUE
    assert vault.asked[-1] == ("/v1/secret/data/klepp/skole", "klepp")
    vault.kept["/v1/secret/data/klepp/skole"] = {"token": "byttet"}
    assert secret_at(f"plugin:openbao:{PLACE}", there) == "byttet"
    vault.kept["/v1/secret/data/klepp/skole"] = None
    with told("secret.unreadable"):
        secret_at(f"plugin:openbao:{PLACE}", there)


def test_the_token_can_stand_in_a_file_that_an_agent_renews(vault, tmp_path):
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    there = environment(vault, BAO_TOKEN_FILE=str(file))
    assert read(PLACE, there | {"VAULT_TOKEN": ""}) == VALUE
    file.write_bytes(b"\xff\xfe")
    with told("openbao.token"):
        read(PLACE, there)


@pytest.mark.parametrize(("what", "place", "more", "code"), [
    ("no field", "secret/klepp/skole", {}, "openbao.place"),
    ("a path out of the engine", "secret/../sys/seal#token", {}, "openbao.place"),
    ("a question in the path", "secret/klepp?version=1#token", {}, "openbao.place"),
    ("another path", "secret/klepp/annet#token", {}, "openbao.nothing"),
    ("another field", "secret/klepp/skole#other", {}, "openbao.nothing"),
    ("a field that is no text", "secret/klepp/skole#number", {}, "openbao.nothing"),
    ("an empty field", "secret/klepp/skole#empty", {}, "openbao.nothing"),
    ("no address", PLACE, {"VAULT_ADDR": ""}, "openbao.address"),
    ("an address in the clear", PLACE, {"VAULT_ADDR": "http://vault.example.no"}, "openbao.address"),
    ("no token", PLACE, {"VAULT_TOKEN": " "}, "openbao.token"),
    ("a token with a line in it", PLACE, {"VAULT_TOKEN": "a\r\nX-More: b"}, "openbao.token"),
    ("no token file", PLACE, {"BAO_TOKEN_FILE": "/not/there"}, "openbao.token"),
    ("a token that is not let in", PLACE, {"VAULT_TOKEN": "other"}, "http.403"),
])  # fmt: skip
def test_what_is_wrong_is_told_by_a_code_alone(vault, what, place, more, code):
    with told(code):
        read(place, environment(vault, **more))


@pytest.mark.parametrize(("broken", "code", "kind"), [
    ((503, {"sealed": True}), "http.503", Unreachable),
    ((200, b"<html>"), "openbao.answer", Misconfigured),
    ((200, {"data": [1]}), "openbao.nothing", Misconfigured),
    ((200, b"[" * 4000), "openbao.answer", Misconfigured),
])  # fmt: skip
def test_a_vault_that_is_sealed_is_waited_for_and_what_is_no_vault_asks_a_person(vault, broken, code, kind):
    vault.broken = broken
    with told(code, kind):
        read(PLACE, environment(vault))
    with pytest.raises(kind) as caught:
        secret_at(f"plugin:openbao:{PLACE}", environment(vault))
    assert caught.value.code == ("secret.away" if kind is Unreachable else "secret.unreadable")


def test_a_command_says_whether_it_can_be_read_and_never_what_it_is(vault):
    def called(*words, **more):
        return CliRunner().invoke(bti, ["--json", "openbao", "test", *words], env=environment(vault, LANG="C", **more))

    fine = called(PLACE)
    assert (fine.exit_code, json.loads(fine.output)) == (0, {"place": PLACE, "readable": True, "code": None})
    assert VALUE not in fine.output
    wrong = called("secret/klepp/annet#token")
    assert (wrong.exit_code, json.loads(wrong.output)["code"]) == (1, "openbao.nothing")
    vault.broken = (503, {})
    assert called(PLACE).exit_code == 3
    words = CliRunner().invoke(bti, ["openbao", "test", "--help"], env={"LANG": "nb_NO.UTF-8"})
    assert "hvelvet" in words.output
