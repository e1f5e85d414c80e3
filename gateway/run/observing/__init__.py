"""What the gateway tells those who run it: log lines, metrics and traces, from one account of what happens.

The shell says *that* something happens, in blocks with a name (``round``, ``lane``, ``exchange``, ``gate``,
``delivery``); those who listen make of it a line, a number or a span. What may be told of it stands in one list.
"""

from gateway.run.observing.observer import SILENT, Observer, Quiet, Sink, Span

__all__ = ["SILENT", "Observer", "Quiet", "Sink", "Span"]
