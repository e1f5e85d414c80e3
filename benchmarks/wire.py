"""A loopback HTTP server that costs next to nothing, so that what is measured is the client.

Raw sockets, a thread a connection, kept alive, ``TCP_NODELAY``; an answer is one write of ready bytes.
"""

import socket
import threading
from collections.abc import Callable
from urllib.parse import parse_qsl

Answer = tuple[int, bytes]
"""A status and a JSON body."""

_REASONS = {200: "OK", 201: "Created", 204: "No Content", 404: "Not Found", 409: "Conflict"}


def serve(answer: Callable[[str, str, dict[str, str], bytes, str], Answer]) -> None:
    """Answer until the process ends; the URL is the first line on standard output.

    ``answer(method, path, query, body, key)`` gets the idempotency key, or ``""``.
    """
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_kept, args=(connection, answer), daemon=True).start()


def _kept(connection: socket.socket, answer: Callable[[str, str, dict[str, str], bytes, str], Answer]) -> None:
    held = bytearray()
    with connection:
        while True:
            ends = _until_head(connection, held)
            if ends < 0:
                return
            lines = bytes(held[:ends]).decode("latin-1").split("\r\n")
            del held[: ends + 4]
            method, target, _ = lines[0].split(" ", 2)
            length, key = 0, ""
            for line in lines[1:]:
                name, _, value = line.partition(":")
                match name.lower():
                    case "content-length":
                        length = int(value)
                    case "idempotency-key":
                        key = value.strip()
            while len(held) < length:
                more = connection.recv(1 << 20)
                if not more:
                    return
                held += more
            body = bytes(held[:length])
            del held[:length]
            path, _, query = target.partition("?")
            status, told = answer(method, path, dict(parse_qsl(query)), body, key)
            head = (
                f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(told)}\r\n\r\n"
            )
            connection.sendall(head.encode() + told)


def _until_head(connection: socket.socket, held: bytearray) -> int:
    """Where the head of the next request ends, or -1 at the end of the connection."""
    while (ends := held.find(b"\r\n\r\n")) < 0:
        more = connection.recv(1 << 16)
        if not more:
            return -1
        held += more
    return ends
