"""Every order in which people, days, a consent and a vendor can act on one baton, and bugs planted to be found."""

import sys
from datetime import date

import msgspec
import pytest
from explorer import DAY, PEOPLE, START, Bounds, Explorer

from gateway.core.baton import due, step
from gateway.core.turns import Accept, Confirm, Cover, Decline, End, Expire, Offer, Refusal, Step, Withdraw

replace = msgspec.structs.replace
SMALL = Bounds(messages=2)


def nobody_after_a_yes(baton, event):
    made = step(baton, event)
    if isinstance(made, Step) and made.done == "accepted":
        gone = tuple(turn for turn in made.baton.turns if turn.state != "accepted")
        return replace(made, baton=replace(made.baton, turns=gone))
    return made


def the_old_holder_stays(baton, event):
    made = step(baton, event)
    if isinstance(made, Step) and made.done in {"accepted", "confirmed"}:
        turns = tuple(replace(t, state="accepted") if t.state == "ended" else t for t in made.baton.turns)
        return replace(made, baton=replace(made.baton, turns=turns))
    return made


def in_two_transactions(baton, event):
    """The old turn is ended and kept; a crash before the new one is kept leaves nobody."""
    made = step(baton, event)
    if isinstance(made, Step) and made.done == "accepted" and baton.holder is not None:
        turns = tuple(replace(t, state="ended", until=event.on) if t.state == "accepted" else t for t in baton.turns)
        return replace(made, baton=replace(baton, turns=turns), done="")
    return made


def a_yes_to_an_old_offer_counts(baton, event):
    if isinstance(event, Accept) and (turn := baton.turn(event.item)) and turn.state in {"withdrawn", "expired"}:
        again = tuple(replace(t, state="offered") if t.item == event.item else t for t in baton.turns)
        return step(replace(baton, turns=again), event)
    return step(baton, event)


def the_consent_is_not_asked(baton, event):
    return step(baton, replace(event, covered=True) if isinstance(event, (Accept, Cover)) else event)


def anybody_may_say_yes(baton, event):
    turn = baton.turn(event.item) if isinstance(event, Accept) else None
    return step(baton, replace(event, by=PEOPLE[turn.person]) if turn and turn.person in PEOPLE else event)


def a_day_ends_an_answered_offer(baton, event):
    if isinstance(event, Expire) and (turn := baton.turn(event.item)) and turn.state in {"accepted", "offered"}:
        turns = tuple(replace(t, state="expired", until=event.on) if t.item == event.item else t for t in baton.turns)
        return Step(baton=replace(baton, turns=turns), done="expired", item=event.item)
    return step(baton, event)


def two_offers_may_stand(baton, event):
    if isinstance(event, Offer) and baton.offer is not None and baton.turn(event.item) is None:
        made = step(replace(baton, turns=tuple(t for t in baton.turns if t.state != "offered")), event)
        if isinstance(made, Step):
            return replace(made, baton=replace(made.baton, turns=(*baton.turns, made.baton.turns[-1])))
    return step(baton, event)


def an_offer_told_again_is_made_again(baton, event):
    known = baton.turn(event.item) if isinstance(event, Offer) else None
    if known is not None and known.state == "withdrawn":
        turns = tuple(replace(t, state="offered") if t.item == event.item else t for t in baton.turns)
        return Step(baton=replace(baton, turns=turns), done="offered", item=event.item)
    return step(baton, event)


def anybody_confirms_a_claim(baton, event):
    return step(baton, replace(event, by=PEOPLE["liv"]) if isinstance(event, Confirm) else event)


def helpers_may_hold(baton, event):
    terms = replace(baton.terms, services=frozenset())
    made = step(replace(baton, terms=terms), event)
    return made if isinstance(made, Refusal) else replace(made, baton=replace(made.baton, terms=baton.terms))


def the_end_leaves_the_offer(baton, event):
    made = step(baton, event)
    if isinstance(event, End) and isinstance(made, Step) and made.done and baton.offer is not None:
        turns = tuple(baton.offer if t.item == baton.offer.item else t for t in made.baton.turns)
        return replace(made, baton=replace(made.baton, turns=turns))
    return made


def a_no_ends_the_holder(baton, event):
    made = step(baton, event)
    if isinstance(event, (Decline, Withdraw)) and isinstance(made, Step) and made.done:
        turns = tuple(replace(t, state="ended") if t.state == "accepted" else t for t in made.baton.turns)
        return replace(made, baton=replace(made.baton, turns=turns))
    return made


