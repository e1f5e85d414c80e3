"""Protection that arrives on data already held: our copies are purged, in every case of the person, at once.

What receivers hold is taken back in the next look (``core.taking_back``), as an order that names fields and no reason.
"""

from collections.abc import Iterable

import msgspec

from gateway.core import casefile
from gateway.core.casefile import CaseFile
from gateway.core.keep import Taken
from gateway.core.shielding import shield, without_places
from gateway.run.held import Held
from gateway.run.placing import Placing
from gateway.run.world import World
from gateway.store import Tx


def purge_page(placing: Placing, protected: set[str]) -> None:
    """Purge the cases of a page in which somebody is protected, and every other case of whom it newly protects."""
    tx = placing.tx
    everywhere = tx.cases_of(sorted(protected))
    placing.load([case for cases in everywhere.values() for case in cases])
    told = protected | _joined(placing)
    if not told and not any(held.file.shielded for held in placing.held.values()):
        return
    for held in placing.held.values():
        people = {item for item, entry in held.file.items.items() if entry.kind == "person"}
        mine = (told & people) | set(held.file.shielded)
        if not mine or (held.taken is None and not mine - set(held.file.shielded)):
            continue
        new = not mine <= set(held.file.shielded)
        _purge(held, mine)
        if new and held.version:
            purge_history(tx, held.file)


def _purge(held: Held, protected: set[str]) -> None:
    taken = held.taken
    if taken is None:
        taken = held.taken = Taken(history=[], clashes=[], created={}, waiting=[], deleted=[])
    gone = shield(held.file, protected, taken.history)
    told = {(item, name) for item, name, *_ in taken.history}
    taken.history[:] = without_places(held.file, taken.history)
    taken.history.extend((item, name, None, None, None) for item, name in gone if (item, name) not in told)
    taken.clashes[:] = [one for one in taken.clashes if one in held.file.clashes]
    taken.changed = taken.changed or bool(gone)


def _joined(placing: Placing) -> set[str]:
    """Persons whom we knew before and who have come into a case of this page: they may be protected elsewhere."""
    if not placing.known_people:
        return set()
    joined = {
        item
        for held in placing.held.values()
        if held.taken is not None
        for item, name, *_ in held.taken.history
        if name == "+" and held.file.items[item].kind == "person"
    }
    return protected_among(placing.world, joined & placing.known_people)


def protected_among(world: World, people: Iterable[str]) -> set[str]:
    """Those of the people on whom a protection stands."""
    wanted = sorted(people)
    held = world.store.vault.restrictions(people=wanted) if wanted else []
    return {one.person for one in held if one.kind == "protection" and one.person is not None}


def purge_history(tx: Tx, file: CaseFile) -> None:
    """Take the places out of what was recorded of a case before: the one change that history knows but its end."""

    def change(body: bytes) -> bytes:
        told = msgspec.msgpack.decode(body)
        told["changes"] = without_places(file, [tuple(one) for one in told["changes"]])
        return msgspec.msgpack.encode(told)

    tx.rewrite_history(file.id, change)


def purge_case(world: World, case: str) -> None:
    """Purge the history of a case that a person has just put under protection."""
    with world.store.write() as tx:
        found = tx.load_cases([case]).get(case)
        if found is not None:
            purge_history(tx, casefile.decode(found[1]))
