"""A REST service: what is asked of it, what is told, and what becomes of changes."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from gateway_oneroster.school import SECRETS, Klass, Person, Place, School, Town, town, user_record
from gateway_oneroster.standin import StandIn
from roster_bench import AT, at_service, drain, service, told_by
from service_scenes import SMALL, Clock, ids, of_kind

from gateway.core.model import check
from gateway.sdk.testing import Watch


@pytest.fixture
def clock():
    return Clock()


def test_a_school_owner_is_told_whole_and_fits_the_model():
    with service(SMALL, most=4) as standin:
        source = at_service(standin, page_records=3)
        readings, faults = told_by(source, drain(source)[0])
        assert faults == []
        for one in readings:
            check(one.kind, one.fields)
        assert {one.fields.get("role") for one in of_kind(readings, "enrolment")} == {"pupil", "contact_teacher"}
        assert sum(one.whole for one in readings) == 6
        assert source.health() is None


# what is asked


def test_only_what_is_needed_is_asked_for_and_never_by_a_number_in_an_address():
    with service(SMALL) as standin:
        drain(at_service(standin))
        asked = {urlsplit(one).path.rpartition("/")[2]: parse_qs(urlsplit(one).query) for one in standin.asked}
        assert set(asked) == {"orgs", "classes", "users", "enrollments"}
        users = set(asked["users"]["fields"][0].split(","))
        assert users == {
            "sourcedId", "status", "dateLastModified", "givenName", "familyName", "roles", "agents", "identifier",
        }  # fmt: skip
        assert not [one for one in standin.asked for pupil in SMALL.pupils if pupil.number in one]


def test_telephones_marks_and_absence_get_into_no_record_even_when_a_service_sends_all_it_has():
    watch = Watch()
    with service(SMALL) as standin:
        source = at_service(standin, select=False, watch=watch, language_key="sprak", birth_date_key="fodt")
        found, cursor = drain(source)
        told, _ = told_by(source, found)
        seen = json.dumps([raw.body for raw in found]) + str(told) + str(cursor) + "".join(watch.heard())
        assert SMALL.pupils[0].given in seen
        assert [one for one in SECRETS if one in seen] == []


def test_of_teachers_only_contact_teachers_are_told_and_never_with_a_number():
    told = Town(
        schools=(School(id="s", name="Skole"),),
        classes=(Klass(id="b", title="7A", school="s"), Klass(id="f", title="MAT", school="s", kind="lessons")),
        pupils=(Person(id="p", given="Nora", family="Berg", number="17908599950", schools=("s",)),),
        teachers=(
            Person(id="leder", given="Ane", family="Lie", number="06821099739"),
            Person(id="timelærer", given="Bo", family="Vik", number="06821099739"),
            Person(id="fag", given="Eva", family="Dahl", number="06821099739"),
        ),
        places=(
            Place(klass="b", person="p"), Place(klass="f", person="p"),
            Place(klass="b", person="leder", role="teacher", leads=True),
            Place(klass="b", person="timelærer", role="teacher"),
            Place(klass="f", person="fag", role="teacher", leads=True),
        ),
    )  # fmt: skip
    with service(told) as standin:
        found, _ = drain(at_service(standin))
        seen = str([raw.body for raw in found])
        assert "leder" in seen
        assert not [one for one in ("timelærer", "fag", "Vik", "Dahl", "MAT", "06821099739") if one in seen]
        everybody = str([raw.body for raw in drain(at_service(standin, homeroom="all"))[0]])
        assert "timelærer" in everybody
        assert "leder" not in str([raw.body for raw in drain(at_service(standin, homeroom="none"))[0]])


@pytest.mark.parametrize(
    ("numbers", "record", "number"),
    [
        (["identifier"], {"identifier": "17908599950"}, "17908599950"),
        (["identifier"], {"identifier": "179085 99950"}, "17908599950"),
        (["userMasterIdentifier", "identifier"], {"identifier": "17908599950"}, "17908599950"),
        (["userIds:fnr"], {"userIds": [{"type": "Feide", "identifier": "x@y.no"},
                                       {"type": "fnr", "identifier": "17908599950"}]}, "17908599950"),
        (["userIds:fnr"], {"userIds": [{"type": "Feide", "identifier": "x@y.no"}]}, None),
        (["metadata:no.fnr"], {"metadata": {"no.fnr": "17908599950"}}, "17908599950"),
        (["metadata:no.fnr"], {"metadata": {"no": {"fnr": "17908599950"}}}, "17908599950"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("dialect", ["1.2", "1.1"])
def test_a_person_number_is_read_from_where_the_settings_say(numbers, record, number, dialect):
    with StandIn(dialect=dialect, now=lambda: AT) as standin:
        plain = user_record(Person(id="p", given="Nora", family="Berg"), "student", Town(), dialect)
        standin.put("users", plain | record)
        source = at_service(standin, numbers=numbers)
        (one,) = of_kind(told_by(source, drain(source)[0])[0], "person")
        assert one.fields.get("number") == number


def test_a_number_that_is_none_refuses_the_pupil_and_is_only_left_out_of_a_guardian():
    base = town(seed=3, classes=1, pupils=2)
    with service(base) as standin:
        standin.put("users", {"sourcedId": "p0", "identifier": "12345"})
        standin.put("users", {"sourcedId": "g1a", "identifier": "17908599951"})
        source = at_service(standin)
        readings, faults = told_by(source, drain(source)[0])
        assert faults == [("identity.length", "$.number")]
        (pupil,) = [one for one in of_kind(readings, "person") if one.id == "p1"]
        assert pupil.doubts == (("identity.checksum", "$.adults[0].number"),)
        assert "number" not in next(one for one in readings if one.id == "g1a").fields


# what has changed


def test_after_the_first_time_only_what_has_changed_is_asked_for_and_told_whole(clock):
    with service(SMALL, now=clock) as standin:
        source = at_service(standin)
        found, cursor = drain(source)
        assert len(ids(found)) == 6
        clock.forward(hours=1)
        again, cursor = drain(source, cursor)
        assert again == []
        assert all("dateLastModified%3E%3D" in one for one in standin.asked[-4:])
        clock.forward(hours=1)
        standin.put("users", {"sourcedId": "p1", "familyName": "Nyhus"})
        found, cursor = drain(source, cursor)
        assert ids(found) == ["p1"]
        (reading, *rest) = source.read(found[-1])
        assert reading.fields["family_name"] == "Nyhus"
        assert reading.whole
        assert len(rest) == 6, "a school, a class, two guardians, a contact teacher as a person and as one"
        clock.forward(minutes=2)
        again, cursor = drain(source, cursor)
        assert again == [], "what the overlap brings once more is no news"


@pytest.mark.parametrize(
    ("change", "heard"),
    [
        (lambda one: one.put("users", {"sourcedId": "t0-0", "familyName": "Nyhus"}), {"p0", "p1", "p2"}),
        (lambda one: one.put("users", {"sourcedId": "g4a", "familyName": "Nyhus"}), {"p4"}),
        (lambda one: one.put("classes", {"sourcedId": "b0-1", "title": "2B"}), {"p3", "p4", "p5"}),
        (lambda one: one.put("orgs", {"sourcedId": "s0", "name": "Ny skole"}), {f"p{at}" for at in range(6)}),
        (lambda one: one.delete("enrollments", "b0-0|t0-0"), {"p0", "p1", "p2"}),
        (lambda one: one.delete("enrollments", "b0-0|p1"), {"p1"}),
        (lambda one: one.delete("users", "p2"), {"p2"}),
        (lambda one: one.delete("classes", "b0-0"), {"p0", "p1", "p2"}),
        (lambda one: one.put("enrollments", {"sourcedId": "f0-0|p1", "endDate": "2026-12-01"}), {"p1"}),
    ],
)
def test_a_change_is_told_of_every_child_whose_record_it_changes(clock, change, heard):
    with service(SMALL, now=clock) as standin:
        source = at_service(standin)
        _, cursor = drain(source)
        clock.forward(hours=1)
        change(standin)
        found, _ = drain(source, cursor)
        assert set(ids(found)) == heard
        fresh = at_service(standin)
        truth = {raw.id: raw for raw in drain(fresh)[0]}
        assert [raw for raw in found if raw.kind == "person"] == [truth[name] for name in ids(found)]
        source.close()
        later = {raw.id: raw for raw in drain(at_service(standin), cursor)[0] if raw.kind == "person"}
        people = {name: raw for name, raw in truth.items() if raw.kind == "person"}
        assert later in ({name: people[name] for name in heard}, people), "a new process tells the same, or all"


LARGE = town(seed=2, classes=6, pupils=8)
PIECES = [
    ("a pupil", lambda one: one.put("users", {"sourcedId": "p1", "familyName": "Nyhus"}), {"p1"}, 60),
    ("a guardian", lambda one: one.put("users", {"sourcedId": "g4a", "familyName": "Nyhus"}), {"p4"}, 60),
    ("a pupil who left a class", lambda one: one.delete("enrollments", "b0-0|p1"), {"p1"}, 60),
    ("a pupil who is gone", lambda one: one.delete("users", "p2"), {"p2"}, 60),
    ("a class's teacher", lambda one: one.delete("enrollments", "b0-0|t0-0"), {f"p{at}" for at in range(8)}, 100),
    ("a teacher's name", lambda one: one.put("users", {"sourcedId": "t0-0", "familyName": "Ny"}),
     {f"p{at}" for at in range(8)}, 100),
]  # fmt: skip


@pytest.mark.parametrize(("what", "change", "heard", "rows"), PIECES, ids=[row[0] for row in PIECES])
def test_a_new_process_asks_for_those_whom_a_change_touches_and_reads_nobody_else(clock, what, change, heard, rows):
    """By the cursor alone, as every round by cron: counted in requests and in rows that the service gave."""
    with service(LARGE, now=clock) as standin:
        clock.forward(hours=1)  # what is there was made some time ago
        before = at_service(standin)
        found, cursor = drain(before)
        whole, asked = standin.given, len(standin.asked)
        assert whole > 200
        before.close()
        for at in range(2):
            clock.forward(hours=1)
            if at:
                change(standin)
            standin.given, asked = 0, len(standin.asked)
            process = at_service(standin)
            found, cursor = drain(process, cursor)
            process.close()
            if not at:
                assert (found, standin.given, len(standin.asked) - asked) == ([], 0, 4), "nothing new is four questions"
        assert set(ids(found)) == heard
        assert standin.given <= rows < whole / 2, what
        truth = {raw.id: raw for raw in drain(at_service(standin, delta=False))[0]}
        assert [raw for raw in found if raw.kind == "person"] == [truth[name] for name in ids(found)]


@pytest.mark.parametrize("how", ["refuses", "ignores", "is told not to"])
def test_where_a_service_does_not_answer_by_ids_a_new_process_reads_all(clock, how):
    with service(SMALL, now=clock) as standin:
        clock.forward(hours=1)
        _, cursor = drain(at_service(standin))
        clock.forward(hours=1)
        standin.put("users", {"sourcedId": "p1", "familyName": "Nyhus"})
        standin.by_id = "yes" if how == "is told not to" else how
        found, _ = drain(at_service(standin, pieces=how != "is told not to"), cursor)
        assert set(ids(found)) == {f"p{at}" for at in range(6)}


def test_more_than_a_few_changes_are_read_with_all_the_rest(clock):
    with service(LARGE, now=clock) as standin:
        clock.forward(hours=1)
        _, cursor = drain(at_service(standin))
        clock.forward(hours=1)
        for at in range(41):
            standin.put("users", {"sourcedId": f"p{at}", "familyName": "Nyhus"})
        found, _ = drain(at_service(standin), cursor)
        assert len(ids(found)) == 48


def test_a_pupil_who_is_deleted_there_is_told_without_a_place(clock):
    with service(SMALL, now=clock) as standin:
        source = at_service(standin)
        _, cursor = drain(source)
        clock.forward(hours=1)
        standin.delete("users", "p2")
        found, _ = drain(source, cursor)
        (raw,) = [one for one in found if one.kind == "person"]
        assert [(one.kind, one.id, one.fields, one.whole) for one in source.read(raw)] == [("person", "p2", {}, True)]


def test_a_change_is_heard_again_when_it_was_not_kept(clock):
    with service(SMALL, now=clock) as standin:
        source = at_service(standin)
        _, cursor = drain(source)
        clock.forward(hours=1)
        standin.delete("enrollments", "b0-0|t0-0")
        first, _ = drain(source, cursor)
        clock.forward(seconds=5)
        again, _ = drain(source, cursor)
        assert ids(first) == ids(again) == ["p0", "p1", "p2"]


def test_what_vanished_without_a_word_is_seen_at_the_next_reading_of_all(clock):
    with service(SMALL, now=clock) as standin:
        source = at_service(standin)
        _, cursor = drain(source)
        standin.vanish("enrollments", "b0-0|p1")
        clock.forward(hours=1)
        found, cursor = drain(source, cursor)
        assert found == []
        clock.forward(hours=24)
        found, _ = drain(source, cursor)
        (raw,) = [one for one in found if one.id == "p1"]
        assert [one["id"] for one in raw.body["places"]] == ["s0|p1"]


def test_a_service_made_from_fint_is_read_whole_every_time_and_its_times_change_no_record(clock):
    with service(SMALL, dialect="1.1", now=clock) as standin:
        source = at_service(standin)
        first, cursor = drain(source)
        clock.forward(hours=1)
        again, _ = drain(source, cursor)
        assert first == again
        assert not [one for one in standin.asked if "filter" in one]


@pytest.mark.parametrize("stop", [1, 3, 5])
def test_a_reading_that_was_cut_short_begins_anew_in_a_new_process(stop):
    with service(SMALL) as standin:
        everything, _ = drain(at_service(standin))
        source, cursor, found = at_service(standin, page_records=2), None, []
        for _ in range(stop):
            page = source.fetch(cursor)
            found += page.records
            cursor = page.cursor
        found += drain(at_service(standin, page_records=2), cursor)[0]
        assert {raw.id for raw in found} == {raw.id for raw in everything}


# a sloppy or hostile service
