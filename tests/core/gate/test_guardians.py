"""The guardian situations G1 to G10, by code: who must say yes in each, for the log and where a domain says otherwise."""

import pytest
from scenes import BOTH, OWN, SCENE, aged, change, consent, guardian, judge

APART = [guardian("mother"), guardian("father", resident=False)]
ONE = {"municipality.policy.both_guardians": False}
HEALTH = {"item.domain": "health", "sender.service": "school_health"}
PPT = {"purpose": "ppt_assessment", "receiver.service": "ppt"}
SPECIAL = {"purpose": "special_education", "receiver.service": "ppt"}


def to_ppt(purpose, *givers):
    return [consent(one, purpose, ["ppt"]) for one in givers]


@pytest.mark.parametrize(("code", "what", "changes", "effect", "rules", "missing"), [
    ("G1", "together: both", {}, "permit", ("C1",), ()),
    ("G1", "together: one alone", {"consents": BOTH[:1]}, "deny", ("C1",), ("father",)),
    ("G1", "together, policy one: one", {**ONE, "consents": BOTH[:1]}, "permit", ("C1",), ()),
    ("G1", "together, policy one, health: both", {**ONE, **HEALTH, "consents": BOTH[:1]}, "deny", ("C14",), ("father",)),
    ("G1", "together, policy one, another purpose: both", {**ONE, "purpose": "statistics", "consents": [consent("mother", "statistics")]}, "deny", ("C1",), ("father",)),
    ("G2", "apart: both", {"guardians": APART}, "permit", ("C1",), ()),
    ("G2", "apart: the resident alone", {"guardians": APART, "consents": BOTH[:1]}, "deny", ("C1",), ("father",)),
    ("G2", "apart, policy one: the resident", {**ONE, "guardians": APART, "consents": BOTH[:1]}, "permit", ("C2",), ()),
    ("G2", "apart, policy one: not the other", {**ONE, "guardians": APART, "consents": BOTH[1:]}, "deny", ("C2",), ("mother",)),
    ("G2", "apart, policy one, the other's no", {**ONE, "guardians": APART, "consents": BOTH[:1], "refusals": [{"by": "father", "at": "2026-02-01", "purpose": "bti"}]}, "deny", ("C2",), ("father",)),
    ("G2", "apart, PPT's assessment: the resident", {**PPT, "guardians": APART, "consents": to_ppt("ppt_assessment", "mother")}, "permit", ("C8",), ()),
    ("G2", "apart, special education: both", {**SPECIAL, "guardians": APART, "consents": to_ppt("special_education", "mother")}, "deny", ("C9",), ("father",)),
    ("G2", "apart, health: both", {**HEALTH, "guardians": APART, "consents": BOTH[:1]}, "deny", ("C14",), ("father",)),
    ("G3", "shared residence: both", {"guardians": [guardian("mother"), guardian("father")], "consents": BOTH[:1]}, "deny", ("C1",), ("father",)),
    ("G3", "shared residence, PPT's assessment: both", {**PPT, "consents": to_ppt("ppt_assessment", "mother")}, "deny", ("C1",), ("father",)),
    ("G4", "sole: the one", {"guardians": [guardian("mother", "sole")], "consents": BOTH[:1]}, "permit", ("C3",), ()),
    ("G4", "sole: another's yes is none", {"guardians": [guardian("mother", "sole"), guardian("father", "none")], "consents": BOTH[1:]}, "deny", ("C3",), ("mother",)),
    ("G5", "without responsibility: no view", {"guardians": [guardian("mother", "sole"), guardian("father", "none")], "receiver": {"service": "guardian", "person": "father"}}, "deny", ("C21",), ()),
    ("G5", "without responsibility: a no stops nothing", {"guardians": [guardian("mother", "sole"), guardian("father", "none")], "consents": BOTH[:1], "refusals": [{"by": "father", "at": "2026-02-01", "purpose": "bti"}]}, "permit", ("C3",), ()),
    ("G6", "care order: child welfare", {"care": "care_order", "consents": [consent("child_welfare")]}, "permit", ("C19",), ()),
    ("G6", "emergency: child welfare", {"care": "emergency", "consents": [consent("child_welfare")]}, "permit", ("C19",), ()),
    ("G6", "moving ban: child welfare", {"care": "moving_ban", "consents": [consent("child_welfare")]}, "permit", ("C19",), ()),
    ("G6", "care order: the parents' earlier yes is over", {"care": "care_order"}, "deny", ("C19",), ("child_welfare",)),
    ("G6", "care order, health at 15: child welfare", {"care": "care_order", **HEALTH, **aged(15), "consents": [consent("child_welfare")]}, "permit", ("C19",), ()),
    ("G6", "care order, education at 15: the youth", {"care": "care_order", **aged(15), "consents": OWN}, "permit", ("C10",), ()),
    ("G6", "care order, health at 16 without capacity", {"care": "care_order", **HEALTH, **aged(16), "subject.has_capacity": False, "consents": [consent("child_welfare")]}, "permit", ("C19",), ()),
    ("G6", "care order: the parents' no stops nothing", {"care": "care_order", "consents": [consent("child_welfare")], "refusals": [{"by": "mother", "at": "2026-02-01", "purpose": "bti"}]}, "permit", ("C19",), ()),
    ("G7", "deprived, with a verge", {"guardians": [guardian("mother", "deprived"), guardian("father", "verge")], "consents": BOTH[1:]}, "permit", ("C20",), ()),
    ("G7", "deprived, no verge yet", {"guardians": [guardian("mother", "deprived")]}, "deny", ("C20",), ()),
    ("G7", "one deprived, the other has it alone", {"guardians": [guardian("mother", "sole"), guardian("father", "deprived")], "consents": BOTH[:1]}, "permit", ("C3",), ()),
    ("G8", "a surviving parent", {"guardians": [guardian("mother", "sole")], "consents": BOTH[:1]}, "permit", ("C3",), ()),
    ("G8", "nobody left and a verge", {"guardians": [guardian("father", "verge")], "consents": BOTH[1:]}, "permit", ("C20",), ()),
    ("G8", "nobody left", {"guardians": []}, "deny", ("C20",), ()),
    ("G9", "a representative, as a verge", {"guardians": [guardian("mother", "verge")], "consents": BOTH[:1]}, "permit", ("C20",), ()),
    ("G9", "two representatives: both", {"guardians": [guardian("mother", "verge"), guardian("father", "verge")], "consents": BOTH[:1]}, "deny", ("C20",), ("father",)),
    ("G10", "responsibility unknown", {"guardians": [guardian("mother"), guardian("father", "unknown")]}, "deny", ("C25",), ()),
    ("G10", "said twice, differently", {"guardians": [guardian("mother"), guardian("father"), guardian("father", "none")]}, "deny", ("C25",), ()),
    ("G10", "sole and joint at once", {"guardians": [guardian("mother", "sole"), guardian("father")]}, "deny", ("C25",), ()),
    ("G10", "two with sole", {"guardians": [guardian("mother", "sole"), guardian("father", "sole")]}, "deny", ("C25",), ()),
    ("G10", "a verge beside a holder", {"guardians": [guardian("mother", "sole"), guardian("father", "verge")]}, "deny", ("C25",), ()),
    ("G10", "joint with one only", {"guardians": [guardian("mother")]}, "deny", ("C25",), ()),
])  # fmt: skip
def test_who_decides_in_a_guardian_situation(code, what, changes, effect, rules, missing):
    decision = judge(change(SCENE, changes))
    assert (decision.effect, decision.rules, decision.missing) == (effect, rules, missing), (code, what)
    if effect == "deny" and not missing:
        assert decision.task in {"find_facts", "find_who_decides", "decide_access_request"}


