"""Other programs are told that something happened, never what it says; signed, tried again, and given up to a person."""

import hmac
import json
import re
from base64 import b64decode, b64encode
from datetime import UTC, datetime

import msgspec
import pytest

from gateway.run import acts, settling, telling, webhooks
from gateway.run.settings_webhooks import EVENTS, Webhook, hook_faults
from gateway.run.tally import Tally
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.testing.canaries import Search
from gateway.store import Event, Restriction, Task
from tests.run.test_no_silence import Village
from tests.run.toys import CHILD, MOTHER, Clock

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALL = tuple(EVENTS)
NEW, OLD = (f"whsec_{b64encode(bytes([n]) * 32).decode()}" for n in (1, 2))
WORDS = "Kråkebolle 90417"


class Receiver:
    """A program that is told, on a real socket: it believes what is signed with its secret, and can be out of order."""

    def __init__(self):
        self.secret, self.answer, self.asked = NEW, Answer(status=204), []
        self.server = LoopbackServer(self.hear)

    def hear(self, asked):
        name, when, marks = (asked.headers[f"webhook-{one}"] for one in ("id", "timestamp", "signature"))
        told = f"{name}.{when}.".encode() + asked.body
        mark = b64encode(hmac.digest(b64decode(self.secret.removeprefix("whsec_")), told, "sha256")).decode()
        self.asked.append((name, int(when), json.loads(asked.body), f"v1,{mark}" in marks.split(" "), asked))
        return self.answer

    @property
    def kinds(self):
        return [told["type"] for _, _, told, _, _ in self.asked]


class Told(Village):
    """The village with receivers by name; ``hooks`` is what the settings say of them."""

    def __init__(self, folder, hooks, **more):
        self.hooks = hooks
        super().__init__(folder, clock=Clock(BEGIN), **more)

    def open(self, step=None):
        world = super().open(step)
        return msgspec.structs.replace(world, settings=msgspec.structs.replace(world.settings, webhooks=self.hooks))

    def tell(self, **forward):
        self.clock.forward(**forward)
        tally = Tally()
        webhooks.tell_others(self.world, tally)
        return tally


@pytest.fixture
def receiver():
    made = Receiver()
    with made.server:
        yield made


@pytest.fixture
def made(tmp_path, receiver):
    opened = []

    def make(**told):
        (tmp_path / "new").write_text(NEW)
        (tmp_path / "old").write_text(OLD)
        hook = {
            "url": f"{receiver.server.url}/hook",
            "events": ALL,
            "secret": f"file:{tmp_path / 'new'}",
            "unit": "a-unit",
        }
        hooks = {} if told.pop("none", False) else {"roster": Webhook(**{**hook, **told})}
        village = Told(tmp_path, hooks)
        village.a.put("concern", "k2", {"raised_on": "2026-03-02", "summary": WORDS}, case="c1")
        opened.append(village)
        return village

    yield make
    for village in opened:
        village.world.store.close()


def waits(village, kind="refused", *, unit="a-unit", case=True, role=None):
    world = village.world
    with world.store.write() as tx:
        [case] = tx.case_ids() if case else [None]
        body = msgspec.json.encode({"key": "k", "fields": [], "items": []})
        return tx.add_tasks(
            [
                Task(
                    kind=kind,
                    dedupe=world.fresh(),
                    at=world.clock(),
                    case=case,
                    unit=unit,
                    role=role,
                    system="a",
                    body=body,
                )
            ]
        )[0]


def quiet(village, receiver):
    """A round has been; what it told of is forgotten here."""
    village.sync()
    receiver.asked.clear()


def test_what_happens_is_told_by_opaque_ids_and_signed(made, receiver):
    village = made()
    quiet(village, receiver)
    task = waits(village)
    settling.resolve(village.world, task, "seen", by="kari")
    acts.set_flow(village.world, "a", "b", "paused", by="liv")
    acts.pause_everything(village.world, by="liv", paused=True)
    village.tell()
    assert receiver.kinds == ["task.created", "delivery.failed", "task.answered", "flow.paused", "sending.paused"]
    assert all(right for _, _, _, right, _ in receiver.asked)
    created, failed, answered, paused, everything = (told for _, _, told, _, _ in receiver.asked)
    assert created["data"] == answered["data"] == {"task": task, "unit": "a-unit"}
    assert failed["data"] == {"task": task, "system": "a"}
    assert paused["data"] == {"from": "a", "to": "b"}
    assert everything["data"] == {}
    assert set(created) == {"type", "timestamp", "data"}
    assert datetime.fromisoformat(created["timestamp"]) == village.clock()
    assert len({name for name, *_ in receiver.asked}) == 5
    assert all(re.fullmatch(r"evt_[0-9a-f]{32}", name) for name, *_ in receiver.asked)
    village.tell(hours=1)
    assert len(receiver.asked) == 5  # told once


