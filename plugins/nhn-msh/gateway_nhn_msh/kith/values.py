"""What the messages say, as values. A tuple stands where the schema lets an element be repeated."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct


class Coded(Struct, frozen=True, kw_only=True):
    """A code (``V``), its code system's OID (``S``; empty where the element has none), its name (``DN``), text."""

    code: str
    system: str = ""
    name: str = ""
    text: str = ""


class Ident(Struct, frozen=True, kw_only=True):
    """An identifier and its type: ``FNR``, ``DNR``, ``HPR`` of persons, ``HER``, ``ENH`` of organisations."""

    id: str
    type: Coded


class Professional(Struct, frozen=True, kw_only=True):
    """A health professional, as sender, receiver or in a role to the note."""

    given: str = ""
    middle: str = ""
    family: str = ""
    profession: Coded | None = None
    relation: Coded | None = None
    idents: tuple[Ident, ...] = ()


class Organisation(Struct, frozen=True, kw_only=True):
    """A communication party: the organisation, in it perhaps the unit that speaks, in that perhaps a professional."""

    name: str
    idents: tuple[Ident, ...]
    unit: "Organisation | None" = None
    professional: Professional | None = None


class Patient(Struct, frozen=True, kw_only=True):
    """Whom the message is about. Name or identifier must be there, mostly both are."""

    given: str = ""
    middle: str = ""
    family: str = ""
    born: date | None = None
    idents: tuple[Ident, ...] = ()


class Conversation(Struct, frozen=True, kw_only=True):
    """The message that this one answers, and the first one of the dialogue; the first has none of this."""

    parent: str
    first: str


class Role(Struct, frozen=True, kw_only=True):
    """Who stands behind a note, and in which role."""

    professional: Professional
    role: Coded | None = None
    relation: Coded | None = None


class Question(Struct, frozen=True, kw_only=True):
    """``Foresporsel``: something is asked for. ``subject`` has a place from version 1.1 on."""

    type: Coded
    text: str | None = None
    subject: str | None = None
    purpose: Coded | None = None
    reason: str | None = None
    document: str | None = None
    roles: tuple[Role, ...] = ()


class Note(Struct, frozen=True, kw_only=True):
    """``Notat``: something is told; in an answer, with the question that it answers."""

    theme: Coded
    title: str | None = None
    text: str | None = None
    remark: str | None = None
    document: str | None = None
    day: date | None = None
    question: Question | None = None
    roles: tuple[Role, ...] = ()


class Attachment(Struct, frozen=True, kw_only=True):
    """A file beside the message, carried in it as base64."""

    media: str
    content: bytes
    name: str | None = None
    issued: datetime | None = None


class Dialogue(Struct, frozen=True, kw_only=True):
    """A dialogue message with its head. It holds questions or notes, never both.

    ``generated`` may lack a time zone, as the senders' own clocks do; who reads it takes it for Norwegian time.
    """

    version: Literal["1.0", "1.1"]
    function: Coded
    id: str
    generated: datetime
    sender: Organisation
    receiver: Organisation
    patient: Patient | None = None
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    conversation: Conversation | None = None
    receipt: Coded | None = None
    """``Ack``: whether an application receipt is wanted: ``J``, ``N``, or ``F`` (only of errors)."""
    processing: Coded | None = None
    """``ProcessingStatus``: production where absent, else ``D`` (debugging) or ``T``."""


class Unit(Struct, frozen=True, kw_only=True):
    """A department or person in the institution of a receipt."""

    name: str = ""
    id: str = ""
    id_type: Coded | None = None


class Party(Struct, frozen=True, kw_only=True):
    """The institution that sent a receipt, or that it is meant for."""

    name: str = ""
    id: str = ""
    id_type: Coded | None = None
    role: Coded | None = None
    units: tuple[Unit, ...] = ()
    people: tuple[Unit, ...] = ()


class Original(Struct, frozen=True, kw_only=True):
    """The message that a receipt is about."""

    id: str
    function: Coded
    issued: datetime


class AppRec(Struct, frozen=True, kw_only=True):
    """An application receipt. ``status``: ``1`` taken in, ``2`` rejected, ``3`` taken in with errors in a part."""

    version: Literal["1.0", "1.1"]
    id: str
    generated: datetime
    sender: Party
    receiver: Party
    status: Coded
    original: Original
    errors: tuple[Coded, ...] = ()
    software: str | None = None
    software_version: str | None = None


Message = Dialogue | AppRec
