"""Stories of records through the engine, on a real store: what goes where, what is withheld, what waits for whom."""

import hashlib
import sqlite3
from datetime import timedelta

import msgspec
import pytest

from gateway.core import casefile
from gateway.run import acts, explaining, settling, telling
from gateway.run.life import sync
from gateway.run.rehearsing import plan_round
from gateway.sdk import Page, Raw, Unreachable
from tests.run.toys import (
    ALL,
    CHILD,
    FAMILY,
    MOTHER,
    Clock,
    Toy,
    Vendor,
    able,
    approve,
    make_world,
    state,
    tell_family,
)  # fmt: skip


class Town:
    """A school's log (``a``) and a health station's (``b``), with a register, flows open."""

    def __init__(self, folder, *, can_b=None, can_a=None, flows=True, consent=True, register=None, **more):
        self.folder = folder
        self.a, self.b = Vendor("a"), Vendor("b")
        self.clock = more.pop("clock", None) or Clock()
        self.can = (can_a or able(), can_b or able())
        self.register = FAMILY if register is None else register
        self.opened, self.step = 0, more.pop("step", lambda _: None)
        self.more = {"asserts": {"a": ("consent",)}, **more}
        self.world = self.open()
        if flows:
            approve(self.world)
        tell_family(self.a, consent=consent)
        self.a.put("concern", "k1", {"raised_on": "2026-02-01", "summary": "leser lite"}, case="c1")

    def open(self, step=None):
        """Open, or open again: a process that is started anew draws other random bytes."""
        self.opened += 1
        return make_world(
            self.folder,
            vendors={"a": ("school", self.a, self.can[0]), "b": ("health_station", self.b, self.can[1])},
            register=self.register,
            clock=self.clock,
            step=step or self.step,
            seed=self.opened,
            **self.more,
        )

    def sync(self, times=1):
        for _ in range(times):
            tally = sync(self.world)
            self.clock.forward(hours=1)
        return tally

    @property
    def file(self):
        with self.world.store.read() as tx:
            [case] = tx.case_ids()
            return casefile.decode(tx.load_cases([case])[case][1])

    def person(self, number):
        return next(item for item, entry in self.file.of_kind("person") if entry.fields.get("number") == number)

    def tasks(self):
        return settling.open_tasks(self.world)

    def answer(self, outcome):
        for task in self.tasks():
            settling.resolve(self.world, task["id"], outcome, by="kari")


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    yield made
    made.world.store.close()


def test_a_concern_reaches_the_other_system_with_the_case_and_the_people(town):
    tally = town.sync()
    assert town.b.of("concern") == [{"raised_on": "2026-02-01", "summary": "leser lite"}]
    assert {one["number"] for one in town.b.of("person")} == {CHILD, MOTHER}
    assert tally.delivered["b"] == 4
    assert tally.withheld == 0


def test_an_edit_in_either_system_reaches_the_other_and_only_what_changed_is_written(town):
    town.sync(2)
    before = dict(town.b.records)
    town.a.put("concern", "k1", {"summary": "leser bedre"})
    town.sync()
    native = next(key for key in town.b.records if key[0] == "concern")
    assert town.b.records[native]["fields"]["summary"] == "leser bedre"
    assert town.b.records[native]["version"] == before[native]["version"] + 1
    town.b.put("concern", native[1], {"area": "reading"})
    town.sync()
    assert town.a.records["concern", "k1"]["fields"] == {
        "raised_on": "2026-02-01", "summary": "leser bedre", "area": "reading",
    }  # fmt: skip
    writes = (town.a.writes, town.b.writes)
    town.sync(2)
    assert (town.a.writes, town.b.writes) == writes, "nothing echoes"


def test_nothing_leaves_without_consent_and_the_reason_is_told(tmp_path):
    town = Town(tmp_path, consent=False)
    tally = town.sync()
    assert not town.b.records
    assert tally.withheld > 0
    case = town.file.id
    told = explaining.explain(town.world, case, receiver="b")
    for record in told["records"]:
        for fate in record["receivers"].values():
            assert fate["rules"]
            assert fate["words"]["nb"] != fate["words"]["nn"]
    town.world.store.close()


