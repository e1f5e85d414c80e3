"""What became of sendings whose answer was lost, found out before their system is read again.

Otherwise a record that we made there would come back as one that somebody else made, and be told to everybody twice.
"""

from gateway.core import casefile
from gateway.core.casefile import CaseFile, Peer
from gateway.run.border import asked
from gateway.run.claiming import carries_nothing, claim, claimed
from gateway.run.earlier import Values, carried, settle
from gateway.run.outlet import send_again
from gateway.run.settings import System
from gateway.run.tally import Tally
from gateway.run.world import World
from gateway.sdk import Adapter, Raw
from gateway.store import Sending, Stale, StoreError

Found = dict[str, Raw | None]
"""By key what the system has of it; ``None``: the sending never arrived."""


def find_out(world: World, system: System, tally: Tally) -> None:
    """Ask the system for what it has, or send again under the same keys where it honours them.

    A system that can do neither leaves the outcome uncertain, for a person. Raises ``AdapterError``.
    """
    adapter = world.adapters[system.name]
    able = adapter.capabilities
    if not able.writes:
        return
    again = able.idempotency_key and (able.documents or not able.read_back)
    if again or not able.read_back:
        claim(world, system)
    unfinished = world.store.vault.unfinished(system.name)
    taken_back = {one.case for one in unfinished if carries_nothing(one)}
    if taken_back and not again:
        # What we deleted there would come back as a deletion by somebody there.
        send_again(world, system, taken_back, tally)
        unfinished = [one for one in world.store.vault.unfinished(system.name) if not carries_nothing(one)]
    if not unfinished or not (again or able.read_back):
        return
    if again:
        send_again(world, system, {one.case for one in unfinished}, tally)
        return
    _write_down(world, system, unfinished, _asked(adapter, unfinished))
    world.step("found out")


def _asked(adapter: Adapter, unfinished: list[Sending]) -> Found:
    found: Found = {}
    for one in unfinished:
        page = asked(adapter.read_back, one.key)
        found[one.key] = page.records[0] if page.records else None
    return found


def _write_down(world: World, system: System, unfinished: list[Sending], found: Found) -> None:
    """What arrived is known by the system's own id from now on, and is due again, since its content is not known."""
    cases = list(dict.fromkeys(one.case for one in unfinished))
    while True:
        try:
            with world.store.write() as tx:
                files = {
                    case: (version, casefile.decode(body)) for case, (version, body) in tx.load_cases(cases).items()
                }
                links = [
                    link
                    for one in unfinished
                    if one.case in files and (raw := found[one.key]) is not None
                    for link in _attach(files[one.case][1], one, raw, carried(world, tx, files[one.case][1], one))
                ]
                arrived = [one for one in unfinished if one.case in files and found[one.key] is not None]
                told = [row for one in arrived for row in claimed(files[one.case][1], one)]
                tx.save_cases([(case, version, casefile.encode(file)) for case, (version, file) in files.items()])
                tx.put_links(system.name, links)
                tx.add_disclosures(told)
                tx.mark_due([(system.name, case) for case in files], at=world.clock())
            break
        except StoreError as error:
            if not isinstance(error, Stale) and error.code != "store.erased":
                raise
    world.store.vault.end_sending([(key, "failed" if raw is None else "accepted") for key, raw in found.items()])


def _attach(
    file: CaseFile, one: Sending, raw: Raw, before: Values | None
) -> list[tuple[str, str, str, str, bytes]]:  # fmt: skip
    """Know the record by the system's id, and what it held when it was made: what it holds else is an edit there."""
    entry = file.items.get(one.item)
    if entry is None:
        return []
    peer = file.peers.setdefault(one.system, {}).setdefault(one.item, Peer())
    if peer.native is not None and not peer.gone:
        return []
    peer.native, peer.version, peer.gone = raw.id, raw.version, False
    peer.before = peer.modified = None
    peer.agreed, peer.behind = [], {}  # whatever was known was of another record
    peer.count += 1
    settle(peer, entry.fields, (before or {}).get(one.item, {}))
    return [(entry.kind, raw.id, "" if entry.kind == "person" else file.id, one.item, b"")]
