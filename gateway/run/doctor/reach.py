"""Whoever can be asked: each system, what its clock says, how long certificates and tokens last, and our own web."""

import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gateway.run import checkup
from gateway.run.doctor import tokens
from gateway.run.doctor.looks import Look, State
from gateway.run.observing import Observer
from gateway.run.opening import make_adapters
from gateway.run.plugins import Plugins
from gateway.run.settings import Settings, System
from gateway.sdk.errors import AdapterError
from gateway.sdk.http import HttpClient

if TYPE_CHECKING:
    from gateway.sdk.witness import Exchange, Witness

SKEW, FAR = 10, 120
"""Seconds between our clock and a system's from which somebody should look, and from which tokens are refused."""

ENDS = timedelta(days=30)
"""How long before its end a certificate or a token is told."""

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
"""Networks that our own address may lead into."""

_AWAY = re.compile(r"\(http\.(?:connect|timeout|broken|resting|rate|proxy|5\d\d)\)")
"""What a system that tells its own trouble says when it did not answer."""

WAIT = 5.0
"""Seconds for a connection."""


class _Heard(Observer):
    """Listens to the time that each system tells with its answers."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        super().__init__(systems=settings.systems)
        self._now = clock
        self.skews: dict[str, float] = {}

    def witness(self, system: str) -> "Witness":
        return _Dates(self, system)

    def heard(self, system: str, date: object) -> None:
        with suppress(ValueError, TypeError):
            told = parsedate_to_datetime(str(date))
            self.skews[system] = (self._now() - told).total_seconds()


class _Dates:
    shared: Mapping[str, str] = {}

    def __init__(self, heard: _Heard, system: str) -> None:
        self._heard, self._system = heard, system

    def exchange(self, method: str) -> "AbstractContextManager[Exchange]":
        return self._exchange()

    @contextmanager
    def _exchange(self) -> "Iterator[Exchange]":
        yield self

    def note(self, **facts: object) -> None:
        if facts.get("date"):
            self._heard.heard(self._system, facts["date"])


def systems(
    settings: Settings,
    plugins: Plugins,
    environment: Mapping[str, str],
    clock: Callable[[], datetime],
    *,
    offline: bool,
) -> Iterator[Look]:
    """Whether each system lets us in and says that it is well, and whether our clocks agree."""
    if offline:
        yield Look(check="systems", state="not_asked", code="doctor.unasked")
        yield Look(check="clock", state="not_asked", code="doctor.unasked")
        return
    heard = _Heard(settings, clock)
    adapters, broken = make_adapters(settings, plugins, environment=environment, observer=heard)
    yield from (
        Look(check="systems", state="fault", code=code, where=f"systems.{name}") for name, code in broken.items()
    )
    for name, adapter in adapters.items():
        found = checkup.let_in(name, adapter) or checkup.asked(name, adapter.health)
        for one in found:
            away = one.kind == "warning" and (one.code != "check.unhealthy" or _AWAY.search(one.where) is not None)
            state: State = "unreachable" if away else "fault" if one.kind == "fault" else "look"
            yield Look(check="systems", state=state, code=one.code, where=one.where)
        with suppress(Exception):
            adapter.close()
    far = {name: skew for name, skew in heard.skews.items() if abs(skew) >= SKEW}
    for name, skew in far.items():
        yield Look(
            check="clock", state="fault" if abs(skew) >= FAR else "look", code="doctor.clock",
            where=f"systems.{name}", facts={"seconds": round(skew)},
        )  # fmt: skip
    if not heard.skews:
        yield Look(check="clock", state="not_asked", code="doctor.clock_unknown")


def certificates(
    settings: Settings, environment: Mapping[str, str], now: datetime, *, offline: bool
) -> Iterator[Look]:  # fmt: skip
    """How long our own certificates and tokens last, and, where anybody may be asked, those of the systems."""
    for name, system in settings.systems.items():
        files = {
            "tls.certificate": system.tls.certificate if system.tls is not None else "",
            "auth.certificate": system.auth.certificate if system.auth is not None else "",
        }
        for key, file in files.items():
            if file:
                yield from _ending("certificates", f"systems.{name}.{key}", _end_of(Path(file)), now)
        yield from (
            look
            for where, ends in tokens.ends(system, environment, ask=not offline)
            for look in _ending("secrets", where, ends, now)
        )
        if not offline and system.url.startswith("https:") and not system.proxy:
            yield from _ending("certificates", f"systems.{name}.url", _shown_by(system), now)
    if not settings.systems:
        yield Look(check="certificates", state="good")


def _ending(check: str, where: str, ends: datetime | None, now: datetime) -> Iterator[Look]:
    if ends is None:
        return
    days = (ends - now).days
    if ends <= now:
        yield Look(check=check, state="fault", code="doctor.ended", where=where)
    elif ends - now < ENDS:
        yield Look(check=check, state="look", code="doctor.ends", where=where, facts={"days": days})


def _end_of(file: Path) -> datetime | None:
    """When the first certificate that ends, of those in a file, does; what is no certificate is told elsewhere."""
    from cryptography import x509  # noqa: PLC0415 - few systems have one

    try:
        return min(one.not_valid_after_utc for one in x509.load_pem_x509_certificates(file.read_bytes()))
    except (OSError, ValueError):
        return None


def _shown_by(system: System) -> datetime | None:
    """When the certificate that a system shows ends; ``None`` where it shows none that is believed."""
    parts = urlsplit(system.url)
    authorities = (system.tls.authorities if system.tls is not None else "") or None
    try:
        context = ssl.create_default_context(cafile=authorities)
        with socket.create_connection((parts.hostname or "", parts.port or 443), timeout=WAIT) as plain:  # noqa: SIM117
            with context.wrap_socket(plain, server_hostname=parts.hostname) as shown:
                told = (shown.getpeercert() or {}).get("notAfter")
    except (OSError, ValueError):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(told), tz=UTC) if isinstance(told, str) else None


def web(settings: Settings, clock: Callable[[], datetime], *, offline: bool) -> Iterator[Look]:
    """Whether the address that people open leads to the gateway, by TLS, and by a proxy that hands on the host."""
    chosen = settings.web
    if chosen is None:
        yield Look(check="web", state="not_asked", code="doctor.web_none", where="web")
        return
    if chosen.login == "local":
        yield Look(check="web", state="look", code="doctor.web_trial", where="web.login")
    if offline:
        yield Look(check="web", state="not_asked", code="doctor.unasked", where="web")
        return
    url = chosen.url or f"http://{chosen.listen}"
    parts = urlsplit(url)
    http = HttpClient(
        url=url,
        allow=PRIVATE,
        timeout=WAIT,
        connect_timeout=WAIT,
        attempts=1,
    )
    try:
        lives = http.request("GET", "health")
        if lives.body != b"ok\n":
            yield Look(check="web", state="fault", code="doctor.web_other", where="web.url")
            return
        door = http.request("GET", "login", accept={421})
        if door.status == 421:
            yield Look(check="web", state="fault", code="doctor.web_host", where="web.url")
        if parts.scheme == "https" and "strict-transport-security" not in door.headers:
            yield Look(check="web", state="look", code="doctor.web_hsts", where="web.url")
        if parts.scheme == "https":
            named = System(adapter="", unit="", url=url)
            yield from _ending("certificates", "web.url", _shown_by(named), clock())
    except AdapterError as error:
        code = "http.certificate" if error.code == "http.certificate" else "doctor.web_down"
        yield Look(check="web", state="unreachable", code=code, where="web.url" if chosen.url else "web.listen")
    finally:
        http.close()
