"""The calls of the message service's REST interface (MSH API version 2); answers are looked at before they are used."""

import base64
import binascii
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from gateway.sdk import Fault, Refused
from gateway.sdk.http import HttpClient, Response

VERSION = "2"


class Waiting(Struct, frozen=True, rename="camel"):
    """A message that nobody has marked as read. What an answer holds beside these fields is passed over."""

    id: str
    receiver_her_id: int | None = None
    sender_her_id: int | None = None
    business_document_id: str | None = None
    is_app_rec: bool | None = None


class _Document(Struct, frozen=True, rename="camel"):
    business_document: str
    content_transfer_encoding: str = "base64"


class State(Struct, frozen=True, rename="camel"):
    """How far a message has come with one of its receivers."""

    receiver_her_id: int
    transport_delivery_state: Literal["Unconfirmed", "Acknowledged", "Rejected"]
    app_rec_status: Literal["Ok", "Rejected", "OkErrorInMessagePart"] | None = None


class AppRecError(Struct, frozen=True, rename="camel"):
    """Why a receiver rejects; its words are not used."""

    error_code: str | None = None


class ReceiptInfo(Struct, frozen=True, rename="camel"):
    """What a receiver's application receipt said."""

    receiver_her_id: int
    app_rec_status: str | None = None
    app_rec_error_list: list[AppRecError] | None = None


class MessageService:
    """The service for one mailbox. Raises what the client raises, and ``Refused`` for an answer that makes no sense."""

    def __init__(self, http: HttpClient, *, software: str) -> None:
        self.http = http
        self._headers = {"api-version": VERSION, "nhn-source-system": software}

    def send(self, document: bytes) -> str | None:
        """The service's own id of the message; ``None`` where it took it and told none.

        The same message twice has the same ``MsgId``, by which its receiver knows it again.
        """
        body = {
            "businessDocument": base64.b64encode(document).decode(),
            "contentType": "application/xml",
            "contentTransferEncoding": "base64",
        }
        answer = self._ask("POST", "Messages", json=body, repeatable=True)
        try:
            return _guid(answer.json())
        except (Fault, Refused):
            return None

    def waiting(self, *, receiver: str, sender: str, most: int) -> list[Waiting]:
        """Unread messages from a sender to a receiver, the oldest first."""
        told = {"ReceiverHerIds": receiver, "SenderHerId": sender, "IncludeMetadata": "true", "MessagesToFetch": most}
        found: list[Waiting] = _as(self._ask("GET", "Messages", params=told), list[Waiting])
        for one in found:
            _guid(one.id)
        return list({one.id: one for one in found}.values())

    def document(self, ident: str) -> bytes | None:
        """The document of a message, ``None`` where the service does not have it. Raises ``Refused`` ``nhn.answer``."""
        answer = self._ask("GET", f"Messages/{ident}/business-document", accept=(404,))
        if answer.status == 404:
            return None
        told = _as(answer, _Document)
        try:
            return base64.b64decode("".join(told.business_document.split()), validate=True)
        except (binascii.Error, ValueError):
            raise Refused("nhn.answer", path="$.businessDocument") from None

    def states(self, ident: str) -> list[State]:
        """How far a sent message has come; empty where the service does not know it."""
        answer = self._ask("GET", f"Messages/{ident}/status", accept=(404,))
        return [] if answer.status == 404 else _as(answer, list[State])

    def receipts(self, ident: str) -> list[ReceiptInfo]:
        """What receivers said of a sent message."""
        answer = self._ask("GET", f"Messages/{ident}/apprec", accept=(404,))
        return [] if answer.status == 404 else _as(answer, list[ReceiptInfo])

    def receipt(self, ident: str, *, sender: str, error: str | None, words: str = "") -> None:
        """Tell the sender of a message that it was taken in, or why not; ``error`` is a code of list 8221."""
        body: dict[str, Any] = {"appRecStatus": "Ok", "appRecErrorList": []}
        if error is not None:
            body = {"appRecStatus": "Rejected", "appRecErrorList": [{"errorCode": error, "details": words}]}
        # The same receipt twice says the same, so it may be said again when its answer was lost; 409 says it is there.
        self._ask("POST", f"Messages/{ident}/apprec/{sender}", json=body, repeatable=True, accept=(404, 409))

    def read(self, ident: str, *, receiver: str) -> None:
        """Mark a message as read: it is not offered again."""
        self._ask("PUT", f"Messages/{ident}/read/{receiver}", repeatable=True, accept=(404,))

    def _ask(self, method: str, path: str, **rest: Any) -> Response:
        return self.http.request(method, path, headers=self._headers, expect="json", **rest)


def _guid(told: object) -> str:
    try:
        return str(UUID(str(told)))
    except ValueError:
        raise Refused("nhn.answer", path="$.id") from None


def _as(answer: Response, kind: Any) -> Any:
    try:
        return msgspec.convert(answer.json(), kind)
    except (Fault, msgspec.ValidationError):
        raise Refused("nhn.answer") from None


__all__ = ["AppRecError", "MessageService", "ReceiptInfo", "State", "Waiting"]
