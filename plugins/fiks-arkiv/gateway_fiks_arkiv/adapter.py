"""Sending closed logs to the archive, and hearing what became of them. Nothing is ever taken back from there."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from msgspec import Struct

from gateway.sdk import (
    KINDS,
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
)
from gateway.sdk.lawbook import section_of
from gateway_fiks_arkiv.message import DOCUMENT, MESSAGE, Log, arkivmelding, key_of
from gateway_fiks_arkiv.options import Options
from gateway_fiks_arkiv.receipts import ARCHIVE, Standing, standing

if TYPE_CHECKING:
    from gateway_fiks_io.broker import Delivery, Queue
    from gateway_fiks_io.certificates import Signer
    from gateway_fiks_io.message import Message
    from gateway_fiks_io.send import Post

KEPT = 20
"""Looks for which a receipt that nobody asks for is kept, before it is let go."""


class _Heard(Struct, kw_only=True):
    """A receipt that lies in the queue still, until what it says is written down."""

    tag: int
    standing: Standing
    looks: int = 0


class FiksArkiv(Adapter):
    """A log that has ended, as its holder's unit may see it, into the archive: once, whole, and for good.

    ``clock`` and ``chance`` are the time and the source of keys; ``connect`` opens the queue of receipts.
    """

    name = "fiks-arkiv"
    capabilities: ClassVar[Capabilities] = Capabilities(
        writes=frozenset(KINDS) - {"wonder_note", "unit", "relation"},
        create_only=True,
        documents=True,
        closed=True,
        keeps=True,
        idempotency_key=True,
        receipts=frozenset({"accepted", "delivered", "processed"}),
    )
    proved: ClassVar[tuple[Proof, ...]] = (
        Proof(by="simulator", test="plugins/fiks-arkiv/tests/test_archive.py"),
        Proof(
            by="client",
            what="pypdf reads the document",
            test="plugins/fiks-arkiv/tests/test_message.py::test_the_document_holds_the_whole_log_and_its_letters",
        ),
    )
    Options: ClassVar[type[Struct] | None] = Options

    def __init__(self, context: Context) -> None:
        """Raises ``Misconfigured`` ``arkiv.options``."""
        super().__init__(context)
        try:
            self.options = msgspec.convert(dict(context.options), Options)
        except msgspec.ValidationError:
            raise Misconfigured("arkiv.options") from None
        self.clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC)
        self.chance: Callable[[int], bytes] = os.urandom
        self.connect: Callable[[], Queue | None] = self._queue_of_the_settings
        self._queue: Queue | None = None
        self._heard: dict[str, _Heard] = {}

    def fetch(self, cursor: str | None) -> Page:
        """Nothing is ever fetched from an archive."""
        return Page(cursor=cursor)

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        """Send one closed log. The same key is the same message to the archive, however often it is sent.

        Raises ``AdapterError``: ``Refused`` ``adapter.cannot_write``, ``vendor.create_only``, ``arkiv.open`` (the log
        has not ended), and the codes of ``gateway_fiks_io``.
        """
        if release.kind != "case":
            raise Refused("adapter.cannot_write", path="$.kind")
        if release.native_id is not None:
            raise Refused("vendor.create_only")
        if release.fields.get("status") in {"draft", "consent_pending", "active", "suspended", "closing"}:
            raise Refused("arkiv.open", path="$.status")
        at = self.clock()
        try:
            body = self._envelope(release, at)
        except Fault as fault:
            raise Refused(fault.code, path=fault.path) from None
        from gateway_fiks_io.message import Outgoing  # noqa: PLC0415 - only who sends pays for the cryptography

        conversation = key_of(idempotency_key)
        sent = Outgoing(
            type=ARCHIVE,
            receiver=self.options.archive,
            client_id=conversation,
            correlation=conversation,
            body=body,
        )
        try:
            trace = self._post().send(sent)
        except Fault as fault:
            raise Refused(fault.code, path=fault.path) from None
        return Receipt(key=idempotency_key, state="accepted", native_id=_name(release), trace=trace)

    def retract(self, release: Release, idempotency_key: str) -> Receipt:
        """An archive keeps what it has (norm ARCHIVE_KEEPS): raises ``Refused`` ``archive.kept``."""
        raise Refused("archive.kept")

    def follow(self, sent: list[Sent]) -> list[Receipt]:
        """What the archive has said of each. A receipt stays in the queue until it is ``noted``.

        A process that dies before that loses nothing: the receipt comes once more. Raises ``AdapterError`` when the
        queue cannot be reached.
        """
        asked = {key_of(one.key): one.key for one in sent}
        for conversation, found in self._hear():
            before = self._heard.get(conversation)
            later = before is not None and before.standing.state != "delivered"
            if before is not None:
                self._acknowledge(found.tag if later else before.tag)  # one of the two says it all
            if before is None or not later:
                self._heard[conversation] = found
        told = []
        for conversation, heard in list(self._heard.items()):
            if conversation in asked:
                told.append(Receipt(key=asked[conversation], state=heard.standing.state, code=heard.standing.code))
                continue
            heard.looks += 1
            if heard.looks > KEPT:
                self._let_go(conversation)
        return told

    def noted(self, keys: list[str]) -> None:
        """What was told of these is written down: their receipts leave the queue. Raises ``AdapterError``."""
        for key in keys:
            self._let_go(key_of(key))

    def _let_go(self, conversation: str) -> None:
        heard = self._heard.pop(conversation, None)
        if heard is not None:
            self._acknowledge(heard.tag)

    def health(self) -> str | None:
        """``None`` where our key, the archive's key and the font are there; else a code."""
        try:
            from gateway_fiks_arkiv.page import fonts  # noqa: PLC0415 - only who archives pays for it

            fonts()
            self._signer()
            self._post().key_of(self.options.archive)
        except AdapterError as error:
            return error.code
        except Fault as fault:
            return fault.code
        return None

    def close(self) -> None:
        """Let go of the queue: what was not acknowledged comes again."""
        if self._queue is not None:
            self._queue.close()
            self._queue = None
        self._heard = {}
        super().close()

    def _envelope(self, release: Release, at: datetime) -> bytes:
        from gateway_fiks_io.asice import File  # noqa: PLC0415 - likewise
        from gateway_fiks_io.certificates import pins_of  # noqa: PLC0415
        from gateway_fiks_io.envelope import seal  # noqa: PLC0415

        from gateway_fiks_arkiv.page import pdf_of  # noqa: PLC0415

        document = pdf_of(self.context.printed(release), at=at)
        log = Log(
            key=_name(release),
            former=release.former,
            day=at.date(),
            opened=_day(release.fields.get("opened_on")),
            ended=_day(release.fields.get("closed_on")),
        )
        shielding = section_of("ARCHIVE_SHIELDING", at.date())
        if shielding is None:
            raise Fault("arkiv.shielding", "$")
        message = arkivmelding(log, document=document, options=self.options, shielding=shielding)
        return seal(
            [File(name=MESSAGE, data=message, type="application/xml"),
             File(name=DOCUMENT, data=document, type="application/pdf")],
            signer=self._signer(), recipient=self._post().key_of(self.options.archive), at=at, chance=self.chance,
            pins=pins_of(self.options.pins),
        )  # fmt: skip

    def _post(self) -> "Post":
        from gateway_fiks_io.send import Post, integration  # noqa: PLC0415

        http: Any = self.context.http
        return Post(
            http=http,
            account=self.options.account,
            headers=lambda: integration(self.options.integration, self.context.secret()),
            chance=self.chance,
        )

    def _signer(self) -> "Signer":
        from gateway_fiks_io.certificates import signer_of  # noqa: PLC0415

        try:
            return signer_of(self.context.secret("signer").encode())
        except Fault as fault:
            raise Misconfigured(fault.code, path="secrets.signer") from None

    def _queue_of_the_settings(self) -> "Queue | None":
        told = self.options.queue
        if told is None:
            return None
        from gateway_fiks_io.amqp import AmqpQueue, Place, fiks_password  # noqa: PLC0415

        place = Place(host=told.host, port=told.port, user=self.options.integration, vhost=told.vhost, tls=told.tls)
        return AmqpQueue(place, self.options.account, lambda: fiks_password(self.context.secret(), self._token()))

    def _token(self) -> str:
        """What lets us in at the queue, where others ask for a password: the same as in a request."""
        from gateway.sdk.egress import place  # noqa: PLC0415

        if self.context.http.authoriser is None:
            raise Misconfigured("arkiv.auth", path="auth")
        permit = self.context.http.authoriser.permit()
        told = permit.fields(method="GET", there=place(self.context.url))
        return told.get("authorization", "").partition(" ")[2]

    def _hear(self) -> Iterator[tuple[str, _Heard]]:
        """Everything that waits, with the conversation that it belongs to; what says nothing is acknowledged."""
        if self._queue is None:
            self._queue = self.connect()
        queue = self._queue
        if queue is None:
            return
        while (delivery := self._taken(queue)) is not None:
            try:
                message = self._read(queue, delivery)
                found = standing(message.type, self._receipt(message))
            except Fault as fault:
                # Whatever it was, it is not what tells that a log is archived: that is missed, and a person is asked.
                self.context.log.warning("fiks_arkiv.unreadable", code=fault.code)
                found, message = None, None
            if found is None or message is None or message.correlation is None or not self._is_theirs(message):
                queue.ack(delivery.tag)
                continue
            yield message.correlation, _Heard(tag=delivery.tag, standing=found)

    def _taken(self, queue: "Queue") -> "Delivery | None":
        try:
            return queue.take(0.0)
        except AdapterError:
            self._queue, self._heard = None, {}
            raise

    def _acknowledge(self, tag: int) -> None:
        if self._queue is not None:
            self._queue.ack(tag)

    def _read(self, queue: "Queue", delivery: "Delivery") -> "Message":
        from gateway_fiks_io.message import message_of  # noqa: PLC0415

        return message_of(
            delivery.headers,
            delivery.body,
            receiver=queue.account,
            again=delivery.again,
            expiration=delivery.expiration,
        )

    def _is_theirs(self, message: "Message") -> bool:
        """The archive speaks for itself, and Fiks IO of what it could not deliver: nobody else is believed."""
        ours = message.type.startswith("no.ks.fiks.arkiv.")
        return not ours or message.sender == self.options.archive

    def _receipt(self, message: "Message") -> bytes | None:
        """The XML that came with a message, opened with our key and signed; ``None`` where there was none."""
        if not message.body or not message.type.endswith(".kvittering"):
            return None
        from gateway_fiks_io.certificates import pins_of  # noqa: PLC0415
        from gateway_fiks_io.envelope import unseal  # noqa: PLC0415

        opened = unseal(message.body, holders=[self._signer()], at=self.clock(), pins=pins_of(self.options.pins))
        return next((data for name, data in sorted(opened.files.items()) if name.endswith(".xml")), None)


def _name(release: Release) -> str:
    """The key of the log's case file: a log that was opened again has one for each time that it ended."""
    return key_of(release.case if release.former is None else release.former)


def _day(told: Any) -> date | None:
    try:
        return date.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
