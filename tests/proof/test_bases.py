"""What each row stands on, told by both engines: a norm that nobody has read holds what it would have carried."""

from collections.abc import Iterator

import pytest
import second_facts
from compare import first, parsed
from msgspec.structs import replace
from scenes import OWN, PERMITTED, aged, change, consent, judge, permitted
from second_engine import decide as second
from second_facts import Scenario

from gateway.core.rules import RULES, Rules

NORMS = sorted({one.norm for one in RULES.law.bases})
OWN_MOVE = [consent("child", "school_transition")]
SCENES: dict[str, Scenario] = {
    **{rule: permitted(rule) for rule in PERMITTED},
    "C11 from 15": change(permitted("C11"), {**aged(15), "item.domain": "social", "consents": OWN_MOVE}),
    "C22 from 15": change(permitted("C22"), {**aged(15), "consents": [consent("child", "individual_plan")]}),
    "B11 with a grown sibling": change(
        permitted("C4"), {"item.about": ["child", "mother"], "consents": [*OWN, consent("mother")]}
    ),
}
STANDS_ON = {
    "B6": "HEALTH_TEAM HEALTH_RECORD", "B7": "SCHOOL_MOVE SCHOOL_PROCESSING", "B8": "SAME_BODY COOP_PROCESSING",
    "B9": "CHILD_WELFARE_TASK CHILD_WELFARE_PROCESSING",
    "C1": "RELEASE_CONSENT PARENTS_DECIDE COOP_PROCESSING",
    "C2": "RELEASE_CONSENT PARENTS_DECIDE RESIDENT_DECIDES COOP_PROCESSING",
    "C3": "RELEASE_CONSENT PARENTS_DECIDE COOP_PROCESSING",
    "C4": "RELEASE_CONSENT COORDINATION", "C5": "RELEASE_CONSENT COORDINATION",
    "C6": "KG_TO_SCHOOL PARENTS_DECIDE KG_PROCESSING", "C7": "KG_MOVE PARENTS_DECIDE KG_PROCESSING",
    "C8": "RELEASE_CONSENT RESIDENT_DECIDES COOP_PROCESSING", "C9": "RELEASE_CONSENT SPECIAL_HELP COOP_PROCESSING",
    "C10": "RELEASE_CONSENT EDUCATION_OWN COOP_PROCESSING",
    "C11": "SCHOOL_MOVE_ADAPT PARENTS_DECIDE SCHOOL_PROCESSING",
    "C11 from 15": "SCHOOL_MOVE_ADAPT EDUCATION_OWN SCHOOL_PROCESSING",
    "C12": "HEALTH_RELEASE HEALTH_PARENTS HEALTH_RECORD", "C13": "HEALTH_RELEASE HEALTH_OWN_MATTER HEALTH_RECORD",
    "C14": "HEALTH_RELEASE HEALTH_PARENTS HEALTH_RECORD", "C15": "HEALTH_RELEASE HEALTH_OWN HEALTH_RECORD",
    "C16": "HEALTH_RELEASE HEALTH_NO_CAPACITY HEALTH_RECORD",
    "C17": "RELEASE_CONSENT PARENTS_DECIDE CHILD_WELFARE_PROCESSING",
    "C18": "RELEASE_CONSENT CHILD_WELFARE_OWN CHILD_WELFARE_PROCESSING",
    "C19": "RELEASE_CONSENT CARE_DECIDES COOP_PROCESSING", "C20": "RELEASE_CONSENT VERGE_DECIDES COOP_PROCESSING",
    "C22": "RELEASE_CONSENT PARENTS_DECIDE PLAN_WANTED COORDINATION",
    "C22 from 15": "RELEASE_CONSENT PLAN_WANTED COORDINATION",
    "C23": "RELEASE_CONSENT PARENTS_DECIDE COORDINATOR_WANTED COORDINATION",
    "C24": "RELEASE_CONSENT MAJORITY COOP_PROCESSING",
}  # fmt: skip
"""By row, what must have been read; a duty never waits for that."""


def unread(norm: str) -> Rules:
    bases = tuple(replace(one, last_verified=None) if one.norm == norm else one for one in RULES.law.bases)
    return replace(RULES, law=replace(RULES.law, bases=bases))


@pytest.fixture(params=NORMS)
def norm(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(second_facts, "UNREAD", frozenset({request.param}))
    second_facts.stands_on.cache_clear()
    yield request.param
    second_facts.stands_on.cache_clear()


def test_both_engines_hold_what_stands_on_a_norm_that_nobody_read(norm: str) -> None:
    rules = unread(norm)
    for name, scene in SCENES.items():
        assert first(*parsed(scene), rules) == second(scene), name
        made = judge(scene, rules)
        if norm in STANDS_ON.get(name, "").split():
            assert (made.effect, made.task, made.cause) == ("hold", "verify_legal_basis", "rule"), name
            assert made.rules[-1] == "X8", name
        elif name in STANDS_ON or name in {"B3", "B4", "B5"}:
            assert made.effect == "permit", name


def test_with_no_basis_in_force_nothing_leaves_and_a_duty_does() -> None:
    for name, norms in STANDS_ON.items():
        for gone in norms.split():
            law = replace(RULES.law, bases=tuple(one for one in RULES.law.bases if one.norm != gone))
            made = judge(SCENES[name], replace(RULES, law=law))
            assert (made.effect, made.task, made.rules[-1]) == ("deny", "verify_legal_basis", "X8"), (name, gone)
    nothing = replace(RULES, law=replace(RULES.law, bases=()))
    for name in ("B3", "B4", "B5"):
        made = judge(SCENES[name], nothing)
        assert made.effect == "permit"
        assert made.processing_basis == made.secrecy_basis, "what the law demands may be processed by the same law"
