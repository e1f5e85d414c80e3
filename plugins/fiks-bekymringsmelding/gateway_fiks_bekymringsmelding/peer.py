"""A child welfare service's system that receives reports over Fiks IO, as it should: for tests and as a reference.

Open, check who signed, look at the form, save durably, and only *then* answer ``mottatt``. The same report again is the
same answer and no second report. In 2025 one product answered before it saved, and 22 municipalities lost 63 reports;
``forgets`` does the same, so that a test can show that counting finds each of them.
"""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from cryptography import x509
from gateway_fiks_io.asice import File, pack
from gateway_fiks_io.broker import Delivery, Queue
from gateway_fiks_io.certificates import Signer, fingerprint
from gateway_fiks_io.consumer import Consumer, Protocol
from gateway_fiks_io.envelope import unseal
from gateway_fiks_io.message import Message, Outgoing, answer_to
from msgspec import Struct

from gateway.sdk import Fault
from gateway.sdk.jsonio import decode

REPORT = "no.ks.fiks.bekymringsmelding.offentlig.v2"
RECEIVED = "no.ks.fiks.bekymringsmelding.mottatt.v1"
FAILED = "no.ks.fiks.bekymringsmelding.feilet.v1"
FILES = frozenset({"bekymringsmelding.json", "bekymringsmelding.pdf"})


class Report(Struct, frozen=True, kw_only=True):
    """A report as it was saved: the form, the paper, and the fingerprint of who signed."""

    ident: str
    form: Mapping[str, Any]
    pdf: bytes
    signed_by: str


class Peer:
    """The receiving system. ``save`` is durable when it returns; ``known`` says whether a report is there already.

    ``forgets`` names reports that are acknowledged and never saved, as that product did; a right one forgets none.
    """

    def __init__(
        self,
        *,
        queue: Queue,
        send: Callable[[Outgoing], object],
        holder: Signer,
        clock: Callable[[], datetime],
        save: Callable[[Report], None],
        known: Callable[[str], bool],
        pins: frozenset[str] = frozenset(),
        authorities: Collection[x509.Certificate] = (),
        schema: Callable[[Any], None] = lambda _: None,
    ) -> None:
        self._holder, self._clock, self._save, self._known = holder, clock, save, known
        self._pins, self._authorities, self._schema = pins, authorities, schema
        self.unreadable: list[str] = []
        self.forgets: Callable[[str], bool] = lambda _: False
        protocol = Protocol(take=self._take, fail=self._fail, unreadable=self._aside)
        self.consumer = Consumer(queue=queue, protocol=protocol, send=send)

    def _aside(self, delivery: Delivery, code: str) -> None:
        del delivery
        self.unreadable.append(code)

    def _take(self, message: Message) -> Outgoing | None:
        if message.type != REPORT:
            raise Fault("peer.type", "$")
        ident = message.headers.get("bekymringsmelding-id") or message.client_id or message.id
        if not self._known(ident) and not self.forgets(ident):
            self._save(self._opened(ident, message))
        return answer_to(message, type=RECEIVED)

    def _opened(self, ident: str, message: Message) -> Report:
        opened = unseal(
            message.body, holders=[self._holder], at=self._clock(), pins=self._pins, authorities=self._authorities
        )
        if set(opened.files) != FILES:
            raise Fault("peer.files", "$")
        form = decode(opened.files["bekymringsmelding.json"])
        self._schema(form)
        pdf = opened.files["bekymringsmelding.pdf"]
        if not isinstance(form, dict) or not pdf.startswith(b"%PDF-"):
            raise Fault("peer.form", "$")
        return Report(ident=ident, form=form, pdf=pdf, signed_by=fingerprint(opened.signer))

    def _fail(self, message: Message, code: str) -> Outgoing | None:
        """The protocol's error message; to a receipt or an error itself nobody answers, or two would never stop."""
        if message.type != REPORT:
            return None
        told = json.dumps({"melding": f"Meldingen kunne ikke tas imot ({code})."}).encode()
        body = pack([File(name="feilmelding.json", data=told)], signer=self._holder, at=self._clock())
        return answer_to(message, type=FAILED, body=body)
