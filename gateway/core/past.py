"""A case file as it was recorded at an instant: today's, with every later change undone.

A change is ``(item, field, old, new, valid_from)``. Three names are no fields: ``+`` a new item, ``*`` a deletion, and
``HEAD``, what stands beside an item's fields and is part of the question to the gate: whom it is about, its category,
whether parents are kept from it, whose value each field is, and whether it is deleted. ``STOPS`` holds the conflicts
over a deletion, which close a consent while they wait.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from gateway.core.casefile import CaseFile, Clash, Entry

HEAD = "^"
STOPS = "!"
MARKS = frozenset({"+", "*", HEAD, STOPS})
"""Names in a story that are no fields."""

Change = tuple[str, str, Any, Any, str | None]
Head = tuple[list[str], str, bool, dict[str, str], bool]


def head(entry: Entry) -> Head:
    """What stands beside an item's fields, as plain values."""
    return list(entry.about), entry.category, entry.withheld_from_parents, dict(entry.sources), entry.deleted


def heads(file: CaseFile) -> dict[str, Head]:
    """Every item's head, to compare with later."""
    return {item: head(entry) for item, entry in file.items.items()}


def stops(file: CaseFile) -> list[dict[str, Any]]:
    """Conflicts over a deletion, as plain values."""
    return [msgspec.to_builtins(one) for one in file.clashes if one.name == "*"] if file.clashes else []


def unsaid(before: Mapping[str, Head], stopped: list[dict[str, Any]], file: CaseFile) -> list[Change]:
    """What changed beside the fields since ``heads`` and ``stops`` were taken, as further lines of the story."""
    changes: list[Change] = [
        (item, HEAD, before[item], now, None)
        for item, entry in file.items.items()
        if item in before and before[item] != (now := head(entry))
    ]
    now_stopped = stops(file)
    if now_stopped != stopped:
        changes.append(("", STOPS, stopped, now_stopped, None))
    return changes


def as_of(file: CaseFile, story: Sequence[tuple[datetime, Iterable[Change]]], at: datetime) -> tuple[CaseFile, bool]:
    """The file as it was recorded at an instant (changed in place), and whether the story reaches that far.

    ``story`` is every recorded change by its recorded time, the oldest first. It does not reach far enough when what
    made an item that stands is no longer in it: older history was let go.
    """
    for recorded, changes in reversed(story):
        if recorded <= at:
            break
        for item, name, old, _, _ in reversed(list(changes)):
            _undo(file, item, name, old)
    file.clashes[:] = [one for one in file.clashes if datetime.fromisoformat(one.since) <= at]
    made = {item for _, changes in story for item, name, *_ in changes if name == "+"}
    return file, file.items.keys() <= made


def _undo(file: CaseFile, item: str, name: str, old: Any) -> None:
    if name == STOPS:
        file.clashes[:] = [one for one in file.clashes if one.name != "*"] + msgspec.convert(old, list[Clash])
        return
    entry = file.items.get(item)
    if entry is None:
        return
    if name == "+":
        del file.items[item]
    elif name == "*":
        entry.deleted = bool(old)
    elif name == HEAD:
        entry.about, entry.category, entry.withheld_from_parents, entry.sources, entry.deleted = (
            list(old[0]), old[1], old[2], dict(old[3]), old[4],
        )  # fmt: skip
    elif old is None:
        entry.fields.pop(name, None)
    else:
        entry.fields[name] = old
