"""One school owner in five formats is one result: OneRoster 1.2 and 1.1 over REST and in files, and PIFU-IMS."""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from gateway_oneroster.school import Klass, Person, Place, School, Town, bundle, number_of, town
from hypothesis import given, settings
from hypothesis import strategies as st
from roster_bench import AT, DAY, at_folder, at_service, pifu, put, service, whole

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "pifu-ims" / "tests"))
pifu_bench = pytest.importorskip("pifu_bench", reason="the plugin pifu-ims is not there")

NAMES = st.sampled_from(("Nora", "Máret", "Åse-Lill", "Ole Jørgen", "O'Neil", "Æ", "Nowak, Jakub", 'Ida "Iben"'))
DAYS = st.none() | st.integers(-400, 400).map(lambda days: DAY + timedelta(days=days))


@st.composite
def places(draw, klass, person, **more):
    since, until = draw(DAYS), draw(DAYS)
    if since is not None and until is not None and until < since:
        since, until = until, since
    return Place(klass=klass, person=person, since=since, until=until, **more)


@st.composite
def towns(draw):
    schools = [
        School(id=f"s{at}", name=f"Skole {at}", number=draw(st.sampled_from((None, "974760673", "889640782"))))
        for at in range(draw(st.integers(1, 2)))
    ]
    classes = [
        Klass(
            id=f"b{at}",
            title=draw(st.sampled_from(("1A", "10 B", "Ørn"))),
            school=draw(st.sampled_from(schools)).id,
            kind=draw(st.sampled_from(("basic", "contact", "lessons"))),
        )
        for at in range(draw(st.integers(1, 3)))
    ]
    guardians = [
        Person(id=f"g{at}", given=draw(NAMES), family=draw(NAMES), number=number_of(at, since=1980))
        for at in range(draw(st.integers(0, 3)))
    ]
    teachers = [Person(id=f"t{at}", given=draw(NAMES), family=draw(NAMES)) for at in range(draw(st.integers(0, 3)))]
    pupils = [
        Person(
            id=f"p{at}",
            given=draw(NAMES),
            family=draw(NAMES),
            number=draw(st.sampled_from((None, number_of(at)))),
            born=DAY - timedelta(days=3_000 + at),
            schools=tuple(sorted({draw(st.sampled_from(schools)).id for _ in range(draw(st.integers(1, 2)))})),
            guardians=tuple(sorted({one.id for one in guardians if draw(st.booleans())})),
        )
        for at in range(draw(st.integers(1, 4)))
    ]
    named = {one for pupil in pupils for one in pupil.guardians}
    rows = [draw(places(klass.id, pupil.id)) for klass in classes for pupil in pupils if draw(st.booleans())]
    rows += [
        draw(places(klass.id, one.id, role="teacher", leads=draw(st.booleans())))
        for klass in classes
        for one in teachers
        if draw(st.booleans())
    ]
    return Town(
        schools=tuple(schools), classes=tuple(classes), pupils=tuple(pupils),
        guardians=tuple(one for one in guardians if one.id in named), teachers=tuple(teachers), places=tuple(rows),
    )  # fmt: skip


def in_files(told, version, **options):
    with tempfile.TemporaryDirectory() as where:
        put(Path(where), bundle(told, version))
        return whole(at_folder(where, birth_dates=True, **options))


def in_pifu(told):
    with tempfile.TemporaryDirectory() as where:
        pifu_bench.put(Path(where), pifu(told))
        return whole(pifu_bench.adapter(where))


def over_rest(told, dialect, **options):
    with service(told, dialect=dialect, most=5) as standin:
        source = at_service(standin, birth_dates=dialect == "1.2", limit=7, page_records=2, **options)
        found = whole(source)
        source.close()
        return found


def without_what_fint_lacks(told):
    """What a service made from FINT does not tell is not there: no periods, and who leads a basis group."""
    leads = [one for one in told.places if one.role == "pupil" or kind_of(told, one.klass) != "basic"]
    open_ended = [Place(klass=one.klass, person=one.person, role=one.role) for one in leads]
    return Town(
        schools=told.schools, classes=told.classes, pupils=told.pupils, guardians=told.guardians,
        teachers=told.teachers, places=tuple(open_ended), period=(None, None),
    )  # fmt: skip


def kind_of(told, klass):
    return next(one.kind for one in told.classes if one.id == klass)


def without(found, *names):
    return {
        key: ({name: value for name, value in fields.items() if name not in names}, service_, about)
        for key, (fields, service_, about) in found.items()
    }


@settings(max_examples=25, deadline=None)
@given(towns())
def test_the_same_school_owner_is_told_alike_in_every_format(told):
    expected = over_rest(told, "1.2")
    assert in_files(told, "1.2") == expected
    assert in_pifu(told) == expected
    # Version 1.1 in files has no period for a place at a school.
    at_school = {key for key in expected if key[0] == "enrolment" and key[1].split("|")[0].startswith("s")}
    csv = in_files(told, "1.1")
    assert {key: one for key, one in csv.items() if key not in at_school} == {
        key: one for key, one in expected.items() if key not in at_school
    }
    plain = ("since", "until", "status")
    assert without(csv, *plain).keys() == without(expected, *plain).keys()


@settings(max_examples=15, deadline=None)
@given(towns())
def test_a_service_made_from_fint_tells_the_same_but_what_it_has_not(told):
    told = without_what_fint_lacks(told)
    assert over_rest(told, "1.1") == without(in_pifu(told), "birth_date")


def test_the_comparison_catches_a_last_day_that_is_read_as_the_day_after(monkeypatch):
    told = town(seed=1, classes=1, pupils=2)
    expected = in_pifu(told)
    assert over_rest(told, "1.2") == expected
    monkeypatch.setattr("gateway_oneroster.rows.last_day", lambda end: end)
    assert over_rest(told, "1.2") != expected
    assert AT.date() == DAY
