"""The baton through the real engine: people, products, consent, days; who holds, who is told, and what is only claimed."""

import msgspec
import pytest

from gateway.core import casefile, crossing
from gateway.core.casefile import Crossing
from gateway.core.hands import assignments, holder_of, state_of, whole
from gateway.run import acts, batons, settling
from gateway.run.settings import Person, Unit
from gateway.store import audit
from tests.run.test_life import Town
from tests.run.toys import MOTHER, SYNCED, able

PEOPLE = {
    "ada": Person(role="coordinator", unit="a-unit", name="ada", title="Ada Lærer"),
    "bo": Person(role="coordinator", unit="a-unit", name="bo", title="Bo Lærer"),
    "liv": Person(role="leader", unit="a-unit", name="liv", title="Liv Rektor"),
    "cato": Person(role="coordinator", unit="b-unit", name="cato", title="Cato Helse"),
    "gro": Person(role="coordinator", unit="gp-1", name="gro", title="Gro Lege"),
    "psi": Person(role="coordinator", unit="ppt-1", name="psi", title="Psi Hjelp"),
    "ida": Person(role="privacy", unit="a-unit", name="ida"),
    "koo": Person(role="coordinator", unit="ke", name="koo", title="Koo Enhet"),
}
UNITS = {
    "gp-1": Unit(service="gp", body="toy-kommune", name="gp-1"),
    "ppt-1": Unit(service="ppt", body="toy-kommune", name="ppt-1"),
    "ke": Unit(service="coordinating_unit", body="toy-kommune", name="ke"),
}
WRITES = SYNCED | {"assignment", "safety_plan"}
READS = able().reads | {"safety_plan", "plan"}


class BatonTown(Town):
    """Two logs whose assignments are shared; Ada holds."""

    def __init__(self, folder, *, a="assignments", b="assignments", protocol=(), holder=True, **more):
        asserts = {"a": ("consent", *(["baton"] if "a" in protocol else []))}
        asserts |= {"b": ("baton",)} if "b" in protocol else {}
        super().__init__(
            folder,
            can_a=able(writes=WRITES, reads=READS, baton=a),
            can_b=able(writes=WRITES, reads=READS, baton=b),
            asserts=asserts,
            **more,
        )
        if holder:
            self.tells("a", "t1", holder_name="Ada Lærer", state="accepted", since="2026-01-10")
        self.sync(2)

    def open(self, step=None):
        made = super().open(step)
        settings = msgspec.structs.replace(made.settings, people=PEOPLE, units={**made.settings.units, **UNITS})
        return msgspec.structs.replace(made, settings=settings)

    def tells(self, system, native, role="relay_holder", **fields):
        case = "c1" if system == "a" else next(key[1] for key in self.b.records if key[0] == "case")
        getattr(self, system).put("assignment", native, {"role": role, **fields}, case=case)

    @property
    def holder(self):
        held = holder_of(self.file, "relay_holder")
        return held[1].fields.get("holder_name") if held else None

    def states(self, role="relay_holder"):
        file = self.file
        return sorted((entry.fields["holder_name"], state_of(entry)) for _, entry in assignments(file, role))

    def said(self, vendor):
        return sorted((one.get("holder_name"), one.get("state")) for one in vendor.of("assignment"))

    def kinds(self):
        """What waits for somebody, but for deadlines of other things."""
        return sorted(task["kind"] for task in self.tasks() if task["kind"] != "overdue")

    def act(self, verb, by, **more):
        return getattr(batons, verb)(self.world, self.file.id, by=by, **more)


@pytest.fixture
def make(tmp_path):
    towns = []

    def made(**more):
        folder = tmp_path / str(len(towns))
        folder.mkdir()
        towns.append(BatonTown(folder, **more))
        return towns[-1]

    yield made
    for town in towns:
        town.world.store.close()


