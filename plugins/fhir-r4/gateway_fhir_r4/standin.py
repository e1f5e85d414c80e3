"""A stand-in FHIR R4 server on loopback, with ground truth, for tests and demonstrations.

It answers searches by ``_lastUpdated``, ``_count``, ``_tag``, ``_include``, ``identifier``, ``subject``, reads,
histories and ``metadata``, with ETags and paging by links, and takes writes, batches and transactions, with conditions.
It is our own reading of the specification; no other server was copied or asked.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlencode

from msgspec import Struct, structs

from gateway.sdk import Fault
from gateway.sdk.loopback import Answer, Asked, LoopbackServer
from gateway.sdk.simfaults import Troubles
from gateway_fhir_r4.rules import TYPES
from gateway_fhir_r4.seeds import simulated
from gateway_fhir_r4.standin_records import START, Records, Stored
from gateway_fhir_r4.standin_rules import PARAMETERS, matches
from gateway_fhir_r4.standin_writes import Abilities, Refusal, bundle, write

JSON = "application/fhir+json; charset=utf-8"
_INCLUDES: Mapping[str, Callable[[Mapping[str, Any]], list[Any]]] = {
    "CarePlan:subject": lambda one: [one.get("subject")],
    "EpisodeOfCare:patient": lambda one: [one.get("patient")],
    "CareTeam:participant": lambda one: [each.get("member") for each in one.get("participant", [])],
    "Consent:consentor": lambda one: list(one.get("performer", [])),
}


class Broken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a coming answer is broken: another status or body, an OperationOutcome, or the connection itself."""

    status: int | None = None
    body: str | None = None
    outcome: str | None = None
    severity: str = "error"
    content_type: str = JSON
    wreck: str = ""
    next: str | None = None
    half: bool = False
    """Every second entry of a Bundle is refused, and the answer is a success."""
    on: str = "any"
    """``metadata`` breaks what the server says of itself, ``bundle`` the answer to a Bundle, ``any`` another answer."""


