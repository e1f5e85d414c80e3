"""Blocks of work as spans for a collector, by OpenTelemetry's protocol (OTLP 1.x over HTTP, protobuf).

The library makes, keeps and encodes the spans; what they hold is the allow-list's, and they travel by the gateway's
own client: to the collector's origin and nowhere else, past no proxy of the environment, and without a redirect. A
collector that is down costs spans and nothing else.
"""

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer, set_span_in_context

from gateway import __version__
from gateway.run.observing.observer import Span
from gateway.run.secrets import secret_at
from gateway.run.settings_watch import TelemetrySettings
from gateway.sdk.errors import AdapterError
from gateway.sdk.http import HttpClient

logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
"""The library's own log holds addresses and answers."""

TIMEOUT = 5.0
"""Seconds for the collector to answer."""

_SERVED = "web.request"


class Collector(SpanExporter):
    """Sends spans. ``token`` is read for each request; ``None`` where the collector asks for none."""

    def __init__(self, http: HttpClient, *, token: Callable[[], str] | None = None) -> None:
        self._http, self._token = http, token

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans, once; what does not arrive is lost."""
        try:
            headers = {"content-type": "application/x-protobuf"}
            if self._token is not None:
                headers["authorization"] = f"Bearer {self._token()}"
            body = encode_spans(spans).SerializeToString()
            self._http.request("POST", "v1/traces", content=body, headers=headers)
        except AdapterError:
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Let go of the connection."""
        self._http.close()


class _Ids(IdGenerator):
    """Gives the ids that a block has already, so that a line of the log and a span name the same."""

    def __init__(self) -> None:
        self.next = threading.local()

    def generate_span_id(self) -> int:
        return int(self.next.span, 16)

    def generate_trace_id(self) -> int:
        return int(self.next.trace, 16)


class TraceSink:
    """Blocks as spans. The library's environment variables have no say: the settings alone do."""

    def __init__(self, exporter: SpanExporter, *, every: float = 5.0) -> None:
        self._ids = _Ids()
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,
            resource=Resource({"service.name": "bti-gateway", "service.version": __version__}),
            shutdown_on_exit=False,
            id_generator=self._ids,
            span_limits=SpanLimits(max_span_attributes=32, max_events=0, max_links=0),
        )
        self._provider.add_span_processor(
            BatchSpanProcessor(
                exporter, max_queue_size=4096, schedule_delay_millis=every * 1000, max_export_batch_size=512,
                export_timeout_millis=TIMEOUT * 1000,
            )
        )  # fmt: skip
        self._tracer: Tracer = self._provider.get_tracer("gateway")

    def begin(self, span: Span) -> None:
        """A span begins where its block does."""
        self._ids.next.span, self._ids.next.trace = span.id, span.trace
        above = span.parent.handles.get(id(self)) if span.parent is not None else None
        context = set_span_in_context(above, Context()) if above is not None else Context()
        kind = SpanKind.CLIENT if span.name == "exchange" else SpanKind.INTERNAL
        span.handles[id(self)] = self._tracer.start_span(
            span.name, context=context, kind=kind, start_time=round(span.at.timestamp() * 1e9)
        )

    def end(self, span: Span) -> None:
        """It ends with its facts; an error is its code and nothing of what was raised."""
        found = span.handles.pop(id(self))
        for name, fact in span.facts.items():
            found.set_attribute(_NAMES.get(name, f"bti.{name}"), fact)
        code = span.code or str(span.facts.get("code", ""))
        if code:
            found.set_attribute("error.type", code)
            found.set_status(Status(StatusCode.ERROR))
        found.end(end_time=round((span.at.timestamp() + span.seconds) * 1e9))

    def event(self, name: str, level: str, facts: Mapping[str, object]) -> None:
        """What has no duration is told by the log."""

    def close(self) -> None:
        """Send what waits, for a few seconds at most."""
        self._provider.force_flush(int(TIMEOUT * 1000))
        self._provider.shutdown()


_NAMES: Mapping[str, str] = {"method": "http.request.method", "status": "http.response.status_code"}
"""Names that OpenTelemetry's conventions have for our facts."""


def traces_of(telemetry: TelemetrySettings, environment: Mapping[str, str] = os.environ) -> TraceSink:
    """The sink that the settings ask for."""
    place = telemetry.secret
    http = HttpClient(
        url=telemetry.endpoint, allow=telemetry.allow, trust=telemetry.authorities or None, timeout=TIMEOUT,
        connect_timeout=TIMEOUT, attempts=1, limit=1_000_000,
    )  # fmt: skip
    return TraceSink(Collector(http, token=None if place is None else lambda: secret_at(place, environment)))
