"""The adapter for REST services: all is read, or what has changed; what is handed out is a record for each child."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from gateway.sdk import Adapter, AdapterError, Capabilities, Context, Misconfigured, Page, Proof, Raw, Reading, Refused
from gateway.sdk.roster import Roster, Telling, read
from gateway_oneroster.holding import Rows, roster_of, touched_by
from gateway_oneroster.options import Options
from gateway_oneroster.pieces import pieces
from gateway_oneroster.walking import Walker

OSLO = ZoneInfo("Europe/Oslo")


class _State(Struct, omit_defaults=True):
    """The cursor. ``mark`` is the service's time when it was last asked, ``full`` when all was last read.

    ``run`` names the reading that it stands in or after, ``at`` is how many of its records were handed out, nought
    after all of them; ``pupils`` and ``places`` are how many there were.
    """

    mark: str | None = None
    full: str | None = None
    pupils: int = 0
    places: int = 0
    run: str = ""
    at: int = 0


class _Run(Struct, kw_only=True):
    """A reading in work: what is to be handed out, and the cursor that stands after all of it."""

    told: Telling
    after: _State
    rows: Rows


class OneRoster(Adapter):
    """OneRoster 1.2 and 1.1 over REST: pupils with their places, contact teachers and guardians, and schools.

    ``now`` is the time. What a service held is remembered while the adapter lives, so that a change is enough to tell
    whole records again; a new process asks for the pupils whom a change touches.
    """

    name = "oneroster"
    capabilities = Capabilities(reads=frozenset({"person", "enrolment", "unit"}))
    proved = (
        Proof(
            by="simulator",
            what="a strict stand-in of a 1.2 service, and one that behaves as the public FINT provider of 1.1 does",
            test="plugins/oneroster/tests/test_service.py",
        ),
    )
    Options: ClassVar[type[Struct] | None] = Options

    def __init__(self, context: Context, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Raises ``Misconfigured`` ``oneroster.options`` for options that do not fit."""
        super().__init__(context)
        try:
            self.options = msgspec.convert(dict(context.options), Options)
        except msgspec.ValidationError:
            raise Misconfigured("oneroster.options") from None
        self._now = now
        self._walker = Walker(context, self.options, now=now)
        self._held: dict[str, Rows] = {}
        self._run: _Run | None = None
        self._count = 0

    def fetch(self, cursor: str | None) -> Page:
        """The next records of the reading in work, or of a new one.

        Raises ``Refused`` ``guard.emptied`` where pupils or places were there before and none is now, what
        ``walking`` tells of, and ``AdapterError`` from the service.
        """
        state = _decoded(cursor)
        run = self._run
        if run is None or state.at == 0 or run.after.run != state.run:
            run = self._run = self._begun(state)
            state = msgspec.structs.replace(state, at=0)
        records, following = run.told.page(state.at, self.options.page_records)
        if following is not None:
            after = msgspec.structs.replace(state, run=run.after.run, at=following)
            return Page(records=records, cursor=_encoded(after), more=True)
        self._run = None
        return Page(records=records, cursor=_encoded(run.after))

    def _begun(self, state: _State) -> _Run:
        """A new reading. What was held after the one before is kept, in case this one is not."""
        self._count += 1
        now = self._now()
        name = f"{now.isoformat()}/{self._count}"
        held = self._held.get(state.run) if state.at == 0 else None
        delta = self.options.delta if self.options.delta is not None else self.options.dialect == "1.2"
        mark, full = _moment(state.mark), _moment(state.full)
        run = None
        if delta and mark is not None and full is not None and now - full < timedelta(hours=self.options.full_hours):
            run = self._changes(state, mark, held, name)
        run = run or self._all(state, now, name)
        self._held = {name: run.rows} if held is None else {state.run: held, name: run.rows}
        return run

    def _all(self, state: _State, now: datetime, name: str) -> _Run:
        rows = self._walker.everything()
        pupils, places = rows.counts
        if (pupils == 0 < state.pupils) or (places == 0 < state.places):
            raise Refused("guard.emptied")
        after = _State(mark=self._mark(), full=now.isoformat(), pupils=pupils, places=places, run=name)
        return self._told(rows, self._roster(rows), None, after)

    def _changes(self, state: _State, mark: datetime, held: Rows | None, name: str) -> _Run | None:
        """What has changed, told whole; ``None`` where all must be read to know what it means."""
        changed = self._walker.everything(mark - timedelta(seconds=self.options.overlap))
        after = msgspec.structs.replace(state, mark=self._mark(), run=name, at=0)
        changed = changed if held is None else changed.news(held)
        some = any(changed.table(one) for one in self._walker.collections) or changed.faults
        if held is None:
            after = msgspec.structs.replace(after, run="")
            return self._piecemeal(changed, after) if some else _Run(told=_NOTHING, after=after, rows=Rows())
        rows = held.with_changes(changed)
        if not some:
            return _Run(told=_NOTHING, after=after, rows=rows)
        told = self._roster(rows)
        return self._told(rows, told, list(touched_by(changed, self._roster(held), told)), after)

    def _piecemeal(self, changed: Rows, after: _State) -> _Run | None:
        """What a new process tells of a change: the pupils whom it touches, asked for by their ids."""
        found = pieces(self._walker, self.options, changed) if self.options.pieces else None
        if found is None:
            return None
        run = self._told(found[0], self._roster(found[0]), found[1], after)
        return _Run(told=run.told, after=run.after, rows=Rows())

    def _told(self, rows: Rows, roster: Roster, only: list[str] | None, after: _State) -> _Run:
        told = Telling(roster, only)
        self.context.log.info("oneroster.read", records=len(told), refused=told.refused, whole=only is None)
        return _Run(told=told, after=after, rows=rows)

    def _roster(self, rows: Rows) -> Roster:
        at = self._walker.at or self._now()
        return roster_of(rows, options=self.options, today=at.astimezone(OSLO).date())

    def _mark(self) -> str:
        return (self._walker.at or self._now()).isoformat()

    def read(self, raw: Raw) -> list[Reading]:
        """A record in canonical names; what was refused when it was read is a ``Fault``."""
        return read(raw)

    def health(self) -> str | None:
        """``None`` when the service tells of one org, else the error's code."""
        try:
            self._walker.probe()
        except AdapterError as error:
            return error.code
        return None

    def close(self) -> None:
        """Forget what the service held, and let go of connections."""
        self._held, self._run = {}, None
        super().close()


_NOTHING = Telling(Roster(whole=False))
_states: Any = msgspec.json.Decoder(_State)


def _decoded(cursor: str | None) -> _State:
    """The state in a cursor; from the beginning, when it is none of ours: reading again is safe."""
    try:
        state: _State = _states.decode(cursor) if cursor else _State()
    except (msgspec.MsgspecError, UnicodeError):
        return _State()
    return state if state.at >= 0 else _State()


def _encoded(state: _State) -> str:
    return msgspec.json.encode(state).decode()


def _moment(told: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(told) if told else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo is not None else None
