"""A folder on an SFTP server is read as one here: from the pinned server only, whole files only, never outside."""

import threading

import pytest
from drop_bench import Log, adapter, all_of, lines
from gateway_file_drop import session
from gateway_file_drop.kit import FileDropBench
from sftp_bench import LOGIN, OTHER_KEY, PASSWORD, SftpBench, public

from gateway.sdk import AdapterError, Misconfigured, Refused, Unreachable
from gateway.sdk.testing import AdapterContract

ROWS = [f"k{n};s1;Trekker seg unna;02.11.2026;NY;skole" for n in range(6)]


@pytest.fixture
def bench(tmp_path):
    folder = tmp_path / "server" / "inn"
    folder.mkdir(parents=True)
    with SftpBench(folder.parent) as opened:
        opened.inn = folder
        yield opened


@pytest.fixture
def connect(bench):
    opened = []

    def make(secret=PASSWORD, *, log=None, now=lambda: 1e12, page_rows=500, **more):
        source = adapter(
            bench.inn, secret=secret, log=log, now=now, page_rows=page_rows, folder="inn", sftp=bench.options(**more)
        )
        opened.append(source)
        return source

    yield make
    for one in opened:
        one.close()


def drop(bench, name="bekymring.csv", rows=ROWS, **more):
    return lines(bench.inn, name, *rows, **more)


def refusal(source):
    with pytest.raises(AdapterError) as caught:
        source.fetch(None)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return type(caught.value), caught.value.code


@pytest.mark.parametrize("secret", [PASSWORD, LOGIN.export_private_key().decode()], ids=["password", "key"])
def test_files_are_read_and_put_away_there(bench, connect, secret):
    drop(bench)
    source = connect(secret, page_rows=4)
    assert source.health() is None
    records, cursor = all_of(source)
    assert [one.id for one in records] == [f"k{n}" for n in range(6)]
    assert sorted(path.name for path in (bench.inn / "done").iterdir()) == ["000001-bekymring.csv"]
    assert (source.fetch(cursor).records, bench.sessions) == ([], 1)


