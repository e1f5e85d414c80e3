"""From a case file and its restrictions to the facts: each fact's own source, and what makes it unknown."""

from datetime import date, datetime

import pytest
from msgspec.structs import replace
from test_others import AT, entry, file, person, relation, yes

from gateway.core.casefile import Clash, Unread
from gateway.core.facts import STRICTNESS, Restriction, gather
from gateway.core.known import Block, Guardian, Policy, Refusal, Someone
from gateway.core.model import Exclusion

ASSERTS = {"log": frozenset({"consent"}), "reg": frozenset({"relation", "protection"}), "care": frozenset({"care"})}
POLICY = Policy(self_consent_age=16)


def of(restrictions=(), *, clashes=(), unread=(), asserts=ASSERTS, **items):
    made = file(**items)
    made.clashes.extend(clashes)
    made.unread.extend(unread)
    return gather(file=made, restrictions=iter(restrictions), policy=POLICY, at=AT, asserts=asserts)


def clash(item, name, system="reg"):
    return Clash(system=system, item=item, name=name, theirs=None, since="2026-06-01T08:00:00+02:00")


def of_person(ident, born, **more):
    return Someone(id=ident, birth_date=date.fromisoformat(born), **{"protection": "none", "has_capacity": True, "pregnant": False, **more})  # fmt: skip


def test_the_usual_case():
    facts = of()
    assert (facts.at, facts.policy, facts.care, facts.refusals, facts.blocks) == (AT, POLICY, "none", (), ())
    assert facts.subject == of_person("child", "2014-05-02")
    assert facts.people == (
        of_person("sibling", "2018-01-01"), of_person("mother", "1985-01-01"), of_person("father", "1983-01-01"),
    )  # fmt: skip
    assert facts.guardians == tuple(
        Guardian(person=one, responsibility="joint", resident=True) for one in ("mother", "father")
    )
    first = facts.consents[0]
    assert (first.id, first.by, first.purpose, first.services) == ("y1", "mother", "bti", ("health_station", "school"))
    assert (first.valid_from, first.valid_to, first.given, first.withdrawn) == (date(2026, 1, 1), None, None, None)
    assert (first.units, first.from_services, first.categories, first.excluded, first.unknown) == ((), (), (), (), ())
    assert [one.id for one in facts.consents] == ["y1", "y2"]


@pytest.mark.parametrize(("what", "items", "people"), [
    ("an employee is nobody's secret", {"x": person("employee", "1990-01-01")}, 3),
    ("a participant", {"x": person("participant", "1990-01-01")}, 4),
    ("somebody who was taken out", {"x": replace(person("participant", "1990-01-01"), deleted=True)}, 3),
])  # fmt: skip
def test_everyone_in_the_case_counts_but_those_who_only_work_there(what, items, people):
    assert len(of(**items).people) == people, what
    held = [Restriction(kind="protection", person="x", detail={"level": "client"})]
    found = of(held, **items).people
    assert [one.protection for one in found if one.id == "x"] == ["client"], "a protected person always counts"
    assert len(of([Restriction(kind="care", person="x", detail={})], **items).people) == people


def test_a_case_of_which_nobody_told_whose_it_is():
    for items in ({"case": None}, {"case": entry("case")}):
        facts = of(**items)
        assert (facts.subject, facts.care, facts.guardians, facts.child) == (None, None, None, "")
        assert len(facts.people) == 4
    facts = of(case=entry("case", subject="gone"))
    assert (facts.subject, facts.care) == (None, None)


@pytest.mark.parametrize(("level", "held", "found"), [
    ("none", [], "none"), ("client", [], "client"), (None, [], None), ("none", ["client"], "client"),
    (None, ["confidential"], "confidential"), ("strict", ["client"], "strict"), ("client", ["strict_abroad", "none"], "strict_abroad"),
    ("confidential", ["client"], "confidential"), ("strict", ["strict_abroad"], "strict_abroad"),
])  # fmt: skip
def test_the_strictest_protection_that_was_ever_told_stands(level, held, found):
    fields = {"role": "guardian", "birth_date": "1985-01-01"} | ({"protection": level} if level else {})
    restrictions = [Restriction(kind="protection", person="mother", detail={"level": one}) for one in held]
    restrictions.append(Restriction(kind="protection", person="father", detail={"level": "strict"}))
    restrictions.append(Restriction(kind="block", person="mother", detail={"level": "strict"}))
    people = {one.id: one for one in of(restrictions, mother=entry("person", "reg", **fields)).people}
    assert people["mother"].protection == found
    assert STRICTNESS == ("none", "client", "confidential", "strict", "strict_abroad")


