"""The values and calls between the gateway and an adapter. All of them are plain and serialisable."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from msgspec import Struct
from msgspec.structs import force_setattr

from gateway.core.codes import plain_code, plain_path, plain_trace
from gateway.core.model import Fault
from gateway.core.paper import Sheet
from gateway.core.reading import Raw, Reading
from gateway.core.release import Address, Release
from gateway.sdk.errors import Refused, Uncertain, Unreachable
from gateway.sdk.pace import Traffic

if TYPE_CHECKING:
    from gateway.sdk.http import HttpClient


class Page(Struct, frozen=True, kw_only=True):
    """Records from a source, the cursor that stands after them, and whether more wait right now.

    ``changed`` holds ids of persons (as in ``Reading.id``) of whom the source only says that something changed:
    a register tells that of everybody, and only those who have a case are looked up.
    """

    records: list[Raw] = []
    cursor: str | None = None
    more: bool = False
    changed: list[str] = []


class Receipt(Struct, frozen=True, kw_only=True, gc=False):
    """What became of one delivery.

    ``accepted``: the system took it in; ``delivered``: it reached where it should; ``processed``: it was handled there;
    ``refused``: it said no (``code``, ``path``); ``uncertain``: it cannot be told. ``native_id`` and ``version`` are
    the system's own after the write; ``parts`` are the receipts of a release's parts, in their order. A part that was
    refused alone says so in its own receipt. ``kept`` names the fields that the system holds as they were released
    (``None``: all of them), for one that keeps what it knew before, or that has no place for a value. ``trace`` is the
    system's own name for this delivery (a message's number), by which ``follow`` can ask for it later; it is kept in
    the clear, so it names nobody.
    """

    key: str
    state: Literal["accepted", "delivered", "processed", "refused", "uncertain"]
    native_id: str | None = None
    version: str | None = None
    code: str | None = None
    path: str | None = None
    conflict: bool = False
    parts: tuple["Receipt", ...] = ()
    trace: str | None = None
    kept: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.code, str):
            force_setattr(self, "code", plain_code(self.code))
        if isinstance(self.path, str):
            force_setattr(self, "path", plain_path(self.path))
        if self.trace is not None:
            force_setattr(self, "trace", plain_trace(self.trace))


class Sent(Struct, frozen=True, kw_only=True, gc=False):
    """A delivery that was accepted: its key, and the ``trace`` that its receipt told, if it told any."""

    key: str
    trace: str | None = None


class Request(Struct, frozen=True, kw_only=True):
    """A webhook as it came in: header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Capabilities(Struct, frozen=True, kw_only=True):
    """What an adapter can do; the gateway plans by it and asks for nothing else.

    ``categories`` limits what it may ever get (``None``: whatever the gate releases). ``batch`` is how many releases
    one call of ``deliver_batch`` takes. ``documents`` says that a release carries the whole case as ``parts``.
    ``closed`` says that it takes a case when that has ended, not before, and ``keeps`` that the law on archives keeps
    what it has got, so that it is never asked to give anything up. ``receipts`` are the states that it tells of a
    delivery; with ``delivered`` or ``processed`` among them it is asked for those later (``outcomes``).
    ``inventory`` says that it can list all it holds. ``full_feed`` says that a fetch from no cursor returns all there
    is.
    ``lookup`` says that it answers for the persons it is asked about (a register), and that what it answers about one
    child's relations is all that there is now; with ``subjects_only`` it is asked about the children of cases alone.
    ``messages`` says that what it is given goes on to somebody else, and is never told from there again.
    ``carries`` names the fields that it has a place for, by kind, where no mapping tells that; a kind that is not named
    has a place for all.
    ``baton`` says how it shows who coordinates: ``field`` (one record, which only ever says who holds),
    ``assignments`` (a record for each turn, with its state), or ``team`` (a member of a care team, a task an offer).
    ``addresses`` names those of a child whose addresses it tells (a register): ``general_practitioner``. ``addressed``
    names the one to whom it passes on what it is given: it gets an address with each release, from the one register
    that tells it, and nothing where that is not known.
    ``duty`` says that it carries statutory reports to child welfare, which go to it by a path of their own.
    """

    reads: frozenset[str] | set[str] = frozenset()
    writes: frozenset[str] | set[str] = frozenset()
    create_only: bool = False
    events: bool = False
    files: bool = False
    idempotency_key: bool = False
    conditional_write: bool = False
    read_back: bool = False
    deletes: bool = False
    retracts: bool = False
    receipts: frozenset[str] | set[str] = frozenset({"accepted"})
    duty: bool = False
    inventory: bool = False
    acknowledges: bool = False
    documents: bool = False
    messages: bool = False
    closed: bool = False
    keeps: bool = False
    full_feed: bool = False
    manual: bool = False
    lookup: bool = False
    subjects_only: bool = False
    categories: frozenset[str] | set[str] | None = None
    batch: int = 1
    carries: Mapping[str, frozenset[str]] = {}
    baton: Literal["field", "assignments", "team"] = "field"
    addresses: frozenset[str] | set[str] = frozenset()
    addressed: str | None = None


