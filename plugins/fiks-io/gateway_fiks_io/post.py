"""A stand-in of Fiks IO's HTTP side on loopback: the sending interface and the directory, over any broker.

It is our own reading of what KS publishes and of what its clients send; it says nothing about the service beyond it.
"""

import json
import threading
from collections.abc import Callable, Mapping
from email.parser import BytesParser
from email.policy import HTTP
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import parse_qs, urlsplit

from gateway.sdk.loopback import Answer, Asked, LoopbackServer
from gateway.sdk.simfaults import Troubles
from gateway_fiks_io.message import CLIENT_ID, LARGEST, OWN, is_account
from gateway_fiks_io.send import DIRECTORY, SEND

INTEGRATION, PASSWORD = "aa000000-0000-4000-8000-000000000001", "standin"
"""What the stand-in lets in; secret to nobody."""


class Published(Protocol):
    """What a broker must do for the stand-in."""

    def publish(self, receiver: str, headers: Mapping[str, Any], body: bytes, *, ttl: int | None = None) -> None:
        """Put a message into an account's queue."""
        ...


class PostOffice:
    """The stand-in while it is open.

    ``accounts`` maps (organisation, protocol) to an account, ``keys`` accounts to PEM.
    ``sent`` are the metadata of all that was handed in, in order; bodies are kept by the broker alone.
    """

    def __init__(self, broker: Published, *, fresh: Callable[[], str], port: int = 0) -> None:
        self.broker = broker
        self.fresh = fresh
        self.accounts: dict[tuple[str, str], str] = {}
        self.keys: dict[str, str] = {}
        self.sent: list[dict[str, Any]] = []
        self.troubles = Troubles()
        self._lock = threading.Lock()
        self._server = LoopbackServer(self._answer, port=port)
        self.url = self._server.url

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    def _answer(self, asked: Asked) -> Answer:
        return self.troubles.upon(lambda: self._own(asked), reads=asked.method == "GET")

    def _own(self, asked: Asked) -> Answer:
        known = (
            asked.headers.get("integrasjonid") == INTEGRATION and asked.headers.get("integrasjonpassord") == PASSWORD
        )
        if not known or not asked.headers.get("authorization", "").startswith("Bearer "):
            return Answer(status=401)
        if asked.method == "GET" and asked.path == f"{DIRECTORY}/lookup":
            query = {name: values[0] for name, values in parse_qs(urlsplit(asked.target).query).items()}
            found = self.accounts.get((query["identifikator"].removeprefix("ORG_NO."), query["meldingProtokoll"]))
            return _json({"kontoId": found}) if found else Answer(status=404)
        if asked.method == "GET" and asked.path.startswith(f"{DIRECTORY}/kontoer/"):
            key = self.keys.get(asked.path.removeprefix(f"{DIRECTORY}/kontoer/").removesuffix("/offentligNokkel"))
            return _json({"nokkel": key}) if key else Answer(status=404)
        if asked.method == "POST" and asked.path == SEND:
            return self._send(asked)
        return Answer(status=404)

    def _send(self, asked: Asked) -> Answer:
        parts = parts_of(asked.headers.get("content-type", ""), asked.body)
        try:
            told = json.loads(parts["metadata"])
            sender, receiver, kind = told["avsenderKontoId"], told["mottakerKontoId"], told["meldingType"]
        except (KeyError, ValueError, TypeError):
            return Answer(status=400)
        body = parts.get("data", b"")
        if not (is_account(sender) and is_account(receiver) and kind) or len(body) > LARGEST:
            return Answer(status=400)
        ident, own = self.fresh(), dict(told.get("headere") or {})
        headers = {"avsender-id": sender, "melding-id": ident, "type": kind}
        if told.get("svarPaMelding"):
            headers["svar-til"] = told["svarPaMelding"]
        if own.get(CLIENT_ID):
            headers["klientmelding-id"] = own[CLIENT_ID]
        headers |= {f"{OWN}{name}": value for name, value in own.items() if name != CLIENT_ID}
        with self._lock:
            self.sent.append({**told, "meldingId": ident})
        ttl = told.get("ttl")
        self.broker.publish(receiver, headers, body, ttl=None if ttl is None else int(ttl) // 1000)
        return _json({**told, "meldingId": ident})


def parts_of(content_type: str, body: bytes) -> dict[str, bytes]:
    """The parts of a form by name; empty for what is none."""
    whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    found: dict[str, bytes] = {}
    for part in whole.iter_parts() if whole.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        held = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(held, bytes):
            found[name] = held
    return found


def _json(told: Any) -> Answer:
    return Answer(body=json.dumps(told).encode())
