"""The store of one tenant: a main database and a vault, opened together."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from gateway.store.database import Database
from gateway.store.errors import StoreError
from gateway.store.keys import Keys
from gateway.store.lock import hold
from gateway.store.seal import Seal
from gateway.store.tx import Tx
from gateway.store.vault import Vault


class Store:
    """``write`` and ``read`` give transactions; ``vault`` holds what must not come back with an old backup.

    ``checkpoints`` is the file to which every signed checkpoint of the audit log is also appended.
    """

    def __init__(
        self, *, main: Database, vault: Database, keys: Keys, tenant: str, clock: Callable[[], datetime],
        chance: Callable[[int], bytes], checkpoints: Path | None,
    ) -> None:  # fmt: skip
        self.main = main
        self.keys = keys
        self.tenant = tenant
        self.clock = clock
        self.chance = chance
        self.checkpoints = checkpoints
        self.seal = Seal(tenant=tenant, keys=keys, chance=chance)
        self.vault = Vault(database=vault, seal=self.seal, clock=clock)
        self.behind = False
        """Whether the audit log is not the one that the newest checkpoint signed: the database was put back."""

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction: all of it is kept, durably, when the block ends well; nothing when it raises."""
        with self.main.write() as connection:
            tx = Tx(connection=connection, seal=self.seal, vault=self.vault, now=self.clock())
            yield tx
            tx.write_log()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A snapshot; writers go on meanwhile. What would write raises ``store.readonly``."""
        with self.main.read() as connection:
            yield Tx(connection=connection, seal=self.seal, vault=self.vault, now=self.clock())

    def lane(self, system: str, wait: float = 0.0) -> AbstractContextManager[None]:
        """Hold a system's lane while the block runs, across processes. Raises ``Busy`` after ``wait`` seconds."""
        return hold(self.main, self.tenant, system, wait)

    def erase(self, case: str, *, by: str, at: datetime) -> None:
        """Destroy our copy of a case: its key first, which is the deed, then its rows, its numbers, its marks.

        A crash in between leaves the rows unreadable; the next opening removes them.
        """
        self.vault.erase(case, by=by, at=at)
        self.apply_erasures()
        with self.write() as tx:
            tx.forget_cases([case])  # once more: another worker may have marked or linked it since an earlier erasure

    def apply_erasures(self) -> int:
        """Remove rows of erased cases that this database still has, as after a restore; how many were new to it."""
        with self.read() as tx:
            after = int(tx.remembered("erased") or 0)
        erasures = self.vault.erased(after=after)
        if erasures:
            with self.write() as tx:
                tx.forget_cases([erasure.case for erasure in erasures])
                tx.remember("erased", str(erasures[-1].seq))
        return len(erasures)

    def rotate(self) -> int:
        """Bring everything under the keys' newest master version; how many case keys were wrapped anew.

        Interrupted at any point, all stays readable while the key file has both versions, and the next call goes on.
        When it has ended, ``Keys.retired`` may drop the older versions.
        """
        count = self.vault.rewrap()
        self.vault.reseal()
        with self.write() as tx:
            tx.reseal()
        self.vault.database.scrub("case_keys")
        return count

    def close(self) -> None:
        """Let go of both databases."""
        self.main.close()
        self.vault.database.close()


def open_store(
    *, url: str, vault_url: str, keys: Keys, tenant: str, clock: Callable[[], datetime], chance: Callable[[int], bytes],
    checkpoints: Path | str | None = None, wait: float = 10.0,
) -> Store:  # fmt: skip
    """Open, or make, the store of a tenant.

    ``clock`` gives an aware time, ``chance(n)`` n random bytes. ``wait`` is how long a call waits for another's lock,
    in seconds. Raises ``StoreError``: ``store.newer`` (made by a newer program), ``store.unsafe`` (would not keep what
    it acknowledges), ``store.tenant``, ``store.key`` (made with other keys), ``store.vault`` (the vault belongs to
    another database or is older than this one), and the database's own.
    """
    main = Database(url, "main", wait=wait)
    try:
        vault = Database(vault_url, "vault", wait=wait)
    except BaseException:
        main.close()
        raise
    if checkpoints is None and vault.path is not None:
        checkpoints = vault.path.with_name(vault.path.name + ".checkpoints")
    store = Store(
        main=main, vault=vault, keys=keys, tenant=tenant, clock=clock, chance=chance,
        checkpoints=None if checkpoints is None else Path(checkpoints),
    )  # fmt: skip
    try:
        _recognise(store)
        store.apply_erasures()
        store.behind = _is_behind(store)
    except BaseException:
        store.close()
        raise
    return store


def _recognise(store: Store) -> None:
    """Check that database, vault, keys and tenant belong together, or introduce them to each other."""
    marks = {"tenant": store.tenant, "keys": store.keys.index("store", "identity").hex()}
    vault_id = store.vault.remembered("id")
    if vault_id is None:
        vault_id = store.chance(16).hex()
        for name, value in marks.items():
            store.vault.remember(name, value)
        store.vault.remember("id", vault_id)
    _compare(store.vault.remembered, marks)
    with store.read() as tx:
        known = tx.remembered("vault")
        if known is not None:
            _compare(tx.remembered, marks)
            newest = max(
                (erasure.seq for erasure in store.vault.erased(after=int(tx.remembered("erased") or 0) - 1)), default=0
            )
            if known != vault_id or newest < int(tx.remembered("erased") or 0):
                raise StoreError("store.vault")
    if known is None:
        with store.write() as tx:
            for name, value in {**marks, "vault": vault_id}.items():
                tx.remember(name, value)


def _is_behind(store: Store) -> bool:
    """Whether the newest checkpoint speaks of a log that is not here: shorter, or another from some leaf on."""
    standing = [one for one in store.vault.checkpoints() if one.superseded_by is None]
    if not standing:
        return False
    newest = max(standing, key=lambda one: one.size)
    with store.read() as tx:
        return tx.leaf_at(newest.size - 1) != newest.last_leaf


def _compare(remembered: Callable[[str], str | None], marks: dict[str, str]) -> None:
    for name, code in (("tenant", "store.tenant"), ("keys", "store.key")):
        if remembered(name) != marks[name]:
            raise StoreError(code)
