"""Requests that write, and what their answers mean: a Bundle taken whole, one taken in parts, or one by one."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from msgspec import Struct

from gateway.sdk import AdapterError, Fault, Refused, Uncertain, Unreachable
from gateway.sdk.http import Response
from gateway.sdk.jsonio import decode
from gateway_fhir_r4.bundle import TRANSIENT, issue_of
from gateway_fhir_r4.capability import Able
from gateway_fhir_r4.compose import Draft, version_of

JSON = "application/fhir+json"
ANSWERED = (400, 404, 405, 409, 410, 412, 422)
"""Refusals that come with an OperationOutcome, or may."""
MOST = 100
"""Values in one search."""


class Ask(Protocol):
    """A request with the system's authorisation; header names as they go out."""

    def __call__(
        self, method: str, target: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None,
        accept: Sequence[int] = (),
    ) -> Response:  # fmt: skip
        """The answer. Raises as ``gateway.sdk.http`` says."""
        ...


class Done(Struct, frozen=True, kw_only=True):
    """A resource that is there now: ``Type/id`` and its version. ``made`` says that this very request made it."""

    native: str
    version: str | None
    made: bool


Outcome = Done | AdapterError


class Wire(Struct, frozen=True, kw_only=True):
    """A server that can be written to."""

    ask: Ask
    base: str
    able: Callable[[], Able]

    def get(self, native: str) -> dict[str, Any] | None:
        """A resource, or ``None`` where it is not there (any more)."""
        answer = self.ask("GET", native, accept=(404, 410))
        if answer.status in {404, 410}:
            return None
        return _resource(answer.body)

    def many(self, natives: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Resources by ``Type/id``, in one request where the server takes Bundles; what is not there is left out."""
        wanted = list(natives)
        if len(wanted) < 2 or not (self.able().batches or self.able().transactions):
            found = ((native, self.get(native)) for native in wanted)
            return {native: one for native, one in found if one is not None}
        there: dict[str, dict[str, Any]] = {}
        for at in range(0, len(wanted), MOST):
            part = wanted[at : at + MOST]
            entries = [{"request": {"method": "GET", "url": native}} for native in part]
            whole = "batch" if self.able().batches else "transaction"
            if whole == "transaction":  # one that is gone would refuse them all
                there |= {native: one for native in part if (one := self.get(native)) is not None}
                continue
            told = _entries(self._bundle(whole, entries), len(part))
            for native, entry in zip(part, told, strict=True):
                resource = entry.get("resource")
                if isinstance(resource, dict) and f"{resource.get('resourceType')}/{resource.get('id')}" == native:
                    there[native] = resource
                elif _status(entry) not in {404, 410}:
                    raise Refused("fhir.answer", path="$.entry")
        return there

    def search(self, kind: str, terms: Mapping[str, str]) -> list[dict[str, Any]]:
        """Resources of a type, by POST: what is sought may be a number, and a URL is written down in many places."""
        body = urlencode({**terms, "_count": "200"}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cache-Control": "no-cache"}
        answer = self.ask("POST", f"{kind}/_search", body=body, headers=headers, accept=ANSWERED)
        found = _told(answer, writes=False)
        entries = found.get("entry", [])
        if found.get("resourceType") != "Bundle" or not isinstance(entries, list):
            raise Refused("fhir.no_bundle", path="$.resourceType")
        resources = [one.get("resource") for one in entries if isinstance(one, dict)]
        return [one for one in resources if isinstance(one, dict) and one.get("resourceType") == kind]

    def whole(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """All of the resources or none, in one transaction. Raises ``AdapterError`` where it was not taken."""
        return self._sent("transaction", drafts)

    def apart(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """Each resource for itself: in one batch where the server takes them, else one request for each."""
        if self.able().batches and len(drafts) > 1:
            return self._sent("batch", drafts)
        return [self._alone(draft) for draft in drafts]

    def delete(self, native: str) -> bool:
        """Delete a resource; whether it is gone."""
        answer = self.ask("DELETE", native, accept=(*ANSWERED, 501))
        return answer.status < 300 or answer.status in {404, 410}

    def replace(self, native: str, resource: Mapping[str, Any], version: str | None) -> str | None:
        """Put a resource back on the version it was read in; the new version. Raises ``AdapterError``."""
        headers = {"Content-Type": JSON} | ({"If-Match": f'W/"{version}"'} if version is not None else {})
        answer = self.ask("PUT", native, body=json.dumps(resource).encode(), headers=headers, accept=ANSWERED)
        return _tag_of(answer.headers.get("etag")) or version_of(_told(answer, writes=True))

    def _sent(self, kind: str, drafts: Sequence[Draft]) -> list[Outcome]:
        entries = _entries(self._bundle(kind, [self._entry(one) for one in drafts]), len(drafts))
        return [self._outcome(draft, entry) for draft, entry in zip(drafts, entries, strict=True)]

    def _bundle(self, kind: str, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        body = json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries}).encode()
        answer = self.ask("POST", "", body=body, headers={"Content-Type": JSON}, accept=ANSWERED)
        return _told(answer, writes=True)

    def _entry(self, draft: Draft) -> dict[str, Any]:
        if draft.before is not None:
            request = {"method": "PUT", "url": draft.native}
            if draft.version is not None and self.able().of(draft.kind).versions:
                request["ifMatch"] = f'W/"{draft.version}"'
            return {"fullUrl": f"{self.base}/{draft.native}", "resource": draft.resource, "request": request}
        request = {"method": "POST", "url": draft.kind}
        if draft.none_exist is not None and self.able().of(draft.kind).conditional_create:
            request["ifNoneExist"] = draft.none_exist
        return {"fullUrl": draft.native, "resource": draft.resource, "request": request}

    def _outcome(self, draft: Draft, entry: Mapping[str, Any]) -> Outcome:
        status, response = _status(entry), entry.get("response")
        told = response if isinstance(response, dict) else {}
        outcome = told.get("outcome")
        try:
            if status >= 400 or (isinstance(outcome, dict) and issue_of(outcome) is not None):
                _raise(status, outcome if isinstance(outcome, dict) else {}, writes=True)
        except AdapterError as error:
            return error
        resource = entry.get("resource")
        there = resource if isinstance(resource, dict) else {}
        native = draft.native if draft.before is not None else _place(told.get("location"), draft.kind)
        if native is None and isinstance(there.get("id"), str):
            native = f"{draft.kind}/{there['id']}"
        if native is None:
            return Uncertain("fhir.answer")
        version = _tag_of(told.get("etag")) or _version_in(told.get("location")) or version_of(there)
        return Done(native=native, version=version, made=status == 201)

    def _alone(self, draft: Draft) -> Outcome:
        try:
            if draft.before is not None:
                version = self.replace(draft.native, draft.resource, draft.version)
                return Done(native=draft.native, version=version, made=False)
            headers = {"Content-Type": JSON}
            if draft.key is not None and self.able().of(draft.kind).conditional_create:
                headers["If-None-Exist"] = f"identifier={quote(_own(draft), safe='|:=')}"
            answer = self.ask(
                "POST", draft.kind, body=json.dumps(draft.resource).encode(), headers=headers, accept=ANSWERED
            )
            told = _told(answer, writes=True, empty=True)
            native = _place(answer.headers.get("location"), draft.kind) or _place_in(told, draft.kind)
            if native is None:
                return Uncertain("fhir.answer")
            version = _tag_of(answer.headers.get("etag")) or version_of(told)
            return Done(native=native, version=version, made=answer.status == 201)
        except AdapterError as error:
            return error


def _own(draft: Draft) -> str:
    """The gateway's own identifier, never a person's: headers are written down too."""
    mine = draft.resource["identifier"]
    return next(f"{one['system']}|{one['value']}" for one in mine if one.get("value") == draft.key)


def _told(answer: Response, *, writes: bool, empty: bool = False) -> dict[str, Any]:
    """The resource in an answer. Raises by its status, or by an OperationOutcome that tells of an error."""
    if empty and answer.status < 300 and not answer.body:
        return {}
    try:
        found = _resource(answer.body)
    except Refused:
        if answer.status >= 400:
            _raise(answer.status, {}, writes=writes)
        if writes:
            raise Uncertain("fhir.answer") from None
        raise
    is_outcome = found.get("resourceType") == "OperationOutcome"
    if answer.status >= 400 or (is_outcome and issue_of(found) is not None):
        _raise(answer.status, found, writes=writes)
    return found


def _raise(status: int, outcome: Mapping[str, Any], *, writes: bool) -> None:
    """What to do next: a version that is old is a conflict; what a server will do later waits; the rest asks a person.

    An answer of success that holds an error has done nobody knows what: it is a refusal, unless it may pass.
    """
    issue = issue_of(outcome)
    code = f"fhir.outcome.{issue}" if issue is not None else f"http.{status}"
    if issue == "multiple-matches":
        raise Refused("fhir.outcome.multiple-matches")
    if issue in TRANSIENT:
        raise (Unreachable if status >= 400 and issue != "timeout" else Uncertain)(code)
    if status >= 500 or status in {408, 425, 429}:
        raise (Uncertain if writes and status in {500, 502, 504} else Unreachable)(code)
    raise Refused(code, conflict=status in {409, 412})


def _resource(body: bytes) -> dict[str, Any]:
    try:
        found = decode(body)
    except Fault as fault:
        raise Refused(fault.code, path=fault.path) from None
    if not isinstance(found, dict):
        raise Refused("fhir.shape", path="$")
    return found


def _entries(bundle: Mapping[str, Any], count: int) -> list[Mapping[str, Any]]:
    """An answer's entries, one for each that was asked. Raises ``Uncertain``: what became of the others is unknown."""
    entries = bundle.get("entry")
    if bundle.get("resourceType") != "Bundle" or not isinstance(entries, list) or len(entries) != count:
        raise Uncertain("fhir.answer")
    if not all(isinstance(one, dict) for one in entries):
        raise Uncertain("fhir.answer")
    return entries


def _status(entry: Mapping[str, Any]) -> int:
    response = entry.get("response")
    told = response.get("status") if isinstance(response, dict) else None
    digits = told[:3] if isinstance(told, str) else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 3 else 599


def _place(location: Any, kind: str) -> str | None:
    """``Type/id`` out of an address, absolute or not, with or without its version."""
    if not isinstance(location, str):
        return None
    segments = location.partition("?")[0].split("/_history")[0].rstrip("/").split("/")
    return f"{kind}/{segments[-1]}" if len(segments) > 1 and segments[-2] == kind else None


def _place_in(resource: Mapping[str, Any], kind: str) -> str | None:
    found = resource.get("id")
    return f"{kind}/{found}" if isinstance(found, str) and resource.get("resourceType") == kind else None


def _version_in(location: Any) -> str | None:
    found = location.partition("/_history/")[2] if isinstance(location, str) else ""
    return found or None


def _tag_of(etag: Any) -> str | None:
    """The version in an ETag: ``W/"3"``."""
    if not isinstance(etag, str):
        return None
    return etag.strip().removeprefix("W/").strip('"') or None
