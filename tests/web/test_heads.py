"""A list shows of each case what its own page would, though it asks the vault once for all and the gate of less."""

from datetime import timedelta

from gateway.run import viewing
from gateway.run.explaining import facts_of, facts_of_each
from gateway.store import Restriction
from tests.web.house import open_house
from tests.web.many import grow


def test_the_heads_of_cases_are_what_each_of_them_shows_by_itself(tmp_path):
    with open_house(tmp_path / "town") as house:
        world, case = house.town.world, house.case
        grow(world, case, 4)
        with world.store.read() as tx:
            files = list(viewing.load_all(tx, tx.case_ids()).values())
        [one, other, third, *_] = [file for file in files if file.id != case]
        child = one.case().fields["subject"]
        at = world.clock() - timedelta(hours=1)
        told = {"at": at, "source": "test"}
        world.store.vault.restrict([
            Restriction(kind="protection", person=child, detail={"level": "strict"}, **told),
            Restriction(kind="block", case=other.id, detail={"service": "health_station", "valid_from": "2026-01-01"}, **told),
            Restriction(kind="refusal", case=third.id, person=child, detail={"by": child, "purpose": "bti"}, **told),
        ])  # fmt: skip
        assert facts_of_each(world, files, world.clock()) == {
            file.id: facts_of(world, file, world.clock()) for file in files
        }
        shown = set()
        for person in world.settings.people.values():
            for name, head in viewing.heads(world, files, person).items():
                file = next(file for file in files if file.id == name)
                whole = viewing.view(world, file, person, kinds=viewing.HEAD)
                about = {name, file.case().fields["subject"]}
                assert head.rows == tuple(row for row in whole.rows if row.id in about)
                assert viewing.child(head) == viewing.child(whole)
                shown.add(tuple(len(row.fields) for row in head.rows))
        assert len(shown) > 2  # cases of which all is seen, something, and nothing
