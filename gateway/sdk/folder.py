"""A folder where another system leaves its files: which one is next, how far it is read, and when it may be put away.

``Intake`` is for adapters that read exports. It holds that

* a file that may still be growing is left alone: it is taken when it was last written ``settle`` seconds ago, or has
  been seen unchanged for as long by our own clock (a share's clock may be wrong);
* a file is put into ``done/`` only when all that was read of it is kept, and never deleted or overwritten;
* a file that was replaced is another file, also under the same name, and one replaced while it was read is read anew;
* links are not followed, nothing beside the folder is opened, and a file's name, which may be somebody's, appears
  nowhere: it is ``file-17``, and ``done/000017-…`` afterwards.

How far reading has come stands in the cursor, so a crash between saving and putting away reads nothing twice.
Where the folder lies is a ``Place``: here, or wherever a plugin reaches.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from gateway.core.reading import Raw
from gateway.sdk.api import Page
from gateway.sdk.errors import Misconfigured
from gateway.sdk.place import DONE, Entry, LocalPlace, Place

__all__ = ["DONE", "Dropped", "Intake", "Visit"]


class _Position(Struct, kw_only=True):
    key: str
    ordinal: int
    at: Any = None


class _State(Struct, kw_only=True, omit_defaults=True):
    """The cursor: files by a hash of their name, size, time and inode."""

    count: int = 0
    reading: _Position | None = None
    finished: dict[str, int] = {}
    seen: dict[str, float] = {}
    memory: dict[str, Any] = {}


class _Issued(Struct, kw_only=True):
    """A page that was handed out: the cursors before and after it, and what is not yet acknowledged of it."""

    before: str | None
    after: str
    more: bool
    waiting: set[str]


class Dropped(Struct, frozen=True, kw_only=True):
    """A file to read on, the ``ordinal``-th: ``label`` is how it is spoken of, ``pattern`` which it matched.

    ``at`` is where to go on: what the adapter gave to ``Visit.page`` last, ``None`` for a file that is begun.
    """

    ordinal: int
    label: str
    pattern: str
    suffix: str
    key: str
    at: Any
    stream: BinaryIO


class Intake:
    """The files of one folder that match ``patterns`` (case does not count), the oldest first.

    ``settle`` is in seconds; ``now`` gives seconds since the epoch.
    """

    def __init__(
        self, *, folder: Path | Place, patterns: Sequence[str], settle: float, now: Callable[[], float]
    ) -> None:
        self.place: Place = LocalPlace(folder) if isinstance(folder, Path) else folder
        self.patterns = tuple(patterns)
        self.settle = settle
        self.now = now
        self._issued: list[_Issued] = []
        self._lock = threading.Lock()
        self._stuck = False

    def health(self) -> str | None:
        """What the place says of itself (``folder.missing``), ``folder.cannot_move``, or ``None``."""
        return self.place.health() or ("folder.cannot_move" if self._stuck else None)

    @contextmanager
    def visit(self, cursor: str | None) -> Iterator["Visit"]:
        """Look into the folder, with the next file open if there is one.

        Raises ``Misconfigured`` ``folder.missing`` or ``folder.cursor``, and ``Unreachable`` ``folder.unreadable``.
        """
        state = _decode(cursor)
        with self._lock:
            durable = self._is_durable(cursor)
            self._forget_from(cursor)
        if durable:
            self._put_away(state.finished)
        present = self._present()
        ready = self._ready(state, present)
        if not ready:
            yield Visit(intake=self, cursor=cursor, state=state, file=None, more=False)
            return
        found, *others = ready
        place = state.reading
        if place is None or place.key != found.key:
            state.count += 1
            place = _Position(key=found.key, ordinal=state.count)
        state.reading = place
        with self.place.open(found) as stream:
            file = Dropped(
                ordinal=place.ordinal,
                label=f"file-{place.ordinal}",
                pattern=next(pattern for pattern in self.patterns if _matches(found.name, pattern)),
                suffix=Path(found.name).suffix.lower(),
                key=found.key,
                at=place.at,
                stream=stream,
            )
            yield Visit(intake=self, cursor=cursor, state=state, file=file, more=bool(others))

    def acknowledge(self, ids: Sequence[str]) -> None:
        """These records are kept. A file goes to ``done/`` once all of its last page is, or anything after it."""
        named = set(ids)
        with self._lock:
            at = next((at for at, page in enumerate(self._issued) if page.waiting & named), None)
            if at is None:
                return
            page = self._issued[at]
            page.waiting -= named
            kept = page if not page.waiting else self._issued[at - 1] if at else None
            del self._issued[: at + (not page.waiting)]
        if kept is not None:
            self._put_away(_decode(kept.after).finished)

    def _is_durable(self, cursor: str | None) -> bool:
        """Whether a cursor surely was saved: it is not from this run, or it ended a round, so nothing ran ahead."""
        page = next((page for page in self._issued if page.after == cursor), None)
        return page is None or not page.more

    def _forget_from(self, cursor: str | None) -> None:
        """Pages after this cursor were handed out before and are now asked for again: they were not kept."""
        at = next((at for at, page in enumerate(self._issued) if page.before == cursor), None)
        if at is not None:
            del self._issued[at:]

    def issue(self, page: Page, *, before: str | None) -> Page:
        """Remember what was handed out, until it is acknowledged."""
        with self._lock:
            ids = {raw.id for raw in page.records}
            self._issued.append(_Issued(before=before, after=page.cursor or "", more=page.more, waiting=ids))
            # An idle round hands out an empty page: only the last of those says anything.
            while len(self._issued) > 1 and not self._issued[0].waiting and not self._issued[1].waiting:
                del self._issued[0]
        return page

    def _present(self) -> list[Entry]:
        found = [
            entry
            for entry in self.place.present()
            if not entry.name.startswith((".", "~")) and any(_matches(entry.name, one) for one in self.patterns)
        ]
        return sorted(found, key=lambda one: (one.written, one.name))

    def _ready(self, state: _State, present: list[Entry]) -> list[Entry]:
        """Settled files that are not read yet, the one in work first. What is gone is forgotten."""
        now = self.now()
        keys = {one.key for one in present}
        state.finished = {key: ordinal for key, ordinal in state.finished.items() if key in keys}
        if state.reading is not None and state.reading.key not in keys:
            state.reading = None
        seen, ready = {}, []
        for one in present:
            if one.key in state.finished:
                continue
            first = state.seen.get(one.key, now)
            begun = state.reading is not None and state.reading.key == one.key
            if begun or now - one.written / 1e9 >= self.settle or now - first >= self.settle:
                ready.append(one)
            else:
                seen[one.key] = first
        state.seen = seen
        reading = state.reading.key if state.reading is not None else None
        return sorted(ready, key=lambda one: one.key != reading)

    def unchanged(self, file: Dropped) -> bool:
        """Whether an open file is still the one that was found, by name, size, time and what else marks it."""
        return any(one.key == file.key for one in self._present())

    def _put_away(self, finished: dict[str, int]) -> None:
        if not finished or self.place.health() is not None:
            return
        for one in self._present():
            ordinal = finished.get(one.key)
            if ordinal is not None:
                self._stuck = not self.place.put_away(one, f"{ordinal:06d}-{one.name}")


class Visit:
    """One look into the folder. ``memory`` is the adapter's own, plain, and kept in the cursor: no personal data."""

    def __init__(self, *, intake: Intake, cursor: str | None, state: _State, file: Dropped | None, more: bool) -> None:
        self.intake = intake
        self.cursor = cursor
        self.state = state
        self.file = file
        self.more = more

    @property
    def memory(self) -> dict[str, Any]:
        """What the adapter wants to remember from file to file."""
        return self.state.memory

    def nothing(self) -> Page:
        """There is no file to read now."""
        return self.intake.issue(Page(cursor=_encode(self.state)), before=self.cursor)

    def page(self, records: list[Raw], *, at: Any | None) -> Page:
        """Records of this visit's file and where to go on in it, ``None`` when it is read to its end.

        A file that changed while it was read gives an empty page, and is begun again when it has settled.
        """
        file, place = self.file, self.state.reading
        if file is None or place is None:
            return self.nothing()
        if not self.intake.unchanged(file):
            self.state.reading = None
            return self.nothing()
        if at is None:
            self.state.finished[place.key] = place.ordinal
            self.state.reading = None
        else:
            self.state.reading = _Position(key=place.key, ordinal=place.ordinal, at=at)
        page = Page(records=records, cursor=_encode(self.state), more=self.more or at is not None)
        return self.intake.issue(page, before=self.cursor)


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name.casefold(), pattern.casefold())


def _encode(state: _State) -> str:
    return msgspec.json.encode(state, order="deterministic").decode()


def _decode(cursor: str | None) -> _State:
    if cursor is None:
        return _State()
    try:
        return msgspec.json.decode(cursor, type=_State)
    except msgspec.MsgspecError:
        raise Misconfigured("folder.cursor") from None