@pytest.mark.parametrize(
    ("register", "why"),
    [
        ({}, "nobody knows who may decide"),
        ({CHILD: {**FAMILY[CHILD], "parents": {MOTHER: "unknown"}}, MOTHER: FAMILY[MOTHER]}, "responsibility unknown"),
        ({CHILD: {**FAMILY[CHILD], "protection": "strict"}, MOTHER: FAMILY[MOTHER]}, "the child is protected"),
        ({CHILD: FAMILY[CHILD], MOTHER: {**FAMILY[MOTHER], "protection": "strict"}}, "the mother is protected"),
    ],
)
def test_what_the_register_does_not_carry_stays(tmp_path, register, why):
    town = Town(tmp_path, register=register)
    town.sync(2)
    assert not town.b.records, why
    town.world.store.close()


def test_a_withdrawal_stops_what_is_due_and_takes_back_what_is_out(town):
    town.sync(2)
    assert town.b.of("concern")
    town.a.put("concern", "k1", {"summary": "nytt"})
    mother = town.person(MOTHER)
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=mother)
    tally = town.sync()
    assert not town.b.of("concern")
    assert not town.b.of("case")
    assert tally.retracted >= 2
    assert town.sync().retracted == 0, "once is enough"
    with town.world.store.read() as tx:
        told = tx.disclosures(system="b")
    assert told
    assert {one.retract_state for one in told} == {"acknowledged"}
    assert town.a.of("concern"), "the origin keeps its own"


def test_a_withdrawal_told_by_the_vendor_does_the_same_and_no_import_undoes_it(town):
    town.sync(2)
    town.a.put("consent", "s1", {"withdrawn": "2026-11-21T13:00:00+01:00"})
    town.sync()
    assert not town.b.of("concern")
    town.a.put("consent", "s1", {"withdrawn": None})
    town.sync(2)
    assert not town.b.of("concern"), "an import never loosens"


def test_a_block_shuts_a_service_out_until_a_person_lifts_it(town):
    town.sync(2)
    case = town.file.id
    block = acts.set_block(town.world, case, by="kari", service="health_station", valid_from=None, valid_to=None)
    town.sync()
    assert not town.b.of("concern")
    with pytest.raises(acts.ActFault, match=r"act\.no_reason"):
        acts.lift_block(town.world, case, by="kari", block=block, reason=" ")
    acts.lift_block(town.world, case, by="kari", block=block, reason="avtalt med mor")
    town.sync(3)
    assert town.b.of("concern")


def test_a_flow_in_shadow_decides_and_sends_nothing_until_somebody_approves(tmp_path):
    town = Town(tmp_path, flows=False)
    tally = town.sync()
    assert tally.shadowed > 0
    assert not town.b.records
    acts.set_flow(town.world, "a", "b", "approved", by="rektor")
    acts.set_flow(town.world, "register", "b", "approved", by="rektor")
    town.sync()
    assert town.b.of("concern")
    town.world.store.close()


def test_everything_paused_stops_sending_and_lets_intake_go_on(town):
    town.sync(2)
    acts.pause_everything(town.world, by="drift", paused=True)
    town.a.put("concern", "k1", {"summary": "nytt"})
    tally = town.sync()
    assert tally.fetched["a"] == 1
    assert town.b.of("concern")[0]["summary"] == "leser lite"
    acts.pause_everything(town.world, by="drift", paused=False)
    town.sync()
    assert town.b.of("concern")[0]["summary"] == "nytt"


def test_two_edits_of_one_field_are_a_stored_conflict_and_a_person_chooses(town):
    town.sync(2)
    native = next(key[1] for key in town.b.records if key[0] == "concern")
    town.a.put("concern", "k1", {"summary": "fra a"})
    town.b.put("concern", native, {"summary": "fra b"})
    tally = town.sync()
    assert tally.conflicts == 1
    assert tally.status() == 1
    [task] = town.tasks()
    shown = settling.show(town.world, task["id"])
    assert {(one["ours"], one["theirs"]) for one in shown["values"]} == {("fra a", "fra b")}
    settling.resolve(town.world, task["id"], "theirs", by="kari")
    town.sync()
    assert town.a.of("concern")[0]["summary"] == town.b.of("concern")[0]["summary"] == "fra b"
    with pytest.raises(acts.ActFault, match=r"act\.resolved"):
        settling.resolve(town.world, task["id"], "ours", by="kari")


def test_a_coordinator_changed_by_a_vendor_is_a_claim(town):
    town.a.put(
        "assignment", "t1", {"role": "relay_holder", "holder_name": "Kari Lærer", "state": "accepted"}, case="c1"
    )
    town.sync()
    town.a.put("assignment", "t1", {"holder_name": "Per Rektor"})
    town.sync()
    [(_, entry)] = town.file.of_kind("assignment")
    assert entry.fields["holder_name"] == "Kari Lærer"
    assert [task["kind"] for task in town.tasks()] == ["claim"]


