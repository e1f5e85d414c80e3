"""What stands in the database tells nothing, and opens nowhere but where it was put."""

import base64
import itertools
import random
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from gateway.store import Keys, Restriction, StoreError, Task
from gateway.store.seal import Seal

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
NUMBER = "06821099739"
CANARY = "Blåklokke-viken 7 sprang"


def swap(place, table, column, key, one, other):
    """Exchange what two rows hold, as someone with the database's password could."""
    rows = dict(
        place.sql(
            "main" if table not in {"case_keys", "restrictions"} else "vault", f"SELECT {key}, {column} FROM {table}"
        )
    )
    which = "main" if table not in {"case_keys", "restrictions"} else "vault"
    for target, source in ((one, other), (other, one)):
        place.sql(which, f"UPDATE {table} SET {column} = :v WHERE {key} = :k", v=bytes(rows[source]), k=target)


def test_a_body_in_another_cases_row_does_not_open(place):
    store = place.open()
    with store.write() as tx:
        tx.save_cases([("a", 0, b"a"), ("b", 0, b"b")])
    swap(place, "cases", "body", "id", "a", "b")
    with store.read() as tx, pytest.raises(StoreError, match=r"^store\.tampered$"):
        tx.load_cases(["a"])


def test_another_cases_key_does_not_unwrap(place):
    store = place.open()
    with store.write() as tx:
        tx.save_cases([("a", 0, b"a"), ("b", 0, b"b")])
    swap(place, "case_keys", "wrapped", "case_id", "a", "b")
    with store.read() as tx, pytest.raises(StoreError, match=r"^store\.tampered$"):
        tx.load_cases(["a"])


def test_an_older_version_put_back_does_not_open(place):
    store = place.open()
    with store.write() as tx:
        tx.save_cases([("a", 0, b"old")])
    ((old,),) = place.sql("main", "SELECT body FROM cases")
    with store.write() as tx:
        tx.save_cases([("a", 1, b"new")])
    place.sql("main", "UPDATE cases SET body = :body", body=bytes(old))
    with store.read() as tx, pytest.raises(StoreError, match=r"^store\.tampered$"):
        tx.load_cases(["a"])


@pytest.mark.parametrize("change", ["recorded_at = recorded_at + 1", "valid_from = '2020-01-01'", "case_id = 'b'"])
def test_history_that_was_moved_in_time_or_to_another_case_does_not_open(place, change):
    store = place.open()
    with store.write() as tx:
        tx.save_cases([("b", 0, b"")])
        tx.append_history([("a", START, None, b"then")])
    place.sql("main", f"UPDATE history SET {change}")
    with store.read() as tx, pytest.raises(StoreError, match=r"^store\.tampered$"):
        _ = [tx.history(case) for case in "ab"]


def test_two_history_rows_that_changed_places_do_not_open(place):
    store = place.open()
    with store.write() as tx:
        tx.append_history([("a", START, None, b"1"), ("a", START, None, b"2")])
    (one,), (other,) = place.sql("main", "SELECT seq FROM history ORDER BY seq")
    swap(place, "history", "body", "seq", one, other)
    with store.read() as tx, pytest.raises(StoreError, match=r"^store\.tampered$"):
        tx.history("a")


def test_a_cursor_task_or_quarantined_body_in_another_row_does_not_open(place):
    store = place.open()
    with store.write() as tx:
        tx.set_cursor("s", "1", START)
        tx.set_cursor("t", "2", START)
        tx.quarantine([("s", "k", n, "c", None, b"raw", None) for n in "12"], START)
        tx.add_tasks([Task(kind="k", dedupe=n, at=START, body=b"t") for n in "12"])
    swap(place, "lanes", "cursor", "system", "s", "t")
    for table in ("quarantine", "tasks"):
        (one,), (other,) = place.sql("main", f"SELECT id FROM {table}")
        swap(place, table, "body", "id", one, other)
    for look in (
        lambda tx: tx.cursor("s"),
        lambda tx: tx.tasks(),
        lambda tx: tx.quarantined_bodies([h.id for h in tx.quarantined()]),
    ):
        with store.read() as tx, pytest.raises(StoreError, match=r"^store\.tampered$"):
            look(tx)


