"""Where a child has its place: what a record leaves out that tells of all of them, and what a change of it asks for."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

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


class Transition(Struct, frozen=True, kw_only=True):
    """A change of a child's place that a person must see to; ``item`` is the enrolment by which it shows.

    ``school_start``: from a kindergarten to a school. ``new_place``: to another institution. ``no_place``: no place is
    left. ``contact_teacher``: the contact teacher who holds the baton leads the child's group no more.
    """

    what: Literal["school_start", "new_place", "no_place", "contact_teacher"]
    item: str


Change = tuple[str, str, Any, Any, str | None]
"""An entry of a case's history: item, field, old, new, since when; ``+`` for a new item, ``*`` for a deletion."""


def transitions(file: CaseFile, history: Iterable[Change]) -> list[Transition]:
    """What these changes of a case's places ask of a person.

    A first place is no transition, nor is another group, a class that moves up, or a place told once more.
    """
    story = list(history)
    if not any(file.items[item].kind == "enrolment" for item, *_ in story if item in file.items):
        return []
    case = file.case()
    child = case.fields.get("subject") if case is not None else None
    now = {key: entry.fields for key, entry in file.items.items() if entry.kind == "enrolment" and not entry.deleted}
    before = _before(file, story)
    found = [*_places(file, child, before, now), *_leaders(file, child, before, now)]
    return list({one.what: one for one in reversed(found)}.values())


def _before(file: CaseFile, story: list[Change]) -> dict[str, Mapping[str, Any]]:
    """The enrolments as they were before the changes."""
    was: dict[str, dict[str, Any]] = {
        key: dict(entry.fields) for key, entry in file.items.items() if entry.kind == "enrolment"
    }
    made = set()
    for item, name, old, _, _ in reversed(story):
        if item not in was:
            continue
        if name == "+":
            made.add(item)
        elif name.isidentifier():
            was[item][name] = old
    return {key: fields for key, fields in was.items() if key not in made}


def _places(
    file: CaseFile, child: Any, before: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]
) -> Iterator[Transition]:
    mine = {key: fields for key, fields in before.items() if _is_place(fields, child)}
    known = {fields.get("unit") for fields in mine.values()}
    living = {key: fields for key, fields in now.items() if _is_place(fields, child) and _lives(fields)}
    for key, fields in living.items():
        if known and fields.get("unit") not in known:
            services = {str(file.items[one].origin.service) for one in mine}
            starts = services == {"kindergarten"} and str(file.items[key].origin.service) == "school"
            yield Transition(what="school_start" if starts else "new_place", item=key)
            return
    lost = [key for key, fields in mine.items() if _lives(fields)]
    if lost and not living:
        yield Transition(what="no_place", item=lost[0])


def _leaders(
    file: CaseFile, child: Any, before: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]
) -> Iterator[Transition]:
    holders = _holders(file)
    if not holders:
        return
    led = {key: _name(file, fields) for key, fields in before.items() if _leads(file, key, fields, child)}
    lead = {_name(file, fields) for key, fields in now.items() if _leads(file, key, fields, child)}
    for key, name in led.items():
        if name in holders and name not in lead:
            yield Transition(what="contact_teacher", item=key)


def _is_place(fields: Mapping[str, Any], child: Any) -> bool:
    return child is not None and fields.get("person") == child and fields.get("role", "pupil") == "pupil"


def _lives(fields: Mapping[str, Any]) -> bool:
    return fields.get("status") != "ended"


def _leads(file: CaseFile, key: str, fields: Mapping[str, Any], child: Any) -> bool:
    return fields.get("role") == "contact_teacher" and _lives(fields) and child in file.items[key].about


def _holders(file: CaseFile) -> set[str]:
    """The names of those who hold the baton, in the order in which they are said."""
    return {
        name
        for _, entry in file.of_kind("assignment")
        if entry.fields.get("role") == "relay_holder" and entry.fields.get("state") in {"accepted", "claimed", None}
        if (name := entry.fields.get("holder_name") or _name(file, {"person": entry.fields.get("holder")}))
    }


def _name(file: CaseFile, fields: Mapping[str, Any]) -> str:
    person = file.items.get(str(fields.get("person")))
    told = person.fields if person is not None else {}
    return " ".join(str(told[name]) for name in ("given_name", "family_name") if told.get(name))
