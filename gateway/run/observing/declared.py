"""Every metric: its name, kind, labels, and what it means. The page of the docs and the answer are made from this.

No label names a person, a case or a unit. A label has few values: systems and rules of the settings, kinds of the
model, routes of the web. A task or a rule whose mere number can tell that a child here is protected, or that somebody
has reported to child welfare, is counted as ``other``: whoever reads metrics need not be one who may know that.
"""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Kind = Literal["gauge", "counter", "histogram"]


class Metric(Struct, frozen=True, kw_only=True):
    """One metric. ``source``: ``store`` is read when it is asked for, ``process`` is counted since the start."""

    name: str
    kind: Kind
    means: str
    labels: tuple[str, ...] = ()
    source: Literal["store", "process"] = "store"


TELLING_TASKS = frozenset({"report", "report_held", "report_lost", "gate", "access", "inform", "copy", "doubt"})
"""Kinds of task that are counted as ``other``."""

TELLING_RULES = frozenset({
    "B1", "B2", "B3", "B4", "B5", "B9", "C13", "C17", "C18", "C19", "C20", "C21", "X5", "X6", "X10",
})  # fmt: skip
"""Rules of protection, danger, child welfare and withdrawal, which are counted as ``other``."""

SECONDS = (0.05, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
"""Upper bounds of the histograms, in seconds."""

_SYSTEM = ("system",)


def _gauge(name: str, means: str, *labels: str) -> Metric:
    return Metric(name=name, kind="gauge", means=means, labels=labels)


def _counter(name: str, means: str, *labels: str) -> Metric:
    return Metric(name=name, kind="counter", means=means, labels=labels, source="process")


def _histogram(name: str, means: str, *labels: str) -> Metric:
    return Metric(name=name, kind="histogram", means=means, labels=labels, source="process")


METRICS: tuple[Metric, ...] = (
    _gauge("bti_build_info", "Always 1; the label is the version that runs.", "version"),
    _gauge("bti_up_to_date", "Whether the databases stand at this program's schema.", "database"),
    _gauge("bti_cases", "Cases in the store."),
    _gauge("bti_sending_paused", "Whether every sending is paused."),
    _gauge("bti_flows", "Pairs of systems by state; one that nobody has spoken of is not among them.", "state"),
    _gauge("bti_due_cases", "Cases of which a system is to be told something.", *_SYSTEM),
    _gauge("bti_due_oldest_seconds", "How long the oldest of them has waited.", *_SYSTEM),
    _gauge("bti_lane_last_success_timestamp_seconds", "When a system was last read without trouble.", *_SYSTEM),
    _gauge("bti_lane_failing", "Whether the last try to read a system ended in trouble.", *_SYSTEM),
    _gauge("bti_adapter_broken", "Whether a system has no working adapter.", *_SYSTEM),
    _gauge("bti_system_resting", "Whether a system is left alone since it failed repeatedly.", *_SYSTEM),
    _gauge("bti_quarantine_records", "Records that could not be read and wait.", *_SYSTEM),
    _gauge("bti_uncertain_deliveries", "Deliveries of which nobody knows whether they arrived.", *_SYSTEM),
    _gauge("bti_retractions_outstanding", "Orders to take back that a system has not answered.", *_SYSTEM),
    _gauge("bti_retraction_oldest_seconds", "How long the oldest of them has waited.", *_SYSTEM),
    _gauge("bti_tasks_open", "Tasks that wait for people, by kind.", "kind"),
    _gauge("bti_tasks_overdue", "Those of them whose deadline has passed.", "kind"),
    _gauge("bti_notices_waiting", "Notices to people that have not gone out."),
    _gauge("bti_rules_missing", "Plugins whose rules must be there and are not: nothing is sent but by duty."),
    _gauge("bti_law_bases_overdue", "Legal bases that must be read again before anything stands on them."),
    _gauge("bti_audit_entries", "Entries of the audit log."),
    _gauge("bti_audit_unsigned_entries", "Entries since the newest signed checkpoint."),
    _gauge("bti_audit_checkpoint_timestamp_seconds", "When the newest checkpoint was signed."),
    _gauge("bti_audit_verified_timestamp_seconds", "When the whole log was last verified."),
    _gauge("bti_audit_holds", "Whether it held then."),
    _gauge("bti_audit_behind", "Whether the log is not the one that was signed: the database was put back."),
    _gauge("bti_store_bytes", "Size of a database's file; SQLite alone.", "database"),
    _gauge("bti_disk_free_bytes", "Room left where the store lies; SQLite alone."),
    _gauge("bti_web_sessions", "People's sessions that are not over."),
    _gauge("bti_scrape_seconds", "How long it took to read these figures."),
    _counter("bti_rounds_total", "Rounds that ended.", "outcome"),
    _histogram("bti_round_seconds", "How long rounds took."),
    _counter("bti_lane_seconds_total", "Time spent in a system's lane, by what was done there.", "system", "act"),
    _counter("bti_fetched_records_total", "Records read from a system.", *_SYSTEM),
    _counter("bti_exchanges_total", "Requests to a system by the class of their answer; none: no answer.",
             "system", "answer"),
    _histogram("bti_exchange_seconds", "How long a system took to answer.", *_SYSTEM),
    _counter("bti_deliveries_total", "Deliveries to a system by what came of them.", "system", "outcome"),
    _counter("bti_withheld_fields_total", "Fields that a rule kept back when the gate decided, over all systems.",
             "rule"),
    _counter("bti_web_requests_total", "Calls of the web by route and status.", "route", "status"),
    _histogram("bti_web_request_seconds", "How long a call of the web took."),
)  # fmt: skip

BY_NAME = {one.name: one for one in METRICS}


def page() -> str:
    """``docs/reference/metrics.md``."""
    return "\n".join([
        "# Metrics", "", "This page is made by `make docs`; change the code instead.", "", _HEAD, "",
        "## Read from the store when they are asked for", "", *_rows(one for one in METRICS if one.source == "store"),
        "", "## Counted since the process began", "", *_rows(one for one in METRICS if one.source == "process"),
        "", "## What is counted as `other`", "", _OTHER,
        "", f"Kinds of task: {_listed(TELLING_TASKS)}.", f"Rules: {_listed(TELLING_RULES)}.",
    ])  # fmt: skip


def _rows(metrics: Iterable[Metric]) -> list[str]:
    lines = ["| metric | kind | labels | means |", "|---|---|---|---|"]
    for one in metrics:
        labels = ", ".join(f"`{label}`" for label in one.labels)
        lines.append(f"| `{one.name}` | {one.kind} | {labels} | {one.means} |")
    return lines


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names, key=lambda name: (name[0], len(name), name)))


_HEAD = """\
`GET /metrics` of the web answers in Prometheus' text format; see [watch](../how-to/watch.md) for who may ask.
A figure from the store is read at most every five seconds, however often it is asked for, and by an index.
The counters of a process begin at zero when it starts; those of `bti sync` end with it.
No label names a person, a case or a unit."""

_OTHER = """\
Some numbers tell something by being there: that a child here is protected, or that somebody has reported to child
welfare.
Those who watch the machine need not be those who may know that, so these are added up under `other`."""
