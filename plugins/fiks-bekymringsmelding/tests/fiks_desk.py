"""An adapter at the stand-in, a report, and a receiving child welfare service."""

from gateway_fiks_bekymringsmelding.kit import FIELDS, adapter_at, options
from gateway_fiks_bekymringsmelding.peer import Peer
from gateway_fiks_bekymringsmelding.standin import RECEIVER, SECRET
from gateway_fiks_io.certificates import fingerprint
from gateway_fiks_io.message import Message, headers_of

from gateway.core.release import Release
from gateway.sdk.testing import Watch, watched_context


def connect(service, **more):
    context = watched_context(service.url, Watch(), secret=SECRET, options={**options(), **more})
    return adapter_at(context, service)


def release(ident="r1", **fields):
    told = {**FIELDS, **fields}
    told = {name: value for name, value in told.items() if value is not None}
    return Release(system="fiks", kind="child_welfare_report", id=ident, case="c", fields=told, changed=tuple(told))


class Office:
    """A child welfare service with a shelf, and its system at the queue."""

    def __init__(self, service, schema=lambda _: None):
        self.service, self.shelf, self.full = service, {}, False
        self.schema = schema
        self.start()

    def start(self):
        self.queue = self.service.broker.connect(RECEIVER)
        self.peer = Peer(
            queue=self.queue,
            send=self.send,
            holder=self.service.system,
            clock=self.service.clock,
            save=self.save,
            known=self.shelf.__contains__,
            pins=frozenset({fingerprint(self.service.sender.certificate)}),
            schema=self.schema,
        )

    def save(self, report):
        if self.full:
            raise OSError
        self.shelf[report.ident] = report

    def send(self, reply):
        told = Message(id=self.service.fresh(), type=reply.type, sender=RECEIVER, receiver=reply.receiver,
                       reply_to=reply.reply_to, body=reply.body)  # fmt: skip
        self.service.broker.publish(reply.receiver, headers_of(told), reply.body)

    def work(self):
        outcomes = self.peer.consumer.drain()
        self.service.hear()
        return outcomes
