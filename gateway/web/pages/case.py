"""A case: the relay as a picture, who coordinates, the family, and the log."""

import msgspec

from gateway.core.casefile import CaseFile
from gateway.core.paper import Part, Wording, capital, parts_of
from gateway.run import viewing
from gateway.run.looks import looked
from gateway.run.viewing import View
from gateway.web.timeline import timeline
from gateway.web.visit import Answer, Page, Visit, absent

FAMILY = frozenset({"person", "relation"})
_NAME = ("given_name", "family_name")


def opened(visit: Visit, what: str) -> CaseFile:
    """The case's file, where the person has to do with it; that they looked is written down before they see it."""
    world = visit.site.world
    with world.store.read() as tx:
        file = viewing.load(tx, visit.given["case"])
    if file is None:
        raise absent()
    if not viewing.concerns(world, file, visit.person):
        viewing.kept_out(world, file.id, by=visit.person.name, what=what)
        raise absent()
    looked(world, [file.id], by=visit.person.name, what=what)
    return file


def show(visit: Visit) -> Answer:
    """The case: time line, who coordinates, family, log."""
    from gateway.web.pages.baton import told  # noqa: PLC0415 - the baton's page builds on this one

    world = visit.site.world
    file = opened(visit, "case")
    seen = viewing.view(world, file, visit.person)
    wording = visit.site.wording(visit.language)
    parts = [_called(part, seen, wording) for part in parts_of(seen.rows, wording=wording)]
    facts = {
        "case": file.id,
        "top": seen.row(file.id),
        "child": viewing.child(seen),
        "timeline": timeline(seen.rows, wording=wording, now=visit.site.now()),
        "relay": told(visit, seen),
        "family": [part for part in parts if part.kind in FAMILY],
        "parts": [part for part in parts if part.kind not in FAMILY],
        "units": {row.id: row.unit for row in seen.rows},
        "own": {row.id for row in seen.rows if row.own},
    }
    return Page(template="case.html", facts=facts, title="title.case")


def _called(part: Part, seen: View, wording: Wording) -> Part:
    """A person under their name, as far as its reader sees one, or else their role; what that says is not said again.

    It is made of what the reader sees alone, so a name that is hidden and one that is not there look the same.
    """
    row = seen.row(part.id) if part.kind == "person" else None
    if row is None:
        return part
    name, role = viewing.named(row), row.fields.get("role")
    title = name or (wording.code("person", "role", role) if isinstance(role, str) else None)
    if not title:
        return part
    said = {capital(wording.field("person", one)) for one in (_NAME if name else ("role",))}
    return msgspec.structs.replace(part, title=title, rows=tuple(one for one in part.rows if one[0] not in said))
