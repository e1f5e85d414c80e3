"""From what is due to what was sent: release and deliver.

The gate decides here, at the moment of sending, for every batch and again at every retry. The key of a sending is
written down before it leaves; a key whose outcome is unknown is read back before anything is sent again. What came of
a batch is written down in ``proving``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from gateway.core import casefile
from gateway.core.casefile import HERE, Peer
from gateway.core.facts import PERSONAL, Restriction, gather
from gateway.core.lacking import native_of
from gateway.core.outgo import plan
from gateway.core.release import addressed
from gateway.core.sendings import Sending
from gateway.run.addressing import address
from gateway.run.batch import Batch, Decided, Job
from gateway.run.border import asked, receipts_of
from gateway.run.claiming import claim, noted, noted_again
from gateway.run.earlier import fingerprint
from gateway.run.proving import came_of, prove
from gateway.run.settings import System
from gateway.run.sharing import given_by_others
from gateway.run.tally import Tally
from gateway.run.world import Stopped, World
from gateway.sdk import Adapter, AdapterError, Fault, Receipt, Refused, Release, Uncertain, Unreachable
from gateway.store import Due, Tx
from gateway.store import Sending as Vaulted

CASES = 300
"""Cases decided, sent and written down at once: enough that the disk is not what is waited for, and few enough that a
withdrawal stops what has not begun. What is sent in several requests is decided again when ``FRESH`` has passed."""

EVERY = 1_000_000
"""More marks than one system has."""

FRESH = 4.0
"""Seconds for which a decision is good: a sending that has not begun by then is left for the next look."""


def give(world: World, system: System, tally: Tally) -> None:
    """Deliver all that a system is due. Raises ``AdapterError`` when the system cannot be reached."""
    adapter = world.adapters[system.name]
    if not adapter.capabilities.writes:
        return
    claim(world, system)
    while True:
        now = world.clock()
        with world.store.read() as tx:
            marks = tx.due(system.name, limit=CASES, now=now)
            if not marks:
                return
        _round(world, system, marks, tally)


def _round(world: World, system: System, marks: list[Due], tally: Tally) -> None:
    if world.store.behind:
        raise Stopped("audit.behind")  # evidence of earlier disclosures is missing: none is added
    now, adapter = world.clock(), world.adapters[system.name]
    with world.observer.span("gate", system=system.name, cases=len(marks)) as span, world.store.read() as tx:
        decided = decide(world, system, [mark.case for mark in marks], tx, now)
        kept = kept_back(decided)
        span.keep(kept)
        span.note(withheld=kept.total(), sendings=sum(len(one.plan.sendings) for one in decided.values()))
    world.step("decided")
    batch = Batch(
        world=world, system=system, adapter=adapter, marks=marks, decided=decided, decided_at=now, tally=tally
    )
    begin(batch)
    with world.observer.span("delivery", system=system.name, sendings=len(batch.jobs)) as span:
        deliver(batch)
        span.note(**came_of(batch))
    prove(batch)
    down = batch.down()
    if down is not None:
        raise down


def send_again(world: World, system: System, cases: Iterable[str], tally: Tally) -> None:
    """Send anew, now and under the same keys, what nobody knows the outcome of. Raises ``AdapterError``."""
    wanted = set(cases)
    with world.store.write() as tx:
        tx.mark_due([(system.name, case) for case in sorted(wanted)], at=world.clock())
        marks = [mark for mark in tx.due(system.name, limit=EVERY, now=world.clock()) if mark.case in wanted]
    for at in range(0, len(marks), CASES):
        _round(world, system, marks[at : at + CASES], tally)


def decide(world: World, system: System, cases: Iterable[str], tx: Tx, at: datetime) -> dict[str, Decided]:
    """What a system is due from each case, by the gate's word at an instant. Changes nothing."""
    ids = list(dict.fromkeys(cases))
    files = {case: (casefile.decode(body), version) for case, (version, body) in tx.load_cases(ids).items()}
    people = sorted({item for file, _ in files.values() for item, one in file.items.items() if one.kind == "person"})
    held = world.store.vault.restrictions(cases=ids, people=people)
    flows = live(tx, system.name)
    receiver = world.receiver(system, lambda source: source in flows or (bool(flows) and source.startswith(HERE)))
    parties, asserts, policy = world.parties(), world.asserts(), world.policy()
    by_case: dict[str, list[Restriction]] = {}
    by_person: dict[str, list[Restriction]] = {}
    for one in held:
        closed = Restriction(kind=one.kind, case=one.case, person=one.person, detail=one.detail)
        if one.kind in PERSONAL and one.person is not None:
            by_person.setdefault(one.person, []).append(closed)
        elif one.case is not None:
            by_case.setdefault(one.case, []).append(closed)
    decided = {}
    for case, (file, version) in files.items():
        mine = by_case.get(case, [])
        if by_person:
            mine = [*mine, *(closed for item in file.items for closed in by_person.get(item, ()))]
        facts = gather(file=file, restrictions=mine, policy=policy, at=at, asserts=asserts)
        planned = plan(file=file, facts=facts, receiver=receiver, parties=parties, rules=world.rules)
        decided[case] = Decided(file, version, planned)
    return decided


