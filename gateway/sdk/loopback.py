"""A small HTTP/1.1 server on loopback, for simulators and stand-ins of vendors' systems.

It keeps connections, answers from one function, and can break an answer as networks do. It serves tests,
demonstrations and benchmarks, and binds to 127.0.0.1 only.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import IO, Literal, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct

_REASONS = {200: "OK", 201: "Created", 204: "No Content", 304: "Not Modified", 404: "Not Found"}
_MAX_HEADERS = 100


class Asked(Struct, frozen=True, kw_only=True):
    """A request as the server got it: the path unquoted, header names in lower case, the last of equal parameters.

    ``target`` is the path with its query as it was sent, for those who repeat parameters.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    target: str = ""


class Answer(Struct, frozen=True, kw_only=True):
    """What to send back. ``delay`` is in seconds, before anything is sent.

    ``wreck``: ``drop`` closes without an answer, ``truncate`` closes after half of the body.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}
    content_type: str = "application/json"
    delay: float = 0.0
    wreck: Literal["", "drop", "truncate"] = ""


class LoopbackServer:
    """Answers on ``url`` while it is open; use it as a context manager. A thread serves each connection."""

    def __init__(self, answer: Callable[[Asked], Answer], *, port: int = 0) -> None:
        self._answer = answer
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._accept, name="loopback", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and cut every connection."""
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def wait(self) -> None:
        """Block until the server is closed."""
        self._closing.wait()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as stream, contextlib.suppress(OSError, ValueError):
                while not self._closing.is_set():
                    asked = _read(stream)
                    if asked is None or not self._send(connection, asked):
                        return
        finally:
            with self._lock:
                self._open.discard(connection)

    def _send(self, connection: socket.socket, asked: Asked) -> bool:
        """Whether the connection may be kept."""
        answer = self._answer(asked)
        if answer.delay:
            self._closing.wait(answer.delay)
        if answer.wreck == "drop":
            return False
        keep = asked.headers.get("connection", "").lower() != "close" and not answer.wreck
        lines = [
            f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Answer')}",
            f"Content-Length: {len(answer.body)}",
            *(f"{name}: {value}" for name, value in answer.headers.items()),
        ]
        if answer.body:
            lines.append(f"Content-Type: {answer.content_type}")
        if not keep:
            lines.append("Connection: close")
        body = answer.body[: len(answer.body) // 2] if answer.wreck == "truncate" else answer.body
        if asked.method == "HEAD":
            body = b""
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        return keep


def _read(stream: IO[bytes]) -> Asked | None:
    """The next request, or ``None`` at the end of the connection. Raises ``ValueError`` on what is not HTTP."""
    first = stream.readline(65_536)
    if not first:
        return None
    method, target, _ = first.decode("latin-1").split(" ", 2)
    headers: dict[str, str] = {}
    for _ in range(_MAX_HEADERS):
        line = stream.readline(65_536)
        if line in {b"\r\n", b"\n", b""}:
            break
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    length = headers.get("content-length")
    body = stream.read(int(length)) if length else b""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = _read_chunks(stream)
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) if parts.query else {}
    path = unquote(parts.path) if "%" in parts.path else parts.path
    return Asked(method=method, path=path, query=query, headers=headers, body=body, target=target)


def _read_chunks(stream: IO[bytes]) -> bytes:
    chunks = []
    while size := int(stream.readline(100).split(b";")[0], 16):
        chunks.append(stream.read(size))
        stream.readline(4)
    stream.readline(4)
    return b"".join(chunks)
