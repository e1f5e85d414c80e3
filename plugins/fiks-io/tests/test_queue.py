"""The rules of the queue, in memory: nothing is lost by a crash, nothing is taken twice, and its sender always hears."""

from datetime import UTC, datetime, timedelta

import pytest
from gateway_fiks_io.broker import MemoryBroker
from gateway_fiks_io.consumer import Consumer, Protocol
from gateway_fiks_io.message import Message, Outgoing, answer_to, headers_of, message_of
from gateway_fiks_io.post import INTEGRATION, PASSWORD, PostOffice
from gateway_fiks_io.send import Post, integration
from gateway_fiks_io.testing import pem

from gateway.sdk import Fault, Unreachable
from gateway.sdk.http import HttpClient

ONE, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 22, tzinfo=UTC)

    def __call__(self):
        return self.now


class Desk:
    """A receiver with a place to save, an outbox that can be shut, and a note of what it put aside."""

    def __init__(self, broker):
        self.broker, self.saved, self.aside, self.shut, self.full = broker, {}, [], False, False
        self.crash = ""
        self.connect()

    def connect(self):
        protocol = Protocol(
            take=self.take,
            fail=lambda message, code: answer_to(message, type="x.feilet", body=code.encode()),
            unreadable=lambda delivery, code: self.aside.append(code),
        )
        self.queue = self.broker.connect(OTHER)
        self.consumer = Consumer(queue=self.queue, protocol=protocol, send=self.send)

    def take(self, message):
        if message.type == "x.unknown":
            raise Fault("x.type", "$")
        if self.full:
            raise OSError
        if self.crash == "before":
            raise KeyboardInterrupt
        self.saved.setdefault(message.client_id or message.id, message.body)
        if self.crash == "after":
            raise KeyboardInterrupt
        return answer_to(message, type="x.mottatt")

    def send(self, reply):
        if self.shut:
            raise Unreachable("http.connect")
        told = Message(id=self.broker.fresh(), type=reply.type, sender=OTHER, receiver=reply.receiver, body=reply.body,
                       reply_to=reply.reply_to, correlation=reply.correlation)  # fmt: skip
        self.broker.publish(reply.receiver, headers_of(told), reply.body)

    def die(self):
        """The process is gone: the server sees that the connection is, and somebody starts it again."""
        self.queue.close()
        self.connect()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def broker(clock, fresh):
    return MemoryBroker(clock=clock, fresh=fresh)


@pytest.fixture
def desk(broker):
    return Desk(broker)


def put(broker, body=b"hello", kind="x.melding", ident=None, client="c1", ttl=None):
    message = Message(
        id=ident or broker.fresh(), type=kind, sender=ONE, receiver=OTHER, client_id=client, correlation="k"
    )
    broker.publish(OTHER, headers_of(message), body, ttl=ttl)
    return message


def heard(broker):
    queue, told = broker.connect(ONE), []
    while (one := queue.take(0)) is not None:
        told.append(message_of(one.headers, one.body, receiver=ONE, again=one.again, expiration=None))
        queue.ack(one.tag)
    return told


def test_a_message_is_saved_answered_and_then_done_with(broker, desk):
    sent = put(broker)
    assert desk.consumer.drain() == ["taken"]
    assert desk.saved == {"c1": b"hello"}
    [reply] = heard(broker)
    assert (reply.type, reply.reply_to, reply.correlation) == ("x.mottatt", sent.id, "k")
    desk.die()
    assert desk.consumer.step() == "nothing"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_before_or_after_the_save_loses_and_doubles_nothing(broker, desk, when):
    put(broker)
    desk.crash = when
    with pytest.raises(KeyboardInterrupt):
        desk.consumer.step()
    desk.crash = ""
    desk.die()
    assert desk.consumer.drain() == ["taken"]
    assert desk.saved == {"c1": b"hello"}
    assert [one.type for one in heard(broker)] == ["x.mottatt"]


def test_a_reply_that_could_not_be_sent_leaves_the_message_in_the_queue(broker, desk):
    put(broker)
    desk.shut = True
    assert desk.consumer.drain() == ["again"]
    assert desk.saved, "it was saved, and says so when it comes again"
    desk.shut = False
    desk.die()
    assert desk.consumer.drain() == ["taken"]
    assert len(heard(broker)) == 1


