"""What may have left when the process died: it counts as told from then on.

A key is written down before its sending leaves, and what came of it afterwards. Between the two the process can die.
The receiver may then hold what nobody has on record, so a withdrawal would not take it back and the family would not
hear of it. Hence what was begun and never ended is claimed before anything else is decided: it stands among what the
receiver got, with the names of the fields that were on their way.
"""

from datetime import datetime

import msgspec

from gateway.core import casefile
from gateway.core.casefile import CaseFile, Peer
from gateway.run.batch import Job
from gateway.run.settings import System
from gateway.run.world import World
from gateway.store import Sending, Stale, StoreError

DIGEST = 16
"""Bytes of the content's fingerprint; the names of the fields by item come after it."""

Disclosed = tuple[str, str, str, datetime, tuple[str, ...], tuple[str, ...], str | None, str]


def noted(job: Job) -> bytes:
    """What is written down with a key before it leaves: the content's fingerprint and the names of the fields.

    The names stand in the order in which the fingerprint was taken, so that it can be taken again (``earlier``).
    """
    return job.content + msgspec.msgpack.encode({item: list(values) for item, values in job.sending.values.items()})


def noted_again(job: Job, before: Sending) -> bytes | None:
    """As ``noted``, for one that may have left before with other content: all that it may have carried.

    Of content that could be either there is no fingerprint. ``None`` where the content is the same.
    """
    if before.content[:DIGEST] == job.content:
        return None
    names = names_of(before)
    for item, values in job.sending.values.items():
        names[item] = list(dict.fromkeys([*names.get(item, ()), *values]))
    return bytes(DIGEST) + msgspec.msgpack.encode(names)


def claim(world: World, system: System) -> None:
    """Put down what was begun for a system and never ended, as what it may hold."""
    begun = [one for one in world.store.vault.unfinished(system.name) if one.state == "begun"]
    if not begun:
        return
    cases = list(dict.fromkeys(one.case for one in begun))
    while True:
        try:
            with world.store.write() as tx:
                found = tx.load_cases(cases)
                files = {case: (version, casefile.decode(body)) for case, (version, body) in found.items()}
                told = [row for one in begun if one.case in files for row in claimed(files[one.case][1], one)]
                changed = {row[0] for row in told}
                tx.save_cases(
                    [
                        (case, version, casefile.encode(file))
                        for case, (version, file) in files.items()
                        if case in changed
                    ]
                )
                tx.add_disclosures(told)
                tx.mark_due([(system.name, case) for case in files], at=world.clock())
            break
        except StoreError as error:
            if not isinstance(error, Stale) and error.code != "store.erased":
                raise
    world.store.vault.end_sending((one.key, "uncertain") for one in begun)
    world.step("claimed")


def claimed(file: CaseFile, one: Sending) -> list[Disclosed]:
    """Add what one sending carried to what its receiver got; the disclosures that this makes."""
    told: list[Disclosed] = []
    for item, names in names_of(one).items():
        if item not in file.items:
            continue
        peer = file.peers.setdefault(one.system, {}).setdefault(item, Peer())
        peer.released.extend(name for name in names if name not in peer.released)
        told.append(
            (file.id, item, one.system, one.since, tuple(sorted(names)), ("delivery.uncertain",), None, one.key)
        )
    return told


def carries_nothing(one: Sending) -> bool:
    """Whether a sending takes back, and so holds no value."""
    return len(one.content) > DIGEST and not names_of(one)


def names_of(one: Sending) -> dict[str, list[str]]:
    """The names of the fields by item that were on their way; empty for a sending that takes back."""
    names: dict[str, list[str]] = msgspec.msgpack.decode(one.content[DIGEST:]) if len(one.content) > DIGEST else {}
    return {item: each for item, each in names.items() if each}
