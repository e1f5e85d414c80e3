"""What came of a batch: receipts into the case files, disclosures, evidence, tasks and marks, in one transaction.

A case may have been saved by another lane since it was decided on. Then the receipts are written into the newer file:
they say what the receiver holds, and that stays true.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct, field

from gateway.core import casefile
from gateway.core.casefile import CaseFile, Peer
from gateway.core.merge import agree, lag
from gateway.run.batch import Batch, Job
from gateway.run.counting import count
from gateway.run.earlier import Values, carried, settle
from gateway.run.entering import take_out
from gateway.run.ordering import follow
from gateway.run.sharing import left_nothing
from gateway.run.tasking import held_tasks, task_of, tasks_after
from gateway.sdk import Receipt, Uncertain
from gateway.store import Stale, StoreError, Task, Tx

_NAMED_ALONE = frozenset({"case", "person"})
"""Kinds that a vendor of whole cases also names outside a case's document; the others are known from the document."""

BACK_OFF = (60, 300, 900, 3600, 4 * 3600)
"""Seconds until a case whose delivery failed is tried again, by the number of tries so far."""

Disclosed = tuple[str, str, str, datetime, tuple[str, ...], tuple[str, ...], str | None, str]
"""A disclosure: case, item, system, time, field names, rules, secrecy basis, key of the delivery."""


class Written(Struct, kw_only=True):
    """What receipts lead to, collected before it is written."""

    cases: list[tuple[str, int, bytes]] = field(default_factory=list)
    disclosures: list[Disclosed] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)
    links: list[tuple[str, str, str, str, bytes]] = field(default_factory=list)
    conflicts: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    delivered: int = 0
    retracted: int = 0
    uncertain: int = 0


def prove(batch: Batch) -> None:
    """Write down what came of a batch; only then are the keys done with."""
    world = batch.world
    by_case: dict[str, list[Job]] = {}
    for job in batch.jobs:
        by_case.setdefault(job.case, []).append(job)
    files = {case: (one.file, one.version) for case, one in batch.decided.items()}
    erased: list[Job] = []
    while True:
        written = Written()
        for job in erased:
            _outlived(batch, job, written)
        try:
            with world.store.write() as tx:
                known = _known(batch, {case: file for case, (file, _) in files.items()}, tx)
                changed = {case for case, jobs in by_case.items() if note(batch, files[case][0], jobs, written, known)}
                touched = {case: files[case] for case in changed} | left_nothing(batch, files, tx)
                written.cases += [(case, version, casefile.encode(file)) for case, (file, version) in touched.items()]
                made = _write(batch, written, tx)
            break
        except StoreError as error:
            if not isinstance(error, Stale) and error.code != "store.erased":
                raise
            with world.store.read() as tx:
                fresh = tx.load_cases(list(by_case))
            files = {case: (casefile.decode(body), version) for case, (version, body) in fresh.items()}
            erased += [job for case, jobs in by_case.items() if case not in files for job in jobs]
            by_case = {case: jobs for case, jobs in by_case.items() if case in files}
    world.step("proved")
    ended = [(job.key, _end_state(job)) for job in batch.jobs] + [(key, "settled") for key in batch.settled]
    # The name before the state: a key that is known as accepted is asked for by it from then on.
    world.store.vault.trace_sending(
        (job.key, job.receipt.trace) for job in batch.jobs if job.receipt and job.receipt.trace
    )
    if ended:
        world.store.vault.end_sending(ended)
    world.step("ended")
    _count(batch, written, made)


def _count(batch: Batch, written: Written, made: int) -> None:
    tally = batch.tally
    tally.delivered[batch.system.name] += written.delivered
    tally.retracted += written.retracted
    tally.uncertain += written.uncertain
    tally.tasks += made
    for one in batch.decided.values():
        for withheld in one.plan.withheld:
            if withheld.shadow:
                tally.shadowed += len(withheld.fields)
            else:
                tally.withheld += len(withheld.fields)


def _end_state(job: Job) -> str:
    if job.receipt is not None:
        return job.receipt.state
    return "uncertain" if isinstance(job.error, Uncertain) or job.again else "failed"


