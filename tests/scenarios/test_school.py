"""Scenarios 13, 27 and the moves that no number has: what a school's own system tells reaches the case and people.

The school's system is a OneRoster service; the log is another product's.
"""

from contextlib import contextmanager
from datetime import date

import msgspec
import pytest

from gateway.run import settling
from tests.scenarios.municipality import BEGIN, municipality

standins = pytest.importorskip("gateway_oneroster.standin", reason="the plugin oneroster is not installed")
schools = pytest.importorskip("gateway_oneroster.school", reason="the plugin oneroster is not installed")

SAS = """
[systems.sas]
adapter = "oneroster"
unit = "skole-unit"
url = "{url}"
secret = "file:keys/sas.token"
[systems.sas.options]
select = false
full_hours = 0
org_types = {{ school = "school", "ext:kindergarten" = "kindergarten" }}
"""
KARI, LIV = ("t1", "Kari", "Nes"), ("t2", "Liv", "Vik")


def a_town(number, *, kindergarten=False):
    """Two places, a class in each, one child at the first and a teacher who leads there."""
    person, place = schools.Person, schools.Place
    told = schools.Town(
        period=(date(2026, 8, 1), date(2027, 6, 18)),
        schools=(schools.School(id="s1", name="Lillevik", number="974760673"), schools.School(id="s2", name="Storevik")),
        classes=(schools.Klass(id="b1", title="7A", school="s1"), schools.Klass(id="b2", title="7C", school="s2")),
        pupils=(person(id="p1", given="Ola", family="Nes", number=number, schools=("s1",), guardians=("g1",)),),
        guardians=(person(id="g1", given="Eva", family="Nes"),),
        teachers=tuple(person(id=ident, given=given, family=family) for ident, given, family in (KARI, LIV)),
        places=(
            place(klass="b1", person="p1"), place(klass="b1", person="t1", role="teacher", leads=True),
            place(klass="b2", person="t2", role="teacher", leads=True),
        ),
    )  # fmt: skip
    for name, record in schools.records(told):
        first = record["sourcedId"] == "s1" and kindergarten
        yield name, record | ({"type": "ext:kindergarten"} if first else {})


@contextmanager
def a_school(folder, **more):
    clock = [lambda: BEGIN]
    with standins.StandIn(now=lambda: clock[0]()) as service:  # noqa: PLW0108 - another clock comes later
        extra = SAS.format(url=service.url)
        services = {"skole": "school", "helse": "health_station"}
        with municipality(folder / "m", services, extra=extra, adapters={"oneroster"}) as town:
            token = folder / "m" / "keys" / "sas.token"
            token.write_text(standins.TOKEN)
            token.chmod(0o600)
            clock[0] = town.clock
            for name, record in a_town(town.child, **more):
                service.put(name, record)
            town.family()
            town.log()
            town.sync(3)
            yield town, service


def places(town):
    found = {}
    for _, entry in town.file.of_kind("enrolment"):
        key = (entry.fields["role"], entry.fields["unit_name"], entry.fields.get("group"))
        found[key] = entry.fields["status"]
    return found


def moved(service, *, to="s2", group="b2"):
    """The child is at another school: its old place vanishes without a word, as in most systems."""
    role = {"roleType": "primary", "role": "student", "org": {"sourcedId": to}}
    service.put("users", {"sourcedId": "p1", "roles": [role]})
    service.vanish("enrollments", "b1|p1")
    refs = {"user": {"sourcedId": "p1"}, "class": {"sourcedId": group}}
    service.put("enrollments", {"sourcedId": f"{group}|p1", "role": "student", **refs})


def asked(town):
    return [settling.show(town.world, one["id"])["about"]["transition"] for one in town.tasks("transition")]


def test_where_a_child_goes_to_school_and_who_leads_its_group_stands_in_the_case(tmp_path):
    with a_school(tmp_path) as (town, _):
        assert places(town) == {
            ("pupil", "Lillevik", None): "active",
            ("pupil", "Lillevik", "7A"): "active",
            ("contact_teacher", "Lillevik", "7A"): "active",
        }
        assert asked(town) == [], "a first place is no change"
        town.sync(2)
        assert asked(town) == []
        people = [entry.fields.get("role") for _, entry in town.file.of_kind("person")]
        assert people.count("employee") == 1


