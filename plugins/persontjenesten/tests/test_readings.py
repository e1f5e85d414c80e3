"""What the register says becomes what the gate decides on, and doubt becomes doubt."""

from typing import Any

import pytest
from gateway_persontjenesten.adapter import Persontjenesten
from gateway_persontjenesten.family import readings as readings_of
from gateway_persontjenesten.minimise import minimise
from gateway_persontjenesten.people import PROTECTION, person
from gateway_persontjenesten.relations import TYPES, holders, judge
from gateway_persontjenesten.seed import Guardian, Responsible, document
from gateway_persontjenesten.standin import TOKEN, StandIn
from hypothesis import given
from hypothesis import strategies as st
from register_bench import AUNT, CHILD, FATHER, MOTHER, context, people

from gateway.core.model import check

JOINT = (Responsible(by=MOTHER), Responsible(by=FATHER))


def by_person(told: dict[str, list[Any]]) -> dict[str, dict[str, Any]]:
    """Relation fields by the number of the person, or by id where there is no number."""
    numbers = {one.id: one.fields.get("number", one.id) for one in told["person"]}
    return {numbers[one.fields["person"]]: one.fields for one in told["relation"]}


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        pytest.param({}, {MOTHER: "joint", FATHER: "joint"}, id="two with joint responsibility"),
        pytest.param(
            {"responsible": (Responsible(by=MOTHER, type="Mother"),)},
            {MOTHER: "sole", FATHER: "none"},
            id="the mother alone, so the father has none",
        ),
        pytest.param(
            {"responsible": (Responsible(by=FATHER, type="Father"),)},
            {MOTHER: "none", FATHER: "sole"},
            id="the father alone",
        ),
        pytest.param(
            {"responsible": (Responsible(by=MOTHER, type="Joint"),)},
            {MOTHER: "unknown", FATHER: "unknown"},
            id="joint with only one in sight is unknown",
        ),
        pytest.param(
            {"responsible": (Responsible(by=MOTHER, type="Mother"), Responsible(by=FATHER, type="Father"))},
            {MOTHER: "unknown", FATHER: "unknown"},
            id="both alone contradicts itself",
        ),
        pytest.param(
            {"responsible": (Responsible(by=FATHER, type="Mother"),)},
            {MOTHER: "unknown", FATHER: "unknown"},
            id="the father as the mother alone contradicts itself",
        ),
        pytest.param(
            {"responsible": (Responsible(by=MOTHER, type="Unknown"),)},
            {MOTHER: "unknown", FATHER: "unknown"},
            id="unknown is unknown for all",
        ),
        pytest.param(
            {"responsible": (*JOINT, Responsible(by=AUNT, type="Other"))},
            {MOTHER: "unknown", FATHER: "unknown", AUNT: "unknown"},
            id="joint and another contradicts itself",
        ),
        pytest.param(
            {"responsible": (Responsible(by=AUNT, type="Other"),)},
            {MOTHER: "none", FATHER: "none", AUNT: "sole"},
            id="another alone",
        ),
        pytest.param(
            {"responsible": (Responsible(by=AUNT, type="Other", organisation="999999999"),)},
            {MOTHER: "unknown", FATHER: "unknown", AUNT: "unknown"},
            id="an organisation is nobody who can consent",
        ),
        pytest.param(
            {"responsible": (Responsible(by=MOTHER, type="Mother"), Responsible(by=FATHER, ended="2021-05-01"))},
            {MOTHER: "sole", FATHER: "none"},
            id="what ended is over",
        ),
        pytest.param(
            {"responsible": (), "guardians": (Guardian(by=AUNT),)},
            {MOTHER: "unknown", FATHER: "unknown", AUNT: "verge"},
            id="a guardian where nothing is said of the parents",
        ),
        pytest.param(
            {"guardians": (Guardian(by=AUNT, scope="FinancialInterests"),)},
            {MOTHER: "joint", FATHER: "joint", AUNT: "none"},
            id="a guardian for money consents to nothing",
        ),
        pytest.param(
            {"guardians": (Guardian(by=AUNT, scope=None),)},
            {MOTHER: "joint", FATHER: "joint", AUNT: "unknown"},
            id="a guardian of untold scope is unknown",
        ),
        pytest.param(
            {"guardians": (Guardian(by=AUNT, ended="2022-01-01"),)},
            {MOTHER: "joint", FATHER: "joint", AUNT: "none"},
            id="a guardian who is none any more",
        ),
        pytest.param(
            {"guardians": (Guardian(by=AUNT, type="Adult"),)},
            {MOTHER: "joint", FATHER: "joint"},
            id="an adult's guardian is left alone",
        ),
        pytest.param(
            {"responsible": (Responsible(by="05856033378", type="Other"),)},
            {MOTHER: "none", FATHER: "none", "05856033378": "sole"},
            id="a holder whom the register does not describe",
        ),
        pytest.param({"responsible": ()}, {}, id="of one with no responsibility stated nothing is said"),
    ],
)
def test_responsibility_is_what_the_entries_say_together(told, child, expected) -> None:
    found = by_person(told(**child))
    assert {number: fields["responsibility"] for number, fields in found.items()} == expected


def test_relations_fit_the_model_and_name_persons_that_are_told_too(told) -> None:
    readings = told(guardians=(Guardian(by=AUNT),), responsible=(*JOINT, Responsible(type="Other", name="Ola")))
    persons = {one.id for one in readings["person"]}
    for one in [*readings["person"], *readings["relation"]]:
        check(one.kind, one.fields)
    assert {one.fields["person"] for one in readings["relation"]} <= persons
    assert len(persons) == 5
    assert all(one.case is None for one in readings["relation"])


