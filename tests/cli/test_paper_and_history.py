"""A family's log as a file, and history that goes by its age: the commands, on a store that was filled two years ago."""

import json
import stat
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from gateway.cli.root import bti
from gateway.run.life import sync
from tests.run.township import Township

LONG_AGO = datetime.now(UTC).replace(microsecond=0) - timedelta(days=730)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    made = Township(tmp_path_factory.mktemp("town"), cases=1)
    with_clock = made.world(clock=lambda: LONG_AGO)
    sync(with_clock)
    with with_clock.store.read() as tx:
        [made.case] = tx.case_ids()
        made.person = next(person for one in tx.people_of([made.case]).values() for person in one)
        made.rows = len(tx.history(made.case))
    for adapter in with_clock.adapters.values():
        adapter.close()
    with_clock.store.close()
    said = ("--service", "subject", "--spoken", "vil ha loggen på papir")
    assert call(made, "consent", "record", made.case, "--by", made.person, *said, "--as", "kari")[0] == 0
    yield made
    made.close()


def call(town, *args):
    told = CliRunner().invoke(bti, [*args, "--json", "--config", str(town.settings)], env={"LC_ALL": "C"})
    return told.exit_code, json.loads(told.stdout)


BEGINS = {"pdf": b"%PDF-", "html": b"<!doctype html>", "text": b""}


@pytest.mark.parametrize("shape", BEGINS)
def test_a_log_is_printed_to_a_new_file_that_only_its_owner_reads(town, tmp_path, shape):
    out = tmp_path / "logg"
    args = ("log", "print", town.case, "--for", town.person, "--format", shape, "--out", str(out), "--as", "kari")
    status, told = call(town, *args)
    assert (status, told["case"], told["for"], told["file"]) == (0, town.case, town.person, str(out)), told
    assert told["parts"] >= 1
    printed = out.read_bytes()
    assert printed.lower().startswith(BEGINS[shape].lower())
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    if shape == "pdf":
        pypdf = pytest.importorskip("pypdf")
        assert "uro 0" in " ".join(page.extract_text() for page in pypdf.PdfReader(out).pages)
    else:
        assert "uro 0" in printed.decode()
    status, told = call(town, *args)
    assert (status, told["errors"][0]["code"], out.read_bytes()) == (2, "paper.file", printed), "nothing is overwritten"


def test_a_log_is_not_printed_by_who_has_no_right_nor_for_whom_nobody_knows(town, tmp_path):
    out = tmp_path / "logg.pdf"
    for person, reader, code in (("ola", town.person, "cli.person_rights"), ("kari", "nobody", "act.unknown_person")):
        args = ("log", "print", town.case, "--for", reader, "--format", "pdf", "--out", str(out), "--as", person)
        status, told = call(town, *args)
        assert (status, told["errors"][0]["code"], out.exists()) == (2, code, False)


def test_history_is_counted_before_it_goes_and_goes_only_where_the_settings_say_when(town):
    status, told = call(town, "history", "prune", "--as", "per")
    assert (status, told["errors"][0]["code"]) == (2, "history.kept")
    text = town.settings.read_text()
    town.settings.write_text(text.replace("[store]", "[store]\nkeep_history = 365"))
    assert call(town, "history", "prune", "--as", "kari")[1]["errors"][0]["code"] == "cli.person_rights"
    assert town.rows
    for args, expected in (("--dry-run",), (town.rows, False)), ((), (town.rows, True)), ((), (0, True)):
        status, told = call(town, "history", "prune", *args, "--as", "per")
        assert (status, told["rows"], told["pruned"]) == (0, *expected)
    status, told = call(town, "explain", town.case, "--as", "kari")
    assert status == 0, "what stands now is not touched"
