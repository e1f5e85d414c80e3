"""A stand-in for Persontjenesten on loopback, with ground truth, for tests and demonstrations.

It holds whoever it is seeded with, answers as the published OpenAPI of version 2 says, and can be told to fail.
It is our own reading of that document; it says nothing about how the service behaves beyond it.
"""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from msgspec import ValidationError, to_builtins

from gateway.sdk import Fault
from gateway.sdk.loopback import Answer, Asked, LoopbackServer
from gateway.sdk.simfaults import Troubles
from gateway_persontjenesten.families import simulated
from gateway_persontjenesten.seed import Seed, document, seed, without_history

TOKEN = "standin"  # noqa: S105 - what the stand-in takes for a token, secret to nobody
MOST_NUMBERS = 100
MOST_EVENTS = 1000
_PERSON_PARTS = frozenset({"id", "sequenceNumber"})


class Register:
    """What the stand-in holds: the people by id, the events in order, and what it was asked."""

    def __init__(self, people: Iterable[Seed | Mapping[str, Any]]) -> None:
        self._lock = threading.Lock()
        self._people: dict[str, Seed] = {}
        self._sequence: dict[str, int] = {}
        self.events: list[dict[str, str]] = []
        self.asked: list[dict[str, Any]] = []
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

    ``GET /_sim/state`` is its ground truth. ``POST /_sim/persons`` (a list of seeds) sets people, ``POST /_sim/faults``
    orders faults as every simulator takes them. What only this service could answer is put into ``instead`` from the
    same process, one answer for each coming request.
    """

    secret = TOKEN

    def __init__(self, people: Iterable[Seed | Mapping[str, Any]] = (), *, port: int = 0) -> None:
        self.register = Register(people)
        self.troubles = Troubles()
        self.instead: list[Answer] = []
        self._server = LoopbackServer(self._answer, port=port)
        self.port = self._server.port
        self.url = self._server.url

    def __enter__(self) -> Self:
        self._server.__enter__()
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
        self._server.close()

    def wait(self) -> None:
        """Block until it is closed."""
        self._server.wait()

    def _answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/_sim/"):
            return _told(lambda: self._simulate(asked))
        query = parse_qs(urlsplit(asked.target).query)
        self.register.asked.append({"method": asked.method, "path": asked.path, "parts": len(query)})
        # A question has no effect, whatever its method is.
        return self.troubles.upon(lambda: self._own(asked, query), reads=True)

    def _own(self, asked: Asked, query: Mapping[str, list[str]]) -> Answer:
        if self.instead:
            return self.instead.pop(0)

        def act() -> Any:
            _check(asked.headers)
            form = parse_qs(asked.body.decode("utf-8", "replace"))
            return _answer(self.register, asked.method, asked.path, query, form)

        return _told(act)

    def _simulate(self, asked: Asked) -> Any:
        if (asked.method, asked.path) == ("GET", "/_sim/state"):
            return self.register.state()
        try:
            told = json.loads(asked.body)
            if (asked.method, asked.path) == ("POST", "/_sim/persons"):
                self.set_people(told)
                return {"events": len(self.register.events)}
            if (asked.method, asked.path) == ("POST", "/_sim/faults"):
                self.troubles.order(told)
                return None
        except (Fault, ValueError, TypeError, ValidationError):
            raise _Wrong(400, "not understood") from None
        raise _Wrong(404, "no such operation")


class _Wrong(Exception):
    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title


def _told(act: Callable[[], Any]) -> Answer:
    """What an act gives, as JSON; where it says no, as a problem (RFC 9457)."""
    try:
        told = act()
        return Answer(status=204) if told is None else Answer(body=json.dumps(told, ensure_ascii=False).encode())
    except _Wrong as wrong:
        body = json.dumps({"title": wrong.title, "status": wrong.status}).encode()
        return Answer(status=wrong.status, body=body, content_type="application/problem+json")


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


__all__ = ["TOKEN", "Register", "StandIn", "simulated"]
