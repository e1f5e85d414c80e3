"""What is written is read back as it was released, and what else stands in a resource stays."""

import copy
from random import Random
from typing import Any

import pytest
from children import OPTIONS, RULES, Maker, child, children, written
from gateway_fhir_r4.compose import CARRIES, There, Unit, compose
from gateway_fhir_r4.fill_people import HELD
from gateway_fhir_r4.read import read
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert
from msgspec.structs import replace

from gateway.core.model import FACETS, check
from gateway.sdk import Reading, Refused, Release

REFS = ("subject", "by", "holder", "person")


def told(resources: dict[str, dict[str, Any]]) -> dict[tuple[str, str], Reading]:
    """Every reading of the resources, by kind and id; of the same person the first."""
    found: dict[tuple[str, str], Reading] = {}
    for resource in resources.values():
        for one in read(resource, RULES):
            check(one.kind, one.fields, whole=False)
            found.setdefault((one.kind, one.id), one)
    return found


def expected(release: Release, natives: dict[str, str], resource: str) -> dict[str, Any]:
    """What must be read: the released fields, references by the receiver's ids, and of a person what its type holds."""
    fields = {name: natives.get(str(one), one) if name in REFS else one for name, one in release.fields.items()}
    if release.kind == "person":
        fields = {name: one for name, one in fields.items() if name in HELD[resource.partition("/")[0]]}
    if release.kind == "assignment" and "unit" not in fields:
        fields.pop("service", None)  # whose service it is stands with the unit alone
    return fields


def differences(unit: Unit) -> list[tuple[str, str, Any, Any]]:
    made, resources, names = written(unit)
    readings = told(resources)
    natives = {item: _named(native, names) for item, native in made.natives.items()}
    wrong = []
    for release in unit.releases:
        place = names[made.sits[release.id]]
        found = readings[release.kind, natives[release.id]].fields
        for name, value in expected(release, natives, place).items():
            if found.get(name) != value:
                wrong.append((release.kind, name, value, found.get(name)))
        extra = found.keys() - release.fields.keys()
        wrong.extend((release.kind, name, None, found[name]) for name in extra)
    return wrong


def _named(native: str, names: dict[str, str]) -> str:
    place, found, rest = native.partition("/") if native.startswith("urn:") else (native, "", "")
    return f"{names.get(place, place)}{found}{rest}"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_written_is_read_back_as_it_was_released_and_nothing_more(seed: int) -> None:
    assert differences(child(Random(seed))) == []


def test_the_law_finds_what_is_lost_or_added(monkeypatch: pytest.MonkeyPatch) -> None:
    from gateway_fhir_r4 import fill_care  # noqa: PLC0415

    planted = {
        "put_period": lambda *_: None,
        "put_state": lambda *_, **__: None,
        "put_words": lambda resource, name, text, *, required=False: resource.update({name: {"text": "x"}}),
    }
    for name, broken in planted.items():
        with monkeypatch.context() as patch:
            patch.setattr(fill_care, name, broken)
            assert any(differences(one) for one in children(30)), name


def test_every_field_that_is_declared_is_in_the_model_and_drawn() -> None:
    drawn: dict[str, set[str]] = {}
    for unit in children(300):
        for release in unit.releases:
            drawn.setdefault(release.kind, set()).update(release.fields)
    for kind, fields in CARRIES.items():
        assert fields <= FACETS[kind].keys()
        assert fields - drawn[kind] <= {"categories", "units", "level_from", "level_to"}, kind


