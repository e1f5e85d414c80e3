"""A municipality with its web on loopback, and browsers without a screen: real HTTP, real forms."""

import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import msgspec

from gateway.run.settings_web import WebSettings
from gateway.web.serving import serving
from gateway.web.site import Site
from tests.scenarios.municipality import Municipality, Standing, municipality

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Nothing here is reached by TLS, and to load the machine's authorities for each browser costs more than its pages."""

_open: dict[str, list[httpx.Client]] = {}

TICKET = "a-ticket-of-the-start"
SEAL = re.compile(r'name="seal" value="([0-9a-f]+)"')

SECRET_WORDS = "Gråter når mor går på jobb."


class Browser:
    """One browser: it keeps cookies, and sends forms as a browser does."""

    def __init__(self, site: Site, *, agent: str = "A browser") -> None:
        self.site = site
        self.http = httpx.Client(
            base_url=site.origin, headers={"user-agent": agent, "accept-language": "nb"}, timeout=60, verify=PLAIN
        )
        _open.setdefault(site.origin, []).append(self.http)

    def login(self, person: str, ticket: str = TICKET) -> httpx.Response:
        return self.http.post("/login", data={"person": person, "ticket": ticket, "to": "/"})

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.http.get(path, **more)

    def seal(self, path: str = "/") -> str:
        found = SEAL.search(self.http.get(path).text)
        assert found, "the page has no form"
        return found.group(1)

    def send(self, path: str, fields: Mapping[str, Any], **more: Any) -> httpx.Response:
        """Fill in a form of a page and send it."""
        return self.http.post(path, data={"seal": self.seal(), **fields}, **more)


class House:
    """The municipality, its site, and a browser for each person who asks."""

    def __init__(self, town: Municipality, site: Site) -> None:
        self.town, self.site = town, site
        self._browsers: dict[str, Browser] = {}

    def of(self, person: str) -> Browser:
        """A person's browser, logged in."""
        if person not in self._browsers:
            self._browsers[person] = Browser(self.site)
            assert self._browsers[person].login(person).status_code == 303
        return self._browsers[person]

    @property
    def case(self) -> str:
        return self.town.file.id

    def item(self, kind: str) -> str:
        return next(item for item, _ in self.town.file.of_kind(kind))


_held: list[socket.socket] = []


def free_port() -> int:
    """A port that nobody else is given while this process lives: it stays bound, and who asks for it may listen.

    A socket that is bound to be used again, and does not listen, keeps the port from everybody who asks for any.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    _held.append(held)
    return int(held.getsockname()[1])


SERVICES = {"skole": "school", "helse": "health_station", "vern": "child_welfare"}


@cache
def _lived(consent: tuple[str, ...], words: str) -> tuple[Standing, TemporaryDirectory[str]]:
    """The municipality after its first rounds, which every house of a session begins with a copy of."""
    place = TemporaryDirectory()  # kept as long as the session: it goes with the process
    folder = Path(place.name) / "town"
    with municipality(folder, SERVICES) as town:
        town.family()
        town.log(consent=consent)
        town.put("skole", "person", "p-child", {"number": town.child, "birth_date": town.born, "role": "subject",
                                                "given_name": "Ola", "family_name": "Nes"})  # fmt: skip
        town.concern(summary=words)
        town.put("skole", "measure", "t1", {"title": "Fast voksen om morgenen", "started_on": "2026-08-02"})
        town.put("skole", "assignment", "a1", {"role": "relay_holder", "holder_name": "Kari Nes", "unit": "skole-unit",
                                               "service": "school", "state": "accepted", "since": "2026-08-01"})  # fmt: skip
        town.sync(2)
        return town.standing(folder), place


@contextmanager
def open_house(
    folder: Path,
    *,
    consent: tuple[str, ...] = ("mother",),
    words: str = SECRET_WORDS,
    more: Callable[[Municipality], Mapping[str, Any]] = lambda _: {},
) -> Iterator[House]:
    """A school's log of a child, with a concern; the health station takes part where there is consent.

    ``more`` gives further settings, by name.
    """
    standing, _ = _lived(consent, words)
    with municipality(folder, SERVICES, standing=standing) as town:
        town.family()
        web = WebSettings(listen=f"127.0.0.1:{free_port()}")
        settings = msgspec.structs.replace(town.world.settings, web=web, **more(town))
        town.world = msgspec.structs.replace(town.world, settings=settings)
        with serving(town.world, ticket=TICKET) as site:
            try:
                yield House(town, site)
            finally:
                for one in _open.pop(site.origin, []):
                    one.close()