def test_a_hand_over_reaches_every_system_and_the_log_it_came_from(make):
    town = make()
    assert town.said(town.b) == [("Ada Lærer", "accepted")]
    assert town.act("offer", "ada", to="bo", wish="Mor vil gjerne ha Bo").done == "offered"
    assert (town.holder, town.kinds()) == ("Ada Lærer", ["offer"])
    assert town.act("accept", "bo").done == "accepted"
    assert (town.holder, town.kinds()) == ("Bo Lærer", [])
    town.sync(3)
    for vendor in (town.a, town.b):
        assert town.said(vendor) == [("Ada Lærer", "ended"), ("Bo Lærer", "accepted")]
    writes = (town.a.writes, town.b.writes)
    town.sync(2)
    assert (town.a.writes, town.b.writes, town.tasks()) == (*writes, []), "nothing echoes"
    [wish] = [one["family_wish"] for one in town.a.of("assignment") if "family_wish" in one]
    assert wish == "Mor vil gjerne ha Bo"


def test_a_system_with_one_field_has_one_record_that_only_ever_says_who_holds(make):
    town = make(a="field", b="field")
    [native] = [key for key in town.b.records if key[0] == "assignment"]
    town.act("offer", "ada", to="bo")
    town.sync(2)
    assert town.said(town.a) == town.said(town.b) == [("Ada Lærer", "accepted")], "an offer has no place there"
    town.act("accept", "bo")
    town.sync(3)
    assert town.said(town.a) == town.said(town.b) == [("Bo Lærer", "accepted")]
    assert town.b.records[native]["fields"]["holder_name"] == "Bo Lærer", "the same record"
    town.b.put("assignment", native[1], {"holder_name": "Per"})
    town.sync()
    assert (town.holder, town.kinds()) == ("Bo Lærer", ["claim"])


def test_a_vendors_raw_change_is_one_claim_and_a_person_settles_it_as_a_whole(make):
    town = make()
    town.tells("a", "t1", holder_name="Cato Helse", unit="b-unit", service="health_station")
    town.sync()
    assert (town.holder, town.kinds()) == ("Ada Lærer", ["claim"])
    [task] = town.tasks()
    assert len(settling.show(town.world, task["id"])["values"]) == 3
    with pytest.raises(acts.ActFault, match=r"baton\.not_yours"):
        settling.resolve(town.world, task["id"], "theirs", by="psi")
    settling.resolve(town.world, task["id"], "theirs", by="liv")
    assert town.holder == "Cato Helse"
    assert batons.read(town.world, town.file).holder.person == "cato"
    town.sync(2)
    assert town.said(town.b) == [("Cato Helse", "accepted")]


def test_a_claim_that_is_not_so_is_told_back_to_the_product(make):
    town = make()
    town.tells("a", "t1", holder_name="Per")
    town.sync()
    [task] = town.tasks()
    settling.resolve(town.world, task["id"], "ours", by="ada")
    town.sync(2)
    assert town.a.records["assignment", "t1"]["fields"]["holder_name"] == "Ada Lærer"
    assert not town.tasks()


def test_a_second_holder_from_the_same_product_is_a_claim_beside_the_holder(make):
    town = make()
    town.tells("a", "t2", holder_name="Bo Lærer", state="accepted", unit="a-unit", service="school")
    town.sync(2)
    assert town.states() == [("Ada Lærer", "accepted"), ("Bo Lærer", "claimed")]
    assert town.said(town.b) == [("Ada Lærer", "accepted")], "a claim is nobody else's business"
    [task] = town.tasks()
    settling.resolve(town.world, task["id"], "theirs", by="ada")
    assert town.states() == [("Ada Lærer", "ended"), ("Bo Lærer", "accepted")]
    town.sync(3)
    assert town.said(town.a) == town.said(town.b) == [("Ada Lærer", "ended"), ("Bo Lærer", "accepted")]
    assert not town.tasks()


def test_two_systems_with_different_holders_keep_both_words_until_a_person_decides(tmp_path):
    town = Town(
        tmp_path, can_a=able(writes=WRITES, baton="field"), can_b=able(writes=WRITES, baton="field"),
    )  # fmt: skip
    town.a.put("assignment", "t1", {"role": "relay_holder", "holder_name": "Ada"}, case="c1")
    town.b.put("person", "x1", {"number": "06821099739", "role": "subject"}, case="z9")
    town.b.put("case", "z9", {"subject": "x1", "status": "active", "opened_on": "2026-01-10"}, case="z9")
    town.b.put("assignment", "y1", {"role": "relay_holder", "holder_name": "Per"}, case="z9")
    town.sync(2)
    assert [one["holder_name"] for one in town.a.of("assignment")] == ["Ada"]
    assert [one["holder_name"] for one in town.b.of("assignment")] == ["Per"]
    assert len(assignments(town.file, "relay_holder")) == 1
    assert [task["kind"] for task in town.tasks()] == ["claim"]
    town.world.store.close()


