"""A real queue over AMQP 0.9.1, behind blocking calls: one long connection, its loop in a thread of its own.

``aio-pika`` speaks only async, so its loop runs here and nobody outside sees it. It is imported when a queue is opened.
"""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import TimeoutError as TooLate
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from gateway.sdk import AdapterError, Misconfigured, Unreachable
from gateway_fiks_io.broker import Delivery
from gateway_fiks_io.message import queue_of

if TYPE_CHECKING:
    from aio_pika.abc import AbstractIncomingMessage

T = TypeVar("T")
WAIT = 30.0
"""Seconds for one step of the protocol."""


class Place(Struct, frozen=True, kw_only=True):
    """Where the queues are. ``tls`` is off for loopback alone."""

    host: str
    port: int = 5671
    user: str = ""
    vhost: str = "/"
    tls: bool = True
    ahead: int = 10
    """Messages that the server may send before the first is acknowledged."""


def fiks_password(password: str, token: str) -> str:
    """What Fiks takes for a password: the integration's own, and a token of Maskinporten."""
    return f"{password} {token}"


class AmqpQueue:
    """One account's queue. ``password`` is asked for at each connection, since a token does not last."""

    def __init__(self, place: Place, account: str, password: Callable[[], str], trust: str | None = None) -> None:
        self.account = account
        self._place, self._password, self._trust = place, password, trust
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._connection: Any = None
        self._came: asyncio.Queue[AbstractIncomingMessage] | None = None
        self._out: dict[int, AbstractIncomingMessage] = {}

    def take(self, timeout: float) -> Delivery | None:
        """The next delivery, waited for so many seconds.

        Raises ``Unreachable`` ``fiks.queue.closed``, ``Misconfigured`` ``fiks.queue.login``.
        """
        if self._connection is None:
            self._open()
        if self._connection.is_closed:
            self.close()
            raise Unreachable("fiks.queue.closed")
        message = self._do(self._next(timeout), timeout + WAIT)
        if message is None:
            return None
        tag = int(message.delivery_tag or 0)
        self._out[tag] = message
        told = message.expiration
        return Delivery(
            tag=tag,
            headers=dict(message.headers),
            body=message.body,
            again=bool(message.redelivered),
            expiration=str(int(told * 1000)) if isinstance(told, (int, float)) else None,
        )

    def ack(self, tag: int) -> None:
        """It is done with. Raises ``Unreachable`` ``fiks.queue.closed``: then it comes again."""
        message = self._out.pop(tag, None)
        if message is not None:
            self._do(message.ack(), WAIT)

    def close(self) -> None:
        """Let go of the connection, and of what was not acknowledged."""
        self._out.clear()
        loop, thread, connection = self._loop, self._thread, self._connection
        self._loop = self._thread = self._connection = self._came = None
        if loop is None:
            return
        if connection is not None:
            with contextlib.suppress(Exception):
                asyncio.run_coroutine_threadsafe(connection.close(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        if thread is not None:
            thread.join(5)
        if not loop.is_running():
            loop.close()

    def _open(self) -> None:
        loop = self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=loop.run_forever, name="fiks-io", daemon=True)
        self._thread.start()
        try:
            self._connection, self._came = self._do(self._connect(), WAIT)
        except AdapterError:
            self.close()
            raise

    def _do(self, act: Coroutine[Any, Any, T], wait: float) -> T:
        from aiormq.exceptions import AuthenticationError, ProbableAuthenticationError  # noqa: PLC0415

        loop = self._loop
        if loop is None:
            act.close()
            raise Unreachable("fiks.queue.closed")
        future = asyncio.run_coroutine_threadsafe(act, loop)
        try:
            return future.result(wait)
        except TooLate:
            future.cancel()
            raise Unreachable("fiks.queue.closed") from None
        except (AuthenticationError, ProbableAuthenticationError):
            raise Misconfigured("fiks.queue.login") from None
        except Exception:  # noqa: BLE001 - whatever the library raises, the queue is not there; the text is dropped
            raise Unreachable("fiks.queue.closed") from None

    async def _connect(self) -> tuple[Any, "asyncio.Queue[AbstractIncomingMessage]"]:
        import aio_pika  # noqa: PLC0415

        place = self._place
        connection = await aio_pika.connect(
            host=place.host,
            port=place.port,
            login=place.user,
            password=self._password(),
            virtualhost=place.vhost,
            ssl=place.tls,
            ssl_context=ssl.create_default_context(cafile=self._trust) if place.tls else None,
            timeout=WAIT,
        )
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=place.ahead)
        queue = await channel.get_queue(queue_of(self.account), ensure=False)
        came: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
        await queue.consume(came.put)
        return connection, came

    async def _next(self, seconds: float) -> "AbstractIncomingMessage | None":
        if self._came is None:
            return None
        try:
            return await asyncio.wait_for(self._came.get(), max(seconds, 0.01))
        except TimeoutError:
            return None
