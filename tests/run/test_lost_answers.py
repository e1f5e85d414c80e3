"""A record that was made with a lost answer, edited there before it was found: an edit, and nobody's conflict."""

import pytest

from gateway.run.claiming import claimed
from tests.run.test_life import Town
from tests.run.toys import able

WAYS = ["key", "read_back"]


def lost(folder, again):
    """A concern that came to the health station while its answer was lost; the town and the record's id there."""
    can = able(idempotency_key=again != "read_back", read_back=again != "key", conditional_write=False)
    town = Town(folder, can_b=can)
    town.sync(2)
    town.a.put("concern", "k2", {"raised_on": "2026-02-02", "summary": "nytt", "area": "reading"}, case="c1")
    town.b.lose_answers = 1
    town.sync()
    native = next(key[1] for key, one in town.b.records.items() if one["fields"].get("raised_on") == "2026-02-02")
    return town, native


def concerns(town):
    return [[one for one in vendor.of("concern") if one["raised_on"] == "2026-02-02"] for vendor in (town.a, town.b)]


@pytest.mark.parametrize("again", [*WAYS, "both"])
def test_an_edit_there_before_the_record_was_found_is_taken(tmp_path, again):
    town, native = lost(tmp_path, again)
    town.b.put("concern", native, {"summary": "rettet der"})
    town.sync(3)
    wanted = {"raised_on": "2026-02-02", "summary": "rettet der", "area": "reading"}
    assert concerns(town) == [[wanted], [wanted]]
    assert town.tasks() == [], "one side wrote, and nobody is asked"
    town.world.store.close()


@pytest.mark.parametrize("again", WAYS)
def test_edits_of_two_fields_on_two_sides_both_stand_and_an_edit_here_goes_there(tmp_path, again):
    town, native = lost(tmp_path, again)
    town.a.put("concern", "k2", {"summary": "rettet her"})
    town.b.put("concern", native, {"area": "language"})
    town.sync(4)
    wanted = {"raised_on": "2026-02-02", "summary": "rettet her", "area": "language"}
    assert concerns(town) == [[wanted], [wanted]]
    assert town.tasks() == []
    town.world.store.close()


@pytest.mark.parametrize("again", WAYS)
def test_two_edits_of_one_field_meanwhile_are_a_conflict_and_nothing_is_lost(tmp_path, again):
    town, native = lost(tmp_path, again)
    town.a.put("concern", "k2", {"summary": "rettet her"})
    town.b.put("concern", native, {"summary": "rettet der"})
    town.sync(4)
    assert [task["kind"] for task in town.tasks()] == ["conflict"]
    assert [one[0]["summary"] for one in concerns(town)] == ["rettet her", "rettet der"]
    town.world.store.close()


def test_what_a_second_try_carried_more_counts_as_told_when_the_process_dies_there(tmp_path):
    class Crash(BaseException):
        pass

    town, _ = lost(tmp_path, "key")
    town.b.down = True
    town.a.put("concern", "k2", {"status": "raised"})
    town.sync()
    town.b.down = False

    def dies(release, key):
        raise Crash

    town.world.adapters["b"].deliver = dies
    with pytest.raises(Crash):
        town.sync()
    town.world.store.close()
    town.world = town.open()
    [begun] = town.world.store.vault.unfinished("b")
    told = {name for row in claimed(town.file, begun) for name in row[4]}
    assert told == {"raised_on", "summary", "area", "status"}
    town.world.store.close()
