"""A school's export tells where a child goes to school and whom to ask; it never tells who may decide for the child."""

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from gateway_pifu_ims import PifuIms
from pifu_bench import (
    ABSENCE,
    PROTECTED_STREET,
    SOURCE,
    Log,
    adapter,
    all_of,
    enterprise,
    group,
    member,
    membership,
    number_of,
    organisation,
    person,
    put,
    readings,
    school,
    sourcedid,
)

from gateway.core.model import check
from gateway.sdk import Fault, Misconfigured, Raw, Refused

UNITS = group("eier", "skoleeier", "Lillevik kommune", "eier") + group(
    "skole", "skole", "Lillevik skole", "eier", more=organisation("NO974760673")
)
CHILD = "17908599950"


def told(folder, *parts, kind="full", **options):
    put(folder, enterprise(*parts, kind=kind))
    source = adapter(folder, **options)
    return readings(source, all_of(source)[0])


def of_kind(found, kind):
    return [one for one in found if one.kind == kind]


def test_the_entry_point_leads_to_the_adapter():
    (entry,) = entry_points(group="gateway", name="pifu-ims")
    assert entry.load().gateway_adapters() == [PifuIms]


def test_a_generated_school_is_told_whole_and_fits_the_model(tmp_path):
    put(tmp_path, school(100, seed=1))
    source = adapter(tmp_path, page_records=70)
    found, faults = readings(source, all_of(source)[0])
    assert faults == []
    for one in found:
        check(one.kind, one.fields)
    persons = of_kind(found, "person")
    places = of_kind(found, "enrolment")
    assert sum("number" in one.fields for one in persons) == 100
    assert sum(one.fields.get("role") == "guardian" for one in persons) == 200
    assert len({one.id.partition("|")[0] for one in persons if one.fields.get("role") == "employee"}) == 4
    assert sum(one.fields["role"] == "pupil" for one in places) == 300
    assert sum(one.fields["role"] == "contact_teacher" for one in places) == 100
    assert {one.fields["unit"] for one in places} == {"974760673"}
    assert len({(one.kind, one.id) for one in found}) == len(found)


def test_the_sample_is_read_whole(tmp_path):
    put(tmp_path, (Path(__file__).resolve().parents[1] / "samples" / "lillevik.xml").read_bytes())
    source = adapter(tmp_path)
    found, faults = readings(source, all_of(source)[0])
    kinds = [one.kind for one in found]
    assert {kind: kinds.count(kind) for kind in kinds} == {"unit": 2, "person": 3, "enrolment": 4}
    assert faults == []


@pytest.mark.parametrize("kind", ["person", "enrolment", "unit", "case"])
@pytest.mark.parametrize("body", [b"", b"<a/>", None, [], 7, "x", {}, {"id": []}, {"role": ["pupil"]}, ["a", "b"]])
def test_a_record_that_makes_no_sense_is_a_fault(tmp_path, kind, body):
    with pytest.raises(Fault, match=r"^roster\.(body|kind) at \$"):
        adapter(tmp_path).read(Raw(kind=kind, id="x", body=body))


def test_what_somebody_could_be_found_by_is_not_taken_unless_it_is_declared(tmp_path):
    put(tmp_path, school(100, seed=1))
    kept = str(all_of(adapter(tmp_path))[0])
    for word in (PROTECTED_STREET, "Storgata", "@lillevik.example", "+479", "0001", "fraværsmerknad"):
        assert word not in kept


@pytest.mark.parametrize(
    ("named", "fields"),
    [
        ("pupil.phone", {"phone": "+4790000000"}),
        ("pupil.email", {"email": "a@b.no"}),
        ("pupil.address", {"address": "Oppgang B, Storgata 1, Postboks 7", "postal_code": "0001", "city": "Lillevik"}),
        ("guardian.phone", {}),
    ],
)
def test_just_the_contact_details_that_are_declared_are_taken(tmp_path, named, fields):
    reach = (
        '<email>a@b.no</email><tel teltype="1">+4770000000</tel><tel teltype="3">+4790000000</tel><adr><pobox>7</pobox>'
        "<extadd>Oppgang B</extadd><street>Storgata 1</street><locality>Lillevik</locality><pcode>0001</pcode></adr>"
    )
    parts = (person("p1", "Nora", "Berg", number=CHILD, more=reach), UNITS, membership("skole", member("p1")))
    (one,) = of_kind(told(tmp_path, *parts, contact=[named])[0], "person")
    assert one.fields == {"number": CHILD, "given_name": "Nora", "family_name": "Berg"} | fields


