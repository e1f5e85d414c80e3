"""A grown-up has one record with a receiver, and may stand there for several cases.

What one case takes back must not be lost for another, which still gives it with its own basis. So what the other gives
stays there, and the case that took back has no part in it any more; who gives last takes away what is left.
"""

from collections.abc import Mapping

from gateway.core import casefile
from gateway.core.casefile import CaseFile
from gateway.run.batch import Batch, Job
from gateway.store import Tx

KIND = "person"
"""The only kind whose record with a receiver is of no single case."""


def given_by_others(batch: Batch, job: Job) -> frozenset[str]:
    """Fields of the record that a retraction is about, which other cases have given the receiver and still give."""
    release = job.sending.release
    if release.kind != KIND or release.native_id is None:
        return frozenset()
    with batch.world.store.read() as tx:
        homes = [case for case in tx.cases_of([release.id]).get(release.id, []) if case != job.case]
        files = {case: casefile.decode(body) for case, (_, body) in tx.load_cases(homes).items()}
    held: set[str] = set()
    for case, file in files.items():
        held |= _given(batch, job, case, file)
    return frozenset(held)


def _given(batch: Batch, job: Job, case: str, file: CaseFile) -> frozenset[str]:
    """What one other case gives, less what it has just taken back itself: that is written down after the batch."""
    release = job.sending.release
    peer = file.peers.get(batch.system.name, {}).get(release.id)
    if peer is None or peer.gone or peer.native != release.native_id:
        return frozenset()
    gone = {
        name
        for one in batch.jobs
        if one.retract and one.case == case and one.sending.release.id == release.id and one.receipt is not None
        for name in (peer.released if one.sending.release.retract_all else one.sending.release.retracts)
    }
    return frozenset(peer.released) - gone


def left_nothing(batch: Batch, files: Mapping[str, tuple[CaseFile, int]], tx: Tx) -> dict[str, tuple[CaseFile, int]]:
    """Cases that had a record in common with one that took the last of it away: it is gone for them too.

    ``files`` are those at hand, with their versions; others are read. What comes back is changed and must be saved.
    """
    gone = {
        (job.sending.release.id, job.sending.release.native_id): job.case
        for job in batch.jobs
        if job.retract and job.sending.release.kind == KIND and job.sending.release.retract_all and not job.kept
        and job.receipt is not None and job.receipt.state in {"accepted", "delivered", "processed"}
    }  # fmt: skip
    homes = tx.cases_of([item for item, _ in gone]) if gone else {}
    away = sorted({case for each in homes.values() for case in each if case not in files})
    read = {case: (casefile.decode(body), version) for case, (version, body) in tx.load_cases(away).items()}
    touched: dict[str, tuple[CaseFile, int]] = {}
    for (item, native), taker in gone.items():
        for case in homes.get(item, []):
            held = files.get(case) or read.get(case)
            peer = held[0].peers.get(batch.system.name, {}).get(item) if held is not None else None
            if held is None or peer is None or case == taker or peer.gone or peer.released or peer.native != native:
                continue
            peer.gone = True
            touched[case] = held
    return touched
