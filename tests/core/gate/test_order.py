"""The order in which the rules are asked, and what becomes of those that break or only narrow."""

from datetime import datetime

import pytest
from msgspec.structs import replace
from scenes import PERMITTED, SCENE, change, consent, permitted

from gateway.core import rules as of_rules
from gateway.core import scenario
from gateway.core.ask import NOTHING
from gateway.core.known import Another, Refusal
from gateway.core.model import Exclusion
from gateway.core.rules import RULES, TABLE, Forbid, rule_on, twin
from gateway.core.rules.declarations import answer_of, reaches, stands_refused
from gateway.core.rules.duties import duty_of, offered

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
    table = of_rules.TABLE  # as it is now, not as it was when this file was read
    assert [(one.id, one.part, one.effect, one.says.__name__) for one in table] == ORDER
    assert of_rules.RULES.table == table
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
        replace(parted, others=(Another(id="sibling"),)),
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


BETWEEN_SCHOOLS = permitted("C11")


@pytest.mark.parametrize("others", [
    {"sender.service": "kindergarten"}, {"receiver.service": "kindergarten"}, {"receiver.unit": "s-1"}, {"sender.unit": "s-2"},
    {"sender.unit": None}, {"receiver.unit": None}, {"sender.service": None}, {"purpose": "bti"}, {"item.domain": "health"},
    {"item.withheld_from_parents": True},
], ids=str)  # fmt: skip
def test_what_was_worked_out_for_one_question_is_not_taken_for_another(others):
    """On the same facts, whichever of the two was asked first."""
    scenes = [BETWEEN_SCHOOLS, change(BETWEEN_SCHOOLS, others)]
    alone = [rule_on(*told(one)) for one in scenes]
    assert alone[0].rules != alone[1].rules or alone[0].unknown != alone[1].unknown
    asks = [told(one)[1] for one in scenes]
    for order in ((0, 1), (1, 0)):
        facts = told(BETWEEN_SCHOOLS)[0]
        assert {place: rule_on(facts, asks[place]) for place in order} == dict(enumerate(alone))


def test_somebody_without_an_id_cannot_decide():
    facts, ask = told(change(permitted("C24"), {"item.about": []}))
    made = rule_on(replace(facts, subject=replace(facts.subject, id="")), ask)
    assert (made.effect, made.rules, made.unknown) == ("deny", ("C24", "X4"), ("subject.id",))


def test_an_exclusion_of_nothing_known_excludes_everything():
    facts, ask = told(SCENE)
    [declared] = facts.declared["mother", "bti"]

    def reached(ask=ask, **more):
        return reaches(replace(declared, consent=replace(declared.consent, **more)), ask)

    assert reached() is True
    for limit in ({"excluded": (Exclusion(),)}, {"services": ("nav",)}, {"from_services": ("nav",)}, {"categories": ("goal",)},
                  {"level_from": 1}, {"units": ("x",)}, {"excluded": (Exclusion(service="kindergarten"),)}):  # fmt: skip
        assert reached(**limit) is False, limit
    assert reached(replace(ask, level=1), level_from=1, level_to=1) is True


@pytest.mark.parametrize(("what", "of_ask", "limits", "reached"), [
    ("up to a level", {"level": 1}, {"level_to": 1}, True),
    ("above it", {"level": 2}, {"level_to": 1}, False),
    ("one of two exclusions", {}, {"excluded": (Exclusion(service="nav"), Exclusion(service="kindergarten"))}, False),
    ("neither of two", {}, {"excluded": (Exclusion(service="nav"), Exclusion(kind="goal"))}, True),
    ("a sender that nobody told", {"sender": {"service": None}}, {"excluded": (Exclusion(service="nav"),)}, False),
    ("persons that nobody told", {"about": None}, {"excluded": (Exclusion(person="x"),)}, False),
    ("the one who would see it", {"receiver": {"person": "mother"}}, {"excluded": (Exclusion(person="mother"),)}, False),
    ("a category that nobody told", {"category": None}, {"excluded": (Exclusion(category="goal"),)}, False),
    ("a kind that nobody told", {"kind": None}, {"excluded": (Exclusion(kind="goal"),)}, False),
    ("another category", {}, {"excluded": (Exclusion(category="goal"),)}, True),
])  # fmt: skip
def test_what_a_declaration_reaches(what, of_ask, limits, reached):
    facts, ask = told(SCENE)
    [declared] = facts.declared["mother", "bti"]
    parties = {name: replace(getattr(ask, name), **of_ask[name]) for name in ("sender", "receiver") if name in of_ask}
    asked = replace(ask, **of_ask | parties)
    assert reaches(replace(declared, consent=replace(declared.consent, **limits)), asked) is reached, what


NO = {"by": "mother", "at": "2026-03-01T10:00:00+01:00", "purpose": "bti"}


def mothers(**more):
    return consent("mother") | more