def test_a_round_tells_of_the_baton_and_nothing_of_what_it_carried(made, receiver):
    village = made()
    village.sync()
    village.a.put("assignment", "a1", {"role": "relay_holder", "holder_name": "Kari Nordstrand", "unit": "a-unit", "service": "school",
                                       "state": "accepted", "since": "2026-03-01"}, case="c1")  # fmt: skip
    village.sync()
    changed = [told["data"] for _, _, told, _, _ in receiver.asked if told["type"] == "baton.changed"]
    assert changed == [{"case": village.file.id}]
    search = Search((WORDS, CHILD, MOTHER, "leser lite", "Kari Nordstrand"))
    assert not [asked for *_, asked in receiver.asked if search.found(asked.body) or search.found(repr(asked))]


def test_what_is_rolled_back_has_not_happened(made, receiver):
    village = made()
    quiet(village, receiver)
    with pytest.raises(ZeroDivisionError), village.world.store.write() as tx:
        tx.add_tasks([Task(kind="lock", dedupe="x", at=village.clock(), unit="a-unit")])
        tx.set_paused(True, by="liv", at=village.clock())
        raise ZeroDivisionError
    village.tell()
    assert receiver.asked == []


def test_a_receiver_that_fails_is_told_again_under_the_same_id_until_it_is_given_up_to_a_person(made, receiver):
    village = made()
    quiet(village, receiver)
    receiver.answer = Answer(status=500)
    waits(village, "lock")
    village.tell()
    assert village.of("webhook") == []
    for _ in range(len(webhooks.BACK_OFF) + 1):
        village.tell(days=2)
    assert len({name for name, *_ in receiver.asked}) == 1
    assert len(receiver.asked) == len(webhooks.BACK_OFF) + 1
    times = [when for _, when, *_ in receiver.asked]
    assert times == sorted(set(times))  # each try says when it was made
    assert all(right for _, _, _, right, _ in receiver.asked)
    [task] = village.of("webhook")
    [told] = telling.status(village.world)["webhooks"]
    assert (told["webhook"], told["waiting"], told["dead"], told["code"]) == ("roster", 0, 1, "http.500")
    receiver.answer = Answer(status=204)
    village.tell(days=2)
    assert len(receiver.asked) == len(webhooks.BACK_OFF) + 1  # not before a person says so
    settling.resolve(village.world, task["id"], "again", by="liv")
    village.tell()
    assert len(receiver.asked) == len(webhooks.BACK_OFF) + 2
    assert telling.status(village.world)["webhooks"] == []


@pytest.mark.parametrize(
    ("answer", "code", "tries"),
    [
        (Answer(status=410), "http.410", 1), (Answer(status=302, headers={"location": "http://127.0.0.1:9/"}), "http.redirect", 2),
        (Answer(status=400), "http.400", 2), (Answer(wreck="drop"), "http.broken", 2), (Answer(status=429), "http.429", 2),
    ],
)  # fmt: skip
def test_every_answer_but_a_yes_is_no(made, receiver, answer, code, tries):
    village = made()
    quiet(village, receiver)
    receiver.answer = answer
    waits(village, "lock")
    village.tell()
    assert telling.status(village.world)["webhooks"][0]["code"] == code
    village.tell(days=1)
    assert len(receiver.asked) == tries
    assert (len(village.of("webhook")) == 1) is (code == "http.410")
    receiver.answer = Answer(status=200, body=b"{}")
    village.tell(days=1)
    assert len(receiver.asked) == (tries if code == "http.410" else tries + 1)


def test_one_that_cannot_be_reached_is_left_alone_for_a_while_and_holds_nobody_else_up(made, receiver, tmp_path):
    village = made()
    quiet(village, receiver)
    away = msgspec.structs.replace(village.hooks["roster"], url="http://127.0.0.1:9/hook")
    village.world = msgspec.structs.replace(
        village.world,
        settings=msgspec.structs.replace(village.world.settings, webhooks={"away": away, **village.hooks}),
    )
    for _ in range(3):
        waits(village, "lock")
    village.tell()
    assert receiver.kinds == ["task.created"] * 3
    [told] = telling.status(village.world)["webhooks"]
    assert (told["webhook"], told["waiting"], told["code"]) == ("away", 3, "http.connect")
    with village.world.store.read() as tx:
        assert tx.tellings("away", now=village.clock(), limit=9) == []


def test_while_a_secret_is_changed_both_are_good(made, receiver, tmp_path):
    village = made(previous=f"file:{tmp_path / 'old'}")
    quiet(village, receiver)
    for secret in (NEW, OLD):
        receiver.secret = secret
        waits(village, "lock")
        village.tell()
        assert receiver.asked[-1][3]
    assert len(receiver.asked[-1][4].headers["webhook-signature"].split(" ")) == 2