PLANTED = [
    (nobody_after_a_yes, SMALL),
    (the_old_holder_stays, SMALL),
    (in_two_transactions, SMALL),
    (a_yes_to_an_old_offer_counts, Bounds(messages=3, claims=0, lost=0, again=0, actors=("ada", "bo"))),
    (the_consent_is_not_asked, SMALL),
    (anybody_may_say_yes, SMALL),
    (a_day_ends_an_answered_offer, Bounds(messages=3, claims=0, lost=0, again=0, actors=("ada", "bo"))),
    (two_offers_may_stand, SMALL),
    (an_offer_told_again_is_made_again, SMALL),
    (anybody_confirms_a_claim, SMALL),
    (helpers_may_hold, Bounds(messages=2, claims=0, lost=0, actors=("ada", "psi"))),
    (the_end_leaves_the_offer, SMALL),
    (a_no_ends_the_holder, SMALL),
]


@pytest.mark.parametrize(("bug", "bounds"), PLANTED, ids=lambda one: getattr(one, "__name__", ""))
def test_the_explorer_finds_a_planted_bug_and_tells_the_shortest_story(bug, bounds):
    found = Explorer(bounds, bug).explore()
    assert found.wrong is not None, found
    assert found.trail


BOUNDS = {
    "four people, two messages": SMALL,
    "two people, three messages": Bounds(messages=3, claims=0, lost=0, again=0, actors=("ada", "cato")),
}


@pytest.fixture(scope="module")
def explored():
    """Each exploration once, for all tests that ask what it saw."""
    made = {}

    def explore(name):
        if name not in made:
            explorer = Explorer(BOUNDS[name])
            made[name] = (explorer, explorer.explore())
        return made[name]

    return explore


@pytest.mark.parametrize("name", BOUNDS)
def test_in_every_order_an_open_log_has_one_holder_who_said_yes(name, explored, capsys):
    _, found = explored(name)
    assert found.wrong is None, found.trail
    assert found.passed > 0
    with capsys.disabled():
        sys.stdout.write(f"\n{name}: {_counted(found)}\n")


LARGE = {
    "three people of whom one is in another service, three messages": Bounds(
        messages=3, claims=0, actors=("ada", "cato", "liv")
    ),
    "four people, three messages": Bounds(messages=3, claims=0, lost=0),
    "four people, three messages, a vendor's claim": Bounds(messages=3, lost=0, again=0, days=1),
    "four people, three messages, all under way at once": Bounds(
        messages=3, under_way=3, again=2, lost=0, claims=0, days=0
    ),
}


@pytest.mark.campaign
@pytest.mark.parametrize("name", LARGE)
def test_in_every_order_of_more_messages_too(name, capsys):
    found = Explorer(LARGE[name]).explore()
    assert found.wrong is None, found.trail
    with capsys.disabled():
        sys.stdout.write(f"\n{name}: {_counted(found)}\n")


def _counted(found):
    return (
        f"{found.states:,} states, {found.moves:,} moves, {found.arrivals:,} arrivals, {found.crashes:,} crashes, "
        f"{found.refusals:,} refusals, {found.passed:,} hand-overs, {found.batons:,} batons"
    )


def test_no_offer_that_was_ever_made_is_left_in_silence(explored):
    """From every state with an offer, days alone bring an end of it, or a task that a leader has or comes to have."""
    explorer, _ = explored("four people, two messages")
    far = date(2027, 11, 2)
    standing = [baton for baton in explorer.batons if baton.open and baton.offer is not None]
    assert standing
    for baton in standing:
        expected = {"cover"} if baton.offer.agreed_on is not None else {"expire", "escalate"}
        assert {one.what for one in due(baton, far)} & expected
        assert all(one.unit for one in due(baton, far) if one.what == "escalate")


def test_a_refusal_has_a_code_and_says_nothing_of_anybody():
    codes = {
        made.code
        for event in (
            Offer(item="n", by=PEOPLE["cato"], to=PEOPLE["bo"], on=DAY),
            Accept(item="n", by=PEOPLE["bo"], on=DAY, covered=True),
            End(by=PEOPLE["ada"], on=DAY, reason="lei"),
            End(by=PEOPLE["ada"], on=DAY, reason="replaced_by_plan"),
        )
        if isinstance(made := step(START, event), Refusal)
    }
    assert codes == {"baton.not_yours", "baton.unknown_offer", "baton.reason", "baton.nobody_follows"}
