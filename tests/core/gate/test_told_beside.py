"""What a decision tells beside its effect: whom it asks, hears and informs, what must be done, and what is lacking.

A line is the answer as it is told: effect, rules, who must consent, who is missing, who is informed, who is heard,
obligations, the task for a person, the cause, and the facts that nobody told.
"""

import pytest
from msgspec.structs import replace
from scenes import PERMITTED, SCENE, aged, change, consent, guardian, judge, permitted

from gateway.core import scenario
from gateway.core.ask import Decision
from gateway.core.consent import decide


def told(made: Decision) -> str:
    """A decision as a line."""
    lists = (made.rules, made.must_consent, made.missing, made.inform, made.heard, made.obligations)
    parts = [made.effect, *(" ".join(one) for one in lists), made.task or "", made.cause or "", " ".join(made.unknown)]
    return " | ".join(parts).replace("|  |", "| |").replace("|  |", "| |").rstrip()


LEAVES = {
    "B3": "permit | B3 | | | | | record_whether_told do_not_tell_guardians_first | | |",
    "B4": "permit | B4 | | | child mother father | | tell_unless_it_hinders_help | | |",
    "B5": "permit | B5 | | | | | record_reason | | |",
    "B6": "permit | B6 | | | | | log_in_journal | | |",
    "B7": "permit | B7 | | | | | | | |",
    "B8": "permit | B8 | | | | | | | |",
    "B9": "permit | B9 | | | | | child_view_before_sharing | | |",
    "B11": "permit | C1 B11 | mother father | | child | child | | | |",
    "C1": "permit | C1 | mother father | | child | child | | | |",
    "C2": "permit | C2 | mother | | child father | child | | | |",
    "C3": "permit | C3 | mother | | child | child | | | |",
    "C4": "permit | C4 | child | | | | | | |",
    "C5": "permit | C5 | child | | | | | | |",
    "C6": "permit | C6 | mother father | | | | hear_child_if_able | | |",
    "C7": "permit | C7 | mother father | | | | hear_child_if_able | | |",
    "C8": "permit | C8 | mother | | child father | child | | | |",
    "C9": "permit | C9 | mother father | | child | child | | | |",
    "C10": "permit | C10 | child | | | | | | |",
    "C11": "permit | C11 | mother father | | child | child | | | |",
    "C12": "permit | C12 | mother father | | child | child | | | |",
    "C13": "permit | C13 | child | | | | do_not_inform_guardians | | |",
    "C14": "permit | C14 | mother father | | child | child | | | |",
    "C15": "permit | C15 | child | | | | | | |",
    "C16": "permit | C16 | mother father | | child | child | | | |",
    "C17": "permit | C17 | mother father | | child | child | | | |",
    "C18": "permit | C18 | child | | | | | | |",
    "C19": "permit | C19 | child_welfare | | child | child | | | |",
    "C20": "permit | C20 | father | | child | child | | | |",
    "C22": "permit | C22 | mother father | | child | child | | | |",
    "C23": "permit | C23 | mother father | | child | child | | | |",
    "C24": "permit | C24 | child | | | | | | |",
}  # fmt: skip


@pytest.mark.parametrize("rule", LEAVES)
def test_what_leaves_says_who_is_asked_heard_and_informed(rule):
    assert told(judge(permitted(rule))) == LEAVES[rule]


