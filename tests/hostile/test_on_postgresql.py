"""Stories of the engine, told again on PostgreSQL: chosen for where the two databases could differ."""

import threading

import msgspec
import pytest

from gateway.run import acts
from gateway.run.life import sync
from gateway.store import audit
from tests.run import test_life as stories
from tests.run.streets import Street
from tests.run.test_life import Town
from tests.store.conftest import postgres

TOLD = (
    stories.test_an_edit_in_either_system_reaches_the_other_and_only_what_changed_is_written,
    stories.test_a_withdrawal_stops_what_is_due_and_takes_back_what_is_out,
    stories.test_a_withdrawal_told_by_the_vendor_does_the_same_and_no_import_undoes_it,
    stories.test_two_edits_of_one_field_are_a_stored_conflict_and_a_person_chooses,
    stories.test_a_deletion_by_the_origin_takes_it_back_everywhere_and_anothers_asks_a_person,
    stories.test_deletions_in_mass_stop_until_a_person_says_proceed,
    stories.test_a_vendor_that_is_down_delays_nobody_else_and_gets_it_later,
    stories.test_an_erased_case_is_gone_and_the_proof_that_it_was_stays,
    stories.test_explaining_a_past_moment_uses_what_was_recorded_then,
    stories.test_everything_paused_stops_sending_and_lets_intake_go_on,
)

__all__ = ["postgres"]


@pytest.fixture
def url(request, tmp_path):
    server = request.getfixturevalue("postgres")
    if isinstance(server, str):
        pytest.skip(server)
    (tmp_path / "place").mkdir()
    place = server.place(tmp_path / "place")
    yield place.urls["main"]
    place.close()


@pytest.mark.parametrize("story", TOLD, ids=lambda story: story.__name__.removeprefix("test_"))
def test_on_postgresql(story, url, tmp_path):
    town = Town(tmp_path, url=url)
    try:
        story(town)
    finally:
        town.world.store.close()


@pytest.mark.parametrize("at", ["kept", "begun", "sent", "proved"])
def test_a_crash_on_postgresql_loses_nothing_and_doubles_nothing(at, url, tmp_path):
    left = [2]

    class Crash(BaseException):
        pass

    def step(name):
        left[0] -= name == at
        if name == at and left[0] == 0:
            raise Crash

    town = Town(tmp_path, url=url, step=step)
    with pytest.raises(Crash):
        for _ in range(3):
            town.sync()
            town.a.put("concern", "k1", {"summary": f"endring {town.clock.at}"})
    town.world.store.close()
    town.world = town.open(lambda _: None)
    for _ in range(4):
        town.sync()
        town.clock.forward(hours=6)
    assert town.b.of("concern") == town.a.of("concern")
    assert len(town.b.of("case")) == 1
    keys = [key for key, _ in town.b.effects]
    assert len(keys) == len(set(keys))
    assert audit.verify(town.world.store).holds
    town.world.store.close()


def test_rounds_at_once_on_postgresql_do_each_work_once(url, tmp_path):
    street = Street(tmp_path, families=30, url=url)
    world = msgspec.structs.replace(street.world, threads=3)
    failed = []

    def work():
        try:
            sync(world)
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    cases = []
    while not cases:
        with world.store.read() as tx:
            cases = tx.case_ids()
    acts.set_block(world, cases[0], by="kari", service="health_station", valid_from=None, valid_to=None)
    for thread in threads:
        thread.join(60)
    assert failed == []
    street.sync(2)
    assert len(street.b.of("concern")) == 29
    keys = [key for key, _ in street.b.effects]
    assert len(keys) == len(set(keys))
    assert audit.verify(world.store).holds
    street.world.store.close()
