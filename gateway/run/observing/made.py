"""Who tells what, as the settings have it."""

from collections.abc import Callable

from gateway.run.observing.logs import EventLog, Lines, LogSink
from gateway.run.observing.observer import Observer
from gateway.run.settings import Settings


class Watch:
    """An observer and the log of each adapter, on the same lines. ``talks`` says that the lines are for machines:
    then nothing else is written between them.
    """

    def __init__(self, settings: Settings, *, terminal: bool) -> None:
        chosen = settings.log
        form = ("text" if terminal else "json") if chosen.format == "auto" else chosen.format
        lines = Lines(form=form, level=chosen.level)
        telemetry = settings.telemetry
        self.talks = form == "json"
        self.observer = Observer(
            systems=settings.systems, share_with=telemetry.share_with if telemetry is not None else ()
        )
        self.observer.add(LogSink(lines))
        self.log: Callable[[str], EventLog] = lambda system: EventLog(system, lines)
        if telemetry is not None:
            from gateway.run.observing.traces import traces_of  # noqa: PLC0415 - who has no collector does not pay

            self.observer.add(traces_of(telemetry))
