"""Figures as a file, for who runs rounds by cron: whole or not at all, of the store alone, and readable by another."""

import json
import os
import stat

import pytest
from click.testing import CliRunner

from gateway.cli.root import bti
from gateway.run.life import sync
from gateway.run.observing.declared import METRICS
from gateway.run.observing.textfile import OURS_ALONE, TextfileFault, write
from tests.run.township import Township


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    made = Township(tmp_path_factory.mktemp("town"), cases=1)
    world = made.world()
    sync(world)
    for adapter in world.adapters.values():
        adapter.close()
    world.store.close()
    yield made
    made.close()


def call(town, *args):
    told = CliRunner().invoke(bti, ["metrics", *args, "--config", str(town.settings)], env={"LC_ALL": "C"})
    return told.exit_code, told.stdout


def test_the_file_holds_every_figure_of_the_store_and_none_of_a_process(town, tmp_path):
    status, text = call(town)
    told = json.loads(call(town, "--json")[1])
    assert (status, told["file"]) == (0, None)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert {line.partition(" ")[0].partition("{")[0] for line in lines} == {one["name"] for one in told["metrics"]}
    assert len(lines) == len(told["metrics"])
    may = {one.name for one in METRICS if one.source == "store"} - OURS_ALONE
    assert {one["name"] for one in told["metrics"]} <= may
    assert 'bti_lane_failing{system="skole"} 0.0' in lines
    assert "bti_cases 1.0" in lines
    out = tmp_path / "bti.prom"
    before = os.umask(0o077)
    try:
        assert call(town, "--out", str(out))[0] == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(out.stat().st_mode) == 0o644, "the exporter is another user"
    assert "bti_cases 1.0" in out.read_text().splitlines()


def test_who_reads_while_it_is_written_sees_all_of_one_reading(town, tmp_path):
    out = tmp_path / "bti.prom"
    out.write_text("the one before\n")
    with out.open() as reader:
        call(town, "--out", str(out))
        assert reader.read() == "the one before\n"
    assert out.read_text().endswith("\n")
    assert [one.name for one in tmp_path.iterdir()] == ["bti.prom"], "nothing is left beside it"


def test_what_cannot_be_written_is_told_and_what_stands_there_stays(town, tmp_path):
    status, told = call(town, "--out", str(tmp_path / "none" / "bti.prom"), "--json")
    assert (status, json.loads(told)["errors"][0]["code"]) == (2, "metrics.file")
    (tmp_path / "bti.prom" / "kept").mkdir(parents=True)
    with pytest.raises(TextfileFault):
        write([], tmp_path / "bti.prom")
    assert [one.name for one in tmp_path.rglob("*")] == ["bti.prom", "kept"], "and nothing is left beside it"
