"""What a protected address takes out of our copy of a case: every place in it, and the way from an old number to a new.

folkeregisterloven § 10-4. Where one lives, the others of the case mostly live too, and a school's name is a place. So
all that tells where somebody is goes, whoever's it is; free text cannot be searched and is held by the gate.
"""

from functools import cache
from typing import Any

from gateway.core.casefile import CaseFile, Entry, Peer
from gateway.core.model import FACETS

Story = list[tuple[str, str, Any, Any, str | None]]
"""Changes: (item, field, old, new, valid from)."""

_LINKING = ("number", "former_numbers")
"""Fields of a person that together lead from a replaced number to the one that replaced it."""


@cache
def places(kind: str) -> frozenset[str]:
    """The fields of a kind that tell where somebody is or can be reached."""
    return frozenset(name for name, facet in FACETS.get(kind, {}).items() if facet == "location")


def shield(file: CaseFile, protected: set[str], story: Story) -> list[tuple[str, str]]:
    """Take all places out of a case file, in place, and seal new numbers of the protected; which (item, field) went.

    ``protected`` are persons of the case; ``story`` is what has just changed in it. What systems were sent stays noted
    by name, so that it is taken back from them.
    """
    for person in sorted(protected - set(file.shielded)):
        file.shielded.append(person)
    changed = {item for item, name, old, new, _ in story if name == "number" and old not in {None, new}}
    gone = []
    for item, entry in file.items.items():
        if item in protected and (item in changed or entry.fields.get("former_numbers")):
            entry.sealed = list(_LINKING)
        names = {*places(entry.kind), *(("former_numbers",) if item in protected else ())}
        for name in sorted(names & entry.fields.keys()):
            gone.append((item, name))
            _forget(entry, name)
        for peers in file.peers.values():
            if (peer := peers.get(item)) is not None:
                _unlearn(peer, names)
    file.clashes[:] = [one for one in file.clashes if one.name not in _names(file, one.item)]
    return gone


def without_places(file: CaseFile, story: Story) -> Story:
    """Changes told without the values that a shielded case does not keep."""
    return [
        (item, name, _told(file, item, name, old), _told(file, item, name, new), valid)
        for item, name, old, new, valid in story
    ]


def _told(file: CaseFile, item: str, name: str, value: Any) -> Any:
    entry = file.items.get(item)
    hidden = _names(file, item)
    if name == "+" and isinstance(value, dict):
        return {key: one for key, one in value.items() if key not in hidden}
    if name in hidden or (name == "number" and entry is not None and entry.sealed):
        return None
    return value


def _names(file: CaseFile, item: str) -> frozenset[str]:
    entry = file.items.get(item)
    if entry is None:
        return frozenset()
    return places(entry.kind) | ({"former_numbers"} if item in file.shielded else frozenset())


def _forget(entry: Entry, name: str) -> None:
    del entry.fields[name]
    entry.sources.pop(name, None)


def _unlearn(peer: Peer, names: set[str]) -> None:
    peer.agreed = [name for name in peer.agreed if name not in names]
    peer.refused = [name for name in peer.refused if name not in names]
    for name in names:
        peer.behind.pop(name, None)
