"""What a system took in, and its receiver then said no to: what it was believed to hold it does not hold.

An application receipt can come days after the delivery was accepted. A person is asked at once, with the receiver's
code, and may have it sent again when what was wrong has been put right; nothing goes a second time by itself. What was
carried counts as told all the same: somebody may have read it before it was rejected.
"""

from collections.abc import Iterable, Mapping

import msgspec

from gateway.core import casefile
from gateway.core.casefile import CaseFile, Peer
from gateway.run.claiming import names_of
from gateway.run.settings import System
from gateway.run.world import World
from gateway.sdk import Receipt
from gateway.store import Sending, Stale, StoreError, Task


def turned_down(world: World, system: System, refused: Iterable[tuple[Sending, Receipt]]) -> int:
    """Note it in the cases and ask a person about each; how many tasks were made."""
    wanted = list(refused)
    if not wanted:
        return 0
    cases = list(dict.fromkeys(one.case for one, _ in wanted))
    while True:
        try:
            with world.store.write() as tx:
                files = {
                    case: (version, casefile.decode(body)) for case, (version, body) in tx.load_cases(cases).items()
                }
                for one, _ in wanted:
                    if one.case in files:
                        _not_held(files[one.case][1], one)
                tx.save_cases([(case, version, casefile.encode(file)) for case, (version, file) in files.items()])
                made = len(tx.add_tasks([_task(world, system, one, told, files) for one, told in wanted]))
                told = [[one.key, receipt.code] for one, receipt in wanted]
                tx.audit([{"act": "turned_down", "system": system.name, "entries": told}])
            break
        except StoreError as error:
            if not isinstance(error, Stale) and error.code != "store.erased":
                raise
    world.step("turned down")
    world.store.vault.end_sending([(one.key, "refused") for one, _ in wanted])
    return made


def _not_held(file: CaseFile, one: Sending) -> None:
    """What the sending carried is not there; a record that it was to make does not exist there either."""
    for item, names in names_of(one).items():
        peer = file.peers.get(one.system, {}).get(item)
        if peer is None:
            continue
        peer.agreed = [name for name in peer.agreed if name not in names]
        peer.refused.extend(name for name in names if name not in peer.refused)
        if peer.count <= 1:
            peer.native = peer.version = None


def _task(
    world: World, system: System, one: Sending, receipt: Receipt, files: Mapping[str, tuple[int, CaseFile]]
) -> Task:
    names = names_of(one)
    entry = files[one.case][1].items.get(one.item) if one.case in files else None
    body = {
        "key": one.key,
        "kind": entry.kind if entry is not None else None,
        "fields": sorted({name for each in names.values() for name in each}),
        "items": sorted(names),
        "whole": False,
        "code": receipt.code,
        "path": receipt.path,
    }
    return Task(
        kind="refused",
        dedupe=f"refused/{one.case}/{one.item}/{system.name}/{one.key}",
        at=world.clock(),
        case=one.case,
        item=one.item,
        system=system.name,
        unit=(entry.origin.unit if entry is not None else None) or system.unit,
        body=msgspec.json.encode(body),
    )


def offered_again(file: CaseFile, task: Task) -> None:
    """A person has put right what a system refused: all that the refused delivery carried is offered to it anew."""
    items = msgspec.json.decode(task.body).get("items", ()) if task.body else ()
    for item in dict.fromkeys([task.item or "", *items]):
        if item:
            file.peers.setdefault(task.system or "", {}).setdefault(item, Peer()).refused = []
