"""The one module that speaks to the HTTP library: a pool of kept connections, and its errors made ours.

Imported at the first request, since it costs more than the rest of a small run.
"""

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import httpcore

from gateway.sdk.egress import Leash, Place, is_address, permits_proxy
from gateway.sdk.errors import AdapterError, Misconfigured, Refused, Uncertain, Unreachable
from gateway.sdk.trust.outlets import Identity, Proxy

logging.getLogger("httpcore").setLevel(logging.CRITICAL)
"""The library logs addresses and headers, which can hold what nobody may log."""

Options = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


Lookup = Callable[[str, int], Iterable[str]]
"""The addresses of a host, in the order in which they should be tried. Raises ``OSError``."""


def looked_up(host: str, port: int) -> list[str]:
    """The addresses that this machine knows for a host. Raises ``OSError``."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class _OffLeash(Exception):
    """The host's name led to an address that may not be reached."""


class _Guarded(httpcore.NetworkBackend):
    """Resolves a name once, and connects to just the address that was judged.

    ``proxy`` is the host of the proxy, if there is one: the only host that is then connected to. The settings name it
    as the way out of the house, so it may well stand on a private address; this machine's own is refused unless it is
    named itself, and so is what no proxy stands on.
    """

    def __init__(self, leash: Leash, lookup: Lookup, proxy: Place | None = None) -> None:
        self._leash = leash
        self._lookup = lookup
        self._proxy = proxy
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # the library calls it by this name
        local_address: str | None = None,
        socket_options: Options | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = list(dict.fromkeys(self._lookup(host, port)))
        except (OSError, UnicodeError):
            raise httpcore.ConnectError from None
        permits = self._leash.permits if self._proxy is None else self._proxied
        permitted = [address for address in addresses if permits(host, address)]
        if not permitted:
            raise _OffLeash
        for address in permitted[:-1]:
            try:
                return self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._inner.connect_tcp(permitted[-1], port, timeout, local_address, socket_options)

    def _proxied(self, host: str, address: str) -> bool:
        return self._proxy is not None and host == self._proxy.host and permits_proxy(host, address)


class Wire:
    """Kept connections to the hosts on a leash.

    ``trust`` is a file of certificate authorities; without it the machine's own are trusted. ``identity`` is shown to
    ``home``, the system's own origin, and to nobody else. All goes through ``proxy``, where there is one.
    """

    def __init__(
        self,
        *,
        leash: Leash,
        trust: str | None,
        connections: int,
        home: tuple[str, str, int] | None = None,
        identity: Identity | None = None,
        proxy: Proxy | None = None,
        lookup: Lookup = looked_up,
    ) -> None:
        self._leash = leash
        self._lookup = lookup
        self._trust = trust
        self._connections = connections
        self._home, self._identity, self._proxy = home, identity, proxy
        self._lock = threading.Lock()
        self._pools: dict[tuple[str, bool], httpcore.ConnectionPool] = {}

    def _pool(self, there: Place) -> httpcore.ConnectionPool:
        """The pool for a place. Reading the authorities costs more than a small run, so plain HTTP does without."""
        known = self._identity is not None and there.origin == self._home
        with self._lock:
            pool = self._pools.get((there.scheme, known))
            if pool is None:
                context = None if there.scheme == "http" else _context(self._trust)
                if context is not None and known and self._identity is not None:
                    self._identity.load(context)
                pool = self._pools[there.scheme, known] = self._opened(context)
        return pool

    def _opened(self, context: ssl.SSLContext | None) -> httpcore.ConnectionPool:
        limits: dict[str, Any] = {
            "ssl_context": context,
            "max_connections": self._connections,
            "max_keepalive_connections": self._connections,
            "keepalive_expiry": 20.0,
        }
        if self._proxy is None:
            return httpcore.ConnectionPool(network_backend=_Guarded(self._leash, self._lookup), **limits)
        through = self._proxy.place()
        return httpcore.HTTPProxy(
            proxy_url=httpcore.URL(scheme=through.scheme, host=through.host, port=through.port, target="/"),
            proxy_auth=self._proxy.pair(),
            proxy_ssl_context=_context(self._trust) if through.scheme == "https" else None,
            network_backend=_Guarded(self._leash, self._lookup, through),
            **limits,
        )

    def send(
        self,
        *,
        method: str,
        there: Place,
        headers: list[tuple[bytes, bytes]],
        content: bytes | None,
        connect: float,
        read: float,
        limit: int,
        clock: Callable[[], float],
        writes: bool,
    ) -> tuple[int, dict[str, str], bytes]:
        """One request and its whole answer: status, headers in lower case, body.

        ``connect`` and ``read`` are seconds; ``read`` bounds the whole answer too, however slowly it drips.
        Raises as ``gateway.sdk.http`` says.
        """
        if self._proxy is not None and is_address(there.host) and not self._leash.permits(there.host, there.host):
            raise Refused("http.private")
        url = httpcore.URL(scheme=there.scheme, host=there.host, port=there.port, target=there.target)
        waits = {"connect": connect, "read": read, "write": read, "pool": connect}
        ends = clock() + read
        try:
            with self._pool(there).stream(
                method, url, headers=headers, content=content, extensions={"timeout": waits}
            ) as answer:
                held = _bounded(answer.iter_stream(), limit=limit, ends=ends, clock=clock, writes=writes)
                told = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in answer.headers}
                status = answer.status
        except AdapterError:
            raise
        except _OffLeash:
            raise Refused("http.private") from None
        except Exception as error:  # noqa: BLE001 - the library's errors hold addresses and bytes: none passes
            _judge(error, writes=writes)
        if status == 407 and self._proxy is not None:
            raise Misconfigured("http.proxy_auth")
        return status, told, held

    def close(self) -> None:
        """Let go of every connection."""
        with self._lock:
            pools, self._pools = self._pools, {}
        for pool in pools.values():
            pool.close()