@pytest.mark.parametrize(
    ("secret", "more", "error", "code"),
    [
        (PASSWORD, {"host_keys": [public(OTHER_KEY)]}, Misconfigured, "sftp.host_key"),
        (PASSWORD, {"host_keys": ["ssh-ed25519 tull"]}, Misconfigured, "sftp.host_keys"),
        ("feil passord", {}, Misconfigured, "sftp.login"),
        (OTHER_KEY.export_private_key().decode(), {}, Misconfigured, "sftp.login"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\ntull\n", {}, Misconfigured, "sftp.secret"),
        (PASSWORD, {"host": "localhost.localdomain.invalid"}, Unreachable, "sftp.unreachable"),
        (PASSWORD, {"port": 1}, Unreachable, "sftp.unreachable"),
    ],
)
def test_a_server_that_is_not_the_one_or_does_not_let_in_is_told(bench, connect, secret, more, error, code):
    log = Log()
    source = connect(secret, log=log, **more)
    assert refusal(source) == (error, code)
    assert source.health() == code
    assert PASSWORD not in repr(log.lines)


def test_a_name_that_leads_inside_is_refused_unless_the_network_is_listed(bench, connect, monkeypatch):
    monkeypatch.setattr(session.socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", bench.port))])
    drop(bench)
    assert refusal(connect(host="sftp.example.no")) == (Refused, "sftp.elsewhere")
    assert bench.sessions == 0
    assert len(all_of(connect(host="sftp.example.no", networks=["127.0.0.0/8"]))[0]) == 6


def test_only_plain_files_of_that_folder_are_read_whatever_the_server_says(bench, connect):
    drop(bench)
    outside = bench.inn.parent / "hemmelig.csv"
    outside.write_text("id\nx1\n")
    (bench.inn / "bekymring lenke.csv").symlink_to(outside)
    (bench.inn / "bekymring mappe.csv").mkdir()
    evil = [b"../hemmelig.csv", b"bekymring/../../hemmelig.csv", b"/hemmelig.csv", b"bekymring\\x.csv", b"bekymring\x1b.csv",
            b".", b"..", b"bekymring\xff.csv"]  # fmt: skip
    bench.faults["scandir"] = lambda _, path: evil if path.endswith(b"inn") else ()
    assert [one.id for one in all_of(connect())[0]] == [f"k{n}" for n in range(6)]
    assert outside.exists()


def test_a_listing_without_an_end_is_refused(bench, connect, monkeypatch):
    monkeypatch.setattr("gateway_file_drop.sftp.MOST_FILES", 50)
    bench.faults["scandir"] = lambda *_: (b"fil%d" % n for n in range(1000))
    assert refusal(connect()) == (Refused, "sftp.too_many")


def test_a_file_that_is_still_uploaded_waits_and_one_that_is_renamed_when_whole_is_taken(bench, connect):
    at = [10_000.0]
    source = connect(now=lambda: at[0])
    drop(bench, at=9_999)
    drop(bench, name=".bekymring2.csv.part", at=1_000)
    page = source.fetch(None)
    assert page.records == []  # the one is fresh, the other has a name that no pattern takes
    (bench.inn / ".bekymring2.csv.part").rename(bench.inn / "bekymring2.csv")
    page = source.fetch(page.cursor)
    assert len(page.records) == 6
    at[0] += 100
    assert len(all_of(source, page.cursor)[0]) == 6


def test_a_file_that_changes_while_it_is_read_is_begun_anew(bench, connect):
    drop(bench)
    source = connect(page_rows=2)
    page = source.fetch(None)
    drop(bench, rows=[one.replace("k", "n") for one in ROWS], at=2_000)
    after = source.fetch(page.cursor)
    assert [one.id for one in after.records] == ["n0", "n1"]


@pytest.mark.parametrize("size", [0, 40])
def test_a_file_that_is_shorter_than_it_was_listed_waits(bench, connect, size):
    path = drop(bench)

    def shrink(*_):
        with path.open("r+b") as file:
            file.truncate(size)
        bench.faults.clear()

    bench.faults["read"] = shrink
    source = connect()
    try:
        records = source.fetch(None).records
    except Unreachable:
        records = []
    assert records == []


def test_after_a_break_reading_goes_on_where_it_was_and_tells_nothing_twice(bench, connect):
    drop(bench, rows=[one + " " * 3000 for one in ROWS])
    source = connect(page_rows=2)
    seen, cursor, broken = [], None, 0
    while True:
        try:
            page = source.fetch(cursor)
        except Unreachable:
            broken += 1
            bench.faults.clear()
            continue
        seen += [one.id for one in page.records]
        cursor = page.cursor
        source.acknowledge([one.id for one in page.records], "kept")
        if not page.more:
            break
        if broken < 2:
            bench.faults["read"] = lambda files, *_: files.chan.get_connection().abort()
    assert (seen, broken) == ([f"k{n}" for n in range(6)], 2)
    assert bench.sessions == 3


def test_a_server_that_goes_away_between_two_rounds_is_found_again(bench, connect):
    source = connect()
    page = source.fetch(None)
    bench.drop()
    drop(bench)
    found = []
    for _ in range(3):
        try:
            found = source.fetch(page.cursor).records
            break
        except Unreachable:
            continue
    assert len(found) == 6


def test_a_server_that_does_not_answer_is_not_waited_for_forever(bench, connect, monkeypatch):
    monkeypatch.setattr(session, "CALL", 0.3)
    drop(bench)
    free = threading.Event()
    bench.faults["read"] = lambda *_: free.wait(3) and None
    try:
        assert refusal(connect()) == (Unreachable, "sftp.timeout")
    finally:
        free.set()


def test_nothing_is_put_away_before_it_is_kept_and_nothing_is_overwritten(bench, connect):
    drop(bench)
    (bench.inn / "done").mkdir()
    (bench.inn / "done" / "000001-bekymring.csv").write_text("fra før")
    source = connect()
    page = source.fetch(None)
    assert (bench.inn / "bekymring.csv").exists()
    source.acknowledge([one.id for one in page.records], "kept")
    assert (bench.inn / "done" / "000001-bekymring.csv").read_text() == "fra før"
    assert (bench.inn / "done" / "000001-bekymring.csv-2").exists()


def test_a_file_that_was_replaced_before_it_was_put_away_stays(bench, connect):
    drop(bench)

    def replace(*_):
        bench.faults.clear()
        drop(bench, rows=["n1;s1;Ny;02.11.2026;NY;skole"], at=2_000)

    source = connect()
    page = source.fetch(None)
    bench.faults["rename"] = replace
    source.acknowledge([one.id for one in page.records], "kept")
    assert [one.id for one in all_of(source, page.cursor)[0]] == ["n1"]


def test_a_folder_that_may_not_be_written_in_is_told_and_read_all_the_same(bench, connect):
    import asyncssh  # noqa: PLC0415 - the server's own refusal

    def forbid(*_):
        raise asyncssh.SFTPPermissionDenied("nei")

    drop(bench)
    source = connect()
    bench.faults["rename"] = forbid
    records, _ = all_of(source)
    assert len(records) == 6
    assert source.health() == "folder.cannot_move"


def test_a_folder_that_is_not_there_is_told(bench, connect):
    bench.inn.rmdir()
    source = connect()
    assert refusal(source) == (Misconfigured, "folder.missing")
    assert source.health() == "folder.missing"


@pytest.mark.campaign
class TestOverSftp(AdapterContract):
    """What every adapter keeps, with the folder on a server."""

    @pytest.fixture
    def bench(self):
        return OverSftp()


class OverSftp(FileDropBench):
    def connect(self, world, watch):
        server = SftpBench(world.folder)
        server.__enter__()
        source = self.made(world, watch, secret=PASSWORD, sftp=server.options())
        watch.closing += [source.close, server.__exit__]
        return source
