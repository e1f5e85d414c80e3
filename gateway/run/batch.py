"""One batch on its way to one system: what was decided, what was sent, and what came of it."""

from datetime import datetime

from msgspec import Struct, field

from gateway.core.casefile import CaseFile
from gateway.core.sendings import Plan, Sending
from gateway.run.settings import System
from gateway.run.tally import Tally
from gateway.run.world import World
from gateway.sdk import Adapter, AdapterError, Receipt
from gateway.store import Due
from gateway.store import Sending as Vaulted


class Job(Struct, kw_only=True):
    """One sending, with its key, the fingerprint of its content, and its receipt or the error that it met."""

    case: str
    sending: Sending
    key: str
    content: bytes
    retract: bool = False
    again: bool = False
    """It was begun before, and how that ended is not known."""
    before: Vaulted | None = None
    """What is written down of the time before."""
    kept: frozenset[str] = frozenset()
    """Of what is to be taken back, fields of a person's one record there that another case still gives."""
    receipt: Receipt | None = None
    error: AdapterError | None = None


class Decided(Struct, frozen=True):
    """A case as it was when the gate decided: its file, the version of it, and the plan."""

    file: CaseFile
    version: int
    plan: Plan


class Batch(Struct, kw_only=True):
    """Some cases' sendings to one system."""

    world: World
    system: System
    adapter: Adapter
    marks: list[Due]
    decided: dict[str, Decided]
    decided_at: datetime
    tally: Tally
    jobs: list[Job] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    """Keys whose outcome nobody knew, and which nothing depends on any more: what they carried is no longer due."""
    stale: set[str] = field(default_factory=set)
    """Cases whose decision grew old before its turn came: nothing was sent, and they stay due."""
    waits: dict[str, str] = field(default_factory=dict)
    """Cases that must be looked at again later, with the code that says why."""

    def down(self) -> AdapterError | None:
        """The error that says that the system cannot be reached, if any sending met one."""
        return next((job.error for job in self.jobs if job.error is not None), None)
