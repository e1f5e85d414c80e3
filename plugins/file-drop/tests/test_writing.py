"""What is delivered is left as whole files in which nothing runs, and the product's taking is what tells of arrival."""

import csv
import errno
import io
from pathlib import Path

import msgspec
import pytest
from gateway_file_drop.adapter import FileDrop
from gateway_file_drop.kit import FileDropBench
from gateway_file_drop.options import Out
from gateway_file_drop.outbox import PART, LocalOutbox
from gateway_file_drop.writing import file_of
from sftp_bench import PASSWORD, SftpBench

from gateway.core.release import Release
from gateway.run import acts, settling
from gateway.sdk import AdapterError, Fault, Refused, Sent
from gateway.sdk.testing import Watch, watched_context
from tests.run.test_life import Town
from tests.run.toys import MOTHER

ROW = {"id": "k1", "tekst": "=HYPERLINK(1)", "fnr": "06821099739", "tall": -3, "tom": None, "to": 'a\nb;"c" æ'}
SHOWN = ["k1", "'=HYPERLINK(1)", "06821099739", "-3", "", 'a\nb;"c" æ']


def release(kind="concern", **more):
    told = {"summary": "Sover lite", "status": "raised", **more.pop("fields", {})}
    given = {"system": "s", "kind": kind, "id": "i1", "case": "c", "fields": told, "changed": tuple(told), **more}
    return Release(**given)


def opened(here, *, out=None, secret="", watch=None, **options):
    maps = FileDropBench().made(_Folder(here), Watch()).context.maps
    given = {"folder": ".", "kinds": {"x*.csv": "concern"}, "out": {"folder": "ut", **(out or {})}, **options}
    context = watched_context(
        "http://127.0.0.1:9", watch or Watch(), maps=maps, secret=secret, folder=str(here), options=given
    )
    return FileDrop(context)


class _Folder:
    def __init__(self, folder):
        self.folder = folder


@pytest.fixture
def here(tmp_path):
    (tmp_path / "ut").mkdir()
    return tmp_path


def left(folder):
    return sorted((Path(folder) / "ut").iterdir())


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";"))


def test_a_csv_file_has_the_columns_that_were_released_and_no_cell_that_runs():
    told = file_of(ROW, Out(folder="ut")).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(told, newline=""), delimiter=";")) == [list(ROW), SHOWN]


