"""What has happened since the process began, in numbers: counted from the blocks that end."""

import threading
from bisect import bisect_left
from collections.abc import Mapping

from gateway.run.observing.declared import SECONDS, TELLING_RULES
from gateway.run.observing.observer import Span

Labels = tuple[str, ...]

DELIVERED = ("accepted", "delivered", "processed", "unconfirmed", "refused", "uncertain", "failed", "retracted")
"""What a delivery can come to."""


class Distribution:
    """How many took how long: a count for each upper bound, one for those beyond, and their sum in seconds."""

    def __init__(self) -> None:
        self.counts = [0] * (len(SECONDS) + 1)
        self.total = 0.0

    def take(self, seconds: float) -> None:
        """One more."""
        self.counts[bisect_left(SECONDS, seconds)] += 1
        self.total += seconds


class Counts:
    """Listens and counts. Reading gives a copy, so that nobody waits for who reads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: dict[tuple[str, Labels], float] = {}
        self._times: dict[tuple[str, Labels], Distribution] = {}

    def begin(self, span: Span) -> None:
        """Nothing: what has begun is not counted."""

    def end(self, span: Span) -> None:
        """Count a block."""
        system = str(span.facts.get("system", ""))
        with self._lock:
            if span.name == "round":
                self._add("bti_rounds_total", ("failed" if span.code else "done",))
                self._time("bti_round_seconds", (), span.seconds)
            elif span.name == "lane" and system:
                self._add("bti_lane_seconds_total", (system, str(span.facts.get("act", "other"))), span.seconds)
                self._add("bti_fetched_records_total", (system,), _number(span, "fetched"))
            elif span.name == "exchange" and system:
                status = span.facts.get("status")
                answer = f"{status // 100}xx" if isinstance(status, int) else "none"
                self._add("bti_exchanges_total", (system, answer))
                self._time("bti_exchange_seconds", (system,), span.seconds)
            elif span.name == "delivery" and system:
                for outcome in DELIVERED:
                    self._add("bti_deliveries_total", (system, outcome), _number(span, outcome))
            elif span.name == "gate":
                for rule, fields in span.kept.items():
                    self._add("bti_withheld_fields_total", ("other" if rule in TELLING_RULES else rule,), fields)

    def event(self, name: str, level: str, facts: Mapping[str, object]) -> None:
        """Count a call of the web."""
        route, status, seconds = facts.get("route"), facts.get("status"), facts.get("seconds")
        if name == "web.request" and isinstance(seconds, float):
            with self._lock:
                self._add("bti_web_requests_total", (str(route or "other"), str(status or "none")))
                self._time("bti_web_request_seconds", (), seconds)

    def close(self) -> None:
        """Nothing is kept."""

    def sums(self) -> dict[tuple[str, Labels], float]:
        """Every counter by metric and labels."""
        with self._lock:
            return dict(self._sums)

    def times(self) -> dict[tuple[str, Labels], tuple[list[int], float]]:
        """Every distribution by metric and labels: its counts, and its sum in seconds."""
        with self._lock:
            return {key: (list(one.counts), one.total) for key, one in self._times.items()}

    def _add(self, metric: str, labels: Labels, amount: float = 1) -> None:
        if amount or (metric, labels) in self._sums:
            self._sums[metric, labels] = self._sums.get((metric, labels), 0) + amount

    def _time(self, metric: str, labels: Labels, seconds: float) -> None:
        found = self._times.get((metric, labels))
        if found is None:
            found = self._times[metric, labels] = Distribution()
        found.take(seconds)


def _number(span: Span, name: str) -> int:
    told = span.facts.get(name, 0)
    return told if isinstance(told, int) else 0
