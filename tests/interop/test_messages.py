"""Every request to NHN's message service, judged by Prism from the service's own OpenAPI document."""

import contextlib
import json
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

from gateway.sdk import AdapterError, Release, Sent
from gateway.sdk.testing import Watch, watched_context
from tests.interop.test_mocks import Seen, refused

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT.parent / "shared" / "data" / "nhn" / "msh" / "msh-api-v2.json"
IDENT = "80383714-f0de-4cf8-900f-c79ba3af028c"
CHILD = "06821099739"

pytestmark = pytest.mark.interop


@pytest.fixture(scope="module")
def service(mock, tmp_path_factory):
    """Prism, with Bearer asked for as the document says; the examples that its own schema refuses are left out."""
    if not PUBLISHED.is_file():
        pytest.skip("needs the service's OpenAPI document in ../shared/data beside the checkout")
    pytest.importorskip("gateway_nhn_msh", reason="the plugin is not installed")
    whole = tmp_path_factory.mktemp("msh") / "openapi.json"
    whole.write_bytes(PUBLISHED.read_bytes())
    with mock(whole) as url:
        yield url


class Authorised(Seen):
    """What the settings' authorisation does: a token for every request to the system's own origin."""

    def request(self, method, path, **how):
        how["headers"] = {**how.get("headers", {}), "Authorization": "Bearer x"}
        return super().request(method, path, **how)


@contextlib.contextmanager
def connected(url):
    kit = import_module("gateway_nhn_msh.kit")
    adapter = import_module("gateway_nhn_msh.adapter").NhnMsh
    context = watched_context(url, Watch(), maps=kit.Plainly(), options=kit.OPTIONS)
    seen = Authorised(context.http)
    made = adapter(msgspec.structs.replace(context, http=seen))
    try:
        yield made, seen
    finally:
        made.close()


def letter():
    def part(kind, ident, **fields):
        return Release(system="s", kind=kind, id=ident, case="c", fields=fields, changed=tuple(fields))

    child = part("person", "p", given_name="Nora", family_name="Berg", number=CHILD)
    concern = part("concern", "k", summary="Trekker seg unna")
    return msgspec.structs.replace(part("case", "c", subject="p"), parts=(child, concern))


def test_every_request_is_one_that_the_services_own_document_allows(service):
    with connected(service) as (adapter, seen):
        receipt = adapter.deliver(letter(), "key")
        for act in (
            lambda: adapter.fetch(None),
            lambda: adapter.follow([Sent(key="k", trace=receipt.trace or IDENT)]),
            lambda: adapter.service.receipts(IDENT),
            lambda: adapter.service.receipt(IDENT, sender="8143060", error=None),
            lambda: adapter.service.receipt(IDENT, sender="8143060", error="T02", words="XML validerer ikke"),
            lambda: adapter.service.read(IDENT, receiver="8143060"),
            adapter.health,
        ):
            with contextlib.suppress(AdapterError):  # what the mock makes up need not be base64
                act()
        assert receipt.state == "accepted"
        assert refused(seen) == []
        ends = {(method, path.rpartition("/")[2] if "Messages/" in path else path) for method, path, _ in seen.told}
        assert {
            ("POST", "Messages"), ("GET", "Messages"), ("GET", "status"), ("GET", "apprec"), ("POST", "8143060"),
            ("PUT", "8143060"), ("GET", "business-document"),
        } <= ends  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"headers": {"nhn-source-system": "x"}},
        {"params": {"MessagesToFetch": 1000, "ReceiverHerIds": "1"}},
        {"params": {}},
    ],
)
def test_the_mock_refuses_what_the_document_does_not_allow(service, wrong):
    with connected(service) as (adapter, seen):
        call = {"headers": {"api-version": "2", "nhn-source-system": "x"}, "params": {"ReceiverHerIds": "1"}, **wrong}
        with pytest.raises(AdapterError):
            adapter.service.http.request("GET", "Messages", **call)
        assert len(refused(seen)) == 1


def test_the_document_is_the_one_that_the_adapter_was_written_for(service):
    assert json.loads(PUBLISHED.read_text("utf-8"))["info"]["version"] == "v2"