def test_a_guardian_is_a_person_and_never_a_relation(tmp_path):
    more = f'<extension><pifu_hasContactPerson type="guardian">{sourcedid("g1")}</pifu_hasContactPerson>'
    more += f'<pifu_hasContactPerson type="nextOfKin">{sourcedid("g2")}</pifu_hasContactPerson></extension>'
    found, _ = told(
        tmp_path,
        person("g1", "Kari", "Berg", number="06821099739"),
        person("p1", "Nora", "Berg", number=CHILD, more=more),
        person("g2", "Per", "Berg"),
        UNITS,
        membership("skole", member("p1")),
    )
    guardian = next(one for one in found if one.id == "g1")
    assert guardian.fields["role"] == "guardian"
    assert guardian.about == ["p1"]
    assert {one.kind for one in found} == {"person", "unit", "enrolment"}
    assert "g2" not in {one.id for one in found}
    assert not any("responsibility" in one.fields for one in found)


def test_only_pupils_guardians_and_contact_teachers_are_taken(tmp_path):
    found, _ = told(
        tmp_path,
        *(person(native, "Ane", "Lie", number=CHILD) for native in ("rektor", "faglaerer", "kontakt", "ukjent")),
        person("p1", "Nora", "Berg", number=CHILD),
        UNITS,
        group("k1", "kontaktlærergruppe", "Kontakt 1", "skole"),
        membership("skole", member("rektor", "05") + member("faglaerer", "02") + member("p1")),
        membership("k1", member("kontakt", "02") + member("p1")),
    )
    persons = {one.id: one.fields for one in of_kind(found, "person")}
    assert persons["kontakt|p1"] == {"given_name": "Ane", "family_name": "Lie", "role": "employee"}
    assert set(persons) == {"kontakt|p1", "p1"}
    (contact,) = [one for one in found if one.fields.get("role") == "contact_teacher"]
    assert (contact.fields["person"], contact.about) == ("kontakt|p1", ["p1"])


def test_a_delta_may_tell_of_a_person_alone(tmp_path):
    parts = (person("p1", "Nora", "Berg", number=CHILD), person("t1", "Ane", "Lie"), UNITS)
    found, _ = told(tmp_path, *parts, membership("skole", member("t1", "02")), kind="delta")
    assert [one.id for one in of_kind(found, "person")] == ["p1"]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (member("p1"), "active"),
        (member("p1", status="0"), "ended"),
        (member("p1", since="2027-08-16", until="2028-06-16"), "planned"),
        (member("p1", since="2025-08-18", until="2026-06-19"), "ended"),
        (member("p1", until="2026-11-21"), "active"),
    ],
)
def test_a_place_is_active_planned_or_ended_on_the_day_of_the_export(tmp_path, role, status):
    found, _ = told(tmp_path, person("p1", "Nora", "Berg"), UNITS, membership("skole", role))
    assert of_kind(found, "enrolment")[0].fields["status"] == status


def test_a_child_who_changes_school_ends_at_one_and_begins_at_another(tmp_path):
    found, _ = told(
        tmp_path,
        person("p1", "Nora", "Berg", number=CHILD),
        UNITS + group("ny", "skole", "Storevik skole", "eier", more=organisation("889640782")),
        membership("skole", member("p1", until="2026-10-30", status="0")),
        membership("ny", member("p1", since="2026-11-02")),
    )
    assert [(one.fields["unit"], one.fields["status"]) for one in of_kind(found, "enrolment")] == [
        ("974760673", "ended"), ("889640782", "active"),
    ]  # fmt: skip


def test_a_pupil_who_is_deleted_there_has_no_place_any_more(tmp_path):
    found, _ = told(
        tmp_path,
        person("p1", "Nora", "Berg", attributes=' recstatus="3"'),
        UNITS,
        membership("skole", member("p1", recstatus="3")),
        kind="delta",
    )
    (one,) = [one for one in found if one.kind != "unit"]
    assert (one.kind, one.id, one.fields, one.whole) == ("person", "p1", {}, True)


