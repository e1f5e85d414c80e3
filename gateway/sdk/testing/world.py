"""What a vendor brings to be certified: a world with the truth in it, samples, and how to connect an adapter to it.

The kit believes neither the adapter nor its declaration. It acts in the vendor's system through a ``World`` (a
simulator, a stand-in server, a vendor's test system, a folder of files) and asks that world what became of a write.
What a vendor's record means is told by ``Sample``: a recorded body and, beside it, what a person says that it means.
"""

import io
import logging
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, redirect_stderr, redirect_stdout
from typing import Any, Literal, Protocol

from msgspec import Struct

from gateway.core.reading import Raw
from gateway.sdk.api import Adapter, Request

FaultName = Literal["down", "rejected", "lost"]
"""``down``: no answer and no effect; ``rejected``: understood, and the answer is no; ``lost``: it took effect, but the
answer never came."""

Ability = Literal[
    "make", "edit", "delete", "late", "down", "rejected", "lost", "acknowledged", "requests", "webhook", "age"
]


class Sample(Struct, frozen=True, kw_only=True):
    """One recorded record and its meaning.

    ``body`` is as the vendor's system holds it (without its own id, version and time), ``fields`` what it means in
    canonical names. ``patch`` are keys of the body as a user of that system could change them, ``patched`` the canonical
    fields that then differ, with their new values. ``recorded`` says that it came from the vendor's own system, not
    from the adapter's declaration. ``asks`` are the numbers by which a register is asked for it;
    ``raw`` is the record as it once came over the wire, for reading without a world.
    """

    kind: str
    body: Mapping[str, Any]
    fields: Mapping[str, Any]
    patch: Mapping[str, Any]
    patched: Mapping[str, Any]
    recorded: bool = True
    asks: tuple[str, ...] = ()
    raw: Raw | None = None


class Thing(Struct, frozen=True, kw_only=True):
    """A living record in the vendor's system: ``body`` as in ``Sample``, and how many writes it has seen."""

    kind: str
    id: str
    body: Mapping[str, Any]
    version: str | None = None
    writes: int | None = None


class World(Protocol):
    """A vendor's system, seen from its own side. Kinds are canonical names, ids the vendor's."""

    @property
    def can(self) -> Collection[Ability]:
        """Which of the calls below work here; a check that needs another is told as not applicable."""
        ...

    def state(self) -> Mapping[str, Thing]:
        """The truth: all living records, by ``kind:id``."""
        ...

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        """A user there makes a record; its id. ``late``: its time of change lies a little before the newest one's."""
        ...

    def edit(self, kind: str, ident: str, patch: Mapping[str, Any]) -> None:
        """A user there changes keys of a record."""
        ...

    def delete(self, kind: str, ident: str) -> None:
        """A user there deletes a record."""
        ...

    def fault(self, name: FaultName, times: int = 1) -> None:
        """The next ``times`` calls to the system go wrong in this way."""
        ...

    def heal(self) -> None:
        """No faults any more."""
        ...

    def ready(self, sample: Sample) -> str | None:
        """Make what a record of this sample stands in (its case, its person); the case's id there, if it has one."""
        ...

    def acknowledged(self) -> Collection[str]:
        """The ids of the records that the system believes to be kept by us."""
        ...

    def requests(self) -> Sequence[str]:
        """Request lines, file names or topics: what an onlooker could write down without opening a body."""
        ...

    def age(self) -> None:
        """An hour passes there, and nothing is changed."""
        ...

    def webhook(self) -> Request:
        """What the system would send us about its newest change."""
        ...


class Watch:
    """Everything an adapter said while it was watched: events, standard output, logging, errors.

    It is the ``Log`` of the adapter's context. ``closing`` is called when the check is over.
    """

    def __init__(self) -> None:
        self.said: list[str] = []
        self.closing: list[Callable[[], None]] = []
        self._stream = io.StringIO()

    def heard(self) -> list[str]:
        """All of it, as texts."""
        return [*self.said, self._stream.getvalue()]

    def info(self, event: str, **facts: object) -> None:
        """See ``gateway.sdk.Log``."""
        self.said.append(repr((event, facts)))

    def warning(self, event: str, **facts: object) -> None:
        """See ``gateway.sdk.Log``."""
        self.said.append(repr((event, facts)))

    def caught(self, error: BaseException) -> None:
        """Note an exception as a log would show it, its causes, notes and arguments included."""
        self.said.append("".join(traceback.format_exception(error)))
        link: BaseException | None = error
        while link is not None:
            self.said.append(repr((type(link).__name__, link.args, vars(link))))
            link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Standard output, standard error and the logging module are heard too."""
        handler = logging.StreamHandler(self._stream)
        root = logging.getLogger()
        before = root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        try:
            with redirect_stdout(self._stream), redirect_stderr(self._stream):
                yield
        finally:
            root.removeHandler(handler)
            root.setLevel(before)


class Bench(Protocol):
    """Where an adapter is tried: the one thing that a vendor writes to have it certified."""

    @property
    def adapter(self) -> type[Adapter]:
        """The adapter on trial."""
        ...

    @property
    def samples(self) -> Sequence[Sample]:
        """One or more for each kind that it reads or writes."""
        ...

    @property
    def source(self) -> str:
        """Said in the report: ``vendor system``, ``recordings``, ``stand-in``, or ``own declaration``."""
        ...

    @property
    def page(self) -> int:
        """How many records the world puts on a page at most."""
        ...

    def world(self) -> AbstractContextManager[World]:
        """A new world, empty."""
        ...

    def connect(self, world: World, watch: Watch) -> Adapter:
        """A new adapter at that world, with ``watch`` as its log."""
        ...