def test_an_existing_log_is_adopted_into_one_case_with_one_list_of_differences(tmp_path):
    town = Town(tmp_path)
    town.b.put("person", "x1", {"number": CHILD, "role": "subject", "given_name": "Ola"}, case="z9")
    town.b.put("case", "z9", {"subject": "x1", "status": "suspended", "opened_on": "2026-01-11"}, case="z9")
    town.b.put("concern", "y1", {"raised_on": "2026-02-01", "summary": "leser lite"}, case="z9")
    tally = town.sync(2)
    with town.world.store.read() as tx:
        assert tx.case_count() == 1
    assert [task["kind"] for task in town.tasks()] == ["adoption"]
    [task] = town.tasks()
    fields = {one["field"] for one in settling.show(town.world, task["id"])["values"]}
    assert fields == {"status", "opened_on"}
    assert len(town.b.of("concern")) == 2, "without the same area there is no telling that they are one"
    assert tally.conflicts == 0
    town.answer("ours")
    town.sync(2)
    assert town.b.of("case")[0]["status"] == "active"
    town.world.store.close()


def test_a_deletion_by_the_origin_takes_it_back_everywhere_and_anothers_asks_a_person(town):
    town.sync(2)
    town.a.delete("concern", "k1")
    town.sync(2)
    assert not town.b.of("concern")
    town.a.put("goal", "g1", {"title": "lese"}, case="c1")
    town.sync(2)
    native = next(key[1] for key in town.b.records if key[0] == "goal")
    town.b.delete("goal", native)
    town.sync()
    assert town.a.of("goal")
    assert [task["kind"] for task in town.tasks()] == ["deletion"]
    town.answer("ours")
    town.sync()
    assert town.b.of("goal") == [{"title": "lese"}]


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"raised_on": "2026-13-01"}, "model.value", "$.raised_on"),
        ({"raised_on": "2026-02-01", "level": {"code": "1", "rank": 9}}, "model.value", "$.level.rank"),
        ({"raised_on": "2026-02-01", "secret": "x"}, "model.value", "$"),
        ({"summary": "uten dato"}, "model.required", "$.raised_on"),
    ],
)
def test_what_cannot_be_read_waits_alone_with_code_and_path(town, fields, code, path):
    town.a.put("concern", "bad", fields, case="c1")
    town.a.put("goal", "good", {"title": "lese"}, case="c1")
    tally = town.sync()
    assert tally.quarantined == 1
    assert town.b.of("goal")
    with town.world.store.read() as tx:
        [held] = tx.quarantined("a")
    assert (held.code, held.path) == (code, path)
    town.a.put("concern", "bad", {"raised_on": "2026-02-02", "secret": None, "level": None}, case="c1")
    town.a.records["concern", "bad"]["fields"].pop("secret", None)
    town.sync()
    with town.world.store.read() as tx:
        assert not tx.quarantined("a")


@pytest.mark.parametrize("number", ["06821099730", "123", "01010112345"])
def test_a_wrong_person_number_is_refused_at_the_edge_and_not_repeated(town, number, capfd):
    town.a.put("person", "p3", {"number": number}, case="c1")
    assert town.sync().quarantined == 1
    with town.world.store.read() as tx:
        [held] = tx.quarantined("a")
    assert held.code.startswith("identity.")
    assert number not in str(held) + str(capfd.readouterr())


def test_a_wonder_note_is_refused_by_its_kind(town):
    town.a.put("wonder_note", "w1", {"noted_on": "2026-02-01", "observation": "stille"}, case="c1")
    town.sync()
    with town.world.store.read() as tx:
        assert [held.code for held in tx.quarantined("a")] == ["model.never_synced"]
    assert "wonder_note" not in {entry.kind for entry in town.file.items.values()}


def test_a_record_that_comes_before_its_case_waits_for_it(tmp_path):
    town = Town(tmp_path, consent=False)
    late = Vendor("a")
    late.put("concern", "k0", {"raised_on": "2026-02-01"}, case="c1")
    town.a.log = []
    records, town.a.records = town.a.records, late.records
    town.a.log.append(("concern", "k0"))
    assert town.sync().quarantined == 1
    town.a.records |= records
    town.a.log.extend(key for key in records)
    town.sync()
    with town.world.store.read() as tx:
        assert not tx.quarantined("a")
    assert len(town.file.of_kind("concern")) == 2
    town.world.store.close()


