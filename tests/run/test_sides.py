"""A conflict is decided by one side's unit, which sees of the other's value what the gate lets it see."""

import pytest

from gateway.run import acts, settling
from tests.run.test_life import Town
from tests.run.toys import MOTHER


@pytest.mark.parametrize("withdrawn", [False, True])
def test_what_the_other_service_wrote_is_kept_from_the_unit_when_the_gate_would_keep_it(tmp_path, withdrawn):
    town = Town(tmp_path)
    town.sync(2)
    native = next(key[1] for key in town.b.records if key[0] == "concern")
    town.a.put("concern", "k1", {"summary": "fra skolen"})
    town.b.put("concern", native, {"summary": "fra helsestasjonen"})
    town.sync()
    if withdrawn:
        acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
        town.sync()
    [task] = [one for one in town.tasks() if one["kind"] == "conflict"]
    assert task["unit"] == "a-unit"
    [value] = settling.show(town.world, task["id"])["values"]
    other = "theirs" if value["system"] == "b" else "ours"
    mine = "ours" if other == "theirs" else "theirs"
    assert value[mine] == "fra skolen", "what its own system wrote is its own"
    assert value[other] == (None if withdrawn else "fra helsestasjonen")
    assert bool(value["withheld"]) is withdrawn
    settling.resolve(town.world, task["id"], "ours", by="kari")
    town.world.store.close()
