"""What the service manager is told: that the process is ready, that it is alive, and that it is about to end.

systemd's protocol (sd_notify(3)): datagrams to the socket that ``NOTIFY_SOCKET`` names. Where there is none, nothing
is told. The watchdog is told by a thread of its own as long as something happens: a block of work begins or ends, or
the rounds are waited for. Where nothing has for a quarter of an hour something hangs, the signs of life end, and the
manager starts the process anew. Whether the gateway *can* work is another question (``/ready``).
"""

import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread

from gateway.run.observing import Span

HANGS = 900.0
"""Seconds without anything that happens after which the process is taken to hang; every wait for others is shorter."""


class Pulse:
    """When something last happened. Listens to blocks of work, and waits between rounds."""

    def __init__(self, stop: Event, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._stop, self._ticks = stop, ticks
        self._last = ticks()

    def alive(self) -> bool:
        """Whether something has happened lately."""
        return self._ticks() - self._last < HANGS

    def wait(self, seconds: float) -> bool:
        """Wait between rounds; returns early, and true, when the process is to stop."""
        self._last = self._ticks()
        stopped = self._stop.wait(seconds)
        self._last = self._ticks()
        return stopped

    def begin(self, span: Span) -> None:
        """Something happens."""
        self._last = self._ticks()

    def end(self, span: Span) -> None:
        """Something happened."""
        self._last = self._ticks()

    def event(self, name: str, level: str, facts: Mapping[str, object]) -> None:
        """Nothing: calls of the web say nothing of the rounds."""

    def close(self) -> None:
        """Nothing is kept."""


@contextmanager
def standing(stop: Event, pulse: Pulse | None = None, environment: Mapping[str, str] = os.environ) -> Iterator[None]:
    """While the block runs the service is up; from when ``stop`` is set it is stopping."""
    told = tell("READY=1\nSTATUS=running", environment)
    ended = Event()
    beats = Thread(target=_beat, args=(ended, stop, pulse, environment), name="watchdog", daemon=True)
    if told:
        beats.start()
    try:
        yield
    finally:
        tell("STOPPING=1", environment)
        ended.set()
        if told:
            beats.join(timeout=2)


def tell(state: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell the service manager; whether there is one."""
    place = environment.get("NOTIFY_SOCKET", "")
    if not place or place[0] not in "/@":
        return False
    address = "\0" + place[1:] if place[0] == "@" else place
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.sendto(state.encode(), address)
    except OSError:
        return False
    return True


def interval(environment: Mapping[str, str] = os.environ) -> float | None:
    """Seconds between signs of life: half of what the watchdog bears; ``None`` where there is none."""
    told = environment.get("WATCHDOG_USEC", "")
    return int(told) / 2_000_000 if told.isascii() and told.isdigit() and int(told) else None


def _beat(ended: Event, stop: Event, pulse: Pulse | None, environment: Mapping[str, str]) -> None:
    pause, telling = interval(environment), False
    while not ended.wait(min(pause or 1.0, 1.0)):
        if pause is not None and (pulse is None or pulse.alive()):
            tell("WATCHDOG=1", environment)
        if stop.is_set() and not telling:
            telling = tell("STOPPING=1", environment)
