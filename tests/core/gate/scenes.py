"""Scenarios to start from: one that is permitted for every rule that permits, and how to change and judge them."""

import copy
from typing import Any

from gateway.core import scenario
from gateway.core.ask import Decision
from gateway.core.consent import Rules
from gateway.core.rules import RULES

AT = "2026-06-15T12:00:00+02:00"
FIELDS = ["level", "summary", "raised_by_name", "address_of_the_school"]


def person(ident: str, born: str = "1985-01-01", protection: str = "none") -> dict[str, Any]:
    return {"id": ident, "birth_date": born, "protection": protection}


def guardian(ident: str, responsibility: str = "joint", resident: bool | None = True) -> dict[str, Any]:
    return {"person": ident, "responsibility": responsibility, "resident": resident}


def consent(by: str, purpose: str = "bti", services: list[str] | None = None, **more: Any) -> dict[str, Any]:
    told = {
        "id": f"c-{by}",
        "by": by,
        "purpose": purpose,
        "services": services or ["health_station", "school"],
        "from_services": [],
        "categories": [],
        "excluded": [],
        "from": "2026-01-01",
        "to": "2026-12-31",
        "withdrawn": None,
    }
    return told | more


BOTH = [consent("mother"), consent("father")]
SCENE: dict[str, Any] = {
    "at": AT,
    "municipality": {"model": "klepp", "policy": {"self_consent_age": 15, "both_guardians": True}},
    "subject": {
        "id": "child",
        "birth_date": "2014-05-02",
        "protection": "none",
        "has_capacity": True,
        "pregnant": False,
    },
    "people": [person("mother"), person("father", "1983-01-01"), person("sibling", "2018-01-01")],
    "guardians": [guardian("mother"), guardian("father")],
    "care": "none",
    "consents": BOTH,
    "refusals": [],
    "blocks": [],
    "item": {
        "kind": "concern",
        "domain": "education",
        "category": "concern",
        "about": ["child"],
        "withheld_from_parents": False,
        "fields": FIELDS,
    },
    "sender": {"service": "kindergarten", "unit": "bhg-3", "body": "klepp-kommune"},
    "receiver": {"service": "health_station", "sector": "public", "unit": "hs-1", "body": "helse-as"},
    "purpose": "bti",
    "need": None,
    "duty": None,
}
NEED = {"by": "leader", "at": "2026-06-01T08:00:00+02:00", "reason": "needed"}
OWN = [consent("child")]


