"""From releases to resources: what is made, what is changed in what is there, and who is named how."""

import copy
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct, field

from gateway.sdk import Fault, Refused, Release
from gateway_fhir_r4 import fill_care, fill_family, fill_people
from gateway_fhir_r4.parts import KEY, coding, concept, put, reference
from gateway_fhir_r4.rules import Rules

CASE_TAG = "urn:bti-gateway:case"
"""The system of the tag by which all that was made for a case is found again; its code is the gateway's own id."""

PLACES: Mapping[str, tuple[str, ...]] = {
    "person": ("Patient", "RelatedPerson", "Practitioner"),
    "case": ("CarePlan", "EpisodeOfCare"),
    "plan": ("CarePlan",),
    "goal": ("Goal",),
    "measure": ("Task",),
    "concern": ("Flag",),
    "consent": ("Consent",),
    "assignment": ("Task", "CareTeam"),
    "participant": ("CareTeam",),
}
"""The resource types that each kind is written as."""

CARRIES: Mapping[str, frozenset[str]] = {
    "person": fill_people.CHILD,
    "case": frozenset({"subject", "status", "opened_on", "closed_on", "closing_note"}),
    "plan": frozenset({"status", "opened_on", "closed_on"}),
    "goal": frozenset({"title", "status", "area", "target_on"}),
    "measure": frozenset({"title", "description", "status", "responsible", "responsible_service", "started_on",
                          "ended_on", "evaluate_by"}),
    "concern": frozenset({"summary", "status", "raised_on"}),
    "consent": frozenset({"decision", "by", "purpose", "services", "from_services", "excluded", "given", "valid_from",
                          "valid_to", "withdrawn", *fill_family.LIMITS}),
    "assignment": frozenset({"role", "state", "holder", "holder_name", "service", "unit", "offered_on", "since",
                             "until", "family_wish"}),
    "participant": frozenset({"role", "person", "name", "service", "unit", "task", "since", "until"}),
}  # fmt: skip
"""The fields that R4, as it is read here, has a place for. A consent's limits stand here since they refuse it."""

SUBJECT = {"CarePlan": "subject", "EpisodeOfCare": "patient", "Goal": "subject", "Task": "for", "Flag": "subject",
           "Consent": "patient", "CareTeam": "subject", "RelatedPerson": "patient"}  # fmt: skip
_FIXED: Mapping[str, Mapping[str, Any]] = {"CarePlan": {"intent": "plan"}, "CareTeam": {"status": "active"}}


class Unit(Struct, frozen=True, kw_only=True):
    """One delivery: its key and the releases in it, the case (or the only item) first."""

    key: str
    releases: tuple[Release, ...]

    @property
    def root(self) -> Release:
        """What the receipt is about; the others are its parts."""
        return self.releases[0]

    def key_of(self, release: Release) -> str:
        """The identifier's value for what is made from a release; a digest, unless it is the root."""
        return self.key if release is self.root else digest(self.key, release.id)


class Draft(Struct, kw_only=True):
    """A resource on its way out. ``before`` is as the server has it, ``None`` for one that is made."""

    kind: str
    native: str
    resource: dict[str, Any]
    before: dict[str, Any] | None = None
    none_exist: str | None = None
    key: str | None = None
    items: list[str] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to send."""
        return self.before is None or self.before != self.resource

    @property
    def version(self) -> str | None:
        """The version that it was changed from."""
        return version_of(self.before) if self.before is not None else None


class There(Struct, frozen=True, kw_only=True):
    """What the server was found to have: resources by ``Type/id``, and by item those that an item is."""

    resources: Mapping[str, dict[str, Any]]
    of_item: Mapping[str, str]


class Composed(Struct, kw_only=True):
    """A unit's resources, and by item the receiver's own id (with the placeholder of a resource that is made)."""

    unit: Unit
    drafts: dict[str, Draft] = field(default_factory=dict)
    natives: dict[str, str] = field(default_factory=dict)
    sits: dict[str, str] = field(default_factory=dict)
    """By item the resource that it stands in."""
    stale: bool = False
    """Somebody changed a resource there meanwhile, and what we bring is not in it yet."""


def digest(*parts: str) -> str:
    """An identifier that tells nothing of what it was made from to whoever does not know that already."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:48]


