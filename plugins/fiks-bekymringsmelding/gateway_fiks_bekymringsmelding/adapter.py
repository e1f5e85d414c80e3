"""Sending reports by Fiks bekymringsmelding, version 2, and asking what has become of them."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote

import msgspec
from cryptography import x509
from gateway_fiks_io.certificates import Signer, certificate_of, pins_of, signer_of
from msgspec import Struct

from gateway.sdk import (
    Adapter,
    AdapterError,
    Capabilities,
    Context,
    Fault,
    Misconfigured,
    Page,
    Proof,
    Receipt,
    Refused,
    Release,
    Sent,
    Uncertain,
    jsonio,
)
from gateway_fiks_bekymringsmelding.form import Contact, Place, form_of, line
from gateway_fiks_bekymringsmelding.status import standing

LARGEST = 5_000_000
"""Bytes of a whole sending; the service takes no more."""

KIND = "child_welfare_report"


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[systems.<name>.options]``: who sends, and whom we believe.

    ``organisation`` is the sender's id at Fiks (a UUID), ``integration`` the integration's. ``municipality`` and
    ``municipality_name`` are where reports go that do not say so themselves. ``print_pins`` and ``receiver_pins`` are
    SHA-256 fingerprints of certificates that were fetched by other means; with none, whatever the service hands out is
    used. ``language`` is that of the paper.
    """

    organisation: str
    integration: str
    municipality: str
    municipality_name: str
    contact: Contact
    print_pins: tuple[str, ...] = ()
    receiver_pins: tuple[str, ...] = ()
    language: str = "nb"


class Keys(Struct, frozen=True, kw_only=True):
    """The two certificates of a receiver: the printer's, and the system's."""

    printer: x509.Certificate
    system: x509.Certificate


