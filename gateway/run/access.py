"""``bti access``: the answer to somebody who asks who got what, as plain values and as a letter.

Whoever answers is a named person, and that they looked stands in the audit log before they see anything.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from gateway.core import casefile
from gateway.core.access import Handed, Role, Standing, gathered, kept_back, persons_of, standing
from gateway.core.casefile import CaseFile
from gateway.core.law import Basis, Obligation
from gateway.core.law.grounds import ACCESS, ALWAYS
from gateway.run.access_letter import Answered, letter
from gateway.run.acts import ActFault
from gateway.run.explaining import facts_of
from gateway.run.handed import UNCERTAIN, basis_of, handed_out
from gateway.run.languages import packs
from gateway.run.looks import Look, looked, looks_at
from gateway.run.world import World
from gateway.store import Task, Tx

MONTH = timedelta(days=30)
"""How long a person has to answer (``RIGHT_OF_ACCESS`` gives one month)."""

KIND = "access"
"""The kind of task that waits for somebody to look at a request."""


class _Found(Struct, kw_only=True):
    """What was found out about a request, over all cases that it reaches."""

    cases: list[str] = field(default_factory=list)
    roles: dict[str, Standing] = field(default_factory=dict)
    shown: list[Handed] = field(default_factory=list)
    left_out: list[tuple[Handed, str]] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)

    def ground(self) -> str | None:
        """Why a person must look first, if so."""
        return next((one.ground for one in self.roles.values() if one.role == "person"), None)


def person_of(world: World, number: str) -> str:
    """The id of the person with a number. Raises ``ActFault`` (``act.unknown_person``)."""
    with world.store.read() as tx:
        found = tx.find_people([number]).get(number)
    if found is None:
        raise ActFault("act.unknown_person", "person")
    return found


def access(
    world: World, about: str, *, by: str, asker: str | None = None, language: str = "nb", give: bool = False,
    refuse: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Answer ``asker`` (the person themselves, if not told) who wants to see what was handed out about ``about``.

    ``by`` is the named person who answers. With ``give`` that person has looked at a request that waited and gives
    what may be given; with ``refuse``, a code of the law of access, refuses it on that ground. Raises ``ActFault``
    (``act.unknown_person``, ``act.unknown_language``, ``act.unknown_ground``, ``act.access_protected``).
    """
    asker, now = asker or about, world.clock()
    known = packs(Path(world.settings.folder))
    if language not in known:
        raise ActFault("act.unknown_language", "language")
    if refuse is not None and all(one.code != refuse for one in ACCESS.bases):
        raise ActFault("act.unknown_ground", "refuse")
    with world.store.read() as tx:
        found = _find(world, tx, about, asker, give=give)
    looked(world, found.cases, by=by, what="access", about=about, asker=asker)
    waits = found.ground()
    if give and waits is not None:
        raise ActFault("act.access_protected", "give")
    answer = "no" if refuse is not None else "waits" if waits is not None else "report"
    _settle(world, about, asker, by=by, answer=answer, ground=refuse, found=found)
    answered = Answered(
        answer=answer,
        own=asker == about,
        at=now,
        deadline=now + MONTH,
        ground=refuse,
        lines=gathered(found.shown) if answer == "report" else [],
        looks=found.looks if answer == "report" else [],
    )
    told: dict[str, Any] = {"answer": answer, "about": about, "asker": asker, "at": now.isoformat(), "by": by}
    told |= {"language": language, "document": letter(world, answered, known[language])}
    told |= _plain(world, found, answered)
    return told


def review(world: World, about: str, *, by: str, asker: str | None = None) -> dict[str, Any]:
    """For a person who must decide: what an answer leaves out, each on its ground, and why a request waits.

    Raises ``ActFault`` (``act.unknown_person``).
    """
    with world.store.read() as tx:
        found = _find(world, tx, about, asker or about, give=True)
        asked = _find(world, tx, about, asker or about, give=False)
    looked(world, found.cases, by=by, what="access review", about=about, asker=asker or about)
    return {
        "about": about,
        "asker": asker or about,
        "roles": {case: {"role": one.role, "ground": one.ground} for case, one in asked.roles.items()},
        "left_out": [{**_handed(one), "ground": ground} for one, ground in found.left_out],
    }


