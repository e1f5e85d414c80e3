"""Bad input into the engine: what an adapter raises, answers and reads, and what its vendor writes.

Each case names one thing that is wrong with system ``a``. It is put aside or told with a code, system ``b`` and the
register go on, no value is told anywhere, and the next round finds the store as whole as before.
"""

from datetime import timedelta

import msgspec
import pytest

from gateway.core import casefile
from gateway.run import acts, settling, telling
from gateway.run.life import sync
from gateway.sdk import Fault, Page, Raw, Reading, Receipt, Refused, Unreachable
from tests.run.test_life import Town
from tests.run.toys import CHILD, MOTHER, able

PHRASE = "hemmelig fjelltur 4711"


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    yield made
    made.world.store.close()


def whole(town):
    """Every case file can be read, and the log holds."""
    with town.world.store.read() as tx:
        for _, body in tx.load_cases(tx.case_ids()).values():
            casefile.decode(body)


def held(town, system="a"):
    with town.world.store.read() as tx:
        return {one.code for one in tx.quarantined(system)}


def raising(*_, **__):
    raise ValueError(PHRASE)


ENDLESS = iter(range(1, 10_000_000))

ANSWERS = {
    "an exception": (raising, "adapter.fetch_failed"),
    "a fault": (lambda _: (_ for _ in ()).throw(Fault("vendor.answer", "$.x")), "vendor.answer"),
    "nothing": (lambda _: None, "adapter.answer"),
    "a text": (lambda _: PHRASE, "adapter.answer"),
    "records that are none": (lambda _: Page(records=[PHRASE]), "adapter.answer"),
    "a kind that is a number": (lambda _: Page(records=[Raw(kind=1, id="x")]), "adapter.answer"),
    "an id that is none": (lambda _: Page(records=[Raw(kind="concern", id=None)]), "adapter.answer"),
    "an id that cannot be written": (lambda _: Page(records=[Raw(kind="concern", id="\ud800")]), "adapter.answer"),
    "a cursor that is a number": (lambda _: Page(cursor=5), "adapter.answer"),
    "changes that are none": (lambda _: Page(changed=[5]), "adapter.answer"),
    "more without a cursor": (lambda _: Page(more=True), "vendor.paging_loop"),
    "the same page for ever": (lambda _: Page(cursor="x", more=True), "vendor.paging_loop"),
    "two pages in turn for ever": (lambda at: Page(cursor="x" if at == "y" else "y", more=True), "vendor.paging_loop"),
    "empty pages for ever": (lambda _: Page(cursor=str(next(ENDLESS)), more=True), "vendor.paging_loop"),
}


@pytest.mark.parametrize(
    ("answer", "threads"), [(answer, 1) for answer in ANSWERS] + [("an exception", 4), ("the same page for ever", 4)]
)
def test_a_source_that_answers_with(answer, threads, town, capfd):
    fetch, code = ANSWERS[answer]
    town.sync(2)
    town.world = msgspec.structs.replace(town.world, threads=threads)
    town.world.adapters["a"].fetch = fetch
    native = next(key[1] for key in town.b.records if key[0] == "concern")
    town.b.put("concern", native, {"area": "reading"})
    tally = sync(town.world)
    assert tally.stopped == {"a": code}
    assert town.a.of("concern")[0]["area"] == "reading", "the others go on, and are written to"
    told = {one["system"]: one["last_error"] for one in telling.status(town.world)["systems"]}
    assert told == {"a": code, "b": None, "register": None}
    assert ("system", code) in {
        (task["kind"], settling.show(town.world, task["id"])["about"]["code"]) for task in town.tasks()
    }
    assert PHRASE not in str(capfd.readouterr())
    whole(town)


def test_a_failure_stays_told_until_the_system_answers_again(town):
    town.a.down = True
    town.sync(2)
    told = {one["system"]: one for one in telling.status(town.world)["systems"]}
    assert (told["a"]["last_error"], told["a"]["last_success"]) == ("http.connect", None)
    assert told["b"]["last_error"] is None
    town.a.down = False
    town.sync()
    told = {one["system"]: one for one in telling.status(town.world)["systems"]}
    assert told["a"]["last_error"] is None
    assert told["a"]["last_success"] is not None


