"""Taking back what was written: by deletion where the server deletes, else as R4 says that something was an error."""

import copy
from typing import Any

from msgspec.structs import replace

from gateway.sdk import Fault, Receipt, Refused, Release
from gateway_fhir_r4 import fill_care
from gateway_fhir_r4.compose import CASE_TAG, PLACES, SUBJECT, Unit, compose, is_ours, place_of, version_of
from gateway_fhir_r4.looking import look_up
from gateway_fhir_r4.parts import KEY, absent, put
from gateway_fhir_r4.read import read
from gateway_fhir_r4.rules import Rules
from gateway_fhir_r4.wire import Wire
from gateway_fhir_r4.writing import Writer

STATUS = {"Goal": "lifecycleStatus"}
"""Where a type's status stands, if not in ``status``."""
_PEOPLE = ("Patient", "RelatedPerson", "Practitioner")
_LAST = ("Consent", "Flag", "Task", "Goal", "CareTeam", "EpisodeOfCare", "CarePlan", "RelatedPerson", "Practitioner",
         "Patient")  # fmt: skip
"""What names others goes before them."""
_REQUIRED = {"CarePlan": ("intent",), "Task": ("intent",), "Consent": ("scope", "category", "policyRule"),
             "Flag": ("code",)}  # fmt: skip
"""Elements that R4 asks for, and that say nothing of anybody; the words in them go."""


def retract(writer: Writer, release: Release, key: str) -> Receipt:
    """Take back the fields that are named, or all of it. What is gone already is taken back. Raises ``AdapterError``.

    Of a resource that was there before, what stands in it is its owner's: only fields that we wrote are emptied.
    """
    if release.kind not in writer.rules.writes:
        raise Refused("adapter.cannot_retract")
    if release.native_id is None:
        raise Refused("fhir.gone")
    if release.retract_all or release.kind == "consent":
        version = _all(writer, release)
    else:
        version = _fields(writer, release, key)
    return Receipt(key=key, state="accepted", native_id=release.native_id, version=version)


def _fields(writer: Writer, release: Release, key: str) -> str | None:
    """Empty the fields, as a change to nothing. Where the resource is gone there is nothing left to empty."""
    emptied = replace(
        release, fields=dict.fromkeys(release.retracts), changed=release.retracts, version=None, retracts=()
    )
    shell = _shell(writer, Unit(key=key, releases=(emptied,)))
    if shell is not None:
        return take_away(writer.wire, shell)
    receipt = writer.deliver([Unit(key=key, releases=(emptied,))])[0]
    if receipt.state == "refused":
        if receipt.code in {"fhir.gone", "fhir.place"}:
            return None
        raise Refused(receipt.code or "fhir.answer", path=receipt.path, conflict=receipt.conflict)
    return receipt.version


def _shell(writer: Writer, unit: Unit) -> str | None:
    """A resource of ours in which nothing would be left but whom it is about: an empty one tells that there was one."""
    try:
        there = look_up(writer.wire, writer.rules, [unit])
        made = compose(unit, writer.rules, there)
    except Refused:
        return None
    draft = made.drafts.get(made.sits.get(unit.root.id, ""))
    if draft is None or draft.before is None or draft.kind in _PEOPLE or draft.kind == "CareTeam":
        return None
    try:
        left = read(draft.resource, writer.rules)
    except Fault:
        return None
    is_bare = all(set(one.fields) <= {"subject"} and one.kind == unit.root.kind for one in left)
    return draft.native if is_bare and is_ours(draft.before) else None


def _all(writer: Writer, release: Release) -> str | None:
    wire, rules = writer.wire, writer.rules
    native = str(release.native_id)
    if release.kind == "case":
        there = look_up(wire, rules, [Unit(key="", releases=(release,))])
        place = there.of_item.get(f"plan of {release.id}")
        version = take_away(wire, place) if place is not None else None
        _rest(wire, rules, release.case)
        return version
    place = place_of(native)
    if "/activity/" in native or "#" in native:
        return _inside(wire, place, native)
    if place.startswith("CareTeam/"):
        return _member(wire, place, native)
    return take_away(wire, place)


