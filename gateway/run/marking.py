"""Marking cases as due, a thousand to a transaction."""

from collections.abc import Iterable

from gateway.run.world import World


def mark_everything(world: World, systems: Iterable[str]) -> None:
    """Mark every case as due for some systems, a thousand to a transaction."""
    wanted, after = list(systems), ""
    while True:
        with world.store.write() as tx:
            cases = tx.case_ids(after=after)
            tx.mark_due([(system, case) for case in cases for system in wanted], at=world.clock())
        if not cases:
            return
        after = cases[-1]