def kept_back(decided: Mapping[str, Decided]) -> Counter[str]:
    """How many fields each rule kept back; those of a flow in shadow are counted for it."""
    kept: Counter[str] = Counter()
    for one in decided.values():
        for withheld in one.plan.withheld:
            rules = withheld.decision.rules if withheld.decision is not None and not withheld.shadow else ("shadow",)
            kept.update(dict.fromkeys(rules, len(withheld.fields)))
    return kept


def live(tx: Tx, target: str) -> frozenset[str]:
    """Systems whose flow to this one is approved, while sending is not paused.

    What people write at the gateway goes where any system's records may go: a named person wrote each of it.
    """
    if tx.paused():
        return frozenset()
    return frozenset(flow.source for flow in tx.flows() if flow.target == target and flow.state == "approved")


def key_of(world: World, sending: Sending, peer: Peer, *, retract: bool) -> tuple[str, bytes]:
    """The key of a sending and the fingerprint of its content.

    A create has one key until it is known to have been done, whatever it carries, so that it cannot be done twice; a
    change has one for each content.
    """
    release = sending.release
    digest = world.store.keys.digest
    content = fingerprint(world, sending.values, retracts=release.retracts, retract_all=release.retract_all)
    act = "take back" if retract else "create" if sending.create else "change"
    parts = f"{world.settings.tenant}/{release.system}/{release.id}/{act}/{peer.count}/".encode()
    return digest(parts + (b"" if act == "create" else content)).hex(), content


def begin(batch: Batch) -> None:
    """Make the jobs and write their keys down, before anything leaves."""
    world, system = batch.world, batch.system
    for case, decided in batch.decided.items():
        peers = decided.file.peers.get(system.name, {})
        for retract, sendings in ((True, decided.plan.retractions), (False, decided.plan.sendings)):
            for sending in sendings:
                peer = peers.get(sending.release.id) or Peer()
                key, content = key_of(world, sending, peer, retract=retract)
                batch.jobs.append(Job(case=case, sending=sending, key=key, content=content, retract=retract))
    mine = {job.key for job in batch.jobs}
    taken_back = {job.sending.release.id for job in batch.jobs if job.retract}
    unfinished = world.store.vault.unfinished(system.name)
    batch.settled = [
        one.key
        for one in unfinished
        if one.key not in mine
        and one.case in batch.decided
        and (
            one.item in taken_back
            or native_of(batch.decided[one.case].file.peers.get(system.name, {}), one.item) is not None
        )
    ]
    if not batch.jobs:
        return
    earlier = world.store.vault.begin_sending(
        [(job.key, system.name, job.case, job.sending.release.id, noted(job)) for job in batch.jobs]
    )
    world.step("begun")
    before = {one.key: one for one in unfinished}
    for job in batch.jobs:
        state = earlier.get(job.key)
        done = state in {"accepted", "delivered", "processed", "unconfirmed"}
        job.before = _before(world, job) if done else before.get(job.key)
        if done and not _nameless(batch.adapter, job):
            job.receipt = Receipt(key=job.key, state="accepted", code="sent.before")
        else:
            job.again = done or state in {"begun", "uncertain"}
    grown = [(job.key, noted_again(job, job.before)) for job in batch.jobs if job.again and job.before is not None]
    world.store.vault.carry_more([(key, content) for key, content in grown if content is not None])