def change(scene: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy of a scene with values set by dotted path; a number in a path is a place in a list."""
    made = copy.deepcopy(scene)
    for path, value in changes.items():
        *way, last = path.split(".")
        node: Any = made
        for step in way:
            node = node[int(step)] if isinstance(node, list) else node[step]
        node[int(last) if isinstance(node, list) else last] = copy.deepcopy(value)
    return made


def lose(scene: dict[str, Any], path: str) -> dict[str, Any]:
    """A copy of a scene without one key."""
    made = copy.deepcopy(scene)
    *way, last = path.split(".")
    node: Any = made
    for step in way:
        node = node[int(step)] if isinstance(node, list) else node[step]
    del node[last]
    return made


def judge(scene: dict[str, Any], rules: Rules = RULES) -> Decision:
    asked, flaws = scenario.read(scene)
    assert flaws == []
    return scenario.judge(asked, rules)


def shown(decision: Decision) -> set[str]:
    return {name for name, effect in decision.fields.items() if effect == "permit"}


def aged(years: int, *, days: int = 0) -> dict[str, Any]:
    """The subject's birth date, so that an age was reached so many days ago (0: today)."""
    return {"subject.birth_date": f"{2026 - years}-06-{15 - days:02d}"}


def _health(years: int, **more: Any) -> dict[str, Any]:
    return {"item.domain": "health", "sender.service": "school_health", **aged(years), **more}


PERMITTED: dict[str, dict[str, Any]] = {
    "B3": {
        "item.kind": "child_welfare_report",
        "item.category": "child_welfare_report",
        "receiver.service": "child_welfare",
        "duty": {"code": "BHG_46", "ground": "a", "filed_by": "kindergarten"},
        "consents": [],
    },
    "B4": {
        "receiver.service": "child_welfare",
        "duty": {"code": "ORDER_13_4", "ground": None, "filed_by": "kindergarten"},
        "consents": [],
    },
    "B5": {
        "receiver.service": "police",
        "duty": {"code": "STRL_196", "ground": None, "filed_by": "kindergarten"},
        "need": NEED,
        "consents": [],
    },
    "B6": {
        "item.domain": "health",
        "sender.service": "school_health",
        "purpose": "health_care",
        "need": NEED,
        "consents": [],
    },
    "B7": {
        "sender": {"service": "school", "unit": "s-1", "body": "a"},
        "receiver": {"service": "school", "unit": "s-2", "body": "b", "sector": "public"},
        "purpose": "school_transition",
        "need": NEED,
        "consents": [],
    },
    "B8": {"receiver.body": "klepp-kommune", "need": NEED, "consents": []},
    "B9": {"item.domain": "child_welfare", "sender.service": "child_welfare", "need": NEED, "consents": []},
    "B11": {"item.about": ["child", "mother"]},
    "C1": {},
    "C2": {
        "municipality.policy.both_guardians": False,
        "guardians": [guardian("mother"), guardian("father", resident=False)],
        "consents": [consent("mother")],
    },
    "C3": {
        "guardians": [guardian("mother", "sole"), guardian("father", "none", resident=False)],
        "consents": [consent("mother")],
    },
    "C4": {**aged(15), "item.domain": "social", "consents": OWN},
    "C5": {**aged(14), "item.domain": "social", "subject.pregnant": True, "consents": OWN},
    "C6": {
        **aged(5),
        "item.domain": "kindergarten",
        "purpose": "school_transition",
        "receiver.service": "school",
        "consents": [consent("mother", "school_transition"), consent("father", "school_transition")],
    },
    "C7": {
        **aged(4),
        "item.domain": "kindergarten",
        "purpose": "kindergarten_transition",
        "receiver.service": "kindergarten",
        "consents": [
            consent("mother", "kindergarten_transition", ["kindergarten"]),
            consent("father", "kindergarten_transition", ["kindergarten"]),
        ],
    },
    "C8": {
        "purpose": "ppt_assessment",
        "receiver.service": "ppt",
        "guardians": [guardian("mother"), guardian("father", resident=False)],
        "consents": [consent("mother", "ppt_assessment", ["ppt"])],
    },
    "C9": {
        "purpose": "special_education",
        "receiver.service": "ppt",
        "consents": [consent("mother", "special_education", ["ppt"]), consent("father", "special_education", ["ppt"])],
    },
    "C10": {**aged(15), "consents": OWN},
    "C11": {
        "sender": {"service": "school", "unit": "s-1", "body": "a"},
        "receiver": {"service": "school", "unit": "s-2", "body": "b", "sector": "public"},
        "purpose": "school_transition",
        "consents": [consent("mother", "school_transition"), consent("father", "school_transition")],
    },
    "C12": _health(11),
    "C13": _health(12, **{"item.withheld_from_parents": True, "consents": OWN}),
    "C14": _health(15),
    "C15": _health(16, consents=OWN),
    "C16": _health(16, **{"subject.has_capacity": False}),
    "C17": {"item.domain": "child_welfare", "sender.service": "child_welfare"},
    "C18": {**aged(15), "item.domain": "child_welfare", "sender.service": "child_welfare", "consents": OWN},
    "C19": {"care": "care_order", "consents": [consent("child_welfare")]},
    "C20": {
        "guardians": [guardian("mother", "deprived"), guardian("father", "verge")],
        "consents": [consent("father")],
    },
    "C22": {
        "item.domain": "social",
        "purpose": "individual_plan",
        "consents": [consent("mother", "individual_plan"), consent("father", "individual_plan")],
    },
    "C23": {
        "item.domain": "social",
        "purpose": "child_coordinator",
        "consents": [consent("mother", "child_coordinator"), consent("father", "child_coordinator")],
    },
    "C24": {**aged(18), "consents": OWN},
}
"""For each rule that permits, what makes the scene one that it permits."""


def permitted(rule: str) -> dict[str, Any]:
    return change(SCENE, PERMITTED[rule])
