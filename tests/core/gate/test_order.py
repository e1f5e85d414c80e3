"""The order in which the rules are asked, and what becomes of those that break or only narrow."""

import pytest
from msgspec.structs import replace
from scenes import PERMITTED, SCENE, change, permitted

from gateway.core import scenario
from gateway.core.ask import NOTHING
from gateway.core.known import Another
from gateway.core.model import Exclusion
from gateway.core.rules import RULES, TABLE, Forbid, rule_on, twin
from gateway.core.rules.duties import offered

ORDER = [
    ("X2", "protection", "forbid", "wonder_note"), ("X9", "protection", "forbid", "unnamed"),
    ("B1", "protection", "forbid", "strict"), ("X4", "protection", "forbid", "unsure"),
    ("B2", "protection", "forbid", "confidential"), ("B3", "duty", "permit", "report"),
    ("B4", "duty", "permit", "order"), ("B5", "duty", "permit", "danger"), ("X7", "stop", "forbid", "blocked"),
    ("X5", "stop", "forbid", "report_without_duty"), ("X6", "stop", "forbid", "withheld_of_a_small_child"),
    ("C21", "stop", "forbid", "own_view"), ("B6", "sharing", "permit", "health_team"),
    ("B7", "sharing", "permit", "school_move"), ("B8", "sharing", "permit", "same_body"),
    ("B9", "sharing", "permit", "child_welfare_task"), ("C1-C26", "consent", "permit", "by_consent"),
]  # fmt: skip


def told(scene):
    made, _ = scenario.read(scene)
    return made.facts, made.ask


def test_the_law_is_asked_in_its_order():
    """Protection, duty, what stops all but a duty, statutory sharing, consent."""
    assert [(one.id, one.part, one.effect, one.says.__name__) for one in TABLE] == ORDER
    assert RULES.table is TABLE
    assert RULES.extra == ()


def test_what_no_rule_speaks_of_is_denied():
    made = rule_on(*told(SCENE), replace(RULES, table=()))
    assert (made.effect, made.rules, made.cause, made.facets) == ("deny", ("X1",), "rule", NOTHING)


@pytest.mark.parametrize("place", range(len(TABLE)))
def test_a_rule_that_breaks_denies_and_asks_for_its_repair(place):
    def broken(*_):
        raise ZeroDivisionError

    table = tuple(replace(one, says=broken) if number == place else one for number, one in enumerate(TABLE))
    if place < 5:  # Each scene meets the rules on protection; the others only as far as none has spoken.
        made = rule_on(*told(SCENE), replace(RULES, table=table))
        assert (made.effect, made.rules, made.task, made.cause) == (
            "deny",
            (TABLE[place].id, "X3"),
            "repair_rule",
            "rule",
        )
    for rule in PERMITTED:
        made = rule_on(*told(permitted(rule)), replace(RULES, table=table))
        assert made.rules == (TABLE[place].id, "X3") or made == rule_on(*told(permitted(rule)))


def forbid(name, applies=lambda facts, ask: True, **more):
    return Forbid(id=name, applies=applies, **more)


def breaks(*_):
    raise RuntimeError


@pytest.mark.parametrize(("what", "extra", "rules", "task"), [
    ("one that applies", [forbid("a", task="look")], ("a",), "look"),
    ("one without a task", [forbid("a")], ("a",), None),
    ("one that does not", [forbid("a", lambda *_: False)], None, None),
    ("one that answers nothing counts as applying", [forbid("a", lambda *_: None)], ("a",), None),
    ("one that breaks", [forbid("a", breaks, task="look")], ("a", "X3"), "repair_rule"),
    ("the first of two", [forbid("a", lambda *_: False), forbid("b"), forbid("c")], ("b",), None),
    ("one that looks at the question", [forbid("a", lambda facts, ask: ask.kind == "concern" and facts.child == "child")], ("a",), None),
])  # fmt: skip
def test_a_further_rule_narrows_what_the_table_permits(what, extra, rules, task):
    facts, ask = told(SCENE)
    for by in ({"rules": replace(RULES, extra=tuple(extra))}, {"extra": tuple(extra)}):
        made = rule_on(facts, ask, **by)
        if rules is None:
            assert made == rule_on(facts, ask), what
        else:
            assert (made.effect, made.rules, made.task, made.cause) == ("deny", rules, task, "rule"), what


