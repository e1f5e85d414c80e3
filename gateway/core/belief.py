"""Whose word on a person counts for the gate: what a system is believed about, and what a named person has stated.

Anybody's system may tell a person's birth date or that child welfare has the care; what the gate decides on is only
what a system says that the settings believe about it, or what a named person here has stated with a reason. What
others say makes it unknown at most, on which the gate denies.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from gateway.core.casefile import CaseFile, Entry

FACTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "protection": frozenset({"protection"}),
        "birth_date": frozenset({"birth_date", "relation", "protection"}),
        "has_capacity": frozenset({"has_capacity", "relation"}),
        "care": frozenset({"care"}),
        "pregnant": frozenset({"pregnant"}),
    }
)
"""For each fact about a person that the gate rests on, the words in ``asserts`` that make a system believed about it.

Who may say who answers for a child or who is protected is the population register, which knows the birth date too.
"""

IDENTIFYING = frozenset({"number", "number_type", "former_numbers"})
"""What the population register says of numbers replaces what others say: it is who gives them."""

_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {**FACTS, **dict.fromkeys(sorted(IDENTIFYING), frozenset({"relation", "protection"}))}
)

GUARDED = frozenset(FACTS) - {"protection"}
"""Facts in which another's word never replaces a believed one. Protection has an order, and follows that."""

USUAL: Mapping[str, object] = MappingProxyType({"has_capacity": True, "care": "none", "pregnant": False})
"""What holds until somebody says otherwise: no register tells of everybody that they are not in care."""

CONTESTED = frozenset({"has_capacity", "care"})
"""Facts of which either answer can open something: where another says otherwise, a person decides and until then it is
unknown. In the others the believed word stands.
"""

Word = Literal["theirs", "ours", "nobody"]


def may_state(name: str, asserts: frozenset[str]) -> bool:
    """Whether a system that asserts this is believed about a fact."""
    return bool(_WORDS[name] & asserts)


def is_believed(*, file: CaseFile, item: str, entry: Entry, name: str, asserts: Mapping[str, frozenset[str]]) -> bool:
    """Whether the present value of a person's fact is one that somebody says who may.

    That is a named person here, the system that wrote it, or another that was heard to say the same; what we delivered
    to a system it does not say.
    """
    if name in entry.stated:
        return True
    words = _WORDS[name]
    if words & asserts.get(entry.sources.get(name, entry.origin.system or ""), _NOTHING):
        return True
    for system, said in asserts.items():
        if words & said:
            peer = file.peers[system].get(item) if system in file.peers else None
            if peer is not None and name in peer.agreed and name not in peer.released:
                return True
    return False


def whose_word(
    *, file: CaseFile, item: str, name: str, system: frozenset[str], everyone: Mapping[str, frozenset[str]]
) -> Word:
    """Whose word counts on a fact of which a system, believed about ``system``, says something else than we have."""
    if may_state(name, system):
        return "theirs"
    ours = is_believed(file=file, item=item, entry=file.items[item], name=name, asserts=everyone)
    return "ours" if ours else "nobody"


def doubt(entry: Entry, asserts: frozenset[str], fields: Mapping[str, object]) -> bool:
    """Note what a believed system says that it does not know: that is unknown, and not the usual. Whether it is new."""
    if entry.kind != "person":
        return False
    before = list(entry.unknown)
    for name in USUAL:
        if name in fields and may_state(name, asserts):
            if fields[name] is not None:
                entry.unknown = [known for known in entry.unknown if known != name]
            elif name not in entry.unknown and name not in entry.stated:
                entry.unknown = [*entry.unknown, name]
    return entry.unknown != before


_NOTHING: frozenset[str] = frozenset()