def test_a_secret_that_is_none_sends_nothing_and_asks_a_person(made, receiver, tmp_path):
    village = made()
    quiet(village, receiver)
    for wrong in ("", "secret", "whsec_AAAA", "whsec_***", NEW.removeprefix("whsec_")):
        (tmp_path / "new").write_text(wrong)
        waits(village, "lock")
        village.tell(days=1)
        assert receiver.asked == []
        assert telling.status(village.world)["webhooks"][0]["code"] in {"webhook.secret", "secret.unreadable"}
    assert len(village.of("webhook")) == 1
    (tmp_path / "new").write_text(NEW)
    village.tell(days=1)
    assert len(receiver.asked) == 5
    assert village.of("webhook") == []  # settled by itself


@pytest.mark.parametrize(
    ("hook", "told", "heard"),
    [
        ({}, {}, True), ({"unit": "b-unit"}, {}, False), ({"unit": None}, {}, False), ({"unit": "b-unit"}, {"unit": "b-unit"}, True),
        ({"unit": None}, {"case": False}, True), ({"unit": "b-unit"}, {"case": False}, False), ({"unit": None}, {"case": False, "unit": None}, True),
        ({}, {"role": "privacy"}, False), ({}, {"role": "leader"}, True), ({"events": ("task.answered",)}, {}, False),
    ],
)  # fmt: skip
def test_a_receiver_hears_of_its_own_unit_and_of_what_it_asked_for(made, receiver, hook, told, heard):
    village = made(**hook)
    quiet(village, receiver)
    waits(village, "lock", **told)
    village.tell()
    assert bool(receiver.asked) is heard


def test_nothing_is_told_of_a_case_in_which_an_address_is_protected_not_even_what_waits_already(made, receiver):
    village = made()
    quiet(village, receiver)
    receiver.answer = Answer(status=503)
    waits(village, "lock")
    village.tell()
    receiver.answer, receiver.asked[:] = Answer(status=204), []
    shut = Restriction(
        kind="protection",
        case=None,
        person=village.person(MOTHER),
        detail={"protection": "strict"},
        at=village.clock(),
        by="liv",
        source="person",
    )
    village.world.store.vault.restrict([shut])
    waits(village, "lock")
    village.tell(days=1)
    assert receiver.asked == []
    assert telling.status(village.world)["webhooks"] == []


def test_where_nobody_is_to_be_told_nothing_is_kept(made, receiver):
    village = made(none=True)
    village.sync(2)
    waits(village)
    village.tell()
    with village.world.store.read() as tx:
        assert tx.new_events(limit=9) == []
        assert tx.run(__import__("sqlalchemy").text("SELECT count(*) FROM events")).scalar() == 0


def test_what_a_receiver_waited_for_is_forgotten_with_it_with_the_case_and_with_time(made, receiver):
    village = made()
    quiet(village, receiver)
    receiver.answer = Answer(status=503)
    waits(village, "lock")
    village.tell()
    village.clock.forward(days=31)
    village.tell()
    assert telling.status(village.world)["webhooks"] == []
    waits(village, "lock")
    village.tell()
    village.world.store.erase(village.file.id, by="ida", at=village.clock())
    village.tell(days=1)
    assert telling.status(village.world)["webhooks"] == []


def test_the_events_are_the_ones_that_can_be_asked_for():
    said = {"task.created", "task.answered", "task.settled", "baton.changed"}
    said |= {f"flow.{state}" for state in ("approved", "shadow", "paused")} | {"sending.paused", "sending.resumed"}
    said |= {"delivery.failed", "system.quiet", "system.stopped"}
    assert said == set(EVENTS)
    for kind in EVENTS:
        body = json.loads(webhooks.body_of(Event(kind=kind, at=BEGIN, about="a b", case="c", unit="u", system="s")))
        named = set(re.findall(r"`(\w+)`", EVENTS[kind]))
        assert set(body["data"]) == named or kind.startswith("sending.")


@pytest.mark.parametrize(
    ("hook", "found"),
    [
        ({}, []), ({"url": "http://example.no/x"}, ["settings.url"]), ({"url": "https://u:p@example.no"}, ["settings.url"]),
        ({"secret": "whsec_x"}, ["settings.secret_inline"]), ({"previous": "x"}, ["settings.secret_inline"]),
        ({"events": ["task.read"]}, ["settings.choice"]), ({"unit": "x"}, ["settings.unit_unknown"]), ({"allow": ["x"]}, ["settings.url"]),
    ],
)  # fmt: skip
def test_each_fault_of_a_webhook_is_told(hook, found):
    table = {
        "webhooks": {"a": {"url": "https://example.no/x", "events": ["task.created"], "secret": "file:x", **hook}},
        "units": {},
    }
    assert [code for code, _, _ in hook_faults(table)] == found