@pytest.mark.parametrize(("what", "consents", "refusals", "answer", "stands"), [
    ("a yes after the no", [mothers(given="2026-03-01T10:00:01+01:00")], [NO], "yes", False),
    ("a yes at the instant of the no", [mothers(given="2026-03-01T10:00:00+01:00")], [NO], "refused", True),
    ("a yes between two noes", [mothers(given="2026-03-02")], [NO, NO | {"at": "2026-04-01"}], "refused", True),
    ("a yes on a later day than the no", [mothers(given="2026-03-03")], [NO | {"at": "2026-03-02"}], "yes", False),
    ("a yes on the day of the no", [mothers(given="2026-03-02T20:00:00+01:00")], [NO | {"at": "2026-03-02"}], "refused", True),
    ("a later yes that has ended", [mothers(given="2026-03-02", to="2026-04-01")], [NO], "refused", True),
    ("a later yes that was taken back", [mothers(given="2026-03-02", withdrawn="2026-04-01")], [NO], "refused", True),
    ("a later yes to another receiver", [mothers(given="2026-03-02", services=["nav"])], [NO], "refused", True),
    ("nothing but a no", [], [NO], "refused", True),
    ("taken back, of this receiver", [mothers(withdrawn="2026-04-01")], [], "withdrawn", False),
    ("taken back, of another", [mothers(withdrawn="2026-04-01", services=["nav"])], [], "missing", False),
    ("ended, of this receiver", [mothers(to="2026-04-01")], [], "expired", False),
    ("ended, of another", [mothers(to="2026-04-01", services=["nav"])], [], "missing", False),
    ("of another receiver", [mothers(services=["nav"])], [], "elsewhere", False),
    ("of this receiver, and another kind of item", [mothers(categories=["goal"])], [], "missing", False),
    ("nothing", [], [], "missing", False),
])  # fmt: skip
def test_what_somebodys_word_comes_to(what, consents, refusals, answer, stands):
    facts, ask = told(change(SCENE, {"consents": consents, "refusals": refusals}))
    assert answer_of(facts, ask, "mother") == answer, what
    assert stands_refused(facts, ask, "mother") is stands, what


def test_a_no_of_a_known_hour_is_outdone_by_a_later_yes_alone():
    facts, ask = told(change(SCENE, {"consents": [mothers(given="2026-03-01T10:00:01+01:00")]}))
    for hour, answer in (("10:00:00", "yes"), ("10:00:01", "refused"), ("10:00:02", "refused")):
        no = Refusal(by="mother", at=datetime.fromisoformat(f"2026-03-01T{hour}+01:00"), purpose="bti")
        assert answer_of(replace(facts, refusals=(no,)), ask, "mother") == answer
    assert answer_of(replace(facts, refusals=(Refusal(by="mother"),)), ask, "mother") == "refused"


STRICTLY = change(permitted("B3"), {"people.0.protection": "strict"})
UNSURE = change(permitted("B3"), {"people.0.protection": None})


@pytest.mark.parametrize(("what", "scene", "authorised", "effect", "rule"), [
    ("a report that an authorised person sends", STRICTLY, True, "permit", "B1"),
    ("a report that nobody looked at", STRICTLY, False, "hold", "B1"),
    ("no duty, whoever sends", change(STRICTLY, {"duty": None}), True, "hold", "B1"),
    ("a duty that does not carry it", change(STRICTLY, {"duty.ground": "z"}), True, "hold", "B1"),
    ("a report though nobody knows who is protected", UNSURE, True, "permit", "B1"),
    ("the same that nobody looked at", UNSURE, False, "deny", "X4"),
    ("no duty, and nobody knows who is protected", change(UNSURE, {"duty": None}), True, "deny", "X4"),
])  # fmt: skip
def test_an_authorised_person_sends_reports_by_duty_and_nothing_else(what, scene, authorised, effect, rule):
    facts, ask = told(scene)
    made = rule_on(facts, replace(ask, authorised=authorised))
    assert (made.effect, made.rules[0]) == (effect, rule), what
    if effect == "permit":
        assert (made.facets["location"], made.task) == ("deny", "check_free_text")


def test_an_item_can_be_about_everyone_in_the_case():
    facts, ask = told(change(SCENE, {"item.about": ["child", "mother", "father", "sibling"]}))
    assert rule_on(facts, ask).rules[0] == "C1"
    assert rule_on(facts, replace(ask, about=(*ask.about, "stranger"))).unknown == ("people",)


@pytest.mark.parametrize("sends", ["health_station", "school_health", "midwife", "gp", "bup"])
@pytest.mark.parametrize("gets", ["health_station", "school_health", "midwife", "gp", "bup", "school"])
def test_health_personnel_share_with_health_personnel(sends, gets):
    facts, ask = told(change(permitted("B6"), {"sender.service": sends, "receiver.service": gets}))
    assert ("B6" in rule_on(facts, ask).rules) == (gets != "school")
    facts, ask = told(change(permitted("B6"), {"sender.service": gets, "receiver.service": sends}))
    assert ("B6" in rule_on(facts, ask).rules) == (gets != "school")


