"""Systems that nothing can be sent to: what they must give up is on record all the same.

Where the adapter is broken, the order stands as asked from the day it should have been, so a person hears of it when
nobody mends the adapter in time; once it is mended, the lane's own order replaces it. Where the settings do not name
the system any more, it still holds what it got: a person is asked at once to have it taken back there.
"""

from collections.abc import Iterator

import msgspec

from gateway.core import casefile
from gateway.core.model import KINDS
from gateway.core.outgo import plan
from gateway.core.retraction import ANSWER_WITHIN
from gateway.core.sendings import Receiver, Sending
from gateway.run.explaining import facts_of
from gateway.run.ordering import renew_states
from gateway.run.settings import System
from gateway.run.settings_then import removed
from gateway.run.world import World
from gateway.store import Order

REMOVED = "system.removed"

CASES = 300
"""Cases looked at in one transaction."""


def note_stranded(world: World) -> None:
    """Put down an order for everything that a system without a working adapter must give up by now."""
    for name, code in world.broken.items():
        system = world.settings.systems.get(name)
        if system is None:
            continue
        with world.store.read() as tx:
            cases = list(dict.fromkeys(one.case for one in tx.disclosures(system=name)))
        for at in range(0, len(cases), CASES):
            _note(world, system, cases[at : at + CASES], code)
    _note_removed(world)


def _note_removed(world: World) -> None:
    with world.store.read() as tx:
        got = set(tx.receivers()) - set(world.settings.systems)
    if not got:
        return
    for name, (then, system) in removed(world).items():
        if name not in got:
            continue
        with world.store.read() as tx:
            cases = list(dict.fromkeys(one.case for one in tx.disclosures(system=name)))
        for at in range(0, len(cases), CASES):
            _note(then, system, cases[at : at + CASES], REMOVED)


def _note(world: World, system: System, cases: list[str], code: str) -> None:
    now = world.clock()
    by_hand = code == REMOVED
    with world.store.write() as tx:
        orders = [
            Order(
                key=_key(world, sending),
                case=case,
                item=sending.release.id,
                system=system.name,
                fields=sending.release.retracts,
                whole=sending.release.retract_all,
                cause=sending.cause,
                state="by_hand" if by_hand else "asked",
                asked_at=now,
                deadline=now if by_hand else now + ANSWER_WITHIN,
                code=code,
            )
            for case, (_, body) in tx.load_cases(cases).items()
            for sending in _lost(world, system, casefile.decode(body))
        ]
        known = {one.key for one in tx.orders(cases=list(cases), system=system.name)} if by_hand else set()
        orders = [one for one in orders if one.key not in known]  # asked once; its answer is a person's
        tx.add_orders(orders)
        renew_states(tx, [one.case for one in orders], system=system.name, at=now)


def _lost(world: World, system: System, file: casefile.CaseFile) -> Iterator[Sending]:
    receiver = Receiver(
        system=system.name,
        party=world.party(system),
        purpose=system.purpose,
        writes=frozenset(KINDS),
        live=lambda _: False,
    )
    facts = facts_of(world, file, world.clock())
    yield from plan(file=file, facts=facts, receiver=receiver, parties=world.parties(), rules=world.rules).retractions


def _key(world: World, sending: Sending) -> str:
    release = sending.release
    told = [world.settings.tenant, "stranded", release.system, release.case, release.id, sorted(release.retracts)]
    return world.store.keys.digest(msgspec.msgpack.encode(told)).hex()
