"""Dialogue messages as XML, and back. Both versions have the same elements, in namespaces of their own."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from gateway.sdk import Fault
from gateway.sdk.xmlio import Limits, parse
from gateway_nhn_msh.kith.elements import BASE64, COMMON, MSGHEAD, In, Out, as_moment
from gateway_nhn_msh.kith.values import (
    Attachment,
    Coded,
    Conversation,
    Dialogue,
    Note,
    Organisation,
    Patient,
    Professional,
    Question,
    Role,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACES: Mapping[str, str] = {
    "1.0": "http://www.kith.no/xmlstds/dialog/2006-10-11",
    "1.1": "http://www.kith.no/xmlstds/dialog/2013-01-23",
}
MIG = "v1.2 2006-05-24"
"""The version that a MsgHead names."""

LIMITS = Limits(bytes=50_000_000, record_bytes=50_000_000)
"""A message may carry files: the service takes 35 MB, of which a third is base64."""

_DOCUMENT = Coded(code="XML", name="XML-instans")
_FILE = Coded(code="A", name="Vedlegg")


def write(message: Dialogue) -> bytes:
    """The message in UTF-8, declared so, as the service demands.

    Raises ``Fault`` ``kith.value`` for a character that XML cannot carry, ``kith.only_1_1`` for the subject of a
    question in version 1.0.
    """
    from lxml import etree  # noqa: PLC0415

    outer: Any = {None: MSGHEAD, "fk1": COMMON}  # the stubs know no default namespace
    root = etree.Element(f"{{{MSGHEAD}}}MsgHead", nsmap=outer)
    out = Out(root, MSGHEAD)
    _head(out.child("MsgInfo"), message)
    reference = out.child("Document").child("RefDoc")
    reference.coded("MsgType", _DOCUMENT)
    content = reference.child("Content")
    space = NAMESPACES[message.version]
    inner: Any = {None: space}
    body = Out(etree.SubElement(content.element, f"{{{space}}}Dialogmelding", nsmap=inner), space)
    for question in message.questions:
        _question(body, question, message.version)
    for note in message.notes:
        _note(body, note, message.version)
    for each in message.attachments:
        _attachment(out, each)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _head(info: Out, message: Dialogue) -> None:
    info.coded("Type", message.function)
    info.text("MIGversion", MIG)
    info.moment("GenDate", message.generated)
    info.text("MsgId", message.id)
    info.coded("ProcessingStatus", message.processing)
    info.coded("Ack", message.receipt)
    if message.conversation is not None:
        reference = info.child("ConversationRef")
        reference.text("RefToParent", message.conversation.parent)
        reference.text("RefToConversation", message.conversation.first)
    _organisation(info.child("Sender"), message.sender)
    _organisation(info.child("Receiver"), message.receiver)
    if message.patient is not None:
        patient = info.child("Patient")
        _names(patient, message.patient)
        patient.moment("DateOfBirth", message.patient.born)
        for one in message.patient.idents:
            patient.ident(one)


def _names(out: Out, named: Patient | Professional) -> None:
    for name, value in (("FamilyName", named.family), ("MiddleName", named.middle), ("GivenName", named.given)):
        out.text(name, value or None)


def _organisation(out: Out, told: Organisation) -> None:
    made = out.child("Organisation")
    made.text("OrganisationName", told.name)
    for one in told.idents:
        made.ident(one)
    if told.unit is not None:
        _organisation(made, told.unit)
    if told.professional is not None:
        _professional(made, told.professional, namespace=None)


def _professional(out: Out, told: Professional, *, namespace: str | None) -> None:
    made = out.child("HealthcareProfessional")
    made.coded("TypeHealthcareProfessional", told.profession)
    made.coded("RoleToPatient", told.relation)
    _names(made, told)
    for one in told.idents:
        made.ident(one, namespace=namespace)


def _question(out: Out, told: Question, version: str) -> None:
    if told.subject is not None and version == "1.0":
        raise Fault("kith.only_1_1", "$.subject")
    made = out.child("Foresporsel")
    made.coded("TypeForesp", told.type)
    made.text("EmneSporsmal", told.subject)
    made.text("Sporsmal", told.text)
    made.coded("Formål", told.purpose)
    made.text("Begrunnelse", told.reason)
    made.text("DokIdForesp", told.document)
    _roles(made, told.roles)


def _note(out: Out, told: Note, version: str) -> None:
    made = out.child("Notat")
    made.coded("TemaKodet", told.theme)
    made.text("Tema", told.title)
    made.text("TekstNotatInnhold", told.text)
    made.text("Merknad", told.remark)
    made.text("DokIdNotat", told.document)
    made.moment("DatoNotat", told.day)
    if told.question is not None:
        _question(made, told.question, version)
    _roles(made, told.roles)


def _roles(out: Out, roles: tuple[Role, ...]) -> None:
    for one in roles:
        made = out.child("RollerRelatertNotat")
        made.coded("RolleNotat", one.role)
        made.coded("RoleToPatient", one.relation)
        _professional(made, one.professional, namespace=COMMON)


def _attachment(out: Out, told: Attachment) -> None:
    reference = out.child("Document").child("RefDoc")
    if told.issued is not None:
        reference.child("IssueDate").put("V", told.issued.isoformat())
    reference.coded("MsgType", _FILE)
    reference.text("MimeType", told.media)
    reference.text("Description", told.name)
    reference.child("Content").child("Base64Container", BASE64).fill(base64.b64encode(told.content).decode())


def read(data: bytes) -> Dialogue:
    """What a message says. Raises ``Fault`` with a code of this package."""
    return from_root(parse(data, limits=LIMITS))


def from_root(root: "_Element") -> Dialogue:
    """What a message with this root says. Raises ``Fault``."""
    if root.tag != f"{{{MSGHEAD}}}MsgHead":
        raise Fault("kith.root", "$")
    head = In(root, MSGHEAD, "$.MsgHead")
    info = head.need("MsgInfo")
    if info.required("MIGversion") != MIG:
        raise Fault("kith.version", f"{info.path}.MIGversion")
    documents = [one.need("RefDoc") for one in head.all("Document")]
    if not documents:
        raise Fault("kith.missing", f"{head.path}.Document")
    version, body = _content(documents)
    conversation = info.maybe("ConversationRef")
    return Dialogue(
        version=version,
        function=info.code("Type"),
        id=info.required("MsgId"),
        generated=info.moment("GenDate"),
        processing=info.coded("ProcessingStatus"),
        receipt=info.coded("Ack"),
        conversation=None if conversation is None else _conversation(conversation),
        sender=_read_organisation(info.need("Sender").need("Organisation")),
        receiver=_read_organisation(info.need("Receiver").need("Organisation")),
        patient=_read_patient(info.maybe("Patient")),
        notes=tuple(_read_note(one) for one in body.all("Notat")),
        questions=tuple(_read_question(one) for one in body.all("Foresporsel")),
        attachments=tuple(one for each in documents if (one := _read_attachment(each)) is not None),
    )


def _content(documents: list[In]) -> tuple[Literal["1.0", "1.1"], In]:
    """The dialogue message among the documents. Raises ``Fault`` ``kith.content`` where there is not exactly one."""
    found: list[tuple[Literal["1.0", "1.1"], In]] = []
    versions: tuple[Literal["1.0", "1.1"], ...] = ("1.0", "1.1")
    for content in [inner for one in documents if (inner := one.maybe("Content")) is not None]:
        for version in versions:
            inside = content.maybe("Dialogmelding", NAMESPACES[version])
            if inside is not None:
                found.append((version, inside))
    if len(found) != 1:
        raise Fault("kith.content", f"{documents[0].path}.Content")
    return found[0]


def _conversation(told: In) -> Conversation:
    return Conversation(parent=told.required("RefToParent"), first=told.required("RefToConversation"))


def _read_organisation(told: In, *, depth: int = 0) -> Organisation:
    """An organisation may stand in another; deeper than three there is nothing to address."""
    unit, person = told.maybe("Organisation"), told.maybe("HealthcareProfessional")
    if depth > 3:
        raise Fault("kith.value", told.path)
    return Organisation(
        name=told.text("OrganisationName") or "",
        idents=told.idents(),
        unit=None if unit is None else _read_organisation(unit, depth=depth + 1),
        professional=None if person is None else _read_professional(person, namespace=None),
    )


def _named(told: In) -> dict[str, Any]:
    return {
        "given": told.text("GivenName") or "",
        "middle": told.text("MiddleName") or "",
        "family": told.text("FamilyName") or "",
    }


def _read_professional(told: In, *, namespace: str | None) -> Professional:
    return Professional(
        **_named(told),
        profession=told.coded("TypeHealthcareProfessional"),
        relation=told.coded("RoleToPatient"),
        idents=told.idents(namespace=namespace),
    )


def _read_patient(told: In | None) -> Patient | None:
    return None if told is None else Patient(**_named(told), born=told.day("DateOfBirth"), idents=told.idents())


def _read_question(told: In) -> Question:
    return Question(
        type=told.code("TypeForesp"),
        subject=told.text("EmneSporsmal"),
        text=told.text("Sporsmal"),
        purpose=told.coded("Formål"),
        reason=told.text("Begrunnelse"),
        document=told.text("DokIdForesp"),
        roles=_read_roles(told),
    )


def _read_note(told: In) -> Note:
    question = told.maybe("Foresporsel")
    return Note(
        theme=told.code("TemaKodet"),
        title=told.text("Tema"),
        text=told.text("TekstNotatInnhold"),
        remark=told.text("Merknad"),
        document=told.text("DokIdNotat"),
        day=told.day("DatoNotat"),
        question=None if question is None else _read_question(question),
        roles=_read_roles(told),
    )


def _read_roles(told: In) -> tuple[Role, ...]:
    """Roles of health professionals; those of other persons are passed over."""
    found = []
    for one in told.all("RollerRelatertNotat"):
        person = one.maybe("HealthcareProfessional")
        if person is not None:
            read_one = _read_professional(person, namespace=COMMON)
            found.append(Role(professional=read_one, role=one.coded("RolleNotat"), relation=one.coded("RoleToPatient")))
    return tuple(found)


def _read_attachment(told: In) -> Attachment | None:
    content = told.maybe("Content")
    carried = None if content is None else content.maybe("Base64Container", BASE64)
    if carried is None:
        return None
    try:
        held = base64.b64decode("".join((carried.element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise Fault("kith.value", f"{told.path}.Content.Base64Container") from None
    return Attachment(
        media=told.text("MimeType") or "application/octet-stream",
        content=held,
        name=told.text("Description"),
        issued=_issued(told.maybe("IssueDate")),
    )


def _issued(told: In | None) -> datetime | None:
    return None if told is None or not told.attribute("V") else as_moment(told.attribute("V"), told.path)