def concern(**more):
    return Reading(**{"kind": "concern", "id": "bad", "fields": {"raised_on": "2026-02-01"}, "case": "c1", **more})


READ = {
    "an exception": (raising, "adapter.read_failed"),
    "nothing": (None, "adapter.answer"),
    "a text": (PHRASE, "adapter.answer"),
    "numbers": ([1], "adapter.answer"),
    "fields that are none": ([concern(fields=None)], "adapter.answer"),
    "an id that is none": ([concern(id=None)], "adapter.answer"),
    "a case that is a list": ([concern(case=["c1"])], "adapter.answer"),
    "whom it is about as a text": ([concern(about="p1")], "adapter.answer"),
    "whom it is about as lists": ([concern(about=[["p1"]])], "adapter.answer"),
    "a kind that is none": ([concern(kind="spell")], "model.kind"),
    "a text with half a surrogate": (
        [concern(fields={"raised_on": "2026-02-01", "summary": "\ud800"})],
        "adapter.answer",
    ),
    "a number where a text stands": ([concern(fields={"raised_on": "2026-02-01", "summary": 4711})], "model.value"),
    "a list where a text stands": ([concern(fields={"raised_on": "2026-02-01", "summary": [PHRASE]})], "model.value"),
    "an object where a day stands": ([concern(fields={"raised_on": {PHRASE: 1}})], "model.value"),
    "a rank past the last": (
        [concern(fields={"raised_on": "2026-02-01", "level": {"code": "9", "rank": 10**30}})],
        "model.value",
    ),
    "a field that is no name": ([concern(fields={"raised_on": "2026-02-01", PHRASE: 1})], "model.value"),
    "a naive time": (
        [
            concern(
                kind="consent", fields={"decision": "given", "by": "p2", "purpose": "bti", "given": "2026-01-01T10:00"}
            )
        ],
        "model.value",
    ),
    "an impossible day": ([concern(fields={"raised_on": "2026-02-30"})], "model.value"),
    "a person number of the other kind": (
        [concern(kind="person", fields={"number": "01010112345", "role": "guardian"})],
        "identity.",
    ),
    "a person number with a wrong check digit": (
        [concern(kind="person", fields={"number": "06821099730", "role": "guardian"})],
        "identity.",
    ),
    "a person that nobody knows": ([concern(kind="relation", fields={"person": "x", "child": "p1"})], ""),
    "no field that it must have": ([concern(fields={"summary": PHRASE})], "model.required"),
}


@pytest.mark.parametrize("answer", READ)
def test_a_record_read_as(answer, town, capfd):
    reads, code = READ[answer]
    town.sync()
    adapter = town.world.adapters["a"]
    real = adapter.read
    adapter.read = lambda raw: (reads() if callable(reads) else reads) if raw.id == "bad" else real(raw)
    town.a.put("concern", "bad", {"raised_on": "2026-02-01"}, case="c1")
    town.a.put("goal", "good", {"title": "lese"}, case="c1")
    town.sync(2)
    assert [one.fields for _, one in town.file.of_kind("goal")] == [{"title": "lese"}], "the rest of the page goes on"
    # Somebody in the case, or a consent, of whom nothing could be read may close what the case lets go.
    holds = any(one.what in {"person", "consent"} for one in town.file.unread)
    assert town.b.of("goal") == ([] if holds else [{"title": "lese"}])
    assert len(town.b.of("concern")) == 1
    assert all(one.startswith(code) for one in held(town))
    assert bool(held(town)) == bool(code)
    with town.world.store.read() as tx:
        assert PHRASE not in str(tx.quarantined("a"))
    assert PHRASE not in str(capfd.readouterr())
    whole(town)


