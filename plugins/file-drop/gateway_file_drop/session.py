"""A session with an SFTP server, behind calls that wait: the library speaks async only, the gateway blocks.

One thread runs the library's loop. Every call has an end in time, and what the library raises becomes one of ours
without its text, which can hold names of files.
"""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from gateway.sdk import Misconfigured, Refused, Unreachable
from gateway.sdk.egress import Leash

if TYPE_CHECKING:
    import asyncssh

T = TypeVar("T")

CONNECT = 20.0
"""Seconds within which a session must stand."""
CALL = 60.0
"""Seconds within which one call must be answered."""


class Server(Struct, frozen=True, kw_only=True):
    """Which server, and as whom. ``secret`` gives a private key in PEM or OpenSSH form, or else a password."""

    host: str
    port: int
    user: str
    host_keys: tuple[str, ...]
    networks: tuple[str, ...]
    secret: Callable[[], str]


class Session:
    """One connection that is opened when it is first needed, kept, and opened anew after it broke."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None

    def client(self) -> "asyncssh.SFTPClient":
        """The client of a standing session.

        Raises ``Misconfigured`` ``sftp.host_key`` (not the server that was pinned), ``sftp.login``, ``sftp.secret``
        or ``sftp.host_keys``; ``Refused`` ``sftp.elsewhere`` (an inside address that is not listed); ``Unreachable``
        ``sftp.unreachable`` or ``sftp.timeout``.
        """
        with self._lock:
            if self._client is None:
                self._client = self._opened()
            return self._client

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a call. Library errors come out as they are; a session that broke is let go of.

        Raises ``Unreachable`` ``sftp.timeout`` when no answer came in time.
        """
        import asyncssh  # noqa: PLC0415

        try:
            return self._run(work, seconds=CALL)
        except (TimeoutError, asyncio.CancelledError):
            self.close()
            raise Unreachable("sftp.timeout") from None
        except (asyncssh.SFTPNoConnection, asyncssh.SFTPConnectionLost, asyncssh.DisconnectError, OSError):
            self.close()
            raise Unreachable("sftp.broken") from None
        except (asyncssh.SFTPBadMessage, ValueError, OverflowError):
            self.close()
            raise Unreachable("sftp.garbled") from None

    def close(self) -> None:
        """Let go of the connection and of the thread that served it."""
        with self._lock:
            connection, loop, thread = self._connection, self._loop, self._thread
            self._connection = self._client = self._loop = self._thread = None
        if loop is None:
            return
        if connection is not None:
            loop.call_soon_threadsafe(connection.abort)
        loop.call_soon_threadsafe(loop.stop)
        if thread is not None and thread is not threading.current_thread():
            thread.join(CONNECT)

    def _run(self, work: Coroutine[Any, Any, T], *, seconds: float) -> T:
        loop = self._loop
        if loop is None:
            work.close()
            raise Unreachable("sftp.broken")
        task = asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, seconds), loop)
        return task.result(seconds + 5)

    def _opened(self) -> "asyncssh.SFTPClient":
        import asyncssh  # noqa: PLC0415

        # The library logs users, hosts and paths.
        logging.getLogger("asyncssh").setLevel(logging.CRITICAL)
        keys = _host_keys(self.server.host_keys)
        address = _address(self.server)
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            # What is left of a broken session is told by the call that it broke; the text would go to standard error.
            self._loop.set_exception_handler(lambda *_: None)
            self._thread = threading.Thread(target=_serve, args=(self._loop,), name="sftp", daemon=True)
            self._thread.start()
        try:
            return self._run(self._connect(address, keys), seconds=CONNECT)
        except asyncssh.HostKeyNotVerifiable:
            raise Misconfigured("sftp.host_key") from None
        except asyncssh.PermissionDenied:
            raise Misconfigured("sftp.login") from None
        except asyncssh.KeyExchangeFailed:
            # With one kind of key pinned, a server that has another kind only cannot agree with us at all.
            raise Misconfigured("sftp.host_key") from None
        except (TimeoutError, asyncio.CancelledError):
            raise Unreachable("sftp.timeout") from None
        except (asyncssh.Error, OSError, ValueError):
            raise Unreachable("sftp.unreachable") from None

    async def _connect(self, address: str, keys: "list[asyncssh.SSHKey]") -> "asyncssh.SFTPClient":
        import asyncssh  # noqa: PLC0415

        secret = self.server.secret()
        options: dict[str, Any] = {"password": secret, "client_keys": None}
        if secret.lstrip().startswith("-----BEGIN"):
            options = {"client_keys": [_private_key(secret)], "password": None}
        self._connection = await asyncssh.connect(
            address,
            self.server.port,
            username=self.server.user,
            known_hosts=(keys, [], []),
            config=None,
            agent_path=None,
            kbdint_auth=False,
            gss_auth=False,
            gss_kex=False,
            host_based_auth=False,
            connect_timeout=CONNECT,
            login_timeout=CONNECT,
            keepalive_interval=30,
            **options,
        )
        # A name that is no text is not one that a pattern takes: it comes as signs that cannot be printed.
        return await self._connection.start_sftp_client(path_errors="surrogateescape")


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def _host_keys(texts: Sequence[str]) -> "list[asyncssh.SSHKey]":
    import asyncssh  # noqa: PLC0415

    try:
        return [asyncssh.import_public_key(text) for text in texts]
    except (asyncssh.KeyImportError, ValueError):
        raise Misconfigured("sftp.host_keys", path="options.sftp.host_keys") from None


def _private_key(text: str) -> "asyncssh.SSHKey":
    import asyncssh  # noqa: PLC0415

    try:
        return asyncssh.import_private_key(text)
    except (asyncssh.KeyImportError, ValueError):
        raise Misconfigured("sftp.secret") from None


def _address(server: Server) -> str:
    """The address to connect to: resolved once and judged, so that a name cannot lead inside unseen."""
    host = f"[{server.host}]" if ":" in server.host else server.host
    leash = Leash(url=f"https://{host}:{server.port}", allow=server.networks)
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("sftp.unreachable") from None
    for entry in found:
        if leash.permits(server.host, str(entry[4][0])):
            return str(entry[4][0])
    raise Refused("sftp.elsewhere")
