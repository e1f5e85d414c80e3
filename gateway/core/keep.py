"""Taking readings into a case file: which item each is, what its fields say, and what that changes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from gateway.core import claims
from gateway.core.belief import doubt, may_state, whose_word
from gateway.core.casefile import CaseFile, Clash, Entry, Peer
from gateway.core.copies import is_old, newer
from gateway.core.merge import GUARDED, Step, apply, decide
from gateway.core.model import KINDS, REFS, Fault, demand
from gateway.core.past import HEAD, head
from gateway.core.reading import Reading
from gateway.core.teller import Source

ORDER: tuple[str, ...] = ("person", "case", "unit", "relation", "goal", "measure", "plan", "consent")
"""Kinds in the order in which they are taken in and delivered: what others point to comes first."""

REF_KINDS: Mapping[str, tuple[str, ...]] = {
    "goals": ("goal",),
    "part_of": ("goal", "unit"),
    "body": ("unit",),
    "measures": ("measure",),
    "of": ("measure", "goal"),
    "consents": ("consent",),
    "supersedes": ("consent",),
    "replaced_by": ("plan",),
}
"""The kinds that a field of the sort ``item`` may point to."""


class Taken(Struct, kw_only=True):
    """What readings did to a case file.

    ``history`` is a list of ``(item, field, old, new, valid_from)``; a new item is one entry with ``+`` for the field
    and all of its fields for the new value, a deletion one with ``*``, what stands beside the fields one with
    ``past.HEAD``. ``created`` maps (kind, vendor's id) to the
    item's id. ``waiting`` are readings that point to something not known yet; ``ignored`` counts what this system may
    not say.
    """

    history: list[tuple[str, str, Any, Any, str | None]]
    clashes: list[Clash]
    created: dict[tuple[str, str], str]
    waiting: list[tuple[Reading, str]]
    deleted: list[str]
    handed: list[str] = msgspec.field(default_factory=list)
    """Assignments that were offered or accepted in the system, on which the baton goes on here."""
    ignored: int = 0
    changed: bool = False
    due: bool = False


_PLACE = {kind: place for place, kind in enumerate(ORDER)}


def order_of(kind: str) -> int:
    """Where a kind stands in ``ORDER``; what nothing points to comes last."""
    return _PLACE.get(kind, len(ORDER))


def _in_order(told: Reading) -> tuple[int, bool]:
    """What others point to first; of a hand-over the yes before the end that it brings."""
    return order_of(told.kind), told.kind == "assignment" and told.fields.get("state") == "ended"


def take_in(
    *,
    file: CaseFile,
    source: Source,
    readings: Iterable[Reading],
    known: Callable[[str, str], str | None],
    fresh: Callable[[], str],
    recorded: str,
) -> Taken:
    """Take readings of one case, from one system, into its file (in place).

    ``known(kind, native)`` is the canonical id that a vendor's id is linked to, or ``None``; the case and its persons
    are known already. ``fresh()`` makes a new id. Raises ``Fault`` where a new record lacks what it must have.
    """
    taken = Taken(history=[], clashes=[], created={}, waiting=[], deleted=[])

    def find(kind: str, native: str) -> str | None:
        return taken.created.get((kind, native)) or known(kind, native)

    for reading in sorted(readings, key=_in_order):
        if not may_say(source, reading, file, find):
            taken.ignored += 1
            continue
        if reading.deleted:
            _delete(
                file=file,
                source=source,
                reading=reading,
                item=find(reading.kind, reading.id),
                taken=taken,
                recorded=recorded,
            )
            continue
        fields, unknown = resolve(reading.kind, reading.fields, find)
        if unknown is None and reading.case is not None and reading.kind != "person":
            unknown = "about" if any(find("person", one) is None for one in reading.about or ()) else None
        if unknown is not None:
            taken.waiting.append((reading, unknown))
            continue
        item = find(reading.kind, reading.id) or _adopt(file, source, reading.kind, fields)
        if item is None or item not in file.items:
            item = item or fresh()
            demand(reading.kind, fields)
            _create(
                file=file, source=source, reading=reading, item=item, fields=fields, find=find, taken=taken,
                recorded=recorded,
            )  # fmt: skip
        else:
            _merge(
                file=file, source=source, reading=reading, item=item, fields=fields, find=find, taken=taken,
                recorded=recorded,
            )  # fmt: skip
        taken.created[(reading.kind, reading.id)] = item
    return taken


def may_say(source: Source, reading: Reading, file: CaseFile, find: Callable[[str, str], str | None]) -> bool:
    """Whether the settings let this system say such a thing.

    Parental responsibility comes from a register only; consents from a system that may assert them, but a refusal or
    withdrawal is heard from anybody.
    """
    if reading.kind == "relation":
        return "relation" in source.asserts
    if reading.kind != "consent" or "consent" in source.asserts:
        return True
    if reading.fields.get("decision") == "refused" or reading.fields.get("withdrawn") is not None:
        return True
    item = find("consent", reading.id)
    return item is not None and item in file.items and source.system in file.items[item].sources.values()


def resolve(
    kind: str, fields: Mapping[str, Any], find: Callable[[str, str], str | None]
) -> tuple[dict[str, Any], str | None]:
    """Fields with the vendor's ids replaced by canonical ones, and the first field that points to something unknown."""
    refs = REFS.get(kind)
    if not refs or not any(name in fields for name in refs):
        return dict(fields), None
    resolved = dict(fields)
    for name, sort in refs.items():
        value = fields.get(name)
        if value is None:
            continue
        kinds = REF_KINDS[name] if sort == "item" else (sort,)
        natives = value if isinstance(value, list) else [value]
        found = [next((one for each in kinds if (one := find(each, native))), None) for native in natives]
        if None in found:
            return resolved, name
        resolved[name] = found if isinstance(value, list) else found[0]
    return resolved, None


def _adopt(file: CaseFile, source: Source, kind: str, fields: Mapping[str, Any]) -> str | None:
    """The one item that this is in another system's words: same natural key, not yet known by this system."""
    sent = _sent(file, source.system, kind, fields) or claims.adopted(file, source.system, kind, fields)
    if sent is not None:
        return sent
    if claims.coordinates(kind, fields):
        return None
    key = KINDS[kind].natural_key
    if kind == "person" or not key or (len(file.peers) < 2 and source.system in file.peers):
        return None  # nobody else has told of this case, so there is nothing to adopt
    if any(fields.get(name) is None for name in key):
        return None
    mine = file.peers.get(source.system, {})
    found = [
        item
        for item, entry in file.items.items()
        if entry.kind == kind
        and not entry.deleted
        and item not in mine
        and all(entry.fields.get(name) == fields[name] for name in key)
    ]
    return found[0] if len(found) == 1 else None


def _sent(file: CaseFile, system: str, kind: str, fields: Mapping[str, Any]) -> str | None:
    """The item that we sent this system without learning its id there, when all that it says of it is what we sent."""
    for item, peer in file.peers.get(system, {}).items():
        if peer.native is not None or not peer.released:
            continue
        entry = file.items.get(item)
        if entry is None or entry.kind != kind or entry.deleted:
            continue
        shared = [name for name in peer.released if name in fields]
        if shared and all(entry.fields.get(name) == fields[name] for name in shared):
            return item
    return None


def _create(
    *,
    file: CaseFile,
    source: Source,
    reading: Reading,
    item: str,
    fields: dict[str, Any],
    find: Callable[[str, str], str | None],
    taken: Taken,
    recorded: str,
) -> None:
    kept = {name: value for name, value in fields.items() if value is not None}
    if not claims.owned(reading.kind, source.told_by(reading.service, reading.unit).service):
        raise Fault("model.owned", "$.kind")  # a helping service would take over what kindergarten and school own
    about = [one for native in reading.about or [] if (one := find("person", native))]
    origin = source.origin
    if reading.service or reading.unit:
        origin = source.told_by(reading.service, reading.unit)
    file.items[item] = Entry(
        kind=reading.kind,
        fields=kept,
        origin=origin,
        category=reading.category or reading.kind,
        about=about,
        withheld_from_parents=reading.withheld_from_parents,
        valid_from=reading.valid_from,
        recorded=recorded[:10],
    )
    file.peers.setdefault(source.system, {})[item] = Peer(
        native=reading.id,
        version=reading.version,
        modified=newer(None, reading.valid_from, recorded),
        agreed=list(fields),
    )
    claim = claims.first_told(
        file=file, item=item, system=source.system, protocol=source.protocol, kind=reading.kind, fields=kept,
        recorded=recorded,
    )  # fmt: skip
    taken.clashes += [claim] if claim is not None else []
    taken.handed += [item] if item in file.hands else []
    taken.history.append((item, "+", None, dict(file.items[item].fields), reading.valid_from))
    doubt(file.items[item], source.asserts, fields)
    taken.changed = True


def _merge(
    *,
    file: CaseFile,
    source: Source,
    reading: Reading,
    item: str,
    fields: dict[str, Any],
    find: Callable[[str, str], str | None],
    taken: Taken,
    recorded: str,
) -> None:
    entry = file.items[item]
    before = head(entry)
    peer = file.peers.setdefault(source.system, {}).setdefault(item, Peer())
    if peer.native not in {None, reading.id}:
        peer.before = peer.modified = None  # those were another record's
    if is_old(peer, reading):
        return
    if entry.sealed and not may_state("number", source.asserts):
        fields = {name: value for name, value in fields.items() if name not in entry.sealed}  # an old number, say
    told, went_on = claims.told_again(
        file=file, item=item, system=source.system, protocol=source.protocol, fields=fields, recorded=recorded
    )
    if went_on:
        taken.handed.append(item)
        taken.changed = True
    steps = list(
        decide(
            kind=entry.kind, ours=entry.fields, peer=peer, theirs=told, system=source.system,
            owner=lambda name: source.owner(entry.kind, name),
            trusted=entry.kind in source.asserts and entry.origin.system == source.system,
            word=lambda name: whose_word(
                file=file, item=item, name=name, system=source.asserts, everyone=source.everyone
            ),
            guarded=claims.guard(
                file, item=item, system=source.system, protocol=source.protocol, fields=fields,
                service=source.told_by(reading.service, reading.unit).service,
            ),
        )
    )  # fmt: skip
    if entry.deleted and not _brought_back(
        file=file, source=source, reading=reading, item=item, steps=steps, taken=taken, recorded=recorded
    ):
        peer.gone = False
        taken.due = True
        return
    peer.native, peer.version, peer.gone = reading.id, reading.version, False
    peer.modified = newer(peer.modified, reading.valid_from, recorded)
    effect = apply(file=file, item=item, system=source.system, steps=iter(steps), recorded=recorded)
    _head(entry, source, reading, find, taken)
    taken.changed = doubt(entry, source.asserts, fields) or taken.changed
    if reading.withheld_from_parents and not entry.withheld_from_parents:
        entry.withheld_from_parents = True
        taken.changed = True
    taken.history.extend((item, name, old, new, reading.valid_from) for name, (old, new) in effect.changed.items())
    if before != (now := head(entry)):
        taken.history.append((item, HEAD, before, now, reading.valid_from))
    taken.clashes.extend(effect.clashes)
    taken.changed = taken.changed or bool(effect.changed) or bool(effect.settled)
    taken.due = taken.due or effect.due


def _brought_back(
    *, file: CaseFile, source: Source, reading: Reading, item: str, steps: list[Step], taken: Taken, recorded: str
) -> bool:
    """Whether a deleted item lives again: who deleted it has it again, or another wrote in it before hearing of it.

    What another wrote is no less theirs for having been read after the deletion: a person decides which stands. A copy
    without an edit is only older than the deletion.
    """
    entry, peers = file.items[item], file.peers
    deleter = source.owner(entry.kind, "*") or entry.origin.system or ""
    mine = deleter == source.system and peers[source.system][item].gone
    if not mine and all(step.verdict not in {"take", "clash"} for step in steps):
        return False
    entry.deleted = False
    taken.history.append((item, "*", True, False, reading.valid_from))
    taken.changed = True
    if not mine and peers.get(deleter, {}).get(item, _LIVING).gone:
        clash = Clash(system=deleter, item=item, name="*", theirs=None, since=recorded, why="deleted")
        file.clashes.append(clash)
        taken.clashes.append(clash)
    return True


_LIVING = Peer()


def _head(entry: Entry, source: Source, reading: Reading, find: Callable[[str, str], str | None], taken: Taken) -> None:
    """Whom an item is about and what it counts as, which the gate is asked about: its own system's word stands.

    Another system can only add to whom it is about.
    """
    mine = entry.origin.system == source.system
    told = [one for native in reading.about or () if (one := find("person", native))]
    about = told if mine else [*entry.about, *(one for one in told if entry.about and one not in entry.about)]
    category = (reading.category if mine else None) or entry.category
    if (told and about != entry.about) or category != entry.category:
        entry.about, entry.category = about or entry.about, category
        taken.changed = True


def _delete(*, file: CaseFile, source: Source, reading: Reading, item: str | None, taken: Taken, recorded: str) -> None:
    """A tombstone: the item's own system ends it for all; another's is its own affair, and a person looks at it."""
    entry = file.items.get(item) if item else None
    if item is None or entry is None:
        return
    peer = file.peers.setdefault(source.system, {}).setdefault(item, Peer())
    if peer.gone or entry.deleted:
        peer.gone = True
        return
    peer.gone = True
    owner = source.owner(entry.kind, "*")
    mine = entry.origin.system == source.system if owner is None else owner == source.system
    forgotten = claims.forgotten(file, item)
    if mine and (forgotten or (not peer.behind and entry.kind not in GUARDED)):
        entry.deleted = True
        file.clashes[:] = [clash for clash in file.clashes if not forgotten or clash.item != item]
        taken.deleted.append(item)
        taken.history.append((item, "*", None, None, reading.valid_from))
        taken.changed = True
        return
    clash = Clash(system=source.system, item=item, name="*", theirs=None, since=recorded, why="deleted")
    if not any((known.system, known.item, known.name) == (clash.system, item, "*") for known in file.clashes):
        file.clashes.append(clash)
        taken.clashes.append(clash)