def test_a_vendor_that_is_down_delays_nobody_else_and_gets_it_later(town):
    town.b.down = True
    tally = town.sync()
    assert tally.unreachable == {"b": "http.connect"}
    assert tally.status() == 3
    assert tally.due == 1
    town.b.down = False
    town.sync()
    assert town.b.of("concern")


def test_a_refusal_becomes_a_task_and_is_not_offered_again_until_it_changes(town):
    town.b.refuse = lambda release: release.kind == "concern"
    town.sync(3)
    assert [task["kind"] for task in town.tasks()] == ["refused"]
    writes = town.b.writes
    town.sync(2)
    assert town.b.writes == writes
    town.b.refuse = lambda _: False
    town.a.put("concern", "k1", {"summary": "kortere"})
    town.sync()
    assert town.b.of("concern") == [{"summary": "kortere"}] or town.b.of("concern")[0]["summary"] == "kortere"


@pytest.mark.parametrize("again", ["key", "read_back"])
def test_a_lost_answer_is_one_effect(tmp_path, again):
    can = able(idempotency_key=again == "key", read_back=again == "read_back", conditional_write=False)
    town = Town(tmp_path, can_b=can)
    town.b.lose_answers = 2
    for _ in range(6):
        town.sync()
    assert len(town.b.of("person")) == 2
    assert len(town.b.of("case")) == len(town.b.of("concern")) == 1
    assert not town.world.store.vault.unfinished("b")
    town.world.store.close()


def test_without_key_or_reading_back_the_outcome_is_uncertain_and_waits_for_a_person(tmp_path):
    can = able(idempotency_key=False, read_back=False, conditional_write=False)
    town = Town(tmp_path, can_b=can)
    town.world.adapters["b"].fetch = lambda _: Page()
    town.b.lose_answers = 1
    town.sync(3)
    assert [task["kind"] for task in town.tasks()] == ["uncertain"]
    before = len(town.b.records)
    town.sync(2)
    assert len(town.b.records) == before, "nothing is sent again on a guess"
    assert telling.status(town.world)["systems"]
    town.answer("arrived")
    town.sync(3)
    assert not town.world.store.vault.unfinished("b")
    town.world.store.close()


STEPS = ("fetched", "kept", "asked", "decided", "begun", "sent", "proved", "ended")


@pytest.mark.parametrize("at", STEPS)
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_crash_between_any_two_steps_loses_nothing_and_doubles_nothing(tmp_path, at, nth):
    class Crash(BaseException):
        pass

    left = [nth]

    def step(name):
        if name == at:
            left[0] -= 1
            if left[0] == 0:
                raise Crash

    town = Town(tmp_path)
    town.world.store.close()
    town.world = town.open(step)

    def work():
        for _ in range(3):
            town.sync()
            town.a.put("concern", "k1", {"summary": f"endring {town.clock.at}"})

    with pytest.raises(Crash):
        work()
    town.world.store.close()
    town.world = town.open()
    for _ in range(4):
        town.sync()
        town.clock.forward(hours=6)
    assert town.b.of("concern") == town.a.of("concern")
    assert len(town.b.of("case")) == 1
    assert len(town.b.of("person")) == 2
    keys = [key for key, _ in town.b.effects]
    assert len(keys) == len(set(keys))
    town.world.store.close()


def test_the_source_is_told_only_after_the_save(tmp_path):
    order = []

    class Telling(Toy):
        def acknowledge(self, ids, outcome):
            with self.world.store.read() as tx:
                order.append((sorted(ids), outcome, tx.case_count()))

    town = Town(tmp_path, can_a=able(acknowledges=True))
    adapter = town.world.adapters["a"]
    adapter.__class__ = Telling
    adapter.world = town.world
    town.sync()
    assert order
    assert all(count == 1 for *_, count in order)
    town.world.store.close()


def test_a_full_feed_that_is_suddenly_empty_stops_and_nothing_is_deleted(tmp_path):
    town = Town(tmp_path, can_a=able(full_feed=True))
    town.sync()
    town.a.log = []
    tally = town.sync()
    assert tally.stopped == {"a": "guard.emptied"}
    assert town.b.of("concern")
    assert [task["kind"] for task in town.tasks()] == ["guard"]
    town.world.store.close()


def test_deletions_in_mass_stop_until_a_person_says_proceed(town):
    for number in range(60):
        town.a.put("goal", f"g{number}", {"title": f"mål {number}"}, case="c1")
    town.sync(2)
    for number in range(50):
        town.a.delete("goal", f"g{number}")
    tally = town.sync()
    assert tally.stopped == {"a": "guard.mass_change"}
    assert len(town.b.of("goal")) == 60
    town.answer("proceed")
    town.sync(2)
    assert len(town.b.of("goal")) == 10


