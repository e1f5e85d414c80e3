"""A stand-in for the message service on loopback: our reading of its published OpenAPI (version 2), and strict in it.

A request that the document does not allow is refused with 400: another version, an unknown parameter or key, a
document that is not UTF-8 XML in base64, a HER-id that is not the caller's. ``GET /_sim/state`` tells the truth;
``POST /_sim/faults`` orders faults; ``POST /_sim/letters`` has the other side write, ``POST /_sim/receipts`` answer.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from gateway.sdk import Fault
from gateway.sdk.loopback import Answer, Asked, LoopbackServer
from gateway.sdk.simfaults import Troubles
from gateway_nhn_msh.kith import dialogue
from gateway_nhn_msh.post import CHILD, OURS, THEIRS, Post

_GUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ERRORS = {"appRecStatus", "appRecErrorList", "ebXmlOverrides"}
_WORDS = ("Sover dårlig", "Trives bedre", "Ønsker et møte", "Er henvist videre", "Kommer ikke til timene")


def simulated(seed: int) -> list[dict[str, Any]]:
    """Letters that wait in the mailbox; synthetic, and equal for equal seeds."""
    return [
        {"text": f"{_WORDS[(seed + at) % len(_WORDS)]} ({seed}.{at})", "about": CHILD, "conversation": None}
        for at in range(10)
    ]


class _Wrong(Exception):
    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


class StandIn:
    """The service while it is open. With ``token`` every request must bear it; ``others`` may be written to as well."""

    def __init__(
        self,
        letters: Iterable[Mapping[str, Any]] = (),
        *,
        port: int = 0,
        ours: str = OURS,
        theirs: str = THEIRS,
        others: Iterable[str] = (),
        token: str = "",
    ) -> None:
        self.post = Post(letters)
        self.ours, self.theirs, self.token = ours, theirs, token
        self.others = frozenset(others)
        self.troubles = Troubles()
        self.asked: list[str] = []
        self._server = LoopbackServer(self._answer, port=port)
        self.url, self.wait, self.close = self._server.url, self._server.wait, self._server.close

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/_sim/"):
            return self._simulated(asked)
        self.asked.append(f"{asked.method} {asked.target}")
        return self.troubles.upon(lambda: self._own(asked), reads=asked.method == "GET")

    def _simulated(self, asked: Asked) -> Answer:
        try:
            if (asked.method, asked.path) == ("GET", "/_sim/state"):
                return _json(self.post.state())
            told = json.loads(asked.body)
            if asked.path == "/_sim/faults":
                self.troubles.order(told)
            elif asked.path == "/_sim/letters":
                self.post.write(**told)
            elif asked.path == "/_sim/receipts":
                self.post.answer(told["id"], *told.get("errors", ()))
            else:
                return Answer(status=404)
        except (Fault, ValueError, TypeError, KeyError):
            return Answer(status=400)
        return Answer(status=204)

    def _own(self, asked: Asked) -> Answer:
        try:
            self._head(asked)
            return self._routed(asked)
        except _Wrong as wrong:
            told = {"error": wrong.error, "errorCode": 1000, "validationErrors": None, "requestId": "standin"}
            return _json(told, status=wrong.status)

    def _routed(self, asked: Asked) -> Answer:
        for method, pattern, act in self._routes():
            found = re.fullmatch(pattern, asked.path)
            if found and method == asked.method:
                return act(asked, *found.groups())
        raise _Wrong(404, "no such operation")

    def _head(self, asked: Asked) -> None:
        if self.token and asked.headers.get("authorization") not in {f"Bearer {self.token}", f"DPoP {self.token}"}:
            raise _Wrong(401, "token")
        if asked.headers.get("api-version") != "2":
            raise _Wrong(400, "api-version")
        if not asked.headers.get("nhn-source-system"):
            raise _Wrong(400, "nhn-source-system")

    def _routes(self) -> Iterable[tuple[str, str, Callable[..., Answer]]]:
        return (
            ("GET", "/Messages", self._list),
            ("POST", "/Messages", self._send),
            ("GET", f"/Messages/({_GUID})/business-document", self._document),
            ("GET", f"/Messages/({_GUID})/status", self._status),
            ("GET", f"/Messages/({_GUID})/apprec", self._told),
            ("POST", f"/Messages/({_GUID})/apprec/([0-9]+)", self._receipt),
            ("PUT", f"/Messages/({_GUID})/read/([0-9]+)", self._read),
        )

    def _list(self, asked: Asked) -> Answer:
        query = parse_qsl(urlsplit(asked.target).query, keep_blank_values=True)
        known = {"ReceiverHerIds", "SenderHerId", "BusinessDocumentId", "IncludeMetadata", "MessagesToFetch", "OrderBy"}
        told = dict(query)
        most = told.get("MessagesToFetch", "10")
        if set(told) - known or "ReceiverHerIds" not in told or not (most.isdigit() and 1 <= int(most) <= 100):
            raise _Wrong(400, "parameters")
        if {value for name, value in query if name == "ReceiverHerIds"} != {self.ours}:
            raise _Wrong(403, "Not authorized for HerId(s)")
        if told.get("SenderHerId", self.theirs) != self.theirs:
            return _json([])
        whole = told.get("IncludeMetadata") == "true"
        with self.post.lock:
            unread = [(ident, one) for ident, one in self.post.inbox.items() if not one.read][: int(most)]
            rows = [
                {"id": ident, "receiverHerId": int(self.ours)}
                | (
                    {
                        "contentType": "application/xml", "senderHerId": int(self.theirs),
                        "businessDocumentId": one.message, "isAppRec": one.is_receipt, "unknownProperty": "value",
                        "businessDocumentGenDate": "2025-08-21T11:21:16.0004155",
                    }
                    if whole
                    else {}
                )
                for ident, one in unread
            ]  # fmt: skip
        return _json(rows)

    def _send(self, asked: Asked) -> Answer:
        body = _body(asked, {"businessDocument", "contentType", "contentTransferEncoding", "ebXmlOverrides",
                             "receiverHerIdsSubset"})  # fmt: skip
        try:
            document = base64.b64decode(str(body.get("businessDocument", "")), validate=True)
        except binascii.Error:
            raise _Wrong(400, "businessDocument") from None
        if (body.get("contentType"), body.get("contentTransferEncoding")) != ("application/xml", "base64"):
            raise _Wrong(400, "contentType")
        if not re.match(rb"""<\?xml version=["']1\.0["'] encoding=["']UTF-8["']\?>""", document):
            raise _Wrong(400, "the encoding must be declared as UTF-8")
        try:
            message = dialogue.read(document)
            if not isinstance(message.generated, datetime):
                raise _Wrong(400, "GenDate")
            sender, receiver = (each.unit or each for each in (message.sender, message.receiver))
            if self.ours not in {one.id for one in sender.idents}:
                raise _Wrong(403, "Not authorized for HerId(s)")
            if not {self.theirs, *self.others} & {one.id for one in receiver.idents}:
                raise _Wrong(400, "receiver")
            return _json(self.post.take(document), status=201)
        except Fault as fault:
            raise _Wrong(400, fault.code) from None

    def _document(self, asked: Asked, ident: str) -> Answer:
        one = self.post.inbox.get(ident)
        if one is None:
            raise _Wrong(404, "Could not find database document")
        told = base64.b64encode(one.document).decode()
        return _json({"businessDocument": told, "contentType": "application/xml", "contentTransferEncoding": "base64"})

    def _status(self, asked: Asked, ident: str) -> Answer:
        one = self.post.sent.get(ident)
        if one is None:
            raise _Wrong(404, "Could not find database document")
        told = {"transportDeliveryState": one.transport, "appRecStatus": one.answer}
        return _json([{"receiverHerId": int(self.theirs), **told}])

    def _told(self, asked: Asked, ident: str) -> Answer:
        one = self.post.sent.get(ident)
        if one is None:
            raise _Wrong(404, "Could not find database document")
        errors = [{"errorCode": code, "details": "Feil hos mottaker"} for code in one.errors]
        return _json([{"receiverHerId": int(self.theirs), "appRecStatus": one.answer, "appRecErrorList": errors}])

    def _receipt(self, asked: Asked, ident: str, her_id: str) -> Answer:
        body = _body(asked, _ERRORS)
        one = self.post.inbox.get(ident)
        if one is None or one.is_receipt:
            raise _Wrong(404, "Could not find database document")
        errors = body.get("appRecErrorList") or []
        if her_id != self.ours:
            raise _Wrong(403, "Not authorized for HerId(s)")
        if body.get("appRecStatus") not in {"Ok", "Rejected"} or (body["appRecStatus"] == "Ok") == bool(errors):
            raise _Wrong(400, "appRecStatus")
        if any(set(each) != {"errorCode", "details"} for each in errors):
            raise _Wrong(400, "appRecErrorList")
        with self.post.lock:
            one.answers.append({"status": body["appRecStatus"], "errors": [each["errorCode"] for each in errors]})
        return _json(self.post.ident(), status=201)

    def _read(self, asked: Asked, ident: str, her_id: str) -> Answer:
        one = self.post.inbox.get(ident)
        if one is None:
            raise _Wrong(404, "Could not find database document")
        if her_id != self.ours:
            raise _Wrong(403, "Not authorized for HerId(s)")
        with self.post.lock:
            one.read = True
        return Answer(status=204)


def _body(asked: Asked, known: set[str]) -> dict[str, Any]:
    try:
        told = json.loads(asked.body)
    except ValueError:
        raise _Wrong(400, "body") from None
    if not isinstance(told, dict) or set(told) - known or asked.headers.get("content-type") != "application/json":
        raise _Wrong(400, "body")
    return told


def _json(value: Any, *, status: int = 200) -> Answer:
    return Answer(status=status, body=json.dumps(value, ensure_ascii=False).encode())
