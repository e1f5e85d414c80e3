"""How the kit drives an adapter: draining a feed, making releases, planting canaries."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from gateway.core.model import REFS, Fault, facet
from gateway.core.reading import Raw, Reading
from gateway.core.release import Release
from gateway.sdk.api import Adapter, Page, Receipt
from gateway.sdk.errors import AdapterError, Refused, Uncertain, Unreachable
from gateway.sdk.testing.world import Ability, Bench, Sample, Thing, Watch, World

_Answer = TypeVar("_Answer")
MOST_PAGES = 500


class Failed(Exception):
    """A check did not hold; the text says what was seen, never a value from a record."""


class NotApplicable(Exception):
    """The adapter's capabilities or the world rule the check out; the text says which."""


class Stage(Struct, frozen=True, kw_only=True):
    """One world with one adapter at it, and what was heard."""

    bench: Bench
    world: World
    watch: Watch
    adapter: Adapter
    others: list[Adapter]

    def again(self) -> Adapter:
        """Another adapter at the same world: what a restart would make."""
        self.others.append(self.bench.connect(self.world, self.watch))
        return self.others[-1]

    def age(self) -> None:
        """An hour passes in the vendor's system, where it can: longer than any overlap."""
        if "age" in self.world.can:
            self.world.age()

    def need(self, *abilities: Ability) -> None:
        """Raise ``NotApplicable`` unless the world can do all of these."""
        lacking = [name for name in abilities if name not in self.world.can]
        if lacking:
            raise NotApplicable(f"the world cannot: {', '.join(lacking)}")

    def asked(self) -> list[str]:
        """The request lines and names that an onlooker of the world could have written down so far."""
        return list(self.world.requests()) if "requests" in self.world.can else []

    def readable(self) -> Sample:
        """A sample of a kind that the adapter reads."""
        able = self.adapter.capabilities
        whole = able.reads & {"case"} if able.documents else frozenset()
        return _sample(self.bench, whole or able.reads, "reads")

    def fed(self) -> Sample:
        """A sample of a kind whose records a fetch brings."""
        if self.adapter.capabilities.lookup:
            raise NotApplicable("a register answers about those it is asked about")
        return self.readable()

    def make(self, sample: Sample) -> str:
        """A record in the vendor's system, with what it stands in; its id."""
        self.world.ready(sample)
        return self.world.make(sample.kind, sample.body)

    def records(self, *samples: Sample, adapter: Adapter | None = None) -> list[Raw]:
        """All that the adapter can tell: a full fetch, or, of a register, what it says of these samples' numbers."""
        asked = adapter or self.adapter
        if asked.capabilities.lookup:
            return list(asked.lookup([number for sample in samples for number in sample.asks]).records)
        return drain(asked)[0]

    def writable(self, *, by_hand: bool = False) -> Sample:
        """A sample of a kind that the adapter writes into a system; with ``by_hand``, through a person too."""
        able = self.adapter.capabilities
        if able.manual and not by_hand:
            raise NotApplicable("a person enters what this adapter delivers")
        return _sample(self.bench, able.writes & {"case"} if able.documents else able.writes, "writes")


def _sample(bench: Bench, kinds: Collection[str], verb: str) -> Sample:
    """The sample with the most text among those of these kinds; the first of equals."""
    if not kinds:
        raise NotApplicable(f"the adapter {verb} nothing")
    found = [sample for sample in bench.samples if sample.kind in kinds]
    if not found:
        raise Failed(f"no sample of any kind that the adapter {verb}: {', '.join(sorted(kinds))}")
    return max(found, key=lambda sample: len(texts(sample)))


@contextmanager
def stage(bench: Bench) -> Iterator[Stage]:
    """A new world and a new adapter, watched."""
    watch = Watch()
    with bench.world() as world, watch.listening():
        here = Stage(bench=bench, world=world, watch=watch, adapter=bench.connect(world, watch), others=[])
        try:
            yield here
        finally:
            for adapter in (here.adapter, *here.others):
                adapter.close()
            for close in watch.closing:
                close()


def drain(adapter: Adapter, cursor: str | None = None) -> tuple[list[Raw], str | None]:
    """All records from ``cursor`` on, and the cursor after them. ``Failed`` if the feed never ends."""
    records: list[Raw] = []
    for _ in range(MOST_PAGES):
        page = adapter.fetch(cursor)
        records += page.records
        cursor = page.cursor if page.cursor is not None else cursor
        if not page.more:
            return records, cursor
    raise Failed(f"the feed says that more waits after {MOST_PAGES} pages")


def latest(records: list[Raw]) -> dict[str, Raw]:
    """The last word on each record, by ``kind:id``."""
    return {f"{raw.kind}:{raw.id}": raw for raw in records}


def reading_of(adapter: Adapter, raw: Raw, kind: str) -> Reading:
    """The reading of a kind that a raw record gives. ``Failed`` when there is none."""
    for reading in adapter.read(raw):
        if reading.kind == kind:
            return reading
    raise Failed(f"a record of kind {raw.kind} gave no reading of kind {kind}")


