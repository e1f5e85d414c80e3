"""Files that other systems leave are taken when they are whole, and put away when they are kept."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.sdk import Misconfigured, Raw, Unreachable
from gateway.sdk.folder import Intake

OLD = 1_000.0


class Clock:
    def __init__(self, at=10_000.0):
        self.at = at

    def __call__(self):
        return self.at


def drop(folder, name, text, *, written=OLD):
    path = folder / name
    path.write_text(text)
    os.utime(path, (written, written))
    return path


def intake(folder, clock=None, patterns=("*.txt",), settle=10):
    return Intake(folder=folder, patterns=patterns, settle=settle, now=clock or Clock())


def fetch(source, cursor, size=2):
    """What an adapter does: the next lines of the file in work, ``size`` to a page."""
    with source.visit(cursor) as visit:
        if visit.file is None:
            return visit.nothing()
        lines = visit.file.stream.read().decode().split()
        at = visit.file.at or 0
        page, rest = lines[at : at + size], lines[at + size :]
        records = [Raw(kind="line", id=line, body=visit.file.label) for line in page]
        return visit.page(records, at=at + size if rest else None)


def ids(page):
    return [raw.id for raw in page.records]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def everything(source, cursor=None):
    seen = []
    while True:
        page = fetch(source, cursor)
        seen += ids(page)
        source.acknowledge(ids(page))
        cursor = page.cursor
        if not page.more:
            return seen, cursor


def test_files_are_read_oldest_first_and_put_away(tmp_path):
    drop(tmp_path, "a.txt", "3 4", written=OLD + 1)
    drop(tmp_path, "b.txt", "1 2")
    drop(tmp_path, "c.csv", "no")
    assert everything(intake(tmp_path))[0] == ["1", "2", "3", "4"]
    assert names(tmp_path) == ["c.csv", "done"]
    assert names(tmp_path / "done") == ["000001-b.txt", "000002-a.txt"]


def test_a_file_goes_away_only_when_its_last_page_is_kept(tmp_path):
    drop(tmp_path, "a.txt", "1 2 3")
    source = intake(tmp_path)
    first = fetch(source, None)
    second = fetch(source, first.cursor)
    source.acknowledge(ids(first))
    assert names(tmp_path) == ["a.txt"]
    source.acknowledge(["3"])
    assert names(tmp_path) == ["done"]
    assert not second.more


def test_fetching_ahead_puts_nothing_away(tmp_path):
    drop(tmp_path, "a.txt", "1 2")
    drop(tmp_path, "b.txt", "3 4", written=OLD + 1)
    source = intake(tmp_path)
    first = fetch(source, None)
    assert ids(fetch(source, first.cursor)) == ["3", "4"]
    assert names(tmp_path) == ["a.txt", "b.txt"]
    source.acknowledge(["1", "2"])
    assert names(tmp_path) == ["b.txt", "done"]


def test_a_crash_between_saving_and_putting_away_reads_nothing_twice(tmp_path):
    drop(tmp_path, "a.txt", "1 2")
    saved = fetch(intake(tmp_path), None).cursor
    assert names(tmp_path) == ["a.txt"]
    after = intake(tmp_path)
    assert ids(fetch(after, saved)) == []
    assert names(tmp_path) == ["done"]


def test_a_crash_before_saving_reads_the_page_again(tmp_path):
    drop(tmp_path, "a.txt", "1 2 3")
    first = fetch(intake(tmp_path), None)
    fetch(intake(tmp_path), first.cursor)
    assert ids(fetch(intake(tmp_path), first.cursor)) == ["3"]
    assert names(tmp_path) == ["a.txt"]


def test_a_page_that_was_not_kept_is_handed_out_again_and_acknowledged_once(tmp_path):
    drop(tmp_path, "a.txt", "1 2 3 4")
    source = intake(tmp_path)
    first = fetch(source, None)
    source.acknowledge(ids(first))
    fetch(source, first.cursor)  # the engine stopped here, and the page was lost
    again = fetch(source, first.cursor)
    assert ids(again) == ["3", "4"]
    assert names(tmp_path) == ["a.txt"]
    source.acknowledge(ids(again))
    assert names(tmp_path) == ["done"]


def test_an_empty_file_is_put_away_in_the_next_round(tmp_path):
    drop(tmp_path, "a.txt", "")
    source = intake(tmp_path)
    page = fetch(source, None)
    assert page.records == []
    fetch(source, page.cursor)
    assert names(tmp_path) == ["done"]


def test_a_file_that_may_still_grow_is_left_alone(tmp_path):
    clock = Clock(at=OLD + 5)
    path = drop(tmp_path, "a.txt", "1")
    source = intake(tmp_path, clock)
    page = fetch(source, None)
    assert page.records == []
    path.write_text("1 2")
    os.utime(path, (OLD + 9, OLD + 9))
    clock.at = OLD + 15
    page = fetch(source, page.cursor)
    assert page.records == []
    clock.at = OLD + 19
    assert ids(fetch(source, page.cursor)) == ["1", "2"]


def test_a_share_with_a_clock_ahead_of_ours_is_read_when_nothing_changed_for_long_enough(tmp_path):
    clock = Clock(at=OLD)
    drop(tmp_path, "a.txt", "1", written=OLD + 86_400)
    source = intake(tmp_path, clock)
    page = fetch(source, None)
    assert page.records == []
    clock.at += 9
    page = fetch(source, page.cursor)
    assert page.records == []
    clock.at += 1
    assert ids(fetch(source, page.cursor)) == ["1"]


def test_a_file_replaced_between_two_pages_is_read_anew(tmp_path):
    drop(tmp_path, "a.txt", "1 2 3")
    source = intake(tmp_path)
    page = fetch(source, None)
    drop(tmp_path, "a.txt", "7 8 9", written=OLD + 1)
    seen = everything(source, page.cursor)[0]
    assert seen == ["7", "8", "9"]
    assert names(tmp_path / "done") == ["000002-a.txt"]


def test_a_file_replaced_while_it_is_read_gives_nothing_until_it_has_settled(tmp_path):
    drop(tmp_path, "a.txt", "1 2 3")
    source = intake(tmp_path)
    with source.visit(None) as visit:
        drop(tmp_path, "a.txt", "7 8 9", written=OLD + 1)
        page = visit.page([Raw(kind="line", id="1")], at=None)
    assert page.records == []
    assert everything(source, page.cursor)[0] == ["7", "8", "9"]


def test_a_file_replaced_after_it_was_read_is_not_put_away_unread(tmp_path):
    drop(tmp_path, "a.txt", "1 2")
    source = intake(tmp_path)
    page = fetch(source, None)
    drop(tmp_path, "a.txt", "7 8", written=OLD + 1)
    source.acknowledge(ids(page))
    assert names(tmp_path) == ["a.txt"]
    assert everything(source, page.cursor)[0] == ["7", "8"]


def test_nothing_in_done_is_ever_overwritten(tmp_path):
    for text in ("1", "2", "3"):
        drop(tmp_path, "a.txt", text)
        everything(intake(tmp_path))
    assert names(tmp_path / "done") == ["000001-a.txt", "000001-a.txt-2", "000001-a.txt-3"]


def test_links_and_folders_are_not_followed(tmp_path):
    outside = drop(tmp_path, "outside", "secret")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.txt").symlink_to(outside)
    (folder / "dir.txt").mkdir()
    (folder / ".hidden.txt").write_text("no")
    assert fetch(intake(folder, settle=0), None).records == []


def test_no_name_of_a_file_stands_in_a_cursor_or_a_page(tmp_path):
    drop(tmp_path, "Kari Nordmann.txt", "1 2 3")
    drop(tmp_path, "Ola Nordmann.txt", "4", written=10_000)
    source = intake(tmp_path)
    page = fetch(source, None)
    for _ in range(4):
        assert "Nordmann" not in str(page)
        page = fetch(source, page.cursor)


def test_a_folder_that_is_missing_or_a_strange_cursor_is_told_with_a_code(tmp_path):
    with pytest.raises(Misconfigured, match=r"^folder\.missing$"):
        fetch(intake(tmp_path / "gone"), None)
    with pytest.raises(Misconfigured, match=r"^folder\.cursor$"):
        fetch(intake(tmp_path), "{}garbage")
    assert intake(tmp_path / "gone").health() == "folder.missing"
    assert intake(tmp_path).health() is None


def test_a_file_that_cannot_be_opened_waits(tmp_path, monkeypatch):
    drop(tmp_path, "a.txt", "1")

    def refuse(*args, **kwargs):
        raise PermissionError

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(Unreachable, match=r"^folder\.unreadable$"):
        fetch(intake(tmp_path), None)


def test_a_done_folder_that_cannot_be_used_is_told_and_stops_no_reading(tmp_path):
    drop(tmp_path, "a.txt", "1 2")
    (tmp_path / "done").write_text("in the way")
    source = intake(tmp_path)
    seen, cursor = everything(source)
    assert seen == ["1", "2"]
    assert source.health() == "folder.cannot_move"
    drop(tmp_path, "b.txt", "3", written=OLD + 1)
    assert everything(source, cursor)[0] == ["3"]


def live_through(folder, acts, make=intake):
    """A source and an engine that fetches ahead, saves, acknowledges and crashes, in any order; the law in each step."""
    source, kept, dropped = make(folder), [], 0
    saved, shown, queue = None, None, []
    for act in [*acts, "crash", *(["fetch", "save", "ack"] * 60)]:
        if act == "drop":
            drop(folder, f"{dropped}.txt", f"{dropped}a {dropped}b {dropped}c", written=OLD + dropped)
            dropped += 1
        elif act == "fetch" and not queue:
            queue, shown = [fetch(source, saved)], None
        elif act == "ahead" and queue and queue[-1].more:
            queue.append(fetch(source, queue[-1].cursor))
        elif act == "save" and queue:
            if shown is not None:
                source.acknowledge(ids(shown))
            shown = queue.pop(0)
            kept += ids(shown)
            saved = shown.cursor
        elif act == "ack" and shown is not None:
            source.acknowledge(ids(shown))
            shown = None
        elif act == "crash":
            source, queue, shown = make(folder), [], None
        away = [path.name for path in (folder / "done").glob("*.txt")]
        for name in away:
            number = name.removesuffix(".txt").partition("-")[2]
            assert {f"{number}a", f"{number}b", f"{number}c"} <= set(kept)
    assert sorted(kept) == sorted(f"{number}{letter}" for number in range(dropped) for letter in "abc")
    assert len(list((folder / "done").glob("*.txt"))) == dropped or dropped == 0


class Hasty(Intake):
    """A planted bug: takes every cursor for one that was saved."""

    def _is_durable(self, cursor):
        return True


class Eager(Intake):
    """A planted bug: puts a file away as soon as it is acknowledged in part."""

    def acknowledge(self, ids):
        self._put_away({one.key: 1 for one in self._present()})


@pytest.mark.parametrize("bug", [Hasty, Eager])
def test_the_law_catches_a_source_that_puts_files_away_too_early(tmp_path, bug):
    def make(folder):
        return bug(folder=folder, patterns=["*.txt"], settle=10, now=Clock())

    with pytest.raises(AssertionError):
        live_through(tmp_path, ["drop", "drop", "fetch", "ahead", "ahead", "save", "ack"], make)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["drop", "fetch", "ahead", "save", "ack", "crash"]), max_size=40))
def test_whatever_happens_every_line_is_kept_and_no_unkept_file_is_put_away(tmp_path_factory, acts):
    live_through(tmp_path_factory.mktemp("in"), acts)