def test_a_place_that_is_deleted_there_has_ended_and_a_delta_ends_no_other(tmp_path):
    parts = (person("p1", "Nora", "Berg"), UNITS, membership("skole", member("p1", recstatus="3")))
    found, _ = told(tmp_path, *parts, kind="delta")
    assert [one.fields["status"] for one in of_kind(found, "enrolment")] == ["ended"]
    assert [one.whole for one in of_kind(found, "person")] == [False]


def test_references_by_a_former_id_follow_to_the_one_that_holds_now(tmp_path):
    both = sourcedid("old", ' sourcedidtype="Old"') + sourcedid("new", ' sourcedidtype="New"')
    found, _ = told(
        tmp_path, person(both, "Nora", "Berg", number=CHILD), UNITS, membership("skole", member("old") + member("new"))
    )
    assert {one.fields["person"] for one in of_kind(found, "enrolment")} == {"new"}
    assert [one.id for one in of_kind(found, "person")] == ["new"]


def test_an_id_from_elsewhere_keeps_its_source(tmp_path):
    head = "<sourcedid><source>other</source><id>7</id></sourcedid>"
    parts = (UNITS, membership("skole", member("7").replace(SOURCE, "other")))
    found, _ = told(tmp_path, person(head, "Nora", "Berg"), *parts)
    assert [one.id for one in of_kind(found, "person")] == ["other/7"]


def test_groups_say_class_grade_and_after_school(tmp_path):
    kinds = {"b": "basisgruppe", "t": "trinn", "s": "sfo", "f": "fag", "sp": "språkopplæring", "e": "elevråd"}
    found, _ = told(
        tmp_path,
        person("p1", "Nora", "Berg"),
        UNITS,
        *(group(native, kind, f"N{native}", "skole") for native, kind in kinds.items()),
        *(membership(native, member("p1")) for native in kinds),
    )
    assert [
        (one.fields.get("group_type"), one.fields.get("group"), one.fields.get("grade"), one.service)
        for one in of_kind(found, "enrolment")
    ] == [("basic", "Nb", None, None), (None, "Nt", "Nt", None), (None, "Ns", None, "sfo")]


BAD = person("p1", "Nora", "Berg", number=CHILD)
NO_ID = "<person><name><fn>x</fn><n><family>x</family><given>x</given></n></name></person>"


@pytest.mark.parametrize(
    ("parts", "code", "path"),
    [
        ((BAD, UNITS, membership("skole", member("p1", since="2027-01-01", until="2026-01-01"))), "pifu.period", "file-1:1:1"),
        ((BAD, UNITS, membership("skole", member("p1", since="2026-02-30"))), "pifu.date", "file-1:1:1"),
        ((BAD, UNITS, membership("skole", member("p1", status="2"))), "pifu.status", "file-1:1:1"),
        ((BAD, UNITS, membership("gone", member("p1"))), "pifu.group_unknown", "file-1:1:1"),
        ((BAD, UNITS, group("b", "basisgruppe", "7A", "gone"), membership("b", member("p1"))), "pifu.no_school", "file-1:1:1"),
        ((NO_ID, BAD, UNITS), "pifu.id", "file-1:1:1"),
        ((person("p1", "N", "B", number="17908599951"), UNITS, membership("skole", member("p1"))), "identity.checksum", "$.number"),
        ((person("p1", "N", "B", number="123"), UNITS, membership("skole", member("p1"))), "identity.length", "$.number"),
    ],
)  # fmt: skip
def test_what_is_broken_is_refused_alone_with_code_and_place(tmp_path, parts, code, path):
    found, faults = told(tmp_path, *parts)
    assert faults == [(code, path)]
    assert found


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<!DOCTYPE x><x/>", "xml.doctype"),
        (b"<x/>", "xml.root"),
        (b"", "xml.syntax"),
        (enterprise()[:-20], "xml.syntax"),
        (enterprise(kind="whole"), "pifu.type"),
        (enterprise(made="yesterday"), "pifu.date"),
        (enterprise(*(person(f"p{n}", "N", "B" * 200) for n in range(3_000))), "xml.size"),
    ],
)
def test_a_file_that_is_no_export_is_one_refused_record_and_is_put_away(tmp_path, data, code):
    put(tmp_path, data, name="Kari Nordmann.xml")
    log = Log()
    source = adapter(tmp_path, log=log, max_bytes=600_000)
    records, cursor = all_of(source)
    _, faults = readings(source, records)
    assert [found for found, _ in faults] == [code]
    assert "Kari" not in f"{records}{cursor}{log.lines}{faults}"
    assert [path.name for path in (tmp_path / "done").iterdir()] == ["000001-Kari Nordmann.xml"]


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_pages_of_any_size_and_a_restart_after_each_give_the_same_records(tmp_path, size):
    put(tmp_path, school(8, seed=2))
    expected = all_of(adapter(tmp_path, page_records=10_000))[0]
    for restart in (False, True):
        put(tmp_path, school(8, seed=2))
        source, cursor, found = adapter(tmp_path, page_records=size), None, []
        while True:
            page = source.fetch(cursor)
            found += page.records
            cursor = page.cursor
            if not page.more:
                break
            if restart:
                source.close()
                source = adapter(tmp_path, page_records=size)
        source.close()
        assert found == expected