PLACES = [
    ("klepp", "cases", "body", "a", 1), ("alta", "cases", "body", "a", 1), ("klepp", "history", "body", "a", 1),
    ("klepp", "cases", "note", "a", 1), ("klepp", "cases", "body", "b", 1), ("klepp", "cases", "body", "a", 2),
    ("klep", "pcases", "body", "a", 1), ("klepp", "cases", "body", "a", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("sealed", "opened"), list(itertools.permutations(PLACES, 2)))
def test_tenant_table_column_row_and_version_are_each_bound(sealed, opened):
    keys = Keys(root=b"r" * 32, masters={1: b"m" * 32})
    here, there = (Seal(tenant=place[0], keys=keys, chance=random.Random(1).randbytes) for place in (sealed, opened))
    body = here.close_intake(b"n" * 12, b"x", here.place(*sealed[1:]))
    assert here.open_intake(body, here.place(*sealed[1:])) == b"x"
    with pytest.raises(StoreError, match=r"^store\.tampered$"):
        there.open_intake(body, there.place(*opened[1:]))


def test_ten_thousand_random_swaps_and_changes_are_all_refused():
    keys = Keys(root=b"r" * 32, masters={1: b"m" * 32})
    chance = random.Random(7)
    seal = Seal(tenant="klepp", keys=keys, chance=chance.randbytes)
    key = keys.intake(1)
    bodies = []
    for n in range(200):
        place = seal.place("cases", "body", f"case-{n % 40}", n // 40)
        bodies.append((place, seal.close(key, seal.nonces(1)[0], b"body %d" % n, place)))
    for _ in range(10_000):
        (place, body), (_, other) = chance.sample(bodies, 2)
        at = chance.randrange(len(body))
        changed = body[:at] + bytes([body[at] ^ (1 << chance.randrange(8))]) + body[at + 1 :]
        with pytest.raises(StoreError, match=r"^store\.tampered$"):
            seal.open(key, chance.choice([other, changed]), place)


def writings(secret):
    raw = secret.encode()
    yield from (
        raw,
        secret.encode("utf-16-le"),
        secret.encode("latin-1"),
        raw.hex().encode(),
        raw.hex().upper().encode(),
    )
    yield from (quote(secret).encode(), secret.encode("ascii", "xmlcharrefreplace"), raw[::-1])
    for shift in range(3):
        whole = base64.b64encode(b"x" * shift + raw)
        yield whole[(4 * shift + 2) // 3 + 1 : -4]


def leave_canaries(store):
    store.vault.restrict(
        [Restriction(kind="block", at=START, source="s", case="a", detail={"reason": CANARY, "who": NUMBER})]
    )
    store.vault.loosen(store.vault.restrictions(cases=["a"])[0].id, by="kari", reason=CANARY)
    body = f"{CANARY} {NUMBER}".encode()
    with store.write() as tx:
        tx.save_cases([("a", 0, body)])
        tx.append_history([("a", START, None, body)])
        tx.put_links("s", [("person", NUMBER, "a", "i", store.keys.digest(body)), ("concern", CANARY, "a", "i", b"d")])
        tx.put_people([(NUMBER, "p")])
        tx.set_cursor("s", f"{CANARY}/{NUMBER}", START)
        tx.quarantine([("s", CANARY[:0] + "concern", NUMBER, "c", "$.level", body, case) for case in (None,)], START)
        tx.add_tasks(
            [
                Task(kind="k", dedupe=NUMBER, at=START, body=body),
                Task(kind="k", dedupe=CANARY, at=START, body=body, case="a"),
            ]
        )


def test_no_name_number_or_sentence_can_be_read_in_any_file_or_table(place):
    store = place.open()
    leave_canaries(store)
    while_open = place.traces()
    place.close()
    for traces in (while_open, place.traces()):
        assert b"concern" in traces, "the scan must see what is there"
        found = [(secret, writing) for secret in (CANARY, NUMBER) for writing in writings(secret) if writing in traces]
        assert found == []


def test_the_scan_finds_a_planted_canary(place):
    store = place.open()
    with store.write() as tx:
        tx.remember("planted", base64.b64encode(f"xx{CANARY}yy".encode()).decode())
    traces = place.traces()
    assert any(writing in traces for writing in writings(CANARY))


def test_after_erasure_the_wrapped_key_is_in_no_file_either(file_place):
    store = file_place.open()
    leave_canaries(store)
    ((wrapped,),) = file_place.sql("vault", "SELECT wrapped FROM case_keys WHERE case_id = 'a'")
    assert wrapped in file_place.traces()
    store.erase("a", by="kari", at=START)
    assert wrapped not in file_place.traces()
