"""Deadlines: which run in a case, until when, and what ends them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core import deadlines
from gateway.core.casefile import CaseFile, Entry
from gateway.core.deadlines import asked, running
from gateway.core.model import Origin
from gateway.core.terms import Deadline
from gateway.run.mapfiles import load_terms

MODEL = tuple(load_terms("klepp").deadlines)
RULES = deadlines.grouped(MODEL)


def entry(kind, *, recorded="2026-01-01", wrote="skole-1", **fields):
    origin = Origin(service="school", domain="education", unit=wrote, body="k", system="a")
    return Entry(kind=kind, fields=fields, origin=origin, category=kind, recorded=recorded)


def case(*items, born="2012-06-15", **fields):
    told = {"subject": "child", "opened_on": "2026-01-01", "status": "active", **fields}
    file = CaseFile(id="c", items={"c": entry("case", **told), "child": entry("person", birth_date=born)})
    file.items["m0"] = entry("meeting", held_at="2026-01-05T10:00:00Z")
    if not any(one.fields.get("state") == "accepted" for one in items):
        file.items["h0"] = entry("assignment", role="relay_holder", state="accepted")
    file.items |= {f"i{at}": item for at, item in enumerate(items)}
    return file


def found(*items, **more):
    return {
        (one.code, one.item, one.due.isoformat(), one.shows.isoformat()) for one in running(case(*items, **more), RULES)
    }


YES = {"decision": "given", "by": "mor", "purpose": "bti", "services": ["school"], "valid_from": "2026-01-01"}


@pytest.mark.parametrize(
    ("items", "expected", "why"),
    [
        ([entry("concern", raised_on="2026-03-01")], [("decide_concern", "2026-03-15")], "fourteen days"),
        ([entry("concern", raised_on="2026-03-01", level={"code": "niva-2"})], [("decide_concern", "2026-03-15")],
         "a level for which the model tells no days has ours"),
        ([entry("concern", raised_on="2026-03-01", decide_by="2026-03-05")], [("decide_concern", "2026-03-05")],
         "a day set for it counts"),
        ([entry("concern", raised_on="2026-03-01", status="clarified")], [], "it was decided"),
        ([entry("concern", raised_on="2026-03-01", first_measure_on="2026-03-02")], [], "something was done"),
        ([entry("concern", raised_on="2026-03-01"), entry("measure", status="ended", started_on="2026-03-02")], [],
         "a measure since then is what was done, where no status is told"),
        ([entry("concern", raised_on="2026-03-01", status="raised"), entry("measure", status="ended",
         started_on="2026-03-02")], [("decide_concern", "2026-03-15")], "who tells a status is believed"),
        ([entry("concern", raised_on="2020-03-01", recorded="2026-03-01")], [("decide_concern", "2026-03-15")],
         "what was overdue when it came has its days from then on"),
        ([entry("assignment", role="relay_holder", state="offered", offered_on="2026-03-01")],
         [("answer_offer", "2026-03-08")], "an offer"),
        ([entry("assignment", role="relay_holder", state="offered", recorded="2026-03-02")],
         [("answer_offer", "2026-03-09")], "an offer without a date runs from when it came"),
        ([entry("assignment", role="relay_holder", state="declined", offered_on="2026-03-01")], [], "declined"),
        ([entry("child_welfare_report", filed_on="2026-03-01", duty="x", ground="a", status="sent")],
         [("deliver_report", "2026-03-02"), ("confirm_report", "2026-03-22")], "a day to arrive, three weeks to confirm"),
        ([entry("child_welfare_report", filed_on="2026-03-01", duty="x", ground="a", status="delivered")],
         [("confirm_report", "2026-03-22")], "delivered is not confirmed"),
        ([entry("child_welfare_report", filed_on="2026-03-01", duty="x", ground="a", status="confirmed")], [], "done"),
        ([entry("measure", title="t", status="decided", decided_on="2026-03-01")], [("start_measure", "2026-03-31")],
         "decided and not begun"),
        ([entry("measure", title="t", started_on="2026-03-01")], [("evaluate_measure", "2026-05-30")], "to evaluate"),
        ([entry("measure", title="t", started_on="2026-03-01", evaluate_by="2026-04-01")],
         [("evaluate_measure", "2026-04-01")], "its own day"),
        ([entry("measure", title="t", started_on="2026-03-01", evaluate_by="2026-04-01"),
          entry("evaluation", of=["i0"], evaluated_on="2026-03-30")], [("evaluate_measure", "2026-06-28")],
         "evaluated, and again later"),
        ([entry("measure", title="t", started_on="2026-03-01", ended_on="2026-04-01")], [], "ended"),
        ([entry("safety_plan", made_on="2026-03-01", evaluate_by="2026-06-01")],
         [("evaluate_safety_plan", "2026-06-01")], "a plan for a safe school"),
        ([entry("safety_plan", made_on="2026-03-01")], [], "nobody set a day"),
        ([entry("plan", status="active", revise_by="2026-06-01")], [("revise_plan", "2026-06-01")], "a plan"),
        ([entry("consent", **YES, valid_to="2026-12-31")], [("renew_consent", "2026-12-31")], "a consent that ends"),
        ([entry("consent", **YES, valid_to="2026-12-31", withdrawn="2026-02-01T10:00:00Z")], [], "taken back"),
        ([entry("consent", **YES, valid_to="2026-12-31"), entry("consent", **{**YES, "services": ["school", "ppt"]},
          valid_to="2027-06-01")], [("renew_consent", "2027-06-01")], "renewed"),
        ([entry("consent", **{**YES, "services": ["school", "ppt"]}, valid_to="2026-12-31"),
          entry("consent", **YES, valid_to="2027-06-01")],
         [("renew_consent", "2026-12-31"), ("renew_consent", "2027-06-01")], "renewed for less is not renewed"),
        ([entry("consent", **YES, valid_to="2026-12-31"), entry("consent", decision="refused", by="mor", purpose="bti",
          given="2026-11-05T10:00:00Z")], [], "a no is an answer"),
    ],
    ids=lambda told: told if isinstance(told, str) else "",
)  # fmt: skip
def test_what_waits_and_until_when(items, expected, why):
    assert sorted((code, due) for code, _, due, _ in found(*items)) == sorted(expected), why


@pytest.mark.parametrize(
    ("born", "given", "due", "why"),
    [
        ("2012-06-15", "2026-01-01", "2027-06-15", "fifteen"),
        ("2011-01-10", "2026-02-01", "2027-01-10", "fifteen is behind, sixteen is next"),
        ("2009-01-10", "2026-02-01", "2027-01-10", "eighteen"),
        ("2012-02-29", "2026-01-01", "2027-03-01", "born on the day that most years lack"),
        ("2005-01-10", "2026-02-01", None, "grown up"),
    ],
)
def test_who_will_decide_alone_is_asked_sixty_days_before(born, given, due, why):
    yes = {**YES, "valid_from": given}
    told = [
        (due, shows) for code, _, due, shows in found(entry("consent", **yes), born=born) if code == "ask_the_youth"
    ]
    shows = {"2027-06-15": "2027-04-16", "2027-01-10": "2026-11-11", "2027-03-01": "2026-12-31"}
    assert told == ([(due, shows[due])] if due else []), why
    own = entry("consent", **{**yes, "by": "child", "valid_from": due or given})
    left = {due for code, _, due, _ in found(entry("consent", **yes), own, born=born) if code == "ask_the_youth"}
    assert due not in left


def test_a_closed_case_waits_for_nothing_but_a_reports_answer():
    report = entry("child_welfare_report", filed_on="2026-03-01", duty="x", ground="a", status="sent")
    told = running(case(entry("concern", raised_on="2026-03-01"), report, status="closed"), RULES)
    assert {one.code for one in told} == {"deliver_report", "confirm_report"}


def test_a_case_without_a_meeting_has_thirty_days():
    file = case()
    del file.items["m0"]
    assert [(one.code, one.due) for one in running(file, RULES)] == [("hold_first_meeting", date(2026, 1, 31))]


@pytest.mark.parametrize(
    ("holders", "due"),
    [
        ([], ["2026-01-15"]),
        ([{"role": "relay_holder", "state": "offered", "offered_on": "2026-01-02"}], ["2026-01-15"]),
        ([{"role": "relay_holder", "state": "claimed"}], ["2026-01-15"]),
        ([{"role": "helper", "state": "accepted"}], ["2026-01-15"]),
        ([{"role": "relay_holder", "state": "accepted"}], []),
        ([{"role": "plan_coordinator", "state": "accepted"}], []),
    ],
)
def test_an_open_log_that_nobody_holds_has_a_fortnight(holders, due):
    file = case()
    del file.items["h0"]
    file.items |= {f"a{at}": entry("assignment", **one) for at, one in enumerate(holders)}
    told = running(file, RULES)
    assert [one.due.isoformat() for one in told if one.code == "name_holder"] == due
    closed = case(status="closed")
    del closed.items["h0"]
    assert running(closed, RULES) == []


def test_a_municipalitys_own_deadline_runs_until_the_items_status_ends_it():
    own = Deadline(code="look_at_goal", kind="goal", after="target_on", days=7, basis="ours")
    for status, count in (("active", 1), ("reached", 0)):
        told = running(
            case(entry("goal", title="t", target_on="2026-03-01", status=status)), deadlines.grouped([*MODEL, own])
        )
        assert len([one for one in told if one.code == "look_at_goal"]) == count


def test_acknowledged_is_not_asked_again_until_its_day_moves_and_put_off_only_for_a_while():
    file = case(entry("concern", raised_on="2026-03-01"))
    [one] = running(file, RULES)
    assert asked([one], {}, date(2026, 3, 14)) == ([], date(2026, 3, 15))
    assert asked([one], {}, date(2026, 3, 15)) == ([one], None)
    seen = deadlines.answer([(one.key(), one.due)], until=None)
    assert asked([one], seen, date(2027, 1, 1)) == ([], None)
    moved = deadlines.answer([(one.key(), date(2026, 3, 1))], until=None)
    assert asked([one], moved, date(2026, 3, 15)) == ([one], None)
    later = deadlines.answer([(one.key(), one.due)], until=date(2026, 4, 1))
    assert asked([one], later, date(2026, 3, 20)) == ([], date(2026, 4, 1))
    assert asked([one], later, date(2026, 4, 1)) == ([one], None)


def test_the_owner_is_the_holder_but_a_report_is_its_own_units_and_an_offer_the_new_holders():
    holder = entry("assignment", role="relay_holder", state="accepted", unit="ppt-1")
    report = entry("child_welfare_report", filed_on="2026-03-01", duty="x", ground="a", wrote="hs-1")
    offer = entry("assignment", role="relay_holder", state="offered", offered_on="2026-03-01", unit="bhg-1")
    file = case(holder, entry("concern", raised_on="2026-03-01", wrote="hs-2"), report, offer)
    told = {one.code: deadlines.owner(file, one) for one in running(file, RULES)}
    assert told == {
        "decide_concern": "ppt-1",
        "deliver_report": "hs-1",
        "confirm_report": "hs-1",
        "answer_offer": "bhg-1",
    }
    del file.items["i0"]
    assert {deadlines.owner(file, one) for one in running(file, RULES) if one.code == "decide_concern"} == {"hs-2"}


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31)).map(lambda one: one.isoformat())
CONCERN = st.fixed_dictionaries(
    {"raised_on": DAYS},
    optional={
        "status": st.sampled_from(("raised", "clarified", "followed", "settled", "dismissed")),
        "decide_by": DAYS, "first_measure_on": DAYS, "level": st.sampled_from([{"code": "niva-0"}, {"code": "x"}]),
    },
)  # fmt: skip


@given(st.lists(CONCERN, max_size=4), DAYS.map(date.fromisoformat), st.lists(DAYS, max_size=2))
@settings(max_examples=200, deadline=None, database=None)
def test_every_worry_is_asked_about_now_or_has_a_day_unless_something_was_done(concerns, today, started):
    measures = [entry("measure", title="t", started_on=one, ended_on=one) for one in started]
    file = case(*(entry("concern", **one) for one in concerns), *measures)
    now, coming = asked(running(file, RULES), {}, today)
    waiting = {one.item for one in running(file, RULES)}
    for at, one in enumerate(concerns):
        done = one.get("status") not in {None, "raised"} or "first_measure_on" in one
        done = done or ("status" not in one and any(day >= one["raised_on"] for day in started))
        assert (f"i{at}" in waiting) != done
    assert all(one.shows <= today for one in now)
    assert coming is None or coming > today
    assert bool(waiting) == bool(now or coming)