BODIES = {
    "an integer past 64 bits": 2**70,
    "half a surrogate": "\ud800",
    "bytes": b"\xff",
    "no number": float("nan"),
    "a key that is a number": {1: 2},
    "an object": object(),
    "a thousand levels": [],
}
for _ in range(1000):
    BODIES["a thousand levels"] = [BODIES["a thousand levels"]]


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_holds(body, town):
    town.sync()
    town.a.put("concern", "bad", {"raised_on": "2026-02-01", "summary": BODIES[body]}, case="c1")
    town.a.put("goal", "good", {"title": "lese"}, case="c1")
    town.world.adapters["a"].fetch = lambda _: Page(
        records=[Raw(kind=one["kind"], id=one["id"], body=one) for one in town.a.records.values()], cursor="9"
    )
    town.sync(2)
    assert held(town)
    assert town.b.of("goal") == [{"title": "lese"}]
    whole(town)


def test_what_a_vendor_writes_for_a_kind_stands_nowhere_unsealed(town, capfd):
    for kind in (MOTHER, f"{MOTHER}-kind", PHRASE, "x" * 10_000, "\x00", ""):
        town.world.adapters["a"].fetch = lambda _, kind=kind: Page(
            records=[Raw(kind=kind, id="x", body={})], cursor="1"
        )
        assert town.sync().quarantined == 1
    with town.world.store.read() as tx:
        assert {one.kind for one in tx.quarantined("a")} == {"unknown"}
    for path in town.folder.glob("*.db*"):
        assert MOTHER.encode() not in path.read_bytes()
        assert PHRASE.encode() not in path.read_bytes()
    assert MOTHER not in str(capfd.readouterr())


RECEIPTS = {
    "nothing": None,
    "a text": PHRASE,
    "a state that is none": Receipt(key="k", state="lovely"),
    "an id that is a number": Receipt(key="k", state="accepted", native_id=5),
    "an id that cannot be written": Receipt(key="k", state="accepted", native_id="\ud800"),
    "a version that is a number": Receipt(key="k", state="accepted", native_id="x", version=7),
    "parts that are none": Receipt(key="k", state="accepted", native_id="x", parts=(None,)),
}


@pytest.mark.parametrize("answer", RECEIPTS)
@pytest.mark.parametrize("batch", [1, 10])
def test_a_delivery_receipted_with(answer, batch, tmp_path):
    town = Town(tmp_path, can_b=able(batch=batch))
    adapter = town.world.adapters["b"]
    real = adapter.deliver
    adapter.deliver = lambda release, key: (real(release, key), RECEIPTS[answer])[1]
    tally = town.sync()
    assert tally.uncertain > 0
    assert {task["kind"] for task in town.tasks()} == {"uncertain"}
    whole(town)
    adapter.deliver = real
    town.answer("lost")
    town.sync(3)
    assert len(town.b.of("person")) == 2, "the receiver honours keys: the same key again is one effect"
    assert len(town.b.of("concern")) == len(town.b.of("case")) == 1
    whole(town)
    town.world.store.close()


@pytest.mark.parametrize("answer", [None, PHRASE, [], [None], [PHRASE, 1]])
def test_a_batch_receipted_with_something_else_is_uncertain_one_by_one(answer, tmp_path):
    town = Town(tmp_path, can_b=able(batch=10))
    town.world.adapters["b"].deliver_batch = lambda releases: answer
    assert town.sync().uncertain > 0
    whole(town)
    town.world.store.close()


@pytest.mark.parametrize("which", ["lookup", "acknowledge", "read_back", "retract", "deliver"])
def test_an_adapter_that_raises_in_any_call_stops_its_own_lane_alone(which, tmp_path, capfd):
    town = Town(tmp_path, can_a=able(acknowledges=True))
    town.sync(2)
    broken = town.world.adapters[{"lookup": "register", "acknowledge": "a"}.get(which, "b")]
    setattr(broken, which, raising)
    if which == "read_back":
        town.b.lose_answers = 1
    town.a.put("concern", "k1", {"summary": "nytt"})
    if which == "retract":
        town.a.delete("concern", "k1")
    town.sync()
    town.sync()
    if which in {"lookup", "acknowledge"}:
        assert town.b.of("concern")[0]["summary"] == "nytt"
    delattr(broken, which)
    town.clock.forward(days=2)
    town.sync(3)
    assert [one["summary"] for one in town.b.of("concern")] == ([] if which == "retract" else ["nytt"])
    assert PHRASE not in str(capfd.readouterr())
    town.world.store.close()


