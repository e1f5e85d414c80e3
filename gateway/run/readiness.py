"""Whether the gateway can do its work now: asked by what starts and restarts it."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from gateway.run import evidence
from gateway.run.world import World
from gateway.store import Keys, StoreError
from gateway.store.schema import HEADS

LATELY = timedelta(days=8)
"""How long ago the audit log may have been verified; ``bti run`` does it every day."""

FRESH = 2.0
"""Seconds for which an answer is given again."""


def wanting(world: World) -> Iterator[str]:
    """Codes of what is wanting: nothing, when the gateway is ready.

    ``ready.store`` (a database does not answer), ``ready.schema`` (it stands at another migration), ``ready.keys``
    (the key file cannot be read any more), ``ready.audit`` (the log did not hold, or has not been looked at for long),
    ``ready.behind`` (it is not the log that was signed).
    """
    store = world.store
    try:
        for database in (store.main, store.vault.database):
            with database.read() as connection:
                if database.version(connection) != HEADS[database.which]:
                    yield "ready.schema"
        with store.read() as tx:
            looked, size = evidence.last(tx), tx.tree()[0]
    except StoreError:
        yield "ready.store"
        return
    try:
        Keys.load(world.settings.store.key_file)
    except StoreError:
        yield "ready.keys"
    if store.behind:
        yield "ready.behind"
    young = size < 2 or looked is None  # a store of today, or one that nobody but cron works on
    if looked is not None and (looked.problems or (not young and world.clock() - looked.at > LATELY)):
        yield "ready.audit"


class Readiness:
    """Answers whether anything is wanting, at most every two seconds anew: who asks often costs nothing."""

    def __init__(self, world: World, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._world, self._ticks = world, ticks
        self._lock = threading.Lock()
        self._told: tuple[float, tuple[str, ...]] | None = None

    def codes(self) -> tuple[str, ...]:
        """What is wanting."""
        with self._lock:
            now = self._ticks()
            if self._told is None or now - self._told[0] >= FRESH:
                self._told = (now, tuple(dict.fromkeys(wanting(self._world))))
            return self._told[1]