class StandIn:
    """The stand-in while it is open: ``with StandIn(resources) as server: server.url``.

    ``GET /_sim/state`` is its ground truth. ``POST /_sim/resources`` (a list) writes, ``POST /_sim/faults`` orders
    faults as every simulator takes them. What only a FHIR server does wrong is put into ``faults`` from the same
    process, one ``Broken`` for each coming answer.
    """

    def __init__(
        self, resources: Iterable[Mapping[str, Any]] = (), *, port: int = 0, able: Abilities | None = None
    ) -> None:  # fmt: skip
        self.records = Records(resources)
        self.able = able or Abilities()
        self.between: Callable[[], None] | None = None
        """Called once between the conditions of a Bundle and its writes: a server that lets others in there."""
        self.troubles = Troubles()
        self.faults: list[Broken] = []
        self.asked: list[Asked] = []
        self._server = LoopbackServer(self._answer, port=port)
        self.url = f"{self._server.url}/fhir"
        self.port = self._server.port

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def put(self, *resources: Mapping[str, Any]) -> None:
        """Write from the same process."""
        self.records.put(resources)

    def close(self) -> None:
        """Stop serving."""
        self._server.close()

    def wait(self) -> None:
        """Block until it is closed."""
        self._server.wait()

    def _answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/_sim/"):
            return self._simulated(asked)
        self.asked.append(asked)
        reads = asked.method == "GET" or asked.path.endswith("/_search")
        return self.troubles.upon(lambda: self._told(asked), reads=reads)

    def _told(self, asked: Asked) -> Answer:
        place = "bundle" if asked.path.strip("/") == "fhir" else "any"
        place = "metadata" if asked.path == "/fhir/metadata" else place
        fault = self.faults.pop(0) if self.faults and self.faults[0].on == place else Broken()
        if fault.wreck in {"drop", "truncate"}:
            return _json({"resourceType": "Bundle"}, wreck=fault.wreck)
        if fault.body is not None:
            return Answer(status=fault.status or 200, body=fault.body.encode(), content_type=fault.content_type)
        if fault.outcome is not None:
            return _outcome(fault.status or 200, fault.outcome, fault.severity)
        if fault.status is not None:
            return _outcome(fault.status, "exception")
        answer = self._answered(asked) if asked.method == "GET" else self._written(asked, half=fault.half)
        return answer if fault.next is None else _misled(answer, fault.next)

    def _answered(self, asked: Asked) -> Answer:
        segments = asked.path.strip("/").split("/")
        if segments[0] != "fhir" or (len(segments) > 1 and not self._has(segments[1])):
            return _outcome(404, "not-supported")
        match segments[1:]:
            case ["metadata"]:
                return _json(capabilities(self.able))
            case [_, "_history"] if not self.able.history:
                return _outcome(405, "not-supported")
            case [kind, "_history"]:
                return self._history(asked, kind)
            case [kind]:
                return self._search(asked, kind)
            case [kind, name]:
                return self._read(kind, name)
            case _:
                return _outcome(404, "not-found")

    def _has(self, kind: str) -> bool:
        return kind == "metadata" or not self.able.types or kind in self.able.types

    def _written(self, asked: Asked, *, half: bool) -> Answer:
        segments = asked.path.strip("/").split("/")[1:]
        try:
            if asked.method == "POST" and segments[1:] == ["_search"]:
                sought = dict(parse_qsl(asked.body.decode()))
                return self._search(structs.replace(asked, query=sought, path=f"/fhir/{segments[0]}"), segments[0])
            told = json.loads(asked.body) if asked.body else None
            if not segments:
                return self._bundle(told, half=half)
            if not self._has(segments[0]):
                return _outcome(404, "not-supported")
            kind, name = segments[0], segments[1] if len(segments) > 1 else None
            conditions = dict(asked.headers)
            if "if-none-exist" in conditions:
                conditions["if-none-exist"] = unquote(conditions["if-none-exist"])
            with self.records.lock:
                done = write(self.records, self.able, (kind, name), told, method=asked.method, conditions=conditions)
        except Refusal as refusal:
            return _outcome(refusal.status, refusal.code)
        except (ValueError, AttributeError):
            return _outcome(400, "structure")
        if done.resource is None:
            return Answer(status=done.status)
        headers = {"ETag": f'W/"{done.version}"', "Location": f"{self.url}/{done.kind}/{done.id}"}
        return structs.replace(_json(done.resource, headers), status=done.status)

    def _bundle(self, told: Any, *, half: bool) -> Answer:
        between, self.between = self.between, None
        if between is not None:
            return _json(bundle(self.records, self.able, told, base=self.url, half=half, between=between))
        with self.records.lock:
            return _json(bundle(self.records, self.able, told, base=self.url, half=half, between=None))

    def _read(self, kind: str, name: str) -> Answer:
        found = self.records.one(kind, name)
        if found is None:
            return _outcome(404, "not-found")
        if found.resource is None:
            return _outcome(410, "deleted")
        return _json(found.resource, {"ETag": f'W/"{found.version}"', "Last-Modified": _http_date(found.at)})

    def _search(self, asked: Asked, kind: str) -> Answer:
        query = asked.query
        living = [one for one in self.records.newest(kind) if one.resource is not None]
        since = query.get("_lastUpdated", "")
        if since:
            if not since.startswith("ge"):
                return _outcome(400, "not-supported")
            start = datetime.fromisoformat(since[2:])
            living = [one for one in living if one.at >= start]
        for name in PARAMETERS & set(query):
            living = [one for one in living if matches(one.resource or {}, name, query[name])]
        etag = f'W/"{kind}-{len(living)}-{living[-1].at.timestamp() if living else 0:.0f}"'
        if asked.headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"ETag": etag})
        return self._paged(asked, living, {"ETag": etag}, "searchset")

    def _history(self, asked: Asked, kind: str) -> Answer:
        # Newest first (FHIR R4, RESTful API § 3.1.0.10).
        versions = self.records.history(kind)[::-1]
        if "_since" in asked.query:
            start = datetime.fromisoformat(asked.query["_since"])
            versions = [one for one in versions if one.at >= start]
        return self._paged(asked, versions, {}, "history")

    def _paged(self, asked: Asked, found: list[Stored], headers: Mapping[str, str], kind: str) -> Answer:
        count, start = int(asked.query.get("_count", "50")), int(asked.query.get("_offset", "0"))
        shown = found[start : start + count]
        links = [{"relation": "self", "url": f"{self.url}/{asked.path.removeprefix('/fhir/')}"}]
        if start + count < len(found):
            following = {**asked.query, "_offset": str(start + count)}
            target = f"{self.url}/{asked.path.removeprefix('/fhir/')}?{urlencode(following)}"
            links.append({"relation": "next", "url": target})
        entries = [_entry(self.url, one, kind) for one in shown]
        entries.extend(self._included(asked.query.get("_include"), shown))
        return _json(
            {"resourceType": "Bundle", "type": kind, "total": len(found), "link": links, "entry": entries}, headers
        )

    def _included(self, name: str | None, shown: list[Stored]) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for one in shown:
            for reference in _INCLUDES.get(name or "", _nobody)(one.resource or {}):
                kind, _, other = str((reference or {}).get("reference", "")).partition("/")
                stored = self.records.one(kind, other)
                if stored is not None and stored.resource is not None:
                    found[f"{kind}/{other}"] = {"resource": stored.resource, "search": {"mode": "include"}}
        return list(found.values())

    def _simulated(self, asked: Asked) -> Answer:
        try:
            if (asked.method, asked.path) == ("GET", "/_sim/state"):
                return _json(self.records.state())
            told = json.loads(asked.body)
            if (asked.method, asked.path) == ("POST", "/_sim/resources"):
                self.records.put(told)
                return _json({"writes": self.records.state()["writes"]})
            if (asked.method, asked.path) == ("POST", "/_sim/faults"):
                self.troubles.order(told)
                return Answer(status=204)
        except (Fault, ValueError, TypeError, KeyError, AttributeError):
            return _outcome(400, "invalid")
        return _outcome(404, "not-found")