def came_of(batch: Batch) -> Counter[str]:
    """How many sendings came to what: the states of receipts, ``retracted``, ``uncertain`` and ``failed``."""
    return Counter("retracted" if job.retract and job.error is None else _end_state(job) for job in batch.jobs)


def _known(batch: Batch, files: Mapping[str, CaseFile], tx: Tx) -> dict[str, Values]:
    """By key what creations carried that were begun before, where that can be told."""
    known: dict[str, Values] = {}
    for job in batch.jobs:
        if job.before is not None and job.sending.create and not job.retract and job.case in files:
            values = carried(batch.world, tx, files[job.case], job.before)
            if values is not None:
                known[job.key] = values
    return known


def note(
    batch: Batch, file: CaseFile, jobs: list[Job], written: Written, known: Mapping[str, Values] | None = None
) -> bool:  # fmt: skip
    """Write the receipts of one case into its file; whether that changed it.

    ``known`` is what creations carried that were begun before, by their keys.
    """
    changed = False
    for job in jobs:
        receipt = job.receipt
        if receipt is None:
            changed = (isinstance(job.error, Uncertain) and _may_have(batch, file, job, written)) or changed
            continue
        if receipt.state == "uncertain":
            written.uncertain += 1
            written.tasks.append(task_of(batch, "uncertain", file, job))
            changed = _may_have(batch, file, job, written) or changed
        elif receipt.state == "refused" and receipt.conflict:
            # Someone wrote there meanwhile: the next round reads that first, and merges.
            written.conflicts.add(file.id)
        elif receipt.state == "refused":
            written.tasks.append(task_of(batch, "retraction" if job.retract else "refused", file, job))
            _set_aside(file, batch.system.name, job)
            changed = True
        elif job.retract:
            _taken_back(batch, file, job, receipt, written)
            changed = True
        else:
            _delivered(batch, file, job, receipt, written, before=(known or {}).get(job.key))
            changed = True
    return changed


def _may_have(batch: Batch, file: CaseFile, job: Job, written: Written) -> bool:
    """The receiver may hold this: it counts as told, so that a withdrawal takes it back and the family hears of it."""
    if job.retract:
        return False
    for item, values in job.sending.values.items():
        peer = file.peers.setdefault(batch.system.name, {}).setdefault(item, Peer())
        peer.released.extend(name for name in values if name not in peer.released)
        _disclose(batch, file.id, job, item, written)
    return True


def _outlived(batch: Batch, job: Job, written: Written) -> None:
    """A sending of a case that was erased while it was on its way: what the receiver holds of it stays on record."""
    left = job.receipt.state != "refused" if job.receipt is not None else isinstance(job.error, Uncertain)
    if job.retract or not left:
        return
    for item in job.sending.values:
        _disclose(batch, job.case, job, item, written)
    items = {item: sorted(values) for item, values in job.sending.values.items()}
    written.evidence.append({"act": "delivered", "case": job.case, "key": job.key, "state": "erased", "items": items})


def _disclose(
    batch: Batch, case: str, job: Job, item: str, written: Written, *, values: Iterable[str] | None = None
) -> None:  # fmt: skip
    """Write down who got what: ``values``, or all that was sent."""
    fields = tuple(job.sending.values[item] if values is None else values)
    decision = job.sending.decisions[item]
    if fields:
        now, rules, basis = batch.world.clock(), tuple(decision.rules), decision.secrecy_basis
        written.disclosures.append((case, item, batch.system.name, now, fields, rules, basis, job.key))


