"""A message of Fiks IO: what it is, its headers over AMQP and its metadata over HTTP.

Header names: ``content/Tjenester/fiksprotokoll/fiksio.md``, Headere og properties. A header of one's own has the prefix
``egendefinert-header.``; the correlation travels as such a one.
"""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from gateway.sdk import Fault

OWN = "egendefinert-header."
CORRELATION = "klientKorrelasjonsId"
CLIENT_ID = "klientMeldingId"
QUEUE = "fiksio.konto."
LARGEST = 5_000_000
"""Bytes that a message may have over AMQP; more goes by Fiks Dokumentlager."""

TIMED_OUT = "no.ks.fiks.kvittering.tidsavbrudd"
SERVER_FAILED = "no.ks.fiks.kvittering.serverfeil.v1"
LASTS = 7 * 24 * 3600
"""Seconds that a message lives when its sender says nothing."""

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TYPE = re.compile(r"[A-Za-z0-9._-]{1,200}")
_CORRELATIONS = (CORRELATION, "klient-korrelasjonsid")
_CLIENT_IDS = (CLIENT_ID, "klient-meldingid", "klientmelding-id")


class Message(Struct, frozen=True, kw_only=True):
    """One message. ``id`` is new each time it is sent; ``client_id`` stays when it is sent again.

    ``body`` is the envelope, empty for a bare receipt. ``sender`` and ``receiver`` are accounts. ``reply_to`` is the
    id of the message that it answers, ``correlation`` the conversation's. ``ttl`` is in seconds.
    """

    id: str
    type: str
    sender: str
    receiver: str
    body: bytes = b""
    reply_to: str | None = None
    client_id: str | None = None
    correlation: str | None = None
    ttl: int | None = None
    headers: Mapping[str, str] = {}
    again: bool = False
    """Whether the queue says that it was delivered before."""


class Outgoing(Struct, frozen=True, kw_only=True):
    """What is handed in. ``client_id`` is the sender's own and the same on every try."""

    type: str
    receiver: str
    client_id: str
    body: bytes = b""
    reply_to: str | None = None
    correlation: str | None = None
    ttl: int = LASTS
    headers: Mapping[str, str] = {}


def answer_to(message: Message, *, type: str, body: bytes = b"", ttl: int = LASTS) -> Outgoing:  # noqa: A002 - the protocol's name
    """The reply to a message: to its sender, with its id and its correlation; the same id however often it is sent."""
    return Outgoing(
        type=type,
        receiver=message.sender,
        client_id=message.id,
        body=body,
        reply_to=message.id,
        correlation=message.correlation,
        ttl=ttl,
    )


def queue_of(account: str) -> str:
    """The name of an account's queue."""
    return f"{QUEUE}{account}"


def is_account(text: str) -> bool:
    """Whether a text can be an account or an id: a UUID in lower case."""
    return _UUID.fullmatch(text) is not None


def headers_of(message: Message) -> dict[str, str]:
    """The message's headers over AMQP, as the service writes them."""
    told = {"avsender-id": message.sender, "melding-id": message.id, "type": message.type}
    if message.reply_to is not None:
        told["svar-til"] = message.reply_to
    if message.client_id is not None:
        told["klientmelding-id"] = message.client_id
    own = dict(message.headers)
    if message.correlation is not None:
        own[CORRELATION] = message.correlation
    return told | {f"{OWN}{name}": value for name, value in own.items()}


def message_of(
    headers: Mapping[str, Any], body: bytes, *, receiver: str, again: bool, expiration: str | None
) -> Message:
    """A message as it came out of a queue. Raises ``Fault`` ``fiks.message.headers`` with the header that is wrong."""
    plain = {
        name: _text(value, name) for name, value in headers.items() if value is not None and not name.startswith("x-")
    }
    own = {name.removeprefix(OWN): value for name, value in plain.items() if name.startswith(OWN)}
    kind = plain.get("type", "")
    if not _TYPE.fullmatch(kind):
        raise Fault("fiks.message.headers", "type")
    for name in ("avsender-id", "melding-id"):
        if not is_account(plain.get(name, "")):
            raise Fault("fiks.message.headers", name)
    reply_to = plain.get("svar-til")
    if reply_to is not None and not is_account(reply_to):
        raise Fault("fiks.message.headers", "svar-til")
    if plain.get("dokumentlager-id"):
        raise Fault("fiks.message.size", "dokumentlager-id")
    everything = own | plain
    return Message(
        id=plain["melding-id"],
        type=kind,
        sender=plain["avsender-id"],
        receiver=receiver,
        body=body,
        reply_to=reply_to,
        client_id=next((everything[name] for name in _CLIENT_IDS if everything.get(name)), None),
        correlation=next((everything[name] for name in _CORRELATIONS if everything.get(name)), None),
        ttl=int(expiration) // 1000 if expiration is not None and expiration.isdigit() else None,
        headers={name: value for name, value in own.items() if name not in _CORRELATIONS},
        again=again,
    )


def _text(value: object, name: str) -> str:
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            raise Fault("fiks.message.headers", name if name.isascii() else "$") from None
    if not isinstance(value, (str, int, float, bool)):
        return ""
    return str(value)[:1000]