def test_a_workbook_is_read_by_another_library_as_the_same_texts():
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    data = file_of(ROW, Out(folder="ut", format="xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = [list(row) for row in sheet.iter_rows()]
    assert [[cell.value or "" for cell in row] for row in cells] == [list(ROW), SHOWN]
    assert {cell.data_type for row in cells for cell in row} <= {"s", "inlineStr", "n"}
    assert not any(cell.data_type == "f" for row in cells for cell in row)


@pytest.mark.parametrize(("value", "out", "code"), [
    (["a"], {}, "file_drop.nested"), ({"a": 1}, {"format": "xlsx"}, "file_drop.nested"),
    ("Ω", {"encoding": "iso-8859-1"}, "file_drop.encoding"),
])  # fmt: skip
def test_what_a_file_cannot_carry_is_refused_without_its_value(here, value, out, code):
    with pytest.raises(Fault) as caught:
        file_of({"id": "1", "x": value}, Out(folder="ut", **out))
    assert caught.value.code == code
    with pytest.raises(Refused) as refused:
        opened(here, out=out).deliver(release(fields={"summary": value}), "k1")
    assert refused.value.code == code
    assert left(here) == []


def test_the_same_key_leaves_one_file_and_what_was_taken_is_delivered(here):
    adapter = opened(here)
    first = adapter.deliver(release(), "k1")
    again = opened(here).deliver(release(), "k1")
    assert (first.state, first.native_id, first.trace) == ("accepted", "i1", again.trace)
    [path] = left(here)
    assert rows_of(path) == [{"id": "i1", "summary": "Sover lite", "status": "raised"}]
    asked = [Sent(key="k1", trace=first.trace)]
    assert [one.state for one in adapter.follow(asked)] == ["accepted"]
    path.unlink()
    assert [one.state for one in adapter.follow(asked)] == ["delivered"]


def test_a_change_has_only_what_changed_and_what_is_taken_back_is_empty_or_deleted(here):
    adapter = opened(here, deleted="slettet", deleted_values=["ja"])
    known = release(native_id="p9", changed=("status",))
    for key, act in (("a", adapter.deliver), ("b", adapter.retract), ("c", adapter.retract)):
        told = {"a": known, "b": msgspec.structs.replace(known, retracts=("summary",)),
                "c": msgspec.structs.replace(known, retract_all=True, retracts=("summary", "status"))}[key]  # fmt: skip
        act(told, key)
    found = [rows_of(path)[0] for path in left(here)]
    for wanted in ({"id": "p9", "status": "raised"}, {"id": "p9", "summary": ""}, {"id": "p9", "slettet": "ja"}):
        assert wanted in found
    with pytest.raises(Refused) as caught:
        opened(here).retract(msgspec.structs.replace(known, retract_all=True), "d")
    assert caught.value.code == "file_drop.no_deleted"


def test_without_an_out_folder_nothing_is_written(here):
    mute = opened(here, out=None)
    assert mute.capabilities.writes
    silent = FileDrop(msgspec.structs.replace(mute.context, options={"folder": ".", "kinds": {"x": "concern"}}))
    assert (silent.capabilities.writes, silent.capabilities.retracts) == (frozenset(), False)
    with pytest.raises(Refused):
        silent.deliver(release(), "k1")
    assert silent.follow([Sent(key="k1", trace="x")]) == []


@pytest.mark.parametrize("breaks", ["fsync", "rename"])
def test_a_disk_that_fails_leaves_no_half_file_and_the_next_try_leaves_a_whole_one(here, monkeypatch, breaks):
    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    adapter = opened(here)
    with monkeypatch.context() as patch:
        if breaks == "fsync":
            patch.setattr("gateway_file_drop.outbox.os.fsync", full)
        else:
            patch.setattr(Path, "replace", full)
        with pytest.raises(AdapterError) as caught:
            adapter.deliver(release(), "k1")
    assert caught.value.code == "folder.cannot_write"
    assert left(here) == []
    adapter.deliver(release(), "k1")
    assert len(left(here)) == 1
    (here / "ut" / f".20260101T000000Z-concern-x{PART}").write_bytes(b"half")
    assert adapter.deliver(release(), "k1").trace in LocalOutbox(here / "ut").names()


def test_a_missing_folder_is_told(here):
    adapter = opened(here, out={"folder": "borte"})
    assert adapter.health() == "folder.missing"
    with pytest.raises(AdapterError) as caught:
        adapter.deliver(release(), "k1")
    assert caught.value.code == "folder.missing"


def test_files_are_left_on_a_server_as_they_are_here(tmp_path):
    for name in ("inn", "ut"):
        (tmp_path / "server" / name).mkdir(parents=True)
    with SftpBench(tmp_path / "server") as bench:
        adapter = opened(tmp_path, secret=PASSWORD, folder="inn", sftp=bench.options())
        told = adapter.deliver(release(), "k1")
        assert adapter.deliver(release(), "k1").trace == told.trace
        [path] = left(tmp_path / "server")
        assert (path.name, rows_of(path)[0]["summary"]) == (told.trace, "Sover lite")
        assert adapter.health() is None
        path.unlink()
        assert [one.state for one in adapter.follow([Sent(key="k1", trace=told.trace)])] == ["delivered"]
        adapter.close()


def test_through_the_gate_a_product_gets_files_changes_alone_and_what_is_withdrawn_is_deleted(here):
    town = Town(here)
    adapter = opened(here, deleted="slettet")
    town.world = msgspec.structs.replace(town.world, adapters={**town.world.adapters, "b": adapter})
    town.sync(2)
    first = {path.name.split("-")[1]: rows_of(path)[0] for path in left(here)}
    assert set(first) == {"case", "person", "concern"}
    assert first["concern"]["summary"] == "leser lite"
    _taken(here)
    town.a.put("concern", "k1", {"summary": "leser bedre"}, case="c1")
    town.sync(2)
    [path] = left(here)
    assert rows_of(path) == [{"id": first["concern"]["id"], "summary": "leser bedre"}]
    _taken(here)
    acts.withdraw_consent(town.world, town.file.id, by="kari", giver=town.person(MOTHER))
    town.sync(2)
    assert {tuple(rows_of(path)[0].items())[1] for path in left(here)} == {("slettet", "1")}
    [task] = settling.open_tasks(town.world)
    told = settling.show(town.world, task["id"])["about"]
    assert (task["kind"], told["kind"], told["code"]) == ("refused", "consent", "file_drop.nested"), "it has a list"
    adapter.close()
    town.world.store.close()


def _taken(folder):
    for path in left(folder):
        path.unlink()
