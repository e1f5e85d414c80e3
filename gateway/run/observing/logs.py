"""What happens as lines on standard error: one JSON object each, or words for a terminal.

A line holds a time, a level, an event's code, the ids by which lines of one round belong together, and facts of the
allow-list; nothing else can get into it.
"""

import re
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Literal, Protocol

import msgspec

from gateway.run.observing.facts import is_code, is_count, is_seconds
from gateway.run.observing.observer import Span, inside

Level = Literal["debug", "info", "warning", "error"]
LEVELS: tuple[Level, ...] = ("debug", "info", "warning", "error")

_QUIETLY = frozenset({"exchange", "gate", "delivery"})
"""Blocks that are told at level ``debug`` while they go well."""

_EVENT = re.compile(r"[a-z][a-z0-9_]*(?:[.-][a-z0-9_]+)*")


class Stream(Protocol):
    """Where lines go."""

    def write(self, text: str, /) -> object:
        """Take a text."""

    def flush(self) -> object:
        """Pass it on."""


class Lines:
    """Writes lines of at least ``level``. A stream that is closed or full stops nothing: the line is lost."""

    def __init__(
        self,
        *,
        form: Literal["json", "text"] = "json",
        level: Level = "info",
        stream: Callable[[], Stream] = lambda: sys.stderr,
        clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
    ) -> None:
        self._form, self._least, self._stream, self._clock = form, LEVELS.index(level), stream, clock
        self._lock = threading.Lock()

    def line(self, event: str, level: str, facts: Mapping[str, object]) -> None:
        """One line; ``facts`` are those that may be told."""
        if LEVELS.index(level) < self._least:
            return
        at = self._clock().astimezone(UTC).isoformat(timespec="milliseconds")
        if self._form == "json":
            text = msgspec.json.encode({"time": at, "level": level, "event": event, **facts}).decode()
        else:
            told = " ".join(f"{name}={fact}" for name, fact in facts.items() if name not in {"trace", "span", "parent"})
            text = f"{at[11:19]} {level} {event} {told}".rstrip()
        with self._lock:
            try:
                stream = self._stream()
                stream.write(text + "\n")
                stream.flush()
            except (OSError, ValueError):
                return


class LogSink:
    """Blocks that have ended, and events, as lines."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def begin(self, span: Span) -> None:
        """Nothing: a block is told when it has ended."""

    def end(self, span: Span) -> None:
        """One line; a block that ended with an error is a warning."""
        ids = {"trace": span.trace, "span": span.id}
        if span.parent is not None:
            ids["parent"] = span.parent.id
        level: Level = "warning" if span.code or span.facts.get("code") else "info"
        if level == "info" and (span.name in _QUIETLY or (span.name == "lane" and not _moved(span))):
            level = "debug"
        code = {"code": span.code} if span.code else {}
        self._lines.line(span.name, level, {**ids, **span.facts, **code, "seconds": round(span.seconds, 4)})

    def event(self, name: str, level: str, facts: Mapping[str, object]) -> None:
        """One line, with the ids of the block that it happened in."""
        here = inside()
        ids = {} if here is None else {"trace": here.trace, "span": here.id}
        self._lines.line(name, level, {**ids, **facts})

    def close(self) -> None:
        """Nothing is kept."""


def _moved(span: Span) -> bool:
    return any(is_count(fact) and fact for fact in span.facts.values())


class EventLog:
    """An adapter's own events; only codes, counts and times pass, whatever it calls them."""

    def __init__(self, system: str, lines: Lines | None = None) -> None:
        self.system = system
        self._lines = lines or Lines()

    def info(self, event: str, **facts: object) -> None:
        """Something that went as it should."""
        self._write("info", event, facts)

    def warning(self, event: str, **facts: object) -> None:
        """Something that somebody may have to look at."""
        self._write("warning", event, facts)

    def _write(self, level: str, event: str, facts: Mapping[str, object]) -> None:
        plain = {name: fact for name, fact in facts.items() if _passes(name, fact)}
        here = inside()
        ids = {} if here is None else {"trace": here.trace, "span": here.id}
        self._lines.line(_named(event), level, {**ids, "system": self.system, **plain})


def _named(event: object) -> str:
    return event if is_code(event) and isinstance(event, str) else "adapter.event"


def _passes(name: str, fact: object) -> bool:
    if not _EVENT.fullmatch(name) or len(name) > 32 or name in {"time", "level", "event", "trace", "span", "system"}:
        return False
    return isinstance(fact, bool) or is_count(fact) or is_seconds(fact) or is_code(fact)
