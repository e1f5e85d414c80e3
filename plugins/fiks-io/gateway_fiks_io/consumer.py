"""Taking messages out of a queue by Fiks IO's rules (``content/Tjenester/fiksprotokoll/meldingshandtering.md``).

=====================================  =========================================================================
what happened                          what is done
=====================================  =========================================================================
it was saved                           the reply is sent, and then it is acknowledged
it cannot be taken in, or not saved    the protocol's error message is sent, and then it is acknowledged
it was here before                     the same reply is sent again, and then it is acknowledged
the reply could not be sent            nothing is acknowledged; the connection is let go, so that it comes again
its headers cannot be read             it is put aside (``unreadable``), and then acknowledged: nobody can be told
=====================================  =========================================================================

Nothing is ever rejected back into the queue.
"""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from gateway.sdk import AdapterError, Fault
from gateway_fiks_io.broker import Delivery, Queue
from gateway_fiks_io.message import LARGEST, Message, Outgoing, message_of

Outcome = Literal["nothing", "taken", "failed", "unreadable", "again"]
"""``again``: it stays in the queue and comes again."""


class Protocol(Struct, frozen=True, kw_only=True):
    """What a receiver does with a message.

    ``take`` saves it durably and gives the reply (``None`` for what needs none); called twice for one message it saves
    once, and gives the same reply. It raises ``Fault`` for what it will never take in. ``fail`` makes the protocol's
    error message of a code. ``unreadable`` puts aside what cannot be answered.
    """

    take: Callable[[Message], Outgoing | None]
    fail: Callable[[Message, str], Outgoing | None]
    unreadable: Callable[[Delivery, str], None]


class Consumer:
    """One receiver at one queue. ``send`` hands a reply in and raises ``AdapterError`` when it could not."""

    def __init__(self, *, queue: Queue, protocol: Protocol, send: Callable[[Outgoing], object]) -> None:
        self._queue = queue
        self._protocol = protocol
        self._send = send

    def step(self, timeout: float = 0.0) -> Outcome:
        """Take one message, if one comes in so many seconds. Raises ``AdapterError`` when the queue is gone."""
        delivery = self._queue.take(timeout)
        if delivery is None:
            return "nothing"
        try:
            message = self._read(delivery)
        except Fault as fault:
            self._protocol.unreadable(delivery, fault.code)
            self._queue.ack(delivery.tag)
            return "unreadable"
        outcome, reply = self._taken(message)
        if reply is not None:
            try:
                self._send(reply)
            except AdapterError:
                self._queue.close()
                return "again"
        self._queue.ack(delivery.tag)
        return outcome

    def drain(self, most: int = 1000) -> list[Outcome]:
        """Take all that waits, ``most`` at once; what stays in the queue ends it."""
        told: list[Outcome] = []
        while len(told) < most:
            outcome = self.step()
            if outcome == "nothing":
                break
            told.append(outcome)
            if outcome == "again":
                break
        return told

    def _read(self, delivery: Delivery) -> Message:
        return message_of(
            delivery.headers,
            delivery.body,
            receiver=self._queue.account,
            again=delivery.again,
            expiration=delivery.expiration,
        )

    def _taken(self, message: Message) -> tuple[Outcome, Outgoing | None]:
        code = "fiks.message.size"
        if len(message.body) <= LARGEST:
            try:
                return "taken", self._protocol.take(message)
            except Fault as fault:
                code = fault.code
            except Exception:  # noqa: BLE001 - whatever broke, its sender must hear that it was not saved
                code = "fiks.not_saved"
        return "failed", self._protocol.fail(message, code)
