"""The post office of the stand-in: what was sent, what the receiver's system keeps, what lies in our mailbox.

The receiver's system is a strict reader of ours: it keeps a message once by its ``MsgId``, as the standard asks of it,
and rejects what it cannot read.
"""

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct

from gateway_nhn_msh.kith import codes, dialogue, receipt
from gateway_nhn_msh.kith.values import (
    AppRec,
    Attachment,
    Coded,
    Conversation,
    Dialogue,
    Note,
    Organisation,
    Original,
    Party,
    Patient,
    Professional,
    Question,
)

CHILD = "06821099739"
OURS, THEIRS = "8143060", "8094866"
GENERATED = datetime(2026, 3, 1, 9, 30)  # noqa: DTZ001 - as many senders do, without a zone


class Outgoing(Struct, kw_only=True):
    """A message that was sent: how its transport went, and what its receiver said."""

    document: bytes
    message: str
    transport: Literal["Unconfirmed", "Acknowledged", "Rejected"] = "Unconfirmed"
    answer: Literal["Ok", "Rejected", "OkErrorInMessagePart"] | None = None
    errors: tuple[str, ...] = ()


class Incoming(Struct, kw_only=True):
    """A message in our mailbox: whether it is read, and what was answered."""

    document: bytes
    message: str
    is_receipt: bool = False
    read: bool = False
    answers: list[dict[str, Any]] = []


class Post:
    """All of it. Ids are counted, so that equal stories have equal ids."""

    def __init__(self, letters: Iterable[Mapping[str, Any]] = ()) -> None:
        self.lock = threading.RLock()
        self.sent: dict[str, Outgoing] = {}
        self.kept: dict[str, Dialogue] = {}
        self.inbox: dict[str, Incoming] = {}
        self._count = 0
        for one in letters:
            self.write(**one)

    def ident(self) -> str:
        """A new id of the service's own."""
        with self.lock:
            self._count += 1
            return str(uuid5(NAMESPACE_URL, f"standin/{self._count}"))

    def take(self, document: bytes) -> str:
        """A message to the other side. Raises ``Fault`` where it is none."""
        message = dialogue.read(document)
        with self.lock:
            ident = self.ident()
            self.sent[ident] = Outgoing(document=document, message=message.id)
            self.kept.setdefault(message.id, message)
            return ident

    def arrive(self, ident: str, *, rejected: bool = False) -> None:
        """The transport receipt for a message that was sent."""
        with self.lock:
            self.sent[ident].transport = "Rejected" if rejected else "Acknowledged"

    def answer(self, ident: str, *errors: str, version: Literal["1.0", "1.1"] = "1.1") -> str:
        """The receiver's application receipt, which also comes into our mailbox; the id that it has there."""
        with self.lock:
            one = self.sent[ident]
            one.transport, one.answer, one.errors = "Acknowledged", "Rejected" if errors else "Ok", errors
            found = dialogue.read(one.document)
            told = AppRec(
                version=version,
                id=self.ident(),
                generated=found.generated,
                sender=Party(name="Legesenteret", id=THEIRS, id_type=Coded(code="HER", name="HER-id")),
                receiver=Party(name="Koordinerende enhet", id=OURS, id_type=Coded(code="HER", name="HER-id")),
                status=codes.REJECTED if errors else codes.TAKEN,
                errors=tuple(codes.error(code) for code in errors),
                original=Original(id=one.message, function=found.function, issued=found.generated),
            )
            return self.put(receipt.write(told), told.id, is_receipt=True)

    def put(self, document: bytes, message: str, *, is_receipt: bool = False) -> str:
        """Lay a document into our mailbox; its id there."""
        with self.lock:
            ident = self.ident()
            self.inbox[ident] = Incoming(document=document, message=message, is_receipt=is_receipt, answers=[])
            return ident

    def write(self, **told: Any) -> str:
        """The other side writes to us; the message's id. See ``letter`` for what can be told."""
        made = letter(**{"ident": self.ident(), **told})
        self.put(dialogue.write(made), made.id)
        return made.id

    def state(self) -> dict[str, Any]:
        """The truth, in plain values."""
        with self.lock:
            return {
                "sent": {
                    ident: {"message": one.message, "transport": one.transport, "answer": one.answer}
                    for ident, one in self.sent.items()
                },
                "kept": sorted(self.kept),
                "inbox": {
                    ident: {"message": one.message, "receipt": one.is_receipt, "read": one.read, "answers": one.answers}
                    for ident, one in self.inbox.items()
                },
            }


def letter(
    *,
    ident: str,
    text: str = "",
    conversation: str | None = None,
    about: str = CHILD,
    by: str = "Grønn Vits",
    sender: str = THEIRS,
    question: bool = False,
    version: Literal["1.0", "1.1"] = "1.0",
    file: bytes | None = None,
    wanted: str = "J",
) -> Dialogue:
    """A letter from the other side: a note, or a question, about a child, in one of our conversations or in none."""
    given, _, family = by.rpartition(" ")
    place = Organisation(
        name="Legesenteret",
        idents=(codes.her("8142952"),),
        unit=Organisation(
            name="Fastlegene",
            idents=(codes.her(sender),),
            professional=Professional(
                given=given,
                family=family,
                idents=(codes.her("8143025"),),
                profession=Coded(code="LE", name="Lege"),
            ),
        ),
    )
    unit = Organisation(name="Koordinerende enhet", idents=(codes.her(OURS),))
    mine = Organisation(name="Kommunen", idents=(codes.her("8142987"),), unit=unit)
    theme = Coded(code="99", system="2.16.578.1.12.4.1.1.9153", name="Annen henvendelse")
    return Dialogue(
        version=version,
        function=codes.function("DIALOG_FORESPORSEL" if question else "DIALOG_NOTAT"),
        id=ident,
        generated=GENERATED,
        sender=place,
        receiver=mine,
        receipt=Coded(code=wanted),
        patient=Patient(given="Nora", family="Berg", idents=(codes.person(about),)) if about else Patient(given="Nora"),
        conversation=None if conversation is None else Conversation(parent=conversation, first=conversation),
        notes=() if question else (Note(theme=theme, text=text, day=GENERATED.date()),),
        questions=(Question(type=codes.OTHER_ENQUIRY, text=text),) if question else (),
        attachments=() if file is None else (Attachment(media="application/pdf", content=file),),
    )
