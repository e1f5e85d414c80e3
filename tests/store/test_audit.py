"""The audit log: a tree that anybody can check, and no tampering that goes unseen."""

import json
import math
import os
import random
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from gateway.store import Keys, StoreError, audit, merkle, offline, open_store
from gateway.store.log import canonical

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)

# RFC 6962 prints no vectors; these leaves and roots are the ones by which Certificate Transparency's logs are checked.
LEAVES = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    bytes(range(0x50, 0x58)),
    bytes(range(0x60, 0x70)),
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def defined(entries):
    """MTH as RFC 6962 section 2.1 writes it, by recursion."""
    if not entries:
        return merkle.EMPTY
    if len(entries) == 1:
        return merkle.leaf_hash(entries[0])
    split = 1 << (len(entries) - 1).bit_length() - 1
    return merkle.node_hash(defined(entries[:split]), defined(entries[split:]))


@pytest.mark.parametrize("size", ROOTS)
def test_the_tree_has_the_roots_that_certificate_transparency_has(size):
    _, frontier = merkle.extend(0, [], [merkle.leaf_hash(leaf) for leaf in LEAVES[:size]])
    assert merkle.root_of(frontier).hex() == ROOTS[size]
    assert offline.root([merkle.leaf_hash(leaf) for leaf in LEAVES], size).hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=3), max_size=70), st.integers(0, 70))
def test_the_frontier_the_levels_and_the_definition_agree_however_leaves_arrive(entries, cut):
    hashes = [merkle.leaf_hash(entry) for entry in entries]
    size, frontier = merkle.extend(*merkle.extend(0, [], hashes[:cut]), hashes[cut:])
    assert size == len(entries)
    assert len(frontier) == size.bit_count()
    assert merkle.root_of(frontier) == defined(entries) == offline.root(hashes, size)


SAFE = 2**53 - 1
WORDS = st.text(st.characters(max_codepoint=127), max_size=8)
ENTRIES = st.dictionaries(
    WORDS,
    st.recursive(
        st.none() | st.booleans() | st.integers(-SAFE, SAFE) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
        max_leaves=8,
    ),
    max_size=6,
)


@given(ENTRIES)
def test_our_writing_is_the_rfcs_for_every_entry_we_may_have(entry):
    assert canonical(entry) == rfc8785.dumps(entry) == offline.canonical(entry)


@pytest.mark.parametrize(
    ("entry", "code"),
    [({"a": 1.5}, "audit.float"), ({"a": [math.nan]}, "audit.float"), ({"æ": 1}, "audit.key"), ({"a": {1: 1}}, "audit.key"),
     ({"a": SAFE + 1}, "audit.number"), ({"a": -SAFE - 1}, "audit.number"), ({"a": START}, "audit.value"),
     ({"a": b"bytes"}, "audit.value"), ({"a": {"b": {1, 2}}}, "audit.value"), ({"a": "\ud800"}, "audit.value")],
)  # fmt: skip
def test_an_entry_that_has_no_canonical_writing_is_refused_without_its_value(entry, code):
    with pytest.raises(StoreError) as caught:
        canonical(entry)
    assert str(caught.value) == code


def grow(store, count, start=0):
    with store.write() as tx:
        tx.audit([{"act": "kept", "n": n, "who": "kari", "note": "æøå  \u0001"} for n in range(start, start + count)])


def test_the_log_holds_after_any_number_of_transactions(store):
    assert audit.verify(store).holds
    entries = []
    for size in (1, 2, 5, 1, 0, 30):
        grow(store, size, len(entries))
        entries += [
            canonical({"act": "kept", "n": n, "who": "kari", "note": "æøå  \u0001"})
            for n in range(len(entries), len(entries) + size)
        ]
        assert audit.root(store) == (len(entries), defined(entries))
    audit.checkpoint(store)
    audit.checkpoint(store)
    verdict = audit.verify(store)
    assert (verdict.problems, verdict.size, verdict.checkpoints) == ((), 39, 1)


def test_several_calls_in_one_transaction_are_appended_in_their_order(store):
    with store.write() as tx:
        tx.audit([{"n": 1}])
        tx.audit([{"n": 2}, {"n": 3}])
    assert audit.root(store) == (3, defined([b'{"n":1}', b'{"n":2}', b'{"n":3}']))


def test_entries_of_some_acts_are_found_among_others_by_how_they_begin(store):
    acts = ["looked", "look", "kept", "look.reviewed", "looked"]
    with store.write() as tx:
        tx.audit([{"act": act, "n": n, "said": '"act":"looked"'} for n, act in enumerate(acts)])
    with store.read() as tx:
        found = [(one["act"], one["n"]) for one in tx.entries_from(0, limit=4, acts=("looked", "look.reviewed"))]
        assert found == [("looked", 0), ("look.reviewed", 3)]
        assert [one["n"] for one in tx.entries_from(4, limit=9, acts=("looked",))] == [4]


