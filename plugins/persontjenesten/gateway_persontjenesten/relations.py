"""Who answers for a child: parental responsibility, residence and guardianship as the register states them.

barnelova §§ 30, 34-38; vergemålsloven §§ 16, 17. What is unknown, doubtful or contradicts itself becomes ``unknown``,
on which the gate denies: a wrong "joint" would let one parent's consent pass for two.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from gateway_persontjenesten.people import known_by
from gateway_persontjenesten.shape import Entry, code, current, day, identity, inner, part, text, valid

TYPES: Mapping[str, str] = {
    "Joint": "joint",
    "Mother": "mother",
    "Father": "father",
    "CoMother": "co_mother",
    "Other": "other",
    "Unknown": "unknown",
}
"""Foreldreansvarstype: joint, or which one alone has it."""

PARENTS: Mapping[str, str] = {"Mother": "mother", "Father": "father", "CoMother": "co_mother"}
MINOR = ("Minor", "TemporaryForMinor", "SingleMinorAsylumSeeker", "SingleMinorRefugee")
"""Kinds of guardianship in which a guardian answers for a child; those of adults are left alone."""

SCOPES: Mapping[str, str] = {
    "ImmigrationPersonalAndFinancialInterests": "verge",
    "PersonalAndFinancialInterests": "verge",
    "PersonalInterests": "verge",
    "FinancialInterests": "none",
}
"""A guardian for money alone consents to nothing here (vergemålsloven § 17)."""

Responsibility = Literal["joint", "sole", "none", "verge", "unknown"]


class Holder(Struct, frozen=True, kw_only=True):
    """One who has, or had, responsibility: by number, or by name where the register has no number."""

    key: str
    number: str | None
    type: str | None
    since: str | None
    until: str | None
    state: Literal["yes", "no", "untold"]
    told: Mapping[str, str]


def asked_about(child: Entry, path: str) -> list[str]:
    """Numbers of those who answer, or answered, for this person and of the parents, in a stable order.

    Empty for one about whom the register states no responsibility: an adult's own parents are nobody's business.
    """
    own = known_by(child, path)
    held, guarded = holders(child, own, path), verges(child, path)
    if not held and not guarded:
        return []
    found = [one.number for one in (*held, *guarded) if one.number is not None]
    return list(dict.fromkeys([*found, *parents(child, path)]))


def parents(child: Entry, path: str) -> dict[str, str]:
    """Number of each parent that the register knows by number, and which parent it is."""
    found: dict[str, str] = {}
    for where, entry in current(child, "familyRelation", path):
        role = code(entry, "relatedPersonsRole", PARENTS, where)
        number = text(entry, "relatedPerson", where)
        if role is not None and number is not None:
            found[number] = role
    return found


def holders(child: Entry, own: set[str], path: str) -> list[Holder]:
    """Everyone who has or had parental responsibility for this person.

    The same part lists, for an adult, the children that the adult answers for; those entries are about others.
    """
    found = []
    for at, entry in enumerate(part(child, "parentalResponsibility", path) or ()):
        where = f"{path}.parentalResponsibility[{at}]"
        if not _is_about(entry, own, where):
            continue
        number = text(entry, "responsible", where)
        kind = code(entry, "responsibilityType", TYPES, where)
        organisation = text(entry, "responsibleOrganization", where) is not None
        found.append(
            _holder(
                entry,
                where,
                key=f"responsible-{at}",
                number=number,
                kind="unknown" if organisation else kind,
                told=_unnumbered(entry, "responsibleWithoutIdentifier", where) if number is None else {},
            )
        )
    return found


def verges(child: Entry, path: str) -> list[Holder]:
    """Everyone who is or was appointed guardian for this person as a minor; ``type`` says what it gives."""
    found = []
    for at, entry in enumerate(part(child, "guardianshipOrFuturePowerOfAttorney", path) or ()):
        where = f"{path}.guardianshipOrFuturePowerOfAttorney[{at}]"
        if text(entry, "guardianshipType", where) not in MINOR:
            continue
        guardian = inner(entry, "guardian", where) or {}
        scope = code(guardian, "guardianshipScope", SCOPES, f"{where}.guardian")
        found.append(
            _holder(
                entry,
                where,
                key=f"guardian-{at}",
                number=text(guardian, "identificationNumber", f"{where}.guardian"),
                kind=scope or "unknown",
                told=_named(inner(guardian, "name", f"{where}.guardian"), f"{where}.guardian.name"),
            )
        )
    return found


def relations(child: Entry, others: Sequence[Entry], path: str) -> tuple[list[dict[str, Any]], list[Holder]]:
    """The canonical ``relation`` fields for a child, and those holders whom no document of ``others`` describes.

    ``person`` and ``child`` are the service's ids; a holder without a document goes by ``stranger(...)``.
    """
    own, me = known_by(child, path), identity(child, path)
    documents = {number: other for other in others for number in known_by(other, "$.others")}
    held, family, guarded = holders(child, own, path), parents(child, path), verges(child, path)
    if not held and not guarded:
        return [], []
    verdict = judge(held, family)
    fields: dict[str, dict[str, Any]] = {}
    strangers: dict[str, Holder] = {}

    def ref(one: Holder) -> str:
        document = documents.get(one.number) if one.number is not None else None
        if document is not None:
            return identity(document, "$.others")
        strangers.setdefault(stranger(me, one), one)
        return stranger(me, one)

    for one in (*_in_force(held), *_past(held)):
        responsibility: Responsibility = "none" if one.state == "no" else verdict
        relation = family.get(one.number or "") or (one.type if one.type in PARENTS.values() else None) or "other"
        fields.setdefault(ref(one), _fields(one, relation, responsibility))
    for number, role in family.items():
        parent = Holder(key=f"parent-{role}", number=number, type=role, since=None, until=None, state="yes", told={})
        fields.setdefault(ref(parent), _fields(parent, role, "unknown" if verdict == "unknown" else "none"))
    for person_id, home in _homes(child, documents, family, path).items():
        if person_id in fields:
            fields[person_id].update(home)
    for one in (*_in_force(guarded), *_past(guarded)):
        gives: Responsibility = "none" if one.state == "no" else "verge" if one.type == "verge" else "unknown"
        if one.type == "none":
            gives = "none"
        fields.setdefault(ref(one), _fields(one, "verge", gives))
    told = [{"person": person_id, "child": me, **entry} for person_id, entry in fields.items()]
    return told, list(strangers.values())


def stranger(child: str, holder: Holder) -> str:
    """The id of a holder whom the service described in no document of its own."""
    return f"number:{holder.number}" if holder.number is not None else f"{child}/{holder.key}"


def judge(held: Sequence[Holder], family: Mapping[str, str]) -> Responsibility:
    """What those in force have: ``joint`` or ``sole``; ``unknown`` where the entries do not make one clear picture.

    ``joint`` needs two holders: with only one in sight, the consent of the other would be passed over.
    """
    now = _in_force(held)
    if not now:
        return "none" if held else "unknown"
    types, people = {one.type for one in now}, {one.number or one.key for one in now}
    if any(one.state == "untold" for one in now) or len(types) != 1:
        return "unknown"
    kind = next(iter(types))
    if kind == "joint" or (kind == "other" and len(people) > 1):
        return "joint" if len(people) == 2 else "unknown"
    if kind == "other":
        return "sole"
    if kind in PARENTS.values() and len(people) == 1:
        role = family.get(now[0].number or "")
        return "sole" if role in {None, kind} else "unknown"
    return "unknown"


def _homes(
    child: Entry, documents: Mapping[str, Entry], family: Mapping[str, str], path: str
) -> dict[str, dict[str, bool]]:
    """Whether each parent or holder lives at the child's address, by id; both parents do where residence is shared."""
    mine = _places(child, path)
    shared = bool(current(child, "sharedResidence", path))
    found: dict[str, dict[str, bool]] = {}
    for number, document in documents.items():
        person_id = identity(document, "$.others")
        theirs = _places(document, "$.others")
        home = found.setdefault(person_id, {})
        if mine and theirs:
            home["resident"] = bool(mine & theirs)
        if number in family and part(child, "sharedResidence", path) is not None:
            home["shared_residence"] = shared
            if shared:
                home["resident"] = True
    return found


