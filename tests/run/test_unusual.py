"""Unusual looks are found in what is new of the log, once, and answered for by somebody else with a reason."""

import msgspec
import pytest

from gateway.run import settling
from gateway.run.acts import ActFault
from gateway.run.tally import Tally
from gateway.run.unusual import MANY, OUTSIDE, Day, answers_for, review, unusual


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


def test_what_a_privacy_officer_looked_at_is_answered_for_by_a_leader(tmp_path):
    from tests.web.house import open_house  # noqa: PLC0415 - a municipality with people in it

    with open_house(tmp_path / "town") as house:
        world = house.town.world
        assert answers_for(world.settings, "ida") == "leader"
        assert answers_for(world.settings, "kari") == answers_for(world.settings, "gone") == "privacy"
        with world.store.write() as tx:
            tx.audit([{**tried(str(n)), "at": world.clock().isoformat()} for n in range(OUTSIDE)])
        tally = Tally()
        review(world, tally)
        review(world, tally)
        assert tally.tasks == 1
        [task] = [one for one in settling.open_tasks(world) if one["kind"] == "unusual"]
        assert task["owner"] == ["ida"]
        ida = house.of("ida")
        assert f"/tasks/{task['id']}" in ida.get("/audit").text
        page = ida.get(f"/tasks/{task['id']}").text
        assert "forsøkte saker uten å ha noe med dem å gjøre" in page
        assert ida.send(f"/tasks/{task['id']}", {"answer": "in_order"}).status_code == 409  # no reason
        for by, reason, code in (("kari", "x", "act.own_look"), ("ida", " ", "act.no_reason")):
            with pytest.raises(ActFault, match=code):
                settling.resolve(world, task["id"], "in_order", by=by, reason=reason)
        told = ida.send(f"/tasks/{task['id']}", {"answer": "followed_up", "reason": "Snakket med Kari."})
        assert told.status_code == 303
        assert "Det følges opp" in ida.get("/audit").text
        with world.store.read() as tx:
            assert msgspec.json.decode(tx.task(task["id"]).body)["reason"] == "Snakket med Kari."
            assert "Kari." not in str(tx.newest_entries(50))
        assert house.of("kari").get(f"/tasks/{task['id']}").status_code == 404