def version_of(resource: Mapping[str, Any]) -> str | None:
    """``meta.versionId``."""
    meta = resource.get("meta")
    found = meta.get("versionId") if isinstance(meta, dict) else None
    return found if isinstance(found, str) else None


def place_of(native: str) -> str:
    """The resource that an item with this id stands in: itself, a plan with activities or goals, a team of members.

    Raises ``Refused`` ``fhir.place`` for what stands in none that can be asked for.
    """
    segments = native.partition("#")[0].split("/")
    if "|" in native or "://" in native or len(segments) < 2 or not segments[0].isalpha():
        raise Refused("fhir.place")
    return "/".join(segments[:2])


def is_ours(resource: Mapping[str, Any]) -> bool:
    """Whether the gateway made it."""
    return any(one.get("system") == KEY for one in resource.get("identifier", []) if isinstance(one, dict))


def team_key(release: Release) -> str:
    """The identifier of the one team that the gateway makes for a case, the same before and after it is there."""
    return digest("team", release.case)


def compose(unit: Unit, rules: Rules, there: There) -> Composed:
    """Write a unit's releases into resources. Raises ``Refused`` with the code and path of what R4 cannot carry."""
    made = Composed(unit=unit)
    _name(made, there)
    for release in unit.releases:
        if _has_news(release):
            try:
                _WRITERS[release.kind](made, release, rules, there)
            except Fault as fault:
                raise Refused(fault.code, path=fault.path) from None
    return made


def _has_news(release: Release) -> bool:
    return release.native_id is None or bool(release.changed)


def told_of(release: Release) -> dict[str, Any]:
    """What is to be written: all of a new item, else what the receiver has not got."""
    if release.native_id is None:
        return dict(release.fields)
    return {name: release.fields[name] for name in release.changed if name in release.fields}


def _name(made: Composed, there: There) -> None:
    """What each item is called there: its own id, that of a resource that was found, or a placeholder."""
    made.natives.update(made.unit.root.refs)
    for release in made.unit.releases:
        made.natives.update(release.refs)
    subject = _subject_of(made.unit)
    for release in made.unit.releases:
        found = release.native_id or there.of_item.get(release.id)
        if found is not None:
            made.natives[release.id] = found
        elif release.kind not in {"case", "assignment", "participant"}:
            made.natives[release.id] = _placeholder(made.unit.key_of(release))
    patient = made.unit.root.case_native_id or made.natives.get(subject or "")
    for release in made.unit.releases:
        if release.kind == "case" and patient is not None:
            made.natives[release.id] = patient


def _subject_of(unit: Unit) -> str | None:
    root = unit.root
    told = root.fields.get("subject") if root.kind == "case" else None
    if isinstance(told, str):
        return told
    return next((one.id for one in unit.releases if one.kind == "person" and one.fields.get("role") == "subject"), None)


def patient_of(made: Composed) -> str:
    """Whom the case is about, by the receiver's id. Raises ``Refused`` ``fhir.no_patient``."""
    subject = _subject_of(made.unit)
    found = made.unit.root.case_native_id or made.natives.get(subject or "")
    if found is None:
        raise Refused("fhir.no_patient", conflict=True)  # known once the case is there
    return found


