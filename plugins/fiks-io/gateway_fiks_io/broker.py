"""What a queue can do, and a queue in memory that keeps Fiks IO's rules, for tests and stand-ins.

The rules: a message that was taken and not acknowledged comes again when the connection is gone; after three failed
deliveries it goes to the dead letters and its sender hears of it; a message's time is looked at when it stands first
in the queue, so that one with a long life holds back the news that those behind it are over.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from msgspec import Struct, field

from gateway_fiks_io.message import SERVER_FAILED, TIMED_OUT, queue_of

DELIVERIES = 3
"""Times that a message is delivered before it goes to the dead letters."""


class Delivery(Struct, frozen=True, kw_only=True):
    """What came out of a queue, unread: ``tag`` is what it is acknowledged by."""

    tag: int
    headers: Mapping[str, Any]
    body: bytes
    again: bool = False
    expiration: str | None = None


class Queue(Protocol):
    """One account's queue over one connection."""

    account: str

    def take(self, timeout: float) -> Delivery | None:
        """The next delivery, waited for so many seconds. Raises ``AdapterError``."""
        ...

    def ack(self, tag: int) -> None:
        """It is done with. Raises ``AdapterError``."""
        ...

    def close(self) -> None:
        """Let go of the connection: what was taken and not acknowledged comes again, to whoever asks next."""
        ...


class Held(Struct, kw_only=True):
    """A message in a queue in memory."""

    headers: dict[str, Any]
    body: bytes
    expires: datetime | None
    deliveries: int = 0


class Account(Struct, kw_only=True):
    """What an account holds: what waits, what is out, and what could not be delivered."""

    waiting: deque[Held] = field(default_factory=deque)
    dead: list[Held] = field(default_factory=list)


class MemoryBroker:
    """All accounts, in one process. ``clock`` gives the time, ``fresh`` a new id for what the service says itself."""

    service = "00000000-0000-0000-0000-000000000001"
    """The account in whose name the service itself answers."""

    def __init__(self, *, clock: Callable[[], datetime], fresh: Callable[[], str]) -> None:
        self.clock = clock
        self.fresh = fresh
        self.accounts: dict[str, Account] = {}
        self.lock = threading.RLock()
        self.came = threading.Condition(self.lock)

    def publish(self, receiver: str, headers: Mapping[str, Any], body: bytes, *, ttl: int | None = None) -> None:
        """Put a message last in a queue."""
        with self.came:
            expires = self.clock() + timedelta(seconds=ttl) if ttl is not None else None
            held = Held(headers=dict(headers), body=body, expires=expires)
            self.accounts.setdefault(receiver, Account()).waiting.append(held)
            self.came.notify_all()

    def connect(self, account: str) -> "MemoryQueue":
        """A connection to one account's queue."""
        with self.lock:
            self.accounts.setdefault(account, Account())
        return MemoryQueue(self, account)

    def queues(self) -> dict[str, int]:
        """Names of the queues, and how many wait in each."""
        with self.lock:
            return {queue_of(name): len(one.waiting) for name, one in self.accounts.items()}

    def expire(self) -> None:
        """What stands first in a queue and is over is taken out, as the server does by itself."""
        with self.lock:
            for name, one in list(self.accounts.items()):
                held = self.next_of(name)
                if held is not None:
                    one.waiting.appendleft(held)

    def next_of(self, account: str) -> Held | None:
        """Take the first that is not over; whoever sent what is over hears of it."""
        with self.lock:
            waiting = self.accounts[account].waiting
            while waiting:
                held = waiting.popleft()
                if held.expires is None or held.expires > self.clock():
                    return held
                self._tell(held, TIMED_OUT)
        return None

    def give_back(self, account: str, held: list[Held]) -> None:
        """What was out when a connection went: first in the queue again, or dead after its last try."""
        with self.came:
            for one in reversed(held):
                if one.deliveries >= DELIVERIES:
                    self.accounts[account].dead.append(one)
                    self._tell(one, SERVER_FAILED)
                else:
                    self.accounts[account].waiting.appendleft(one)
            self.came.notify_all()

    def _tell(self, held: Held, what: str) -> None:
        told = {
            "avsender-id": self.service, "melding-id": self.fresh(), "type": what,
            "svar-til": held.headers["melding-id"], "svar-til-type": held.headers["type"],
        }  # fmt: skip
        kept = {name: value for name, value in held.headers.items() if name.startswith("egendefinert-header.")}
        self.publish(held.headers["avsender-id"], told | kept, b"")


class MemoryQueue:
    """A connection to a queue in memory."""

    def __init__(self, broker: MemoryBroker, account: str) -> None:
        self.account = account
        self._broker = broker
        self._out: dict[int, Held] = {}
        self._last = 0

    def take(self, timeout: float) -> Delivery | None:
        """The next delivery, or ``None`` when none came in so many seconds."""
        with self._broker.came:
            held = self._broker.next_of(self.account)
            if held is None and timeout > 0:
                self._broker.came.wait(timeout)
                held = self._broker.next_of(self.account)
            if held is None:
                return None
            self._last += 1
            self._out[self._last] = held
            held.deliveries += 1
            again = held.deliveries > 1
            return Delivery(tag=self._last, headers=held.headers, body=held.body, again=again)

    def ack(self, tag: int) -> None:
        """It is done with."""
        self._out.pop(tag, None)

    def close(self) -> None:
        """What is out comes again."""
        out, self._out = list(self._out.values()), {}
        self._broker.give_back(self.account, out)
