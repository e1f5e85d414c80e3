"""Stories of a log that goes over into something else: a plan's product, a new school, another municipality."""

from datetime import timedelta

import msgspec
import pytest

from gateway.core import casefile
from gateway.core.baton import faults
from gateway.core.casefile import Entry
from gateway.run import acts, batons, crossings, explaining, settling
from gateway.run.life import sync
from gateway.run.settings import Person
from tests.run.toys import CHILD, FAMILY, MOTHER, Clock, Vendor, able, approve, make_world, tell_family

LOGS = able(writes={"case", "person", "concern", "goal", "measure", "meeting", "plan", "assignment", "participant"})
PLANS = able(
    writes={"case", "person", "goal", "measure", "participant", "plan", "assignment", "consent"},
    reads={"case", "person", "goal", "measure", "participant", "plan", "assignment", "consent", "concern"},
)


class Place:
    """A school's log, a health station's, and a third system for what comes after the log."""

    def __init__(self, folder, *, third="plan", service="coordinating_unit", purpose="individual_plan", **more):
        self.log, self.health, self.third = Vendor("a"), Vendor("b"), Vendor(third)
        self.name, self.clock = third, Clock()
        sender, units = more.pop("sender", "school"), more.pop("units", ())
        self.world = make_world(
            folder,
            vendors={
                "a": (sender, self.log, more.pop("can_a", LOGS)),
                "b": ("health_station", self.health, LOGS),
                third: (service, self.third, more.pop("can", PLANS)),
            },
            register=more.pop("register", FAMILY),
            clock=self.clock,
            asserts={"a": ("consent",)},
            purposes={third: purpose},
            **more,
        )
        approve(self.world)
        tell_family(self.log, services=(sender, "health_station"))
        if units:
            self.log.put("consent", "s1", {"units": list(units)})
        self.log.put("concern", "k1", {"raised_on": "2026-02-01", "summary": "leser lite"}, case="c1")
        self.log.put("goal", "g1", {"title": "lese", "status": "active"}, case="c1")
        self.log.put("measure", "m1", {"title": "lesetime", "status": "started", "goals": ["g1"]}, case="c1")
        self.log.put("measure", "m2", {"title": "avsluttet", "status": "ended"}, case="c1")
        self.log.put("participant", "d1", {"role": "actor", "service": sender, "name": "Kari Nes"}, case="c1")
        self.log.put("assignment", "t1", {"role": "relay_holder", "holder_name": "Kari Nes", "state": "accepted"},
                     case="c1")  # fmt: skip
        self.round(2)

    def round(self, times=1):
        for _ in range(times):
            tally = sync(self.world)
            self.clock.forward(hours=1)
        return tally

    @property
    def case(self):
        with self.world.store.read() as tx:
            return tx.case_ids()[0]

    @property
    def file(self):
        with self.world.store.read() as tx:
            return casefile.decode(tx.load_cases([self.case])[self.case][1])

    def person(self, number=MOTHER):
        return next(item for item, entry in self.file.of_kind("person") if entry.fields.get("number") == number)

    def only(self, kind):
        [(item, entry)] = self.file.of_kind(kind)
        return item, entry

    def yes(self, purpose="individual_plan", services=("coordinating_unit", "school"), **more):
        day = self.clock().date()
        return acts.record_consent(
            self.world, self.case, by="kari", unit="a-unit",
            fields={
                "by": self.person(), "decision": "given", "purpose": purpose, "services": list(services),
                "valid_from": day.isoformat(), "valid_to": (day + timedelta(days=300)).isoformat(),
                "given": self.clock().isoformat(), "form": "written", **more,
            },
        )  # fmt: skip

    def begin(self, **more):
        given = {"coordinator": {"holder_name": "Liv Koord", "service": "coordinating_unit"}, **more}
        return crossings.begin(self.world, self.case, to=self.name, by="kari", unit="plan-unit", **given)

    def tasks(self, kind):
        return settling.open_tasks(self.world, kind=kind)

    def close(self):
        self.world.store.close()


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    yield made
    made.close()


def refused(code, act):
    with pytest.raises(acts.ActFault) as told:
        act()
    assert told.value.code == code


def test_a_plan_begins_in_its_product_with_measures_and_people_and_nothing_else_of_the_log(place):
    place.yes()
    told = place.begin()
    assert told["goes"]
    place.round(3)
    there = place.third
    [plan] = there.of("plan")
    assert plan["status"] == "active"
    assert [one["title"] for one in there.of("measure")] == ["lesetime"], "what is over stays behind"
    assert [one["title"] for one in there.of("goal")] == ["lese"]
    assert [one["name"] for one in there.of("participant")] == ["Kari Nes"]
    assert place.health.of("participant") == [], "the log's own systems are told of no participants"
    assert {one["number"] for one in there.of("person")} == {CHILD, MOTHER}
    assert there.of("concern") == []
    assert [one.keys() for one in there.of("case")] == [{"subject", "opened_on", "replaced_by"}]
    [measure] = [native for kind, native in there.records if kind == "measure"]
    assert plan["measures"] == [measure]


