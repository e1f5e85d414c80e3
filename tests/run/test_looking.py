"""Whoever looks at a case leaves a trace that the family can be told of, whichever command it was."""

import pytest
from click.testing import CliRunner

from gateway.cli.root import bti
from gateway.run.life import sync
from gateway.run.looks import looks_at
from tests.run.township import Township

SHOWS = (["baton", "show"], ["crossing", "show"], ["restriction", "list"], ["consent", "show"], ["explain"])


@pytest.fixture
def town(tmp_path):
    made = Township(tmp_path, cases=1)
    yield made
    made.close()


def test_every_look_at_a_case_is_written_down(town):
    world = town.world()
    sync(world)
    with world.store.read() as tx:
        [case] = tx.case_ids()
    for call in SHOWS:
        told = CliRunner().invoke(
            bti, [*call, case, "--as", "kari", "--config", str(town.settings)], env={"LC_ALL": "C.UTF-8"}
        )
        assert told.exit_code in {0, 1}, told.output
    with world.store.read() as tx:
        assert [(one.by, one.what) for one in looks_at(tx, case)] == [("kari", " ".join(call)) for call in SHOWS]
    for adapter in world.adapters.values():
        adapter.close()
    world.store.close()