def _delivered(
    batch: Batch, file: CaseFile, job: Job, receipt: Receipt, written: Written, *, before: Values | None
) -> None:  # fmt: skip
    system = batch.system.name
    release = job.sending.release
    answers = {release.id: receipt} | {
        part.id: answer for part, answer in zip(release.parts, receipt.parts, strict=False)
    }
    blank = Receipt(key=job.key, state=receipt.state)
    whole = not batch.adapter.capabilities.documents
    # A create that was begun before with other content: the receiver may hold either, so it is told again.
    unsure = job.again and job.sending.create and receipt.code != "read.back"
    items: dict[str, list[str]] = {}
    for item, sent in job.sending.values.items():
        entry, answer = file.items.get(item), answers.get(item, blank)
        if entry is None:
            continue
        if item != release.id and answer.state in {"refused", "uncertain"}:
            note(batch, file, [_part(job, item, answer)], written)
            continue
        values = sent if answer.kept is None else {name: sent[name] for name in answer.kept if name in sent}
        items[item] = sorted(values)
        peer = file.peers.setdefault(system, {}).setdefault(item, Peer())
        known = peer.native
        _arrive(peer, answer, item if whole or item == release.id else None)
        peer.refused.extend(name for name in sent if name not in values and name not in peer.refused)
        if peer.native is not None and peer.native != known and (whole or entry.kind in _NAMED_ALONE):
            written.links.append((entry.kind, peer.native, "" if entry.kind == "person" else file.id, item, b""))
        sure = not unsure and receipt.code != "read.back"
        if before is not None and (item == release.id or receipt.code != "read.back"):
            settle(peer, entry.fields, before.get(item, {}), values)
        elif sure and not peer.agreed and not peer.behind and values == entry.fields:
            peer.agreed = list(values)  # all of it is there for the first time, as it mostly is
        else:
            _compare(peer, entry.fields, values, sure=sure, unsure=unsure)
        if peer.released:
            known_names = set(peer.released)
            peer.released.extend(name for name in values if name not in known_names)
        else:
            peer.released = list(values)
        _disclose(batch, file.id, job, item, written, values=values)
        written.delivered += 1
    if unsure or receipt.code == "read.back":
        written.conflicts.add(file.id)
    written.moved.add(file.id)
    rules = sorted({rule for one in job.sending.decisions.values() for rule in one.rules})
    written.evidence.append(
        {"act": "delivered", "case": file.id, "key": job.key, "state": receipt.state, "items": items, "rules": rules}
    )
    if batch.adapter.capabilities.manual:
        written.tasks.append(task_of(batch, "enter", file, job, values=True))
    written.tasks.extend(tasks_after(batch, file, job))


def _part(job: Job, item: str, answer: Receipt) -> Job:
    """A part of a whole case that came to something else than the rest, as a job of its own."""
    sending, part = job.sending, next(one for one in job.sending.release.parts if one.id == item)
    alone = msgspec.structs.replace(
        sending,
        release=part,
        create=part.native_id is None,
        values={item: sending.values[item]},
        decisions={item: sending.decisions[item]},
    )
    return msgspec.structs.replace(job, sending=alone, receipt=answer)


def _compare(peer: Peer, ours: dict[str, Any], values: dict[str, Any], *, sure: bool, unsure: bool) -> None:
    for name, value in values.items():
        if sure and ours.get(name) == value:
            agree(peer, name)
        else:
            lag(peer, name, None if unsure else value)


def _arrive(peer: Peer, answer: Receipt, item: str | None) -> None:
    """``item`` names it where the receiver gave no id of its own; a document's parts wait until they are read."""
    if peer.gone:
        peer.agreed, peer.behind, peer.released, peer.gone = [], {}, [], False
        peer.version = peer.modified = None  # those were another record's
    if answer.version is not None:
        peer.before, peer.version = peer.version, answer.version
    peer.native = answer.native_id or peer.native or item
    peer.reopened = False
    peer.count += 1


