"""Fiks IO's rules of receiving on a real RabbitMQ: saved before it is answered, never lost, dead after its last try."""

import asyncio
import os
import socket
import subprocess
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import aio_pika
import pytest
from gateway_fiks_bekymringsmelding.peer import RECEIVED, REPORT, Peer
from gateway_fiks_io.amqp import AmqpQueue, Place
from gateway_fiks_io.asice import File
from gateway_fiks_io.certificates import fingerprint
from gateway_fiks_io.envelope import seal
from gateway_fiks_io.message import Message, headers_of, queue_of
from gateway_fiks_io.testing import made_up

from gateway.sdk import Misconfigured, Unreachable
from tests.interop.conftest import PATIENCE, from_debian

pytestmark = [pytest.mark.interop, pytest.mark.timeout(1200)]

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
FORM, PDF = b'{"melding": "x"}', b"%PDF-1.7 made up"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        return held.getsockname()[1]


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory):
    """A server of our own on loopback, installed from the distribution's packages where that is possible."""
    if not SERVER.exists():
        from_debian("rabbitmq-server")
    if not SERVER.exists():
        pytest.skip("needs rabbitmq-server of the distribution's packages")
    folder = tmp_path_factory.mktemp("rabbit")
    port, far = free_port(), free_port()
    (folder / "plugins").write_text("[].\n")
    (folder / "rabbitmq.conf").write_text(f"listeners.tcp.local = 127.0.0.1:{port}\nloopback_users = none\n")
    env = {
        **os.environ, "HOME": str(folder), "RABBITMQ_NODENAME": f"bti{port}@localhost", "RABBITMQ_DIST_PORT": str(far),
        "RABBITMQ_MNESIA_BASE": str(folder / "db"), "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"), "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "ERL_EPMD_ADDRESS": "127.0.0.1", "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
    }  # fmt: skip
    with (folder / "out").open("wb") as out:
        running = subprocess.Popen([SERVER], env=env, stdout=out, stderr=out, start_new_session=True)
        try:
            until = time.monotonic() + PATIENCE
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if running.poll() is not None or time.monotonic() > until:
                        pytest.skip("rabbitmq-server does not start here")
                    time.sleep(0.2)
            yield port
        finally:
            os.killpg(running.pid, 15)
            running.wait(30)


class Exchange:
    """The service between the accounts: queues that are declared as Fiks declares them, and what it publishes."""

    def __init__(self, port):
        self.url = f"amqp://guest:guest@127.0.0.1:{port}/"
        self.receiver, self.sender = str(uuid.uuid4()), str(uuid.uuid4())
        self.place = Place(host="127.0.0.1", port=port, user="guest", tls=False)

    def run(self, work):
        async def inside():
            connection = await aio_pika.connect(self.url)
            try:
                return await work(await connection.channel())
            finally:
                await connection.close()

        return asyncio.run(inside())

    def declare(self):
        async def work(channel):
            for account in (self.receiver, self.sender):
                await channel.declare_queue(queue_of(account) + ".dlq", durable=True)
                await channel.declare_queue(
                    queue_of(account), durable=True,
                    arguments={"x-queue-type": "quorum", "x-delivery-limit": 2, "x-dead-letter-exchange": "",
                               "x-dead-letter-routing-key": queue_of(account) + ".dlq"},
                )  # fmt: skip

        self.run(work)

    def publish(self, message, *, seconds=None):
        async def work(channel):
            body = aio_pika.Message(message.body, headers=headers_of(message), expiration=seconds, delivery_mode=2)
            await channel.default_exchange.publish(body, routing_key=queue_of(message.receiver))

        self.run(work)

    def first(self, name):
        """The first message of a queue, taken out; ``None`` for none within some seconds."""

        async def work(channel):
            queue = await channel.get_queue(name)
            for _ in range(50):
                found = await queue.get(fail=False, no_ack=True)
                if found is not None:
                    return found
                await asyncio.sleep(0.1)
            return None

        return self.run(work)

    def queue(self, login="guest"):
        return AmqpQueue(self.place, self.receiver, lambda: login)


@pytest.fixture
def exchange(rabbit):
    made = Exchange(rabbit)
    made.declare()
    return made


def report(exchange, *, body=None):
    files = [File(name="bekymringsmelding.json", data=FORM), File(name="bekymringsmelding.pdf", data=PDF)]
    sealed = seal(files, signer=made_up("sender"), recipient=made_up("system").certificate, at=NOW, chance=os.urandom)
    return Message(id=str(uuid.uuid4()), type=REPORT, sender=exchange.sender, receiver=exchange.receiver,
                   body=sealed if body is None else body, client_id=str(uuid.uuid4()))  # fmt: skip


