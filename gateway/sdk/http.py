"""The HTTP client that adapters get: on a leash, with limits, and with errors that say what to do next.

====================================================  =============================================================
what happened                                         what is raised
====================================================  =============================================================
no connection, no name, connecting timed out          ``Unreachable``: ``http.connect``, ``http.timeout``
429, 503 and other 5xx; 408, 425                      ``Unreachable``: ``http.<status>`` with ``retry_after``
500, 502, 504 on a write without a key                ``Uncertain``: ``http.<status>``
no answer, or a broken-off one, to a read             ``Unreachable``: ``http.timeout``, ``http.broken``
no answer, or a broken-off one, to a write            ``Uncertain``: the same codes
401, 403                                              ``Misconfigured``: ``http.401``, ``http.403``
no token, or none that is good                        ``auth.unreachable`` (``Unreachable``), else ``Misconfigured``:
                                                      ``auth.…``, before anything is sent
the system is left alone for a while                  ``Unreachable``: ``http.resting``, ``http.rate``
the proxy does not let us through                     ``Unreachable``: ``http.proxy``; ``Misconfigured``:
                                                      ``http.proxy_auth``, ``http.proxy_refused``, ``http.proxy_url``
409, 412                                              ``Refused`` with ``conflict``: ``http.409``, ``http.412``
another 4xx                                           ``Refused``: ``http.<status>``
a redirect of a write, too many of a read             ``Refused``: ``http.redirect``
a URL or redirect off the list                        ``Refused``: ``http.elsewhere``
a listed name that leads to a private address         ``Refused``: ``http.private``
wrong content type, too large an answer               ``Refused`` (a write: ``Uncertain``): ``http.content_type``,
                                                      ``http.oversized``
a URL, header, certificate or list that is wrong      ``http.url`` (``Refused``); ``http.request``,
                                                      ``http.certificate``, ``http.trust``, ``http.allow``
                                                      (``Misconfigured``)
====================================================  =============================================================

Reads are tried again with growing, jittered pauses; so are writes with a key, but only where the failed try certainly
had no effect. A write whose effect is unknown is never sent again from here.
"""

import random
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode, urljoin

from msgspec import Struct

from gateway.sdk import jsonio
from gateway.sdk.egress import Leash, Place, place
from gateway.sdk.errors import AdapterError, Misconfigured, Refused, Uncertain, Unreachable
from gateway.sdk.pace import Pace, Traffic

if TYPE_CHECKING:
    from gateway.sdk.trust.outlets import Identity, Proxy
    from gateway.sdk.wire import Lookup, Wire
    from gateway.sdk.witness import Witness

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WAITS = frozenset({408, 425, 429})
_HARMLESS = frozenset({"accept", "accept-encoding", "accept-language", "user-agent"})
"""Headers that may follow a redirect to another origin: whatever else an adapter sends could be a credential."""
_UNCLEAR = frozenset({500, 502, 504})
"""What a server may say after it did half of the work."""


WRITES = 1.0
"""Seconds after its first try within which a write may be tried again here: what lets it go is decided anew after that,
since a consent may have been withdrawn meanwhile.
"""


class Response(Struct, frozen=True, kw_only=True):
    """An answer with a status that was wanted; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body's plain value. Raises ``Fault``."""
        return jsonio.decode(self.body)


class Permit(Protocol):
    """What authorises one request, from its first try to its last."""

    def fields(self, *, method: str, there: Place) -> Mapping[str, str]:
        """Headers for the next try, names in lower case. Raises ``AdapterError`` when there can be none."""
        ...

    def again(self, response: Response, *, there: Place) -> bool:
        """Look at an answer; whether the request should go out once more, with other headers."""
        ...


