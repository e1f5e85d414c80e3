"""The archive message of a closed log: a shielded case file, a note in it, and the printed log as its document.

Fiks Arkiv V1, ``no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett`` (Noark 5). Everything that stands in the message
beside the document can end in a public record, so nothing in it comes from the log but days: titles are the
municipality's words for such a thing, the key is one that says nothing, and the file's name is always the same.
"""

import hashlib
import re
import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from gateway.sdk import Fault
from gateway_fiks_arkiv.options import Options

if TYPE_CHECKING:
    from lxml.etree import _Element

SPACE = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/arkivmelding/opprett/v1"
CATALOGUE = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/metadatakatalog/v1"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
SYSTEM = "bti-gateway"
DOCUMENT = "logg.pdf"
"""The document's name, in the message and for whoever fetches it later."""
MESSAGE = "arkivmelding.xml"
_OSLO = ZoneInfo("Europe/Oslo")
_SPACED = uuid.UUID("5f2d3c1e-7b06-4c0e-9d0b-3a1c2b4d5e6f")
"""The name space of our keys: the same thing has the same key on every try."""
_NUMBER = re.compile(r"(?<!\d)\d(?:[ ._\-/]?\d){10}(?!\d)")


class Log(Struct, frozen=True, kw_only=True):
    """What the message says of a log: a key of ours, and between which days it was kept. ``day`` is when it is sent.

    ``former`` is the key of the case file that holds the log as it was when it ended the time before.
    """

    key: str
    day: date
    opened: date | None = None
    ended: date | None = None
    former: str | None = None


def key_of(text: str) -> str:
    """A UUID for a name of ours; the same for the same."""
    return str(uuid.uuid5(_SPACED, text))


def arkivmelding(log: Log, *, document: bytes, options: Options, shielding: str) -> bytes:
    """The message as XML. ``shielding`` is the section that keeps the log from the public.

    Raises ``Fault`` ``arkiv.metadata`` when a person number stands anywhere in it: in a title or class of the settings,
    then.
    """
    from lxml import etree  # noqa: PLC0415 - only who archives pays for it

    spaces: Any = {None: SPACE, "m": CATALOGUE, "xsi": _XSI}  # the stubs of lxml do not know the space without a prefix
    root = etree.Element(f"{{{SPACE}}}arkivmelding", nsmap=spaces)
    _put(root, "system", SYSTEM)
    _put(root, "regel", options.rule)
    _put(root, "antallFiler", "1")
    _folder(etree.SubElement(root, f"{{{SPACE}}}mappe", {f"{{{_XSI}}}type": "saksmappe"}), log, options, shielding)
    note = etree.SubElement(root, f"{{{SPACE}}}registrering", {f"{{{_XSI}}}type": "arkivnotat"})
    _note(note, log, options, shielding, document)
    written = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    told: list[str] = [str(part) for part in root.itertext()]
    if any(_NUMBER.search(part) for part in told if not _is_ours(part, log, document)):
        raise Fault("arkiv.metadata", "options")
    return written


def _folder(folder: "_Element", log: Log, options: Options, shielding: str) -> None:
    _put(folder, "tittel", options.title)
    _put(folder, "offentligTittel", options.title)
    _put(folder, "opprettetDato", _instant(log.opened))
    _put(folder, "avsluttetDato", _instant(log.ended))
    _code(folder, "arkivdel", options.series)
    if log.former is not None:
        # A closed case file takes nothing more (Noark 5), so what comes after it has one of its own that points to it.
        _key(_put(_put(folder, "kryssreferanse"), "referanseTilMappe"), log.former, space=CATALOGUE)
    _shield(folder, options, shielding)
    for one in options.classes:
        held = _put(folder, "klassifikasjon")
        _put(held, "klassifikasjonssystemID", one.system)
        _put(held, "klasseID", one.id)
        _put(held, "tittel", one.title)
    _key(folder, log.key)
    _put(folder, "saksdato", (log.opened or log.day).isoformat())
    _code(folder, "saksstatus", "A", "Avsluttet")


def _note(note: "_Element", log: Log, options: Options, shielding: str, document: bytes) -> None:
    above = _put(note, "referanseForelderMappe")
    _key(above, log.key, space=CATALOGUE)
    _shield(note, options, shielding)
    _document(_put(note, "dokumentbeskrivelse"), options, shielding, document)
    _put(note, "tittel", options.title)
    _put(note, "offentligTittel", options.title)
    _key(note, key_of(f"{log.key}/note"))
    _put(note, "dokumentetsDato", (log.ended or log.day).isoformat())


def _document(described: "_Element", options: Options, shielding: str, document: bytes) -> None:
    _code(described, "dokumentstatus", "F", "Dokumentet er ferdigstilt")
    _put(described, "tittel", options.title)
    _code(described, "tilknyttetRegistreringSom", "H", "Hoveddokument")
    _put(described, "dokumentnummer", "1")
    _shield(described, options, shielding)
    held = _put(described, "dokumentobjekt")
    _put(held, "versjonsnummer", "1")
    _code(held, "variantformat", "A", "Arkivformat")
    _code(held, "format", "RA-PDF", "PDF/A - ISO 19005-1:2005")
    _put(held, "mimeType", "application/pdf")
    _put(held, "filnavn", DOCUMENT)
    _put(held, "referanseDokumentfil", DOCUMENT)
    _put(held, "sjekksum", checksum(document))
    _put(held, "sjekksumAlgoritme", "SHA-256")
    _put(held, "filstoerrelse", str(len(document)))


def checksum(document: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(document).hexdigest()


def _put(parent: "_Element", name: str, text: str | None = "", *, space: str = SPACE) -> Any:
    """An element; none for a text that is not there."""
    from lxml import etree  # noqa: PLC0415 - likewise

    if text is None:
        return None
    made = etree.SubElement(parent, f"{{{space}}}{name}")
    made.text = text or None
    return made


def _code(parent: "_Element", name: str, code: str | None, words: str | None = None) -> None:
    if code is not None:
        held = _put(parent, name)
        _put(held, "kode", code, space=CATALOGUE)
        _put(held, "beskrivelse", words, space=CATALOGUE)


def _shield(parent: "_Element", options: Options, shielding: str) -> None:
    held = _put(parent, "skjerming")
    _code(held, "tilgangsrestriksjon", options.access)
    _put(held, "skjermingshjemmel", shielding)


def _key(parent: "_Element", key: str, *, space: str = SPACE) -> None:
    held = _put(parent, "referanseEksternNoekkel", space=space)
    _put(held, "fagsystem", SYSTEM, space=CATALOGUE)
    _put(held, "noekkel", key, space=CATALOGUE)


def _instant(day: date | None) -> str | None:
    """A day as the instant that it begins; the log says no time of day."""
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=_OSLO).isoformat()


def _is_ours(part: str, log: Log, document: bytes) -> bool:
    return part in {log.key, log.former, key_of(f"{log.key}/note"), checksum(document)}