class Office:
    """A child welfare service's system at the queue, with what it saved and what it answered, in order."""

    def __init__(self, exchange, *, breaks=0):
        self.exchange, self.breaks, self.shelf, self.story = exchange, breaks, {}, []
        self.queue = exchange.queue()
        self.peer = Peer(
            queue=self.queue, send=self.send, holder=made_up("system"), clock=lambda: NOW, save=self.save,
            known=self.shelf.__contains__, pins=frozenset({fingerprint(made_up("sender").certificate)}),
        )  # fmt: skip

    def save(self, one):
        self.shelf[one.ident] = one
        self.story.append("saved")

    def send(self, reply):
        if self.breaks:
            self.breaks -= 1
            self.story.append("broke")
            raise Unreachable("fiks.away")
        self.story.append(reply.type)
        told = Message(id=str(uuid.uuid4()), type=reply.type, sender=self.exchange.receiver, receiver=reply.receiver,
                       reply_to=reply.reply_to, body=reply.body)  # fmt: skip
        self.exchange.publish(told)


def test_a_report_is_opened_checked_saved_and_only_then_answered(exchange):
    sent = report(exchange)
    exchange.publish(sent)
    office = Office(exchange)
    assert office.peer.consumer.step(10) == "taken"
    assert office.story == ["saved", RECEIVED]
    [kept] = office.shelf.values()
    assert (kept.pdf, kept.form) == (PDF, {"melding": "x"})
    answer = exchange.first(queue_of(exchange.sender))
    assert answer.headers["type"] == RECEIVED
    assert answer.headers["svar-til"] == sent.id
    assert office.peer.consumer.step(0.3) == "nothing"
    office.queue.close()


def test_what_could_not_be_answered_comes_again_and_is_saved_once(exchange):
    exchange.publish(report(exchange))
    office = Office(exchange, breaks=1)
    assert office.peer.consumer.step(10) == "again"
    assert office.peer.consumer.step(10) == "taken"
    assert office.story == ["saved", "broke", RECEIVED]
    office.queue.close()


def test_after_three_failed_deliveries_it_lies_among_the_dead(exchange):
    sent = report(exchange)
    exchange.publish(sent)
    office = Office(exchange, breaks=3)
    assert [office.peer.consumer.step(10) for _ in range(3)] == ["again"] * 3
    assert office.peer.consumer.step(0.5) == "nothing"
    dead = exchange.first(queue_of(exchange.receiver) + ".dlq")
    assert dead.headers["melding-id"] == sent.id
    office.queue.close()


def test_a_broken_envelope_is_answered_with_the_protocols_error_and_acknowledged(exchange):
    exchange.publish(report(exchange, body=b"no envelope"))
    office = Office(exchange)
    assert office.peer.consumer.step(10) == "failed"
    assert office.shelf == {}
    assert exchange.first(queue_of(exchange.sender)).headers["type"].endswith("feilet.v1")
    assert office.peer.consumer.step(0.3) == "nothing"
    office.queue.close()


def test_what_nobody_took_in_its_time_lies_among_the_dead(rabbit):
    class Plain(Exchange):
        def declare(self):  # a quorum queue of this version has no time for a single message
            async def work(channel):
                await channel.declare_queue(queue_of(self.receiver) + ".dlq", durable=True)
                await channel.declare_queue(
                    queue_of(self.receiver), durable=True,
                    arguments={"x-dead-letter-exchange": "", "x-dead-letter-routing-key": queue_of(self.receiver) + ".dlq"},
                )  # fmt: skip

            self.run(work)

    exchange = Plain(rabbit)
    exchange.declare()
    sent = report(exchange)
    exchange.publish(sent, seconds=1)
    assert exchange.first(queue_of(exchange.receiver) + ".dlq").headers["melding-id"] == sent.id
    queue = exchange.queue()
    assert queue.take(0.3) is None
    queue.close()


def test_a_wrong_login_and_a_missing_server_are_told_apart(exchange):
    with pytest.raises(Misconfigured) as wrong:
        exchange.queue("wrong").take(1)
    assert wrong.value.code == "fiks.queue.login"
    exchange.place = Place(host="127.0.0.1", port=free_port(), user="guest", tls=False)
    with pytest.raises(Unreachable) as missing:
        exchange.queue().take(1)
    assert missing.value.code == "fiks.queue.closed"
