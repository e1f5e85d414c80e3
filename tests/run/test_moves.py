"""Stories of children who move on: from kindergarten to school, between schools, to another municipality."""

from datetime import timedelta

import pytest

from gateway.run import acts, crossings, settling
from gateway.run.life import sync
from tests.run.test_crossing import LOGS, Place, refused
from tests.run.toys import CHILD, MOTHER, able

PACKAGE = able(writes={"case", "person", "concern", "goal", "measure"})
SMALL = {
    CHILD: {"birth_date": "2021-05-02", "parents": {MOTHER: "sole"}},
    MOTHER: {"birth_date": "1985-10-17"},
}
"""A child of five whose mother alone has parental responsibility."""


def from_kindergarten(folder):
    made = Place(folder, third="school", service="school", purpose="school_transition", sender="kindergarten",
                 can=PACKAGE, register=SMALL)  # fmt: skip
    for vendor in (made.log,):
        vendor.put("person", "p1", {"birth_date": "2021-05-02"}, case="c1")
    made.round()
    return made


def between_schools(folder):
    return Place(folder, third="new", service="school", purpose="school_transition", can=PACKAGE)


def send(place, **more):
    return crossings.begin(place.world, place.case, to=place.name, by="kari", unit="a-unit", **more)


@pytest.mark.parametrize("start", [from_kindergarten, between_schools])
def test_a_new_school_gets_nothing_by_itself_however_many_august_mornings_pass(tmp_path, start):
    place = start(tmp_path)
    place.yes(purpose="bti", services=("school", "health_station", "kindergarten"))
    for _ in range(4):
        place.clock.forward(days=90)
        sync(place.world)
    assert place.third.records == {}
    refused("crossing.consent", lambda: send(place))
    place.close()


@pytest.mark.parametrize(("start", "rule"), [(from_kindergarten, "C6"), (between_schools, "C11")])
def test_with_the_parents_permission_a_person_sends_a_package_and_no_more_than_it(tmp_path, start, rule):
    place = start(tmp_path)
    place.yes(purpose="school_transition", services=("school",))
    place.round()
    assert place.third.records == {}, "the permission alone sends nothing"
    told = send(place)
    assert told["rules"] == [rule]
    place.round(3)
    assert [one["title"] for one in place.third.of("measure")] == ["lesetime"]
    assert [one["title"] for one in place.third.of("goal")] == ["lese"]
    assert place.third.of("concern") == []
    assert [one.keys() for one in place.third.of("case")] == [{"subject", "opened_on"}]
    assert place.file.case().fields["status"] == "active", "a package closes nothing"
    refused("crossing.begun", lambda: send(place))
    place.close()


def test_what_the_parents_permit_beside_the_usual_goes_along_when_it_is_named(tmp_path):
    place = between_schools(tmp_path)
    place.yes(purpose="school_transition", services=("school",))
    refused("act.value", lambda: send(place, kinds=("wonder_note",)))
    send(place, kinds=("concern",))
    place.round(3)
    assert [one["summary"] for one in place.third.of("concern")] == ["leser lite"]
    place.close()


def test_a_permission_that_is_taken_back_takes_the_package_back(tmp_path):
    place = between_schools(tmp_path)
    consent = place.yes(purpose="school_transition", services=("school",))
    send(place)
    place.round(3)
    assert place.third.of("measure")
    acts.withdraw_consent(place.world, place.case, by="kari", giver=place.person(), consent=consent)
    place.round(2)
    assert place.third.of("measure") == []
    assert place.log.of("measure")
    place.close()


def test_a_new_school_takes_part_in_the_log_only_when_a_consent_names_it(tmp_path):
    place = Place(tmp_path, third="new", service="school", purpose="bti", can=LOGS, units=("a-unit", "b-unit"))
    assert place.health.of("measure")
    assert place.third.records == {}
    place.yes(purpose="bti", services=("school",), units=["new-unit"])
    place.round(3)
    assert {one["title"] for one in place.third.of("measure")} == {"lesetime", "avsluttet"}
    place.close()


def leave(place):
    day = place.clock().date().isoformat()
    return crossings.move(place.world, place.case, moved_on=day, by="kari", unit="a-unit")


