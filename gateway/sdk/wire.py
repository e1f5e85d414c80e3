"""The one module that speaks to the HTTP library: a pool of kept connections, and its errors made ours.

Imported at the first request, since it costs more than the rest of a small run.
"""

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import NoReturn

import httpcore

from gateway.sdk.egress import Leash, Place
from gateway.sdk.errors import AdapterError, Misconfigured, Refused, Uncertain, Unreachable

logging.getLogger("httpcore").setLevel(logging.CRITICAL)
"""The library logs addresses and headers, which can hold what nobody may log."""

Options = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]


class _OffLeash(Exception):
    """The host's name led to an address that may not be reached."""


class _Guarded(httpcore.NetworkBackend):
    """Resolves a name once, and connects to just the address that was judged."""

    def __init__(self, leash: Leash) -> None:
        self._leash = leash
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
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise httpcore.ConnectError from None
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        permitted = [address for address in addresses if self._leash.permits(host, address)]
        if not permitted:
            raise _OffLeash
        for address in permitted[:-1]:
            try:
                return self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._inner.connect_tcp(permitted[-1], port, timeout, local_address, socket_options)


class Wire:
    """Kept connections to the hosts on a leash.

    ``trust`` is a file of certificate authorities; without it the machine's own are trusted.
    """

    def __init__(self, *, leash: Leash, trust: str | None, connections: int) -> None:
        self._leash = leash
        self._trust = trust
        self._connections = connections
        self._lock = threading.Lock()
        self._pools: dict[str, httpcore.ConnectionPool] = {}

    def _pool(self, scheme: str) -> httpcore.ConnectionPool:
        """The pool of a scheme. Reading the authorities costs more than a small run, so plain HTTP does without."""
        with self._lock:
            pool = self._pools.get(scheme)
            if pool is None:
                pool = self._pools[scheme] = httpcore.ConnectionPool(
                    ssl_context=None if scheme == "http" else _context(self._trust),
                    max_connections=self._connections,
                    max_keepalive_connections=self._connections,
                    keepalive_expiry=20.0,
                    network_backend=_Guarded(self._leash),
                )
        return pool

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
        url = httpcore.URL(scheme=there.scheme, host=there.host, port=there.port, target=there.target)
        waits = {"connect": connect, "read": read, "write": read, "pool": connect}
        ends = clock() + read
        try:
            with self._pool(there.scheme).stream(
                method, url, headers=headers, content=content, extensions={"timeout": waits}
            ) as answer:
                held = _bounded(answer.iter_stream(), limit=limit, ends=ends, clock=clock, writes=writes)
                told = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in answer.headers}
                return answer.status, told, held
        except AdapterError:
            raise
        except _OffLeash:
            raise Refused("http.private") from None
        except Exception as error:  # noqa: BLE001 - the library's errors hold addresses and bytes: none passes
            _judge(error, writes=writes)

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
