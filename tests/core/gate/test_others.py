"""Items about several people, and what a case file knows beside its subject: deciders of others, deaths, moves."""

from datetime import datetime

import pytest
from msgspec.structs import replace
from scenes import OWN, SCENE, aged, change, consent, judge

from gateway.core import scenario
from gateway.core.casefile import CaseFile, Clash, Entry
from gateway.core.facts import Restriction, gather
from gateway.core.known import Another, Guardian, Policy
from gateway.core.model import Origin
from gateway.core.rules import RULES, rule_on, twin

ASKED, _ = scenario.read(change(SCENE, {"item.about": ["child", "sibling"]}))
FACTS = replace(
    ASKED.facts,
    people=tuple(
        replace(one, pregnant=False, has_capacity=True) if one.id == "sibling" else one for one in ASKED.facts.people
    ),
)
PARENTS = (Guardian(person="mother", responsibility="joint", resident=True),
           Guardian(person="father", responsibility="joint", resident=True))  # fmt: skip
FOSTER = (Guardian(person="mother", responsibility="sole", resident=False),)


def said(*givers, **more):
    """Declarations about the sibling."""
    told = [consent(one) | {"id": f"s-{one}"} | more for one in givers]
    return scenario.read(change(SCENE, {"consents": told, "people.2.birth_date": "2018-01-01"}))[0].facts.consents


def of_sibling(*consents, guardians=PARENTS, care="none"):
    return Another(id="sibling", guardians=guardians, care=care, consents=consents)


def ruled(another, asked=ASKED.ask, facts=FACTS, **more):
    return rule_on(replace(facts, others=(another,) if another else (), **more), asked)


@pytest.mark.parametrize(("what", "another", "effect", "missing", "rules"), [
    ("nobody knows who answers for it", None, "deny", ("sibling",), ("C1", "B11", "C25")),
    ("all who answer for it have said yes about it", of_sibling(*said("mother", "father")), "permit", (), ("C1", "B11")),
    ("a yes about the child is none about the sibling", of_sibling(), "deny", ("mother", "father"), ("C1", "B11")),
    ("one of two", of_sibling(*said("mother")), "deny", ("father",), ("C1", "B11")),
    ("its own sole holder", of_sibling(*said("mother"), guardians=FOSTER), "permit", (), ("C1", "B11")),
    ("child welfare has its care", of_sibling(*said("mother", "father"), care="care_order"), "deny", ("child_welfare",), ("C1", "B11")),
    ("its register is in doubt", of_sibling(*said("mother"), guardians=None), "deny", ("sibling",), ("C1", "B11", "C25")),
    ("nobody told of its care", of_sibling(*said("mother", "father"), care=None), "deny", ("sibling",), ("C1", "B11", "C25")),
    ("taken back", of_sibling(*said("mother", "father", withdrawn="2026-05-01")), "deny", ("mother", "father"), ("C1", "B11")),
    ("for other receivers", of_sibling(*said("mother", "father", services=["nav"])), "deny", ("mother", "father"), ("C1", "B11", "C26")),
])  # fmt: skip
def test_an_item_about_a_sibling_needs_the_siblings_deciders_as_well(what, another, effect, missing, rules):
    ruling = ruled(another)
    assert (ruling.effect, ruling.missing, ruling.rules) == (effect, missing, rules), what


@pytest.mark.parametrize(("norm", "another"), [
    ("PARENTS_DECIDE", of_sibling(*said("child_welfare"), care="care_order")),
    ("CARE_DECIDES", of_sibling(*said("child_welfare"), care="care_order")),
    ("VERGE_DECIDES", of_sibling(*said("father"), guardians=(Guardian(person="father", responsibility="verge"),))),
])  # fmt: skip
def test_what_gives_each_persons_decider_the_power_must_have_been_read(norm, another):
    facts = replace(FACTS, others=(another,))
    assert rule_on(facts, ASKED.ask).effect == "permit"
    bases = tuple(replace(one, last_verified=None) if one.norm == norm else one for one in RULES.law.bases)
    held = rule_on(facts, ASKED.ask, replace(RULES, law=replace(RULES.law, bases=bases)))
    assert (held.effect, held.rules) == ("hold", ("C1", "B11", "X8"))


def test_somebody_old_enough_who_said_yes_is_not_asked_again_by_what_is_known_of_who_answers_for_them():
    asked, _ = scenario.read(change(SCENE, {"item.about": ["child", "mother"]}))
    mother = Another(id="mother", guardians=(), care="none", consents=())
    assert rule_on(replace(asked.facts, others=(mother,)), asked.ask).effect == "permit"


def test_the_ease_for_one_holder_is_for_the_subject_alone():
    eased = {"policy": Policy(self_consent_age=15, both_guardians=False)}
    assert ruled(of_sibling(*said("mother")), **eased).missing == ("father",)