REPORT = {
    "item.kind": "child_welfare_report", "item.category": "child_welfare_report", "consents": [],
    "receiver": {"service": "child_welfare", "sector": "public"},
}  # fmt: skip


@pytest.mark.parametrize(("what", "duty", "offers"), [
    ("the kindergarten's act has no ground d", ("BHG_46", "d", "kindergarten"), ("offer_BVL_13_2",)),
    ("not the filer's act", ("OPPL_24_3", "a", "kindergarten"), ("offer_BVL_13_2", "offer_BHG_46")),
    ("a midwife by the school's act", ("OPPL_24_3", "b", "midwife"), ("offer_BVL_13_2", "offer_HPL_33")),
    ("no ground said", ("BHG_46", None, "kindergarten"), ()),
    ("nobody said whose", ("BHG_46", "d", None), ()),
])  # fmt: skip
def test_a_ground_that_the_act_lacks_is_refused_and_the_act_that_has_it_offered(what, duty, offers):
    code, ground, filer = duty
    scene = change(SCENE, {**REPORT, "duty": {"code": code, "ground": ground, "filed_by": filer}})
    decision = judge(scene)
    assert (decision.effect, decision.rules, decision.obligations) == ("deny", ("X5",), offers), what
    assert decision.task == ("choose_duty" if offers else None)
    for offer in offers:
        taken = {"duty.code": offer.removeprefix("offer_")}
        assert judge(change(scene, taken)).rules == ("B3",)


def test_no_other_act_is_offered_to_another_receiver():
    wrong = change(
        SCENE,
        {**REPORT, "receiver.service": "school", "duty": {"code": "BHG_46", "ground": "d", "filed_by": "kindergarten"}},
    )
    assert judge(wrong).obligations == ()
