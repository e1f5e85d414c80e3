"""A stand-in for Fiks bekymringsmelding on loopback, with a child welfare service behind it, over Fiks IO.

It takes reports in as the service says that it does, hands them to the receiver's queue, hears its receipts, and sends
by post what the receiver does not take. It is our own reading of what KS publishes, and says nothing beyond it.
"""

import itertools
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from gateway_fiks_io import cms
from gateway_fiks_io.broker import MemoryBroker
from gateway_fiks_io.message import OWN, SERVER_FAILED, TIMED_OUT
from gateway_fiks_io.post import parts_of
from gateway_fiks_io.testing import made_up, pem, pem_of
from msgspec import Struct, field

from gateway.sdk import Fault
from gateway.sdk.loopback import Answer, Asked, LoopbackServer
from gateway.sdk.simfaults import Troubles
from gateway_fiks_bekymringsmelding.peer import FAILED, RECEIVED, REPORT

SECRET = "standin"  # noqa: S105 - what the stand-in takes, secret to nobody
INTEGRATION = "aa000000-0000-4000-8000-000000000001"
ORGANISATION = "bb000000-0000-4000-8000-000000000002"
SERVICE = "cc000000-0000-4000-8000-000000000003"
"""The account at Fiks IO by which the service sends and hears."""
RECEIVER = "dd000000-0000-4000-8000-000000000004"
LARGEST = 5_000_000
TTL = 24 * 3600


class Taken(Struct, kw_only=True):
    """One report that the service has taken in: its id, its states in order, and how often it was posted."""

    ident: str
    where: str
    asice: bytes
    pdf: bytes
    states: list[str] = field(default_factory=list)
    letters: int = 0


def simulated(seed: int) -> list[Mapping[str, Any]]:
    """Nothing stands there from the beginning."""
    del seed
    return []