def test_a_plan_tells_what_the_round_will_do_and_changes_nothing(town):
    files = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in town.folder.glob("*.db")}
    told = plan_round(town.world)
    assert told["fetch"] == {"a": 5, "b": 0, "register": 0}
    assert sum(told["send"]["b"].values()) >= 1
    assert {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in town.folder.glob("*.db")} == files
    assert not town.b.records
    with town.world.store.read() as tx:
        assert tx.case_count() == 0
        assert tx.cursor("a") is None
    town.sync()
    assert town.b.of("concern")


def test_two_runs_from_one_seed_leave_equal_traces(tmp_path):
    traces = []
    for run in ("one", "two"):
        folder = tmp_path / run
        folder.mkdir()
        seen = []
        town = Town(folder, step=seen.append)
        town.b.lose_answers = 1
        for number in range(4):
            town.a.put("concern", "k1", {"summary": f"{number}"})
            seen.append(msgspec.json.encode(town.sync().plain()))
        with town.world.store.read() as tx:
            bodies = [tx.load_cases(tx.case_ids())]
        traces.append((seen, bodies, state(town.a), state(town.b)))
        town.world.store.close()
    assert traces[0] == traces[1]


def test_explaining_a_past_moment_uses_what_was_recorded_then(town):
    town.sync(2)
    before = town.clock.at
    town.clock.forward(days=1)
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
    case = town.file.id
    concern = town.file.of_kind("concern")[0][0]
    now = explaining.explain(town.world, f"{case}/{concern}", receiver="b")["records"][0]["receivers"]["b"]
    then = explaining.explain(town.world, f"{case}/{concern}", receiver="b", at=before)["records"][0]["receivers"]["b"]
    assert now["effect"] == "deny"
    assert then["effect"] == "permit"


def test_an_erased_case_is_gone_and_the_proof_that_it_was_stays(town):
    town.sync(2)
    case = town.file.id
    acts.erase_case(town.world, case, by="pvo")
    with town.world.store.read() as tx:
        assert tx.case_count() == 0
        assert tx.disclosures(cases=[case])
    assert [one.case for one in town.world.store.vault.erased()] == [case]


def test_by_hand_a_task_shows_just_the_released_fields_and_a_person_gives_the_receipt(tmp_path):
    town = Town(tmp_path, can_b=able(manual=True, idempotency_key=False, read_back=False))
    town.sync(2)
    kinds = {task["kind"] for task in town.tasks()}
    assert kinds == {"enter"}
    shown = [settling.show(town.world, task["id"])["about"]["enter"][0] for task in town.tasks()]
    assert {"raised_on": "2026-02-01", "summary": "leser lite"} in [one["values"] for one in shown]
    town.answer("entered")
    assert not town.tasks()
    town.world.store.close()


def test_a_consent_given_on_paper_opens_what_it_covers(tmp_path):
    town = Town(tmp_path, consent=False)
    town.sync()
    fields = {
        "decision": "given", "by": town.person(MOTHER), "purpose": "bti", "services": ["health_station"],
        "valid_from": "2026-11-01", "valid_to": "2027-06-30", "form": "written",
    }  # fmt: skip
    with pytest.raises(acts.ActFault, match=r"act\.unknown_person"):
        acts.record_consent(town.world, town.file.id, by="kari", unit="a-unit", fields={**fields, "by": "ukjent"})
    acts.record_consent(town.world, town.file.id, by="kari", unit="a-unit", fields=fields)
    town.sync(2)
    assert town.b.of("concern")
    town.world.store.close()


def test_no_person_number_and_no_text_lies_open_in_the_files(town):
    town.sync(2)
    for path in town.folder.glob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for secret in (CHILD, MOTHER, "leser lite", "Ola"):
            for form in (secret.encode(), secret.encode("utf-16-le"), secret.encode().hex().encode()):
                assert form not in content, path.name
    main = sqlite3.connect(town.folder / "main.db")
    assert main.execute("select count(*) from cases").fetchone() == (1,)
    main.close()


