"""What a delivery carried whose answer was lost: the base for what its receiver is told to hold since.

A record that was made there with a lost answer may be edited there before it is found. Without knowing what was sent,
that edit looks like a difference between two that never agreed, and a person is asked about a conflict that is none.
The values themselves are kept nowhere but in the case file and its history; the fingerprint that was written down
before the delivery left says which of them it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gateway.core.casefile import CaseFile, Peer
from gateway.core.merge import agree, lag
from gateway.run.claiming import DIGEST, names_of
from gateway.run.explaining import past
from gateway.run.world import World
from gateway.store import Sending, Tx

Values = dict[str, dict[str, Any]]

LOOKS = 5
"""States of a case before the delivery began that are tried: another lane may have saved it meanwhile."""


def fingerprint(world: World, values: Values, *, retracts: Sequence[str] = (), retract_all: bool = False) -> bytes:
    """A keyed digest of what a delivery carries, by item and field in their order."""
    return world.store.keys.digest(msgspec.msgpack.encode([values, retracts, retract_all]))


def carried(world: World, tx: Tx, file: CaseFile, one: Sending) -> Values | None:
    """The values that a creation carried, by item; ``None`` where that cannot be told any more.

    ``file`` is the case as it stands; where it has changed since, its history is asked.
    """
    names = names_of(one)
    if not names:
        return None
    for known in _states(tx, file, one):
        values = _values(known, names)
        if values is not None and fingerprint(world, values) == one.content[:DIGEST]:
            return values
    return None


def _states(tx: Tx, file: CaseFile, one: Sending) -> Iterator[CaseFile]:
    """The case as it stands, and as it was when the delivery began and before each of the latest changes then."""
    yield file
    times = sorted({told.recorded_at for told in tx.history(file.id) if told.recorded_at <= one.since}, reverse=True)
    for at in times[:LOOKS]:
        then = past(tx, file.id, at)
        if then is not None:
            yield then.file


def _values(file: CaseFile, names: dict[str, list[str]]) -> Values | None:
    values: Values = {}
    for item, fields in names.items():
        entry = file.items.get(item)
        if entry is None or any(name not in entry.fields for name in fields):
            return None
        values[item] = {name: entry.fields[name] for name in fields}
    return values


def settle(
    peer: Peer, ours: Mapping[str, Any], carried: Mapping[str, Any], sent: Mapping[str, Any] | None = None
) -> None:  # fmt: skip
    """Note what a system held of an item after a creation that ``carried`` this, and stands against what is ours now.

    ``sent`` is what it was sent since under the same key, where it was: it may hold either then.
    """
    for name in sent if sent is not None else carried:
        held = carried.get(name)
        other = held if sent is None else sent[name]
        if ours.get(name) == held == other:
            agree(peer, name)
        else:
            lag(peer, name, other if ours.get(name) == held else held)