def test_a_time_of_change_that_has_not_come_hides_no_later_edit(town):
    adapter, times = town.world.adapters["a"], {}
    real = adapter.fetch

    def fetch(cursor):
        page = real(cursor)
        records = [msgspec.structs.replace(raw, modified=times.get("k1")) for raw in page.records]
        return Page(records=records, cursor=page.cursor, more=page.more)

    adapter.fetch = fetch
    ahead = (town.clock.at + timedelta(days=60)).isoformat()
    for number, told in enumerate((ahead, "2026-11-20T08:00:00Z", "tull", "2026-11-20T09:30:00", None)):
        times["k1"] = told
        town.a.put("concern", "k1", {"summary": f"utgave {number}"})
        town.sync(2)
        assert town.b.of("concern")[0]["summary"] == f"utgave {number}"
    for number, told in enumerate(("2026-11-21T14:00:00+01:00", "2026-11-21T13:30:00Z")):
        times["k1"] = told
        town.a.put("concern", "k1", {"summary": f"sone {number}"})
        town.sync(2)
        assert town.b.of("concern")[0]["summary"] == f"sone {number}", "instants are compared, not their writing"


def test_a_record_waits_for_what_it_points_to_also_in_a_case_that_is_known(town):
    town.sync()
    town.a.put("measure", "m1", {"title": "lese sammen", "goals": ["g1"]}, case="c1")
    assert town.sync().quarantined == 1
    town.a.put("goal", "g1", {"title": "lese"}, case="c1")
    town.sync(2)
    assert not held(town)
    assert [one["title"] for one in town.b.of("measure")] == ["lese sammen"]


def test_every_retraction_goes_out_though_the_receiver_was_down_when_they_began(tmp_path):
    from tests.run.streets import Street  # noqa: PLC0415 - several families

    street = Street(tmp_path, families=4)
    street.sync(2)
    assert len(street.b.of("concern")) == 4
    street.withdraw(range(4))
    street.b.down = True
    street.sync()
    street.b.down = False
    for _ in range(3):
        street.sync()
    assert street.b.of("concern") == []
    street.world.store.close()


@pytest.mark.parametrize("fails", [0, 2])
@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_wherever_a_page_ends_and_the_source_fails_everything_arrives(size, fails, threads, tmp_path):
    town = Town(tmp_path, options={"page": size})
    adapter, left = town.world.adapters["a"], [fails or 1_000]
    town.world = msgspec.structs.replace(town.world, threads=threads)
    real = adapter.fetch

    def fetch(cursor):
        left[0] -= 1
        if left[0] < 0:
            raise Unreachable("http.broken")
        return real(cursor)

    adapter.fetch = fetch
    town.sync()
    left[0] = 1_000
    town.sync(2)
    assert not held(town)
    assert town.b.of("concern") == town.a.of("concern")
    town.world.store.close()


def test_a_crash_before_the_waiting_are_read_again_forgets_none_of_them(tmp_path):
    class Crash(BaseException):
        pass

    left = [5]

    def step(name):
        left[0] -= name == "kept"
        if name == "kept" and left[0] == 0:
            raise Crash

    town = Town(tmp_path, options={"page": 1}, step=step)
    with pytest.raises(Crash):
        town.sync()
    town.world.store.close()
    town.world = town.open()
    town.sync(2)
    assert not held(town)
    assert town.b.of("concern") == town.a.of("concern")
    town.world.store.close()


def test_a_record_made_anew_is_not_taken_for_an_old_copy_of_the_one_before(town):
    town.a.put("goal", "g1", {"title": "lese"}, case="c1")
    town.sync(2)

    def goal():
        return next(key[1] for key, one in town.b.records.items() if key[0] == "goal" and not one["deleted"])

    town.a.put("goal", "g1", {"title": "lese høyt"})
    town.sync(2)
    town.b.delete("goal", goal())
    town.sync()
    town.answer("ours")
    town.sync(2)
    town.b.put("goal", goal(), {"title": "lese mye"})
    town.sync(2)
    assert [one["title"] for one in town.a.of("goal")] == ["lese mye"], "its second version is news"
    town.b.put("goal", goal(), {"title": "lese mer"})
    town.sync(2)
    assert [one["title"] for one in town.a.of("goal")] == ["lese mer"]


