"""The context that a bench gives an adapter which talks HTTP with its world on loopback."""

from collections.abc import Mapping
from typing import Any

from gateway.core.model import Fault
from gateway.core.reading import Raw, Reading
from gateway.core.release import Release
from gateway.sdk.api import Context, Maps
from gateway.sdk.http import Authoriser, HttpClient
from gateway.sdk.testing.world import Watch


class NoMaps:
    """For an adapter that reads by itself: it has no mapping, and asking for one is a fault."""

    def read(self, raw: Raw) -> list[Reading]:
        """Raises ``Fault``."""
        raise Fault("mapping.missing", "$")

    def write(self, release: Release) -> dict[str, Any]:
        """Raises ``Fault``."""
        raise Fault("mapping.missing", "$")


def watched_context(
    url: str,
    watch: Watch,
    *,
    maps: Maps | None = None,
    secret: str = "kit",  # noqa: S107 - a stand-in's word, secret to nobody
    options: Mapping[str, Any] | None = None,
    folder: str = ".",
    authoriser: Authoriser | None = None,
) -> Context:
    """A context for the world at ``url``, with the gateway's own client: two tries, no pauses, five seconds' patience.

    ``watch`` is its log. Only ``url`` can be reached, by leave of ``authoriser`` where the world wants tokens (see
    ``gateway.sdk.testing.behind``).
    """
    http = HttpClient(
        url=url,
        timeout=5.0,
        connect_timeout=2.0,
        attempts=2,
        sleep=lambda _: None,
        chance=lambda: 0.5,
        authoriser=authoriser,
    )
    watch.closing.append(http.close)
    return Context(
        system="kit",
        url=url,
        http=http,
        secret=lambda name="": secret,
        maps=NoMaps() if maps is None else maps,
        log=watch,
        options={} if options is None else options,
        folder=folder,
    )