def _before(world: World, job: Job) -> Vaulted | None:
    """The delivery of this key that was done before, as the vault knows it (after a restore of the rest)."""
    return next((one for one, _ in world.store.vault.sendings_of(job.case) if one.key == job.key), None)


def _nameless(adapter: Adapter, job: Job) -> bool:
    """Whether what was made before, and is not known here any more (a restore), must be asked for its name there.

    Our own id would be taken for the receiver's, and every later change would go to a record that it has not got.
    """
    able = adapter.capabilities
    return job.sending.create and not job.retract and not able.manual and (able.read_back or able.idempotency_key)


def _read_back(adapter: Adapter, job: Job) -> Receipt | None:
    """What became of a sending whose answer was lost: a receipt, ``uncertain``, or ``None`` when it may go again.

    Raises ``AdapterError`` when the system cannot be asked.
    """
    able = adapter.capabilities
    if able.read_back:
        page = asked(adapter.read_back, job.key)
        if page.records:
            raw = page.records[0]
            return Receipt(key=job.key, state="accepted", native_id=raw.id, version=raw.version, code="read.back")
        return None
    if able.idempotency_key or (able.conditional_write and not job.sending.create):
        return None
    return Receipt(key=job.key, state="uncertain", code="delivery.uncertain")


def deliver(batch: Batch) -> None:
    """Do what has no receipt yet: retractions first, then sendings, in requests of what the adapter takes.

    A system that is down is not tried again. What the time for a decision ran out for stays due; the first request is
    made in any case, so that every look brings something about.
    """
    until = batch.decided_at + timedelta(seconds=FRESH)
    address(batch)
    down = begun = False
    for jobs in _requests(batch):
        if down:
            _not_sent(jobs)
        elif jobs[0].retract:
            _retract(batch, jobs[0])
            batch.world.step("retracted")
            begun = True
        elif begun and batch.world.clock() > until:
            batch.stale |= {job.case for job in jobs}
        else:
            _make(batch, jobs)
            begun = True
        down = down or any(job.error is not None for job in jobs)


def _requests(batch: Batch) -> Iterator[list[Job]]:
    """The jobs by request: what is taken back, what was begun before and is asked about first, and the rest."""
    waiting = [job for job in batch.jobs if job.receipt is None and job.error is None]
    yield from ([job] for job in waiting if job.retract)
    yield from ([job] for job in waiting if job.again and not job.retract)
    rest = [job for job in waiting if not (job.again or job.retract)]
    size = max(1, batch.adapter.capabilities.batch)
    yield from (rest[at : at + size] for at in range(0, len(rest), size))


def _make(batch: Batch, jobs: list[Job]) -> None:
    """Make one request, unless what was begun before turns out to have arrived, or nobody can tell."""
    first = jobs[0]
    if first.again:
        try:
            first.receipt = _read_back(batch.adapter, first)
        except AdapterError as error:
            first.error = error  # who cannot be asked now is asked later
            return
        if first.receipt is not None:
            if first.receipt.state == "uncertain":
                batch.waits[first.case] = "delivery.uncertain"
            return
    _send(batch, jobs)
    batch.world.step("sent")