@pytest.mark.parametrize(("system", "level", "found"), [
    ("log", "none", None), ("log", "client", "client"), ("reg", "none", "none"), (None, "none", "none"),
])  # fmt: skip
def test_that_somebody_is_not_protected_is_believed_of_a_register_or_a_person_only(system, level, found):
    told = entry("person", system, role="guardian", birth_date="1985-01-01", protection=level)
    if system is None:
        told = replace(told, stated=["protection"])
    assert {one.id: one.protection for one in of(mother=told).people}["mother"] == found


@pytest.mark.parametrize(("what", "changes", "clashes", "name", "found"), [
    ("told by the register", {"birth_date": "2013-01-01"}, (), "birth_date", date(2013, 1, 1)),
    ("said to be unknown", {"unknown": ["birth_date"]}, (), "birth_date", None),
    ("contested", {}, [clash("child", "birth_date")], "birth_date", None),
    ("contested of another", {}, [clash("mother", "birth_date")], "birth_date", date(2014, 5, 2)),
    ("another fact contested", {}, [clash("child", "care")], "birth_date", date(2014, 5, 2)),
    ("not told", {"birth_date": None}, (), "birth_date", None),
    ("able unless told", {}, (), "has_capacity", True),
    ("not able, by the register", {"has_capacity": False}, (), "has_capacity", False),
    ("able or not, contested", {}, [clash("child", "has_capacity")], "has_capacity", None),
    ("not pregnant unless told", {}, (), "pregnant", False),
    ("pregnant, by one who is not believed", {"pregnant": True}, (), "pregnant", None),
    ("pregnant, unknown", {"unknown": ["pregnant"]}, (), "pregnant", None),
])  # fmt: skip
def test_a_persons_facts_are_what_is_believed(what, changes, clashes, name, found):
    unknown = changes.pop("unknown", []) if "unknown" in changes else []
    fields = {"role": "subject", "birth_date": "2014-05-02", "protection": "none", **changes}
    told = entry("person", "reg", **{key: value for key, value in fields.items() if value is not None})
    facts = of(clashes=clashes, child=replace(told, unknown=list(unknown)))
    assert getattr(facts.subject, name) == found, what


@pytest.mark.parametrize(("what", "told", "held", "care"), [
    ("nobody told of any", {}, [], "none"),
    ("child welfare told", {"care": "emergency"}, [], "emergency"),
    ("told as ended by a system", {"care": "none"}, ["child"], None),
    ("never told, and once held", {}, ["child"], None),
    ("another's is another's", {}, ["mother"], "none"),
    ("told and held", {"care": "care_order"}, ["child"], "care_order"),
])  # fmt: skip
def test_a_care_measure_stands_until_a_person_lifts_it(what, told, held, care):
    restrictions = [Restriction(kind="care", person=one, detail={"measure": "care_order"}) for one in held]
    child = entry("person", "care", role="subject", birth_date="2014-05-02", protection="none", **told)
    assert of(restrictions, child=child).care == care, what
    protected = [Restriction(kind="protection", person="child", detail={"level": "client"})]
    assert of(protected, child=child).care == (told.get("care") or "none")


@pytest.mark.parametrize(("what", "more", "counts"), [
    ("without days", {}, True), ("since today", {"since": "2026-06-15"}, True), ("from tomorrow", {"since": "2026-06-16"}, False),
    ("until today", {"until": "2026-06-15"}, True), ("until yesterday", {"until": "2026-06-14"}, False),
    ("in between", {"since": "2026-01-01", "until": "2026-12-31"}, True), ("of another child", {"child": "sibling"}, False),
])  # fmt: skip
def test_a_relation_counts_on_its_days(what, more, counts):
    more = dict(more)
    facts = of(r2=relation(more.pop("child", "child"), "father", **more))
    assert [one.person for one in facts.guardians] == (["mother", "father"] if counts else ["mother"]), what


