"""Faults to order: what goes wrong in a simulated vendor, how often, and for which requests."""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from gateway.core.model import Fault
from gateway.sdk.loopback import Answer

What = Literal[
    "status", "down", "slow", "truncated", "content_type", "malformed", "oversized", "lost", "rejected", "redirect",
    "expired_token", "duplicate_pages", "stale", "out_of_order", "clock_skew",
]  # fmt: skip


class Trouble(Struct, kw_only=True, forbid_unknown_fields=True):
    """One fault, in force for ``times`` requests (0: until it is healed) after ``after`` have passed.

    ``status``: answer ``status`` (with ``retry_after`` seconds) and do nothing. ``down``: close without an answer and
    do nothing. ``slow``: answer after ``seconds``. ``truncated``: half of the answer, after the effect. ``lost``: the
    effect, and no answer. ``content_type``, ``malformed``, ``oversized``: an answer that is HTML, broken JSON, or
    ``size`` bytes. ``rejected``: 422. ``redirect``: to ``to``. ``expired_token``: 401. ``duplicate_pages``: records
    come twice. ``stale``: reads give what was there before the last change. ``out_of_order``: the records of a page
    the other way round. ``clock_skew``: times of change are ``seconds`` ahead in what a read tells.
    """

    what: What
    on: Literal["any", "read", "write"] = "any"
    times: int = 1
    after: int = 0
    status: int = 503
    retry_after: int | None = None
    seconds: float = 1.0
    size: int = 32_000_000
    to: str = "http://198.51.100.1/"

    def before(self) -> Answer | None:
        """The answer that comes instead of any effect, or ``None``."""
        match self.what:
            case "status":
                headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
                return Answer(status=self.status, headers=headers)
            case "down":
                return Answer(wreck="drop")
            case "rejected":
                return Answer(status=422, body=b'{"code":"record.rejected"}')
            case "expired_token":
                return Answer(status=401)
            case "redirect":
                return Answer(status=302, headers={"Location": self.to})
            case _:
                return None

    def after_effect(self, answer: Answer) -> Answer:
        """What is sent instead of an answer."""
        match self.what:
            case "slow":
                return msgspec.structs.replace(answer, delay=self.seconds)
            case "truncated":
                return msgspec.structs.replace(answer, wreck="truncate", body=answer.body or b"{ }")
            case "lost":
                return msgspec.structs.replace(answer, wreck="drop")
            case "content_type":
                return Answer(body=b"<html><body>Logg inn</body></html>", content_type="text/html")
            case "malformed":
                return msgspec.structs.replace(answer, body=answer.body[:-1] or b"{")
            case "oversized":
                return msgspec.structs.replace(answer, body=b" " * self.size)
            case _:
                return answer


_OF_RECORDS = frozenset({"duplicate_pages", "stale", "out_of_order", "clock_skew"})


class _Order(Struct, frozen=True, forbid_unknown_fields=True):
    faults: list[Trouble]


class Troubles:
    """The faults in force, the first that fits a request first."""

    def __init__(self, faults: Iterable[Mapping[str, Any]] = ()) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Trouble] = [msgspec.convert(dict(told), Trouble) for told in faults]

    def add(self, trouble: Trouble) -> None:
        """One more, after those that are there."""
        with self._lock:
            self._waiting.append(trouble)

    def order(self, told: Any) -> None:
        """Put the faults of ``{"faults": [...]}`` in force, in place of those that were.

        Raises ``Fault`` ``simulator.faults`` when it holds something else, or a fault that needs to know what a
        record is (``duplicate_pages``, ``stale``, ``out_of_order``, ``clock_skew``) and that only a simulator has.
        """
        try:
            ordered = msgspec.convert(told, _Order).faults
        except msgspec.ValidationError:
            raise Fault("simulator.faults", "$.faults") from None
        if any(trouble.what in _OF_RECORDS for trouble in ordered):
            raise Fault("simulator.faults", "$.faults[].what")
        with self._lock:
            self._waiting[:] = ordered

    def upon(self, answer: Callable[[], Answer], *, reads: bool) -> Answer:
        """What is sent for a request, the faults in force considered; ``answer`` is called where it has its effect."""
        trouble = self.next(reads=reads)
        if trouble is None:
            return answer()
        instead = trouble.before()
        return trouble.after_effect(answer()) if instead is None else instead

    def clear(self) -> None:
        """None any more."""
        with self._lock:
            self._waiting.clear()

    def next(self, *, reads: bool) -> Trouble | None:
        """The fault for this request, counted down."""
        with self._lock:
            for trouble in self._waiting:
                if trouble.on == ("write" if reads else "read"):
                    continue
                if trouble.after:
                    trouble.after -= 1
                    continue
                if trouble.times == 1:
                    self._waiting.remove(trouble)
                elif trouble.times:
                    trouble.times -= 1
                return trouble
        return None