def test_a_full_export_that_is_suddenly_without_pupils_stops_the_system(tmp_path):
    source = adapter(tmp_path)
    put(tmp_path, school(30, seed=1))
    _, cursor = all_of(source)
    put(tmp_path, enterprise(UNITS), at=2_000)
    with pytest.raises(Refused, match=r"^guard\.emptied at file-2$"):
        source.fetch(cursor)
    put(tmp_path, enterprise(UNITS, kind="delta"), at=3_000)
    assert [raw.kind for raw in source.fetch(cursor).records] == ["unit", "unit"]


def test_absence_and_marks_are_never_kept(tmp_path):
    marks = "<finalresult><mode>Number grade</mode><result>4</result><comments>flink</comments></finalresult>"
    put(
        tmp_path,
        enterprise(
            person("p1", "Nora", "Berg"),
            UNITS,
            membership("skole", member("p1", extra=marks + ABSENCE.replace("17", "1717"))),
        ),
    )
    kept = str(adapter(tmp_path).fetch(None).records)
    for word in ("flink", "Number grade", "1717", "fraværsmerknad", "absence", "result"):
        assert word not in kept


def test_the_same_export_twice_gives_equal_records(tmp_path):
    seen = []
    for at in (1_000, 2_000):
        put(tmp_path, school(30, seed=3), at=at)
        seen.append(all_of(adapter(tmp_path))[0])
    assert seen[0] == seen[1]


def test_options_that_make_no_sense_are_refused(tmp_path):
    for options in ({"contact": ["pupil.shoes"]}, {"unknown": 1}, {"page_records": 0}):
        with pytest.raises(Misconfigured, match=r"^pifu_ims\.options$"):
            adapter(tmp_path, **options)


def test_the_generators_numbers_are_distinct_and_made_up():
    numbers = [number_of(at) for at in range(5_000)]
    assert len(set(numbers)) == 5_000
    assert all(81 <= int(number[2:4]) <= 92 for number in numbers)


def test_a_thousand_pupils_are_read_within_two_seconds(tmp_path, cost):
    put(tmp_path, school(1_000, seed=1))
    seen = []

    def read():
        source = adapter(tmp_path)
        seen.append(readings(source, all_of(source)[0]))

    assert cost(read, below=2) < 2
    found, faults = seen[-1]
    assert len(found) > 6_000
    assert faults == []


def peak_of(folder, pupils):
    folder.mkdir()
    script = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); from pifu_bench import *\n"
        "source, cursor = adapter(sys.argv[2]), None\n"
        "while True:\n"
        "    page = source.fetch(cursor); source.acknowledge([raw.id for raw in page.records], 'kept')\n"
        "    if not page.more: break\n"
        "    cursor = page.cursor\n"
        "print(pathlib.Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )
    put(folder, school(pupils, seed=1))
    here = str(Path(__file__).parent)
    return int(
        subprocess.run([sys.executable, "-c", script, here, str(folder)], capture_output=True, check=True).stdout
    )


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell a process's peak memory")
def test_memory_grows_by_who_is_who_and_not_by_the_file(tmp_path):
    small, large = peak_of(tmp_path / "small", 200), peak_of(tmp_path / "large", 1_200)
    grown = (large - small) * 1024 / 1_000
    assert grown < 6_500  # bytes a pupil with two guardians, of about 8 kB in the file
