"""What holds whatever the facts are: each theorem on its share of the space, and on a bug that it must find."""

from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from functools import cache
from typing import Any

import pytest
import theorems
import theorems_of_form
from compare import Point, spread, walk
from families import FAMILIES
from msgspec.structs import replace
from planted import answering, consents, first_of, opening, seeing, without
from space import NEED
from theorems import THEOREMS, At, counterexample

from gateway.core.consent import Facts, Need, decide
from gateway.core.model.codes import SERVICES
from gateway.core.release import Release
from gateway.core.rules import RULES, Rules

_NEED = Need(by=NEED["by"], reason=NEED["reason"], at=None)


@cache
def met(name: str, facts: int, asks: int, every: int) -> list[tuple[dict[str, Any], Point]]:
    """A share of a family, which several theorems look at."""
    family = next(one for one in FAMILIES if one.name == name)
    return list(walk(family, spread(family.facts_size, facts), spread(family.asks_size, asks), every))


def points(rules: Rules, facts: int, asks: int, every: int, only: str = "") -> Iterator[tuple[dict[str, Any], At]]:
    for family in [one.name for one in FAMILIES if one.name == only or not only]:
        for scene, (known, ask, fields) in met(family, facts, asks, every):
            if known is not None:
                fresh = replace(known)  # what was worked out under other rules is not kept
                yield scene, At(fresh, ask, fields, theorems.decide(fresh, ask, fields, rules), rules)


def broken(name: str, rules: Rules) -> Iterator[str]:
    for scene, at in points(rules, 90, 90, 3, FOUND_IN.get(name, "guardian situations")):
        why = THEOREMS[name](at)
        if why:
            yield counterexample(scene, at, why)


def test_every_theorem_holds_on_a_share_of_each_family() -> None:
    """Each on some thousand points here, and on many more in ``make proof``."""
    found = {}
    for scene, at in points(RULES, 4, 48, 4):
        for name, check in THEOREMS.items():
            why = check(at)
            if why:
                found.setdefault(name, counterexample(scene, at, why))
    assert found == {}


def _flipped(facts: Facts) -> Facts:
    return replace(
        facts,
        consents=tuple(replace(one, withdrawn=None if one.withdrawn else facts.at) for one in facts.consents),
    )


def _ended(facts: Facts) -> Facts:
    yesterday = facts.today - timedelta(days=1)
    return replace(
        facts,
        consents=tuple(
            replace(one, valid_to=None if one.valid_to == yesterday else yesterday) for one in facts.consents
        ),
    )


def _begun(facts: Facts) -> Facts:
    return replace(
        facts,
        consents=tuple(
            replace(one, valid_from=facts.today if (one.valid_from or facts.today) > facts.today else None)
            for one in facts.consents
        ),
    )


def _always(facts: Facts, ask: Any) -> bool:
    return True


def _needed(says: Callable[..., Any]) -> Callable[..., Any]:
    return lambda facts, ask, law: says(facts, replace(ask, need=replace(_NEED, at=facts.at)), law)


PLANTED: dict[str, Rules] = {
    "a_withdrawal_never_shows_more": seeing("C1-C26", facts=_flipped),
    "an_expiry_never_shows_more": seeing("C1-C26", facts=_ended),
    "a_consent_not_yet_begun_never_shows_more": seeing("C1-C26", facts=_begun),
    "a_refusal_never_shows_more": opening(lambda facts, _: any(one.by is None for one in facts.refusals or ())),
    "a_block_never_shows_more": opening(lambda facts, _: any(one.service is None for one in facts.blocks or ())),
    "a_block_shuts_out_all_but_duties": without("X7"),
    "an_exclusion_never_shows_more": opening(lambda facts, _: any(one.excluded for one in facts.consents)),
    "a_narrower_consent_never_shows_more": opening(lambda facts, _: any(one.units for one in facts.consents)),
    "a_family_s_no_never_stops_a_duty": first_of("X7"),
    "strict_protection_shows_nothing_anywhere": without("B1"),
    "a_protected_case_shows_no_place_and_no_unread_text": opening(lambda facts, _: facts.shielded),
    "a_protected_case_is_shown_to_public_bodies_only": without("B2"),
    "stricter_protection_never_shows_more": opening(
        lambda facts, _: bool(facts.subject and facts.subject.protection == "client")
    ),
    "one_more_person_in_the_case_never_shows_more": opening(lambda facts, _: "another" in facts.persons),
    "unknown_protection_shows_nothing": without("X4"),
    "lost_facts_never_show_more": opening(lambda facts, _: facts.care is None),
    "a_question_half_told_never_shows_more": opening(lambda _, ask: ask.purpose is None),
    "nobody_decides_for_somebody_of_unknown_age": opening(lambda facts, _: facts.age is None),
    "a_law_that_nobody_read_carries_nothing_but_duties": opening(_always),
    "a_parent_without_responsibility_sees_nothing": without("C21"),
    "a_guardian_sees_nothing_of_an_adult": without("C21"),
    "a_guardian_sees_nothing_that_is_withheld": without("C21", "X6"),
    "a_wonder_note_never_leaves": without("X2"),
    "a_report_leaves_by_duty_only": without("X5"),
    "no_service_gets_what_no_consent_or_basis_names": seeing(
        "C1-C26", facts=lambda facts: consents(facts, services=tuple(sorted(SERVICES)))
    ),
    "what_leaves_by_consent_was_signed_by_each_who_must": answering(
        "C1-C26", lambda ruling: replace(ruling, must_consent=(*ruling.must_consent, "stranger"))
    ),
    "a_care_measure_asks_no_parent": seeing("C1-C26", facts=lambda facts: replace(facts, care="none")),
    "an_adult_is_asked_alone": answering(
        "C1-C26", lambda ruling: replace(ruling, must_consent=(*ruling.must_consent, "father"))
    ),
    "others_say_nothing_for_an_adult": opening(
        lambda facts, _: (facts.age or 0) >= 18 and any(one.by == "sibling" for one in facts.consents)
    ),
    "what_parents_may_not_know_they_are_not_asked": seeing(
        "C1-C26", ask=lambda ask: replace(ask, withheld_from_parents=False)
    ),
    "each_person_in_an_item_has_said_yes": seeing("C1-C26", ask=lambda ask: replace(ask, about=("child",))),
    "all_must_sign_shows_no_more_than_one": opening(lambda facts, _: facts.policy.both_guardians is True),
    "a_statute_asks_for_a_need": replace(
        RULES,
        table=tuple(replace(one, says=_needed(one.says)) if one.id == "B8" else one for one in RULES.table),
    ),
    "a_lost_need_never_shows_more": opening(lambda _, ask: ask.need is not None and ask.need.by is None),
    "a_further_rule_stops_all_but_duties": opening(_always),
    "what_has_not_happened_changes_nothing": opening(lambda facts, _: any(one.id == "later" for one in facts.consents)),
    "the_order_of_what_is_told_does_not_matter": opening(
        lambda facts, _: bool(facts.people and facts.people[0].id == "baby")
    ),
    "the_same_instant_elsewhere_is_the_same_answer": opening(lambda facts, _: facts.at.tzinfo is UTC),
    "an_item_is_decided_as_its_twin": opening(lambda _, ask: ask.kind == "concern"),
    "every_answer_has_its_reason_in_three_languages": answering("X4", lambda ruling: replace(ruling, rules=("X0",))),
    "what_leaves_stands_on_both_bases_and_nothing_else_does": answering(
        "C1-C26", lambda ruling: replace(ruling, processing_basis=None)
    ),
    "a_consent_is_no_basis_for_processing": answering(
        "C1-C26", lambda ruling: replace(ruling, processing_basis="RELEASE_CONSENT")
    ),
    "what_waits_for_a_person_has_a_task": answering("B1", lambda ruling: replace(ruling, task=None)),
}


