"""Unusual looks are found in what is new of the log, once, and answered for by somebody else with a reason."""

import pytest

from gateway.run.unusual import MANY, OUTSIDE, Day, unusual


def look(by="kari", at="2026-11-20T10:00:00+00:00", cases=("1",)):
    return {"act": "looked", "by": by, "at": at, "what": "case", "cases": list(cases)}


def tried(case, at="2026-11-20T10:00:00+00:00"):
    return {"act": "kept_out", "by": "kari", "at": at, "what": "case", "case": case}


TABLE = {
    "an ordinary day": ([look(cases=[str(n)]) for n in range(MANY)], []),
    "many cases in a day": ([look(cases=[str(n)]) for n in range(MANY + 3)], ["many"]),
    "the same case many times": ([look() for _ in range(99)], []),
    "many cases over two days": (
        [look(cases=[str(n)]) for n in range(20)] + [look(at="2026-11-21T10:00:00+00:00", cases=[str(n)]) for n in range(20, 40)],
        [],
    ),
    "at night, where the clock in Norway says so": ([look(at="2026-11-20T01:30:00+00:00"), look(at="2026-11-20T02:30:00+00:00")], ["night"]),
    "late in the evening": ([look(at="2026-11-20T21:59:00+00:00")], []),
    "one case that is none of theirs": ([tried("a")], []),
    "several that are none of theirs": ([tried(str(n)) for n in range(OUTSIDE + 2)], ["outside"]),
    "the same one several times": ([tried("a") for _ in range(9)], []),
    "a day that has been gone through": ([look(at="2026-11-21T10:00:00+00:00"), look(at="2026-11-20T01:00:00+00:00")], []),
}  # fmt: skip


@pytest.mark.parametrize("what", TABLE)
def test_what_is_unusual_is_told_once_a_day(what):
    entries, expected = TABLE[what]
    seen = Day()
    assert [each.why for one in entries for each in unusual(seen, one)] == expected
