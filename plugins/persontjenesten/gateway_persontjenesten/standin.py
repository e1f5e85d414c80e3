"""A stand-in for Persontjenesten on loopback, with ground truth, for tests and demonstrations.

It holds whoever it is seeded with, answers as the published OpenAPI of version 2 says, and can be told to fail.
It is our own reading of that document; it says nothing about how the service behaves beyond it.
"""

import json
import threading
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from msgspec import ValidationError, to_builtins

from gateway_persontjenesten.seed import Seed, document, seed, without_history

TOKEN = "standin"  # noqa: S105 - what the stand-in takes for a token, secret to nobody
MOST_NUMBERS = 100
MOST_EVENTS = 1000
MOST_BYTES = 1_000_000
_PERSON_PARTS = frozenset({"id", "sequenceNumber"})


class Register:
    """What the stand-in holds: the people by id, the events in order, and what it was asked."""

    def __init__(self, people: Iterable[Seed | Mapping[str, Any]]) -> None:
        self._lock = threading.Lock()
        self._people: dict[str, Seed] = {}
        self._sequence: dict[str, int] = {}
        self.events: list[dict[str, str]] = []
        self.asked: list[dict[str, Any]] = []
        self.faults: list[dict[str, Any]] = []
        self.set_people(people)

    def set_people(self, people: Iterable[Seed | Mapping[str, Any]], event: str = "ChangeInPerson") -> None:
        """Put people in, or change those who are known by number, former number or id; each change is an event."""
        told = [seed(one) for one in people]
        with self._lock:
            for person in told:
                person_id = person.id or self._id_of({person.number, *person.former}) or f"P{len(self._people) + 1:06}"
                self._people[person_id] = person
                number = len(self.events) + 1
                self._sequence[person_id] = number
                self.events.append({"sequenceNumber": str(number), "personId": person_id, "eventType": event})

    def documents(self, numbers: Iterable[str]) -> list[dict[str, Any]]:
        """The documents of those who are, or were, known by these numbers, each once."""
        with self._lock:
            found = dict.fromkeys(self._id_of({number}) for number in numbers)
            return [self._document(person_id) for person_id in found if person_id is not None]

    def by_id(self, person_id: str) -> dict[str, Any] | None:
        """The document with this id."""
        with self._lock:
            return self._document(person_id) if person_id in self._people else None

    def state(self) -> dict[str, Any]:
        """Ground truth: seeds and documents by id, events, and the requests so far (paths and counts only)."""
        with self._lock:
            return {
                "people": {person_id: to_builtins(person) for person_id, person in self._people.items()},
                "documents": {person_id: self._document(person_id) for person_id in self._people},
                "events": list(self.events),
                "asked": list(self.asked),
            }

    def _document(self, person_id: str) -> dict[str, Any]:
        return document(self._people[person_id], person_id=person_id, sequence=self._sequence[person_id])

    def _id_of(self, numbers: set[str]) -> str | None:
        for person_id, person in self._people.items():
            if numbers & {person.number, *person.former}:
                return person_id
        return None


class StandIn:
    """The stand-in while it is open: ``with StandIn(people) as register: register.url``.

    ``GET /_sim/state`` is its ground truth. ``POST /_sim/persons`` (a list of seeds) sets people. ``POST /_sim/faults``
    (a list of ``{"status": 503}``, ``{"wreck": "drop"}``, ``{"wreck": "truncate"}`` or ``{"body": "<html>"}``) breaks
    as many coming answers.
    """

    def __init__(self, people: Iterable[Seed | Mapping[str, Any]] = (), *, port: int = 0) -> None:
        self.register = Register(people)
        self._server = _Server(("127.0.0.1", port), self.register)
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def set_people(self, people: Iterable[Seed | Mapping[str, Any]], event: str = "ChangeInPerson") -> None:
        """Change the register from the same process; each change is an event."""
        self.register.set_people(people, event)

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], register: Register) -> None:
        super().__init__(address, _Answers)
        self.register = register


