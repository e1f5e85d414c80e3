"""How often somebody may try: a bucket of tries that fills again with time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

_MANY = 10_000
"""How many names are remembered; then those whose bucket is full again are forgotten."""


class Bucket:
    """``size`` tries at once for each name, and one more after each ``every``."""

    def __init__(self, *, size: int, every: timedelta, clock: Callable[[], datetime]) -> None:
        self._size, self._every, self._clock = size, every, clock
        self._left: dict[str, tuple[float, datetime]] = {}
        self._lock = Lock()

    def take(self, name: str) -> float:
        """One try; 0 when it is allowed, else the seconds until the next one is."""
        now = self._clock()
        with self._lock:
            if len(self._left) > _MANY:
                self._left = {key: one for key, one in self._left.items() if self._filled(one, now) < self._size}
            left = self._filled(self._left.get(name, (float(self._size), now)), now)
            if left < 1:
                self._left[name] = (left, now)
                return (1 - left) * self._every.total_seconds()
            self._left[name] = (left - 1, now)
            return 0.0

    def _filled(self, one: tuple[float, datetime], now: datetime) -> float:
        left, at = one
        return min(float(self._size), left + (now - at) / self._every)
