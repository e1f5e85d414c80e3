"""What a sloppy, broken or hostile service cannot do, and what the strict stand-in does not know."""

import pytest
from gateway_oneroster.school import Person, records, user_record
from gateway_oneroster.standin import StandIn
from roster_bench import at_service, at_url, drain, service, told_by, whole
from service_scenes import SMALL, Clock, ids

from gateway.sdk import Fault, Misconfigured, Raw, Refused, Unreachable
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer


@pytest.fixture
def clock():
    return Clock()


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
