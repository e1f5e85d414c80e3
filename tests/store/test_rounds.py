"""What every round looks for is read by an index, however much has been answered and let go before."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from gateway.store import lanes, tasks

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("statement", "told", "index"),
    [
        (lanes._LONG, {"system": "a", "before": 1}, "quarantine_first"),
        (tasks._CASES_ASKED, {}, "tasks_kind"),
        (tasks._ANY_OPEN, {}, "tasks_kind"),
    ],
)
def test_a_rounds_question_is_answered_by_an_index(file_place, statement, told, index):
    file_place.open().close()
    plain = re.sub(r"IN \S*kinds\S*", "IN ('offer', 'held')", str(statement))
    rows = file_place.sql("main", f"EXPLAIN QUERY PLAN {plain}", **told)
    assert any(index in str(row) for row in rows), rows


def test_what_is_held_for_long_is_counted_with_the_day_of_the_newest(store):
    for days in (3, 2, 0):
        with store.write() as tx:
            tx.quarantine([("a", "concern", f"n{days}", "code", "$", b"body", None)], at=NOW - timedelta(days=days))
    with store.read() as tx:
        assert tx.quarantined_since("a", before=NOW - timedelta(days=1)) == (2, NOW - timedelta(days=2))
        assert tx.quarantined_since("a", before=NOW - timedelta(days=9)) == (0, None)
        assert tx.quarantined_since("b", before=NOW) == (0, None)
