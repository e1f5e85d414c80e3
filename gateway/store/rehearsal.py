"""A store in which everything seems to be kept and nothing is: what ``bti plan`` works on."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.store.store import Store
from gateway.store.tx import Tx
from gateway.store.vault import Restriction, Vault


class _Undo(Exception):
    """Leaves the transaction, so that nothing of it stays."""


class _VaultInMemory(Vault):
    """Reads the real vault; what is new is held in memory and forgotten."""

    def __init__(self, real: Vault) -> None:
        super().__init__(database=real.database, seal=real.seal, clock=real.clock)
        self._new_keys: dict[str, AESGCM] = {}
        self._new: list[Restriction] = []

    def case_keys(self, cases: Iterable[str], *, create: bool = False) -> dict[str, AESGCM]:
        wanted = list(dict.fromkeys(cases))
        found = super().case_keys(wanted)
        for case in wanted:
            if case not in found and case not in self._new_keys and create:
                self._new_keys[case] = AESGCM(self.seal.chance(32))
            if case not in found and case in self._new_keys:
                found[case] = self._new_keys[case]
        return found

    def restrict(self, restrictions: Sequence[Restriction]) -> list[str]:
        self._new.extend(restrictions)
        return [""] * len(restrictions)

    def restrictions(
        self, *, cases: Iterable[str] = (), people: Iterable[str] = (), at: datetime | None = None
    ) -> list[Restriction]:
        held, whom = list(cases), list(people)
        fresh = [one for one in self._new if (one.case in held or one.person in whom) and (at is None or one.at <= at)]
        return [*super().restrictions(cases=held, people=whom, at=at), *fresh]


class Rehearsal(Store):
    """A ``Store`` whose transactions are all one, which is undone at the end."""

    def __init__(self, real: Store, tx: Tx, vault: Vault) -> None:
        self.main = real.main
        self.keys, self.tenant, self.clock, self.chance = real.keys, real.tenant, real.clock, real.chance
        self.checkpoints, self.seal, self.behind = real.checkpoints, real.seal, real.behind
        self.vault = vault
        self._tx = tx

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """The one transaction."""
        yield self._tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """The one transaction, with all that was written so far."""
        yield self._tx

    def lane(self, system: str, wait: float = 0.0) -> AbstractContextManager[None]:
        """Nobody else sees it, so there is nothing to wait for."""
        return nullcontext()


@contextmanager
def rehearse(store: Store) -> Iterator[Rehearsal]:
    """A store to try things on. Others cannot write meanwhile; when the block ends, nothing has happened."""
    vault = _VaultInMemory(store.vault)
    try:
        with store.main.write() as connection:
            tx = Tx(connection=connection, seal=store.seal, vault=vault, now=store.clock())
            yield Rehearsal(store, tx, vault)
            _undo()
    except _Undo:
        return


def _undo() -> None:
    raise _Undo