def test_after_a_move_the_log_is_locked_and_no_consent_follows(tmp_path):
    place = Place(tmp_path)
    leave(place)
    file = place.file
    assert file.case().fields["status"] == "moved"
    assert {entry.fields["valid_to"] for _, entry in file.of_kind("consent")} == {place.clock().date().isoformat()}
    assert crossings.crossing.in_force(file, "relay_holder") == []
    place.round()
    assert place.health.of("case")[0]["status"] == "moved", "those who have the log hear that it has ended"
    before = place.health.writes
    place.log.put("concern", "k9", {"raised_on": "2026-11-22", "summary": "etter flyttingen"}, case="c1")
    place.clock.forward(days=2)
    place.round(2)
    assert place.health.writes == before
    assert any(entry.fields.get("summary") == "etter flyttingen" for entry in place.file.items.values()), "not lost"
    refused("crossing.ended", lambda: leave(place))
    place.close()


def test_a_log_never_ends_without_the_tasks_that_go_with_it(tmp_path, monkeypatch):
    place = Place(tmp_path)

    def full(*_):
        raise OSError("full")

    with monkeypatch.context() as at:
        at.setattr("gateway.store.tasks.Tasks.add_tasks", full)
        with pytest.raises(OSError, match="full"):
            leave(place)
    assert place.file.case().fields["status"] != "moved"
    assert len(leave(place)) == len({"a", "b", "the copy"})
    place.close()


def test_a_move_asks_people_to_lock_each_log_and_to_give_the_family_a_copy(tmp_path):
    place = Place(tmp_path)
    tasks = leave(place)
    told = [one for one in settling.open_tasks(place.world) if one["id"] in tasks]
    assert sorted((one["kind"], one["system"], one["unit"]) for one in told) == [
        ("copy", None, "a-unit"), ("lock", "a", "a-unit"), ("lock", "b", "b-unit"),
    ]  # fmt: skip
    assert {one["kind"]: one["answers"] for one in told} == {"copy": ["given"], "lock": ["locked"]}
    for one in told:
        settling.resolve(place.world, one["id"], one["answers"][0], by="kari")
    assert settling.open_tasks(place.world) == []
    place.close()


def test_nothing_about_a_move_is_said_to_child_welfare_or_for_it(tmp_path):
    place = Place(tmp_path)
    place.log.put("participant", "d9", {"role": "actor", "service": "child_welfare", "name": "Bo"}, case="c1")
    place.round()
    leave(place)
    place.round(2)
    assert place.file.of_kind("child_welfare_report") == []
    assert {one["system"] for one in settling.open_tasks(place.world)} == {None, "a", "b"}
    assert "child_welfare" not in str(place.health.records)
    place.close()


def test_a_move_to_come_is_not_recorded(tmp_path):
    place = Place(tmp_path)
    later = (place.clock().date() + timedelta(days=3)).isoformat()
    refused("act.value", lambda: crossings.move(place.world, place.case, moved_on=later, by="k", unit="a-unit"))
    place.close()


def test_a_new_municipality_gets_something_by_a_new_consent_and_a_persons_word_alone(tmp_path):
    other = Place(tmp_path, third="nabo", service="nav", purpose="bti", can=PACKAGE, bodies={"nabo": "nabo-kommune"})
    assert other.third.records == {}, "no consent names it"
    refused("crossing.not_a_target", lambda: send(other))
    leave(other)
    other.round()
    other.clock.forward(days=1)
    other.round()
    refused("crossing.consent", lambda: send(other))
    other.yes(purpose="bti", services=("nav",))
    other.round()
    assert other.third.records == {}, "the consent alone sends nothing"
    assert send(other)["goes"]
    other.round(3)
    assert [one["title"] for one in other.third.of("measure")] == ["lesetime"]
    assert [one.keys() for one in other.third.of("case")] == [{"subject", "opened_on"}]
    assert other.health.of("case")[0]["status"] == "moved"
    other.close()


@pytest.mark.parametrize("moved_on", ["2026-11-22", "2025-11-19", "2026-01-09"])
def test_a_day_on_which_nobody_moved_is_a_slip_and_ends_nothing(tmp_path, moved_on):
    """A day to come, one more than a year back, and one before the log was opened."""
    place = between_schools(tmp_path)
    refused("act.value", lambda: crossings.move(place.world, place.case, moved_on=moved_on, by="kari", unit="a-unit"))
    assert place.file.case().fields["status"] == "active"
    place.close()
