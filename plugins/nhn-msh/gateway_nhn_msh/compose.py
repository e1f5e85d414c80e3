"""What the gate released as a dialogue message: the child in the head, a note for each item, nothing else. Pure.

Each item becomes one note, or one enquiry, with the heading and lines that the mapping gives its fields. A later
message goes in the same conversation and holds only what has changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import Struct

from gateway.sdk import Maps, Refused, Release
from gateway_nhn_msh.kith import codes
from gateway_nhn_msh.kith.values import Conversation, Dialogue, Note, Organisation, Patient, Question
from gateway_nhn_msh.options import Correspondent, Options

TITLE = "Tema"
"""The key of a mapped body that holds the note's heading; the others are its lines."""

_LEFT_OUT = frozenset({"Stafettlogg", "Løpenummer"})
"""Keys by which a mapping finds records, which a letter has no use for."""

EMPTIED = "–"
"""Stands behind the name of a field that is empty now."""


class Letter(Struct, frozen=True, kw_only=True):
    """A message, and what the receiver knows the case and each of the release's parts by after it."""

    message: Dialogue
    conversation: str
    parts: tuple[str, ...]


def message_id(key: str) -> str:
    """The message's id for a key: a message that is sent again is the same message (``MsgInfo/MsgId``)."""
    return str(uuid5(NAMESPACE_URL, f"bti-gateway/nhn-msh/{key}"))


def letter_of(
    release: Release, key: str, *, options: Options, receiver: Correspondent, maps: Maps, now: datetime
) -> Letter:  # fmt: skip
    """The letter for a document release, generated ``now`` (a time with an offset).

    Raises ``Refused`` ``nhn.patient`` where the child's number was not released, ``Fault`` from the mapping.
    """
    number, patient = _patient(release)
    told = [*_told(release, maps, number)] or [("Stafettlogg", "")]
    each = isinstance(options.receiver, str)
    # What is sent again to another doctor is another message.
    own = message_id(f"{key}/{receiver.her_id}" if each else key)
    first = release.native_id.partition("/")[0] if release.native_id is not None else None
    plain = options.dialogue == "henvendelse"
    message = Dialogue(
        version="1.0" if plain else "1.1",
        function=codes.function("DIALOG_FORESPORSEL" if plain else "DIALOG_HELSEFAGLIG"),
        id=own,
        generated=now.replace(microsecond=0),
        receipt=codes.WANTED,
        conversation=None if first is None else Conversation(parent=release.version or first, first=first),
        sender=_party(options.sender),
        receiver=_party(receiver),
        patient=patient,
        notes=() if plain else tuple(_note(title, text, now.date()) for title, text in told),
        questions=tuple(_question(title, text) for title, text in told) if plain else (),
    )
    parts = tuple(part.native_id or _named(part, release, number, key) for part in release.parts)
    return Letter(message=message, conversation=first or own, parts=parts)


def _named(part: Release, release: Release, number: str, key: str) -> str:
    """What the receiver knows a part by: the patient by number, anything else by nothing that it ever sees."""
    if part.kind == "person" and part.id == release.fields.get("subject"):
        return number
    return str(uuid5(NAMESPACE_URL, f"bti-gateway/nhn-msh/{key}/{part.id}"))


def _patient(release: Release) -> tuple[str, Patient]:
    """The child: by the person that came with the release, or, in a later message, by the number alone."""
    subject = str(release.fields.get("subject") or "")
    child = next((part.fields for part in release.parts if part.kind == "person" and part.id == subject), None)
    fields: Mapping[str, Any] = child if child is not None else {"number": release.refs.get(subject)}
    number = fields.get("number") or release.refs.get(subject)
    if not isinstance(number, str) or not (number.isascii() and number.isdigit() and len(number) == 11):
        raise Refused("nhn.patient", path="$.subject.number")
    born = fields.get("birth_date")
    return number, Patient(
        given=str(fields.get("given_name") or ""),
        family=str(fields.get("family_name") or ""),
        born=date.fromisoformat(born) if isinstance(born, str) else None,
        idents=(codes.person(number),),
    )


def _told(release: Release, maps: Maps, number: str) -> Iterator[tuple[str, str]]:
    """Heading and text for each item of which something is new; the child itself stands in the head."""
    for one in (release, *release.parts):
        is_child = one.kind == "person" and (
            one.id == release.fields.get("subject") or one.native_id == number or one.fields.get("number") == number
        )
        if is_child:
            continue
        fields = {name: one.fields.get(name) for name in one.changed if name != "subject"}
        if not fields:
            continue
        plain = msgspec.structs.replace(
            one, fields=fields, changed=tuple(fields), native_id=None, version=None, case_native_id=None, parts=()
        )
        body = maps.write(plain)
        yield str(body.get(TITLE) or one.kind), "\n".join(_lines(body))


def _lines(body: Mapping[str, Any]) -> Iterator[str]:
    for label, value in body.items():
        if label != TITLE and label not in _LEFT_OUT:
            yield f"{label}: {_text(value)}"


def _text(value: object) -> str:
    if value is None or value in ("", [], {}):
        return EMPTIED
    if isinstance(value, bool):
        return "ja" if value else "nei"
    if isinstance(value, Mapping):
        return ", ".join(_text(inner) for inner in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_text(inner) for inner in value)
    return str(value)


def _note(title: str, text: str, day: date) -> Note:
    return Note(theme=codes.ABOUT_PATIENT, title=title, text=text, day=day)


def _question(title: str, text: str) -> Question:
    return Question(type=codes.OTHER_ENQUIRY, text=f"{title}\n{text}".strip())


def _party(told: Correspondent) -> Organisation:
    return Organisation(
        name=told.organisation_name,
        idents=(codes.her(told.organisation_her_id),),
        unit=Organisation(name=told.name, idents=(codes.her(told.her_id),)),
    )