STAYS = [
    ("C1", {"consents": []},
     "deny | C1 | mother father | mother father | child | child | | | missing |"),
    ("C1", {"consents": [consent("mother")]},
     "deny | C1 | mother father | father | child | child | | | missing |"),
    ("C1", {"consents.1.services": ["school"]},
     "deny | C1 C26 | mother father | father | child | child | | | missing |"),
    ("C1", {"consents.1.withdrawn": "2026-06-01"},
     "deny | C1 | mother father | father | child | child | retract | | withdrawn |"),
    ("C1", {"consents.1.to": "2026-06-01"},
     "deny | C1 | mother father | father | child | child | | | expired |"),
    ("C1", {"refusals": [{"by": "father", "at": "2026-06-01", "purpose": "bti"}]},
     "deny | C1 | mother father | father | child | child | retract | | refused |"),
    ("C1", {"refusals": None},
     "deny | C1 X4 | mother father | | | | | find_facts | unknown | refusals"),
    ("B11", {"refusals": None},
     "deny | C1 B11 X4 | mother father | | | | | find_facts | unknown | refusals"),
    ("B11", {"item.about": ["child", "sibling"], "refusals": None},
     "deny | C1 B11 X4 | mother father sibling | | | | | find_facts | unknown | refusals"),
    ("C1", {"municipality.policy.both_guardians": False, "consents": []},
     "deny | C1 | mother father | mother father | child | child | | | missing |"),
    ("C1", {"municipality.policy.both_guardians": False, "consents": [consent("mother")]},
     "permit | C1 | mother father | | child | child | | | |"),
    ("C1", {"municipality.policy.both_guardians": False, "consents": [],
            "refusals": [{"by": "father", "at": "2026-06-01", "purpose": "bti"}]},
     "deny | C1 | mother father | mother father | child | child | retract | | refused |"),
    ("C23", {**aged(15), "consents": [consent(one, "child_coordinator") for one in ("mother", "father", "child")]},
     "permit | C23 | mother father child | | child | child | | | |"),
    ("C23", {**aged(15), "municipality.policy.self_consent_age": None},
     "deny | X4 | | | | | | find_facts | unknown | policy.self_consent_age"),
    ("C8", {**aged(5)},
     "permit | C8 | mother | | father | | hear_child_if_able | | |"),
    ("C1", {**aged(7)},
     "permit | C1 | mother father | | child | child | | | |"),
    ("C1", {**aged(7, days=-1)},
     "permit | C1 | mother father | | | | hear_child_if_able | | |"),
    ("C1", {"care": None},
     "deny | C25 | | | | | | find_facts | unknown | care"),
    ("C1", {"guardians": None},
     "deny | C25 | | | | | | find_facts | unknown | guardians.responsibility"),
    ("C1", {"guardians": []},
     "deny | C20 | | | child | child | | find_who_decides | rule |"),
    ("C1", {"subject.birth_date": None},
     "deny | C25 | | | | | | find_facts | unknown | subject.birth_date"),
    ("C1", {"item.domain": None},
     "deny | X4 | | | | | | find_facts | unknown | item.domain"),
    ("C1", {"purpose": None},
     "deny | X4 | | | | | | find_facts | unknown | purpose"),
    ("C1", {"item.domain": None, "purpose": None},
     "deny | X4 | | | | | | find_facts | unknown | item.domain purpose"),
    ("C1", {"item.withheld_from_parents": None},
     "deny | C1 X4 | | | | | | find_facts | unknown | item.withheld_from_parents"),
    ("C1", {"item.withheld_from_parents": True},
     "deny | X6 | | | | | | | rule |"),
    ("C1", {"subject.pregnant": None},
     "deny | C5 X4 | | | | | | find_facts | unknown | subject.pregnant"),
    ("C1", {"subject.birth_date": "2020-01-01"},
     "permit | C1 | mother father | | | | hear_child_if_able | | |"),
    ("C1", {"item.about": ["child", "sibling"]},
     "deny | C1 B11 C25 | mother father sibling | sibling | child | child | | find_who_decides | unknown | people.sibling"),
    ("C1", {"item.about": None},
     "deny | X4 | | | | | | find_facts | unknown | item.about"),
    ("C1", {"item.kind": None, "item.category": None},
     "deny | X4 | | | | | | find_facts | unknown | item.kind item.category"),
    ("C1", {"item.about": ["stranger"]},
     "deny | X4 | | | | | | find_facts | unknown | people"),
    ("C1", {"receiver.service": None},
     "deny | X4 | | | | | | find_facts | unknown | receiver.service"),
    ("C1", {"subject.protection": None},
     "deny | X4 | | | | | | find_facts | unknown | protection"),
    ("C1", {"item.kind": None, "item.category": None, "item.about": None, "receiver.service": None, "subject.protection": None},
     "deny | X4 | | | | | | find_facts | unknown | item.kind item.category item.about protection receiver.service"),
    ("C1", {"blocks": None},
     "deny | X7 X4 | | | | | | find_facts | unknown | blocks"),
    ("C1", {"blocks": [{"service": None, "from": None, "to": None}]},
     "deny | X7 | | | | | retract | | blocked |"),
    ("C1", {"item.kind": "wonder_note"},
     "deny | X2 | | | | | | | rule |"),
    ("C1", {"item.kind": "child_welfare_report", "item.category": "child_welfare_report"},
     "deny | X5 | | | | | | | rule |"),
    ("C1", {**aged(11), "item.withheld_from_parents": True},
     "deny | X6 | | | | | | | rule |"),
    ("C1", {**aged(11), "item.withheld_from_parents": None},
     "deny | X6 X4 | | | | | | find_facts | unknown | item.withheld_from_parents"),
    ("C1", {"subject.birth_date": None, "item.withheld_from_parents": True},
     "deny | C25 X4 | | | | | | find_facts | unknown | subject.birth_date"),
    ("C1", {"subject.protection": "strict"},
     "hold | B1 | | | | | retract | decide_by_hand | protected |"),
    ("C1", {"subject.protection": "client"},
     "partial | B2 C1 | mother father | | child | child | strip_location retract | check_free_text | protected |"),
    ("C1", {"subject.protection": "client", "receiver.sector": "private"},
     "deny | B2 | | | | | retract | | protected |"),
    ("C1", {"subject.protection": "client", "receiver.sector": None},
     "deny | B2 X4 | | | | | | find_facts | unknown | receiver.sector"),
    ("C1", {"subject.protection": "client", "receiver.service": "guardian", "receiver.person": "mother"},
     "deny | B2 | | | | | retract | | protected |"),
    ("B3", {"subject.protection": "client"},
     "permit | B2 B3 | | | | | record_whether_told do_not_tell_guardians_first strip_location retract | | |"),
    ("B3", {"duty.ground": "c"},
     "permit | B3 | | | | | record_whether_told | | |"),
    ("B3", {"duty.ground": "d"},
     "deny | X5 | | | | | offer_BVL_13_2 | choose_duty | rule |"),
    ("B3", {"duty.code": "OPPL_24_3"},
     "deny | X5 | | | | | offer_BVL_13_2 offer_BHG_46 | choose_duty | rule |"),
    ("B3", {"duty": None},
     "deny | X5 | | | | | | | rule |"),
    ("B5", {"duty": None, "need.reason": "LIFE_HEALTH"},
     "permit | B5 | | | | | record_reason | | |"),
    ("C13", {"consents": []},
     "deny | C13 | child | child | | | do_not_inform_guardians | | missing |"),
    ("C4", {"subject.has_capacity": None},
     "deny | C4 X4 | | | | | | find_facts | unknown | subject.has_capacity"),
    ("C4", {"subject.has_capacity": False},
     "deny | C25 | | | | | | find_who_decides | rule |"),
    ("C4", {"municipality.policy.self_consent_age": None},
     "deny | X4 | | | | | | find_facts | unknown | policy.self_consent_age"),
    ("C2", {"consents": [consent("father")]},
     "deny | C2 | mother | mother | child father | child | | | missing |"),
    ("C2", {"refusals": [{"by": "father", "at": "2026-06-01", "purpose": "bti"}]},
     "deny | C2 | mother | father | child father | child | retract | | refused |"),
    ("C7", {"receiver.unit": None},
     "deny | C7 X4 | | | | | | find_facts | unknown | receiver.unit"),
    ("C7", {"receiver.unit": None, "sender.unit": None},
     "deny | C7 X4 | | | | | | find_facts | unknown | sender.unit receiver.unit"),
    ("C7", {"sender.service": None},
     "deny | X4 | | | | | | find_facts | unknown | sender.service"),
    ("C11", {"sender.unit": None},
     "deny | C11 X4 | | | | | | find_facts | unknown | sender.unit"),
    ("C23", {**aged(15), "consents": []},
     "deny | C23 | mother father child | mother father child | child | child | | | missing |"),
    ("C23", {**aged(16), "consents": []},
     "deny | C23 | mother father child | mother father child | child | child | | | missing |"),
    ("C19", {**aged(15), "item.domain": "social", "municipality.policy.self_consent_age": 16},
     "deny | C25 | | | child | child | | find_who_decides | rule |"),
    ("C20", {"guardians": [guardian("mother", "deprived"), guardian("father", "deprived")]},
     "deny | C20 | | | child | child | | find_who_decides | rule |"),
    ("C1", {"receiver.service": "guardian", "receiver.person": "mother"},
     "deny | C1 C26 | mother father | mother father | child | child | | | missing |"),
    ("C1", {"receiver.service": "guardian", "receiver.person": None},
     "deny | C25 | | | | | | find_facts | unknown | receiver.person"),
    ("C1", {"receiver.service": "guardian", "receiver.person": "father", "guardians.1.responsibility": "none"},
     "deny | C21 | | | | | | decide_access_request | rule |"),
    ("C1", {"receiver.service": "guardian", "receiver.person": "father", "guardians.1.responsibility": None},
     "deny | C25 | | | | | | find_facts | unknown | guardians.responsibility"),
    ("C1", {"receiver.service": "guardian", "receiver.person": "sibling"},
     "deny | C25 | | | | | | find_facts | unknown | guardians.responsibility"),
    ("C1", {"receiver.service": "guardian", "receiver.person": "mother", **aged(18)},
     "deny | C24 | | | | | | | rule |"),
    ("C1", {"receiver.service": "guardian", "receiver.person": "mother", "item.withheld_from_parents": True},
     "deny | X6 | | | | | | | rule |"),
    ("C1", {"receiver.service": "guardian", "receiver.person": "mother", "item.withheld_from_parents": None},
     "deny | X6 X4 | | | | | | find_facts | unknown | item.withheld_from_parents"),
    ("C1", {"receiver.service": "guardian", "receiver.person": "mother", "guardians": [guardian("mother", "sole"), guardian("father", "sole")]},
     "deny | C25 | | | | | | find_facts | unknown | guardians.responsibility"),
    ("C1", {"item.fields": []},
     "deny | C1 X4 | mother father | | child | child | | find_facts | unknown | item.fields"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "line"), STAYS, ids=[f"{one[0]}-{at}" for at, one in enumerate(STAYS)])