def _taken_back(batch: Batch, file: CaseFile, job: Job, receipt: Receipt, written: Written) -> None:
    release = job.sending.release
    peer = file.peers.setdefault(batch.system.name, {}).setdefault(release.id, Peer())
    peer.version = receipt.version or peer.version
    peer.count += 1
    lost = set(release.retracts)
    if release.retract_all and not job.kept:
        peer.gone = True
        peer.agreed, peer.behind, peer.released = [], {}, []
    else:
        peer.agreed = [name for name in peer.agreed if name not in lost]
        peer.released = [name for name in peer.released if name not in lost]
        for name in lost - job.kept:
            lag(peer, name, None)  # it holds nothing now, and telling us so is no edit
    written.retracted += 1
    written.evidence.append(
        {
            "act": "retracted", "case": file.id, "key": job.key, "state": receipt.state,
            "items": {release.id: sorted(lost)}, **({"kept": sorted(lost & job.kept)} if lost & job.kept else {}),
        }
    )  # fmt: skip
    if batch.adapter.capabilities.manual and lost - job.kept:
        written.tasks.append(task_of(batch, "remove", file, _narrowed(job)))


def _narrowed(job: Job) -> Job:
    """As a person is asked to carry it out: without what stays for another case."""
    release = job.sending.release
    if not job.kept:
        return job
    lost = tuple(name for name in release.retracts if name not in job.kept)
    left = msgspec.structs.replace(release, retracts=lost, retract_all=False)
    return msgspec.structs.replace(job, sending=msgspec.structs.replace(job.sending, release=left))


def _set_aside(file: CaseFile, system: str, job: Job) -> None:
    """What a system refused is not offered again until it changes; what it will not give back is asked of a person."""
    if job.retract:
        peer = file.peers.setdefault(system, {}).setdefault(job.sending.release.id, Peer())
        peer.released = [name for name in peer.released if name not in job.sending.release.retracts]
        return
    for item, values in job.sending.values.items():
        peer = file.peers.setdefault(system, {}).setdefault(item, Peer())
        peer.refused.extend(name for name in values if name not in peer.refused)


def _write(batch: Batch, written: Written, tx: Tx) -> int:
    """All of it in the caller's transaction; how many tasks were made."""
    now, system = batch.world.clock(), batch.system.name
    if written.cases:
        tx.save_cases(written.cases, as_before={case for case, *_ in written.cases})
    if written.links:
        tx.put_links(system, written.links)
        tx.join_units([(batch.system.unit, case) for kind, _, case, *_ in written.links if kind == "case"], at=now)
    if written.disclosures:
        tx.add_disclosures(written.disclosures)
    follow(batch, tx)
    if batch.adapter.capabilities.manual:
        take_out(batch, tx)
    made = len(tx.add_tasks(written.tasks)) if written.tasks else 0
    made += len(tx.add_tasks(list(held_tasks(batch))))
    evidence = [*written.evidence, *_withheld(batch)]
    if evidence:
        tx.audit([{"act": "sent", "system": system, "at": now.isoformat(), "entries": evidence}])
    _marks(batch, written, tx, now)
    count(batch, tx, at=now, sent=sum(len(fields) for _, _, _, _, fields, *_ in written.disclosures))
    return made


def _marks(batch: Batch, written: Written, tx: Tx, now: datetime) -> None:
    waits = dict.fromkeys(written.conflicts, "delivery.conflict") | batch.waits
    down = batch.down()
    if down is not None:
        waits |= dict.fromkeys((job.case for job in batch.jobs if job.error is not None), down.code)
    later = {case for case, one in batch.decided.items() if one.plan.later and case in written.moved}
    done = [mark for mark in batch.marks if mark.case not in waits and mark.case not in later | batch.stale]
    tx.clear_due(batch.system.name, [(mark.case, mark.seq) for mark in done])
    for mark in batch.marks:
        if mark.case in waits:
            wait = batch.world.jitter(BACK_OFF[min(mark.attempts, len(BACK_OFF) - 1)])
            until = now + timedelta(seconds=wait)
            tx.postpone(batch.system.name, [mark.case], until=until, code=waits[mark.case])


def _withheld(batch: Batch) -> list[dict[str, Any]]:
    """What did not leave, and by which rules: field names and rule ids, no content."""
    return [
        {
            "act": "withheld", "case": case, "item": one.item, "fields": sorted(one.fields),
            "rules": list(one.decision.rules) if one.decision is not None else ["flow.shadow"],
        }
        for case, decided in batch.decided.items()
        for one in decided.plan.withheld
    ]  # fmt: skip
