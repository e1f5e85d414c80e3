"""No silence: whatever happens, a worry that was taken in ends in an act, an acknowledgement, a day to come or a task."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.core import deadlines
from gateway.core.ages import day
from gateway.run import settling, watching
from gateway.run.owners import owners
from gateway.run.settings import Person, Settings, Unit
from gateway.store.looks import Looks
from tests.run.test_life import Town
from tests.run.toys import Clock

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def peopled(world):
    people = {
        "kari": Person(role="coordinator", unit="a-unit", name="kari"),
        "liv": Person(role="leader", unit="a-unit", name="liv"),
        "eli": Person(role="leader", unit="b-unit", name="eli"),
    }
    return msgspec.structs.replace(world, settings=msgspec.structs.replace(world.settings, people=people))


class Village(Town):
    """The town with people in it, in the spring of a year: nothing is overdue yet."""

    def open(self, step=None):
        return peopled(super().open(step))

    def of(self, kind):
        return [one for one in self.tasks() if one["kind"] == kind]


@pytest.fixture
def village(tmp_path):
    made = Village(tmp_path, clock=Clock(BEGIN))
    made.a.put("meeting", "m1", {"held_at": "2026-02-10T09:00:00Z"}, case="c1")
    made.a.put("concern", "k1", {"raised_on": "2026-03-01"})
    made.a.put("assignment", "h9", {"role": "relay_holder", "state": "accepted", "unit": "a-unit"}, case="c1")
    made.sync()
    yield made
    made.world.store.close()


def test_a_worry_nobody_decides_on_is_a_task_on_its_day_and_a_leaders_a_week_later(village):
    village.clock.at = datetime(2026, 3, 14, 22, 59, tzinfo=UTC)
    village.sync()
    assert village.of("overdue") == []
    village.clock.at = datetime(2026, 3, 14, 23, 1, tzinfo=UTC)  # midnight in Oslo
    tally = village.sync()
    assert tally.tasks == 1
    [task] = village.of("overdue")
    assert (task["owner"], task["role"], task["unit"]) == (["kari"], None, "a-unit")
    assert settling.show(village.world, task["id"])["about"]["deadlines"] == [
        {
            "code": "decide_concern",
            "item": task["item"],
            "kind": "concern",
            "due": "2026-03-15",
            "escalates": "2026-03-22",
        }
    ]
    village.clock.forward(days=6)
    village.sync()
    assert [one["owner"] for one in village.of("overdue")] == [["kari"]]
    village.clock.forward(days=1)
    village.sync()
    [again] = village.of("overdue")
    assert (again["id"], again["owner"], again["role"]) == (task["id"], ["liv"], "leader")


def test_what_is_done_in_the_vendors_system_settles_the_task_by_itself(village):
    village.clock.forward(days=20)
    village.sync()
    assert village.of("overdue")
    village.a.put("concern", "k1", {"status": "clarified"})
    village.sync()
    assert village.of("overdue") == []
    with village.world.store.read() as tx:
        assert [one.outcome for one in tx.tasks(state="resolved", kind="overdue")] == ["settled"]


def test_what_is_acknowledged_is_asked_no_more_and_what_is_put_off_is_asked_again(village):
    village.clock.forward(days=20)
    village.sync()
    [task] = village.of("overdue")
    settling.resolve(village.world, task["id"], "later", by="kari")
    village.sync()
    assert village.of("overdue") == []
    village.clock.forward(days=14)
    village.sync()
    [task] = village.of("overdue")
    settling.resolve(village.world, task["id"], "seen", by="kari")
    village.clock.forward(days=200)
    village.sync()
    assert village.of("overdue") == []


def test_all_that_is_due_in_a_case_for_one_owner_is_one_task(village):
    for at in range(3):
        village.a.put("measure", f"t{at}", {"title": f"t{at}", "started_on": "2026-03-03"}, case="c1")
    village.sync()
    village.clock.forward(days=100)
    village.sync()
    [task] = village.of("follow_up")
    assert village.of("overdue") == [], "the worry was acted on"
    assert len(settling.show(village.world, task["id"])["about"]["deadlines"]) == 3


def test_a_consent_is_asked_for_anew_on_the_first_monday_of_the_month_before_its_last_sixty_days(village):
    village.a.put("consent", "s1", {"valid_to": "2026-07-30"})
    village.sync()
    village.clock.at = datetime(2026, 5, 3, 21, 30, tzinfo=UTC)
    village.sync()
    assert village.of("renewal") == []
    village.clock.at = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)  # the fourth of May, a Monday, has come in Oslo
    village.sync()
    [task] = village.of("renewal")
    assert task["deadline"].startswith("2026-07-29T22:00")
    assert task["list"] == "2026-05-04/a-unit/renewal"
    told = {"decision": "given", "by": "p2", "purpose": "bti", "services": ["school", "health_station"],
            "valid_from": "2026-07-30", "valid_to": "2027-07-30", "given": "2026-06-01T10:00:00+01:00"}  # fmt: skip
    village.a.put("consent", "s2", told, case="c1", about=["p1"])
    village.sync()
    assert village.of("renewal") == []


def test_tasks_stand_with_the_oldest_deadline_first(village):
    village.clock.forward(days=20)
    village.sync()
    village.a.put("concern", "k1", {"summary": "a"})
    village.b.put("concern", next(key[1] for key in village.b.records if key[0] == "concern"), {"summary": "b"})
    village.sync()
    told = [one["deadline"] for one in village.tasks()]
    assert len(told) == 2
    assert told == sorted(told)


def test_a_changed_model_is_felt_at_the_next_round(village, monkeypatch):
    village.clock.forward(days=5)
    village.sync()
    assert village.of("overdue") == []
    strict = [msgspec.structs.replace(one, days=2) for one in watching.rules_of(village.world.settings)]
    monkeypatch.setattr(watching, "rules_of", lambda _: tuple(strict))
    village.sync()
    assert village.of("overdue")


def test_midnight_opens_only_the_cases_whose_day_has_come(village, monkeypatch):
    opened = []
    real = watching._tasks
    monkeypatch.setattr(
        watching, "_tasks", lambda world, file, asked, now: opened.append(1) or real(world, file, asked, now)
    )
    village.clock.forward(days=1)
    village.sync()
    assert opened == []
    village.clock.at = datetime(2026, 3, 16, 0, 1, tzinfo=UTC)
    village.sync()
    assert opened == [1]


def test_everything_that_waits_is_somebodys():
    people = {
        "kari": Person(role="coordinator", unit="skole-1", name="kari"),
        "liv": Person(role="leader", unit="etat", name="liv"),
        "dag": Person(role="operator", name="dag"),
    }
    units = {name: Unit(service="school", body="k", name=name, part_of=above) for name, above in
             (("skole-1", "etat"), ("skole-2", "etat"), ("etat", None))}  # fmt: skip
    world = Settings(tenant="t", municipality="1120", model="klepp", numbers="synthetic", people=people, units=units)
    assert owners(world, unit="skole-1", role=None) == ["kari"]
    assert owners(world, unit="skole-1", role="leader") == ["kari"], "who is there answers before who is further off"
    assert owners(world, unit="skole-2", role=None) == ["liv"]
    assert owners(world, unit=None, role=None) == ["liv"]
    alone = msgspec.structs.replace(world, people={"dag": people["dag"]})
    assert owners(alone, unit="skole-1", role="leader") == ["dag"]


# The property


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ("new", "edit", "status", "delete", "measure", "day", "week", "season", "down", "up", "seen", "later",
             "holder", "again", "restart", "lose")
        ),
        st.integers(0, 3),
    ),
    min_size=3, max_size=14,
)  # fmt: skip


class History:
    """What happens in two systems, and at the inbox, over months."""

    def __init__(self, folder):
        self.town = Village(folder, clock=Clock(BEGIN))
        self.town.sync()
        self.count = 0
        self.known = {}

    def do(self, act, at):
        getattr(self, f"_{act}")(at)
        self.town.sync()

    def _today(self):
        return day(self.town.clock.at).isoformat()

    def _new(self, at):
        self.count += 1
        self.town.a.put(
            "concern", f"n{self.count}", {"raised_on": self._today(), "summary": f"s{self.count}"}, case="c1"
        )

    def _concerns(self):
        return [key for key, one in self.town.a.records.items() if key[0] == "concern" and not one["deleted"]]

    def _pick(self, at):
        found = self._concerns()
        return found[at % len(found)] if found else None

    def _edit(self, at):
        if (key := self._pick(at)) is not None:
            self.count += 1
            self.town.a.put(*key, {"summary": f"e{self.count}"})

    def _status(self, at):
        if (key := self._pick(at)) is not None:
            self.town.a.put(*key, {"status": ("raised", "clarified", "raised", "settled")[at]})

    def _delete(self, at):
        if (key := self._pick(at)) is not None:
            self.town.a.delete(*key)

    def _measure(self, at):
        self.count += 1
        self.town.a.put(
            "measure", f"t{self.count}", {"title": f"t{self.count}", "started_on": self._today()}, case="c1"
        )

    def _day(self, at):
        self.town.clock.forward(days=1 + at)

    def _week(self, at):
        self.town.clock.forward(days=7 * (1 + at))

    def _season(self, at):
        self.town.clock.forward(days=40 * (1 + at))

    def _down(self, at):
        (self.town.a if at % 2 else self.town.b).down = True

    def _up(self, at):
        self.town.a.down = self.town.b.down = False

    def _lose(self, at):
        self.town.b.lose_answers = at

    def _again(self, at):
        self.town.a.log.extend(sorted(self.town.a.records, reverse=True))

    def _restart(self, at):
        self.town.world.store.close()
        self.town.world = self.town.open()

    def _holder(self, at):
        unit = ("a-unit", "b-unit", "nowhere", None)[at]
        fields = {"role": "relay_holder", "state": "accepted", "since": self._today()}
        self.town.a.put("assignment", "h1", fields | ({"unit": unit} if unit else {}), case="c1")

    def _answer(self, at, answer):
        tasks = [one for one in self.town.tasks() if answer in one["answers"]]
        if tasks:
            task = tasks[at % len(tasks)]
            today = day(self.town.clock.at)
            for one in settling.show(self.town.world, task["id"]).get("about", {}).get("deadlines", ()):
                rest, leaders = today + timedelta(days=14), date.fromisoformat(one["escalates"])
                until = min(rest, leaders) if today < leaders else rest
                self.known[one["item"]] = one["due"] if answer == "seen" else f"later{until.isoformat()}"
            settling.resolve(self.town.world, task["id"], answer, by="kari")

    def _seen(self, at):
        self._answer(at, "seen")

    def _later(self, at):
        self._answer(at, "later")

    def silent(self):
        """Worries of which nothing says that somebody knows, did something, or will be asked."""
        town = self.town
        with town.world.store.read() as tx:
            if not tx.case_ids():
                return []
        file, today = town.file, day(town.clock.at)
        with town.world.store.read() as tx:
            tasks = [one for one in tx.tasks() if one.kind in {"overdue", "follow_up"}]
            looks = {one.case for one in tx.looks(now=town.clock.at + timedelta(days=15), limit=9)}
        asked = {
            (one["item"], one["due"])
            for task in tasks
            if owners(town.world.settings, unit=task.unit, role=task.role)
            for one in msgspec.json.decode(task.body)["deadlines"]
        }
        wrong = []
        for item, entry in file.of_kind("concern"):
            fields = entry.fields
            acted = fields.get("status") in {"clarified", "followed", "settled", "dismissed"} or fields.get(
                "first_measure_on"
            )
            acted = acted or (
                "status" not in fields
                and any(one.fields["started_on"] >= fields["raised_on"] for _, one in file.of_kind("measure"))
            )
            due = max(fields["raised_on"], (entry.recorded if fields["raised_on"] < "2026-02-15" else ""))
            due = (datetime.fromisoformat(due) + timedelta(days=14)).date()
            told = self.known.get(item, "")
            known = told == due.isoformat() or (told.startswith("later") and told[5:] > today.isoformat())
            if acted or known or (item, due.isoformat()) in asked:
                continue
            if (due > today or told.startswith("later")) and file.id in looks:
                continue
            if due > today and due - today <= timedelta(days=14):
                wrong.append((item, "no day"))
            elif due <= today:
                wrong.append((item, "silence"))
        return wrong + [(item, "silence") for item in self._unlisted(file, today, asked)]

    def _unlisted(self, file, today, asked):
        """Measures that should have been evaluated, of which a week of grace and a Monday later nobody is asked."""
        for item, entry in file.of_kind("measure"):
            began, came = date.fromisoformat(entry.fields["started_on"]), date.fromisoformat(entry.recorded[:10])
            due = began + timedelta(days=90)
            due = due if due >= came else came + timedelta(days=90)
            shown = due + timedelta(days=7)
            shown += timedelta(days=-shown.weekday() % 7)
            told = self.known.get(item, "")
            if told.startswith("later"):
                shown = max(shown, date.fromisoformat(told[5:]) + timedelta(days=6))
            if told != due.isoformat() and today >= shown and (item, due.isoformat()) not in asked:
                yield item

    def close(self):
        self.town.world.store.close()


def silences(folder, acts):
    """Whether a history falls silent, at its end or half a year later."""
    history = History(folder)
    try:
        for act, at in acts:
            history.do(act, at)
        found = history.silent()
        history._up(0)
        history.town.clock.forward(days=183)
        history.town.sync(2)
        return found + history.silent()
    finally:
        history.close()


QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@given(acts=ACTS)
@settings(max_examples=4, deadline=None, database=None, derandomize=True, suppress_health_check=QUIET)
def test_no_history_leaves_a_worry_in_silence(tmp_path_factory, acts):
    assert silences(tmp_path_factory.mktemp("history"), acts) == []


@pytest.mark.campaign
@given(acts=ACTS)
@settings(max_examples=1500, deadline=None, database=None, suppress_health_check=QUIET)
def test_no_history_leaves_a_worry_in_silence_in_many_tries(tmp_path_factory, acts):
    assert silences(tmp_path_factory.mktemp("history"), acts) == []


PLANTED = {
    "a saved case is not looked at again": (
        "gateway.store.cases._LOOK",
        lambda: __import__("sqlalchemy").text(
            "INSERT INTO looks (case_id, version, at) VALUES (:id, :version + 1, 0) ON CONFLICT (case_id) DO NOTHING"
        ),
    ),
    "the next day is forgotten": (
        "gateway.store.looks.Looks.looked",
        lambda real=Looks.looked: lambda tx, rows: real(tx, [(look, None) for look, _ in rows]),
    ),
    "a worry that was put off is never asked again": (
        "gateway.core.deadlines.answer",
        lambda: lambda one_of, *, until: {key: due.isoformat() for key, due in one_of},
    ),
    "grace without an end": (
        "gateway.core.deadlines.next_list",
        lambda real=deadlines.next_list: lambda on: real(on) + timedelta(days=28),
    ),
    "what was put off falls off the list": (
        "gateway.core.deadlines.asked",
        lambda real=deadlines.asked: (
            lambda watches, answered, today: real(
                [one for one in watches if one.sort != "follow_up" or one.key() not in answered], answered, today
            )
        ),
    ),
    "raised counts as done": (
        "gateway.core.deadlines.RUNS",
        lambda: {**deadlines.RUNS, "decide_concern": lambda one: "status" not in one.entry.fields},
    ),
    "any measure counts as done": (
        "gateway.core.deadlines.RUNS",
        lambda: {**deadlines.RUNS, "decide_concern": lambda one: not one.view.of("measure")},
    ),
}
SHOWING = {
    "a saved case is not looked at again": [("status", 1), ("season", 1), ("new", 0), ("week", 2)],
    "the next day is forgotten": [("new", 0), ("week", 2)],
    "a worry that was put off is never asked again": [("new", 0), ("week", 2), ("later", 0)],
    "grace without an end": [("measure", 0), ("season", 1), ("week", 2)],
    "what was put off falls off the list": [("holder", 0), ("measure", 0), ("season", 2), ("status", 1), ("later", 0)],
    "raised counts as done": [("new", 0), ("status", 0), ("status", 2), ("season", 0)],
    "any measure counts as done": [("measure", 0), ("week", 0), ("new", 0), ("season", 0)],
}


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_silence_is_found(bug, monkeypatch, tmp_path):
    (tmp_path / "right").mkdir()
    (tmp_path / "wrong").mkdir()
    assert silences(tmp_path / "right", SHOWING[bug]) == []
    where, made = PLANTED[bug]
    monkeypatch.setattr(where, made())
    assert silences(tmp_path / "wrong", SHOWING[bug])


def test_a_task_that_stands_says_what_is_due_today_and_no_second_one_is_made(village):
    village.a.put("concern", "k2", {"raised_on": "2026-03-05"}, case="c1")
    village.clock.forward(days=14)
    village.sync()
    [before] = village.of("overdue")
    village.clock.forward(days=4)
    village.sync()
    [after] = village.of("overdue")
    assert (after["id"], after["deadline"]) == (before["id"], before["deadline"])
    told = settling.show(village.world, after["id"])["about"]["deadlines"]
    assert sorted(one["due"] for one in told) == ["2026-03-15", "2026-03-19"]
    settling.resolve(village.world, after["id"], "seen", by="kari")
    village.sync()
    assert village.of("overdue") == []


def test_what_is_a_little_late_is_on_no_list_and_then_on_the_first_of_its_unit(village):
    village.a.put("concern", "k1", {"status": "clarified"})
    village.a.put("measure", "t1", {"title": "t1", "started_on": "2026-03-04"}, case="c1")
    village.a.put("measure", "t2", {"title": "t2", "started_on": "2026-03-05"}, case="c1")
    village.sync()
    for at, tasks in ((datetime(2026, 6, 8, 6, tzinfo=UTC), 0), (datetime(2026, 6, 15, 6, tzinfo=UTC), 1)):
        village.clock.at = at  # they were due on the second and the third of June; the fifteenth is a Monday
        village.sync()
        assert len(village.of("follow_up")) == tasks, at
    [task] = village.of("follow_up")
    assert task["list"] == "2026-06-15/a-unit"
    assert {one["due"] for one in settling.show(village.world, task["id"])["about"]["deadlines"]} == {
        "2026-06-02", "2026-06-03"
    }  # fmt: skip
    village.clock.forward(days=7)
    village.sync()
    [again] = village.of("follow_up")
    assert (again["id"], again["role"], again["list"]) == (task["id"], "leader", None), "a leader's stands on no list"


def test_what_is_put_off_is_asked_again_before_its_end_and_not_after(village):
    village.a.put("consent", "s1", {"valid_to": "2026-05-30"})
    village.clock.at = datetime(2026, 5, 20, 9, tzinfo=UTC)
    village.sync()
    [task] = village.of("renewal")
    settling.resolve(village.world, task["id"], "later", by="kari")
    village.clock.at = datetime(2026, 5, 29, 9, tzinfo=UTC)
    village.sync()
    assert village.of("renewal") == []
    village.clock.at = datetime(2026, 5, 30, 9, tzinfo=UTC)
    village.sync()
    assert len(village.of("renewal")) == 1


def test_who_has_asked_a_family_is_asked_again_with_the_last_month_that_leaves_a_fortnight_and_a_leader_on_the_day(
    village,
):
    village.a.put("consent", "s1", {"valid_to": "2026-07-30"})
    village.clock.at = datetime(2026, 5, 4, 9, tzinfo=UTC)
    village.sync()
    [task] = village.of("renewal")
    settling.resolve(village.world, task["id"], "asked", by="kari")
    for at, waiting in (((2026, 7, 5), []), ((2026, 7, 6), [None]), ((2026, 7, 30), ["leader"])):
        village.clock.at = datetime(*at, 9, tzinfo=UTC)
        village.sync()
        assert [one["role"] for one in village.of("renewal")] == waiting, at


@pytest.mark.parametrize(
    ("asked_on", "again"),
    [((2026, 7, 14), (2026, 7, 20)), ((2026, 7, 20), (2026, 7, 30)), ((2026, 8, 3), (2026, 8, 17))],
)
def test_a_family_that_was_asked_late_is_never_left_past_the_last_day_and_never_for_long(village, asked_on, again):
    village.a.put("consent", "s1", {"valid_to": "2026-07-30"})
    village.clock.at = datetime(*asked_on, 9, tzinfo=UTC)
    village.sync()
    [task] = village.of("renewal")
    settling.resolve(village.world, task["id"], "asked", by="kari")
    village.clock.at = datetime(*again, 9, tzinfo=UTC) - timedelta(days=1)
    village.sync()
    assert village.of("renewal") == []
    village.clock.forward(days=1)
    village.sync()
    assert len(village.of("renewal")) == 1
