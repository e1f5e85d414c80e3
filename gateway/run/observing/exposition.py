"""Figures and counts in Prometheus' text format, each read at most every few seconds."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from gateway.run.observing.counts import Counts
from gateway.run.observing.declared import BY_NAME, METRICS, SECONDS, Metric
from gateway.run.observing.figures import Figure, figures
from gateway.run.world import World

FRESH = 5.0
"""Seconds for which a reading is given again, so that who asks often costs no more than who asks seldom."""


class Exposition:
    """The answer to ``/metrics``. ``counts`` is what this process has counted, ``ticks`` seconds that never go back."""

    def __init__(self, world: World, counts: Counts, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._world, self._counts, self._ticks = world, counts, ticks
        self._lock = threading.Lock()
        self._read: tuple[float, bytes] | None = None

    def text(self) -> bytes:
        """All metrics in the text format. Raises ``StoreError``."""
        with self._lock:
            now = self._ticks()
            if self._read is not None and now - self._read[0] < FRESH:
                return self._read[1]
            from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 - who is not asked

            told = figures(self._world, now=self._world.clock())
            told.append(Figure("bti_scrape_seconds", self._ticks() - now))
            registry = CollectorRegistry(auto_describe=False)
            registry.register(_Collected(told, self._counts))
            text = generate_latest(registry)
            self._read = (now, text)
            return text


def in_text(told: list[Figure]) -> bytes:
    """Figures alone in the text format, without the metrics of which nothing is told."""
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(told, Counts()))
    return generate_latest(registry)


class _Collected:
    """One reading, as the library asks for it."""

    def __init__(self, told: list[Figure], counts: Counts) -> None:
        self._told, self._counts = told, counts

    def collect(self) -> Iterator[Any]:
        values: dict[str, list[Figure]] = {}
        for figure in self._told:
            values.setdefault(figure.metric, []).append(figure)
        for (metric, labels), value in sorted(self._counts.sums().items()):
            values.setdefault(metric, []).append(Figure(metric, value, labels))
        times: dict[str, list[tuple[tuple[str, ...], list[int], float]]] = {}
        for (metric, labels), (counted, total) in sorted(self._counts.times().items()):
            times.setdefault(metric, []).append((labels, counted, total))
        for one in METRICS:
            if one.kind == "histogram":
                yield _histogram(one, times.get(one.name, []))
            else:
                yield _plain(one, values.get(one.name, []))
        unknown = (values.keys() | times.keys()) - BY_NAME.keys()
        if unknown:
            raise LookupError("a metric that is not declared")


class _Told(_Collected):
    """One reading, of which only what has a value is told."""

    def collect(self) -> Iterator[Any]:
        yield from (family for family in super().collect() if family.samples)


def _plain(metric: Metric, told: list[Figure]) -> Any:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # noqa: PLC0415

    kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    family = kind(metric.name, metric.means, labels=metric.labels)
    for one in told:
        family.add_metric(one.labels, float(one.value))
    return family


def _histogram(metric: Metric, told: list[tuple[tuple[str, ...], list[int], float]]) -> Any:
    from prometheus_client.core import HistogramMetricFamily  # noqa: PLC0415

    family = HistogramMetricFamily(metric.name, metric.means, labels=metric.labels)
    for labels, counted, total in told:
        buckets, below = [], 0
        for bound, count in zip((*(str(one) for one in SECONDS), "+Inf"), counted, strict=True):
            below += count
            buckets.append((bound, float(below)))
        family.add_metric(labels, buckets=buckets, sum_value=total)
    return family
