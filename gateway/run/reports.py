"""The path of a report to child welfare: apart from every flow, and open when all else is shut.

It is walked first in a round, and at once when a report is filed. It asks no consent, reads no consent, waits for no
other system, and is stopped by no pause: a pause is about flows, and a report is in none. What it shares with other
sendings is what keeps them from being lost or doubled: the key that is written down before anything leaves.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial

from gateway.core import casefile
from gateway.core.casefile import CaseFile
from gateway.core.facts import Restriction, gather
from gateway.core.reports import moved_on, numbers_in, plan_reports, strictest, waiting
from gateway.run.acts import change_case
from gateway.run.batch import Batch, Decided
from gateway.run.claiming import claim
from gateway.run.outlet import begin, deliver
from gateway.run.proving import prove
from gateway.run.settings import System
from gateway.run.tally import Tally
from gateway.run.world import Stopped, World
from gateway.store import Due, StoreError, Tx

CASES = 100
"""Cases in one batch."""

FOLLOWED = timedelta(days=60)
"""How long a report's delivery is looked at: longer than child welfare has to confirm it."""

ARRIVED: Mapping[str, str] = {"accepted": "sent", "delivered": "delivered", "processed": "delivered"}
"""How far a report has come, by the state of its delivery. That child welfare confirmed it, a person says."""


def carriers(world: World) -> list[System]:
    """The systems that carry reports, as the settings name them."""
    return [
        system
        for name, system in world.settings.systems.items()
        if name in world.adapters and world.adapters[name].capabilities.duty
    ]


def carry(world: World, system: System, tally: Tally) -> None:
    """Send all the reports that are due for a system. Raises ``AdapterError`` when it cannot be reached."""
    claim(world, system)
    recover(world, system)
    while True:
        with world.store.read() as tx:
            marks = tx.due(system.name, limit=CASES, now=world.clock())
        if not marks:
            break
        _batch(world, system, marks, tally)
    note_arrivals(world, system)


def recover(world: World, system: System) -> None:
    """Go on following what was sent, and noted as sent, when the process died before its key was done with."""
    known: list[tuple[str, str]] = []
    unfinished = world.store.vault.unfinished(system.name)
    if unfinished:
        with world.store.read() as tx:
            files = {
                case: casefile.decode(body) for case, (_, body) in tx.load_cases({o.case for o in unfinished}).items()
            }
        for one in unfinished:
            peer = files[one.case].peers.get(system.name, {}).get(one.item) if one.case in files else None
            if peer is not None and peer.native is not None:
                known.append((one.key, peer.native))
    world.store.vault.trace_sending(known)
    world.store.vault.end_sending([(key, "accepted") for key, _ in known])


def _batch(world: World, system: System, marks: list[Due], tally: Tally) -> None:
    if world.store.behind:
        raise Stopped("audit.behind")  # evidence of earlier disclosures is missing: none is added
    now = world.clock()
    decided = decide(world, system, [mark.case for mark in marks])
    world.step("decided")
    batch = Batch(
        world=world, system=system, adapter=world.adapters[system.name], marks=marks, decided=decided, decided_at=now,
        tally=tally,
    )  # fmt: skip
    begin(batch)
    deliver(batch)
    prove(batch)
    down = batch.down()
    if down is not None:
        raise down


def decide(world: World, system: System, cases: Iterable[str]) -> dict[str, Decided]:
    """What goes to a system of the reports in some cases, by the duty's word now. Changes nothing.

    With several carriers a report goes by the first that the settings name.
    """
    names = [one.name for one in carriers(world)]
    parties = world.parties()
    decided: dict[str, Decided] = {}
    with world.store.read() as tx:
        for case, (version, body) in tx.load_cases(cases).items():
            file = casefile.decode(body)
            planned = plan_reports(
                file=file,
                protection=protection_of(world, tx, file) if any(waiting(file, names)) else None,
                system=system.name,
                carriers=names,
                parties=parties,
                at=world.clock(),
                rules=world.rules,
            )
            if names and system.name != names[0]:
                planned.sendings, planned.withheld = [], []
            decided[case] = Decided(file, version, planned)
    return decided


def protection_of(world: World, tx: Tx, file: CaseFile) -> str | None:
    """The strictest protection of anybody in a case's reports; ``None`` where it is not known.

    Told by the employee who filed it, by registers about the same persons, and by what is kept apart and only closes.
    What cannot be read is not known: then an authorised person sends.
    """
    if file.case() is not None:
        return _in_log(world, file)
    levels: list[str | None] = [one.protection for one in file.reports.values()]
    numbers = [number for _, entry in file.of_kind("child_welfare_report") for number in numbers_in(entry)]
    try:
        people = list(tx.find_people(numbers).values())
        held = world.store.vault.protections(people)
        levels += [str(one.detail["level"]) for one in held]
        levels += _registered(tx, people)
    except StoreError:
        levels.append(None)
    return strictest(levels)


def _registered(tx: Tx, people: list[str]) -> list[str]:
    """What the logs of these persons hold of their protection, beyond none."""
    cases = {case for each in tx.cases_of(people).values() for case in each}
    told = []
    for _, body in tx.load_cases(sorted(cases)).values():
        for person, entry in casefile.decode(body).of_kind("person"):
            level = entry.fields.get("protection")
            if person in people and level is not None and level != "none":
                told.append(str(level))
    return told


def _in_log(world: World, file: CaseFile) -> str | None:
    people = [person for person, _ in file.of_kind("person")]
    try:
        closed = [
            Restriction(kind=one.kind, case=one.case, person=one.person, detail=one.detail)
            for one in world.store.vault.protections(people)
        ]
        facts = gather(file=file, restrictions=closed, policy=world.policy(), at=world.clock(), asserts=world.asserts())
    except Exception:  # noqa: BLE001 - whatever is wrong in a log, a report in it is not lost: a person sends it
        return None
    return strictest(facts.protections)


def note_arrivals(world: World, system: System) -> None:
    """Let each report say how far it has come. Twice is once, so that a crash between loses nothing."""
    for one in world.store.vault.under_way(system.name, after=world.clock() - FOLLOWED):
        status = ARRIVED.get(one.state)
        if status is None:
            continue
        with world.store.read() as tx:
            found = tx.load_cases([one.case]).get(one.case)
        if found is None or not moved_on(casefile.decode(found[1]), one.item, status):
            continue
        change_case(world, one.case, system.name, f"report.{status}", partial(moved_on, item=one.item, status=status))
