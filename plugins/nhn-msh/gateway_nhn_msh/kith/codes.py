"""Codes from the national code systems, as far as these messages use them, by the number of the code system."""

from collections.abc import Mapping

from gateway_nhn_msh.kith.values import AppRec, Coded, Ident

_ROOT = "2.16.578.1.12.4.1.1"

PERSON_ID, ORGANISATION_ID = f"{_ROOT}.8116", f"{_ROOT}.9051"
THEME, ASKED, ERROR = f"{_ROOT}.7322", f"{_ROOT}.9152", f"{_ROOT}.8221"

FUNCTIONS: Mapping[str, str] = {
    "DIALOG_FORESPORSEL": "Forespørsel",
    "DIALOG_SVAR": "Svar på forespørsel",
    "DIALOG_NOTAT": "Notat",
    "DIALOG_HELSEFAGLIG": "Helsefaglig dialog",
}
"""8279, the message's function: those that are sent or understood here."""

ABOUT_PATIENT = Coded(code="6", system=THEME, name="Henvendelse om pasient")
"""7322, theme of a dialogue between health professionals."""

OTHER_ENQUIRY = Coded(code="99", system=ASKED, name="Annen henvendelse")
"""9152, kind of information asked for by the municipality's care."""

WANTED = Coded(code="J", name="Ja")
"""7304: an application receipt is wanted."""

TAKEN, REJECTED, PARTLY = Coded(code="1", name="OK"), Coded(code="2", name="Avvist"), Coded(
    code="3", name="OK, feil i delmelding"
)  # fmt: skip
"""8258, the status of a receipt."""

ERRORS: Mapping[str, str] = {
    "E10": "Ugyldig meldingsidentifikator",
    "E20": "Lege finnes ikke",
    "E21": "Mottaker finnes ikke",
    "E30": "Pasientens fødselsnummer mangler",
    "E31": "Pasientens fødselsnummer er feil",
    "E32": "Pasientens navn mangler",
    "E35": "Pasienten finnes ikke i mottakersystemet",
    "E36": "Pasientopplysninger er utilstrekkelige",
    "E53": "Pasientens fødselsnummer eller D-nummer finnes ikke registrert i Folkeregisteret",
    "E54": "Pasientens fødselsnummer er ikke registrert i mottakersystemet",
    "S01": "Feil på signatur",
    "S02": "Ugyldig sertifikat",
    "S03": "Tilbaketrukket sertifikat",
    "T01": "Ikke XML / ikke 'well formed' / uleselig",
    "T02": "XML validerer ikke",
    "T10": "Støtter ikke meldingsformatet",
    "T99": "Annen feil på format",
    "X99": "Annen feil",
}
"""8221, why a receiver rejects. A code that is not among these is told as ``X99``."""


def function(code: str) -> Coded:
    """A message's function with its name."""
    return Coded(code=code, name=FUNCTIONS[code])


def her(ident: str) -> Ident:
    """A HER-id in the register of communication parties."""
    return Ident(id=ident, type=Coded(code="HER", system=ORGANISATION_ID, name="HER-id"))


def person(number: str) -> Ident:
    """A fødselsnummer, or a D-number (whose first digit is raised by four)."""
    kind = ("DNR", "D-nummer") if number[:1] in {"4", "5", "6", "7"} else ("FNR", "Fødselsnummer")
    return Ident(id=number, type=Coded(code=kind[0], system=PERSON_ID, name=kind[1]))


def error(code: str) -> Coded:
    """Why something is rejected, as a receipt tells it."""
    return Coded(code=code, system=ERROR, name=ERRORS[code])


def plain(code: str) -> str:
    """The stable code here for a receiver's: ``apprec.e21``; ``apprec.x99`` for one that nobody has documented."""
    return f"apprec.{code.lower()}" if code in ERRORS else "apprec.x99"


def refusals(receipt: AppRec) -> list[str]:
    """The stable codes for what a receipt names as wrong; a rejection without any is ``apprec.x99``."""
    told = [plain(one.code) for one in receipt.errors]
    return told or (["apprec.x99"] if receipt.status.code == REJECTED.code else [])
