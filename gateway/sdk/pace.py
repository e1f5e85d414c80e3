"""How fast a system may be asked, and when it is left alone: for all threads of a system together.

An adapter declares its system's ``traffic``; the gateway's client keeps to it. A request that would have to wait
longer than the client's patience is told as ``Unreachable`` with the seconds it would take, so that the work goes back
to the schedule instead of holding a thread. What was not let through has reached nobody: a write stays certain.
"""

import threading
from collections.abc import Callable

from msgspec import Struct

from gateway.sdk.errors import Unreachable

LONGEST_REST = 8
"""How many times its first length a rest may come to, when the system does not come back."""


class Traffic(Struct, frozen=True, kw_only=True):
    """What a system bears. ``rate`` is requests a second on the long run (``None``: no limit), ``burst`` how many may
    come at once. After ``trips`` failures one after another (0: never) the system is left alone for ``rest`` seconds,
    then asked once; while it goes on failing the rest doubles, up to eight times its length.
    """

    rate: float | None = None
    burst: int = 1
    trips: int = 0
    rest: float = 30.0


class Pace:
    """Lets requests through as a system's traffic says. ``clock`` counts seconds and never goes back."""

    def __init__(self, traffic: Traffic, *, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._traffic, self._clock, self._sleep = traffic, clock, sleep
        self._lock = threading.Lock()
        self._ready = -float("inf")
        self._not_before = -float("inf")
        self._failures = 0
        self._rests_until: float | None = None
        self._rest = traffic.rest
        self._probing = False

    def enter(self, *, patience: float) -> None:
        """Wait for our turn, ``patience`` seconds at most.

        Raises ``Unreachable``: ``http.resting`` (the system is left alone), ``http.rate`` (the turn would come too
        late, or the system itself has asked to be left alone for longer).
        """
        with self._lock:
            now = self._clock()
            pause = self._turn(now)
            if pause > patience:
                raise Unreachable("http.rate", retry_after=pause)
            self._try_again(now)
            if self._traffic.rate:
                step = 1.0 / self._traffic.rate
                # A turn is the moment at which the bucket would have run dry: idle time fills it up to the burst.
                self._ready = max(self._ready, now - step * (self._traffic.burst - 1)) + step
        if pause > 0:
            self._sleep(pause)

    def seen(self, *, well: bool) -> None:
        """Tell how a request went: whether the system answered as one that works."""
        with self._lock:
            self._probing = False
            if well:
                self._failures, self._rests_until, self._rest = 0, None, self._traffic.rest
                return
            self._failures += 1
            if not self._traffic.trips:
                return
            again = self._rests_until is not None
            if again or self._failures >= self._traffic.trips:
                if again:
                    self._rest = min(self._rest * 2, self._traffic.rest * LONGEST_REST)
                self._rests_until = self._clock() + self._rest

    def left(self) -> None:
        """A request that was let through and never sent."""
        with self._lock:
            self._probing = False

    def hold(self, seconds: float) -> None:
        """The system asked to be left alone for so long (``Retry-After``)."""
        with self._lock:
            self._not_before = max(self._not_before, self._clock() + seconds)

    def resting(self) -> bool:
        """Whether the system is left alone for now."""
        with self._lock:
            return self._rests_until is not None and self._clock() < self._rests_until

    def _turn(self, now: float) -> float:
        """Seconds until the next request may go."""
        pause = max(0.0, self._not_before - now)
        if self._traffic.rate:
            pause = max(pause, self._ready - now)
        return pause

    def _try_again(self, now: float) -> None:
        """While the system rests nobody goes; after it one goes, and the others wait for what that one finds."""
        if self._rests_until is None:
            return
        if now < self._rests_until:
            raise Unreachable("http.resting", retry_after=self._rests_until - now)
        if self._probing:
            raise Unreachable("http.resting", retry_after=1.0)
        self._probing = True
