"""What waits unread may restrict: until it is read, whatever it may change is held.

An update of a consent that cannot be read may be its withdrawal, one of a person that an address is protected now. So
the case remembers it, the gate counts what rests on it as unknown, and it ends when the record is read.
"""

from collections.abc import Iterable, Iterator

from gateway.core.casefile import Unread
from gateway.core.keep import Taken
from gateway.run.placing import Placing
from gateway.sdk import Raw, Reading

Waiting = tuple[Raw, list[Reading]]
"""A record that is put aside, and what its adapter could tell of it (nothing, where it could not read it)."""

RESTRICTING = frozenset({"consent", "person", "relation"})
"""Kinds of which also a new record may close something."""


def note(placing: Placing, waiting: Iterable[Waiting], read: Iterable[tuple[str, str]]) -> None:
    """Write into the case files of a page what waits unread now, and that what was read waits no more."""
    system = placing.system.name
    for raw, told in waiting:
        link = placing.links.get((raw.kind, raw.id))
        if link is not None and link.content:
            # Should it come back as it was before, it is to be read again.
            placing.new_links.append((raw.kind, raw.id, link.case, link.item, b""))
        for case, item, what in _concerned(placing, raw, told):
            held = placing.held.get(case)
            one = Unread(system=system, kind=raw.kind, native=raw.id, item=item, what=what)
            if held is not None and one not in held.file.unread:
                held.file.unread.append(one)
                _changed(placing, case)
    heard = set(read)
    for case, held in placing.held.items():
        left = [one for one in held.file.unread if one.system != system or (one.kind, one.native) not in heard]
        if len(left) != len(held.file.unread):
            held.file.unread = left
            _changed(placing, case)


def _concerned(placing: Placing, raw: Raw, told: list[Reading]) -> Iterator[tuple[str, str | None, str]]:
    """Case, item and its kind of what a record that waits is about."""
    link = placing.links.get((raw.kind, raw.id))
    if link is not None and link.item:
        cases = [link.case] if link.case else placing.tx.cases_of([link.item]).get(link.item, [])
        placing.load(cases)
        for case in cases:
            entry = placing.held[case].file.items.get(link.item) if case in placing.held else None
            if entry is not None:
                yield case, link.item, entry.kind
        return
    for one in told:
        if one.kind not in RESTRICTING or one.case is None or one.fields.get("role") == "employee":
            continue
        known = placing.tx.find_links(placing.system.name, [("case", one.case)]).get(("case", one.case))
        if known is not None and known.case:
            placing.load([known.case])
            yield known.case, None, one.kind


def _changed(placing: Placing, case: str) -> None:
    held = placing.held[case]
    if held.taken is None:
        held.taken = Taken(history=[], clashes=[], created={}, waiting=[], deleted=[])
    held.taken.changed = True
