"""The rule at the gate: what it keeps back from which day, and that a duty passes it."""

from datetime import date, datetime

import pytest
from gateway_health_waits import gateway_consent_rules

from gateway.core.ask import Ask, Duty, Party
from gateway.core.known import ConsentFact, Facts, Guardian, Someone
from gateway.core.rules import RULES, rule_on

[RULE] = gateway_consent_rules()
MOTHER = ConsentFact(
    id="c", by="mother", purpose="bti", services=("school", "child_welfare"), valid_from=date(2026, 1, 1)
)


def facts(at):
    return Facts(
        at=datetime.fromisoformat(at),
        subject=Someone(id="child", birth_date=date(2016, 1, 1), protection="none", has_capacity=True, pregnant=False),
        people=(Someone(id="mother", birth_date=date(1985, 1, 1), protection="none"),),
        guardians=(Guardian(person="mother", responsibility="sole", resident=True),),
        care="none",
        consents=(MOTHER,),
    )


def ask(domain, **more):
    told = {
        "kind": "concern", "category": "concern", "about": ("child",), "withheld_from_parents": False, "purpose": "bti",
        "sender": Party(service="school_health"), "receiver": Party(service="school", sector="public"),
    }  # fmt: skip
    return Ask(domain=domain, **{**told, **more})


@pytest.mark.parametrize(("at", "domain", "effect"), [
    ("2026-06-30T23:59:59+02:00", "health", "permit"), ("2026-07-01T00:00:00+02:00", "health", "deny"),
    ("2026-06-30T22:00:00Z", "health", "deny"), ("2026-07-01T00:00:00+02:00", "education", "permit"),
])  # fmt: skip
def test_health_waits_from_the_day_the_chapter_was_changed(at, domain, effect):
    ruling = rule_on(facts(at), ask(domain), RULES, (RULE,))
    assert ruling.effect == effect
    assert ("health-waits" in ruling.rules) == (effect == "deny")


def test_a_duty_passes_the_rule():
    report = ask(
        "health", kind="child_welfare_report", category="child_welfare_report",
        receiver=Party(service="child_welfare", sector="public"),
        duty=Duty(code="HPL_33", ground="a", filed_by="school_health"),
    )  # fmt: skip
    assert rule_on(facts("2026-11-21T12:00:00+01:00"), report, RULES, (RULE,)).rules == ("B3",)