class StandIn:
    """The service while it is open.

    ``districts`` maps municipalities to what the service says of them; one that is not there is not connected.
    ``broker`` carries the messages; left out, one in memory. ``GET /_sim/state`` tells what was taken, ``POST
    /_sim/faults`` orders faults. ``hear`` takes in the receiver's receipts and moves the states.
    """

    secret = SECRET

    def __init__(
        self,
        records: Iterable[Mapping[str, Any]] = (),
        *,
        port: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
        broker: MemoryBroker | None = None,
        bearer: bool = False,
    ) -> None:
        del records
        counter = itertools.count(1)
        self.fresh: Callable[[], str] = lambda: f"ee000000-0000-4000-8000-{next(counter):012d}"
        self.clock = clock
        self.broker = broker or MemoryBroker(clock=clock, fresh=self.fresh)
        self.bearer = bearer
        self.districts: dict[str, list[dict[str, Any]]] = {
            "1120": [{"bydelsnummer": "00", "bydelsnavn": "Klepp barnevern", "standardMottaker": True}]
        }
        self.printer, self.system, self.sender = made_up("printer"), made_up("system"), made_up("sender")
        self.certificates = {"print": pem(self.printer.certificate), "system": pem(self.system.certificate)}
        self.post_works = True
        self.taken: dict[str, Taken] = {}
        self._sent_as: dict[str, str] = {}
        self.asked: list[str] = []
        self.troubles = Troubles()
        self._lock = threading.Lock()
        self._queue = self.broker.connect(SERVICE)
        self.broker.connect(RECEIVER)
        self._server = LoopbackServer(self._answer, port=port)
        self.url, self.wait, self.close = self._server.url, self._server.wait, self._server.close

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def signer(self) -> str:
        """The sender's key and certificate as text: what an adapter at this stand-in signs with."""
        return pem_of(self.sender)

    def letter(self, ident: str) -> bytes:
        """What the printer can read of a report."""
        return cms.decrypt(self.taken[ident].pdf, [self.printer])

    def hear(self) -> None:
        """Take in what the receiver has answered, and what Fiks IO says about messages that nobody took."""
        self.broker.expire()
        while (delivery := self._queue.take(0)) is not None:
            told = {str(name): str(value) for name, value in delivery.headers.items()}
            self._queue.ack(delivery.tag)
            with self._lock:
                known = self._sent_as.get(told.get("svar-til", ""))
                if known is not None:
                    self._moved(self.taken[known], told.get("type", ""))

    def _moved(self, one: Taken, kind: str) -> None:
        if "LEVERT" in one.states:
            return
        if kind == RECEIVED:
            one.states.append("LEVERT")
        elif kind in {FAILED, TIMED_OUT, SERVER_FAILED} and "SENDT_PRINT" not in one.states:
            one.states += ["AVVIST_FAGSYSTEM", "SENDT_PRINT"]
            if self.post_works:
                one.letters += 1
            else:
                one.states.append("AVVIST_PRINT")

    def posted(self) -> None:
        """The letters have been handed to the post."""
        with self._lock:
            for one in self.taken.values():
                if one.letters and "LEVERT" not in one.states:
                    one.states.append("LEVERT")

    def _answer(self, asked: Asked) -> Answer:
        if asked.path == "/_sim/state":
            return _told({"reports": {ident: one.states for ident, one in self.taken.items()}})
        if asked.path == "/_sim/faults":
            try:
                self.troubles.order(json.loads(asked.body))
            except (Fault, ValueError):
                return Answer(status=400)
            return Answer(status=204)
        self.asked.append(f"{asked.method} {asked.path}")
        return self.troubles.upon(lambda: self._own(asked), reads=asked.method == "GET")

    def _own(self, asked: Asked) -> Answer:
        known = asked.headers.get("integrasjonid") == INTEGRATION and asked.headers.get("integrasjonpassord") == SECRET
        if not known or (self.bearer and not asked.headers.get("authorization", "").startswith("Bearer ")):
            return Answer(status=401, body=b"{}")
        match asked.method, asked.path.removeprefix("/api/v2/").split("/"):
            case "GET", ["kommuner", municipality, "bydeler"]:
                return _told(self.districts.get(municipality, []))
            case "GET", ["mottak", "fagsystem", municipality, district, "krypteringsnokler"]:
                return self._keys(municipality, district)
            case "GET", ["mottak", "fagsystem", organisation, "bekymringsmelding", ident, "status"]:
                return self._status(organisation, ident)
            case "POST", ["mottak", "fagsystem", organisation, municipality, district, "offentlig"]:
                return self._take(asked, organisation, municipality, district)
        return Answer(status=404, body=b"{}")

    def _has(self, municipality: str, district: str) -> bool:
        return any(one["bydelsnummer"] == district for one in self.districts.get(municipality, []))

    def _keys(self, municipality: str, district: str) -> Answer:
        if not self._has(municipality, district):
            return Answer(status=404, body=b"{}")
        return _told(
            {
                "printOffentligNokkel": {"nokkel": self.certificates["print"]},
                "fiksIOOffentligNokkel": {"nokkel": self.certificates["system"]},
            }
        )

    def _status(self, organisation: str, ident: str) -> Answer:
        self.hear()
        one = self.taken.get(ident)
        if one is None or organisation != ORGANISATION:
            return Answer(status=404, body=b"{}")
        begun = datetime(2026, 1, 1, tzinfo=UTC)
        return _told(
            [
                {
                    "bekymringsmeldingId": ident, "tilstand": state, "beskrivelse": "",
                    "tidspunkt": (begun + timedelta(minutes=at)).replace(tzinfo=None).isoformat(),
                }
                for at, state in enumerate(one.states)
            ]
        )  # fmt: skip

    def _take(self, asked: Asked, organisation: str, municipality: str, district: str) -> Answer:
        parts = parts_of(asked.headers.get("content-type", ""), asked.body)
        if len(asked.body) > LARGEST:
            return Answer(status=413, body=b"{}")
        if (
            organisation != ORGANISATION
            or not self._has(municipality, district)
            or set(parts) != {"bekymringsmelding", "asice"}
        ):
            return Answer(status=400, body=b"{}")
        ident, message = self.fresh(), self.fresh()
        one = Taken(
            ident=ident, where=f"{municipality}/{district}", asice=parts["asice"], pdf=parts["bekymringsmelding"]
        )
        one.states = ["AKSEPTERT", "SENDT_FAGSYSTEM"]
        with self._lock:
            self.taken[ident] = one
            self._sent_as[message] = ident
        headers = {
            "avsender-id": SERVICE, "melding-id": message, "type": REPORT, "klientmelding-id": ident,
            f"{OWN}bekymringsmelding-id": ident, f"{OWN}bydel-ressurs-id": f"{municipality}{district}",
        }  # fmt: skip
        self.broker.publish(RECEIVER, headers, one.asice, ttl=TTL)
        return _told({"uuid": ident})


def _told(value: Any) -> Answer:
    return Answer(body=json.dumps(value, ensure_ascii=False).encode())