def _find(world: World, tx: Tx, about: str, asker: str, *, give: bool) -> _Found:
    found = _Found()
    held = tx.cases_of({about, asker})
    for case, (_, body) in tx.load_cases(held.get(about, [])).items():
        file = casefile.decode(body)
        facts = facts_of(world, file, world.clock())
        if asker != about and (about != facts.child or case not in held.get(asker, [])):
            continue
        stands = standing(facts, asker, about, world.rules.law)
        if give and stands.ground != "ACCESS_PROTECTED" and stands.role == "person":
            stands = Standing(role="subject" if asker == about else "guardian")
        found.cases.append(case)
        found.roles[case] = stands
        if stands.role != "person":
            _collect(world, tx, file, about, asker, stands.role, found)
    if not found.cases:
        raise ActFault("act.unknown_person", "person")
    return found


def _collect(world: World, tx: Tx, file: CaseFile, about: str, asker: str, role: Role, found: _Found) -> None:  # noqa: PLR0917
    case = file.case()
    subject = case.fields.get("subject") if case is not None else None
    for one in handed_out(world, tx, cases=[file.id]):
        entry = file.items.get(one.item)
        if entry is None:
            continue
        system = world.settings.systems.get(one.system)
        handed = Handed(
            case=one.case,
            item=one.item,
            kind=entry.kind,
            system=one.system,
            service=world.settings.units[system.unit].service if system is not None else "other",
            at=one.at,
            fields=one.fields,
            basis=one.secrecy_basis,
            rules=one.rules,
            sure=UNCERTAIN not in one.rules,
            retracted=one.retract_state,
        )
        persons = persons_of(one.item, entry, subject)
        ground = kept_back(role, asker=asker, about=about, entry=entry, persons=persons, handed=handed)
        if ground is None:
            found.shown.append(handed)
        else:
            found.left_out.append((handed, ground))
    if role != "other":
        found.looks += [one for one in looks_at(tx, file.id) if not _of_child_welfare(world, one)]


def _of_child_welfare(world: World, look: Look) -> bool:
    """Whether a look would tell that child welfare has to do with the case; a look by nobody known counts as one."""
    person = world.settings.actor(look.by)
    if person is None:
        return True
    return person.unit is not None and world.settings.units[person.unit].service == "child_welfare"


def _settle(world: World, about: str, asker: str, *, by: str, answer: str, ground: str | None, found: _Found) -> None:
    """What waits becomes a task with a deadline, one for each who asks; an answer closes it."""
    now, key = world.clock(), f"{KIND}/{about}/{asker}"
    with world.store.write() as tx:
        if answer == "waits":
            told = {"about": about, "asker": asker, "ground": found.ground(), "answer_by": (now + MONTH).isoformat()}
            body = msgspec.json.encode(told)
            case = next(case for case, one in found.roles.items() if one.role == "person")
            tx.add_tasks([
                Task(kind=KIND, dedupe=key, at=now, case=case, role="privacy", deadline=now + MONTH, body=body)
            ])  # fmt: skip
        else:
            tx.resolve_same([key], by=by, outcome="given" if answer == "report" else "refused", at=now)
        entry = {"act": f"access.{answer}", "by": by, "about": about, "asker": asker, "at": now.isoformat()}
        tx.audit([entry | ({"ground": ground} if ground is not None else {})])


def _plain(world: World, found: _Found, answered: Answered) -> dict[str, Any]:
    if answered.answer == "waits":
        return {"deadline": answered.deadline.date().isoformat()}
    if answered.answer == "no":
        ground = next(one for one in ACCESS.bases if one.code == answered.ground)
        return {"ground": _section(ground)}
    return {
        "handed": [
            {**_handed(one), "law": _section(basis) if (basis := basis_of(world, one.basis)) is not None else None}
            for one in sorted(found.shown, key=lambda each: each.at)
        ],
        "looks": [{"at": one.at.isoformat(), "what": one.what, **_who(world, one)} for one in found.looks],
        "exceptions": [_section(one) for one in ACCESS.bases if one.code in ALWAYS],
    }


def _handed(one: Handed) -> dict[str, Any]:
    return {
        "case": one.case, "item": one.item, "kind": one.kind, "system": one.system, "service": one.service,
        "at": one.at.isoformat(), "fields": list(one.fields), "basis": one.basis, "sure": one.sure,
        "retracted": one.retracted,
    }  # fmt: skip


def _section(basis: Basis | Obligation) -> dict[str, Any]:
    verified = basis.last_verified.isoformat() if basis.last_verified is not None else None
    return {"code": basis.code, "act": basis.act, "section": basis.section, "last_verified": verified}


def _who(world: World, look: Look) -> Mapping[str, str | None]:
    person = world.settings.actor(look.by)
    return {"role": person.role if person else None, "unit": person.unit if person else None}
