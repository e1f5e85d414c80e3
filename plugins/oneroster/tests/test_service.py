"""A REST service: what is asked of it, what becomes of changes, and what a sloppy or hostile one cannot do."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from gateway_oneroster.school import SECRETS, Klass, Person, Place, School, Town, records, town, user_record
from gateway_oneroster.standin import StandIn
from roster_bench import AT, at_service, at_url, drain, service, told_by, whole

from gateway.core.model import check
from gateway.sdk import Fault, Misconfigured, Raw, Refused, Unreachable
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer
from gateway.sdk.testing import Watch

SMALL = town(seed=1, classes=2, pupils=3)


class Clock:
    def __init__(self):
        self.at = AT

    def __call__(self):
        return self.at

    def forward(self, **more):
        self.at += timedelta(**more)


@pytest.fixture
def clock():
    return Clock()


def ids(raws):
    return [raw.id for raw in raws if raw.kind == "person"]


def of_kind(readings, kind):
    return [one for one in readings if one.kind == kind]


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
        later = {raw.id: raw for raw in drain(at_service(standin), cursor)[0]}
        assert later == truth, "a new process reads all, when anything has changed"


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


def test_two_different_records_with_one_id_are_both_refused_and_never_mixed():
    with service(SMALL) as standin:
        other = dict(standin.told["users"]["p1"], givenName="En annen", identifier="06821099739")
        standin.extra["users"].append(other)
        source = at_service(standin)
        readings, faults = told_by(source, drain(source)[0])
        assert ("oneroster.duplicate", "$.users[].sourcedId") in faults
        assert ("oneroster.user_unknown", "$.enrollments[]") in faults
        assert "p1" not in {one.id for one in readings}
        assert "06821099739" not in str(readings)
        assert len([one for one in readings if one.whole]) == 5


def test_the_same_record_twice_is_one():
    with service(SMALL) as standin:
        expected = whole(at_service(standin))
        standin.extra["users"].append(dict(standin.told["users"]["p1"]))
        standin.lies = 0
        assert whole(at_service(standin, totals=False)) == expected


@pytest.mark.parametrize("lies", [-3, 40])
def test_a_service_that_miscounts_stops_the_system_unless_it_is_known_to(lies):
    with service(SMALL) as standin:
        expected = whole(at_service(standin))
        standin.lies = lies
        with pytest.raises(Refused, match=r"^oneroster\.total at \$\."):
            at_service(standin).fetch(None)
        assert whole(at_service(standin, totals=False)) == expected


def test_rows_that_move_while_pages_are_read_are_read_again_until_they_stand_still():
    with service(SMALL, most=4) as standin:
        moves = iter(["a0", "a1"])

        def move():
            name = next(moves, None)
            if name is not None:
                standin.put("users", user_record(Person(id=name, given="A", family="B"), "teacher", SMALL, "1.2"))

        standin.between = move
        source = at_service(standin)
        assert {one.id for one in told_by(source, drain(source)[0])[0] if one.whole} == {f"p{at}" for at in range(6)}
        assert next(moves, None) is None


def test_a_service_that_never_stands_still_is_asked_later():
    with service(SMALL, most=4) as standin:
        count = iter(range(1_000))

        def move():
            record = user_record(Person(id=f"a{next(count):04}", given="A", family="B"), "teacher", SMALL, "1.2")
            standin.put("users", record)

        standin.between = move
        with pytest.raises(Unreachable, match=r"^oneroster\.moving at \$\."):
            at_service(standin).fetch(None)


def test_a_service_that_gives_the_same_page_for_ever_is_left():
    answer = Answer(body=b'{"orgs": [{"sourcedId": "a", "name": "A", "type": "school"}]}')
    with StandIn() as standin:
        standin._own = lambda _: answer
        with pytest.raises(Refused, match=r"^vendor\.paging_loop"):
            at_service(standin).fetch(None)


def test_a_link_to_another_host_is_not_followed():
    answer = Answer(body=b'{"orgs": []}', headers={"Link": '<http://127.0.0.2:1/x>; rel="next"'})
    with StandIn() as standin:
        standin._own = lambda _: answer
        with pytest.raises(Refused, match=r"^http\.elsewhere$"):
            at_service(standin).fetch(None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{}", "vendor.no_records"), (b"[]", "vendor.no_records"), (b'{"orgs": {}}', "vendor.no_records"),
        (b'{"orgs": [}', "json.malformed"), (b'{"orgs": [], "orgs": []}', "json.duplicate"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_refuses_the_reading(body, code):
    with StandIn() as standin:
        standin._own = lambda _: Answer(body=body)
        with pytest.raises(Refused, match=f"^{code}"):
            at_service(standin).fetch(None)


@pytest.mark.parametrize(
    ("name", "record", "code", "path"),
    [
        ("users", {"sourcedId": "p1", "givenName": ["Nora"]}, "oneroster.shape", "$.users[].givenName"),
        ("users", {"sourcedId": "p1", "roles": "student"}, "oneroster.shape", "$.users[].roles"),
        ("users", {"sourcedId": "p1", "status": "gone"}, "oneroster.status", "$.users[].status"),
        ("users", {"sourcedId": "p1", "agents": [7]}, "oneroster.shape", "$.users[].agents"),
        ("enrollments", {"sourcedId": "b0-0|p1", "beginDate": "i går"}, "oneroster.date", "$.enrollments[].beginDate"),
        ("enrollments", {"sourcedId": "b0-0|p1", "endDate": "2020-01-01"}, "roster.period", "$.enrollments[]"),
        ("enrollments", {"sourcedId": "b0-0|p1", "user": {"sourcedId": "x"}}, "oneroster.user_unknown", "$.enrollments[]"),
        ("enrollments", {"sourcedId": "b0-0|p1", "class": {"sourcedId": "x"}}, "oneroster.class_unknown", "$.enrollments[]"),
        ("classes", {"sourcedId": "b0-0", "school": {"sourcedId": "x"}}, "roster.no_school", "$.places"),
        ("orgs", {"sourcedId": 7, "name": "x"}, "oneroster.shape", "$.orgs[].sourcedId"),
    ],
)  # fmt: skip
def test_a_part_that_is_broken_is_refused_alone_with_code_and_place(name, record, code, path):
    with service(SMALL) as standin:
        held = standin.told[name]
        if record["sourcedId"] in held:
            held[record["sourcedId"]].update(record)
        else:
            standin.extra[name].append(record)
        source = at_service(standin)
        readings, faults = told_by(source, drain(source)[0])
        assert (code, path) in faults
        assert len({one.id for one in readings if one.whole}) >= 5


def test_a_circle_of_orgs_leads_to_no_school_and_ends():
    with service(SMALL) as standin:
        for one, other in (("a", "b"), ("b", "a")):
            record = {"sourcedId": one, "name": one, "type": "department", "parent": {"sourcedId": other}}
            standin.put("orgs", record)
        standin.put("classes", {"sourcedId": "b0-0", "school": {"sourcedId": "a"}})
        source = at_service(standin)
        readings, faults = told_by(source, drain(source)[0])
        assert faults == [("roster.no_school", "$.places")] * 3
        assert len([one for one in readings if one.whole]) == 6


def test_a_department_of_a_school_counts_as_that_school():
    with service(SMALL) as standin:
        expected = whole(at_service(standin))
        record = {"sourcedId": "avd", "name": "Avdeling", "type": "department", "parent": {"sourcedId": "s0"}}
        standin.put("orgs", record)
        standin.put("classes", {"sourcedId": "b0-0", "school": {"sourcedId": "avd"}})
        assert whole(at_service(standin)) == expected


@pytest.mark.parametrize("what", ["users", "enrollments"])
def test_a_service_that_is_suddenly_empty_stops_the_system(clock, what):
    with service(SMALL, now=clock) as standin:
        source = at_service(standin)
        _, cursor = drain(source)
        kept, standin.told[what] = standin.told[what], {}
        clock.forward(days=2)
        for _ in range(2):
            with pytest.raises(Refused, match=r"^guard\.emptied$"):
                source.fetch(cursor)
        standin.told[what] = kept
        assert len(ids(drain(source, cursor)[0])) == 6


@pytest.mark.parametrize("fault", ["down", "truncated", "malformed", "content_type", "redirect", "expired_token"])
def test_a_reading_that_fails_in_the_middle_gives_nothing_and_goes_through_later(fault):
    with service(SMALL, most=3) as standin:
        source = at_service(standin)
        standin.troubles.order({"faults": [{"what": fault, "times": 0, "after": 5}]})
        with pytest.raises((Unreachable, Refused, Misconfigured)):
            source.fetch(None)
        standin.troubles.clear()
        assert len(ids(drain(source)[0])) == 6


def test_a_wrong_token_is_the_operators_matter():
    with service(SMALL) as standin:
        source = at_url(standin.url, secret="wrong")
        with pytest.raises(Misconfigured, match=r"^http\.401$"):
            source.fetch(None)
        assert source.health() == "http.401"


def test_options_that_make_no_sense_are_refused():
    for options in ({"dialect": "1.0"}, {"unknown": 1}, {"numbers": ["fnr"]}, {"numbers": []}, {"limit": 0}):
        with pytest.raises(Misconfigured, match=r"^oneroster\.options$"):
            at_url("http://127.0.0.1:9", **options)


@pytest.mark.parametrize("body", [b"", None, [], 7, "x", {}, {"person": 7}, {"person": {}, "adults": [{}]}, ["a", "b"]])
@pytest.mark.parametrize("kind", ["person", "unit", "enrolment", "case"])
def test_a_record_that_makes_no_sense_is_a_fault(kind, body):
    source = at_url("http://127.0.0.1:9")
    with pytest.raises(Fault, match=r"^roster\.(body|kind) at \$"):
        source.read(Raw(kind=kind, id="x", body=body))


# the stand-in shows its strictness


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("users?limit=5", 200), ("users?limit=5&page=2", 400), ("users?limit=0", 400), ("users?offset=-1", 400),
        ("users?fields=sourcedId,shoes", 400), ("users?filter=shoes%3D%27x%27", 400), ("users?filter=status%3Dactive", 400),
        ("users?filter=status%3D%27active%27", 200), ("users?sort=shoes", 400), ("pupils", 404), ("users?limit=1&limit=2", 400),
    ],
)  # fmt: skip
def test_the_stand_in_refuses_what_a_strict_service_does_not_know(path, status):
    with service(SMALL) as standin:
        client = HttpClient(url=f"{standin.url}/ims/oneroster/rostering/v1p2", attempts=1)
        headers = {"Authorization": f"Bearer {standin.secret}"}
        answer = client.request("GET", path, headers=headers, accept=(400, 404))
        assert answer.status == status
        client.close()


def test_the_stand_in_counts_what_a_filter_leaves_and_the_fint_one_does_not():
    for dialect, base, total in (("1.2", "rostering/v1p2", "1"), ("1.1", "v1p1", "20")):
        with service(SMALL, dialect=dialect) as standin:
            client = HttpClient(url=f"{standin.url}/ims/oneroster/{base}", attempts=1)
            headers = {"Authorization": f"Bearer {standin.secret}"}
            answer = client.request("GET", "users", params={"filter": "sourcedId='p1'"}, headers=headers)
            assert [one["sourcedId"] for one in answer.json()["users"]] == ["p1"]
            assert answer.headers["x-total-count"] == total
            client.close()
    assert len(list(records(SMALL))) == 3 - 1 + 4 + 20 + 6 + 14
