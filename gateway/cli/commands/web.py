"""``bti web``: the web alone, without rounds."""

import signal
from threading import Event
from typing import Any

from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb


@verb("web")
def web(frame: Frame) -> None:
    """Serve the web until a signal says stop."""
    serve(frame)


def serve(frame: Frame) -> None:
    """Serve a frame's municipality. Raises ``Problem`` (``web.missing``, ``web.address``, and the settings' own)."""
    from gateway.run.settings_web import web_faults
    from gateway.run.standing import standing

    try:
        from gateway.web.serving import link, serving
    except ImportError:
        raise Problem("web.missing", expected="bti-gateway[web]") from None

    for code, key, expected in web_faults({}, frame.settings.numbers) if frame.settings.web is None else ():
        raise Problem(code, where=key, expected=expected)
    stop = Event()

    def stopped(_signal: int, _where: Any) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopped)
    try:
        watch = frame.watch()
        with frame.world(watch) as world, serving(world, ticket=world.chance(16).hex()) as site:
            if site.ticket or not watch.talks:  # the link of the trial mode is for a person, wherever it is read
                frame.say("web.begun", link=link(site))
                frame.say("web.stops")
            with standing(stop):
                stop.wait()
    except OSError:
        raise Problem("web.address", where="web.listen") from None
