"""What a person of a unit may see of a case: what their own unit wrote, and what the gate lets go to that unit.

The gate is asked as for any receiver, so a page shows no more than a system of the unit could be sent. What is kept
back leaves nothing behind: no heading, no count. Whoever has nothing to do with a case sees no case.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from gateway.core import casefile
from gateway.core.casefile import CaseFile, Entry, Peer
from gateway.core.consent import Decision, Party
from gateway.core.known import Facts
from gateway.core.model import FACETS, KINDS
from gateway.core.model.codes import ITEM_KINDS
from gateway.core.outgo import plan
from gateway.core.sendings import Receiver
from gateway.run import nearness
from gateway.run.explaining import explain, facts_of, facts_of_each
from gateway.run.looks import looked
from gateway.run.settings import Person
from gateway.run.world import World
from gateway.store import Tx

SELF = "@view"
"""What a page is called where a system's name stands."""

PURPOSE = "bti"
"""What a case is looked at for."""

_SHOWN = frozenset(kind for kind, struct in KINDS.items() if struct.synced and kind in ITEM_KINDS)

HEAD = frozenset({"case", "person"})
"""What a list shows of a case: whose it is, and how it stands."""


class Row(Struct, frozen=True, kw_only=True):
    """One item as a person sees it: the fields that may be seen, and whether their own unit wrote it."""

    id: str
    kind: str
    fields: Mapping[str, Any]
    own: bool
    unit: str | None
    """The unit that wrote it."""


class View(Struct, frozen=True, kw_only=True):
    """A case as a person sees it."""

    case: str
    rows: tuple[Row, ...]

    def row(self, item: str) -> Row | None:
        """One item, if it is seen."""
        return next((row for row in self.rows if row.id == item), None)


def load(tx: Tx, case: str) -> CaseFile | None:
    """A case's file; ``None`` for one that is not known, or erased."""
    found = tx.load_cases([case]).get(case)
    return None if found is None else casefile.decode(found[1])


def load_all(tx: Tx, cases: Iterable[str]) -> dict[str, CaseFile]:
    """The files of cases, in their order; those that are not known, or erased, are absent."""
    wanted = list(dict.fromkeys(cases))
    found = tx.load_cases(wanted)
    return {case: casefile.decode(found[case][1]) for case in wanted if case in found}


def party_of(world: World, person: Person) -> Party | None:
    """The person's unit as a receiver; ``None`` for somebody without one."""
    unit = world.settings.units.get(person.unit or "")
    if unit is None:
        return None
    return Party(service=unit.service, unit=person.unit, body=unit.body, sector=unit.sector)


def concerns(world: World, file: CaseFile, person: Person) -> bool:
    """Whether a person may look at a case: who has to do with it (``nearness``), and who is offered its baton.

    An operator never may: they see what moves, not what it says.
    """
    if person.role == "operator":
        return False
    offered = any(hand.person == person.name for hand in file.hands.values())
    return offered or nearness.concerns(world.settings, file, person)


def kept_out(world: World, case: str, *, by: str, what: str) -> None:
    """Write down that somebody was kept out of a case, for the privacy officer."""
    with world.store.write() as tx:
        tx.audit([{"act": "kept_out", "what": what, "by": by, "case": case, "at": world.clock().isoformat()}])


def opened(world: World, case: str, *, person: Person, what: str, through: str = "") -> CaseFile | None:
    """A case's file, where the person has to do with it; ``None`` where there is none, or it is none of theirs.

    That they looked, or were kept out, is written down first; ``through`` is the program that asked in their name.
    Raises ``StoreError`` where it cannot be written: then nobody looks.
    """
    with world.store.read() as tx:
        file = load(tx, case)
    if file is None:
        return None
    if not concerns(world, file, person):
        kept_out(world, file.id, by=person.name, what=what)
        return None
    looked(world, [file.id], by=person.name, what=what, **({"through": through} if through else {}))
    return file


def fate(
    world: World, file: CaseFile, item: str, person: Person, *, receiver: str | None = None, at: datetime | None = None
) -> dict[str, Any] | None:
    """A record's life and each field's fate (``explaining.explain``), told of the fields that the person sees.

    Names of hidden fields would tell that they are there. The privacy officer sees all names; of an item of which the
    person sees nothing there is nothing to tell (``None``). Raises ``ActFault`` (``act.unknown_system``).
    """
    row = view(world, file, person).row(item) if item in file.items else None
    if item not in file.items or (row is None and person.role != "privacy"):
        return None
    told = explain(world, f"{file.id}/{item}", receiver=receiver, at=at)
    [record] = told["records"]
    narrowed = record if row is None or person.role == "privacy" else _narrowed(record, row)
    return {**told, "records": [narrowed]}


def _narrowed(told: dict[str, Any], row: Row) -> dict[str, Any]:
    seen = row.fields.keys()
    return {
        **told,
        "fields": [field for field in told["fields"] if field in seen],
        "life": [one for one in told["life"] if one.get("field") is None or one["field"] in seen],
        "history": [one for one in told["history"] if one["field"] in {"+", "*", *seen}],
        "receivers": {name: _fate_of_seen(one, row) for name, one in told["receivers"].items()},
        **{name: _of_seen(told[name], row) for name in ("disclosed", "asked_back")},
    }