@pytest.mark.parametrize(
    ("kind", "full", "code"), [("x.unknown", False, b"x.type"), ("x.melding", True, b"fiks.not_saved")]
)
def test_what_is_not_taken_in_is_answered_and_not_put_back(broker, desk, kind, full, code):
    put(broker, kind=kind)
    desk.full = full
    assert desk.consumer.drain() == ["failed"]
    [reply] = heard(broker)
    assert (reply.type, reply.body) == ("x.feilet", code)
    desk.die()
    assert desk.consumer.step() == "nothing"


def test_a_message_that_is_too_large_or_lies_elsewhere_is_answered_or_put_aside(broker, desk):
    put(broker, body=bytes(5_000_001))
    assert desk.consumer.drain() == ["failed"]
    assert heard(broker)[0].body == b"fiks.message.size"
    broker.publish(OTHER, {"type": "x", "melding-id": ONE, "avsender-id": ONE, "dokumentlager-id": ONE}, b"")
    broker.publish(OTHER, {"type": "x", "melding-id": "no id", "avsender-id": ONE}, b"")
    broker.publish(OTHER, {}, b"")
    assert desk.consumer.drain() == ["unreadable"] * 3
    assert desk.aside == ["fiks.message.size", "fiks.message.headers", "fiks.message.headers"]


def test_three_failed_deliveries_end_in_the_dead_letters_and_the_sender_hears(broker, desk):
    sent = put(broker)
    for _ in range(3):
        assert desk.queue.take(0) is not None
        desk.die()
    assert desk.consumer.step() == "nothing"
    assert len(broker.accounts[OTHER].dead) == 1
    [told] = heard(broker)
    assert (told.type, told.reply_to) == ("no.ks.fiks.kvittering.serverfeil.v1", sent.id)


def test_time_is_looked_at_when_a_message_stands_first_in_the_queue(broker, desk, clock):
    put(broker, ttl=7 * 24 * 3600, client="long")
    put(broker, ttl=10, client="short")
    clock.now += timedelta(hours=1)
    assert heard(broker) == [], "the long one stands before it"
    assert desk.consumer.drain() == ["taken"]
    assert [one.type for one in heard(broker)] == ["x.mottatt", "no.ks.fiks.kvittering.tidsavbrudd"]
    assert set(desk.saved) == {"long"}


def test_headers_come_back_as_they_were():
    message = Message(id=ONE, type="a.b-c_d.v1", sender=OTHER, receiver=ONE, reply_to=OTHER, client_id="c", correlation="k",
                      headers={"bydel-ressurs-id": "7"})  # fmt: skip
    assert message_of(headers_of(message), b"", receiver=ONE, again=False, expiration=None) == message


def test_what_is_handed_in_over_http_stands_in_the_receivers_queue(broker, desk, fresh, receiver):
    clients = []

    def post_to(url, password=PASSWORD):
        headers = {**integration(INTEGRATION, password), "Authorization": "Bearer t"}
        clients.append(HttpClient(url=url, attempts=1))
        return Post(http=clients[-1], account=ONE, headers=lambda: headers, chance=bytes)

    with PostOffice(broker, fresh=fresh) as office:
        office.accounts["123456785", "x.v1"] = OTHER
        office.keys[OTHER] = pem(receiver.certificate)
        post = post_to(office.url)
        assert post.account_for("123456785", "x.v1") == OTHER
        assert post.key_of(OTHER) == receiver.certificate
        ident = post.send(Outgoing(type="x.melding", receiver=OTHER, client_id="c9", body=b"\x00body", correlation="k"))
        assert office.sent[0]["meldingId"] == ident
        assert desk.consumer.drain() == ["taken"]
        assert desk.saved == {"c9": b"\x00body"}
        with pytest.raises(Exception, match=r"fiks\.no_account"):
            post.account_for("999999999", "x.v1")
        with pytest.raises(Exception, match=r"http\.401"):
            post_to(office.url, "wrong").send(Outgoing(type="x", receiver=OTHER, client_id="c"))
        with pytest.raises(Fault, match=r"fiks\.message\.size"):
            post.send(Outgoing(type="x", receiver=OTHER, client_id="c", body=bytes(5_000_001)))
    for client in clients:
        client.close()
