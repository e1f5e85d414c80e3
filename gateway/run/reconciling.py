"""Once a day, what a system says that it holds beside what we believe that it holds: counts and ids, by their marks.

A receiver that acknowledged and never saved is found here, as is a source whose records never reached us. What differs
must differ twice, since records move while one counts. Nothing is sent again by itself: a person looks.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec
from msgspec import Struct, field

from gateway.core import casefile
from gateway.core.ages import day
from gateway.run.settings import System
from gateway.run.tally import Tally
from gateway.run.world import World
from gateway.sdk import AdapterError, Refused
from gateway.store import Known, Task, Tx

TOLD_BY_PERSON = frozenset({"person", "relation", "enrolment", "unit", "agreement", "wonder_note"})
"""Kinds of which we keep only what is about somebody who has a case."""

NO_LIST = frozenset({"http.404", "http.405", "http.501"})
"""What a product answers that has no list of what it holds, though its protocol knows one: it is not counted."""

SHOWN = 100
"""Differences that a task names; the counts are of all."""


class Counted(Struct, kw_only=True):
    """What is remembered of a system's counting: the day, what differed at the first look, what a person has seen."""

    day: str = ""
    first: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)


class Difference(Struct, frozen=True, kw_only=True):
    """A record that one side has and the other lacks.

    ``sort``: ``never_saved`` (we sent it, it was acknowledged, and it is not there), ``vanished`` (we read it there
    once, nobody told of a deletion), ``never_read`` (it is there, and we have never seen it).
    """

    sort: str
    mark: str
    kind: str
    case: str | None = None
    item: str | None = None
    native: str | None = None


def reconcile(world: World, system: System, tally: Tally) -> None:
    """Count, once a day, and again in the next round where something differs. Raises ``AdapterError``."""
    adapter = world.adapters[system.name]
    if not adapter.capabilities.inventory:
        return
    today = day(world.clock()).isoformat()
    with world.store.read() as tx:
        before = remembered(tx, system.name)
    if before.day == today and not before.first:
        return
    try:
        there = [_parted(key) for key, _ in adapter.inventory()]
    except AdapterError as error:
        if error.code not in NO_LIST:
            raise
        with world.store.write() as tx:
            tx.remember(f"counted/{system.name}", msgspec.json.encode(Counted(day=today, seen=before.seen)).decode())
            tx.audit([{"act": "not counted", "system": system.name, "code": error.code}])
        return
    except Exception:  # noqa: BLE001 - the boundary to plugins; the text may hold a value
        raise Refused("adapter.answer") from None
    world.step("counted")
    with world.store.write() as tx:
        found = differences(world, system, there, tx)
        known = set(before.seen)
        new = [one for one in found if one.mark not in known]
        sure = [one for one in new if one.mark in before.first]
        after = Counted(
            day=today,
            first=[] if before.first else [one.mark for one in new],
            seen=[one.mark for one in found if one.mark in known],
        )
        tx.remember(f"counted/{system.name}", msgspec.json.encode(after).decode())
        if before.first or not new:
            tasks = [_task(world, system, sure, there)] if sure else []
            tally.tasks += tx.keep_system_tasks(tasks, systems=[system.name], kinds=["differs"], at=world.clock())
        counts = Counter(one.sort for one in new)
        tx.audit([{"act": "counted", "system": system.name, "there": len(there), "differs": dict(counts)}])


def remembered(tx: Tx, system: str) -> Counted:
    """What is remembered of a system's counting."""
    told = tx.remembered(f"counted/{system}")
    return msgspec.json.decode(told, type=Counted) if told else Counted()


def seen(tx: Tx, system: str, marks: Iterable[str]) -> None:
    """A person has seen these differences: they are not told again while they last."""
    known = remembered(tx, system)
    known.seen = sorted({*known.seen, *marks})
    tx.remember(f"counted/{system}", msgspec.json.encode(known).decode())


def _parted(key: str) -> tuple[str, str]:
    kind, _, native = key.partition(":")
    return kind, native


def differences(world: World, system: System, there: list[tuple[str, str]], tx: Tx) -> list[Difference]:
    """What the system holds and what it should hold, compared by their marks."""
    able = world.adapters[system.name].capabilities
    marks = tx.marks(system.name, there)
    known, held = tx.known_of(system.name), tx.held_of(system.name)
    # Who takes whole cases lists cases; what stands inside one is not missed for not being listed by itself.
    listed = {kind for kind, _ in there} | (set(able.writes) & {"case"} if able.documents else set(able.writes))
    seen_there = set(marks)
    present = {known[mark].item for mark in seen_there if mark in known}  # a record may have two names there
    gone = [
        one for mark, one in known.items() if mark not in seen_there and one.kind in listed and one.item not in present
    ]
    found = [*_missing(system, gone, tx)]
    for (kind, native), mark in zip(there, marks, strict=True):
        if mark not in known and mark not in held and kind in able.reads and kind not in TOLD_BY_PERSON:
            found.append(Difference(sort="never_read", mark=_short(mark), kind=kind, native=native))
    return found


def _missing(system: System, gone: list[Known], tx: Tx) -> Iterable[Difference]:
    """Of what is not there, what should be: its case lives, nobody deleted it, and nothing of it is under way."""
    if not gone:
        return
    people = [one.item for one in gone if not one.case]
    homes = tx.cases_of(people) if people else {}
    under_way = {one.case for one in tx.waiting(system.name, limit=1_000_000)}
    wanted = {case for one in gone for case in ([one.case] if one.case else homes.get(one.item, []))}
    files = {case: casefile.decode(body) for case, (_, body) in tx.load_cases(sorted(wanted - under_way)).items()}
    for one in gone:
        for case in [one.case] if one.case else homes.get(one.item, []):
            file = files.get(case)
            entry = file.items.get(one.item) if file is not None else None
            peer = file.peers.get(system.name, {}).get(one.item) if file is not None else None
            if entry is None or peer is None or entry.deleted or peer.gone or peer.native in {None, one.item}:
                continue
            if tx.marks(system.name, [(one.kind, peer.native or "")]) != [one.mark]:
                continue  # it has another id there by now
            sort = "vanished" if one.read else "never_saved"
            yield Difference(sort=sort, mark=_short(one.mark), kind=one.kind, case=case, item=one.item)
            break


def _short(mark: bytes) -> str:
    return mark[:8].hex()


def _task(world: World, system: System, found: list[Difference], there: list[tuple[str, str]]) -> Task:
    counts: dict[str, dict[str, int]] = {}
    for one in found:
        counts.setdefault(one.sort, {}).setdefault(one.kind, 0)
        counts[one.sort][one.kind] += 1
    body = {
        "there": len(there),
        "counts": counts,
        "records": [
            {key: value for key, value in msgspec.structs.asdict(one).items() if value is not None and key != "mark"}
            for one in found[:SHOWN]
        ],
        "marks": [one.mark for one in found],
    }
    return Task(
        kind="differs",
        dedupe=f"differs/{system.name}",
        at=world.clock(),
        system=system.name,
        unit=system.unit,
        body=msgspec.json.encode(body),
    )
