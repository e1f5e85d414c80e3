"""A stand-in for Fiks IO with an archive behind it, on loopback: our reading of what KS publishes, and no more.

The archive opens what comes, checks it against the message's schema and the document against its checksum, saves it,
says ``mottatt``, and later ``kvittering``. What it finds wrong it answers with ``ugyldigforespoersel``.
"""

import hashlib
import itertools
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from types import TracebackType
from typing import Any, Self

from gateway_fiks_io.asice import File
from gateway_fiks_io.broker import MemoryBroker
from gateway_fiks_io.consumer import Consumer, Protocol
from gateway_fiks_io.envelope import seal, unseal
from gateway_fiks_io.message import Message, Outgoing, answer_to, headers_of
from gateway_fiks_io.post import INTEGRATION, PASSWORD, PostOffice
from gateway_fiks_io.testing import made_up, pem, pem_of

from gateway.sdk import Fault
from gateway.sdk.xmlio import Schema, parse
from gateway_fiks_arkiv.message import CATALOGUE, DOCUMENT, MESSAGE, SPACE
from gateway_fiks_arkiv.receipts import ARCHIVE, DONE, INVALID, RECEIPT, TAKEN

SECRET = PASSWORD
OURS, THEIRS = "aa000000-0000-4000-8000-00000000000a", "bb000000-0000-4000-8000-00000000000b"
"""The accounts: who sends, and the archive."""


@cache
def schema() -> Schema:
    """The schema of the message, ours from its documentation."""
    folder = files("gateway_fiks_arkiv").joinpath("schemas")
    names = ("arkivmelding.xsd", "metadatakatalog.xsd")
    return Schema(main=names[0], files={name: folder.joinpath(name).read_bytes() for name in names})


def simulated(seed: int) -> list[Mapping[str, Any]]:
    """Nothing stands there from the beginning."""
    del seed
    return []


class StandIn:
    """The service and the archive while they are open.

    ``kept`` are the archived logs by their key: the message's bytes and the document. ``partly`` orders the archive to
    archive the case file and fail with the note; ``silent`` to take nothing out of its queue.
    """

    secret = SECRET

    def __init__(
        self,
        records: Iterable[Mapping[str, Any]] = (),
        *,
        port: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
    ) -> None:
        del records
        counter = itertools.count(1)
        self._fresh: Callable[[], str] = lambda: f"ee000000-0000-4000-8000-{next(counter):012d}"
        self.clock = clock
        self.sender, self.archive = made_up("log keeper"), made_up("archive")
        self.broker = MemoryBroker(clock=clock, fresh=self._fresh)
        self.office = PostOffice(self.broker, fresh=self._fresh, port=port)
        self.office.keys = {OURS: pem(self.sender.certificate), THEIRS: pem(self.archive.certificate)}
        self.url, self.wait, self.troubles = self.office.url, threading.Event().wait, self.office.troubles
        self.kept: dict[str, tuple[bytes, bytes]] = {}
        self.refused: list[str] = []
        self.partly = self.silent = False
        self._answered: dict[str, Outgoing] = {}
        self._later: list[tuple[Message, bool]] = []
        protocol = Protocol(take=self._take, fail=self._fail, unreadable=lambda *_: None)
        self._consumer = Consumer(queue=self.broker.connect(THEIRS), protocol=protocol, send=self._say)

    @property
    def signer(self) -> str:
        """Our key with its certificate, as the settings hold it."""
        return pem_of(self.sender)

    def __enter__(self) -> Self:
        self.office.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering."""
        self.office.__exit__(None, None, None)

    def work(self) -> None:
        """The archive takes what waits, and says so."""
        if not self.silent:
            self._consumer.drain()

    def settle(self) -> None:
        """The archive has archived what it took, and says so."""
        later, self._later = self._later, []
        for message, failed in later:
            files_ = [File(name="arkivmelding-kvittering.xml", data=_receipt(failed=failed), type="application/xml")]
            body = seal(
                files_, signer=self.archive, recipient=self.sender.certificate, at=self.clock(), chance=os.urandom
            )
            self._say(answer_to(message, type=DONE, body=body))

    def _take(self, message: Message) -> Outgoing:
        """Once for each message of the sender's own naming, however often it comes."""
        name = message.client_id or message.id
        if name not in self._answered:
            opened = unseal(message.body, holders=[self.archive], at=self.clock())
            if message.type != ARCHIVE or set(opened.files) != {MESSAGE, DOCUMENT}:
                raise Fault("arkiv.invalid", "$")
            root = parse(opened.files[MESSAGE])
            schema().check(root)
            document = opened.files[DOCUMENT]
            told = root.findtext(f".//{{{SPACE}}}sjekksum")
            if told != hashlib.sha256(document).hexdigest():
                raise Fault("arkiv.invalid", "$.sjekksum")
            key = root.findtext(f"{{{SPACE}}}mappe/{{{SPACE}}}referanseEksternNoekkel/{{{CATALOGUE}}}noekkel")
            self.kept[key or ""] = (opened.files[MESSAGE], document)
            self._later.append((message, self.partly))
            self._answered[name] = answer_to(message, type=TAKEN)
        return self._answered[name]

    def _fail(self, message: Message, code: str) -> Outgoing:
        self.refused.append(code)
        return answer_to(message, type=INVALID)

    def _say(self, outgoing: Outgoing) -> None:
        message = Message(
            id=self._fresh(),
            type=outgoing.type,
            sender=THEIRS,
            receiver=outgoing.receiver,
            reply_to=outgoing.reply_to,
            client_id=outgoing.client_id,
            correlation=outgoing.correlation,
        )
        self.broker.publish(outgoing.receiver, headers_of(message), outgoing.body)


def options_of() -> dict[str, Any]:
    """Options that fit the stand-in."""
    return {"account": OURS, "archive": THEIRS, "integration": INTEGRATION}


def _receipt(*, failed: bool) -> bytes:
    ident = "cc000000-0000-4000-8000-000000000001"
    note = (
        "<registreringFeilet><f:feilId>1</f:feilId><f:feilmelding>nei</f:feilmelding></registreringFeilet>"
        if failed
        else f"<registreringKvittering><systemID>{ident}</systemID>"
        "<opprettetEllerEksisterende>Opprettet</opprettetEllerEksisterende></registreringKvittering>"
    )
    return (
        f'<arkivmeldingKvittering xmlns="{RECEIPT}" '
        'xmlns:f="https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/feil/feilmelding/v1">'
        f"<mappeKvittering><systemID>{ident}</systemID>"
        "<opprettetEllerEksisterende>Opprettet</opprettetEllerEksisterende></mappeKvittering>"
        f"{note}</arkivmeldingKvittering>"
    ).encode()
