"""The key file, and what is made from it."""

import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.store import Keys, StoreError

NUMBER = "06821099739"


def test_keys_come_back_from_their_file_and_the_file_is_for_the_owner_alone(tmp_path):
    made = Keys.create(tmp_path / "k", random.Random(1).randbytes)
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600
    assert Keys.load(tmp_path / "k").index("person", NUMBER) == made.index("person", NUMBER)
    with pytest.raises(StoreError, match=r"^store\.key_exists$"):
        Keys.create(tmp_path / "k", os.urandom)


@pytest.mark.parametrize(
    "text",
    ["", "root AAAA\nmaster 1 AAAA\n", "nonsense", "root !!\n", "master 1 " + "A" * 43 + "=\n", "root " + "A" * 43 + "=\n",
     "root " + "A" * 43 + "=\nmaster x " + "A" * 43 + "=\n", "root " + "A" * 43 + "=\nmaster 1 " + "A" * 43 + "=\nmore\n", "\xe6"],
)  # fmt: skip
def test_a_file_that_is_not_a_key_file_is_refused_without_a_word_of_it(tmp_path, text):
    (tmp_path / "k").write_text(text, encoding="utf-8")
    (tmp_path / "k").chmod(0o600)
    with pytest.raises(StoreError) as caught:
        Keys.load(tmp_path / "k")
    assert str(caught.value) == "store.key"
    assert caught.value.__cause__ is None


def test_a_key_file_that_is_absent_or_open_to_all_is_refused(tmp_path):
    with pytest.raises(StoreError, match=r"^store\.key$"):
        Keys.load(tmp_path / "absent")
    Keys.create(tmp_path / "k", os.urandom)
    (tmp_path / "k").chmod(0o644)
    with pytest.raises(StoreError, match=r"^store\.key_open$"):
        Keys.load(tmp_path / "k")


def test_rotation_changes_what_wraps_and_keeps_what_finds_and_signs(tmp_path):
    old = Keys.create(tmp_path / "k", random.Random(1).randbytes)
    new = old.renewed(tmp_path / "k", random.Random(2).randbytes)
    assert (new.current, Keys.load(tmp_path / "k").current) == (2, 2)
    assert new.index("person", NUMBER) == old.index("person", NUMBER)
    assert new.audit.sign(b"x") == old.audit.sign(b"x")
    sealed = old.wrapping(1).encrypt(b"n" * 12, b"key", b"")
    assert new.wrapping(1).decrypt(b"n" * 12, sealed, b"") == b"key"
    gone = new.retired(tmp_path / "k")
    with pytest.raises(StoreError, match=r"^store\.key_version$"):
        gone.wrapping(1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["k"]


def test_two_tenants_index_the_same_number_differently(tmp_path):
    one = Keys.create(tmp_path / "1", random.Random(1).randbytes)
    two = Keys.create(tmp_path / "2", random.Random(2).randbytes)
    assert one.index("person", NUMBER) != two.index("person", NUMBER)


KEYS = Keys(root=b"r" * 32, masters={1: b"m" * 32})


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_no_two_different_names_share_an_index(left, right):
    assert (KEYS.index("x", *left) == KEYS.index("x", *right)) == (left == right)
    assert KEYS.index("x", *left) != KEYS.index("y", *left)


def test_neither_repr_nor_error_shows_a_key():
    assert repr(KEYS) == "Keys(versions=[1])"
    with pytest.raises(StoreError) as caught:
        Keys(root=b"short", masters={1: b"m" * 32})
    assert "short" not in str(caught.value)
