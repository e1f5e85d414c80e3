"""What a server has already of what is to be written: the resources to change, and people who are there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from gateway.sdk import Fault, Release
from gateway_fhir_r4.compose import There, Unit, is_ours, place_of, team_key, version_of, wants
from gateway_fhir_r4.fill_people import number_system, type_of
from gateway_fhir_r4.parts import KEY
from gateway_fhir_r4.read import read
from gateway_fhir_r4.reference import NUMBER_TYPES
from gateway_fhir_r4.rules import Rules
from gateway_fhir_r4.wire import MOST, Wire

_SEVERAL = "several"
"""Stands for an item of which the server has more than one."""


def look_up(wire: Wire, rules: Rules, units: Sequence[Unit]) -> There:
    """Everything that composing the units asks for. Raises ``AdapterError``."""
    resources = wire.many(wants(units))
    of_item: dict[str, str] = {}
    _people(wire, units, resources, of_item)
    _plans(wire, rules, units, resources, of_item)
    _teams(wire, units, resources, of_item)
    _sent_before(wire, units, resources, of_item)
    return There(resources=resources, of_item=of_item)


def is_several(there: There, unit: Unit) -> bool:
    """Whether the server has two of somebody whom the unit names."""
    return any(there.of_item.get(release.id) == _SEVERAL for release in unit.releases)


def _new(units: Iterable[Unit], *kinds: str) -> Iterator[tuple[Unit, Release]]:
    for unit in units:
        for release in unit.releases:
            if release.native_id is None and release.kind in kinds:
                yield unit, release


def _people(wire: Wire, units: Sequence[Unit], resources: dict[str, Any], of_item: dict[str, str]) -> None:
    """People whom the server knows by the same number. A relative is one of the same child only."""
    wanted: dict[str, dict[str, list[tuple[Unit, Release]]]] = {"Patient": {}, "RelatedPerson": {}}
    for unit, release in _new(units, "person"):
        number, root = release.fields.get("number"), unit.root
        kind = type_of(release.fields.get("role"), is_subject=release.id == root.fields.get("subject"))
        system = number_system(number, release.fields.get("number_type")) if number else None
        if system is not None and kind in wanted:
            wanted[kind].setdefault(f"{system}|{number}", []).append((unit, release))
    for kind, numbers in wanted.items():
        for found in _by_identifier(wire, kind, numbers):
            for unit, release in (pair for key in _numbers(found) for pair in numbers.get(key, ())):
                patient = unit.root.case_native_id or of_item.get(str(unit.root.fields.get("subject")))
                if kind == "RelatedPerson" and _child(found) != patient:
                    continue
                native = f"{kind}/{found['id']}"
                of_item[release.id] = native if of_item.get(release.id) in {None, native} else _SEVERAL
                resources[native] = found


def _by_identifier(wire: Wire, kind: str, values: Iterable[str]) -> Iterator[dict[str, Any]]:
    wanted = list(dict.fromkeys(values))
    for at in range(0, len(wanted), MOST):
        yield from wire.search(kind, {"identifier": ",".join(wanted[at : at + MOST])})


def _numbers(resource: Mapping[str, Any]) -> list[str]:
    """National numbers that hold now."""
    told = resource.get("identifier", [])
    return [
        f"{one['system']}|{one['value']}"
        for one in (told if isinstance(told, list) else [])
        if isinstance(one, dict) and one.get("system") in NUMBER_TYPES and one.get("use") != "old" and "value" in one
    ]


def _child(resource: Mapping[str, Any]) -> str | None:
    patient = resource.get("patient")
    found = patient.get("reference") if isinstance(patient, dict) else None
    return found if isinstance(found, str) else None


def _plans(
    wire: Wire, rules: Rules, units: Sequence[Unit], resources: dict[str, Any], of_item: dict[str, str]
) -> None:  # fmt: skip
    """The plan or episode that stands for each case that changes: our own, else the one that was changed last."""
    kind, name = ("EpisodeOfCare", "patient") if rules.case == "episode" else ("CarePlan", "subject")
    cases = {
        str(release.native_id): release.id
        for unit in units
        for release in unit.releases
        if release.kind == "case" and release.native_id is not None and (release.changed or release.retract_all)
    }
    wanted = list(cases)
    for at in range(0, len(wanted), MOST):
        found = [
            (case, one)
            for one in wire.search(kind, {name: ",".join(wanted[at : at + MOST])})
            if (case := _case_of(one, rules)) in cases
        ]
        found.sort(key=lambda pair: (is_ours(pair[1]), str(pair[1].get("meta", {}).get("lastUpdated", ""))))
        for case, one in found:
            native = f"{kind}/{one['id']}"
            of_item[f"plan of {cases[str(case)]}"] = native
            resources[native] = one


def _case_of(resource: dict[str, Any], rules: Rules) -> str | None:
    try:
        return next((one.id for one in read(resource, rules) if one.kind == "case" and not one.deleted), None)
    except Fault:
        return None


def _teams(wire: Wire, units: Sequence[Unit], resources: dict[str, Any], of_item: dict[str, str]) -> None:
    """The team that the gateway made for each case in which somebody coordinates or takes part."""
    keys = {}
    for unit in units:
        patient = unit.root.case_native_id or of_item.get(str(unit.root.fields.get("subject")))
        if patient is not None:
            keys.update({team_key(one): one.case for one in unit.releases if one.kind in _MEMBERS})
    for found in _by_identifier(wire, "CareTeam", [f"{KEY}|{key}" for key in keys]):
        native = f"CareTeam/{found['id']}"
        resources[native] = found
        of_item.update({f"team of {keys[key]}": native for key in _keys(found) if key in keys})
    _made_with_teams(wire, units, resources, of_item)


def _made_with_teams(wire: Wire, units: Sequence[Unit], resources: dict[str, Any], of_item: dict[str, str]) -> None:
    """People without a number whom an earlier try made: a team that is there names them by their own ids."""
    keys = {
        unit.key_of(release): release.id
        for unit, release in _new(units, "person")
        if f"team of {release.case}" in of_item and release.id not in of_item
    }
    for kind in ("RelatedPerson", "Practitioner"):
        for found in _by_identifier(wire, kind, [f"{KEY}|{key}" for key in keys]):
            native = f"{kind}/{found['id']}"
            resources[native] = found
            of_item.update({keys[key]: native for key in _keys(found) if key in keys})


def _sent_before(wire: Wire, units: Sequence[Unit], resources: dict[str, Any], of_item: dict[str, str]) -> None:
    """What an earlier try has made already, where the server makes nothing on a condition."""
    wanted: dict[str, dict[str, str]] = {}
    for unit, release in _new(units, *_TYPES):
        kind = _TYPES[release.kind]
        if not wire.able().of(kind).conditional_create:
            wanted.setdefault(kind, {})[unit.key_of(release)] = (
                f"plan of {release.id}" if release.kind == "case" else release.id
            )  # fmt: skip
    for kind, keys in wanted.items():
        for found in _by_identifier(wire, kind, [f"{KEY}|{key}" for key in keys]):
            native = f"{kind}/{found['id']}"
            resources[native] = found
            of_item.update({keys[key]: native for key in _keys(found) if key in keys})


_MEMBERS = frozenset({"assignment", "participant"})
"""Kinds that are members of a team."""

_TYPES = {"case": "CarePlan", "plan": "CarePlan", "goal": "Goal", "measure": "Task", "concern": "Flag",
          "consent": "Consent"}  # fmt: skip


def _keys(resource: Mapping[str, Any]) -> list[str]:
    return [one["value"] for one in resource.get("identifier", []) if one.get("system") == KEY and "value" in one]


__all__ = ["is_several", "look_up", "place_of", "version_of"]