def test_a_municipalitys_rules_are_asked_before_a_calls_own_and_both_are():
    facts, ask = told(SCENE)
    ours = replace(RULES, extra=(forbid("ours"),))
    assert rule_on(facts, ask, ours, (forbid("more"),)).rules == ("ours",)
    assert rule_on(facts, ask, replace(RULES, extra=(forbid("ours", lambda *_: False),)), (forbid("more"),)).rules == (
        "more",
    )


def test_a_further_rule_stops_no_duty_and_hides_no_protection():
    seen = []
    extra = (forbid("a", lambda facts, ask: seen.append(ask) or True),)
    for rule in ("B3", "B4", "B5"):
        assert rule_on(*told(permitted(rule)), extra=extra) == rule_on(*told(permitted(rule)))
    strict = change(SCENE, {"subject.protection": "strict"})
    assert rule_on(*told(strict), extra=extra).rules == ("B1",)
    assert seen == [], "it is not even asked"
    for rule in ("B6", "B7", "B8", "B9", "C1"):
        assert rule_on(*told(permitted(rule)), extra=extra).rules == ("a",)
    blocked = change(SCENE, {"blocks": [{"service": None, "from": "2026-01-01", "to": None}]})
    assert rule_on(*told(blocked), extra=extra).rules == ("a",)
    assert len(seen) == 6, "it is asked once"


def test_ordinary_kinds_have_one_question_between_them():
    facts, ask = told(change(SCENE, {"need": {"by": "l", "at": "2026-06-01T08:00:00+02:00", "reason": "needed"}}))
    whole = replace(ask, level=2, duty=None)
    for kind in ("goal", "meeting", "participant", "enrolment"):
        for category in ("goal", "measure"):
            made = twin(facts, replace(whole, kind=kind, category=category))
            if kind == "participant":
                assert made == replace(whole, kind=kind, category=category)
            else:
                assert made == replace(whole, kind="concern", category="concern")
    for kind in ("wonder_note", "child_welfare_report", "person"):
        for asked in (
            replace(whole, kind=kind),
            replace(whole, category=kind),
            replace(whole, kind=kind, category=kind),
        ):
            assert twin(facts, asked) is asked
    parted = replace(facts, consents=(replace(facts.consents[0], categories=("goal",)), *facts.consents[1:]))
    for apart in (
        parted,
        replace(facts, consents=(replace(facts.consents[0], excluded=(Exclusion(kind="goal"),)),)),
        replace(facts, consents=(replace(facts.consents[0], excluded=(Exclusion(category="goal"),)),)),
        replace(facts, others=(Another(id="sibling", consents=parted.consents),)),
    ):
        asked = replace(whole, kind="goal", category="goal")
        assert twin(apart, asked) is asked
    for same in (
        replace(facts, consents=(replace(facts.consents[0], excluded=(Exclusion(service="nav"),)),)),
        replace(facts, others=(Another(id="sibling", consents=facts.consents),)),
    ):
        assert twin(same, replace(whole, kind="goal", category="goal")).kind == "concern"


@pytest.mark.parametrize(("what", "changes", "codes"), [
    ("a ground that another act of the same filer has", {"duty.code": "OPPL_25_3"}, ("BHG_46",)),
    ("no ground", {"duty.ground": None}, ()),
    ("a ground that no act has", {"duty.ground": "z"}, ()),
    ("another receiver", {"receiver.service": "police"}, ()),
    ("a filer of no duty", {"duty.filed_by": "guardian"}, ()),
    ("no duty", {"duty": None}, ()),
])  # fmt: skip
def test_what_another_act_would_carry_is_offered(what, changes, codes):
    facts, ask = told(change(permitted("B3"), changes))
    found = offered(facts, ask, RULES.law)
    assert set(codes) <= set(found), what
    assert codes or not found, what
