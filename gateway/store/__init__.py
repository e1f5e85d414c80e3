"""The store: one schema on SQLite and PostgreSQL, encrypted, with the audit log written beside what it records.

``open_store`` gives a ``Store``; ``with store.write() as tx`` a transaction. What must not come back with an old backup
(keys, erasures, restrictions, what was sent) stands in ``store.vault``.
"""

from gateway.store.cases import Recorded
from gateway.store.departures import Sending
from gateway.store.due import Due, Waiting
from gateway.store.errors import Busy, Stale, StoreError
from gateway.store.events import Event, Telling, Untold
from gateway.store.flows import Disclosure, Flow
from gateway.store.inbox import Line, Place
from gateway.store.keys import Keys
from gateway.store.lanes import Held, Lane
from gateway.store.links import CaseLink, Known, Link
from gateway.store.looks import Look
from gateway.store.notices import Wanted
from gateway.store.orders import Order
from gateway.store.store import Store, open_store
from gateway.store.tasks import Running, Task
from gateway.store.tx import Tx
from gateway.store.vault import Checkpoint, Erasure, Restriction, Vault

__all__ = [
    "Busy", "CaseLink", "Checkpoint", "Disclosure", "Due", "Erasure", "Event", "Flow", "Held", "Keys", "Known",
    "Lane", "Line", "Link", "Look", "Order", "Place", "Recorded", "Restriction", "Running", "Sending", "Stale", "Store",
    "StoreError", "Task", "Telling", "Tx", "Untold", "Vault", "Waiting", "Wanted", "open_store",
]  # fmt: skip
