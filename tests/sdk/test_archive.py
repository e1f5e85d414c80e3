"""An archive comes in by one door, and nothing in it is believed before it is seen."""

import io
import re
import stat
import struct
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.model import Fault
from gateway.sdk.archive import Limits, members


def packed(*files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in files:
            # An entry of its own has the same date always; one that writestr makes has the clock's.
            archive.writestr(name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def read(data, **limits):
    return [(one.name, one.data) for one in members(io.BytesIO(data), limits=Limits(**limits))]


def refused(data, **limits):
    with pytest.raises(Fault) as caught:
        read(data, **limits)
    assert re.fullmatch(r"\$|member \d+", caught.value.path)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.code


def outcome(data):
    try:
        read(data)
    except Fault as fault:
        return fault.code
    return "read"


def link():
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def renamed_in_its_own_header(data):
    """The directory says one name, the member another: two readers would see two archives."""
    at = data.index(b"a.txt")
    return data[:at] + b"b.txt" + data[at + 5 :]


def overlapping(data):
    """Two entries of the directory point to the same member."""
    directory = data.rindex(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    entry = data[directory:end]
    twice = data[:directory] + entry + entry.replace(b"a.txt", b"b.txt")
    size, start = len(entry) * 2, directory
    return twice + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 2, 2, size, start, 0)


def encrypted(data):
    changed = bytearray(data)
    changed[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def test_the_files_of_an_archive_come_in_order_and_folders_are_passed_over():
    data = packed(("b/", b""), ("b/one.xml", b"<a/>"), ("two.txt", "blåbær".encode()))
    assert read(data) == [("b/one.xml", b"<a/>"), ("two.txt", "blåbær".encode())]


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (b"", {}, "archive.broken"),
        (b"PK\x05\x06", {}, "archive.broken"),
        (b"<xml/>", {}, "archive.broken"),
        (packed(("a", b"x"))[:-30], {}, "archive.broken"),
        (packed(("../a", b"x")), {}, "archive.name"),
        (packed(("a/../../b", b"x")), {}, "archive.name"),
        (packed(("/etc/passwd", b"x")), {}, "archive.name"),
        (packed(("c:a", b"x")), {}, "archive.name"),
        (packed(("a\\b", b"x")), {}, "archive.name"),
        (packed(("a\x1b[31m", b"x")), {}, "archive.name"),
        (packed(("a", b"x"), ("A", b"y")), {}, "archive.duplicate"),
        (packed((link(), b"/etc/passwd")), {}, "archive.link"),
        (packed(("a", b"x" * 100), method=zipfile.ZIP_BZIP2), {}, "archive.method"),
        (encrypted(packed(("a", b"x"))), {}, "archive.encrypted"),
        (packed(("a", b"0" * 3_000_000)), {}, "archive.ratio"),
        (packed(("a", b"0" * 2_000)), {"member_bytes": 1_000}, "archive.size"),
        (packed(("a", b"0" * 700), ("b", b"0" * 700)), {"total_bytes": 1_000}, "archive.size"),
        (packed(("a", b"x" * 100)), {"bytes": 50}, "archive.size"),
        (packed(*((f"{n}", b"") for n in range(11))), {"members": 10}, "archive.members"),
        (renamed_in_its_own_header(packed(("a.txt", b"x"))), {}, "archive.broken"),
        (overlapping(packed(("a.txt", b"x" * 50))), {}, "archive.broken"),
    ],
)
def test_an_archive_that_could_do_harm_is_refused_with_a_code(data, limits, code):
    assert refused(data, **limits) == code


def test_a_member_that_unpacks_to_more_than_it_says_is_refused():
    data = bytearray(packed(("a", b"0" * 5_000)))
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = data.index(mark) + at
        data[start : start + 4] = struct.pack("<I", 10)
    assert refused(bytes(data)) == "archive.broken"


def test_a_bomb_is_refused_before_it_has_grown(cost):
    bomb = packed(*((f"{n}", b"0" * 20_000_000) for n in range(3)))
    seen = []
    assert cost(lambda: seen.append(refused(bomb)), below=1) < 1
    assert set(seen) == {"archive.ratio"}


@given(st.binary(max_size=200), st.integers(0, 300), st.integers(0, 255))
def test_any_bytes_give_members_or_a_fault_and_nothing_else(noise, at, value):
    data = bytearray(packed(("a.txt", b"hello"), ("b/c.txt", noise)))
    data[at % len(data)] = value
    for each in (bytes(data), noise):
        assert outcome(each).startswith(("read", "archive."))
