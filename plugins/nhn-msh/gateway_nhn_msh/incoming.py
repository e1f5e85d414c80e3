"""What a message from outside says, in canonical names, and what is answered about it. Pure.

A note about a child in one of our conversations is a concern that an employee tells of. Whom it is about is told by
the number in its head, so that a letter about another child never comes into this one's case.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from gateway.sdk import Fault, Raw, Reading
from gateway_nhn_msh.kith import codes, dialogue, receipt
from gateway_nhn_msh.kith.values import Dialogue, Note, Organisation, Question

OSLO = "Europe/Oslo"
DIALOGUE, RECEIPT, TOO_LARGE = "dialogue", "receipt", "too-large"
"""Kinds of what lies in the mailbox."""

_REASONS = {
    "nhn.attachment": "X99",
    "nhn.too_large": "X99",
    "nhn.patient": "E30",
    "nhn.sender": "E10",
    "nhn.function": "T10",
    "kith.root": "T10",
    "kith.version": "T10",
    "kith.content": "T10",
    "kith.missing": "T02",
    "kith.value": "T02",
}
"""What the sender of a message that cannot be read is told, by our code; without one ``T01``: it is unreadable."""


def readings(raw: Raw, *, peer: str) -> list[Reading]:
    """What a record of the mailbox says. ``peer`` is the HER-id whose letters these are. Raises ``Fault``.

    An application receipt says nothing about a case: what became of a delivery is asked of the service.
    """
    if raw.kind == TOO_LARGE:
        raise Fault("nhn.too_large", "$")
    if not isinstance(raw.body, bytes) or not raw.body:
        raise Fault("nhn.unread", "$")
    if raw.kind == RECEIPT:
        receipt.read(raw.body)
        return []
    if raw.kind not in {DIALOGUE, "concern"}:
        raise Fault("nhn.kind", "$")
    return list(_concerns(checked(dialogue.read(raw.body), peer=peer)))


def checked(message: Dialogue, *, peer: str) -> Dialogue:
    """A message that can be taken in.

    Raises ``Fault``: ``nhn.function`` (another kind of message), ``nhn.sender`` (from somebody else than it came from),
    ``nhn.patient`` (nobody's number), ``nhn.attachment`` (files, which have no place here).
    """
    if message.function.code not in codes.FUNCTIONS:
        raise Fault("nhn.function", "$.MsgHead.MsgInfo.Type")
    if peer not in _her_ids(message.sender):
        raise Fault("nhn.sender", "$.MsgHead.MsgInfo.Sender")
    if number_of(message) is None:
        raise Fault("nhn.patient", "$.MsgHead.MsgInfo.Patient.Ident")
    if message.attachments:
        raise Fault("nhn.attachment", "$.MsgHead.Document[1]")
    return message


def number_of(message: Dialogue) -> str | None:
    """The patient's national number."""
    idents = message.patient.idents if message.patient is not None else ()
    return next((one.id for one in idents if one.type.code in {"FNR", "DNR", "FHN"} and one.id), None)


def _her_ids(told: Organisation) -> set[str]:
    found = {one.id for one in told.idents if one.type.code == "HER"}
    if told.professional is not None:
        found |= {one.id for one in told.professional.idents if one.type.code == "HER"}
    return found | (_her_ids(told.unit) if told.unit is not None else set())


def _concerns(message: Dialogue) -> Iterator[Reading]:
    day = (
        message.generated if message.generated.tzinfo is None else message.generated.astimezone(ZoneInfo(OSLO))
    ).date()
    case = message.conversation.first if message.conversation is not None else message.id
    writer = _writer(message)
    told: list[Note | Question] = [*message.notes, *message.questions]
    for at, one in enumerate(told):
        on = (one.day if isinstance(one, Note) else None) or day
        summary = _text(one)
        fields = {
            "raised_on": on.isoformat(),
            "raised_by": "employee",
            **({"raised_by_name": writer} if writer else {}),
            **({"summary": summary} if summary else {}),
        }
        asks = isinstance(one, Question)
        yield Reading(
            kind="concern",
            id=f"{message.id}:{at}",
            case=case,
            category="concern",
            about=[number_of(message) or ""],
            fields=fields,
            doubts=(("nhn.question", "$.MsgHead.Document.RefDoc.Content"),) if asks else (),
        )


def _text(one: Note | Question) -> str:
    if isinstance(one, Note):
        return "\n".join(part for part in (one.title, one.text, one.remark) if part)
    return "\n".join(part for part in (one.subject, one.text, one.reason) if part)


def _writer(message: Dialogue) -> str:
    """The health professional behind the message, by name; empty where none is told."""
    place: Organisation | None = message.sender
    person = None
    while place is not None:
        person = place.professional or person
        place = place.unit
    told: list[Note | Question] = [*message.notes, *message.questions]
    roles = [one.professional for each in told for one in each.roles]
    found = person or (roles[0] if roles else None)
    return "" if found is None else " ".join(part for part in (found.given, found.middle, found.family) if part)


def verdict(raw: Raw, *, peer: str) -> str | None:
    """``None`` where a message can be taken in, else the code of the national list that its sender is told."""
    try:
        readings(raw, peer=peer)
    except Fault as fault:
        return _REASONS.get(fault.code, "T01")
    return None


def wants_receipt(raw: Raw) -> bool:
    """Whether the sender of a message waits for an application receipt: unless it says that it does not."""
    if raw.kind == RECEIPT:
        return False
    try:
        told = dialogue.read(raw.body if isinstance(raw.body, bytes) else b"")
    except Fault:
        return True
    return told.receipt is None or told.receipt.code != "N"


def wants_only_errors(raw: Raw) -> bool:
    """Whether the sender wants to hear of errors alone."""
    try:
        told = dialogue.read(raw.body if isinstance(raw.body, bytes) else b"")
    except Fault:
        return False
    return told.receipt is not None and told.receipt.code == "F"