def find(adapter: Adapter, kind: str, ident: str, records: list[Raw] | None = None) -> Reading:
    """The reading of one record by the vendor's id, from a full fetch where no records are given."""
    for raw in reversed(drain(adapter)[0] if records is None else records):
        for reading in () if raw.deleted else adapter.read(raw):
            if reading.kind == kind and reading.id == ident:
                return reading
    raise Failed(f"a {kind} that is there was not told")


def thing(world: World, kind: str, ident: str | None) -> Thing:
    """A living record by its id. ``Failed`` when the world has none."""
    found = world.state().get(f"{kind}:{ident}")
    if found is None:
        raise Failed(f"the vendor's system holds no {kind} with the id that the receipt gave")
    return found


def synthetic_release(
    sample: Sample,
    *,
    fields: Mapping[str, Any] | None = None,
    case: str | None = None,
    native_id: str | None = None,
    version: str | None = None,
    changed: tuple[str, ...] | None = None,
    retracts: tuple[str, ...] = (),
    retract_all: bool = False,
    ident: str = "kit-item",
) -> Release:
    """A release of made-up content for a system on trial.

    The one place beside the gate that makes a ``Release``: nothing of a real case can come here, since the kit has no
    store and no case.
    """
    values = sample.fields if fields is None else fields
    return Release(
        system="kit",
        kind=sample.kind,
        id=ident,
        case="kit-case",
        fields=dict(values),
        changed=tuple(values) if changed is None else changed,
        case_native_id=case,
        native_id=native_id,
        version=version,
        refs={ident: ident for name in REFS[sample.kind] for ident in _named(values.get(name))},
        retracts=retracts,
        retract_all=retract_all,
        decision="kit",
    )


def _named(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def settled(receipt: Receipt, key: str) -> Receipt:
    """The receipt, if it is one for ``key`` that says that the system took the release in; else ``Failed``."""
    if receipt.key != key:
        raise Failed("the receipt bears another key than the delivery")
    if receipt.state not in ("accepted", "delivered", "processed"):
        raise Failed(f"a delivery that nothing stood against ended as {receipt.state}")
    return receipt


def texts(sample: Sample) -> dict[str, tuple[str | int, ...]]:
    """The canonical text fields of a sample and where their words stand in its body; the mapping is not asked.

    Only free text and names count: a date or code that happens to look alike does not, nor does a person's number or birth date.
    Where there is no such text, places count.
    """
    places = {leaf: path for path, leaf in reversed(list(leaves(sample.body))) if isinstance(leaf, str)}

    def of(*facets: str) -> dict[str, tuple[str | int, ...]]:
        return {
            name: places[value]
            for name, value in sample.fields.items()
            if name not in {"number", "birth_date"}
            and isinstance(value, str)
            and value in places
            and facet(sample.kind, name) in facets
        }

    return of("narrative", "identity") or of("location")


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every scalar of a plain value with its path."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def put(value: Any, path: tuple[str | int, ...], leaf: Any) -> Any:
    """A copy of a plain value with one scalar replaced."""
    if not path:
        return leaf
    head, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        return {key: put(inner, rest, leaf) if key == head else inner for key, inner in value.items()}
    return [put(inner, rest, leaf) if index == head else inner for index, inner in enumerate(value)]


def worded(sample: Sample, words: Callable[[str, str], str]) -> Sample:
    """A sample with other words in its text fields, in body and meaning alike. ``words`` gets field and old text."""
    body: Any = sample.body
    fields = dict(sample.fields)
    for name, path in texts(sample).items():
        fields[name] = words(name, str(fields[name]))
        body = put(body, path, fields[name])
    return msgspec.structs.replace(sample, body=body, fields=fields)


def numbered(sample: Sample, count: int) -> list[Sample]:
    """As many distinct records from one sample."""
    return [worded(sample, lambda _, text, n=number: f"{text} {n}") for number in range(count)]  # type: ignore[misc]


def outcome_of(act: Callable[[], _Answer], watch: Watch) -> tuple[str, _Answer | None]:
    """What an act came to: ``done``, ``unreachable``, ``uncertain``, ``refused``, ``fault``, or ``other:<type>``.

    A receipt that says refused or uncertain counts as that. What was raised is noted by the watch.
    """
    try:
        answer = act()
    except Uncertain as error:
        watch.caught(error)
        return "uncertain", None
    except Unreachable as error:
        watch.caught(error)
        return "unreachable", None
    except Refused as error:
        watch.caught(error)
        return "refused", None
    except Fault as error:
        watch.caught(error)
        return "fault", None
    except AdapterError as error:
        watch.caught(error)
        return "misconfigured", None
    except Exception as error:  # noqa: BLE001 - what an adapter lets through is what is looked for
        watch.caught(error)
        return f"other:{type(error).__name__}", None
    if isinstance(answer, Receipt) and answer.state in ("refused", "uncertain"):
        return answer.state, answer
    return "done", answer


def expect(condition: object, otherwise: str) -> None:
    """``Failed`` with the text unless the condition holds."""
    if not condition:
        raise Failed(otherwise)


def pages(adapter: Adapter, cursor: str | None = None) -> Iterator[Page]:
    """Pages one by one, so that the world can change between them."""
    for _ in range(MOST_PAGES):
        page = adapter.fetch(cursor)
        yield page
        cursor = page.cursor if page.cursor is not None else cursor
        if not page.more:
            return
    raise Failed(f"the feed says that more waits after {MOST_PAGES} pages")