class FiksBekymringsmelding(Adapter):
    """Sends reports. It reads nothing, and takes nothing back: a report is a statement that was made."""

    name = "fiks-bekymringsmelding"
    capabilities: ClassVar[Capabilities] = Capabilities(
        writes={KIND}, create_only=True, duty=True, receipts={"accepted", "delivered"}, categories={KIND}
    )
    proved: ClassVar[tuple[Proof, ...]] = (
        Proof(by="simulator", test="plugins/fiks-bekymringsmelding/tests/test_report.py"),
        Proof(
            by="validator",
            test="plugins/fiks-bekymringsmelding/tests/test_form.py",
            what="the official JSON Schema of the report, version 2",
        ),
        Proof(by="server", test="tests/interop/test_queue.py", what="RabbitMQ, where our receiving peer listens"),
        Proof(by="client", test="tests/interop/test_fiks.py", what="KS' own Java libraries open its envelopes"),
    )
    Options = Options

    def __init__(self, context: Context) -> None:
        """Raises ``Misconfigured`` for a pin that is none."""
        super().__init__(context)
        self.options = msgspec.convert(dict(context.options), Options)
        self.clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC)
        self.chance: Callable[[int], bytes] = os.urandom
        try:
            self._print_pins, self._pins = pins_of(self.options.print_pins), pins_of(self.options.receiver_pins)
        except Fault as fault:
            raise Misconfigured(fault.code, path="options") from None

    def fetch(self, cursor: str | None) -> Page:
        """Nothing is ever told from there."""
        return Page(cursor=cursor)

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        """Send one report: look up the receiver, fetch its keys, make form and paper, close both, post them.

        The service honours no key, so an answer that is lost leaves it uncertain. Raises ``AdapterError``:
        ``Refused`` with ``bekymringsmelding.not_connected`` (send it on paper), ``.district``, ``.lacks``, ``.size``,
        ``.keys``, and the codes of ``gateway_fiks_io.certificates``.
        """
        if release.kind != KIND:
            raise Refused("adapter.cannot_write", path="$.kind")
        if release.native_id is not None:
            raise Refused("vendor.create_only")
        at = self.clock()
        place = self._place(release.fields)
        keys = self._keys(place)
        try:
            asice, pdf = self._envelopes(release, place, keys, at)
        except Fault as fault:
            raise Refused(fault.code, path=fault.path) from None
        if len(asice) + len(pdf) > LARGEST - 10_000:
            raise Refused("bekymringsmelding.size")
        ident = self._post(place, asice, pdf)
        return Receipt(key=idempotency_key, state="accepted", native_id=ident, trace=ident)

    def retract(self, release: Release, idempotency_key: str) -> Receipt:
        """A report is never taken back from here: raises ``Refused`` ``adapter.cannot_retract``."""
        raise Refused("adapter.cannot_retract")

    def follow(self, sent: list[Sent]) -> list[Receipt]:
        """Where each report stands. One whose history cannot be had is left out, and asked for again."""
        told: list[Receipt] = []
        for one in sent:
            if one.trace is None:
                continue
            path = f"/api/v2/mottak/fagsystem/{self.options.organisation}/bekymringsmelding/{quote(one.trace)}/status"
            answer = self._ask("GET", path, accept=(404,))
            if answer is None:
                told.append(Receipt(key=one.key, state="uncertain", code="bekymringsmelding.unknown_there"))
                continue
            now = standing(answer)
            told.append(Receipt(key=one.key, state=now.state, code=now.code))
        return told

    def on_paper(self, release: Release) -> bytes:
        """The report as a PDF, for the post or the hand: no system is asked. Raises ``Refused``."""
        return self._paper(release, self._named(release.fields), self.clock())

    def health(self) -> str | None:
        """``None`` where the municipality is connected and our own key can be read; else a code."""
        try:
            self._signer()
            self._districts(self.options.municipality)
        except AdapterError as error:
            return error.code
        except Fault as fault:
            return fault.code
        return None

    def _envelopes(self, release: Release, place: Place, keys: Keys, at: datetime) -> tuple[bytes, bytes]:
        """The signed container for the system and the paper for the printer, each closed to its own reader."""
        from gateway_fiks_io.asice import File  # noqa: PLC0415 - only who sends pays for the cryptography
        from gateway_fiks_io.envelope import closed, seal  # noqa: PLC0415

        form = form_of(release.fields, place=place, contact=self.options.contact, at=at)
        paper = self._paper(release, place, at)
        files = [
            File(name="bekymringsmelding.json", data=jsonio.encode(form), type="application/json"),
            File(name="bekymringsmelding.pdf", data=paper, type="application/pdf"),
        ]
        asice = seal(files, signer=self._signer(), recipient=keys.system, at=at, chance=self.chance, pins=self._pins)
        pdf = closed(paper, recipient=keys.printer, at=at, chance=self.chance, pins=self._print_pins)
        return asice, pdf

    def _paper(self, release: Release, place: Place, at: datetime) -> bytes:
        from gateway_fiks_bekymringsmelding.paper import pdf_of  # noqa: PLC0415 - likewise

        return pdf_of(release.fields, place=place, at=at, reference=release.id, language=self.options.language)

    def _named(self, fields: Mapping[str, Any]) -> Place:
        """Where a report says that it goes, without asking anybody."""
        return Place(
            municipality=line(fields.get("municipality_number")) or self.options.municipality,
            name=line(fields.get("municipality_name")) or self.options.municipality_name,
            district=line(fields.get("district_number")) or "00",
            district_name=line(fields.get("district_name")) or self.options.municipality_name,
        )

    def _place(self, fields: Mapping[str, Any]) -> Place:
        """Where the report goes: the district that it names, or the one that is for those who do not know."""
        wanted = self._named(fields)
        districts = self._districts(wanted.municipality)
        told = line(fields.get("district_number"))
        if told:
            found = [one for one in districts if one.get("bydelsnummer") == told]
        else:
            found = [one for one in districts if one.get("standardMottaker") is True]
        if len(found) != 1 and len(districts) == 1 and not told:
            found = districts
        if len(found) != 1:
            raise Refused("bekymringsmelding.district", path="$.district_number")
        number, name = found[0].get("bydelsnummer"), found[0].get("bydelsnavn")
        if not isinstance(number, str) or not (len(number) == 2 and number.isdigit()):
            raise Refused("bekymringsmelding.answer", path="$[].bydelsnummer")
        return msgspec.structs.replace(wanted, district=number, district_name=line(name) or wanted.name)

    def _districts(self, municipality: str) -> list[dict[str, Any]]:
        """The receivers in a municipality; where there is none, raises ``Refused`` ``.not_connected``."""
        answer = self._ask("GET", f"/api/v2/kommuner/{quote(municipality, safe='')}/bydeler", accept=(404,))
        if answer is not None and not (isinstance(answer, list) and all(isinstance(one, dict) for one in answer)):
            raise Refused("bekymringsmelding.answer", path="$")
        if not answer:
            raise Refused("bekymringsmelding.not_connected")
        return answer

    def _keys(self, place: Place) -> Keys:
        path = f"/api/v2/mottak/fagsystem/{quote(place.municipality, safe='')}/{place.district}/krypteringsnokler"
        answer = self._ask("GET", path)
        try:
            printer, system = (answer[name]["nokkel"] for name in ("printOffentligNokkel", "fiksIOOffentligNokkel"))
            return Keys(
                printer=certificate_of(printer.encode(), "$.printOffentligNokkel"),
                system=certificate_of(system.encode(), "$.fiksIOOffentligNokkel"),
            )
        except (KeyError, TypeError, AttributeError):
            raise Refused("bekymringsmelding.keys") from None
        except Fault as fault:
            raise Refused(fault.code, path=fault.path) from None

    def _post(self, place: Place, asice: bytes, pdf: bytes) -> str:
        from gateway_fiks_io.multipart import Part, form  # noqa: PLC0415 - likewise

        kind, body = form(
            [
                Part(name="bekymringsmelding", data=pdf, filename="bekymringsmelding.pdf"),
                Part(name="asice", data=asice, filename="asice.zip"),
            ],
            boundary=self.chance(24).hex(),
        )
        path = f"/api/v2/mottak/fagsystem/{self.options.organisation}/{place.municipality}/{place.district}/offentlig"
        answer = self._ask("POST", path, content=body, headers={"Content-Type": kind})
        ident = (
            next((answer[name] for name in ("uuid", "id") if name in answer), None)
            if isinstance(answer, dict)
            else None
        )
        if not isinstance(ident, str) or len(ident) > 64 or not ident:
            raise Uncertain("bekymringsmelding.answer")  # it was taken in, and nobody can ask for it
        return ident

    def _ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **told: Any) -> Any:
        """The plain value of an answer; ``None`` for a status that was accepted and is no success."""
        own = {"IntegrasjonId": self.options.integration, "IntegrasjonPassord": self.context.secret()}
        answer = self.context.http.request(method, path, headers={**own, **(headers or {})}, expect="json", **told)
        if not 200 <= answer.status < 300:
            return None
        try:
            return answer.json()
        except Fault:
            raise (Uncertain if method == "POST" else Refused)("bekymringsmelding.answer") from None

    def _signer(self) -> Signer:
        """Our own key and certificate. Raises ``Misconfigured``."""
        try:
            return signer_of(self.context.secret("signer").encode())
        except Fault as fault:
            raise Misconfigured(fault.code, path="secrets.signer") from None