class Proof(Struct, frozen=True, kw_only=True):
    """What an adapter was proved against, by whom it was made, and the test that shows it.

    ``by``: ``vendor`` (the vendor's own system or its test environment), ``server`` (a server that others made, or a
    mock that serves an official description), ``validator`` (an official schema or somebody else's validator judges
    what is written), ``client`` (somebody else's client or library reads it), ``samples`` (official samples or
    recorded answers are read), or ``simulator`` (our own, which shares our misunderstandings). ``test`` is a path from
    the root of the adapter's repository, where one test is meant with ``::`` and its name. ``what`` names the thing.
    """

    by: Literal["vendor", "server", "validator", "client", "samples", "simulator"]
    test: str
    what: str = ""


class Maps(Protocol):
    """An adapter's mapping, both ways (``mappings/adapters/<name>.yaml`` with the municipality's own words)."""

    def read(self, raw: Raw) -> list[Reading]:
        """Readings of one vendor record. Raises ``gateway.core.model.Fault`` with a code and a path."""
        ...

    def write(self, release: Release) -> dict[str, Any]:
        """The vendor's body for a release: the released fields only, in the vendor's names and codes."""
        ...


def unprinted(release: Release) -> Sheet:
    """Stands for a press where there is none: an empty page."""
    del release
    return Sheet(language="nb", title="–", head=(), parts=(), foot=())


class Log(Protocol):
    """Structured events: a name and plain facts. Values of records are never passed."""

    def info(self, event: str, **facts: object) -> None:
        """Something that went as it should."""
        ...

    def warning(self, event: str, **facts: object) -> None:
        """Something that somebody may have to look at."""
        ...


class Context(Struct, frozen=True, kw_only=True):
    """All that an adapter gets: its settings, an HTTP client on a leash, its secret, its maps, a log.

    ``http`` authorises requests to the system's own origin by itself where the settings have an ``auth``
    (``http.authoriser`` is then there), and an adapter sees no token. ``secret()`` is the system's credential,
    ``secret("name")`` one of its ``secrets``; both raise ``Misconfigured`` where there is none.
    """

    system: str
    url: str
    http: "HttpClient"
    secret: Callable[..., str]
    maps: Maps
    log: Log
    options: Mapping[str, Any] = {}
    folder: str = "."
    """The municipality's folder, against which paths in options are resolved."""
    printed: "Callable[[Release], Sheet]" = unprinted
    """A released case as a printed log in the municipality's own words, whole: nothing of it is left out."""