def test_a_contested_relation_and_relations_that_nobody_told():
    assert [one.responsibility for one in of(clashes=[clash("r2", "resident")]).guardians] == ["joint", "unknown"]
    assert of(r1=None, r2=None).guardians is None
    found = of(r2=relation("child", "father", responsibility="none", resident=False)).guardians[1]
    assert found == Guardian(person="father", responsibility="none", resident=False)


@pytest.mark.parametrize(("what", "item", "clashes", "counts"), [
    ("of a system that may say so", yes("mother"), (), True),
    ("of one that may not", entry("consent", "reg", **yes("mother").fields), (), False),
    ("of a person here", entry("consent", None, **yes("mother").fields), (), True),
    ("a no", yes("mother", decision="refused"), (), False),
    ("asked and not answered", yes("mother", decision="pending"), (), False),
    ("whose answer another system wrote last", replace(yes("mother"), sources={"decision": "reg"}), (), False),
    ("deleted over there, until a person decides", yes("mother"), [clash("y1", "*", "log")], False),
    ("deleted by a system that did not tell it", yes("mother"), [clash("y1", "*", "reg")], True),
    ("with another conflict", yes("mother"), [clash("y1", "services", "log")], True),
    ("of before the birth", yes("mother", valid_from="2014-05-01"), (), False),
    ("of the day of birth", yes("mother", valid_from="2014-05-02"), (), True),
    ("given before the birth, valid after", yes("mother", given="2014-05-01T10:00:00Z"), (), False),
    ("given on the day of birth, in Norway", yes("mother", given="2014-05-01T22:30:00Z"), (), True),
])  # fmt: skip
def test_whose_yes_counts(what, item, clashes, counts):
    assert ("y1" in {one.id for one in of(clashes=clashes, y1=item).consents}) == counts, what


def test_a_yes_is_told_whole():
    fields = {
        "units": ["hs-1"], "from_services": ["school"], "categories": ["goal"], "excluded": [{"service": "nav"}, {"unit": "x"}],
        "level_from": 1, "level_to": 3, "valid_to": "2026-12-31", "given": "2026-01-02T10:00:00Z",
    }  # fmt: skip
    held = [
        Restriction(kind="withdrawal", detail={"consent": "y1", "at": "2026-06-01T10:00:00Z"}),
        Restriction(kind="withdrawal", detail={"consent": "y2", "at": "2026-02-01T10:00:00Z"}),
        Restriction(kind="block", detail={"consent": "y1", "at": "2026-01-03T10:00:00Z"}),
        Restriction(kind="withdrawal", detail={"consent": "y1"}),
    ]
    one, two = of(held, y1=yes("mother", **fields, withdrawn="2026-06-02T10:00:00Z")).consents
    assert (one.units, one.from_services, one.categories) == (("hs-1",), ("school",), ("goal",))
    assert one.excluded == (Exclusion(service="nav"), Exclusion(unit="x"))
    assert (one.level_from, one.level_to) == (1, 3)
    assert (one.valid_to, one.given) == (date(2026, 12, 31), datetime.fromisoformat("2026-01-02T10:00:00Z"))
    assert one.withdrawn == datetime.fromisoformat("2026-06-01T10:00:00Z"), "the earliest of what was told"
    assert two.withdrawn == datetime.fromisoformat("2026-02-01T10:00:00Z")
    bare = yes("mother", given="2026-03-01T23:30:00Z")
    del bare.fields["valid_from"]
    assert of(y1=bare).consents[0].valid_from == date(2026, 3, 2), "from the day that it was given"
    for gone in ("valid_from", "services", "by", "purpose"):
        bare = yes("mother")
        del bare.fields[gone]
        made = of(y1=bare).consents[0]
        assert made.valid_from == (date.max if gone == "valid_from" else date(2026, 1, 1))
        assert made.services == (() if gone == "services" else ("health_station", "school"))


def test_a_narrowed_yes_is_told_as_it_stands_and_as_it_was():
    told = {"consent": "y1", "at": "2026-06-01T10:00:00Z", "field": "services", "was": ["health_station", "school"], "left": ["school"]}  # fmt: skip
    was, now, other = of([Restriction(kind="narrowing", detail=told)]).consents
    assert (was.services, was.withdrawn is None) == (("health_station", "school"), False)
    assert (now.services, now.withdrawn) == (("school",), None)
    assert other.id == "y2"