def changed(unit: Unit, chance: Random) -> list[tuple[Release, dict[str, Any]]]:
    """For each item of a child a change of some fields to what another child has, or to nothing."""
    other = {one.kind: one for one in child(chance, 1).releases}
    found = []
    for release in unit.releases:
        twin = other.get(release.kind)
        if twin is None or release.kind in {"consent", "assignment"} or "role" in release.fields:
            continue
        names = [name for name in twin.fields if name not in {"subject", "role"} and chance.random() < 0.6]
        news = {name: twin.fields[name] for name in names}
        found.append((release, news))
    return found


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_a_change_writes_what_changed_and_leaves_the_rest(seed: int) -> None:
    chance = Random(seed)
    unit = child(chance)
    made, resources, names = written(unit)
    natives = {item: _named(native, names) for item, native in made.natives.items()}
    for resource in resources.values():
        resource["meta"] = {"versionId": "1", **resource["meta"]}
        resource["text"] = {"status": "generated", "div": "<div xmlns='http://www.w3.org/1999/xhtml'>x</div>"}
    for release, news in changed(unit, chance):
        place = names[made.sits[release.id]]
        before = copy.deepcopy(resources[place])
        fields = {**release.fields, **news}
        again = replace(
            release, fields=fields, changed=tuple(news), native_id=natives[release.id], parts=(),
            case_native_id=natives[unit.root.id],
        )  # fmt: skip
        there = There(resources=resources, of_item={f"plan of {unit.root.id}": place})
        composed = compose(Unit(key="k", releases=(again,)), RULES, there)
        assert resources[place] == before, "what is there is not touched before it is sent"
        after = composed.drafts[place].resource if news else before
        assert after.get("text") == before["text"]
        was = next(one.fields for one in read(before, RULES) if one.kind == release.kind)
        now = next(one.fields for one in read(after, RULES) if one.kind == release.kind)
        for name in {*was, *now} - news.keys() - {"closed_on"}:
            assert now.get(name) == was.get(name), (release.kind, name)
        for name, value in news.items():
            if name != "closed_on" and not (name == "closing_note" and "status" not in fields):
                assert now.get(name) == value, (release.kind, name)


@pytest.mark.parametrize("kind", ["goal", "measure", "concern", "case"])
def test_fields_that_are_taken_back_are_read_no_more(kind: str) -> None:
    seen = 0
    for unit in children(40):
        release = next((one for one in unit.releases if one.kind == kind), None)
        if release is None:
            continue
        made, resources, names = written(unit)
        place = names[made.sits[release.id]]
        gone = tuple(name for name in release.fields if name != "subject")
        emptied = replace(
            release, fields=dict.fromkeys(gone), changed=gone, native_id=place, parts=(), case_native_id="Patient/p",
        )  # fmt: skip
        there = There(resources=resources, of_item={f"plan of {release.id}": place})
        composed = compose(Unit(key="k", releases=(emptied,)), RULES, there)
        after = next(one for one in read(composed.drafts[place].resource, RULES) if one.kind == kind)
        assert set(after.fields) <= {"subject"}, (kind, after.fields)
        seen += 1
    assert seen > 5


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"categories": ["concern"]}, "fhir.narrowing", "$.categories"),
        ({"units": ["skole-2"]}, "fhir.narrowing", "$.units"),
        ({"level_to": 2}, "fhir.narrowing", "$.level_to"),
        ({"excluded": [{"service": None, "category": "child_voice"}]}, "fhir.narrowing", "$.excluded"),
        ({"services": ["police"]}, "fhir.code", "$.services"),
        ({"services": []}, "fhir.missing", "$.services"),
        ({"purpose": "statistics"}, "fhir.code", "$.purpose"),
        ({"decision": None}, "fhir.missing", "$.decision"),
        ({"by": "nobody"}, "fhir.missing", "$.by"),
    ],
)
def test_a_consent_is_never_written_more_widely_than_it_was_given(change: Any, code: str, path: str) -> None:
    unit = next(one for one in children(50) if one.releases[-1].fields.get("decision") == "given")
    consent = unit.releases[-1]
    wider = replace(consent, fields={**consent.fields, **change})
    with pytest.raises(Refused) as caught:
        written(replace(unit, releases=(*unit.releases[:-1], wider)))
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    ("kind", "lacking", "path"),
    [("concern", "flags", "$.flags"), ("plan", "plan_categories", "$.plan_categories")],
)
def test_what_the_settings_have_no_code_for_is_refused(kind: str, lacking: str, path: str) -> None:
    options = {name: one for name, one in OPTIONS.items() if name != lacking}
    unit = next(one for one in children(50) if any(release.kind == kind for release in one.releases))
    with pytest.raises(Refused) as caught:
        written(unit, convert(options, type(RULES)))
    assert caught.value.path == path


def test_of_an_employee_no_number_is_written() -> None:
    maker = Maker(Random(1), 1)
    nurse = maker.person("employee", "nurse", 50)
    told_more = replace(nurse, fields={**nurse.fields, "number": "17908599950", "birth_date": "1985-10-17"})
    _, resources, _ = written(Unit(key="k", releases=(told_more,)))
    (resource,) = resources.values()
    assert resource["resourceType"] == "Practitioner"
    assert "17908599950" not in str(resource)
    assert "birthDate" not in resource