class Adapter:
    """One vendor's system. Subclass it, declare ``name`` and ``capabilities``, write ``fetch`` and ``deliver``."""

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    Options: ClassVar[type[Struct] | None] = None
    """A struct that ``[systems.<name>.options]`` must fit; ``None`` takes no options."""
    traffic: ClassVar[Traffic | None] = None
    """What the system bears: how many requests a second, and when it is left alone; ``None``: no bound."""
    proved: ClassVar[tuple[Proof, ...]] = ()
    """How it was proved: what is told in the matrix of capabilities, and asked of every adapter of this project."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def fetch(self, cursor: str | None) -> Page:
        """Records changed since ``cursor`` (``None``: from the beginning). Raises ``Unreachable`` or ``Refused``."""
        raise NotImplementedError

    def read(self, raw: Raw) -> list[Reading]:
        """Pure: a raw record in canonical names. The default asks the mapping. Raises ``Fault``."""
        return self.context.maps.read(raw)

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        """Write one release. The same key twice is one effect, where the capabilities say so."""
        raise Refused("adapter.cannot_write")

    def deliver_batch(self, releases: list[tuple[Release, str]]) -> list[Receipt]:
        """Write several; receipts in the same order. An exception counts for all of them.

        What one release is refused for belongs into its own receipt (``state="refused"``).
        """
        receipts: list[Receipt] = []
        for release, key in releases:
            try:
                receipts.append(self.deliver(release, key))
            except (Refused, Fault) as error:
                conflict = isinstance(error, Refused) and error.conflict
                receipts.append(Receipt(key=key, state="refused", code=error.code, path=error.path, conflict=conflict))
            except Unreachable as error:
                if receipts:
                    raise Uncertain(error.code) from None  # of all: some of them have taken effect
                raise
        return receipts

    def retract(self, release: Release, idempotency_key: str) -> Receipt:
        """Take back what ``release.retracts`` or ``retract_all`` names."""
        raise Refused("adapter.cannot_retract")

    def acknowledge(self, ids: list[str], outcome: str) -> None:
        """Tell the source that records are kept. Called after our durable save, never before."""

    def read_back(self, key: str) -> Page:
        """What the system holds of a delivery whose outcome is unknown; an empty page says that it has nothing."""
        raise Refused("adapter.cannot_read_back")

    def outcomes(self, keys: list[str]) -> list[Receipt]:
        """What has become since of deliveries that were accepted: a receipt for each key of which more is known.

        Asked only where ``capabilities.receipts`` tells of later states than ``accepted``.
        """
        raise Refused("adapter.no_outcomes")

    def follow(self, sent: list[Sent]) -> list[Receipt]:
        """As ``outcomes``, for a system that knows its deliveries by names of its own. The default asks ``outcomes``.

        A receipt that says ``refused`` is final: a person is asked at once, with its code.
        """
        return self.outcomes([one.key for one in sent])

    def noted(self, keys: list[str]) -> None:
        """What ``follow`` has told of these deliveries is written down. Called after our durable save, never before.

        For one that reads its answers out of a queue: now they may leave it. The default does nothing.
        """

    def on_paper(self, release: Release) -> bytes:
        """A statutory report as a PDF, for the post or the hand, where ``capabilities.duty``. Asks no system."""
        raise Refused("adapter.no_paper")

    def inventory(self) -> Iterable[tuple[str, str]]:
        """(``kind:id``, version) of all that the system holds, for reconciliation."""
        raise Refused("adapter.no_inventory")

    def lookup(self, numbers: list[str]) -> Page:
        """What a register says of the persons with these numbers, and of those who answer for them.

        A number that the register does not know is left out. Raises ``Unreachable`` or ``Refused``.
        """
        raise Refused("adapter.no_lookup")

    def address(self, number: str, whose: str) -> Address | None:
        """Where the one is reached who is ``whose`` (of ``capabilities.addresses``) to the person with this number.

        ``None``: the register knows of nobody. Raises ``Refused`` with the reason where somebody is known who cannot
        be reached, ``Unreachable``.
        """
        raise Refused("adapter.no_address")

    def receive(self, request: Request) -> Page:
        """A webhook's body as a page."""
        raise Refused("adapter.no_webhook")

    def health(self) -> str | None:
        """``None``, or a code for what is wrong."""
        return None

    def close(self) -> None:
        """Let go of connections. An adapter that holds more than ``context.http`` lets go of that too."""
        self.context.http.close()