def _bounded(chunks: Iterable[bytes], *, limit: int, ends: float, clock: Callable[[], float], writes: bool) -> bytes:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) > limit:
            raise _unusable("http.oversized", writes=writes)
        if clock() > ends:
            raise _unanswered("http.timeout", writes=writes)
    return bytes(held)


def _context(trust: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=trust)
    except (OSError, ssl.SSLError):
        raise Misconfigured("http.trust") from None


def _judge(error: Exception, *, writes: bool) -> NoReturn:
    match error:
        case httpcore.ProxyError():
            # The proxy said no before anything reached the system. Only its status is taken from the text.
            status = str(error)[:3]
            if status in {"401", "407"}:  # some say 401 to who shows the wrong credentials
                raise Misconfigured("http.proxy_auth") from None
            if status in {"403", "405"}:
                raise Misconfigured("http.proxy_refused") from None
            raise Unreachable("http.proxy") from None
        case httpcore.ConnectTimeout() | httpcore.PoolTimeout():
            raise Unreachable("http.timeout") from None
        case httpcore.ConnectError():
            # The pool drops the cause, but hands the first error on as its argument.
            if any(isinstance(told, ssl.SSLCertVerificationError) for told in error.args):
                raise Misconfigured("http.certificate") from None
            raise Unreachable("http.connect") from None
        case httpcore.TimeoutException():
            raise _unanswered("http.timeout", writes=writes) from None
        case httpcore.LocalProtocolError() | httpcore.UnsupportedProtocol():
            raise Misconfigured("http.request") from None
        case httpcore.NetworkError() | httpcore.ProtocolError():
            raise _unanswered("http.broken", writes=writes) from None
        case _:
            raise _unanswered("http.broken", writes=writes) from None


def _unanswered(code: str, *, writes: bool) -> Unreachable:
    """No answer: a read can simply be made again, a write may have taken effect."""
    return Uncertain(code) if writes else Unreachable(code)


def _unusable(code: str, *, writes: bool) -> AdapterError:
    """An answer that cannot be taken: for a read the system's fault to mend, for a write its effect is unknown."""
    return Uncertain(code) if writes else Refused(code)