def _places(document: Entry, path: str) -> set[int]:
    entries = current(document, "residentialAddress", path)
    return {entry["place"] for _, entry in entries if isinstance(entry.get("place"), int)}


def _is_about(entry: Entry, own: set[str], path: str) -> bool:
    subject = text(entry, "subjectOfResponsibility", path)
    if subject is not None:
        return subject in own
    if entry.get("subjectOfResponsibilityWithoutIdentifier") is not None:
        return False
    return text(entry, "responsible", path) not in own


def _holder(
    entry: Entry, path: str, *, key: str, number: str | None, kind: str | None, told: Mapping[str, str]
) -> Holder:
    return Holder(
        key=key,
        number=number,
        type=kind,
        since=day(entry, "validFrom", path),
        until=day(entry, "validTo", path),
        state=valid(entry, path),
        told=told,
    )


def _unnumbered(entry: Entry, name: str, path: str) -> dict[str, str]:
    other = inner(entry, name, path)
    return {} if other is None else _named(inner(other, "name", f"{path}.{name}"), f"{path}.{name}.name")


def _named(name: Entry | None, path: str) -> dict[str, str]:
    if name is None:
        return {}
    given = " ".join(one for part_name in ("givenName", "middleName") if (one := text(name, part_name, path)))
    family = text(name, "familyName", path)
    return {key: value for key, value in (("given_name", given), ("family_name", family)) if value}


def _fields(one: Holder, relation: str, responsibility: Responsibility) -> dict[str, Any]:
    fields: dict[str, Any] = {"relation": relation, "responsibility": responsibility, "source": "freg"}
    fields["until"] = one.until if one.state == "no" else None
    if one.since is not None:
        fields["since"] = one.since
    return fields


def _in_force(held: Sequence[Holder]) -> list[Holder]:
    return [one for one in held if one.state != "no"]


def _past(held: Sequence[Holder]) -> list[Holder]:
    return [one for one in held if one.state == "no"]


__all__ = ["Holder", "asked_about", "holders", "judge", "parents", "relations", "stranger", "verges"]
