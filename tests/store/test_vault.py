"""The vault: keys, erasure, restrictions and sendings, which no restore brings back or takes away."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.store import Keys, Restriction, StoreError, Task

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NUMBER, OTHER = "06821099739", "17908599950"


def fill(store):
    with store.write() as tx:
        tx.save_cases([("a", 0, b"canary-a"), ("b", 0, b"canary-b")])
        tx.append_history([("a", START, None, b"canary-a")])
        tx.put_links(
            "s", [("concern", "17", "a", "i", b"d"), ("person", "9", "", "p", b""), ("person", "8", "", "q", b"")]
        )
        tx.put_people([(NUMBER, "p"), (OTHER, "q")])
        tx.put_person_cases([("p", "a"), ("q", "a"), ("q", "b")])
        tx.mark_due([("s", "a"), ("s", "b")], START)
        tx.quarantine([("s", "concern", "18", "c", None, b"canary-a", "a")], START)
        tx.add_tasks([Task(kind="conflict", dedupe="x", at=START, body=b"canary-a", case="a")])
        tx.add_disclosures([("a", "i", "s", START, ["level"], ["C1"], None, "k")])


def test_erasing_a_case_takes_every_row_of_it_and_leaves_the_proof(store):
    fill(store)
    store.erase("a", by="kari", at=START)
    with store.read() as tx:
        assert tx.load_cases(["a", "b"]) == {"b": (1, b"canary-b")}
        assert tx.history("a") == tx.links_of_case("a") == tx.tasks(state="all") == tx.quarantined() == []
        assert tx.find_people([NUMBER, OTHER]) == {OTHER: "q"}
        assert list(tx.find_links("s", [("person", "9"), ("person", "8")])) == [("person", "8")]
        assert list(tx.due_counts()) == ["s"]
        assert [d.case for d in tx.disclosures()] == ["a"]
    assert [(e.case, e.by, e.at) for e in store.vault.erased()] == [("a", "kari", START)]


def test_an_erased_case_is_never_saved_again(store):
    fill(store)
    store.erase("a", by="kari", at=START)
    with pytest.raises(StoreError) as caught, store.write() as tx:
        tx.save_cases([("a", 0, b"again")])
    assert caught.value.code == "store.erased"


def test_erasing_one_case_leaves_its_neighbours_readable_and_may_be_repeated(store):
    fill(store)
    for _ in range(2):
        store.erase("a", by="kari", at=START)
    assert len(store.vault.erased()) == 1
    with store.read() as tx:
        assert tx.cases_of(["q"]) == {"q": ["b"]}


def test_a_crash_between_the_key_and_the_rows_is_made_good_when_the_store_opens(place):
    store = place.open()
    fill(store)
    store.vault.erase("a", by="kari", at=START)
    with store.read() as tx:
        assert list(tx.load_cases(["a", "b"])) == ["b"]
        assert tx.history("a") == []
        assert tx.tasks() == []
    place.close()
    with place.open().read() as tx:
        assert tx.links_of_case("a") == []
        assert tx.quarantined() == []


def test_a_crash_between_vault_and_main_commit_of_a_new_case_is_harmless(store):
    with pytest.raises(KeyError), store.write() as tx:
        tx.save_cases([("a", 0, b"lost")])
        raise KeyError
    assert list(store.vault.case_keys(["a"])) == ["a"]
    with store.write() as tx:
        tx.save_cases([("a", 0, b"kept")])
        assert tx.load_cases(["a"]) == {"a": (1, b"kept")}


def test_an_old_backup_brings_back_neither_erased_cases_nor_their_key(place):
    fill(place.open())
    place.backup("main")
    place.open().erase("a", by="kari", at=START)
    place.restore("main")
    assert place.sql("main", "SELECT count(*) FROM cases") == [(2,)]
    with place.open().read() as tx:
        assert tx.load_cases(["a", "b"]) == {"b": (1, b"canary-b")}
        assert tx.find_people([NUMBER]) == {}
    assert place.sql("main", "SELECT count(*) FROM cases") == [(1,)]


def test_an_old_backup_brings_nothing_sent_back_to_unsent_and_lifts_no_restriction(place):
    place.open()
    place.backup("main")
    store = place.open()
    store.vault.begin_sending([("k", "s", "a", "i", b"c")])
    store.vault.end_sending([("k", "delivered")])
    store.vault.restrict([Restriction(kind="block", at=START, source="bti", case="a", detail={"service": "school"})])
    place.restore("main")
    store = place.open()
    assert store.vault.begin_sending([("k", "s", "a", "i", b"c")]) == {"k": "delivered"}
    assert [one.kind for one in store.vault.restrictions(cases=["a"])] == ["block"]


def test_an_old_vault_beside_todays_database_is_refused(place):
    fill(place.open())
    place.backup("vault")
    place.open().erase("a", by="kari", at=START)
    place.restore("vault")
    with pytest.raises(StoreError) as caught:
        place.open()
    assert caught.value.code == "store.vault"


def test_a_lost_case_key_is_told_apart_from_an_erased_case(place):
    store = place.open()
    fill(store)
    place.sql("vault", "DELETE FROM case_keys WHERE case_id = 'a'")
    with store.read() as tx, pytest.raises(StoreError) as caught:
        tx.load_cases(["a", "b"])
    assert caught.value.code == "store.key_missing"


def restriction(**changes):
    return Restriction(
        **(
            {"kind": "protection", "at": START, "source": "register", "person": "p", "detail": {"level": "strict"}}
            | changes
        )
    )


def test_restrictions_are_found_by_case_or_person_until_a_named_person_lifts_them(store):
    vault = store.vault
    first, second = vault.restrict([restriction(), restriction(kind="block", case="a", person=None, by="kari")])
    assert [one.id for one in vault.restrictions(people=["p"])] == [first]
    assert [one.id for one in vault.restrictions(cases=["a"], people=["p", "q"])] == [second, first]
    found = vault.restrictions(cases=["a"])[0]
    assert (found.kind, found.detail, found.at, found.by, found.source) == (
        "block",
        {"level": "strict"},
        START,
        "kari",
        "register",
    )
    vault.loosen(second, by="kari", reason="moved")
    vault.loosen(second, by="ola", reason="again")
    assert vault.restrictions(cases=["a"]) == []
    for name, by, code in (("unknown", "kari", "store.unknown"), (first, " ", "store.no_person")):
        with pytest.raises(StoreError) as caught:
            vault.loosen(name, by=by, reason="")
        assert caught.value.code == code


def test_an_import_that_repeats_itself_adds_nothing_and_one_that_says_less_takes_nothing(store):
    vault = store.vault
    (first,) = vault.restrict([restriction()])
    assert vault.restrict([restriction(at=START + HOUR), restriction()]) == [first, first]
    vault.restrict([restriction(detail={"level": "none"})])
    assert [one.detail["level"] for one in vault.restrictions(people=["p"])] == ["strict", "none"]


def test_an_import_tightens_again_what_a_person_loosened(store):
    (first,) = store.vault.restrict([restriction()])
    store.vault.loosen(first, by="kari", reason="")
    (second,) = store.vault.restrict([restriction()])
    assert second != first
    assert len(store.vault.restrictions(people=["p"])) == 1


@pytest.mark.parametrize(
    ("state", "again", "open_after"),
    [(None, "begun", True), ("uncertain", "uncertain", True), ("accepted", "accepted", False), ("processed", "processed", False),
     ("failed", "failed", True), ("refused", "refused", True)],
)  # fmt: skip
def test_a_key_is_told_what_became_of_it_and_is_open_until_it_is_known(store, state, again, open_after):
    vault = store.vault
    assert vault.begin_sending([("k", "s", "a", "i", b"c"), ("k", "s", "a", "i", b"c")]) == {"k": None}
    if state is not None:
        vault.end_sending([("k", state)])
    assert vault.begin_sending([("k", "s", "a", "i", b"c")]) == {"k": again}
    assert [one.key for one in vault.unfinished("s")] == (["k"] if open_after else [])
    assert vault.unfinished("t") == []


@pytest.mark.parametrize(
    ("state", "kept"),
    [(None, b"both"), ("uncertain", b"both"), ("failed", b"new"), ("refused", b"new"), ("accepted", b"old")],
)
def test_what_a_key_may_have_carried_is_what_was_sent_with_it_until_it_is_known(store, state, kept):
    """What failed left nothing behind; what may have arrived holds both tries; what is known stays as it was."""
    vault = store.vault
    vault.begin_sending([("k", "s", "a", "i", b"old")])
    if state is not None:
        vault.end_sending([("k", state)])
    earlier = vault.begin_sending([("k", "s", "a", "i", b"new")])
    if earlier["k"] in {"begun", "uncertain"}:
        vault.carry_more([("k", b"both")])
    else:
        vault.carry_more([])
    [(told, _)] = vault.sendings_of("a")
    assert told.content == kept
    assert told.state == ("accepted" if state == "accepted" else "begun")


def test_sent_keys_are_forgotten_by_age_but_never_open_ones(place):
    vault = place.open().vault
    vault.begin_sending([(key, "s", "a", "i", b"c") for key in ("done", "open", "unsure")])
    vault.end_sending([("done", "accepted"), ("unsure", "uncertain")])
    place.later(days=400)
    assert vault.prune_sent(place.now) == 1
    assert [one.key for one in vault.unfinished("s")] == ["open", "unsure"]


def test_rotation_leaves_nothing_under_the_old_key_and_goes_on_after_a_crash(place):
    store = place.open()
    fill(store)
    store.vault.restrict([restriction()])
    with store.write() as tx:
        tx.set_cursor("s", "c", START)
        tx.quarantine([("s", "concern", "19", "c", None, b"raw", None)], START)
        tx.add_tasks([Task(kind="system", dedupe="y", at=START, body=b"t")])
    place.close()
    place.keys = place.keys.renewed(place.key_file, place.chance)
    store = place.open()
    assert store.vault.rewrap(batch=1, limit=1) == 1  # and here the machine stops
    with store.read() as tx:
        assert len(tx.load_cases(["a", "b"])) == 2
    place.close()
    store = place.open()
    assert store.rotate() == 1
    assert store.rotate() == 0
    place.close()
    place.keys = place.keys.retired(place.key_file)
    assert Keys.load(place.key_file).current == 2
    store = place.open()
    with store.read() as tx:
        assert len(tx.load_cases(["a", "b"])) == 2
        assert tx.cursor("s") == "c"
        assert sorted(tx.quarantined_bodies([held.id for held in tx.quarantined()]).values()) == [b"canary-a", b"raw"]
        assert sorted(task.body for task in tx.tasks()) == [b"canary-a", b"t"]
    assert len(store.vault.restrictions(people=["p"])) == 1
