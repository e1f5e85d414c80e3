"""The service's recorded answers, and answers that make no sense, through the adapter."""

import base64
import json
from datetime import UTC, datetime

import official
import pytest
from gateway_nhn_msh.adapter import NhnMsh
from gateway_nhn_msh.kit import OPTIONS
from gateway_nhn_msh.service import MessageService, State, Waiting
from gateway_nhn_msh.standin import StandIn

from gateway.sdk import AdapterError, Misconfigured, Refused, Sent
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.testing import Watch, watched_context

IDENT = "80383714-f0de-4cf8-900f-c79ba3af028c"
OWN = "0c8f3d36-f9e7-4e3f-9d5c-c820fa9b5773"


class Served:
    """A server that gives the same answer to every request, or one for each ending of a path."""

    def __init__(self, *bodies, status=200, content_type="application/json", by_path=None):
        self.bodies, self.asked = list(bodies), []
        self.by_path = by_path or {}

        def answer(asked):
            self.asked.append(asked)
            for end, body in self.by_path.items():
                if asked.path.endswith(end):
                    return Answer(body=body, content_type=content_type)
            body = self.bodies.pop(0) if len(self.bodies) > 1 else self.bodies[0]
            return Answer(status=status, body=body, content_type=content_type)

        self.server = LoopbackServer(answer)

    def __enter__(self):
        self.server.__enter__()
        self.watch = Watch()
        self.context = watched_context(self.server.url, self.watch, options=OPTIONS)
        self.service = MessageService(self.context.http, software="prøve".encode("ascii", "ignore").decode())
        return self

    def __exit__(self, *error):
        for close in self.watch.closing:
            close()
        self.server.close()

    def adapter(self, **options):
        return NhnMsh(watched_context(self.server.url, self.watch, options={**OPTIONS, **options}))


def recorded(name):
    official.needed()
    return (official.DATA / "msh" / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "count", "receipts"),
    [("get-messages-response.json", 2, [None, None]), ("get-message-response.json", 1, [False]),
     ("get-message-apprec-response.json", 1, [True]), ("get-message-response-with-unknown-property.json", 1, [False])],
)  # fmt: skip
def test_recorded_lists_of_messages_are_read_with_what_nobody_documented_in_them(name, count, receipts):
    body = json.loads(recorded(name))
    with Served(json.dumps(body if isinstance(body, list) else [body]).encode()) as served:
        found = served.service.waiting(receiver="8143060", sender="8094866", most=10)
        assert all(isinstance(one, Waiting) and one.receiver_her_id == 8143060 for one in found)
        assert [one.is_app_rec for one in found] == receipts
        assert len(found) == count
        [asked] = served.asked
        assert (
            asked.target
            == "/Messages?ReceiverHerIds=8143060&SenderHerId=8094866&IncludeMetadata=true&MessagesToFetch=10"
        )
        assert (asked.headers["api-version"], asked.headers["nhn-source-system"]) == ("2", "prve")


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ("get-business-document-response.json", "Dialogmelding"),
        ("get-business-document-apprec-response.json", "AppRec"),
    ],
)
def test_recorded_documents_are_what_they_carry(document, kind):
    with Served(recorded(document)) as served:
        assert kind.encode() in (served.service.document(IDENT) or b"")


STATES = {
    ("get-status.json", None): ("accepted", None),
    ("get-status-acked.json", None): ("processed", None),
    ("rejected", "get-apprecinfo-rejected.json"): ("refused", "apprec.e10"),
    ("part", "get-apprecinfo-okerrorinmessagepart.json"): ("refused", "apprec.e31"),
    ("rejected", "get-apprecinfo-ok.json"): ("refused", "apprec.x99"),
    ("rejected", "get-apprecinfo-multi.json"): ("refused", "apprec.e10"),
}
MADE = {
    "rejected": b'[{"receiverHerId": 8094866, "transportDeliveryState": "Acknowledged", "appRecStatus": "Rejected"}]',
    "part": b'[{"receiverHerId": 8094866, "transportDeliveryState": "Acknowledged", "appRecStatus": "OkErrorInMessagePart"}]',
}