@pytest.mark.parametrize(
    ("tampering", "problem"),
    [("UPDATE audit_leaves SET entry = CAST('{}' AS BYTES) WHERE idx = 3", "audit.leaf at 3"),
     ("UPDATE audit_leaves SET hash = entry WHERE idx = 3", "audit.leaf at 3"),
     ("DELETE FROM audit_leaves WHERE idx = 3", "audit.gap at 3"),
     ("DELETE FROM audit_leaves WHERE idx = 9", "audit.tree"),
     ("UPDATE audit_tree SET size = 9", "audit.tree"),
     ("UPDATE audit_tree SET frontier = CAST(frontier || frontier AS BYTES)", "audit.tree")],
)  # fmt: skip
def test_whatever_was_changed_in_the_database_is_found(place, tampering, problem):
    store = place.open()
    grow(store, 10)
    place.sql("main", tampering.replace("BYTES", "BLOB" if place.dialect == "sqlite" else "BYTEA"))
    assert problem in audit.verify(store).problems


def test_a_log_written_anew_from_an_old_backup_is_found_at_opening_and_by_verifying(place):
    store = place.open()
    grow(store, 5)
    audit.checkpoint(store)
    place.backup("main")
    store = place.open()
    assert not store.behind
    grow(store, 5, 100)
    audit.checkpoint(store)
    place.restore("main")
    store = place.open()
    assert store.behind
    assert audit.verify(store).problems == ("audit.rolled_back at 10",)
    with pytest.raises(StoreError, match=r"^audit\.behind$"):
        audit.checkpoint(store)
    grow(store, 7, 200)
    place.close()
    store = place.open()
    assert store.behind
    assert audit.verify(store).problems == ("audit.checkpoint_root at 10",)


def test_a_rollback_is_seen_by_the_file_even_when_the_vault_went_back_too(place):
    store = place.open()
    grow(store, 5)
    place.backup("main")
    place.backup("vault")
    audit.checkpoint(place.open())
    place.restore("main")
    place.restore("vault")
    store = place.open()
    assert audit.verify(store).problems == ()
    place.sql("main", "DELETE FROM audit_leaves")
    place.sql("main", "DELETE FROM audit_tree")
    assert "audit.rolled_back at 5" in audit.verify(store).problems


def test_after_a_restore_that_a_person_vouches_for_the_log_goes_on_and_tells_of_it(place, tmp_path):
    grow(place.open(), 5)
    place.backup("main")
    store = place.open()
    grow(store, 5, 100)
    audit.checkpoint(store)
    place.restore("main")
    store = place.open()
    with pytest.raises(StoreError, match=r"^store\.no_person$"):
        audit.accept_restore(store, by=" ")
    audit.accept_restore(store, by="kari")
    assert not store.behind
    audit.export(store, tmp_path / "export")
    assert audit.verify(store).holds
    assert offline.verify_export(tmp_path / "export") == []
    last = json.loads((tmp_path / "export" / "leaves.jsonl").read_text(encoding="utf-8").splitlines()[-1])["entry"]
    assert (last["act"], last["by"], last["size"], last["lost_size"]) == ("restored", "kari", 5, 10)
    place.close()
    assert not place.open().behind


def test_a_checkpoint_file_that_was_changed_or_removed_is_found(place):
    store = place.open()
    grow(store, 5)
    audit.checkpoint(store)
    grow(store, 5)
    audit.checkpoint(store)
    notes = store.checkpoints.read_text(encoding="utf-8")
    first, second = (f"{part}\n" for part in notes.rstrip("\n").replace("\n\n—", "\x00—").split("\n\n"))
    first, second = first.replace("\x00", "\n\n"), second.replace("\x00", "\n\n")
    assert first + "\n" + second == notes
    for changed in (first, second, "nonsense", notes.replace("\n5\n", "\n6\n"), ""):
        store.checkpoints.write_text(changed, encoding="utf-8")
        assert not audit.verify(store).holds
    store.checkpoints.unlink()
    assert not audit.verify(store).holds
    store.checkpoints.write_text(notes, encoding="utf-8")
    assert audit.verify(store).holds


def test_a_log_signed_by_another_key_is_found(store):
    grow(store, 3)
    other = Keys(root=b"o" * 32, masters={1: b"m" * 32})
    audit.checkpoint(store, signer=other.audit)
    assert audit.verify(store).problems == ("audit.checkpoint_unsigned at 3",)


def test_a_name_that_a_note_cannot_hold_is_refused(store):
    with pytest.raises(StoreError, match=r"^audit\.origin$"):
        audit.checkpoint(store, origin="two words")


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """An export of 40 leaves with three checkpoints, and the text of checkpoints kept elsewhere."""
    folder = tmp_path_factory.mktemp("audit")
    chance = random.Random(3).randbytes
    store = open_store(
        url=f"sqlite:///{folder}/m.db", vault_url=f"sqlite:///{folder}/v.db", keys=Keys.create(folder / "k", chance),
        tenant="klepp", clock=lambda: START, chance=chance,
    )  # fmt: skip
    grow(store, 10)
    audit.checkpoint(store)
    grow(store, 17, 10)
    audit.checkpoint(store)
    grow(store, 13, 27)
    assert audit.export(store, folder / "export") == 40
    kept = store.checkpoints.read_text(encoding="utf-8")
    store.close()
    return folder / "export", kept