def _fate_of_seen(told: dict[str, Any], row: Row) -> dict[str, Any]:
    """A receiver's fate over the fields that the reader sees; words that speak of others are left out."""
    fields = {field: effect for field, effect in told["fields"].items() if field in row.fields}
    effects = set(fields.values())
    effect = told["effect"] if len(effects) != 1 or told["effect"] == "hold" else effects.pop()
    return {
        **told,
        "fields": fields,
        "effect": effect,
        "held": [field for field in told["held"] if field in row.fields],
        "words": told["words"] if effect == told["effect"] else {},
    }


def _of_seen(told: list[dict[str, Any]], row: Row) -> list[dict[str, Any]]:
    cut = [{**one, "fields": [field for field in one["fields"] if field in row.fields]} for one in told]
    return [one for one in cut if one["fields"] or one.get("whole")]


def view(world: World, file: CaseFile, person: Person, *, kinds: frozenset[str] = _SHOWN) -> View:
    """What the person may see of a case now, of some kinds. Whether they may look at all is ``concerns``."""
    return _seen(world, file, person, facts_of(world, file, world.clock()), kinds)


def heads(world: World, files: Iterable[CaseFile], person: Person) -> dict[str, View]:
    """What the person may see now of cases and of whom they are about, by case, in their order: what a list shows.

    What stands against them is asked of the vault at once, however many they are, and the gate of nothing else.
    """
    listed = list(files)
    facts = facts_of_each(world, listed, world.clock())
    return {file.id: _seen(world, file, person, facts[file.id], HEAD, only=_head(file)) for file in listed}


def _head(file: CaseFile) -> frozenset[str]:
    case = file.case()
    return frozenset(
        item for item in (file.id, case.fields.get("subject") if case is not None else None) if item in file.items
    )


def _seen(
    world: World,
    file: CaseFile,
    person: Person,
    facts: Facts,
    kinds: frozenset[str],
    *,
    only: frozenset[str] | None = None,
) -> View:
    party = party_of(world, person)
    given = released_to(world, file, facts, party, kinds=kinds, only=only)[0] if party is not None else {}
    guarded = facts.shielded or None in facts.protections
    rows: list[Row] = []
    for item, entry in file.items.items():
        if entry.deleted or entry.kind not in kinds or (only is not None and item not in only):
            continue
        own = party is not None and entry.origin.unit == party.unit
        fields = dict(given.get(item, {}))
        if own and party is not None:
            fields |= _own(world, entry, party.unit, guarded=guarded)
        if fields:
            rows.append(Row(id=item, kind=entry.kind, fields=fields, own=own, unit=entry.origin.unit))
    return View(case=file.id, rows=tuple(rows))


def released_to(
    world: World,
    file: CaseFile,
    facts: Facts,
    party: Party,
    *,
    kinds: frozenset[str] = _SHOWN,
    only: frozenset[str] | None = None,
) -> tuple[dict[str, Mapping[str, Any]], dict[str, Decision]]:
    """What the gate lets go to a unit as if it had nothing yet, by item, and the gate's word on every item.

    ``only`` names the items that are asked about, where it is not all of them.
    """
    peers: Mapping[str, Peer] = {item: Peer(native="") for item in (file.id, *file.items)}
    blank = msgspec.structs.replace(file, peers={**file.peers, SELF: dict(peers)}, clashes=[])
    receiver = Receiver(
        system=SELF,
        party=party,
        purpose=PURPOSE,
        writes=kinds,
        baton="assignments",
        only=only,
        live=lambda _: True,
    )
    planned = plan(file=blank, facts=facts, receiver=receiver, parties=world.parties(), rules=world.rules)
    decisions = {one.item: one.decision for one in planned.withheld if one.decision is not None}
    decisions |= {one.release.id: one.decision for one in planned.sendings}
    return {one.release.id: one.release.fields for one in planned.sendings}, decisions


def child(seen: View) -> str:
    """The name of whom a case is about, as far as it is seen; else empty."""
    top = seen.row(seen.case)
    row = seen.row(str(top.fields.get("subject", ""))) if top is not None else None
    return named(row) if row is not None else ""


def named(row: Row) -> str:
    """A person's name, as far as it is seen."""
    return " ".join(str(row.fields[name]) for name in ("given_name", "family_name") if row.fields.get(name))


def _own(world: World, entry: Entry, unit: str | None, *, guarded: bool) -> dict[str, Any]:
    """What a unit itself wrote of an item; where somebody in the case is protected, without places."""
    systems = {name for name, system in world.settings.systems.items() if system.unit == unit}
    home = entry.origin.system or ""
    facets = FACETS[entry.kind]
    return {
        name: value
        for name, value in entry.fields.items()
        if (wrote := entry.sources.get(name, home)) in systems or wrote == home
        if not (guarded and facets.get(name) == "location")
    }