def test_a_yes_from_a_service_outside_the_consent_waits_for_it_and_counts_when_it_comes(make):
    town = make()
    town.act("offer", "ada", to="gro")
    assert town.act("accept", "gro").done == "waits"
    assert (town.holder, town.kinds()) == ("Ada Lærer", ["handover_consent"])
    town.sync(2)
    assert town.holder == "Ada Lærer"
    mother = town.person(MOTHER)
    acts.record_consent(
        town.world, town.file.id, by="ada", unit="a-unit",
        fields={"by": mother, "purpose": "bti", "decision": "given", "services": ["school", "health_station", "gp"],
                "valid_from": "2026-11-01", "given": town.clock().isoformat(), "form": "oral"},
    )  # fmt: skip
    town.sync(2)
    assert (town.holder, town.kinds()) == ("Gro Lege", [])


def test_a_yes_that_waits_for_the_consent_is_not_waved_away_only_withdrawn(make):
    town = make()
    town.act("offer", "ada", to="gro")
    town.act("accept", "gro")
    [task] = [one for one in town.tasks() if one["kind"] == "handover_consent"]
    with pytest.raises(acts.ActFault, match=r"act\.answer"):
        settling.resolve(town.world, task["id"], "seen", by="ada")
    town.clock.forward(days=30)
    town.sync(2)
    [task] = [one for one in town.tasks() if one["kind"] == "handover_consent"]
    assert (task["role"], task["owner"]) == ("leader", ["liv"])
    settling.resolve(town.world, task["id"], "withdraw", by="ada")
    assert (town.kinds(), ("Gro Lege", "withdrawn") in town.states()) == ([], True)


def test_an_unanswered_offer_goes_to_the_leader_and_then_lapses_and_the_holder_stays(make):
    town = make()
    town.act("offer", "ada", to="cato")
    town.clock.forward(days=7)
    town.sync(2)
    assert town.kinds() == ["handover", "offer"]
    [task] = [one for one in town.tasks() if one["kind"] == "handover"]
    assert task["unit"] == "a-unit"
    town.clock.forward(days=7)
    town.sync(2)
    assert (town.holder, town.kinds()) == ("Ada Lærer", [])
    assert ("Cato Helse", "expired") in town.states()
    with pytest.raises(acts.ActFault, match=r"baton\.over"):
        town.act("accept", "cato")


def test_a_leader_passes_it_on_when_the_holder_has_left(make):
    town = make()
    with pytest.raises(acts.ActFault, match=r"baton\.not_yours"):
        town.act("offer", "cato", to="bo")
    assert town.act("offer", "liv", to="bo").done == "offered"
    assert town.act("accept", "bo").done == "accepted"


def test_the_answer_to_a_task_is_the_act(make):
    town = make()
    town.act("offer", "ada", to="cato")
    [task] = town.tasks()
    with pytest.raises(acts.ActFault, match=r"baton\.not_yours"):
        settling.resolve(town.world, task["id"], "accept", by="bo")
    settling.resolve(town.world, task["id"], "accept", by="cato")
    assert (town.holder, town.tasks()) == ("Cato Helse", [])


def test_what_is_said_twice_is_done_once(make):
    town = make()
    first, second = town.act("offer", "ada", to="bo"), town.act("offer", "ada", to="bo")
    assert (first.item, first.done, second.done) == (second.item, "offered", "")
    assert [town.act("accept", "bo").done for _ in range(2)] == ["accepted", ""]
    town.act("offer", "bo", to="ada")
    assert [town.act("decline", "ada").done for _ in range(2)] == ["declined", ""]
    town.act("offer", "bo", to="ada")
    assert [town.act("withdraw", "bo").done for _ in range(2)] == ["withdrawn", ""]


def test_a_service_that_the_model_does_not_name_never_holds(make):
    town = make()
    with pytest.raises(acts.ActFault, match=r"baton\.service"):
        town.act("offer", "ada", to="psi")


