"""The same protocol through the real engine and store: every order of a few acts, each act also repeated."""

import itertools
import math

import msgspec
import pytest

from gateway.core import casefile, hands
from gateway.core.baton import faults
from gateway.run import batons, offers
from gateway.run.acts import ActFault, change_case
from tests.run.test_batons import BatonTown

ACTS = {
    "ada offers bo": ("offer", "ada", {"to": "bo"}),
    "liv offers cato": ("offer", "liv", {"to": "cato"}),
    "bo accepts": ("accept", "bo", {}),
    "cato accepts": ("accept", "cato", {}),
    "bo declines": ("decline", "bo", {}),
    "ada withdraws": ("withdraw", "ada", {}),
    "liv ends": ("end", "liv", {"reason": "closed"}),
    "a fortnight passes": ("pass_time", "", {}),
}


def done(town, name):
    """One act, and what it came to; a refusal changes nothing."""
    verb, by, more = ACTS[name]
    before = town.file
    if verb == "pass_time":
        town.clock.forward(days=14)
        offers.pass_time(town.world)
        return "time"
    try:
        return town.act(verb, by, **more).done
    except ActFault as refusal:
        assert casefile.encode(town.file) == casefile.encode(before)
        return refusal.code


def whole(town):
    """What must hold of the case as the store has it."""
    file = town.file
    baton = batons.read(town.world, file)
    assert faults(baton) == ()
    if baton.open:
        assert baton.holder is not None
    tasks = [one for one in town.tasks() if one["kind"] in batons.TASKS]
    assert bool(tasks) == (baton.offer is not None and baton.open), "an offer has a task, and nothing else has"
    return baton


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    made = BatonTown(tmp_path_factory.mktemp("orders"))
    yield made
    made.world.store.close()


@pytest.fixture(scope="module")
def start(town):
    """The case as it stood, to begin each order from."""
    return casefile.encode(town.file), town.clock.at


def back(town, start):
    """The store back at the beginning, by a person's act that writes the case as it was."""
    body, at = start

    def undo(file):
        first = casefile.decode(body)
        for name in file.__struct_fields__:
            setattr(file, name, getattr(first, name))
        return []

    change_case(town.world, town.file.id, "test", "test", undo)
    with town.world.store.write() as tx:
        for task in tx.tasks():
            tx.resolve_task(task.id, by="test", outcome="test", at=at)
    town.clock.at = at


def orders(depth):
    return itertools.permutations(ACTS, depth)


@pytest.mark.parametrize("depth", [2, pytest.param(3, marks=pytest.mark.campaign)])
def test_every_order_of_acts_leaves_the_store_whole(town, start, depth):
    count, passed = 0, set()
    for names in orders(depth):
        back(town, start)
        for name in names:
            said = done(town, name)
            baton = whole(town)
            if said in {"accepted", "declined", "withdrawn", "ended", "waits", "offered"}:
                assert done(town, name) in {"", *_REFUSED}, (names, name)
                assert whole(town) == baton
            passed.add(said)
            count += 1
        if "a fortnight passes" in names[1:] and baton_offer(town) is None:
            assert not [one for one in town.tasks() if one["kind"] in batons.TASKS]
    assert {"offered", "accepted", "declined", "withdrawn", "ended", "baton.not_yours", "baton.offer_stands"} <= passed
    assert count == depth * math.perm(len(ACTS), depth)


_REFUSED = {"baton.closed", "baton.holds_already", "baton.over", "baton.not_yours"}


def baton_offer(town):
    return batons.read(town.world, town.file).offer


class Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("name", ["ada offers bo", "bo accepts", "bo declines", "ada withdraws", "liv ends"])
def test_a_crash_in_the_middle_of_an_act_leaves_what_stood_before(town, start, monkeypatch, name):
    """Just before the transaction is kept, when everything has been written: nothing of it is there afterwards."""
    back(town, start)
    if name != "ada offers bo":
        done(town, "ada offers bo")
    before = casefile.encode(town.file)
    tasks = sorted(task["id"] for task in town.tasks())

    def crash(*_):
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(batons, "tell", crash)
        verb, by, more = ACTS[name]
        with pytest.raises(Crash):
            town.act(verb, by, **more)
    assert casefile.encode(town.file) == before
    assert sorted(task["id"] for task in town.tasks()) == tasks
    assert done(town, name) in {"offered", "accepted", "declined", "withdrawn", "ended"}, "and it can be done again"
    whole(town)


def test_the_second_level_catches_a_planted_bug(town, start, monkeypatch):
    """The old holder's turn is not written: the store has two, and the check says so."""
    back(town, start)
    written = hands.write

    def forgets(file, before, after, **more):
        kept = tuple(turn for turn in after.turns if turn.state != "ended")
        return written(file, before, msgspec.structs.replace(after, turns=kept), **more)

    with monkeypatch.context() as patch:
        patch.setattr(batons.hands, "write", forgets)
        done(town, "ada offers bo")
        done(town, "bo accepts")
    with pytest.raises(AssertionError):
        whole(town)
    back(town, start)
