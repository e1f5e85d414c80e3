"""``bekymringsmelding.json`` from a release: the national form for public reporters, version 2. Pure.

Source: ``ks-no/fiks-io-bekymringsmelding-protokoll``, ``schema/domain/v2/offentlig.bekymringsmelding.v2.json``.
A report is never held back because a form wants a field that nobody knows: what may be unknown is written as unknown.
What it cannot be sent without (a child, the text, the reporter's name) is asked for, all of it at once.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from gateway.sdk import Refused

OSLO = ZoneInfo("Europe/Oslo")
UNKNOWN = "Ikke oppgitt"
_PHONE = re.compile(r"[+]?[0-9]+([- ][0-9]+)*")
_PART = "[A-Za-zæøåÆØÅ0-9-_]+"
_MAIL = re.compile(rf"{_PART}(\.{_PART})*@[A-Za-zæøåÆØÅ0-9-]+(\.[A-Za-zæøåÆØÅ0-9-]+)*(\.[A-Za-z]{{2,}})")
_POST = re.compile(r"(?:NO?-)?(\d{4})\s+(\S.*)")
GUARDIANS = 2
"""Guardians that the form has room for; more stand in the text."""


class Contact(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in the form where the report tells no place: the municipality's own, which points to no school."""

    organisation: str
    phone: str
    email: str
    address: str = UNKNOWN


class Place(Struct, frozen=True, kw_only=True):
    """Where the report goes: the municipality and the part of it."""

    municipality: str
    name: str
    district: str
    district_name: str


def form_of(fields: Mapping[str, Any], *, place: Place, contact: Contact, at: datetime) -> dict[str, Any]:
    """The form as plain values. ``at`` is when it is sent; ``leveringskanal`` is who sends.

    Raises ``Refused`` ``bekymringsmelding.lacks`` with the paths of all that it cannot be sent without.
    """
    lacking = lacks(fields)
    if lacking:
        raise Refused("bekymringsmelding.lacks", path=", ".join(f"$.{name}" for name in lacking))
    organisation = line(fields.get("reporter_organisation")) or contact.organisation
    told: dict[str, Any] = {
        "kommunenummer": place.municipality,
        "kommunenavn": line(fields.get("municipality_name")) or place.name,
        "bydelsnummer": place.district,
        "bydelsnavn": place.district_name,
        "offentligMelder": {
            "personnavn": line(fields["reporter_name"]),
            "rolle": line(fields.get("reporter_role")) or UNKNOWN,
            "telefonnummer": _phone(fields.get("reporter_phone"), contact),
            "epost": _mail(fields.get("reporter_email"), contact),
            "virksomhet": {
                "navn": organisation,
                "adresse": address(fields.get("reporter_address") or contact.address),
            },
        },
        "offentligBarn": [_child(one) for one in fields["children"]],
        "foresatte": [_guardian(one) for one in (fields.get("guardians") or [{}])[:GUARDIANS]],
        "melding": {"melding": fields["report"], "historie": fields.get("history") or UNKNOWN},
        "sendingstidspunkt": at.astimezone(OSLO).replace(tzinfo=None, microsecond=0).isoformat(),
        "leveringskanal": organisation,
    }
    if fields.get("other_views"):
        told["melding"]["andreSynspunkter"] = fields["other_views"]
    for name, ours in (("behovForTolk", "interpreter_needs"), ("andreHjelpeinstanser", "other_agencies")):
        if fields.get(ours):
            told[name] = fields[ours]
    return told


def lacks(fields: Mapping[str, Any]) -> list[str]:
    """Names of the fields without which a report cannot be sent."""
    return [name for name in ("reporter_name", "children", "report") if not fields.get(name)]


def line(value: Any) -> str:
    """A text on one line: the form's patterns know no others."""
    return " ".join(str(value).split()) if value is not None else ""


def address(told: Any) -> dict[str, str]:
    """An address as the form has it, from text with lines or commas; a last part ``4340 Bryne`` is place and code."""
    parts = [part for raw in str(told).replace(",", "\n").splitlines() if (part := line(raw))]
    post = _POST.fullmatch(parts[-1]) if len(parts) > 1 else None
    lines = parts[:-1] if post is not None else parts
    found = {"adresselinje1": lines[0] if lines else UNKNOWN}
    if len(lines) > 1:
        found["adresselinje2"] = lines[1]
    if len(lines) > 2:
        found["adresselinje3"] = ", ".join(lines[2:])
    return found if post is None else {**found, "postnummer": post.group(1), "poststed": post.group(2)}


def _child(one: Mapping[str, Any]) -> dict[str, Any]:
    unborn = bool(one.get("unborn"))
    return {
        "fnr": line(one.get("number")),
        "ufoedt": unborn,
        "personnavn": line(one.get("name")) or ("Ufødt barn" if unborn else UNKNOWN),
        "adresse": address(one.get("address") or UNKNOWN),
        **_told(one),
    }


def _guardian(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"personnavn": line(one.get("name")) or UNKNOWN, **_told(one)}


def _told(one: Mapping[str, Any]) -> dict[str, Any]:
    """Whether somebody was told of the report; where nobody said so, they were not."""
    reason = line(one.get("not_informed_reason"))
    return {"orientert": bool(one.get("informed")), **({"orientertGrunn": reason} if reason else {})}


def _phone(told: Any, contact: Contact) -> str:
    for one in (told, contact.phone):
        plain = re.sub(r"[().]", "", line(one))
        if _PHONE.fullmatch(plain):
            return plain
    raise Refused("bekymringsmelding.contact", path="options.contact.phone")


def _mail(told: Any, contact: Contact) -> str:
    for one in (told, contact.email):
        if _MAIL.fullmatch(line(one)):
            return line(one)
    raise Refused("bekymringsmelding.contact", path="options.contact.email")


def people(listed: Sequence[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    """Those in a list of a report, or none."""
    return list(listed or ())