class Authoriser(Protocol):
    """What authorises a system's requests, for all threads."""

    def permit(self) -> Permit:
        """For one request."""
        ...

    def ready(self) -> None:
        """Raises ``AdapterError`` when no request could be authorised now."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class HttpClient:
    """One system's client, kept as long as its adapter: connections are reused.

    ``url`` is what relative paths are put after; it and ``allow`` make the list of what can be reached (see
    ``gateway.sdk.egress.Leash``). ``timeout`` and ``connect_timeout`` are seconds, ``limit`` bytes of an answer,
    ``attempts`` tries of a call, ``patience`` seconds that pauses between them may take together.
    ``authoriser`` gives requests to ``url``'s own origin what lets them in there, and no other origin ever sees it;
    ``identity`` is the certificate that we show there. ``proxy`` stands between: then it resolves the names, and what
    is asked of it is still only what is on the list. ``traffic`` is what the system bears, of all threads together.
    ``lookup`` knows the addresses of names, where that should not be this machine.
    """

    def __init__(
        self,
        *,
        url: str,
        allow: Iterable[str] = (),
        timeout: float = 30.0,
        connect_timeout: float = 5.0,
        limit: int = jsonio.LIMIT,
        attempts: int = 3,
        patience: float = 20.0,
        trust: str | None = None,
        connections: int = 8,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        authoriser: Authoriser | None = None,
        identity: "Identity | None" = None,
        proxy: "Proxy | None" = None,
        traffic: Traffic | None = None,
        lookup: "Lookup | None" = None,
        witness: "Witness | None" = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._leash = Leash(url=url, allow=allow)
        self._home = place(url).origin
        self._timeout, self._connect_timeout, self._limit = timeout, connect_timeout, limit
        self._attempts, self._patience = attempts, patience
        self._trust, self._connections = trust, connections
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self.authoriser, self._identity, self._proxy = authoriser, identity, proxy
        self._lookup, self._witness = lookup, witness
        self._pace = None if traffic is None else Pace(traffic, clock=clock, sleep=sleep)
        self._opened: Wire | None = None
        self._lock = threading.Lock()

    def request(
        self,
        method: str,
        path_or_url: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        key: str | None = None,
        if_match: str | None = None,
        key_header: str = "Idempotency-Key",
        repeatable: bool = False,
        asks: bool = False,
        expect: str | None = None,
        accept: Collection[int] = (),
    ) -> Response:
        """Send a request; the answer, when its status is 2xx, 304 or among ``accept``.

        ``path_or_url`` is put after ``url`` unless it is absolute. ``json`` is a plain value, ``content`` bytes.
        ``key`` goes into ``key_header``, ``if_match`` into ``If-Match`` as it is; ``repeatable`` says that the body
        carries keys of its own, or that twice is once; ``asks``, that it has no effect although its method is ``POST``,
        so that it is tried again and told as a read. ``expect`` is the media type that an answer with a body must
        have (``json``, ``xml`` and what ends in ``+json``, ``+xml`` count as such).
        Raises as the table at the top of this module says.
        """
        there = place(self._absolute(path_or_url, params))
        self._leash.check(there)
        if json is not None:
            content = jsonio.encode(json)
        fields = {"accept": "application/json, */*;q=0.5", "accept-encoding": "identity", "user-agent": "bti-gateway"}
        if content is not None:
            fields["content-type"] = "application/json" if json is not None else "application/octet-stream"
        fields.update({name.lower(): text for name, text in (headers or {}).items()})
        if key is not None:
            fields[key_header.lower()] = key
        if if_match is not None:
            fields["if-match"] = if_match

        keyed, safe = repeatable or key is not None, asks or method in _SAFE

        def once() -> Response:
            return self._followed(
                method, there, fields, content, safe=safe, keyed=keyed, expect=expect, accept=frozenset(accept)
            )

        return self._tried(once, again=safe or keyed, safe=safe)

    def resting(self) -> bool:
        """Whether the system is left alone for now, since it failed repeatedly."""
        return self._pace is not None and self._pace.resting()

    def close(self) -> None:
        """Let go of every connection. The client can be used again, with new ones."""
        with self._lock:
            wire, self._opened = self._opened, None
        if wire is not None:
            wire.close()
        if self.authoriser is not None:
            self.authoriser.close()

    def _absolute(self, path_or_url: str, params: Mapping[str, str | int] | None) -> str:
        url = path_or_url if "://" in path_or_url else f"{self.url}/{path_or_url.lstrip('/')}".rstrip("/")
        if not params:
            return url
        return f"{url}{'&' if '?' in url else '?'}{urlencode(params)}"

    def _tried(self, once: Callable[[], Response], *, again: bool, safe: bool) -> Response:
        patience, attempt, begun = self._patience, 1, self._clock()
        while True:
            try:
                return once()
            except Unreachable as error:
                pause = max(error.retry_after or 0.0, 0.2 * 2 ** (attempt - 1) * (0.5 + self._chance()))
                late = not safe and self._clock() - begun + pause > WRITES
                spent = attempt >= self._attempts or pause > patience or late
                if not again or spent or (isinstance(error, Uncertain) and not safe):
                    raise
            self._sleep(pause)
            patience, attempt = patience - pause, attempt + 1

    def _followed(
        self,
        method: str,
        there: Place,
        fields: Mapping[str, str],
        content: bytes | None,
        *,
        safe: bool,
        keyed: bool,
        expect: str | None,
        accept: frozenset[int],
    ) -> Response:
        writes = not safe
        for _ in range(4):
            response = self._permitted(method, there, fields, content, writes=writes)
            if response.status not in _REDIRECTS or response.status in accept:
                return _judged(response, writes=writes, keyed=keyed, expect=expect, accept=accept)
            if method not in _SAFE:
                break
            before, there = there, place(urljoin(there.url, response.headers.get("location", "")))
            self._leash.check(there)
            if there.origin != before.origin:
                fields = {name: text for name, text in fields.items() if name in _HARMLESS}
        raise Refused("http.redirect")

    def _permitted(
        self, method: str, there: Place, fields: Mapping[str, str], content: bytes | None, *, writes: bool
    ) -> Response:
        if self.authoriser is None or there.origin != self._home:
            return self._sent(method, there, fields, content, writes=writes)
        permit = self.authoriser.permit()
        while True:
            shown = permit.fields(method=method, there=there)
            response = self._sent(method, there, {**fields, **shown}, content, writes=writes)
            if not permit.again(response, there=there):
                return response

    def _sent(
        self, method: str, there: Place, fields: Mapping[str, str], content: bytes | None, *, writes: bool
    ) -> Response:
        fields = {**fields, "host": there.authority}
        try:
            headers = [(name.encode("ascii"), text.encode("latin-1")) for name, text in fields.items()]
        except UnicodeEncodeError:
            raise Misconfigured("http.request") from None
        if self._pace is None or there.origin != self._home:
            return self._exchanged(method, there, headers, content, writes=writes)
        self._pace.enter(patience=self._patience)
        well: bool | None = None
        try:
            response = self._exchanged(method, there, headers, content, writes=writes)
            well = response.status < 500
        except Unreachable:
            well = False
            raise
        finally:
            if well is None:
                self._pace.left()
            else:
                self._pace.seen(well=well)
        if response.status in {429, 503} and (pause := _retry_after(response.headers)) is not None:
            self._pace.hold(pause)
        return response

    def _exchanged(
        self, method: str, there: Place, headers: list[tuple[bytes, bytes]], content: bytes | None, *, writes: bool
    ) -> Response:
        if self._witness is None or there.origin != self._home:
            return self._asked(method, there, headers, content, writes=writes)
        with self._witness.exchange(method) as exchange:
            shared = [(name.encode("ascii"), told.encode("ascii")) for name, told in exchange.shared.items()]
            response = self._asked(method, there, [*headers, *shared], content, writes=writes)
            exchange.note(status=response.status, date=response.headers.get("date"))
        return response

    def _asked(
        self, method: str, there: Place, headers: list[tuple[bytes, bytes]], content: bytes | None, *, writes: bool
    ) -> Response:
        status, told, body = self._wire().send(
            method=method,
            there=there,
            headers=headers,
            content=content,
            connect=self._connect_timeout,
            read=self._timeout,
            limit=self._limit,
            clock=self._clock,
            writes=writes,
        )
        return Response(status=status, headers=told, body=body)

    def _wire(self) -> "Wire":
        if self._opened is not None:
            return self._opened
        from gateway.sdk.wire import Wire, looked_up  # noqa: PLC0415 - a run that sends nothing does not pay for it

        with self._lock:
            if self._opened is None:
                self._opened = Wire(
                    leash=self._leash,
                    trust=self._trust,
                    connections=self._connections,
                    home=self._home,
                    identity=self._identity,
                    proxy=self._proxy,
                    lookup=self._lookup or looked_up,
                )
            return self._opened


def _judged(response: Response, *, writes: bool, keyed: bool, expect: str | None, accept: frozenset[int]) -> Response:
    status = response.status
    if status in accept or status == 304 or 200 <= status < 300:
        if expect and response.body and not _is(response.headers.get("content-type", ""), expect):
            raise _unusable("http.content_type", writes=writes and status < 300)
        return response
    code = f"http.{status}"
    if status in {401, 403}:
        raise Misconfigured(code)
    if status in {409, 412}:
        raise Refused(code, conflict=True)
    if status in _UNCLEAR and writes and not keyed:
        raise Uncertain(code, retry_after=_retry_after(response.headers))
    if status >= 500 or status in _WAITS:
        raise Unreachable(code, retry_after=_retry_after(response.headers))
    raise Refused(code)


def _unusable(code: str, *, writes: bool) -> AdapterError:
    return Uncertain(code) if writes else Refused(code)


def _is(content_type: str, wanted: str) -> bool:
    media = content_type.partition(";")[0].strip().lower()
    return media in {wanted, f"application/{wanted}", f"text/{wanted}"} or media.endswith(f"+{wanted}")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from a number or a date by the server's own clock; ``None`` when it does not say (RFC 9110, 10.2.3)."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit() and len(told) < 7:
        return float(told)
    if not told or "date" not in headers:
        return None
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - seldom needed

    try:
        pause = parsedate_to_datetime(told) - parsedate_to_datetime(headers["date"])
    except (ValueError, TypeError):
        return None
    return max(0.0, pause.total_seconds())