def test_every_difference_at_first_contact_has_a_task_also_while_another_waits(tmp_path):
    town = Town(tmp_path, flows=False)
    town.b.put("person", "x1", {"number": CHILD, "role": "subject", "given_name": "Ola"}, case="z9")
    town.b.put("case", "z9", {"subject": "x1", "status": "suspended"}, case="z9")
    town.sync(2)
    assert [task["kind"] for task in town.tasks()] == ["adoption"]
    town.b.put("case", "z9", {"opened_on": "2026-01-11"}, case="z9")
    town.sync(2)
    asked = {one["field"] for task in town.tasks() for one in settling.show(town.world, task["id"])["about"]["fields"]}
    assert asked == {"status", "opened_on"}
    town.world.store.close()


@pytest.mark.parametrize("error", [Unreachable("http.503"), Refused("http.422", path="$.x"), Fault("map.code", "$.y")])
def test_one_of_several_that_fails_says_nothing_false_of_those_before_it(error, tmp_path):
    town = Town(tmp_path, can_b=able(batch=10, read_back=False))
    adapter, calls = town.world.adapters["b"], []
    real = adapter.deliver

    def deliver(release, key):
        calls.append(key)
        if len(calls) == 2:
            raise error
        return real(release, key)

    adapter.deliver = deliver
    town.sync()
    town.a.put("person", "p1", {"given_name": "Ola Endret"}, case="c1")
    town.sync()
    for task in town.tasks():
        if "again" in task["answers"]:
            settling.resolve(town.world, task["id"], "again", by="kari")
    for _ in range(4):
        town.clock.forward(days=1)
        town.sync(2)
        for task in town.tasks():
            if "ours" in task["answers"]:  # which of two contents a key stands for there is asked, not guessed
                settling.resolve(town.world, task["id"], "ours", by="kari")
    assert sorted(one.get("given_name", "") for one in town.b.of("person")) == ["", "Ola Endret"]
    assert len(town.b.of("concern")) == 1
    town.world.store.close()


def test_a_system_that_is_down_when_it_is_asked_what_arrived_is_asked_later_and_no_person_is(tmp_path):
    town = Town(tmp_path, can_b=able(idempotency_key=False))
    adapter = town.world.adapters["b"]
    real, down = adapter.read_back, [True]

    def read_back(key):
        if down[0]:
            raise Unreachable("http.connect")
        return real(key)

    adapter.read_back = read_back
    town.b.lose_answers = 1
    town.sync(3)
    assert not [task for task in town.tasks() if task["kind"] == "uncertain"]
    down[0] = False
    town.clock.forward(days=1)
    town.sync(4)
    assert town.b.of("concern") == town.a.of("concern")
    assert len(town.b.of("person")) == 2
    assert not town.world.store.vault.unfinished("b")
    town.world.store.close()


@pytest.mark.parametrize("can", [{}, {"read_back": False}, {"read_back": False, "idempotency_key": False}])
def test_a_retraction_whose_answer_was_lost_is_not_taken_for_somebodys_deletion(can, tmp_path):
    class Crash(BaseException):
        pass

    began = []

    def step(name):
        if name == "retracted" and not began:
            began.append(name)
            raise Crash

    town = Town(tmp_path, can_b=able(**can), step=step)
    town.sync(2)
    block = acts.set_block(
        town.world, town.file.id, by="kari", service="health_station", valid_from=None, valid_to=None
    )
    with pytest.raises(Crash):
        town.sync()
    town.world.store.close()
    town.world = town.open()
    for _ in range(3):
        town.sync()
        town.clock.forward(days=1)
    assert [task["kind"] for task in town.tasks()] == []
    assert not town.b.of("concern")
    acts.lift_block(town.world, town.file.id, by="leder", block=block, reason="avtalt")
    town.sync(4)
    assert town.b.of("concern") == town.a.of("concern")
    town.world.store.close()