def test_a_product_where_both_persons_acted_is_read_as_a_hand_over(make):
    town = make(protocol=("a",))
    town.tells("a", "t2", holder_name="Cato Helse", unit="b-unit", service="health_station", state="offered",
               offered_on="2026-11-20")  # fmt: skip
    town.sync()
    assert (town.holder, town.states()[1]) == ("Ada Lærer", ("Cato Helse", "offered"))
    town.tells("a", "t2", state="accepted", since="2026-11-21")
    town.tells("a", "t1", state="ended", until="2026-11-21")
    town.sync()
    assert (town.holder, town.kinds()) == ("Cato Helse", [])
    town.sync(2)
    assert town.said(town.b) == [("Ada Lærer", "ended"), ("Cato Helse", "accepted")]
    assert not town.tasks()


def test_a_hand_over_in_a_product_to_a_service_outside_the_consent_waits_too(make):
    town = make(protocol=("a",))
    town.tells("a", "t2", holder_name="Gro Lege", unit="gp-1", service="gp", state="accepted", offered_on="2026-11-20",
               since="2026-11-21")  # fmt: skip
    town.tells("a", "t1", state="ended", until="2026-11-21")
    town.sync(2)
    assert town.holder == "Ada Lærer"
    assert "handover_consent" in town.kinds()
    assert "claim" not in town.kinds()


def test_a_product_without_the_protocol_only_claims(make):
    town = make()
    town.tells("a", "t2", holder_name="Bo Lærer", state="offered", offered_on="2026-11-20")
    town.sync()
    assert ("Bo Lærer", "claimed") in town.states()
    with pytest.raises(acts.ActFault, match=r"baton\."):
        town.act("accept", "bo")


@pytest.mark.parametrize("told", ["ended", "withdrawn"])
def test_no_vendor_leaves_an_open_log_with_nobody(make, told):
    town = make()
    town.tells("a", "t1", state=told)
    town.sync()
    assert (town.holder, town.kinds()) == ("Ada Lærer", ["claim"])
    with pytest.raises(acts.ActFault, match=r"baton\.would_break"):
        settling.resolve(town.world, town.tasks()[0]["id"], "theirs", by="liv")
    assert town.holder == "Ada Lærer"


def test_a_deleted_holder_still_holds_until_somebody_follows(make):
    town = make()
    town.a.delete("assignment", "t1")
    town.sync()
    assert (town.holder, town.kinds()) == ("Ada Lærer", ["deletion"])
    with pytest.raises(acts.ActFault, match=r"baton\.would_break"):
        settling.resolve(town.world, town.tasks()[0]["id"], "theirs", by="liv")


def test_the_end_of_the_log_is_the_end_of_its_holder_and_of_its_offer(make):
    town = make()
    town.act("offer", "ada", to="bo")
    with pytest.raises(acts.ActFault, match=r"baton\.nobody_follows"):
        town.act("end", "ada", reason="replaced_by_plan")
    assert town.act("end", "ada", reason="closed").done == "ended"
    assert town.states() == [("Ada Lærer", "ended"), ("Bo Lærer", "withdrawn")]
    assert town.file.case().fields["status"] == "closed"
    assert not town.tasks()
    with pytest.raises(acts.ActFault, match=r"baton\.closed"):
        town.act("offer", "liv", to="bo")
    town.sync(3)
    assert town.a.records["case", "c1"]["fields"]["status"] == "closed"


def test_three_roles_may_stand_beside_each_other_and_the_first_coordinates_the_whole(make):
    town = make()
    assert whole(town.file)[0] == "relay_holder"
    town.tells("a", "p1", role="plan_coordinator", holder_name="Koo Enhet", state="accepted")
    town.sync()
    assert whole(town.file)[0] == "plan_coordinator"
    assert town.holder == "Ada Lærer", "a plan ends no log by itself"
    assert town.act("offer", "koo", to="koo", role="child_coordinator").done == "offered"
    assert town.act("end", "ada", reason="replaced_by_plan").done == "ended"
    assert not batons.show(town.world, town.file.id)["open"]


