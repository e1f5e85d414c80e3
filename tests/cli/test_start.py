"""``bti init``, ``bti check`` and ``bti keys init`` on a real folder."""

import json
import stat

import pytest
from click.testing import CliRunner

from gateway.cli.root import bti
from gateway.run.data import shipped
from gateway.store.keys import Keys

pytestmark = pytest.mark.skipif(
    not (shipped("mappings") / "municipalities" / "klepp.yaml").is_file(), reason="needs the municipality model klepp"
)


def called(*args, **environment):
    return CliRunner().invoke(bti, [str(arg) for arg in args], env={"LC_ALL": "C", **environment})


@pytest.fixture
def folder(tmp_path):
    told = called("init", tmp_path / "klepp", "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["folder"] == str(tmp_path / "klepp")
    return tmp_path / "klepp"


def test_a_new_folder_holds_settings_keys_for_its_user_alone_and_a_note(folder):
    assert (folder / "FILL-IN.md").is_file()
    assert stat.S_IMODE((folder / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "keys" / "bti.key").stat().st_mode) == 0o600
    assert Keys.load(folder / "keys" / "bti.key").current == 1


def test_a_new_folder_has_no_faults_and_says_what_is_to_be_filled_in(folder):
    told = called("check", "--offline", "--json", "--config", folder / "gateway.toml")
    assert told.exit_code == 1, told.output
    answer = json.loads(told.stdout)
    assert answer["ok"]
    assert {warning["where"] for warning in answer["warnings"] if warning["code"] == "check.placeholder"} == {
        "units",
        "systems",
    }


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path):
    (tmp_path / "a").write_text("b")
    told = called("init", tmp_path, "--json")
    assert told.exit_code == 2
    assert json.loads(told.stdout)["errors"][0]["code"] == "cli.folder_taken"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert called("init", tmp_path / "a").exit_code == 2


def test_an_unknown_model_makes_nothing(tmp_path):
    told = called("init", tmp_path / "x", "--model", "atlantis")
    assert told.exit_code == 2
    assert not (tmp_path / "x").exists()


def test_keys_are_made_once_and_never_written_over(folder):
    config = folder / "gateway.toml"
    before = (folder / "keys" / "bti.key").read_bytes()
    assert called("keys", "init", "--config", config).exit_code == 2
    assert (folder / "keys" / "bti.key").read_bytes() == before
    (folder / "keys" / "bti.key").unlink()
    assert called("keys", "init", "--config", config).exit_code == 0


FAULTS = {
    "no keys": (lambda folder: (folder / "keys" / "bti.key").unlink(), "store.key", 2),
    "keys that all may read": (lambda folder: (folder / "keys" / "bti.key").chmod(0o644), "store.key_open", 2),
    "keys beside the database": (
        lambda folder: edit(folder, 'url = "sqlite:///bti.db"', 'url = "sqlite:///keys/bti.db"'), "check.key_beside", 1),
    "a vault beside the database": (
        lambda folder: edit(folder, "sqlite:///vault/bti-vault.db", "sqlite:///vault.db"), "check.vault_beside", 1),
}  # fmt: skip


def edit(folder, old, new):
    file = folder / "gateway.toml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


@pytest.mark.parametrize("what", FAULTS)
def test_check_tells_of(what, folder):
    change, code, status = FAULTS[what]
    change(folder)
    told = called("check", "--offline", "--json", "--config", folder / "gateway.toml")
    assert told.exit_code == status
    answer = json.loads(told.stdout)
    assert code in {each["code"] for each in [*answer.get("errors", []), *answer.get("warnings", [])]}