@pytest.mark.parametrize(
    ("child", "resident", "shared"),
    [
        pytest.param({}, {MOTHER: True, FATHER: False}, False, id="with the one at the same address"),
        pytest.param(
            {"shared_address": "Hognestadvegen"}, {MOTHER: True, FATHER: True}, True, id="with both when shared"
        ),
        pytest.param({"address": None}, {MOTHER: None, FATHER: None}, False, id="unknown where no address is told"),
    ],
)
def test_a_child_lives_where_the_addresses_are_equal(told, child, resident, shared) -> None:
    found = by_person(told(**child))
    assert {number: fields.get("resident") for number, fields in found.items()} == resident
    assert {fields["shared_residence"] for fields in found.values()} == {shared}


@pytest.mark.parametrize("level", [*PROTECTION, None, "Ultra"])
def test_protection_is_the_registers_own_and_never_guessed(told, level) -> None:
    child = next(one for one in told(protection=level)["person"] if one.fields.get("number") == CHILD)
    expected = {**PROTECTION, None: "none", "Ultra": None}[level]
    assert child.fields["protection"] == expected


def entry(**more: Any) -> dict[str, Any]:
    return {"isValid": True, **more}


@pytest.mark.parametrize(
    ("document", "protection"),
    [
        pytest.param({}, None, id="a part that is not delivered is unknown"),
        pytest.param({"addressProtection": None}, None, id="so is one that is null"),
        pytest.param({"addressProtection": []}, "none", id="an empty one says none"),
        pytest.param(
            {
                "addressProtection": [entry(protectionLevel="Unclassified")],
                "residentialAddress": [entry(addressConfidentiality="Confidential")],
            },
            "confidential",
            id="the strictest of several stands",
        ),
        pytest.param(
            {"addressProtection": [entry(protectionLevel="StrictlyConfidential") | {"isValid": False}]},
            "none",
            id="what is not in force does not protect",
        ),
        pytest.param(
            {"addressProtection": [{"protectionLevel": "Confidential"}]},
            "confidential",
            id="what may be in force protects",
        ),
        pytest.param(
            {
                "addressProtection": [entry(protectionLevel="StrictlyConfidential")],
                "status": [entry(status="Emigrated")],
            },
            "strict_abroad",
            id="strict and emigrated is strict abroad",
        ),
        pytest.param(
            {
                "addressProtection": [entry(protectionLevel="StrictlyConfidential"), entry(protectionLevel="New")],
                "presentAddress": [entry(abroad=True)],
            },
            "strict_abroad",
            id="strict stands beside an unknown code",
        ),
    ],
)
def test_protection_fails_closed(document, protection) -> None:
    assert person({"id": "P1", **document}, "$")["protection"] == protection


def test_a_replaced_number_is_told_as_former(told) -> None:
    child = told(number="03821677105", former=(CHILD,))["person"][0]
    assert child.fields["number"] == "03821677105"
    assert child.fields["former_numbers"] == [CHILD]


def test_the_id_stays_when_the_number_changes(told) -> None:
    before = told()["person"][0].id
    assert told(number="03821677105", former=(CHILD,))["person"][0].id == before


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, {"deceased": False}),
        ({"died": "2026-01-05"}, {"deceased": True}),
        ({"deprived": True}, {"deceased": False, "has_capacity": False}),
    ],
)
def test_death_and_capacity_are_told(told, more, expected) -> None:
    fields = told(**more)["person"][0].fields
    assert {name: fields[name] for name in ("deceased", "has_capacity") if name in fields} == expected


def test_an_adult_who_is_asked_about_brings_no_relations_and_no_parents() -> None:
    grandmother = {"number": AUNT, "given": "Siv", "family": "Lund", "born": "1960-05-05"}
    mother = {"number": MOTHER, "given": "Marit", "family": "Lund", "born": "1984-09-02", "mother": AUNT}
    with StandIn([grandmother, mother]) as register:
        adapter = Persontjenesten(context(register.url, TOKEN))
        (raw,) = adapter.lookup([MOTHER]).records
        assert [one.fields["number"] for one in adapter.read(raw)] == [MOTHER]


def test_a_parents_own_entries_are_about_the_children() -> None:
    """The part lists, for an adult, those whom the adult answers for."""
    entry = {"isValid": True, "responsibilityType": "Joint", "responsible": MOTHER}
    about_child = {"parentalResponsibility": [{**entry, "subjectOfResponsibility": CHILD}]}
    assert holders(about_child, {CHILD}, "$") != []
    assert holders(about_child, {MOTHER}, "$") == []
    assert holders({"parentalResponsibility": [entry]}, {MOTHER}, "$") == []


SEEDS = st.lists(
    st.builds(
        Responsible,
        by=st.sampled_from([MOTHER, FATHER, AUNT]),
        type=st.sampled_from(sorted(TYPES)),
        ended=st.sampled_from([None, None, "2020-01-01"]),
    ),
    max_size=5,
)


@given(SEEDS)
def test_joint_is_said_of_exactly_two_and_sole_of_one_or_of_nobody(responsible) -> None:

    seeds = people(responsible=tuple(responsible))
    documents = minimise([document(one, person_id=f"P{at}", sequence=at) for at, one in enumerate(seeds)])
    said = [
        one.fields["responsibility"]
        for one in readings_of({"person": documents[0], "others": documents[1:]})
        if one.kind == "relation"
    ]
    assert said.count("joint") in {0, 2}
    assert said.count("sole") in {0, 1}
    assert not ("joint" in said and "sole" in said)
    assert judge([], {}) == "unknown"