def _placeholder(key: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{KEY}/{key}')}"


def _draft(
    made: Composed, release: Release, there: There, kind: str, *, native: str | None, key: str | None = None,
    tag: str | None = None,
) -> Draft:  # fmt: skip
    """The resource that a release is written into, begun where it is new. Marks the unit stale where it is older."""
    place = native if native is None or native.startswith("urn:uuid:") else place_of(native)
    key = key or made.unit.key_of(release)
    place = place or _placeholder(key)
    draft = made.drafts.get(place)
    if draft is None:
        before = there.resources.get(place)
        if before is None and not place.startswith("urn:uuid:"):
            raise Refused("fhir.gone")
        draft = made.drafts[place] = (
            Draft(kind=kind, native=place, resource=_begun(made, release, kind, key, tag), key=key)
            if before is None
            else Draft(kind=kind, native=place, resource=copy.deepcopy(before), before=before)
        )
        if before is None:
            draft.none_exist = f"identifier={KEY}|{key}"
    draft.items.append(release.id)
    made.sits[release.id] = place
    return draft


def _begun(made: Composed, release: Release, kind: str, key: str, tag: str | None) -> dict[str, Any]:
    tags = [{"system": CASE_TAG, "code": release.case}, *([coding(tag)] if tag is not None else [])]
    resource = {
        "resourceType": kind, "meta": {"tag": tags}, "identifier": [{"system": KEY, "value": key}],
        **copy.deepcopy(dict(_FIXED.get(kind, {}))),
    }  # fmt: skip
    if kind in SUBJECT:
        resource[SUBJECT[kind]] = reference(patient_of(made))
    return resource


def _person(made: Composed, release: Release, rules: Rules, there: There) -> None:
    found = made.natives[release.id]
    if release.native_id is None and not found.startswith("urn:uuid:"):
        made.sits[release.id] = found  # somebody who was there before: what stands there is theirs
        return
    is_subject = release.id == _subject_of(made.unit) or found == made.unit.root.case_native_id
    kind = fill_people.type_of(release.fields.get("role"), is_subject=is_subject)
    if release.native_id is not None:
        kind = place_of(release.native_id).partition("/")[0]
    draft = _draft(made, release, there, kind, native=found, tag=rules.tag)
    fill_people.person(draft.resource, told_of(release))
    number = release.fields.get("number")
    system = fill_people.number_system(number, release.fields.get("number_type")) if number else None
    if draft.before is None and kind == "Patient" and system is not None:
        draft.none_exist = f"identifier={system}|{number}"


def _case(made: Composed, release: Release, rules: Rules, there: There) -> None:
    kind = "EpisodeOfCare" if rules.case == "episode" else "CarePlan"
    found = there.of_item.get(f"plan of {release.id}")
    if release.native_id is not None and found is None:
        raise Refused("fhir.gone")
    draft = _draft(made, release, there, kind, native=found, tag=rules.tag)
    if draft.before is None and rules.case_categories:
        put(draft.resource, "category" if kind == "CarePlan" else "type", [concept(rules.case_categories[0])])
    fill_care.case(draft.resource, told_of(release), rules)


def _plan(made: Composed, release: Release, rules: Rules, there: There) -> None:
    if release.native_id is None and not rules.plan_categories:
        raise Refused("fhir.setting", path="$.plan_categories")
    draft = _draft(made, release, there, "CarePlan", native=made.natives[release.id], tag=rules.tag)
    if draft.before is None:
        draft.resource["category"] = [concept(rules.plan_categories[0])]
    fill_care.plan(draft.resource, told_of(release), rules)


def _goal(made: Composed, release: Release, rules: Rules, there: There) -> None:
    native = made.natives[release.id]
    draft = _draft(made, release, there, "Goal", native=native, tag=rules.tag)
    if "#" in native:
        inner = native.partition("#")[2]
        contained = next((one for one in draft.resource.get("contained", []) if one.get("id") == inner), None)
        if contained is None:
            raise Refused("fhir.gone")
        fill_care.goal(contained, told_of(release), rules)
    else:
        fill_care.goal(draft.resource, told_of(release), rules)


def _measure(made: Composed, release: Release, rules: Rules, there: There) -> None:
    native = made.natives[release.id]
    draft = _draft(made, release, there, "Task", native=native, tag=rules.tag)
    if draft.before is None:
        draft.resource["intent"] = "plan"
    if "/activity/" in native:
        fill_care.activity(draft.resource, native.rpartition("/")[2], told_of(release))
    else:
        fill_care.task(draft.resource, told_of(release), rules)


def _concern(made: Composed, release: Release, rules: Rules, there: There) -> None:
    if "concern" not in rules.flags.values():
        raise Refused("fhir.setting", path="$.flags")
    draft = _draft(made, release, there, "Flag", native=made.natives[release.id], tag=rules.tag)
    fill_care.concern(draft.resource, told_of(release), rules)


def _consent(made: Composed, release: Release, rules: Rules, there: There) -> None:
    by = made.natives.get(str(release.fields.get("by")))
    if by is None:
        raise Refused("fhir.missing", path="$.by")
    draft = _draft(made, release, there, "Consent", native=made.natives[release.id], tag=rules.tag)
    fill_family.consent(draft.resource, release.fields, rules, by)


def _assignment(made: Composed, release: Release, rules: Rules, there: There) -> None:
    role = release.fields.get("role")
    holder = made.natives.get(str(release.fields.get("holder")))
    holder = holder if holder is not None and not holder.startswith(("RelatedPerson/", "Patient/")) else None
    code = next((key for key, meaning in rules.handovers.items() if meaning == role), None)
    native = release.native_id
    if code is not None and (native is None or native.startswith("Task/")):
        draft = _draft(made, release, there, "Task", native=native, tag=rules.tag)
        draft.resource.setdefault("intent", "order")
        draft.resource.setdefault("code", concept(code))
        made.natives[release.id] = draft.native
        fill_family.handover(draft.resource, told_of(release), rules, holder)
    member = code or next((key for key, meaning in rules.coordinator_roles.items() if meaning == role), None)
    if member is None:
        raise Refused("fhir.setting", path="$.coordinator_roles")
    if code is None or release.fields.get("state") in {"accepted", "ended"}:
        _member(made, release, rules, there, holder=holder, code=member, alone=code is None)


def _member(
    made: Composed, release: Release, rules: Rules, there: There, *, holder: str | None, code: str, alone: bool
) -> None:  # fmt: skip
    """Who holds a role, in the team that is there or in one that is made."""
    sits = made.sits.get(release.id)
    native = release.native_id if alone else None
    team = place_of(native) if native is not None else there.of_item.get(f"team of {release.case}")
    state = release.fields.get("state", "accepted")
    if alone and native is None and state != "accepted":
        raise Refused("fhir.state", path="$.state")
    if team is None and state != "accepted":
        return
    draft = _draft(made, release, there, "CareTeam", native=team, key=team_key(release), tag=rules.tag)
    token = native.partition("/")[2].partition("/")[2] if native is not None else made.unit.key_of(release)[:32]
    if alone:
        made.natives[release.id] = f"{draft.native}/{token}"
    else:
        made.sits[release.id] = sits or draft.native  # the task tells of the turn; the member only shows it
        token = digest("member", release.id)[:32]
    told = {**told_of(release), **({"state": state} if "state" in release.fields else {})}
    fill_family.member(draft.resource, told, rules, token=token, holder=holder, code=code)


def _participant(made: Composed, release: Release, rules: Rules, there: There) -> None:
    """Who else takes part, as a member of the same team; somebody whom the receiver knows is named by that."""
    native = release.native_id
    team = place_of(native) if native is not None else there.of_item.get(f"team of {release.case}")
    draft = _draft(made, release, there, "CareTeam", native=team, key=team_key(release), tag=rules.tag)
    token = native.partition("/")[2].partition("/")[2] if native is not None else made.unit.key_of(release)[:32]
    made.natives[release.id] = f"{draft.native}/{token}"
    person = made.natives.get(str(release.fields.get("person")), "")
    kind = made.drafts[person].kind if person in made.drafts else person.partition("/")[0]
    fill_family.participant(draft.resource, told_of(release), rules, token=token, person=person, kind=kind)


_WRITERS = {
    "person": _person, "case": _case, "plan": _plan, "goal": _goal, "measure": _measure, "concern": _concern,
    "consent": _consent, "assignment": _assignment, "participant": _participant,
}  # fmt: skip


def wants(units: Iterable[Unit]) -> list[str]:
    """The resources that must be looked at before anything is written, each once. Raises ``Refused`` ``fhir.place``."""
    found: dict[str, None] = {}
    for unit in units:
        for release in unit.releases:
            if release.native_id is not None and release.kind != "case" and _has_news(release):
                found[place_of(release.native_id)] = None
    return list(found)