@pytest.mark.parametrize(("status", "info"), STATES)
def test_recorded_states_and_receipts_are_steps_of_the_ladder(status, info):
    body = MADE.get(status) or recorded(status)
    told = {"/status": body, "/apprec": recorded(info) if info else b"[]"}
    with Served(b"", by_path=told) as served:
        [receipt] = served.adapter().follow([Sent(key="k", trace=OWN)])
        assert (receipt.key, receipt.state, receipt.code) == ("k", *STATES[status, info])


def test_a_sent_message_gets_the_services_own_number():
    text = recorded("post-message-response.txt")
    with Served(text, status=201) as served:
        assert served.service.send(b"<x/>") == json.loads(text)
        [asked] = served.asked
        assert base64.b64decode(json.loads(asked.body)["businessDocument"]) == b"<x/>"


@pytest.mark.parametrize("body", [b"", b'"no number"', b"{}", b"7"])
def test_a_message_that_was_taken_without_a_number_is_accepted_and_cannot_be_followed(body):
    with Served(body, status=201) as served:
        assert served.service.send(b"<x/>") is None
        assert served.adapter().follow([Sent(key="k")]) == []


ODD = [
    b"{}",
    b"[7]",
    b'[{"id": "../status"}]',
    b'[{"receiverHerId": 1}]',
    b'[{"id": 7}]',
    b"null",
    b"[" * 200,
    b'{"a":1,"a":2}',
]


@pytest.mark.parametrize("body", ODD, ids=range(len(ODD)))
def test_an_answer_that_makes_no_sense_is_refused_and_never_put_into_an_address(body):
    with Served(body) as served:
        for act in (
            lambda: served.adapter().fetch(None),
            lambda: served.service.states(OWN),
            lambda: served.service.document(OWN),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.code == "nhn.answer"
        assert all("status" not in one.path or one.path.endswith(f"{OWN}/status") for one in served.asked)


def test_of_several_receivers_states_only_our_own_counts():
    with Served(b"") as served:
        adapter = served.adapter()
        other = State(receiver_her_id=1, transport_delivery_state="Rejected")
        mine = State(receiver_her_id=8094866, transport_delivery_state="Unconfirmed")
        assert adapter._ours([other, mine]) == mine
        assert adapter._ours([other, other]) is None


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"sender": {**OPTIONS["sender"], "her_id": "HER-8"}}, "nhn.her_id", "options.sender.her_id"),
        (
            {"receiver": {**OPTIONS["receiver"], "organisation_her_id": "0"}},
            "nhn.her_id",
            "options.receiver.organisation_her_id",
        ),
        ({"page": 101}, "nhn.page", "options.page"),
    ],
)
def test_settings_that_address_nobody_are_told(change, code, path):
    with Served(b"") as served, pytest.raises(Misconfigured) as told:
        served.adapter(**change)
    assert (told.value.code, told.value.path) == (code, path)


def test_health_says_what_is_wrong_with_the_way_to_the_service():
    for token, told in (("", None), ("x", "http.401")):
        with StandIn(token=token) as standin:
            watch = Watch()
            adapter = NhnMsh(watched_context(standin.url, watch, options=OPTIONS), clock=lambda: datetime.now(UTC))
            assert adapter.health() == told
            adapter.close()


FAULTY = {
    "another version": {"headers": {"api-version": "1", "nhn-source-system": "x"}},
    "no software named": {"headers": {"api-version": "2"}},
    "an unknown parameter": {"params": {"ReceiverHerIds": "8143060", "Since": "1"}},
    "no receiver": {"params": {"SenderHerId": "8094866"}},
    "too many": {"params": {"ReceiverHerIds": "8143060", "MessagesToFetch": 101}},
    "another's mailbox": {"params": {"ReceiverHerIds": "1"}},
}


@pytest.mark.parametrize("what", FAULTY)
def test_the_stand_in_refuses_what_the_services_document_does_not_allow(what):
    with StandIn() as standin:
        context = watched_context(standin.url, Watch())
        call = {
            "headers": {"api-version": "2", "nhn-source-system": "x"}, "params": {"ReceiverHerIds": "8143060"}, **FAULTY[what]
        }  # fmt: skip
        with pytest.raises(AdapterError):
            context.http.request("GET", "Messages", **call)
        context.http.close()