@pytest.mark.parametrize(("ground", "told_first"), [("a", False), ("b", True), ("c", True), ("e", False)])
def test_guardians_are_not_told_first_of_abuse_and_trafficking(ground, told_first):
    facts, ask = told(change(permitted("B3"), {"duty.ground": ground}))
    found = rule_on(facts, ask).obligations
    assert ("do_not_tell_guardians_first" not in found) == told_first
    assert "record_whether_told" in found


def test_a_duty_on_a_pregnant_woman_needs_that_one_is_known():
    facts, ask = told(change(permitted("B3"), {"duty": {"code": "PREGNANT", "ground": None, "filed_by": "midwife"}}))
    duty = next(one for one in RULES.law.duties if one.code == "PREGNANT")
    ask = replace(
        ask, duty=replace(ask.duty, filed_by=duty.filers[0]), receiver=replace(ask.receiver, service=duty.receivers[0])
    )
    for subject, carried in ((replace(facts.subject, pregnant=True), True), (facts.subject, False), (None, False),
                             (replace(facts.subject, pregnant=None), False)):  # fmt: skip
        assert (duty_of(replace(facts, subject=subject), ask, RULES.law) is not None) == carried


def test_an_act_that_is_not_in_force_is_not_offered():
    facts, ask = told(change(permitted("B3"), {"duty.code": "OPPL_24_3"}))
    assert "BHG_46" in offered(facts, ask, RULES.law)
    early = facts.at.replace(year=1970)
    assert offered(replace(facts, at=early), ask, RULES.law) == ()


def test_an_item_that_is_a_report_in_its_kind_or_in_its_category_goes_by_duty_alone():
    for changes in ({"item.kind": "child_welfare_report"}, {"item.category": "child_welfare_report"}):
        facts, ask = told(change(SCENE, changes))
        assert rule_on(facts, ask).rules == ("X5",)
    for changes in ({"item.kind": "wonder_note"}, {"item.category": "wonder_note"}):
        facts, ask = told(change(permitted("B3"), changes))
        assert rule_on(facts, ask).rules == ("X2",)


def test_a_guardian_of_whom_everything_was_told_at_once_is_believed_in_nothing():
    told_of = [{"person": "mother", "responsibility": one, "resident": True} for one in ("joint", "sole", "verge")]
    view = {"receiver": {"service": "guardian", "person": "mother", "unit": None, "body": None, "sector": None}}
    facts, ask = told(change(SCENE, {"guardians": told_of, **view}))
    assert (rule_on(facts, ask).rules, rule_on(facts, ask).cause) == (("C25",), "unknown")
    facts, ask = told(change(SCENE, {"guardians": [told_of[0] | {"responsibility": "none"}], **view}))
    assert rule_on(facts, ask).rules == ("C21",)


@pytest.mark.parametrize(("by", "years", "objects"), [
    ("child", 12, True), ("mother", 12, True), ("child_welfare", 12, True), ("sibling", 12, False),
    ("child", 16, True), ("mother", 16, False), ("child_welfare", 16, False), ("mother", 15, True),
])  # fmt: skip
def test_who_can_object_to_sharing_between_health_personnel(by, years, objects):
    no = {"by": by, "at": "2026-02-01", "purpose": "health_care"}
    facts, ask = told(change(permitted("B6"), {"refusals": [no], "subject.birth_date": f"{2026 - years}-06-15"}))
    assert ("B6" not in rule_on(facts, ask).rules) == objects


@pytest.mark.parametrize("rule", ["B8", "B9"])
@pytest.mark.parametrize("service", ["guardian", "subject"])
def test_what_bodies_share_by_statute_is_not_for_the_family(rule, service):
    scene = change(
        permitted(rule), {"receiver.service": service, "receiver.person": "mother", "receiver.sector": "public"}
    )
    assert rule not in rule_on(*told(scene)).rules


def test_a_school_shares_with_another_school_and_not_with_itself():
    scene = permitted("B7")
    for unit, other in (("s-1", True), ("s-2", False), (None, False)):
        facts, ask = told(change(scene, {"receiver.unit": "s-2", "sender.unit": unit}))
        assert ("B7" in rule_on(facts, ask).rules) == other


def test_a_report_that_an_authorised_person_sends_where_nobody_is_protected_is_whole():
    facts, ask = told(permitted("B3"))
    made = rule_on(facts, replace(ask, authorised=True))
    assert made == rule_on(facts, ask)
    assert (made.rules, made.facets["location"]) == (("B3",), "permit")


def test_of_two_grades_of_protection_the_stricter_is_named():
    facts, ask = told(change(STRICTLY, {"people.1.protection": "client"}))
    assert rule_on(facts, replace(ask, authorised=True)).rules == ("B1", "B3")
    facts, ask = told(change(permitted("B3"), {"people.1.protection": "client"}))
    assert rule_on(facts, replace(ask, authorised=True)).rules == ("B2", "B3")