def test_the_subjects_deciders_are_asked_whatever_the_siblings_say():
    ruling = ruled(of_sibling(*said("mother", "father")), consents=())
    assert ruling.effect == "deny"
    assert ruling.missing == ("mother", "father")


def test_the_sibling_is_heard_and_told_like_the_child():
    ruling = ruled(of_sibling(*said("mother", "father")))
    assert ruling.heard == ruling.inform == ("child", "sibling")


def test_an_adult_in_the_item_answers_even_where_one_holder_opens_the_log():
    eased = change(SCENE, {"item.about": ["child", "father"], "municipality.policy.both_guardians": False})
    assert judge(change(eased, {"consents": [consent("mother")]})).missing == ("father",)
    assert judge(eased).effect == "permit"


def test_items_with_declarations_about_a_sibling_that_tell_kinds_apart_are_decided_each():
    facts = replace(FACTS, others=(of_sibling(*said("mother", "father", categories=["goal"])),))
    goal = replace(ASKED.ask, kind="goal", category="goal")
    assert rule_on(facts, goal).effect == "permit"
    assert rule_on(facts, ASKED.ask).effect == rule_on(facts, twin(facts, ASKED.ask)).effect == "deny"


AT = datetime.fromisoformat("2026-06-15T12:00:00+02:00")
ASSERTS = {"log": frozenset({"consent"}), "reg": frozenset({"relation", "protection"})}


def entry(kind, system="log", service="school", about=(), **fields):
    origin = Origin(service=service, domain="education", unit="u", body="b", system=system)
    return Entry(kind=kind, fields=fields, origin=origin, about=list(about), category=kind)


def relation(child, person, **more):
    told = {"child": child, "person": person, "responsibility": "joint", "resident": True}
    return entry("relation", "reg", **{**told, **more})


def yes(by, about=(), **more):
    told = {
        "by": by,
        "purpose": "bti",
        "decision": "given",
        "services": ["health_station", "school"],
        "valid_from": "2026-01-01",
    }
    return entry("consent", about=about, **{**told, **more})


def person(role, born, **more):
    return entry("person", "reg", role=role, birth_date=born, protection="none", **more)


def file(**items):
    usual = {
        "case": entry("case", subject="child"),
        "child": person("subject", "2014-05-02"),
        "sibling": person("sibling", "2018-01-01"),
        "mother": person("guardian", "1985-01-01"),
        "father": person("guardian", "1983-01-01"),
        "r1": relation("child", "mother"), "r2": relation("child", "father"),
        "y1": yes("mother"), "y2": yes("father"),
    }  # fmt: skip
    return CaseFile(id="case", items={name: one for name, one in {**usual, **items}.items() if one is not None})


SIBLINGS = {"r3": relation("sibling", "mother"), "r4": relation("sibling", "father")}
YES = {"y3": yes("mother", ["sibling"]), "y4": yes("father", ["sibling"])}


def decided(made, about=("child",), restrictions=(), **more):
    facts = gather(file=made, restrictions=restrictions, policy=Policy(), at=AT, asserts=ASSERTS)
    return rule_on(facts, replace(ASKED.ask, about=about, **more))


@pytest.mark.parametrize(("what", "items", "about", "effect"), [
    ("what the case knows of the child alone", {}, ("child",), "permit"),
    ("a sibling whose relations nobody told", {}, ("child", "sibling"), "deny"),
    ("a sibling with relations and declarations of its own", SIBLINGS | YES, ("child", "sibling"), "permit"),
    ("a sibling with relations and no declarations", SIBLINGS, ("child", "sibling"), "deny"),
    ("declarations about both", SIBLINGS | {"y1": yes("mother", ["child", "sibling"]), "y2": yes("father", ["child", "sibling"])}, ("child", "sibling"), "permit"),
    ("declarations about the sibling carry nothing of the child", SIBLINGS | YES | {"y1": None, "y2": None}, ("child",), "deny"),
    ("a relation that has ended", SIBLINGS | YES | {"r4": relation("sibling", "father", until="2026-01-01")}, ("child", "sibling"), "deny"),
    ("a sibling in care", SIBLINGS | YES | {"sibling": person("sibling", "2018-01-01", care="care_order")}, ("child", "sibling"), "deny"),
    ("a holder who has died", {"father": person("guardian", "1983-01-01", deceased=True)}, ("child",), "deny"),
    ("a survivor whom the register names alone", {"father": person("guardian", "1983-01-01", deceased=True), "r1": relation("child", "mother", responsibility="sole"), "r2": None}, ("child",), "permit"),
    ("a parent without responsibility who has died", {"father": person("guardian", "1983-01-01", deceased=True), "r1": relation("child", "mother", responsibility="sole"), "r2": relation("child", "father", responsibility="none")}, ("child",), "permit"),
    ("a child who has died", {"child": person("subject", "2014-05-02", deceased=True)}, ("child",), "deny"),
    ("a sibling who has died", SIBLINGS | YES | {"sibling": person("sibling", "2018-01-01", deceased=True)}, ("child", "sibling"), "deny"),
])  # fmt: skip
def test_a_case_file_tells_who_answers_for_whom(what, items, about, effect):
    assert decided(file(**items), about).effect == effect, what


