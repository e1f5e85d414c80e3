"""A stand-in for both registers on loopback, made from our descriptions of them: the SOAP library used backwards.

What it is asked is read by the description, and what it answers is written by it. ``GET /_sim/state`` tells whom it
holds, ``POST /_sim/patients`` sets a patient's doctor, ``POST /_sim/faults`` orders faults.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

from msgspec import Struct, ValidationError, convert, to_builtins

from gateway.sdk import Fault, xmlio
from gateway.sdk.loopback import Answer, Asked, LoopbackServer
from gateway.sdk.simfaults import Troubles
from gateway.sdk.soap import bundle_of
from gateway_nhn_registers.registers import AR, CERTIFICATE, FLR, MAIL

CHILD, DOCTOR, OFFICE = "06821099739", 8143025, 8142952
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_GIVEN, _FAMILY = ("Grønn", "Blid", "Stille", "Rask", "Varm"), ("Vits", "Fjell", "Bekk", "Vik", "Lund")


class Correspondent(Struct, kw_only=True):
    """A party in the stand-in's address register."""

    her_id: int
    name: str
    kind: str = "Organization"
    parent: int | None = None
    parent_name: str = ""
    active: bool = True
    takes_messages: bool = True
    mail: str = "post@edi.example.no"
    until: str = "9999-12-31T00:00:00"
    certificate: bytes | None = None


class Patient(Struct, kw_only=True):
    """Whose doctor is who, and since when."""

    number: str
    doctor: int
    since: str | None = "2020-05-02T00:00:00"


def simulated(seed: int) -> list[dict[str, Any]]:
    """Patients with made-up doctors; equal for equal seeds."""
    return [
        {
            "number": CHILD if at == 0 else f"{at:02}821099739"[:11],
            "doctor": 1000 + seed * 100 + at,
            "name": f"{_GIVEN[(seed + at) % 5]} {_FAMILY[(seed * 3 + at) % 5]}",
        }
        for at in range(10)
    ]


class StandIn:
    """Both registers while they are open, at ``v2/flr`` and ``v1/AR``."""

    def __init__(self, patients: Iterable[Mapping[str, Any]] = (), *, port: int = 0) -> None:
        self.patients: dict[str, Patient] = {}
        self.parties: dict[int, Correspondent] = {}
        self.instead: list[Answer] = []
        self.asked: list[str] = []
        self.troubles = Troubles()
        for one in patients:
            self.patient(one["number"], one["doctor"])
            self.party(Correspondent(her_id=one["doctor"], name=one["name"], kind="OrganizationPerson"))
        self._server = LoopbackServer(self._answer, port=port)
        self.url, self.wait, self.close = self._server.url, self._server.wait, self._server.close

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def patient(self, number: str, doctor: int, since: str | None = "2020-05-02T00:00:00") -> None:
        """A patient gets a doctor."""
        self.patients[number] = Patient(number=number, doctor=doctor, since=since)

    def party(self, told: Correspondent) -> None:
        """A party is entered, or changed."""
        self.parties[told.her_id] = told

    def _answer(self, asked: Asked) -> Answer:
        if asked.path.startswith("/_sim/"):
            return self._simulated(asked)
        self.asked.append(f"{asked.method} {asked.target}")
        return self.troubles.upon(lambda: self._own(asked), reads=True)

    def _simulated(self, asked: Asked) -> Answer:
        try:
            if (asked.method, asked.path) == ("GET", "/_sim/state"):
                told = {"people": [to_builtins(one) for one in self.patients.values()], "parties": len(self.parties)}
                return Answer(body=json.dumps(told).encode())
            given = json.loads(asked.body)
            if asked.path == "/_sim/faults":
                self.troubles.order(given)
            elif asked.path == "/_sim/patients":
                one = convert(given, Patient)
                self.patients[one.number] = one
            else:
                return Answer(status=404)
        except (Fault, ValueError, ValidationError):
            return Answer(status=400)
        return Answer(status=204)

    def _own(self, asked: Asked) -> Answer:
        if self.instead:
            return self.instead.pop(0)
        place = {"/v2/flr": ("flr.wsdl", FLR), "/v1/AR": ("ar.wsdl", AR)}.get(asked.path)
        if (
            asked.method != "POST"
            or place is None
            or not asked.headers.get("content-type", "").startswith("application/soap+xml")
        ):
            return Answer(status=404)
        client = _described(place[0])
        binding = client.wsdl.bindings[place[1]]
        try:
            envelope = xmlio.parse(asked.body)
            body = next(one for one in envelope if str(one.tag) == f"{{{_SOAP}}}Body")
            name = str(body[0].tag).rpartition("}")[2]
            operation = binding.get(name)
            # The service turns away a message without the addressing headers that its binding wants.
            if not any("addressing" in str(one.tag) and str(one.tag).endswith("}Action") for one in envelope.iter()):
                return _fault("ActionMismatch", "Action")
            told = operation.input.deserialize(envelope)
        except (Fault, StopIteration, IndexError, ValueError, TypeError, AttributeError):
            return Answer(status=400)
        return self._answered(client, operation, name, told)

    def _answered(self, client: Any, operation: Any, name: str, told: Any) -> Answer:
        if name == "GetPatientGPDetails":
            number = str(told)
            if not (number.isascii() and number.isdigit() and len(number) == 11):
                return _fault("Feil", "ArgumentException: patientNin er ugyldig")
            found = self.patients.get(number)
            if found is None:
                return _fault("Feil", "ArgumentException: Personen er ikke tilknyttet fastlegekontrakt")
            result: Any = {"GPHerId": found.doctor, "PatientNIN": number}
            if found.since is not None:
                result["Period"] = {"From": datetime.fromisoformat(found.since)}
        else:
            party = self.parties.get(int(told))
            if party is None:
                return _fault("InvalidHerIdSupplied", "Kommunikasjonspart med oppgitt HER-id eksisterer ikke.")
            certified = name == "GetCertificateDetailsForEncryption"
            result = {"Certificate": party.certificate} if certified else _details(client, party)
        written = operation.output.serialize(**{f"{name}Result": result})
        from lxml import etree  # noqa: PLC0415 - with the first answer

        return Answer(body=etree.tostring(written.content), content_type="application/soap+xml; charset=utf-8")


