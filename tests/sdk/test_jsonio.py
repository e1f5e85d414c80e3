"""JSON that comes from outside: what is taken, what is refused, and that nothing is taken in two ways."""

import json
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.model import Fault
from gateway.sdk import jsonio

SUITE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "hostile" / "json-testsuite"
FILES = sorted((SUITE / "test_parsing").glob("*.json")) + sorted((SUITE / "test_transform").glob("*.json"))

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=30,
)


@pytest.mark.skipif(not FILES, reason="the JSON conformance suite is not beside this checkout")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conformance_suite_is_read_as_it_says_or_refused_with_a_code(file: Path) -> None:
    body = file.read_bytes()
    began = time.thread_time()
    told = "json.none at $"
    try:
        jsonio.decode(body)
        taken = True
    except Fault as fault:
        taken, told = False, str(fault)
    assert time.thread_time() - began < 2
    assert told.startswith("json.")
    assert told.endswith(" at $")
    # A key that stands twice parses under RFC 8259 and is refused here, as two readers may choose different values.
    twice = {"y_object_duplicated_key", "y_object_duplicated_key_and_value"}
    if file.name.startswith("y_"):
        assert taken is (file.stem not in twice)
    if file.name.startswith("n_"):
        assert not taken


REFUSED = [
    (b"", "json.malformed"),
    (b"\xef\xbb\xbf{}", "json.malformed"),
    (b'{"a":NaN}', "json.malformed"),
    (b"[Infinity]", "json.malformed"),
    (b"[1e999]", "json.number"),
    (b'"\xff"', "json.utf8"),
    (b'{"a":1,"a":2}', "json.duplicate"),
    (b'{"a":{"b":1,"b":1}}', "json.duplicate"),
    (b'{"a":":","\\u0061":2}', "json.duplicate"),
    (b'{"x\\u003a":1,"a":1,"a":2}', "json.duplicate"),
    (b'{"a":"\\u003A\\u003A","b":1,"b":2}', "json.duplicate"),
    (b"[" * 101 + b"]" * 101, "json.depth"),
    (b'{"a":' * 101 + b"1" + b"}" * 101, "json.depth"),
    (b'["]",' * 200 + b"1" + b"]" * 200, "json.depth"),
    (b"[" * 100_000, "json.depth"),
    (b'{"a":' * 50_000, "json.depth"),
    (b" " * 2_000, "json.size"),
]


@pytest.mark.parametrize(("body", "code"), REFUSED)
def test_what_two_readers_could_read_in_two_ways_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Fault) as caught:
        jsonio.decode(body, limit=1_000 if code == "json.size" else jsonio.LIMIT)
    assert caught.value.code == code
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100 + b"]" * 100,
        b'["[[[[{{{{"]' * 1,
        b"[" + b",".join([b'{"a":"]}"}'] * 500) + b"]",
        b'{"a":"x\\u003ay"}',
    ],
)
def test_brackets_in_texts_and_width_are_not_depth(body: bytes) -> None:
    assert jsonio.decode(body) == json.loads(body)


@given(VALUES)
def test_what_is_written_is_read_again_and_as_the_standard_library_reads_it(value: object) -> None:
    body = jsonio.encode(value)
    assert jsonio.decode(body) == value == json.loads(body)
    assert jsonio.decode(json.dumps(value, indent=1).encode()) == value


@given(st.binary(max_size=300) | VALUES.map(lambda v: json.dumps(v).encode()[:-1]))
def test_no_bytes_make_it_raise_anything_but_a_fault(body: bytes) -> None:
    try:
        value = jsonio.decode(body)
    except Fault:
        return
    assert value == json.loads(body)


def test_an_object_and_an_array_come_in_slices_that_are_the_very_bytes() -> None:
    page = b'{"data": [ {"id": 1, "t": "\xc3\xa5"}, {"id":2} ], "next": "x"}'
    parts = jsonio.members(page)
    assert [bytes(part) for part in jsonio.elements(parts["data"])] == [b'{"id": 1, "t": "\xc3\xa5"}', b'{"id":2}']
    for wrong in (b"[1]", b'{"a":1,"a":2}', b"x"):
        with pytest.raises(Fault):
            jsonio.members(wrong)
    with pytest.raises(Fault):
        jsonio.elements(b"{}")


def test_planted_a_reader_without_the_guard_would_take_the_second_of_two_keys() -> None:
    assert msgspec.json.decode(b'{"a":1,"a":2}') == {"a": 2}


def test_a_value_that_json_cannot_carry_is_a_fault_without_the_value() -> None:
    with pytest.raises(Fault) as caught:
        jsonio.encode({"hemmelig": object()})
    assert "hemmelig" not in str(caught.value)