def test_a_leader_corrects_the_record_with_a_reason_and_nobody_is_told_of_a_hand_over(make):
    town = make()
    with pytest.raises(acts.ActFault, match=r"baton\.not_yours"):
        town.act("correct", "ada", to="bo", reason="feil")
    with pytest.raises(acts.ActFault, match=r"baton\.reason"):
        town.act("correct", "liv", to="bo", reason=" ")
    town.act("correct", "liv", to="bo", reason="Feil navn ble ført")
    town.sync(2)
    assert town.said(town.b) == [("Bo Lærer", "accepted")]
    [hand] = town.file.hands.values()
    assert hand.reason == "Feil navn ble ført"


def test_every_act_stands_in_the_log_with_the_person_and_no_name_of_the_family(make):
    town = make()
    town.act("offer", "ada", to="bo", wish="hemmelig ønske")
    town.act("accept", "bo")
    entries = [entry for entry in _audited(town) if str(entry.get("act", "")).startswith("baton.")]
    assert [(one["act"], one["by"]) for one in entries] == [("baton.offer", "ada"), ("baton.accept", "bo")]
    assert "hemmelig" not in str(entries)


def _audited(town):
    folder = town.folder / "export"
    audit.export(town.world.store, folder)
    return [msgspec.json.decode(line)["entry"] for line in (folder / "leaves.jsonl").read_bytes().splitlines()]


def test_a_crash_at_any_step_of_a_hand_over_leaves_one_holder(make):
    """The act is one transaction: the store as another process finds it after each is whole."""
    town = make()
    for verb, by, more in (("offer", "ada", {"to": "bo"}), ("accept", "bo", {}), ("offer", "bo", {"to": "ada"})):
        town.act(verb, by, **more)
        town.world.store.close()
        town.world = town.open()
        states = [state for _, state in town.states()]
        assert states.count("accepted") == 1
        assert states.count("offered") <= 1


def test_helpers_never_take_over_what_kindergarten_and_school_own(make):
    town = make()
    town.a.put("safety_plan", "s9", {"made_on": "2026-10-01", "responsible": "Ada Lærer"}, case="c1")
    town.sync(2)
    [native] = [key[1] for key in town.b.records if key[0] == "safety_plan"]
    holder = town.holder
    town.b.put("safety_plan", native, {"responsible": "Cato Helse"})
    town.sync()
    [(_, plan)] = town.file.of_kind("safety_plan")
    assert plan.fields["responsible"] == "Ada Lærer"
    assert plan.origin.service == "school"
    assert (town.holder, town.kinds()) == (holder, ["claim"])
    case = next(key[1] for key in town.b.records if key[0] == "case")
    town.b.put("safety_plan", "n1", {"made_on": "2026-11-01", "responsible": "Cato Helse"}, case=case)
    town.b.put("case", case, {"owning_unit": "helsestasjonen"}, case=case)
    town.sync()
    assert len(town.file.of_kind("safety_plan")) == 1
    assert "owning_unit" not in town.file.case().fields


def test_a_hand_over_to_another_service_changes_nothing_that_the_school_owns(make):
    town = make()
    town.a.put("safety_plan", "s9", {"made_on": "2026-10-01", "responsible": "Ada Lærer"}, case="c1")
    town.sync(2)
    before = town.file
    town.act("offer", "ada", to="cato")
    town.act("accept", "cato")
    after = town.file
    for item, entry in before.items.items():
        if entry.kind != "assignment":
            assert casefile.encode(casefile.CaseFile(id="x", items={"i": after.items[item]})) == casefile.encode(
                casefile.CaseFile(id="x", items={"i": entry})
            )


def test_a_crossing_into_a_plan_never_makes_a_second_coordinator(make):
    town = make()
    town.tells("a", "p1", role="plan_coordinator", holder_name="Koo Enhet", state="accepted")
    town.sync()
    file = town.file
    crossing.begin(
        file,
        crossing=Crossing(system="b", purpose="individual_plan", by="ada", begun="2026-11-21", items=[]),
        origin=town.world.here("a-unit"),
        coordinator={"holder_name": "En Annen", "service": "school"},
        fresh=town.world.fresh,
    )
    assert [entry.fields["holder_name"] for _, entry in assignments(file, "plan_coordinator")] == ["Koo Enhet"]
    [(_, plan)] = file.of_kind("plan")
    assert plan.fields["responsible_for_progress"] == "Koo Enhet"