def _nobody(_: Mapping[str, Any]) -> list[Any]:
    return []


def _entry(url: str, one: Stored, kind: str) -> dict[str, Any]:
    full = f"{url}/{one.kind}/{one.id}"
    if kind == "searchset":
        return {"fullUrl": full, "resource": one.resource, "search": {"mode": "match"}}
    method = "DELETE" if one.resource is None else "POST" if one.version == 1 else "PUT"
    entry = {
        "fullUrl": full,
        "request": {"method": method, "url": f"{one.kind}/{one.id}"},
        "response": {"status": "200", "lastModified": one.at.isoformat()},
    }
    return entry if one.resource is None else {**entry, "resource": one.resource}


def capabilities(able: Abilities) -> dict[str, Any]:
    """What the server says that it can do, in R4's words."""
    codes = ["read", "search-type"]
    codes += ["create", "update"] if able.writes else []
    codes += ["delete"] if able.writes and able.deletes else []
    codes += ["history-type"] if able.history else []
    resource = {
        "interaction": [{"code": code} for code in codes],
        "versioning": "versioned-update" if able.versioned else "versioned",
        "conditionalCreate": able.conditional_create,
        "updateCreate": False,
    }
    whole = [name for name, offered in (("transaction", able.transaction), ("batch", able.batch)) if offered]
    server = {
        "mode": "server",
        "resource": [{"type": kind, **resource} for kind in able.types or TYPES],
        **({"interaction": [{"code": code} for code in whole]} if whole else {}),
    }
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-01-05",
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [server],
    }


def _json(body: Mapping[str, Any], headers: Mapping[str, str] | None = None, wreck: str = "") -> Answer:
    written = json.dumps(body, ensure_ascii=False).encode()
    how: Any = wreck
    return Answer(body=written, headers=headers or {}, content_type=JSON, wreck=how)


def _outcome(status: int, code: str, severity: str = "error") -> Answer:
    issue = {"severity": severity, "code": code, "diagnostics": "says what a server says"}
    body = json.dumps({"resourceType": "OperationOutcome", "issue": [issue]}).encode()
    return Answer(status=status, body=body, content_type=JSON)


def _misled(answer: Answer, target: str) -> Answer:
    bundle = json.loads(answer.body)
    bundle["link"] = [{"relation": "next", "url": target}]
    return Answer(body=json.dumps(bundle).encode(), headers=answer.headers, content_type=JSON)


def _http_date(at: datetime) -> str:
    return format_datetime(at, usegmt=True)


__all__ = ["START", "Abilities", "Broken", "Records", "StandIn", "Stored", "simulated"]
