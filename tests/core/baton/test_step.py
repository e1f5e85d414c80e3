"""Each sentence about who may do what with the baton, as a line of a table."""

from datetime import date, timedelta

import msgspec
import pytest
from explorer import DAY, HELPER, PEOPLE, START, TERMS

from gateway.core.baton import answer_by, due, expires_on, may_offer, may_settle, step
from gateway.core.turns import (
    Accept,
    Baton,
    BatonTerms,
    Confirm,
    Correct,
    Cover,
    Decline,
    End,
    Expire,
    Offer,
    Refusal,
    Reject,
    Turn,
    Who,
    Withdraw,
)  # fmt: skip

ADA, BO, CATO, LIV = (PEOPLE[name] for name in ("ada", "bo", "cato", "liv"))
KOO = Who(person="koo", unit="ke", service="coordinating_unit", coordinates=True)
FAR = Who(person="far", unit="school-2", service="school", leads=True, coordinates=True)
LATE = DAY + timedelta(days=30)
replace = msgspec.structs.replace


def after(baton, *events):
    for event in events:
        made = step(baton, event)
        assert not isinstance(made, Refusal), made
        baton = made.baton
    return baton


def offer(by=ADA, to=BO, item="n1", on=DAY):
    return Offer(item=item, by=by, to=to, on=on)


OFFERED = after(START, offer())
ASKED = after(START, offer(to=CATO))
WAITS = after(ASKED, Accept(item="n1", by=CATO, on=DAY, covered=False))
CLAIMED = replace(
    START, turns=(*START.turns, Turn(item="v1", state="claimed", name="Bo", unit="school-1", service="school"))
)
NOBODY = Baton(unit="school-1", terms=TERMS)
PLAN = Baton(role="plan_coordinator", unit="school-1", terms=TERMS)
TRAINED = replace(START, terms=replace(TERMS, training=True))
SHUT = replace(OFFERED, open=False)