def test_a_vendor_that_breaks_in_its_own_code_is_told_by_code_alone(town, capfd):
    def broken(raw: Raw):
        raise ValueError(f"hemmelig {raw.body}")

    town.world.adapters["a"].read = broken
    tally = town.sync()
    assert tally.quarantined == 5
    assert "hemmelig" not in str(capfd.readouterr())
    town.world.adapters["b"].fetch = lambda _: (_ for _ in ()).throw(Unreachable("http.timeout"))
    assert town.sync().unreachable == {"b": "http.timeout"}


def test_a_day_that_brings_an_expiry_is_noticed_at_midnight(town):
    town.sync(2)
    town.clock.at = town.clock.at.replace(year=2028, month=1, day=2)
    town.a.put("concern", "k1", {"summary": "etter utløp"})
    town.sync()
    assert town.b.of("concern")[0]["summary"] == "leser lite"
    assert timedelta(0) < town.clock.at - town.clock.at.replace(hour=0)
    assert ALL


def test_a_consent_for_some_levels_reaches_no_further(tmp_path):
    town = Town(tmp_path)
    town.a.put("consent", "s1", {"level_to": 1})
    town.a.put("case", "c1", {"level": {"code": "niva-1", "rank": 1}})
    town.a.put("concern", "k2", {"raised_on": "2026-03-01", "level": {"code": "niva-3", "rank": 3}}, case="c1")
    town.sync(2)
    assert [one["raised_on"] for one in town.b.of("concern")] == ["2026-02-01"]
    town.world.store.close()


def test_whom_a_school_names_beside_the_child_comes_into_the_case_and_nobody_else(tmp_path):
    town = Town(tmp_path)
    town.sync()
    town.b.put("person", "t1", {"given_name": "Kari", "role": "employee"}, about=["p"])
    town.b.put("person", "t2", {"given_name": "Per", "role": "employee"}, about=["ukjent"])
    child = next(key[1] for key, one in town.b.records.items() if one["fields"].get("number") == CHILD)
    town.b.records["person", "t1"]["about"] = [child]
    town.sync()
    names = {entry.fields.get("given_name") for _, entry in town.file.of_kind("person")}
    assert "Kari" in names
    assert "Per" not in names
    town.world.store.close()


def test_a_consent_taken_back_for_one_service_stands_for_the_others(town):
    town.sync(2)
    [(consent, _)] = town.file.of_kind("consent")
    taken = acts.withdraw_consent(
        town.world, town.file.id, by="kari", giver=town.person(MOTHER), services=["health_station"]
    )
    assert taken == [consent]
    town.sync(2)
    assert not town.b.of("concern"), "what the health station has is taken back"
    left = [entry.fields for _, entry in town.file.of_kind("consent") if entry.fields.get("withdrawn") is None]
    assert [(one["services"], one["supersedes"]) for one in left] == [(["school"], consent)]


def test_changes_in_mass_stop_until_a_person_says_proceed(town):
    for number in range(60):
        town.a.put("goal", f"g{number}", {"title": f"mål {number}"}, case="c1")
    town.sync(2)
    for number in range(55):
        town.a.put("goal", f"g{number}", {"title": "tomt"})
    assert town.sync().stopped == {"a": "guard.mass_change"}
    assert {one["title"] for one in town.b.of("goal")} != {"tomt"}
    town.answer("proceed")
    town.sync(2)
    assert [one["title"] for one in town.b.of("goal")].count("tomt") == 55


@pytest.mark.parametrize("again", ["key", "read_back", "both"])
@pytest.mark.parametrize("kind", ["concern", "goal"])
def test_what_was_made_with_a_lost_answer_does_not_come_back_as_somebody_elses(tmp_path, again, kind):
    can = able(idempotency_key=again != "read_back", read_back=again != "key", conditional_write=False)
    town = Town(tmp_path, can_b=can)
    town.sync(2)
    fields = {"concern": {"raised_on": "2026-02-02", "summary": "nytt"}, "goal": {"title": "nytt"}}[kind]
    town.a.put(kind, "k2", fields, case="c1")
    town.b.lose_answers = 1
    town.sync(4)
    for vendor in (town.a, town.b):
        assert [fields for one in vendor.of(kind) if one == fields] == [fields]
    assert not town.world.store.vault.unfinished("b")
    town.world.store.close()


def test_what_waits_for_an_authorised_person_is_a_task(tmp_path):
    town = Town(tmp_path, register={CHILD: {**FAMILY[CHILD], "protection": "strict"}, MOTHER: FAMILY[MOTHER]})
    town.sync(2)
    assert not town.b.records
    assert [task["kind"] for task in town.tasks()] == ["gate"]
    town.sync(2)
    assert len(town.tasks()) == 1
    town.world.store.close()