def _send(batch: Batch, jobs: list[Job]) -> None:
    adapter = batch.adapter
    try:
        if adapter.capabilities.batch <= 1:
            receipts = receipts_of([adapter.deliver(jobs[0].sending.release, jobs[0].key)])
        else:
            receipts = receipts_of(adapter.deliver_batch([(job.sending.release, job.key) for job in jobs]))
    except Fault as fault:
        _not_carried(batch, jobs, fault)
        return
    except Refused as error:
        for job in jobs:
            job.receipt = _refused(job, error)
        return
    except AdapterError as error:
        for job in jobs:
            job.error = error
        return
    except Exception:  # noqa: BLE001 - the boundary to plugins; the text may hold a value
        for job in jobs:
            job.error = Uncertain("adapter.deliver_failed")
        return
    for job, receipt in zip(jobs, receipts, strict=False):
        job.receipt = receipt
    for job in jobs[len(receipts) :]:
        job.receipt = Receipt(key=job.key, state="uncertain", code="adapter.receipt_missing")


def _not_carried(batch: Batch, jobs: list[Job], fault: Fault) -> None:
    """The vendor's format cannot carry one of these, which nothing was sent of: find it, so that the others go.

    One by one takes longer: what the decision grows too old for meanwhile stays due, and a system that is found down
    is not asked again.
    """
    if len(jobs) == 1:
        jobs[0].receipt = Receipt(key=jobs[0].key, state="refused", code=fault.code, path=fault.path)
        return
    for at, job in enumerate(jobs):
        if at and batch.world.clock() > batch.decided_at + timedelta(seconds=FRESH):
            batch.stale |= {each.case for each in jobs[at:]}
            return
        _send(batch, [job])
        if job.error is not None:
            _not_sent(jobs[at + 1 :])
            return


def _retract(batch: Batch, job: Job) -> None:
    adapter = batch.adapter
    try:
        release = _found(batch, job)
        if release is None:
            return
        [job.receipt] = receipts_of([adapter.retract(release, job.key)])
    except Refused as error:
        job.receipt = _refused(job, error)
    except AdapterError as error:
        job.error = error
    except Exception:  # noqa: BLE001 - the boundary to plugins; the text may hold a value
        job.error = Uncertain("adapter.retract_failed")


def _found(batch: Batch, job: Job) -> Release | None:
    """The retraction, addressed to what the receiver has; without one, the job has its receipt already.

    A record whose creation was never confirmed is looked for by the key that it was sent with.
    """
    able, release = batch.adapter.capabilities, job.sending.release
    if able.keeps:
        # arkivlova 2025 section 13 (norm ARCHIVE_KEEPS): an archive is never ordered to destroy what it has.
        job.receipt = Receipt(key=job.key, state="refused", code="archive.kept")
        return None
    if not (able.retracts or able.manual):
        job.receipt = Receipt(key=job.key, state="refused", code="adapter.cannot_retract")
        return None
    if release.native_id is not None:
        return _shared(batch, job)
    if not able.read_back:
        job.receipt = Receipt(key=job.key, state="refused", code="delivery.uncertain")
        return None
    peer = batch.decided[job.case].file.peers.get(batch.system.name, {}).get(release.id) or Peer()
    created = msgspec.structs.replace(job.sending, create=True)
    page = asked(batch.adapter.read_back, key_of(batch.world, created, peer, retract=False)[0])
    if not page.records:
        job.receipt = Receipt(key=job.key, state="accepted", code="never.arrived")
        return None
    return addressed(release, native_id=page.records[0].id, version=page.records[0].version)


def _shared(batch: Batch, job: Job) -> Release | None:
    """The retraction, less what another case still gives of the same person's record."""
    release = job.sending.release
    job.kept = given_by_others(batch, job)
    if not job.kept:
        return release
    lost = tuple(name for name in release.retracts if name not in job.kept)
    if not lost:
        job.receipt = Receipt(key=job.key, state="accepted", code="kept.for_another_case")
        return None
    return msgspec.structs.replace(release, retracts=lost, retract_all=False)


def _refused(job: Job, error: Refused) -> Receipt:
    return Receipt(key=job.key, state="refused", code=error.code, path=error.path, conflict=error.conflict)


def _not_sent(jobs: list[Job]) -> None:
    for job in jobs:
        job.error = Unreachable("delivery.not_tried")
