"""The adapter: letters out, letters in, and what became of those that went out."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from gateway.sdk import (
    Adapter,
    AdapterError,
    Capabilities,
    Context,
    Page,
    Proof,
    Raw,
    Reading,
    Receipt,
    Refused,
    Release,
    Sent,
)
from gateway_nhn_msh.options import Correspondent, Options, checked
from gateway_nhn_msh.service import MessageService, State

if TYPE_CHECKING:
    from gateway_nhn_msh.service import ReceiptInfo

HERE = "plugins/nhn-msh/tests"


class NhnMsh(Adapter):
    """One correspondent: the release is a dialogue message to it, and its letters in our conversations are read."""

    name = "nhn-msh"
    capabilities = Capabilities(
        reads={"concern"},
        writes={"case", "person", "concern", "goal", "measure", "meeting", "evaluation", "assignment"},
        documents=True,
        messages=True,
        idempotency_key=True,
        acknowledges=True,
        receipts={"accepted", "delivered", "processed"},
    )
    proved = (
        Proof(
            by="server",
            what="Prism from the service's official OpenAPI",
            test="tests/interop/test_messages.py::test_every_request_is_one_that_the_services_own_document_allows",
        ),
        Proof(
            by="validator",
            what="the official KITH schemas",
            test=f"{HERE}/test_kith.py::test_whatever_a_dialogue_message_says_is_valid_and_read_back_as_it_was",
        ),
        Proof(
            by="samples",
            what="official KITH samples and recorded answers of the service",
            test=f"{HERE}/test_kith.py::test_each_official_sample_is_read_or_refused_for_the_right_reason",
        ),
        Proof(by="simulator", test=f"{HERE}/test_stories.py"),
    )
    Options = Options

    def __init__(self, context: Context, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Raises ``Misconfigured`` where a HER-id is no number."""
        super().__init__(context)
        self.options = checked(msgspec.convert(dict(context.options), Options))
        self.service = MessageService(context.http, software=self.options.software)
        self._peer = None if isinstance(self.options.receiver, str) else self.options.receiver
        """Whom this system is; ``None`` where it is each child's own doctor."""
        if self._peer is None:
            self.capabilities = replace(self.capabilities, addressed=str(self.options.receiver), reads=frozenset())  # type: ignore[misc]
        self._clock = clock
        self._held: dict[str, Raw] = {}
        """What the last fetch gave, so that acknowledging it asks for no document twice."""

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        """Send a letter. The same key is the same message, by whose id the receiver knows it again.

        Raises ``AdapterError``, and ``Fault`` for what the message has no place for.
        """
        from gateway_nhn_msh.compose import letter_of  # noqa: PLC0415 - lxml only for those who send
        from gateway_nhn_msh.kith import dialogue  # noqa: PLC0415

        if release.kind != "case":
            raise Refused("adapter.cannot_write", path="$.kind")
        receiver = self._receiver(release)
        letter = letter_of(
            release,
            idempotency_key,
            options=self.options,
            receiver=receiver,
            maps=self.context.maps,
            now=self._clock().astimezone(ZoneInfo("Europe/Oslo")),
        )
        trace = self.service.send(dialogue.write(letter.message))
        return Receipt(
            key=idempotency_key,
            state="accepted",
            native_id=letter.conversation if self._peer is not None else f"{letter.conversation}/{receiver.her_id}",
            version=letter.message.id,
            trace=trace,
            parts=tuple(Receipt(key=idempotency_key, state="accepted", native_id=one) for one in letter.parts),
        )

    def _receiver(self, release: Release) -> Correspondent:
        """To whom a letter goes. Raises ``Refused``: ``nhn.doctor_unknown``, ``nhn.doctor_changed``."""
        if self._peer is not None:
            return self._peer
        if release.to is None:
            raise Refused("nhn.doctor_unknown", path="$.to")
        if release.native_id is not None and release.native_id.rpartition("/")[2] != release.to.id:
            raise Refused("nhn.doctor_changed", path="$.to")
        return Correspondent(
            her_id=release.to.id, name=release.to.name, organisation_her_id=release.to.parent_id,
            organisation_name=release.to.parent_name,
        )  # fmt: skip

    def follow(self, sent: list[Sent]) -> list[Receipt]:
        """How far each letter has come: arrived at the receiver's system, taken in there, or rejected and why."""
        return [told for one in sent if one.trace is not None and (told := self._come(one)) is not None]

    def _come(self, one: Sent) -> Receipt | None:
        trace = one.trace or ""
        state = self._ours(self.service.states(trace))
        if state is None:
            return None
        if state.app_rec_status == "Ok":
            return Receipt(key=one.key, state="processed")
        if state.app_rec_status is not None:
            return Receipt(key=one.key, state="refused", code=self._reason(self.service.receipts(trace)))
        if state.transport_delivery_state == "Rejected":
            return Receipt(key=one.key, state="refused", code="nhn.transport")
        return Receipt(
            key=one.key, state="delivered" if state.transport_delivery_state == "Acknowledged" else "accepted"
        )

    def _ours(self, states: list[State]) -> State | None:
        """The state with the one receiver that a letter has."""
        mine = int(self._peer.her_id) if self._peer is not None else None
        return next((one for one in states if one.receiver_her_id == mine), states[0] if len(states) == 1 else None)

    def _reason(self, told: "list[ReceiptInfo]") -> str:
        from gateway_nhn_msh.kith import codes  # noqa: PLC0415

        errors = [error.error_code or "" for one in told for error in one.app_rec_error_list or ()]
        return codes.plain(errors[0]) if errors else "apprec.x99"

    def fetch(self, cursor: str | None) -> Page:
        """What lies unread from this correspondent, a hundred at most; the rest comes when these are marked as read."""
        from gateway_nhn_msh.incoming import DIALOGUE, RECEIPT, TOO_LARGE  # noqa: PLC0415

        if self._peer is None:
            self._probe()
            return Page(cursor=cursor)
        mine, peer = self.options.sender.her_id, self._peer.her_id
        records: list[Raw] = []
        for one in self.service.waiting(receiver=mine, sender=peer, most=self.options.page):
            kind = RECEIPT if one.is_app_rec else DIALOGUE
            try:
                body = self.service.document(one.id)
            except Refused as error:
                # One letter that cannot be had does not stop the others. It is held for a person, and had again later.
                kind, body = (TOO_LARGE if error.code == "http.oversized" else kind), b""
            if body is not None:
                records.append(Raw(kind=kind, id=one.id, body=body))
        self._held = {raw.id: raw for raw in records}
        return Page(records=records, cursor=cursor)

    def read(self, raw: Raw) -> list[Reading]:
        """Pure: what a letter says of a case; a receipt says nothing. Raises ``Fault``."""
        from gateway_nhn_msh.incoming import readings  # noqa: PLC0415

        return readings(raw, peer=self._peer.her_id) if self._peer is not None else []

    def acknowledge(self, ids: list[str], outcome: str) -> None:
        """Answer letters that are kept here with an application receipt, then mark them as read.

        In this order: when the process dies between the two, the sender hears the same once more. A letter that cannot
        be read is kept for a person here, and its sender is told that it was rejected. One that the service did not
        hand out is left unread.
        """
        from gateway_nhn_msh import incoming  # noqa: PLC0415
        from gateway_nhn_msh.kith.codes import ERRORS  # noqa: PLC0415

        if self._peer is None:
            return
        mine, peer = self.options.sender.her_id, self._peer.her_id
        for ident in ids:
            raw = self._held.get(ident) or self._again(ident)
            if raw is None or not (raw.body or raw.kind == incoming.TOO_LARGE):
                continue  # there is no such letter, or what it says has not been had yet
            error = incoming.verdict(raw, peer=peer)
            if incoming.wants_receipt(raw) and (error is not None or not incoming.wants_only_errors(raw)):
                self.service.receipt(ident, sender=mine, error=error, words=ERRORS.get(error or "", ""))
            self.service.read(ident, receiver=mine)
            self._held.pop(ident, None)

    def _again(self, ident: str) -> Raw | None:
        """A letter that another process has fetched; ``None`` where the service has no such one."""
        from gateway_nhn_msh.incoming import DIALOGUE, RECEIPT, TOO_LARGE  # noqa: PLC0415

        if len(ident) != 36:
            return None
        try:
            body = self.service.document(ident)
        except Refused as error:
            return Raw(kind=TOO_LARGE if error.code == "http.oversized" else DIALOGUE, id=ident)
        if body is None:
            return None
        return Raw(kind=RECEIPT if b"xmlstds/apprec/" in body[:2000] else DIALOGUE, id=ident, body=body)

    def health(self) -> str | None:
        """``None``, or a code: asks for one unread letter of this correspondent."""
        try:
            self._probe()
        except AdapterError as error:
            return error.code
        return None

    def _probe(self) -> None:
        """Whether the mailbox answers; where the receivers are many, what is asked for are letters of our own."""
        mine = self.options.sender.her_id
        self.service.waiting(receiver=mine, sender=self._peer.her_id if self._peer is not None else mine, most=1)