@cache
def _described(wsdl: str) -> Any:
    """The library's client for one description, made once."""
    import zeep  # noqa: PLC0415 - half a second
    from zeep.transports import Transport  # noqa: PLC0415

    bundle = bundle_of("gateway_nhn_registers", "wsdl")

    class Bundled(Transport):
        def __init__(self) -> None:
            self._close_session = False

        def load(self, url: str) -> bytes:
            return bundle[url.rpartition("/")[2]]

    made: Callable[..., Any] = zeep.Client
    return made(f"file:///bundle/{wsdl}", transport=Bundled())


def _details(client: Any, party: Correspondent) -> Any:
    kind = client.get_type(f"{{http://register.nhn.no/CommunicationParty}}{party.kind}")
    sort = {"OrganizationPerson": "Person"}.get(party.kind, party.kind)
    addresses = [{"Address": party.mail, "Inherited": False, "TypeCodeValue": MAIL}] if party.mail else []
    if party.certificate is not None:
        addresses.append({"Address": "ldap://ldap.example.no/", "Inherited": True, "TypeCodeValue": CERTIFICATE})
    return kind(
        Active=party.active,
        ElectronicAddresses={"ElectronicAddress": addresses},
        HerId=party.her_id,
        IsValidCommunicationParty=party.takes_messages,
        Name=party.name,
        ParentHerId=party.parent or -1,
        ParentName=party.parent_name or None,
        ServerTime=NOW,
        Type=[sort],
        Valid={"From": datetime(2016, 1, 1, tzinfo=UTC), "To": datetime.fromisoformat(party.until)},
    )


def _fault(code: str, words: str) -> Answer:
    body = (
        f'<s:Envelope xmlns:s="{_SOAP}"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code>'
        f'<s:Reason><s:Text xml:lang="nb-NO">{escape(words)}</s:Text></s:Reason><s:Detail>'
        f'<GenericFault xmlns="http://register.nhn.no/Common"><ErrorCode>{escape(code)}</ErrorCode>'
        f"<Message>{escape(words)}</Message></GenericFault></s:Detail></s:Fault></s:Body></s:Envelope>"
    )
    return Answer(status=500, body=body.encode(), content_type="application/soap+xml; charset=utf-8")