def take_away(wire: Wire, native: str) -> str | None:
    """Delete a resource of ours, or leave it empty and marked as an error; one of others stays. Its new version."""
    resource = wire.get(native)
    if resource is None or not is_ours(resource):
        return None
    kind = native.partition("/")[0]
    if wire.able().of(kind).deletes and wire.delete(native):
        return None
    if kind == "Patient" and _is_anothers(wire, native, _tags(resource)):
        return version_of(resource)
    bare = emptied(resource)
    return version_of(resource) if bare == resource else wire.replace(native, bare, version_of(resource))


def _is_anothers(wire: Wire, patient: str, mine: set[str]) -> bool:
    """Whether a plan that is not of the same case is about this patient, who is then known there in their own right."""
    plans = wire.search("CarePlan", {"subject": patient}) if wire.able().lists("CarePlan") else []
    return any(not mine & _tags(one) for one in plans)


def _tags(resource: dict[str, Any]) -> set[str]:
    told = resource.get("meta", {}).get("tag", [])
    return {str(one.get("code")) for one in told if one.get("system") == CASE_TAG}


def emptied(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource that was entered in error: what R4 asks for, and nothing that was said in it."""
    kind = resource["resourceType"]
    names = ("resourceType", "id", "meta", SUBJECT.get(kind, ""), *_REQUIRED.get(kind, ()))
    bare = {name: copy.deepcopy(resource[name]) for name in names if name in resource}
    bare["identifier"] = [
        {"system": KEY, "value": one["value"]} for one in resource["identifier"] if one.get("system") == KEY
    ]
    if kind in _PEOPLE:
        bare["active"] = False
        return bare
    bare[STATUS.get(kind, "status")] = "entered-in-error"
    if kind == "Goal":
        bare["description"] = absent()
    if kind == "Flag":
        put(bare["code"], "text", None)
    return bare


def _rest(wire: Wire, rules: Rules, case: str) -> None:
    """What was made for a case and is not known here, since its answer was lost, goes with the case.

    So do people whom nothing names any more, and who could not go before what named them.
    """
    kinds = dict.fromkeys(kind for name in rules.writes for kind in PLACES[name])
    for kind in sorted(kinds, key=_LAST.index):
        found = wire.search(kind, {"_tag": f"{CASE_TAG}|{case}"}) if wire.able().lists(kind) else []
        for one in found:
            if kind not in _PEOPLE:
                take_away(wire, f"{kind}/{one['id']}")
            elif is_ours(one) and one.get("active") is False and wire.able().of(kind).deletes:
                wire.delete(f"{kind}/{one['id']}")


def _inside(wire: Wire, place: str, native: str) -> str | None:
    """A measure or goal that stands inside a plan is marked there; the plan stays."""
    resource = wire.get(place)
    if resource is None:
        return None
    plan = copy.deepcopy(resource)
    if "#" in native:
        inner = next((one for one in plan.get("contained", []) if one.get("id") == native.partition("#")[2]), None)
        if inner is not None:
            inner["lifecycleStatus"], inner["description"] = "entered-in-error", absent()
    else:
        try:
            fill_care.activity(plan, native.rpartition("/")[2], {}, gone=True)
        except Fault:
            return version_of(resource)
    return version_of(resource) if plan == resource else wire.replace(place, plan, version_of(resource))


def _member(wire: Wire, place: str, native: str) -> str | None:
    """One who coordinated is no member any more; a team of ours without members goes."""
    resource = wire.get(place)
    if resource is None:
        return None
    token = native.partition("/")[2].partition("/")[2]
    members = resource.get("participant", [])
    left = [one for one in members if token not in {one.get("id"), one.get("member", {}).get("reference")}]
    if len(left) == len(members):
        return version_of(resource)
    if not left and is_ours(resource):
        return take_away(wire, place)
    team = copy.deepcopy(resource)
    put(team, "participant", left)
    return wire.replace(place, team, version_of(resource))