class _Wrong(Exception):
    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the standard library's
        """Nothing: a request line is not to be printed."""

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._serve(self.rfile.read(min(length, MOST_BYTES)))

    def _serve(self, body: bytes) -> None:
        target = urlsplit(self.path)
        query = parse_qs(target.query)
        register = self.server.register
        try:
            if target.path.startswith("/_sim/"):
                self._send(200, _simulate(register, self.command, target.path, body))
                return
            register.asked.append({"method": self.command, "path": target.path, "parts": len(query)})
            fault = register.faults.pop(0) if register.faults else None
            _check({name.lower(): value for name, value in self.headers.items()})
            answer = _answer(register, self.command, target.path, query, parse_qs(body.decode("utf-8", "replace")))
            self._send(200, answer, fault)
        except _Wrong as wrong:
            self._send(wrong.status, {"title": wrong.title, "status": wrong.status}, kind="application/problem+json")

    def _send(
        self, status: int, answer: Any, fault: Mapping[str, Any] | None = None, kind: str = "application/json"
    ) -> None:
        fault = fault or {}
        if fault.get("wreck") == "drop":
            self.close_connection = True
            return
        body = json.dumps(answer, ensure_ascii=False).encode()
        if "status" in fault:
            status, body = int(fault["status"]), b'{"title": "fault"}'
        if "body" in fault:
            body, kind = str(fault["body"]).encode(), str(fault.get("content_type", "text/html"))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if "retry_after" in fault:
            self.send_header("Retry-After", str(fault["retry_after"]))
        self.end_headers()
        if fault.get("wreck") == "truncate":
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)


def _check(headers: Mapping[str, str]) -> None:
    if headers.get("authorization") != f"Bearer {TOKEN}":
        raise _Wrong(401, "Unauthorized")
    if headers.get("api-version") != "2":
        raise _Wrong(400, "api-version")


def _answer(
    register: Register, method: str, path: str, query: Mapping[str, list[str]], form: Mapping[str, list[str]]
) -> Any:
    segments = path.strip("/").split("/")
    if len(segments) < 3 or segments[0] != "api" or segments[1] not in {"legal-basis", "no-legal-basis"}:
        raise _Wrong(404, "no such operation")
    operation = "/".join(segments[2:])
    if method == "GET" and operation == "event/latest":
        if not register.events:
            raise _Wrong(404, "no event")
        return register.events[-1]
    if method == "GET" and operation == "event":
        return _events(register, query)
    if method == "POST" and operation == "person/bulk-by-nin":
        return [_reduced(one, query) for one in register.documents(_numbers(form, "nins"))]
    if method == "POST" and operation == "person/get-by-nin":
        found = register.documents(_numbers(form, "nin"))
        if not found:
            raise _Wrong(404, "no such person")
        return _reduced(found[0], query)
    if method == "GET" and segments[2] == "person" and len(segments) == 4:
        document_of = register.by_id(segments[3])
        if document_of is None:
            raise _Wrong(404, "no such person")
        return _reduced(document_of, query)
    raise _Wrong(404, "no such operation")


def _events(register: Register, query: Mapping[str, list[str]]) -> dict[str, Any]:
    start = query.get("sequenceNumber", ["1"])[0]
    if not start.isdigit() or int(start) < 1:
        raise _Wrong(400, "sequenceNumber")
    found = [one for one in register.events if int(one["sequenceNumber"]) >= int(start)][:MOST_EVENTS]
    wanted = set(query.get("eventTypes", ()))
    kept = [one for one in found if not wanted or one["eventType"] in wanted]
    return {"results": kept, "startIndex": 0, "endIndex": max(0, len(kept) - 1)}


def _numbers(form: Mapping[str, list[str]], name: str) -> list[str]:
    found = form.get(name, [])
    if not 1 <= len(found) <= MOST_NUMBERS:
        raise _Wrong(400, name)
    return found


def _reduced(told: Mapping[str, Any], query: Mapping[str, list[str]]) -> dict[str, Any]:
    """Only the parts that were asked for; null for the others, as a document without them is written."""
    parts = query.get("informationParts")
    if not parts:
        raise _Wrong(400, "informationParts")
    names = {f"{part[:1].lower()}{part[1:]}" for part in parts}
    whole = told if query.get("includeHistory") == ["true"] else without_history(told)
    return {name: value if name in names | _PERSON_PARTS else None for name, value in whole.items()}


def _simulate(register: Register, method: str, path: str, body: bytes) -> Any:
    if method == "GET" and path == "/_sim/state":
        return register.state()
    try:
        told = json.loads(body)
        if method == "POST" and path == "/_sim/persons":
            register.set_people(told)
            return {"events": len(register.events)}
        if method == "POST" and path == "/_sim/faults":
            register.faults.extend(dict(one) for one in told)
            return {"faults": len(register.faults)}
    except (ValueError, TypeError, ValidationError):
        raise _Wrong(400, "not understood") from None
    raise _Wrong(404, "no such operation")
