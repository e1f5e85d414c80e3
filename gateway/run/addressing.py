"""To whom a release goes, where that is another for each child: asked of the register when it is sent, never before.

Nobody's word but a register's says who a child's doctor is: what a system tells of it is read by people, and a letter
is not sent by it. Where the register knows of nobody, where there is no register or where two differ, a person is
asked, and nothing is sent.
"""

from msgspec.structs import replace

from gateway.core.casefile import CaseFile
from gateway.core.sendings import Sending
from gateway.run.batch import Batch, Job
from gateway.run.world import World
from gateway.sdk import AdapterError, Address, Receipt, Refused, Uncertain

UNKNOWN, SEVERAL, NO_REGISTER = "address.unknown", "address.several", "address.no_register"


def address(batch: Batch) -> None:
    """Put an address to what is about to leave. What has none gets its receipt, or the error that it met, here."""
    whose = batch.adapter.capabilities.addressed
    if whose is None:
        return
    known: dict[str, Address | AdapterError] = {}
    for job in batch.jobs:
        if job.retract or job.receipt is not None:
            continue
        if job.case not in known:
            known[job.case] = _found(batch.world, batch.decided[job.case].file, whose)
        told = known[job.case]
        if isinstance(told, Refused):
            job.receipt = Receipt(key=job.key, state="refused", code=told.code, path="$.to")
        elif isinstance(told, AdapterError):
            job.error = told
        else:
            job.sending = _to(job, told)


def _to(job: Job, address: Address) -> Sending:
    return replace(job.sending, release=replace(job.sending.release, to=address))


def _found(world: World, file: CaseFile, whose: str) -> Address | AdapterError:
    """Where the child's doctor is reached, by every register's word. No answer is kept."""
    number = _number(file)
    if number is None:
        return Refused(UNKNOWN)
    told: list[Address | None] = []
    for name in sorted(world.adapters):
        adapter = world.adapters[name]
        if whose not in adapter.capabilities.addresses:
            continue
        try:
            told.append(adapter.address(number, whose))
        except Uncertain as error:  # a question has no effect
            return Refused(error.code)
        except AdapterError as error:
            return error
        except Exception:  # noqa: BLE001 - the boundary to plugins; the text may hold a value
            return Refused("adapter.address_failed")
    if not told:
        return Refused(NO_REGISTER)
    if any(one != told[0] for one in told):
        return Refused(SEVERAL)
    return told[0] or Refused(UNKNOWN)


def _number(file: CaseFile) -> str | None:
    case = file.case()
    child = file.items.get(str(case.fields.get("subject"))) if case is not None else None
    found = child.fields.get("number") if child is not None else None
    return found if isinstance(found, str) else None