def test_a_no_from_the_log_and_one_that_is_held():
    held = [
        Restriction(kind="refusal", detail={"by": "father", "purpose": "bti", "at": "2026-02-01T10:00:00Z"}),
        Restriction(kind="refusal", detail={"by": "mother", "purpose": "statistics"}),
        Restriction(kind="block", detail={"service": "school"}),
    ]
    said = yes("mother", decision="refused", given="2026-03-01T10:00:00Z")
    assert of(held, y1=said, y2=yes("father", decision="refused")).refusals == (
        Refusal(by="mother", at=datetime.fromisoformat("2026-03-01T10:00:00Z"), purpose="bti"),
        Refusal(by="father", at=AT, purpose="bti"),
        Refusal(by="father", at=datetime.fromisoformat("2026-02-01T10:00:00Z"), purpose="bti"),
        Refusal(by="mother", at=AT, purpose="statistics"),
    ), "a no of no day counts as just said"


def test_blocks_are_the_held_ones():
    held = [
        Restriction(kind="block", detail={"service": "school", "valid_from": "2026-03-01", "valid_to": "2026-04-01"}),
        Restriction(kind="block", detail={}),
        Restriction(kind="care", detail={"service": "nav"}),
    ]
    assert of(held).blocks == (
        Block(service="school", valid_from=date(2026, 3, 1), valid_to=date(2026, 4, 1)),
        Block(service=None, valid_from=date.min, valid_to=None),
    )


def waits(system="log", what="concern", item=None):
    return Unread(system=system, kind="x", native="n", what=what, item=item)


@pytest.mark.parametrize(("what", "unread", "people", "guardians", "consents"), [
    ("a concern", [waits()], True, True, ["y1", "y2"]),
    ("a new person", [waits(what="person")], False, True, ["y1", "y2"]),
    ("a new person, of the register", [waits("reg", "person")], False, False, ["y1", "y2"]),
    ("somebody whom we know", [waits("log", "person", "mother")], True, True, ["y1", "y2"]),
    ("somebody whom we know, of the register", [waits("reg", "person", "mother")], True, False, ["y1", "y2"]),
    ("a relation", [waits("log", "relation")], True, False, ["y1", "y2"]),
    ("the case, of the log", [waits("log", "case", "case")], True, True, []),
    ("the case, of the register", [waits("reg", "case", "case")], True, False, ["y1", "y2"]),
    ("the case, of one that says nothing of it", [waits("other", "case", "case")], True, True, ["y1", "y2"]),
    ("a consent", [waits("log", "consent")], True, True, []),
    ("another's consent", [waits("reg", "consent")], True, True, ["y1", "y2"]),
])  # fmt: skip
def test_what_waits_unread_is_not_known(what, unread, people, guardians, consents):
    facts = of(unread=unread)
    assert (facts.people is not None, facts.guardians is not None) == (people, guardians), what
    assert [one.id for one in facts.consents] == consents, what


def test_a_consent_that_a_waiting_system_wrote_on_waits_too():
    heard = replace(yes("mother"), sources={"valid_to": "reg"})
    assert [one.id for one in of(unread=[waits("reg", "consent")], y1=heard).consents] == ["y2"]


@pytest.mark.parametrize(("what", "unread", "told", "found"), [
    ("of that very person", waits("log", "person", "mother"), "none", None),
    ("of that very person, who is known as strictly protected", waits("log", "person", "mother"), "strict", "strict"),
    ("of that very person, abroad", waits("log", "person", "mother"), "strict_abroad", "strict_abroad"),
    ("of another", waits("log", "person", "father"), "none", "none"),
    ("the case, of the system that told of the person", waits("reg", "case", "case"), "none", None),
    ("the case, of another system", waits("log", "case", "case"), "none", "none"),
    ("a consent of the system that told of the person", waits("reg", "consent"), "none", "none"),
])  # fmt: skip
def test_protection_is_not_known_while_something_of_the_person_waits(what, unread, told, found):
    mother = entry("person", "reg", role="guardian", birth_date="1985-01-01", protection=told)
    people = {one.id: one for one in of(unread=[unread], mother=mother).people}
    assert people["mother"].protection == found, what
    sources = replace(mother, sources={"protection": "log"}, stated=["protection"])
    if unread.what == "case":
        assert {one.id: one for one in of(unread=[unread], mother=sources).people}["mother"].protection is None
