"""Blocks of work with a name, a time and a few facts, told to whoever listens when they begin and end.

A block knows the block that it happens in, also across threads: whoever starts one runs it in a copy of the context.
The id of the outermost block is that of all within, so that the lines of one round belong together.
"""

import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Protocol, Self

from gateway.run.observing.facts import is_code, proper
from gateway.sdk.witness import Exchange, Witness

UNFORESEEN = "observed.unforeseen"
"""The code of an exception that has none."""

NOTHING: Mapping[str, str] = {}


class Span:
    """A block of work. ``trace`` is 32 hexadecimal digits for all that belongs together, ``id`` 16 for this block."""

    __slots__ = (
        "at",
        "began",
        "code",
        "facts",
        "handles",
        "id",
        "kept",
        "name",
        "parent",
        "seconds",
        "shared",
        "trace",
    )

    def __init__(self, name: str, *, parent: "Span | None", ids: bytes, at: datetime, began: float) -> None:
        self.name = name
        self.parent = parent
        self.trace: str = parent.trace if parent is not None else ids[:16].hex()
        self.id = ids[16:].hex()
        self.at = at
        self.began = began
        self.seconds = 0.0
        self.code = ""
        """What ended it, where that was an error."""
        self.facts: dict[str, object] = {}
        self.kept: Mapping[str, int] = {}
        self.handles: dict[int, Any] = {}
        """What a listener keeps of it between begin and end."""
        self.shared: Mapping[str, str] = NOTHING

    def note(self, **facts: object) -> None:
        """Tell a fact; what may not be told is dropped when the block ends."""
        self.facts.update(facts)

    def keep(self, kept: Mapping[str, int]) -> None:
        """How many fields each rule kept back: for sums over all systems alone, never for a line or a span."""
        self.kept = kept


class Quiet:
    """Stands for a block where nobody listens."""

    __slots__ = ()
    shared: Mapping[str, str] = NOTHING

    def note(self, **facts: object) -> None:
        """Nothing."""

    def keep(self, kept: Mapping[str, int]) -> None:
        """Nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class Sink(Protocol):
    """Listens. What it raises is dropped: to be watched must not change what happens."""

    def begin(self, span: Span) -> None:
        """A block begins."""

    def end(self, span: Span) -> None:
        """A block has ended; its facts are those that may be told."""

    def event(self, name: str, level: str, facts: Mapping[str, object]) -> None:
        """Something happened at once. ``level`` is ``info``, ``warning`` or ``error``."""

    def close(self) -> None:
        """Nothing follows."""


_inside: ContextVar[Span | None] = ContextVar("inside", default=None)


class Observer:
    """Tells of blocks and events. ``systems`` are the names that a block may be about; ``share_with`` those of them
    that are told, in each request, which of our rounds asks (W3C Trace Context).
    """

    def __init__(
        self,
        *,
        systems: Collection[str],
        share_with: Collection[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
        ticks: Callable[[], float] = time.perf_counter,
        chance: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._named: dict[str, frozenset[str]] = {"system": frozenset(systems)}
        self._share_with = frozenset(share_with)
        self._clock, self._ticks, self._chance = clock, ticks, chance
        self._sinks: tuple[Sink, ...] = ()

    def add(self, sink: Sink) -> None:
        """One more who listens."""
        self._sinks = (*self._sinks, sink)

    def learn(self, name: str, values: Collection[str]) -> None:
        """The values that a fact may have, beside those that are known."""
        self._named[name] = self._named.get(name, frozenset()) | frozenset(values)

    def span(self, name: str, **facts: object) -> AbstractContextManager[Span | Quiet]:
        """A block of work; what it raises passes, and ends it with that error's code."""
        return self._span(name, facts) if self._sinks else _QUIET

    def event(self, name: str, *, level: str = "info", **facts: object) -> None:
        """Something that happened at once."""
        told = proper(facts, self._named)
        for sink in self._sinks:
            with suppress(Exception):
                sink.event(name, level, told)

    def witness(self, system: str) -> Witness:
        """What a system's client tells its requests to."""
        return _Witness(self, system)

    def close(self) -> None:
        """Let those who listen finish."""
        for sink in self._sinks:
            with suppress(Exception):
                sink.close()

    @contextmanager
    def _span(self, name: str, facts: Mapping[str, object]) -> Iterator[Span]:
        span = Span(name, parent=_inside.get(), ids=self._chance(24), at=self._clock(), began=self._ticks())
        span.facts.update(facts)
        if name == "exchange" and facts.get("system") in self._share_with:
            span.shared = {"traceparent": f"00-{span.trace}-{span.id}-01"}
        for sink in self._sinks:
            with suppress(Exception):
                sink.begin(span)
        before = _inside.set(span)
        try:
            yield span
        except BaseException as error:
            code = getattr(error, "code", None)
            span.code = str(code) if is_code(code) else UNFORESEEN
            raise
        finally:
            _inside.reset(before)
            span.seconds = self._ticks() - span.began
            span.facts = proper(span.facts, self._named)
            for sink in self._sinks:
                with suppress(Exception):
                    sink.end(span)


class _Witness:
    def __init__(self, observer: Observer, system: str) -> None:
        self._observer, self._system = observer, system

    def exchange(self, method: str) -> AbstractContextManager[Exchange]:
        return self._observer.span("exchange", system=self._system, method=method)


_QUIET = Quiet()
SILENT = Observer(systems=())
"""Tells nobody."""


def inside() -> Span | None:
    """The block that the caller is in."""
    return _inside.get()