TABLE = [
    ("the holder offers", START, offer(), "offered"),
    ("the holder's leader offers", START, offer(by=LIV), "offered"),
    ("a colleague does not", START, offer(by=BO, to=CATO), "baton.not_yours"),
    ("nor another unit's leader", START, offer(by=FAR), "baton.not_yours"),
    ("not to who holds it", START, offer(by=LIV, to=ADA), "baton.holds_already"),
    ("not to a service that the model leaves out", START, offer(to=HELPER), "baton.service"),
    ("not to the untrained where training is asked", TRAINED, offer(), "baton.untrained"),
    ("to the trained there", TRAINED, offer(to=replace(BO, trained=True)), "offered"),
    ("the same offer told again is one", OFFERED, offer(), ""),
    ("the same offer made again is one", OFFERED, offer(item="n2"), ""),
    ("another offer waits for the first", OFFERED, offer(to=CATO, item="n2"), "baton.offer_stands"),
    ("another's offer to the same waits as well", OFFERED, offer(by=LIV, item="n2"), "baton.offer_stands"),
    ("not in a closed log", replace(START, open=False), offer(), "baton.closed"),
    ("where nobody holds, a coordinator of the case's unit begins", NOBODY, offer(by=BO, to=BO), "offered"),
    ("or a leader there", NOBODY, offer(by=LIV), "offered"),
    ("nobody from elsewhere", NOBODY, offer(by=CATO, to=CATO), "baton.not_yours"),
    ("the coordinating unit does not appoint a relay holder", NOBODY, offer(by=KOO), "baton.not_yours"),
    ("it appoints a plan's coordinator", PLAN, offer(by=KOO, to=KOO), "offered"),
    ("whom it was offered to accepts", OFFERED, Accept(item="n1", by=BO, on=DAY, covered=True), "accepted"),
    ("nobody else", OFFERED, Accept(item="n1", by=CATO, on=DAY, covered=True), "baton.not_yours"),
    ("not even the leader", OFFERED, Accept(item="n1", by=LIV, on=DAY, covered=True), "baton.not_yours"),
    ("a yes without cover waits", ASKED, Accept(item="n1", by=CATO, on=DAY, covered=False), "waits"),
    ("said again it waits still", WAITS, Accept(item="n1", by=CATO, on=LATE, covered=False), ""),
    ("said again under cover it counts", WAITS, Accept(item="n1", by=CATO, on=LATE, covered=True), "accepted"),
    ("cover that comes counts", WAITS, Cover(item="n1", on=LATE, covered=True), "accepted"),
    ("cover that does not come does not", WAITS, Cover(item="n1", on=LATE, covered=False), ""),
    ("cover alone is no yes", ASKED, Cover(item="n1", on=DAY, covered=True), ""),
    ("no offer, no yes", START, Accept(item="n9", by=BO, on=DAY, covered=True), "baton.unknown_offer"),
    ("no yes in a closed log", SHUT, Accept(item="n1", by=BO, on=DAY, covered=True), "baton.closed"),
    ("a claim is no offer", CLAIMED, Accept(item="v1", by=BO, on=DAY, covered=True), "baton.not_yours"),
    ("a yes asks for training too", replace(OFFERED, terms=TRAINED.terms),
     Accept(item="n1", by=BO, on=DAY, covered=True), "baton.untrained"),
    ("whom it was offered to declines", OFFERED, Decline(item="n1", by=BO, on=DAY), "declined"),
    ("also after a yes that waits", WAITS, Decline(item="n1", by=CATO, on=DAY), "declined"),
    ("nobody declines for another", OFFERED, Decline(item="n1", by=LIV, on=DAY), "baton.not_yours"),
    ("the holder withdraws", OFFERED, Withdraw(item="n1", by=ADA, on=DAY), "withdrawn"),
    ("and the leader", OFFERED, Withdraw(item="n1", by=LIV, on=DAY), "withdrawn"),
    ("not who was asked", OFFERED, Withdraw(item="n1", by=BO, on=DAY), "baton.not_yours"),
    ("nothing to withdraw", START, Withdraw(item="n1", by=ADA, on=DAY), "baton.unknown_offer"),
    ("an offer lasts its days", OFFERED, Expire(item="n1", on=DAY + timedelta(days=1)), ""),
    ("and is over on the last", OFFERED, Expire(item="n1", on=DAY + timedelta(days=2)), "expired"),
    ("a yes that waits does not lapse", WAITS, Expire(item="n1", on=LATE), ""),
    ("in a closed log nothing is left standing", SHUT, Expire(item="n1", on=DAY), "expired"),
    ("the holder ends the log", OFFERED, End(by=ADA, on=DAY, reason="closed"), "ended"),
    ("the leader ends it", OFFERED, End(by=LIV, on=DAY, reason="closed_by_family"), "ended"),
    ("nobody else", OFFERED, End(by=BO, on=DAY, reason="closed"), "baton.not_yours"),
    ("not for a reason of one's own", START, End(by=ADA, on=DAY, reason="x"), "baton.reason"),
    ("into a plan once a coordinator stands", START, End(by=ADA, on=DAY, reason="replaced_by_plan", followed=True), "ended"),
    ("and not before", START, End(by=ADA, on=DAY, reason="replaced_by_plan"), "baton.nobody_follows"),
    ("who does not hold ends nothing", NOBODY, End(by=LIV, on=DAY, reason="closed"), "baton.no_holder"),
    ("a leader corrects", START, Correct(item="n1", by=LIV, to=BO, on=DAY, reason="feil", covered=True), "corrected"),
    ("not the holder", START, Correct(item="n1", by=ADA, to=BO, on=DAY, reason="feil", covered=True), "baton.not_yours"),
    ("nor another unit's leader", START, Correct(item="n1", by=FAR, to=BO, on=DAY, reason="feil", covered=True), "baton.not_yours"),
    ("not without a reason", START, Correct(item="n1", by=LIV, to=BO, on=DAY, reason=" ", covered=True), "baton.reason"),
    ("not past the consent", START, Correct(item="n1", by=LIV, to=CATO, on=DAY, reason="feil", covered=False), "baton.not_covered"),
    ("not to a helping service", START, Correct(item="n1", by=LIV, to=HELPER, on=DAY, reason="feil", covered=True), "baton.service"),
    ("to who holds it already is nothing", START, Correct(item="n1", by=LIV, to=ADA, on=DAY, reason="feil", covered=True), ""),
    ("not in a closed log", SHUT, Correct(item="n2", by=LIV, to=BO, on=DAY, reason="feil", covered=True), "baton.closed"),
    ("where nobody holds it begins", NOBODY, Correct(item="n1", by=LIV, to=BO, on=DAY, reason="feil", covered=True), "corrected"),
    ("a claim is confirmed there", CLAIMED, Confirm(item="v1", by=BO, on=DAY, covered=True), "confirmed"),
    ("not from elsewhere", CLAIMED, Confirm(item="v1", by=CATO, on=DAY, covered=True), "baton.not_yours"),
    ("not past the consent", CLAIMED, Confirm(item="v1", by=ADA, on=DAY, covered=False), "baton.not_covered"),
    ("nor in a closed log", replace(CLAIMED, open=False), Confirm(item="v1", by=ADA, on=DAY, covered=True), "baton.closed"),
    ("a claim is rejected there", CLAIMED, Reject(item="v1", by=ADA, on=DAY), "rejected"),
    ("an offer is no claim", OFFERED, Confirm(item="n1", by=ADA, on=DAY, covered=True), "baton.over"),
    ("nor is what nobody told", START, Reject(item="v1", by=ADA, on=DAY), "baton.unknown_offer"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "baton", "event", "comes_to"), TABLE, ids=lambda one: one if isinstance(one, str) else ""
)
def test_each_sentence_holds(sentence, baton, event, comes_to):
    made = step(baton, event)
    assert (made.code if isinstance(made, Refusal) else made.done) == comes_to, sentence