@pytest.mark.parametrize(("what", "policy", "changes", "told"), [
    ("by default", Policy(), {}, ()),
    ("where the municipality has chosen it", Policy(inform_guardians=True), {}, ("mother", "father")),
    ("not of what is withheld", Policy(inform_guardians=True), {"item.withheld_from_parents": True}, ()),
    ("not of what a pregnant girl decides", Policy(inform_guardians=True), {"subject.pregnant": True}, ()),
    ("not in matters of school", Policy(inform_guardians=True), {"item.domain": "education"}, ()),
])  # fmt: skip
def test_the_holders_are_told_of_a_youths_own_yes_as_the_municipality_says(what, policy, changes, told):
    scene = change(SCENE, {**aged(15), "item.domain": "social", "consents": OWN, **changes})
    asked, _ = scenario.read(scene)
    ruling = rule_on(replace(asked.facts, policy=policy), asked.ask)
    assert (ruling.effect, ruling.inform) == ("permit", told), what


def test_a_contested_relation_of_a_sibling_leaves_it_unknown_who_decides():
    made = file(**SIBLINGS, **YES)
    made.clashes.append(Clash(system="reg", item="r4", name="responsibility", theirs="none", since="2026-06-01"))
    assert decided(made, ("child", "sibling")).missing == ("sibling",)


def test_a_care_measure_once_told_of_a_sibling_stands_until_a_person_lifts_it():
    held = [Restriction(kind="care", person="sibling", detail={"measure": "care_order"})]
    assert decided(file(**SIBLINGS, **YES), ("child", "sibling"), held).effect == "deny"


def place(unit, since, **more):
    return entry("enrolment", person="child", unit=unit, **({"since": since} if since else {}), **more)


TO_SCHOOL = {"receiver": replace(ASKED.ask.receiver, service="school", unit="s-2")}
OLD, NEW = place("s-1", "2020-08-15"), place("s-2", "2026-04-01")


@pytest.mark.parametrize(("what", "items", "effect"), [
    ("no place told", {}, "permit"),
    ("one school", {"e1": OLD}, "permit"),
    ("another group at the same school", {"e1": OLD, "e2": place("s-1", "2026-04-01", group="8A")}, "permit"),
    ("another school since the yes", {"e1": OLD, "e2": NEW}, "deny"),
    ("another school, and a yes since", {"e1": OLD, "e2": NEW, "y1": yes("mother", given="2026-05-01T10:00:00Z"), "y2": yes("father", given="2026-05-01T10:00:00Z")}, "permit"),
    ("a yes by one holder only since", {"e1": OLD, "e2": NEW, "y1": yes("mother", given="2026-05-01T10:00:00Z")}, "deny"),
    ("a yes on the very day", {"e1": OLD, "e2": NEW, "y1": yes("mother", valid_from="2026-04-01"), "y2": yes("father", valid_from="2026-04-01")}, "permit"),
    ("another school that was named", {"e1": OLD, "e2": NEW, "y1": yes("mother", units=["s-2"]), "y2": yes("father", units=["s-2"])}, "permit"),
    ("another school from August", {"e1": OLD, "e2": place("s-2", "2026-08-15")}, "permit"),
    ("a school of nobody knows when", {"e1": OLD, "e2": place("s-2", None)}, "permit"),
    ("a teacher's place", {"e1": OLD, "e2": place("s-2", "2026-04-01", role="teacher")}, "permit"),
    ("a kindergarten before", {"e1": place("b-1", "2016-08-01") , "e2": None}, "permit"),
])  # fmt: skip
def test_a_child_that_changes_school_needs_a_yes_that_names_the_new_one(what, items, effect):
    ruling = decided(file(**items), **TO_SCHOOL)
    assert ruling.effect == effect, what
    assert ("C26" in ruling.rules) == (effect == "deny"), what


def test_a_change_of_school_leaves_other_receivers_as_they_were():
    assert decided(file(e1=OLD, e2=NEW)).effect == "permit"


def test_a_change_from_kindergarten_to_school_is_no_change_of_school():
    began = entry("enrolment", service="kindergarten", person="child", unit="b-1", since="2020-08-15")
    assert decided(file(e1=began, e2=NEW), **TO_SCHOOL).effect == "permit"
