"""The two registers' operations, and what of their answers is used.

The register of general practitioners (FLR) answers with the doctor's HER-id and since when; it would also tell the
patient's name, address and history, which are passed over. The address register (AR) tells who has a HER-id.
"""

from datetime import date, datetime
from typing import Any

from msgspec import Struct

from gateway.sdk import Refused
from gateway.sdk.http import HttpClient
from gateway.sdk.soap import SoapFault, SoapService, bundle_of

FLR = "{http://schemas.nhn.no/reg/flr}WSHttpBinding_IFlrReadOperations"
AR = "{http://register.nhn.no/CommunicationParty}WSHttpBinding_ICommunicationPartyService"
MAIL, CERTIFICATE = "E_EDI", "E_DS"
"""9044, types of electronic addresses: where messages go, and where the certificate lies."""


class Practitioner(Struct, frozen=True, kw_only=True):
    """A child's general practitioner: the HER-id, and the day from which."""

    her_id: int
    since: date | None = None


class Party(Struct, frozen=True, kw_only=True):
    """A communication party: who it is, what it is a part of, and whether and where it takes messages.

    ``until`` is the day on which its entry ends, ``today`` the register's own day.
    """

    her_id: int
    name: str
    kind: str = ""
    parent: str = ""
    parent_her_id: int | None = None
    active: bool = False
    takes_messages: bool = False
    mail: str = ""
    certificate_at: str = ""
    until: date | None = None
    today: date | None = None


class Registers:
    """Both registers of one system. Raises what ``SoapService`` raises, and ``Refused`` for a fault of theirs."""

    def __init__(self, http: HttpClient, *, flr: str, ar: str) -> None:
        bundle = bundle_of("gateway_nhn_registers", "wsdl")
        self._flr = SoapService(http=http, bundle=bundle, wsdl="flr.wsdl", binding=FLR, path=flr)
        self._ar = SoapService(http=http, bundle=bundle, wsdl="ar.wsdl", binding=AR, path=ar)

    def practitioner(self, number: str) -> Practitioner | None:
        """Who the general practitioner of a person with this number is; ``None`` for a person who has none.

        Raises ``Refused``: ``flr.number`` (no number that the register knows), ``flr.another`` (the answer is about
        somebody else), ``flr.no_her_id`` (a doctor without one), ``flr.refused`` (another fault).
        """
        try:
            told = self._flr.ask("GetPatientGPDetails", patientNin=number)
        except SoapFault as fault:
            # The register has one error code for everything; its words are looked at, and not kept.
            words = (fault.text("Message") or "").casefold()
            if "ikke tilknyttet" in words:
                return None
            raise Refused("flr.number" if "ugyldig" in words else "flr.refused") from None
        if not isinstance(told, dict):
            return None
        if told.get("PatientNIN") not in {None, "", number}:
            raise Refused("flr.another")
        her_id = told.get("GPHerId")
        if not isinstance(her_id, int) or her_id <= 0:
            raise Refused("flr.no_her_id")
        period = told.get("Period")
        return Practitioner(her_id=her_id, since=_day(period.get("From")) if isinstance(period, dict) else None)

    def party(self, her_id: int) -> Party | None:
        """Who has a HER-id; ``None`` when nobody has. Raises ``Refused``: ``ar.another``, ``ar.refused``."""
        try:
            told = self._ar.ask("GetCommunicationPartyDetails", herId=her_id)
        except SoapFault as fault:
            if fault.text("ErrorCode") == "InvalidHerIdSupplied":
                return None
            raise Refused("ar.refused") from None
        if not isinstance(told, dict):
            return None
        if told.get("HerId") not in {None, her_id}:
            raise Refused("ar.another")
        return _party(told, her_id)

    def certificate(self, her_id: int) -> bytes | None:
        """The certificate (DER) that messages to a party are encrypted for. Raises ``Refused`` ``ar.refused``."""
        try:
            told = self._ar.ask("GetCertificateDetailsForEncryption", herId=her_id)
        except SoapFault as fault:
            if fault.text("ErrorCode") == "InvalidHerIdSupplied":
                return None
            raise Refused("ar.refused") from None
        held = told.get("Certificate") if isinstance(told, dict) else None
        return held if isinstance(held, bytes) and held else None


def _party(told: dict[str, Any], her_id: int) -> Party:
    addresses = _addresses(told)
    valid, parent = told.get("Valid"), told.get("ParentHerId")
    kinds = told.get("Type")
    return Party(
        her_id=her_id,
        name=_text(told.get("DisplayName")) or _text(told.get("Name")),
        kind=str(kinds[0]) if isinstance(kinds, list) and kinds else _text(kinds),
        parent=_text(told.get("ParentName")),
        parent_her_id=parent if isinstance(parent, int) and parent > 0 else None,
        active=told.get("Active") is True,
        takes_messages=told.get("IsValidCommunicationParty") is True,
        mail=addresses.get(MAIL, ""),
        certificate_at=addresses.get(CERTIFICATE, ""),
        until=_day(valid.get("To")) if isinstance(valid, dict) else None,
        today=_day(told.get("ServerTime")),
    )


def _addresses(told: dict[str, Any]) -> dict[str, str]:
    """The electronic addresses by type, a party's own before one that it inherits."""
    listed = told.get("ElectronicAddresses")
    rows = listed.get("ElectronicAddress") if isinstance(listed, dict) else None
    found: dict[str, str] = {}
    for one in sorted(
        (row for row in rows or () if isinstance(row, dict)), key=lambda row: row.get("Inherited") is True
    ):
        found.setdefault(_text(one.get("TypeCodeValue")), _text(one.get("Address")))
    return found


def _text(told: object) -> str:
    return " ".join(told.split()) if isinstance(told, str) else ""


def _day(told: object) -> date | None:
    return told.date() if isinstance(told, datetime) else None