def test_a_hand_over_keeps_both_turns_with_their_days():
    baton = after(OFFERED, Accept(item="n1", by=BO, on=LATE, covered=True))
    old, new = baton.turns
    assert (old.state, old.until, new.state, new.since, new.until) == ("ended", LATE, "accepted", LATE, None)
    assert (new.person, new.name, new.unit, new.service) == ("bo", "Bo", "school-1", "school")
    assert (new.offered_by, new.offered_on, new.agreed_on) == ("ada", DAY, None)


def test_a_correction_stays_one_turn_and_ends_the_offer_that_the_wrong_holder_made():
    baton = after(OFFERED, Correct(item="n2", by=LIV, to=BO, on=LATE, reason="feil", covered=True))
    assert [(turn.item, turn.state, turn.person) for turn in baton.turns] == [
        ("t0", "accepted", "bo"), ("n1", "withdrawn", "bo"),
    ]  # fmt: skip
    assert baton.holder.since == DAY


def test_a_role_beside_the_log_ends_without_ending_it():
    plan = after(PLAN, offer(by=KOO, to=KOO), Accept(item="n1", by=KOO, on=DAY, covered=True))
    assert after(plan, End(by=KOO, on=LATE, reason="closed")).open
    assert not after(START, End(by=ADA, on=LATE, reason="closed")).open


def test_what_days_bring():
    def told(baton, days):
        return [(one.what, one.unit) for one in due(baton, DAY + timedelta(days=days))]

    assert told(OFFERED, 0) == []
    assert told(OFFERED, 1) == [("escalate", "school-1")]
    assert told(OFFERED, 2) == [("expire", None)]
    assert told(WAITS, 0) == [("cover", None)]
    assert told(WAITS, 30) == [("cover", None)], "its question is a leader's from the day of an answer on"
    assert told(SHUT, 0) == [("expire", None)]
    assert told(START, 99) == []
    undated = replace(OFFERED.offer, offered_on=None)
    assert (answer_by(undated, BatonTerms()), expires_on(undated, BatonTerms())) == (date.max, date.max)


def test_there_is_the_holders_unit_and_not_the_cases_own():
    moved = after(ASKED, Accept(item="n1", by=CATO, on=DAY, covered=True))
    assert not may_offer(moved, LIV)
    assert may_offer(moved, CATO)
    assert may_settle(moved, replace(CATO, person="colleague"))
    assert not may_settle(moved, BO)
    unknown = replace(START, turns=(replace(START.turns[0], unit=None, person=None),))
    assert may_offer(unknown, LIV), "where nobody told the holder's unit, the case's own stands for it"


def test_an_offer_that_nobody_answers_goes_to_the_leader_where_the_holder_works():
    moved = after(ASKED, Accept(item="n1", by=CATO, on=DAY, covered=True), offer(by=CATO, to=BO, item="n2"))
    assert [(one.what, one.unit) for one in due(moved, DAY + timedelta(days=1))] == [("escalate", "health-1")]
    begun = after(NOBODY, offer(by=LIV))
    assert [(one.what, one.unit) for one in due(begun, DAY + timedelta(days=1))] == [("escalate", "school-1")]