def test_a_child_who_changes_school_has_left_the_old_one_and_a_person_is_asked_once(tmp_path):
    with a_school(tmp_path) as (town, service):
        moved(service)
        town.sync(3)
        assert places(town) == {
            ("pupil", "Lillevik", None): "ended",
            ("pupil", "Lillevik", "7A"): "ended",
            ("contact_teacher", "Lillevik", "7A"): "ended",
            ("pupil", "Storevik", None): "active",
            ("pupil", "Storevik", "7C"): "active",
            ("contact_teacher", "Storevik", "7C"): "active",
        }
        assert asked(town) == ["new_place"]
        [task] = town.tasks("transition")
        assert task["unit"] == "skole-unit"
        told = msgspec.json.encode(settling.show(town.world, task["id"])).decode()
        assert "Storevik" not in told, "where a child is stands in the case and not in a task"
        settling.resolve(town.world, task["id"], "seen", by="kari")
        town.sync(2)
        assert asked(town) == []


def test_scenario_27_a_child_who_goes_from_kindergarten_to_school_is_a_question_and_no_sending(tmp_path):
    with a_school(tmp_path, kindergarten=True) as (town, service):
        moved(service)
        town.sync(3)
        assert asked(town) == ["school_start"]
        assert town.of("helse", "enrolment") == []


def test_a_child_who_is_gone_from_the_schools_system_has_no_place_and_a_person_is_asked(tmp_path):
    with a_school(tmp_path) as (town, service):
        service.put("users", user_of("p9"))
        service.delete("users", "p1")
        town.sync(3)
        assert set(places(town).values()) == {"ended"}
        assert asked(town) == ["no_place"]


def user_of(ident):
    """Somebody else, so that the service is not suddenly empty."""
    other = schools.Person(id=ident, given="Per", family="Dahl", number="06821099739")
    return schools.user_record(other, "student", schools.Town(), "1.2")


@pytest.mark.parametrize(("holder", "told"), [("Kari Nes", ["contact_teacher"]), ("Hans Dahl", []), (None, [])])
def test_a_new_contact_teacher_is_a_question_only_where_the_old_one_holds_the_baton(tmp_path, holder, told):
    with a_school(tmp_path) as (town, service):
        if holder is not None:
            fields = {"role": "relay_holder", "holder_name": holder, "state": "accepted", "unit": "skole-unit"}
            town.put("skole", "assignment", "r1", fields)
            town.sync(2)
        service.vanish("enrollments", "b1|t1")
        refs = {"user": {"sourcedId": "t2"}, "class": {"sourcedId": "b1"}}
        service.put("enrollments", {"sourcedId": "b1|t2", "role": "teacher", "primary": "true", **refs})
        town.sync(3)
        leads = {
            entry.fields["status"]: town.file.items[entry.fields["person"]].fields["given_name"]
            for _, entry in town.file.of_kind("enrolment")
            if entry.fields["role"] == "contact_teacher"
        }
        assert leads == {"active": "Liv", "ended": "Kari"}
        assert asked(town) == told
        holders = [entry.fields.get("holder_name") for _, entry in town.file.of_kind("assignment")]
        assert holders == ([holder] if holder else []), "no import passes the baton on"


def test_another_group_at_the_same_school_is_no_question(tmp_path):
    with a_school(tmp_path) as (town, service):
        service.put("classes", {"sourcedId": "b1", "title": "8A"})
        town.sync(2)
        assert ("pupil", "Lillevik", "8A") in places(town)
        assert asked(town) == []


def test_a_source_that_is_suddenly_empty_ends_no_place(tmp_path):
    with a_school(tmp_path) as (town, service):
        for name in ("users", "enrollments"):
            service.told[name].clear()
        before = places(town)
        tally = town.sync(2)
        assert tally.stopped["sas"] == "guard.emptied"
        assert places(town) == before
        assert asked(town) == []


def test_marks_absence_and_telephones_are_nowhere_in_what_is_kept(tmp_path):
    with a_school(tmp_path) as (town, service):
        service.put("users", {"sourcedId": "p9", **user_of("p9"), "identifier": "06821099738"})
        town.sync(2)
        with town.world.store.read() as tx:
            waiting = tx.quarantined("sas")
            bodies = tx.quarantined_bodies([one.id for one in waiting]) if waiting else {}
        assert [one.code for one in waiting] == ["identity.checksum"]
        kept = msgspec.json.encode([town.files(), {str(key): body.hex() for key, body in bodies.items()}]).decode()
        kept += "".join(body.decode("latin-1") for body in bodies.values())
        assert "Lillevik" in kept
        stored = b"".join(path.read_bytes() for path in (tmp_path / "m").rglob("*") if path.is_file())
        for one in schools.SECRETS:
            assert one not in kept
            assert one.encode() not in stored
            assert one.encode().hex() not in kept