FOUND_IN = {
    "a_block_shuts_out_all_but_duties": "blocks",
    "a_family_s_no_never_stops_a_duty": "blocks",
    "strict_protection_shows_nothing_anywhere": "protection",
    "a_protected_case_shows_no_place_and_no_unread_text": "protection",
    "a_protected_case_is_shown_to_public_bodies_only": "protection",
    "unknown_protection_shows_nothing": "protection",
    "nobody_decides_for_somebody_of_unknown_age": "who decides",
    "a_parent_without_responsibility_sees_nothing": "families' own views",
    "a_guardian_sees_nothing_of_an_adult": "families' own views",
    "a_guardian_sees_nothing_that_is_withheld": "families' own views",
    "a_wonder_note_never_leaves": "duties",
    "a_report_leaves_by_duty_only": "protection",
    "no_service_gets_what_no_consent_or_basis_names": "what a yes reaches",
    "an_adult_is_asked_alone": "what nobody told",
    "others_say_nothing_for_an_adult": "own signatures",
    "what_parents_may_not_know_they_are_not_asked": "withheld from parents",
    "each_person_in_an_item_has_said_yes": "signatures",
    "a_statute_asks_for_a_need": "statutes",
    "a_lost_need_never_shows_more": "statutes",
    "an_item_is_decided_as_its_twin": "protection",
    "every_answer_has_its_reason_in_three_languages": "what a yes reaches",
    "what_waits_for_a_person_has_a_task": "protection",
    "hidden_and_absent_look_the_same": "protection",
}
"""The family that meets the rule of each bug, where it is not the one of the guardian situations."""


@pytest.mark.parametrize("name", PLANTED)
def test_each_theorem_fails_on_a_planted_bug(name: str) -> None:
    assert next(broken(name, PLANTED[name]), None)


def test_a_field_that_is_decided_by_its_neighbours_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def leaky(facts: Any, ask: Any, fields: Any, *more: Any, **others: Any) -> Any:
        made = decide(facts, ask, fields, *more, **others)
        return replace(made, fields=dict.fromkeys(made.fields, "permit")) if len(made.fields) == 1 else made

    monkeypatch.setattr(theorems, "decide", leaky)
    assert next(broken("each_field_is_decided_alone", RULES), None)


def test_an_effect_that_belies_its_fields_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theorems, "decide", lambda *asked, **more: replace(decide(*asked, **more), effect="permit"))
    assert next(broken("the_effect_is_what_the_fields_say", RULES), None)


def test_a_count_of_what_is_hidden_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def leaky(**asked: Any) -> Any:
        told = {name: value for _, values in asked["groups"] for name, value in values.items()}
        return Release(system="s", kind="k", id="i", case="c", fields={"count": len(told)}), None

    monkeypatch.setattr(theorems_of_form, "release", leaky)
    assert next(broken("hidden_and_absent_look_the_same", RULES), None)


def test_no_theorem_is_without_its_bug() -> None:
    alone = {"each_field_is_decided_alone", "the_effect_is_what_the_fields_say", "hidden_and_absent_look_the_same"}
    assert set(PLANTED) | alone == set(THEOREMS)
    assert len(THEOREMS) >= 25