def test_what_is_changed_says_what_is_lacking_and_what_a_person_must_do(rule, changes, line):
    assert told(judge(change(permitted(rule), changes))) == line


def test_every_rule_that_permits_has_its_line():
    assert set(LEAVES) == set(PERMITTED)


_STRANGE = {
    "kind": "diary", "category": "diary", "domain": "astrology", "purpose": "curiosity",
}  # fmt: skip


@pytest.mark.parametrize("name", _STRANGE)
def test_what_the_rules_do_not_name_is_not_let_out_on_a_guess(name):
    made, _ = scenario.read(SCENE)
    ask = replace(made.ask, **{name: _STRANGE[name]})
    assert told(decide(made.facts, ask, made.fields)).startswith("deny | X9 |")


def test_a_receiver_that_the_rules_do_not_name_gets_nothing():
    made, _ = scenario.read(SCENE)
    ask = replace(made.ask, receiver=replace(made.ask.receiver, service="neighbour"))
    assert told(decide(made.facts, ask, made.fields)).startswith("deny | X9 |")


@pytest.mark.parametrize(("kind", "category", "purpose", "named"), [
    ("participant", "participant", "individual_plan", True), ("participant", "participant", "bti", False),
    ("participant", "concern", "individual_plan", False), ("concern", "participant", "individual_plan", False),
    ("concern", "concern", "bti", True),
])  # fmt: skip
def test_a_participant_is_told_to_a_plan_alone(kind, category, purpose, named):
    made, _ = scenario.read(permitted("C22") if purpose == "individual_plan" else SCENE)
    ask = replace(made.ask, kind=kind, category=category, purpose=purpose)
    assert ("X9" not in decide(made.facts, ask, made.fields).rules) is named


@pytest.mark.parametrize(("withheld", "inform", "informed"), [
    (False, True, ("mother", "father")), (False, False, ()), (True, True, ()), (None, True, ()),
])  # fmt: skip
def test_guardians_are_told_of_a_youths_own_log_where_the_municipality_says_so(withheld, inform, informed):
    made, _ = scenario.read(permitted("C4"))
    facts = replace(made.facts, policy=replace(made.facts.policy, inform_guardians=inform))
    ask = replace(made.ask, withheld_from_parents=withheld)
    assert decide(facts, ask, made.fields).inform == informed
