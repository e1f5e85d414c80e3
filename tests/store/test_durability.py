"""What is acknowledged stays, what cannot be kept is said with a code, and no database's words come along."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from datetime import UTC, datetime

import pytest

from gateway.store import Busy, Keys, StoreError, database, errors

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def code_of(caught):
    error = caught.value
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    assert str(error).startswith(error.code)
    return error.code


@pytest.mark.parametrize(
    "planted", [("journal_mode=WAL", "synchronous=NORMAL"), ("journal_mode=WAL", "synchronous=OFF"), ("journal_mode=DELETE", "synchronous=FULL")],
)  # fmt: skip
def test_a_connection_that_would_not_keep_what_it_acknowledges_is_refused(file_place, monkeypatch, planted):
    file_place.open()
    file_place.close()
    monkeypatch.setattr(database, "DURABLE", planted)
    with pytest.raises(StoreError) as caught:
        file_place.open()
    assert code_of(caught) == "store.unsafe"


def test_every_connection_writes_through_to_the_disk(file_place):
    store = file_place.open()
    for engine in (store.main.writer, store.main.reader, store.vault.database.writer):
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_postgresql_that_does_not_wait_for_its_disk_is_refused(place):
    if place.dialect != "postgresql":
        pytest.skip("is about PostgreSQL's own setting")
    unsafe = place.urls["main"] + "%20-csynchronous_commit%3Doff"
    with pytest.raises(StoreError) as caught:
        place.open(url=unsafe)
    assert code_of(caught) == "store.unsafe"


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_a_url_that_keeps_nothing_or_is_none_is_refused(file_place, url):
    with pytest.raises(StoreError) as caught:
        file_place.open(url=url)
    assert code_of(caught) == "store.url"


@pytest.mark.parametrize("which", ["main", "vault"])
def test_a_store_made_by_a_newer_program_is_refused_and_left_alone(place, which):
    place.open()
    place.close()
    table = {"main": "schema_version", "vault": "vault_schema_version"}[which]
    place.sql(which, f"UPDATE {table} SET version_num = '9999'")
    with pytest.raises(StoreError) as caught:
        place.open()
    assert code_of(caught) == "store.newer"
    assert place.sql(which, f"SELECT version_num FROM {table}") == [("9999",)]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"tenant": "alta"}, "store.tenant"), ({"keys": Keys(root=b"r" * 32, masters={1: b"m" * 32})}, "store.key")],
)
def test_a_store_of_another_tenant_or_with_other_keys_is_refused(place, change, code):
    place.open()
    place.close()
    with pytest.raises(StoreError) as caught:
        place.open(**change)
    assert code_of(caught) == code


def test_a_vault_of_another_database_is_refused(place, tmp_path):
    place.open()
    place.close()
    with pytest.raises(StoreError) as caught:
        place.open(vault_url=f"sqlite:///{tmp_path}/other.db")
    assert code_of(caught) == "store.vault"


def test_a_full_disk_is_said_and_nothing_is_half_kept(file_place):
    store = file_place.open()
    with store.write() as tx:
        tx.save_cases([("a", 0, b"kept")])
    with store.main.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 4}")  # the only connection that writes
    with pytest.raises(StoreError) as caught, store.write() as tx:
        tx.save_cases([(f"c{n}", 0, b"x" * 4000) for n in range(50)])
    assert code_of(caught) == "store.full"
    with store.write() as tx:
        assert tx.case_count() == 1
        tx.save_cases([("a", 1, b"goes on")])


def test_a_database_that_another_program_holds_is_said_after_the_wait(file_place):
    store = file_place.open(wait=0.05)
    other = sqlite3.connect(file_place.folder / "main.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StoreError) as caught, store.write():
            raise AssertionError
        assert code_of(caught) == "store.locked"
        with store.read() as tx:
            assert tx.case_count() == 0
    finally:
        other.close()
    with store.write() as tx:
        tx.save_cases([("a", 0, b"")])


def test_a_second_writer_in_the_process_waits_and_then_says_so(file_place):
    store = file_place.open(wait=0.05)
    with store.write(), pytest.raises(StoreError) as caught, store.write():
        raise AssertionError
    assert code_of(caught) == "store.locked"


def test_a_file_that_is_no_database_is_said_to_be_corrupt(file_place):
    (file_place.folder / "main.db").write_bytes(b"secret words " * 1000)
    with pytest.raises(StoreError) as caught:
        file_place.open()
    assert code_of(caught) == "store.corrupt"


def test_a_folder_that_is_not_there_and_a_server_that_does_not_answer_are_said(file_place):
    with pytest.raises(StoreError) as caught:
        file_place.open(url="sqlite:////proc/nowhere/main.db")
    assert code_of(caught) in {"store.unreachable", "store.readonly"}
    with pytest.raises(StoreError) as caught:
        file_place.open(url="postgresql+psycopg://nobody:secretpassword@127.0.0.1:1/none", wait=1.0)
    assert code_of(caught) == "store.unreachable"


def test_a_failed_statement_tells_no_parameter(place):
    store = place.open()
    place.sql("main", "DROP TABLE due")
    with pytest.raises(StoreError) as caught, store.write() as tx:
        tx.mark_due([("secret-system", "secret-case")], START)
    assert code_of(caught) == "store.failed"
    assert "secret" not in repr(caught.value)


@pytest.mark.parametrize(
    ("state", "code"),
    [("53100", "store.full"), ("53300", "store.locked"), ("40P01", "store.stale"), ("40001", "store.stale"), ("55P03", "store.locked"),
     ("25006", "store.readonly"), ("42501", "store.readonly"), ("XX001", "store.corrupt"), ("23505", "store.stale"),
     ("08006", "store.unreachable"), ("57P01", "store.unreachable"), ("42P01", "store.failed"), (None, "store.failed")],
)  # fmt: skip
def test_postgresql_states_have_our_codes(state, code):
    error = Exception()
    error.sqlstate = state
    assert errors.code_of(error) == code


KILLED = textwrap.dedent(
    """
    import os, sys, random
    from datetime import datetime, UTC
    from gateway.store import Keys, open_store
    folder = sys.argv[1]
    store = open_store(
        url=sys.argv[2], vault_url=sys.argv[3], keys=Keys.load(folder + "/bti.key"), tenant="klepp",
        clock=lambda: datetime.now(UTC), chance=os.urandom, checkpoints=folder + "/outside/checkpoints.txt",
    )
    n = 0
    while True:
        with store.write() as tx:
            tx.save_cases([(f"{n}-{i}", 0, b"body") for i in range(5)])
            tx.mark_due([("s", f"{n}-{i}") for i in range(5)], datetime.now(UTC))
            tx.audit([{"act": "kept", "page": n}])
        os.write(1, b"%d\\n" % n)
        n += 1
    """,
)


def test_a_killed_writer_loses_no_page_that_it_acknowledged_and_leaves_no_half_one(place):
    place.open()
    place.close()
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(place.folder), place.urls["main"], place.urls["vault"]], stdout=subprocess.PIPE,
    )  # fmt: skip
    told = 0
    for line in worker.stdout:
        told = int(line)
        if told >= 20:
            worker.send_signal(signal.SIGKILL)
            break
    told = max([told, *(int(line) for line in worker.stdout.read().split())])
    worker.wait()
    worker.stdout.close()
    with place.open().read() as tx:
        count = tx.case_count()
        assert count % 5 == 0
        assert count // 5 in {told + 1, told + 2}
        assert tx.due_counts()["s"][0] == count
        assert tx.tree()[0] == count // 5


HELD = textwrap.dedent(
    """
    import os, sys
    from datetime import datetime, UTC
    from gateway.store import Keys, open_store
    store = open_store(
        url=sys.argv[2], vault_url=sys.argv[3], keys=Keys.load(sys.argv[1] + "/bti.key"), tenant="klepp",
        clock=lambda: datetime.now(UTC), chance=os.urandom,
    )
    with store.lane("skole"):
        os.write(1, b"held\\n")
        sys.stdin.read()
    """,
)


def test_one_worker_holds_a_lane_across_processes_and_death_lets_go_of_it(place):
    store = place.open()
    worker = subprocess.Popen(
        [sys.executable, "-c", HELD, str(place.folder), place.urls["main"], place.urls["vault"]],
        stdout=subprocess.PIPE, stdin=subprocess.PIPE,
    )  # fmt: skip
    assert worker.stdout.readline() == b"held\n"
    for wait in (0.0, 0.05):
        with pytest.raises(Busy) as caught, store.lane("skole", wait):
            raise AssertionError
        assert code_of(caught) == "store.busy"
    with store.lane("helse"):
        pass
    worker.kill()
    worker.wait()
    worker.stdout.close()
    worker.stdin.close()
    with store.lane("skole", 5.0):
        pass


def test_one_thread_holds_a_lane_and_the_next_gets_it_when_the_block_ends(place):
    store = place.open()
    inside, order = threading.Event(), []

    def second():
        inside.wait()
        with store.lane("skole", 10.0):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with store.lane("skole"):
        inside.set()
        with pytest.raises(Busy), store.lane("skole"):
            raise AssertionError
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_threads_that_save_the_same_case_lose_no_update(place):
    store = place.open(wait=10.0)
    with store.write() as tx:
        tx.save_cases([("a", 0, b"0")])

    def add():
        done = 0
        while done < 10:
            try:
                with store.write() as tx:
                    version, body = tx.load_cases(["a"])["a"]
                    tx.save_cases([("a", version, b"%d" % (int(body) + 1))])
                    tx.audit([{"act": "added"}])
                done += 1
            except StoreError as error:
                assert error.code in {"store.stale", "store.locked"}  # noqa: PT017  a race has two outcomes

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as tx:
        assert tx.load_cases(["a"])["a"] == (41, b"40")
        assert tx.tree()[0] == 40


def test_threads_that_save_the_same_cases_in_opposite_orders_never_wait_in_a_ring(place):
    store = place.open(wait=10.0)
    with store.write() as tx:
        tx.save_cases([(case, 0, b"") for case in "abcdefgh"])
    failed = []

    def save(order):
        done = 0
        while done < 8:
            try:
                with store.write() as tx:
                    loaded = tx.load_cases(order)
                    tx.save_cases([(case, loaded[case][0], b"x") for case in order])
                    tx.mark_due([("s", case) for case in order], START)
                done += 1
            except StoreError as error:
                if error.code != "store.stale":
                    failed.append(error.code)
                    return

    threads = [threading.Thread(target=save, args=(order,)) for order in ("abcdefgh", "hgfedcba", "dcbahgfe")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with store.read() as tx:
        assert {version for version, _ in tx.load_cases("abcdefgh").values()} == {25}


def test_the_folder_of_a_database_is_made_for_its_owner_alone(file_place):
    file_place.open(
        vault_url=f"sqlite:///{file_place.folder}/vault/v.db", checkpoints=file_place.folder / "c" / "d.txt"
    )
    assert (file_place.folder / "vault").stat().st_mode & 0o777 == 0o700
    assert (file_place.folder / "vault" / "v.db").stat().st_mode & 0o777 == 0o600


def test_a_store_folder_that_cannot_be_written_is_said(file_place):
    if os.geteuid() == 0:
        pytest.skip("the superuser may write anywhere")
    file_place.open()
    file_place.close()
    (file_place.folder / "main.db").chmod(0o400)
    with pytest.raises(StoreError) as caught, file_place.open().write() as tx:
        tx.save_cases([("a", 0, b"")])
    assert code_of(caught) == "store.readonly"
