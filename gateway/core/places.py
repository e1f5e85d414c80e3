"""Where a child has its place: what a record leaves out that tells of all of them, and what a change of it asks for."""

from collections.abc import Iterable, Iterator, Mapping

from gateway.core.casefile import CaseFile
from gateway.core.reading import Reading


def left_out_places(
    file: CaseFile, system: str, main: Reading, persons: Mapping[str, str], told: Iterable[Reading]
) -> Iterator[Reading]:
    """For each place of a child that a system told once and leaves out now, that it has ended.

    ``main`` tells of the child, and ends nothing unless its record is whole (``Reading.whole``); ``persons`` are ours
    by the system's id, ``told`` the readings of the record. What has ended stays known: that a child began at another
    school can be told only from the one before.
    """
    if not main.whole:
        return
    child = persons.get(main.id)
    named = {one.id for one in told if one.kind == "enrolment"}
    for item, peer in file.peers.get(system, {}).items():
        entry = file.items.get(item)
        if entry is None or entry.kind != "enrolment" or entry.deleted or peer.gone or peer.native in {None, *named}:
            continue
        its = child is not None and (entry.fields.get("person") == child or child in entry.about)
        if its and entry.fields.get("status") != "ended":
            yield Reading(kind="enrolment", id=peer.native or "", fields={"status": "ended"})