def test_before_a_person_begins_nothing_goes_to_the_plans_product_whatever_was_consented(place):
    place.yes()
    place.round(2)
    assert place.third.records == {}


@pytest.mark.parametrize(
    "said",
    [
        None,
        {"services": ["health_station"]},
        {"purpose": "bti"},
        {"valid_from": "2026-11-01", "valid_to": "2026-11-20"},
    ],
    ids=["nothing", "another service", "another purpose", "no longer"],
)
def test_without_a_yes_to_the_plan_itself_it_does_not_begin(place, said):
    if said is not None:
        place.yes(**said)
    refused("crossing.consent", place.begin)
    place.round()
    assert place.third.records == {}
    assert place.file.crossings == []
    assert place.file.of_kind("plan") == []


def test_a_service_that_the_yes_does_not_name_takes_part_in_secret(place):
    place.log.put("participant", "d2", {"role": "actor", "service": "child_welfare", "name": "Bo"}, case="c1")
    place.round()
    place.yes()
    place.begin()
    place.round(3)
    assert [one["name"] for one in place.third.of("participant")] == ["Kari Nes"]
    assert "child_welfare" not in str(place.third.records)


def test_the_links_lead_both_ways(place):
    place.yes()
    place.begin()
    place.round(4)
    plan, entry = place.only("plan")
    assert place.file.case().fields["replaced_by"] == plan
    assert entry.fields["replaces"] == place.case
    [(_, there)] = [(kind, native) for kind, native in place.third.records if kind == "plan"]
    [case] = place.third.of("case")
    assert case["replaced_by"] == there
    [(_, log)] = [key for key in place.third.records if key[0] == "case"]
    assert place.third.of("plan")[0]["replaces"] == log


def test_those_who_had_the_log_hear_that_a_plan_is_there_and_nothing_of_what_is_in_it(place):
    place.yes()
    place.yes(purpose="bti", services=("school", "health_station"))
    place.begin()
    place.third.put("plan", "x", {}, case="x")
    del place.third.records["plan", "x"]
    place.round(3)
    for told in (place.log.of("plan"), place.health.of("plan")):
        assert [one.keys() for one in told] == [{"status", "opened_on", "replaces"}]
    assert place.log.of("case")[0]["replaced_by"] in {native for kind, native in place.log.records if kind == "plan"}


def test_the_coordinator_is_there_before_the_holder_ends_and_closing_is_a_persons_task(place):
    place.yes()
    place.begin()
    assert place.file.case().fields["status"] == "active"
    refused("crossing.not_there", lambda: crossings.close(place.world, place.file, unit="a-unit"))
    assert place.tasks("close_log") == []
    place.round()
    [task] = place.tasks("close_log")
    assert task["answers"] == ["closed", "kept"]
    place.round(3)
    assert len(place.tasks("close_log")) == 1
    assert place.file.case().fields["status"] == "active", "never by itself"
    settling.resolve(place.world, task["id"], "closed", by="kari")
    file = place.file
    assert file.case().fields["status"] == "replaced_by_plan"
    roles = {entry.fields["role"]: entry.fields["state"] for _, entry in file.of_kind("assignment")}
    assert roles == {"relay_holder": "ended", "plan_coordinator": "accepted"}
    place.round(2)
    assert place.health.of("case")[0]["status"] == "replaced_by_plan"
    place.log.put("concern", "k2", {"raised_on": "2026-11-22", "summary": "etterpå"}, case="c1")
    place.round(2)
    assert [one["summary"] for one in place.health.of("concern")] == ["leser lite"]
    told = explaining.explain(place.world, place.case, receiver="b")
    rules = {rule for one in told["records"] for fate in one["receivers"].values() for rule in fate["rules"]}
    assert "X20" in rules


def test_without_a_coordinator_no_plan_begins_and_no_log_is_closed(place):
    place.yes()
    refused("crossing.no_coordinator", lambda: place.begin(coordinator=None))
    place.begin()
    place.round()
    [task] = place.tasks("close_log")
    coordinator = next(item for item, one in place.file.of_kind("assignment")
                       if one.fields["role"] == "plan_coordinator")  # fmt: skip

    def ends(file):
        file.items[coordinator].fields["state"] = "ended"
        return []

    acts.change_case(place.world, place.case, "kari", "test", ends)
    refused("crossing.no_coordinator", lambda: settling.resolve(place.world, task["id"], "closed", by="kari"))
    assert place.tasks("close_log"), "it still waits"
    settling.resolve(place.world, task["id"], "kept", by="kari")
    assert place.file.case().fields["status"] == "active"


