"""What a receiver lacks of an item, and what an item points to."""

from collections.abc import Mapping
from typing import Any

from gateway.core.casefile import Entry, Peer
from gateway.core.model import REFS


def native_of(peers: Mapping[str, Peer], item: str) -> str | None:
    """The receiver's own id of an item that it holds."""
    peer = peers.get(item)
    return peer.native if peer is not None and not peer.gone else None


def lacks(item: str, entry: Entry, peer: Peer, frozen: set[tuple[str, str]]) -> list[str]:
    """Fields whose canonical value the receiver does not hold, and that no open conflict holds back."""
    if peer.agreed or peer.refused or peer.behind:
        if peer.gone and peer.native is not None:
            wanted = list(entry.fields)
        else:
            settled = {*peer.agreed, *peer.refused}
            wanted = [name for name in entry.fields if name not in settled]
            wanted.extend(name for name in peer.behind if name not in entry.fields)
    else:
        wanted = list(entry.fields)
    return [name for name in wanted if (item, name) not in frozen] if frozen else wanted


def points_to(entry: Entry, coming: set[str]) -> bool:
    """Whether a field points to something that the receiver is only now being given, and has no id for yet."""
    for name in REFS[entry.kind]:
        value = entry.fields.get(name)
        if any(one in coming for one in targets(value)):
            return True
    return False


def targets(value: Any) -> tuple[Any, ...]:
    """What a field that points to items points to, one or many."""
    return tuple(value) if isinstance(value, list) else (value,)


def written_by(entry: Entry) -> dict[str, dict[str, Any]]:
    """An item's fields with their values by the system that wrote them."""
    found: dict[str, dict[str, Any]] = {}
    for name, value in entry.fields.items():
        found.setdefault(entry.sources.get(name, entry.origin.system or ""), {})[name] = value
    return found


def subject_of(item: str, entry: Entry, subject: str | None) -> tuple[str, ...]:
    """Whom an item is about when nobody said: the child, in a relation the adult as well, in a place its holder."""
    if entry.kind == "person":
        return (item,)
    if entry.kind == "enrolment":
        return tuple(one for one in (entry.fields.get("person"),) if one)
    if entry.kind == "relation":
        return tuple(one for one in (entry.fields.get("child"), entry.fields.get("person")) if one)
    return (subject,) if subject else ()
