"""People are told that something waits for them, never what, and nothing about a case with a protected person."""

from datetime import UTC, datetime

import msgspec
import pytest

from gateway.core.notices import TEXTS
from gateway.run import noticing, settling, telling
from gateway.run.settings import NoticeSettings
from gateway.sdk import Misconfigured, Notifier, Refused, Unreachable
from gateway.sdk.testing.canaries import Search
from tests.run.test_no_silence import Village
from tests.run.toys import CHILD, FAMILY, MOTHER, Clock

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Pigeon(Notifier):
    name = "pigeon"

    def __init__(self):
        self.sent, self.tried, self.fault = [], [], None

    def send(self, notice):
        self.tried.append(notice)
        if self.fault is not None:
            raise self.fault
        self.sent.append(notice)


class Told(Village):
    """The village with a pigeon loft; Kari and Liv have an address, Eli has none."""

    def open(self, step=None):
        world = super().open(step)
        self.pigeon = getattr(self, "pigeon", None) or Pigeon()
        people = {
            name: msgspec.structs.replace(person, mail=f"{name}@kommune.example" if name != "eli" else "")
            for name, person in world.settings.people.items()
        }
        chosen = msgspec.structs.replace(world.settings, people=people, notices=NoticeSettings(plugin="pigeon"))
        return msgspec.structs.replace(world, settings=chosen, notifier=self.pigeon)

    def late(self, days=14):
        self.clock.forward(days=days)
        self.sync()


@pytest.fixture
def made(tmp_path):
    opened = []

    def make(**more):
        village = Told(tmp_path, clock=Clock(BEGIN), **more)
        village.a.put("meeting", "m1", {"held_at": "2026-02-10T09:00:00Z"}, case="c1")
        village.a.put("concern", "k1", {"raised_on": "2026-03-02", "summary": "Kråkebolle 90417"})
        village.sync()
        opened.append(village)
        return village

    yield make
    for village in opened:
        village.world.store.close()


def to(village):
    return [one.to.partition("@")[0] for one in village.pigeon.sent]


def test_the_owner_is_told_in_the_next_round_of_the_day_and_once(made):
    village = made()
    village.clock.at = datetime(2026, 3, 15, 23, 30, tzinfo=UTC)  # half past midnight in Oslo
    village.sync()
    assert village.of("overdue")
    village.sync(5)
    assert to(village) == [], "nobody is woken for what is not urgent"
    village.sync(2)
    assert to(village) == ["kari"]
    village.sync(24)
    assert to(village) == ["kari"]


def test_however_much_waits_one_notice_a_day_is_sent(made):
    village = made()
    for at in range(3):
        village.a.put("concern", f"x{at}", {"raised_on": f"2026-03-0{2 + at}"}, case="c1")
    village.late()
    village.sync(9)
    assert len(settling.show(village.world, village.of("overdue")[0]["id"])["about"]["deadlines"]) > 1
    assert to(village) == ["kari"]
    village.clock.forward(days=1)
    village.sync(9)
    village.clock.forward(days=1)
    village.sync(9)
    assert len(to(village)) <= 3, "once a day, and only where there is something new"


def test_what_becomes_a_leaders_is_told_at_once(made):
    village = made()
    village.late()
    village.sync()
    village.clock.at = datetime(2026, 3, 23, 1, tzinfo=UTC)
    village.sync()
    assert to(village) == ["kari", "liv"]


def test_a_notice_has_no_content(made):
    village = made()
    village.late()
    village.sync()
    [notice] = village.pigeon.sent
    assert (notice.subject, notice.text) == TEXTS["nb"]
    search = Search(("Kråkebolle 90417", CHILD, MOTHER, village.file.id))
    assert search.found(msgspec.json.encode(notice)) == set()


@pytest.mark.parametrize("who", [CHILD, MOTHER])
def test_nothing_goes_out_about_a_case_with_a_protected_person(made, who):
    village = made(register={**FAMILY, who: {**FAMILY[who], "protection": "strict"}})
    village.late()
    village.sync(3)
    village.clock.forward(days=10)
    village.sync(3)
    [task] = village.of("overdue")
    assert task["role"] == "leader", "the task itself waits, and becomes a leader's"
    about = {one["case"] for one in village.tasks()}
    assert about == {village.file.id}
    assert to(village) == []


def test_a_notice_that_cannot_be_sent_is_tried_again_under_the_same_key_and_becomes_a_task(made):
    village = made()
    village.pigeon.fault = Unreachable("mail.connect")
    village.late()
    village.sync()
    assert telling.status(village.world)["notices"]["waiting"] == 1
    assert telling.status(village.world)["notices"]["failed"] == ["mail.connect"]
    assert village.of("notice") == []
    village.sync(14)
    assert len(village.pigeon.tried) < 14, "it waits longer each time"
    assert len({one.key for one in village.pigeon.tried}) == 1
    [task] = village.of("notice")
    assert settling.show(village.world, task["id"])["about"] == {"code": "mail.connect"}
    village.pigeon.fault = None
    village.sync(6)
    assert to(village) == ["kari"]
    assert village.of("notice") == []
    assert telling.status(village.world)["notices"]["waiting"] == 0


@pytest.mark.parametrize(
    "fault", [Refused("mail.refused"), Misconfigured("mail.login"), ValueError("kari@kommune.example")]
)
def test_a_notifier_that_says_no_or_breaks_harms_nothing_else(made, fault):
    village = made()
    village.pigeon.fault = fault
    village.late()
    village.sync(20)
    [task] = village.of("notice")
    assert "@" not in str(settling.show(village.world, task["id"]))


def test_who_has_no_address_gets_nothing_and_the_task_is_there_all_the_same(made):
    village = made()
    village.a.put("assignment", "h1", {"role": "relay_holder", "state": "accepted", "unit": "b-unit"}, case="c1")
    village.sync()
    village.late()
    village.sync(2)
    assert [one["owner"] for one in village.of("overdue")] == [["eli"]]
    assert to(village) == []


def test_without_a_notifier_in_the_settings_nothing_is_kept_for_one(tmp_path):
    village = Village(tmp_path, clock=Clock(BEGIN))
    village.sync()
    village.clock.forward(days=20)
    village.sync()
    with village.world.store.read() as tx:
        assert tx.notices() == []
    village.world.store.close()


def test_texts_are_there_in_three_languages_and_name_no_case():
    assert set(TEXTS) == {"nb", "nn", "en"}
    for subject, text in TEXTS.values():
        assert not any(
            word in (subject + text).lower() for word in ("barn", "child", "uro", "bekymring", "sak", "concern")
        )
    assert len(noticing.BACK_OFF) == noticing.TRIES