def test_a_stranger_verifies_an_export_with_one_file_that_knows_nothing_of_the_product(exported, tmp_path):
    folder, kept = exported
    shutil.copy(offline.__file__, tmp_path / "offline.py")
    (tmp_path / "kept.txt").write_text(kept, encoding="utf-8")
    key = (folder / "keys.txt").read_text(encoding="utf-8").strip()

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-I", tmp_path / "offline.py", *arguments], capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip

    assert (run(folder).returncode, run(folder, "--key", key, "--kept", tmp_path / "kept.txt").returncode) == (0, 0)
    assert (run().returncode, run(folder, "--kept", "absent").returncode, run(tmp_path / "absent").returncode) == (
        2,
        2,
        1,
    )
    source = Path(offline.__file__).read_text(encoding="utf-8")
    assert "import gateway" not in source
    assert "from gateway" not in source


def test_an_export_has_just_the_lines_that_the_contract_names(exported):
    folder, _ = exported
    assert sorted(path.name for path in folder.iterdir()) == ["checkpoints.txt", "keys.txt", "leaves.jsonl"]
    lines = (folder / "leaves.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line).keys() for line in lines] == [{"index", "leaf_hash", "entry"}] * 40
    notes = list(offline.read_notes((folder / "checkpoints.txt").read_text(encoding="utf-8")))
    assert [note.size for note in notes] == [10, 27, 40]
    assert notes[0].origin == "bti-gateway/klepp"


def test_an_export_is_never_written_over_another(exported, tmp_path, file_place):
    with pytest.raises(StoreError, match=r"^audit\.folder$"):
        audit.export(file_place.open(), exported[0])


def test_an_empty_log_is_exported_and_verified(store, tmp_path):
    assert audit.export(store, tmp_path / "export") == 0
    assert offline.verify_export(tmp_path / "export") == []


def tampered(chance, files, foreign):
    """One change to an export, of the kinds that someone with the files could make."""
    name = chance.choice(list(files))
    text = files[name]
    kind = chance.choice(["byte", "insert", "cut", "line", "swap", "double", "field", "sign", "truncate"])
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    if kind == "byte":
        spot = chance.randrange(len(text))
        text = text[:spot] + chance.choice('0a{"+\n —A/=') + text[spot + 1 :]
    elif kind == "insert":
        spot = chance.randrange(len(text) + 1)
        text = text[:spot] + chance.choice(' 0\n\r"a,') + text[spot:]
    elif kind == "cut":
        spot = chance.randrange(len(text))
        text = text[:spot] + text[spot + chance.randrange(1, 6) :]
    elif kind == "line":
        text = "".join(lines[:at] + lines[at + 1 :])
    elif kind == "swap":
        other = chance.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
        text = "".join(lines)
    elif kind == "double":
        text = "".join([*lines[: at + 1], lines[at], *lines[at + 1 :]])
    elif kind == "field" and name == "leaves.jsonl":
        found = json.loads(lines[at])
        found["entry"]["who"] = "ola"
        if chance.random() < 0.5:
            found["leaf_hash"] = merkle.leaf_hash(offline.canonical(found["entry"])).hex()
        lines[at] = offline.canonical(found).decode() + "\n"
        text = "".join(lines)
    elif kind == "sign" and name == "keys.txt":
        text = foreign
    else:
        text = "".join(lines[: chance.randrange(len(lines))])
    return {**files, name: text}


def test_random_tamperings_are_all_found(exported, tmp_path):
    folder, kept = exported
    names = ("leaves.jsonl", "checkpoints.txt", "keys.txt")
    files = {name: (folder / name).read_text(encoding="utf-8") for name in names}
    foreign = audit.verifier_key("bti-gateway/klepp", Keys(root=b"o" * 32, masters={1: b"m" * 32}).audit) + "\n"
    chance = random.Random(11)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    assert offline.verify_export(tmp_path, kept=kept) == []
    unseen = []
    for _ in range(int(os.environ.get("BTI_TAMPERINGS", "600"))):
        changed = tampered(chance, files, foreign)
        differing = [name for name in names if changed[name] != files[name]]
        for name in differing:
            (tmp_path / name).write_text(changed[name], encoding="utf-8", newline="")
        if differing and not offline.verify_export(tmp_path, kept=kept):
            unseen.append(changed)
        for name in differing:
            (tmp_path / name).write_text(files[name], encoding="utf-8", newline="")
    assert unseen == []


@pytest.mark.parametrize(
    "line",
    ['{"entry":{},"index":0,"leaf_hash":"00"}\n', '{"entry":{"a":1,"a":2},"index":0,"leaf_hash":"00"}\n', '{"entry":{"a":1.0}}\n',
     "[]\n", "nonsense", "[" * 5000 + "\n", '{"entry":{"a":NaN},"index":0,"leaf_hash":"00"}\n', '{"entry":{},"index":true,"leaf_hash":"00"}\n'],
)  # fmt: skip
def test_a_line_that_is_not_a_leaf_is_said_to_be_none(line):
    with pytest.raises(offline.Bad):
        offline.read_leaf(line, 0)