def test_the_plan_works_on_in_its_product_and_a_withdrawal_takes_back_what_crossed(place):
    place.yes()
    place.begin()
    place.round(3)
    native = next(native for kind, native in place.third.records if kind == "measure")
    place.third.put("measure", native, {"effect": "leser mer"})
    place.round(2)
    measure = next(one for one in place.file.items.values() if one.fields.get("title") == "lesetime")
    assert measure.fields["effect"] == "leser mer"
    plan = next(item for item, one in place.file.of_kind("consent") if one.fields["purpose"] == "individual_plan")
    acts.withdraw_consent(place.world, place.case, by="kari", giver=place.person(), consent=plan)
    place.round(2)
    assert place.third.of("plan") == []
    assert place.third.of("participant") == []
    assert place.log.of("measure"), "the log keeps its own"


def test_declined_the_log_goes_on_and_nobody_is_told(place):
    writes = (place.log.writes, place.health.writes)
    crossings.decline(place.world, place.case, by="kari", unit="a-unit")
    place.round(2)
    assert place.file.case().fields["status"] == "active"
    assert [entry.fields["status"] for _, entry in place.file.of_kind("plan")] == ["declined"]
    assert (place.log.writes, place.health.writes) == writes
    assert place.third.records == {}
    place.log.put("concern", "k1", {"summary": "leser mer"})
    place.round()
    assert place.health.of("concern")[0]["summary"] == "leser mer"
    place.yes()
    assert place.begin()["goes"], "they may think again"


def test_a_right_is_hinted_at_and_never_concluded(place):
    assert crossings.show(place.world, place.case)["hints"] == []
    for at, service in enumerate(("bup", "gp")):
        place.log.put("participant", f"h{at}", {"role": "actor", "service": service, "name": f"Nr {at}"}, case="c1")
    place.round(2)
    told = crossings.show(place.world, place.case)
    assert told["hints"] == ["two_health_services"]
    assert told["crossings"] == []
    assert place.file.of_kind("plan") == []
    assert settling.open_tasks(place.world, kind="close_log") == []
    assert told["targets"]["plan"]["goes"] is False


def test_a_plan_is_begun_once_and_only_for_an_open_log(place):
    place.yes()
    place.begin()
    refused("crossing.begun", place.begin)
    refused("crossing.begun", lambda: crossings.decline(place.world, place.case, by="kari", unit="a-unit"))
    refused("crossing.not_a_target", lambda: crossings.begin(place.world, place.case, to="b", by="k", unit="a-unit"))
    refused("act.unknown_system", lambda: crossings.begin(place.world, place.case, to="x", by="k", unit="a-unit"))


def test_who_coordinates_the_plan_already_stays_and_the_baton_holds_all_the_way(place):
    def coordinates(file):
        held = {"role": "plan_coordinator", "state": "accepted", "holder_name": "Liv Koord"}
        file.items["held"] = Entry(kind="assignment", fields=held, origin=place.world.here("plan-unit"))
        return []

    acts.change_case(place.world, place.case, "kari", "test", coordinates)
    place.yes()
    refused("crossing.held", place.begin)
    place.begin(coordinator=None)
    place.round()
    assert [one["responsible_for_progress"] for one in place.third.of("plan")] == ["Liv Koord"]
    roles = ("relay_holder", "plan_coordinator")
    assert [faults(batons.read(place.world, place.file, role)) for role in roles] == [(), ()]
    [task] = place.tasks("close_log")
    settling.resolve(place.world, task["id"], "closed", by="kari")
    assert [faults(batons.read(place.world, place.file, role)) for role in roles] == [(), ()]
    assert batons.show(place.world, place.case)["roles"]["plan_coordinator"]["holder"]


def test_a_coordinator_of_the_settings_holds_the_baton_as_that_person(place):
    people = {"liv": Person(role="coordinator", unit="plan-unit", title="Liv Koord", name="liv")}
    settings = msgspec.structs.replace(place.world.settings, people=people)
    place.world = msgspec.structs.replace(place.world, settings=settings)
    place.yes()
    place.begin(coordinator={"holder_name": "liv"})
    held = batons.read(place.world, place.file, "plan_coordinator").holder
    assert (held.person, held.name, held.unit, held.service) == ("liv", "Liv Koord", "plan-unit", "coordinating_unit")
